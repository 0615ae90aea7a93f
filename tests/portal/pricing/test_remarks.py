"""What a writer of a rate card is told to look at, and the example year beside it."""

from decimal import Decimal

import pytest

from portal.pricing.documents import rate_card_from_document
from portal.pricing.examples import Example, example_year
from portal.pricing.fees import waive_the_rest
from portal.pricing.remarks import About, Remark, remarks
from portal.pricing.total_cost import total_cost
from tests.factories.pricing import FULL_CARD

TIERS = [{"to": "5000", "rate": "1.9"}, {"to": "10000", "rate": "1.7"}, {"to": None, "rate": "1.5"}]


def found(*lines, channels=()):
    card = waive_the_rest(rate_card_from_document({"currency": "USD", "operating": list(lines)}))
    return remarks(card, channels)


def test_a_cliff_is_told_with_its_figures():
    line = {"code": "MAIL", "unit": "contact", "tiers": TIERS}
    assert found(line) == ()
    cliffs = found(line | {"tier_mode": "all_units"})
    assert cliffs[0] == Remark(About.CLIFF, "MAIL", figures=(Decimal(5000), Decimal("9500.00"), Decimal("8501.70")))
    assert len(cliffs) == 2


@pytest.mark.parametrize(
    ("basis", "about", "other"),
    [
        ("logged_in", About.WORKED_HOUR, "10.15"),
        ("handle", About.WORKED_HOUR, "10.15"),
        ("paid", About.PAID_HOUR, "20.71"),
    ],
)
def test_an_hour_is_told_with_what_it_is_per_paid_or_worked_hour(basis, about, other):
    line = {"code": "H", "unit": "hour", "rate": "14.5", "billing_basis": basis}
    assert found(line) == (Remark(about, "H", figures=(Decimal("14.5"), Decimal(other), Decimal("1.43"))),)


def test_an_hour_without_a_basis_is_asked_about():
    assert found({"code": "H", "unit": "hour", "rate": "14.5"}) == (Remark(About.BASIS_MISSING, "H"),)


def test_a_channel_of_a_service_that_no_line_prices_is_named():
    phone = {"code": "P", "unit": "minute", "rate": "1", "filter": {"channel": ["phone"]}}
    bonus = {"code": "B", "unit": "outcome", "outcome": "saved", "rate": "1"}
    assert found(phone, bonus, channels=["phone", "chat"]) == (Remark(About.CHANNEL, subject="chat"),)
    assert found({"code": "M", "unit": "month", "rate": "1"}, channels=["chat"]) == ()


def test_open_fees_are_counted():
    card = rate_card_from_document({"operating": [{"code": "M", "unit": "month", "rate": "1"}]})
    assert remarks(card) == (Remark(About.FEES, figures=(Decimal(25),)),)


class TestExample:
    def test_all_contacts_are_spread_over_what_the_card_tells_apart(self):
        card = rate_card_from_document(FULL_CARD)
        year = example_year(card, Example(contacts=Decimal(1000)))
        assert len(year.months) == 12
        rows = year.months[0].volumes
        assert sum(row.contacts for row in rows) == 1000
        assert {row.channel for row in rows} >= {"phone", "email", "chat", "voice_bot"}
        assert {row.window for row in rows} == {"standard", "after_hours", "weekend"}
        assert sum(row.contacts for row in rows if row.lang == "ja") == 100

    def test_every_line_that_it_can_measure_is_met(self):
        card = rate_card_from_document(FULL_CARD)
        cost = total_cost(card, example_year(card, Example()))
        assert cost.unmeasured == ("SAVED",)
        priced = {line.code for line in cost.months[0].operating_lines if line.amount_minor}
        # The surcharge is only for a skill and a segment that no example can guess.
        assert priced >= {"MAIL", "CHAT", "VOICE", "SEAT"} and not cost.unpriced
