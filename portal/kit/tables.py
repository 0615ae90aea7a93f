"""Tables in files: reading CSV and XLSX that strangers send, writing XLSX that their programs open.

What is read is counted while it is read, never believed from a header: bytes of the file, bytes unpacked, rows,
columns. A cell that cannot be taken refuses the whole file and is named by sheet, row and column. Formulas are refused
and never evaluated, and every text is written as text, so that nothing in a file acts by itself.
"""

from __future__ import annotations

import csv
import io
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from math import isfinite
from typing import Any
from xml.etree.ElementTree import ParseError

import xlsxwriter
from defusedxml.common import DefusedXmlException
from flask_babel import lazy_gettext as _l
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from portal.kit.errors import Invalid

MEBIBYTE = 2**20
FIELD = "file"
EXACT_DIGITS = 15
"""Significant digits that a number of a workbook, a double, holds exactly."""

Value = str | Decimal | bool | datetime | date | time | None
BROKEN = (
    zipfile.BadZipFile, zlib.error, DefusedXmlException, ParseError, InvalidFileException, EOFError, OSError,
    NotImplementedError, RuntimeError, ValueError, KeyError, IndexError, TypeError, AttributeError, ArithmeticError,
)  # fmt: skip
"""What parsers raise for files that are not what they say."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a file is read."""

    file_bytes: int = 10 * MEBIBYTE
    unpacked_bytes: int = 60 * MEBIBYTE
    members: int = 500
    rows: int = 20_000
    columns: int = 200
    text: int = 5_000


DEFAULT_LIMITS = Limits()


class TableError(Invalid):
    """A file that cannot be taken, with the cell at fault where one is."""

    def __init__(self, what: Any, *, sheet: str = "", row: int | None = None, column: str = "") -> None:
        self.what, self.sheet, self.row, self.column = what, sheet, row, column
        super().__init__(_placed(what, sheet, row, column), FIELD)


@dataclass(frozen=True, slots=True)
class Row:
    """One row as the file numbers it; empty cells are None, empty cells at its end are left off."""

    number: int
    cells: tuple[Value, ...]

    def cell(self, index: int) -> Value:
        """The value in the column `index`, None beyond the row's end."""
        return self.cells[index] if index < len(self.cells) else None


def read_xlsx(content: bytes, limits: Limits = DEFAULT_LIMITS) -> dict[str, tuple[Row, ...]]:
    """The sheets of a workbook by name, each with its rows that hold something.

    Numbers are Decimals as written. Raises TableError for what is no workbook, is too large, or holds a formula, an
    error value, or a number that is none.
    """
    _check_size(content, limits)
    try:
        _check_unpacked(content, limits)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what it leaves out (styles, validation) is nothing we read
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
            return {sheet.title: tuple(_rows(sheet, limits)) for sheet in book.worksheets}
    except BROKEN as error:
        raise TableError(_l("The file is not a workbook that can be read. Save it as .xlsx and try again.")) from error


def read_csv(content: bytes, limits: Limits = DEFAULT_LIMITS, *, separators: str = ",;\t") -> tuple[Row, ...]:
    """The lines of a CSV file in UTF-8, numbered as in the file, without the empty ones.

    The separator is the one of `separators` that the first line holds most of. Raises TableError.
    """
    _check_size(content, limits)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise TableError(_l("This is not text in UTF-8. Save the file as CSV UTF-8."), row=line) from error
    if "\x00" in text:
        raise TableError(_l("This is not a text file. Save the table as CSV UTF-8."))
    head = text.lstrip("\r\n").partition("\n")[0]
    reader = csv.reader(io.StringIO(text), delimiter=max(separators, key=head.count), strict=True)
    found = []
    try:
        for written in reader:
            cells = tuple(cell.strip() or None for cell in written)
            if any(cells):
                found.append(Row(reader.line_num, _checked(cells, reader.line_num, "", limits)))
    except csv.Error as error:
        raise TableError(_l("This line is broken: check its quotation marks."), row=reader.line_num) from error
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet to be written. `choices` offers the values of a column, by its heading; `widths` are in characters."""

    name: str
    heading: Sequence[str]
    rows: Sequence[Sequence[Value]]
    choices: dict[str, Sequence[str]] = field(default_factory=dict)
    widths: Sequence[int] = ()


def write_xlsx(sheets: Sequence[Sheet]) -> bytes:
    """A workbook. Texts stay texts whatever they begin with; a number too fine for a cell is written as text."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(
        target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    bold = book.add_format({"bold": True, "bottom": 1, "valign": "top"})
    for sheet in sheets:
        page = book.add_worksheet(sheet.name)
        page.freeze_panes(1, 1)
        for column, name in enumerate(sheet.heading):
            page.write_string(0, column, name, bold)
            width = sheet.widths[column] if column < len(sheet.widths) else max(10, len(name) + 2)
            page.set_column(column, column, width)
            if name in sheet.choices:
                page.data_validation(1, column, 500, column, {"validate": "list", "source": list(sheet.choices[name])})
        for number, row in enumerate(sheet.rows, start=1):
            for column, value in enumerate(row):
                _write(page, number, column, value)
    book.close()
    return target.getvalue()


