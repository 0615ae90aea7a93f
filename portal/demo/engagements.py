"""Engagements in service: the plan to go-live, then month after month of figures, survey, invoices, and the reviews."""

import random
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from portal.accounts.actor import Actor
from portal.agreements import queries as agreements
from portal.agreements.actions import change_orders
from portal.agreements.models import Agreement
from portal.billing import actions as billing
from portal.billing import queries as invoices
from portal.demo.stage import Result, act, go_to, now, within
from portal.implementation import actions as implementation
from portal.implementation import queries as plans
from portal.implementation.templates import GO_LIVE
from portal.kit import clock, tenancy
from portal.monitoring import actions as monitoring
from portal.monitoring import queries as monitored
from portal.monitoring.items import items_of
from portal.pricing.documents import scenario_from_document
from portal.reviews import queries as reviews
from portal.reviews.actions.write import write_review
from portal.reviews.rating import WEIGHTS

REPORT_DAY, PAY_DAY, ASK_DAY = 3, 12, 28


@dataclass(frozen=True, slots=True)
class Engagement:
    """An agreement in force and who works on it."""

    agreement_id: uuid.UUID
    buyer: Actor
    vendor: Actor
    finance: tuple[Actor, Actor]
    chance: random.Random

    def within(self, actor: Actor, does: Callable[[Agreement], Result]) -> Result:
        """Let somebody do something with the agreement."""
        return act(actor, lambda: does(agreements.agreement_for(actor, self.agreement_id)))


def implement(engagements: Sequence[Engagement]) -> None:
    """Work through the plans side by side, a few days a milestone, until each service is live."""
    plans_left = [(engagement, _milestones(engagement)) for engagement in engagements]
    while any(left for _engagement, left in plans_left):
        go_to(now() + timedelta(days=3))
        for engagement, left in plans_left:
            if left:
                milestone_id, code, owner, criterion = left.pop(0)
                _reach(engagement, milestone_id, owner, criterion)
                if code == GO_LIVE:
                    left.clear()


def settle(engagement: Engagement) -> None:
    """Settle what a plan holds after its go-live, but for a wind-down."""
    for milestone_id, code, owner, criterion in _milestones(engagement):
        if code != "wind_down":
            _reach(engagement, milestone_id, owner, criterion)


def _milestones(engagement: Engagement) -> list[tuple[uuid.UUID, str, str, str]]:
    def left(agreement: Agreement) -> list[tuple[uuid.UUID, str, str, str]]:
        unsettled = (one for one in plans.milestones_of(agreement) if not one.is_settled)
        return [(one.id, one.code, one.owner, str(one.criterion)) for one in unsettled]

    return engagement.within(engagement.buyer, left)


def _reach(engagement: Engagement, milestone_id: uuid.UUID, owner: str, criterion: str) -> None:
    doer, judge = (engagement.buyer, engagement.vendor) if owner == "buyer" else (engagement.vendor, engagement.buyer)

    def submit(agreement: Agreement) -> None:
        found = plans.milestone_for(doer, agreement, milestone_id)
        shown = f"Done. {criterion} Minutes and results are in the shared folder."
        implementation.submit_milestone(doer, agreement, found, shown=shown, version=found.version)

    engagement.within(doer, submit)
    engagement.within(
        judge,
        lambda agreement: implementation.accept_milestone(
            judge, agreement, plans.milestone_for(judge, agreement, milestone_id)
        ),
    )


def serve(engagements: Sequence[Engagement], until: datetime) -> None:
    """Month after month of service until `until`; what is invoiced last may still wait for its money."""
    first = {engagement: _first_month(engagement) for engagement in engagements}
    month, served = min(first.values()), 0
    while _morning(month + relativedelta(months=1), PAY_DAY, "UTC") < until:
        live = [engagement for engagement in engagements if first[engagement] <= month]
        for engagement in live:
            _ask_customers(engagement, month)
        if served == 1:
            for engagement in live:
                settle(engagement)
        if served == 2:
            _add_extra(live[0])
        _close_month(live, month, served)
        _receive_money(live, month)
        month, served = month + relativedelta(months=1), served + 1
    if _morning(month + relativedelta(months=1), REPORT_DAY, "UTC") < until:
        _close_month(engagements, month, served)


