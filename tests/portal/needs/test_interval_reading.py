"""How a file is recognised, what is asked instead of guessed, and workbooks."""

import io
from datetime import datetime, time
from typing import Any

import openpyxl
import pytest

from portal.kit.errors import Invalid
from portal.needs import interval_table
from portal.needs.interval_look import Look, look_at
from portal.needs.interval_reading import ALL, Choice
from tests.portal.needs.interval_files import interval_file

ZONE = "Europe/London"
MARCH = [(f"2026-03-{day:02d}", f"{hour:02d}:00") for day in range(1, 32) for hour in range(8, 18)]


def look(text: str | bytes, said: Choice = Choice(), channel: str = "phone") -> Look:
    return look_at(text.encode() if isinstance(text, str) else text, ZONE, said, channel)


def march(heading: str, line: str = "{d} {t},10") -> str:
    return "\n".join([heading, *(line.format(d=day, t=clock) for day, clock in MARCH)])


def workbook(*sheets: tuple[str, list[list[Any]]]) -> bytes:
    book, target = openpyxl.Workbook(), io.BytesIO()
    book.remove(book.active)
    for name, rows in sheets:
        page = book.create_sheet(name)
        for row in rows:
            page.append(row)
    book.save(target)
    return target.getvalue()


def march_rows() -> list[list[Any]]:
    rows: list[list[Any]] = [["Date", "Time", "Calls", "AHT"]]
    for day, clock in MARCH:
        rows.append([datetime.fromisoformat(day), time.fromisoformat(clock), 10, 240])
    return rows


class TestEncodings:
    @pytest.mark.parametrize(
        ("heading", "codec", "name"),
        [
            ("datetime,calls", "ascii", "utf-8"),
            ("日期時間,來電數", "utf-8", "utf-8"),
            ("日期時間,來電數", "utf-8-sig", "utf-8"),
            ("日期時間,來電數", "utf-16", "utf-16"),
            ("日期時間,來電數", "utf-16-le", "utf-16-le"),
            ("日期時間,來電數", "utf-16-be", "utf-16-be"),
            ("日期時間,來電數", "big5", "big5"),
            ("日期時間,進線量", "big5", "big5"),
            ("日期时间,来电数", "gb18030", "gb18030"),
            ("日期时间,话务量", "gbk", "gb18030"),
            ("Début,Appels reçus", "cp1252", "latin-1"),
        ],
    )
    def test_are_recognised_and_shown(self, heading: str, codec: str, name: str) -> None:
        found = look(march(heading).encode(codec))
        assert (found.reading.choice.encoding, found.problems) == (name, {})
        assert found.table.heading == tuple(heading.split(","))

    def test_a_wrong_one_is_told_with_its_line(self) -> None:
        content = march("datetime,calls").replace("2026-03-01 09", "2026–03–01 09").encode("cp1252")
        with pytest.raises(Invalid, match="Line 3 is not in UTF-8") as refused:
            look(content, Choice(encoding="utf-8"))
        assert refused.value.field == "encoding"


