"""Judging opened bids: scoring one, taking one out of the ranking, awarding."""

import uuid
from typing import Any

from flask import redirect, url_for
from flask_babel import gettext as _

from blueprints.buyer.comparison_view import shown
from blueprints.buyer.forms.evaluation import AwardForm, DisqualifyForm, EndScoringForm, must_haves_form, score_form
from blueprints.shared.actor import require_actor
from blueprints.shared.formatting import money, number
from blueprints.shared.forms import PortalForm, done, form_page, submitted
from blueprints.shared.rate_card_form import choices
from blueprints.shared.routes import Routes, needs
from portal.accounts.permissions import Permission
from portal.needs.models import Criterion
from portal.needs.queries import criteria_of
from portal.pricing.formula_words import FORMULA_NAMES, TIE_NAMES
from portal.selection import actions, policy, queries
from portal.selection.actions.bids import asked_of_vendors
from portal.selection.actions.evaluation import Judgement
from portal.selection.comparison import Column, is_ready_to_close

routes = Routes()


@routes.form("/evaluations/<uuid:requirement_id>/bids/<uuid:bid_id>/score")
@needs(Permission.BID_SCORE)
def score_evaluation_bid(requirement_id: uuid.UUID, bid_id: uuid.UUID) -> Any:
    """Score one bid on every criterion, with the bid's answer above each."""
    actor = require_actor()
    requirement = queries.evaluation_for(actor, requirement_id)
    opened = queries.opened_bid_for(actor, requirement, bid_id)
    criteria = asked_of_vendors(criteria_of(requirement))
    own = queries.own_scores(actor, opened.sheet)
    filled = {f"score-{key}": str(row.score) for key, row in own.items()}
    filled |= {f"comment-{key}": row.comment for key, row in own.items()}
    form = score_form(criteria)(data=filled)

    def save() -> bool:
        actions.score_bid(actor, requirement, bid_id, _judgements(form, criteria))
        return True

    if submitted(form, save):
        done(_("Your scores are saved."))
        return redirect(url_for("buyer.show_evaluation", requirement_id=requirement_id))
    if form.is_submitted():  # refused, and what was read before is gone with the refusal
        opened = queries.opened_bid_for(actor, requirement, bid_id)
    fields = [(one, form[f"score-{one.id}"], form[f"comment-{one.id}"]) for one in criteria]
    return form_page(
        "buyer/evaluation/score.html",
        form,
        requirement=requirement,
        opened=opened,
        fields=fields,
        can_score=policy.can_score(actor, requirement) and queries.quality_closing_of(requirement) is None,
    )


def _judgements(form: PortalForm, criteria: list[Criterion]) -> dict[uuid.UUID, Judgement]:
    return {
        one.id: Judgement(int(form[f"score-{one.id}"].data), form[f"comment-{one.id}"].data or "") for one in criteria
    }


@routes.form("/evaluations/<uuid:requirement_id>/bids/<uuid:bid_id>/disqualify")
@needs(Permission.BID_AWARD)
def disqualify_evaluation_bid(requirement_id: uuid.UUID, bid_id: uuid.UUID) -> Any:
    """Take a bid out of the ranking, with a reason."""
    actor = require_actor()
    requirement = queries.evaluation_for(actor, requirement_id)
    opened = queries.opened_bid_for(actor, requirement, bid_id)
    form = DisqualifyForm()
    made = submitted(form, lambda: actions.disqualify_bid(actor, requirement, bid_id, reason=form.reason.data))
    if made is not None:
        done(_("The bid is out of the ranking. Its vendor is told why."))
        return redirect(url_for("buyer.show_evaluation", requirement_id=requirement_id))
    return form_page("buyer/evaluation/disqualify.html", form, requirement=requirement, opened=opened)


