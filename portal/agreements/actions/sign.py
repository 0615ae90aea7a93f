"""Signing an agreement: with the second signature it is in force, and billing and implementation begin."""

from flask_babel import lazy_gettext as _l

from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.agreements import notices, queries, signals, terms
from portal.agreements.models import Agreement
from portal.agreements.states import AGREEMENT_MOVES, VERSION_MOVES, AgreementState, VersionState
from portal.agreements.telling import tell_other_party
from portal.billing.actions import open_schedule
from portal.kit import audit, clock, evidence
from portal.kit.db import db
from portal.kit.errors import Conflict
from portal.kit.states import move
from portal.needs.queries import requirement_for
from portal.needs.version_queries import is_confirmed
from portal.signing import actions as signing
from portal.signing import queries as documents

NOT_CONFIRMED = _l(
    "The agreement is signed once both sides have confirmed the last version of the requirement: open “Requirement”."
)


def sign_agreement(actor: Actor, agreement: Agreement, filled_in: signing.Signing) -> Agreement:
    """Sign the current version for the actor's side; the second side's signature puts the agreement in force.

    Raises Conflict when the version cannot be signed (any more), when other bytes were shown, or while not both sides
    have confirmed the last version of the requirement.
    """
    actor.permit(Permission.AGREEMENT_SIGN)
    version = queries.locked_version(agreement)
    if not version.is_signable or version.document_id is None:
        raise Conflict(_l("This version of the text cannot be signed. Open the agreement to see the current one."))
    if not is_confirmed(requirement_for(actor, agreement.requirement_id)):
        raise Conflict(NOT_CONFIRMED)
    document = documents.document(version.document_id)
    signing.sign(actor, document, filled_in)
    both = len(documents.signatures_of(document.id)) == 2
    move(version, VersionState.SIGNED if both else VersionState.PARTLY_SIGNED, VERSION_MOVES, clock.now())
    db.session.flush()
    if both:
        _activate(actor, agreement, document.sha256)
    tell_other_party(actor, agreement, notices.ACTIVE if both else notices.SIGNED)
    return agreement


def _activate(actor: Actor, agreement: Agreement, sha256: str) -> None:
    move(agreement, AgreementState.ACTIVE, AGREEMENT_MOVES, clock.now())
    db.session.flush()
    evidence.append(
        "agreement",
        agreement.id,
        "activation",
        {"document": sha256, "number": agreement.number},
        buyer_id=agreement.buyer_id,
        vendor_id=agreement.vendor_id,
    )
    agreed, forecast = terms.for_billing(agreement.terms)
    open_schedule(
        actor,
        agreement.id,
        agreed,
        buyer_id=agreement.buyer_id,
        vendor_id=agreement.vendor_id,
        agreement_number=agreement.number,
        scenario=forecast,
        timezone=agreement.timezone,
    )
    audit.record(actor, "agreements:agreement:activate", agreement, after={"document": sha256})
    signals.activated.send(agreement, actor=actor)
