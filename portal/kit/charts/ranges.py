"""Ranges: a bar from the low to the high figure of each row, with a mark at the likely one, under one scale."""

from collections.abc import Sequence

from portal.kit.charts.canvas import Canvas, Chart, Figure, Table, Writer, plainly

ROW = 28


def range_rows(
    rows: Sequence[tuple[str, Figure, Figure, Figure]],
    *,
    label: str,
    head: tuple[str, str, str, str],
    kind: str = "c1",
    write: Writer = plainly,
) -> Chart:
    """One row per (name, low, likely, high), from zero to the highest figure; the likely one is written at the right.

    `head` names the columns of the table; `kind` is the CSS class of the bars.
    """
    most = max([*(float(row[3]) for row in rows), 0.0]) or 1.0
    sheet = Canvas(len(rows) * ROW, label, "has-names is-wide-names has-values")
    for index, (name, low, likely, high) in enumerate(rows):
        y = index * ROW + 6
        begin, middle, end = (float(value) / most * 100 for value in (low, likely, high))
        sheet.add("text", name, x=-148, y=y + 12)
        sheet.add("line", x1=0, x2="100%", y1=y + 7, y2=y + 7, class_="grid")
        width = f"{max(end - begin, 0.4):.3f}%"
        sheet.add("rect", x=f"{begin:.3f}%", y=y, width=width, height=14, rx=2, class_=f"{kind} is-range")
        sheet.add("line", x1=f"{middle:.3f}%", x2=f"{middle:.3f}%", y1=y - 2, y2=y + 16, class_="likely")
        sheet.add("text", write(likely), x="100%", dx=64, y=y + 12, text_anchor="end", class_="strong")
    table = tuple((name, *(write(value) for value in figures)) for name, *figures in rows)
    return Chart(sheet.svg(), label, Table(head, table))
