"""Bars: they always begin at zero. Extra costs are hatched, so that no meaning hangs on colour alone."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.kit.charts.canvas import (
    LABELS_ON_A_DESK,
    MISSING,
    Canvas,
    Chart,
    Figure,
    Scale,
    Table,
    Writer,
    percent_of,
    plainly,
    scale_from_zero,
)

_FILL = {"one_time": "c1", "operating": "c2", "extra": "c3 is-hatched", "compare": "c4"}


@dataclass(frozen=True)
class Series:
    """One row of figures with its name. kind: one_time, operating, extra or compare; None figures are gaps."""

    kind: str
    name: str
    values: Sequence[Figure | None]

    @property
    def fill(self) -> str:
        """The CSS classes of its colour."""
        return _FILL[self.kind]


def _written(value: Figure | None, write: Writer) -> str:
    return MISSING if value is None else write(value)


def _by_name(first: str, names: Sequence[str], series: Sequence[Series], write: Writer) -> Table:
    rows = tuple((name, *(_written(one.values[i], write) for one in series)) for i, name in enumerate(names))
    return Table((first, *(one.name for one in series)), rows)


def stacked_columns(
    names: Sequence[str],
    series: Sequence[Series],
    *,
    label: str,
    first: str = "",
    target: Figure | None = None,
    target_name: str = "",
    high: Figure | None = None,
    height: int = 220,
    compact: bool = False,
    labels: int = LABELS_ON_A_DESK,
    write: Writer = plainly,
) -> Chart:
    """Stacked columns, one per name (cost per month by fee class), with an optional dashed target line.

    high: the top of the scale where several charts share one. compact: without figures at the axis (small multiples,
    which say their scale elsewhere). labels: how many names fit under it.
    """
    totals = [sum((one.values[i] or 0 for one in series), start=0) for i in range(len(names))]
    bottom = height - (18 if compact else 26)
    scale = scale_from_zero([*totals, target], 16, bottom, high)
    sheet = Canvas(height, label, "" if compact else "has-axis")
    if compact:
        for tick in scale.ticks():
            sheet.add(
                "line", x1=0, x2="100%", y1=scale.y(tick), y2=scale.y(tick), class_="axis" if tick == 0 else "grid"
            )
    else:
        sheet.grid(scale, write)
    _stack(sheet, scale, len(names), series)
    if target is not None:
        y = scale.y(target)
        sheet.add("line", x1=0, x2="100%", y1=y, y2=y, class_="dashed")
        if target_name:
            sheet.add("text", target_name, x="100%", y=y - 5, text_anchor="end", class_="strong")
    _compact_labels(sheet, names, height) if compact else sheet.labels(names, height - 8, labels)
    return Chart(sheet.svg(), label, _by_name(first, names, series, write))


def _stack(sheet: Canvas, scale: Scale, count: int, series: Sequence[Series]) -> None:
    width = 100 / count * 0.84 if count else 0
    for index in range(count):
        below = 0.0
        for one in series:
            value = float(one.values[index] or 0)
            if value <= 0:
                continue
            y = scale.y(below + value)
            x = f"{(index + 0.5) * 100 / count - width / 2:.3f}%"
            tall = round(scale.y(below) - y, 2)
            sheet.add("rect", x=x, y=y, width=f"{width:.3f}%", height=tall, class_=one.fill)
            below += value


def _compact_labels(sheet: Canvas, names: Sequence[str], height: int) -> None:
    marks = {0: "start", len(names) // 2: "middle", len(names) - 1: "end"}
    for index, anchor in marks.items():
        x = {"start": "0%", "middle": percent_of(index, len(names)), "end": "100%"}[anchor]
        sheet.add("text", names[index], x=x, y=height - 4, text_anchor=anchor)


def columns(
    names: Sequence[str],
    values: Sequence[Figure | None],
    *,
    label: str,
    first: str = "",
    name: str = "",
    peak: str | None = None,
    height: int = 160,
    kind: str = "operating",
    write: Writer = plainly,
) -> Chart:
    """Single columns (calls per half hour). peak: the words before the highest figure, written above its column."""
    series = Series(kind, name, values)
    scale = scale_from_zero(values, 22, height - 26)
    sheet = Canvas(height, label, "has-axis")
    sheet.grid(scale, write)
    _stack(sheet, scale, len(names), [series])
    sheet.labels(names, height - 8)
    known = [(float(value), -index) for index, value in enumerate(values) if value is not None]
    if peak is not None and known:
        index = -max(known)[1]
        text = f"{peak} {_written(values[index], write)}".strip()
        at = percent_of(index, len(names))
        sheet.add("text", text, x=at, y=scale.y(max(known)[0]) - 6, text_anchor="middle", class_="strong")
    return Chart(sheet.svg(), label, _by_name(first, names, [series], write))


def grouped_bars(
    names: Sequence[str],
    series: Sequence[Series],
    *,
    label: str,
    first: str = "",
    height: int = 220,
    figures: bool = True,
    write: Writer = plainly,
) -> Chart:
    """Columns side by side within each name (before and after), each with its figure where there is room for them."""
    scale = scale_from_zero([value for one in series for value in one.values], 22, height - 26)
    sheet = Canvas(height, label, "has-axis")
    sheet.grid(scale, write)
    field = 100 / max(1, len(names))
    width = field * 0.72 / max(1, len(series))
    for index in range(len(names)):
        for place, one in enumerate(series):
            value = one.values[index]
            if value is None:
                continue
            x = index * field + field * 0.14 + place * width
            zero, y = scale.y(0), scale.y(value)
            top, tall = min(zero, y), abs(round(zero - y, 2))
            sheet.add("rect", x=f"{x:.3f}%", y=top, width=f"{width * 0.94:.3f}%", height=tall, class_=one.fill)
            middle = f"{x + width * 0.47:.3f}%"
            if figures:
                sheet.add("text", write(value), x=middle, y=top - 5, text_anchor="middle", class_="value")
    sheet.labels(names, height - 8)
    return Chart(sheet.svg(), label, _by_name(first, names, series, write))


def share_bar(
    parts: Sequence[tuple[str, str, Figure]], *, label: str, first: str = "", name: str = "", write: Writer = plainly
) -> Chart:
    """One bar divided into parts: (kind or CSS class, name, figure). The legend stands under it in the page."""
    total = float(sum(part[2] for part in parts)) or 1.0
    sheet, at = Canvas(14, label, "is-bar"), 0.0
    for kind, _name, value in parts:
        share = float(value) / total * 100
        if share > 0:
            gap = 0.4 if share > 1.2 else 0.0
            shown = f"{max(share - gap, 0.3):.3f}%"
            sheet.add("rect", x=f"{at:.3f}%", y=0, width=shown, height=14, rx=2, class_=_FILL.get(kind, kind))
        at += share
    return Chart(sheet.svg(), label, Table((first, name), tuple((part[1], write(part[2])) for part in parts)))


def stacked_rows(
    names: Sequence[str], series: Sequence[Series], *, label: str, first: str = "", write: Writer = plainly
) -> Chart:
    """Horizontal stacked bars under one scale, the names at the left."""
    totals = [sum(float(one.values[i] or 0) for one in series) for i in range(len(names))]
    longest, sheet = max([*totals, 0.0]) or 1.0, Canvas(len(names) * 26, label, "has-names")
    for index, name in enumerate(names):
        y, at = index * 26 + 7, 0.0
        sheet.add("text", name, x=-88, y=y + 10)
        for one in series:
            share = float(one.values[index] or 0) / longest * 100
            if share > 0:
                sheet.add(
                    "rect", x=f"{at:.3f}%", y=y, width=f"{max(share - 0.25, 0.3):.3f}%", height=12, class_=one.fill
                )
            at += share
    return Chart(sheet.svg(), label, _by_name(first, names, series, write))


def difference_bars(
    rows: Sequence[tuple[str, Figure]],
    *,
    label: str,
    first: str = "",
    name: str = "",
    left: str = "",
    right: str = "",
    write: Writer = plainly,
) -> Chart:
    """Bars to both sides of zero (whose lead when a weight moves), with what each side means under them."""
    widest = max([abs(float(value)) for _name, value in rows] or [1.0]) or 1.0
    sheet = Canvas(len(rows) * 28 + 22, label, "has-names is-wide-names has-values")
    for index, (row, value) in enumerate(rows):
        y, length = index * 28 + 6, abs(float(value)) / widest * 48
        sheet.add("text", row, x=-148, y=y + 12)
        begin, fill = (50.0, "c1") if value >= 0 else (50 - length, "c3 is-hatched")
        sheet.add("rect", x=f"{begin:.3f}%", y=y, width=f"{max(length, 0.3):.3f}%", height=14, rx=2, class_=fill)
        sheet.add("text", write(value), x="100%", dx=60, y=y + 12, text_anchor="end", class_="strong")
    bottom = len(rows) * 28
    sheet.add("line", x1="50%", x2="50%", y1=0, y2=bottom, class_="axis")
    for words, aside, anchor in ((left, -8, "end"), (right, 8, None)):
        sheet.add("text", words, x="50%", dx=aside, y=bottom + 16, text_anchor=anchor)
    return Chart(sheet.svg(), label, Table((first, name), tuple((row, write(value)) for row, value in rows)))


def score_bar(value: Figure | None, maximum: Figure, *, label: str, write: Writer = plainly) -> Chart:
    """A small bar for a score of a maximum; an absent score leaves the track empty."""
    share = 0.0 if value is None or not maximum else min(float(value) / float(maximum) * 100, 100.0)
    sheet = Canvas(6, label, "is-score")
    sheet.add("rect", width="100%", height=6, rx=3, class_="bar-track")
    if share > 0:
        sheet.add("rect", width=f"{share:.3f}%", height=6, rx=3, class_="c4")
    return Chart(sheet.svg(), label, Table(("", ""), ((label, _written(value, write)),)))
