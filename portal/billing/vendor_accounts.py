"""Carrying a vendor's account at the card provider through: made once, looked at often, never believed unseen.

Like a payment's, the request and its key were committed before. No call to the provider happens inside a transaction.
"""

import logging
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from flask import current_app
from sqlalchemy import ColumnElement, select

from portal.accounts.actor import Actor
from portal.billing import notices
from portal.billing.models import VendorAccount
from portal.billing.providers import (
    GRACE,
    KEY_LIFE,
    STRIPE,
    AccountLink,
    AccountStatus,
    Ambiguous,
    CardProvider,
    Gone,
    Refused,
    TryAgain,
    card_provider,
)
from portal.billing.states import AccountStanding
from portal.kit import audit, clock, jobs, tenancy
from portal.kit.db import db
from portal.kit.ids import new_id

log = logging.getLogger("portal.billing")

PAGE = "/vendor/card-payments"


@jobs.task("billing.connect_account")
def connect_account(*, vendor_id: str) -> None:
    """Get a vendor the way to the provider's page, with an account if it has none."""
    connect(uuid.UUID(vendor_id))


@jobs.task("billing.check_account")
def check_account(*, vendor_id: str) -> None:
    """Look how a vendor's account stands."""
    refresh(uuid.UUID(vendor_id))


def new_key() -> str:
    """An idempotency key for making an account."""
    return f"account:{new_id()}"


def connect(vendor_id: uuid.UUID) -> None:
    """Make the account where there is none, and a link to the page where the vendor gives what is missing.

    Where nobody waits for a link any more nothing is done, and repeating it makes no second account. One that the
    provider does not know any more is replaced: the vendor asked for it.
    """
    provider = card_provider()
    if provider is None:
        return
    with _own(vendor_id) as account:
        if account.link_wanted_at is None:
            return
    try:
        ref = _opened(provider, vendor_id)
        if refresh(vendor_id) is AccountStanding.LOST:
            _forget(vendor_id, ref)
            ref = _opened(provider, vendor_id)
            refresh(vendor_id)
        base = current_app.config["PORTAL"].base_url
        link = provider.onboarding(ref, f"{base}{PAGE}?back=1", f"{base}{PAGE}?again=1")
    except Refused as refused:
        log.error("an account was refused", extra={"vendor": str(vendor_id), "why": str(refused)})
        with _own(vendor_id) as account:
            account.link_wanted_at, account.failure = None, str(refused)
        return
    _keep(vendor_id, link)


def refresh(vendor_id: uuid.UUID, *, wanted: str | None = None) -> AccountStanding | None:
    """Ask the provider how the account stands and keep that; None where there is no account.

    With `wanted`, an account other than that one counts as none. Raises TryAgain, Ambiguous or Refused.
    """
    provider = card_provider()
    if provider is None:
        return None
    with jobs.transaction(tenancy.member(vendor_id)):
        ref, asked_at = db.session.scalar(select(VendorAccount.ref).where(_of(vendor_id))), clock.now()
    if ref is None or wanted not in (None, ref):
        return None
    try:
        status = provider.account(ref)
    except Gone:
        status = AccountStatus(ref, AccountStanding.LOST)
    if status.company_id not in (None, vendor_id):  # marks can be forged by whoever may make objects there
        log.error("an account does not fit its vendor", extra={"vendor": str(vendor_id)})
        return None
    with _own(vendor_id) as account:
        _take_over(account, status, asked_at)
    return status.standing


def _opened(provider: CardProvider, vendor_id: uuid.UUID) -> str:
    """The account's reference; made by the frozen request under its key, or found by our id, if it has none yet."""
    with _own(vendor_id) as account:
        if account.ref is not None:
            return account.ref
        now = clock.now()
        sent_at = account.sent_at = account.sent_at or now
        age, request, key = now - sent_at, account.request, account.idem_key
    try:
        too_old = age > KEY_LIFE
        status = provider.find_account(vendor_id, sent_at) if too_old else provider.open_account(request, key)
    except Ambiguous:
        status = provider.find_account(vendor_id, sent_at)
    with _own(vendor_id) as account:
        if account.ref is not None:
            return account.ref
        if status is not None:
            account.ref = status.ref
            audit.record(Actor.robot(vendor_id, "vendor"), "billing:account:open", account, after={"ref": status.ref})
            _take_over(account, status, sent_at)
            return status.ref
        if age > GRACE:  # it will not turn up any more: the next try is a new request
            account.idem_key, account.sent_at = new_key(), None
    raise TryAgain("the account has not turned up yet")


def _take_over(account: VendorAccount, status: AccountStatus, asked_at: datetime) -> None:
    """Store what the provider says, unless the account was replaced or something newer is known."""
    if account.ref != status.ref or (account.checked_at is not None and account.checked_at > asked_at):
        return
    before = AccountStanding(account.standing)
    account.standing, account.checked_at = status.standing, asked_at
    account.capabilities, account.requirements_due = status.capabilities, status.requirements_due
    account.restriction = status.restriction
    if before is status.standing:
        return
    if status.standing is AccountStanding.READY:
        account.link_url = None
    db.session.flush()
    audit.record(
        Actor.robot(account.vendor_id, "vendor"),
        "billing:account:check",
        account,
        before={"standing": before},
        after={"standing": status.standing, "restriction": status.restriction},
    )
    if status.standing is AccountStanding.READY:
        notices.account_ready(account.vendor_id)
    elif before is AccountStanding.READY:
        notices.account_lapsed(account.vendor_id)


def _forget(vendor_id: uuid.UUID, ref: str) -> None:
    """Let go of an account that the provider does not know, so that another can be made."""
    with _own(vendor_id) as account:
        account.ref, account.standing = None, AccountStanding.CONNECTING
        account.idem_key, account.sent_at, account.checked_at = new_key(), None, None
        db.session.flush()
        audit.record(Actor.robot(vendor_id, "vendor"), "billing:account:forget", account, before={"ref": ref})


def _keep(vendor_id: uuid.UUID, link: AccountLink) -> None:
    with _own(vendor_id) as account:
        account.link_wanted_at, account.failure = None, ""
        account.link_url, account.link_given_at = link.url, clock.now()
        account.link_expires_at = account.link_given_at + link.lasts


@contextmanager
def _own(vendor_id: uuid.UUID) -> Iterator[VendorAccount]:
    """The vendor's account, locked, in a transaction of its own."""
    with jobs.transaction(tenancy.member(vendor_id)):
        yield db.session.scalars(select(VendorAccount).where(_of(vendor_id)).with_for_update()).one()


def _of(vendor_id: uuid.UUID) -> ColumnElement[bool]:
    return (VendorAccount.vendor_id == vendor_id) & (VendorAccount.provider == STRIPE)
