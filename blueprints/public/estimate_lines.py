"""An estimate line by line: what each line of the published card comes to, and how, in words.

The words repeat what the engine did, they do not reckon anew: quantities, rates and amounts are its own.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from flask_babel import gettext as _

from blueprints.shared.formatting import listed, number, percent, rate
from portal.kit.money import exponent, round_half_up
from portal.pricing import words
from portal.pricing.results import MIN_SHORTFALL, PricedLine, TotalCost
from portal.pricing.values import ExtraLine, FeeClass, OneTimeLine, OperatingLine, RateCard, Unit

FIRST, CENT = 1, Decimal("0.01")


class LineRow(NamedTuple):
    """A line: what it is, how it came about, the first month's amount (None where it is not monthly), the term's."""

    name: str
    code: str
    how: list[str]
    month_minor: int | None
    term_minor: int


class LineGroup(NamedTuple):
    """The lines of one fee class, with their sum over the term."""

    fee_class: FeeClass
    name: Any
    rows: list[LineRow]
    term_minor: int


def estimate_lines(card: RateCard, cost: TotalCost) -> list[LineGroup]:
    """Every line of `card` as `cost` priced it, by fee class; a line that came to nothing says why."""
    groups = (
        (FeeClass.ONE_TIME, [_one_time(line, cost) for line in card.one_time], cost.one_time_minor),
        (FeeClass.OPERATING, list(_operating_rows(card, cost)), cost.operating_minor),
        (FeeClass.EXTRA, [_extra(card, line, cost) for line in card.extra], cost.extra_minor),
    )
    return [LineGroup(kind, words.FEE_CLASS_NAMES[kind], rows, total) for kind, rows, total in groups if rows]


def _term_minor(cost: TotalCost, code: str) -> int:
    return sum(line.amount_minor for line in cost.lines if line.code == code)


def _times(quantity: str, price: Decimal, unit: str) -> str:
    noun = str(words.UNIT_NOUNS.get(unit, unit))
    return _("%(quantity)s × %(rate)s per %(unit)s", quantity=quantity, rate=rate(price), unit=noun)


def _one_time(line: OneTimeLine, cost: TotalCost) -> LineRow:
    how = [_times(number(line.qty), line.rate, line.unit)]
    if line.month > len(cost.months):
        how.append(_("due in month %(month)s, after this term", month=line.month))
    elif line.month:
        how.append(_("due in month %(month)s", month=line.month))
    return LineRow(line.note or line.code, line.code, how, None, _term_minor(cost, line.code))


def _extra(card: RateCard, line: ExtraLine, cost: TotalCost) -> LineRow:
    how = [_times(number(line.qty), line.rate, line.unit)]
    if line.probability != 1:
        how.append(_("weighed with a probability of %(share)s", share=percent(line.probability, 0)))
    within = [month for month in line.months if month <= len(cost.months)]
    if within:
        how.append(_("expected in month %(months)s", months=listed(within)))
    elif line.qty and line.rate:
        how.append(_("expected in no month of this term, and charged only when it happens"))
    return LineRow(line.trigger_text or line.code, line.code, how, None, _term_minor(cost, line.code))


def _operating_rows(card: RateCard, cost: TotalCost) -> Iterator[LineRow]:
    priced = {line.code: line for line in cost.months[0].operating_lines}
    for line in card.operating:
        first = priced[line.code]
        how = [*_counted(card, line, first, cost), *_changes(line.code, cost)]
        yield LineRow(line.description or line.code, line.code, how, first.amount_minor, _term_minor(cost, line.code))
    if lifted := _term_minor(cost, MIN_SHORTFALL):
        first_minor = priced[MIN_SHORTFALL].amount_minor if MIN_SHORTFALL in priced else 0
        how = [_("lifts each month that comes to less up to the minimum commitment"), *_changes(MIN_SHORTFALL, cost)]
        yield LineRow(_("Shortfall to the minimum commitment"), MIN_SHORTFALL, how, first_minor, lifted)


def _counted(card: RateCard, line: OperatingLine, first: PricedLine, cost: TotalCost) -> Iterator[str]:
    """How the first month's amount came about."""
    if line.code in cost.unmeasured:
        yield _("not counted: the estimate does not have the figure it needs")
        return
    if line.unit is Unit.PERCENT:
        yield from _percentage(card, line, first)
        return
    if not first.quantity:
        yield _("nothing: no contacts of the kind it prices are among what you typed")
        return
    yield from _basis(line)
    if line.baseline is not None:
        fixed = number(line.baseline.quantity, 0)
        yield _("a fixed volume of %(quantity)s, with a price for what lies outside its band", quantity=fixed)
    quantity = number(first.quantity, 2 if first.quantity % 1 else 0)
    yield _times(quantity, _shown(first.unit_rate), line.unit)
    if line.tiers or line.included_qty or line.baseline is not None:
        yield _("the rate is the average over its bands and free units")


def _basis(line: OperatingLine) -> Iterator[str]:
    """What stands behind a quantity of hours or minutes."""
    if line.unit is Unit.HOUR and line.billing_occupancy != 1:
        share = percent(line.billing_occupancy, 0)
        yield _("contacts × handle time ÷ %(share)s, the part of a billed hour that is spent on contacts", share=share)
    elif line.unit is Unit.HOUR or (line.unit is Unit.MINUTE and line.increment_s is None):
        yield _("contacts × handle time")
    elif line.unit is Unit.MINUTE:
        seconds = number(line.increment_s, 0)
        yield _("contacts × handle time, each rounded up to %(seconds)s seconds", seconds=seconds)


def _percentage(card: RateCard, line: OperatingLine, first: PricedLine) -> Iterator[str]:
    """What a percentage is taken of; the engine gives the money that it surcharges as the quantity."""
    share, codes = percent(line.pct or Decimal(0), 2, of_hundred=True), listed(line.applies_to)
    if not first.quantity:
        yield _("%(share)s of %(codes)s, but none of the contacts you typed attract it", share=share, codes=codes)
        return
    part = number(first.quantity, exponent(card.currency))
    yield _("%(share)s of the part of %(codes)s that attracts it, %(amount)s", share=share, codes=codes, amount=part)


def _changes(code: str, cost: TotalCost) -> Iterator[str]:
    """That later months come to something else: rates are adjusted, or a commitment begins."""
    amounts = [sum(line.amount_minor for line in month.operating_lines if line.code == code) for month in cost.months]
    later = next((k for k, minor in enumerate(amounts, FIRST) if minor != amounts[0]), None)
    if later is not None:
        yield _("other amounts from month %(month)s on", month=later)


def _shown(value: Decimal) -> Decimal:
    """An average rate to four decimals at most: enough to follow the sum, and no pretence of more."""
    rounded = Decimal(round_half_up(value, 4)).scaleb(-4)
    return rounded.quantize(CENT) if rounded == rounded.quantize(CENT) else rounded
