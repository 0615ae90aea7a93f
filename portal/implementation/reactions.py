"""What implementation does when something happens below it."""

from typing import Any

from portal.accounts.actor import Actor
from portal.agreements.models import Agreement
from portal.agreements.signals import activated
from portal.implementation.actions.plan import make_plan


@activated.connect
def _plan(agreement: Agreement, *, actor: Actor, **_more: Any) -> None:
    """Both sides have signed: the plan is made."""
    make_plan(actor, agreement)
