"""The form of a service."""

import uuid
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, FormField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from blueprints.shared.choices import country_choices, zone_choices
from blueprints.shared.forms import EditingForm
from blueprints.vendor.forms.parts import Boxes, DayRow, LanguageRow, count_field, filled_rows, or_none
from portal.catalog.checks import MOST
from portal.catalog.models import SERVICE_FIGURES, SERVICE_TEXTS, Service
from portal.catalog.vocabulary import AROUND_THE_CLOCK
from portal.measures.words import CHANNEL_NAMES, INDUSTRY_NAMES, MODE_NAMES, WEEKDAY_NAMES


class ServiceForm(EditingForm):
    """What a vendor says about one service."""

    title = StringField(
        _l("Title"),
        [InputRequired(_l("Give the service a title: buyers see it first.")), Length(max=MOST["title"])],
        description=_l("What you do for whom, such as “Retail after-sales, phone and e-mail”."),
    )
    summary = StringField(_l("Summary"), [Length(max=MOST["summary"])], description=_l("One or two sentences."))
    description = TextAreaField(
        _l("Description"),
        [Length(max=MOST["description"])],
        description=_l("Team, training, quality checks, systems. No contact details: buyers write to you here."),
    )
    channels = Boxes(_l("Channels"), CHANNEL_NAMES)
    modes = Boxes(_l("Modes"), MODE_NAMES)
    industries = Boxes(_l("Industries"), INDUSTRY_NAMES)
    languages = FieldList(FormField(LanguageRow), label=_l("Languages"), max_entries=34)
    countries = FieldList(
        SelectField(_l("Country"), choices=or_none(country_choices)),
        label=_l("Delivered from, beside your sites"),
        max_entries=20,
    )
    around_the_clock = BooleanField(_l("Around the clock, every day"))
    days = FieldList(FormField(DayRow), label=_l("Hours"), min_entries=7, max_entries=7)
    timezone = SelectField(_l("Time zone of the hours"), choices=zone_choices)
    minimum_agents = count_field(_l("Smallest team"))
    minimum_months = count_field(_l("Shortest term"))
    lead_days = count_field(_l("Days to go-live"), _l("From signing until the first contact is answered."))
    rate_card_id = SelectField(_l("Rate card"), coerce=str, description=_l("The prices that are published with it."))

    @property
    def hours(self) -> Any:
        """The list of days, under the name that refusals of the hours carry."""
        return self.days

    @property
    def values(self) -> dict[str, Any]:
        """What was filled in, as the actions take it."""
        hours = {
            day: [[row.data["start"], row.data["end"]]]
            for day, row in zip(WEEKDAY_NAMES, self.days, strict=True)
            if row.data["start"] or row.data["end"]
        }
        found = {name: self[name].data for name in (*SERVICE_TEXTS, *SERVICE_FIGURES, "timezone")}
        return found | {
            "channels": self.channels.data,
            "modes": self.modes.data,
            "industries": self.industries.data,
            "languages": filled_rows(self.languages, "code"),
            "countries": list(dict.fromkeys(field.data for field in self.countries if field.data)),
            "hours": AROUND_THE_CLOCK if self.around_the_clock.data else hours,
            "rate_card_id": uuid.UUID(self.rate_card_id.data) if self.rate_card_id.data else None,
        }


def filled_from(service: Service) -> dict[str, Any]:
    """The form's data for a service as it is stored."""
    same = (*SERVICE_TEXTS, *SERVICE_FIGURES, "channels", "modes", "industries", "languages", "countries", "timezone")
    always = service.hours == AROUND_THE_CLOCK
    return {name: getattr(service, name) for name in same} | {
        "around_the_clock": always,
        "days": [_day({} if always else service.hours, day) for day in WEEKDAY_NAMES],
        "rate_card_id": str(service.rate_card_id or ""),
        "version": service.version,
    }


def _day(hours: dict[str, Any], day: str) -> dict[str, str]:
    intervals = hours.get(day) or [["", ""]]
    return {"start": intervals[0][0], "end": intervals[-1][1]}
