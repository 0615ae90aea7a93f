"""What moderation does when a vendor sends a service in or takes it back."""

from typing import Any

from portal.accounts import signals as accounts
from portal.accounts.actor import Actor
from portal.accounts.models import Company
from portal.accounts.states import CompanyKind
from portal.catalog import signals
from portal.catalog.models import Service
from portal.moderation.actions import open_service_case, withdraw_service_case
from portal.moderation.trust import pass_by_itself
from portal.moderation.twins import leave_marks


@signals.service_submitted.connect
def review_service(service: Service, *, actor: Actor, **_: Any) -> None:
    """A service that is sent in waits in the queue, unless a trusted vendor only changed its prices."""
    leave_marks(actor, service.company_id)
    open_service_case(actor, service)
    pass_by_itself(actor, service)


@accounts.company_renamed.connect
def mark_new_name(company: Company, *, actor: Actor, **_: Any) -> None:
    """What a vendor's new name reads like is noted at once, so that moderators see whom it resembles."""
    if company.kind == CompanyKind.VENDOR:
        leave_marks(actor, company.id)


@signals.service_taken_back.connect
def drop_review(service: Service, **_: Any) -> None:
    """What was taken back needs no decision."""
    withdraw_service_case(service)
