"""The forms of a vendor's profile: one small form for each section, saved by itself.

`layout` says which fields stand together: a name stands alone, names in a tuple side by side.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    FieldList,
    Form,
    FormField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional

from blueprints.shared.choices import spoken_choices, zone_choices
from blueprints.shared.fields import LocalDecimalField
from blueprints.shared.forms import EditingForm
from blueprints.vendor.forms.parts import Boxes, LanguageRow, SiteRow, count_field, filled_rows
from portal.catalog.checks import MOST
from portal.catalog.profile_checks import MAX_LINE, MAX_NOTE, MAX_VOLUME
from portal.catalog.profile_words import (
    AGENT_MODEL_NAMES,
    AUTOMATION_NAMES,
    DAYS_NAMES,
    INTEGRATION_NAMES,
    OWNERSHIP_NAMES,
    RHYTHM_NAMES,
    SYSTEM_NAMES,
    TURNOVER_NAMES,
    System,
)
from portal.measures.words import CHANNEL_NAMES, INDUSTRY_NAMES, MODE_NAMES, SERVICE_TYPE_NAMES

MOST_ROWS = 34
Layout = tuple[str | tuple[str, ...], ...]


def _choice(label: Any, names: Mapping[Any, Any], **options: Any) -> SelectField:
    """One of a closed list, or none of it."""
    choices = [SelectChoice("", _l("Choose")), *(SelectChoice(str(value), name) for value, name in names.items())]
    return SelectField(label, choices=choices, default="", **options)


def _line(label: Any, description: Any = "", most: int = MAX_LINE) -> StringField:
    return StringField(label, [Length(max=most)], description=description)


class SectionForm(EditingForm):
    """A section of the profile: writes its fields as the action takes them."""

    layout: ClassVar[Layout] = ()
    lists: ClassVar[Mapping[str, str]] = {}
    """Lists of rows by name, with the part without which a row is empty."""
    document: ClassVar[str] = ""
    """The one field of the profile that the fields of this form are parts of; '' where they are fields themselves."""

    @property
    def values(self) -> dict[str, Any]:
        """What was filled in, as the action takes it."""
        names = [name for group in self.layout for name in ((group,) if isinstance(group, str) else group)]
        found = {
            name: filled_rows(self[name], self.lists[name]) if name in self.lists else self[name].data for name in names
        }
        return {self.document: found} if self.document else found

    @classmethod
    def filled_from(cls, profile: Any) -> dict[str, Any]:
        """The form's data for a row as it is stored; version 0 says that there is none yet."""
        if profile is None:
            return {"version": 0}
        names = [name for group in cls.layout for name in ((group,) if isinstance(group, str) else group)]
        if cls.document:
            return {**getattr(profile, cls.document), "version": profile.version}
        return {name: getattr(profile, name) for name in names} | {"version": profile.version}


class AboutForm(SectionForm):
    """Who the vendor is, in words."""

    layout = (
        "headline",
        "description",
        "website",
        ("legal_name", "trading_name"),
        ("founded", "ownership"),
        ("turnover", "credit_rating"),
    )
    headline = StringField(
        _l("Headline"),
        [Length(max=MOST["headline"])],
        description=_l("The one sentence under your name in the directory."),
    )
    description = TextAreaField(_l("Description"), [Length(max=MOST["description"])], render_kw={"rows": 8})
    website = _line(_l("Website"), most=200)
    legal_name = _line(_l("Legal name"), _l("As your trade register writes it."))
    trading_name = _line(_l("Trading name"), _l("Where customers know you by another one."))
    founded = count_field(_l("Founded in"))
    ownership = _choice(_l("Ownership"), OWNERSHIP_NAMES)
    turnover = _choice(_l("Turnover a year"), TURNOVER_NAMES)
    credit_rating = _line(_l("Credit rating"), _l("The rating with the agency that gave it."), most=80)


class SizeForm(SectionForm):
    """How many people there are, and how fast there can be more."""

    layout = (("employees", "agents"), ("seats_free", "ramp_per_month"))
    employees = count_field(_l("Employees"), _l("Everybody on your payroll."))
    agents = count_field(_l("Agents"), _l("Everybody who answers customers, in full-time equivalents."))
    seats_free = count_field(_l("Seats free now"), _l("A figure of your calendar goes before this one."))
    ramp_per_month = count_field(_l("New agents a month"), _l("How many you can hire and train for one customer."))


