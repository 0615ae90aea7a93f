"""Builds the objects of Connect, using only fields that the library's classes declare."""

from typing import Any

from tests.doubles.stripe.store import Object, Store


def account(store: Store, given: dict[str, Any]) -> Object:
    """A connected account that has told nothing about itself yet."""
    controller = given.get("controller") or {}
    return {
        "id": store.new_id("acct"),
        "object": "account",
        "business_profile": {"name": None, "url": None, **(given.get("business_profile") or {})},
        "business_type": given.get("business_type"),
        "capabilities": {name: "inactive" for name, asked in given["capabilities"].items() if asked.get("requested")},
        "charges_enabled": False,
        "controller": {
            "fees": {"payer": controller["fees"]["payer"]},
            "is_controller": True,
            "losses": {"payments": controller["losses"]["payments"]},
            "requirement_collection": controller.get("requirement_collection", "stripe"),
            "stripe_dashboard": {"type": controller["stripe_dashboard"]["type"]},
            "type": "application",
        },
        "country": given.get("country", "US"),
        "created": store.now(),
        "default_currency": None,
        "details_submitted": False,
        "email": given.get("email"),
        "metadata": given.get("metadata") or {},
        "payouts_enabled": False,
        "requirements": {
            "alternatives": [],
            "current_deadline": None,
            "currently_due": [],
            "disabled_reason": None,
            "errors": [],
            "eventually_due": [],
            "past_due": [],
            "pending_verification": [],
        },
        "type": "none",
    }


def transfer(store: Store, charged: Object) -> Object:
    """The whole of a destination charge on its way to the connected account."""
    return {
        "id": store.new_id("tr"),
        "object": "transfer",
        "amount": charged["amount"],
        "amount_reversed": 0,
        "balance_transaction": None,
        "created": store.now(),
        "currency": charged["currency"],
        "description": None,
        "destination": charged["transfer_data"]["destination"],
        "destination_payment": None,
        "livemode": False,
        "metadata": {},
        "reversed": False,
        "source_transaction": charged["id"],
        "source_type": "card",
        "transfer_group": charged["transfer_group"] or f"group_{charged['payment_intent']}",
    }


def reversal(store: Store, sent: Object, amount: int, refund: Object) -> Object:
    """Part of a transfer taken back because of a refund."""
    return {
        "id": store.new_id("trr"),
        "object": "transfer_reversal",
        "amount": amount,
        "balance_transaction": None,
        "created": store.now(),
        "currency": sent["currency"],
        "destination_payment_refund": None,
        "metadata": {},
        "source_refund": refund["id"],
        "transfer": sent["id"],
    }


def application_fee(store: Store, charged: Object, amount: int) -> Object:
    """The platform's share of a destination charge, taken back from the connected account."""
    return {
        "id": store.new_id("fee"),
        "object": "application_fee",
        "account": charged["transfer_data"]["destination"],
        "amount": amount,
        "amount_refunded": 0,
        "application": "ca_loopback",
        "balance_transaction": None,
        "charge": charged["id"],
        "created": store.now(),
        "currency": charged["currency"],
        "fee_source": {"charge": charged["id"], "payout": None, "type": "charge"},
        "livemode": False,
        "originating_transaction": charged["id"],
        "refunded": False,
    }


def fee_refund(store: Store, fee: Object, amount: int) -> Object:
    """Part of a fee given back to the connected account."""
    return {
        "id": store.new_id("fr"),
        "object": "fee_refund",
        "amount": amount,
        "balance_transaction": None,
        "created": store.now(),
        "currency": fee["currency"],
        "fee": fee["id"],
        "metadata": {},
    }
