"""Exchange rates for staff of finance: what is known, and a file with more."""

from typing import Any

from flask import redirect, render_template, url_for
from flask_babel import ngettext

from blueprints.admin.forms.exchange_rates import ExchangeRatesForm
from blueprints.shared.actor import require_actor
from blueprints.shared.forms import done, form_page, submitted
from blueprints.shared.routes import Routes, needs
from portal.accounts.permissions import Permission
from portal.pricing.exchange import LIMITS, import_rates, newest_rates

routes = Routes()


@routes.get("/exchange-rates")
@needs(Permission.STAFF_FINANCE)
def list_exchange_rates() -> str:
    """The newest rate of each pair of currencies."""
    return render_template("admin/exchange_rates/list.html", rates=newest_rates(require_actor()))


@routes.form("/exchange-rates/import")
@needs(Permission.STAFF_FINANCE)
def import_exchange_rates() -> Any:
    """A file of rates, taken whole or not at all."""
    form = ExchangeRatesForm()
    count = submitted(form, lambda: import_rates(require_actor(), form.file.data.stream.read(LIMITS.file_bytes + 1)))
    if count is None:
        return form_page("admin/exchange_rates/import.html", form)
    done(ngettext("%(num)d rate is imported.", "%(num)d rates are imported.", count))
    return redirect(url_for("admin.list_exchange_rates"), 303)
