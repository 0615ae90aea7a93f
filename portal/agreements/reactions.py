"""What agreements do when something happens below them."""

from typing import Any

from portal.accounts.actor import Actor
from portal.agreements import queries
from portal.agreements.actions.draft import ALREADY_SIGNED, draft_agreement, take_refinement
from portal.agreements.states import AgreementState
from portal.kit.errors import Conflict
from portal.needs.models import Requirement
from portal.needs.version_models import RequirementConfirmation, RequirementVersion
from portal.selection.models import Award, Bid
from portal.selection.signals import award_accepted, requirement_confirmed, requirement_refined


@award_accepted.connect
def _draft(award: Award, *, actor: Actor, bid: Bid, requirement: Requirement, **_more: Any) -> None:
    """The winner has accepted: the text is drafted from what was asked and what was bid."""
    draft_agreement(actor, award, bid, requirement)


@requirement_refined.connect
def _take_refinement(version: RequirementVersion, *, actor: Actor, award: Award, **_more: Any) -> None:
    """One side has refined the requirement: the draft follows, and what was offered is superseded."""
    agreement = queries.agreement_on(actor, award.requirement_id)
    if agreement is not None:
        take_refinement(actor, agreement, version)


@requirement_confirmed.connect
def _allow_confirmation(_confirmation: RequirementConfirmation, *, actor: Actor, award: Award, **_more: Any) -> None:
    """Once the agreement is signed or refused there is nothing left to confirm."""
    agreement = queries.agreement_on(actor, award.requirement_id)
    if agreement is not None and queries.locked(agreement).state != AgreementState.DRAFTING:
        raise Conflict(ALREADY_SIGNED)
