"""What moderators do with cases, and what of it a company may ask for."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select, text

from portal.accounts import queries as accounts
from portal.accounts.actions.company import take_back_name
from portal.accounts.actor import Actor
from portal.accounts.models import Company
from portal.accounts.permissions import Permission
from portal.catalog.actions import decide as catalog
from portal.catalog.models import Service
from portal.catalog.queries import service_for_staff
from portal.kit import audit, clock, states
from portal.kit.db import check_version, db
from portal.kit.errors import Conflict, Forbidden, Invalid, NotFound
from portal.kit.ids import new_id
from portal.kit.text import clean_text
from portal.messaging import notify
from portal.moderation.models import Case, Decision
from portal.moderation.notices import NAME_TAKEN_BACK, SERVICE_NOTICES
from portal.moderation.policy import check_impartial
from portal.moderation.states import CASE_MOVES, CaseKind, CaseState, Verdict

DECIDE_WITHIN_DAYS = 2
"""Working days (Monday to Friday) within which a vendor may expect a decision."""
APPEAL_WITHIN = timedelta(days=14)
FRIDAY = 4


def open_service_case(actor: Actor, service: Service) -> Case:
    """Put a service that was just sent in into the queue, with the copies to compare."""
    withdraw_service_case(service)  # what was decided without its case needs none any more
    now = clock.now()
    case = Case(
        kind=CaseKind.SERVICE_REVIEW,
        company_id=service.company_id,
        subject_id=service.id,
        title=service.title,
        submitted=service.submitted or {},
        published=service.live,
        opened_by=actor.person_name,
        opened_at=now,
        due_at=_working_days_after(now, DECIDE_WITHIN_DAYS),
    )
    db.session.add(case)
    db.session.flush()
    audit.record(actor, "moderation:case:open", case, after={"title": case.title})
    return case


def withdraw_service_case(service: Service) -> None:
    """Close the case of a service that its vendor took back."""
    db.session.flush()
    db.session.execute(text("SELECT case_withdraw(:service)"), {"service": service.id})


def open_name_case(actor: Actor, company: Company, before: dict[str, str]) -> Case:
    """Put the name that a company just took into the queue, beside the one that was known before; one at a time."""
    known = db.session.execute(text("SELECT case_name_withdraw()")).scalar_one()
    now = clock.now()
    case = Case(
        kind=CaseKind.NAME,
        company_id=company.id,
        subject_id=company.id,
        title=company.name,
        submitted={"name": company.name, "slug": company.slug},
        published=known or before,
        opened_by=actor.person_name,
        opened_at=now,
        due_at=_working_days_after(now, DECIDE_WITHIN_DAYS),
    )
    db.session.add(case)
    db.session.flush()
    audit.record(actor, "moderation:case:open", case, after={"title": case.title})
    return case


def decide_name(actor: Actor, case: Case, *, verdict: Verdict, reason: str, version: int) -> Decision:
    """Let a company's new name stand, or give it the old one back and tell it why.

    :raises Invalid: without a reason where the name is taken back
    :raises Conflict: when the case is in somebody else's hand, or the company has yet another name by now
    """
    case = _begin(actor, case, version)
    _check_in_own_hand(actor, case)
    words = clean_text(reason)
    if verdict is Verdict.REJECT:
        if accounts.company(case.company_id).name != case.submitted["name"]:
            raise Conflict(_l("The company has another name by now; this case is not about it."))
        take_back_name(actor, case.company_id, old=case.published or {}, reason=words)
        params = {"name": (case.published or {})["name"], "reason": words}
        notify(case.company_id, NAME_TAKEN_BACK.name, params, permission=Permission.COMPANY_EDIT)
    elif verdict is not Verdict.APPROVE:
        raise Invalid(_l("Choose what you decide."), "verdict")
    states.move(case, CaseState.CLOSED, CASE_MOVES, clock.now())
    return _decided(actor, case, verdict, {"": words} if words else {})


def open_conduct_case(actor: Actor, company_id: uuid.UUID, *, reason: str) -> Case:
    """Look into what a company does. While it is in a moderator's hand they may read the company's threads.

    Raises Invalid without a reason; Conflict where such a case is in hand already.
    """
    actor.permit(Permission.STAFF_MODERATE)
    words = clean_text(reason)
    if not words:
        raise Invalid(_l("Give a reason: it is kept in the audit log."), "reason")
    company = accounts.company(company_id)
    check_impartial(actor, company_id)
    now = clock.now()
    case = Case(
        id=new_id(),
        kind=CaseKind.CONDUCT,
        company_id=company_id,
        subject_id=company_id,
        title=company.name,
        submitted={"reason": words},
        opened_by=actor.person_name,
        opened_at=now,
        due_at=_working_days_after(now, DECIDE_WITHIN_DAYS),
    )
    db.session.add(case)
    db.session.flush()
    audit.record(actor, "moderation:case:open", case, after={"title": case.title, "reason": words})
    return case


def assign_case(actor: Actor, case: Case, *, version: int) -> None:
    """Take a case, also from a colleague. Raises Forbidden for a moderator who is a member of the company."""
    case = _begin(actor, case, version)
    before = {"assigned_to": case.assigned_name}
    if case.state == CaseState.ASSIGNED:
        case.assigned_at = clock.now()
    else:
        states.move(case, CaseState.ASSIGNED, CASE_MOVES, clock.now())
    case.assigned_to, case.assigned_name = actor.person_id, actor.person_name
    _record(actor, case, "moderation:case:assign", before, {"assigned_to": actor.person_name})


def release_case(actor: Actor, case: Case, *, version: int) -> None:
    """Put a case back into the queue."""
    case = _begin(actor, case, version)
    _check_in_own_hand(actor, case)
    states.move(case, CaseState.OPEN, CASE_MOVES, clock.now())
    case.assigned_to, case.assigned_name = None, ""
    _record(actor, case, "moderation:case:release", None, None)


def decide_case(actor: Actor, case: Case, *, verdict: Verdict, reasons: dict[str, str], version: int) -> Decision:
    """Decide about the service of a case that is in the actor's own hand, and tell the vendor.

    :param reasons: what to mend, by field; asked for by everything but an approval
    :raises Invalid: without reasons where they are needed
    :raises Conflict: when the case is in somebody else's hand, or the service moved meanwhile
    """
    case = _begin(actor, case, version)
    _check_in_own_hand(actor, case)
    service = service_for_staff(actor, case.subject_id)
    if service.submitted != case.submitted:
        raise Conflict(_l("The vendor sent another version meanwhile; this case is not about it."))
    if verdict is Verdict.APPROVE:
        catalog.approve_service(actor, service, version=service.version)
    elif verdict is Verdict.SEND_BACK:
        catalog.send_back_service(actor, service, reasons=reasons, version=service.version)
    elif verdict is Verdict.REJECT:
        catalog.reject_service(actor, service, reasons=reasons, version=service.version)
    else:
        raise Invalid(_l("Choose what you decide."), "verdict")
    states.move(case, CaseState.DECIDED, CASE_MOVES, clock.now())
    return _decided(actor, case, verdict, service.reasons)


def close_conduct_case(actor: Actor, case: Case, *, reason: str, version: int) -> Decision:
    """End a case about a company's conduct, with what came of it. Suspending is an act of its own."""
    case = _begin(actor, case, version)
    _check_in_own_hand(actor, case)
    if not clean_text(reason):
        raise Invalid(_l("Write what came of it."), "reason")
    states.move(case, CaseState.CLOSED, CASE_MOVES, clock.now())
    return _decided(actor, case, Verdict.CLOSE, {"": clean_text(reason)})


