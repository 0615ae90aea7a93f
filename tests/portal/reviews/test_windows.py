"""When both sides are asked, and when what they wrote is published."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from flask import Flask

from portal.agreements.actions.course import terminate
from portal.catalog import standing
from portal.kit import tenancy
from portal.reviews import queries
from portal.reviews.actions.windows import closing_of
from portal.reviews.models import ReviewWindow
from tests.factories import reviews as made
from tests.factories import selection
from tests.factories.agreements import Deal, make_live, make_signed, within


def windows(deal: Deal) -> list[ReviewWindow]:
    """The windows of an agreement, the latest first."""
    return within(deal.buyer, deal, lambda agreement: [_loaded(window) for window in queries.windows_of(agreement)])


def _loaded(window: ReviewWindow) -> ReviewWindow:
    from portal.kit.db import db

    db.session.expunge(window)
    return window


@pytest.mark.parametrize(
    ("opens_at", "zone", "closes_at"),
    [
        (datetime(2026, 3, 5, 14, 30, tzinfo=UTC), "UTC", datetime(2026, 4, 5, 0, 0, tzinfo=UTC)),
        # Clocks go forward on 29 March: the day still ends at the zone's midnight.
        (datetime(2026, 3, 5, 14, 30, tzinfo=UTC), "Europe/London", datetime(2026, 4, 4, 23, 0, tzinfo=UTC)),
        (datetime(2026, 3, 5, 20, 0, tzinfo=UTC), "Asia/Taipei", datetime(2026, 4, 5, 16, 0, tzinfo=UTC)),
    ],
)
def test_a_window_closes_at_the_end_of_its_thirtieth_day_in_its_zone(
    opens_at: datetime, zone: str, closes_at: datetime
) -> None:
    assert closing_of(opens_at, zone) == closes_at
    assert closing_of(opens_at, zone) - opens_at >= timedelta(days=30)


class TestOpening:
    def test_both_sides_are_asked_ninety_days_after_go_live_and_not_before(
        self, app: Flask, superuser: psycopg.Connection
    ) -> None:
        deal = make_live()
        selection.wait(89)
        assert made.seen(deal.buyer, deal) == {}
        selection.wait(1)
        assert made.seen(deal.buyer, deal) == {"buyer": "invited"}
        assert made.seen(deal.vendor, deal) == {"vendor": "invited"}
        told = superuser.execute(
            "SELECT count(*) FROM notifications WHERE kind = 'reviews.window.opened' AND company_id = ANY (%s)",
            [[deal.buyer.company_id, deal.vendor.company_id]],
        ).fetchone()
        assert told == (2,)

        selection.wait(0)
        assert len(windows(deal)) == 1

    def test_the_end_of_an_agreement_opens_the_last_window_at_once(self, app: Flask) -> None:
        deal = make_signed()
        within(deal.buyer, deal, lambda agreement: terminate(deal.buyer, agreement, reason="The shop closes."))
        assert [(w.reason, w.is_open) for w in windows(deal)] == [("at_end", True)]
        assert made.seen(deal.vendor, deal) == {"vendor": "invited"}

    def test_a_window_that_was_to_open_later_opens_at_the_end(self, app: Flask) -> None:
        deal = make_live()
        within(deal.buyer, deal, lambda agreement: terminate(deal.buyer, agreement, reason="The shop closes."))
        assert [(w.number, w.reason, w.is_open) for w in windows(deal)] == [(1, "at_end", True)]

    def test_a_temporary_engagement_is_reviewed_at_its_end_only(self, app: Flask) -> None:
        deal = make_live(mode="temporary")
        assert windows(deal) == []
        selection.wait(400)
        assert [(w.reason, w.number) for w in windows(deal)] == [("at_end", 1)]


class TestSettling:
    def test_both_are_published_at_once_when_the_second_side_has_written(
        self, app: Flask, superuser: psycopg.Connection
    ) -> None:
        deal = made.make_open()
        made.write(deal.buyer, deal, 5)
        assert made.seen(deal.vendor, deal) == {"vendor": "invited"}
        made.write(deal.vendor, deal, 3)
        both = {"buyer": "revealed", "vendor": "revealed"}
        assert made.seen(deal.vendor, deal) == made.seen(deal.buyer, deal) == both

        # One review of 5 with a platform mean of 5 stays 5; n says on how few it stands.
        with tenancy.scope(tenancy.PUBLIC):
            vendor, buyer = (standing.read(actor.company_id) for actor in (deal.vendor, deal.buyer))
            assert (vendor["rating"].value, vendor["rating"].n) == ("5.0000", 1)
            assert (buyer["buyer_rating"].value, buyer["buyer_rating"].n) == ("3.0000", 1)

        # The next one comes a year after this one opened.
        now = windows(deal)
        assert [(w.number, w.reason, w.opened_at is None) for w in now] == [
            (2, "yearly", True),
            (1, "after_go_live", False),
        ]
        assert now[0].opens_at - now[1].opens_at == timedelta(days=365)

    def test_when_the_window_is_over_one_is_published_and_the_other_expires(
        self, app: Flask, superuser: psycopg.Connection
    ) -> None:
        deal = made.make_open()
        made.write(deal.buyer, deal, 2)
        made.run_out()
        assert made.seen(deal.vendor, deal) == {"buyer": "revealed", "vendor": "expired"}
        assert made.seen(deal.buyer, deal) == {"buyer": "revealed"}
        rated = superuser.execute("SELECT figure FROM standings ORDER BY 1").fetchall()
        assert ("rating",) in rated and ("buyer_rating",) not in rated
        tags = superuser.execute("SELECT count(*) FROM audit_entries WHERE tag = 'reviews:window:settle'").fetchone()
        assert tags == (1,)

        selection.wait(2)
        assert superuser.execute("SELECT as_of >= portal_now() - interval '1 hour' FROM standings").fetchone() == (
            True,
        ), "ratings older than a day are worked out anew"
