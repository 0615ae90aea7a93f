"""Weighing: both sides apart, unknown answers on neither, and published prices against the own cost."""

from decimal import Decimal

import pytest

from portal.needs.assessment import WAYS, Answer, Answers, Topic, Truth, Way, picture_of
from portal.needs.figures import Figures
from portal.needs.outside_price import Range, compared, month_scenario, outside
from portal.pricing.begin_prices import Published
from portal.pricing.documents import rate_card_from_document
from portal.pricing.one_time import Sum


def by_contact(rate: str, currency: str = "USD", unit: str = "contact") -> Published:
    line = {"code": "WORK", "unit": unit, "rate": rate}
    return Published(rate_card_from_document({"currency": currency, "operating": [line]}))


SCENARIO = month_scenario(Decimal(1000), Decimal(300), Decimal(5), channel="phone", months=12)


class TestPicture:
    def test_nothing_answered_says_nothing_and_asks_for_everything(self) -> None:
        found = picture_of(Answers())
        assert [side.share for side in found.sides.values()] == [None, None]
        assert found.open == tuple(Topic) and len(WAYS) == len(Topic) == 15

    def test_weights_count_and_partly_is_half(self) -> None:
        answers = Answers(
            {
                Topic.QUALITY: Answer(Truth.YES, 3),
                Topic.COST: Answer(Truth.PARTLY, 2),
                Topic.CORE: Answer(Truth.NO, 3),
                Topic.HIRING: Answer(Truth.UNKNOWN, 3),
                Topic.SECURITY: Answer(Truth.YES, 1),
            }
        )
        found = picture_of(answers)
        pro, con = found.sides[Way.FOR], found.sides[Way.AGAINST]
        assert (pro.share, pro.known, pro.asked) == (Decimal(50), 3, 7)  # (3 + 1) of 8
        assert [one.topic for one in pro.speaking] == [Topic.QUALITY, Topic.COST]
        assert (con.share, con.known, con.asked) == (Decimal(100), 1, 8)
        assert found.open[0] is Topic.HIRING and Topic.QUALITY not in found.open

    def test_it_is_read_as_it_was_written(self) -> None:
        answers = Answers({Topic.LEGAL: Answer(Truth.UNKNOWN, 1)})
        assert Answers.from_document(answers.as_document()) == answers


class TestOutside:
    def test_quartiles_of_the_cards_that_price_everything(self) -> None:
        cards = [by_contact(rate) for rate in ("1", "2", "3", "4", "5")]
        found = outside(SCENARIO, "USD", [*cards, by_contact("9", "XAU")], {})
        assert found.month == Range(2000_00, 3000_00, 4000_00) and (found.cards, found.looked_at) == (5, 5)

    def test_fewer_than_five_say_nothing(self) -> None:
        found = outside(SCENARIO, "USD", [by_contact("1")] * 4, {})
        assert found.month is None and found.cards == 4

    def test_other_currencies_come_at_the_rate_that_is_known(self) -> None:
        found = outside(SCENARIO, "JPY", [by_contact("1")] * 5, {"USD": Decimal("150.5")})
        assert found.month == Range(150_500, 150_500, 150_500)

    def test_people_are_priced_by_those_that_were_said(self) -> None:
        found = outside(SCENARIO, "USD", [by_contact("2000", unit="fte_month")] * 5, {})
        assert found.month == Range(10_000_00, 10_000_00, 10_000_00)


class TestCompared:
    def test_what_stays_belongs_to_outside_and_payback_is_rounded_up(self) -> None:
        found = compared(
            10_000_00, 1_000_00, Range(5_000_00, 6_000_00, 9_500_00), Sum(8_000_00, 10_000_00, 12_000_00), 12
        )
        assert (found.likely.outside_month, found.likely.saving_month) == (7_000_00, 3_000_00)
        assert found.likely.payback == Decimal("3.4")  # 3.33 months, and a bit of the fourth tenth
        assert found.likely.term_saving == 26_000_00
        assert found.high.payback is None and found.high.saving_month == -500_00

    def test_a_month_that_saves_nothing_never_pays(self) -> None:
        found = compared(100, 0, Range(100, 100, 100), Sum(0, 0, 0), 12)
        assert found.low.payback is None


class TestFigures:
    def test_they_are_read_as_they_were_written(self) -> None:
        figures = Figures("EUR", agents=Decimal("7.5"), contacts=Decimal(900), own_month=123_45)
        assert Figures.from_document(figures.as_document(), "USD") == figures

    @pytest.mark.parametrize("missing", ["agents", "contacts", "aht_s"])
    def test_without_one_of_three_there_is_nothing_to_price(self, missing: str) -> None:
        known = {"agents": Decimal(5), "contacts": Decimal(900), "aht_s": Decimal(300)} | {missing: None}
        assert Figures("EUR", **known).scenario is None  # type: ignore[arg-type]
