"""Saved searches: kept by one person, and each morning told of vendors that newly fit, each vendor once."""

from collections.abc import Iterator
from email.message import EmailMessage

import pytest
from flask import Flask

from portal.accounts.actions.company import reinstate_company, suspend_company
from portal.accounts.actions.team import remove_member
from portal.catalog import watch
from portal.catalog.actions.searches import delete_search, edit_search, turn_mail
from portal.catalog.kept_models import SavedSearch
from portal.catalog.kept_queries import search_for, searches_for
from portal.catalog.wanted import Wanted
from portal.kit import clock
from portal.kit.db import db
from portal.kit.errors import Forbidden, Invalid, NotFound, StaleVersion
from portal.messaging.actions import choose_mail
from tests.factories.accounts import actor_for, add_member, execute, make_company, make_staff
from tests.factories.catalog import make_live_service, make_live_vendor, make_profile, make_vendor
from tests.factories.kept import MadeBuyer, make_buyer, next_morning, save
from tests.factories.mails import sent_mails
from tests.factories.profiles import doing
from tests.statements import counted

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture(autouse=True)
def own_clock(app: Flask) -> Iterator[None]:
    """Back to the real time after each test."""
    yield
    clock.reset()


def told(buyer: MadeBuyer) -> list[list[str]]:
    """The names in each notice of new vendors, oldest first."""
    rows = execute(
        "SELECT params FROM notifications WHERE person_id = :id AND kind = 'catalog.search.new_vendors' ORDER BY id",
        id=buyer.person.id,
    )
    return [row.params["names"] for row in rows]


def news(app: Flask) -> list[EmailMessage]:
    """The mails about new vendors since the last look; others are about the services that made them."""
    return [mail for mail in sent_mails(app) if "/buyer/searches" in mail.get_content()]


def tags(buyer: MadeBuyer) -> list[str]:
    rows = execute("SELECT tag FROM audit_entries WHERE company_id = :id ORDER BY id", id=buyer.company.id)
    return [row.tag for row in rows]


