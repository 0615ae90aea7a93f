"""The sheet that charts are drawn on: escaped elements, scales with round grid lines, labels along the axis."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from math import ceil, floor, log10
from xml.sax.saxutils import escape, quoteattr

Figure = int | Decimal | float
Writer = Callable[[Figure], str]
MISSING = "–"
GRID_LINES = 4
# Below this many labels every one is written; above, every n-th, and phones hide every second of those.
LABELS_ON_A_DESK = 13
# A longer figure at the axis needs a wider margin.
LONGEST_FIGURE = 7


def plainly(value: Figure) -> str:
    """A figure as it is, with thousands separators and a true minus; the reader's language is the caller's matter."""
    return f"{value:,}".replace("-", "−")


@dataclass(frozen=True)
class Table:
    """The figures of a chart as text: names of the columns, then rows that begin with their own name."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Chart:
    """One drawn chart: its SVG, the sentence that says what it shows, and its figures as a table."""

    svg: str
    label: str
    as_table: Table

    def __html__(self) -> str:
        """Lets a template write the chart as it is; all text in it is escaped already."""
        return self.svg


@dataclass(frozen=True)
class Scale:
    """Maps figures from `low`…`high` to pixels from the bottom of the plot to its top."""

    low: float
    high: float
    top: float
    bottom: float

    def y(self, value: Figure) -> float:
        """Pixels from the top of the sheet for a figure."""
        share = (float(value) - self.low) / (self.high - self.low)
        return round(self.bottom - share * (self.bottom - self.top), 2)

    def ticks(self) -> list[float]:
        """At most four round figures between the ends, both ends included where they are round."""
        step = round_step((self.high - self.low) / GRID_LINES)
        first = ceil(self.low / step - 1e-9)
        last = floor(self.high / step + 1e-9)
        return [round(n * step, 10) for n in range(first, last + 1)]


def round_step(rough: float) -> float:
    """The next of 1, 2, 2.5, 4, 5, 8 and 10 times a power of ten that is not below `rough`."""
    if rough <= 0:
        return 1.0
    power = 10.0 ** floor(log10(rough))
    return next(power * n for n in (1, 2, 2.5, 4, 5, 8, 10) if power * n >= rough * (1 - 1e-9))


def scale_from_zero(values: Sequence[Figure | None], top: float, bottom: float, high: Figure | None = None) -> Scale:
    """A scale that begins at zero (or at a round figure below the lowest, when some are negative)."""
    known = [float(value) for value in values if value is not None]
    highest = float(high) if high is not None else max([*known, 0.0])
    lowest = min([*known, 0.0])
    step = round_step((highest - lowest or 1.0) / GRID_LINES)
    ceiling = highest if high is not None and highest > lowest else (ceil(highest / step - 1e-9) or 1) * step
    return Scale(floor(lowest / step + 1e-9) * step, ceiling, top, bottom)


def scale_around(values: Sequence[Figure | None], top: float, bottom: float, most: Figure | None = None) -> Scale:
    """A scale that shows the range of the figures, its lowest tick written on the axis; it ends at `most`."""
    known = [float(value) for value in values if value is not None] or [0.0, 1.0]
    lowest, highest = min(known), max(known)
    room = (highest - lowest) * 0.08 or abs(highest) * 0.05 or 1.0
    step = round_step((highest - lowest + 2 * room) / (GRID_LINES - 1))
    ceiling = ceil((highest + room) / step) * step
    if most is not None and highest <= float(most) < ceiling:
        ceiling = float(most)
    return Scale(floor((lowest - room) / step) * step, ceiling, top, bottom)


def percent_of(index: float, count: int) -> str:
    """Where the middle of the index-th of `count` equal fields lies, in percent of the width."""
    return f"{(index + 0.5) / count * 100:.3f}%"


@dataclass
class Canvas:
    """Collects elements; `svg` puts them together. `classes` say which margins the style sheet leaves."""

    height: int
    label: str
    classes: str = ""
    parts: list[str] = field(default_factory=list)

    def add(self, name: str, text: str | None = None, **attributes: object) -> None:
        """One element. Attribute names are written with _ for -, `class_` is class; None leaves one out."""
        self.parts.append(element(name, text, **attributes))

    def scaled(self, *elements: str) -> None:
        """Elements with coordinates of 0 to 100 across, stretched to the width without widening their strokes."""
        body = "".join(elements)
        self.parts.append(
            f'<svg width="100%" height="{self.height}" viewBox="0 0 100 {self.height}" preserveAspectRatio="none" '
            f'overflow="visible">{body}</svg>'
        )

    def grid(self, scale: Scale, write: Writer, zero_is_axis: bool = True) -> None:
        """Grid lines with their figures at the left; the lowest one is the axis."""
        written = [write(_whole(tick)) for tick in scale.ticks()]
        if any(len(figure) > LONGEST_FIGURE for figure in written):
            self.classes += " has-wide-figures"
        for tick, figure in zip(scale.ticks(), written, strict=True):
            y = scale.y(tick)
            is_axis = (zero_is_axis and tick == 0) or y == scale.bottom
            self.add("line", x1=0, x2="100%", y1=y, y2=y, class_="axis" if is_axis else "grid")
            self.add("text", figure, x=-8, y=y + 4, text_anchor="end")

    def labels(self, names: Sequence[str], y: float, most: int = LABELS_ON_A_DESK) -> None:
        """Names under their fields; with more than `most` of them only every n-th."""
        every = max(1, ceil(len(names) / most))
        for index, name in enumerate(names):
            if index % every == 0:
                thin = "every-second" if (index // every) % 2 and len(names) > 6 else None
                self.add("text", name, x=percent_of(index, len(names)), y=y, text_anchor="middle", class_=thin)

    def svg(self) -> str:
        """The whole drawing as one image with its sentence."""
        classes = f"chart-svg {self.classes}".strip()
        return (
            f'<svg class="{classes}" width="100%" height="{self.height}" role="img" '
            f'aria-label={quoteattr(self.label)} focusable="false">{"".join(self.parts)}</svg>'
        )


def element(name: str, text: str | None = None, **attributes: object) -> str:
    """One SVG element, everything escaped."""
    written = "".join(
        f" {key.rstrip('_').replace('_', '-')}={quoteattr(_plain(value))}"
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{written}/>" if text is None else f"<{name}{written}>{escape(text)}</{name}>"


def _plain(value: object) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def _whole(tick: float) -> Figure:
    """A tick as an integer where it is one, else exactly as many decimals as it needs."""
    return int(tick) if tick == int(tick) else Decimal(repr(tick))
