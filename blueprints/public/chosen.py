"""The vendors somebody has chosen to compare. They stand in the address (`v=…&v=…`), in no cookie.

So a page with them may be kept by a cache like any other, and its address is all that has to be sent to share it.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from flask import current_app, url_for
from sqlalchemy import Row
from werkzeug.datastructures import MultiDict

from portal.catalog import directory

MOST = 5
"""Vendors side by side: more columns than a screen can show are not compared but scrolled."""
MOST_READ = 50
"""How much of an address is looked up at all."""
LONGEST = 120


class Chosen(NamedTuple):
    """What an address asks to compare.

    :ivar vendors: those that are listed, in the order of the address (`vendor_id, slug, name`), at most `MOST`
    :ivar left_out: names of listed vendors beyond that
    :ivar unknown: how many addresses are no listed vendor's
    """

    vendors: Sequence[Row[Any]] = ()
    left_out: Sequence[str] = ()
    unknown: int = 0

    @property
    def slugs(self) -> list[str]:
        """The addresses of the chosen ones."""
        return [vendor.slug for vendor in self.vendors]


class Tray(NamedTuple):
    """The chosen ones as a bar at the foot of a page: each name with the address of the page without it."""

    items: list[tuple[str, str]]
    left_out: Sequence[str]
    compare_url: str
    clear_url: str
    most: int = MOST


def asked_for(arguments: MultiDict[str, str]) -> list[str]:
    """The addresses that `v` names, each once, as far as they can be any."""
    asked = dict.fromkeys(arguments.getlist("v"))
    return [slug for slug in asked if slug and len(slug) <= LONGEST and slug.isprintable()][:MOST_READ]


def chosen_of(arguments: MultiDict[str, str]) -> Chosen:
    """What an address has chosen; one statement where it names anybody, else none."""
    asked = asked_for(arguments)
    return chosen_among(asked, directory.named(asked) if asked else [])


def chosen_among(asked: Sequence[str], rows: Iterable[Row[Any]]) -> Chosen:
    """What was asked for of the listed vendors among `rows`."""
    found = {row.slug: row for row in rows}
    listed = [found[slug] for slug in asked if slug in found]
    return Chosen(listed[:MOST], [row.name for row in listed[MOST:]], len(asked) - len(listed))


def tray_of(chosen: Chosen, page: Callable[[list[str]], str]) -> Tray | None:
    """The bar of a page; `page` gives its address with other vendors chosen. None while nobody is."""
    if not chosen.vendors:
        return None
    return Tray(
        items=[
            (vendor.name, page([slug for slug in chosen.slugs if slug != vendor.slug])) for vendor in chosen.vendors
        ],
        left_out=chosen.left_out,
        compare_url=compare_url(chosen.slugs),
        clear_url=page([]),
    )


def compare_url(slugs: Sequence[str]) -> str:
    """The address at which these vendors stand side by side."""
    return url_for("public.compare_vendors", v=list(slugs))


def whole(path: str) -> str:
    """A path of this portal as an address to send to somebody else."""
    return f"{current_app.config['PORTAL'].base_url}{path}"
