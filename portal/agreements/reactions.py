"""What agreements do when something happens below them."""

from typing import Any

from portal.accounts.actor import Actor
from portal.agreements.actions.draft import draft_agreement
from portal.needs.models import Requirement
from portal.selection.models import Award, Bid
from portal.selection.signals import award_accepted


@award_accepted.connect
def _draft(award: Award, *, actor: Actor, bid: Bid, requirement: Requirement, **_more: Any) -> None:
    """The winner has accepted: the text is drafted from what was asked and what was bid."""
    draft_agreement(actor, award, bid, requirement)
