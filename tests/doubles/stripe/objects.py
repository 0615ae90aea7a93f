"""Builds the objects that the double answers with, using only fields that the library's classes declare."""

from typing import Any

from tests.doubles.stripe.errors import invalid_request
from tests.doubles.stripe.store import Object, Store

MULTIPLES = {"isk": 100, "ugx": 100, "bhd": 10, "jod": 10, "kwd": 10, "omr": 10, "tnd": 10}
FEE_PER_MILLE = 15
FEE_FIXED = 25
NO_ADDRESS = {"city": None, "country": None, "line1": None, "line2": None, "postal_code": None, "state": None}


def checked_amount(amount: int, currency: str, *, param: str = "amount") -> tuple[int, str]:
    """The amount in the provider's unit and the lower-case currency; 400 where the provider would refuse them."""
    code = currency.lower()
    if len(code) != 3 or not code.isalpha():
        raise invalid_request(f"Invalid currency: {currency}", param="currency")
    if amount < 1:
        raise invalid_request("Amount must be at least 1", code="parameter_invalid_integer", param=param)
    if amount > 99_999_999:
        raise invalid_request("Amount must be no more than 99999999", code="amount_too_large", param=param)
    if amount % MULTIPLES.get(code, 1):
        raise invalid_request(f"Invalid amount: {amount} {code} must be a multiple of {MULTIPLES[code]}", param=param)
    return amount, code


def processing_fee(amount: int) -> int:
    """1.5 % rounded half up, plus 25 minor units (an assumption; see assumptions.md)."""
    return (amount * FEE_PER_MILLE + 500) // 1000 + FEE_FIXED


def customer(store: Store, given: dict[str, Any]) -> Object:
    return {
        "id": store.new_id("cus"),
        "object": "customer",
        "address": given.get("address"),
        "balance": 0,
        "created": store.now(),
        "currency": None,
        "default_source": None,
        "delinquent": False,
        "description": given.get("description"),
        "email": given.get("email"),
        "livemode": False,
        "metadata": given.get("metadata") or {},
        "name": given.get("name"),
        "phone": given.get("phone"),
        "preferred_locales": given.get("preferred_locales") or [],
        "shipping": None,
        "tax_exempt": given.get("tax_exempt") or "none",
        "test_clock": None,
    }


def payment_intent(store: Store, amount: int, currency: str, given: dict[str, Any]) -> Object:
    identifier = store.new_id("pi")
    return {
        "id": identifier,
        "object": "payment_intent",
        "amount": amount,
        "amount_capturable": 0,
        "amount_received": 0,
        "application": None,
        "application_fee_amount": given.get("application_fee_amount"),
        "automatic_payment_methods": None,
        "canceled_at": None,
        "cancellation_reason": None,
        "capture_method": "automatic_async",
        "client_secret": f"{identifier}_secret_{store.new_id('s')}",
        "confirmation_method": "automatic",
        "created": store.now(),
        "currency": currency,
        "customer": given.get("customer"),
        "description": given.get("description"),
        "last_payment_error": None,
        "latest_charge": None,
        "livemode": False,
        "metadata": given.get("metadata") or {},
        "next_action": None,
        "on_behalf_of": given.get("on_behalf_of"),
        "payment_method": given.get("payment_method"),
        "payment_method_options": {},
        "payment_method_types": ["card"],
        "processing": None,
        "receipt_email": given.get("receipt_email"),
        "review": None,
        "setup_future_usage": None,
        "shipping": None,
        "source": None,
        "statement_descriptor": None,
        "statement_descriptor_suffix": given.get("statement_descriptor_suffix"),
        "status": "requires_confirmation" if given.get("payment_method") else "requires_payment_method",
        "transfer_data": given.get("transfer_data"),
        "transfer_group": given.get("transfer_group"),
    }


