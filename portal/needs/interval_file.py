"""Reading a file of contacts per interval: a table in text or a workbook with a time and a count on each line.

Pure: bytes and a zone in, findings out; a file with one bad cell is refused as a whole with its line and column.
How it is read is recognised or chosen (`interval_reading`). Times with an offset are moved to the zone of the
requirement, times without one are taken as local in the zone chosen for the file. A month counts as full when the
file reaches from its first to its last day; days without lines count as closed. The monthly volumes are those of the
calendar months that the file covers fully; what of the year it does not cover, `seasons` makes of them.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l

from portal.kit.errors import Invalid
from portal.kit.tables import Value
from portal.needs.interval_cells import CellError, aht_of, count_of, moment_at, written
from portal.needs.interval_reading import ALL, OWN_OFFSET, Choice, Reading, recognised, refuse_questions
from portal.needs.interval_table import Table, read_table
from portal.needs.interval_text import FIELD
from portal.needs.seasons import known_months, year_of

_CENT = Decimal("0.01")
_NOTHING, _DAY = timedelta(), timedelta(days=1)
EXAMPLES = 20
"""So many doubles, holes and the like are kept by name; the others are counted."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The headings as the file writes them: the time in one column, or a date and a time in two."""

    moment: tuple[str, ...]
    count: str
    queue: str = ""
    aht: str = ""


class Double(NamedTuple):
    """A time that stands there again: the line of the second, and the time as it is written."""

    line: int
    written: str


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
    doubles: tuple[Double, ...] = ()
    aht_s: int | None = None

    @property
    def full_months(self) -> tuple[MonthVolume, ...]:
        """The months the volumes are taken from."""
        return tuple(one for one in self.months if one.is_full)

    @property
    def monthly(self) -> tuple[Decimal, ...]:
        """Twelve volumes from January to December, or one where a single month is covered, with two decimals."""
        return year_of(self.known)

    @property
    def known(self) -> dict[int, Decimal]:
        """The volumes of the calendar months 1…12 that are covered in full."""
        return known_months((one.month, one.contacts) for one in self.full_months)

    @property
    def busiest_weekday(self) -> int:
        """The weekday with most contacts, 0 for Monday."""
        return max(range(7), key=lambda day: (sum(self.profile[day]), -day))

    def as_document(self) -> dict[str, Any]:
        """The findings as plain JSON, for storing beside the volumes."""
        return {
            "moment": list(self.columns.moment),
            "count": self.columns.count,
            "queue": self.columns.queue,
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
            "aht_s": self.aht_s,
            "doubles": {"all": len(self.doubles), "some": [list(one) for one in self.doubles[:EXAMPLES]]},
        }


@dataclass(frozen=True, slots=True)
class IntervalCounts:
    """The lines of a file: contacts by the instant (UTC) that each interval begins at, and the zone of their days.

    :ivar doubles: the lines whose time was there before, which the person chose to add up or to leave out
    :ivar skipped: empty lines in an hour that the beginning of summer time leaves out
    :ivar aht_s: mean handle time by contacts, where the file has a column for it
    """

    columns: Columns
    separator: str
    zone: ZoneInfo
    counts: dict[datetime, Decimal]
    has_offsets: bool
    doubles: tuple[Double, ...] = ()
    skipped: int = 0
    aht_s: int | None = None

    @property
    def interval_minutes(self) -> int:
        """The commonest distance between two lines, in minutes, at least one."""
        return _interval(sorted(self.counts))


def read_intervals(content: bytes, zone: str, said: Choice = Choice()) -> Findings:
    """Read a whole file and sum it up. Raises as `read_counts`, and for a file that covers no whole month."""
    return findings_of(read_counts(content, zone, said))


def read_counts(content: bytes, zone: str, said: Choice = Choice()) -> IntervalCounts:
    """Read a whole file. Raises Invalid, naming line and column or the open question; then nothing was taken."""
    table = read_table(content, encoding=said.encoding, separator=said.separator, sheet=said.sheet)
    reading = recognised(table, said, zone)
    refuse_questions(reading)
    return counts_of(table, reading, zone)


def counts_of(table: Table, reading: Reading, zone: str) -> IntervalCounts:
    """The counts of a table by a reading without open questions. Raises Invalid naming line and column."""
    count_at, queue_at, aht_at = (reading.column(use) for use in ("count", "queue", "aht"))
    assert count_at is not None, "a reading without questions has a column of counts"
    name = table.heading.__getitem__
    columns = Columns(
        tuple(name(at) for at in reading.columns_of_time()),
        name(count_at),
        "" if queue_at is None else name(queue_at),
        "" if aht_at is None else name(aht_at),
    )
    found = _Counting(table, reading, columns, ZoneInfo(zone))
    found.take_all(count_at, queue_at, aht_at)
    if found.doubles and not reading.choice.doubles:
        raise found.doubled()
    if len(found.counts) < 2:
        raise Invalid(_l("The file holds fewer than two lines of figures below its headings."), FIELD)
    aht_s = round(found.handled / found.with_aht) if found.with_aht else None
    return IntervalCounts(
        columns,
        table.separator,
        found.place,
        found.counts,
        reading.has_offsets,
        tuple(found.doubles),
        found.skipped,
        aht_s,
    )


