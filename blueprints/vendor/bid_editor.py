"""Writing a bid in three steps: prices, answers, check and submit. Each step saves by itself."""

import uuid
from functools import partial
from typing import Any

from flask import redirect, request, url_for
from flask_babel import gettext as _

from blueprints.shared.actor import require_actor
from blueprints.shared.bid_view import cost_chart, is_outdated, main_line_words, unpriced_words
from blueprints.shared.formatting import date
from blueprints.shared.forms import done, form_page, submitted
from blueprints.shared.rate_card_document import answers_of, document_from, form_from, show_refusal
from blueprints.shared.rate_card_form import reworked
from blueprints.shared.routes import Routes, needs
from blueprints.vendor.forms.bid import BidPriceForm, BidSubmitForm, answers_form, field_name, must_haves_filled
from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.kit import clock
from portal.kit.calculators import CalculationError
from portal.needs.models import Requirement
from portal.needs.queries import criteria_of, requirement_for
from portal.pricing import words
from portal.selection import actions, policy, queries
from portal.selection.actions.bids import asked_of_vendors
from portal.selection.actions.submission import gaps_of, least_validity, priced_now
from portal.selection.models import Bid
from portal.selection.price_summary import PriceSummary

routes = Routes()

STEPS = ("price", "answers", "check")


@routes.form("/bids/<uuid:bid_id>/price")
@needs(Permission.BID_EDIT)
def edit_bid_price(bid_id: uuid.UUID) -> Any:
    """Step 1: the bid's own rate card, priced on every save."""
    actor = require_actor()
    bid = queries.bid_for(actor, bid_id)
    base = queries.price_of(bid).rate_card
    form = BidPriceForm(
        data=None if request.method == "POST" else {"version": bid.version, "card": form_from(base)},
    )
    if not reworked(form.card.form, request.form):
        saved = submitted(form, lambda: _save_price(actor, bid, form, base))
        if saved is not None:
            done(_("The prices are saved."))
            return redirect(url_for("vendor.edit_bid_answers", bid_id=bid_id))
    form.card.form.begin_empty_groups()
    answers = answers_of(form.card.form, base)
    return _page("vendor/bid/price.html", form, bid_id, "price", answers=answers, words=words)


def _save_price(actor: Actor, bid: Bid, form: BidPriceForm, base: dict[str, Any]) -> PriceSummary | None:
    try:
        document = document_from(form.card.form, base)
        return actions.save_price(actor, bid, document=document, version=form.version.data)
    except CalculationError as refusal:
        if not show_refusal(form.card.form, refusal):
            raise
        return None


@routes.form("/bids/<uuid:bid_id>/answers")
@needs(Permission.BID_EDIT)
def edit_bid_answers(bid_id: uuid.UUID) -> Any:
    """Step 2: an answer for each criterion, the vendor's reference, and how long the offer stands."""
    actor = require_actor()
    bid, requirement = _loaded(actor, bid_id)
    criteria = asked_of_vendors(criteria_of(requirement))
    kept = {row.criterion_id: row.answer for row in queries.answers_of(bid)}
    filled = {field_name(criterion): kept.get(criterion.id, "") for criterion in criteria}
    least = least_validity(requirement)
    filled |= {"version": bid.version, "reference": bid.reference, "valid_until": bid.valid_until or least}
    must_haves = queries.must_haves_of(bid)
    filled |= must_haves_filled({one.id: claim for one, claim in must_haves.items() if claim})
    form = answers_form(criteria, list(must_haves))(data=filled)

    def save() -> bool:
        actions.save_answers(
            actor,
            bid,
            answers={criterion.id: form[field_name(criterion)].data or "" for criterion in criteria},
            reference=form.reference.data or "",
            valid_until=form.valid_until.data,
            version=form.version.data,
            must_haves=form.claims(),
        )
        return True

    if submitted(form, save):
        done(_("The answers are saved."))
        return redirect(url_for("vendor.submit_bid", bid_id=bid_id))
    shown = [(criterion.weight, form[field_name(criterion)]) for criterion in criteria]
    hint = _("The buyer asks for %(day)s or later.", day=date(least))
    claimed = [(one, *form.fields_of(one)) for one in must_haves]
    shown_beside = {"shown": shown, "claimed": claimed, "validity_hint": hint}
    return _page("vendor/bid/answers.html", form, bid_id, "answers", (bid, requirement), **shown_beside)


@routes.form("/bids/<uuid:bid_id>/submit")
@needs(Permission.BID_SUBMIT)
def submit_bid(bid_id: uuid.UUID) -> Any:
    """Step 3: what is missing, what it costs, and handing it in."""
    actor = require_actor()
    bid, requirement = _loaded(actor, bid_id)
    form = BidSubmitForm(data={"version": bid.version, "on_version": requirement.version_number})
    submit = partial(actions.submit_bid, actor, bid)
    if submitted(form, lambda: submit(version=form.version.data, on_version=form.on_version.data or 0)) is not None:
        done(_("The bid is submitted under seal. Its receipt is below."))
        return redirect(url_for("vendor.show_bid", bid_id=bid_id))
    return _page("vendor/bid/submit.html", form, bid_id, "check", (bid, requirement))


def _loaded(actor: Actor, bid_id: uuid.UUID) -> tuple[Bid, Requirement]:
    bid = queries.bid_for(actor, bid_id)
    return bid, requirement_for(actor, bid.requirement_id)


def _page(
    template: str,
    form: Any,
    bid_id: uuid.UUID,
    step: str,
    loaded: tuple[Bid, Requirement] | None = None,
    **context: Any,
) -> Any:
    """A step with its list of steps and what the bid costs as last saved; the bid itself where it is too late."""
    actor = require_actor()
    is_read = request.method == "GET"
    # After a refusal it is read afresh; a page that is only looked at has it already.
    bid, requirement = loaded if loaded and is_read else _loaded(actor, bid_id)
    if is_read and not policy.can_edit(actor, bid, requirement, clock.now()):
        return redirect(url_for("vendor.show_bid", bid_id=bid_id))
    price = queries.price_of(bid)
    summary = priced_now(price, requirement) if step == "check" else PriceSummary.from_document(price.figures)
    return form_page(
        template,
        form,
        bid=bid,
        requirement=requirement,
        is_outdated=is_outdated(bid, requirement),
        total_before=price.total_minor if summary.total != price.total_minor else None,
        gaps=gaps_of(bid, price, requirement) if step == "check" else [],
        steps=_steps(bid, step),
        summary=summary,
        chart=cost_chart(summary),
        unpriced=unpriced_words(summary),
        main_line=main_line_words(summary),
        **context,
    )


def _steps(bid: Bid, now: str) -> list[dict[str, Any]]:
    names = {"price": _("Prices"), "answers": _("Answers"), "check": _("Check and submit")}
    endpoints = {"price": "edit_bid_price", "answers": "edit_bid_answers", "check": "submit_bid"}
    reached = STEPS.index(now)
    return [
        {
            "label": names[step],
            "url": url_for(f"vendor.{endpoints[step]}", bid_id=bid.id),
            "state": "now" if step == now else ("done" if position < reached else "later"),
        }
        for position, step in enumerate(STEPS)
    ]
