"""Charts drawn on the server as SVG: responsive without script, in the colours of the page's own theme.

A chart fills the width it is given. Positions along it are percentages and heights are pixels, so that text never
shrinks on a phone. Colours come from CSS classes (c1 one-time, c2 operating, c3 extra and always hatched, c4
neutral); there is no inline style. Every chart is one image with one sentence, and hands over the same figures as a
table. Nothing here rounds or decides: figures come in as they are, `write` says how they are written.
"""

from portal.kit.charts.bars import (
    Series,
    columns,
    difference_bars,
    grouped_bars,
    score_bar,
    share_bar,
    stacked_columns,
    stacked_rows,
)
from portal.kit.charts.canvas import Chart, Figure, Table
from portal.kit.charts.lines import Limits, control_chart, line, sparkline, steps
from portal.kit.charts.ranges import range_rows

__all__ = [
    "Chart",
    "Figure",
    "Limits",
    "Series",
    "Table",
    "columns",
    "control_chart",
    "difference_bars",
    "grouped_bars",
    "line",
    "range_rows",
    "score_bar",
    "share_bar",
    "sparkline",
    "stacked_columns",
    "stacked_rows",
    "steps",
]
