"""An uploaded table as headings and rows, from text or a workbook, before anybody knows what its columns mean."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.kit.errors import Invalid
from portal.kit.tables import MEBIBYTE, Limits, TableError, Value, read_xlsx
from portal.needs.interval_cells import is_figure
from portal.needs.interval_text import ENCODINGS, FIELD, SEPARATORS, encoding_of, separator_of, text_of

MAX_BYTES = 20_000_000
MAX_ROWS = 600_000
"""Five-minute intervals of more than five years."""
MAX_SHEET_ROWS = 150_000
MAX_COLUMNS = 60
WORKBOOK = "xlsx"
_LIMITS = Limits(file_bytes=MAX_BYTES, unpacked_bytes=80 * MEBIBYTE, rows=MAX_SHEET_ROWS, columns=MAX_COLUMNS)
_SMALL = MEBIBYTE
_ZIP, _OLD_OFFICE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"

Cells = Sequence[Value]


@dataclass(frozen=True, slots=True)
class Table:
    """What a file holds.

    :ivar encoding: of text; `WORKBOOK` for a workbook
    :ivar sheets: the sheets of a workbook that hold something
    :ivar sheet: the one that was read; "" while several could be meant, and then there are no rows yet
    :ivar lines: the number of each row as the file counts
    """

    encoding: str
    separator: str
    sheets: tuple[str, ...]
    sheet: str
    heading: tuple[str, ...]
    lines: Sequence[int]
    rows: Sequence[Cells]

    @property
    def is_workbook(self) -> bool:
        """Whether it came from a workbook, whose cells have types."""
        return self.encoding == WORKBOOK


def read_table(content: bytes, *, encoding: str = "", separator: str = "", sheet: str = "") -> Table:
    """Read a file; what is not given, or not possible in it, is recognised.

    Raises Invalid, naming line and column where there is one, for what cannot be read at all, is too large, holds
    formulas, or has no headings.
    """
    if len(content) > MAX_BYTES:
        raise Invalid(_l("The file is larger than %(most)s MB.", most=MAX_BYTES // 1_000_000), FIELD)
    if not content.strip():
        raise Invalid(_l("The file is empty."), FIELD)
    if content.startswith(_OLD_OFFICE):
        raise Invalid(_l("This is an old Excel file (.xls): save it as .xlsx or CSV and upload it again."), FIELD)
    if content.startswith(_ZIP):
        return (_of_small_workbook if len(content) <= _SMALL else _of_workbook)(content, sheet)
    return _of_text(content, encoding, separator)


def _of_text(content: bytes, encoding: str, separator: str) -> Table:
    encoding = encoding if encoding in ENCODINGS else encoding_of(content)
    text = text_of(content, encoding)
    separator = separator if separator and separator in SEPARATORS else separator_of(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    lines: list[int] = []
    rows: list[list[str]] = []
    try:
        heading = next((row for row in reader if any(cell.strip() for cell in row)), [])
        for line, row in _filled(reader, len(heading)):
            lines.append(line)
            rows.append(row)
    except csv.Error as error:
        raise Invalid(
            _l("Line %(line)s is broken: check quotation marks and encoding.", line=reader.line_num), FIELD
        ) from error
    return Table(encoding, separator, (), "", _headings(heading), lines, rows)


def _filled(reader: Any, columns: int) -> Iterator[tuple[int, list[str]]]:
    for row in reader:
        if len(row) != columns:
            if not any(cell.strip() for cell in row):
                continue
            sentence = _l(
                "Line %(line)s has %(found)s columns, the headings have %(wanted)s.",
                line=reader.line_num,
                found=len(row),
                wanted=columns,
            )
            raise Invalid(sentence, FIELD)
        if any(row) and any(cell.strip() for cell in row):
            yield reader.line_num, row
        if reader.line_num > MAX_ROWS + 1:
            raise Invalid(_l("The file has more than %(most)s lines: upload fewer years.", most=MAX_ROWS), FIELD)


def _of_workbook(content: bytes, wanted: str) -> Table:
    try:
        found = {name: rows for name, rows in read_xlsx(content, _LIMITS).items() if rows}
    except TableError as error:
        raise Invalid(error.message, FIELD) from error
    sheets = tuple(found)
    if not sheets:
        raise Invalid(_l("The workbook is empty."), FIELD)
    sheet = wanted if wanted in found else sheets[0] if len(sheets) == 1 else ""
    if not sheet:
        return Table(WORKBOOK, "", sheets, "", (), (), ())
    first, *rest = found[sheet]
    heading = _headings(["" if cell is None else str(cell) for cell in first.cells])
    width = len(heading)
    for row in rest:
        if len(row.cells) > width:
            sentence = _l(
                "Line %(line)s has %(found)s columns, the headings have %(wanted)s.",
                line=row.number,
                found=len(row.cells),
                wanted=width,
            )
            raise Invalid(sentence, FIELD)
    rows = [row.cells + (None,) * (width - len(row.cells)) for row in rest]
    return Table(WORKBOOK, "", sheets, sheet, heading, [row.number for row in rest], rows)


@lru_cache(maxsize=2)
def _of_small_workbook(content: bytes, wanted: str) -> Table:
    """Kept for a while: the page after the upload, and the import after that, read the same workbook again."""
    return _of_workbook(content, wanted)


def _headings(cells: Sequence[str]) -> tuple[str, ...]:
    heading = tuple(cell.strip()[:80] for cell in cells)
    if len(heading) > MAX_COLUMNS:
        raise Invalid(_l("There are more than %(most)s columns.", most=MAX_COLUMNS), FIELD)
    for name in heading:
        if is_figure(name):
            sentence = _l(
                "Line 1, column “%(column)s”: this is a figure, not a heading. Write a line of headings above.",
                column=name,
            )
            raise Invalid(sentence, FIELD)
    return heading
