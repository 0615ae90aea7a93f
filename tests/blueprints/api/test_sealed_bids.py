"""Sealed bids asked for by programs: nobody but their vendor learns a word, a figure or a number of them."""

import pytest

from tests.blueprints.test_sealed_bids import Walker, sealed_bid, words_of
from tests.factories.accounts import actor_for, execute, make_person
from tests.factories.api import program_of
from tests.factories.selection import close, make_cast


class ProgramWalker(Walker):
    """Asks, as one program, for every document there is."""

    def addresses(self):
        return (address for address in super().addresses() if address.startswith("/api/v1/"))

    def walk(self):
        return dict(super().walk())


@pytest.fixture
def cast(app):
    return make_cast(3)


def test_no_document_changes_when_two_vendors_bid_nor_holds_a_word_of_it(app, cast):
    company = execute("SELECT * FROM companies WHERE id = :id", id=cast.buyer.company_id)[0]
    manager = actor_for(make_person(company, "manager"), company)
    outsiders = {
        "buyer's owner": program_of(app, cast.buyer),
        "buyer's manager": program_of(app, manager),
        "rival": program_of(app, cast.vendors[2]),
        "nobody": app.test_client(),
    }
    ids = [cast.requirement.id]
    before = {name: ProgramWalker(app, caller, ids).walk() for name, caller in outsiders.items()}
    bids = [
        sealed_bid(cast.vendors[0], cast.requirement, "CNRYONE", "7771234"),
        sealed_bid(cast.vendors[1], cast.requirement, "CNRYTWO", "8882345"),
    ]
    forbidden = words_of(bids[0], "CNRYONE", "7771235") + words_of(bids[1], "CNRYTWO", "8882346")
    own = ProgramWalker(app, program_of(app, cast.vendors[0]), [bids[0].id]).walk()
    assert "CNRYONEanswer" in own[f"/api/v1/bids/{bids[0].id}"], "the walk would find it"
    for name, caller in outsiders.items():
        after = ProgramWalker(app, caller, ids).walk()
        assert after == before[name] and len(after) >= 2, name
        after = ProgramWalker(app, caller, ids + [bid.id for bid in bids]).walk()
        assert [word for word in forbidden for body in after.values() if word in body] == [], name
    close(cast.requirement)
    for name, caller in outsiders.items():
        after = ProgramWalker(app, caller, ids + [bid.id for bid in bids]).walk()
        assert [word for word in forbidden for body in after.values() if word in body] == [], name
