"""The total cost of worked rate cards, to the cent in every month."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from portal.kit.calculators import find_calculator, read_json
from portal.pricing import calculators  # noqa: F401 - registers the calculator
from portal.pricing.documents import rate_card_from_document, scenario_from_document
from portal.pricing.results import Unpriced
from portal.pricing.total_cost import total_cost
from portal.pricing.values import FeeClass

VECTORS = sorted((Path(__file__).parent / "vectors").glob("*.json"))


def priced(card, months, **scenario):
    return total_cost(rate_card_from_document(card), scenario_from_document({"months": months} | scenario))


def month(*rows, k=1, **staff):
    return {"k": k, "volumes": [{"aht_s": 0} | row for row in rows]} | staff


SURGE = {
    "code": "SURGE",
    "category": "emergency_surge",
    "qty": 4,
    "rate": 10,
    "probability": "0.5",
    "months": [1],
}
PHONE = {"channel": "phone", "contacts": 100, "aht_s": 300}


class TestWorkedExamples:
    @pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
    def test_every_total_and_every_month_is_exact(self, path):
        expected = json.loads(path.read_text())
        given = read_json(path.read_text())
        answer = find_calculator("total-cost").run({key: given[key] for key in ("rate_card", "scenario")})
        assert answer["expected"] == expected["expected"]
        assert answer["expected_months"] == expected["expected_months"]
        assert answer["incomplete"] is False

    def test_a_list_of_documents_gives_a_list_of_answers(self):
        given = [read_json(path.read_text()) for path in VECTORS[:2]]
        answers = find_calculator("total-cost").run(
            [{key: one[key] for key in ("rate_card", "scenario")} for one in given]
        )
        assert [one["expected"]["total"] for one in answers] == [one["expected"]["total"] for one in given]


class TestScoreBasis:
    def test_a_vendor_that_expects_failures_does_not_look_cheaper(self):
        card = {"operating": [{"code": "FIX", "unit": "month", "rate": 1000}]}
        risky = card | {"sla": {"at_risk_pct": 10, "items": [{"w": 1, "p": 1, "sev": 1}]}}
        safe, failing = priced(card, [month(PHONE)]), priced(risky, [month(PHONE)])
        assert failing.total_minor == 90000
        assert failing.total_before_credits_minor == safe.total_before_credits_minor == 100000


class TestUnpricedVolumes:
    CARD = {"operating": [{"code": "CALL", "unit": "contact", "rate": 2, "filter": {"channel": ["phone"]}}]}

    def test_a_channel_nobody_prices_makes_the_cost_incomplete(self):
        chat = {"channel": "chat", "lang": "ja", "contacts": 5}
        result = priced(self.CARD, [month(PHONE, chat), month(PHONE, chat, k=2)])
        assert result.unpriced == (Unpriced("chat", "ja"),)
        assert result.incomplete

    def test_a_channel_without_contacts_need_not_be_priced(self):
        assert not priced(self.CARD, [month(PHONE, {"channel": "chat", "contacts": 0})]).incomplete

    def test_a_monthly_fee_covers_every_channel(self):
        card = {"operating": [{"code": "FIX", "unit": "month", "rate": 900}]}
        assert not priced(card, [month(PHONE)]).incomplete

    def test_a_bonus_per_outcome_is_not_the_price_of_a_contact(self):
        card = {"operating": [{"code": "BONUS", "unit": "outcome", "outcome": "saved", "rate": 5}]}
        assert priced(card, [month(PHONE, outcomes={"saved": 3})]).unpriced == (Unpriced("phone"),)

    def test_a_price_per_fte_needs_the_number_of_fte(self):
        card = {"operating": [{"code": "SEAT", "unit": "fte_month", "rate": 2000}]}
        result = priced(card, [month(PHONE)])
        assert result.unmeasured == ("SEAT",)
        assert result.incomplete


class TestOneTimeFees:
    def test_a_fee_due_after_the_term_falls_into_the_last_month(self):
        card = {
            "one_time": [{"code": "SETUP", "qty": 1, "rate": 40}, {"code": "WIND", "qty": 1, "rate": 15, "month": 9}],
            "operating": [{"code": "FIX", "unit": "month", "rate": 100}],
        }
        result = priced(card, [month(PHONE), month(PHONE, k=2)])
        assert [one.one_time_minor for one in result.all_months] == [4000, 0, 1500]
        assert result.one_time_minor == 5500


class TestBreakdown:
    def test_costs_are_told_apart_by_class_and_category(self):
        card = {
            "one_time": [{"code": "KT", "category": "training_initial", "qty": 2, "rate": 10}],
            "operating": [
                {"code": "TEAM", "unit": "contact", "rate": 1},
                {"code": "RENT", "category": "facilities_rent", "unit": "month", "rate": 50},
            ],
            "extra": [
                {
                    "code": "SURGE",
                    "category": "emergency_surge",
                    "qty": 4,
                    "rate": 10,
                    "probability": "0.5",
                    "months": [1],
                }
            ],
        }
        result = priced(card, [month(PHONE)])
        assert result.by_category() == {
            (FeeClass.ONE_TIME, "training_initial"): 2000,
            (FeeClass.OPERATING, "labour"): 10000,
            (FeeClass.OPERATING, "facilities_rent"): 5000,
            (FeeClass.EXTRA, "emergency_surge"): 2000,
        }
        assert result.by_code()["SURGE"] == 2000

    def test_without_contacts_there_is_no_cost_per_contact(self):
        card = {"operating": [{"code": "FIX", "unit": "month", "rate": 50}]}
        result = priced(card, [month({"channel": "phone", "contacts": 0})])
        assert result.cost_per_contact is None
        assert result.to_document()["expected"]["cost_per_contact"] is None


class TestCurrencies:
    @pytest.mark.parametrize(("currency", "text"), [("JPY", "17"), ("USD", "16.67"), ("KWD", "16.667")])
    def test_lines_are_rounded_to_the_minor_unit_of_the_currency(self, currency, text):
        card = {"currency": currency, "operating": [{"code": "MIN", "unit": "minute", "rate": "0.5"}]}
        result = priced(card, [month({"channel": "phone", "contacts": 100, "aht_s": 20})])
        assert result.to_document()["expected"]["total"] == text


class TestPresentValue:
    def test_without_a_discount_rate_there_is_none(self):
        card = {"operating": [{"code": "FIX", "unit": "month", "rate": 50}]}
        assert priced(card, [month(PHONE)]).npv_minor is None

    def test_at_zero_percent_it_is_the_total(self):
        card = {"operating": [{"code": "FIX", "unit": "month", "rate": "50.01"}]}
        result = priced(card, [month(PHONE), month(PHONE, k=2)], discount_pct=Decimal(0))
        assert result.npv_minor == result.total_minor == 10002
