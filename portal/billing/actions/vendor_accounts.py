"""Connecting a vendor's account for card payments: the intent is committed here, a job goes to the provider."""

from flask import current_app
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.accounts.queries import letterheads
from portal.billing import policy
from portal.billing.models import VendorAccount
from portal.billing.providers import STRIPE, Payee, card_provider
from portal.billing.states import AccountStanding
from portal.billing.vendor_accounts import check_account, connect_account, new_key
from portal.kit import audit, clock, jobs
from portal.kit.db import db
from portal.kit.errors import Forbidden, NotFound, Unavailable
from portal.kit.ids import new_id
from portal.kit.tenancy import mine


def connect_vendor_account(actor: Actor) -> VendorAccount:
    """Ask for the way to the provider's page, where the vendor says who it is and where its money shall go.

    The first time this freezes the request for an account; it is made once, however often this is asked. Raises
    Unavailable when no card provider is configured.
    """
    actor.permit(Permission.ACCOUNT_CONNECT)
    if not policy.can_connect(actor) or actor.company_id is None:
        raise Forbidden
    provider = card_provider()
    if provider is None:
        raise Unavailable(_l("Cards are not taken here. Buyers pay you by bank transfer."))
    [company] = letterheads(actor.company_id)
    payee = Payee(
        company_id=company.company_id,
        name=company.name,
        country=company.country,
        email=company.billing_email,
        environment=current_app.config["PORTAL"].env,
    )
    request = provider.account_request(payee)
    first = insert(VendorAccount).values(
        id=new_id(),
        vendor_id=company.company_id,
        provider=provider.name,
        idem_key=new_key(),
        request=request,
        standing=AccountStanding.CONNECTING,
        capabilities={},
        requirements_due=[],
    )
    db.session.execute(first.on_conflict_do_nothing(constraint="uq_vendor_accounts_vendor"))
    account = _own()
    if account.ref is None and account.failure:  # refused as it was: ask anew, by what the company says of itself now
        account.idem_key, account.request, account.sent_at = new_key(), request, None
    elif account.standing == AccountStanding.LOST:  # the job makes another
        account.request = request
    account.link_wanted_at, account.link_url, account.failure = clock.now(), None, ""
    db.session.flush()
    audit.record(actor, "billing:account:connect", account)
    jobs.enqueue(connect_account, vendor_id=str(account.vendor_id))
    return account


def check_vendor_account(actor: Actor) -> None:
    """Look anew how the account stands, as after coming back from the provider's page."""
    actor.permit(Permission.ACCOUNT_CONNECT)
    account = _own()
    account.link_url = None  # it is used up once its page was left
    db.session.flush()
    audit.record(actor, "billing:account:ask", account)
    jobs.enqueue(check_account, vendor_id=str(account.vendor_id))


def _own() -> VendorAccount:
    query = select(VendorAccount).where(mine(VendorAccount), VendorAccount.provider == STRIPE).with_for_update()
    found = db.session.scalar(query)
    if found is None:
        raise NotFound
    return found
