"""An uploaded file as it would be read, for the page on which a person confirms it before anything is imported."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from portal.kit.errors import Invalid
from portal.kit.tables import Value
from portal.needs.interval_cells import CellError, aht_of, count_of, moment_at, written
from portal.needs.interval_days import FileDays, days_of
from portal.needs.interval_file import Findings, counts_of, findings_of
from portal.needs.interval_patterns import FilePatterns, patterns_of
from portal.needs.interval_reading import OWN_OFFSET, Choice, Reading, recognised
from portal.needs.interval_table import Table, read_table

PREVIEW = 6


class PreviewRow(NamedTuple):
    """A line as it stands in the file, and as it would be read; None where it cannot be."""

    line: int
    cells: tuple[str, ...]
    moment: datetime | None
    count: Any
    queue: str
    aht_s: Any


@dataclass(frozen=True, slots=True)
class Look:
    """A file as it would be read.

    :ivar problems: what keeps it from being imported, by the field of the choice that may help; "file" where none does
    """

    table: Table
    reading: Reading
    preview: tuple[PreviewRow, ...]
    problems: dict[str, Any]
    skipped: int = 0
    findings: Findings | None = None
    days: FileDays | None = None
    patterns: FilePatterns | None = None

    @property
    def is_ready(self) -> bool:
        """Whether it can be imported as it is read."""
        return not self.problems

    def as_document(self, name: str) -> dict[str, Any]:
        """Everything a channel keeps of the file called `name`: figures, patterns, what is odd, how it was read."""
        assert self.findings and self.days and self.patterns, "only a file that was read is kept"
        choice = self.reading.choice
        return self.findings.as_document() | {
            "name": name,
            "patterns": self.patterns.as_document(),
            "odd": self.days.as_document() | {"skipped": self.skipped},
            "read": {
                "encoding": choice.encoding,
                "sheet": choice.sheet,
                "queue": choice.only if self.findings.columns.queue else "",
                "order": choice.order,
                "zone": choice.zone,
                "doubles": choice.doubles if self.findings.doubles else "",
            },
        }


def look_at(content: bytes, zone: str, said: Choice = Choice(), channel: str = "") -> Look:
    """Read a file as it was said or is recognised, in days of `zone`.

    Raises Invalid for what is no table at all; everything else that is wrong stands in `problems`.
    """
    table = read_table(content, encoding=said.encoding, separator=said.separator, sheet=said.sheet)
    reading = recognised(table, said, zone, channel)
    preview = tuple(_preview(table, reading, zone))
    if reading.questions:
        return Look(table, reading, preview, dict(reading.questions))
    try:
        counts = counts_of(table, reading, zone)
        days = days_of(counts)
        findings = findings_of(counts)
    except Invalid as error:
        return Look(table, reading, preview, {error.field or "file": error.message})
    return Look(table, reading, preview, {}, counts.skipped, findings, days, patterns_of(findings, days))


def _preview(table: Table, reading: Reading, zone: str) -> list[PreviewRow]:
    found = []
    for line, row in zip(table.lines[:PREVIEW], table.rows, strict=False):
        cells = tuple(written(cell).strip()[:60] for cell in row)
        queue_at = reading.column("queue")
        count, aht = _figure(table, row, reading.column("count")), _handle(table, row, reading.column("aht"))
        queue = "" if queue_at is None else cells[queue_at]
        found.append(PreviewRow(line, cells, _moment(reading, row, zone), count, queue, aht))
    return found


def _moment(reading: Reading, row: Sequence[Value], zone: str) -> datetime | None:
    """The time of a line in the zone of the requirement."""
    days, clock = reading.column("moment"), reading.column("time")
    choice = reading.choice
    if days is None or "order" in reading.questions:
        return None
    order: Any = choice.order or "unknown"
    try:
        moment = moment_at(row[days], None if clock is None else row[clock], order)
    except CellError:
        return None
    if moment.tzinfo is None or choice.zone != OWN_OFFSET:
        moment = moment.replace(tzinfo=ZoneInfo(zone if choice.zone == OWN_OFFSET else choice.zone))
    return moment.astimezone(ZoneInfo(zone))


def _figure(table: Table, row: Sequence[Value], at: int | None) -> Any:
    try:
        return None if at is None else count_of(row[at], decimal_comma=table.separator != ",")
    except CellError:
        return None


def _handle(table: Table, row: Sequence[Value], at: int | None) -> Any:
    try:
        return None if at is None else aht_of(row[at], decimal_comma=table.separator != ",")
    except CellError:
        return None
