"""That a vendor has looked at a requirement: a view notes it, the edge writes it down.

The transaction of a GET cannot write, so what was noted is written in one of its own after the page's has ended.
"""

from flask import g

from blueprints.shared.actor import require_actor
from portal.kit import tenancy
from portal.needs.looks import note_look
from portal.needs.models import Requirement


def note_look_at(requirement: Requirement) -> None:
    """Note that this request shows a requirement; it matters for vendors, and only while bids are taken."""
    if requirement.accepts_bids and require_actor().company_kind == "vendor":
        g.looked_at = (requirement.id, requirement.buyer_id)


def record_noted_look(limits: tenancy.Limits) -> None:
    """Write down what was noted, in a new transaction that the edge commits."""
    noted = g.pop("looked_at", None)
    if noted is None:
        return
    actor = require_actor()
    tenancy.enter(actor.scope, limits)
    note_look(actor, *noted)
