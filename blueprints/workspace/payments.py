"""A card payment on its way: the page that waits for the provider, with and without JavaScript."""

import uuid

from flask import Response, make_response, render_template

from blueprints.shared.actor import require_actor
from blueprints.shared.routes import Routes, needs
from portal.accounts.permissions import Permission
from portal.billing import queries
from portal.billing.states import PaymentState

routes = Routes()

RELOAD_S = {
    PaymentState.SUBMITTED: 2,
    PaymentState.UNKNOWN: 10,
    PaymentState.REQUIRES_ACTION: 10,
    PaymentState.PROCESSING: 60,
}


@routes.get("/payments/<uuid:payment_id>")
@needs(Permission.INVOICE_VIEW)
def show_payment(payment_id: uuid.UUID) -> Response:
    """Where a payment stands, and the way to the provider's page. Reloads itself while something may change."""
    payment, invoice = queries.payment_for(require_actor(), payment_id)
    is_payer = require_actor().company_id == payment.buyer_id
    page = render_template("workspace/payments/show.html", payment=payment, invoice=invoice, is_payer=is_payer)
    response = make_response(page)
    pause = RELOAD_S.get(PaymentState(payment.state))
    if pause is not None:
        response.headers["Refresh"] = str(pause)
    return response
