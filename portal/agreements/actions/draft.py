"""Drafting an agreement once the winner has accepted, and working on its text until it is offered."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from sqlalchemy import text

from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.agreements import notices, queries, terms, wording
from portal.agreements.models import Agreement, AgreementVersion
from portal.agreements.states import AGREEMENT_MOVES, VERSION_MOVES, AgreementState, VersionState
from portal.agreements.telling import tell_other_party
from portal.kit import audit, clock
from portal.kit.db import check_version, db
from portal.kit.errors import Conflict, Invalid
from portal.kit.states import move
from portal.kit.text import clean_text
from portal.needs.models import Requirement
from portal.needs.version_models import RequirementVersion
from portal.selection.models import Award, Bid
from portal.signing.actions import Draft, prepare

MAX_SPECIAL_TERMS = 8_000
ALREADY_SIGNED = _l("The agreement is signed or refused: its requirement is no longer refined or confirmed.")


@dataclass(frozen=True, slots=True)
class FreeText:
    """The part of a text the parties write themselves, and which wording counts."""

    special_terms: str
    language: str


def draft_agreement(actor: Actor, award: Award, bid: Bid, requirement: Requirement) -> Agreement:
    """Make the agreement of an accepted award, with a first version of its text in the buyer's hands."""
    gathered = terms.gather(requirement, bid)
    starts_on, ends_on = terms.term_of(requirement)
    year = clock.now().year
    number = db.session.execute(
        text("SELECT agreement_number(:buyer, :year)"), {"buyer": requirement.buyer_id, "year": year}
    ).scalar_one()
    agreement = Agreement(
        number=f"AG-{year}-{number:04}",
        requirement_id=requirement.id,
        award_id=award.id,
        bid_id=bid.id,
        buyer_id=requirement.buyer_id,
        vendor_id=bid.vendor_id,
        title=requirement.title,
        mode=requirement.mode,
        starts_on=starts_on,
        ends_on=ends_on,
        timezone=requirement.timezone,
        currency=requirement.currency,
        terms=gathered,
    )
    db.session.add(agreement)
    db.session.flush()
    _add_version(agreement, FreeText("", actor.locale))
    audit.record(actor, "agreements:agreement:draft", agreement, after={"number": agreement.number})
    return agreement


def _add_version(agreement: Agreement, free: FreeText, *, number: int = 1, reason: str = "") -> AgreementVersion:
    version = AgreementVersion(
        agreement_id=agreement.id,
        buyer_id=agreement.buyer_id,
        vendor_id=agreement.vendor_id,
        number=number,
        language=free.language,
        special_terms=_checked(free.special_terms),
        reason=reason,
    )
    db.session.add(version)
    db.session.flush()
    return version


def _checked(special_terms: str) -> str:
    cleaned = clean_text(special_terms)
    if len(cleaned) > MAX_SPECIAL_TERMS:
        raise Invalid(_l("Shorten the special terms to %(n)s characters.", n=MAX_SPECIAL_TERMS), "special_terms")
    return cleaned


def save_text(actor: Actor, agreement: Agreement, free: FreeText, *, version: int) -> AgreementVersion:
    """Change the free part of the current draft. Commercial terms cannot be changed here."""
    actor.permit(Permission.AGREEMENT_EDIT)
    current = queries.locked_version(agreement)
    if current.state != VersionState.DRAFTING:
        raise Conflict(_l("This text was offered already. Propose a new version instead."))
    check_version(current, version, mine=free.special_terms, theirs=current.special_terms)
    current.special_terms, current.language = _checked(free.special_terms), free.language
    db.session.flush()
    audit.record(actor, "agreements:version:edit", current)
    return current


def offer_text(actor: Actor, agreement: Agreement, *, version: int) -> AgreementVersion:
    """Freeze the current draft into a document that both sides can sign."""
    actor.permit(Permission.AGREEMENT_EDIT)
    current = queries.locked_version(agreement)
    check_version(current, version)
    move(current, VersionState.OFFERED, VERSION_MOVES, clock.now())
    _freeze(agreement, current)
    audit.record(actor, "agreements:version:offer", current, after={"number": current.number})
    tell_other_party(actor, agreement, notices.OFFERED)
    return current


def counter_text(actor: Actor, agreement: Agreement, free: FreeText, *, reason: str) -> AgreementVersion:
    """Propose another version of an offered text, with a reason. Signatures on the older one are void."""
    actor.permit(Permission.AGREEMENT_EDIT)
    if not clean_text(reason):
        raise Invalid(_l("Say why you propose another text: the other side will read it."), "reason")
    current = queries.locked_version(agreement)
    move(current, VersionState.SUPERSEDED, VERSION_MOVES, clock.now())
    newer = _add_version(agreement, free, number=current.number + 1, reason=clean_text(reason))
    move(newer, VersionState.OFFERED, VERSION_MOVES, clock.now())
    _freeze(agreement, newer)
    audit.record(actor, "agreements:version:counter", newer, after={"reason": newer.reason})
    tell_other_party(actor, agreement, notices.OFFERED)
    return newer


def take_refinement(actor: Actor, agreement: Agreement, version: RequirementVersion) -> None:
    """Take a refined requirement into a draft's terms. A text that was offered is superseded, its signatures void.

    Raises Conflict once the agreement is signed or refused.
    """
    found = queries.locked(agreement)
    if found.state != AgreementState.DRAFTING:
        raise Conflict(ALREADY_SIGNED)
    found.terms = terms.refined(found.terms, version)
    current = queries.current_version(found)
    if current.is_signable:
        move(current, VersionState.SUPERSEDED, VERSION_MOVES, clock.now())
        free = FreeText(current.special_terms, current.language)
        _add_version(found, free, number=current.number + 1, reason=version.note)
    db.session.flush()
    audit.record(actor, "agreements:agreement:take_refinement", found, after={"version": version.number})


def refuse_text(actor: Actor, agreement: Agreement, *, reason: str) -> None:
    """Refuse to sign: the agreement ends before it began."""
    actor.permit(Permission.AGREEMENT_SIGN)
    if not clean_text(reason):
        raise Invalid(_l("Give a reason: the other side will read it."), "reason")
    current = queries.locked_version(agreement)
    move(current, VersionState.REFUSED, VERSION_MOVES, clock.now())
    move(agreement, AgreementState.REFUSED, AGREEMENT_MOVES, clock.now())
    db.session.flush()
    audit.record(actor, "agreements:agreement:refuse", agreement, after={"reason": clean_text(reason)})
    tell_other_party(actor, agreement, notices.REFUSED, reason=clean_text(reason))


def _freeze(agreement: Agreement, version: AgreementVersion) -> None:
    document = prepare(
        Draft(
            kind="agreement",
            subject_id=agreement.id,
            version_no=version.number,
            title=f"{agreement.number} {agreement.title}",
            buyer_id=agreement.buyer_id,
            vendor_id=agreement.vendor_id,
            language=version.language,
            terms={**agreement.terms, "special_terms": version.special_terms},
            texts=wording.in_all_languages(agreement, version.special_terms, version.language),
        )
    )
    version.document_id = document.id
    db.session.flush()
