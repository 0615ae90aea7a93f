"""A vendor's bids: the list, beginning one, looking at one, its receipt, taking it back, answering an award."""

import uuid
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from blueprints.shared.actor import require_actor
from blueprints.shared.bid_view import cost_chart, is_outdated, main_line_words, unpriced_words, vendor_state
from blueprints.shared.dashboards import Card, Item, dashboard_card
from blueprints.shared.formatting import datetime_zoned
from blueprints.shared.forms import done, form_page, submitted
from blueprints.shared.rate_card_form import choices
from blueprints.shared.routes import Routes, needs
from blueprints.shared.stages import stages_of_requirement
from blueprints.vendor.forms.bid import NOTHING, AwardAnswerForm, BidStartForm, BidWithdrawForm
from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.accounts.queries import company
from portal.agreements.queries import agreement_on
from portal.kit import clock
from portal.kit.errors import Invalid, NotFound
from portal.needs.queries import requirement_for
from portal.pricing import words
from portal.pricing.documents import rate_card_from_document
from portal.pricing.queries import rate_card_for, rate_cards_for, version_in_force
from portal.selection import actions, policy, queries, receipts
from portal.selection.actions.bids import asked_of_vendors
from portal.selection.models import Award, Bid
from portal.selection.price_summary import PriceSummary
from portal.selection.states import AwardState, BidState

routes = Routes()


@routes.get("/bids")
@needs(Permission.BID_VIEW)
def list_bids() -> str:
    """All bids of the company."""
    return render_template(
        "vendor/bid/list.html", lines=queries.bids_of(require_actor()), vendor_state=vendor_state, now=clock.now()
    )


@routes.form("/requirements/<uuid:requirement_id>/bids")
@needs(Permission.BID_EDIT)
def draft_bid(requirement_id: uuid.UUID) -> Any:
    """Begin a bid from one of the company's rate cards or from nothing."""
    actor = require_actor()
    requirement = requirement_for(actor, requirement_id)
    if (bid := queries.live_bid_on(actor, requirement)) is not None:
        return redirect(url_for("vendor.show_bid", bid_id=bid.id))
    cards = [one for one in rate_cards_for(actor, active_only=True) if one.currency == requirement.currency]
    form = BidStartForm(data={"start": str(cards[0].id) if cards else NOTHING})
    form.start.choices = choices({one.id: one.name for one in cards} | {NOTHING: _("An empty rate card")})
    if request.method == "POST" and "start" not in request.form:
        return redirect(url_for("vendor.draft_bid", requirement_id=requirement_id))
    made = submitted(form, lambda: actions.draft_bid(actor, requirement, document=_chosen(actor, form.start.data)))
    if made is not None:
        done(_("The bid is begun. Nobody but your company sees it."))
        return redirect(url_for("vendor.edit_bid_price", bid_id=made.id))
    return form_page("vendor/bid/start.html", form, requirement=requirement, has_cards=bool(cards))


def _chosen(actor: Actor, start: str) -> dict[str, Any] | None:
    if start == NOTHING:
        return None
    version = version_in_force(rate_card_for(actor, uuid.UUID(start)))
    if version is None:
        raise Invalid(_l("No version of this rate card is in force today."), "start")
    return {key: value for key, value in version.document.items() if key not in ("valid_from", "valid_to")}


@routes.get("/bids/<uuid:bid_id>")
@needs(Permission.BID_VIEW)
def show_bid(bid_id: uuid.UUID) -> str:
    """One bid as it stands, and what happens next."""
    actor = require_actor()
    bid = queries.bid_for(actor, bid_id)
    requirement, price = requirement_for(actor, bid.requirement_id), queries.price_of(bid)
    summary, now, award = PriceSummary.from_document(price.figures), clock.now(), queries.award_of(bid)
    agreement = agreement_on(actor, requirement.id) if bid.state == BidState.WON else None
    must_haves, answered = queries.must_haves_of(bid), queries.criteria_answered_by(bid)
    return render_template(
        "vendor/bid/show.html",
        bid=bid,
        requirement=requirement,
        buyer=company(bid.buyer_id),
        agreement=agreement,
        stages=stages_of_requirement(requirement, agreement=agreement),
        state=vendor_state(bid),
        is_outdated=is_outdated(bid, requirement),
        summary=summary,
        chart=cost_chart(summary),
        unpriced=unpriced_words(summary),
        main_line=main_line_words(summary),
        prices=rate_card_from_document(price.rate_card),
        words=words,
        criteria=asked_of_vendors(list(answered)),
        must_haves=list(must_haves),
        claims={one.id: claim for one, claim in must_haves.items() if claim},
        answers={one.id: answer for one, answer in answered.items()},
        award=award,
        debrief=queries.debrief_of(bid) if bid.state == BidState.LOST else None,
        exclusion=queries.disqualification_of(bid) if bid.state == BidState.DISQUALIFIED else None,
        can_edit=policy.can_edit(actor, bid, requirement, now),
        can_submit=policy.can_submit(actor, bid, requirement, now),
        can_withdraw=policy.can_withdraw(actor, bid, requirement, now),
        can_answer=policy.can_answer(actor, award, now),
    )


