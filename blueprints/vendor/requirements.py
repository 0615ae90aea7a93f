"""What buyers look for: the open requirements, and one of them with everything a bid needs."""

import uuid
from datetime import datetime
from typing import Any

from flask import current_app, render_template, request, url_for
from flask_babel import lazy_gettext as _l

from blueprints.shared.actor import require_actor
from blueprints.shared.choices import Choices, country_choices, spoken_choices, spoken_name
from blueprints.shared.dashboards import Card, Item, dashboard_card
from blueprints.shared.evaluation_view import judging_of
from blueprints.shared.formatting import date
from blueprints.shared.looks import note_look_at
from blueprints.shared.requirement_view import day_chart, months_chart, share_of, view_of
from blueprints.shared.routes import Routes, needs
from blueprints.shared.scenario_lines import frozen_lines
from blueprints.shared.stages import stages_of_requirement
from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.accounts.queries import company
from portal.agreements.queries import agreement_on
from portal.measures.words import CHANNEL_NAMES, INDUSTRY_NAMES, MODE_NAMES
from portal.needs.queries import (
    PAGE,
    Filters,
    OpenRequirement,
    channels_of,
    criteria_of,
    frozen_scenarios_of,
    open_requirements_for,
    requirement_for,
)
from portal.needs.states import STOP_REASON_NAMES, RequirementState

routes = Routes()

FILTERS = ("channel", "language", "mode", "industry", "country")
BID_ENDPOINT = "vendor.draft_bid"


@routes.get("/requirements")
@needs(Permission.REQUIREMENT_VIEW)
def list_requirements() -> str:
    """Requirements that take bids, the nearest deadline first."""
    chosen = {name: request.args.get(name, "").strip()[:40] for name in FILTERS}
    found = open_requirements_for(require_actor(), Filters(**chosen, after=_after()))
    shown = found[:PAGE]
    return render_template(
        "vendor/requirement/list.html",
        found=shown,
        chosen=chosen,
        options=_options(),
        is_filtered=any(chosen.values()),
        next_url=_next(shown[-1], chosen) if len(found) > PAGE else None,
        mode_names=MODE_NAMES,
        channel_names=CHANNEL_NAMES,
        share_of=share_of,
        spoken_name=spoken_name,
    )


@routes.get("/requirements/<uuid:requirement_id>")
@needs(Permission.REQUIREMENT_VIEW)
def show_requirement(requirement_id: uuid.UUID) -> str:
    """One requirement as vendors see it; the budget is not part of it."""
    actor = require_actor()
    requirement = requirement_for(actor, requirement_id)
    note_look_at(requirement)
    channels, criteria = channels_of(requirement), criteria_of(requirement)
    agreement = agreement_on(actor, requirement.id) if requirement.state == RequirementState.AWARDED else None
    view = view_of(requirement, channels)
    can_bid = requirement.accepts_bids and actor.can(Permission.BID_EDIT) and BID_ENDPOINT in current_app.view_functions
    return render_template(
        "vendor/requirement/show.html",
        requirement=requirement,
        view=view,
        buyer=company(requirement.buyer_id),
        criteria=criteria,
        judging=judging_of(requirement, criteria),
        scenarios=frozen_lines(frozen_scenarios_of(requirement)),
        stages=stages_of_requirement(requirement, agreement=agreement),
        chart=months_chart(view.summary),
        day_charts=[(one, day_chart(one.row.file_findings)) for one in view.channels if one.row.file_findings],
        stop_reasons=STOP_REASON_NAMES,
        bid_url=url_for(BID_ENDPOINT, requirement_id=requirement.id) if can_bid else None,
    )


@dashboard_card("vendor", position=30)
def open_requirements_card(actor: Actor) -> Card | None:
    """The open requirements that close first."""
    if not actor.can(Permission.REQUIREMENT_VIEW):
        return None
    return Card(
        _l("Open requirements"),
        items=[_line(one) for one in open_requirements_for(actor)[:5]],
        empty=_l("Nobody is taking bids at the moment."),
        url=url_for("vendor.list_requirements"),
        link=_l("All open requirements"),
    )


def _line(one: OpenRequirement) -> Item:
    return Item(
        one.requirement.title,
        url_for("vendor.show_requirement", requirement_id=one.requirement.id),
        note=one.buyer_name,
        figure=date(one.requirement.deadline_at, short=True),
    )


def _options() -> dict[str, list[tuple[str, Any]]]:
    return {
        "channel": list(CHANNEL_NAMES.items()),
        "language": _pairs(spoken_choices()),
        "mode": list(MODE_NAMES.items()),
        "industry": list(INDUSTRY_NAMES.items()),
        "country": _pairs(country_choices()),
    }


def _pairs(offered: Choices) -> list[tuple[str, Any]]:
    return [(str(one.value), one.label) for one in offered]


def _after() -> tuple[datetime, uuid.UUID] | None:
    """The last line of the page before, as its address carries it; anything else begins at the start."""
    moment, _, last_id = request.args.get("after", "").partition("_")
    try:
        at, requirement_id = datetime.fromisoformat(moment), uuid.UUID(last_id)
    except ValueError:
        return None
    return (at, requirement_id) if at.tzinfo else None


def _next(last: OpenRequirement, chosen: dict[str, str]) -> str:
    mark = f"{last.requirement.deadline_at.isoformat() if last.requirement.deadline_at else ''}_{last.requirement.id}"
    return url_for("vendor.list_requirements", after=mark, **{key: value for key, value in chosen.items() if value})
