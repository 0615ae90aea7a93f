"""Rate cards and scenarios as documents: strictly read, written so that they read back the same."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from portal.kit.calculators import CalculationError, read_json
from portal.pricing.documents import rate_card_from_document, scenario_from_document, to_document

VECTORS = sorted((Path(__file__).parent / "vectors").glob("*.json"))
LINE = {"code": "A", "unit": "contact", "rate": 1}
TIERED = {"code": "T", "unit": "contact"}
PERCENT = {"code": "P", "unit": "percent", "pct": 5, "applies_to": ["A"]}


def refused(document, read=rate_card_from_document):
    with pytest.raises(CalculationError) as caught:
        read(document)
    return caught.value.path


class TestRefusals:
    @pytest.mark.parametrize(
        ("card", "path"),
        [
            ({"surprise": 1}, "surprise"),
            ({"operating": [LINE | {"surprise": 1}]}, "operating[0].surprise"),
            ({"operating": [LINE | {"rate": -1}]}, "operating[0].rate"),
            ({"operating": [LINE | {"rate": Decimal("NaN")}]}, "operating[0].rate"),
            ({"operating": [LINE | {"rate": Decimal("Infinity")}]}, "operating[0].rate"),
            ({"operating": [LINE | {"rate": Decimal("1E+400")}]}, "operating[0].rate"),
            ({"operating": [LINE | {"rate": 1.5}]}, "operating[0].rate"),
            ({"operating": [LINE | {"rate": True}]}, "operating[0].rate"),
            ({"operating": [LINE | {"rate": "1e5"}]}, "operating[0].rate"),
            ({"operating": [LINE | {"rate": "١"}]}, "operating[0].rate"),
            ({"operating": [LINE | {"rate": None}]}, "operating[0].rate"),
            ({"operating": [LINE | {"unit": "dozen"}]}, "operating[0].unit"),
            ({"operating": [LINE | {"filter": {"colour": "red"}}]}, "operating[0].filter.colour"),
            ({"operating": [LINE | {"billing_occupancy": "0.8"}]}, "operating[0].billing_occupancy"),
            ({"operating": [LINE | {"unit": "hour", "billing_occupancy": 0}]}, "operating[0].billing_occupancy"),
            ({"operating": [LINE | {"unit": "outcome"}]}, "operating[0].outcome"),
            ({"operating": [LINE, LINE]}, "operating[1].code"),
            ({"one_time": [{"code": "A", "qty": 1, "rate": 1}], "operating": [LINE]}, "operating[0].code"),
            ({"operating": [TIERED | {"tiers": []}]}, "operating[0].tiers[0].to"),
            ({"operating": [TIERED | {"tiers": [{"to": 5, "rate": 1}]}]}, "operating[0].tiers[0].to"),
            (
                {"operating": [TIERED | {"tiers": [{"to": 5, "rate": 1}, {"to": 5, "rate": 1}, {"rate": 1}]}]},
                "operating[0].tiers[1].to",
            ),
            ({"operating": [TIERED | {"tiers": [{"rate": 1}, {"rate": 1}]}]}, "operating[0].tiers[0].to"),
            ({"operating": [TIERED | {"tiers": [{"to": 5, "rate": -1}, {"rate": 1}]}]}, "operating[0].tiers[0].rate"),
            ({"operating": [LINE | {"tiers": [{"rate": 1}]}]}, "operating[0].rate"),
            ({"operating": [PERCENT]}, "operating[0].applies_to[0]"),
            ({"operating": [LINE, PERCENT | {"applies_to": ["P"]}]}, "operating[1].applies_to[0]"),
            ({"operating": [LINE, PERCENT | {"applies_to": []}]}, "operating[1].applies_to"),
            ({"operating": [LINE, PERCENT | {"rate": 3}]}, "operating[1].rate"),
            ({"operating": [LINE], "min_commitment": {"amount": 1, "scope": ["B"]}}, "min_commitment.scope[0]"),
            ({"min_commitment": {"amount": 1, "quantity": 2, "rate": 1}}, "min_commitment.amount"),
            ({"min_commitment": {"quantity": 2}}, "min_commitment.rate"),
            ({"cola_pct": 3, "cola": {"pct": 3}}, "cola_pct"),
            ({"currency": "EURO"}, "currency"),
            ({"currency": "JPY", "minor_units": 2}, "minor_units"),
            ({"rounding": "down"}, "rounding"),
            ({"valid_from": "2026-02-01", "valid_to": "2026-01-01"}, "valid_to"),
            ({"valid_from": "soon"}, "valid_from"),
            ({"extra": [{"code": "X", "qty": 1, "rate": 1, "probability": 2}]}, "extra[0].probability"),
            ({"extra": [{"code": "X", "qty": 1, "rate": 1, "months": [1, 1]}]}, "extra[0].months[1]"),
            ({"extra": [{"code": "X", "qty": 1, "rate": 1, "months": ["1.5"]}]}, "extra[0].months[0]"),
            ({"operating": {}}, "operating"),
            ({"operating": ["A"]}, "operating[0]"),
            ([], ""),
        ],
    )
    def test_a_refused_card_names_its_field(self, card, path):
        assert refused(card) == ".".join(filter(None, ("rate_card", path)))

    @pytest.mark.parametrize(
        ("scenario", "path"),
        [
            ({}, "months"),
            ({"months": []}, "months"),
            ({"months": [{"k": 2}]}, "months[0].k"),
            ({"months": [{"k": 1}], "term": 2}, "term"),
            ({"months": [{"k": 1, "volumes": [{"channel": "phone", "contacts": 1}]}]}, "months[0].volumes[0].aht_s"),
            ({"months": [{"k": 1, "outcomes": {"saved": -1}}]}, "months[0].outcomes.saved"),
            ({"months": [{"k": 1, "ramp": "x"}]}, "months[0].ramp"),
        ],
    )
    def test_a_refused_scenario_names_its_field(self, scenario, path):
        assert refused(scenario, scenario_from_document) == f"scenario.{path}"


class TestReadingJson:
    @pytest.mark.parametrize("text", ["{", '{"a": NaN}', '{"a": Infinity}', '{"a": 1, "a": 2}', "[" * 100_000])
    def test_unreadable_text_is_refused(self, text):
        with pytest.raises(CalculationError):
            read_json(text)

    def test_numbers_are_decimals(self):
        assert read_json("[0.1, 3, 1e3]") == [Decimal("0.1"), Decimal(3), Decimal(1000)]
        assert all(isinstance(number, Decimal) for number in read_json("[0.1, 3, 1e3]"))


class TestWriting:
    @pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
    def test_what_is_written_reads_back_the_same(self, path):
        given = read_json(path.read_text())
        for key, read in (("rate_card", rate_card_from_document), ("scenario", scenario_from_document)):
            value = read(given[key])
            assert read(json.loads(json.dumps(to_document(value)))) == value
