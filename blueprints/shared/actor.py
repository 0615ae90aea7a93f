"""The actor of the running request: found once, from the session cookie or, under /api/, from the token."""

from typing import cast

from flask import g, request
from flask_login import AnonymousUserMixin, LoginManager, UserMixin, current_user

from blueprints.shared.bearer import TokenNeeded, current_bearer, is_api_request
from portal.accounts import sessions
from portal.accounts.actor import Actor
from portal.kit.errors import PortalError


class SignInFirst(PortalError):
    """A page for people who have signed in; the edge answers with the sign-in page."""

    status = 401


class Visitor(UserMixin):  # type: ignore[misc]
    """What Flask-Login remembers of somebody: the session token, and the actor it stands for."""

    def __init__(self, token: str, actor: Actor) -> None:
        self.token, self.actor = token, actor

    def get_id(self) -> str:
        """The opaque token that the signed cookie carries."""
        return self.token


class Stranger(AnonymousUserMixin):  # type: ignore[misc]
    """Somebody who has not signed in."""

    token = ""
    actor: Actor | None = None


login_manager = LoginManager()
login_manager.anonymous_user = Stranger
login_manager.session_protection = None  # sessions live in the database and end there


@login_manager.user_loader
def _load(token: str) -> Visitor | None:
    actor = sessions.find(token)
    return Visitor(token, actor) if actor else None


def current_actor() -> Actor | None:
    """Who is asking, or None for a stranger."""
    if g.get("is_plain_reading"):
        return None
    if is_api_request():
        bearer = current_bearer()
        return bearer.actor if bearer else None
    return cast("Actor | None", current_user.actor)


def require_actor() -> Actor:
    """Who is asking. Raises SignInFirst for a stranger, TokenNeeded under /api/."""
    actor = current_actor()
    if actor is None:
        raise TokenNeeded if is_api_request() else SignInFirst
    return actor


def session_token() -> str:
    """The token of the running session, '' for a stranger."""
    return cast(str, current_user.token)


def client_address() -> str:
    """The network address a request came from, as the configured proxies report it."""
    return request.remote_addr or ""
