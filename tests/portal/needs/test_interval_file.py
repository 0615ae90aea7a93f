"""Reading interval files: shapes that are understood, cells that are refused by line and column."""

import re
import time
from decimal import Decimal

import pytest

from portal.kit.errors import Invalid
from portal.needs import interval_table
from portal.needs.interval_file import read_intervals
from tests.portal.needs.interval_files import interval_file

ZONE = "Europe/London"


def month_of(heading: str, *, separator: str = ",", stamp: str = "{d} {t}", count: str = "10") -> bytes:
    """Every hour from 08 to 17 of March 2026 with the same count."""
    lines = [heading]
    for day in range(1, 32):
        for hour in range(8, 18):
            lines.append(stamp.format(d=f"2026-03-{day:02d}", t=f"{hour:02d}:00", s=separator) + f"{separator}{count}")
    return "\n".join(lines).encode()


class TestShapes:
    @pytest.mark.parametrize(
        ("heading", "separator", "stamp"),
        [
            ("datetime,calls", ",", "{d} {t}"),
            ("Date Time;Count", ";", "{d} {t}"),
            ("timestamp\tcontacts", "\t", "{d}T{t}:00"),
            ("Date,Time,Volume", ",", "{d}{s}{t}"),
            ("日期,時間,進線量", ",", "{d}{s}{t}"),
            ("日期|时间|呼入量", "|", "{d}{s}{t}"),
            ("日期時間,來電數", ",", "{d} {t}"),
        ],
    )
    def test_columns_are_found_by_their_names(self, heading: str, separator: str, stamp: str) -> None:
        found = read_intervals(month_of(heading, separator=separator, stamp=stamp), ZONE)
        assert (found.rows, found.interval_minutes, found.total) == (310, 60, Decimal(3100))
        assert found.monthly == (Decimal("3100.00"),)

    def test_a_byte_order_mark_and_windows_line_ends_are_taken(self) -> None:
        content = b"\xef\xbb\xbf" + month_of("datetime,calls").replace(b"\n", b"\r\n")
        assert read_intervals(content, ZONE).rows == 310

    def test_decimals_are_counts_too(self) -> None:
        assert read_intervals(month_of("datetime,calls", count="1.25"), ZONE).total == Decimal("387.50")
        found = read_intervals(month_of("datetime;calls", separator=";", count="1,25"), ZONE)
        assert found.total == Decimal("387.50")

    def test_other_columns_are_ignored(self) -> None:
        found = read_intervals(interval_file(first="2026-03-01", days=31, minutes=30), ZONE)
        assert found.columns.moment == ("DateTime",) and found.columns.count == "Calls"
        assert found.interval_minutes == 30

    @pytest.mark.parametrize(
        ("stamp", "month"),
        [
            ("{:02d}.03.2026 08:00", "2026-03"),
            ("{:02d}/03/2026 08:00", "2026-03"),
            ("03/{:02d}/2026 8:00 AM", "2026-03"),
            ("2026/3/{} 08:00", "2026-03"),
            ("2026年3月{}日 8:00", "2026-03"),
        ],
    )
    def test_dates_as_people_write_them(self, stamp: str, month: str) -> None:
        lines = ["datetime,calls", *(f"{stamp.format(day)},5" for day in range(1, 32))]
        found = read_intervals("\n".join(lines).encode(), ZONE)
        assert [one.month for one in found.months] == [month]
        assert found.first.hour == 8

    def test_offsets_are_moved_to_the_zone(self) -> None:
        found = read_intervals(interval_file(first="2026-07-01", days=31, minutes=60, zulu=True), ZONE)
        assert found.has_offsets and found.first.hour == 8  # 07:00 UTC is 08:00 in summer

    def test_the_hour_that_comes_twice_is_not_a_double(self) -> None:
        lines = ["datetime,calls"]
        lines += [f"2026-10-{day:02d} {hour:02d}:00,1" for day in range(1, 32) for hour in range(24)]
        at = lines.index("2026-10-25 01:00,1")
        lines.insert(at + 1, "2026-10-25 01:00,1")
        found = read_intervals("\n".join(lines).encode(), ZONE)
        assert found.total == Decimal(31 * 24 + 1)


class TestMonths:
    def test_partial_months_are_named_and_left_out(self) -> None:
        found = read_intervals(interval_file(first="2026-02-10", days=80, minutes=30), ZONE)
        assert [(one.month, one.is_full) for one in found.months] == [
            ("2026-02", False),
            ("2026-03", True),
            ("2026-04", True),
        ]
        march, april = found.months[1].contacts, found.months[2].contacts
        assert found.monthly[2:4] == (march, april)
        assert set(found.monthly[:2] + found.monthly[4:]) == {(march + april) / 2}

    def test_closed_weekdays_at_the_edge_do_not_make_a_month_partial(self) -> None:
        # 1 March 2026 is a Sunday, on which this file never has lines.
        found = read_intervals(interval_file(first="2026-03-02", days=30, minutes=60), ZONE)
        assert [one.is_full for one in found.months] == [True]

    def test_a_whole_year_keeps_its_seasons(self) -> None:
        found = read_intervals(interval_file(first="2025-01-01", days=365, minutes=60), ZONE)
        assert len(found.monthly) == 12
        assert sum(found.monthly) == found.total

    def test_less_than_a_month_is_refused(self) -> None:
        with pytest.raises(Invalid, match="no whole calendar month"):
            read_intervals(interval_file(first="2026-03-04", days=10, minutes=60), ZONE)


