"""Weekdays, hours and seasons of a channel typed by hand."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.kit import audit
from portal.kit.db import check_version, db
from portal.kit.errors import Conflict, Invalid
from portal.needs import policy
from portal.needs.actions.steps import mark_saved
from portal.needs.models import Requirement, RequirementChannel
from portal.needs.numbers import checked_decimal
from portal.needs.queries import channel_of, locked
from portal.needs.seasons import known_of_findings, year_of
from portal.needs.states import Step

WEEKDAYS, HOURS, MONTHS = 7, 24, 12
MOST = 1000


def save_patterns(
    actor: Actor,
    requirement: Requirement,
    channel: str,
    *,
    weekdays: Sequence[Any],
    hours: Sequence[Any],
    seasons: Sequence[Any] = (),
    version: int,
) -> RequirementChannel:
    """Take a channel's indices: seven from Monday, 24 from midnight; only their proportions count, 0 is closed.

    `seasons` are twelve from January, for the months that its file does not cover in full; the covered ones keep what
    they have. Nothing typed (all empty) goes back to the pattern of the file, or to flat. Raises Invalid at
    `weekday_0` to `weekday_6`, `hour_0` to `hour_23` and `season_0` to `season_11`, NotFound, StaleVersion, Conflict
    once published.
    """
    actor.permit(Permission.REQUIREMENT_EDIT)
    found = locked(actor, requirement.id)
    check_version(found, version)
    if not policy.can_edit(actor, found):
        raise Conflict
    row = channel_of(found, channel)
    row.weekdays = _index(weekdays, "weekday", WEEKDAYS)
    row.day_profile = _index(hours, "hour", HOURS)
    _take_seasons(row, seasons)
    mark_saved(found, Step.CHANNELS)
    db.session.flush()
    after = {"channel": row.channel, "weekdays": row.weekdays, "hours": row.day_profile}
    after |= {"seasons": row.seasons, "monthly": row.monthly}
    audit.record(actor, "needs:requirement:save_patterns", found, after=after)
    return row


def _take_seasons(row: RequirementChannel, seasons: Sequence[Any]) -> None:
    """Spread the year by what was typed; a file that covers all of it, or no file, leaves nothing to spread."""
    known = known_of_findings(row.file_findings)
    if not known or len(known) == MONTHS:
        row.seasons = None
        return
    row.seasons = _index(seasons, "season", MONTHS)
    try:
        year = year_of(known, [Decimal(one) for one in row.seasons] if row.seasons else None)
    except ValueError as error:
        sentence = _l("At least one month that the file covers must be above 0: the others are measured by it.")
        raise Invalid(sentence, f"season_{min(known) - 1}") from error
    row.monthly = [format(value, "f") for value in year]


def _index(values: Sequence[Any], name: str, count: int) -> list[str] | None:
    """The numbers as text; an empty one among others is 0."""
    given = [None if value is None or not str(value).strip() else value for value in values]
    if not any(value is not None for value in given):
        return None
    if len(given) != count:
        raise Invalid(_l("Give all %(count)s numbers, or none.", count=count), f"{name}_0")
    sentence = _l("Write a number from 0 to %(most)s.", most=MOST)
    found = [checked_decimal(value or 0, f"{name}_{at}", sentence, most=MOST) for at, value in enumerate(given)]
    if not any(float(value) for value in found):
        raise Invalid(_l("At least one must be above 0."), f"{name}_0")
    return found
