"""From agents at work to people on the payroll: shrinkage, paid hours, full-time equivalents.

Shrinkage is the share of paid time in which nobody takes contacts: leave, sickness, breaks, training, meetings. To
have N at work one pays N ÷ (1 − shrinkage). Multiplying by 1 + shrinkage instead is the classic error; it comes out
too low.
"""

from dataclasses import dataclass

from portal.kit.calculators import CalculationError
from portal.needs.staffing.erlang import whole

WEEKS_A_MONTH = 52 / 12
DAYS_A_WEEK = 5


@dataclass(frozen=True, slots=True)
class WorkTime:
    """How people are paid and used.

    :ivar shrinkage: 0 or more and below 1
    :ivar week_hours: paid hours of a full-time week
    :ivar inefficiency: what rosters lose because shifts do not follow the curve: 1 is nothing, 1.05 to 1.10 is usual
    """

    shrinkage: float = 0.30
    week_hours: float = 40.0
    inefficiency: float = 1.0

    def __post_init__(self) -> None:
        if not 0 <= self.shrinkage < 1:
            raise CalculationError("shrinkage", "must be 0 or more and below 1")
        if self.week_hours <= 0:
            raise CalculationError("week_hours", "must be above 0")
        if self.inefficiency < 1:
            raise CalculationError("inefficiency", "must be 1 or more")

    @property
    def month_hours(self) -> float:
        """Paid hours of a full-time month: 173.33 for a week of 40."""
        return self.week_hours * WEEKS_A_MONTH

    @property
    def day_hours(self) -> float:
        """Paid hours of a full-time working day."""
        return self.week_hours / DAYS_A_WEEK

    def scheduled(self, agents: float) -> float:
        """Positions to schedule so that `agents` are at work: N ÷ (1 − shrinkage)."""
        return agents / (1 - self.shrinkage)

    def positions(self, agents: float) -> int:
        """The same in whole positions."""
        return whole(self.scheduled(agents))

    def paid_hours(self, agent_hours: float) -> float:
        """Hours to pay for `agent_hours` at work."""
        return self.scheduled(agent_hours) * self.inefficiency

    def weekly_fte(self, agent_hours: float) -> float:
        """Full-time people for the hours at work of one week."""
        return self.paid_hours(agent_hours) / self.week_hours

    def monthly_fte(self, agent_hours: float) -> float:
        """Full-time people for the hours at work of one month."""
        return self.paid_hours(agent_hours) / self.month_hours

    def daily_fte(self, agent_hours: float) -> float:
        """Full-time people for the hours at work of one day, each working its share of a week of five days."""
        return self.paid_hours(agent_hours) / self.day_hours