class FullSiteRow(SiteRow):
    """One site with who works from home and who takes over."""

    home_percent = count_field(_l("From home, percent"))
    pair = StringField(_l("Site that takes over"), [Length(max=80)])


class SitesForm(SectionForm):
    """Where the teams sit."""

    layout = ("sites",)
    lists = {"sites": "city"}
    sites = FieldList(
        FormField(FullSiteRow),
        label=_l("Sites"),
        max_entries=MOST_ROWS,
        description=_l(
            "The first one is shown in the list. The site that takes over is the city of another row: where work goes"
            " on when this one cannot be used."
        ),
    )


class FullLanguageRow(LanguageRow):
    """One language with how many speak it, and where."""

    agents = count_field(_l("Agents"))
    site = StringField(_l("Site"), [Length(max=80)])


class HoursRow(Form):
    """When a language is staffed; a row without times is empty."""

    code = SelectField(_l("Language"), choices=lambda: [SelectChoice("", _l("All other languages")), *spoken_choices()])
    days = SelectField(_l("Days"), choices=[SelectChoice(day, name) for day, name in DAYS_NAMES.items()])
    start = StringField(_l("From"), [Length(max=5)], render_kw={"placeholder": "08:00"})
    end = StringField(_l("To"), [Length(max=5)], render_kw={"placeholder": "20:00"})


class LanguagesForm(SectionForm):
    """What is spoken, how well, and when."""

    layout = ("languages", "is_always_open", "hours", "hours_timezone")
    lists = {"languages": "code", "hours": "start"}
    languages = FieldList(FormField(FullLanguageRow), label=_l("Languages"), max_entries=MOST_ROWS)
    is_always_open = BooleanField(_l("Around the clock, every day"))
    hours = FieldList(
        FormField(HoursRow),
        label=_l("Or hours by language"),
        max_entries=MOST_ROWS,
        description=_l("One row without a language is enough when all keep the same hours."),
    )
    hours_timezone = SelectField(_l("Time zone of the hours"), choices=zone_choices, default="UTC")


class ExperienceRow(Form):
    """An industry with what the vendor did there; a row without an industry is empty."""

    industry = _choice(_l("Industry"), INDUSTRY_NAMES)
    years = count_field(_l("Years"))
    largest = count_field(_l("Largest team, agents"))
    clients = StringField(_l("Clients, by name or in general"), [Length(max=MAX_LINE)])


class ExperienceForm(SectionForm):
    """Which industries the vendor knows."""

    layout = ("experience",)
    lists = {"experience": "industry"}
    experience = FieldList(FormField(ExperienceRow), label=_l("Industries"), max_entries=MOST_ROWS)


class VolumeRow(Form):
    """How much comes in on a channel; a row without a channel is empty."""

    channel = _choice(_l("Channel"), CHANNEL_NAMES)
    volume = count_field(_l("Contacts a year"), most=MAX_VOLUME)


class OfferForm(SectionForm):
    """What the vendor takes on, and from which size."""

    layout = (
        "service_types",
        "channel_volumes",
        ("modes", "agent_models"),
        ("minimum_agents", "minimum_months", "lead_days"),
    )
    lists = {"channel_volumes": "channel"}
    service_types = Boxes(_l("What the contacts are about"), SERVICE_TYPE_NAMES)
    channel_volumes = FieldList(FormField(VolumeRow), label=_l("Channels"), max_entries=MOST_ROWS)
    modes = Boxes(_l("Forms of outsourcing"), MODE_NAMES)
    agent_models = Boxes(_l("Agent models"), AGENT_MODEL_NAMES)
    minimum_agents = count_field(_l("Smallest team"))
    minimum_months = count_field(_l("Shortest term, months"))
    lead_days = count_field(_l("Days to go-live"))


