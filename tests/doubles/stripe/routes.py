"""The routes that are modelled, each with the parameters it understands; the rest of the API answers 501.

A handler gets checked, typed parameters and runs under the store's lock. It either changes the store and returns the
object to answer with, or raises a refusal.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.doubles.stripe import accounts, checkout, connect, listing, objects, payments
from tests.doubles.stripe.errors import invalid_request, no_such, not_modelled
from tests.doubles.stripe.store import Object, Store
from tests.doubles.stripe.validation import Route

Params = dict[str, Any]
Handler = Callable[[Store, dict[str, str], Params], Object]
PAGING = "limit starting_after ending_before expand"


@dataclass(frozen=True)
class Modelled:
    """A handler and the top-level parameters it takes into account."""

    handler: Handler
    understands: frozenset[str]


ROUTES: dict[str, Modelled] = {}


def modelled(name: str, understands: str = "") -> Callable[[Handler], Handler]:
    def register(handler: Handler) -> Handler:
        ROUTES[name] = Modelled(handler, frozenset(f"expand {understands}".split()))
        return handler

    return register


def perform(store: Store, route: Route, ids: dict[str, str], params: Params) -> Object:
    """Run the route's handler; 501 for a route or a parameter that is legal but not modelled."""
    checkout.expire_overdue(store)
    found = modelled_route(route, params)
    answer = found.handler(store, ids, params)
    return listing.expanded(store, answer, params.get("expand", []))


def modelled_route(route: Route, params: Params) -> Modelled:
    found = ROUTES.get(route.name)
    if found is None:
        raise not_modelled(f"the route {route.name}")
    if unknown := sorted(set(params) - found.understands):
        raise not_modelled(f"the parameter {unknown[0]} of {route.name}")
    return found


def _list(name: str, noun: str, filters: str) -> None:
    @modelled(name, f"{PAGING} {filters}")
    def listed(store: Store, _ids: dict[str, str], params: Params) -> Object:
        return listing.page(store.of_kind(noun), params, name.partition(" ")[2])


def _retrieve(name: str, noun: str) -> None:
    @modelled(name)
    def retrieved(store: Store, ids: dict[str, str], _params: Params) -> Object:
        return store.get(noun, next(iter(ids.values())))


_list("GET /v1/customers", "customer", "created email")
_list("GET /v1/checkout/sessions", "checkout.session", "created customer payment_intent status")
_list("GET /v1/payment_intents", "payment_intent", "created customer")
_list("GET /v1/charges", "charge", "created customer payment_intent")
_list("GET /v1/refunds", "refund", "created charge payment_intent")
_list("GET /v1/balance_transactions", "balance_transaction", "created currency source type")
_list("GET /v1/accounts", "account", "created")
_list("GET /v1/transfers", "transfer", "created destination transfer_group")
_list("GET /v1/application_fees", "application_fee", "created charge")
_retrieve("GET /v1/accounts/{account}", "account")
_retrieve("GET /v1/transfers/{transfer}", "transfer")
_retrieve("GET /v1/application_fees/{id}", "application_fee")
_retrieve("GET /v1/customers/{customer}", "customer")
_retrieve("GET /v1/checkout/sessions/{session}", "checkout.session")
_retrieve("GET /v1/payment_intents/{intent}", "payment_intent")
_retrieve("GET /v1/charges/{charge}", "charge")
_retrieve("GET /v1/refunds/{refund}", "refund")
_retrieve("GET /v1/balance_transactions/{id}", "balance_transaction")

CUSTOMER_FIELDS = "address description email metadata name phone preferred_locales tax_exempt"


@modelled("POST /v1/customers", CUSTOMER_FIELDS)
def create_customer(store: Store, _ids: dict[str, str], params: Params) -> Object:
    made = store.add(objects.customer(store, params))
    store.emit("customer.created", made)
    return made


@modelled("POST /v1/customers/{customer}", CUSTOMER_FIELDS)
def update_customer(store: Store, ids: dict[str, str], params: Params) -> Object:
    found = store.get("customer", ids["customer"])
    changes = {name: value for name, value in params.items() if name not in ("expand", "metadata")}
    found.update({name: value or None for name, value in changes.items()})
    for name, value in (params.get("metadata") or {}).items():
        found["metadata"][name] = value
    found["metadata"] = {name: value for name, value in found["metadata"].items() if value}
    store.emit("customer.updated", found)
    return found


@modelled(
    "POST /v1/checkout/sessions",
    "mode ui_mode line_items success_url cancel_url client_reference_id customer customer_email expires_at locale "
    "metadata payment_intent_data submit_type",
)
def create_session(store: Store, _ids: dict[str, str], params: Params) -> Object:
    return checkout.create(store, params)


