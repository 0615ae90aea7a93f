"""What moderation does when a vendor sends a service in or takes it back, and when a company takes another name."""

from typing import Any

from portal.accounts import signals as accounts
from portal.accounts.actor import Actor
from portal.accounts.models import Company
from portal.catalog import signals
from portal.catalog.models import Service
from portal.moderation.actions import open_name_case, open_service_case, withdraw_service_case
from portal.moderation.trust import pass_by_itself
from portal.moderation.twins import leave_marks, mark_name


@signals.service_submitted.connect
def review_service(service: Service, *, actor: Actor, **_: Any) -> None:
    """A service that is sent in waits in the queue, unless a trusted vendor only changed its prices."""
    leave_marks(actor, service.company_id)
    open_service_case(actor, service)
    pass_by_itself(actor, service)


@accounts.company_renamed.connect
def look_at_new_name(company: Company, *, actor: Actor, before: dict[str, str], **_: Any) -> None:
    """A new name is public at once and waits in the queue, with what it reads like, so that one that poses as another
    is taken back soon. A name that staff gave back needs no look."""
    mark_name(company)
    if not actor.is_staff:
        open_name_case(actor, company, before)


@signals.service_taken_back.connect
def drop_review(service: Service, **_: Any) -> None:
    """What was taken back needs no decision."""
    withdraw_service_case(service)
