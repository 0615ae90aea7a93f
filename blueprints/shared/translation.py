"""The reader's language, looked up once per request instead of once per word.

A page has hundreds of words and figures, and each look-up of flask-babel asks for the context, the locale and its
name anew.
"""

from contextvars import ContextVar
from functools import lru_cache
from typing import Any, NamedTuple

import flask_babel
from babel import Locale
from babel.support import NullTranslations
from flask import Flask, has_request_context
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from portal.kit.language import chosen_language

# The portal speaks British English and the usage of Taiwan and of mainland China; Babel's bare "en" is American.
_TERRITORIES = {"en": "en_GB", "zh_Hant": "zh_Hant_TW", "zh_Hans": "zh_Hans_CN"}


class Reading(NamedTuple):
    """The language that something is written in.

    :ivar code: its name: ``en``, ``zh_Hant``, ``zh_Hans``
    :ivar locale: with its territory, by which figures and dates are written
    """

    code: str
    locale: Locale
    translations: NullTranslations


# Of the request being answered. A page asks for it hundreds of times, and the thread serves the next one afterwards.
_of_request: ContextVar[Reading | None] = ContextVar("portal_reading", default=None)


def reading() -> Reading:
    """The reader's language, also where it is changed for a letter in between; English where nobody reads."""
    chosen = chosen_language()
    kept = _of_request.get()
    if kept is not None and (chosen is None or chosen == kept.code):
        return kept
    locale = flask_babel.get_locale()
    if locale is None:  # outside of a request and its application
        return Reading("en", with_territory("en"), NullTranslations())
    code = str(locale)
    found = Reading(code, with_territory(code), flask_babel.Domain.get_translations(_domain()))
    if chosen is None and has_request_context():
        _of_request.set(found)
    return found


def forget_reading(_error: BaseException | None = None) -> None:
    """The reader of this request: it begins, is over, or has chosen another language."""
    _of_request.set(None)


@lru_cache(maxsize=32)
def with_territory(code: str) -> Locale:
    """The locale by which a language of the portal writes its figures and dates."""
    return Locale.parse(_TERRITORIES.get(code, code))


def _domain() -> flask_babel.Domain:
    found: flask_babel.Domain = flask_babel.get_domain()
    return found


class ReadersDomain(flask_babel.Domain):  # type: ignore[misc]
    """Words of the reader's language for everything that asks flask-babel."""

    def get_translations(self) -> NullTranslations:
        """The translations of the language in use."""
        return reading().translations


@pass_eval_context
def _gettext(context: EvalContext, message: str, /, **values: Any) -> str:
    words: str = reading().translations.ugettext(message)
    return (Markup(words) if context.autoescape else words) % values  # noqa: S704 - our own words; values are escaped


@pass_eval_context
def _ngettext(context: EvalContext, one: str, many: str, num: int, /, **values: Any) -> str:
    words: str = reading().translations.ungettext(one, many, num)
    return (Markup(words) if context.autoescape else words) % ({"num": num} | values)  # noqa: S704 - our own words


def install(app: Flask, babel: flask_babel.Babel) -> None:
    """Let templates find their words directly: jinja's own way calls through the context twice for each."""
    app.teardown_request(forget_reading)
    babel.domain_instance = ReadersDomain()
    app.jinja_env.globals.update(_=_gettext, gettext=_gettext, ngettext=_ngettext)
