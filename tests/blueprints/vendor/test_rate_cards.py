"""A vendor writes its prices on a page, without script."""

import re

import pytest
from sqlalchemy import select

from blueprints.shared.rate_card_document import document_from, form_from, show_refusal
from blueprints.shared.rate_card_form import RateCardForm
from portal.kit import tenancy
from portal.kit.calculators import CalculationError
from portal.kit.db import db
from portal.pricing.documents import rate_card_from_document, to_document
from portal.pricing.models import SavedRateCard
from tests.factories.accounts import actor_for, make_company, make_person, sign_in
from tests.factories.pricing import PHONE_BY_THE_HOUR, make_rate_card

RICH = {
    "currency": "TWD",
    "tax": "inclusive",
    "surcharge_stacking": "multiplicative",
    "one_time": [{"code": "KT", "category": "training_initial", "qty": "10", "rate": "300", "month": "2"}],
    "operating": [
        {
            "code": "MAIL",
            "unit": "contact",
            "tier_mode": "all_units",
            "tiers": [{"to": "5000", "rate": "1.9"}, {"to": None, "rate": "1.5"}],
            "filter": {"channel": ["email"], "lang": ["ja", "en"], "location": ["Taipei"]},
            "agent_model": "shared",
        },
        {"code": "SAVED", "unit": "outcome", "outcome": "saved", "rate": "7", "category": "outcome", "indexed": False},
        {"code": "HOL", "unit": "percent", "pct": "50", "applies_to": ["MAIL"], "filter": {"window": ["holiday"]}},
    ],
    "min_commitment": {"quantity": "100", "rate": "1.5", "scope": ["MAIL"], "exempt_months": ["1", "2"]},
    "cola": {"pct": "4", "cap_pct": "3", "index_code": "CPI"},
    "sla": {"at_risk_pct": "10", "items": [{"w": "1"}]},
}


@pytest.fixture
def vendor(app):
    company = make_company("vendor")
    return actor_for(make_person(company), company)


@pytest.fixture
def seller(app, client):
    company = make_company("vendor")
    person = make_person(company)
    client.actor = actor_for(person, company)
    sign_in(client, person)
    return client


def saved_cards(actor):
    with tenancy.scope(actor.scope):
        return [one.document for one in db.session.scalars(select(SavedRateCard))]


def entered(**fields):
    """What a browser sends for a new card with one operating line."""
    return {
        "name": "Standard",
        "card-currency": "GBP",
        "card-tax": "exclusive",
        "card-surcharge_stacking": "additive",
        "card-operating-0-description": "Calls",
        "card-operating-0-unit": "contact",
        "card-operating-0-rate": "1,234.50",
        "card-operating-0-category": "labour",
        "card-operating-0-tier_mode": "graduated",
        "card-operating-0-indexed": "y",
        "card-operating-1-unit": "contact",
        "card-operating-1-category": "labour",
        "card-operating-1-tier_mode": "graduated",
    } | fields


class TestForm:
    @pytest.mark.parametrize("document", [PHONE_BY_THE_HOUR, RICH], ids=["plain", "rich"])
    def test_what_is_filled_in_comes_out_the_same(self, app, document):
        card = rate_card_from_document(document)
        with app.test_request_context():
            form = RateCardForm(data=form_from(to_document(card)))
            form.add_spare_lines()
            assert rate_card_from_document(document_from(form, to_document(card))) == card

    @pytest.mark.parametrize(
        ("path", "field"),
        [
            ("rate_card.operating[0].tiers[1].rate", "operating-0-tiers-1-rate"),
            ("rate_card.operating[0].tiers[0].to", "operating-0-tiers-0-up_to"),
            ("rate_card.operating[2].applies_to[0]", "operating-2-applies_to"),
            ("rate_card.operating[0].filter.lang[1]", "operating-0-languages"),
            ("rate_card.operating[1].agent_model", "operating-1-code"),
            ("rate_card.min_commitment.scope[0]", "min_commitment-scope"),
            ("rate_card.currency", None),
        ],
    )
    def test_a_refusal_is_shown_where_its_path_leads(self, app, path, field):
        with app.test_request_context():
            form = RateCardForm(data=form_from(RICH))
            assert show_refusal(form, CalculationError(path, "No.")) is (field is not None)
            shown = [name for name, errors in _errors(form) if errors]
            assert shown == ([field] if field else [])


def _errors(form):
    for field in form:
        if field.type == "FieldList":
            for entry in field:
                yield from _errors(entry.form)
        elif field.type == "FormField":
            yield from _errors(field.form)
        else:
            yield field.name, field.errors


