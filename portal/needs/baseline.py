"""A buyer's own cost of a service as it is kept with a requirement: what it typed, and what was taken from the plan.

Numbers are decimal text in documents and `Decimal` here; shares are percent, amounts major units of `currency` a year
unless said otherwise. An answer that is not given takes what the plan says, then the usual value, then nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.kit.calculators import CalculationError
from portal.kit.errors import Invalid
from portal.kit.money import round_half_up
from portal.kit.rounding import rounded
from portal.needs.in_house import InHouse, InHouseCost, in_house_cost
from portal.needs.models import Requirement, RequirementChannel
from portal.needs.planning import Planning, planning_of
from portal.needs.private_models import InHouseBaseline
from portal.needs.staffing.arrivals import Arrivals, Demand, arrivals
from portal.needs.staffing.split import Split, divide, sides
from portal.needs.staffing.worktime import WorkTime
from portal.needs.staffing_inputs import StaffingInputs
from portal.needs.staffing_report import KEPT, year_of

HUNDRED = Decimal(100)
MONTHS = 12

PERCENTAGES = ("on_cost", "attrition", "overhead")
MONEY = (
    "salary",
    "supervisor_salary",
    "qa_salary",
    "cost_per_hire",
    "training_material",
    "technology_month",
    "telecom_rate",
    "seat_year",
    "equipment_seat",
)
COUNTS = ("fte", "contacts", "telecom_minutes", "supervisor_span", "qa_span", "training_weeks", "equipment_years")
FIELDS = (*COUNTS, *PERCENTAGES, *MONEY)

USUAL: Mapping[str, Decimal] = {
    "on_cost": Decimal(22),
    "supervisor_span": Decimal(12),
    "qa_span": Decimal(25),
    "attrition": Decimal(35),
    "training_weeks": Decimal(4),
    "equipment_years": Decimal(3),
    "overhead": Decimal(8),
}
"""What is taken where nothing is said: an orientation for a team of some ten to forty agents, none of it an amount."""

TAKEN = ("fte", "contacts", "telecom_minutes")
"""What follows from the volumes and the staffing plan, unless the buyer knows better."""

BOUNDS: Mapping[str, tuple[int, int, int, Any]] = {
    "fte": (0, 100_000, 2, _l("Write full-time people from 0 to 100,000.")),
    "contacts": (0, 10**9, 0, _l("Write a whole number from 0 to 1,000,000,000.")),
    "telecom_minutes": (0, 10**10, 0, _l("Write a whole number from 0 to 10,000,000,000.")),
    "supervisor_span": (1, 1000, 1, _l("Write how many agents, from 1 to 1,000.")),
    "qa_span": (1, 1000, 1, _l("Write how many agents, from 1 to 1,000.")),
    "training_weeks": (0, 52, 1, _l("Write weeks from 0 to 52.")),
    "equipment_years": (1, 30, 1, _l("Write years from 1 to 30.")),
    **dict.fromkeys(PERCENTAGES, (0, 300, 1, _l("Write a percentage from 0 to 300."))),
    **dict.fromkeys(MONEY, (0, 10**9, 4, _l("Write an amount from 0 to 1,000,000,000."))),
}
"""Least, most and decimals of each number, and what to do about one that is none of these."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """The answers: `typed` by the buyer, `taken` from its plan when they were kept last."""

    currency: str
    typed: Mapping[str, Decimal] = field(default_factory=dict)
    taken: Mapping[str, Decimal] = field(default_factory=dict)

    @classmethod
    def of_row(cls, row: InHouseBaseline) -> "Baseline":
        """What is stored."""
        return cls(row.currency, _decimals(row.typed), _decimals(row.taken))

    def value(self, name: str) -> Decimal | None:
        """What counts for an answer; None where there is nothing to take."""
        for known in (self.typed, self.taken, USUAL):
            if name in known:
                return known[name]
        return None

    def is_usual(self, name: str) -> bool:
        """Whether an answer is nobody's, but the usual value."""
        return name in USUAL and name not in self.typed

    @property
    def in_house(self) -> InHouse:
        """The year as the calculation takes it; a salary of nobody makes its span count for nothing."""
        found: dict[str, Any] = {name: self.value(name) for name in FIELDS}
        found = {name: value for name, value in found.items() if value is not None}
        found |= {name: found[name] / HUNDRED for name in PERCENTAGES if name in found}
        found |= {name: found.get(name, Decimal(0)) for name in ("fte", "salary")}
        return InHouse(**found, currency=self.currency)

    @property
    def cost(self) -> InHouseCost:
        """The year, line by line. Raises CalculationError."""
        return in_house_cost(self.in_house)

    @property
    def month_minor(self) -> int:
        """A month of it in minor units: a twelfth of the year, half up."""
        return round_half_up(Fraction(self.cost.total_minor, MONTHS), 0)


def _decimals(document: Mapping[str, str]) -> dict[str, Decimal]:
    return {name: Decimal(value) for name, value in document.items()}


def planned_of(
    requirement: Requirement, channels: Sequence[RequirementChannel], inputs: StaffingInputs, today: date
) -> Mapping[str, Decimal]:
    """What the plan of a requirement gives for `TAKEN`, as its answers stand; empty where nothing can be planned."""
    try:
        planning = planning_of(requirement, channels, inputs, today)
        return _taken(planning) if planning else {}
    except (CalculationError, Invalid):
        return {}


def _taken(plan: Planning) -> Mapping[str, Decimal]:
    return taken(plan.demands, plan.first, plan.last, plan.work, plan.split)


@lru_cache(maxsize=KEPT)
def taken(
    demands: tuple[Demand, ...], first: date, last: date, work: WorkTime, split: Split | None
) -> Mapping[str, Decimal]:
    """People, contacts and minutes on the phone of a year.

    Of a partial outsourcing only what the vendor would take counts: the people are those whom one team for
    everything would have more than the own team alone, so that the loss of pooling is no saving. Kept, because every
    look at the page asks for it.
    """
    parts = [arrivals(one, first, last) for one in demands]
    fte = year_of(demands, first, last, work).whole.fte
    theirs = parts
    if split is not None:
        both = sides(parts, split, first, last, work)
        fte = both.pooled.whole().fte - both.retained.whole().fte
        theirs = [divide(part, split)[1] for part in parts]
    yearly = [_yearly(*all_) for all_ in zip(demands, parts, theirs, strict=True)]
    phone = sum(n * one.group.aht_s for one, n in zip(demands, yearly, strict=True) if one.group.channel == "phone")
    return {
        "fte": rounded(Decimal(max(fte, 0.0)), 2),
        "contacts": rounded(Decimal(sum(yearly)), 0),
        "telecom_minutes": rounded(Decimal(phone) / 60, 0),
    }


def _yearly(demand: Demand, whole: Arrivals, theirs: Arrivals) -> float:
    """Contacts of a whole year as they were said, times the share of the planned ones that counts."""
    said = demand.monthly[0] * MONTHS if len(demand.monthly) == 1 else sum(demand.monthly)
    return said * theirs.contacts / whole.contacts if whole.contacts else 0.0
