"""A buyer sets an evaluation up in the browser, tries it on invented bids, and judges real ones by it."""

from collections.abc import Callable
from html import unescape

import pytest
from flask.testing import FlaskClient

from portal.accounts.actor import Actor
from portal.kit import tenancy
from portal.kit.db import db
from portal.needs.queries import criteria_of, evaluation_of, knock_outs_of
from portal.pricing.price_score import PriceFormula
from tests.blueprints.buyer.test_requirements import fields_of, send
from tests.factories.accounts import execute, make_company, make_person, sign_in
from tests.factories.needs import judged_by, make_published, make_requirement
from tests.factories.selection import (
    close,
    fixed_price,
    make_cast,
    make_submitted,
    open_all,
    score_all,
    sign_in_as,
)
from tests.statements import counted


def kept(actor: Actor, draft):
    with tenancy.scope(actor.scope):
        found = evaluation_of(draft), [one.title for one in knock_outs_of(draft)], list(criteria_of(draft))
        db.session.expunge_all()
        db.session.rollback()
    return found


class TestSetUp:
    def test_what_was_chosen_is_stored_and_shown_again(self, client, buyer):
        draft = make_requirement(buyer)
        address = f"/buyer/requirements/{draft.id}/criteria"
        chosen = {"formula": "budget", "budget": "900,000", "floor": "500,000.50", "tie_rule": "lot"}
        more = {"quality_minimum": "60", "two_envelopes": "y", "usual_2": "y", "knock_title_1": "Speaks Welsh"}
        assert send(client, address, **chosen, **more, anchor_1_5="Thirty years").status_code == 302
        rules, knock_outs, criteria = kept(buyer, draft)
        assert (rules.formula, rules.budget_minor, rules.floor_minor) == (PriceFormula.BUDGET, 90_000_000, 50_000_050)
        assert rules.two_envelopes and rules.quality_minimum == 60
        assert knock_outs == ["Speaks Welsh", "Holds a valid ISO/IEC 27001 certificate"]
        assert criteria[0].anchors[5] == "Thirty years" and criteria[1].anchors == []
        again = fields_of(client.get(address).text)
        assert (again["budget"], again["formula"], again["knock_title_1"]) == ("900000", "budget", "Speaks Welsh")

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"formula": "budget"}, "budget"),
            ({"formula": "budget", "budget": "5", "floor": "6"}, "floor"),
            ({"quality_minimum": "101"}, "quality_minimum"),
            ({"anchor_2_0": ""}, "anchor_2_0"),
            ({"knock_evidence_1": "A copy"}, "knock_title_1"),
            # The second row is emptied, so the fault stands in the third of the form and the second of the answers.
            ({"title_2": "", "weight_2": "", "weight_3": "4"}, "weight_3"),
        ],
    )
    def test_a_fault_is_shown_at_its_field_and_nothing_is_stored(self, client, buyer, wrong, field):
        draft = make_requirement(buyer)
        answer = send(client, f"/buyer/requirements/{draft.id}/criteria", **{"title_1": "Renamed"} | wrong)
        assert answer.status_code == 400
        assert f'id="{field}-error"' in answer.text and 'value="Renamed"' in answer.text
        assert kept(buyer, draft)[2][0].title == "Industry experience and reputation"

    def test_the_preview_button_stores_nothing_and_works_without_script(self, client, buyer):
        draft = make_requirement(buyer)
        address = f"/buyer/requirements/{draft.id}/criteria"
        answer = send(client, address, then="preview", formula="rank")
        assert answer.status_code == 200
        assert "Invented bid" in answer.text and "The ranking is not robust." in answer.text
        assert kept(buyer, draft)[0].formula is PriceFormula.RELATIVE
        assert execute("SELECT count(*) AS n FROM evaluation_rules")[0].n == 0

    def test_the_live_part_answers_for_its_own_buyer_only(self, client, buyer, make_client: Callable[[], FlaskClient]):
        draft = make_requirement(buyer)
        sent = fields_of(client.get(f"/buyer/requirements/{draft.id}/criteria").text)
        del sent["submission_id"]  # nothing is done by asking
        address = f"/buyer/requirements/{draft.id}/criteria/preview"
        assert "Every formula, and the weight moved" in client.post(address, data=sent).text
        refused = client.post(address, data=sent | {"weight_1": "20"})
        assert refused.status_code == 200 and "add up to 105" in refused.text
        browser = make_client()
        sign_in(browser, make_person(make_company("buyer")))
        assert browser.post(address, data=sent).status_code in (400, 404)

    def test_neither_page_takes_more_statements_than_it_may(self, client, buyer):
        draft = make_requirement(buyer, evaluation=judged_by("Insured", "Certified", formula="linear"))
        for address in (f"/buyer/requirements/{draft.id}/criteria", f"/buyer/requirements/{draft.id}"):
            client.get(address)
            with counted(db.engine) as statements:
                client.get(address)
            assert len(statements) <= 12


