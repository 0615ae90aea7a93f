"""Reading a file of contacts per interval: a table in text form with a time and a count on each line.

Pure: bytes and a zone in, findings out; a file with one bad cell is refused as a whole with its line and column.
Columns are known by their heading, in English or Chinese; the others are ignored. Times with an offset are moved to
the zone, times without one are taken as local there. A month counts as full when the file reaches from its first to
its last day; days without lines count as closed. The monthly volumes are those of the twelve calendar months where
the file covers each of them fully, else one average of the full months.
"""

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l

from portal.kit.errors import Invalid
from portal.kit.text import fold
from portal.needs.interval_cells import CellError, count_of, date_order, moment_of

FIELD = "file"
MAX_ROWS = 600_000
"""Five-minute intervals of more than five years."""
SEPARATORS = ",;\t|"
_CENT = Decimal("0.01")
_NOTHING, _DAY = timedelta(), timedelta(days=1)

_MOMENT = {
    "datetime", "dateandtime", "timestamp", "intervalstart", "starttime", "start", "interval", "日期時間", "日期时间",
    "時間戳", "时间戳", "時間戳記", "時段", "时段", "開始時間", "开始时间", "區間", "区间",
}  # fmt: skip
_DATE = {"date", "day", "calldate", "日期", "日"}
_TIME = {"time", "hour", "timeofday", "時間", "时间", "時刻", "时刻"}
_COUNT = {
    "calls", "callcount", "callsoffered", "count", "contacts", "volume", "offered", "emails", "chats", "tickets",
    "messages", "進線量", "进线量", "呼入量", "來電數", "来电数", "來電量", "来电量", "通話數", "通话数", "通話量",
    "话务量", "話務量", "數量", "数量", "服務量", "服务量", "聯絡量", "联络量", "件數", "件数", "信件數", "邮件数",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Columns:
    """The recognised headings as the file writes them: the time in one column, or a date and a time in two."""

    moment: tuple[str, ...]
    count: str


@dataclass(frozen=True, slots=True)
class MonthVolume:
    """The contacts of one calendar month ("2026-03"), on how many days there were any lines, and if it is full."""

    month: str
    contacts: Decimal
    days: int
    is_full: bool


@dataclass(frozen=True, slots=True)
class Findings:
    """What a file holds. `profile` has the mean contacts by weekday (0 Monday) and hour, of days with lines."""

    columns: Columns
    separator: str
    rows: int
    first: datetime
    last: datetime
    interval_minutes: int
    total: Decimal
    months: tuple[MonthVolume, ...]
    profile: tuple[tuple[Decimal, ...], ...]
    has_offsets: bool

    @property
    def full_months(self) -> tuple[MonthVolume, ...]:
        """The months the volumes are taken from."""
        return tuple(one for one in self.months if one.is_full)

    @property
    def monthly(self) -> tuple[Decimal, ...]:
        """Twelve volumes from January to December where each is covered, else one average, with two decimals."""
        by_month: dict[int, list[Decimal]] = defaultdict(list)
        for one in self.full_months:
            by_month[int(one.month[5:])].append(one.contacts)
        if len(by_month) == 12:
            return tuple(_mean(by_month[number]) for number in range(1, 13))
        return (_mean([one.contacts for one in self.full_months]),)

    @property
    def busiest_weekday(self) -> int:
        """The weekday with most contacts, 0 for Monday."""
        return max(range(7), key=lambda day: (sum(self.profile[day]), -day))

    def as_document(self) -> dict[str, Any]:
        """The findings as plain JSON, for storing beside the volumes."""
        return {
            "moment": list(self.columns.moment),
            "count": self.columns.count,
            "rows": self.rows,
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "interval_minutes": self.interval_minutes,
            "total": format(self.total, "f"),
            "months": [
                {"month": m.month, "contacts": format(m.contacts, "f"), "days": m.days, "is_full": m.is_full}
                for m in self.months
            ],
            "profile": [[format(value, "f") for value in day] for day in self.profile],
            "busiest_weekday": self.busiest_weekday,
        }


@dataclass(frozen=True, slots=True)
class IntervalCounts:
    """The lines of a file: contacts by the instant (UTC) that each interval begins at, and the zone of their days."""

    columns: Columns
    separator: str
    zone: ZoneInfo
    counts: dict[datetime, Decimal]
    has_offsets: bool

    @property
    def interval_minutes(self) -> int:
        """The commonest distance between two lines, in minutes, at least one."""
        return _interval(sorted(self.counts))


def read_intervals(content: bytes, zone: str) -> Findings:
    """Read a whole file and sum it up. Raises as `read_counts`, and for a file that covers no whole month."""
    return findings_of(read_counts(content, zone))


def read_counts(content: bytes, zone: str) -> IntervalCounts:
    """Read a whole file. Raises Invalid at the field `file` naming line and column, and then nothing was taken."""
    text = _decoded(content)
    separator = _separator(text)
    reader = csv.reader(io.StringIO(text), delimiter=separator)
    heading = [cell.strip() for cell in next(reader, [])]
    moment_at, count_at = _recognised(heading)
    columns = Columns(tuple(heading[index] for index in moment_at), heading[count_at])
    cells = list(_cells(reader, heading, (*moment_at, count_at)))
    place = ZoneInfo(zone)
    counts, has_offsets = _counts(cells, columns, place, separator)
    if len(counts) < 2:
        raise Invalid(_l("The file holds fewer than two lines of figures below its headings."), FIELD)
    return IntervalCounts(columns, separator, place, counts, has_offsets)


Cell = tuple[int, str, str]
"""Line, the time as text, the count as text."""


def _decoded(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        sentence = _l("Line %(line)s cannot be read: save the file as CSV in UTF-8 and upload it again.", line=line)
        raise Invalid(sentence, FIELD) from error
    if "\x00" in text:
        raise Invalid(_l("This is not a text file: save the table as CSV in UTF-8 and upload it again."), FIELD)
    return text


def _separator(text: str) -> str:
    heading = text.lstrip("\r\n").partition("\n")[0]
    return max(SEPARATORS, key=lambda mark: (heading.count(mark), -SEPARATORS.index(mark)))


def _recognised(heading: Sequence[str]) -> tuple[tuple[int, ...], int]:
    """Where the time and the count stand."""
    plain = ["".join(c for c in fold(cell) if c.isalnum()) for cell in heading]
    count = _one_of(heading, plain, _COUNT)
    moment, day, time = (_one_of(heading, plain, names) for names in (_MOMENT, _DATE, _TIME))
    if count is None:
        raise Invalid(
            _l("Line 1: no column of counts was found. Name it “calls”, “count”, “contacts” or “volume”."), FIELD
        )
    if moment is not None:
        return (moment,), count
    if day is not None and time is not None:
        return (day, time), count
    if day is not None:  # one column that holds both, or whole days
        return (day,), count
    raise Invalid(_l("Line 1: no column of times was found. Name it “datetime”, or “date” and “time”."), FIELD)


def _one_of(heading: Sequence[str], plain: Sequence[str], names: set[str]) -> int | None:
    found = [index for index, name in enumerate(plain) if name in names]
    if len(found) > 1:
        both = ", ".join(heading[index] for index in found)
        raise Invalid(_l("Line 1: several columns could be meant: %(columns)s. Keep one of them.", columns=both), FIELD)
    return found[0] if found else None


def _cells(reader: Any, heading: Sequence[str], at: tuple[int, ...]) -> Iterator[Cell]:
    try:
        for row in reader:
            if not any(cell.strip() for cell in row):
                continue
            if len(row) != len(heading):
                sentence = _l(
                    "Line %(line)s has %(found)s columns, the headings have %(wanted)s.",
                    line=reader.line_num,
                    found=len(row),
                    wanted=len(heading),
                )
                raise Invalid(sentence, FIELD)
            yield reader.line_num, " ".join(row[index].strip() for index in at[:-1]), row[at[-1]].strip()
            if reader.line_num > MAX_ROWS:
                raise Invalid(_l("The file has more than %(most)s lines: upload fewer years.", most=MAX_ROWS), FIELD)
    except csv.Error as error:
        raise Invalid(_l("Line %(line)s is broken: check its quotation marks.", line=reader.line_num), FIELD) from error


def _counts(
    cells: Sequence[Cell], columns: Columns, zone: ZoneInfo, separator: str
) -> tuple[dict[datetime, Decimal], bool]:
    """Contacts by instant, each instant once, and whether any time came with an offset of its own."""
    heading = " + ".join(columns.moment)
    order = date_order(text for _, text, _ in cells)
    counts: dict[datetime, Decimal] = {}
    doubles: list[tuple[int, str]] = []
    has_offsets = False
    for line, written, count in cells:
        try:
            moment = moment_of(written, order)
        except CellError as error:
            raise _at(line, heading, error.sentence) from error
        try:
            contacts = count_of(count, decimal_comma=separator != ",")
        except CellError as error:
            raise _at(line, columns.count, error.sentence) from error
        if moment.tzinfo is not None:
            has_offsets = True
            key = moment.astimezone(UTC)
        elif _is_skipped(local := moment.replace(tzinfo=zone)):
            if contacts:
                sentence = _l(
                    "“%(value)s” never was: the clocks went forward then. Check the time zone.", value=written
                )
                raise _at(line, heading, sentence)
            continue  # some systems write 24 lines on every day, this one empty
        else:
            key = _next_free(local, counts)
        if key in counts:
            doubles.append((line, written))
        counts[key] = contacts
    if doubles:
        raise _doubled(doubles, heading)
    return counts, has_offsets


def _doubled(doubles: Sequence[tuple[int, str]], heading: str) -> Invalid:
    """A refusal at the first of the lines whose time was there before, with how many more there are."""
    (line, written), more = doubles[0], len(doubles) - 1
    if not more:
        return _at(line, heading, _l("“%(value)s” is there twice.", value=written))
    return _at(line, heading, _l("“%(value)s” is there twice; so are %(more)s more times.", value=written, more=more))


def _is_skipped(local: datetime) -> bool:
    """Whether a local time lies in the hour that the beginning of summer time leaves out."""
    return (local.replace(fold=1).utcoffset() or _NOTHING) > (local.utcoffset() or _NOTHING)


def _next_free(local: datetime, counts: dict[datetime, Decimal]) -> datetime:
    """The instant of a local time. In the hour that the end of summer time repeats, the second line is the second."""
    key = local.astimezone(UTC)
    second = local.replace(fold=1)
    if key in counts and (second.utcoffset() or _NOTHING) < (local.utcoffset() or _NOTHING):
        return second.astimezone(UTC)
    return key


def _at(line: int, column: str, sentence: Any) -> Invalid:
    return Invalid(_l("Line %(line)s, column “%(column)s”: %(what)s", line=line, column=column, what=sentence), FIELD)


def findings_of(file: IntervalCounts) -> Findings:
    """The figures of a file that was read. Raises Invalid where it covers no whole calendar month."""
    counts, zone = file.counts, file.zone
    instants = sorted(counts)
    by_day: dict[date, Decimal] = defaultdict(Decimal)
    by_hour: dict[tuple[int, int], Decimal] = defaultdict(Decimal)
    for instant in instants:
        local = instant.astimezone(zone)
        by_day[local.date()] += counts[instant]
        by_hour[local.weekday(), local.hour] += counts[instant]
    months = tuple(_months(by_day))
    if not any(one.is_full for one in months):
        sentence = _l("The file covers no whole calendar month: upload at least one from its first to its last day.")
        raise Invalid(sentence, FIELD)
    days = Counter(day.weekday() for day in by_day)
    profile = tuple(
        tuple(_tenth(by_hour[weekday, hour] / days[weekday]) if days[weekday] else Decimal(0) for hour in range(24))
        for weekday in range(7)
    )
    return Findings(
        columns=file.columns,
        separator=file.separator,
        rows=len(instants),
        first=instants[0].astimezone(zone),
        last=instants[-1].astimezone(zone),
        interval_minutes=_interval(instants),
        total=sum(counts.values(), Decimal(0)),
        months=months,
        profile=profile,
        has_offsets=file.has_offsets,
    )


def _interval(instants: Sequence[datetime]) -> int:
    """The commonest distance between two lines, in minutes, at least one."""
    gaps = Counter(later - earlier for earlier, later in pairwise(instants))
    commonest, _ = max(gaps.items(), key=lambda item: (item[1], -item[0]))
    return max(1, round(commonest.total_seconds() / 60))


def _months(by_day: dict[date, Decimal]) -> Iterator[MonthVolume]:
    """The months with lines. The first and the last are full when no open day is missing at the file's edge."""
    first, last = min(by_day), max(by_day)
    open_days = {day.weekday() for day in by_day}
    for year, month in sorted({(day.year, day.month) for day in by_day}):
        inside = [day for day in by_day if (day.year, day.month) == (year, month)]
        begins = date(year, month, 1)
        ends = (begins + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        missing = [*_days(begins, first), *_days(last + _DAY, ends + _DAY)]
        is_full = not any(day.weekday() in open_days for day in missing)
        contacts = sum((by_day[day] for day in inside), Decimal(0))
        yield MonthVolume(f"{year}-{month:02d}", contacts, len(inside), is_full)


def _days(start: date, stop: date) -> Iterator[date]:
    """The days from `start` up to but without `stop`; none where it comes before."""
    return (start + timedelta(days=number) for number in range((stop - start).days))


def _mean(values: Sequence[Decimal]) -> Decimal:
    return (sum(values, Decimal(0)) / len(values)).quantize(_CENT, rounding=ROUND_HALF_UP)


def _tenth(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