def column_name(index: int) -> str:
    """The letters a spreadsheet shows over the column `index`, counted from 0: A, B, … AA."""
    return str(get_column_letter(index + 1))


def _write(page: Any, row: int, column: int, value: Value) -> None:
    if isinstance(value, bool):
        page.write_string(row, column, "yes" if value else "no")
    elif isinstance(value, Decimal):
        if len(value.as_tuple().digits) <= EXACT_DIGITS:
            page.write_number(row, column, float(value))  # exact in both directions at that many digits
        else:
            page.write_string(row, column, format(value, "f"))
    elif value is not None:
        page.write_string(row, column, str(value))


def _placed(what: Any, sheet: str, row: int | None, column: str) -> Any:
    if sheet and row and column:
        return _l("Sheet “%(sheet)s”, row %(row)s, column “%(column)s”: %(what)s", sheet=sheet, row=row, column=column, what=what)  # fmt: skip  # noqa: E501
    if sheet and row:
        return _l("Sheet “%(sheet)s”, row %(row)s: %(what)s", sheet=sheet, row=row, what=what)
    if sheet:
        return _l("Sheet “%(sheet)s”: %(what)s", sheet=sheet, what=what)
    if row and column:
        return _l("Line %(line)s, column “%(column)s”: %(what)s", line=row, column=column, what=what)
    return _l("Line %(line)s: %(what)s", line=row, what=what) if row else what


def _check_size(content: bytes, limits: Limits) -> None:
    if len(content) > limits.file_bytes:
        raise TableError(_l("The file is larger than %(most)s MB.", most=limits.file_bytes // MEBIBYTE))


def _check_unpacked(content: bytes, limits: Limits) -> None:
    """Unpack everything once, counting, and keep nothing: a small file can hold an endless one."""
    left = limits.unpacked_bytes
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = archive.infolist()
        if len(members) > limits.members or len({member.filename for member in members}) < len(members):
            raise zipfile.BadZipFile("too many members, or two of one name")
        for member in members:
            with archive.open(member) as stream:
                while chunk := stream.read(64 * 1024):
                    left -= len(chunk)
                    if left < 0:
                        most = limits.unpacked_bytes // MEBIBYTE
                        raise TableError(_l("Unpacked, the workbook is larger than %(most)s MB.", most=most))


def _rows(sheet: Any, limits: Limits) -> Iterator[Row]:
    sheet.reset_dimensions()  # what the file says of its size is not believed
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        if number > limits.rows:
            raise TableError(_l("There are more than %(most)s rows.", most=limits.rows), sheet=sheet.title)
        values = [_value(cell, sheet.title, number, index) for index, cell in enumerate(cells)]
        while values and values[-1] is None:
            values.pop()
        if values:
            yield Row(number, _checked(tuple(values), number, sheet.title, limits))


def _value(cell: Any, sheet: str, row: int, index: int) -> Value:
    value = cell.value
    if value is None:
        return None
    if cell.data_type == "f":
        what = _l("This is a formula. Copy the column and paste its values instead.")
        raise TableError(what, sheet=sheet, row=row, column=column_name(index))
    if cell.data_type == "e" or (isinstance(value, float) and not isfinite(value)):
        what = _l("“%(value)s” is no number.", value=value)
        raise TableError(what, sheet=sheet, row=row, column=column_name(index))
    if isinstance(value, (bool, datetime, date, time)):
        return value
    if isinstance(value, (int, float)):
        return Decimal(repr(value))
    if isinstance(value, timedelta):
        return str(value)
    return str(value).strip() or None


def _checked(cells: tuple[Value, ...], row: int, sheet: str, limits: Limits) -> tuple[Value, ...]:
    if len(cells) > limits.columns:
        raise TableError(_l("There are more than %(most)s columns.", most=limits.columns), sheet=sheet, row=row)
    for index, value in enumerate(cells):
        if isinstance(value, str) and len(value) > limits.text:
            what = _l("The text is longer than %(most)s characters.", most=limits.text)
            raise TableError(what, sheet=sheet, row=row, column=column_name(index))
    return cells
