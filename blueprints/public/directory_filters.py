"""The filters of the directory's list: what can be chosen, what is, and the address of every other choice."""

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, lru_cache
from typing import NamedTuple
from urllib.parse import urlencode

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from blueprints.shared.choices import country_name, spoken_name
from blueprints.shared.formatting import money, number
from blueprints.shared.translation import reading
from portal.catalog.directory import Found, Wanted
from portal.catalog.facets import PRICE_STEPS, RATING_STEPS, REFERENCE_CURRENCY, SEAT_STEPS
from portal.catalog.profile_words import CERTIFICATE_NAMES
from portal.catalog.wanted import SORTS, Sort
from portal.measures.words import CHANNEL_NAMES, INDUSTRY_NAMES, MODE_NAMES

LANGUAGES_SHOWN = 10
"""Languages in the filter: those that most matches offer, and any that was chosen."""


class Option(NamedTuple):
    """A value of a filter, with how many of the matches have it, as it is written."""

    value: str
    label: str
    count: str
    checked: bool


class Group(NamedTuple):
    """A filter: checkboxes where several values may be chosen, else a list with `any_label` for none."""

    legend: str
    name: str
    options: list[Option]
    any_label: str = ""


class Chosen(NamedTuple):
    """The one value that one filter is set to."""

    name: str
    value: str
    words: str


class Filters:
    """The filters of one search and what they lead to."""

    def __init__(self, wanted: Wanted, found: Found, requirement_id: str, chosen: Sequence[str] = ()) -> None:
        self._wanted, self._found = wanted, found
        self._path, self._language = url_for("public.list_vendors"), reading().code
        self._values: dict[str, list[str]] = wanted.values | {
            "sort": [] if wanted.sort == "relevance" else [wanted.sort],
            "requirement": [requirement_id] if requirement_id else [],
            "v": list(chosen),
        }

    @cached_property
    def _counts(self) -> dict[str, dict[str, int]]:
        counts: dict[str, dict[str, int]] = {kind: {} for kind in LABELS}
        for facet, count in self._found.counts.items():
            if count and facet[0] in LABELS:
                counts[facet[0]][facet[2:]] = count
        return counts

    def address(self, *, without: tuple[str, str] | None = None, **more: str | None) -> str:
        """The address of the search and of who is chosen to compare; `without` leaves one value of one filter out."""
        pairs = [
            (name, value)
            for name, values in self._values.items()
            if name not in more
            for value in values
            if (name, value) != without
        ]
        pairs += [(name, value) for name, value in more.items() if value]
        return f"{self._path}?{urlencode(pairs)}" if pairs else self._path

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """The search and who is chosen as hidden fields of a form that adds to it."""
        return [(name, value) for name, values in self._values.items() for value in values]

    @property
    def groups(self) -> list[Group]:
        """Every filter that has something to choose."""
        spoken = sorted(self._counts["l"], key=lambda code: (-self._counts["l"][code], code))[:LANGUAGES_SHOWN]
        spoken += [code for code in self._wanted.languages if code not in spoken]
        countries = sorted({*self._counts["k"], *self._values["country"]}, key=lambda code: self._label("k", code))
        rates = sorted({*PRICE_STEPS, *([self._wanted.max_rate] if self._wanted.max_rate else [])})
        groups = [
            Group(_("Channel"), "channel", self._options("c", CHANNEL_NAMES, "channel")),
            Group(_("Language"), "language", self._options("l", spoken, "language")),
            Group(_("Mode"), "mode", self._options("m", MODE_NAMES, "mode")),
            Group(_("Industry experience"), "industry", self._options("i", INDUSTRY_NAMES, "industry")),
            Group(_("Valid certificate"), "security", self._options("s", CERTIFICATE_NAMES, "security")),
            Group(_("Country"), "country", self._options("k", countries, "country"), _("Any country")),
            Group(_("Price of an hour"), "max_rate", self._options("p", map(str, rates), "max_rate"), _("Any price")),
            Group(_("Rating"), "rating", self._options("r", map(str, RATING_STEPS), "rating"), _("Any rating")),
            Group(_("Free seats"), "seats", self._options("f", map(str, SEAT_STEPS), "seats"), _("Any number")),
        ]
        return [group for group in groups if group.options]

    @cached_property
    def chips(self) -> list[tuple[str, str]]:
        """(words, address without it) of everything that was asked for."""
        found = [(f"“{words}”", self.address(without=("q", words))) for words in self._values["q"]]
        for kind, name in KIND_NAMES.items():
            found += [(self._label(kind, value), self.address(without=(name, value))) for value in self._values[name]]
        return found

    @property
    def single(self) -> Chosen | None:
        """The only thing that was asked for, where it is one value of a filter that people look for by name."""
        asked = [(name, value) for name, values in self._values.items() for value in values]
        kinds = {"channel": "c", "language": "l", "industry": "i", "country": "k"}
        if len(asked) != 1 or asked[0][0] not in kinds:
            return None
        name, value = asked[0]
        return Chosen(name, value, words=self._label(kinds[name], value))

    @property
    def orders(self) -> list[tuple[str, str | None]]:
        """(words, address) of each order; no address for the one in use."""
        names: dict[Sort, str] = {
            "relevance": _("best match") if self._wanted.q else _("standing"),
            "price": _("price"),
            "rating": _("rating"),
            "name": _("name"),
            "newest": _("newest"),
        }
        others = self.address(sort=None)
        first = f"{others}{'&' if '?' in others else '?'}sort="
        addresses = {sort: others if sort == "relevance" else first + sort for sort in SORTS}
        return [(names[sort], None if sort == self._wanted.sort else addresses[sort]) for sort in SORTS]

    def _label(self, kind: str, value: str) -> str:
        return _label(kind, value, self._language)

    def _options(self, kind: str, values: Iterable[str], name: str) -> list[Option]:
        counts, chosen = self._counts[kind], self._values[name]
        return [
            Option(value, self._label(kind, value), number(counts.get(value, 0)), value in chosen)
            for value in values
            if value in counts or value in chosen
        ]


