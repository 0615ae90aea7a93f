"""What happens to money: confirming, settling and cancelling an intent, and giving money back.

Used by the API routes and by the hosted test page alike. Every function expects the store's lock to be held.
"""

from dataclasses import dataclass
from typing import Any

from tests.doubles.stripe import connect, objects
from tests.doubles.stripe.errors import card_refused, invalid_request, wrong_state
from tests.doubles.stripe.store import Object, Store


@dataclass(frozen=True)
class Card:
    """A test payment method and what the bank answers to it; no code means that it pays."""

    label: str
    code: str | None = None
    decline_code: str | None = None
    message: str = ""
    settles_later: bool = False
    needs_authentication: bool = False


DECLINED = "card_declined"
CARDS = {
    "pm_card_visa": Card("Card that pays"),
    "pm_card_visa_chargeDeclined": Card("Card declined", DECLINED, "generic_decline", "Your card was declined."),
    "pm_card_visa_chargeDeclinedInsufficientFunds": Card(
        "Insufficient funds", DECLINED, "insufficient_funds", "Your card has insufficient funds."
    ),
    "pm_card_visa_chargeDeclinedStolenCard": Card("Stolen card", DECLINED, "stolen_card", "Your card was declined."),
    "pm_card_chargeDeclinedExpiredCard": Card("Expired card", "expired_card", None, "Your card has expired."),
    "pm_card_chargeDeclinedProcessingError": Card(
        "Processing error", "processing_error", None, "An error occurred while processing your card."
    ),
    "pm_card_authenticationRequired": Card(
        "Card that asks for authentication", "authentication_required", "authentication_required",
        "Your card was declined. This transaction requires authentication.", needs_authentication=True,
    ),
    "pm_test_bankDebit": Card("Bank debit that settles days later", settles_later=True),
}  # fmt: skip
CONFIRMABLE = ("requires_payment_method", "requires_confirmation", "requires_action")


def confirm(store: Store, intent: Object, method: str | None, *, off_session: bool = False) -> Object:
    """Try to collect the intent; raises the 402 of the API when the bank refuses, after recording the failure."""
    if intent["status"] not in CONFIRMABLE:
        raise unexpected_state(intent, "confirm")
    method = method or intent["payment_method"]
    if method is None:
        raise wrong_state(
            "You cannot confirm this PaymentIntent because it's missing a payment method.",
            code="payment_intent_unexpected_state",
            payment_intent=intent,
        )
    card = CARDS.get(method)
    if card is None:
        raise invalid_request(f"No such PaymentMethod: '{method}'", code="resource_missing", param="payment_method")
    if not connect.can_still_charge(store, intent):
        raise wrong_state(
            "The connected account cannot take payments at the moment.",
            code="insufficient_capabilities_for_transfer",
            payment_intent=intent,
        )
    intent["payment_method"] = method
    if card.needs_authentication and not off_session:
        intent.update(status="requires_action", next_action={"type": "use_stripe_sdk"})
        store.emit("payment_intent.requires_action", intent)
        return intent
    if card.code:
        raise refuse(store, intent, card)
    if card.settles_later:
        charged = store.add(objects.charge(store, intent, status="pending", failure=None))
        intent.update(status="processing", latest_charge=charged["id"], last_payment_error=None, next_action=None)
        store.emit("charge.pending", charged)
        store.emit("payment_intent.processing", intent)
        return intent
    return _succeed(store, intent, store.add(objects.charge(store, intent, status="succeeded", failure=None)))


def refuse(store: Store, intent: Object, card: Card) -> Exception:
    """Record a failed charge on the intent and hand back the refusal to raise."""
    failure: dict[str, Any] = {"type": "card_error", "code": card.code, "message": card.message}
    if card.decline_code:
        failure["decline_code"] = card.decline_code
    charged = store.add(objects.charge(store, intent, status="failed", failure=failure))
    intent.update(
        status="requires_payment_method",
        latest_charge=charged["id"],
        last_payment_error={**failure, "charge": charged["id"]},
        next_action=None,
        payment_method=None,
    )
    store.emit("charge.failed", charged)
    store.emit("payment_intent.payment_failed", intent)
    return card_refused(
        card.code or DECLINED, card.message, decline_code=card.decline_code, charge=charged["id"], payment_intent=intent
    )


