"""Writing a review, and answering one."""

from collections.abc import Mapping
from datetime import timedelta

from flask_babel import lazy_gettext as _l

from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.agreements import queries as agreements
from portal.agreements.models import Agreement
from portal.catalog import directory
from portal.kit import audit, clock
from portal.kit.db import check_version, db
from portal.kit.errors import Conflict, Forbidden, Invalid
from portal.kit.rounding import rounded
from portal.kit.states import move
from portal.kit.text import clean_text
from portal.messaging import notify
from portal.reviews import notices, queries
from portal.reviews.actions.windows import settle_window
from portal.reviews.models import Review
from portal.reviews.rating import weighted_score
from portal.reviews.ratings import DECIMALS
from portal.reviews.states import REVIEW_MOVES, ReviewState

SHORTEST, LONGEST = 50, 2000
"""Characters of a review: short ones help nobody."""
LONGEST_ANSWER = 2000
ANSWER_WITHIN = timedelta(days=28)


def write_review(
    actor: Actor,
    agreement: Agreement,
    review: Review,
    *,
    scores: Mapping[str, int | None],
    recommends: bool,
    text: str,
    is_anonymous: bool,
    version: int,
) -> Review:
    """Write the own side's review, or change it while nobody else has seen it.

    `scores` holds a mark from 1 to 5 by criterion of the side, None for not applicable. It stays hidden until the
    other side has written too or the window is over; with the second one both are published at once.
    Raises Forbidden for who belongs to both companies, Conflict when the window is over, StaleVersion, Invalid.
    """
    actor.permit(Permission.REVIEW_WRITE)
    if queries.is_in_both(agreement):
        raise Forbidden(_l("You belong to both companies, so you cannot review one for the other."))
    agreements.locked(agreement)
    db.session.refresh(review)
    window = queries.window_of(review)
    if review.author_side != actor.company_kind or not review.is_writable or clock.instant() >= window.closes_at:
        raise Conflict(_l("The window of this review is over. Nothing was changed."))
    check_version(review, version, mine=text, theirs=review.text)
    words = clean_text(text)
    if not SHORTEST <= len(words) <= LONGEST:
        raise Invalid(_l("Write between %(least)s and %(most)s characters.", least=SHORTEST, most=LONGEST), "text")
    weighted = weighted_score(review.side, scores)
    if weighted is None:
        raise Invalid(_l("Give a mark for at least one criterion."))
    if review.state == ReviewState.INVITED:
        move(review, ReviewState.HIDDEN, REVIEW_MOVES, clock.now())
    review.scores, review.weighted = dict(scores), f"{rounded(weighted, DECIMALS):f}"
    review.recommends, review.text, review.is_anonymous = recommends, words, is_anonymous
    review.written_by = actor.person_name
    db.session.flush()
    audit.record(actor, "reviews:review:write", review, after={"window": window.number}, sealed=True)
    settle_window(actor, window)
    return review


def answer_review(actor: Actor, agreement: Agreement, review: Review, *, text: str, version: int) -> Review:
    """Answer a published review about the own company: once, publicly, within 28 days.

    Raises Forbidden for the author's own side, Conflict for a second answer or a late one.
    """
    actor.permit(Permission.REVIEW_WRITE)
    if review.author_side == actor.company_kind:
        raise Forbidden(_l("The company that was reviewed answers, not the one that wrote the review."))
    agreements.locked(agreement)
    db.session.refresh(review)
    if not can_answer(actor, review):
        raise Conflict(_l("A review is answered once, within 28 days of its publication."))
    check_version(review, version, mine=text, theirs=review.answer)
    words = clean_text(text)
    if not 0 < len(words) <= LONGEST_ANSWER:
        raise Invalid(_l("Write up to %(most)s characters.", most=LONGEST_ANSWER), "text")
    move(review, ReviewState.ANSWERED, REVIEW_MOVES, clock.now())
    review.answer = words
    db.session.flush()
    if review.author_side == "buyer":
        directory.project(review.vendor_id)
    audit.record(actor, "reviews:review:answer", review, after={"answer": words})
    notify(
        review.author_id,
        notices.ANSWERED,
        {"agreement_id": str(agreement.id), "title": agreement.title, "company": actor.company_name},
    )
    return review


def can_answer(actor: Actor, review: Review) -> bool:
    """Whether the actor's company may still answer a review."""
    return (
        review.state == ReviewState.REVEALED
        and review.revealed_at is not None
        and review.author_side != actor.company_kind
        and actor.can(Permission.REVIEW_WRITE)
        and clock.now() < review.revealed_at + ANSWER_WITHIN
    )
