"""The forecast of a requirement: contacts for each month of the term by channel and language, as a pricing Scenario.

Month k of the term begins on the start date's day k − 1 months later and takes the volume of the calendar month it
begins in, grown for each whole year before it. A last month that is cut off by the end date counts for its share of
days. Languages share each channel's volume by their percentages; every row is in the window "standard". Staffing is
the workload estimate.
"""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from portal.needs.workload import workload_fte
from portal.pricing.values import Scenario, ScenarioMonth, VolumeRow

WINDOW = "standard"
MONTHS_A_YEAR = 12
FACTORS = {"base": Decimal(1), "low": Decimal("0.8"), "high": Decimal("1.2")}
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class ChannelVolume:
    """What one channel brings: `monthly` holds one average or twelve volumes from January to December.

    `growth` is yearly, 0.05 for 5 %, and begins with the second year of the term.
    """

    channel: str
    aht_s: int
    concurrency: int
    monthly: tuple[Decimal, ...]
    growth: Decimal = Decimal(0)

    def in_month(self, month: int) -> Decimal:
        """Contacts in calendar month 1…12 of the first year."""
        return self.monthly[0] if len(self.monthly) == 1 else self.monthly[month - 1]

    @property
    def yearly(self) -> Decimal:
        """Contacts of the first whole year."""
        return self.monthly[0] * 12 if len(self.monthly) == 1 else sum(self.monthly, Decimal(0))


@dataclass(frozen=True, slots=True)
class TermMonth:
    """Month `k` of a term: the day it begins on, and the share of it that lies within the term."""

    k: int
    begins: date
    share: Decimal


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day where it is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def term_end(start: date, months: int) -> date:
    """The last day of a term of whole months."""
    return months_later(start, months) - timedelta(days=1)


def months_between(start: date, end: date) -> int:
    """How many months of a term begin between `start` and `end`, both included: the last may be cut off."""
    months = (end.year - start.year) * 12 + end.month - start.month
    return months + 1 if months_later(start, months) <= end else months


def term_months(start: date, end: date) -> tuple[TermMonth, ...]:
    """The months of the term from `start` to `end`, both days included."""
    found = []
    for k in range(1, months_between(start, end) + 1):
        begins, following = months_later(start, k - 1), months_later(start, k)
        days = (following - begins).days
        within = min((end - begins).days + 1, days)
        share = Decimal(1) if within == days else Decimal(within) / days
        found.append(TermMonth(k, begins, share))
    return tuple(found)


def forecast(
    channels: Sequence[ChannelVolume], shares: Mapping[str, Decimal], start: date, end: date, *, name: str = "base"
) -> Scenario:
    """The scenario of a requirement. `shares` are percent by language and sum to 100; `name` is a key of FACTORS."""
    concurrency = {one.channel: one.concurrency for one in channels}
    months = tuple(
        ScenarioMonth(k=month.k, volumes=tuple(_rows(channels, shares, month))) for month in term_months(start, end)
    )
    scenario = Scenario(months=months, name=name)
    if name != "base":
        scenario = scenario.scaled(FACTORS[name], name)
    staffed = (replace(month, fte=workload_fte(month.volumes, concurrency)) for month in scenario.months)
    return replace(scenario, months=tuple(staffed))


def _rows(channels: Sequence[ChannelVolume], shares: Mapping[str, Decimal], month: TermMonth) -> list[VolumeRow]:
    rows = []
    for one in channels:
        grown = (1 + one.growth) ** ((month.k - 1) // MONTHS_A_YEAR)
        contacts = (one.in_month(month.begins.month) * month.share * grown).quantize(_CENT, rounding=ROUND_HALF_UP)
        for language, share in shares.items():
            rows.append(VolumeRow(one.channel, contacts * share / 100, Decimal(one.aht_s), language, WINDOW))
    return rows
