"""Foreign ids lead nowhere, in the path, the query or the body, with either of the two walls taken down."""

import pytest

from portal.kit import tenancy
from portal.kit.ids import new_id
from tests.factories.accounts import actor_for, execute, make_company, make_person
from tests.factories.selection import award, close, fresh, make_cast, make_evaluated, make_submitted, sign_in_as

TABLES = (
    "requirements",
    "bids",
    "bid_answers",
    "bid_prices",
    "evaluation_sheets",
    "scores",
    "awards",
    "award_grounds",
    "disqualifications",
    "debriefs",
)
VENDOR_PAGES = ("", "/price", "/answers", "/submit", "/withdraw", "/award", "/receipt")
BUYER_PAGES = ("", "/open", "/award", "/bids/{bid}", "/bids/{bid}/score", "/bids/{bid}/disqualify")


@pytest.fixture(params=["both", "database alone", "python alone"])
def walls(request, app, superuser, monkeypatch):
    """Which wall stands; put up again afterwards."""
    if request.param == "database alone":
        monkeypatch.setattr(tenancy.Walls, "python", False)
    if request.param == "python alone":
        for table in TABLES:
            superuser.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    yield request.param
    for table in TABLES:
        superuser.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")


def sent(**values):
    return {"submission_id": str(new_id()), **values}


def rows():
    """All that selection holds, as text, to see that nothing changed."""
    return {table: [str(tuple(row)) for row in execute(f"SELECT * FROM {table} ORDER BY 1")] for table in TABLES}


def test_a_rival_reaches_nothing_of_a_bid(walls, make_client):
    cast, bids = make_evaluated()
    award(cast.buyer, cast.requirement, bids[0])
    rival = sign_in_as(make_client(), cast.vendors[1])
    before = rows()
    for page in VENDOR_PAGES:
        address = f"/vendor/bids/{bids[0].id}{page}"
        assert rival.get(address).status_code == 404, address
        form = sent(version=bids[0].version, answer="accept", bid_id=str(bids[0].id))
        assert rival.post(address, data=form).status_code in (404, 405), address
    page = rival.get(f"/vendor/bids?bid_id={bids[0].id}&after={bids[0].id}").text
    assert f"/vendor/bids/{bids[0].id}" not in page
    assert rows() == before


def test_another_buyer_reaches_nothing_of_an_evaluation(walls, make_client):
    cast, bids = make_evaluated()
    company = make_company("buyer")
    stranger = sign_in_as(make_client(), actor_for(make_person(company), company))
    before = rows()
    for page in BUYER_PAGES:
        address = f"/buyer/evaluations/{cast.requirement.id}{page.format(bid=bids[0].id)}"
        assert stranger.get(address).status_code == 404, address
        form = sent(version=fresh(cast.buyer, cast.requirement).version, bid_id=str(bids[0].id), reason="Mine.")
        assert stranger.post(address, data=form).status_code in (404, 405), address
    assert str(cast.requirement.id) not in stranger.get("/buyer/evaluations").text
    assert rows() == before


def test_ones_own_requirement_does_not_open_the_way_to_a_foreign_bid(walls, make_client):
    cast, _ = make_evaluated()
    _, foreign = make_evaluated()
    buyer = sign_in_as(make_client(), cast.buyer)
    before = rows()
    for page in BUYER_PAGES[3:]:
        address = f"/buyer/evaluations/{cast.requirement.id}{page.format(bid=foreign[0].id)}"
        assert buyer.get(address).status_code == 404, address
    form = sent(version=fresh(cast.buyer, cast.requirement).version, bid_id=str(foreign[0].id), reason="Mine.")
    assert buyer.post(f"/buyer/evaluations/{cast.requirement.id}/award", data=form).status_code == 400
    assert rows() == before


def test_a_sealed_bid_is_not_reached_by_its_own_buyer(walls, make_client):
    cast = make_cast(1)
    bid = make_submitted(cast.vendors[0], cast.requirement)
    close(cast.requirement)
    buyer = sign_in_as(make_client(), cast.buyer)
    for page in BUYER_PAGES[3:]:
        address = f"/buyer/evaluations/{cast.requirement.id}{page.format(bid=bid.id)}"
        assert buyer.get(address).status_code == 404, address
    page = buyer.get(f"/buyer/evaluations/{cast.requirement.id}").text
    assert "The bids are sealed" in page and str(bid.id) not in page
