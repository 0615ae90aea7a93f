"""How contacts spread over the year, the week and the day: indices and their use.

A month takes its share of the year by the month index, a day its share of the month by its weekday's weight, an
interval its share of the day by the profile: V_month = year ÷ 12 · s, V_day = V_month · w ÷ Σw, V_interval =
V_day · p.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from portal.kit.calculators import CalculationError
from portal.needs.staffing.coverage import DAY_MINUTES, Slot

MONTHS, WEEKDAYS = 12, 7
FLAT_DAY = (1.0,) * 48


@dataclass(frozen=True, slots=True)
class Patterns:
    """The shape of a week.

    :ivar weekdays: weights from Monday; 0 takes no contacts
    :ivar profiles: for each weekday from Monday the weight of each equal part of the local day, such as 48 half-hours,
        as if each part were open in full; only their proportions count
    """

    weekdays: tuple[float, ...] = (1.0,) * WEEKDAYS
    profiles: tuple[tuple[float, ...], ...] = (FLAT_DAY,) * WEEKDAYS

    def __post_init__(self) -> None:
        if len(self.weekdays) != WEEKDAYS or not _are_weights(self.weekdays):
            raise CalculationError("weekdays", "must be seven weights of 0 or more, at least one of them above 0")
        if len(self.profiles) != WEEKDAYS:
            raise CalculationError("profiles", "must be seven, from Monday")
        for profile in self.profiles:
            if not profile or DAY_MINUTES % len(profile) or min(profile) < 0:
                raise CalculationError("profiles", "must divide the day into equal parts, with weights of 0 or more")

    @classmethod
    def of_one_profile(cls, profile: Sequence[float], weekdays: Sequence[float] = (1.0,) * WEEKDAYS) -> "Patterns":
        """The same profile on every weekday."""
        return cls(tuple(weekdays), (tuple(profile),) * WEEKDAYS)


def normalised(index: Sequence[float]) -> tuple[float, ...]:
    """Indices brought to a mean of 1: s · 12 ÷ Σs for twelve months."""
    total = sum(index)
    if not index or min(index) < 0 or total <= 0:
        raise CalculationError("index", "must hold numbers of 0 or more, at least one of them above 0")
    return tuple(one * len(index) / total for one in index)


def monthly_volumes(
    yearly: float, index: Sequence[float] = (1.0,) * MONTHS, *, growth: float = 0.0, year: int = 1
) -> tuple[float, ...]:
    """Twelve volumes from January in the `year`-th year (from 1) of a term with a yearly `growth` (0.05 for 5 %)."""
    if len(index) != MONTHS:
        raise CalculationError("index", "must hold twelve months")
    return tuple(yearly / MONTHS * one * grown(growth, year) for one in normalised(index))


def grown(growth: float, year: int) -> float:
    """What volumes of the first year are multiplied by in the `year`-th: (1 + g)^(year − 1)."""
    if growth <= -1:
        raise CalculationError("growth", "must be above −100 %")
    return float((1 + growth) ** (year - 1))


def shared(volume: float, weights: Sequence[float]) -> tuple[float, ...]:
    """`volume` in proportion to `weights`; nothing for anybody where no weight is above 0."""
    total = sum(weights)
    return tuple(volume * weight / total for weight in weights) if total > 0 else (0.0,) * len(weights)


def over_slots(volume: float, slots: tuple[Slot, ...], profile: tuple[float, ...]) -> tuple[float, ...]:
    """A day's contacts by open slot; evenly over the open time where the profile is silent in all of it.

    The profile's weight of a slot counts for the part of it that is open, so nothing falls outside the opening hours.
    """
    return tuple([volume * share for share in _slot_shares(slots, profile)])


@lru_cache(maxsize=2**8)
def _slot_shares(slots: tuple[Slot, ...], profile: tuple[float, ...]) -> tuple[float, ...]:
    """Each slot's share of the day; days of one kind ask for it again and again."""
    weights = [_weight(profile, slot) * slot.seconds for slot in slots]
    return shared(1.0, weights if any(weights) else [slot.seconds for slot in slots])


def _weight(profile: Sequence[float], slot: Slot) -> float:
    """The profile's weight at a slot: of the part it begins in, or the mean of those it spans."""
    part = DAY_MINUTES // len(profile)
    first = slot.minute // part
    last = max(first, (slot.minute + slot.seconds // 60 - 1) // part)
    span = profile[first : last + 1]
    return sum(span) / len(span)


def _are_weights(values: Sequence[float]) -> bool:
    return min(values) >= 0 and sum(values) > 0
