"""Preparing a text and signing it."""

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from portal.accounts import sessions
from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.kit import audit, clock, evidence
from portal.kit.db import db
from portal.kit.errors import Conflict, Invalid
from portal.kit.text import clean_line, fold
from portal.signing.models import Document, Signature


@dataclass(frozen=True, slots=True)
class Draft:
    """What a document is made of: its terms as plain JSON and its wording in each language."""

    kind: str
    subject_id: uuid.UUID
    version_no: int
    title: str
    buyer_id: uuid.UUID
    vendor_id: uuid.UUID
    language: str
    terms: Mapping[str, Any]
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Signing:
    """What a signatory fills in, and the digest of the bytes their page showed."""

    typed_name: str
    title: str
    authority: bool
    password: str
    shown_sha256: str
    language: str


def prepare(draft: Draft) -> Document:
    """Freeze a draft into a document: its manifest, and the digest that will be signed."""
    manifest = evidence.canonical(
        {
            "kind": draft.kind,
            "subject": str(draft.subject_id),
            "version": draft.version_no,
            "title": draft.title,
            "buyer": str(draft.buyer_id),
            "vendor": str(draft.vendor_id),
            "language": draft.language,
            "terms": draft.terms,
            "texts": {language: _digest(wording) for language, wording in draft.texts.items()},
        }
    )
    document = Document(
        kind=draft.kind,
        subject_id=draft.subject_id,
        version_no=draft.version_no,
        title=draft.title,
        buyer_id=draft.buyer_id,
        vendor_id=draft.vendor_id,
        language=draft.language,
        texts=dict(draft.texts),
        manifest=manifest,
        sha256=_digest(manifest),
    )
    db.session.add(document)
    db.session.flush()
    return document


def _digest(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()


def sign(actor: Actor, document: Document, signing: Signing) -> Signature:
    """Sign a document for the actor's side.

    The caller holds a lock on the document's subject and has checked that this version may be signed. Raises
    Invalid at the field that is missing or wrong, and Conflict when other bytes were shown or the side has signed.
    """
    actor.permit(Permission.AGREEMENT_SIGN)
    if signing.shown_sha256 != document.sha256:
        raise Conflict(
            _l("The text has changed since you opened this page. Nothing was signed; read the new text first.")
        )
    if fold(clean_line(signing.typed_name)) != fold(actor.person_name):
        raise Invalid(_l("Type your name exactly as in your account: %(name)s.", name=actor.person_name), "typed_name")
    if not clean_line(signing.title):
        raise Invalid(_l("Say in which capacity you sign, such as managing director."), "title")
    if not signing.authority:
        raise Invalid(_l("Confirm that you may sign for your company, or ask somebody who may."), "authority")
    sessions.confirm_password(actor, signing.password)
    side = "buyer" if actor.company_id == document.buyer_id else "vendor"
    if db.session.scalar(select(Signature.id).where(Signature.document_id == document.id, Signature.side == side)):
        raise Conflict(_l("Your company has signed this text already."))
    assert actor.person_id is not None
    signature = Signature(
        document_id=document.id,
        buyer_id=document.buyer_id,
        vendor_id=document.vendor_id,
        side=side,
        person_id=actor.person_id,
        typed_name=clean_line(signing.typed_name),
        title=clean_line(signing.title),
        language=signing.language,
        sha256=document.sha256,
        signed_at=clock.instant(),
    )
    db.session.add(signature)
    db.session.flush()
    evidence.append(
        "agreement",
        document.subject_id,
        "signature",
        {
            "document": document.sha256,
            "side": side,
            "person": str(actor.person_id),
            "title": signature.title,
            "language": signature.language,
            "at": signature.signed_at.isoformat(),
        },
        buyer_id=document.buyer_id,
        vendor_id=document.vendor_id,
    )
    audit.record(actor, "signing:document:sign", document, after={"side": side, "sha256": document.sha256})
    return signature
