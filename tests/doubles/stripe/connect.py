"""What destination charges do to money: the transfer, the platform's fee, and both on the way back with a refund.

Every function expects the store's lock to be held.
"""

from typing import Any

from tests.doubles.stripe import connect_objects, objects
from tests.doubles.stripe.errors import invalid_request, not_modelled, wrong_state
from tests.doubles.stripe.store import Object, Store


def check(store: Store, given: dict[str, Any], amount: int) -> None:
    """Refuse an intent whose destination, fee or settlement merchant the provider would refuse."""
    data, fee, merchant = given.get("transfer_data"), given.get("application_fee_amount"), given.get("on_behalf_of")
    if data is None:
        if fee is not None or merchant is not None:
            raise not_modelled("application_fee_amount or on_behalf_of without transfer_data")
        return
    if set(data) != {"destination"}:
        raise not_modelled("transfer_data other than destination")
    _must_have(store, data["destination"], "transfers", "transfer_data[destination]")
    if merchant is not None:
        _must_have(store, merchant, "card_payments", "on_behalf_of")
    if fee is not None and not 1 <= fee <= amount:
        message = f"The application fee ({fee}) must be at least 1 and no more than the amount ({amount})."
        raise invalid_request(message, param="application_fee_amount")


def _must_have(store: Store, identifier: str, capability: str, param: str) -> None:
    account = store.get("account", identifier, param=param)
    if account["capabilities"].get(capability) != "active":
        raise wrong_state(
            f"Your destination account needs to have the {capability} capability enabled.",
            code="insufficient_capabilities_for_transfer",
            param=param,
        )


def can_still_charge(store: Store, intent: Object) -> bool:
    """Whether the intent's destination may take the money now; it may have been restricted since."""
    if intent["transfer_data"] is None:
        return True
    capabilities = store.get("account", intent["transfer_data"]["destination"])["capabilities"]
    return capabilities.get("transfers") == "active" and (
        intent["on_behalf_of"] is None or capabilities.get("card_payments") == "active"
    )


def pass_on(store: Store, charged: Object, fee_amount: int | None) -> None:
    """Send the whole charge to its destination and take the platform's fee back from there."""
    destination, currency = charged["transfer_data"]["destination"], charged["currency"]
    sent = store.add(connect_objects.transfer(store, charged))
    charged["transfer"] = sent["id"]
    store.ledger.move("platform", destination, sent["amount"], currency, because=sent["id"])
    _line(store, sent, -sent["amount"], "transfer")
    store.emit("transfer.created", sent)
    if fee_amount:
        fee = store.add(connect_objects.application_fee(store, charged, fee_amount))
        charged.update(application_fee=fee["id"], application_fee_amount=fee_amount)
        store.ledger.move(destination, "platform", fee_amount, currency, because=fee["id"])
        _line(store, fee, fee_amount, "application_fee")
        store.emit("application_fee.created", fee)


def check_refund(charged: Object, given: dict[str, Any]) -> None:
    """Refuse flags for what the charge does not have."""
    if given.get("reverse_transfer") and not charged.get("transfer"):
        raise invalid_request(
            "Cannot reverse transfer: the charge has no associated transfer.", param="reverse_transfer"
        )
    if given.get("refund_application_fee") and not charged["application_fee"]:
        raise invalid_request(
            f"Attempting to refund_application_fee on charge {charged['id']}, but it has no application fee.",
            param="refund_application_fee",
        )


def take_back(store: Store, charged: Object, refund: Object, given: dict[str, Any]) -> None:
    """Reverse transfer and fee in proportion to all that was refunded of the charge, where the flags say so.

    Worked out from running totals, so that parts of a charge take back exactly the whole in the end. The connected
    account's balance may go below zero.
    """
    if given.get("reverse_transfer"):
        sent = store.get("transfer", charged["transfer"])
        amount = _share(charged, sent["amount"]) - sent["amount_reversed"]
        made = store.add(connect_objects.reversal(store, sent, amount, refund))
        refund["transfer_reversal"] = made["id"]
        sent["amount_reversed"] += amount
        sent["reversed"] = sent["amount_reversed"] == sent["amount"]
        store.ledger.move(sent["destination"], "platform", amount, sent["currency"], because=made["id"])
        _line(store, made, amount, "transfer_refund")
        store.emit("transfer.reversed", sent)
    if given.get("refund_application_fee"):
        fee = store.get("application_fee", charged["application_fee"])
        amount = _share(charged, fee["amount"]) - fee["amount_refunded"]
        if amount:
            made = store.add(connect_objects.fee_refund(store, fee, amount))
            fee["amount_refunded"] += amount
            fee["refunded"] = fee["amount_refunded"] == fee["amount"]
            store.ledger.move("platform", fee["account"], amount, fee["currency"], because=made["id"])
            _line(store, made, -amount, "application_fee_refund")
            store.emit("application_fee.refunded", fee)


def _share(charged: Object, whole: int) -> int:
    """The part of `whole` that all refunds of the charge together stand for, rounded half up."""
    return (2 * whole * charged["amount_refunded"] + charged["amount"]) // (2 * charged["amount"])


def _line(store: Store, source: Object, amount: int, kind: str) -> None:
    source["balance_transaction"] = store.add(objects.balance_transaction(store, source, amount, 0, kind))["id"]