class TestSaveSearch:
    def test_whoever_only_looks_may_not(self) -> None:
        with pytest.raises(Forbidden):
            save(make_buyer(role="viewer"))

    def test_it_is_its_person_s_alone(self) -> None:
        buyer = make_buyer()
        search_id = save(buyer, "channel=phone&language=de&sort=price", "German by phone")
        colleague = make_buyer(buyer.company, role="owner")
        assert doing(colleague.actor, lambda: searches_for(colleague.actor)) == []
        with pytest.raises(NotFound):
            doing(colleague.actor, lambda: search_for(colleague.actor, search_id))
        kept = doing(buyer.actor, lambda: [(s.name, s.query) for s in searches_for(buyer.actor)])
        assert kept == [("German by phone", "channel=phone&language=de")]
        assert tags(buyer) == ["catalog:search:save"]

    @pytest.mark.parametrize(
        ("query", "name", "words"),
        [
            ("channel=chat", " Phone ", "of this name"),
            ("language=xx&channel=phone", "Other", "as “Phone”"),
            ("channel=chat", " ", "Give the search a name"),
            ("channel=chat", "x" * 81, "at most 80"),
        ],
    )
    def test_a_name_or_a_search_that_is_there_already_is_refused_kindly(
        self, query: str, name: str, words: str
    ) -> None:
        buyer = make_buyer()
        save(buyer)
        with pytest.raises(Invalid, match=words):
            save(buyer, query, name)
        save(make_buyer(buyer.company))

    def test_there_is_room_for_so_many(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("portal.catalog.actions.searches.MOST_SEARCHES", 1)
        buyer = make_buyer()
        save(buyer)
        with pytest.raises(Invalid, match="You can keep 1 searches"):
            save(buyer, "channel=chat", "Chat")


class TestEditSearch:
    def test_rename_turn_off_and_delete(self) -> None:
        buyer = make_buyer()
        search_id = save(buyer)

        def edit(version: int) -> None:
            search = search_for(buyer.actor, search_id)
            edit_search(buyer.actor, search, name="Calls", by_mail=False, version=version)

        doing(buyer.actor, lambda: edit(1))
        with pytest.raises(StaleVersion):
            doing(buyer.actor, lambda: edit(1))
        assert doing(buyer.actor, lambda: [(s.name, s.by_mail) for s in searches_for(buyer.actor)]) == [
            ("Calls", False)
        ]
        doing(buyer.actor, lambda: delete_search(buyer.actor, search_for(buyer.actor, search_id)))
        assert tags(buyer)[1:] == ["catalog:search:edit", "catalog:search:delete"]
        assert execute("SELECT count(*) AS n FROM saved_searches")[0].n == 0

    def test_whoever_may_only_look_by_now_can_still_turn_it_off(self) -> None:
        buyer = make_buyer()
        search_id = save(buyer)
        execute("UPDATE memberships SET role = 'viewer' WHERE person_id = :id", id=buyer.person.id)
        viewer = actor_for(buyer.person, buyer.company)
        doing(viewer, lambda: turn_mail(viewer, search_for(viewer, search_id), by_mail=False))
        assert execute("SELECT by_mail FROM saved_searches")[0].by_mail is False


class TestRepeatSearches:
    def test_one_mail_and_one_notice_a_person_with_the_new_vendors(self, app: Flask) -> None:
        make_live_vendor("Here Before")
        buyer, watching = make_buyer(), make_buyer(locale="zh_Hant")
        save(buyer, "channel=phone", "Phone")
        save(buyer, "language=de", "German")
        save(watching, "channel=social", "Social")
        next_morning(1)
        assert told(buyer) == [] and news(app) == []

        vendor = make_live_vendor("Kestrelway Contact")
        next_morning(2)
        next_morning(2)
        assert told(buyer) == [["Kestrelway Contact"]] and told(watching) == []
        (mail,) = news(app)
        text = mail.get_content()
        assert mail["To"] == buyer.person.email
        assert mail["Subject"] == "New vendors fit your saved searches: Kestrelway Contact."
        assert text.count(f"/vendors/{vendor.company.slug}") == 2 and "“German”" in text and "Here Before" not in text
        assert "/vendors?channel=phone" in text and "/buyer/searches" in text
        assert tags(buyer)[-2:] == ["catalog:search:tell"] * 2

    def test_whoever_newly_fits_is_told_as_well_and_each_once(self) -> None:
        vendor = make_live_vendor("Kestrelway", profile={"seats_free": 5})
        buyer = make_buyer()
        save(buyer, "seats=50", "Many seats")
        next_morning(1)
        assert told(buyer) == []
        make_profile(vendor, seats_free=80)
        next_morning(2)
        make_profile(vendor, seats_free=5)
        next_morning(3)
        make_profile(vendor, seats_free=90)
        next_morning(4)
        assert told(buyer) == [["Kestrelway"]]

    def test_whoever_was_there_from_the_start_comes_back_unsaid(self) -> None:
        vendor, buyer = make_live_vendor("Kestrelway"), make_buyer()
        save(buyer)
        staff = actor_for(make_staff("moderator"))
        doing(staff, lambda: suspend_company(staff, vendor.company.id, reason="Complaints"))
        next_morning(1)
        doing(staff, lambda: reinstate_company(staff, vendor.company.id, reason="Mended"))
        next_morning(2)
        assert told(buyer) == []

    def test_nobody_is_told_who_turned_it_off_left_or_is_in_another_company_now(self, app: Flask) -> None:
        off, gone, quiet = make_buyer(), make_buyer(), make_buyer()
        add_member(make_company("buyer"), gone.person)
        for buyer in (off, gone, quiet):
            search_id = save(buyer)
        doing(off.actor, lambda: turn_mail(off.actor, searches_for(off.actor)[0], by_mail=False))
        doing(quiet.actor, lambda: choose_mail(quiet.actor, by_mail=False))
        owner = make_buyer(gone.company, role="owner")
        (seat,) = execute(
            "SELECT id FROM memberships WHERE company_id = :company AND person_id = :person",
            company=gone.company.id,
            person=gone.person.id,
        )
        doing(owner.actor, lambda: remove_member(owner.actor, seat.id))
        make_live_vendor("Kestrelway")
        next_morning(1)
        assert (told(off), told(gone), told(quiet)) == ([], [], [["Kestrelway"]])
        assert news(app) == []
        assert execute("SELECT count(*) AS n FROM saved_searches")[0].n == 2
        assert search_id

    def test_turned_on_again_it_begins_anew(self) -> None:
        buyer = make_buyer()
        save(buyer, by_mail=False)
        make_live_vendor("Came Meanwhile")
        doing(buyer.actor, lambda: turn_mail(buyer.actor, searches_for(buyer.actor)[0], by_mail=True))
        make_live_vendor("Came After")
        next_morning(1)
        assert told(buyer) == [["Came After"]]

    def test_a_search_that_fits_too_many_tells_of_newly_listed_ones(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("portal.catalog.watch.COUNTED_UP_TO", 1)
        old = make_live_vendor("Kestrelway", profile={"seats_free": 5})
        make_live_vendor("Vellaro")
        buyer = make_buyer()
        save(buyer, "", "Everybody")
        assert execute("SELECT is_broad FROM saved_searches")[0].is_broad is True
        make_profile(old, seats_free=50)
        make_live_vendor("Ostermere")
        next_morning(1)
        next_morning(2)
        assert told(buyer) == [["Ostermere"]]

    def test_it_comes_in_the_morning_where_the_person_is(self) -> None:
        buyer = make_buyer()
        save(buyer)
        execute("UPDATE people SET timezone = 'America/Los_Angeles' WHERE id = :id", id=buyer.person.id)
        make_live_vendor("Kestrelway")
        next_morning(0)  # in Los Angeles it is still night, or the search was saved after this morning
        before = len(told(buyer))
        next_morning(2)
        assert (before, told(buyer)) == (0, [["Kestrelway"]])

    def test_the_notice_names_a_few_and_the_mail_all(self, app: Flask) -> None:
        buyer = make_buyer(locale="zh_Hans")
        save(buyer)
        names = ["Alder", "Birch", "Cedar", "Dogwood"]
        for name in names:
            make_live_vendor(name)
        next_morning(1)
        assert told(buyer) == [["Alder", "Birch", "Cedar", "…"]]
        (mail,) = news(app)
        assert "Alder、Birch、Cedar、…" in mail["Subject"]
        assert all(f"- {name}: " in mail.get_content() for name in names)

    def test_statements_grow_with_searches_not_with_vendors(self) -> None:
        buyer = make_buyer()
        save(buyer, "channel=phone", "Phone")
        vendor = make_vendor("First")
        make_live_service(vendor)
        with counted(db.engine) as one:
            next_morning(1)
        for number in range(4):
            make_live_vendor(f"Vendor {number}")
        with counted(db.engine) as four:
            next_morning(2)
        assert len(told(buyer)) == 2

        def own(seen: list[str]) -> int:
            return sum("search" in statement or "notify_person" in statement for statement in seen)

        assert own(one) == own(four) <= 8

    def test_people_are_read_in_pages_and_one_failure_stops_nobody(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("portal.catalog.jobs.PEOPLE", 1)
        people = [make_buyer() for _number in range(3)]
        for buyer in people:
            save(buyer)
        make_live_vendor("Kestrelway")
        tell = watch.tell_new

        def fail_for_one(search: SavedSearch) -> object:
            if search.person_id == people[1].person.id:
                raise ValueError
            return tell(search)

        monkeypatch.setattr("portal.catalog.watch.tell_new", fail_for_one)
        with pytest.raises(RuntimeError):
            next_morning(1)
        assert [told(buyer) for buyer in people] == [[["Kestrelway"]], [], [["Kestrelway"]]]


class TestQuery:
    @pytest.mark.parametrize(
        "query",
        ["", "q=%E5%94%AE%E5%BE%8C", "channel=phone&channel=chat&seats=50", "country=PL&max_rate=17&rating=4.5"],
    )
    def test_it_reads_what_it_wrote(self, query: str) -> None:
        assert Wanted.read(query).query == Wanted.read(Wanted.read(query).query).query
        assert Wanted.read(Wanted.read(query).query) == Wanted.read(query)
