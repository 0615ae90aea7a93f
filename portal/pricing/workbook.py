"""A rate card as a workbook (XLSX) and back: the same card, or an error that names sheet, row and column."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.kit.calculators import CalculationError
from portal.kit.fields import read_decimal
from portal.kit.tables import Limits, Row, Sheet, TableError, Value, column_name, read_xlsx, write_xlsx
from portal.pricing.documents import rate_card_from_document, to_document
from portal.pricing.fee_kinds import Fee
from portal.pricing.fees import priced_fees
from portal.pricing.values import RateCard
from portal.pricing.workbook_columns import (
    BANDS,
    CARD,
    COLUMNS,
    CREDITS,
    FEES,
    GROUPS,
    GUIDE,
    OPERATING,
    READ_ME,
    SETTINGS,
    Column,
    Kind,
)

LIMITS = Limits(rows=2_000, columns=60, text=2_000)
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NOT_CHARGED = "not charged"
_YES, _NO = ("yes", "true", "1", "是"), ("no", "false", "0", "否")

Place = tuple[str, int, str]
"""Sheet, row and column heading."""


def to_workbook(card: RateCard) -> bytes:
    """The card as a file to fill in and import again; an empty card gives the template."""
    document = to_document(card)
    lines = {sheet: document.get(key, []) for sheet, key in GROUPS.items()}
    lines[BANDS] = [
        {"line": line["code"], **tier} for line in document.get("operating", []) for tier in line.get("tiers", [])
    ]
    lines[CREDITS] = document.get("sla", {}).get("items", [])
    priced = priced_fees(card)
    lines[FEES] = [{"fee": fee.value, "answer": _answer(fee, card, priced)} for fee in Fee]
    settings = [[column.heading, _cell(column, document)] for column in SETTINGS]
    return write_xlsx(
        [
            Sheet(READ_ME, ["Rate card"], [[line] for line in GUIDE], widths=[110]),
            Sheet(CARD, ["setting", "value"], settings, widths=[26, 26]),
            *(_sheet(name, lines[name]) for name in COLUMNS),
        ]
    )


def document_from_workbook(content: bytes) -> dict[str, Any]:
    """The document of the card in a workbook, which `rate_card_from_document` takes.

    :raises TableError: naming sheet, row and column, for whatever cannot be taken
    """
    sheets = read_xlsx(content, LIMITS)
    _check_sheets(sheets)
    reader = _Reader()
    document = reader.settings(sheets.get(CARD, ()))
    for sheet, key in GROUPS.items():
        document[key] = reader.lines(sheet, sheets.get(sheet, ()), key)
    reader.bands(sheets.get(BANDS, ()), document["operating"])
    items = reader.lines(CREDITS, sheets.get(CREDITS, ()), "sla.items")
    if items or "sla" in document:
        document.setdefault("sla", {})["items"] = items
    document["waived"] = reader.waived(sheets.get(FEES, ()))
    if "currency" not in document:
        raise TableError(_l("Write the currency as its code, such as USD."), sheet=CARD, row=2, column="currency")
    try:
        rate_card_from_document(document, "")
    except CalculationError as refusal:
        sheet, row, column = reader.place_of(refusal.path)
        raise TableError(refusal.message, sheet=sheet, row=row, column=column) from refusal
    return document


def _answer(fee: Fee, card: RateCard, priced: Mapping[Fee, tuple[str, ...]]) -> str | None:
    if fee in card.waived:
        return NOT_CHARGED
    return _joined(priced[fee]) if fee in priced else None


def _sheet(name: str, lines: Sequence[Mapping[str, Any]]) -> Sheet:
    columns = COLUMNS[name]
    return Sheet(
        name,
        [column.heading for column in columns],
        [[_cell(column, line) for column in columns] for line in lines],
        choices={column.heading: column.choices for column in columns if column.choices},
    )


def _cell(column: Column, document: Mapping[str, Any]) -> Value:
    held: Any = document
    for step in column.path.split("."):
        held = held.get(step) if held else None
    if held is None:
        return None
    if column.kind in (Kind.LIST, Kind.NUMBERS):
        return _joined([str(one) for one in held])
    if column.kind is Kind.NUMBER:
        return Decimal(held)
    return bool(held) if column.kind is Kind.FLAG else str(held)


def _joined(values: Sequence[str]) -> str:
    """Values in one cell, separated by commas; a value that holds a comma stands in quotation marks."""
    target = io.StringIO()
    csv.writer(target, lineterminator="").writerow(values)
    return target.getvalue().replace(",", ", ") if not any("," in value for value in values) else target.getvalue()


def _check_sheets(sheets: Mapping[str, Any]) -> None:
    known = {READ_ME, CARD, *COLUMNS}
    for name in sheets:
        if name not in known:
            raise TableError(_l("This sheet does not belong to a rate card. Begin from the template."), sheet=name)
    if OPERATING not in sheets:
        raise TableError(_l("The sheet “%(sheet)s” is missing. Begin from the template.", sheet=OPERATING))


class _Reader:
    """Reads the sheets and remembers at which cell each part of the document stood."""

    def __init__(self) -> None:
        self._places: dict[str, Place] = {}

    def place_of(self, path: str) -> Place:
        """The cell of a path of the document, or of the nearest part of it that has one."""
        while path and path not in self._places:
            path = path.rpartition("[" if path.endswith("]") else ".")[0]
        return self._places.get(path, (CARD, 1, SETTINGS[0].heading))

    def settings(self, rows: Sequence[Row]) -> dict[str, Any]:
        """The sheet of settings as the outer parts of the document."""
        known, document = {column.heading: column for column in SETTINGS}, dict[str, Any]()
        for row in rows:
            name = str(row.cell(0) or "")
            if name == "setting":
                continue
            if name not in known:
                raise TableError(_l("“%(name)s” is no setting.", name=name), sheet=CARD, row=row.number, column="A")
            place = (CARD, row.number, name)
            self._put(document, known[name].path, _read(known[name], row.cell(1), place), place, "")
        return document

    def lines(self, sheet: str, rows: Sequence[Row], path: str) -> list[dict[str, Any]]:
        """One document for each row under the headings."""
        found: list[dict[str, Any]] = []
        for row, cells in self._under_headings(sheet, rows):
            inside, line = f"{path}[{len(found)}]", dict[str, Any]()
            self._places[inside] = (sheet, row.number, COLUMNS[sheet][0].heading)
            for column, value in cells:
                place = (sheet, row.number, column.heading)
                self._put(line, column.path, _read(column, value, place), place, inside)
            found.append(line)
        return found

    def bands(self, rows: Sequence[Row], operating: Sequence[dict[str, Any]]) -> None:
        """Hang the price bands under the operating lines they name."""
        by_code = {line.get("code"): (number, line) for number, line in enumerate(operating)}
        for position, band in enumerate(self.lines(BANDS, rows, "bands")):
            code = band.pop("line", None)
            if code not in by_code:
                sheet, row, column = self._places[f"bands[{position}]"]
                what = _l("“%(code)s” is not the code of an operating line.", code=code or "")
                raise TableError(what, sheet=sheet, row=row, column=column)
            number, line = by_code[code]
            tiers = line.setdefault("tiers", [])
            inside = f"operating[{number}].tiers[{len(tiers)}]"
            self._places[inside] = self._places[f"bands[{position}]"]
            for key in ("to", "rate"):
                self._places[f"{inside}.{key}"] = (BANDS, self._places[inside][1], "up to" if key == "to" else "rate")
            tiers.append(band)

    def waived(self, rows: Sequence[Row]) -> list[str]:
        """The fees whose answer is "not charged"."""
        found: list[str] = []
        for row, cells in self._under_headings(FEES, rows):
            values = {column.path: str(value) for column, value in cells if value is not None}
            if values.get("answer", "").casefold() == NOT_CHARGED:
                self._places[f"waived[{len(found)}]"] = (FEES, row.number, "fee")
                found.append(values.get("fee", ""))
        return found

    def _under_headings(self, sheet: str, rows: Sequence[Row]) -> list[tuple[Row, list[tuple[Column, Value]]]]:
        if not rows:
            return []
        known = {column.heading: column for column in COLUMNS[sheet]}
        heading = rows[0]
        places: dict[int, Column] = {}
        for index, name in enumerate(heading.cells):
            if name is None:
                continue
            if name not in known or known[str(name)] in places.values():
                what = _l("“%(name)s” is no column of this sheet, or stands here twice.", name=name)
                raise TableError(what, sheet=sheet, row=heading.number, column=column_name(index))
            places[index] = known[str(name)]
        for row in rows[1:]:
            for index, value in enumerate(row.cells):
                if value is not None and index not in places:
                    what = _l("This cell stands under no heading.")
                    raise TableError(what, sheet=sheet, row=row.number, column=column_name(index))
        return [(row, [(column, row.cell(index)) for index, column in places.items()]) for row in rows[1:]]

    def _put(self, document: dict[str, Any], path: str, value: Any, place: Place, inside: str) -> None:
        prefix = f"{inside}." if inside else ""
        self._places[prefix + path] = place
        *outer, last = path.split(".")
        if value is None:
            return
        for step in outer:
            document = document.setdefault(step, {})
            self._places.setdefault(prefix + step, place)
        document[last] = value


def _read(column: Column, value: Value, place: Place) -> Any:
    """What a cell says, as the document has it; None where it says nothing."""
    sheet, row, heading = place

    def wrong(what: Any) -> TableError:
        return TableError(what, sheet=sheet, row=row, column=heading)

    if value is None:
        return None
    if isinstance(value, (datetime, date)) or hasattr(value, "hour"):
        raise wrong(_l("This is a date. Format the column as text or number."))
    if column.kind is Kind.NUMBER:
        try:
            return read_decimal(value)
        except CalculationError as refusal:
            raise wrong(refusal.message) from refusal
    text = format(value, "f") if isinstance(value, Decimal) else str(value)
    if column.kind in (Kind.LIST, Kind.NUMBERS):
        return [one.strip() for one in next(csv.reader([text], skipinitialspace=True)) if one.strip()]
    if column.kind is Kind.FLAG:
        if text.casefold() not in _YES + _NO:
            raise wrong(_l("Write yes or no."))
        return text.casefold() in _YES
    return text
