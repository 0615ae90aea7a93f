"""Forms of steps 2 to 6. Their rows depend on the requirement, so each is built for it.

Rows left empty are not answers: a list always ends with empty rows, and emptying one takes it away.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TimeField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from blueprints.shared.choices import currency_choices, spoken_choices, zone_choices
from blueprints.shared.fields import AmountField, LocalDecimalField, SignedDecimalField
from blueprints.shared.forms import EditingForm
from blueprints.shared.needed import Needed
from blueprints.shared.rate_card_form import choices
from portal.kit.errors import Invalid
from portal.measures.catalogue import measure
from portal.measures.words import CHANNEL_NAMES, LEVEL_NAMES, WEEKDAY_NAMES, Channel
from portal.needs.models import Requirement, RequirementChannel
from portal.needs.targets import TARGETS

MONTHS = range(1, 13)
SPARE_LANGUAGES = 2
DASHES = str.maketrans({"–": "-", "—": "-", "−": "-", "〜": "-", "~": "-", "，": ",", "：": ":"})


def _built(base: type[EditingForm], fields: dict[str, Any]) -> type[EditingForm]:
    """A form class with these fields besides its own."""
    return type(base.__name__, (base,), fields)


class ChannelsForm(EditingForm):
    """Step 2: for each channel whether it is wanted, and its volumes."""

    def answers(self) -> dict[str, Any]:
        """The chosen channels. Empty volumes keep those of a file."""
        return {"channels": [self._channel(channel.value) for channel in Channel if self[f"{channel}_on"].data]}

    def _channel(self, name: str) -> dict[str, Any]:
        months = [self[f"{name}_month_{month}"].data for month in MONTHS]
        monthly: list[Any] | None = None
        if any(value is not None for value in months):
            monthly = [value or 0 for value in months]
        elif self[f"{name}_average"].data is not None:
            monthly = [self[f"{name}_average"].data]
        return {
            "channel": name,
            "aht_s": self[f"{name}_aht_s"].data,
            "concurrency": self[f"{name}_concurrency"].data if name == Channel.CHAT else 1,
            "measured": self[f"{name}_measured"].data == "measured",
            "monthly": monthly,
            "growth_pct": self[f"{name}_growth"].data,
        }


def channels_form(rows: Sequence[RequirementChannel]) -> tuple[type[EditingForm], dict[str, Any]]:
    """The form of step 2 and what it is filled with."""
    fields: dict[str, Any] = {}
    for channel, name in CHANNEL_NAMES.items():
        fields[f"{channel}_on"] = BooleanField(name)
        fields[f"{channel}_aht_s"] = IntegerField(_l("Handle time"), [Needed()])
        if channel == Channel.CHAT:
            fields[f"{channel}_concurrency"] = IntegerField(_l("Chats at once"), [Optional()], default=2)
        fields[f"{channel}_growth"] = SignedDecimalField(_l("Growth"), [Optional()], decimals=2)
        fields[f"{channel}_average"] = LocalDecimalField(_l("Contacts a month"), [Needed()], decimals=2)
        for month in MONTHS:
            # The label is written by the template, in the reader's language.
            fields[f"{channel}_month_{month}"] = LocalDecimalField("", [Optional()], decimals=2)
        fields[f"{channel}_measured"] = RadioField(
            _l("These figures are"),
            choices=choices({"measured": _l("measured"), "estimated": _l("estimated")}),
            default="estimated",
        )
    return _built(ChannelsForm, fields), _channels_filled(rows)


def _channels_filled(rows: Sequence[RequirementChannel]) -> dict[str, Any]:
    filled: dict[str, Any] = {}
    for row in rows:
        filled[f"{row.channel}_on"] = True
        filled[f"{row.channel}_aht_s"] = row.aht_s
        filled[f"{row.channel}_concurrency"] = row.concurrency
        filled[f"{row.channel}_measured"] = "measured" if row.measured else "estimated"
        filled[f"{row.channel}_growth"] = row.growth_pct
        if row.source == "file":
            continue
        if len(row.monthly) == 1:
            filled[f"{row.channel}_average"] = row.monthly[0]
        filled |= {f"{row.channel}_month_{n}": value for n, value in enumerate(row.monthly, 1) if len(row.monthly) > 1}
    return filled


class LanguagesForm(EditingForm):
    """Step 3: languages and opening hours."""

    timezone = SelectField(_l("Time zone of these hours"), choices=zone_choices)
    is_24x7 = BooleanField(_l("Around the clock, every day"))

    def answers(self) -> dict[str, Any]:
        """Languages with a code, and the spans of each weekday."""
        return {
            "timezone": self.timezone.data,
            "is_24x7": self.is_24x7.data,
            "hours": {} if self.is_24x7.data else {day: _spans(day, self[day].data or "") for day in WEEKDAY_NAMES},
            "languages": [row for row in map(self._language, self.positions) if row["code"]],
        }

    @property
    def positions(self) -> range:
        """The numbers of the language rows."""
        return range(1, sum(name.startswith("language_") for name in self._fields) + 1)

    def _language(self, position: int) -> dict[str, Any]:
        return {
            "code": self[f"language_{position}"].data,
            "level": self[f"level_{position}"].data,
            "share": "" if self[f"share_{position}"].data is None else self[f"share_{position}"].data,
        }


def languages_form(requirement: Requirement) -> tuple[type[EditingForm], dict[str, Any]]:
    """The form of step 3 and what it is filled with."""
    fields: dict[str, Any] = {}
    filled: dict[str, Any] = {"timezone": requirement.timezone, "is_24x7": requirement.is_24x7}
    none = SelectChoice("", _l("None"))
    for position in range(1, len(requirement.languages) + SPARE_LANGUAGES + 1):
        fields[f"language_{position}"] = SelectField(_l("Language"), choices=[none, *spoken_choices()])
        fields[f"level_{position}"] = SelectField(_l("Level"), choices=choices(LEVEL_NAMES), default="B2")
        fields[f"share_{position}"] = LocalDecimalField(_l("Share"), [Needed()], decimals=1)
    for position, one in enumerate(requirement.languages, start=1):
        filled |= {
            f"language_{position}": one["code"],
            f"level_{position}": one["level"],
            f"share_{position}": one["share"],
        }
    for day, name in WEEKDAY_NAMES.items():
        fields[day] = StringField(name, [Optional(), Length(max=60)])
        filled[day] = ", ".join(f"{opens}–{closes}" for opens, closes in requirement.hours.get(day, ()))
    return _built(LanguagesForm, fields), filled


def _spans(day: str, text: str) -> list[list[str]]:
    """ "08:00–12:00, 13:00–18:00" as pairs. Raises Invalid."""
    spans = []
    for part in filter(str.strip, text.translate(DASHES).split(",")):
        ends = [end.strip() for end in part.split("-")]
        if len(ends) != 2:
            raise Invalid(_l("Write hours as 08:00–20:00; leave the day empty when closed."), day)
        spans.append([end if len(end) == 5 else f"0{end}" for end in ends])
    return spans


class TargetsForm(EditingForm):
    """Step 4: one target for each channel."""

    def answers(self) -> dict[str, Any]:
        """The targets by channel."""
        channels = [name.removesuffix("_metric") for name in self._fields if name.endswith("_metric")]
        keys = ("metric", "value", "minimum", "seconds")
        return {"targets": {channel: {key: self[f"{channel}_{key}"].data for key in keys} for channel in channels}}


def targets_form(rows: Sequence[RequirementChannel]) -> tuple[type[EditingForm], dict[str, Any]]:
    """The form of step 4 and what it is filled with."""
    fields: dict[str, Any] = {}
    filled: dict[str, Any] = {}
    for row in rows:
        names = {code: measure(code).name for code in TARGETS[Channel(row.channel)]}
        fields[f"{row.channel}_metric"] = SelectField(_l("Figure"), choices=choices(names, empty=_l("Choose")))
        fields[f"{row.channel}_value"] = LocalDecimalField(_l("Target"), [Needed()], decimals=2)
        fields[f"{row.channel}_minimum"] = LocalDecimalField(_l("Minimum"), [Optional()], decimals=2)
        fields[f"{row.channel}_seconds"] = IntegerField(_l("Within"), [Optional()])
        for key in ("metric", "value", "minimum", "seconds"):
            filled[f"{row.channel}_{key}"] = getattr(row, f"target_{key}")
    return _built(TargetsForm, fields), filled


class MoneyForm(EditingForm):
    """Step 5: the term, the currency, and what nobody else sees."""

    start_on = DateField(_l("Start"), [Needed()])
    term_months = IntegerField(_l("Length"), [Needed()])
    currency = SelectField(_l("Currency of the bids"), choices=currency_choices)
    validity_days = IntegerField(
        _l("Bids stay valid for"),
        [InputRequired(_l("Write how many days."))],
        description=_l("Counted from the deadline; until then a vendor stands by its price."),
    )

    def answers(self) -> dict[str, Any]:
        """The answers as `save_step` takes them, amounts in minor units."""
        names = ("start_on", "term_months", "currency", "validity_days")
        found = {name: self[name].data for name in names}
        return found | {f"{name}_minor": self[name].data for name in ("budget_total", "budget_month", "inhouse_month")}


def money_form(requirement: Requirement, budget: Any, currency: str) -> tuple[type[EditingForm], dict[str, Any]]:
    """The form of step 5, reading amounts in `currency`, and what it is filled with."""
    labels = {
        "budget_total": _l("Budget for the whole term"),
        "budget_month": _l("Budget a month"),
        "inhouse_month": _l("What the service costs you a month today"),
    }
    fields = {name: AmountField(label, [Optional()], currency=currency) for name, label in labels.items()}
    filled = {name: getattr(requirement, name) for name in ("start_on", "term_months", "currency", "validity_days")}
    return _built(MoneyForm, fields), filled | {name: getattr(budget, f"{name}_minor", None) for name in labels}


class DeadlineForm(EditingForm):
    """Step 6: until when bids are taken."""

    deadline_date = DateField(_l("Date"), [Needed()])
    deadline_time = TimeField(_l("Time"), [Needed()])
    deadline_zone = SelectField(_l("Time zone"), choices=zone_choices)
    min_bids = IntegerField(
        _l("Least number of bids"),
        [InputRequired(_l("Write a number from 1 to 10."))],
        description=_l("With fewer bids at the deadline they stay sealed and the requirement ends without an award."),
    )

    def answers(self) -> dict[str, Any]:
        """The deadline as local time."""
        day, time = self.deadline_date.data, self.deadline_time.data
        if (day is None) != (time is None):
            raise Invalid(_l("Give both a date and a time."), "deadline_date" if day is None else "deadline_time")
        return {
            "deadline_local": None if day is None else datetime.combine(day, time),
            "deadline_zone": self.deadline_zone.data,
            "min_bids": self.min_bids.data,
        }


def deadline_form(requirement: Requirement) -> tuple[type[EditingForm], dict[str, Any]]:
    """The form of step 6 and what it is filled with."""
    local = datetime.fromisoformat(requirement.deadline_local) if requirement.deadline_local else None
    return DeadlineForm, {
        "deadline_date": local.date() if local else None,
        "deadline_time": local.time() if local else None,
        "deadline_zone": requirement.deadline_zone or requirement.timezone,
        "min_bids": requirement.min_bids,
    }
