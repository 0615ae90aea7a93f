"""How an uploaded table is read: recognised from its headings and cells, corrected by the person who knows the file.

What nobody can know from the file (03/04, two columns of counts, a line that is there twice) is asked and never
guessed: such a question is a refusal at the field that answers it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.kit.errors import Invalid
from portal.kit.tables import Value
from portal.kit.zones import zone_names
from portal.needs.interval_cells import CellError, count_of, date_forms, moment_at, written
from portal.needs.interval_table import Cells, Table
from portal.needs.interval_words import columns_named, queue_of_channel

NONE = "-"
"""A column that the file has not, said by the person."""
ALL = "*"
OWN_OFFSET = "offset"
"""Times as their own offsets say."""
ORDERS = ("day_first", "month_first")
DOUBLES = ("sum", "first")
_SAMPLE = 20
MAX_QUEUES = 200


@dataclass(frozen=True, slots=True)
class Choice:
    """What the person said, or what was recognised; "" is left open. Columns are their index as text.

    :ivar moment: the column of dates with times, or of dates, with the times in `time`
    :ivar only: one queue out of the column `queue`, or ALL of them added up
    :ivar order: whether dates such as 03/04/2026 begin with the day
    :ivar zone: of times without an offset; a zone for times that have one says that the offset is wrong
    :ivar doubles: what is done with a time that stands there again
    """

    encoding: str = ""
    separator: str = ""
    sheet: str = ""
    moment: str = ""
    time: str = ""
    count: str = ""
    queue: str = ""
    only: str = ""
    aht: str = ""
    order: str = ""
    zone: str = ""
    doubles: str = ""

    def token(self) -> str:
        """One text for all of it, to notice that something was chosen differently."""
        return "\x1f".join(getattr(self, one.name) for one in fields(self))

    def of_table(self) -> "Choice":
        """Only what decides which table the file holds; columns of another one mean nothing."""
        return Choice(self.encoding, self.separator, self.sheet, zone=self.zone)


@dataclass(frozen=True, slots=True)
class Reading:
    """How a table is read: every part filled that could be, and the questions that are still open, by field.

    :ivar answered: the fields whose answer the file itself cannot tell, so that they stay open to change
    """

    choice: Choice
    questions: dict[str, Any]
    queues: tuple[str, ...] = ()
    has_offsets: bool = False
    answered: frozenset[str] = frozenset()

    def column(self, use: str) -> int | None:
        """Where the column for a use stands, None where the file has none."""
        at = getattr(self.choice, use)
        return int(at) if at.isdecimal() else None

    def columns_of_time(self) -> tuple[int, ...]:
        """The column of the moment, or those of the date and the time."""
        return tuple(at for at in (self.column("moment"), self.column("time")) if at is not None)


def recognised(table: Table, said: Choice, zone: str, channel: str = "") -> Reading:
    """Fill in what was not `said`. `zone` is the requirement's, `channel` the one that the volumes are for."""
    questions: dict[str, Any] = {}
    doubles = said.doubles if said.doubles in DOUBLES else ""
    choice = replace(said, encoding=table.encoding, separator=table.separator, sheet=table.sheet, doubles=doubles)
    if table.is_workbook and not table.sheet:
        questions["sheet"] = _l("Several sheets hold something: choose the one with the counts.")
        return Reading(replace(choice, zone=zone), questions)
    columns = _columns(table, choice, questions)
    choice = replace(choice, **columns)
    reading = Reading(choice, questions)
    queues: tuple[str, ...] = ()
    if (at := reading.column("queue")) is not None:
        queues = _queues(table, at, questions)
        choice = replace(choice, only=_only(said, queues, channel, questions))
    days = reading.column("moment")
    has_offsets, answered = False, frozenset[str]()
    if days is not None:
        choice = replace(choice, order=_order(table, days, said.order, questions))
        if choice.order and _order(table, days, "", {}) == "":
            answered = frozenset({"order"})
        has_offsets = _has_offset(table, reading)
    choice = replace(choice, zone=_zone(said.zone, zone, has_offsets=has_offsets))
    return Reading(choice, questions, queues, has_offsets, answered)


