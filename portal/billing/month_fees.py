"""The operating fees of one billing period: the signed rate card over what happened, or over the forecast. Pure."""

from dataclasses import dataclass, replace
from decimal import Decimal

from portal.billing.periods import Period
from portal.billing.states import Basis
from portal.kit.money import round_half_up, shift
from portal.pricing.charges import operating_charges
from portal.pricing.results import MIN_SHORTFALL, PricedLine
from portal.pricing.values import OperatingLine, RateCard, Scenario, ScenarioMonth, Unit, VolumeRow

PER_PERIOD = frozenset({Unit.FTE_MONTH, Unit.SEAT_MONTH, Unit.MONTH})
READABLE_DECIMALS = 6


@dataclass(frozen=True, slots=True)
class MonthFees:
    """The lines of a period and where their quantities come from."""

    basis: Basis
    lines: tuple[PricedLine, ...]


def month_fees(card: RateCard, forecast: Scenario, period: Period, actual: ScenarioMonth | None) -> MonthFees:
    """Price a period.

    In a month billed in part, fees per month or per person count by days, forecast volumes too, reported volumes as
    reported; the minimum commitment counts for whole months only. Lines of nothing are left out.
    """
    basis = Basis.FORECAST if actual is None else Basis.REPORTED
    if not period.is_whole:
        card = replace(card, operating=tuple(_with_part_of_baseline(line, period) for line in card.operating))
    month = actual or _forecast_month(forecast, period)
    priced = operating_charges(card, period.k, month)
    if not period.is_whole:
        whole = {line.code for line in card.operating if line.unit in PER_PERIOD}
        percent_of_whole = {
            line.code
            for line in card.operating
            if line.unit is Unit.PERCENT and line.applies_to and set(line.applies_to) <= whole
        }
        priced = [
            _in_part(line, period) if line.code in whole | percent_of_whole else line
            for line in priced
            if line.code != MIN_SHORTFALL
        ]
    return MonthFees(basis, tuple(line for line in priced if line.amount_minor))


def _with_part_of_baseline(line: OperatingLine, period: Period) -> OperatingLine:
    """The line with its baseline by days; fees per person are billed by days as a whole instead."""
    if line.baseline is None or line.unit in PER_PERIOD:
        return line
    return replace(line, baseline=replace(line.baseline, quantity=line.baseline.quantity * _decimal(period)))


def _forecast_month(forecast: Scenario, period: Period) -> ScenarioMonth:
    """The forecast for month `k`, the last one for every month after it, by days where the period is a part."""
    month = forecast.months[min(period.k, len(forecast.months)) - 1]
    if period.is_whole:
        return month
    return replace(month, volumes=tuple(_share_of(row, period) for row in month.volumes))


def _share_of(row: VolumeRow, period: Period) -> VolumeRow:
    contacts = shift(round_half_up(Decimal(row.contacts) * _decimal(period), READABLE_DECIMALS), READABLE_DECIMALS)
    return replace(row, contacts=contacts)


def _in_part(line: PricedLine, period: Period) -> PricedLine:
    return replace(
        line,
        quantity=shift(round_half_up(line.quantity * _decimal(period), READABLE_DECIMALS), READABLE_DECIMALS),
        amount_minor=round_half_up(line.amount_minor * period.share, 0),
    )


def _decimal(period: Period) -> Decimal:
    return Decimal(period.share.numerator) / Decimal(period.share.denominator)
