"""Reporting a month and agreeing on it. The vendor enters figures, the buyer agrees or objects."""

from datetime import date

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete

from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.agreements.models import Agreement
from portal.agreements.telling import tell_other_party
from portal.kit import audit, clock
from portal.kit.db import check_version, db
from portal.kit.errors import Conflict, Forbidden, Invalid
from portal.kit.states import move
from portal.kit.text import clean_text
from portal.monitoring import notices, queries
from portal.monitoring.items import checked, items_of
from portal.monitoring.models import KpiFigures, KpiPeriod
from portal.monitoring.states import PERIOD_MOVES, PeriodState


def save_month(
    actor: Actor,
    agreement: Agreement,
    month: date,
    *,
    figures: dict[str, dict[str, str]],
    source: str,
    remark: str,
    version: int,
) -> KpiPeriod:
    """Enter or correct a month's figures by channel. `version` is 0 for a month nothing was entered for.

    `source` says where they come from: `typed`, `file` or `api`. A correction of an objected month needs a remark.
    """
    actor.permit(Permission.KPI_REPORT)
    _only(actor, agreement, "vendor")
    wanted = {target["channel"]: set(items_of(target)) for target in agreement.terms["targets"]}
    if {channel: set(items) for channel, items in figures.items()} != wanted:
        raise Invalid(_l("Every channel needs all of its figures."))
    values = {channel: checked(items) for channel, items in figures.items()}
    period = queries.period_for(actor, agreement, month, lock=True)
    if period is None:
        period = KpiPeriod(
            agreement_id=agreement.id, buyer_id=agreement.buyer_id, vendor_id=agreement.vendor_id, month=month
        )
        db.session.add(period)
        db.session.flush()
    else:
        check_version(period, version)
    if not period.is_editable:
        raise Conflict(_l("This month was reported already. The buyer agrees, or objects so that you can correct it."))
    if period.state == PeriodState.OBJECTED and not clean_text(remark):
        raise Invalid(_l("Say what you corrected: the buyer will read it."), "remark")
    period.remark = clean_text(remark)
    _store(period, values, source)
    audit.record(actor, "monitoring:period:save", period, after={"month": month.isoformat(), "figures": values})
    return period


def _store(period: KpiPeriod, values: dict[str, dict[str, str]], source: str) -> None:
    db.session.execute(delete(KpiFigures).where(KpiFigures.period_id == period.id))
    for channel, items in values.items():
        db.session.add(
            KpiFigures(
                period_id=period.id,
                buyer_id=period.buyer_id,
                vendor_id=period.vendor_id,
                channel=channel,
                figures=items,
                source=source,
            )
        )
    db.session.flush()


def report_month(actor: Actor, agreement: Agreement, month: date, *, version: int) -> KpiPeriod:
    """Hand a month over to the buyer. Only a month that is over can be reported."""
    actor.permit(Permission.KPI_REPORT)
    _only(actor, agreement, "vendor")
    period = _entered(actor, agreement, month, version)
    if month >= queries.months_of(agreement)[-1] and agreement.is_in_force:
        raise Conflict(_l("This month is not over yet. Your entries are kept; report it when it is."))
    move(period, PeriodState.REPORTED, PERIOD_MOVES, clock.now())
    period.reported_by = actor.person_name
    db.session.flush()
    audit.record(actor, "monitoring:period:report", period, after={"month": month.isoformat()})
    _tell(actor, agreement, period, notices.REPORTED)
    return period


def agree_month(actor: Actor, agreement: Agreement, month: date, *, version: int) -> KpiPeriod:
    """Agree with a reported, or corrected, month."""
    actor.permit(Permission.MILESTONE_ACCEPT)
    _only(actor, agreement, "buyer")
    period = _entered(actor, agreement, month, version)
    move(period, PeriodState.AGREED, PERIOD_MOVES, clock.now())
    period.agreed_by = actor.person_name
    db.session.flush()
    audit.record(actor, "monitoring:period:agree", period, after={"month": month.isoformat()})
    _tell(actor, agreement, period, notices.AGREED)
    return period


def object_month(actor: Actor, agreement: Agreement, month: date, *, objection: str, version: int) -> KpiPeriod:
    """Object to a reported month, with what is wrong."""
    actor.permit(Permission.MILESTONE_ACCEPT)
    _only(actor, agreement, "buyer")
    if not clean_text(objection):
        raise Invalid(_l("Say which figure is wrong and why."), "objection")
    period = _entered(actor, agreement, month, version)
    move(period, PeriodState.OBJECTED, PERIOD_MOVES, clock.now())
    period.objection = clean_text(objection)
    db.session.flush()
    audit.record(actor, "monitoring:period:object", period, after={"objection": period.objection})
    _tell(actor, agreement, period, notices.OBJECTED)
    return period


def _entered(actor: Actor, agreement: Agreement, month: date, version: int) -> KpiPeriod:
    period = queries.period_for(actor, agreement, month, lock=True)
    if period is None:
        raise Conflict(_l("Nothing was entered for this month yet."))
    check_version(period, version)
    return period


def _only(actor: Actor, agreement: Agreement, side: str) -> None:
    if agreement.side_of(actor.company_id) != side:
        raise Forbidden


def _tell(actor: Actor, agreement: Agreement, period: KpiPeriod, kind: str) -> None:
    tell_other_party(actor, agreement, kind, month=period.month.isoformat()[:7], objection=period.objection)