class TestColumns:
    @pytest.mark.parametrize(
        ("heading", "line"),
        [
            ("Datum;Uhrzeit;Anrufe", "{d};{t};10"),
            ("Date,Interval,Calls Offered", "{d},{t} - {t},10"),
            ("Fecha\tHora\tLlamadas", "{d}\t{t}\t10"),
            ("日付,時刻,着信数", "{d},{t},10"),
            ("when,n", "{d} {t},10"),
        ],
    )
    def test_are_found_in_several_languages_or_by_what_is_in_them(self, heading: str, line: str) -> None:
        found = look(march(heading, line))
        assert found.problems == {} and found.findings is not None and found.findings.total == 3100

    def test_what_was_recognised_can_be_corrected(self) -> None:
        text = march("datetime,calls,contacts", "{d} {t},10,7")
        assert set(look(text).problems) == {"count"}
        found = look(text, Choice(count="2"))
        assert found.findings is not None and found.findings.total == 2170 and found.is_ready

    def test_day_or_month_first_is_asked_where_it_cannot_be_known(self) -> None:
        lines = [f"0{1 + n % 2}/{m:02d}/2026 08:00,5" for n in range(2) for m in range(1, 13)]
        text = "\n".join(["datetime,calls", *lines])
        found = look(text)
        assert set(found.problems) == {"order"} and found.preview[0].moment is None
        day_first, month_first = (look(text, Choice(order=one)).preview[1] for one in ("day_first", "month_first"))
        assert day_first.moment and month_first.moment
        assert (day_first.moment.month, month_first.moment.month) == (2, 1)

    def test_times_are_of_the_zone_that_is_chosen_whatever_their_offset_says(self) -> None:
        content = interval_file(first="2026-07-01", days=31, minutes=60, zulu=True)
        assert look(content).preview[0].moment.hour == 8  # type: ignore[union-attr]
        found = look(content, Choice(zone=ZONE))
        assert found.findings is not None and found.findings.first.hour == 7

    def test_queues_are_chosen_or_added_up(self) -> None:
        rows = [f"{day} {clock},{queue},{n}" for day, clock in MARCH for queue, n in (("Billing", 4), ("Voice", 6))]
        text = "\n".join(["datetime,queue,calls", *rows])
        totals = {}
        for only in (ALL, "Billing", ""):
            found = look(text, Choice(only=only))  # "Voice" is what the phone channel is called
            assert found.findings is not None
            totals[only] = (found.findings.total, found.reading.choice.only)
        assert totals == {ALL: (3100, ALL), "Billing": (1240, "Billing"), "": (1860, "Voice")}
        assert set(look(text.replace("Voice", "Sales")).problems) == {"only"}

    def test_handle_times_are_weighed_by_contacts(self) -> None:
        rows = [f"{day} {clock},{n},{aht}" for day, clock in MARCH for n, aht in ((9, "4:00"),)]
        rows[0] = rows[0].replace("9,4:00", "9000,100")
        found = look("\n".join(["datetime,calls,AHT (s)", *rows]))
        assert found.findings is not None
        assert found.findings.aht_s == round((9000 * 100 + 9 * 309 * 240) / (9000 + 9 * 309))

    def test_doubles_are_asked_for_named_and_then_added_up_or_left_out(self) -> None:
        text = march("datetime,calls") + "\n2026-03-31 17:00,5"
        assert set(look(text).problems) == {"doubles"}
        for rule, total in (("sum", 3105), ("first", 3100)):
            found = look(text, Choice(doubles=rule))
            assert found.findings is not None and found.findings.total == total
            assert found.as_document("x")["doubles"] == {"all": 1, "some": [[312, "2026-03-31 17:00"]]}

    def test_what_is_odd_is_kept_with_it(self) -> None:
        lines = interval_file(first="2026-03-01", days=31, minutes=15).decode().splitlines()
        gone = ("2026-03-11", "2026-03-05 10:15", "2026-03-06 20:")
        found = look("\n".join(line for line in lines if not any(one in line for one in gone)))
        odd = found.as_document("x")["odd"]
        assert odd["missing"]["some"] == ["2026-03-11"]
        assert odd["holes"] == {"all": 1, "some": [["2026-03-05T10:15:00+00:00", 15]]}
        assert odd["partial_days"]["some"] == [["2026-03-06", 420, 1185, 420, 1245]]
        whole = look(march("datetime,calls")).as_document("x")
        assert whole["odd"]["clock_changes"]["some"] == [["2026-03-29", 23.0]]
        assert len(whole["patterns"]["profiles"]) == 7 and whole["patterns"]["months"][2] == 1


class TestWorkbooks:
    def test_cells_with_types_are_read_as_they_are(self) -> None:
        found = look(workbook(("Calls", march_rows())))
        assert found.problems == {} and found.findings is not None
        assert (found.findings.total, found.findings.aht_s, found.findings.columns.moment) == (
            3100, 240, ("Date", "Time"),
        )  # fmt: skip

    def test_of_two_sheets_one_is_chosen(self) -> None:
        content = workbook(("Notes", [["ours"], ["x"]]), ("Calls", march_rows()))
        found = look(content)
        assert set(found.problems) == {"sheet"} and found.table.sheets == ("Notes", "Calls")
        assert look(content, Choice(sheet="Calls")).is_ready

    def test_formulas_and_dates_that_only_partly_were_understood_are_refused_by_cell(self) -> None:
        rows = march_rows()
        rows[4][2] = "=SUM(C2:C4)"
        with pytest.raises(Invalid, match="Sheet “Calls”, row 5, column “C”: This is a formula") as refused:
            look(workbook(("Calls", rows)))
        assert refused.value.field == "file"
        rows = march_rows()
        rows[7][0] = "13/03/2026"
        assert "Line 8, column “Date”" in str(look(workbook(("Calls", rows))).problems["moment"])

    def test_more_rows_than_can_be_read_are_refused_with_the_limit(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(interval_table, "_LIMITS", interval_table.Limits(rows=50))
        with pytest.raises(Invalid, match="more than 50 rows"):
            look(workbook(("More", march_rows())))

    def test_one_that_unpacks_without_end_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(interval_table, "_LIMITS", interval_table.Limits(unpacked_bytes=2000))
        with pytest.raises(Invalid, match="Unpacked, the workbook is larger"):
            look(workbook(("Bomb", march_rows())))
