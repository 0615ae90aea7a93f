"""What a factory made before is put back as it was, and only where nothing else is."""

from tests.factories.accounts import make_company
from tests.factories.selection import make_cast


def test_the_second_telling_gives_the_same_rows_and_the_same_people(app, database):
    first = make_cast(1)
    rows = database.rows()
    database.wipe()
    assert database.is_empty()
    second = make_cast(1)
    assert database.rows() == rows
    assert (second.buyer, second.vendors, second.requirement.id) == (first.buyer, first.vendors, first.requirement.id)
    assert second.requirement is not first.requirement


def test_beside_other_rows_it_is_told_anew(app, database):
    first = make_cast(1)
    database.wipe()
    other = make_company("vendor")
    second = make_cast(1)
    assert second.requirement.id != first.requirement.id
    assert str(other.id).encode() in database.rows()["companies"]


def test_other_arguments_are_another_story(app, database):
    first = make_cast(1)
    database.wipe()
    assert make_cast(1, min_bids=2).requirement.id != first.requirement.id