def _columns(table: Table, choice: Choice, questions: dict[str, Any]) -> dict[str, str]:
    """The columns as indices; one that is named twice is asked for, one that is not named looked for by its cells."""
    names, width = table.heading, len(table.heading)
    known = {use: columns_named(names, use) for use in ("moment", "date", "time", "count", "queue", "aht")}
    found: dict[str, str] = {}
    for use in ("moment", "time", "count", "queue", "aht"):
        said = getattr(choice, use)
        if said == NONE or (said.isdecimal() and int(said) < width):
            found[use] = said
    if "moment" not in found:
        # Beside a date, “interval” and “start” are times of that day.
        named = known["date"] and [at for at in known["moment"] if at in _by_cells(table, _is_moment, ())]
        own = named if known["date"] else known["moment"]
        found["moment"] = _one(own or known["date"] or _by_cells(table, _is_moment, ()), "moment", names, questions)
    at_date = found["moment"].isdecimal() and int(found["moment"]) in known["date"]
    if "time" not in found:
        clocks = [at for at in known["time"] + known["moment"] if str(at) != found["moment"]] if at_date else []
        found["time"] = _one(clocks, "time", names, questions) if clocks else NONE
    if "count" not in found:
        taken = {int(at) for at in found.values() if at.isdecimal()} | {*known["queue"], *known["aht"]}
        found["count"] = _one(known["count"] or _by_cells(table, _is_count, taken), "count", names, questions)
    for use in ("queue", "aht"):
        found.setdefault(use, _one(known[use], use, names, questions) if known[use] else NONE)
    if found["moment"] == NONE:
        found["moment"], questions["moment"] = "", _l("Choose the column of the dates or times.")
    if found["count"] == NONE:
        found["count"], questions["count"] = "", _l("Choose the column of the counts.")
    return found


def _one(found: Sequence[int], use: str, names: Sequence[str], questions: dict[str, Any]) -> str:
    if len(found) == 1:
        return str(found[0])
    if found:
        both = ", ".join(names[index] for index in found)
        questions[use] = _l("Several columns could be meant: %(columns)s. Choose one.", columns=both)
    elif use == "moment":
        questions[use] = _l("Line 1: no column of times was found. Choose it.")
    else:
        questions[use] = _l("Line 1: no column of counts was found. Choose it.")
    return ""


def _by_cells(table: Table, fits: Any, taken: Any) -> list[int]:
    """The columns whose first cells all look right; a number of the row is no count."""
    rows = table.rows[:_SAMPLE]
    found = []
    for index in range(len(table.heading)):
        cells = [row[index] for row in rows]
        if index not in taken and rows and not _is_numbering(cells) and all(map(fits, cells)):
            found.append(index)
    return found


def _is_numbering(cells: Cells) -> bool:
    first = written(cells[0])
    return first.isdecimal() and [written(cell) for cell in cells] == [str(int(first) + n) for n in range(len(cells))]


def _is_moment(value: Value) -> bool:
    try:
        moment_at(value, None, "day_first")
    except CellError:
        try:
            moment_at(value, None, "month_first")
        except CellError:
            return False
    return not (isinstance(value, str) and value.strip().isdecimal())


def _is_count(value: Value) -> bool:
    try:
        count_of(value, decimal_comma=True)
    except CellError:
        return False
    return True


def _queues(table: Table, at: int, questions: dict[str, Any]) -> tuple[str, ...]:
    found = sorted({written(row[at]).strip() for row in table.rows})
    if len(found) > MAX_QUEUES:
        questions["queue"] = _l("This column has more than %(most)s different values: choose another.", most=MAX_QUEUES)
    return tuple(found[:MAX_QUEUES])


def _only(said: Choice, queues: Sequence[str], channel: str, questions: dict[str, Any]) -> str:
    if said.only and (said.only == ALL or said.only in queues):
        return said.only
    if len(queues) < 2:
        return ALL
    own = queue_of_channel(queues, channel)
    if own is None:
        questions["only"] = _l("The file has several queues: choose one, or all of them added up.")
    return own or ""


def _order(table: Table, days: int, said: str, questions: dict[str, Any]) -> str:
    forms = date_forms(row[days] for row in table.rows)
    if forms.odd is not None:
        sentence = _l(
            "Line %(line)s, column “%(column)s”: “%(value)s” is written in another way than the dates above it. "
            "Write all in one way, such as 2026-03-31.",
            line=table.lines[forms.odd],
            column=table.heading[days],
            value=written(table.rows[forms.odd][days])[:40],
        )
        questions["moment"] = sentence
    if forms.order is None:
        return ""
    if forms.order != "unknown":
        return forms.order
    if said in ORDERS:
        return said
    example = written(table.rows[0][days]).split()[0][:20] if table.rows else ""
    questions["order"] = _l("“%(value)s” could be two different days: say what comes first.", value=example)
    return ""


def _has_offset(table: Table, reading: Reading) -> bool:
    """Whether the first of the times carries an offset of its own."""
    days, clock = reading.column("moment"), reading.column("time")
    if not table.rows or days is None:
        return False
    row = table.rows[0]
    try:
        return moment_at(row[days], None if clock is None else row[clock], "day_first").tzinfo is not None
    except CellError:
        return False


def _zone(said: str, usual: str, *, has_offsets: bool) -> str:
    if said == OWN_OFFSET and has_offsets:
        return said
    if said in zone_names():
        return said
    return OWN_OFFSET if has_offsets else usual


def refuse_questions(reading: Reading) -> None:
    """Raise the first open question as Invalid, at its field."""
    for field, sentence in reading.questions.items():
        raise Invalid(sentence, field)
