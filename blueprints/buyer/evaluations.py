"""Comparing bids: the list, opening, the comparison, one bid. Before the opening nothing about bids is shown."""

import uuid
from typing import Any

from flask import redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from blueprints.buyer import comparison_view as view
from blueprints.buyer.forms.evaluation import OpenBidsForm
from blueprints.shared.actor import require_actor
from blueprints.shared.bid_view import cost_chart, main_line_words, unpriced_words
from blueprints.shared.dashboards import Card, Item, dashboard_card
from blueprints.shared.evaluation_view import facts_of
from blueprints.shared.forms import done, form_page, submitted
from blueprints.shared.routes import Routes, needs
from blueprints.shared.stages import stages_of_requirement
from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.agreements.queries import agreement_on
from portal.needs.queries import budget_of
from portal.needs.states import RequirementState
from portal.pricing import words
from portal.pricing.documents import rate_card_from_document
from portal.selection import actions, policy, queries, receipts
from portal.selection.comparison import Comparison, is_ready_to_close, may_still_score
from portal.selection.price_summary import PriceSummary

routes = Routes()


@routes.get("/evaluations")
@needs(Permission.BID_VIEW)
def list_evaluations() -> str:
    """Requirements whose bidding is over."""
    actor = require_actor()
    return render_template(
        "buyer/evaluation/list.html",
        lines=queries.evaluations_for(actor),
        can_open=actor.can(Permission.BID_OPEN),
    )


@routes.form("/evaluations/<uuid:requirement_id>/open")
@needs(Permission.BID_OPEN)
def open_evaluation(requirement_id: uuid.UUID) -> Any:
    """Open all bids together, after asking."""
    actor = require_actor()
    requirement = queries.evaluation_for(actor, requirement_id)
    form = OpenBidsForm()
    if submitted(form, lambda: actions.open_bids(actor, requirement)) is not None:
        done(_("The bids are open."))
        return redirect(url_for("buyer.show_evaluation", requirement_id=requirement_id))
    return form_page("buyer/evaluation/open.html", form, requirement=requirement)


@routes.get("/evaluations/<uuid:requirement_id>")
@needs(Permission.BID_VIEW)
def show_evaluation(requirement_id: uuid.UUID) -> str:
    """All opened bids side by side; before the opening only when they can be opened."""
    actor = require_actor()
    requirement = queries.evaluation_for(actor, requirement_id)
    agreement = agreement_on(actor, requirement.id) if requirement.state == RequirementState.AWARDED else None
    shared = {
        "requirement": requirement,
        "agreement": agreement,
        "stages": stages_of_requirement(requirement, agreement=agreement),
    }
    if not policy.can_compare(requirement):
        return render_template("buyer/evaluation/sealed.html", can_open=policy.can_open(actor, requirement), **shared)
    comparison = queries.comparison_for(actor, requirement)
    shared |= {
        "comparison": comparison,
        "facts": facts_of(requirement, comparison.choices),
        "can_score": policy.can_score(actor, requirement) and may_still_score(comparison),
        "can_close_quality": comparison.is_blind and actor.can(Permission.BID_OPEN) and is_ready_to_close(comparison),
    }
    if comparison.prices_are_sealed:
        heads = view.quality_columns_of(comparison)
        return render_template("buyer/evaluation/quality.html", columns=heads, shown=view.shown, **shared)
    budget = budget_of(actor, requirement)
    return render_template(
        "buyer/evaluation/show.html",
        columns=view.columns_of(comparison, budget),
        offer_rows=view.offer_rows(comparison),
        completeness=view.completeness(comparison),
        cost_rows=view.cost_rows(comparison),
        total_row=view.total_row(comparison),
        against_rows=view.against_rows(comparison, requirement, budget),
        score_rows=view.score_rows(comparison),
        must_have_rows=view.must_have_rows(comparison),
        total=view.total_of(comparison),
        excluded_because=view.excluded_because,
        formula_rows=view.formula_rows(comparison),
        leaders=view.vendor_names(comparison.leaders),
        quality_criteria=sum(criterion.kind == "quality" for criterion in comparison.criteria),
        fee_names=words.FEE_CLASS_NAMES,
        awards=queries.awards_on(requirement) if requirement.decided_at else [],
        inhouse=budget.inhouse_month_minor if budget else None,
        can_award=policy.can_award(actor, requirement),
        **shared,
    )


@routes.get("/evaluations/<uuid:requirement_id>/bids/<uuid:bid_id>")
@needs(Permission.BID_VIEW)
def show_evaluation_bid(requirement_id: uuid.UUID, bid_id: uuid.UUID) -> str:
    """One opened bid: its prices, its answers, its scores, and whether its receipt proves right."""
    actor = require_actor()
    requirement = queries.evaluation_for(actor, requirement_id)
    comparison: Comparison = queries.comparison_for(actor, requirement)
    opened = queries.opened_bid_in(comparison, bid_id)
    column = comparison.column_of(bid_id)
    assert column is not None
    can_judge = policy.can_disqualify(actor, requirement, opened.bid)
    return render_template(
        "buyer/evaluation/bid.html",
        requirement=requirement,
        opened=opened,
        column=column,
        criteria=comparison.criteria,
        words=words,
        shown=view.shown,
        must_have_state=view.must_have_state,
        seeks_consensus=comparison.choices.consensus,
        is_hidden_name=comparison.is_blind and comparison.choices.pseudonyms,
        can_score=policy.can_score(actor, requirement) and may_still_score(comparison),
        can_disqualify=can_judge,
        can_check=can_judge and bool(opened.must_haves),
        **_price_page(opened),
    )


def _price_page(opened: queries.OpenedBid) -> dict[str, Any]:
    """What the page of a bid shows of its price; nothing while that is sealed."""
    if opened.price is None:
        return {"summary": None, "is_genuine": None}
    claims = [one.answer for one in opened.must_haves if one.answer]
    whole = receipts.text_of(opened.bid, opened.price, queries.answers_of(opened.bid), claims)
    summary = PriceSummary.from_document(opened.price.figures)
    return {
        "prices": rate_card_from_document(opened.price.rate_card),
        "summary": summary,
        "chart": cost_chart(summary),
        "unpriced": unpriced_words(summary),
        "main_line": main_line_words(summary),
        "is_genuine": receipts.digest(whole) == opened.bid.receipt_sha256,
    }


@dashboard_card("buyer", position=20)
def evaluations_card(actor: Actor) -> Card | None:
    """Requirements whose bids wait to be opened or decided on."""
    if not actor.can(Permission.BID_VIEW):
        return None
    waiting = {RequirementState.CLOSED, RequirementState.OPENED, RequirementState.DECIDED}
    lines = [line.requirement for line in queries.evaluations_for(actor) if line.requirement.state in waiting][:5]
    return Card(
        _l("Bids to compare"),
        items=[
            Item(
                one.title,
                url_for("buyer.show_evaluation", requirement_id=one.id),
                note=one.number,
                state=one.state,
                noun="requirement",
            )
            for one in lines
        ],
        empty=_l("Nothing waits to be opened or compared."),
        url=url_for("buyer.list_evaluations"),
        link=_l("All comparisons"),
    )
