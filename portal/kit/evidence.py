"""The evidence chain: signatures, closings, openings and awards, each bound to the one before by SHA-256.

There is one chain per requirement or agreement. The database appends (`evidence_append`) and refuses every change;
`broken_links` checks a chain without the database, from its rows alone.
"""

import hashlib
import json
import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import text
from sqlalchemy.orm import Mapped

from portal.kit.db import Base, Identified, db

Chain = Literal["requirement", "agreement"]
GENESIS = "0" * 64


class EvidenceEntry(Identified, Base):
    """One link: `hash = sha256(previous hash ‖ canonical JSON)`, both in hexadecimal and UTF-8."""

    __tablename__ = "evidence_entries"
    __tenant__ = ("buyer_id", "vendor_id")

    chain: Mapped[str]
    chain_id: Mapped[uuid.UUID]
    position: Mapped[int]
    kind: Mapped[str]
    payload: Mapped[str]
    previous_hash: Mapped[str]
    hash: Mapped[str]
    buyer_id: Mapped[uuid.UUID]
    vendor_id: Mapped[uuid.UUID | None]
    at: Mapped[datetime]


def canonical(payload: dict[str, Any]) -> str:
    """The one spelling of a JSON document that is hashed: sorted keys, no spaces, UTF-8 as it is."""
    return json.dumps(payload, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def link_hash(previous: str, payload: str) -> str:
    """SHA-256 of the previous hash followed by the canonical payload."""
    return hashlib.sha256((previous + payload).encode()).hexdigest()


def append(
    chain: Chain,
    chain_id: uuid.UUID,
    kind: str,
    payload: dict[str, Any],
    *,
    buyer_id: uuid.UUID,
    vendor_id: uuid.UUID | None = None,
) -> str:
    """Append one link and give its hash. Concurrent appends to one chain queue behind each other."""
    found: str = db.session.execute(
        text("SELECT evidence_append(:chain, :chain_id, :kind, :payload, :buyer_id, :vendor_id)"),
        {
            "chain": chain,
            "chain_id": chain_id,
            "kind": kind,
            "payload": canonical({"kind": kind, **payload}),
            "buyer_id": buyer_id,
            "vendor_id": vendor_id,
        },
    ).scalar_one()
    return found


def broken_links(entries: Iterable[EvidenceEntry]) -> list[str]:
    """Sentences naming each row that does not follow from the one before; empty for an untouched chain.

    The entries of one or several chains in any order. A removed, changed, added or swapped row is named; rows cut
    off the end show only against a head kept elsewhere.
    """
    faults = []
    heads: dict[tuple[str, uuid.UUID], tuple[int, str]] = {}
    for entry in sorted(entries, key=lambda e: (e.chain, e.chain_id, e.position)):
        key = (entry.chain, entry.chain_id)
        position, previous = heads.get(key, (0, GENESIS))
        where = f"{entry.chain} {entry.chain_id}, link {entry.position}"
        if entry.position != position + 1:
            faults.append(f"{where}: expected link {position + 1}")
        if entry.previous_hash != previous:
            faults.append(f"{where}: does not point at the link before it")
        if entry.hash != link_hash(entry.previous_hash, entry.payload):
            faults.append(f"{where}: its content does not give its hash")
        heads[key] = (entry.position, entry.hash)
    return faults
