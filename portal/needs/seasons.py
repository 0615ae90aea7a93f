"""A year of volumes from a file that covers some calendar months in full. Pure.

A covered month keeps its own volume. What the file does not cover is not known: it is taken as the mean of the covered
months, or, where somebody typed what the year usually looks like, in proportion to that.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

MONTHS = range(1, 13)
_CENT = Decimal("0.01")


def known_months(months: Iterable[tuple[str, Decimal]]) -> dict[int, Decimal]:
    """The mean volume of each calendar month 1…12 from full months such as ("2026-03", 1200)."""
    by_month: dict[int, list[Decimal]] = defaultdict(list)
    for month, contacts in months:
        by_month[int(month[5:])].append(contacts)
    return {number: _mean(values) for number, values in sorted(by_month.items())}


def known_of_findings(findings: Mapping[str, Any] | None) -> dict[int, Decimal]:
    """The same from what a channel keeps of its file; empty without one."""
    months = (findings or {}).get("months") or ()
    return known_months((one["month"], Decimal(one["contacts"])) for one in months if one["is_full"])


def year_of(known: Mapping[int, Decimal], indices: Sequence[Decimal] | None = None) -> tuple[Decimal, ...]:
    """Twelve volumes from January to December, or one where a single month is known and nothing was typed.

    `indices` are twelve numbers of which only the proportions count. Raises ValueError where they are all 0 in the
    months that are known, so that nothing ties them to contacts.
    """
    if indices is None:
        mean = _mean(list(known.values()))
        return (mean,) if len(known) == 1 else tuple(known.get(number, mean) for number in MONTHS)
    weight = sum((indices[number - 1] for number in known), Decimal(0))
    if not weight:
        raise ValueError("no index of a month that is known is above 0")
    one = sum(known.values(), Decimal(0)) / weight
    return tuple(known[number] if number in known else _cents(one * indices[number - 1]) for number in MONTHS)


def _mean(values: Sequence[Decimal]) -> Decimal:
    return _cents(sum(values, Decimal(0)) / len(values))


def _cents(value: Decimal) -> Decimal:
    return value.quantize(_CENT, rounding=ROUND_HALF_UP)
