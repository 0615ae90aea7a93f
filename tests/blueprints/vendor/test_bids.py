"""A vendor bids on pages: begin, price, answer, submit, change, withdraw, answer an award."""

import pytest

from portal.kit.ids import new_id
from portal.needs import queries as needs
from portal.selection.actions.bids import asked_of_vendors
from portal.selection.states import BidState
from tests.factories.accounts import execute
from tests.factories.needs import in_scope, pass_deadline
from tests.factories.pricing import make_rate_card
from tests.factories.selection import (
    BY_HOUR,
    award,
    award_on,
    bid_now,
    close,
    make_cast,
    make_draft,
    make_evaluated,
    make_submitted,
    open_all,
    sign_in_as,
)


@pytest.fixture
def cast(app):
    return make_cast(2)


@pytest.fixture
def seller(cast, client):
    return sign_in_as(client, cast.vendors[0])


def sent(**values):
    return {"submission_id": str(new_id()), **values}


def only_bid():
    return execute("SELECT * FROM bids")[0]


def answers_for(cast, text="We do this well."):
    def named():
        return {f"answer-{one.id}": text for one in asked_of_vendors(needs.criteria_of(cast.requirement))}

    return in_scope(cast.buyer, named)


class TestBegin:
    def test_a_stranger_is_asked_to_sign_in_and_a_buyer_finds_nothing(self, cast, client, make_client):
        address = f"/vendor/requirements/{cast.requirement.id}/bids"
        assert client.get(address).status_code == 302
        assert sign_in_as(make_client(), cast.buyer).get(address).status_code == 404

    def test_from_a_rate_card_the_bid_takes_a_copy(self, cast, seller):
        card = make_rate_card(cast.vendors[0], document=BY_HOUR, name="Dedicated team", active=True)
        address = f"/vendor/requirements/{cast.requirement.id}/bids"
        assert "Dedicated team" in seller.get(address).text
        answer = seller.post(address, data=sent(start=str(card)))
        assert answer.location.endswith(f"/vendor/bids/{only_bid().id}/price")
        assert execute("SELECT rate_card FROM bid_prices")[0].rate_card["operating"][0]["rate"] == "17.35"

    def test_from_nothing_and_only_once(self, cast, seller):
        address = f"/vendor/requirements/{cast.requirement.id}/bids"
        form = sent(start="nothing")
        first, second = seller.post(address, data=form), seller.post(address, data=form)
        assert first.location == second.location
        assert len(execute("SELECT id FROM bids")) == 1
        assert seller.get(address).location.endswith(f"/vendor/bids/{only_bid().id}")

    def test_a_card_of_another_vendor_is_not_taken(self, cast, seller):
        foreign = make_rate_card(cast.vendors[1], document=BY_HOUR, name="Theirs", active=True)
        address = f"/vendor/requirements/{cast.requirement.id}/bids"
        assert seller.post(address, data=sent(start=str(foreign))).status_code == 400
        assert execute("SELECT id FROM bids") == []


class TestWrite:
    def test_price_answers_and_submit_in_three_steps(self, cast, seller):
        seller.post(f"/vendor/requirements/{cast.requirement.id}/bids", data=sent(start="nothing"))
        base = f"/vendor/bids/{only_bid().id}"
        prices = {"card-operating-0-unit": "contact", "card-operating-0-rate": "2.40", "card-currency": "GBP"}
        saved = seller.post(f"{base}/price", data=sent(version=only_bid().version, **prices))
        assert saved.location == f"{base}/answers"
        assert execute("SELECT is_complete FROM bid_prices")[0].is_complete
        answers = answers_for(cast) | {"reference": "Q-77", "valid_until": "2030-01-31"}
        page = seller.get(f"{base}/answers")
        assert page.status_code == 200 and "of 100 points" in page.text
        saved = seller.post(f"{base}/answers", data=sent(version=only_bid().version, **answers))
        assert saved.location == f"{base}/submit"
        assert "Submit bid" in seller.get(f"{base}/submit").text
        handed_in = seller.post(f"{base}/submit", data=sent(version=only_bid().version))
        assert handed_in.location == base
        page = seller.get(base).text
        assert only_bid().state == BidState.SUBMITTED and only_bid().receipt_sha256 in page
        receipt = seller.get(f"{base}/receipt")
        assert '"reference":"Q-77"' in receipt.text and "attachment" in receipt.headers["Content-Disposition"]

    def test_what_is_missing_is_said_and_the_button_is_away(self, cast, seller):
        seller.post(f"/vendor/requirements/{cast.requirement.id}/bids", data=sent(start="nothing"))
        base = f"/vendor/bids/{only_bid().id}"
        page = seller.get(f"{base}/submit").text
        assert "the total is zero" in page and "Submit bid" not in page
        refused = seller.post(f"{base}/submit", data=sent(version=only_bid().version))
        assert refused.status_code == 400 and only_bid().state == BidState.DRAFT

    def test_a_wrong_rate_is_said_at_its_field_and_kept(self, cast, seller):
        bid = make_draft(cast.vendors[0], cast.requirement)
        prices = {"card-operating-0-unit": "contact", "card-operating-0-rate": "two", "card-currency": "GBP"}
        page = seller.post(f"/vendor/bids/{bid.id}/price", data=sent(version=bid.version, **prices))
        assert page.status_code == 400 and 'value="two"' in page.text

    def test_unpriced_channels_are_named(self, cast, seller):
        only_phone = BY_HOUR | {
            "operating": [{"code": "P", "unit": "contact", "rate": "2", "filter": {"channel": ["phone"]}}]
        }
        bid = make_draft(cast.vendors[0], cast.requirement, only_phone)
        page = seller.get(f"/vendor/bids/{bid.id}/submit").text
        assert "Unpriced: E-mail, English; E-mail, German." in page and "Submit bid" in page

    def test_the_second_of_two_editors_gets_409(self, cast, seller):
        bid = make_draft(cast.vendors[0], cast.requirement)
        form = {"reference": "mine", "valid_until": "2030-01-31", **answers_for(cast)}
        address = f"/vendor/bids/{bid.id}/answers"
        assert seller.post(address, data=sent(version=bid.version, **form)).status_code == 302
        assert seller.post(address, data=sent(version=bid.version, **form)).status_code == 409

    def test_after_the_deadline_nothing_is_taken(self, cast, client):
        bid = make_draft(cast.vendors[0], cast.requirement)
        pass_deadline(cast.requirement)
        seller = sign_in_as(client, cast.vendors[0])
        assert seller.post(f"/vendor/bids/{bid.id}/submit", data=sent(version=bid.version)).status_code == 409
        assert "Not submitted in time" in seller.get(f"/vendor/bids/{bid.id}").text
        for step in ("price", "answers", "submit"):
            assert seller.get(f"/vendor/bids/{bid.id}/{step}").location == f"/vendor/bids/{bid.id}"

    def test_a_bid_is_withdrawn_after_asking(self, cast, seller):
        bid = make_submitted(cast.vendors[0], cast.requirement)
        assert "Keep the bid" in seller.get(f"/vendor/bids/{bid.id}/withdraw").text
        seller.post(f"/vendor/bids/{bid.id}/withdraw", data=sent(version=bid.version))
        assert bid_now(cast.vendors[0], bid).state == BidState.WITHDRAWN


