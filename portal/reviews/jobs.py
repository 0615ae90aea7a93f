"""What the clock does to reviews: windows open and close, ratings follow the platform's mean."""

import uuid

from sqlalchemy import text

from portal.accounts.actor import Actor
from portal.kit import jobs, tenancy
from portal.kit.db import db
from portal.reviews.actions.windows import open_window, settle_window
from portal.reviews.models import ReviewWindow
from portal.reviews.ratings import update_rating


@jobs.due("reviews.windows")
def windows_due() -> None:
    """Open every window whose time has come and settle every one that is over."""
    with jobs.transaction(tenancy.PUBLIC):
        waiting = db.session.execute(text("SELECT id, buyer_id FROM reviews_windows_due()")).all()
    for row in waiting:
        _tend(row.id, row.buyer_id)


def _tend(window_id: uuid.UUID, buyer_id: uuid.UUID) -> None:
    robot = Actor.robot(buyer_id, "buyer")
    with jobs.transaction(robot.scope):
        window = db.session.get_one(ReviewWindow, window_id)
        if window.opened_at is None:
            open_window(robot, window)
        settle_window(robot, window)


@jobs.due("reviews.ratings")
def ratings_due() -> None:
    """Work out ratings older than a day anew: the platform's mean moves with other companies' reviews."""
    with jobs.transaction(tenancy.PUBLIC):
        waiting = db.session.execute(text("SELECT company_id, side FROM reviews_ratings_due()")).all()
    for row in waiting:
        with jobs.transaction(tenancy.member(row.company_id)):
            update_rating(row.company_id, row.side)
