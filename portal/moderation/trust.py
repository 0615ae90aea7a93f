"""Trusted vendors: a change of prices alone of a published service passes by itself, and is recorded all the same.

Everything else they write waits for a moderator like anybody's.
"""

import uuid

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, text

from portal.accounts import queries as accounts
from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.accounts.states import CompanyKind
from portal.catalog.actions.decide import confirm_price_change
from portal.catalog.models import Service
from portal.catalog.snapshots import changed_fields
from portal.kit import audit, clock
from portal.kit.db import db
from portal.kit.errors import Conflict, Invalid
from portal.kit.ids import new_id
from portal.kit.text import clean_line
from portal.messaging import notify
from portal.moderation.models import TrustedVendor
from portal.moderation.notices import SERVICE_NOTICES
from portal.moderation.policy import check_impartial
from portal.moderation.states import Verdict

PRICES_ALONE = ["rate_card"]


def trust_of(actor: Actor, company_id: uuid.UUID) -> TrustedVendor | None:
    """Since when and why a vendor is trusted; None for one that is not."""
    actor.permit(Permission.STAFF_MODERATE)
    return db.session.get(TrustedVendor, company_id)


def trust_vendor(actor: Actor, company_id: uuid.UUID, *, reason: str) -> TrustedVendor:
    """Let a vendor's changes of prices pass by themselves. Raises Invalid, Conflict, or Forbidden for one's own."""
    actor.permit(Permission.STAFF_MODERATE)
    company = accounts.company(company_id)
    check_impartial(actor, company_id)
    if not clean_line(reason):
        raise Invalid(_l("Give a reason: it is kept in the audit log."), "reason")
    if company.kind != CompanyKind.VENDOR or not company.is_open:
        raise Conflict(_l("Only a vendor that is open can be trusted."))
    if db.session.get(TrustedVendor, company_id) is not None:
        raise Conflict(_l("This vendor is trusted already."))
    trusted = TrustedVendor(
        company_id=company_id, since=clock.now(), person_name=actor.person_name, reason=clean_line(reason)
    )
    db.session.add(trusted)
    db.session.flush()
    audit.record(actor, "moderation:trust:give", company, after={"reason": trusted.reason}, company_id=company_id)
    return trusted


def end_trust(actor: Actor, company_id: uuid.UUID, *, reason: str) -> None:
    """Look at a vendor's changes of prices again. Raises Invalid, or Conflict for one that is not trusted."""
    actor.permit(Permission.STAFF_MODERATE)
    check_impartial(actor, company_id)
    if not clean_line(reason):
        raise Invalid(_l("Give a reason: it is kept in the audit log."), "reason")
    ended = db.session.execute(delete(TrustedVendor).where(TrustedVendor.company_id == company_id))
    if not ended.rowcount:  # type: ignore[attr-defined]
        raise Conflict(_l("This vendor is not trusted."))
    company = accounts.company(company_id)
    audit.record(actor, "moderation:trust:end", company, after={"reason": clean_line(reason)}, company_id=company_id)


def pass_by_itself(actor: Actor, service: Service) -> bool:
    """Confirm a change that a trusted vendor just sent in, where it is one of prices alone; whether it was."""
    if not service.is_published_before or changed_fields(service.live, service.submitted or {}) != PRICES_ALONE:
        return False
    passed: bool = db.session.execute(
        text("SELECT case_pass(:service, :decision, :name)"),
        {"service": service.id, "decision": new_id(), "name": actor.person_name},
    ).scalar_one()
    if passed:
        confirm_price_change(actor, service)
        params = {"title": service.title, "service_id": str(service.id)}
        notify(service.company_id, SERVICE_NOTICES[Verdict.APPROVE].name, params, permission=Permission.SERVICE_EDIT)
    return passed
