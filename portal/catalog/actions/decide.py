"""What moderators decide about services. Which moderator may decide is the business of the part that holds cases."""

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.catalog import directory
from portal.catalog.models import Service
from portal.catalog.slugs import follow_title
from portal.catalog.snapshots import changed_fields
from portal.catalog.states import SERVICE_MOVES, ServiceChangeState, ServiceState
from portal.kit import audit, clock, states
from portal.kit.db import check_version, db
from portal.kit.errors import Conflict, Invalid, NotFound
from portal.kit.text import clean_line, clean_text


def approve_service(actor: Actor, service: Service, *, version: int) -> None:
    """Publish exactly the copy that was sent in, and list the vendor."""
    service = _waiting(actor, service, version)
    now, before = clock.now(), service.live
    first_live_at, was_public = service.live_at, service.is_published_before
    if was_public:
        service.change_state = ServiceChangeState.CONFIRMED
    else:
        service.live = service.submitted
        states.move(service, ServiceState.LIVE, SERVICE_MOVES, now)
    service.live, service.live_at, service.reasons = service.submitted, first_live_at or now, {}
    follow_title(service, was_public=was_public)
    _note(actor, service, "catalog:service:approve", {"copy": before}, {"copy": service.live})
    directory.project(service.company_id)


def confirm_price_change(actor: Actor, service: Service) -> None:
    """Publish a change of prices alone that a trusted vendor sent in; who is trusted is the caller's to know.

    Raises Conflict where anything else changed, or nothing waits.
    """
    actor.permit(Permission.SERVICE_SUBMIT)
    service = _locked(service)
    if service.change_state != ServiceChangeState.PENDING or service.submitted is None:
        raise Conflict(_l("The vendor took this service back, or it was decided meanwhile."))
    if changed_fields(service.live, service.submitted) != ["rate_card"]:
        raise Conflict(_l("More than the prices changed, so a moderator looks at it."))
    before = service.live
    service.change_state, service.live, service.reasons = ServiceChangeState.CONFIRMED, service.submitted, {}
    _note(actor, service, "catalog:service:confirm_prices", {"copy": before}, {"copy": service.live})
    directory.project(service.company_id)


def send_back_service(actor: Actor, service: Service, *, reasons: dict[str, str], version: int) -> None:
    """Ask the vendor to mend the fields that `reasons` names. What is published stays. Raises Invalid without one."""
    _refuse(actor, service, reasons, version, ServiceState.CHANGES_REQUESTED, "catalog:service:send_back")


def reject_service(actor: Actor, service: Service, *, reasons: dict[str, str], version: int) -> None:
    """Refuse the service for good, or, of a published one, the change; the reasons are shown to the vendor."""
    _refuse(actor, service, reasons, version, ServiceState.REJECTED, "catalog:service:reject")


def reopen_service(actor: Actor, service: Service, *, version: int) -> None:
    """After a granted appeal: let the vendor write on and send in again what was rejected."""
    actor.permit(Permission.STAFF_MODERATE)
    service = _locked(service)
    check_version(service, version)
    if not service.is_published_before:  # a declined change can be sent in again anyway
        states.move(service, ServiceState.CHANGES_REQUESTED, SERVICE_MOVES, clock.now())
    _note(actor, service, "catalog:service:reopen", None, {"state": service.state})


def suspend_service(actor: Actor, service: Service, *, reason: str, version: int) -> None:
    """Take one service out of the directory until a moderator lets it back."""
    _switch(actor, service, reason, version, ServiceState.SUSPENDED, "catalog:service:suspend")


def reinstate_service(actor: Actor, service: Service, *, reason: str, version: int) -> None:
    """List a suspended service again, as it was published."""
    if service.state != ServiceState.SUSPENDED:
        raise Conflict(_l("Only a suspended service can be let back."))
    _switch(actor, service, reason, version, ServiceState.LIVE, "catalog:service:reinstate")


def _refuse(actor: Actor, service: Service, reasons: dict[str, str], version: int, to: ServiceState, tag: str) -> None:
    service = _waiting(actor, service, version)
    given = {field: clean_text(words) for field, words in reasons.items() if clean_text(words)}
    if not given:
        raise Invalid(_l("Give at least one reason: the vendor reads it beside the field."), "reasons")
    if service.is_published_before:
        service.change_state = ServiceChangeState.DECLINED
    else:
        states.move(service, to, SERVICE_MOVES, clock.now())
    service.reasons = given
    _note(actor, service, tag, None, {"state": service.state, "reasons": given})


def _switch(actor: Actor, service: Service, reason: str, version: int, to: ServiceState, tag: str) -> None:
    actor.permit(Permission.STAFF_MODERATE)
    if not clean_line(reason):
        raise Invalid(_l("Give a reason: the vendor reads it."), "reason")
    service = _locked(service)
    check_version(service, version)
    first_live_at = service.live_at
    states.move(service, to, SERVICE_MOVES, clock.now())
    service.live_at = first_live_at
    service.reasons = {"": clean_line(reason)} if to is ServiceState.SUSPENDED else {}
    _note(actor, service, tag, None, {"state": service.state, "reason": reason})
    directory.project(service.company_id)


def _waiting(actor: Actor, service: Service, version: int) -> Service:
    actor.permit(Permission.STAFF_MODERATE)
    service = _locked(service)
    check_version(service, version)
    if not service.is_waiting:
        raise Conflict(_l("The vendor took this service back, or it was decided meanwhile."))
    return service


def _locked(service: Service) -> Service:
    found = db.session.scalar(
        select(Service).where(Service.id == service.id).with_for_update().execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    return found


def _note(actor: Actor, service: Service, tag: str, before: dict[str, Any] | None, after: dict[str, Any]) -> None:
    db.session.flush()
    audit.record(actor, tag, service, before=before, after=after, company_id=service.company_id)
