"""The double-entry ledger: what each company and the platform has, owes and earned, in journals that sum to zero.

Debits are positive, credits negative. The database function `ledger_post` is the only writer; a journal is named by
what caused it and is written once, however often that cause is reported. Nothing here is ever changed or removed.
"""

import json
import uuid
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Mapped

from portal.kit.db import Base, Identified, db


class Account(StrEnum):
    """The kinds of account. Those of a company have it as owner; the others belong to the platform."""

    BUYER_RECEIVABLE = "buyer_receivable"
    UNAPPLIED_CASH = "unapplied_cash"
    VENDOR_PAYABLE_PENDING = "vendor_payable_pending"
    VENDOR_PAYABLE_AVAILABLE = "vendor_payable_available"
    COMMISSION_UNEARNED = "commission_unearned"
    COMMISSION_REVENUE = "commission_revenue"
    STRIPE_CLEARING = "stripe_clearing"
    BANK_CLEARING = "bank_clearing"
    PROCESSING_EXPENSE = "processing_expense"


Entry = Mapping[tuple[Account, uuid.UUID | None], int]


class LedgerAccount(Identified, Base):
    """One account: an owner (none for the platform), a kind, a currency."""

    __tablename__ = "ledger_accounts"
    __tenant__ = ("owner_id",)

    owner_id: Mapped[uuid.UUID | None]
    kind: Mapped[str]
    currency: Mapped[str]


class Journal(Identified, Base):
    """Why postings were made: `kind` of `source_type` `source_id`, once."""

    __tablename__ = "journals"
    __tenant__ = ("buyer_id", "vendor_id")

    source_type: Mapped[str]
    source_id: Mapped[str]
    kind: Mapped[str]
    buyer_id: Mapped[uuid.UUID]
    vendor_id: Mapped[uuid.UUID]
    posted_at: Mapped[datetime]


class Posting(Identified, Base):
    """An amount on an account, debit above zero."""

    __tablename__ = "postings"
    __tenant__ = ("owner_id",)

    journal_id: Mapped[uuid.UUID]
    account_id: Mapped[uuid.UUID]
    owner_id: Mapped[uuid.UUID | None]
    currency: Mapped[str]
    amount_minor: Mapped[int]


def post(
    source_type: str,
    source_id: object,
    kind: str,
    *,
    buyer_id: uuid.UUID,
    vendor_id: uuid.UUID,
    currency: str,
    amounts: Entry,
) -> bool:
    """Write a journal in the current transaction; False when this cause has been booked before.

    `amounts` maps (account, owner) to minor units, debit above zero; they must sum to zero. Amounts of zero are left
    out. The caller's company must be one of the two parties.
    """
    if sum(amounts.values()) != 0:
        raise ValueError(f"unbalanced journal {source_type} {kind}: {dict(amounts)}")
    lines = [
        {"kind": account.value, "owner": str(owner) if owner else None, "amount": amount}
        for (account, owner), amount in amounts.items()
        if amount
    ]
    entry: dict[str, Any] = {
        "source_type": source_type,
        "source_id": str(source_id),
        "kind": kind,
        "buyer_id": str(buyer_id),
        "vendor_id": str(vendor_id),
        "currency": currency,
        "postings": lines,
    }
    posted = db.session.execute(text("SELECT ledger_post(cast(:entry AS jsonb))"), {"entry": json.dumps(entry)})
    return posted.scalar_one() is not None
