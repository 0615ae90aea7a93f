"""From a requirement to its plan and its scenarios: demands under the buyer's assumptions, over the term."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from flask_babel import lazy_gettext as _l

from portal.kit.calculators import CalculationError
from portal.kit.errors import Invalid
from portal.measures.words import Mode
from portal.needs.completeness import channel_volume
from portal.needs.demands import demands_of
from portal.needs.forecast import forecast, months_later
from portal.needs.models import Requirement, RequirementChannel
from portal.needs.queries import shares_of
from portal.needs.scenarios import PlannedScenario, Project, TermTeams, planned_scenarios
from portal.needs.staffing.arrivals import Demand
from portal.needs.staffing.split import Split
from portal.needs.staffing.worktime import WorkTime
from portal.needs.staffing_inputs import StaffingInputs
from portal.needs.staffing_report import KEPT, last_planned
from portal.pricing.values import Scenario


class Unplannable(Invalid):
    """Answers that are each in order, but cannot be planned or priced together."""

    def __init__(self, error: CalculationError) -> None:
        sentence = {
            "contacts": _l("This is more work than can be planned: check the volumes and the handle times."),
            "split": _l("This division leaves nothing to the vendor: say on the staffing page what it takes."),
            "country": _l("The public holidays of this country are not known: do not plan them as days off."),
        }.get(error.path, _l("These answers cannot be planned together: check volumes, hours and targets."))
        super().__init__(sentence, error.path)


class Undivided(Unplannable):
    """A service that two teams share, without a word on what the vendor takes."""

    def __init__(self) -> None:
        Invalid.__init__(
            self, _l("Say on the staffing page what the vendor takes: bids price that part alone."), "split"
        )


@dataclass(frozen=True, slots=True)
class Planning:
    """What there is to plan.

    :ivar last: of the first year of the term, or of a shorter term
    :ivar is_assumed: whether the term is not known yet, so that a year from the next month is shown
    """

    demands: tuple[Demand, ...]
    first: date
    last: date
    is_assumed: bool
    work: WorkTime
    split: Split | None


def planning_of(
    requirement: Requirement, channels: Sequence[RequirementChannel], inputs: StaffingInputs, today: date
) -> Planning | None:
    """What can be planned of a requirement as its answers stand; None while no channel, language or hour is known.

    Raises Unplannable.
    """
    begins, ends = requirement.start_on, requirement.end_on
    is_assumed = begins is None or ends is None
    first = begins or months_later(today.replace(day=1), 1)
    last = last_planned(first, date.max if begins is None or ends is None else ends)
    demands = _demands(requirement, channels, inputs, first, last)
    if not demands:
        return None
    return Planning(demands, first, last, is_assumed, inputs.work, inputs.split(requirement))


def draft_scenarios(
    requirement: Requirement, channels: Sequence[RequirementChannel], inputs: StaffingInputs
) -> tuple[Scenario, ...]:
    """Low, base, high and, for a temporary service, temporary, as they would be frozen now; none while incomplete.

    Contacts are the forecast's; people and seats of each month are the staffing model's. Of a partial outsourcing
    they hold what the vendor takes alone. Raises Unplannable.
    """
    return draft_plan(requirement, channels, inputs).scenarios


@dataclass(frozen=True, slots=True)
class DraftPlan:
    """The scenarios as they would be frozen now, and both sides of a partial outsourcing in the base."""

    scenarios: tuple[Scenario, ...] = ()
    teams: TermTeams | None = None


def draft_plan(requirement: Requirement, channels: Sequence[RequirementChannel], inputs: StaffingInputs) -> DraftPlan:
    """What `draft_scenarios` gives, with both sides. Raises Unplannable, Undivided where the division is not said."""
    volumes = [channel_volume(row) for row in channels]
    complete = [one for one in volumes if one is not None]
    first, last = requirement.start_on, requirement.end_on
    if len(complete) < len(volumes) or not volumes or first is None or last is None:
        return DraftPlan()
    demands = _demands(requirement, channels, inputs, first, last)
    if not demands:
        return DraftPlan()
    split = inputs.split(requirement)
    if requirement.mode == Mode.PARTIAL and split is None:
        raise Undivided
    base = forecast(complete, shares_of(requirement), first, last)
    try:
        planned = _planned(demands, first, last, inputs.work, inputs.project(requirement), split)
    except CalculationError as error:
        raise Unplannable(error) from error
    teams = next((one.teams for one in planned if one.teams), None)
    return DraftPlan(tuple(one.priced_over(base) for one in planned), teams)


@lru_cache(maxsize=KEPT)
def _planned(
    demands: tuple[Demand, ...],
    first: date,
    last: date,
    work: WorkTime,
    project: Project | None,
    split: Split | None,
) -> tuple[PlannedScenario, ...]:
    """Kept, because what the last step shows is frozen by its button a moment later."""
    order = ("low", "base", "high", "temporary")
    found = planned_scenarios(demands, first, last, work, project, split)
    return tuple(sorted(found, key=lambda one: order.index(one.kind)))


def _demands(
    requirement: Requirement,
    channels: Sequence[RequirementChannel],
    inputs: StaffingInputs,
    first: date,
    last: date,
) -> tuple[Demand, ...]:
    try:
        closed = inputs.closed(requirement.country, first, last + timedelta(days=7))
        return tuple(inputs.applied_to(one) for one in demands_of(requirement, channels, closed=closed))
    except CalculationError as error:
        raise Unplannable(error) from error
