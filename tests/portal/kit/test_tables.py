"""Tables in files: what is written comes back, and a hostile file is refused with its cell named."""

import io
import tracemalloc
import zipfile
from decimal import Decimal

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from portal.kit.tables import Limits, Row, Sheet, TableError, column_name, read_csv, read_xlsx, write_xlsx

texts = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=30)
numbers = st.decimals(0, 10**12, places=3, allow_nan=False, allow_infinity=False)


def book(*cells, sheet="Prices"):
    """A workbook as another program writes it, from (row, column, method, value)."""
    target = io.BytesIO()
    written = xlsxwriter.Workbook(target, {"in_memory": True, "nan_inf_to_errors": True})
    page = written.add_worksheet(sheet)
    for row, column, method, value in cells:
        getattr(page, f"write_{method}")(row, column, value)
    written.close()
    return target.getvalue()


def with_part(content, name, text):
    """The workbook with one of its parts replaced or added."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            if member != name:
                new.writestr(member, old.read(member))
        new.writestr(name, text)
    return target.getvalue()


def refused(content, **limits):
    with pytest.raises(TableError) as caught:
        read_xlsx(content, Limits(**limits))
    error = caught.value
    assert error.field == "file"
    return error.sheet, error.row, error.column


class TestWorkbooks:
    @given(st.lists(st.lists(texts | numbers, min_size=1, max_size=4), min_size=1, max_size=5))
    def test_what_is_written_is_read_back(self, rows):
        found = read_xlsx(write_xlsx([Sheet("A", ["head"], rows)]))["A"]
        assert found[0] == Row(1, ("head",))
        for written, row in zip(rows, found[1:], strict=True):
            read = zip(written, row.cells, strict=True)
            assert [Decimal(cell) if isinstance(value, Decimal) else cell for value, cell in read] == written

    @pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x")', "http://x.test", "1e5"])
    def test_a_text_stays_a_text_whatever_it_begins_with(self, text):
        content = write_xlsx([Sheet("A", ["head"], [[text]])])
        assert read_xlsx(content)["A"][1].cells == (text,)
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")

    def test_a_formula_is_refused_with_its_cell_and_never_evaluated(self):
        assert refused(book((0, 0, "string", "rate"), (4, 2, "formula", "=1+1"))) == ("Prices", 5, "C")

    def test_an_error_value_or_an_endless_number_is_refused_with_its_cell(self):
        assert refused(book((1, 1, "number", float("nan")))) == ("Prices", 2, "B")
        plain = book((0, 0, "number", 7))
        with zipfile.ZipFile(io.BytesIO(plain)) as archive:
            sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        huge = with_part(plain, "xl/worksheets/sheet1.xml", sheet.replace("<v>7</v>", "<v>1e999</v>"))
        assert refused(huge) == ("Prices", 1, "A")

    @pytest.mark.parametrize(
        "content",
        [b"", b"date,rate\n1,2", b"PK\x03\x04 broken", write_xlsx([Sheet("A", ["x"], [])])[:-60]],
        ids=["empty", "text", "broken", "cut off"],
    )
    def test_what_is_no_workbook_is_refused(self, content):
        assert refused(content) == ("", None, "")

    def test_a_file_is_counted_before_it_is_opened(self):
        assert refused(b"PK" + bytes(2000), file_bytes=1000) == ("", None, "")

    def test_a_small_file_that_unpacks_to_much_is_refused_without_holding_it(self):
        bomb = with_part(book((0, 0, "number", 1)), "xl/media/picture.bin", bytes(80 * 2**20))
        assert len(bomb) < 200_000
        tracemalloc.start()
        try:
            assert refused(bomb) == ("", None, "")
            assert tracemalloc.get_traced_memory()[1] < 8 * 2**20
        finally:
            tracemalloc.stop()

    def test_a_part_that_lies_about_its_size_is_refused(self):
        honest = with_part(book((0, 0, "number", 1)), "xl/media/picture.bin", b"x" * 1000)
        lying = honest.replace((1000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
        assert lying != honest
        assert refused(lying) == ("", None, "")

    def test_a_cell_far_out_costs_nothing(self):
        far = book((0, 0, "number", 1), (1_048_575, 16_383, "number", 2))
        assert len(far) < 10_000
        assert refused(far) == ("Prices", None, "")
        assert refused(book((0, 16_383, "number", 2))) == ("Prices", 1, "")

    def test_entities_in_its_xml_are_refused(self):
        plain = book((0, 0, "string", "a"))
        bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><sst>&b;</sst>'
        assert refused(with_part(plain, "xl/sharedStrings.xml", bomb)) == ("", None, "")

    def test_a_text_longer_than_anybody_needs_is_refused(self):
        assert refused(book((2, 0, "string", "x" * 600)), text=500) == ("Prices", 3, "A")


class TestCsv:
    @pytest.mark.parametrize(
        ("content", "rows"),
        [
            ("a,b\n\n1,\n", (Row(1, ("a", "b")), Row(3, ("1", None)))),
            ("\ufeffa;b\r\n1,5;2\r\n", (Row(1, ("a", "b")), Row(2, ("1,5", "2")))),
            ('a\tb\n"x\ny"\tz\n', (Row(1, ("a", "b")), Row(3, ("x\ny", "z")))),
        ],
    )
    def test_lines_keep_their_numbers(self, content, rows):
        assert read_csv(content.encode()) == rows

    @pytest.mark.parametrize(
        ("content", "row"), [(b"a,b\n1,\xff\n", 2), (b'a\n"x"y\n', 2), (b"a\x00b", None), (b"x" * 200, None)]
    )
    def test_what_cannot_be_read_names_its_line(self, content, row):
        with pytest.raises(TableError) as caught:
            read_csv(content, Limits(file_bytes=100))
        assert caught.value.row == row


def test_columns_have_the_letters_of_spreadsheets():
    assert [column_name(index) for index in (0, 25, 26)] == ["A", "Z", "AA"]