class TechnologyForm(SectionForm):
    """What the vendor works with, connects to and automates."""

    layout = ("automation", "integrations", ("acd", "crm"), ("ticketing", "wfm"), ("qa", "knowledge"))
    automation = Boxes(_l("What is automated"), AUTOMATION_NAMES)
    integrations = Boxes(_l("Integrations"), INTEGRATION_NAMES)
    acd = _line(SYSTEM_NAMES[System.ACD])
    crm = _line(SYSTEM_NAMES[System.CRM])
    ticketing = _line(SYSTEM_NAMES[System.TICKETING])
    wfm = _line(SYSTEM_NAMES[System.WFM])
    qa = _line(SYSTEM_NAMES[System.QA])
    knowledge = _line(SYSTEM_NAMES[System.KNOWLEDGE])

    @property
    def values(self) -> dict[str, Any]:
        """Two lists of boxes are one field of the profile, the products another."""
        return {
            "technology": [*self.automation.data, *self.integrations.data],
            "systems": {system.value: self[system.value].data for system in SYSTEM_NAMES},
        }

    @classmethod
    def filled_from(cls, profile: Any) -> dict[str, Any]:
        """The form's data for a profile as it is stored."""
        if profile is None:
            return {"version": 0}
        ticked = set(profile.technology)
        return {
            **profile.systems,
            "automation": [one for one in AUTOMATION_NAMES if one in ticked],
            "integrations": [one for one in INTEGRATION_NAMES if one in ticked],
            "version": profile.version,
        }


class QualityForm(SectionForm):
    """The quality programme in figures."""

    layout = (
        ("samples", "rhythm"),
        ("initial_hours", "product_hours", "soft_hours"),
        "curriculum",
        ("attrition", "agents_per_leader", "agents_per_auditor"),
    )
    document = "quality"
    samples = count_field(_l("Checked contacts per agent and month"), _l("Four to ten are usual."))
    rhythm = _choice(_l("Calibration with the buyer"), RHYTHM_NAMES)
    initial_hours = count_field(_l("Initial training, hours"))
    product_hours = count_field(_l("Product training, hours"))
    soft_hours = count_field(_l("Conversation training, hours"))
    curriculum = TextAreaField(
        _l("What the training covers"),
        [Length(max=MAX_NOTE)],
        description=_l("The subjects in their order, and how you test what was learned."),
    )
    attrition = LocalDecimalField(_l("Attrition a year, percent"), [Optional()], decimals=1)
    agents_per_leader = count_field(_l("Agents per team leader"))
    agents_per_auditor = count_field(_l("Agents per quality auditor"))


class SecurityForm(SectionForm):
    """How data is protected, beside the certificates."""

    layout = ("has_dpo", "pen_test_on", "insurance", "incidents")
    document = "security"
    has_dpo = BooleanField(_l("We have a data protection officer"))
    pen_test_on = DateField(_l("Last penetration test"), [Optional()])
    insurance = _line(_l("Insurance cover"), _l("What is insured and up to which amount, with the currency."))
    incidents = TextAreaField(
        _l("Incidents of the last three years"),
        [Length(max=MAX_NOTE)],
        description=_l("What happened and what you changed. Write “None” when there was none."),
    )

    @classmethod
    def filled_from(cls, profile: Any) -> dict[str, Any]:
        """The form's data for a profile as it is stored; the day is a date, not text."""
        found = super().filled_from(profile)
        day = found.get("pen_test_on")
        return found | {"pen_test_on": date.fromisoformat(day) if day else None}


class ContactRow(Form):
    """Somebody to talk to; a row without a name is empty."""

    name = StringField(_l("Name"), [Length(max=MAX_LINE)])
    role = StringField(_l("Role"), [Length(max=MAX_LINE)])
    email = EmailField(_l("E-mail"), [Length(max=254)])
    phone = StringField(_l("Phone"), [Length(max=40)])


class PrivateForm(SectionForm):
    """Whom staff can reach; never public."""

    layout = ("contacts", ("dpo_name", "dpo_email"))
    lists = {"contacts": "name"}
    contacts = FieldList(FormField(ContactRow), label=_l("Contacts"), max_entries=MOST_ROWS)
    dpo_name = _line(_l("Data protection officer"))
    dpo_email = EmailField(_l("Their e-mail address"), [Length(max=254)])
