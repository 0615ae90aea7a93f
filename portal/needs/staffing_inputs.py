"""What a buyer assumes when it plans people: shrinkage, occupancy, minimum, and how two teams or a project are shaped.

Kept with the requirement and never shown to vendors. An answer that is not given takes the usual one, so a
requirement can be planned before anything was said here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from portal.measures.words import WEEKDAY_NAMES, Channel, Mode
from portal.needs.models import Requirement
from portal.needs.scenarios import Project
from portal.needs.staffing.arrivals import Demand
from portal.needs.staffing.coverage import Coverage, coverage, public_holidays
from portal.needs.staffing.split import Split
from portal.needs.staffing.worktime import WorkTime
from portal.needs.states import SplitRule

HUNDRED = Decimal(100)
USUAL_SHRINKAGE, USUAL_WEEK_HOURS = Decimal(30), Decimal(40)
MIDNIGHT, END_OF_DAY = "00:00", "24:00"
WEEKEND = ("sat", "sun")
_MONTH = timedelta(days=31)
_DECIMALS = (
    "shrinkage",
    "occupancy",
    "week_hours",
    "vendor_share",
    "surge",
    "surge_probability",
)
_WHOLE = ("min_agents", "concurrency", "ramp_up_weeks", "wind_down_weeks")


@dataclass(frozen=True, slots=True)
class StaffingInputs:
    """The assumptions of a plan; None is the usual one. Shares are percent.

    :ivar occupancy: the cap for every channel; usually each channel has its own
    :ivar min_agents: people of each channel and language while open, where customers wait in a queue
    :ivar concurrency: chats an agent holds at once; usually what the requirement says
    :ivar holidays: whether the public holidays of the customers' country are days off
    :ivar vendor_share: the vendor's share of contacts; `to_vendor` the channels or languages it takes;
        `vendor_from` and `vendor_until` its hours of the day, and `vendor_weekends` whether it has all of Saturday
        and Sunday; `own_agents` the own team's people by channel, beyond whom the vendor takes over
    :ivar surge: percent of contacts on top in a temporary project's peak, and how likely it is
    """

    shrinkage: Decimal | None = None
    occupancy: Decimal | None = None
    week_hours: Decimal | None = None
    min_agents: int | None = None
    concurrency: int | None = None
    holidays: bool = False
    vendor_share: Decimal | None = None
    to_vendor: tuple[str, ...] = ()
    vendor_from: str = ""
    vendor_until: str = ""
    vendor_weekends: bool = False
    own_agents: Mapping[str, int] = field(default_factory=dict)
    ramp_up_weeks: int | None = None
    wind_down_weeks: int | None = None
    surge: Decimal | None = None
    surge_probability: Decimal | None = None

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "StaffingInputs":
        """Read what `as_document` wrote."""
        given: dict[str, Any] = dict(document)
        given |= {name: Decimal(given[name]) for name in _DECIMALS if name in given}
        return cls(**given | {"to_vendor": tuple(given.get("to_vendor", ()))})

    def as_document(self) -> dict[str, Any]:
        """Only what was given; decimals as text."""
        found: dict[str, Any] = {name: format(getattr(self, name), "f") for name in _DECIMALS if self._has(name)}
        found |= {name: getattr(self, name) for name in _WHOLE if self._has(name)}
        found |= {name: True for name in ("holidays", "vendor_weekends") if getattr(self, name)}
        found |= {name: getattr(self, name) for name in ("vendor_from", "vendor_until") if getattr(self, name)}
        if self.to_vendor:
            found["to_vendor"] = list(self.to_vendor)
        if self.own_agents:
            found["own_agents"] = dict(self.own_agents)
        return found

    def _has(self, name: str) -> bool:
        return getattr(self, name) is not None

    @property
    def work(self) -> WorkTime:
        """How people are paid and used."""
        shrinkage = USUAL_SHRINKAGE if self.shrinkage is None else self.shrinkage
        hours = USUAL_WEEK_HOURS if self.week_hours is None else self.week_hours
        return WorkTime(shrinkage=float(shrinkage / HUNDRED), week_hours=float(hours))

    def applied_to(self, demand: Demand) -> Demand:
        """The demand with these assumptions in place of the usual ones."""
        group, target = demand.group, demand.group.target
        if self.occupancy is not None:
            target = replace(target, max_occupancy=float(self.occupancy / HUNDRED))
        if self.min_agents is not None and group.is_real_time:
            target = replace(target, min_agents=self.min_agents)
        several = self.concurrency if group.channel is Channel.CHAT and self.concurrency else group.concurrency
        return replace(demand, group=replace(group, target=target, concurrency=several))

    def closed(self, country: str, first: date, last: date) -> frozenset[date]:
        """The days off from `first` to `last`, and in the months around them, over which volumes are spread.

        Raises CalculationError where the country's holidays are not known.
        """
        return public_holidays(country, first - _MONTH, last + _MONTH) if self.holidays else frozenset()

    def project(self, requirement: Requirement) -> Project | None:
        """The course of a temporary outsourcing; None for the other forms."""
        if requirement.mode != Mode.TEMPORARY:
            return None
        return Project(
            ramp_up_weeks=self.ramp_up_weeks or 0,
            wind_down_weeks=self.wind_down_weeks or 0,
            surge=1 + (self.surge or Decimal(0)) / HUNDRED,
            surge_probability=(self.surge_probability or Decimal(0)) / HUNDRED,
        )

    def split(self, requirement: Requirement) -> Split | None:
        """How a partial outsourcing divides the contacts; None for the other forms, and until it is said.

        A requirement does not count its contacts by kind of enquiry, so such a division is planned by its share.
        """
        rule = requirement.split_rule
        if requirement.mode != Mode.PARTIAL or rule is None:
            return None
        if rule in (SplitRule.BY_CHANNEL, SplitRule.BY_LANGUAGE):
            return Split(SplitRule(rule), frozenset(self.to_vendor)) if self.to_vendor else None
        if rule == SplitRule.BY_HOURS:
            hours = self._vendor_hours(requirement.timezone)
            return Split(SplitRule.BY_HOURS, hours=hours) if hours else None
        if rule == SplitRule.OVERFLOW:
            own = {Channel(name): people for name, people in self.own_agents.items()}
            return Split(SplitRule.OVERFLOW, own_agents=own) if own else None
        if self.vendor_share is None:
            return None
        return Split(SplitRule.PERCENT, share=float(self.vendor_share / HUNDRED))

    def _vendor_hours(self, zone: str) -> Coverage | None:
        week: dict[str, list[list[str]]] = {}
        if self.vendor_from and self.vendor_until:
            until = END_OF_DAY if self.vendor_until == MIDNIGHT else self.vendor_until
            through_night = [[MIDNIGHT, until], [self.vendor_from, END_OF_DAY]]
            spans = [[self.vendor_from, until]] if self.vendor_from < until else through_night
            week = dict.fromkeys(WEEKDAY_NAMES, spans)
        if self.vendor_weekends:
            week |= {day: [[MIDNIGHT, END_OF_DAY]] for day in WEEKEND}
        return coverage(zone, week) if week else None
