"""The charts of the monitoring pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from blueprints.shared.formatting import NO_BREAK, amount, month, number
from portal.billing.queries import MonthCost
from portal.kit.charts import Chart, Series, columns, line, sparkline, stacked_columns
from portal.measures.definitions import Unit
from portal.measures.figures import Verdict
from portal.measures.words import CHANNEL_NAMES
from portal.monitoring.results import Result

UNIT_SIGNS = {Unit.PERCENT: "%", Unit.SECONDS: "s"}
LOOKED_BACK = 12
# Names of months side by side under a chart of half the page.
FIT_HALF_A_PAGE = 8
WHOLE = 100


@dataclass(frozen=True, slots=True)
class TargetChart:
    """One target over the months, with the last judged result to say its target by."""

    result: Result
    chart: Chart


def _written(value: Any) -> str:
    """Figures with two decimals, round figures of the axis as they are."""
    return number(value) if isinstance(value, int) else number(value, 2)


def target_charts(targets: Sequence[dict[str, Any]], judged: Mapping[date, Sequence[Result]]) -> list[TargetChart]:
    """For each target, its value month by month with the target dotted; gaps are months without data."""
    names = [month(when, short=True) for when in judged]
    charts = []
    for place, target in enumerate(targets):
        rows = [judged[when][place] for when in judged]
        if not any(row.value is not None for row in rows):
            continue
        goal = f"{number(rows[0].target)}{NO_BREAK}{UNIT_SIGNS.get(rows[0].unit, '')}".rstrip()
        chart = line(
            names,
            [row.value for row in rows],
            label=_("%(title)s by month, target %(target)s.", title=_title(target, rows[0]), target=goal),
            first=_("Month"),
            name=_title(target, rows[0]),
            target=rows[0].target,
            target_name=_("Target %(value)s", value=goal),
            counts=[int(row.n or 0) for row in rows],
            most=WHOLE if rows[0].unit == Unit.PERCENT else None,
            labels=FIT_HALF_A_PAGE,
            height=180,
            write=_written,
        )
        charts.append(TargetChart(rows[-1], chart))
    return charts


def _title(target: dict[str, Any], result: Result) -> str:
    return f"{CHANNEL_NAMES[target['channel']]}: {result.name}"


def sparklines(
    targets: Sequence[dict[str, Any]], judged: Mapping[date, Sequence[Result]], shown: date
) -> list[Chart | None]:
    """A small line for each target over the year up to the month that is shown; None where there is but one point."""
    months = [when for when in judged if when <= shown][-LOOKED_BACK:]
    lines: list[Chart | None] = []
    for place, target in enumerate(targets):
        rows = [judged[when][place] for when in months]
        values = [row.value for row in rows]
        if len([value for value in values if value is not None]) < 2:
            lines.append(None)
            continue
        lines.append(
            sparkline(
                values,
                label=_("%(title)s, the last %(n)s months", title=_title(target, rows[-1]), n=len(months)),
                target=rows[-1].target,
                missed=rows[-1].verdict in (Verdict.MISSED, Verdict.BELOW_MINIMUM),
            )
        )
    return lines


def cost_chart(
    months: Sequence[date], costs: Mapping[date, MonthCost], bid: Mapping[date, int], currency: str
) -> Chart | None:
    """What each month cost by fee class, with the bid's monthly mean as the line to compare with."""
    if not costs:
        return None
    known = [costs.get(when) for when in months]
    mean = Decimal(sum(bid.values())) / len(bid) if bid else None
    return stacked_columns(
        [month(when, short=True) for when in months],
        [
            Series("operating", _("Operating"), [one.operating_minor if one else None for one in known]),
            Series("extra", _("Extra"), [one.extra_minor if one else None for one in known]),
        ],
        label=_("Cost per month by fee class, in %(currency)s without tax.", currency=currency),
        first=_("Month"),
        target=mean,
        target_name=_("Bid, monthly mean %(value)s", value=amount(mean, currency, whole=True)) if mean else "",
        labels=FIT_HALF_A_PAGE,
        write=lambda value: amount(int(value), currency, whole=True),
    )


def tally_chart(tally: Sequence[int]) -> Chart | None:
    """How often each answer was given."""
    if not any(tally):
        return None
    return columns(
        [str(score) for score in range(1, 6)],
        list(tally),
        label=_("How often each answer from 1 to 5 was given."),
        first=_("Answer"),
        name=_("Answers"),
        kind="compare",
    )