def appeal_service(actor: Actor, service: Service, *, words: str) -> None:
    """Ask another moderator to look at a rejection again, once and within 14 days. Raises Invalid or Conflict."""
    actor.permit(Permission.SERVICE_SUBMIT)
    if not clean_text(words):
        raise Invalid(_l("Say why the decision should change."), "words")
    db.session.flush()
    done = db.session.execute(
        text("SELECT case_appeal(:service, :words, :window)"),
        {"service": service.id, "words": clean_text(words), "window": APPEAL_WITHIN},
    ).scalar_one()
    if not done:
        raise Conflict(_l("This decision cannot be appealed: it was appealed before, or 14 days have passed."))
    audit.record(actor, "moderation:case:appeal", service, after={"words": clean_text(words)})


def decide_appeal(actor: Actor, case: Case, *, verdict: Verdict, reason: str, version: int) -> Decision:
    """Settle an appeal: uphold the decision, or reopen the service so that it can be sent in again.

    Raises Forbidden for the moderator who decided first.
    """
    case = _begin(actor, case, version)
    if case.state != CaseState.APPEALED:
        raise Conflict(_l("This case is not appealed."))
    if case.assigned_to == actor.person_id:
        raise Forbidden(_l("You decided this case; somebody else looks at the appeal."))
    if not clean_text(reason):
        raise Invalid(_l("Give a reason: the vendor reads it."), "reason")
    service = service_for_staff(actor, case.subject_id)
    if verdict is Verdict.REOPEN:
        catalog.reopen_service(actor, service, version=service.version)
    elif verdict is not Verdict.UPHOLD:
        raise Invalid(_l("Choose what you decide."), "verdict")
    states.move(case, CaseState.CLOSED, CASE_MOVES, clock.now())
    return _decided(actor, case, verdict, {"": clean_text(reason)})


def _decided(actor: Actor, case: Case, verdict: Verdict, reasons: dict[str, str]) -> Decision:
    assert actor.person_id is not None
    decision = Decision(
        case_id=case.id,
        person_id=actor.person_id,
        person_name=actor.person_name,
        verdict=verdict,
        reasons=dict(reasons),
        decided_at=clock.now(),
    )
    db.session.add(decision)
    db.session.flush()
    _record(actor, case, "moderation:case:decide", None, {"verdict": verdict.value, "reasons": dict(reasons)})
    if case.kind == CaseKind.SERVICE_REVIEW and verdict in SERVICE_NOTICES:
        params = {"title": case.title, "service_id": str(case.subject_id)}
        notify(case.company_id, SERVICE_NOTICES[verdict].name, params, permission=Permission.SERVICE_EDIT)
    return decision


def _begin(actor: Actor, case: Case, version: int) -> Case:
    actor.permit(Permission.STAFF_MODERATE)
    found = db.session.scalar(
        select(Case).where(Case.id == case.id).with_for_update().execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    check_version(found, version)
    check_impartial(actor, found.company_id)
    return found


def _check_in_own_hand(actor: Actor, case: Case) -> None:
    if case.state != CaseState.ASSIGNED or case.assigned_to != actor.person_id:
        raise Conflict(_l("Take the case first: only who has it in hand decides."))


def _record(actor: Actor, case: Case, tag: str, before: dict[str, Any] | None, after: dict[str, Any] | None) -> None:
    db.session.flush()
    audit.record(actor, tag, case, before=before, after=after)


def _working_days_after(moment: datetime, days: int) -> datetime:
    while days:
        moment += timedelta(days=1)
        days -= moment.weekday() <= FRIDAY
    return moment
