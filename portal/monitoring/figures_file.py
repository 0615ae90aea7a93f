"""A month's figures as CSV: one row per channel, or several per channel that are summed (days, queues)."""

import csv
import io
from collections.abc import Iterable
from decimal import Decimal

from flask_babel import lazy_gettext as _l

from portal.kit.errors import Invalid
from portal.kit.text import listed
from portal.measures.words import Channel
from portal.monitoring.items import ITEM_NAMES, checked

MAX_ROWS = 20_000
FIELD = "file"


def read_figures(content: bytes, wanted: dict[str, tuple[str, ...]]) -> dict[str, dict[str, str]]:
    """Figures by channel from a CSV with the columns `channel` and the data items, in any order and case.

    `wanted` says which items each channel needs. Raises Invalid naming line and column; nothing is taken then.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid(_l("The file is not text in UTF-8. Save it as CSV UTF-8 and try again."), FIELD) from error
    dialect = _separator(text)
    rows = list(csv.reader(io.StringIO(text), delimiter=dialect))
    if not rows:
        raise Invalid(_l("The file is empty."), FIELD)
    if len(rows) > MAX_ROWS:
        raise Invalid(_l("The file has more than %(n)s rows. Sum it up per day first.", n=MAX_ROWS), FIELD)
    columns = _columns(rows[0], wanted)
    sums: dict[str, dict[str, Decimal]] = {}
    for number, row in enumerate(rows[1:], start=2):
        if any(cell.strip() for cell in row):
            _add(sums, row, columns, wanted, number)
    return {channel: {item: format(value, "f") for item, value in items.items()} for channel, items in sums.items()}


def _separator(text: str) -> str:
    head = text.partition("\n")[0]
    return max((",", ";", "\t"), key=head.count)


def _columns(head: list[str], wanted: dict[str, tuple[str, ...]]) -> dict[str, int]:
    known = {name.casefold(): name for name in ("channel", *ITEM_NAMES)}
    found = {
        known[cell.strip().casefold()]: place for place, cell in enumerate(head) if cell.strip().casefold() in known
    }
    needed = ["channel", *dict.fromkeys(item for items in wanted.values() for item in items)]
    missing = [name for name in needed if name not in found]
    if missing:
        raise Invalid(_l("Line 1: these columns are missing: %(names)s.", names=listed(missing)), FIELD)
    return found


def _add(
    sums: dict[str, dict[str, Decimal]],
    row: list[str],
    columns: dict[str, int],
    wanted: dict[str, tuple[str, ...]],
    number: int,
) -> None:
    channel = _cell(row, columns["channel"]).casefold()
    if channel not in wanted:
        names = listed(one.value for one in Channel if one.value in wanted)
        raise Invalid(
            _l("Line %(n)s, column channel: “%(value)s” is none of %(names)s.", n=number, value=channel, names=names),
            FIELD,
        )
    values = checked({item: _cell(row, columns[item]) for item in wanted[channel]}, _where(number))
    total = sums.setdefault(channel, dict.fromkeys(wanted[channel], Decimal(0)))
    for item, value in values.items():
        total[item] += Decimal(value)


def _where(number: int) -> str:
    return str(_l("Line %(n)s, ", n=number))


def _cell(row: list[str], place: int) -> str:
    return row[place].strip() if place < len(row) else ""


def example(wanted: Iterable[str], items: dict[str, tuple[str, ...]]) -> str:
    """The head and one empty row per channel, to fill in."""
    names = list(dict.fromkeys(item for channel in wanted for item in items[channel]))
    lines = [",".join(["channel", *names])]
    lines += [",".join([channel, *("0" for _ in names)]) for channel in wanted]
    return "\n".join(lines) + "\n"
