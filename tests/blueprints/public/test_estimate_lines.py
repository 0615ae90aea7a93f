"""“What would it cost me?” line by line."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from blueprints.public.estimate_lines import estimate_lines
from portal.kit.calculators import read_json
from portal.pricing.documents import rate_card_from_document, scenario_from_document
from portal.pricing.total_cost import total_cost
from tests.factories.catalog import make_live_service, make_live_vendor, make_vendor

VECTORS = sorted((Path(__file__).parents[2] / "portal/pricing/vectors").glob("*.json"))


class TestLines:
    @pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
    def test_every_line_is_explained_and_the_lines_sum_to_the_total(self, app: Flask, path: Path) -> None:
        vector = read_json(path.read_text())
        card = rate_card_from_document(vector["rate_card"])
        cost = total_cost(card, scenario_from_document(vector["scenario"]))
        with app.test_request_context("/"):
            groups = estimate_lines(card, cost)
        rows = [row for group in groups for row in group.rows]
        assert all(row.how and all(row.how) for row in rows)
        assert [row.code for row in rows if row.code != "MIN_SHORTFALL"] == [
            line.code for line in (*card.one_time, *card.operating, *card.extra)
        ]
        for group in groups:
            assert sum(row.term_minor for row in group.rows) == group.term_minor
        assert sum(group.term_minor for group in groups) - cost.credits_minor == cost.total_minor


class TestPage:
    def test_a_visitor_reads_how_each_line_came_about(self, client: FlaskClient) -> None:
        vendor = make_live_vendor("Kestrelway Contact")
        text = client.get(f"/vendors/{vendor.company.slug}?phone=1200&seconds=300&term=12").text
        shown = text[text.index('id="estimate-lines"') :]
        # 1,200 × 300 s = 100 h at 17.90; the surge of month 6 is in the term and in no monthly amount
        for words in ("100 × 17.90 per hour", "contacts × handle time", "1,790.00", "21,480.00",
                      "expected in month 6", "24,728.00"):  # fmt: skip
            assert words in shown, words

    def test_what_comes_to_nothing_says_why(self, client: FlaskClient) -> None:
        card = {
            "currency": "GBP",
            "operating": [
                {"code": "CALL", "unit": "contact", "rate": "2", "filter": {"channel": ["phone"]}},
                {"code": "MAIL", "unit": "contact", "rate": "1", "filter": {"channel": ["email"]}},
                {"code": "NIGHT", "unit": "percent", "pct": "25", "applies_to": ["CALL"],
                 "filter": {"window": ["after_hours"]}},
            ],
        }  # fmt: skip
        vendor = make_vendor("Half Priced")
        make_live_service(vendor, card=card)
        text = client.get(f"/vendors/{vendor.company.slug}?phone=100").text
        assert "nothing: no contacts of the kind it prices" in text
        assert "of CALL, but none of the contacts you typed attract it" in text

    def test_without_volumes_there_is_nothing_to_explain_and_what_is_not_charged_is_named(
        self, client: FlaskClient
    ) -> None:
        vendor = make_live_vendor("Kestrelway Contact")
        text = client.get(f"/vendors/{vendor.company.slug}").text
        assert "estimate-lines" not in text
        assert "Not charged" in text and "Early termination" in text