@modelled("POST /v1/checkout/sessions/{session}/expire")
def expire_session(store: Store, ids: dict[str, str], _params: Params) -> Object:
    return checkout.expire(store, store.get("checkout.session", ids["session"]))


@modelled(
    "POST /v1/payment_intents",
    "amount currency customer description metadata payment_method confirm off_session receipt_email return_url "
    "statement_descriptor_suffix transfer_group transfer_data application_fee_amount on_behalf_of",
)
def create_intent(store: Store, _ids: dict[str, str], params: Params) -> Object:
    amount, currency = objects.checked_amount(params["amount"], params["currency"])
    if params.get("customer"):
        store.get("customer", params["customer"], param="customer")
    method = params.get("payment_method")
    if method and method not in payments.CARDS:
        raise no_such("PaymentMethod", method, param="payment_method")
    if params.get("off_session") and not params.get("confirm"):
        raise invalid_request("off_session can only be used together with confirm.", param="off_session")
    connect.check(store, params, amount)
    intent = store.add(objects.payment_intent(store, amount, currency, params))
    store.emit("payment_intent.created", intent)
    if params.get("confirm"):
        payments.confirm(store, intent, method, off_session=bool(params.get("off_session")))
    return intent


@modelled("POST /v1/payment_intents/{intent}/confirm", "payment_method off_session return_url receipt_email")
def confirm_intent(store: Store, ids: dict[str, str], params: Params) -> Object:
    intent = store.get("payment_intent", ids["intent"])
    _not_of_a_session(store, intent)
    return payments.confirm(store, intent, params.get("payment_method"), off_session=bool(params.get("off_session")))


@modelled("POST /v1/payment_intents/{intent}/cancel", "cancellation_reason")
def cancel_intent(store: Store, ids: dict[str, str], params: Params) -> Object:
    intent = store.get("payment_intent", ids["intent"])
    _not_of_a_session(store, intent)
    return payments.cancel(store, intent, params.get("cancellation_reason"))


def _not_of_a_session(store: Store, intent: Object) -> None:
    """The intent of an open Checkout Session belongs to it: expire the session instead."""
    if any(s["payment_intent"] == intent["id"] and s["status"] == "open" for s in store.of_kind("checkout.session")):
        raise invalid_request("This PaymentIntent was created by a Checkout Session; expire the session instead.")


@modelled("POST /v1/refunds", "amount charge payment_intent metadata reason reverse_transfer refund_application_fee")
def create_refund(store: Store, _ids: dict[str, str], params: Params) -> Object:
    if ("charge" in params) == ("payment_intent" in params):
        raise invalid_request("One of charge or payment_intent is required, not both.", param="payment_intent")
    identifier = params.get("charge")
    if identifier is None:
        intent = store.get("payment_intent", params["payment_intent"], param="payment_intent")
        identifier = intent["latest_charge"]
        if identifier is None:
            raise invalid_request(f"PaymentIntent {intent['id']} has no charge to refund.", param="payment_intent")
    charged = store.get("charge", identifier, param="charge")
    return payments.refund(store, charged, params.get("amount"), params)


@modelled("GET /v1/events", f"{PAGING} type types created")
def list_events(store: Store, _ids: dict[str, str], params: Params) -> Object:
    """The platform's own; those of connected accounts are listed for that account only."""
    return listing.page((one for one in store.kept_events() if "account" not in one), params, "/v1/events")


@modelled("POST /v1/accounts", "business_profile business_type capabilities controller country email metadata")
def create_account(store: Store, _ids: dict[str, str], params: Params) -> Object:
    return accounts.create(store, params)


@modelled("POST /v1/account_links", "account type return_url refresh_url collection_options")
def create_account_link(store: Store, _ids: dict[str, str], params: Params) -> Object:
    return accounts.link(store, params)


@modelled("GET /v1/events/{id}")
def retrieve_event(store: Store, ids: dict[str, str], _params: Params) -> Object:
    for event in store.kept_events():
        if event["id"] == ids["id"]:
            return event
    raise no_such("event", ids["id"])


@modelled("GET /v1/balance")
def retrieve_balance(store: Store, _ids: dict[str, str], _params: Params) -> Object:
    """Everything counts as available at once; settlement delay is not modelled."""
    held = {currency: accounts.get("platform", 0) for currency, accounts in sorted(store.ledger.balances().items())}
    rows = [{"amount": sum_, "currency": code, "source_types": {"card": sum_}} for code, sum_ in held.items()]
    none = [{**row, "amount": 0, "source_types": {"card": 0}} for row in rows]
    return {"object": "balance", "available": rows, "livemode": False, "pending": none}
