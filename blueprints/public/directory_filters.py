"""The filters of the directory's list: what can be chosen, what is, and the address of every other choice."""

from collections.abc import Callable
from typing import Any, NamedTuple

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from blueprints.shared.choices import country_name, spoken_name
from blueprints.shared.formatting import money
from portal.catalog.directory import Found, Wanted
from portal.catalog.facets import PRICE_STEPS, RATING_STEPS, REFERENCE_CURRENCY, SEAT_STEPS
from portal.catalog.profile_words import CERTIFICATE_NAMES
from portal.catalog.wanted import SORTS, Sort
from portal.measures.words import CHANNEL_NAMES, INDUSTRY_NAMES, MODE_NAMES

LANGUAGES_SHOWN = 10
"""Languages in the filter: those that most matches offer, and any that was chosen."""


class Option(NamedTuple):
    """A value of a filter, with how many of the matches have it."""

    value: str
    label: str
    count: int
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

    def __init__(self, wanted: Wanted, found: Found, requirement_id: str) -> None:
        self._wanted, self._found, self._requirement_id = wanted, found, requirement_id

    def address(self, *, without: tuple[str, str] | None = None, **more: str | None) -> str:
        """The address of the search; `without` leaves one value of one filter out."""
        wanted = self._wanted
        values: dict[str, Any] = {
            "q": [wanted.q] if wanted.q else [],
            "channel": list(wanted.channels),
            "language": list(wanted.languages),
            "mode": list(wanted.modes),
            "industry": list(wanted.industries),
            "security": list(wanted.securities),
            "country": [wanted.country] if wanted.country else [],
            "max_rate": [str(wanted.max_rate)] if wanted.max_rate is not None else [],
            "rating": [str(wanted.min_rating)] if wanted.min_rating is not None else [],
            "seats": [str(wanted.seats)] if wanted.seats is not None else [],
            "sort": [] if wanted.sort == "relevance" else [wanted.sort],
            "requirement": [self._requirement_id] if self._requirement_id else [],
        }
        if without:
            values[without[0]] = [value for value in values[without[0]] if value != without[1]]
        return url_for("public.list_vendors", **values | {name: value or [] for name, value in more.items()})

    @property
    def groups(self) -> list[Group]:
        """Every filter that has something to choose."""
        wanted = self._wanted
        spoken = self._values("l")
        spoken.sort(key=lambda code: (-self._count("l", code), code))
        languages = [
            *spoken[:LANGUAGES_SHOWN],
            *(code for code in wanted.languages if code not in spoken[:LANGUAGES_SHOWN]),
        ]
        countries = sorted({*self._values("k"), *({wanted.country} - {""})}, key=country_name)
        several = [
            Group(_("Channel"), "channel", self._options("c", list(CHANNEL_NAMES), channel_name, wanted.channels)),
            Group(_("Language"), "language", self._options("l", languages, spoken_name, wanted.languages)),
            Group(_("Mode"), "mode", self._options("m", list(MODE_NAMES), mode_name, wanted.modes)),
            Group(
                _("Industry experience"),
                "industry",
                self._options("i", list(INDUSTRY_NAMES), industry_name, wanted.industries),
            ),
            Group(
                _("Valid certificate"),
                "security",
                self._options("s", list(CERTIFICATE_NAMES), certificate_name, wanted.securities),
            ),
        ]
        return [group for group in [*several, *self._single(countries)] if group.options]

    def _single(self, countries: list[str]) -> list[Group]:
        wanted = self._wanted
        rates = sorted({*PRICE_STEPS, *([wanted.max_rate] if wanted.max_rate else [])})
        return [
            Group(
                _("Country"),
                "country",
                self._options("k", countries, country_name, (wanted.country,)),
                _("Any country"),
            ),
            Group(
                _("Price of an hour"),
                "max_rate",
                self._options("p", [str(rate) for rate in rates], rate_name, (str(wanted.max_rate),)),
                _("Any price"),
            ),
            Group(
                _("Rating"),
                "rating",
                self._options("r", [str(step) for step in RATING_STEPS], rating_name, (str(wanted.min_rating),)),
                _("Any rating"),
            ),
            Group(
                _("Free seats"),
                "seats",
                self._options("f", [str(step) for step in SEAT_STEPS], seats_name, (str(wanted.seats),)),
                _("Any number"),
            ),
        ]

    @property
    def chips(self) -> list[tuple[str, str]]:
        """(words, address without it) of everything that was asked for."""
        wanted = self._wanted
        found = [(f"“{wanted.q}”", self.address(without=("q", wanted.q)))] if wanted.q else []
        chosen: tuple[tuple[str, tuple[str, ...], Callable[[str], str]], ...] = (
            ("channel", wanted.channels, channel_name),
            ("language", wanted.languages, spoken_name),
            ("mode", wanted.modes, mode_name),
            ("industry", wanted.industries, industry_name),
            ("security", wanted.securities, certificate_name),
            ("country", (wanted.country,) if wanted.country else (), country_name),
            ("max_rate", (str(wanted.max_rate),) if wanted.max_rate is not None else (), rate_name),
            ("rating", (str(wanted.min_rating),) if wanted.min_rating is not None else (), rating_name),
            ("seats", (str(wanted.seats),) if wanted.seats is not None else (), seats_name),
        )
        for name, values, word in chosen:
            found += [(word(value), self.address(without=(name, value))) for value in values]
        return found

    @property
    def single(self) -> Chosen | None:
        """The only thing that was asked for, where it is one value of a filter that people look for by name."""
        wanted = self._wanted
        values = {
            "channel": wanted.channels,
            "language": wanted.languages,
            "industry": wanted.industries,
            "country": (wanted.country,) if wanted.country else (),
        }
        chosen = [(name, value) for name, given in values.items() for value in given]
        if len(chosen) != 1 or len(self.chips) != 1 or wanted.sort != "relevance" or self._requirement_id:
            return None
        return Chosen(*chosen[0], words=self.chips[0][0])

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
        return [(names[sort], None if sort == self._wanted.sort else self._ordered(sort)) for sort in SORTS]

    def _ordered(self, sort: Sort) -> str:
        return self.address(sort=None if sort == "relevance" else sort)

    def _values(self, kind: str) -> list[str]:
        return [facet[2:] for facet, count in self._found.counts.items() if facet[0] == kind and count]

    def _count(self, kind: str, value: str) -> int:
        return self._found.counts.get(f"{kind}:{value}", 0)

    def _options(
        self, kind: str, values: list[str], name: Callable[[str], str], chosen: tuple[str, ...]
    ) -> list[Option]:
        return [
            Option(value, name(value), self._count(kind, value), value in chosen)
            for value in values
            if self._count(kind, value) or value in chosen
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
