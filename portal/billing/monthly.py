"""The monthly run: the fees of each finished month as charges, an invoice draft for each, exactly once."""

import logging
import uuid
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from sqlalchemy import text

from portal.accounts.actor import Actor
from portal.billing import actuals, notices, terms
from portal.billing.actions.charges import raise_charge
from portal.billing.actions.invoices import draft_invoice
from portal.billing.models import FeeSchedule
from portal.billing.month_fees import month_fees
from portal.billing.periods import Period, finished
from portal.billing.states import SCHEDULE_MOVES, ScheduleState
from portal.kit import clock, jobs, tenancy
from portal.kit.db import db
from portal.kit.language import written_in
from portal.kit.states import move
from portal.pricing.results import MIN_SHORTFALL, PricedLine
from portal.pricing.values import OperatingCategory, ScenarioMonth
from portal.pricing.words import OPERATING_NAMES

log = logging.getLogger("portal.billing")


def run_until(until: datetime, *, patience: timedelta = timedelta(0)) -> int:
    """Bill all months that are over at `until`, and one-time fees that wait; the answer is how many drafts were made.

    A month whose real volumes nobody has reported waits for them as long as `patience`, then its forecast is billed.
    Run twice, or by two workers, each period is billed once: the schedule is locked and each fee has one source. One
    agreement that cannot be billed does not hold up the others; it is named in the error raised at the end.
    """
    drafts, failed = 0, []
    due = listed("SELECT * FROM schedules_due(:until)", until=until)
    for schedule_id, vendor_id in dict.fromkeys([*due, *listed("SELECT * FROM schedules_with_one_time_charges()")]):
        try:
            drafts += _bill_schedule(schedule_id, vendor_id, until, patience)
        except Exception:
            log.exception("an agreement could not be billed", extra={"schedule": str(schedule_id)})
            failed.append(str(schedule_id))
    if failed:
        raise RuntimeError(f"not billed: {', '.join(failed)}")
    return drafts


def _bill_schedule(schedule_id: uuid.UUID, vendor_id: uuid.UUID, until: datetime, patience: timedelta) -> int:
    """Raise the fees of each finished month, an invoice each, in one transaction."""
    drafts = 0
    with jobs.transaction(tenancy.member(vendor_id)):
        actor = Actor.robot(vendor_id, "vendor")
        schedule = db.session.get_one(FeeSchedule, schedule_id, with_for_update=True)
        today = until.astimezone(ZoneInfo(schedule.timezone)).date()
        over = []
        if schedule.state == ScheduleState.ACTIVE and schedule.billed_from is not None:
            over = finished(schedule.billed_from, schedule.ends_on, schedule.billed_through, today)
        for period in over:
            actual = actuals.month_of(schedule.agreement_id, period.month)
            if actual is None and today - period.end <= patience:
                break  # later months wait too: they are billed in their order
            _charge_month(actor, schedule, period, actual)
            schedule.billed_through = period.end
            drafts += _draft(actor, schedule)
        if schedule.state == ScheduleState.ACTIVE and schedule.ends_on and schedule.billed_through == schedule.ends_on:
            move(schedule, ScheduleState.ENDED, SCHEDULE_MOVES, clock.now())
        if not over:
            drafts += _draft(actor, schedule)
    return drafts


def _draft(actor: Actor, schedule: FeeSchedule) -> bool:
    """Draft an invoice over what is open and ask the vendor to issue it; whether there was anything to draft."""
    invoice = draft_invoice(actor, schedule)
    if invoice is not None:
        notices.invoice_drafted(invoice)
    return invoice is not None


def _charge_month(actor: Actor, schedule: FeeSchedule, period: Period, actual: ScenarioMonth | None) -> None:
    agreed = terms.thaw(schedule.terms)
    fees = month_fees(agreed.rate_card, agreed.forecast, period, actual)
    for line in fees.lines:
        raise_charge(
            actor,
            schedule,
            fee_class=line.fee_class,
            source_key=f"month:{period.month:%Y-%m}:{line.code}",
            line_code=line.code,
            description=_described(line),
            quantity=line.quantity,
            unit=line.unit,
            unit_rate=line.unit_rate,
            amount_minor=line.amount_minor,
            period=(period.start, period.end),
            basis=fees.basis,
        )


def _described(line: PricedLine) -> str:
    """The card's own words, else what the line pays for: invoices are written in English, the source language."""
    if line.description:
        return line.description
    with written_in("en"):
        if line.code == MIN_SHORTFALL:
            return str(_l("Shortfall to the minimum commitment"))
        return str(OPERATING_NAMES[OperatingCategory(line.category)])


def listed(query: str, **values: object) -> list[tuple[uuid.UUID, ...]]:
    """Ids across companies, from a database function that tells nothing else."""
    with jobs.transaction(tenancy.PUBLIC):
        return [tuple(row) for row in db.session.execute(text(query), values)]
