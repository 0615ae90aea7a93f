"""A buyer company's shortlist: who keeps whom, what is refused, and what stays when a vendor leaves the directory."""

import pytest
from sqlalchemy import text

from portal.accounts.actions.company import suspend_company
from portal.catalog import kept_queries
from portal.catalog.actions.shortlist import MAX_NOTE, keep_vendor, take_off, write_note
from portal.catalog.kept_queries import shortlist_entry_for, shortlist_for
from portal.kit import tenancy
from portal.kit.db import db
from portal.kit.errors import Conflict, Forbidden, Invalid, NotFound, StaleVersion
from tests.factories.accounts import actor_for, execute, make_staff
from tests.factories.catalog import make_live_vendor, make_vendor
from tests.factories.kept import MadeBuyer, keep, make_buyer
from tests.factories.profiles import doing

pytestmark = pytest.mark.usefixtures("app")


def listed(buyer: MadeBuyer) -> list[tuple[str, str, bool]]:
    """Name, note and whether still listed, as a member reads the list."""
    return doing(
        buyer.actor,
        lambda: [(row[0].vendor_name, row[0].note, row.slug is not None) for row in shortlist_for(buyer.actor)],
    )


def tags(buyer: MadeBuyer) -> list[str]:
    rows = execute("SELECT tag FROM audit_entries WHERE company_id = :id ORDER BY id", id=buyer.company.id)
    return [row.tag for row in rows]


class TestKeepVendor:
    @pytest.mark.parametrize("role", ["viewer", "finance"])
    def test_whoever_only_looks_may_not(self, role: str) -> None:
        buyer, vendor = make_buyer(role=role), make_live_vendor("Kestrelway")
        with pytest.raises(Forbidden):
            keep(buyer, vendor)

    def test_a_vendor_keeps_nobody(self) -> None:
        vendor = make_live_vendor("Kestrelway")
        with pytest.raises(Forbidden):
            doing(vendor.actor, lambda: keep_vendor(vendor.actor, vendor.company.slug))

    def test_whoever_is_not_listed_cannot_be_kept(self) -> None:
        buyer, vendor = make_buyer(), make_vendor("Draftholm")
        with pytest.raises(NotFound):
            keep(buyer, vendor)

    def test_the_whole_company_finds_the_vendor_and_no_other_company_does(self) -> None:
        buyer, vendor, stranger = make_buyer(), make_live_vendor("Kestrelway"), make_buyer()
        entry_id = keep(buyer, vendor, "Ask for\nGerman")
        colleague = make_buyer(buyer.company, role="viewer")
        assert listed(buyer) == listed(colleague) == [("Kestrelway", "Ask for\nGerman", True)]
        assert listed(stranger) == []
        with pytest.raises(NotFound):
            doing(stranger.actor, lambda: shortlist_entry_for(stranger.actor, entry_id))
        assert tags(buyer) == ["catalog:shortlist:keep"]

    def test_a_second_time_is_refused_kindly_whoever_asks(self) -> None:
        buyer, vendor = make_buyer(), make_live_vendor("Kestrelway")
        keep(buyer, vendor, "First")
        with pytest.raises(Conflict, match="already"):
            keep(make_buyer(buyer.company), vendor, "Second")
        assert listed(buyer) == [("Kestrelway", "First", True)]

    def test_a_full_list_says_so(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("portal.catalog.actions.shortlist.MOST_KEPT", 1)
        buyer = make_buyer()
        keep(buyer, make_live_vendor("Kestrelway"))
        with pytest.raises(Conflict, match="holds 1 vendors"):
            keep(buyer, make_live_vendor("Vellaro"))
        assert kept_queries.MOST_KEPT == 100

    def test_a_note_has_an_end(self) -> None:
        with pytest.raises(Invalid):
            keep(make_buyer(), make_live_vendor("Kestrelway"), "x" * (MAX_NOTE + 1))

    def test_who_leaves_the_directory_stays_as_no_longer_listed(self) -> None:
        buyer, vendor = make_buyer(), make_live_vendor("Kestrelway")
        keep(buyer, vendor)
        staff = actor_for(make_staff("moderator"))
        doing(staff, lambda: suspend_company(staff, vendor.company.id, reason="Complaints"))
        assert listed(buyer) == [("Kestrelway", "", False)]


class TestWriteNote:
    def test_the_second_of_two_editors_overwrites_nothing(self) -> None:
        buyer = make_buyer()
        entry_id = keep(buyer, make_live_vendor("Kestrelway"))

        def write(words: str) -> None:
            entry = shortlist_entry_for(buyer.actor, entry_id)
            write_note(buyer.actor, entry, note=words, version=1)

        doing(buyer.actor, lambda: write("Good on the phone"))
        with pytest.raises(StaleVersion):
            doing(buyer.actor, lambda: write("Too late"))
        assert listed(buyer) == [("Kestrelway", "Good on the phone", True)]
        assert tags(buyer)[-1] == "catalog:shortlist:note"


class TestTakeOff:
    def test_a_viewer_may_not_and_a_member_may(self) -> None:
        buyer = make_buyer()
        entry_id = keep(buyer, make_live_vendor("Kestrelway"))
        viewer = make_buyer(buyer.company, role="viewer")
        with pytest.raises(Forbidden):
            doing(viewer.actor, lambda: take_off(viewer.actor, shortlist_entry_for(viewer.actor, entry_id)))
        doing(buyer.actor, lambda: take_off(buyer.actor, shortlist_entry_for(buyer.actor, entry_id)))
        assert listed(buyer) == []
        assert tags(buyer)[-1] == "catalog:shortlist:take_off"


def test_the_public_reads_no_list() -> None:
    keep(make_buyer(), make_live_vendor("Kestrelway"))
    with tenancy.scope(tenancy.PUBLIC):
        assert db.session.execute(text("SELECT count(*) FROM shortlist_entries")).scalar_one() == 0
        db.session.rollback()
