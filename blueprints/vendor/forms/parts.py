"""Fields that profile and service have in common: boxes to tick, spoken languages, sites, weekly hours."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Form, IntegerField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, NumberRange, Optional, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from blueprints.shared.choices import country_choices, spoken_choices, zone_choices
from portal.catalog.checks import MAX_FIGURE
from portal.measures.words import LEVEL_NAMES, LEVELS

SPARE_ROWS = 2
"""Empty rows under those that are filled in; saving, or "More rows", gives more."""


class Boxes(SelectMultipleField):
    """Several of a short list, as boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: Any, names: Mapping[Any, Any], **options: Any) -> None:
        super().__init__(label, choices=[SelectChoice(str(value), name) for value, name in names.items()], **options)


def count_field(label: Any, description: Any = "", most: int = MAX_FIGURE) -> IntegerField:
    """A whole number that may be left out."""
    message = _l("Write a whole number from %(min)s to %(max)s.")
    return IntegerField(label, [Optional(), NumberRange(0, most, message=message)], description=description)


def or_none(choices: Any) -> Any:
    """The choices with an empty one before them, worked out for each reader."""
    return lambda: [SelectChoice("", _l("Choose")), *choices()]


class LanguageRow(Form):
    """One spoken language with its level; a row without a language is empty."""

    code = SelectField(_l("Language"), choices=or_none(spoken_choices))
    level = SelectField(
        _l("Level"), choices=[SelectChoice(level, LEVEL_NAMES[level]) for level in LEVELS], default="C1"
    )


class SiteRow(Form):
    """One site; a row without a city is empty."""

    city = StringField(_l("City"), [Length(max=80)])
    country = SelectField(_l("Country"), choices=or_none(country_choices))
    timezone = SelectField(_l("Time zone"), choices=zone_choices, default="UTC")
    seats = count_field(_l("Seats"))


class DayRow(Form):
    """From when to when a day is staffed; empty for a day that is closed."""

    start = StringField(_l("From"), [Optional(), Regexp(r"^\d\d:\d\d$", message=_l("Write a time such as 08:00."))])
    end = StringField(_l("To"), [Optional(), Regexp(r"^\d\d:\d\d$", message=_l("Write a time such as 20:00."))])


def filled_rows(rows: Any, key: str) -> list[dict[str, Any]]:
    """The rows of a list that hold something, as plain values."""
    return [{name: row.data[name] for name in row.data} for row in rows if row.data[key]]


def add_spare_rows(rows: Any) -> None:
    """Put empty rows under the filled ones."""
    for _ in range(SPARE_ROWS):
        rows.append_entry()
