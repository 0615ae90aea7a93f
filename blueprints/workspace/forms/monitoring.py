"""Forms of a reported month."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import IntegerField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import HiddenInput

from blueprints.shared.forms import EditingForm, PortalForm
from portal.measures.words import CHANNEL_NAMES
from portal.monitoring.items import ITEM_NAMES, items_of


class KpiPeriodEditForm(EditingForm):
    """A month's figures; the fields of each channel are added by `month_form`."""

    remark = TextAreaField(
        _l("Remark"),
        [Length(max=2000)],
        description=_l("What the buyer should know about this month."),
        render_kw={"rows": 3},
    )


class KpiPeriodUploadForm(PortalForm):
    """A month's figures as a file."""

    version = IntegerField(widget=HiddenInput(), default=0)
    file = FileField(_l("CSV file"), [FileRequired(_l("Choose a file."))])


class KpiPeriodObjectForm(EditingForm):
    """What is wrong with a month."""

    objection = TextAreaField(
        _l("Which figure is wrong, and why?"),
        [InputRequired(_l("Say which figure is wrong and why.")), Length(max=2000)],
        render_kw={"rows": 4},
    )


def field_name(channel: str, item: str) -> str:
    """The name of the field of one item of one channel."""
    return f"{channel}-{item}"


def month_form(targets: list[dict[str, Any]], **values: Any) -> KpiPeriodEditForm:
    """A form with a field for each item that each channel's target needs."""
    fields = {
        field_name(target["channel"], item): StringField(
            ITEM_NAMES[item],
            [InputRequired(_l("Enter a number from 0 up."))],
            render_kw={"inputmode": "decimal", "aria-description": str(CHANNEL_NAMES[target["channel"]])},
        )
        for target in targets
        for item in items_of(target)
    }
    return type("MonthForm", (KpiPeriodEditForm,), fields)(**values)
