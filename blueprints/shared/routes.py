"""Routes of one task module, recorded first and attached by their audience, so that neither imports the other.

Each route says who may use it: `needs(permission)`, `signed_in` or `open_to_all`. Attaching a route that says nothing
fails, so that nothing is open by forgetting.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Blueprint

from blueprints.shared.actor import require_actor
from portal.accounts.permissions import Permission

View = Callable[..., Any]


class Unguarded(RuntimeError):
    """A route names nobody who may use it."""


class Routes:
    """The routes of one task, in the order they were written."""

    def __init__(self) -> None:
        self._rules: list[tuple[str, tuple[str, ...], View]] = []

    def get(self, rule: str) -> Callable[[View], View]:
        """A page."""
        return self._on(rule, ("GET",))

    def post(self, rule: str) -> Callable[[View], View]:
        """An act."""
        return self._on(rule, ("POST",))

    def form(self, rule: str) -> Callable[[View], View]:
        """A page with a form that is sent to its own address."""
        return self._on(rule, ("GET", "POST"))

    def _on(self, rule: str, methods: tuple[str, ...]) -> Callable[[View], View]:
        def record(view: View) -> View:
            self._rules.append((rule, methods, view))
            return view

        return record

    def attach(self, blueprint: Blueprint) -> None:
        """Add every route to the blueprint under its function's name. Raises Unguarded."""
        for rule, methods, view in self._rules:
            if not hasattr(view, "guard"):
                raise Unguarded(
                    f"{view.__module__}.{view.__name__}: add @needs(Permission.…), @signed_in or @open_to_all"
                )
            blueprint.add_url_rule(rule, view.__name__, view, methods=methods)


def needs(permission: Permission) -> Callable[[View], View]:
    """The route is for actors with this permission: others get 403, strangers the sign-in page."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(**arguments: Any) -> Any:
            require_actor().permit(permission)
            return view(**arguments)

        guarded.guard = permission  # type: ignore[attr-defined]
        return guarded

    return guard


def signed_in(view: View) -> View:
    """The route is for everybody who has signed in."""

    @wraps(view)
    def guarded(**arguments: Any) -> Any:
        require_actor()
        return view(**arguments)

    guarded.guard = "signed_in"  # type: ignore[attr-defined]
    return guarded


def open_to_all(view: View) -> View:
    """The route is public; the actor, if any, is only shown."""

    view.guard = "open_to_all"  # type: ignore[attr-defined]
    return view


def plain_reading(view: View) -> View:
    """A page that strangers only read: for those without a cookie the edge prepares no session, form or limit."""
    view.is_plain = True  # type: ignore[attr-defined]
    return view
