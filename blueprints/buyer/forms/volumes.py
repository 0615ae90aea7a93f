"""Forms of a channel's volumes: a file, how it is read, and patterns typed by hand."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from blueprints.shared.choices import zone_choices
from blueprints.shared.fields import LocalDecimalField
from blueprints.shared.forms import EditingForm, PortalForm
from blueprints.shared.requirement_view import month_names
from portal.kit.tables import column_name
from portal.measures.words import WEEKDAY_NAMES
from portal.needs.interval_look import Look
from portal.needs.interval_reading import ALL, NONE, OWN_OFFSET, Choice
from portal.needs.interval_text import ENCODING_NAMES
from portal.needs.models import RequirementChannel
from portal.needs.seasons import known_of_findings

SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|"}
SEPARATOR_NAMES = {
    "comma": _l("Comma"),
    "semicolon": _l("Semicolon"),
    "tab": _l("Tab"),
    "bar": _l("Vertical bar"),
}
ORDER_NAMES = {"day_first": _l("Day, month, year"), "month_first": _l("Month, day, year")}
DOUBLE_NAMES = {"sum": _l("Add them up"), "first": _l("Keep the first line")}
HOURS, MONTHS = range(24), range(12)


class UploadForm(PortalForm):
    """A file of contacts per interval."""

    file = FileField(
        _l("File"),
        [FileRequired(_l("Choose a file."))],
        description=_l("CSV or XLSX, up to 20 MB: one line per interval, with a date and time and a count."),
    )


def _select(label: Any, description: Any = None) -> SelectField:
    """What can be chosen depends on the file; what is not possible in it is recognised anew."""
    return SelectField(label, choices=[], validate_choice=False, description=description)


class ReadForm(EditingForm):
    """How a file is read. `seen` tells what the page shows: the digests of the reading and of which table it is of."""

    seen = HiddenField()
    encoding = _select(_l("Encoding"))
    separator = _select(_l("Cells end at"))
    sheet = _select(_l("Sheet"))
    moment = _select(_l("Date, or date and time"))
    time = _select(_l("Time of day"))
    count = _select(_l("Contacts"))
    queue = _select(_l("Queue or channel"))
    only = _select(_l("Which of them"))
    aht = _select(_l("Handle time"))
    order = _select(_l("Dates are written"))
    zone = _select(_l("Times are of"))
    doubles = _select(_l("A time that is there twice"))

    def choice(self) -> Choice:
        """What was chosen; columns that were chosen in another table, such as another sheet, do not count."""
        chosen = {one.name: self[one.name].data or "" for one in fields(Choice)}
        choice = Choice(**chosen | {"separator": SEPARATORS.get(chosen["separator"], "")})
        return choice if (self.seen.data or "").endswith(_table(choice)) else choice.of_table()

    def was_seen(self) -> bool:
        """Whether exactly this reading was shown before."""
        return bool(self.seen.data) and self.seen.data == _seen(self.choice())

    def show(self, look: Look) -> None:
        """Fill the fields with a reading, and offer what is possible in this file."""
        choice = look.reading.choice
        for name, offered in _offered(look).items():
            self[name].choices = offered
        for one in fields(Choice):
            self[one.name].data = getattr(choice, one.name)
        self.separator.data = next((name for name, mark in SEPARATORS.items() if mark == choice.separator), "")
        self.seen.data = _seen(choice)

    def show_unread(self, chosen: Choice) -> None:
        """Offer what may help where the file could not be read at all; it is recognised anew then."""
        self.encoding.choices = _named(ENCODING_NAMES)
        self.separator.choices = _named(SEPARATOR_NAMES)
        for one in fields(Choice):
            self[one.name].data = "" if one.name not in ("encoding", "separator", "zone") else self[one.name].data
        self.encoding.data = chosen.encoding
        self.seen.data = ""

    def open_fields(self) -> list[str]:
        """The fields with more than one answer; the others are sent along as they are."""
        return [one.name for one in fields(Choice) if len(self[one.name].choices) > 1]


class PatternsForm(EditingForm):
    """Weekdays and hours typed by hand; the fields are named as `save_patterns` names them."""

    def weekdays(self) -> list[Any]:
        """Seven numbers from Monday; None where nothing was typed."""
        return [self[f"weekday_{day}"].data for day in range(len(WEEKDAY_NAMES))]

    def hours(self) -> list[Any]:
        """24 numbers from midnight."""
        return [self[f"hour_{hour}"].data for hour in HOURS]

    def seasons(self) -> list[Any]:
        """Twelve numbers from January; empty where the file leaves nothing to say."""
        return [self[f"season_{at}"].data for at in MONTHS if f"season_{at}" in self]


def patterns_form(row: RequirementChannel, version: int) -> PatternsForm:
    """The form filled with what was typed before."""
    numbers = {f"weekday_{at}": name for at, name in enumerate(WEEKDAY_NAMES.values())}
    numbers |= {f"hour_{hour}": f"{hour:02d}:00" for hour in HOURS}
    if 0 < len(known_of_findings(row.file_findings)) < len(MONTHS):
        numbers |= {f"season_{at}": name for at, (_number, name) in enumerate(month_names())}
    made = {name: LocalDecimalField(label, [Optional()], decimals=2) for name, label in numbers.items()}
    filled: dict[str, Any] = {f"weekday_{at}": value for at, value in enumerate(row.weekdays or ())}
    filled |= {f"hour_{at}": value for at, value in enumerate(row.day_profile or ())}
    filled |= {f"season_{at}": value for at, value in enumerate(row.seasons or ())}
    kind = type("PatternsForm", (PatternsForm,), made)
    form: PatternsForm = kind(data=filled | {"version": version})
    return form


def _offered(look: Look) -> dict[str, list[SelectChoice]]:
    table, reading = look.table, look.reading
    names = [
        SelectChoice(str(at), f"{column_name(at)}: {name}" if name else column_name(at))
        for at, name in enumerate(table.heading)
    ]
    ask = SelectChoice("", _("Choose"))
    needed = {use: ([] if getattr(reading.choice, use) else [ask]) + names for use in ("moment", "count")}
    optional = {
        use: [SelectChoice(NONE, word), *names]
        for use, word in (
            ("time", _("in the same column")),
            ("queue", _("none: all lines are of this channel")),
            ("aht", _("none")),
        )
    }
    asked = set(look.problems)
    orders = _named(ORDER_NAMES) if "order" in asked or _is_answered(look, "order") else []
    queues = [SelectChoice(one, one or _("(empty)")) for one in reading.queues]
    offset = [SelectChoice(OWN_OFFSET, _("what each time itself says"))] if reading.has_offsets else []
    return {
        "encoding": [] if table.is_workbook else _named(ENCODING_NAMES),
        "separator": [] if table.is_workbook else _named(SEPARATOR_NAMES),
        "sheet": _first_open(reading.choice.sheet, [SelectChoice(one, one) for one in table.sheets]),
        **needed,
        **optional,
        "only": _first_open(reading.choice.only, [SelectChoice(ALL, _("all, added up")), *queues] if queues else []),
        "order": _first_open(reading.choice.order, orders),
        "zone": [*offset, *zone_choices()],
        "doubles": _first_open(reading.choice.doubles, _named(DOUBLE_NAMES) if _has_doubles(look) else []),
    }


def _has_doubles(look: Look) -> bool:
    return "doubles" in look.problems or bool(look.reading.choice.doubles)


def _is_answered(look: Look, name: str) -> bool:
    """Whether the file writes its dates so that the order had to be asked for."""
    return bool(getattr(look.reading.choice, name)) and name in look.reading.answered


def _first_open(value: str, offered: Sequence[SelectChoice]) -> list[SelectChoice]:
    """The same, after an empty choice while nothing is chosen."""
    return list(offered) if value or not offered else [SelectChoice("", _("Choose")), *offered]


def _named(names: Mapping[str, Any]) -> list[SelectChoice]:
    return [SelectChoice(value, str(name)) for value, name in names.items()]


def _seen(choice: Choice) -> str:
    return hashlib.sha256(choice.token().encode()).hexdigest() + _table(choice)


def _table(choice: Choice) -> str:
    return hashlib.sha256(replace(choice.of_table(), zone="").token().encode()).hexdigest()
