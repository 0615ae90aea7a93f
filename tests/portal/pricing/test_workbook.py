"""A rate card as a workbook: the same card again, or the cell at fault."""

from decimal import Decimal

import pytest
from hypothesis import given

from portal.kit.tables import Row, Sheet, TableError, read_xlsx, write_xlsx
from portal.pricing.documents import rate_card_from_document, to_document
from portal.pricing.fees import waive_the_rest
from portal.pricing.values import RateCard
from portal.pricing.workbook import document_from_workbook, to_workbook
from tests.factories.pricing import FULL_CARD
from tests.portal.pricing.test_properties import cards


def read(content):
    return rate_card_from_document(document_from_workbook(content))


def sheets_of(content):
    return {name: [list(row.cells) for row in rows] for name, rows in read_xlsx(content).items()}


def rewritten(sheets):
    return write_xlsx([Sheet(name, rows[0], rows[1:]) for name, rows in sheets.items()])


def changed(sheet, heading, row, value):
    """The workbook of the full card with one cell changed; the row is counted as a spreadsheet does."""
    sheets = sheets_of(to_workbook(rate_card_from_document(FULL_CARD)))
    column = sheets[sheet][0].index(heading)
    line = sheets[sheet][row - 1]
    line += [None] * (column + 1 - len(line))
    line[column] = value
    return rewritten(sheets)


@given(cards())
def test_any_card_comes_back_the_same_from_workbook_and_document(card):
    card = waive_the_rest(card)
    assert rate_card_from_document(to_document(card)) == card
    assert read(to_workbook(card)) == card


def test_a_card_that_uses_everything_comes_back_the_same():
    card = rate_card_from_document(FULL_CARD)
    assert read(to_workbook(card)) == card


def test_the_template_is_an_empty_card_with_every_fee_open():
    template = to_workbook(RateCard(currency="GBP"))
    assert read(template) == RateCard(currency="GBP")
    assert [row.cell(1) for row in read_xlsx(template)["Fees"][1:]] == [None] * 26


@pytest.mark.parametrize(
    ("sheet", "heading", "row", "value"),
    [
        ("Operating", "rate", 2, Decimal(-1)),
        ("Operating", "rate", 2, "NaN"),
        ("Operating", "rate", 2, Decimal("1e17")),
        ("Operating", "rate", 2, "about ten"),
        ("Operating", "unit", 2, "hours"),
        ("Operating", "indexed", 2, "perhaps"),
        ("Operating", "of lines", 4, "NIGHT"),
        ("Operating", "of lines", 4, "NOBODY"),
        ("Operating", "code", 5, "HOUR"),
        ("Bands", "up to", 3, Decimal(1)),
        ("Bands", "line", 2, "NOBODY"),
        ("One-time", "month", 2, Decimal("1.5")),
        ("Extra", "probability", 2, Decimal(2)),
        ("Credits", "weight", 2, Decimal(3)),
        ("Card", "value", 2, "GBX"),
        ("Fees", "answer", 3, "not charged"),
    ],
)
def test_a_cell_that_cannot_be_taken_is_named(sheet, heading, row, value):
    content = changed(sheet, heading, row, value)
    with pytest.raises(TableError) as caught:
        document_from_workbook(content)
    wanted = {"Card": "currency", "Fees": "fee"}.get(sheet, heading)
    assert (caught.value.sheet, caught.value.row, caught.value.column) == (sheet, row, wanted)
    assert str(row) in str(caught.value) and sheet in str(caught.value)


@pytest.mark.parametrize(
    ("sheets", "place"),
    [
        ({"Sheet1": [["code"]]}, ("Sheet1", None, "")),
        ({"Card": [["setting", "value"]]}, ("", None, "")),
        ({"Operating": [["code", "price"]]}, ("Operating", 1, "B")),
        ({"Operating": [["code", "code"]]}, ("Operating", 1, "B")),
        ({"Operating": [["code"], ["A", "B"]]}, ("Operating", 2, "B")),
        ({"Operating": [["code"]], "Card": [["setting", "value"], ["colour", "red"]]}, ("Card", 2, "A")),
    ],
)
def test_a_sheet_that_does_not_fit_is_named(sheets, place):
    with pytest.raises(TableError) as caught:
        document_from_workbook(rewritten(sheets))
    assert (caught.value.sheet, caught.value.row, caught.value.column) == place


def test_rows_are_told_by_their_number_in_the_file():
    assert read_xlsx(to_workbook(rate_card_from_document(FULL_CARD)))["Card"][1] == Row(2, ("currency", "GBP"))
