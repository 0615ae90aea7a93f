"""Telling the other party of an agreement what one side did."""

from portal.accounts.actor import Actor
from portal.agreements.models import Agreement
from portal.messaging import notify


def tell_other_party(actor: Actor, agreement: Agreement, kind: str, **details: object) -> None:
    """Send the company across the table a notice that knows agreement, title and acting company, and `details`."""
    about = {"agreement_id": str(agreement.id), "title": agreement.title, "company": actor.company_name}
    notify(agreement.other_party(actor.company_id), kind, about | details)