def charge(store: Store, intent: Object, *, status: str, failure: dict[str, Any] | None) -> Object:
    """A charge of the whole intent; `status` is succeeded, pending or failed."""
    captured = status == "succeeded"
    return {
        "id": store.new_id("ch"),
        "object": "charge",
        "amount": intent["amount"],
        "amount_captured": intent["amount"] if captured else 0,
        "amount_refunded": 0,
        "application": None,
        "application_fee": None,
        "application_fee_amount": None,
        "balance_transaction": None,
        "billing_details": {"address": dict(NO_ADDRESS), "email": None, "name": None, "phone": None, "tax_id": None},
        "captured": captured,
        "created": store.now(),
        "currency": intent["currency"],
        "customer": intent["customer"],
        "description": intent["description"],
        "disputed": False,
        "failure_balance_transaction": None,
        "failure_code": failure["code"] if failure else None,
        "failure_message": failure["message"] if failure else None,
        "fraud_details": {},
        "livemode": False,
        "metadata": dict(intent["metadata"]),
        "on_behalf_of": intent["on_behalf_of"],
        "paid": status != "failed",
        "payment_intent": intent["id"],
        "payment_method": intent["payment_method"],
        "receipt_email": intent["receipt_email"],
        "receipt_number": None,
        "receipt_url": None,
        "refunded": False,
        "review": None,
        "shipping": None,
        "source": None,
        "source_transfer": None,
        "statement_descriptor": None,
        "statement_descriptor_suffix": intent["statement_descriptor_suffix"],
        "status": status,
        "transfer": None,
        "transfer_data": intent["transfer_data"],
        "transfer_group": intent["transfer_group"],
    }


def refund(store: Store, charged: Object, amount: int, given: dict[str, Any]) -> Object:
    return {
        "id": store.new_id("re"),
        "object": "refund",
        "amount": amount,
        "balance_transaction": None,
        "charge": charged["id"],
        "created": store.now(),
        "currency": charged["currency"],
        "metadata": given.get("metadata") or {},
        "payment_intent": charged["payment_intent"],
        "reason": given.get("reason"),
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": "succeeded",
        "transfer_reversal": None,
    }


def balance_transaction(store: Store, source: Object, amount: int, fee: int, kind: str) -> Object:
    """One line of the provider's statement: `net` is `amount` less `fee`."""
    details = [{"amount": fee, "application": None, "currency": source["currency"], "description": "Processing fee",
                "type": "stripe_fee"}]  # fmt: skip
    return {
        "id": store.new_id("txn"),
        "object": "balance_transaction",
        "amount": amount,
        "available_on": store.now() + 2 * 24 * 3600,
        "balance_type": "payments",
        "created": store.now(),
        "currency": source["currency"],
        "description": source.get("description"),
        "exchange_rate": None,
        "fee": fee,
        "fee_details": details if fee else [],
        "net": amount - fee,
        "reporting_category": kind,
        "source": source["id"],
        "status": "pending",
        "type": kind,
    }


def checkout_session(store: Store, amount: int, currency: str, given: dict[str, Any]) -> Object:
    identifier = store.new_id("cs_test")
    return {
        "id": identifier,
        "object": "checkout.session",
        "amount_subtotal": amount,
        "amount_total": amount,
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "billing_address_collection": None,
        "cancel_url": given.get("cancel_url"),
        "client_reference_id": given.get("client_reference_id"),
        "client_secret": None,
        "created": store.now(),
        "currency": currency,
        "custom_fields": [],
        "custom_text": {"after_submit": None, "shipping_address": None, "submit": None,
                        "terms_of_service_acceptance": None},
        "customer": given.get("customer"),
        "customer_creation": "if_required",
        "customer_details": None,
        "customer_email": given.get("customer_email"),
        "expires_at": given["expires_at"],
        "invoice": None,
        "livemode": False,
        "locale": given.get("locale"),
        "metadata": given.get("metadata") or {},
        "mode": "payment",
        "payment_intent": None,
        "payment_link": None,
        "payment_method_collection": "if_required",
        "payment_method_types": ["card"],
        "payment_status": "unpaid",
        "phone_number_collection": {"enabled": False},
        "setup_intent": None,
        "shipping_options": [],
        "status": "open",
        "submit_type": given.get("submit_type"),
        "subscription": None,
        "success_url": given.get("success_url"),
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        "ui_mode": "hosted_page",
        "url": f"{store.base_url}/_test/checkout/{identifier}",
    }  # fmt: skip
