"""Companies that look like others are shown to the moderator."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.accounts.actions.company import rename_company
from portal.accounts.actor import Actor
from portal.kit import tenancy
from portal.kit.db import db
from portal.kit.errors import Forbidden
from portal.moderation.twins import MarkKind, leave_marks, skeleton, twins_of
from tests.factories.catalog import MadeVendor, make_moderator, make_submitted, make_vendor


class TestSkeleton:
    @pytest.mark.parametrize(
        "name",
        [
            "Kestrelway",
            "KESTRELWAY Ltd",
            "Kestrel-Way GmbH",
            "Kestrelway, Inc.",
            "Késtrelway",
            "Kеstrеlwаy",  # with a Cyrillic е and а
            "Kestre1way",
            "\uff2b\uff45\uff53\uff54\uff52\uff45\uff4c\uff57\uff41\uff59",
        ],
    )
    def test_names_that_read_the_same_have_the_same_skeleton(self, name: str) -> None:
        assert skeleton(name) == "kestrelway"

    def test_another_name_has_another_one(self) -> None:
        assert skeleton("Kestrelmoor") != skeleton("Kestrelway")

    def test_the_legal_form_alone_is_no_name(self) -> None:
        assert skeleton("Ltd") == ""

    @given(st.text(max_size=40))
    def test_every_name_has_one_and_it_is_its_own_skeleton(self, name: str) -> None:
        once = skeleton(name)
        assert skeleton(once) in ("", once)


def twins(moderator: Actor, vendor: MadeVendor) -> list[tuple[str, MarkKind]]:
    with tenancy.scope(moderator.scope):
        found = [(twin.name, twin.kind) for twin in twins_of(moderator, vendor.company.id)]
        db.session.rollback()
    return found


@pytest.mark.usefixtures("app")
class TestTwins:
    def test_a_vendor_may_not_look_for_them(self) -> None:
        vendor = make_vendor()
        with tenancy.scope(vendor.actor.scope), pytest.raises(Forbidden):
            twins_of(vendor.actor, vendor.company.id)

    def test_a_name_that_reads_the_same_is_found_when_both_sent_something_in(self) -> None:
        first, second, other = make_vendor("Kestrelway"), make_vendor("Kestrel Way Ltd"), make_vendor("Ostermere")
        for vendor in (first, second, other):
            make_submitted(vendor)
        moderator = make_moderator()
        assert twins(moderator, second) == [("Kestrelway", MarkKind.NAME)]
        assert twins(moderator, other) == []

    def test_marks_are_written_anew_and_only_for_ones_own_company(self) -> None:
        vendor = make_vendor("Kestrelway")
        for _ in range(2):
            with tenancy.scope(vendor.actor.scope):
                leave_marks(vendor.actor, vendor.company.id)
                db.session.commit()
        with tenancy.scope(vendor.actor.scope), pytest.raises(AssertionError):
            leave_marks(vendor.actor, make_vendor().company.id)

    def test_a_new_name_is_noted_at_once(self) -> None:
        first, second = make_vendor("Kestrelway"), make_vendor("Ostermere")
        for vendor in (first, second):
            make_submitted(vendor)
        moderator = make_moderator()
        assert twins(moderator, first) == []
        with tenancy.scope(second.actor.scope):
            rename_company(second.actor, name="Kestrel-Way GmbH", version=1)
            db.session.commit()
        assert twins(moderator, first) == [("Kestrel-Way GmbH", MarkKind.NAME)]