@routes.form("/evaluations/<uuid:requirement_id>/bids/<uuid:bid_id>/must-haves")
@needs(Permission.BID_AWARD)
def check_evaluation_bid(requirement_id: uuid.UUID, bid_id: uuid.UUID) -> Any:
    """Look at the proof of each must-have of one bid."""
    actor = require_actor()
    requirement = queries.evaluation_for(actor, requirement_id)
    opened = queries.opened_bid_for(actor, requirement, bid_id)
    if not opened.must_haves:
        return redirect(url_for("buyer.show_evaluation_bid", requirement_id=requirement_id, bid_id=bid_id))
    kind, filled = must_haves_form(opened.must_haves)
    form = kind(data=filled)

    def save() -> bool:
        actions.check_must_haves(actor, requirement, bid_id, form.findings())
        return True

    if submitted(form, save):
        done(_("What you found is kept."))
        return redirect(url_for("buyer.show_evaluation", requirement_id=requirement_id))
    if form.is_submitted():
        opened = queries.opened_bid_for(actor, requirement, bid_id)
    return form_page(
        "buyer/evaluation/must_haves.html",
        form,
        requirement=requirement,
        opened=opened,
        fields=[(one, *form.fields_of(one)) for one in opened.must_haves],
        can_check=policy.can_disqualify(actor, requirement, opened.bid),
    )


@routes.form("/evaluations/<uuid:requirement_id>/end-scoring")
@needs(Permission.BID_OPEN)
def close_evaluation_quality(requirement_id: uuid.UUID) -> Any:
    """End the scoring without prices or names, after asking."""
    actor = require_actor()
    requirement = queries.evaluation_for(actor, requirement_id)
    form = EndScoringForm()
    if submitted(form, lambda: actions.close_quality(actor, requirement)) is not None:
        done(_("The scoring has ended. What was held back is open."))
        return redirect(url_for("buyer.show_evaluation", requirement_id=requirement_id))
    comparison = queries.comparison_for(actor, requirement)
    return form_page(
        "buyer/evaluation/close_quality.html",
        form,
        requirement=requirement,
        choices=comparison.choices,
        can_close=comparison.is_blind and is_ready_to_close(comparison),
    )


@routes.form("/evaluations/<uuid:requirement_id>/award")
@needs(Permission.BID_AWARD)
def award_evaluation(requirement_id: uuid.UUID) -> Any:
    """Choose one of the ranked bids."""
    actor = require_actor()
    requirement = queries.evaluation_for(actor, requirement_id)
    comparison = queries.comparison_for(actor, requirement)
    ranked = [column for column in comparison.columns if column.rank is not None]
    form = AwardForm(data={"version": requirement.version, "bid_id": str(ranked[0].bid.id) if ranked else None})
    form.bid_id.choices = choices({column.bid.id: _choice(column) for column in ranked})

    def save() -> Any:
        chosen = uuid.UUID(form.bid_id.data)
        version = form.version.data
        return actions.award_bid(actor, requirement, bid_id=chosen, reason=form.reason.data, version=version)

    if submitted(form, save) is not None:
        done(_("The award is made. The vendor has five days to answer."))
        return redirect(url_for("buyer.show_evaluation", requirement_id=requirement_id))
    return form_page(
        "buyer/evaluation/award.html",
        form,
        requirement=requirement,
        is_scored=comparison.is_scored,
        ties=comparison.ties,
        formula=FORMULA_NAMES[comparison.choices.formula],
        tie=TIE_NAMES[comparison.choices.tie_rule],
        can_award=policy.can_award(actor, requirement),
    )


def _choice(column: Column) -> str:
    if column.total is None:
        return _(
            "%(rank)s. %(vendor)s: %(total)s",
            rank=column.rank,
            vendor=column.entry.vendor_name,
            total=money(column.price.total, column.price.currency, whole=True),
        )
    return _(
        "%(rank)s. %(vendor)s: %(points)s points, %(total)s",
        rank=column.rank,
        vendor=column.entry.vendor_name,
        points=number(shown(column.total), 2),
        total=money(column.price.total, column.price.currency, whole=True),
    )
