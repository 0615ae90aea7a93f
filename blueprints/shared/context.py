"""What every page may show: the actor, their menu, languages and zone."""

from functools import cache
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

from flask import Flask, current_app, g, has_request_context, request, session, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from blueprints.shared import fragments
from blueprints.shared.actor import current_actor
from blueprints.shared.bearer import is_api_request
from blueprints.shared.formatting import zone_line
from blueprints.shared.headers import csp_nonce
from blueprints.shared.navigation import menu_for
from blueprints.shared.translation import reading
from portal.accounts import queries
from portal.accounts.actor import Actor
from portal.accounts.permissions import ROLE_NAMES
from portal.kit import clock
from portal.measures import words

LANGUAGES = {"en": "English", "zh_Hant": "繁體中文", "zh_Hans": "简体中文"}


class Shown(NamedTuple):
    """The actor as pages show them."""

    person_name: str
    company_name: str
    company_kind: str | None
    role: Any
    is_staff: bool
    initials: str


def select_locale() -> str:
    """The language of this request: asked for in the address, chosen before, the person's, or the browser's.

    Outside a request (mails, documents) whoever writes them chooses; English if nobody did.
    """
    if not has_request_context():
        return "en"
    if is_api_request():  # a program has no session to choose a language in
        return _browser_language()
    asked = request.args.get("lang")
    if asked in LANGUAGES:
        session["language"] = asked
    chosen = session.get("language")
    if chosen in LANGUAGES:
        return str(chosen)
    actor = None if g.get("without_database") else current_actor()
    return actor.locale if actor else _browser_language()


def _browser_language() -> str:
    """The first language of Accept-Language that we speak; Chinese by script, or by region where none is named."""
    for tag in request.accept_languages.values():
        parts = tag.replace("_", "-").lower().split("-")
        if parts[0] == "en":
            return "en"
        if parts[0] == "zh":
            return "zh_Hant" if {"hant", "tw", "hk", "mo"} & set(parts) else "zh_Hans"
    return "en"


def select_timezone() -> str:
    """The zone in which this request's times are shown; UTC outside one."""
    actor = current_actor() if has_request_context() and not g.get("without_database") else None
    return actor.timezone if actor else "UTC"


def _shown(actor: Actor) -> Shown:
    words = [word for word in actor.person_name.split() if word[0].isalnum()]
    role = ROLE_NAMES.get(actor.role or "", _("Staff") if actor.is_staff else "")  # type: ignore[call-overload]
    initials = "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words))[:2].upper()
    return Shown(actor.person_name, actor.company_name, actor.company_kind, role, actor.is_staff, initials)


def _memberships(actor: Actor) -> list[dict[str, Any]]:
    if actor.company_count < 2 or actor.person_id is None:
        return []
    return [
        {
            "company_id": row.id,
            "name": row.name,
            "kind": row.kind,
            "role": ROLE_NAMES[row.role],
            "current": row.id == actor.company_id,
        }
        for row in queries.memberships_of(actor.person_id)
    ]


def _languages() -> list[dict[str, Any]]:
    current = reading().code
    kept = [(key, value) for key, value in request.args.items(multi=True) if key != "lang"]
    # A form that came back with errors is shown again by its own address, without what was typed.
    return [
        {
            "code": code,
            "label": label,
            "url": f"{quote(request.path)}?{urlencode([*kept, ('lang', code)])}",
            "current": code == current,
        }
        for code, label in LANGUAGES.items()
    ]


def install(app: Flask) -> None:
    """Give every template these names."""
    app.jinja_env.globals |= {
        "csp_nonce": csp_nonce,
        "mode_names": words.MODE_NAMES,
        "channel_names": words.CHANNEL_NAMES,
        "shared_part": _shared_part,
    }

    @app.context_processor
    def _shell() -> dict[str, Any]:
        if not has_request_context():
            return {}
        offline = g.get("without_database") or request.endpoint is None
        actor = None if offline else current_actor()
        unread = app.extensions.get("portal.unread_count")
        return {
            "actor": _shown(actor) if actor else None,
            "acting": actor,
            "navigation": menu_for(actor, current_app.view_functions),
            "unread_count": unread(actor) if actor and unread else 0,
            "memberships": _memberships(actor) if actor else [],
            "page_zone": zone_line(actor.timezone, clock.now()) if actor else "",
            "languages": [] if request.endpoint is None else _languages(),
            "is_test_payments": app.config["PORTAL"].payment_is_a_test,
            "shell_urls": _urls(request.script_root),
        }


def _shared_part(name: str) -> Markup:
    """A part of the shell that differs by language alone: drawn once, but anew each time while templates are edited."""
    if current_app.debug:
        return _drawn_part(name)
    return fragments.kept(("part", name, reading().code, request.script_root), lambda: _drawn_part(name))


def _drawn_part(name: str) -> Markup:
    template = current_app.jinja_env.get_template(name)
    return Markup(template.render(shell_urls=_urls(request.script_root)))  # noqa: S704 - drawn with escaping


@cache
def _urls(_root: str) -> dict[str, str]:
    """Where the links of the shell lead, for a portal that lives under `_root`."""
    return {
        "home": url_for("public.show_home"),
        "search": url_for("public.list_vendors"),
        "notifications": url_for("workspace.list_notifications"),
        "account": url_for("account.show_account"),
        "team": url_for("account.show_team"),
        "sign_out": url_for("account.sign_out"),
        "switch_company": url_for("account.switch_company"),
        "desk": url_for("account.go_to_desk"),
        "help": url_for("public.show_questions"),
        "privacy": url_for("public.show_privacy"),
        "accessibility": url_for("public.show_accessibility"),
        "matching": url_for("public.show_matching"),
        "fees": url_for("public.show_fees"),
        "costs": url_for("public.show_fees"),
        "verify": url_for("public.ask_verify"),
    }