class TestForeign:
    @pytest.mark.parametrize("page", ["", "/price", "/answers", "/submit", "/withdraw", "/award", "/receipt"])
    def test_a_rival_finds_no_page_of_it_as_for_an_id_that_is_none(self, cast, seller, page):
        bid = make_submitted(cast.vendors[1], cast.requirement)
        answer = seller.get(f"/vendor/bids/{bid.id}{page}")
        unknown = seller.get(f"/vendor/bids/{new_id()}{page}")
        assert answer.status_code == unknown.status_code == 404
        assert len(answer.text) == len(unknown.text)

    @pytest.mark.parametrize("page", ["/price", "/answers", "/submit", "/withdraw", "/award"])
    def test_nor_can_it_post_to_one(self, cast, seller, page):
        bid = make_submitted(cast.vendors[1], cast.requirement)
        answer = seller.post(f"/vendor/bids/{bid.id}{page}", data=sent(version=bid.version, answer="accept"))
        assert answer.status_code == 404
        assert only_bid().state == BidState.SUBMITTED and only_bid().version == bid.version


class TestList:
    def test_without_bids_it_says_what_to_do(self, seller):
        assert "No bids yet" in seller.get("/vendor/bids").text

    def test_it_holds_only_the_companys_own(self, cast, seller):
        mine = make_draft(cast.vendors[0], cast.requirement)
        theirs = make_submitted(cast.vendors[1], cast.requirement)
        page = seller.get("/vendor/bids").text
        assert str(mine.id) in page and str(theirs.id) not in page


class TestAward:
    def test_the_vendor_accepts_on_its_page(self, app, client):
        cast, bids = make_evaluated()
        award(cast.buyer, cast.requirement, bids[0])
        seller = sign_in_as(client, cast.vendors[0])
        assert "Answer the award" in seller.get(f"/vendor/bids/{bids[0].id}").text
        assert seller.get(f"/vendor/bids/{bids[0].id}/award").status_code == 200
        seller.post(f"/vendor/bids/{bids[0].id}/award", data=sent(answer="accept"))
        assert award_on(cast.vendors[0], bids[0]).state == "accepted"
        assert "You have the award" in seller.get(f"/vendor/bids/{bids[0].id}").text

    def test_declining_asks_for_a_reason(self, app, client):
        cast, bids = make_evaluated()
        award(cast.buyer, cast.requirement, bids[0])
        seller = sign_in_as(client, cast.vendors[0])
        address = f"/vendor/bids/{bids[0].id}/award"
        assert seller.post(address, data=sent(answer="decline")).status_code == 400
        assert seller.post(address, data=sent(answer="decline", reason="Team is full.")).status_code == 302
        assert award_on(cast.vendors[1], bids[1]).state == "pending"

    def test_the_loser_reads_how_it_stood(self, app, client, make_client):
        cast, bids = make_evaluated()
        award(cast.buyer, cast.requirement, bids[0])
        loser = sign_in_as(make_client(), cast.vendors[1])
        waiting = loser.get(f"/vendor/bids/{bids[1].id}").text
        assert "In evaluation" in waiting and "Reserve" not in waiting
        winner = sign_in_as(client, cast.vendors[0])
        winner.post(f"/vendor/bids/{bids[0].id}/award", data=sent(answer="accept"))
        page = loser.get(f"/vendor/bids/{bids[1].id}").text
        assert "Place 2 of 2" in page and "Because of Technical capability." in page
        assert "200,000" not in page

    def test_before_an_award_there_is_nothing_to_answer(self, cast, client):
        bid = make_submitted(cast.vendors[0], cast.requirement)
        close(cast.requirement)
        open_all(cast.buyer, cast.requirement)
        seller = sign_in_as(client, cast.vendors[0])
        assert seller.get(f"/vendor/bids/{bid.id}/award").status_code == 404