class TestPages:
    def test_buyers_do_not_get_in(self, client, app):
        sign_in(client, make_person(make_company("buyer")))
        assert client.get("/vendor/rate-cards").status_code == 404

    def test_another_vendors_card_does_not_exist(self, seller, vendor):
        card_id = make_rate_card(vendor)
        for address in ("", "/edit"):
            assert seller.get(f"/vendor/rate-cards/{card_id}{address}").status_code == 404
        assert seller.post(f"/vendor/rate-cards/{card_id}/archive").status_code == 404

    def test_who_only_looks_cannot_write(self, client, app):
        company = make_company("vendor")
        sign_in(client, make_person(company, "viewer"))
        assert client.get("/vendor/rate-cards").status_code == 200
        assert client.post("/vendor/rate-cards/new", data=entered()).status_code == 403

    def test_an_empty_list_says_what_to_do(self, seller):
        assert "No rate card yet" in seller.get("/vendor/rate-cards").text

    def test_a_card_is_saved_from_what_was_typed(self, seller):
        answer = seller.post("/vendor/rate-cards/new", data=entered())
        assert answer.status_code == 302, answer.text
        (document,) = saved_cards(seller.actor)
        assert document["operating"] == [
            {"code": "CALLS", "unit": "contact", "rate": "1234.50", "description": "Calls"}
        ]
        assert "Calls" in seller.get(answer.location).text

    def test_another_line_is_added_without_saving(self, seller):
        answer = seller.post("/vendor/rate-cards/new", data=entered(add="operating", **{"card-operating-1-rate": "5"}))
        assert answer.status_code == 200
        assert 'name="card-operating-2-rate"' in answer.text
        assert 'value="1,234.50"' in answer.text
        assert saved_cards(seller.actor) == []

    @pytest.mark.parametrize(
        ("field", "typed"),
        [
            ("card-operating-0-rate", "1e5"),
            ("card-operating-0-rate", "-3"),
            ("card-operating-0-billing_occupancy", "NaN"),
            ("card-extra-0-probability", "2"),
            ("card-min_commitment-scope", "NOBODY"),
        ],
    )
    def test_a_wrong_entry_is_kept_and_marked(self, seller, field, typed):
        more = {field: typed}
        if field.startswith("card-extra"):
            more |= {"card-extra-0-qty": "1", "card-extra-0-rate": "1", "card-extra-0-category": "other"}
        if field.startswith("card-min"):
            more |= {"card-min_commitment-amount": "5"}
        answer = seller.post("/vendor/rate-cards/new", data=entered(**more))
        assert answer.status_code == 400
        assert f'value="{typed}"' in answer.text
        marked = re.search(rf'<input[^>]*name="{field}"[^>]*>', answer.text).group()
        assert 'aria-invalid="true"' in marked
        assert saved_cards(seller.actor) == []

    def test_the_second_of_two_editors_is_told(self, seller):
        card_id = make_rate_card(seller.actor)
        address = f"/vendor/rate-cards/{card_id}/edit"
        version = re.search(r'name="version"[^>]*value="(\d+)"', seller.get(address).text).group(1)
        answer = seller.post(address, data=entered(version=version))
        assert answer.status_code == 302
        assert seller.post(address, data=entered(version=version, name="Other")).status_code == 409

    def test_a_month_is_worked_out_on_the_card(self, seller):
        card_id = make_rate_card(seller.actor)
        month = {"channel": "phone", "window": "after_hours", "contacts": "2,000", "aht_s": "300"}
        page = seller.get(f"/vendor/rate-cards/{card_id}", query_string=month).text
        assert "3,020.83" in page
        assert "453.13" in page
        assert "3,473.96" in page

    def test_a_card_is_put_away_and_taken_out_again(self, seller):
        card_id = make_rate_card(seller.actor)
        assert seller.post(f"/vendor/rate-cards/{card_id}/archive").status_code == 302
        assert "Put away" in seller.get("/vendor/rate-cards").text
        assert seller.post(f"/vendor/rate-cards/{card_id}/activate").status_code == 302
        assert seller.post(f"/vendor/rate-cards/{card_id}/activate").status_code == 409

    def test_a_cliff_in_the_prices_is_pointed_out(self, seller):
        card_id = make_rate_card(seller.actor, document=RICH)
        assert "becomes cheaper with one unit more" in seller.get(f"/vendor/rate-cards/{card_id}").text
