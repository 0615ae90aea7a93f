"""The life of a Checkout Session: made, paid or declined on the hosted page, expired. The store's lock is held."""

from typing import Any

from tests.doubles.stripe import connect, objects, payments
from tests.doubles.stripe.errors import invalid_request, not_modelled, wrong_state
from tests.doubles.stripe.store import Object, Store

SHORTEST, LONGEST = 30 * 60, 24 * 3600
LINE_FIELDS = {"price_data", "quantity"}
PRICE_FIELDS = {"currency", "unit_amount", "product_data"}
INTENT_FIELDS = {
    "application_fee_amount", "description", "metadata", "on_behalf_of", "receipt_email", "statement_descriptor_suffix",
    "transfer_data", "transfer_group",
}  # fmt: skip


def create(store: Store, given: dict[str, Any]) -> Object:
    """A hosted one-off payment; other modes and catalogue prices are legal but not modelled."""
    if given.get("mode") != "payment":
        raise not_modelled("Checkout Sessions of a mode other than payment")
    if given.get("ui_mode", "hosted_page") != "hosted_page":
        raise not_modelled("embedded Checkout")
    if not given.get("success_url"):
        raise invalid_request("Missing required param: success_url.", code="parameter_missing", param="success_url")
    if given.get("customer"):
        store.get("customer", given["customer"], param="customer")
        if given.get("customer_email"):
            raise invalid_request("You may only specify one of customer and customer_email.", param="customer_email")
    unknown = set(given.get("payment_intent_data") or {}) - INTENT_FIELDS
    if unknown:
        raise not_modelled(f"payment_intent_data[{sorted(unknown)[0]}]")
    amount, currency = _total(given.get("line_items") or [])
    connect.check(store, given.get("payment_intent_data") or {}, amount)
    now = store.now()
    given["expires_at"] = given.get("expires_at") or now + LONGEST
    if not now + SHORTEST - 5 <= given["expires_at"] <= now + LONGEST + 5:
        raise invalid_request("expires_at must be between 30 minutes and 24 hours from now.", param="expires_at")
    session = store.add(objects.checkout_session(store, amount, currency, given))
    store.hidden[session["id"]] = {
        "intent": given.get("payment_intent_data") or {},
        "lines": [_described(line) for line in given["line_items"]],
    }
    return session


def _total(lines: list[dict[str, Any]]) -> tuple[int, str]:
    if not lines:
        raise invalid_request("Missing required param: line_items.", code="parameter_missing", param="line_items")
    currencies, amount = set(), 0
    for line in lines:
        if set(line) - LINE_FIELDS or "price_data" not in line:
            raise not_modelled("line_items other than price_data and quantity")
        if set(line["price_data"]) - PRICE_FIELDS or "unit_amount" not in line["price_data"]:
            raise not_modelled("price_data other than currency, unit_amount and product_data")
        currencies.add(line["price_data"]["currency"].lower())
        amount += line["price_data"]["unit_amount"] * line.get("quantity", 1)
    if len(currencies) > 1:
        raise invalid_request("All line items must have the same currency.", param="line_items")
    return objects.checked_amount(amount, currencies.pop(), param="line_items")


def _described(line: dict[str, Any]) -> dict[str, Any]:
    price, quantity = line["price_data"], line.get("quantity", 1)
    name = (price.get("product_data") or {}).get("name", "")
    return {"name": name, "quantity": quantity, "amount": price["unit_amount"] * quantity}


def pay(store: Store, session: Object, method: str) -> Object:
    """The visitor pays on the hosted page; a refusal is raised and leaves the session open for another card."""
    if session["status"] != "open":
        raise not_open(session)
    hidden = store.hidden[session["id"]]
    if session["payment_intent"] is None:
        given = {**hidden["intent"], "customer": session["customer"]}
        intent = store.add(objects.payment_intent(store, session["amount_total"], session["currency"], given))
        session["payment_intent"] = intent["id"]
        store.emit("payment_intent.created", intent)
    intent = store.get("payment_intent", session["payment_intent"])
    card = payments.CARDS[method]
    if card.needs_authentication:  # on the hosted page the bank's question is answered at once
        payments.settle(store, payments.confirm(store, intent, method), paid=True)
    else:
        payments.confirm(store, intent, method)
    session.update(
        status="complete",
        url=None,
        payment_status="paid" if intent["status"] == "succeeded" else "unpaid",
        customer_details={
            "address": dict(objects.NO_ADDRESS), "email": session["customer_email"], "name": None, "phone": None,
            "tax_exempt": "none", "tax_ids": [],
        },
    )  # fmt: skip
    store.emit("checkout.session.completed", session)
    return session


def expire(store: Store, session: Object) -> Object:
    if session["status"] != "open":
        raise not_open(session)
    session.update(status="expired", url=None)
    if session["payment_intent"]:
        intent = store.get("payment_intent", session["payment_intent"])
        if intent["status"] in payments.CONFIRMABLE:
            payments.cancel(store, intent, "automatic")
    store.emit("checkout.session.expired", session)
    return session


def expire_overdue(store: Store) -> None:
    """Sessions end by themselves at `expires_at`."""
    for session in list(store.of_kind("checkout.session")):
        if session["status"] == "open" and session["expires_at"] <= store.now():
            expire(store, session)


def not_open(session: Object) -> Exception:
    return wrong_state(
        f'Only Checkout Sessions with a status in ["open"] can be used. This Session has a status of '
        f"{session['status']}.",
        code="resource_invalid_state",
    )
