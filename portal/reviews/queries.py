"""Reads about reviews: the parties see their own and what is published, everybody what is published."""

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, or_, select, text

from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.agreements.models import Agreement
from portal.kit.db import db
from portal.kit.errors import NotFound
from portal.kit.tenancy import mine
from portal.reviews.models import Review, ReviewWindow
from portal.reviews.states import PUBLISHED, WRITABLE

LONGEST_LIST = 200


def _visible(actor: Actor) -> ColumnElement[bool]:
    """Of the rows of both parties: the actor's own side, and the other side's once they are published."""
    return and_(mine(Review), or_(Review.author_side == actor.company_kind, Review.state.in_(PUBLISHED)))


def reviews_for(actor: Actor) -> Sequence[Review]:
    """The reviews the actor's company writes or wrote, and the published ones about it, newest window first."""
    actor.permit(Permission.AGREEMENT_VIEW)
    query = select(Review).join(ReviewWindow, ReviewWindow.id == Review.window_id).where(_visible(actor))
    return db.session.scalars(query.order_by(ReviewWindow.opens_at.desc(), Review.id).limit(LONGEST_LIST)).all()


def due_for(actor: Actor) -> Sequence[Row[Review, ReviewWindow, str]]:
    """(review, window, title of the agreement) of what the company has yet to write, the first to close at the top."""
    actor.permit(Permission.AGREEMENT_VIEW)
    query = (
        select(Review, ReviewWindow, Agreement.title)
        .join(ReviewWindow, ReviewWindow.id == Review.window_id)
        .join(Agreement, Agreement.id == Review.agreement_id)
        .where(mine(Review), Review.author_side == actor.company_kind, Review.state == "invited")
        .order_by(ReviewWindow.closes_at)
    )
    return db.session.execute(query.limit(LONGEST_LIST)).all()


def reviews_of(actor: Actor, agreement: Agreement) -> Sequence[Review]:
    """The reviews of one agreement that the actor may see."""
    query = select(Review).where(_visible(actor), Review.agreement_id == agreement.id)
    return db.session.scalars(query.order_by(Review.author_side)).all()


def windows_of(agreement: Agreement) -> Sequence[ReviewWindow]:
    """The windows of one agreement, the latest first."""
    query = select(ReviewWindow).where(mine(ReviewWindow), ReviewWindow.agreement_id == agreement.id)
    return db.session.scalars(query.order_by(ReviewWindow.number.desc())).all()


def window_of(review: Review) -> ReviewWindow:
    """The window a review belongs to."""
    return db.session.scalars(select(ReviewWindow).where(mine(ReviewWindow), ReviewWindow.id == review.window_id)).one()


def review_for(actor: Actor, agreement: Agreement, review_id: uuid.UUID) -> Review:
    """One review of an agreement that the actor may see. Raises NotFound."""
    query = select(Review).where(_visible(actor), Review.agreement_id == agreement.id, Review.id == review_id)
    found = db.session.scalar(query)
    if found is None:
        raise NotFound
    return found


def own_review_for(actor: Actor, agreement: Agreement, review_id: uuid.UUID) -> Review:
    """One review that the actor's own company writes. Raises NotFound."""
    found = review_for(actor, agreement, review_id)
    if found.author_side != actor.company_kind:
        raise NotFound
    return found


def waiting_for(actor: Actor, window: ReviewWindow) -> Review | None:
    """The actor's own review in a window while it may still be written or changed."""
    query = select(Review).where(_visible(actor), Review.window_id == window.id)
    found = db.session.scalar(query.where(Review.author_side == actor.company_kind, Review.state.in_(WRITABLE)))
    return found


def is_in_both(agreement: Agreement) -> bool:
    """Whether the person of this transaction belongs to both companies, and so may not review for either."""
    found: bool = db.session.execute(
        text("SELECT reviews_person_in_both(:buyer, :vendor)"),
        {"buyer": agreement.buyer_id, "vendor": agreement.vendor_id},
    ).scalar_one()
    return found


def published_about(vendor_id: uuid.UUID) -> Sequence[Row[Any]]:
    """What the public may read about a vendor, the latest first.

    Rows of author (None when it wished not to be named), country of the author, mode, scores, weighted, recommends,
    text, answer, revealed_at and answered_at.
    """
    return db.session.execute(text("SELECT * FROM reviews_published(:vendor)"), {"vendor": vendor_id}).all()
