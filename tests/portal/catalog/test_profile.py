"""The profile's fields, the calendar, what depends on the day, and how complete it all is."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from portal.catalog.actions.calendar import add_closure, remove_closure, set_availability
from portal.catalog.actions.profile import save_private, save_profile
from portal.catalog.completeness import Rows, completeness
from portal.catalog.match import Evidence
from portal.catalog.models import VendorProfile
from portal.catalog.profile_checks import clean_profile
from portal.catalog.published import closed_on, evidence_of, published
from portal.kit import clock
from portal.kit.errors import Forbidden, Invalid, NotFound, StaleVersion
from tests.factories.accounts import actor_for, execute, make_person
from tests.factories.catalog import make_live_vendor, make_profile, make_vendor
from tests.factories.profiles import at, days_ahead, doing

TODAY = date(2026, 11, 28)
SITE = {"city": "Kraków", "country": "PL", "timezone": "Europe/Warsaw"}


class TestFields:
    def test_only_the_fields_that_are_named_are_written(self) -> None:
        assert clean_profile({"founded": 2011}, TODAY) == {"founded": 2011}

    @pytest.mark.parametrize(
        ("values", "field"),
        [
            ({"founded": 2027}, "founded"),
            ({"ownership": "mafia"}, "ownership"),
            ({"sites": [SITE | {"pair": "Porto"}]}, "sites"),
            ({"sites": [SITE | {"pair": "Kraków"}]}, "sites"),
            ({"sites": [SITE | {"home_percent": 101}]}, "sites"),
            ({"hours": [{"code": "", "days": "weekdays", "start": "20:00", "end": "08:00"}]}, "hours"),
            ({"hours": [{"code": "xx", "days": "weekdays", "start": "08:00", "end": "20:00"}]}, "hours"),
            ({"channel_volumes": [{"channel": "phone"}, {"channel": "phone"}]}, "channel_volumes"),
            ({"experience": [{"industry": "magic"}]}, "experience"),
            ({"modes": ["sometimes"]}, "modes"),
            ({"technology": ["telepathy"]}, "technology"),
            ({"quality": {"attrition": Decimal("-1")}}, "attrition"),
            ({"quality": {"rhythm": "never"}}, "rhythm"),
            ({"security": {"pen_test_on": date(2027, 1, 1)}}, "pen_test_on"),
            ({"languages": [{"code": "de", "level": "C1", "agents": -1}]}, "languages"),
        ],
    )
    def test_what_is_wrong_is_said_at_its_field(self, values: dict[str, Any], field: str) -> None:
        with pytest.raises(Invalid) as refusal:
            clean_profile(values, TODAY)
        assert refusal.value.field == field

    def test_industries_follow_from_experience(self) -> None:
        found = clean_profile({"experience": [{"industry": "retail", "years": 8}, {"industry": "energy"}]}, TODAY)
        assert found["industries"] == ["retail", "energy"]


class TestPublished:
    """In Taipei it is a day later than in Los Angeles for most of the day."""

    def source(self, zone: str, **more: Any) -> dict[str, Any]:
        return {"now": "2026-11-28T18:00:00+00:00", "timezone": zone, "profile": {"seats_free": 5}} | more

    @pytest.mark.parametrize(
        ("zone", "is_shown", "change"),
        [
            ("Asia/Taipei", False, None),
            ("America/Los_Angeles", True, datetime(2026, 11, 29, 8, tzinfo=UTC)),
        ],
    )
    def test_a_certificate_is_valid_to_the_end_of_its_day_there(
        self, zone: str, is_shown: bool, change: datetime | None
    ) -> None:
        one = {"code": "iso27001", "valid_to": "2026-11-28", "is_verified": True}
        found = published(self.source(zone, certificates=[one]))
        assert found.facets == (["s:iso27001", "sv:iso27001"] if is_shown else [])
        assert found.next_change_at == change
        assert evidence_of(found.profile) == ({"iso27001": Evidence.VERIFIED} if is_shown else {})

    def test_free_seats_are_those_of_the_newest_day_begun(self) -> None:
        dated = [
            {"from": day, "seats": seats} for day, seats in (("2026-11-01", 10), ("2026-11-28", 20), ("2026-12-05", 30))
        ]
        found = published(self.source("UTC", availability=dated))
        assert found.profile["seats_free"] == 20 and [one["seats"] for one in found.profile["availability"]] == [30]
        assert found.next_change_at == datetime(2026, 12, 5, tzinfo=UTC)
        assert published(self.source("UTC")).profile["seats_free"] == 5

    def test_a_closure_covers_both_its_days(self) -> None:
        closures = [
            {"from": "2026-11-28", "to": "2026-11-29", "reason": ""},
            {"from": "2026-01-01", "to": "2026-01-02"},
        ]
        profile = published(self.source("UTC", closures=closures)).profile
        assert profile["closed"] == closures[0] and profile["closures"] == closures[:1]
        days = [date(2026, 11, day) for day in (27, 28, 29, 30)]
        assert [closed_on(profile, day) is not None for day in days] == [False, True, True, False]


class TestCompleteness:
    def test_nothing_is_nothing_and_the_heaviest_part_comes_next(self) -> None:
        found = completeness(None, Rows())
        assert found.percent == 0 and found.next is not None and found.next.section == "languages"
        assert found.full == frozenset()

    def test_what_is_filled_in_counts_and_a_section_is_full_with_its_last_part(self) -> None:
        profile = VendorProfile(headline="One", description="Two", agents=5, seats_free=0, languages=[{"code": "de"}])
        found = completeness(profile, Rows(certificates=1))
        assert found.percent == 8 + 8 + 9 + 6
        assert found.full == {"certificates"}


@pytest.mark.usefixtures("app")
class TestSave:
    def test_a_viewer_may_not(self) -> None:
        vendor = make_vendor()
        viewer = actor_for(make_person(vendor.company, "viewer"), vendor.company)
        for save in (save_profile, save_private):
            with pytest.raises(Forbidden):
                doing(viewer, lambda save=save: save(viewer, values={}, version=0))  # type: ignore[misc]

    def test_one_section_leaves_the_others_alone_and_the_second_editor_is_told(self) -> None:
        vendor = make_live_vendor("Kestrelway Contact", profile={"headline": "Two sites"})
        make_profile(vendor, employees=510)
        (row,) = execute("SELECT headline, employees, version FROM vendor_profiles")
        assert (row.headline, row.employees) == ("Two sites", 510)
        with pytest.raises(StaleVersion):
            doing(vendor.actor, lambda: save_profile(vendor.actor, values={"employees": 1}, version=row.version - 1))
        assert execute("SELECT profile FROM directory_entries")[0].profile["employees"] == 510

    def test_two_people_at_two_sections_do_not_collide(self) -> None:
        vendor = make_live_vendor("Kestrelway Contact", profile={"headline": "Two sites"})
        (begun,) = execute("SELECT version FROM vendor_profiles")
        for values in ({"employees": 510}, {"headline": "Three sites"}):  # both pages were opened before
            doing(vendor.actor, lambda values=values: save_profile(vendor.actor, values=values, version=begun.version))  # type: ignore[misc]
        (row,) = execute("SELECT headline, employees FROM vendor_profiles")
        assert (row.headline, row.employees) == ("Three sites", 510)
        assert "field_versions" not in execute("SELECT profile FROM directory_entries")[0].profile

    def test_of_two_who_begin_the_profile_nobody_is_refused_for_another_section(self) -> None:
        vendor = make_vendor()
        for values in ({"employees": 510}, {"headline": "Three sites"}):
            doing(vendor.actor, lambda values=values: save_profile(vendor.actor, values=values, version=0))  # type: ignore[misc]
        with pytest.raises(StaleVersion):
            doing(vendor.actor, lambda: save_profile(vendor.actor, values={"employees": 9}, version=0))

    def test_contacts_reach_neither_the_directory_nor_the_log(self) -> None:
        vendor = make_live_vendor("Kestrelway Contact")
        contact = {"name": "Agnieszka Dudek", "role": "Sales", "email": "a@k.example", "phone": "+48 1"}
        doing(vendor.actor, lambda: save_private(vendor.actor, values={"contacts": [contact]}, version=0).version)
        (row,) = execute(
            "SELECT (SELECT string_agg(d::text, '') FROM directory_entries d)"
            " || (SELECT string_agg(a::text, '') FROM audit_entries a) AS words"
        )
        assert "Dudek" not in row.words and "a@k.example" not in row.words


@pytest.mark.usefixtures("app")
class TestCalendar:
    def test_seats_follow_the_calendar_at_midnight(self) -> None:
        vendor = make_live_vendor("Kestrelway Contact", profile={"seats_free": 5})
        first, later = days_ahead(1), days_ahead(3)
        for day, seats in ((first, 10), (later, 99), (later, 20)):
            doing(vendor.actor, lambda d=day, s=seats: set_availability(vendor.actor, from_on=d, seats=s).id)  # type: ignore[misc]

        def seats_free() -> int:
            return int(execute("SELECT seats_free FROM directory_entries")[0].seats_free)

        assert seats_free() == 5
        try:
            at(datetime.combine(first, datetime.min.time(), UTC) + timedelta(hours=1))
            assert seats_free() == 10
            at(datetime.combine(later, datetime.min.time(), UTC) + timedelta(hours=1))
            assert seats_free() == 20
        finally:
            clock.reset()

    def test_closures_do_not_overlap_and_can_be_taken_out_by_their_vendor_alone(self) -> None:
        vendor, other = make_live_vendor("Kestrelway Contact"), make_vendor()
        day = days_ahead(10)

        def close(first: date, last: date) -> Any:
            return doing(
                vendor.actor, lambda: add_closure(vendor.actor, first_on=first, last_on=last, reason="Move").id
            )

        closure_id = close(day, day + timedelta(days=2))
        for first, last in (
            (day, day),
            (day + timedelta(days=3), day),
            (day - timedelta(days=900), day - timedelta(days=800)),
        ):
            with pytest.raises(Invalid):
                close(first, last)
        with pytest.raises(NotFound):
            doing(other.actor, lambda: remove_closure(other.actor, closure_id))
        assert execute("SELECT profile FROM directory_entries")[0].profile["closures"][0]["reason"] == "Move"
        doing(vendor.actor, lambda: remove_closure(vendor.actor, closure_id))
        assert execute("SELECT profile FROM directory_entries")[0].profile["closures"] == []
        tags = [
            row.tag for row in execute("SELECT tag FROM audit_entries WHERE tag LIKE 'catalog:closure%' ORDER BY id")
        ]
        assert tags == ["catalog:closure:add", "catalog:closure:remove"]
