"""Stripe by its hosted Checkout page. Stripe is only a rail: invoices and books are the portal's own.

Import this lazily: the library takes a third of a second.
"""

import json
import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import stripe

from portal.billing.providers import Ambiguous, BadSignature, Collection, InboundEvent, Refused, Snapshot, TryAgain
from portal.billing.providers.stripe_units import from_stripe, to_stripe
from portal.billing.states import PaymentState

EXPANDED = ["payment_intent.latest_charge.balance_transaction"]
API_VERSION = "2026-10-28.endive"
TIMEOUT_S = 20


class StripeProvider:
    """The card provider over the Stripe API, or over a stand-in at `api_base` that speaks it."""

    name = "stripe"

    def __init__(self, key: str, webhook_secret: str, api_base: str | None, *, is_production: bool) -> None:
        if key.startswith(("sk_live", "rk_live")) and (not is_production or api_base):
            raise ValueError("A live Stripe key is used in production only, and only with Stripe's own address.")
        if not webhook_secret:
            raise ValueError("An empty webhook secret would let anybody report payments.")
        # All four, or the library would go out to the internet for some calls.
        bases: Any = dict.fromkeys(("api", "connect", "files", "meter_events"), api_base) if api_base else None
        self._secret = webhook_secret
        self._client = stripe.StripeClient(
            key,
            base_addresses=bases,
            stripe_version=API_VERSION,
            max_network_retries=0,  # the job tries again, with the same stored key
            http_client=stripe.RequestsClient(timeout=TIMEOUT_S),
        )

    def request_for(self, wanted: Collection) -> dict[str, Any]:
        """A Checkout Session for one invoice; page and intent both carry our payment's id."""
        marks = {
            "payment_id": str(wanted.payment_id),
            "invoice_id": str(wanted.invoice_id),
            "env": wanted.environment,
        }
        title = f"{wanted.seller}, invoice {wanted.invoice_number}"
        price = {
            "currency": wanted.currency.lower(),
            "unit_amount": to_stripe(wanted.amount_minor, wanted.currency),
            "product_data": {"name": title},
        }
        back = f"{wanted.base_url}/payments/{wanted.payment_id}"
        return {
            "mode": "payment",
            "line_items": [{"price_data": price, "quantity": 1}],
            "success_url": back,
            "cancel_url": f"{wanted.base_url}/invoices/{wanted.invoice_id}",
            "client_reference_id": str(wanted.payment_id),
            "metadata": marks,
            "payment_intent_data": {"metadata": marks, "description": title},
        }

    def start(self, request: dict[str, Any], idem_key: str) -> Snapshot:
        """Open the payment page."""
        create: Any = self._client.v1.checkout.sessions.create
        return _snapshot(_asked(create, {**request, "expand": EXPANDED}, {"idempotency_key": idem_key}))

    def fetch(self, ref: str) -> Snapshot:
        """Read the session with its intent, charge and fee."""
        retrieve: Any = self._client.v1.checkout.sessions.retrieve
        return _snapshot(_asked(retrieve, ref, {"expand": EXPANDED}))

    def find(self, payment_id: uuid.UUID, since: datetime) -> Snapshot | None:
        """Walk the list of sessions: search would be quicker, but it lags behind."""
        listed: Any = self._client.v1.checkout.sessions.list
        params: dict[str, Any] = {"created": {"gte": int(since.timestamp()) - 60}, "limit": 100}
        while True:
            page = _asked(listed, params)
            for session in page["data"]:
                if (session.get("metadata") or {}).get("payment_id") == str(payment_id):
                    return self.fetch(session["id"])
            if not page["has_more"]:
                return None
            params = {**params, "starting_after": page["data"][-1]["id"]}

    def refund(self, charge_ref: str, amount_minor: int, currency: str, idem_key: str) -> None:
        """Refund what of `amount_minor` has not been refunded yet: keys lapse after a day, the charge remembers."""
        retrieve: Any = self._client.v1.charges.retrieve
        create: Any = self._client.v1.refunds.create
        missing = to_stripe(amount_minor, currency) - _asked(retrieve, charge_ref)["amount_refunded"]
        if missing > 0:
            _asked(create, {"charge": charge_ref, "amount": missing}, {"idempotency_key": idem_key})

    def verify(self, raw: bytes, signature: str) -> InboundEvent:
        """Check the signature over the raw bytes with the library's own verifier."""
        try:
            event = stripe.Webhook.construct_event(raw, signature, self._secret)
        except (stripe.SignatureVerificationError, ValueError) as refused:
            raise BadSignature(str(refused)) from refused
        return InboundEvent(event.id, event.type, raw)

    def events_since(self, since: datetime) -> Iterator[InboundEvent]:
        """Every event kept by Stripe (30 days), oldest first."""
        listed: Any = self._client.v1.events.list
        params: dict[str, Any] = {"created": {"gte": int(since.timestamp())}, "limit": 100}
        found: list[dict[str, Any]] = []
        while True:
            page = _asked(listed, params)
            found.extend(page["data"])
            if not page["has_more"]:
                break
            params = {**params, "starting_after": page["data"][-1]["id"]}
        for event in reversed(found):
            yield InboundEvent(event["id"], event["type"], json.dumps(event).encode())


def _asked(call: Any, *arguments: Any) -> dict[str, Any]:
    """The plain JSON of an answer, with the library's errors told apart by what they mean for the next step."""
    try:
        answer: dict[str, Any] = json.loads(str(call(*arguments)))
        return answer
    except (stripe.APIConnectionError, stripe.RateLimitError) as nothing:
        raise TryAgain(str(nothing)) from nothing
    except stripe.StripeError as refused:
        status = refused.http_status or 0
        if status == 409:
            raise TryAgain(str(refused)) from refused
        if status >= 500:
            raise Ambiguous(str(refused)) from refused
        raise Refused(str(refused)) from refused


def _snapshot(session: dict[str, Any]) -> Snapshot:
    intent = session.get("payment_intent") or {}
    charge = intent.get("latest_charge") or {}
    line = charge.get("balance_transaction") or {}
    currency = session["currency"].upper()
    state = _state(session, intent)
    succeeded = state is PaymentState.SUCCEEDED
    marks = session.get("metadata") or {}
    return Snapshot(
        state=state,
        ref=session["id"],
        page_url=session.get("url"),
        charge_ref=charge.get("id") if succeeded else None,
        received_minor=from_stripe(intent["amount_received"], currency) if succeeded else 0,
        currency=currency,
        fee_minor=from_stripe(line["fee"], currency) if succeeded and line else None,
        fee_ref=line.get("id") if succeeded else None,
        payment_id=uuid.UUID(marks["payment_id"]) if "payment_id" in marks else None,
        failure=(intent.get("last_payment_error") or {}).get("code") or "",
    )


def _state(session: dict[str, Any], intent: dict[str, Any]) -> PaymentState:
    if session["payment_status"] == "paid":
        return PaymentState.SUCCEEDED
    if session["status"] == "expired":
        return PaymentState.CANCELED
    if session["status"] == "open":
        return PaymentState.REQUIRES_ACTION
    return PaymentState.PROCESSING if intent.get("status") == "processing" else PaymentState.FAILED
