"""Reads about documents: for their parties, and for anybody who holds a digest."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select, text

from portal.kit.db import db
from portal.kit.errors import NotFound
from portal.kit.tenancy import mine
from portal.signing.models import Document, Signature


class VerifiedDocument(NamedTuple):
    """What the portal confirms about a digest: that a text with it exists, between whom, and who has signed."""

    kind: str
    title: str
    created_at: datetime
    buyer_name: str
    vendor_name: str
    sides: list[str]
    signed_at: datetime | None

    @property
    def is_complete(self) -> bool:
        """Whether both parties have signed."""
        return set(self.sides) == {"buyer", "vendor"}


def verify(sha256: str) -> VerifiedDocument | None:
    """The document with this digest, as anybody may know it; None when the portal knows none."""
    row = db.session.execute(text("SELECT * FROM document_verify(:sha256)"), {"sha256": sha256.lower()}).one_or_none()
    return VerifiedDocument(*row) if row else None


def document(document_id: uuid.UUID) -> Document:
    """A document of one's own company. Raises NotFound."""
    found = db.session.scalar(select(Document).where(mine(Document), Document.id == document_id))
    if found is None:
        raise NotFound
    return found


def signatures_of(document_id: uuid.UUID) -> Sequence[Signature]:
    """The signatures on a document, in the order they were given."""
    query = select(Signature).where(mine(Signature), Signature.document_id == document_id)
    return db.session.scalars(query.order_by(Signature.signed_at)).all()
