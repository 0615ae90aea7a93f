"""Lines: they need not begin at zero, but then their axis shows where it begins. Gaps stay gaps."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from portal.kit.charts.canvas import (
    LABELS_ON_A_DESK,
    MISSING,
    Canvas,
    Chart,
    Figure,
    Scale,
    Table,
    Writer,
    element,
    percent_of,
    plainly,
    scale_around,
    scale_from_zero,
)


@dataclass(frozen=True)
class Limits:
    """Mean and limits of a control chart with the words that stand beside them."""

    mean: Figure
    lower: Figure
    upper: Figure
    mean_name: str
    lower_name: str
    upper_name: str


def _runs(values: Sequence[Figure | None]) -> list[list[int]]:
    """The indices of the figures in unbroken runs."""
    runs = groupby(range(len(values)), key=lambda index: values[index] is None)
    return [list(run) for missing, run in runs if not missing]


def _polylines(values: Sequence[Figure | None], scale: Scale, class_: str) -> list[str]:
    count, drawn = len(values), []
    for run in _runs(values):
        points = " ".join(f"{(i + 0.5) / count * 100:.3f},{scale.y(values[i] or 0)}" for i in run)
        drawn.append(element("polyline", points=points, class_=class_, vector_effect="non-scaling-stroke"))
    return drawn


def _table(first: str, name: str, names: Sequence[str], values: Sequence[Figure | None], write: Writer) -> Table:
    rows = tuple((at, MISSING if value is None else write(value)) for at, value in zip(names, values, strict=True))
    return Table((first, name), rows)


def line(
    names: Sequence[str],
    values: Sequence[Figure | None],
    *,
    label: str,
    first: str = "",
    name: str = "",
    target: Figure | None = None,
    target_name: str = "",
    counts: Sequence[int] | None = None,
    count_name: str = "n",
    from_zero: bool = False,
    most: Figure | None = None,
    labels: int = LABELS_ON_A_DESK,
    height: int = 200,
    write: Writer = plainly,
) -> Chart:
    """A line over names with an optional dotted target; counts puts the n of each point under its name.

    most: what no figure can exceed, such as 100 for percentages; the axis does not go beyond it.
    labels: how many names fit under it.
    """
    bottom = height - (42 if counts else 26)
    around = [*values, target]
    scale = scale_from_zero(around, 14, bottom) if from_zero else scale_around(around, 14, bottom, most)
    sheet = Canvas(height, label, "has-axis")
    sheet.grid(scale, write)
    if target is not None:
        y = scale.y(target)
        sheet.add("line", x1=0, x2="100%", y1=y, y2=y, class_="target")
        at, anchor = _clear_side(values, target)
        sheet.add("text", target_name or write(target), x=at, y=y - 5, text_anchor=anchor, class_="strong")
    sheet.scaled(*_polylines(values, scale, "series"))
    for index, value in enumerate(values):
        if value is not None:
            sheet.add("circle", cx=percent_of(index, len(values)), cy=scale.y(value), r=3, class_="point")
    sheet.labels(names, bottom + 18, labels)
    table = _table(first, name, names, values, write)
    if counts:
        sheet.labels([f"{count:,}" for count in counts], bottom + 34, labels)
        sheet.add("text", count_name, x=-8, y=bottom + 34, text_anchor="end")
        rows = tuple((*row, f"{count:,}") for row, count in zip(table.rows, counts, strict=True))
        table = Table((*table.head, count_name), rows)
    return Chart(sheet.svg(), label, table)


def _clear_side(values: Sequence[Figure | None], target: Figure) -> tuple[str, str]:
    """The end of the target line that the line itself stays farther from: where, and how its words are anchored."""
    known = [abs(float(value) - float(target)) for value in values if value is not None] or [0.0]
    return ("0%", "start") if known[0] > known[-1] else ("100%", "end")


def sparkline(
    values: Sequence[Figure | None],
    *,
    label: str,
    target: Figure | None = None,
    missed: bool = False,
    names: Sequence[str] | None = None,
    write: Writer = plainly,
) -> Chart:
    """A small line with a dotted target and its last point marked; missed: the last point did not reach it."""
    scale = scale_around([*values, target], 3, 21)
    sheet = Canvas(24, label, "spark")
    if target is not None:
        sheet.add("line", x1=0, x2="100%", y1=scale.y(target), y2=scale.y(target), class_="target")
    sheet.scaled(*_polylines(values, scale, "series"))
    known = [index for index, value in enumerate(values) if value is not None]
    if known:
        last = known[-1]
        at, y = percent_of(last, len(values)), scale.y(values[last] or 0)
        sheet.add("circle", cx=at, cy=y, r=3, class_="last-missed" if missed else "last")
    over = names or [str(index + 1) for index in range(len(values))]
    return Chart(sheet.svg(), label, _table("", "", over, values, write))


def steps(
    names: Sequence[str],
    values: Sequence[Figure],
    *,
    label: str,
    first: str = "",
    name: str = "",
    height: int = 150,
    write: Writer = plainly,
) -> Chart:
    """A step line with a tinted area from zero (agents needed per interval), a figure where it changes."""
    scale = scale_from_zero(values, 22, height - 26)
    sheet = Canvas(height, label, "has-axis")
    sheet.grid(scale, write)
    count = max(1, len(values))
    path = "".join(
        f"{'M' if i == 0 else 'L'}{i / count * 100:.3f} {scale.y(value)}H{(i + 1) / count * 100:.3f}"
        for i, value in enumerate(values)
    )
    sheet.scaled(
        element("path", d=f"{path}V{scale.bottom}H0Z", class_="under-1"),
        element("path", d=path, class_="series-1", vector_effect="non-scaling-stroke"),
    )
    peak = max(values, default=0)
    for index, value in enumerate(values):
        is_turn = index == 0 or values[index - 1] != value
        if value == peak and values.index(value) == index:
            sheet.add(
                "text",
                write(value),
                x=percent_of(index, count),
                y=scale.y(value) - 6,
                text_anchor="middle",
                class_="strong",
            )
        elif is_turn and index % 2 == 0 and value != peak:
            at = percent_of(index, count)
            sheet.add("text", write(value), x=at, y=scale.y(value) - 6, text_anchor="middle", class_="every-second")
    sheet.labels(names, height - 8)
    return Chart(sheet.svg(), label, _table(first, name, names, values, write))


def control_chart(
    names: Sequence[str],
    values: Sequence[Figure | None],
    limits: Limits,
    *,
    label: str,
    first: str = "",
    name: str = "",
    target: Figure | None = None,
    target_name: str = "",
    signals: dict[int, str] | None = None,
    height: int = 260,
    write: Writer = plainly,
) -> Chart:
    """Points with frozen mean and limits, the band tinted, the agreed target dotted and labelled apart.

    signals: index of a point to the words that say what is unusual about it; it is drawn as a filled diamond.
    """
    marked = signals or {}
    bottom = height - 28
    scale = scale_around([*values, limits.lower, limits.upper, target], 12, bottom)
    sheet = Canvas(height, label, "has-axis has-notes")
    sheet.grid(scale, write, zero_is_axis=False)
    top = scale.y(limits.upper)
    tall = round(scale.y(limits.lower) - top, 2)
    sheet.add("rect", x=0, y=top, width="100%", height=tall, class_="inside")
    lines: list[tuple[Figure, str, str]] = [
        (limits.upper, limits.upper_name, "limit"),
        (limits.mean, limits.mean_name, "mean"),
        (limits.lower, limits.lower_name, "limit"),
    ]
    if target is not None:
        lines.append((target, target_name, "target"))
    for (height_of, words, class_), at in zip(lines, _apart([scale.y(each[0]) for each in lines]), strict=True):
        y = scale.y(height_of)
        sheet.add("line", x1=0, x2="100%", y1=y, y2=y, class_=class_)
        sheet.add("text", words, x="100%", dx=8, y=at + 4, class_="strong" if class_ == "target" else None)
    sheet.scaled(*_polylines(values, scale, "series"))
    for index, value in enumerate(values):
        if value is not None:
            _point(sheet, percent_of(index, len(values)), scale.y(value), marked.get(index), index > len(values) / 2)
    sheet.labels(names, height - 8)
    return Chart(sheet.svg(), label, _table(first, name, names, values, write))


def _apart(heights: list[float], gap: float = 15) -> list[float]:
    """The same heights, pushed down just enough that labels at them do not touch; in the order given."""
    placed: dict[int, float] = {}
    last = float("-inf")
    for index in sorted(range(len(heights)), key=heights.__getitem__):
        last = placed[index] = max(heights[index], last + gap)
    return [placed[index] for index in range(len(heights))]


def _point(sheet: Canvas, x: str, y: float, words: str | None, to_left: bool) -> None:
    if words is None:
        sheet.add("circle", cx=x, cy=y, r=3.5, class_="point")
        return
    sheet.parts.append(f'<svg x="{x}" y="{y}" overflow="visible"><path d="M0-6 6 0 0 6-6 0Z" class="signal"/></svg>')
    sheet.add(
        "text",
        words,
        x=x,
        dx=-12 if to_left else 12,
        y=y + 4,
        text_anchor="end" if to_left else None,
        class_="signal-words",
    )
