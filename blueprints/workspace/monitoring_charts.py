"""The charts of the monitoring pages."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from blueprints.shared.formatting import amount, month, number
from portal.billing.queries import MonthCost
from portal.kit.charts import Chart, Series, columns, line, stacked_columns
from portal.measures.words import CHANNEL_NAMES
from portal.monitoring.results import Result


def target_charts(targets: Sequence[dict[str, Any]], judged: Mapping[date, Sequence[Result]]) -> list[Chart]:
    """For each target, its value month by month with the target dotted; gaps are months without data."""
    names = [month(when, short=True) for when in judged]
    charts = []
    for place, target in enumerate(targets):
        rows = [judged[when][place] for when in judged]
        if not any(row.value is not None for row in rows):
            continue
        title = f"{CHANNEL_NAMES[target['channel']]}: {rows[0].name}"
        charts.append(
            line(
                names,
                [row.value for row in rows],
                label=_("%(title)s by month, target %(target)s.", title=title, target=number(rows[0].target)),
                first=_("Month"),
                name=title,
                target=rows[0].target,
                target_name=_("Target %(value)s", value=number(rows[0].target)),
                counts=[int(row.n or 0) for row in rows],
                height=180,
                write=lambda value: number(value, 2),
            )
        )
    return charts


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
        target_name=_("Bid, monthly mean"),
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
