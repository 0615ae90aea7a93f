"""What billing asks of a payment provider, in billing's own words.

A provider is called by jobs only, never inside a request or a database transaction. Its three kinds of failure are
told apart, because each needs another next step.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from flask import current_app

from portal.billing.states import AccountStanding, PaymentState

STRIPE = "stripe"
KEY_LIFE = timedelta(hours=23)
"""Providers forget a key after a day; past this age it is not sent again without looking first."""
GRACE = timedelta(minutes=15)
"""How long after sending what was asked for may still turn up at the provider."""


class TryAgain(Exception):
    """Nothing is known, or nothing happened: the same request with the same key may be sent again."""


class Ambiguous(Exception):
    """The provider failed in the middle: look what is there before anything is sent again."""


class Refused(Exception):
    """The provider says no, for good."""


class Gone(Refused):
    """The provider does not know the thing, or not as ours."""


class PayeeNotReady(Refused):
    """The vendor's account may not take this payment."""


class BadSignature(Exception):
    """A message that claims to be from the provider is not."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """How an attempt stands at the provider. Amounts are minor units of ISO 4217, whatever the provider counts in."""

    state: PaymentState
    ref: str | None = None
    page_url: str | None = None
    charge_ref: str | None = None
    received_minor: int = 0
    currency: str = ""
    fee_minor: int | None = None
    fee_ref: str | None = None
    payment_id: uuid.UUID | None = None
    failure: str = ""
    destination: str | None = None
    transfer_ref: str | None = None
    transferred_minor: int = 0
    """What the vendor's account got of it, after the marketplace's share."""


@dataclass(frozen=True, slots=True)
class AccountStatus:
    """How a vendor's account stands at the provider. `restriction` is the provider's own word for what is wrong."""

    ref: str
    standing: AccountStanding
    capabilities: dict[str, str] = field(default_factory=dict)
    requirements_due: list[str] = field(default_factory=list)
    restriction: str = ""
    company_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class AccountLink:
    """The way to the provider's page about an account: for one person, once, for some minutes from its making."""

    url: str
    lasts: timedelta


@dataclass(frozen=True, slots=True)
class Payee:
    """A vendor who wants an account, before it becomes the provider's request."""

    company_id: uuid.UUID
    name: str
    country: str
    email: str
    environment: str


@dataclass(frozen=True, slots=True)
class InboundEvent:
    """An event as the provider sent it. It is a hint to look, never believed by itself."""

    event_id: str
    kind: str
    raw: bytes


@dataclass(frozen=True, slots=True)
class Collection:
    """What is to be collected, before it becomes the provider's request.

    All but the commission goes to the vendor's account `destination` as soon as the buyer has paid.
    """

    payment_id: uuid.UUID
    invoice_id: uuid.UUID
    invoice_number: str
    seller: str
    amount_minor: int
    commission_minor: int
    currency: str
    destination: str
    base_url: str
    environment: str


class CardProvider(Protocol):
    """A provider with a payment page of its own, so that no card number ever reaches the portal."""

    name: str

    def request_for(self, wanted: Collection) -> dict[str, Any]:
        """The request as plain JSON, to be frozen before it is sent."""
        ...

    def start(self, request: dict[str, Any], idem_key: str) -> Snapshot:
        """Send exactly this request under this key. Raises TryAgain, Ambiguous or Refused."""
        ...

    def fetch(self, ref: str) -> Snapshot:
        """How the attempt stands now. Raises TryAgain or Refused."""
        ...

    def find(self, payment_id: uuid.UUID, since: datetime) -> Snapshot | None:
        """The attempt that carries our id, among all since then; None when there is none."""
        ...

    def refund(self, charge_ref: str, amount_minor: int, currency: str, idem_key: str) -> int:
        """Give back up to `amount_minor` in all; sent twice, it is given once.

        The answer is what came back from the vendor's account in all, after the share of the commission in it.
        """
        ...

    def account_request(self, wanted: Payee) -> dict[str, Any]:
        """The request for an account as plain JSON, to be frozen before it is sent."""
        ...

    def open_account(self, request: dict[str, Any], idem_key: str) -> AccountStatus:
        """Make the account, once for a key. Raises TryAgain, Ambiguous or Refused."""
        ...

    def find_account(self, company_id: uuid.UUID, since: datetime) -> AccountStatus | None:
        """The account that carries the company's id, among all since then; None when there is none."""
        ...

    def account(self, ref: str) -> AccountStatus:
        """How the account stands now. Raises TryAgain, Ambiguous or Gone."""
        ...

    def onboarding(self, ref: str, back_url: str, again_url: str) -> AccountLink:
        """A link to the page where the vendor gives what is missing. Raises TryAgain, Ambiguous, Refused or Gone."""
        ...

    def verify(self, raw: bytes, signature: str) -> InboundEvent:
        """The event in these bytes. Raises BadSignature."""
        ...

    def events_since(self, since: datetime) -> Iterator[InboundEvent]:
        """Every event the provider still has, oldest first."""
        ...


def card_provider() -> CardProvider | None:
    """The configured card provider, or None: then the portal bills by bank transfer alone."""
    settings = current_app.config["PORTAL"]
    if not settings.takes_cards:
        return None
    from portal.billing.providers.stripe import StripeProvider

    return StripeProvider(
        settings.stripe_secret_key or "",
        (settings.stripe_webhook_secret or "", settings.stripe_connect_webhook_secret),
        settings.stripe_api_base,
        is_production=settings.is_production,
    )