@routes.get("/bids/<uuid:bid_id>/receipt")
@needs(Permission.BID_VIEW)
def show_receipt(bid_id: uuid.UUID) -> Response:
    """The exact text whose SHA-256 is the receipt, as a file."""
    bid = queries.bid_for(require_actor(), bid_id)
    if bid.receipt_sha256 is None:
        raise NotFound
    text = receipts.text_of(bid, queries.price_of(bid), queries.answers_of(bid), queries.knock_outs_of(bid).values())
    answer = Response(text, content_type="application/json; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="bid-{bid.id}.json"'
    return answer


@routes.form("/bids/<uuid:bid_id>/withdraw")
@needs(Permission.BID_SUBMIT)
def withdraw_bid(bid_id: uuid.UUID) -> Any:
    """Take a bid back, after asking."""
    actor = require_actor()
    bid = queries.bid_for(actor, bid_id)
    requirement = requirement_for(actor, bid.requirement_id)
    form = BidWithdrawForm(data={"version": bid.version})
    if submitted(form, lambda: actions.withdraw_bid(actor, bid, version=form.version.data)) is not None:
        done(_("The bid is withdrawn. Until the deadline you may begin another one."))
        return redirect(url_for("vendor.list_bids"))
    return form_page("vendor/bid/withdraw.html", form, bid=bid, requirement=requirement)


@routes.form("/bids/<uuid:bid_id>/award")
@needs(Permission.AWARD_ANSWER)
def answer_award(bid_id: uuid.UUID) -> Any:
    """Accept or decline an award."""
    actor = require_actor()
    bid = queries.bid_for(actor, bid_id)
    award = queries.award_of(bid)
    if award is None:
        raise NotFound
    requirement, form = requirement_for(actor, bid.requirement_id), AwardAnswerForm()
    answered = submitted(form, lambda: _answer(actor, award, form))
    if answered is not None:
        accepted = answered.state == AwardState.ACCEPTED
        done(_("You have accepted. The agreement is being drafted.") if accepted else _("You have declined."))
        return redirect(url_for("vendor.show_bid", bid_id=bid_id))
    summary = PriceSummary.from_document(queries.price_of(bid).figures)
    return form_page(
        "vendor/bid/award.html",
        form,
        bid=bid,
        award=award,
        requirement=requirement,
        buyer=company(award.buyer_id),
        summary=summary,
    )


def _answer(actor: Actor, award: Award, form: AwardAnswerForm) -> Award:
    if form.answer.data == "accept":
        return actions.accept_award(actor, award)
    return actions.decline_award(actor, award, reason=form.reason.data or "")


@dashboard_card("vendor", position=20)
def bids_card(actor: Actor) -> Card | None:
    """Bids that wait for something: an award to answer, or a deadline."""
    if not actor.can(Permission.BID_VIEW):
        return None
    waiting = {BidState.DRAFT, BidState.STALE, BidState.SUBMITTED, BidState.AWARD_PENDING}
    lines = [line for line in queries.bids_of(actor) if line.bid.state in waiting][:5]
    return Card(
        _l("Your bids"),
        items=[_item(line) for line in lines],
        empty=_l("No bid is under way."),
        url=url_for("vendor.list_bids"),
        link=_l("All bids"),
    )


def _item(line: queries.VendorBid) -> Item:
    bid: Bid = line.bid
    word = vendor_state(bid)
    due = line.award.answer_due_at if line.award else line.requirement.deadline_at
    return Item(
        line.requirement.title,
        url_for("vendor.show_bid", bid_id=bid.id),
        note=f"{word[0]}, {datetime_zoned(due, short=True)}" if word else datetime_zoned(due, short=True),
        state=None if word else bid.state,
        noun=None if word else "bid",
    )
