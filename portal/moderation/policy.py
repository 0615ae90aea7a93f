"""Who may moderate whom."""

import uuid

from flask_babel import lazy_gettext as _l

from portal.accounts.actor import Actor
from portal.kit.errors import Forbidden
from portal.moderation.queries import is_impartial


def check_impartial(actor: Actor, company_id: uuid.UUID) -> None:
    """Raise Forbidden for a company that the actor belongs to: nobody moderates their own."""
    if not is_impartial(actor, company_id):
        raise Forbidden(_l("You are a member of this company, so somebody else decides."))
