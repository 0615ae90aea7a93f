"""When a vendor has seats free, and when it is closed."""

import uuid
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.catalog import directory
from portal.catalog.checks import figure_of, text_of
from portal.catalog.profile_models import Availability, Closure
from portal.catalog.profile_queries import today_at_home
from portal.kit import audit
from portal.kit.db import db
from portal.kit.errors import Invalid, NotFound
from portal.kit.tenancy import mine

MAX_ROWS = 60
LONGEST_CLOSURE_DAYS = 366
LAST_YEAR = 2100


def set_availability(actor: Actor, *, from_on: date | None, seats: int | None) -> Availability:
    """Say how many seats are free from a day on; a second figure for one day replaces the first. Raises Invalid."""
    company_id = _permit(actor)
    if from_on is None or not today_at_home(actor) <= from_on or from_on.year > LAST_YEAR:
        raise Invalid(_l("Write a day that is today or lies ahead."), "from_on")
    count = figure_of({"seats": seats}, "seats")
    if count is None:
        raise Invalid(_l("Write how many seats are free from that day on; 0 for none."), "seats")
    older = db.session.scalar(select(Availability).where(mine(Availability), Availability.from_on == from_on))
    if older is not None:
        db.session.delete(older)
        db.session.flush()
    _check_room(Availability)
    row = Availability(company_id=company_id, from_on=from_on, seats=count)
    db.session.add(row)
    db.session.flush()
    audit.record(actor, "catalog:availability:set", row, after={"from": from_on.isoformat(), "seats": count})
    directory.project(company_id)
    return row


def remove_availability(actor: Actor, availability_id: uuid.UUID) -> None:
    """Take a figure out again. Raises NotFound."""
    _remove(actor, Availability, availability_id, "catalog:availability:remove")


def add_closure(actor: Actor, *, first_on: date | None, last_on: date | None, reason: str) -> Closure:
    """Close from a day to a day, both included. The reason is public. Raises Invalid."""
    company_id = _permit(actor)
    if first_on is None or first_on.year > LAST_YEAR:
        raise Invalid(_l("Write the first day on which you are closed."), "first_on")
    if last_on is None or last_on < first_on:
        raise Invalid(_l("Write the last day on which you are closed; it cannot lie before the first."), "last_on")
    if last_on < today_at_home(actor):
        raise Invalid(_l("These days are over."), "last_on")
    if (last_on - first_on).days >= LONGEST_CLOSURE_DAYS:
        raise Invalid(_l("Close for a year at most; for longer, pause your services."), "last_on")
    overlap = select(Closure.id).where(mine(Closure), Closure.first_on <= last_on, Closure.last_on >= first_on)
    if db.session.scalar(overlap.limit(1)) is not None:
        raise Invalid(_l("You are closed on some of these days already. Take the other one out first."), "first_on")
    words = text_of({"reason": reason}, "reason", 160)
    _check_room(Closure)
    row = Closure(company_id=company_id, first_on=first_on, last_on=last_on, reason=words)
    db.session.add(row)
    db.session.flush()
    after = {"from": first_on.isoformat(), "to": last_on.isoformat(), "reason": words}
    audit.record(actor, "catalog:closure:add", row, after=after)
    directory.project(company_id)
    return row


def remove_closure(actor: Actor, closure_id: uuid.UUID) -> None:
    """Be open after all. Raises NotFound."""
    _remove(actor, Closure, closure_id, "catalog:closure:remove")


def _permit(actor: Actor) -> uuid.UUID:
    actor.permit(Permission.PROFILE_EDIT)
    assert actor.company_id is not None
    return actor.company_id


def _check_room(model: Any) -> None:
    if (db.session.scalar(select(func.count()).where(mine(model))) or 0) >= MAX_ROWS:
        raise Invalid(_l("Keep at most %(most)s rows; take out what is over.", most=MAX_ROWS))


def _remove(actor: Actor, model: Any, row_id: uuid.UUID, tag: str) -> None:
    company_id = _permit(actor)
    row = db.session.scalar(select(model).where(mine(model), model.id == row_id))
    if row is None:
        raise NotFound
    audit.record(actor, tag, row)
    db.session.delete(row)
    directory.project(company_id)
