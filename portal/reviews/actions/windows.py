"""The windows of an agreement: planned at go-live, opened, settled for both sides at once, planned again."""

import uuid
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import text

from portal.accounts import queries as accounts
from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.agreements import queries as agreements
from portal.agreements.models import Agreement
from portal.kit import audit, clock
from portal.kit.db import db
from portal.messaging import notify
from portal.reviews import notices, queries
from portal.reviews.models import ReviewWindow
from portal.reviews.ratings import update_rating
from portal.reviews.states import WindowReason

AFTER_GO_LIVE = timedelta(days=90)
OPEN_FOR = timedelta(days=30)
BETWEEN = timedelta(days=365)


def closing_of(opens_at: datetime, timezone: str) -> datetime:
    """The end of the 30th day after `opens_at` in a zone: a window never closes in the middle of a day."""
    zone = ZoneInfo(timezone)
    day = (opens_at + OPEN_FOR).astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(day, time(), zone)


def plan_window(actor: Actor, agreement: Agreement, reason: WindowReason, opens_at: datetime) -> ReviewWindow:
    """Note when the next window of an agreement will open."""
    agreements.locked(agreement)
    earlier = queries.windows_of(agreement)
    window = ReviewWindow(
        agreement_id=agreement.id,
        buyer_id=agreement.buyer_id,
        vendor_id=agreement.vendor_id,
        number=earlier[0].number + 1 if earlier else 1,
        reason=reason,
        opens_at=opens_at,
        closes_at=closing_of(opens_at, agreement.timezone),
    )
    db.session.add(window)
    db.session.flush()
    audit.record(actor, "reviews:window:plan", window, after={"reason": reason, "opens_at": opens_at.isoformat()})
    return window


def open_window(actor: Actor, window: ReviewWindow) -> bool:
    """Invite both sides, once it is time. False when it is too early or was done before."""
    opened: bool = db.session.execute(text("SELECT reviews_open(:id)"), {"id": window.id}).scalar_one()
    if not opened:
        return False
    db.session.refresh(window)
    audit.record(actor, "reviews:window:open", window, after={"number": window.number})
    agreement = agreements.agreement_for(actor, window.agreement_id)
    last_day = (window.closes_at - timedelta(microseconds=1)).astimezone(ZoneInfo(agreement.timezone)).date()
    for company_id in (agreement.buyer_id, agreement.vendor_id):
        notify(
            company_id,
            notices.OPENED,
            {**_about(agreement), "company": _other_name(agreement, company_id), "last_day": last_day.isoformat()},
            permission=Permission.REVIEW_WRITE,
        )
    return True


def open_final_window(actor: Actor, agreement: Agreement) -> None:
    """Open the window at an agreement's end; one that was to open later opens now, an open one is the last."""
    agreements.locked(agreement)
    latest = next(iter(queries.windows_of(agreement)), None)
    if latest is not None and latest.is_open:
        return
    now = clock.now()
    if latest is None or latest.closed_at is not None:
        window = plan_window(actor, agreement, WindowReason.AT_END, now)
    else:
        window = latest
        window.reason, window.opens_at = WindowReason.AT_END, now
        window.closes_at = closing_of(now, agreement.timezone)
        db.session.flush()
    open_window(actor, window)


def settle_window(actor: Actor, window: ReviewWindow) -> bool:
    """Publish both sides' reviews at once when both are written or the window is over; what was not written expires.

    False while it has to wait, and when it was settled before. Publishing works out both companies' ratings.
    """
    settled: bool = db.session.execute(text("SELECT reviews_settle(:id)"), {"id": window.id}).scalar_one()
    if not settled:
        return False
    db.session.expire_all()
    agreement = agreements.agreement_for(actor, window.agreement_id)
    published = [review for review in queries.reviews_of(actor, agreement) if review.window_id == window.id]
    published = [review for review in published if review.is_published]
    audit.record(
        actor, "reviews:window:settle", window, after={"published": sorted(review.author_side for review in published)}
    )
    for review in published:
        update_rating(review.subject_id, "vendor" if review.author_side == "buyer" else "buyer")
    if published:
        for company_id in (agreement.buyer_id, agreement.vendor_id):
            notify(company_id, notices.REVEALED, _about(agreement))
    if agreement.is_in_force and agreement.mode != "temporary":
        plan_window(actor, agreement, WindowReason.YEARLY, window.opens_at + BETWEEN)
    return True


def _about(agreement: Agreement) -> dict[str, str]:
    return {"agreement_id": str(agreement.id), "title": agreement.title}


def _other_name(agreement: Agreement, company_id: uuid.UUID) -> str:
    other = agreement.other_party(company_id)
    return accounts.names_of([other])[other]
