"""What one agreement costs: months by fee class, its invoices, what is not invoiced yet."""

import uuid
from typing import Any

from flask import redirect, render_template, url_for
from flask_babel import gettext as _

from blueprints.shared.actor import require_actor
from blueprints.shared.forms import PortalForm, done
from blueprints.shared.invoice_sheet import CLASS_NAMES
from blueprints.shared.routes import Routes, needs
from blueprints.workspace.frame import agreement_frame
from blueprints.workspace.invoices import shown_state
from portal.accounts.permissions import Permission
from portal.agreements.queries import agreement_for
from portal.billing import actions, queries
from portal.kit.errors import Conflict

routes = Routes()


@routes.get("/agreements/<uuid:agreement_id>/invoices")
@needs(Permission.INVOICE_VIEW)
def list_agreement_invoices(agreement_id: uuid.UUID) -> str:
    """Costs by month and class, invoices, open charges."""
    actor = require_actor()
    agreement = agreement_for(actor, agreement_id)
    return render_template(
        "workspace/invoices/agreement.html",
        **agreement_frame(agreement),
        costs=queries.month_costs(agreement_id),
        invoices=queries.invoices_of_agreement(actor, agreement_id),
        charges=queries.open_charges(actor, agreement_id),
        class_names=CLASS_NAMES,
        shown_state=shown_state,
        form=PortalForm(),
    )


@routes.post("/agreements/<uuid:agreement_id>/invoices")
@needs(Permission.INVOICE_ISSUE)
def draft_agreement_invoice(agreement_id: uuid.UUID) -> Any:
    """Put everything that is open on a draft now, without waiting for the end of the month."""
    actor = require_actor()
    agreement = agreement_for(actor, agreement_id)
    invoice = actions.draft_invoice(actor, queries.schedule_of(agreement.id))
    if invoice is None:
        raise Conflict(_("Nothing is open to be invoiced."))
    done(_("The draft is ready. Check it and issue it."))
    return redirect(url_for("workspace.show_invoice", invoice_id=invoice.id), 303)
