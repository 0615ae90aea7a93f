"""Where Stripe reports: verify over the raw bytes, keep, answer. The work is a job's."""

from flask import Response, request
from flask_babel import lazy_gettext as _l

from blueprints.shared.routes import Routes, open_to_all
from portal.billing import inbox
from portal.billing.providers import BadSignature, card_provider
from portal.kit.errors import NotFound, PortalError

routes = Routes()


class Unsigned(PortalError):
    """A message that Stripe did not sign with our secret. Nothing of it is kept."""

    message = _l("The signature does not fit. Nothing was stored.")


@routes.post("/stripe")
@open_to_all
def receive_stripe_event() -> Response:
    """Keep one event; the same one again is answered alike and kept once."""
    provider = card_provider()
    if provider is None:
        raise NotFound
    try:
        event = provider.verify(request.get_data(cache=False), request.headers.get("Stripe-Signature", ""))
    except BadSignature as refused:
        raise Unsigned from refused
    inbox.store(event, provider.name)
    return Response(status=200)
