"""The form by which one side refines the requirement before the signature."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from blueprints.shared.forms import EditingForm
from portal.needs.version_words import FIELD_NAMES
from portal.selection.actions.refinement import MAX_NOTE
from portal.selection.refinable import MAX_TEXT, refinable


class RefinementForm(EditingForm):
    """What is refined, and why; `version` is the number of the version its writer has read."""

    note = TextAreaField(
        _l("What changes and why"),
        [InputRequired(_l("Say what changes and why.")), Length(max=MAX_NOTE)],
        description=_l("The other side reads it."),
        render_kw={"rows": 2},
    )

    def values(self) -> dict[str, Any]:
        """The fields that may be refined."""
        kept = {"note", "version", "submission_id", "csrf_token"}
        return {name: field.data for name, field in self._fields.items() if name not in kept}


def refinement_form(mode: str) -> type[RefinementForm]:
    """The form for a requirement of this form of outsourcing."""
    fields: dict[str, Any] = {}
    for name in refinable(mode):
        label = FIELD_NAMES[("requirement", name)]
        if name.endswith("_on"):
            fields[name] = DateField(label, [InputRequired(_l("Write a date."))])
        else:
            fields[name] = TextAreaField(label, [Optional(), Length(max=MAX_TEXT)], render_kw={"rows": 4})
    return type("RefinementForm", (RefinementForm,), fields)
