"""A vendor writes its prices on a page, without script."""

import io
import re

import pytest
from sqlalchemy import select

from blueprints.shared.rate_card_document import document_from, form_from, show_refusal
from blueprints.shared.rate_card_form import RateCardForm
from portal.kit import tenancy
from portal.kit.calculators import CalculationError
from portal.kit.db import db
from portal.kit.tables import Sheet, write_xlsx
from portal.pricing.documents import rate_card_from_document, to_document
from portal.pricing.exchange import import_rates
from portal.pricing.models import SavedRateCard
from portal.pricing.workbook import document_from_workbook
from tests.factories.accounts import actor_for, make_company, make_person, make_staff, sign_in
from tests.factories.pricing import FULL_CARD, PHONE_BY_THE_HOUR, answered, make_rate_card

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

BANDS = ("tiers-0-up_to", "tiers-0-rate", "tiers-1-up_to", "tiers-1-rate")
# Locations are written with commas between them, so that none can hold one.
SINGLE = FULL_CARD | {
    "operating": [FULL_CARD["operating"][0] | {"filter": {"location": ["Cebu"]}}, *FULL_CARD["operating"][1:]]
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
    @pytest.mark.parametrize("document", [PHONE_BY_THE_HOUR, RICH, SINGLE], ids=["plain", "rich", "full"])
    def test_what_is_filled_in_comes_out_the_same(self, app, document):
        card = rate_card_from_document(document)
        with app.test_request_context():
            form = RateCardForm(data=form_from(to_document(card)))
            form.begin_empty_groups()
            assert rate_card_from_document(document_from(form, to_document(card))) == card

    @pytest.mark.parametrize(
        ("path", "field"),
        [
            ("rate_card.operating[0].tiers[1].rate", "operating-0-tiers-1-rate"),
            ("rate_card.operating[0].tiers[0].to", "operating-0-tiers-0-up_to"),
            ("rate_card.operating[2].applies_to[0]", "operating-2-applies_to"),
            ("rate_card.operating[0].filter.lang[1]", "operating-0-languages"),
            ("rate_card.operating[1].mandatory", "operating-1-code"),
            ("rate_card.operating[0].baseline.arc_rate", "operating-0-baseline-arc_rate"),
            ("rate_card.sla.items[0].w", "sla-items-0-w"),
            ("rate_card.waived[3]", "waived"),
            ("rate_card.min_commitment.scope[0]", "min_commitment-scope"),
            ("rate_card.currency", "currency"),
            ("rate_card.rounding", None),
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

    def test_a_line_is_removed_and_bands_are_added_without_saving(self, seller):
        sent = entered(**{"card-operating-1-rate": "5", "card-operating-1-description": "Mails"})
        page = seller.post("/vendor/rate-cards/new", data=sent | {"remove": "operating-0"}).text
        assert "Mails" in page and 'value="1,234.50"' not in page
        page = seller.post("/vendor/rate-cards/new", data=sent | {"add": "bands-1"}).text
        assert 'name="card-operating-1-tiers-5-rate"' in page
        assert saved_cards(seller.actor) == []

    def test_the_rest_is_marked_as_not_charged_at_once(self, seller):
        page = seller.post("/vendor/rate-cards/new", data=entered(fees="waive")).text
        assert len(re.findall(r'<input[^>]*checked[^>]*name="card-waived"', page)) == 25
        assert "priced by CALLS" in page

    def test_an_example_year_stands_beside_the_entries(self, seller):
        example = {"example-contacts": "1,000", "example-aht_s": "300", "example-fte": "5"}
        answer = seller.post("/vendor/rate-cards/preview", data=entered(**example))
        assert answer.status_code == 200 and "<html" not in answer.text
        assert "£1,234,500.00" in answer.text and "£14,814,000" in answer.text
        assert "25 kinds of fees are open" in answer.text
        page = seller.post("/vendor/rate-cards/new", data=entered(again="yes", **example)).text
        assert "£1,234,500.00" in page
        broken = seller.post("/vendor/rate-cards/preview", data=entered(**{"card-operating-0-code": "x" * 50}))
        assert "Not worked out yet" in broken.text
        assert saved_cards(seller.actor) == []

    @pytest.mark.parametrize(
        ("entries", "field"),
        [
            ({"unit": "percent", "pct": "10", "applies_to": "P", "code": "P"}, "applies_to"),
            ({"unit": "percent", "pct": "10", "applies_to": "NOBODY"}, "applies_to"),
            ({"rate": "", "tiers-0-up_to": "5", "tiers-0-rate": "1"}, "tiers-0-up_to"),
            ({"rate": "", **dict(zip(BANDS, ("5", "2", "4", "1"), strict=True))}, "tiers-1-up_to"),
            ({"baseline-quantity": "5", "baseline-arc_rate": "1"}, "baseline-rrc_rate"),
        ],
        ids=["its own line", "no line", "a last band that ends", "bands that overlap", "half a baseline"],
    )  # fmt: skip
    def test_what_does_not_fit_together_is_marked_at_its_field(self, seller, entries, field):
        sent = entered(**{f"card-operating-0-{name}": value for name, value in entries.items()})
        answer = seller.post("/vendor/rate-cards/new", data=sent)
        assert answer.status_code == 400
        marked = re.search(rf'<input[^>]*name="card-operating-0-{field}"[^>]*>', answer.text).group()
        assert 'aria-invalid="true"' in marked
        assert saved_cards(seller.actor) == []

    def test_a_card_is_put_away_and_taken_out_again(self, seller):
        card_id = make_rate_card(seller.actor)
        assert seller.post(f"/vendor/rate-cards/{card_id}/archive").status_code == 302
        assert "Put away" in seller.get("/vendor/rate-cards").text
        assert "Take into use again" in seller.get(f"/vendor/rate-cards/{card_id}").text
        assert seller.post(f"/vendor/rate-cards/{card_id}/activate").status_code == 302
        assert seller.post(f"/vendor/rate-cards/{card_id}/activate").status_code == 409

    def test_a_cliff_in_the_prices_is_pointed_out(self, seller):
        card_id = make_rate_card(seller.actor, document=RICH)
        assert "becomes cheaper with one unit more" in seller.get(f"/vendor/rate-cards/{card_id}").text


class TestVersions:
    def test_a_version_is_published_and_shown_as_it_was(self, seller):
        card_id = make_rate_card(seller.actor, active=False)
        assert "Publish a version" in seller.get(f"/vendor/rate-cards/{card_id}").text
        answer = publish(seller, card_id)
        assert answer.status_code == 302, answer.text
        page = seller.get(answer.location).text
        assert "Version 1 is in force" in page and "Publish a version" not in page
        assert "14.50" in seller.get(f"/vendor/rate-cards/{card_id}/versions/1").text
        assert seller.get(f"/vendor/rate-cards/{card_id}/versions/2").status_code == 404

    def test_open_fees_are_named_and_nothing_is_published(self, seller):
        card_id = make_rate_card(seller.actor, active=False)
        waived = [fee for fee in answered(PHONE_BY_THE_HOUR)["waived"] if fee != "wind_down"]
        with tenancy.scope(seller.actor.scope):
            saved = db.session.get_one(SavedRateCard, card_id)
            saved.document = saved.document | {"waived": waived}
            db.session.commit()
        assert "Winding down" in seller.get(f"/vendor/rate-cards/{card_id}/publish").text
        answer = publish(seller, card_id)
        assert answer.status_code == 400 and "Winding down" in answer.text

    def test_days_on_which_another_version_is_in_force_are_refused_at_the_field(self, seller):
        card_id = make_rate_card(seller.actor)
        answer = publish(seller, card_id)
        assert answer.status_code == 400
        assert 'aria-invalid="true"' in re.search(r'<input[^>]*name="valid_from"[^>]*>', answer.text).group()

    def test_the_currency_of_a_published_card_is_refused_at_its_field(self, seller):
        card_id = make_rate_card(seller.actor)
        address = f"/vendor/rate-cards/{card_id}/edit"
        version = re.search(r'name="version"[^>]*value="(\d+)"', seller.get(address).text).group(1)
        answer = seller.post(address, data=entered(version=version) | {"card-currency": "USD"})
        assert answer.status_code == 400 and "keeps its currency" in answer.text
        assert saved_cards(seller.actor)[0]["currency"] == "GBP"

    def test_prices_are_shown_in_another_currency_with_day_and_source(self, seller):
        treasurer = actor_for(make_staff("finance"))
        with tenancy.scope(treasurer.scope):
            import_rates(treasurer, b"date,base,currency,rate,source\n2026-06-02,GBP,EUR,1.2,Central bank\n")
            db.session.commit()
        card_id = make_rate_card(seller.actor)
        page = seller.get(f"/vendor/rate-cards/{card_id}?in=EUR").text
        assert "14.50" in page
        assert "EUR 17.40" in page
        assert "Central bank" in page
        assert "No exchange rate" in seller.get(f"/vendor/rate-cards/{card_id}?in=JPY").text


class TestWorkbooks:
    def test_a_card_goes_out_as_a_file_and_comes_in_again(self, seller):
        card_id = make_rate_card(seller.actor, document=FULL_CARD, active=False)
        file = seller.get(f"/vendor/rate-cards/{card_id}/workbook")
        assert file.headers["Content-Disposition"] == 'attachment; filename="standard.xlsx"'
        answer = seller.post("/vendor/rate-cards/import", data={"name": "Copy", "file": upload(file.data)})
        assert answer.status_code == 302, answer.text
        first, second = saved_cards(seller.actor)
        assert rate_card_from_document(first) == rate_card_from_document(second)

    @pytest.mark.parametrize(
        "content", [b"not a workbook", write_xlsx([Sheet("Prices", ["a"], [])])], ids=["no workbook", "wrong sheet"]
    )
    def test_a_file_that_cannot_be_taken_leaves_the_card_as_it_was(self, seller, content):
        card_id = make_rate_card(seller.actor)
        before = saved_cards(seller.actor)
        address = f"/vendor/rate-cards/{card_id}/import"
        version = re.search(r'name="version"[^>]*value="(\d+)"', seller.get(address).text).group(1)
        answer = seller.post(address, data={"version": version, "file": upload(content)})
        assert answer.status_code == 400 and "field-error" in answer.text
        assert saved_cards(seller.actor) == before

    def test_a_file_beyond_what_the_portal_takes_is_told_so(self, seller):
        said = {"CONTENT_LENGTH": str(50 * 2**20), "CONTENT_TYPE": "multipart/form-data; boundary=x"}
        answer = seller.post("/vendor/rate-cards/import", environ_overrides=said, data=b"--x--")
        assert answer.status_code == 413
        assert saved_cards(seller.actor) == []

    def test_the_template_is_offered_and_can_be_read(self, seller):
        file = seller.get("/vendor/rate-cards/template")
        assert document_from_workbook(file.data)["currency"] == "GBP"


def publish(seller, card_id):
    address = f"/vendor/rate-cards/{card_id}/publish"
    page = seller.get(address).text
    fields = {
        name: re.search(rf'name="{name}"[^>]*value="([^"]+)"', page).group(1) for name in ("version", "valid_from")
    }
    return seller.post(address, data=fields)


def upload(content):
    return io.BytesIO(content), "card.xlsx"
