"""A buyer opens, compares, scores and awards on pages."""

import pytest
from sqlalchemy import event

from portal.kit.db import db
from portal.kit.ids import new_id
from portal.needs import queries as needs
from portal.selection.actions.bids import asked_of_vendors
from portal.selection.states import BidState
from tests.factories.accounts import actor_for, add_member, execute, make_company, make_person
from tests.factories.needs import in_scope
from tests.factories.selection import (
    BY_HOUR,
    award_on,
    bid_now,
    close,
    fresh,
    make_cast,
    make_evaluated,
    make_submitted,
    open_all,
    sign_in_as,
)


def sent(**values):
    return {"submission_id": str(new_id()), **values}


def closed_cast(vendors=2, **changes):
    cast = make_cast(vendors, **changes)
    bids = [make_submitted(vendor, cast.requirement, BY_HOUR) for vendor in cast.vendors]
    close(cast.requirement)
    return cast, bids


def colleague(buyer, role):
    company = execute("SELECT * FROM companies WHERE id = :id", id=buyer.company_id)[0]
    person = make_person()
    add_member(company, person, role)
    return actor_for(person, company)


def scores_for(cast, score="4", comment="Good enough."):
    def named():
        found = {}
        for criterion in asked_of_vendors(needs.criteria_of(cast.requirement)):
            found |= {f"score-{criterion.id}": score, f"comment-{criterion.id}": comment}
        return found

    return in_scope(cast.buyer, named)


class TestList:
    def test_without_any_it_says_what_will_appear(self, app, client):
        company = make_company("buyer")
        buyer = sign_in_as(client, actor_for(make_person(company), company))
        assert "Nothing to compare yet" in buyer.get("/buyer/evaluations").text

    def test_before_the_opening_there_is_a_dash_for_a_number(self, app, client):
        cast, _bids = closed_cast()
        page = sign_in_as(client, cast.buyer).get("/buyer/evaluations").text
        assert "Open the bids" in page and '<td class="figure">–</td>' in page


class TestOpen:
    def test_it_is_asked_done_once_and_leads_to_the_comparison(self, app, client):
        cast, _bids = closed_cast()
        buyer = sign_in_as(client, cast.buyer)
        base = f"/buyer/evaluations/{cast.requirement.id}"
        assert "The bids are sealed" in buyer.get(base).text
        assert "Keep them sealed" in buyer.get(f"{base}/open").text
        form = sent()
        assert buyer.post(f"{base}/open", data=form).location == base
        assert buyer.post(f"{base}/open", data=form).location == base
        assert buyer.post(f"{base}/open", data=sent()).status_code == 409
        assert "Compare 2 bids" in buyer.get(base).text

    def test_a_member_may_not(self, app, client):
        cast, _ = closed_cast(1)
        member = sign_in_as(client, colleague(cast.buyer, "member"))
        assert member.post(f"/buyer/evaluations/{cast.requirement.id}/open", data=sent()).status_code == 403

    def test_with_too_few_bids_the_page_says_so(self, app, client):
        cast, _ = closed_cast(1, min_bids=2)
        page = sign_in_as(client, cast.buyer).get(f"/buyer/evaluations/{cast.requirement.id}").text
        assert "Too few bids had arrived" in page


class TestCompare:
    def test_costs_by_class_scores_and_the_best_values_by_a_word(self, app, client):
        cast, _bids = make_evaluated()
        page = sign_in_as(client, cast.buyer).get(f"/buyer/evaluations/{cast.requirement.id}").text
        for words in ("One-time costs", "Operating costs", "Extra costs", "Lowest", "Highest", "200,000", "Place 1"):
            assert words in page, words
        assert "Against the budget" in page and "Everything priced" in page
        assert "<svg" in page and "Would the winner change?" in page

    def test_unpriced_items_are_named(self, app, client):
        cast = make_cast(1)
        only_phone = BY_HOUR | {
            "operating": [{"code": "P", "unit": "contact", "rate": "2", "filter": {"channel": ["phone"]}}]
        }
        make_submitted(cast.vendors[0], cast.requirement, only_phone)
        close(cast.requirement)
        open_all(cast.buyer, cast.requirement)
        page = sign_in_as(client, cast.buyer).get(f"/buyer/evaluations/{cast.requirement.id}").text
        assert "Not priced: E-mail, English; E-mail, German" in page and "There is no ranking yet" in page

    def test_the_page_takes_twelve_statements_whatever_the_number_of_bids(self, app, client, make_client):
        counts = []
        for vendors in (2, 7):
            cast, _bids = make_evaluated(vendors, [str(200000 + 1000 * n) for n in range(vendors)])
            buyer = sign_in_as(make_client(), cast.buyer)
            counts.append(_statements(lambda b=buyer, c=cast: b.get(f"/buyer/evaluations/{c.requirement.id}")))
        assert counts[0] == counts[1] <= 12

    def test_one_bid_is_shown_with_its_answers_prices_and_receipt(self, app, client):
        cast, bids = make_evaluated()
        buyer = sign_in_as(client, cast.buyer)
        page = buyer.get(f"/buyer/evaluations/{cast.requirement.id}/bids/{bids[0].id}").text
        assert "Our answer on Technical capability." in page and bids[0].receipt_sha256 in page
        assert "Unchanged since it was submitted" in page