def _close_month(live: Sequence[Engagement], month: date, served: int) -> None:
    """Figures on the third of the next month, invoices the same day."""
    following = month + relativedelta(months=1)
    go_to(_morning(following, REPORT_DAY, "UTC"))
    for engagement in live:
        _report(engagement, month, good=0.76 + 0.02 * served + engagement.chance.uniform(-0.02, 0.02))
    go_to(now() + timedelta(hours=2))
    for engagement in live:
        _issue(engagement)


def _receive_money(live: Sequence[Engagement], month: date) -> None:
    """Money on the twelfth of the next month, and a word about each other when a window is open."""
    go_to(_morning(month + relativedelta(months=1), PAY_DAY, "UTC"))
    for engagement in live:
        _pay(engagement)
        _review_when_due(engagement)


def _first_month(engagement: Engagement) -> date:
    return engagement.within(engagement.buyer, lambda agreement: monitored.months_of(agreement)[0])


def _morning(month: date, day: int, zone: str) -> datetime:
    return datetime.combine(month.replace(day=day), time(9), ZoneInfo(zone))


def _survey_token(agreement: Agreement) -> str:
    survey = monitored.survey_of(agreement)
    assert survey is not None
    return survey.token


def _ask_customers(engagement: Engagement, month: date) -> None:
    token = engagement.within(engagement.buyer, _survey_token)
    go_to(_morning(month, ASK_DAY, "UTC"))
    answers = engagement.chance.choices((5, 4, 3, 2, 1), (44, 36, 10, 6, 4), k=44)

    def answer() -> None:
        for place, score in enumerate(answers):
            comment = COMMENTS[score][place % len(COMMENTS[score])] if place % 6 == 0 else ""
            monitoring.answer_survey(token, score=score, comment=comment, language="en")

    within(tenancy.PUBLIC, answer)


def _report(engagement: Engagement, month: date, good: float) -> None:
    vendor, buyer = engagement.vendor, engagement.buyer

    def enter(agreement: Agreement) -> None:
        figures = _figures(agreement, month, Decimal(str(round(good, 3))), engagement.chance)
        period = monitoring.save_month(vendor, agreement, month, figures=figures, source="typed", remark="", version=0)
        monitoring.report_month(vendor, agreement, month, version=period.version)

    engagement.within(vendor, enter)

    def agree(agreement: Agreement) -> None:
        period = monitored.period_for(buyer, agreement, month)
        assert period is not None
        monitoring.agree_month(buyer, agreement, month, version=period.version)

    engagement.within(buyer, agree)


def _figures(agreement: Agreement, month: date, good: Decimal, chance: random.Random) -> dict[str, dict[str, str]]:
    """Believable figures near the agreed forecast, with `good` of everything in time."""
    assert agreement.go_live_at is not None
    index = (month.year - agreement.go_live_at.year) * 12 + month.month - agreement.go_live_at.month
    planned = scenario_from_document(agreement.terms["scenario"]).months[index].volumes
    found = {}
    for target in agreement.terms["targets"]:
        rows = [row for row in planned if row.channel == target["channel"]]
        handled = int(sum((row.contacts for row in rows), Decimal(0)) * Decimal(str(chance.uniform(0.94, 1.05))))
        found[target["channel"]] = _items(target, handled, rows[0].aht_s, good)
    return found


def _items(target: dict[str, Any], handled: int, aht_s: Decimal, good: Decimal) -> dict[str, str]:
    abandoned = handled // 28
    busy = int(handled * aht_s)
    known = {
        "offered": handled + abandoned,
        "answered": handled,
        "handled": handled,
        "abandoned": abandoned,
        "abandoned_in_T": abandoned // 4,
        "ans_in_T": int(handled * good),
        "wait_answered_s": handled * 17,
        "talk_s": busy * 75 // 100,
        "hold_s": busy * 10 // 100,
        "acw_s": busy - busy * 75 // 100 - busy * 10 // 100,
        "resolvable": handled,
        "resolved_first": int(handled * good) - handled // 20,
        "due_frt": handled,
        "within_frt": min(int(handled * (good + Decimal("0.09"))), handled),
        "due_ttr": handled,
        "within_ttr": int(handled * good),
    }
    return {item: str(known[item]) for item in items_of(target)}


