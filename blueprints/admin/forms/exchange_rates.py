"""The form for exchange rates."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired

from blueprints.shared.forms import PortalForm


class ExchangeRatesForm(PortalForm):
    """A file of rates."""

    file = FileField(
        _l("CSV file"),
        [FileRequired(_l("Choose the file."))],
        description=_l("The first line names the columns: date, base, currency, rate, source."),
    )