class TestVendors:
    def test_read_everything_before_they_bid(self, client, make_client: Callable[[], FlaskClient], buyer):
        rules = {"formula": "linear", "tie_rule": "time", "quality_minimum": 60, "two_envelopes": True}
        live = make_published(buyer, evaluation=judged_by("Insured", **rules))
        browser = make_client()
        sign_in(browser, make_person(make_company("vendor")))
        page = unescape(browser.get(f"/vendor/requirements/{live.id}").text)
        for words in ("Insured", "twice the lowest gets none", "The earlier submission", "After quality is scored"):
            assert words in page
        assert "Meets it fully, with evidence" in page


class TestJudging:
    def test_prices_and_names_stay_hidden_until_the_scoring_is_ended(self, client):
        cast = make_cast(2, evaluation=judged_by("Insured", two_envelopes=True, pseudonyms=True))
        bids = [make_submitted(vendor, cast.requirement, fixed_price("200000")) for vendor in cast.vendors]
        close(cast.requirement)
        open_all(cast.buyer, cast.requirement)
        for bid in bids:
            score_all(cast.buyer, cast.requirement, bid)
        sign_in_as(client, cast.buyer)
        address = f"/buyer/evaluations/{cast.requirement.id}"
        pages = [address, f"{address}/bids/{bids[0].id}", f"{address}/bids/{bids[0].id}/score"]
        for page in (*pages, f"{address}/bids/{bids[0].id}/must-haves"):
            text = unescape(client.get(page).text)
            assert "200,000" not in text and "Bidder" in text
            assert not any(vendor.company_name in text for vendor in cast.vendors)
        assert "cannot be ended now" in client.get(f"{address}/end-scoring").text
        for bid in bids:
            checks = f"{address}/bids/{bid.id}/must-haves"
            names = dict.fromkeys(_radios(client.get(checks).text), "met")
            assert send(client, checks, **names).status_code == 302
        assert send(client, f"{address}/end-scoring").status_code == 302
        text = unescape(client.get(address).text)
        assert "200,000" in text and all(vendor.company_name in text for vendor in cast.vendors)
        for page in pages:
            with counted(db.engine) as statements:
                client.get(page)
            assert len(statements) <= 12, page

    def test_a_vendor_answers_must_haves_in_its_bid(self, client):
        cast = make_cast(1, evaluation=judged_by("Insured"))
        sign_in_as(client, cast.vendors[0])
        bid = make_submitted(cast.vendors[0], cast.requirement)
        address = f"/vendor/bids/{bid.id}/answers"
        (name,) = _radios(client.get(address).text)
        assert send(client, address, **{name: "no", name.replace("met", "proof"): ""}).status_code == 302
        (row,) = execute("SELECT is_met, evidence FROM bid_knock_outs")
        assert (row.is_met, row.evidence) == (False, "")


def _radios(page: str) -> set[str]:
    fields = fields_of(page.replace('type="radio"', 'type="text"'))
    return {key for key in fields if key.startswith(("outcome-", "met-"))}
