"""What a vendor does with its services: write, send in, take back, pause, resume, retire."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from portal.accounts import queries as accounts
from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.catalog import directory, signals
from portal.catalog.checks import clean_service, missing_for_submission
from portal.catalog.models import Service
from portal.catalog.slugs import free_slug
from portal.catalog.snapshots import changed_fields, snapshot_of
from portal.catalog.states import SERVICE_MOVES, ServiceChangeState, ServiceState
from portal.kit import audit, clock, states
from portal.kit.db import check_version, db
from portal.kit.errors import Conflict, Invalid, NotFound
from portal.kit.tenancy import mine
from portal.pricing.models import SavedRateCard
from portal.pricing.queries import version_in_force


def draft_service(actor: Actor, *, values: Mapping[str, Any]) -> Service:
    """Begin a service. Only its title is asked for yet. Raises Invalid."""
    actor.permit(Permission.SERVICE_EDIT)
    assert actor.company_id is not None
    fields = clean_service(values)
    _check_card(fields["rate_card_id"])
    service = Service(company_id=actor.company_id, slug=free_slug(actor.company_id, fields["title"]), **fields)
    db.session.add(service)
    db.session.flush()
    audit.record(actor, "catalog:service:draft", service, after=_plain(fields))
    return service


def edit_service(actor: Actor, service: Service, *, values: Mapping[str, Any], version: int) -> None:
    """Write the working copy; what is published stays as it is until a change of it is confirmed.

    Raises Conflict while a moderator has the service in hand, StaleVersion when somebody saved meanwhile.
    """
    actor.permit(Permission.SERVICE_EDIT)
    service = _locked(service)
    fields = clean_service(values)
    check_version(service, version, mine=fields["description"], theirs=service.description)
    if not service.is_editable:
        raise Conflict(_l("This service cannot be edited now. Take it back from the moderators first."))
    _check_card(fields["rate_card_id"])
    before = {name: getattr(service, name) for name in fields}
    for name, value in fields.items():
        setattr(service, name, value)
    db.session.flush()
    audit.record(actor, "catalog:service:edit", service, before=_plain(before), after=_plain(fields))


def submit_service(actor: Actor, service: Service, *, version: int) -> None:
    """Ask a moderator to publish the service, or to confirm a change of one that is published.

    The copy they look at is frozen now, prices included. Raises Invalid naming the first field that is missing, or
    when nothing differs from what is published.
    """
    service = _begin(actor, service, version, Permission.SERVICE_SUBMIT)
    if not accounts.company(service.company_id).is_open:
        raise Conflict(_l("Your company is not open yet or is suspended, so that nothing new can be published."))
    for name, sentence in missing_for_submission(service):
        raise Invalid(sentence, name)
    card = _check_card(service.rate_card_id)
    if card is None or version_in_force(card) is None:
        raise Invalid(_l("No version of the rate card is in force today. Publish one first."), "rate_card_id")
    copy = snapshot_of(service, card)
    if service.is_waiting:
        raise Conflict(_l("This service is with the moderators already."))
    if service.is_published_before and not changed_fields(service.live, copy):
        raise Invalid(_l("Nothing differs from what is published."))
    before = service.state
    if service.is_published_before:
        service.change_state, service.submitted_at = ServiceChangeState.PENDING, clock.now()
    else:
        states.move(service, ServiceState.SUBMITTED, SERVICE_MOVES, clock.now())
    service.submitted, service.reasons = copy, {}
    db.session.flush()
    audit.record(actor, "catalog:service:submit", service, before={"state": before}, after={"copy": copy})
    signals.service_submitted.send(service, actor=actor)


def take_back_service(actor: Actor, service: Service, *, version: int) -> None:
    """Take a service back from the moderators, to write on; what is published stays."""
    service = _begin(actor, service, version, Permission.SERVICE_SUBMIT)
    if not service.is_waiting:
        raise Conflict(
            _l("This service is not with the moderators any more. Reload the page to see what they decided.")
        )
    if service.is_published_before:
        service.change_state = ServiceChangeState.CANCELLED
    else:
        states.move(service, ServiceState.DRAFT, SERVICE_MOVES, clock.now())
    db.session.flush()
    audit.record(actor, "catalog:service:take_back", service, after={"state": service.state})
    signals.service_taken_back.send(service, actor=actor)


def pause_service(actor: Actor, service: Service, *, version: int) -> None:
    """Take a live service out of the directory for a while."""
    _list(actor, service, version, ServiceState.PAUSED, "catalog:service:pause")


def resume_service(actor: Actor, service: Service, *, version: int) -> None:
    """Put a paused service back into the directory, as it was published."""
    if service.state != ServiceState.PAUSED:
        raise Conflict(_l("Only a paused service can be resumed."))
    _list(actor, service, version, ServiceState.LIVE, "catalog:service:resume")


def retire_service(actor: Actor, service: Service, *, version: int) -> None:
    """End a service for good. Agreements that were made about it go on."""
    if service.is_waiting:
        raise Conflict(_l("Take the service back from the moderators first."))
    _list(actor, service, version, ServiceState.RETIRED, "catalog:service:retire")


def _list(actor: Actor, service: Service, version: int, to: ServiceState, tag: str) -> None:
    service = _begin(actor, service, version, Permission.SERVICE_SUBMIT)
    before, first_live_at = service.state, service.live_at
    states.move(service, to, SERVICE_MOVES, clock.now())
    service.live_at = first_live_at  # "newest" is about when it was first listed, not when it was resumed
    db.session.flush()
    audit.record(actor, tag, service, before={"state": before}, after={"state": service.state})
    directory.project(service.company_id)


def _begin(actor: Actor, service: Service, version: int, permission: Permission) -> Service:
    actor.permit(permission)
    service = _locked(service)
    check_version(service, version)
    return service


def _locked(service: Service) -> Service:
    found = db.session.scalar(
        select(Service)
        .where(mine(Service), Service.id == service.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    return found


def _check_card(rate_card_id: Any) -> SavedRateCard | None:
    if rate_card_id is None:
        return None
    card = db.session.scalar(select(SavedRateCard).where(mine(SavedRateCard), SavedRateCard.id == rate_card_id))
    if card is None or not card.is_active:
        raise Invalid(_l("Choose one of your rate cards that is in use."), "rate_card_id")
    return card


def _plain(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: str(value) if name == "rate_card_id" and value else value for name, value in fields.items()}
