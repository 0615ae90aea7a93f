"""The filters of the directory's list: what can be chosen, what is, and the address of every other choice."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from flask import url_for
from flask_babel import gettext as _

from blueprints.shared.choices import country_name, spoken_name
from blueprints.shared.search_words import (
    certificate_name,
    channel_name,
    industry_name,
    mode_name,
    rate_name,
    rating_name,
    search_words,
    seats_name,
)
from portal.catalog.directory import Found, Wanted
from portal.catalog.facets import PRICE_STEPS, RATING_STEPS, SEAT_STEPS
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


class Filters:
    """The filters of one search and what they lead to."""

    def __init__(self, wanted: Wanted, found: Found, requirement_id: str, chosen: Sequence[str] = ()) -> None:
        self._wanted, self._found, self._requirement_id, self._chosen = wanted, found, requirement_id, chosen

    def address(self, *, without: tuple[str, str] | None = None, **more: str | None) -> str:
        """The address of the search and of who is chosen to compare; `without` leaves one value of one filter out."""
        values: dict[str, Any] = self._wanted.values | {
            "sort": [] if self._wanted.sort == "relevance" else [self._wanted.sort],
            "requirement": [self._requirement_id] if self._requirement_id else [],
            "v": list(self._chosen),
        }
        if without:
            values[without[0]] = [value for value in values[without[0]] if value != without[1]]
        return url_for("public.list_vendors", **values | {name: value or [] for name, value in more.items()})

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """The search as hidden fields of a form that adds to it."""
        order = [] if self._wanted.sort == "relevance" else [("sort", self._wanted.sort)]
        found = [(name, value) for name, values in self._wanted.values.items() for value in values]
        return found + order + ([("requirement", self._requirement_id)] if self._requirement_id else [])

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
        return [(words, self.address(without=(name, value))) for name, value, words in search_words(self._wanted)]

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
