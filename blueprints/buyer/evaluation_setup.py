"""Step 7 beside its form: what the choices would do to invented bids, worked out again whenever they change."""

import uuid
from decimal import Decimal
from typing import Any, NamedTuple

from flask import render_template
from flask_babel import gettext as _

from blueprints.buyer.forms.evaluation_setup import CriteriaForm, criteria_form
from blueprints.shared.actor import require_actor
from blueprints.shared.evaluation_view import Effect, effects_of, heads, missed_words
from blueprints.shared.formatting import listed, number
from blueprints.shared.forms import EditingForm
from blueprints.shared.routes import Routes, needs
from blueprints.shared.sensitivity_view import FormulaRow, figure, sensitivity_rows
from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.kit import clock
from portal.kit.errors import Conflict, Invalid
from portal.kit.money import exponent
from portal.kit.rounding import rounded
from portal.needs import evaluation_preview as invented
from portal.needs import policy
from portal.needs.actions.step_criteria import checked_criteria
from portal.needs.actions.step_evaluation import checked_knock_outs, checked_rules
from portal.needs.completeness import channel_volume
from portal.needs.evaluation_words import INVENTED_NAMES
from portal.needs.models import Criterion, Requirement
from portal.needs.queries import budget_of, channels_of, criteria_of, evaluation_of, knock_outs_of, requirement_for
from portal.needs.summary import summary_of
from portal.pricing.begin_prices import DEFAULT_CURRENCY
from portal.pricing.exchange import conversion

routes = Routes()


class InventedRow(NamedTuple):
    """One invented bid as the preview shows it; `out` says why it is not ranked."""

    name: Any
    price_minor: int
    quality: str
    figure: str
    place: int | None
    out: str
    asks_why: bool


class PreviewView(NamedTuple):
    """The invented bids ranked, or why they cannot be yet."""

    refusal: Any = None
    currency: str = ""
    figure_name: Any = ""
    bids: tuple[InventedRow, ...] = ()
    names: tuple[Any, ...] = ()
    rows: tuple[FormulaRow, ...] = ()
    effects: tuple[Effect, ...] = ()
    heads: tuple[str, ...] = ()
    is_robust: bool = True
    leaders: str = ""
    assumes_budget: bool = False


@routes.post("/requirements/<uuid:requirement_id>/criteria/preview")
@needs(Permission.REQUIREMENT_EDIT)
def preview_evaluation(requirement_id: uuid.UUID) -> str:
    """What the entries as they stand would do, as a part of the page; nothing is stored."""
    actor = require_actor()
    requirement = requirement_for(actor, requirement_id)
    if not policy.can_edit(actor, requirement):
        raise Conflict
    kind, filled = setup_form(requirement, criteria_of(requirement))
    preview = preview_of(actor, requirement, kind(data=filled))
    return render_template("buyer/requirement/parts/evaluation_preview.html", preview=preview)


def setup_form(requirement: Requirement, criteria: Any) -> tuple[type[EditingForm], dict[str, Any]]:
    """The form of step 7 for a requirement, and what it is filled with."""
    return criteria_form(criteria, knock_outs_of(requirement), evaluation_of(requirement), requirement.currency)


def preview_of(actor: Actor, requirement: Requirement, form: CriteriaForm) -> PreviewView:
    """The invented bids under what was entered, as far as it can be read."""
    given = form.answers()
    try:
        checked_knock_outs(given["knock_outs"])
        criteria = [Criterion(**row) for row in checked_criteria(given["criteria"])]
        choices = checked_rules(given["rules"])
    except Invalid as error:
        return PreviewView(refusal=error.message)
    scale = _scale(actor, requirement)
    return _view(invented.preview(criteria, choices, scale), requirement.currency, scale)


def _view(found: invented.Preview, currency: str, scale: int) -> PreviewView:
    places = {place.key: place for place in found.ranking.ranked}
    names = {str(bid.kind): str(INVENTED_NAMES[bid.kind]) for bid in found.bids if bid.is_ranked}
    rows = []
    for bid in found.bids:
        place = places.get(bid.kind)
        rows.append(
            InventedRow(
                name=INVENTED_NAMES[bid.kind],
                price_minor=bid.price_minor,
                quality=number(rounded(bid.quality, 1), 1),
                figure=figure(found.rules.formula, place, currency) if place else "–",
                place=place.position if place else None,
                out=missed_words(bid.missed, bid.below_quality),
                asks_why=bid.asks_why,
            )
        )
    return PreviewView(
        currency=currency,
        figure_name=figure_name(found),
        bids=tuple(rows),
        names=tuple(names.values()),
        rows=tuple(sensitivity_rows(found.candidates, found.rules, names, currency)) if len(names) > 1 else (),
        effects=tuple(effects_of(found.rules, currency, scale)),
        heads=tuple(heads()),
        is_robust=found.robustness.is_robust,
        leaders=listed(names[key] for key in found.ranking.winners),
        assumes_budget=found.assumes_budget,
    )


def figure_name(found: invented.Preview) -> Any:
    """What the chosen formula orders by."""
    if found.rules.formula.scores_price:
        return _("Total points")
    return _("Sum of ranks") if found.rules.formula == "rank" else _("Price per quality point")


def _scale(actor: Actor, requirement: Requirement) -> int:
    """About what the service may cost: the buyer's own figures, else a usual price of the people it takes."""
    budget, months = budget_of(actor, requirement), requirement.term_months or invented.USUAL_MONTHS
    known = (
        [
            budget.budget_total_minor,
            (budget.budget_month_minor or 0) * months,
            (budget.inhouse_month_minor or 0) * months,
        ]
        if budget
        else []
    )
    fte = summary_of([channel_volume(row) for row in channels_of(requirement)]).fte
    rate = conversion(DEFAULT_CURRENCY, requirement.currency, clock.now().date())
    dollar = (rate.rate if rate else Decimal(1)) * 10 ** exponent(requirement.currency)
    return invented.scale_of(known, fte, requirement.term_months, dollar)
