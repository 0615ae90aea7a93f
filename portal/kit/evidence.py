"""The evidence chain: signatures, closings, openings and awards, each bound to the one before by SHA-256.

There is one chain per requirement or agreement. The database appends (`evidence_append`) and refuses every change;
`broken_links` checks a chain without the database, from its rows alone.
"""

import hashlib
import json
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import text
from sqlalchemy.orm import Mapped

from portal.kit.db import Base, Identified, db

Chain = Literal["requirement", "agreement"]
GENESIS = "0" * 64


class EvidenceEntry(Identified, Base):
    """One link: `hash = sha256(previous hash ‖ canonical JSON of everything below)`, in hexadecimal and UTF-8."""

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


def link_hash(entry: EvidenceEntry) -> str:
    """SHA-256 of the previous hash followed by the link's canonical JSON, as `evidence_append` works it out.

    The payload stands in it as it was stored, so that not even its spelling can change unnoticed.
    """
    vendor_id = "null" if entry.vendor_id is None else f'"{entry.vendor_id}"'
    document = (
        f'{{"at":"{entry.at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}","buyer_id":"{entry.buyer_id}"'
        f',"chain":{_quoted(entry.chain)},"chain_id":"{entry.chain_id}","content":{entry.payload}'
        f',"kind":{_quoted(entry.kind)},"position":{entry.position},"vendor_id":{vendor_id}}}'
    )
    return hashlib.sha256((entry.previous_hash + document).encode()).hexdigest()


def _quoted(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


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
        if entry.hash != link_hash(entry):
            faults.append(f"{where}: its content does not give its hash")
        heads[key] = (entry.position, entry.hash)
    return faults
