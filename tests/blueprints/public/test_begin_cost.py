"""“What will it cost to begin?”, as a stranger uses it."""

import pytest

from portal.pricing.begin_prices import LEAST_CARDS
from tests.factories.catalog import make_live_service, make_vendor

ADDRESS = "/what-will-it-cost-to-begin"
TYPED = {
    "mode": "full",
    "agents": "30",
    "languages": "3",
    "channels": "2",
    "sites": "1",
    "integrations": "3",
    "training_hours": "80",
    "articles": "",
    "currency": "USD",
}


class TestEstimateBeginCost:
    def test_an_example_is_worked_out_before_anything_is_typed(self, client):
        page = client.get(ADDRESS)
        assert page.status_code == 200
        assert "An example to begin with" in page.text
        assert "20 agents × 100 hours × 10.00" in page.text

    def test_every_line_gives_its_working_and_its_source(self, client):
        page = client.get(ADDRESS, query_string=TYPED).text
        assert "30 agents × 80 hours × 10.00" in page
        assert "24,000" in page
        assert "Effort: as typed." in page
        assert "2 further languages × 5 person-days × 450.00" in page
        assert "Effort: assumed." in page

    @pytest.mark.parametrize(
        ("field", "typed", "sentence"),
        [
            ("agents", "many", "Write a whole number with the digits 0 to 9."),
            ("agents", "-3", "Write a whole number with the digits 0 to 9."),
            ("agents", "", "Write a number."),
            ("agents", "0", "Write a whole number from 1 to 10000."),
            ("channels", "9", "Write a whole number from 1 to 4."),
            ("integrations", "9" * 400, "Write a whole number with the digits 0 to 9."),
        ],
    )
    def test_bad_input_is_refused_at_its_field_and_kept(self, client, field, typed, sentence):
        page = client.get(ADDRESS, query_string=TYPED | {field: typed}).text
        assert f'id="{field}-error"' in page
        assert page.count(sentence) == 2  # in the summary and at the field
        assert f'value="{typed}"' in page
        assert "Where each figure comes from" not in page

    def test_a_currency_without_a_rate_cannot_be_chosen(self, client):
        page = client.get(ADDRESS, query_string=TYPED | {"currency": "TWD"}).text
        assert 'id="currency-error"' in page

    def test_enough_published_cards_take_the_place_of_a_default(self, client):
        line = {"code": "TRAIN", "category": "training_initial", "unit": "hour", "qty": "100", "rate": "20"}
        card = {
            "currency": "USD",
            "one_time": [line],
            "operating": [{"code": "CALL", "unit": "contact", "rate": "2"}],
        }
        for number in range(LEAST_CARDS):
            make_live_service(make_vendor(f"Trainer {number}"), card=card)
        page = client.get(ADDRESS, query_string=TYPED).text
        assert "30 agents × 80 hours × 20.00" in page
        assert f"Price: {LEAST_CARDS} published cards." in page
