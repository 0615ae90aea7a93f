"""Getting paid by card: the vendor's account at the payment service, how it stands, and the way there."""

from typing import Any

from flask import Response, current_app, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from blueprints.shared.actor import require_actor
from blueprints.shared.dashboards import Card, Item, dashboard_card
from blueprints.shared.forms import PortalForm
from blueprints.shared.routes import Routes, needs
from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.billing import actions, policy, queries
from portal.billing.models import VendorAccount
from portal.billing.states import AccountStanding
from portal.kit import clock
from portal.kit.errors import NotFound

routes = Routes()

# How the provider sends the vendor here: back from its page, or because a link was used or is too old.
COME_BY = ("back", "again")
OPENING_S, BACK_S, OPEN_S, CHECKING_S = 2, 5, 10, 30


@routes.get("/card-payments")
@needs(Permission.INVOICE_VIEW)
def show_card_account() -> Response:
    """How the account stands in words, and the way to the provider. Reloads itself while something may change."""
    _must_take_cards()
    actor = require_actor()
    account = queries.vendor_account_for(actor)
    link = account.link_at(clock.now()) if account is not None and policy.can_connect(actor) else None
    standing = standing_of(account)
    came = account is not None and next((way for way in COME_BY if way in request.args), None)
    page = render_template(
        "vendor/card_account/show.html",
        account=account,
        standing=standing,
        words=words_of(account),
        is_opening=account is not None and account.link_wanted_at is not None,
        link=link,
        came=came,
        can_connect=policy.can_connect(actor),
        form=PortalForm(),
    )
    response = make_response(page)
    pause = BACK_S if came else _pause(account, link)
    if pause is not None:
        response.headers["Refresh"] = f"{pause}; url={url_for('vendor.show_card_account')}"
    return response


@routes.post("/card-payments/connect")
@needs(Permission.ACCOUNT_CONNECT)
def connect_card_account() -> Any:
    """Ask for the way to the provider's page; the account's page waits for it."""
    _must_take_cards()
    actions.connect_vendor_account(require_actor())
    return redirect(url_for("vendor.show_card_account"), 303)


@routes.post("/card-payments/check")
@needs(Permission.ACCOUNT_CONNECT)
def check_card_account() -> Any:
    """Ask how the account stands now."""
    _must_take_cards()
    actions.check_vendor_account(require_actor())
    return redirect(url_for("vendor.show_card_account"), 303)


def _must_take_cards() -> None:
    """Where the portal bills by bank transfer alone these addresses do not exist."""
    if not current_app.config["PORTAL"].takes_cards:
        raise NotFound


def standing_of(account: VendorAccount | None) -> str:
    """The standing as pages name it; `none` where nothing is connected, nor about to be."""
    if account is None or (account.ref is None and account.link_wanted_at is None):
        return "none"
    return account.standing


def _pause(account: VendorAccount | None, link: str | None) -> int | None:
    """After how many seconds the page is worth another look."""
    if account is None:
        return None
    if account.link_wanted_at is not None:
        return OPENING_S
    if link is not None:
        return OPEN_S
    return CHECKING_S if account.standing == AccountStanding.CHECKING else None


def words_of(account: VendorAccount | None) -> tuple[str, str, str]:
    """What the standing means for the vendor: a tone, a sentence that says it, and what to do."""
    standing = standing_of(account)
    if account is None or standing == "none":
        if account is not None and account.failure:
            what = _("Check the country, address and e-mail of your company, then try again. Buyers can pay by bank.")
            return "bad", _("The payment service did not open an account."), what
        what = _("Buyers pay your invoices by bank transfer. Connect an account to let them pay by card as well.")
        return "info", _("No account is connected."), what
    if standing == AccountStanding.INCOMPLETE:
        missing = ngettext(
            "The payment service needs %(num)s more answer before buyers can pay by card.",
            "The payment service needs %(num)s more answers before buyers can pay by card.",
            max(len(account.requirements_due), 1),
        )
        return "warn", _("Information is missing."), missing
    if standing == AccountStanding.CHECKING:
        what = _("Nothing is to be done now; we tell you when buyers can pay by card.")
        return "info", _("The payment service is checking your details."), what
    if standing == AccountStanding.READY:
        what = _("With each card payment your share goes to this account at once; the commission is kept back.")
        if account.requirements_due:
            what = _("The payment service asks for more information. Give it soon, so that card payment goes on.")
        return "ok", _("Buyers can pay your invoices by card."), what
    if standing == AccountStanding.RESTRICTED:
        what = _("Buyers cannot pay by card. The page of the payment service says why, and what can be done.")
        return "bad", _("The payment service has restricted this account."), what
    if standing == AccountStanding.LOST:
        what = _("Buyers cannot pay by card. Connect an account anew.")
        return "bad", _("The payment service does not know this account any more."), what
    return "info", _("Your account is being opened."), _("This takes a few seconds. The page reloads by itself.")


@dashboard_card("vendor", position=25)
def card_account_card(actor: Actor) -> Card | None:
    """What keeps buyers from paying by card, for whoever can change it."""
    if not current_app.config["PORTAL"].takes_cards or not policy.can_connect(actor):
        return None
    account = queries.vendor_account_for(actor)
    standing = standing_of(account)
    if standing == AccountStanding.READY:
        return None
    _tone, sentence, _what = words_of(account)
    address = url_for("vendor.show_card_account")
    return Card(
        _("Get paid by card"),
        [Item(sentence, url=address, state=standing, noun="vendor_account")],
        url=address,
        link=_("Card payments"),
    )