def channel_name(code: str) -> str:
    """A channel in the reader's language."""
    return str(CHANNEL_NAMES[code])  # type: ignore[index]


def mode_name(code: str) -> str:
    """A mode in the reader's language."""
    return str(MODE_NAMES[code])  # type: ignore[index]


def industry_name(code: str) -> str:
    """An industry in the reader's language."""
    return str(INDUSTRY_NAMES[code])  # type: ignore[index]


def certificate_name(code: str) -> str:
    """A certificate in the reader's language; a code that nobody knows stays itself."""
    return str(CERTIFICATE_NAMES.get(code, code))


def rate_name(most: str) -> str:
    """At most so much an hour."""
    return _("up to %(amount)s", amount=money(int(most) * 100, REFERENCE_CURRENCY, whole=True))


def rating_name(least: str) -> str:
    """At least this mark."""
    return _("%(mark)s and more", mark=least)


def seats_name(least: str) -> str:
    """At least so many seats."""
    return ngettext("%(num)d seat and more", "%(num)d seats and more", int(least))


LABELS: dict[str, Callable[[str], str]] = {
    "c": channel_name,
    "l": spoken_name,
    "m": mode_name,
    "i": industry_name,
    "s": certificate_name,
    "k": country_name,
    "p": rate_name,
    "r": rating_name,
    "f": seats_name,
}
"""How a value of each kind of facet is named."""
KIND_NAMES = {
    "c": "channel",
    "l": "language",
    "m": "mode",
    "i": "industry",
    "s": "security",
    "k": "country",
    "p": "max_rate",
    "r": "rating",
    "f": "seats",
}
"""The name of each kind of facet in an address."""


@lru_cache(maxsize=2048)
def _label(kind: str, value: str, _language: str) -> str:
    """Kept by the language too, in which it is written."""
    return LABELS[kind](value)


def search_words(wanted: Wanted) -> list[str]:
    """Everything that a search asks for, in words."""
    language, values = reading().code, wanted.values
    found = [f"“{words}”" for words in values["q"]]
    return found + [_label(kind, value, language) for kind, name in KIND_NAMES.items() for value in values[name]]