def _statements(act):
    heard = []

    def hear(_connection, _cursor, statement, *_rest):
        heard.append(statement)

    event.listen(db.engine, "before_cursor_execute", hear)
    assert act().status_code == 200
    event.remove(db.engine, "before_cursor_execute", hear)
    return len(heard)


class TestJudge:
    def test_scores_are_given_kept_and_shown(self, app, client):
        cast, bids = closed_cast()
        open_all(cast.buyer, cast.requirement)
        buyer = sign_in_as(client, cast.buyer)
        address = f"/buyer/evaluations/{cast.requirement.id}/bids/{bids[0].id}/score"
        assert "Our answer on" in buyer.get(address).text
        missing = buyer.post(address, data=sent(**scores_for(cast, comment="")))
        assert missing.status_code == 400 and "every score needs a comment" in missing.text
        assert buyer.post(address, data=sent(**scores_for(cast))).status_code == 302
        assert len(execute("SELECT id FROM scores WHERE score = 4")) == 5
        assert "Good enough." in buyer.get(address).text

    def test_a_bid_is_taken_out_with_a_reason(self, app, client):
        cast, bids = make_evaluated()
        buyer = sign_in_as(client, cast.buyer)
        address = f"/buyer/evaluations/{cast.requirement.id}/bids/{bids[0].id}/disqualify"
        assert buyer.post(address, data=sent(reason="")).status_code == 400
        assert buyer.post(address, data=sent(reason="No valid certificate.")).status_code == 302
        page = buyer.get(f"/buyer/evaluations/{cast.requirement.id}").text
        assert "No valid certificate." in page and "Not ranked" in page and "Only one bid is left" in page

    def test_the_award_is_made_with_a_reason_and_a_stale_form_gets_409(self, app, client):
        cast, bids = make_evaluated()
        buyer = sign_in_as(client, cast.buyer)
        address = f"/buyer/evaluations/{cast.requirement.id}/award"
        version = fresh(cast.buyer, cast.requirement).version
        choice = {"bid_id": str(bids[1].id), "reason": "Knows our trade better."}
        assert buyer.get(address).status_code == 200
        assert buyer.post(address, data=sent(version=version, bid_id=str(bids[1].id))).status_code == 400
        assert buyer.post(address, data=sent(version=version - 1, **choice)).status_code == 409
        assert buyer.post(address, data=sent(version=version, **choice)).status_code == 302
        assert award_on(cast.vendors[1], bids[1]).rank == 2
        again = fresh(cast.buyer, cast.requirement).version
        assert buyer.post(address, data=sent(version=again, **choice)).status_code == 409
        assert "Knows our trade better." in buyer.get(f"/buyer/evaluations/{cast.requirement.id}").text


class TestForeign:
    @pytest.mark.parametrize("page", ["", "/open", "/award"])
    def test_another_buyer_finds_none_of_the_pages(self, app, client, page):
        cast, _ = make_evaluated()
        company = make_company("buyer")
        stranger = sign_in_as(client, actor_for(make_person(company), company))
        answer = stranger.get(f"/buyer/evaluations/{cast.requirement.id}{page}")
        unknown = stranger.get(f"/buyer/evaluations/{new_id()}{page}")
        assert answer.status_code == unknown.status_code == 404
        assert len(answer.text) == len(unknown.text)

    @pytest.mark.parametrize("page", ["", "/score", "/disqualify"])
    def test_a_bid_of_another_requirement_is_not_reached_through_ones_own(self, app, client, page):
        cast, _ = make_evaluated()
        _, foreign = make_evaluated()
        buyer = sign_in_as(client, cast.buyer)
        address = f"/buyer/evaluations/{cast.requirement.id}/bids/{foreign[0].id}{page}"
        assert buyer.get(address).status_code == 404
        if page:
            assert buyer.post(address, data=sent(reason="x", **scores_for(cast))).status_code == 404

    def test_nor_awarded_through_the_form(self, app, client):
        cast, _ = make_evaluated()
        other, foreign = make_evaluated()
        buyer = sign_in_as(client, cast.buyer)
        version = fresh(cast.buyer, cast.requirement).version
        form = sent(version=version, bid_id=str(foreign[0].id), reason="Mine now.")
        assert buyer.post(f"/buyer/evaluations/{cast.requirement.id}/award", data=form).status_code == 400
        assert execute("SELECT id FROM awards") == []
        assert bid_now(other.vendors[0], foreign[0]).state == BidState.QUALIFIED