def _succeed(store: Store, intent: Object, charged: Object) -> Object:
    charged.update(status="succeeded", captured=True, paid=True, amount_captured=charged["amount"])
    intent.update(
        status="succeeded", amount_received=intent["amount"], latest_charge=charged["id"], last_payment_error=None,
        next_action=None,
    )  # fmt: skip
    amount, fee = charged["amount"], objects.processing_fee(charged["amount"])
    store.ledger.move("cardholders", "platform", amount, charged["currency"], because=charged["id"])
    store.ledger.move("platform", "provider_fees", fee, charged["currency"], because=charged["id"])
    line = store.add(objects.balance_transaction(store, charged, amount, fee, "charge"))
    if store.late_fees:
        store.hidden[charged["id"]] = {"balance_transaction": line["id"]}
    else:
        charged["balance_transaction"] = line["id"]
    if charged["transfer_data"]:
        connect.pass_on(store, charged, intent["application_fee_amount"])
    store.emit("charge.succeeded", charged)
    store.emit("payment_intent.succeeded", intent)
    return intent


def settle(store: Store, intent: Object, *, paid: bool) -> Object:
    """A bank debit in `processing` arrives or is returned; an authentication in `requires_action` passes or fails."""
    session = next((s for s in store.of_kind("checkout.session") if s["payment_intent"] == intent["id"]), None)
    if intent["status"] == "requires_action":
        made = store.add(objects.charge(store, intent, status="pending", failure=None))
        intent["latest_charge"] = made["id"]
    elif intent["status"] != "processing":
        raise unexpected_state(intent, "settle")
    charged = store.get("charge", intent["latest_charge"])
    if paid:
        _succeed(store, intent, charged)
    else:
        failure = {"type": "card_error", "code": "payment_intent_payment_attempt_failed", "message": "Payment failed."}
        charged.update(status="failed", paid=False, failure_code=failure["code"], failure_message=failure["message"])
        intent.update(status="requires_payment_method", last_payment_error=failure, next_action=None)
        store.emit("charge.failed", charged)
        store.emit("payment_intent.payment_failed", intent)
    if session and session["status"] == "complete":
        session["payment_status"] = "paid" if paid else "unpaid"
        store.emit(f"checkout.session.async_payment_{'succeeded' if paid else 'failed'}", session)
    return intent


def release_fees(store: Store) -> None:
    """Fill in the balance transactions that were held back, as the API does some time after the event."""
    store.late_fees = False
    for identifier, kept in list(store.hidden.items()):
        if "balance_transaction" in kept:
            charged = store.get("charge", identifier)
            charged["balance_transaction"] = kept["balance_transaction"]
            del store.hidden[identifier]
            store.emit("charge.updated", charged)


def cancel(store: Store, intent: Object, reason: str | None) -> Object:
    if intent["status"] not in CONFIRMABLE:
        raise unexpected_state(intent, "cancel")
    intent.update(status="canceled", canceled_at=store.now(), cancellation_reason=reason, next_action=None)
    store.emit("payment_intent.canceled", intent)
    return intent


def unexpected_state(intent: Object, verb: str) -> Exception:
    return wrong_state(
        f"You cannot {verb} this PaymentIntent because it has a status of {intent['status']}.",
        code="payment_intent_unexpected_state",
        payment_intent=intent,
    )


def refund(store: Store, charged: Object, amount: int | None, given: dict[str, Any]) -> Object:
    """Give back part or all of a charge; more than is left is refused."""
    left = charged["amount_captured"] - charged["amount_refunded"]
    if charged["status"] != "succeeded":
        raise wrong_state(f"Charge {charged['id']} has not succeeded.", code="charge_not_refundable")
    if left == 0:
        raise wrong_state(f"Charge {charged['id']} has already been refunded.", code="charge_already_refunded")
    amount = left if amount is None else amount
    objects.checked_amount(amount, charged["currency"])
    if amount > left:
        raise invalid_request(f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})",
                              param="amount")  # fmt: skip
    connect.check_refund(charged, given)
    made = store.add(objects.refund(store, charged, amount, given))
    charged["amount_refunded"] += amount
    charged["refunded"] = charged["amount_refunded"] == charged["amount_captured"]
    store.ledger.move("platform", "cardholders", amount, charged["currency"], because=made["id"])
    made["balance_transaction"] = store.add(objects.balance_transaction(store, made, -amount, 0, "refund"))["id"]
    connect.take_back(store, charged, made, given)
    store.emit("refund.created", made)
    store.emit("charge.refunded", charged)
    return made
