"""Stored files: bytes in an object store (a local folder by default, S3 by URL), a row about each in the database.

The bytes are written first under the name of their content, then the row: a crash between the two leaves bytes that
nobody can see, never a row without bytes.
"""

import hashlib
import uuid
from typing import Any

import obstore
from flask import current_app
from obstore.store import LocalStore, from_url
from sqlalchemy import text
from sqlalchemy.orm import Mapped

from portal.kit.audit import Acting
from portal.kit.db import Base, Identified, Stamped, db
from portal.kit.text import clean_line

MAX_NAME = 120


class StoredFile(Identified, Stamped, Base):
    """A file as its owners know it; `key` is where its bytes lie, named by their SHA-256."""

    __tablename__ = "stored_files"
    __tenant__ = ("buyer_id", "vendor_id")

    buyer_id: Mapped[uuid.UUID | None]
    vendor_id: Mapped[uuid.UUID | None]
    name: Mapped[str]
    content_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    key: Mapped[str]


def store() -> Any:
    """The object store: PORTAL_FILES_URL, or the folder `files` in the data folder."""
    url = current_app.config["PORTAL"].files_url
    if url:
        return from_url(url)
    folder = current_app.config["PORTAL"].data_dir / "files"
    folder.mkdir(parents=True, exist_ok=True)
    return LocalStore(str(folder))


def put(
    actor: Acting,
    content: bytes,
    *,
    name: str,
    content_type: str,
    buyer_id: uuid.UUID | None = None,
    vendor_id: uuid.UUID | None = None,
) -> StoredFile:
    """Store bytes for a buyer, a vendor or both. The name is kept for people and never used as a path."""
    digest = hashlib.sha256(content).hexdigest()
    key = f"{digest[:2]}/{digest}"
    _lock(key)
    obstore.put(store(), key, content)
    stored = StoredFile(
        buyer_id=buyer_id,
        vendor_id=vendor_id,
        name=clean_line(name)[-MAX_NAME:] or "file",
        content_type=content_type,
        size=len(content),
        sha256=digest,
        key=key,
    )
    db.session.add(stored)
    db.session.flush()
    return stored


def read(stored: StoredFile) -> bytes:
    """The bytes of a stored file."""
    return bytes(obstore.get(store(), stored.key).bytes())


def delete(stored: StoredFile) -> None:
    """Delete the row, and the bytes unless another row has the same ones. Only files with a policy for it can go.

    The bytes go first, inside the transaction: what breaks off leaves a row without bytes, which is deleted again
    by whoever repeats it, and never bytes that nobody knows of.
    """
    key = stored.key
    db.session.delete(stored)
    db.session.flush()
    _lock(key)
    if db.session.scalar(text("SELECT stored_key_uses(:key)"), {"key": key}):
        return
    try:
        obstore.delete(store(), key)
    except FileNotFoundError:
        return  # gone since an attempt that broke off


def _lock(key: str) -> None:
    """Until the transaction ends nobody else stores or deletes these bytes: a row must not lose them to a deletion."""
    db.session.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": int(key[-15:], 16)})
