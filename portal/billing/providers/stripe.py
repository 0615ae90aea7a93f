"""Stripe by its hosted Checkout page. Stripe is only a rail: invoices and books are the portal's own.

Import this lazily: the library takes a third of a second.
"""

import json
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import stripe

from portal.billing.providers import (
    STRIPE,
    AccountLink,
    AccountStatus,
    Ambiguous,
    BadSignature,
    Collection,
    Gone,
    InboundEvent,
    Payee,
    PayeeNotReady,
    Refused,
    Snapshot,
    TryAgain,
)
from portal.billing.providers import stripe_accounts as accounts
from portal.billing.providers.stripe_units import fee_to_stripe, from_stripe, to_stripe
from portal.billing.states import PaymentState

OF_CHARGE = ("balance_transaction", "transfer", "application_fee")
EXPANDED = [f"payment_intent.latest_charge.{name}" for name in OF_CHARGE]
UNKNOWN_CODES = ("resource_missing", "account_invalid")
NOT_READY_CODE = "insufficient_capabilities_for_transfer"
API_VERSION = "2026-10-28.endive"
TIMEOUT_S = 20


class StripeProvider:
    """The card provider over the Stripe API, or over a stand-in at `api_base` that speaks it."""

    name = STRIPE

    def __init__(
        self, key: str, webhook_secrets: tuple[str, str | None], api_base: str | None, *, is_production: bool
    ) -> None:
        if key.startswith(("sk_live", "rk_live")) and (not is_production or api_base):
            raise ValueError("A live Stripe key is used in production only, and only with Stripe's own address.")
        if not webhook_secrets[0]:
            raise ValueError("An empty webhook secret would let anybody report payments.")
        # All four, or the library would go out to the internet for some calls.
        bases: Any = dict.fromkeys(("api", "connect", "files", "meter_events"), api_base) if api_base else None
        self._secrets = [secret for secret in webhook_secrets if secret]
        self._client = stripe.StripeClient(
            key,
            base_addresses=bases,
            stripe_version=API_VERSION,
            max_network_retries=0,  # the job tries again, with the same stored key
            http_client=stripe.RequestsClient(timeout=TIMEOUT_S),
        )

    def request_for(self, wanted: Collection) -> dict[str, Any]:
        """A Checkout Session for one invoice; page and intent both carry our payment's id.

        A destination charge in the vendor's name: the money goes to its account and only the commission stays here.
        """
        marks = {
            "payment_id": str(wanted.payment_id),
            "invoice_id": str(wanted.invoice_id),
            "env": wanted.environment,
        }
        title = f"{wanted.seller}, invoice {wanted.invoice_number}"
        amount = to_stripe(wanted.amount_minor, wanted.currency)
        price = {
            "currency": wanted.currency.lower(),
            "unit_amount": amount,
            "product_data": {"name": title},
        }
        intent: dict[str, Any] = {
            "metadata": marks,
            "description": title,
            "on_behalf_of": wanted.destination,
            "transfer_data": {"destination": wanted.destination},
        }
        fee = min(fee_to_stripe(wanted.commission_minor, wanted.currency), amount)
        if fee > 0:  # a fee of nothing is refused
            intent["application_fee_amount"] = fee
        back = f"{wanted.base_url}/payments/{wanted.payment_id}"
        return {
            "mode": "payment",
            "line_items": [{"price_data": price, "quantity": 1}],
            "success_url": back,
            "cancel_url": f"{wanted.base_url}/invoices/{wanted.invoice_id}",
            "client_reference_id": str(wanted.payment_id),
            "metadata": marks,
            "payment_intent_data": intent,
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
        for session in self._pages(self._client.v1.checkout.sessions.list, since):
            if (session.get("metadata") or {}).get("payment_id") == str(payment_id):
                return self.fetch(session["id"])
        return None

    def _pages(self, listed: Any, since: datetime, *, slack_s: int = 60) -> Iterator[dict[str, Any]]:
        """Everything of a list that was made since then, newest first; their clock may differ from ours."""
        params: dict[str, Any] = {"created": {"gte": int(since.timestamp()) - slack_s}, "limit": 100}
        while True:
            page = _asked(listed, params)
            yield from page["data"]
            if not page["has_more"]:
                return
            params = {**params, "starting_after": page["data"][-1]["id"]}

    def refund(self, charge_ref: str, amount_minor: int, currency: str, idem_key: str) -> int:
        """Refund what of `amount_minor` has not been refunded yet: keys lapse after a day, the charge remembers.

        Transfer and fee are taken back by flags only, and a flag for what a charge does not have is refused.
        """
        create: Any = self._client.v1.refunds.create
        charge = self._charge(charge_ref)
        missing = to_stripe(amount_minor, currency) - charge["amount_refunded"]
        if missing > 0:
            flags = {}
            if charge.get("transfer"):
                flags["reverse_transfer"] = True
            if charge.get("application_fee"):
                flags["refund_application_fee"] = True
            _asked(create, {"charge": charge_ref, "amount": missing, **flags}, {"idempotency_key": idem_key})
            charge = self._charge(charge_ref)
        reversed_ = (charge.get("transfer") or {}).get("amount_reversed", 0)
        fee_returned = (charge.get("application_fee") or {}).get("amount_refunded", 0)
        return from_stripe(reversed_ - fee_returned, currency)

    def _charge(self, charge_ref: str) -> dict[str, Any]:
        retrieve: Any = self._client.v1.charges.retrieve
        return _asked(retrieve, charge_ref, {"expand": ["transfer", "application_fee"]})

    def account_request(self, wanted: Payee) -> dict[str, Any]:
        """An account of the vendor's own, with Stripe's onboarding."""
        return accounts.account_request(wanted)

    def open_account(self, request: dict[str, Any], idem_key: str) -> AccountStatus:
        """Make the account."""
        create: Any = self._client.v1.accounts.create
        return accounts.status_of(_asked(create, request, {"idempotency_key": idem_key}))

    def find_account(self, company_id: uuid.UUID, since: datetime) -> AccountStatus | None:
        """Walk the list of accounts."""
        for account in self._pages(self._client.v1.accounts.list, since):
            status = accounts.status_of(account)
            if status.company_id == company_id:
                return status
        return None

    def account(self, ref: str) -> AccountStatus:
        """Read the account."""
        retrieve: Any = self._client.v1.accounts.retrieve
        return accounts.status_of(_asked(retrieve, ref))

    def onboarding(self, ref: str, back_url: str, again_url: str) -> AccountLink:
        """A link of Stripe's to its own page."""
        create: Any = self._client.v1.account_links.create
        urls = {"return_url": back_url, "refresh_url": again_url}
        link = _asked(create, {"account": ref, "type": "account_onboarding", **urls})
        return AccountLink(link["url"], timedelta(seconds=link["expires_at"] - link["created"]))

    def verify(self, raw: bytes, signature: str) -> InboundEvent:
        """Check the signature over the raw bytes with the library's own verifier, by either secret."""
        refusal: Exception | None = None
        for secret in self._secrets:
            try:
                event = stripe.Webhook.construct_event(raw, signature, secret)
            except (stripe.SignatureVerificationError, ValueError) as refused:
                refusal = refused
            else:
                return InboundEvent(event.id, event.type, raw)
        raise BadSignature(str(refusal)) from refusal

    def events_since(self, since: datetime) -> Iterator[InboundEvent]:
        """Every event of the platform kept by Stripe (30 days), oldest first."""
        for event in reversed(list(self._pages(self._client.v1.events.list, since, slack_s=0))):
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
        if status == 404 or refused.code in UNKNOWN_CODES:
            raise Gone(str(refused)) from refused
        if refused.code == NOT_READY_CODE:
            raise PayeeNotReady(str(refused)) from refused
        raise Refused(str(refused)) from refused


def _snapshot(session: dict[str, Any]) -> Snapshot:
    intent = session.get("payment_intent") or {}
    charge = intent.get("latest_charge") or {}
    line = charge.get("balance_transaction") or {}
    transfer, fee = charge.get("transfer") or {}, charge.get("application_fee") or {}
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
        destination=(intent.get("transfer_data") or {}).get("destination"),
        transfer_ref=transfer.get("id") if succeeded else None,
        transferred_minor=from_stripe(transfer["amount"] - fee.get("amount", 0), currency)
        if succeeded and transfer
        else 0,
    )


def _state(session: dict[str, Any], intent: dict[str, Any]) -> PaymentState:
    if session["payment_status"] == "paid":
        return PaymentState.SUCCEEDED
    if session["status"] == "expired":
        return PaymentState.CANCELED
    if session["status"] == "open":
        return PaymentState.REQUIRES_ACTION
    return PaymentState.PROCESSING if intent.get("status") == "processing" else PaymentState.FAILED
