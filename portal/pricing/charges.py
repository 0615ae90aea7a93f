"""One month priced: operating lines, percent lines, the minimum commitment.

Bids price forecast months with it and billing prices actual ones, so the two cannot drift apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from portal.kit.money import Exact, exponent, round_half_up, shift
from portal.pricing.quantities import cola_factor, parts_of, total_quantity
from portal.pricing.results import MIN_SHORTFALL, PricedLine
from portal.pricing.surcharges import Base, surcharge
from portal.pricing.tiers import fee
from portal.pricing.values import (
    ExtraLine,
    FeeClass,
    MinCommitment,
    OneTimeLine,
    OperatingCategory,
    OperatingLine,
    RateCard,
    ScenarioMonth,
    Unit,
)

READABLE_DECIMALS = 6


def operating_charges(card: RateCard, month_index: int, actual: ScenarioMonth) -> list[PricedLine]:
    """The operating lines of month `month_index` of an agreement, in the card's order, the shortfall last.

    :param month_index: 1 for the first month after go-live; decides indexation and exempt months
    :param actual: the month's volumes, staffing and outcomes, forecast or reported
    :returns: lines with amounts in minor units of the card's currency, each rounded half up
    """
    month = replace(actual, k=month_index)
    bases = {line.code: _base(card, line, month) for line in card.operating if line.unit is not Unit.PERCENT}
    percents = [line for line in card.operating if line.unit is Unit.PERCENT]
    lines = [
        _percent_line(card, line, percents, bases) if line.unit is Unit.PERCENT else _plain_line(card, line, bases)
        for line in card.operating
    ]
    missing = shortfall(card, month_index, lines)
    return [*lines, missing] if missing else lines


def shortfall(card: RateCard, month_index: int, lines: Iterable[PricedLine]) -> PricedLine | None:
    """The line that lifts the month's fees to the minimum commitment, or None where none is needed."""
    minimum = card.min_commitment
    if minimum is None or month_index in minimum.exempt_months:
        return None
    counted = sum(line.amount_minor for line in lines if not minimum.scope or line.code in minimum.scope)
    missing = round_half_up(_committed(card, minimum, month_index), exponent(card.currency)) - counted
    if missing <= 0:
        return None
    amount = shift(missing, exponent(card.currency))
    category = OperatingCategory.MANAGEMENT if not minimum.scope else _category_of(card, minimum.scope[0])
    return PricedLine(
        fee_class=FeeClass.OPERATING,
        code=MIN_SHORTFALL,
        description="",
        category=category,
        unit=Unit.MONTH,
        quantity=Decimal(1),
        unit_rate=amount,
        amount_minor=missing,
    )


def one_time_charge(card: RateCard, line: OneTimeLine) -> PricedLine:
    """A one-time line priced: ``qty × rate``."""
    return PricedLine(
        fee_class=FeeClass.ONE_TIME,
        code=line.code,
        description=line.note,
        category=line.category,
        unit=line.unit,
        quantity=line.qty,
        unit_rate=line.rate,
        amount_minor=round_half_up(Fraction(line.qty) * Fraction(line.rate), exponent(card.currency)),
    )


def expected_extra_charge(card: RateCard, line: ExtraLine) -> PricedLine:
    """An extra line as a forecast holds it: ``qty × rate × probability``, with the expected quantity."""
    expected = Fraction(line.qty) * Fraction(line.probability)
    return PricedLine(
        fee_class=FeeClass.EXTRA,
        code=line.code,
        description=line.trigger_text,
        category=line.category,
        unit=line.unit,
        quantity=_readable(expected),
        unit_rate=line.rate,
        amount_minor=round_half_up(expected * Fraction(line.rate), exponent(card.currency)),
    )


def _base(card: RateCard, line: OperatingLine, month: ScenarioMonth) -> Base:
    parts = parts_of(line, month)
    billable = max(total_quantity(parts) - Fraction(line.included_qty), Fraction(0))
    factor = cola_factor(card, month.k) if line.indexed else Fraction(1)
    return Base(parts, fee(line, billable) * factor)


def _plain_line(card: RateCard, line: OperatingLine, bases: dict[str, Base]) -> PricedLine:
    base = bases[line.code]
    return _operating(card, line, base.quantity, base.average_price, base.fee)


def _percent_line(
    card: RateCard, line: OperatingLine, percents: Sequence[OperatingLine], bases: dict[str, Base]
) -> PricedLine:
    added = surcharge(line, percents, bases, card.surcharge_stacking)
    rate = added.fee / added.attracting if added.attracting else Fraction(line.pct or 0) / 100
    return _operating(card, line, added.attracting, rate, added.fee)


def _operating(card: RateCard, line: OperatingLine, quantity: Fraction, rate: Fraction, amount: Fraction) -> PricedLine:
    return PricedLine(
        fee_class=FeeClass.OPERATING,
        code=line.code,
        description=line.description,
        category=line.category,
        unit=line.unit,
        quantity=_readable(quantity),
        unit_rate=_readable(rate),
        amount_minor=round_half_up(amount, exponent(card.currency)),
    )


def _committed(card: RateCard, minimum: MinCommitment, month_index: int) -> Exact:
    if minimum.amount is not None:
        return minimum.amount
    return Fraction(minimum.quantity or 0) * Fraction(minimum.rate or 0) * cola_factor(card, month_index)


def _category_of(card: RateCard, code: str) -> str:
    return next(line.category for line in card.operating if line.code == code)


def _readable(value: Fraction) -> Decimal:
    return shift(round_half_up(value, READABLE_DECIMALS), READABLE_DECIMALS)