@dataclass(slots=True)
class _Counting:
    """The counts of a table while its lines are read one after another."""

    table: Table
    reading: Reading
    columns: Columns
    place: ZoneInfo
    counts: dict[datetime, Decimal] = field(default_factory=dict)
    seen: dict[str, set[datetime]] = field(default_factory=lambda: defaultdict(set))
    doubles: list[Double] = field(default_factory=list)
    skipped: int = 0
    handled: Decimal = Decimal(0)
    with_aht: Decimal = Decimal(0)

    def take_all(self, count_at: int, queue_at: int | None, aht_at: int | None) -> None:
        """Read every line; those of other queues than the chosen one are left out."""
        choice = self.reading.choice
        own_offset = choice.zone == OWN_OFFSET
        zone = self.place if own_offset or choice.zone == self.place.key else ZoneInfo(choice.zone)
        days, *clocks = self.reading.columns_of_time()
        clock_at = clocks[0] if clocks else None
        order: Any = choice.order or "unknown"
        commas = self.table.separator != ","
        for line, row in zip(self.table.lines, self.table.rows, strict=True):
            queue = "" if queue_at is None else written(row[queue_at]).strip()
            if choice.only not in (ALL, "", queue):
                continue
            clock = None if clock_at is None else row[clock_at]
            moment = self._moment(line, row[days], clock, order)
            contacts = self._figure(line, row[count_at], self.columns.count, commas=commas)
            if moment.tzinfo is not None and not own_offset:
                moment = moment.replace(tzinfo=None)
            key = self._instant(line, moment, zone, contacts, queue)
            if key is None:
                continue
            self._add(key, contacts, queue, line, (row[days], clock))
            if aht_at is not None:
                self._handle(line, row[aht_at], contacts, commas=commas)

    def _moment(self, line: int, day: Value, clock: Value, order: Any) -> datetime:
        try:
            moment = moment_at(day.strip() if isinstance(day, str) else day, clock, order)
        except CellError as error:
            raise _at(line, " + ".join(self.columns.moment), error.sentence) from error
        if (moment.tzinfo is not None) is not self.reading.has_offsets:
            sentence = _l("unlike the first line, only one of the two says how far it is from UTC.")
            raise _at(line, " + ".join(self.columns.moment), sentence)
        return moment

    def _figure(self, line: int, value: Value, column: str, *, commas: bool) -> Decimal:
        try:
            return count_of(value, decimal_comma=commas)
        except CellError as error:
            raise _at(line, column, error.sentence) from error

    def _handle(self, line: int, value: Value, contacts: Decimal, *, commas: bool) -> None:
        try:
            seconds = aht_of(value, decimal_comma=commas)
        except CellError as error:
            raise _at(line, self.columns.aht, error.sentence) from error
        if seconds:
            self.handled += seconds * contacts
            self.with_aht += contacts

    def _instant(self, line: int, moment: datetime, zone: ZoneInfo, contacts: Decimal, queue: str) -> datetime | None:
        """The instant of a line; None for an empty line in an hour that never was."""
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
        local = moment.replace(tzinfo=zone)
        if not _is_skipped(local):
            return _next_free(local, self.seen[queue])
        if contacts:
            sentence = _l(
                "“%(value)s” never was: the clocks went forward then. Check the time zone.",
                value=written(moment),
            )
            raise _at(line, " + ".join(self.columns.moment), sentence, "zone")
        self.skipped += 1
        return None  # some systems write 24 lines on every day, this one empty

    def _add(self, key: datetime, contacts: Decimal, queue: str, line: int, cells: tuple[Value, Value]) -> None:
        if key in self.seen[queue]:
            self.doubles.append(Double(line, " ".join(written(cell) for cell in cells if cell is not None)))
            if self.reading.choice.doubles == "first":
                return
        self.seen[queue].add(key)
        self.counts[key] = self.counts.get(key, Decimal(0)) + contacts

    def doubled(self) -> Invalid:
        """A question at the first of the lines whose time was there before, with how many more there are."""
        (line, text), more = self.doubles[0], len(self.doubles) - 1
        heading = " + ".join(self.columns.moment)
        if not more:
            return _at(line, heading, _l("“%(value)s” is there twice.", value=text), "doubles")
        sentence = _l("“%(value)s” is there twice; so are %(more)s more times.", value=text, more=more)
        return _at(line, heading, sentence, "doubles")


def _is_skipped(local: datetime) -> bool:
    """Whether a local time lies in the hour that the beginning of summer time leaves out."""
    return (local.replace(fold=1).utcoffset() or _NOTHING) > (local.utcoffset() or _NOTHING)


def _next_free(local: datetime, seen: set[datetime]) -> datetime:
    """The instant of a local time. In the hour that the end of summer time repeats, the second line is the second."""
    key = local.astimezone(UTC)
    second = local.replace(fold=1)
    if key in seen and (second.utcoffset() or _NOTHING) < (local.utcoffset() or _NOTHING):
        return second.astimezone(UTC)
    return key


def _at(line: int, column: str, sentence: Any, at: str = FIELD) -> Invalid:
    return Invalid(_l("Line %(line)s, column “%(column)s”: %(what)s", line=line, column=column, what=sentence), at)


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
        doubles=file.doubles,
        aht_s=file.aht_s,
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


def _tenth(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
