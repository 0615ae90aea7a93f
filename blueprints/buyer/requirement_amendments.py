"""Changing a published requirement: a working copy written step by step, then published as the next version."""

import uuid
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from blueprints.buyer.forms.requirement_life import AmendmentPublishForm, DeadlineExtendForm
from blueprints.buyer.requirement_page import page_of, step_url
from blueprints.shared.actor import require_actor
from blueprints.shared.forms import done, form_page, sent_version, submitted
from blueprints.shared.routes import Routes, needs
from blueprints.shared.version_view import Comparison, compared
from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.kit import clock
from portal.kit.errors import NotFound
from portal.needs import actions, deadlines, policy
from portal.needs.actions.amend import amendment_gaps, pending_document
from portal.needs.actions.publish import Incomplete
from portal.needs.completeness import Gap
from portal.needs.models import Requirement
from portal.needs.queries import approval_is_needed, requirement_for
from portal.needs.states import Step
from portal.needs.version_queries import last_version_of, open_amendment_of, scenarios_of_versions

routes = Routes()


@routes.post("/requirements/<uuid:requirement_id>/amendments")
@needs(Permission.REQUIREMENT_EDIT)
def begin_amendment(requirement_id: uuid.UUID) -> Response:
    """Begin to change a published requirement, or go on where somebody began."""
    actor = require_actor()
    copy = actions.begin_amendment(actor, requirement_for(actor, requirement_id))
    done(_("You are writing in a copy. Vendors see nothing of it before you publish the change."))
    return redirect(step_url(copy, Step.GOALS))  # type: ignore[return-value]


@routes.form("/requirements/<uuid:requirement_id>/amendment")
@needs(Permission.REQUIREMENT_VIEW)
def amend_requirement(requirement_id: uuid.UUID) -> Any:
    """What the change would do, the deadline from then on, and the button."""
    actor = require_actor()
    requirement = requirement_for(actor, requirement_id)
    copy = open_amendment_of(actor, requirement)
    if copy is None:
        return redirect(url_for("buyer.list_requirement_versions", requirement_id=requirement.id))
    shown, missing = _changes(actor, requirement, copy)
    zone = copy.deadline_zone or copy.timezone
    form = AmendmentPublishForm(data=_filled(requirement, copy, zone, is_material=bool(shown and shown.is_material)))
    needs_approval = approval_is_needed(actor)
    act = actions.ask_amendment_review if needs_approval else actions.publish_amendment
    if submitted(form, lambda: act(actor, copy, version=form.version.data, **form.answers())) is not None:
        if needs_approval:
            done(_("Your colleagues were asked to approve the change."))
            return redirect(url_for("buyer.show_requirement", requirement_id=requirement.id))
        done(_("The change is published. Vendors who have looked at the requirement are told."))
        return redirect(url_for("buyer.list_requirement_versions", requirement_id=requirement.id))
    return form_page(
        "buyer/requirement/amend.html",
        form,
        **page_of(requirement) | {"gaps": missing},
        copy=copy,
        shown=shown,
        zone=zone,
        copy_step_url=lambda step: step_url(copy, step),
        first_step_url=step_url(copy, Step.GOALS),
        days=deadlines.MIN_DAYS_AFTER_CHANGE,
        needs_approval=needs_approval,
        can_edit=policy.can_edit(actor, copy),
        can_publish=policy.can_edit(actor, copy) and (needs_approval or actor.can(Permission.REQUIREMENT_PUBLISH)),
        can_take_back=policy.can_take_back(actor, copy),
    )


def _changes(actor: Actor, requirement: Requirement, copy: Requirement) -> tuple[Comparison | None, list[Gap]]:
    """What differs so far, or what the copy still lacks."""
    missing = amendment_gaps(copy)
    if missing:
        return None, missing
    try:
        document, planned = pending_document(actor, requirement, copy)
    except Incomplete as error:
        return None, error.gaps
    before = last_version_of(requirement).document
    return compared(before, document, scenarios_of_versions(requirement), planned), []


def _filled(requirement: Requirement, copy: Requirement, zone: str, *, is_material: bool) -> dict[str, Any]:
    """The present deadline, or the first one that leaves vendors the days a material change asks for."""
    current = max(filter(None, (requirement.deadline_at, copy.deadline_at)))
    local = deadlines.extended_to(current, deadlines.earliest_after_change(clock.now(), is_material), zone)
    return {
        "version": copy.version,
        "deadline_date": local.date(),
        "deadline_time": local.time(),
        "reason": copy.change_reason,
        "note": copy.change_note,
    }


@routes.post("/requirements/<uuid:requirement_id>/amendment/discard")
@needs(Permission.REQUIREMENT_EDIT)
def discard_requirement_amendment(requirement_id: uuid.UUID) -> Response:
    """Throw the working copy away."""
    actor = require_actor()
    requirement = requirement_for(actor, requirement_id)
    copy = open_amendment_of(actor, requirement)
    if copy is None:
        raise NotFound
    actions.discard_amendment(actor, copy, version=sent_version())
    done(_("The change is discarded. The requirement stays as it is published."))
    return redirect(url_for("buyer.show_requirement", requirement_id=requirement.id))  # type: ignore[return-value]


@routes.form("/requirements/<uuid:requirement_id>/deadline-extension")
@needs(Permission.REQUIREMENT_PUBLISH)
def extend_requirement_deadline(requirement_id: uuid.UUID) -> Any:
    """A later deadline, and why."""
    actor = require_actor()
    requirement = requirement_for(actor, requirement_id)
    if request.method == "GET" and not policy.can_extend(actor, requirement):
        return redirect(url_for("buyer.show_requirement", requirement_id=requirement.id))
    zone = requirement.deadline_zone or requirement.timezone
    local = _local(requirement.deadline_at, zone)
    form = DeadlineExtendForm(
        data={"version": requirement.version, "deadline_date": local.date(), "deadline_time": local.time()}
    )
    extended = submitted(
        form,
        lambda: actions.extend_deadline(
            actor, requirement, deadline_local=form.deadline(), note=form.note.data, version=form.version.data
        ),
    )
    if extended is not None:
        done(_("The deadline is extended. Vendors who have looked at the requirement are told."))
        return redirect(url_for("buyer.show_requirement", requirement_id=requirement.id))
    return form_page("buyer/requirement/extend.html", form, requirement=requirement, zone=zone)


def _local(at: datetime | None, zone: str) -> datetime:
    if at is None:
        raise NotFound
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