def _add_extra(engagement: Engagement) -> None:
    """An extra fee for a busy weekend, proposed by the vendor and accepted by the buyer."""
    change = change_orders.Change(
        title="Staff the spring sale weekend",
        reason="The campaign mails go out on Friday; we expect twice the calls.",
        line_code="SURGE",
        quantity=Decimal(24),
    )
    engagement.within(
        engagement.vendor, lambda agreement: change_orders.propose_change(engagement.vendor, agreement, change)
    )
    engagement.within(engagement.buyer, partial(_accept_latest_change, engagement.buyer))


def _accept_latest_change(actor: Actor, agreement: Agreement) -> None:
    change_orders.accept_change(actor, agreement, agreements.change_orders_of(agreement)[0])


def _issue(engagement: Engagement) -> None:
    """The vendor issues whatever the monthly run has drafted."""
    vendor = engagement.vendor

    def does() -> None:
        for invoice in invoices.invoices_of_agreement(vendor, engagement.agreement_id):
            if invoice.state == "draft":
                billing.issue_invoice(vendor, invoice)

    act(vendor, does)


def _pay(engagement: Engagement) -> None:
    """The buyer's transfers arrive: staff record them, a second person confirms the large ones."""
    buyer, (first, second) = engagement.buyer, engagement.finance
    due = act(
        buyer,
        lambda: [
            (invoice.reference, invoice.due_minor, invoice.currency)
            for invoice in invoices.invoices_of_agreement(buyer, engagement.agreement_id)
            if invoice.state in ("open", "partly_paid") and invoice.reference is not None
        ],
    )
    for reference, minor, currency in due:
        entry = f"B{engagement.chance.randrange(10**9, 10**10)}"
        receipt_id = act(first, partial(_record, first, reference, minor, currency, entry, buyer.company_name))
        if receipt_id is not None:
            act(second, partial(_confirm, second, receipt_id))
    go_to(now() + timedelta(minutes=5))


def _record(actor: Actor, reference: str, minor: int, currency: str, entry: str, payer: str) -> uuid.UUID | None:
    """Record a transfer; gives its id when a second person must confirm it."""
    receipt = billing.record_bank_receipt(
        actor,
        reference=reference,
        amount_minor=minor,
        currency=currency,
        received_on=clock.now().date(),
        bank_ref=entry,
        payer=payer,
    )
    return receipt.id if receipt.four_eyes else None


def _confirm(actor: Actor, receipt_id: uuid.UUID) -> None:
    billing.approve_bank_receipt(actor, invoices.receipt_for_staff(actor, receipt_id))


def _review_when_due(engagement: Engagement) -> None:
    """Both sides write as soon as the window is open."""
    for actor, mark, words in (
        (engagement.buyer, (5, 4, 5, 4, 4, 4, 5), PRAISE_OF_VENDOR),
        (engagement.vendor, (4, 4, 5, 5, 3), PRAISE_OF_BUYER),
    ):

        def write(agreement: Agreement, who: Actor = actor, marks: tuple[int, ...] = mark, text: str = words) -> None:
            for review in reviews.reviews_of(who, agreement):
                if review.author_side == who.company_kind and review.state == "invited":
                    scores = dict(zip(WEIGHTS[review.side], marks, strict=True))
                    write_review(
                        who,
                        agreement,
                        review,
                        scores=scores,
                        recommends=True,
                        text=text,
                        is_anonymous=False,
                        version=review.version,
                    )

        engagement.within(actor, write)


PRAISE_OF_VENDOR = (
    "The team knew our products before the first call, and the weekly call is short because the minutes are good."
    " Figures arrive on time and we never had to ask twice. Phone was below target in the second month and they said"
    " so themselves."
)
PRAISE_OF_BUYER = (
    "Clear needs, honest forecasts and one person who decides. Access to the order system took a week longer than"
    " planned. Invoices are paid before they are due."
)
COMMENTS = {
    5: ("Quick and friendly, thank you.", "Solved in one call.", "The agent knew my order at once."),
    4: ("Helpful, but I waited a while.", "Good answer, a little slow."),
    3: ("It was all right.",),
    2: ("I had to explain it twice.",),
    1: ("Nobody called me back.",),
}
