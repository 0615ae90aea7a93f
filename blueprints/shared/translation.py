"""Looks the words of a language up once per request instead of once per word."""

from flask import g
from flask_babel import Domain, get_locale


class RequestDomain(Domain):
    """The translations of flask-babel, kept beside the locale they are for.

    A page has hundreds of words, and each look-up of the library asks for the context, the locale and its name anew.
    """

    def get_translations(self):  # type: ignore[no-untyped-def]
        """The translations of the request's locale, also where it is changed for a letter in between."""
        locale = get_locale()
        kept = g.get("translations_in_use") if g else None
        if kept is not None and kept[0] is locale:
            return kept[1]
        found = super().get_translations()
        if g:
            g.translations_in_use = (locale, found)
        return found
