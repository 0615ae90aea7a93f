"""API tokens of the company: the list, making one, whose secret is shown this once, and taking one back."""

import uuid
from typing import Any

from flask import current_app, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from blueprints.account.forms.api_tokens import ApiTokenForm
from blueprints.shared.actor import require_actor
from blueprints.shared.forms import done, form_page, submitted
from blueprints.shared.routes import Routes, needs
from portal.accounts import queries
from portal.accounts.actions import api_tokens
from portal.accounts.permissions import Permission
from portal.accounts.states import TokenScope
from portal.kit import clock

routes = Routes()

SCOPE_NAMES = {TokenScope.READ: _l("Read"), TokenScope.WRITE: _l("Read and write")}
# Word, tone and icon of each state; how a token stands follows from the clock and its person's seat.
STATES: dict[str, tuple[Any, str, str]] = {
    "active": (_l("Active"), "ok", "check-circle"),
    "expired": (_l("Expired"), "mute", "hourglass-bottom"),
    "revoked": (_l("Revoked"), "mute", "slash-circle"),
    "orphaned": (_l("Its person has left"), "mute", "slash-circle"),
}


@routes.get("/account/tokens")
@needs(Permission.API_TOKENS)
def list_api_tokens() -> str:
    """Every token of the company, whoever made it."""
    now = clock.now()
    return render_template(
        "account/api_tokens/list.html",
        rows=[(token, token.state_at(now)) for token in queries.api_tokens_for(require_actor())],
        scope_names=SCOPE_NAMES,
        states=STATES,
    )


@routes.form("/account/tokens/new")
@needs(Permission.API_TOKENS)
def create_api_token() -> str | tuple[str, int]:
    """Make a token. The page that answers is the only one that ever shows its secret."""
    actor, form = require_actor(), ApiTokenForm()
    made = submitted(
        form,
        lambda: api_tokens.create_token(
            actor, name=form.name.data, scope=form.scope.data, days=form.days.data, password=form.password.data
        ),
    )
    if made is None:
        return form_page("account/api_tokens/create.html", form)
    token, secret = made
    return render_template(
        "account/api_tokens/created.html",
        token=token,
        secret=secret,
        scope=SCOPE_NAMES[TokenScope(token.scope)],
        address=current_app.config["PORTAL"].base_url + url_for("api.show_me"),
    )


@routes.post("/account/tokens/<uuid:token_id>/revoke")
@needs(Permission.API_TOKENS)
def revoke_api_token(token_id: uuid.UUID) -> Response:
    """Take a token back at once."""
    token = api_tokens.revoke_token(require_actor(), token_id)
    done(_("The token “%(name)s” is revoked and opens nothing any more.", name=token.name))
    return redirect(url_for("account.list_api_tokens"))
