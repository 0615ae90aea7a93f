"""The form of a vendor's profile."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import FieldList, FormField, StringField, TextAreaField
from wtforms.validators import Length

from blueprints.shared.forms import EditingForm
from blueprints.vendor.forms.parts import Boxes, LanguageRow, SiteRow, count_field, filled_rows
from portal.catalog.checks import MOST
from portal.catalog.models import VendorProfile
from portal.measures.words import INDUSTRY_NAMES

SAME = ("headline", "description", "website", "founded", "agents", "seats_free", "industries", "languages", "sites")


class ProfileForm(EditingForm):
    """What a vendor says about itself."""

    headline = StringField(
        _l("Headline"),
        [Length(max=MOST["headline"])],
        description=_l("The one sentence under your name in the directory."),
    )
    description = TextAreaField(_l("Description"), [Length(max=MOST["description"])])
    website = StringField(_l("Website"), [Length(max=200)])
    founded = count_field(_l("Founded in"))
    agents = count_field(_l("Agents"), _l("Everybody who answers customers, in full-time equivalents."))
    seats_free = count_field(_l("Seats free now"), _l("Keep this up to date: buyers filter and compare by it."))
    industries = Boxes(_l("Industries"), INDUSTRY_NAMES)
    languages = FieldList(FormField(LanguageRow), label=_l("Languages"), max_entries=34)
    sites = FieldList(FormField(SiteRow), label=_l("Sites"), max_entries=34)

    @property
    def values(self) -> dict[str, Any]:
        """What was filled in, as the action takes it."""
        same = {name: self[name].data for name in SAME if name not in ("languages", "sites")}
        return same | {"languages": filled_rows(self.languages, "code"), "sites": filled_rows(self.sites, "city")}


def filled_from(profile: VendorProfile | None) -> dict[str, Any]:
    """The form's data for a profile as it is stored; version 0 says that there is none yet."""
    if profile is None:
        return {"version": 0}
    return {name: getattr(profile, name) for name in SAME} | {"version": profile.version}
