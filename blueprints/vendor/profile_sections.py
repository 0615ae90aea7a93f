"""The sections of a vendor's profile in the order of the editor, and what their pages have in common."""

from typing import Any, NamedTuple

from flask import url_for
from flask_babel import lazy_gettext as _l

from blueprints.vendor.forms import profile as forms
from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.catalog import queries
from portal.catalog.profile_queries import profile_with_completeness


class Section(NamedTuple):
    """A step of the editor: its name in addresses, its title, its question, and its form unless it holds rows."""

    name: str
    title: Any
    question: Any
    form: type[forms.SectionForm] | None = None
    endpoint: str = "vendor.edit_profile_section"

    @property
    def url(self) -> str:
        """Where it is filled in."""
        return url_for(self.endpoint, section=self.name) if self.form else url_for(self.endpoint)


SECTIONS = (
    Section("about", _l("About you"), _l("Who are you?"), forms.AboutForm),
    Section("size", _l("Size"), _l("How large are you, and how fast can you grow?"), forms.SizeForm),
    Section("sites", _l("Sites"), _l("Where do your teams sit?"), forms.SitesForm),
    Section("languages", _l("Languages and hours"), _l("Which languages do you serve, and when?"), forms.LanguagesForm),
    Section("experience", _l("Industries"), _l("Which industries do you know?"), forms.ExperienceForm),
    Section("offer", _l("What you take on"), _l("What do you take on, and from which size?"), forms.OfferForm),
    Section(
        "technology", _l("Technology"), _l("What do you work with, and what do you automate?"), forms.TechnologyForm
    ),
    Section("quality", _l("Quality"), _l("How do you keep quality?"), forms.QualityForm),
    Section("security", _l("Data protection"), _l("How do you protect data?"), forms.SecurityForm),
    Section(
        "certificates",
        _l("Certificates"),
        _l("Which certificates do you hold?"),
        endpoint="vendor.list_profile_certificates",
    ),
    Section("references", _l("References"), _l("Who can speak for you?"), endpoint="vendor.list_profile_references"),
    Section(
        "calendar",
        _l("Free seats and closures"),
        _l("When are seats free, and when are you closed?"),
        endpoint="vendor.show_profile_calendar",
    ),
    Section("private", _l("Contacts, not public"), _l("Whom can we reach?"), forms.PrivateForm),
)
BY_NAME = {section.name: section for section in SECTIONS}


def after(section: Section) -> Section:
    """The section that follows; after the last one the first."""
    return SECTIONS[(SECTIONS.index(section) + 1) % len(SECTIONS)]


def frame(actor: Actor, section: Section | None) -> dict[str, Any]:
    """What every page of the editor shows: the steps with their ticks, how much is filled in, what comes next."""
    _profile, found = profile_with_completeness(actor)
    following = found.next
    return {
        "section": section,
        "steps": [{"label": one.title, "url": one.url, "state": _state(one, section, found.full)} for one in SECTIONS],
        "percent": found.percent,
        "next_step": following,
        "next_url": BY_NAME[following.section].url if following else None,
        "missing": [(part.sentence, BY_NAME[part.section]) for part in found.missing],
        "slug": queries.public_slug(actor),
        "can_edit": actor.can(Permission.PROFILE_EDIT),
    }


def _state(one: Section, current: Section | None, full: frozenset[str]) -> str:
    if one is current:
        return "now"
    return "done" if one.name in full else "later"
