"""Documents and signatures. Both are appended; the database refuses to change them."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped

from portal.kit.db import Base, Identified, Stamped


class Document(Identified, Stamped, Base):
    """One version of a text between a buyer and a vendor.

    `texts` holds the wording in each language; `manifest` is the canonical JSON over the terms and the digests of
    all wordings; `sha256` is the manifest's digest, and what both parties sign. `language` is the wording that
    counts where two differ.
    """

    __tablename__ = "documents"
    __tenant__ = ("buyer_id", "vendor_id")

    kind: Mapped[str]
    subject_id: Mapped[uuid.UUID]
    version_no: Mapped[int]
    title: Mapped[str]
    buyer_id: Mapped[uuid.UUID]
    vendor_id: Mapped[uuid.UUID]
    language: Mapped[str]
    texts: Mapped[dict[str, Any]]
    manifest: Mapped[str]
    sha256: Mapped[str]

    __table_args__ = (
        UniqueConstraint("kind", "subject_id", "version_no", name="uq_documents_version"),
        UniqueConstraint("sha256", name="uq_documents_sha256"),
        UniqueConstraint("id", "buyer_id", "vendor_id", name="uq_documents_parties"),
    )

    def wording(self, language: str) -> str:
        """The text in a language, or in the one that counts where there is none."""
        found: str = self.texts.get(language, self.texts[self.language])
        return found


class Signature(Identified, Base):
    """One party's signature: who, in which capacity, on which bytes, having read which wording."""

    __tablename__ = "signatures"
    __tenant__ = ("buyer_id", "vendor_id")

    document_id: Mapped[uuid.UUID]
    buyer_id: Mapped[uuid.UUID]
    vendor_id: Mapped[uuid.UUID]
    side: Mapped[str]
    person_id: Mapped[uuid.UUID]
    typed_name: Mapped[str]
    title: Mapped[str]
    language: Mapped[str]
    sha256: Mapped[str]
    signed_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("document_id", "side", name="uq_signatures_one_per_side"),
        ForeignKeyConstraint(
            ["document_id", "buyer_id", "vendor_id"],
            ["documents.id", "documents.buyer_id", "documents.vendor_id"],
            name="fk_signatures_document",
        ),
    )
