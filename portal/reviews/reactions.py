"""What reviews do when something happens below them."""

from typing import Any

from portal.accounts.actor import Actor
from portal.agreements.models import Agreement
from portal.agreements.signals import ended
from portal.implementation.signals import went_live
from portal.kit import clock
from portal.reviews.actions.windows import AFTER_GO_LIVE, open_final_window, plan_window
from portal.reviews.states import WindowReason


@went_live.connect
def _plan(agreement: Agreement, *, actor: Actor, **_more: Any) -> None:
    """Both sides know each other after three months; a temporary engagement is reviewed at its end."""
    if agreement.mode != "temporary":
        began = agreement.go_live_at or clock.now()
        plan_window(actor, agreement, WindowReason.AFTER_GO_LIVE, began + AFTER_GO_LIVE)


@ended.connect
def _open(agreement: Agreement, *, actor: Actor, **_more: Any) -> None:
    """The end is the last chance to say how it was."""
    open_final_window(actor, agreement)