BAD = [
    (b"", "file", "is empty"),
    (b"when,how many\n", "moment", "no column of times"),
    (b"calls\n1\n2\n", "moment", "no column of times"),
    (b"datetime,agents on\n2026-03-01 08:00,x\n", "count", "no column of counts"),
    (b"datetime,calls,contacts\n2026-03-01 08:00,1,1\n", "count", "Several columns could be meant"),
    (b"2026-03-01 08:00,12\n2026-03-01 08:30,9\n", "file", "Line 1, column .2026-03-01 08:00.: .* not a heading"),
    (b"datetime,calls\n2026-03-01 08:00,1\n", "file", "fewer than two lines"),
    (b"datetime,calls\n2026-03-01 08:00,1\n2026-03-01 08:00,2\n", "doubles", "Line 3, column .datetime.: .* twice"),
    (b"datetime,calls\n2026-03-01 08:00,-1\n2026-03-01 09:00,2\n", "file", "Line 2, column .calls.: .* negative"),
    (b"datetime,calls\n2026-03-01 08:00,1\n2026-02-30 08:00,2\n", "file", "Line 3, column .datetime.: .* not a date"),
    (b"datetime,calls\n2026-03-01 08:00,1\nyesterday,2\n", "file", "Line 3, column .datetime.: .* not a date"),
    (b"datetime,calls\n2026-03-01 08:00,NaN\n2026-03-01 09:00,2\n", "file", "Line 2, column .calls.: .* not a count"),
    (b"datetime,calls\n2026-03-01 08:00,=1+1\n2026-03-01 09:00,2\n", "file", "Line 2, column .calls.: .* not a count"),
    (b"datetime,calls\n2026-03-01 08:00,1e9\n2026-03-01 09:00,2\n", "file", "not a count"),
    (b"datetime,calls\n2026-03-01 08:00,\n2026-03-01 09:00,2\n", "file", "Line 2, column .calls.: the cell is empty"),
    (b'datetime,calls\n2026-03-01 08:00,"1,234"\n2026-03-01 09:00,2\n', "file", "not a count"),
    (b"datetime;calls\n2026-03-01 08:00;1,234\n2026-03-01 09:00;2\n", "file", "not a count"),
    (b"datetime,calls\n2026-03-01 08:00,9999999999\n2026-03-01 09:00,2\n", "file", "too large"),
    (b"datetime,calls\n2026-03-01 08:00,1,7\n2026-03-01 09:00,2\n", "file", "Line 2 has 3 columns"),
    (b"datetime,calls\n03/04/2026 08:00,1\n03/05/2026 08:00,2\n", "order", "03/04/2026. could be two different days"),
    (b"datetime,calls\n13/03/2026 08:00,1\n03/14/2026 08:00,2\n", "moment", "Line 3, .* another way"),
    (b"datetime,calls\n13/03/2026 08:00,1\n2026-03-14 08:00,2\n", "moment", "Line 3, .* another way"),
    (b"datetime,calls\n2026-03-01T08:00Z,1\n2026-03-01T09:00,2\n", "file", "Line 3, .* far it is from UTC"),
    (b"datetime,calls\n2026-03-01 25:00,1\n2026-03-01 09:00,2\n", "file", "not a date"),
    ("日期時間,來電數\n2026-03-01 08:00,1\n".encode() + b"\xff,2\n", "encoding", "Line 3 is not in UTF-8"),
    (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "file", "not a text file"),
    (b"PK\x03\x04\x00\x00", "file", "not a workbook"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "file", "old Excel file"),
]


@pytest.mark.parametrize(("content", "field", "sentence"), BAD)
def test_what_cannot_be_read_is_refused_by_line_and_column(content: bytes, field: str, sentence: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_intervals(content, ZONE)
    assert re.search(sentence, str(refused.value)), str(refused.value)
    assert refused.value.field == field


def test_more_lines_than_can_be_read_are_refused_with_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interval_table, "MAX_ROWS", 300)
    with pytest.raises(Invalid, match="more than 300 lines: upload fewer years"):
        read_intervals(month_of("datetime,calls"), ZONE)


def test_a_years_five_minute_intervals_are_read_quickly() -> None:
    content = interval_file(first="2025-03-03", days=236, minutes=5, zulu=True)
    began = time.perf_counter()
    found = read_intervals(content, ZONE)
    assert found.rows > 28_000
    assert time.perf_counter() - began < 2
