"""Forms of what a buyer keeps: the note beside a vendor, a saved search."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from blueprints.shared.forms import EditingForm, PortalForm
from portal.catalog.actions.searches import MAX_NAME
from portal.catalog.actions.shortlist import MAX_NOTE


class NoteForm(EditingForm):
    """What the company's members should know of a kept vendor."""

    note = TextAreaField(
        _l("Note"),
        [Length(max=MAX_NOTE)],
        description=_l("Read by members of your company only."),
        render_kw={"rows": 4, "maxlength": MAX_NOTE},
    )


def _name() -> StringField:
    return StringField(
        _l("Name of the search"),
        [InputRequired(_l("Give the search a name.")), Length(max=MAX_NAME)],
        render_kw={"maxlength": MAX_NAME},
    )


def _by_mail() -> BooleanField:
    return BooleanField(
        _l("Tell me of new vendors by e-mail"),
        description=_l("Once a day at most, in the morning, and only when a vendor newly fits."),
    )


class SearchSaveForm(PortalForm):
    """A search under a name."""

    name = _name()
    by_mail = _by_mail()


class SearchEditForm(EditingForm):
    """Another name, and its e-mails on or off."""

    name = _name()
    by_mail = _by_mail()
