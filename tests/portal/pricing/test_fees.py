"""The closed catalogue: every fee is priced, not charged, or named as open."""

from decimal import Decimal
from fractions import Fraction

import pytest

from portal.kit.calculators import CalculationError
from portal.pricing.documents import rate_card_from_document, to_document
from portal.pricing.fee_kinds import Fee
from portal.pricing.fees import FEES_BY_CLASS, answers, priced_fees, unanswered, waive_the_rest
from portal.pricing.tiers import fee
from portal.pricing.values import ExtraCategory, FeeClass, OneTimeCategory, OperatingCategory
from portal.pricing.words import FEE_NAMES

CARD = {
    "currency": "USD",
    "one_time": [{"code": "GO", "category": "setup", "qty": "1", "rate": "5"}],
    "operating": [
        {"code": "EN", "unit": "hour", "rate": "20"},
        {"code": "JA", "unit": "hour", "rate": "30", "filter": {"lang": ["ja"]}},
        {"code": "N", "unit": "percent", "pct": "15", "applies_to": ["EN"], "filter": {"window": ["after_hours"]}},
    ],
    "extra": [{"code": "DAY", "category": "change_order", "unit": "day", "qty": "1", "rate": "450"}],
}


def test_every_category_but_other_is_a_fee_of_its_class_and_each_fee_has_a_name():
    for fee_class, categories in [
        (FeeClass.ONE_TIME, OneTimeCategory),
        (FeeClass.OPERATING, OperatingCategory),
        (FeeClass.EXTRA, ExtraCategory),
    ]:
        assert {category.value for category in categories} - {"other"} <= set(FEES_BY_CLASS[fee_class])
    assert [fee for fees in FEES_BY_CLASS.values() for fee in fees] == list(Fee)
    assert set(FEE_NAMES) == set(Fee)


def test_lines_answer_by_category_and_by_what_their_filter_singles_out():
    assert priced_fees(rate_card_from_document(CARD)) == {
        Fee.LABOUR: ("EN", "JA"),
        Fee.LANGUAGE: ("JA",),
        Fee.NIGHT: ("N",),
        Fee.SETUP: ("GO",),
        Fee.CHANGE_ORDER: ("DAY",),
    }


def test_what_is_open_is_named_and_can_be_waived_at_once():
    card = rate_card_from_document(CARD | {"waived": ["contract"]})
    assert Fee.CONTRACT not in unanswered(card) and Fee.HOLIDAY in unanswered(card)
    whole = waive_the_rest(card)
    assert unanswered(whole) == ()
    assert rate_card_from_document(to_document(whole)) == whole
    by_class = answers(whole)[FeeClass.EXTRA]
    assert [(one.fee, one.codes, one.is_waived) for one in by_class if one.codes] == [
        (Fee.CHANGE_ORDER, ("DAY",), False)
    ]


@pytest.mark.parametrize(
    ("waived", "path"), [(["nights"], "[0]"), (["contract", "contract"], "[1]"), (["contract", "setup"], "[1]")]
)
def test_a_fee_cannot_be_unknown_twice_or_both_priced_and_free(waived, path):
    with pytest.raises(CalculationError) as caught:
        rate_card_from_document(CARD | {"waived": waived})
    assert caught.value.path == f"rate_card.waived{path}"


class TestBaseline:
    LINE = {
        "code": "B",
        "unit": "contact",
        "rate": "2",
        "baseline": {"quantity": "1000", "arc_rate": "1.5", "rrc_rate": "0.5", "dead_band_pct": "10"},
    }

    @pytest.mark.parametrize(
        ("quantity", "paid"),
        [(1000, "2000"), (1100, "2000"), (900, "2000"), (1101, "2001.5"), (898, "1999"), (0, "1550")],
    )
    def test_the_baseline_is_paid_whole_and_only_what_leaves_its_band_counts(self, quantity, paid):
        card = rate_card_from_document({"operating": [self.LINE]})
        assert fee(card.operating[0], Fraction(quantity)) == Fraction(Decimal(paid))
        assert rate_card_from_document(to_document(card)) == card

    @pytest.mark.parametrize(
        ("change", "path"),
        [
            ({"unit": "month"}, "baseline"),
            ({"included_qty": "5"}, "included_qty"),
            ({"rate": None, "tiers": [{"to": None, "rate": "1"}]}, "baseline"),
            ({"baseline": {"quantity": "0", "arc_rate": "1", "rrc_rate": "1"}}, "baseline.quantity"),
        ],
    )
    def test_it_stands_alone_and_only_where_quantities_vary(self, change, path):
        with pytest.raises(CalculationError) as caught:
            rate_card_from_document({"operating": [self.LINE | change]})
        assert caught.value.path == f"rate_card.operating[0].{path}"
