"""What search engines may read, and where every public page is: an index of lists, each read by its own key.

Two statements make the index and one each list, however many vendors there are.
"""

import uuid
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from xml.sax.saxutils import quoteattr

from flask import Response, abort, request, url_for

from blueprints.shared.caching import public_page
from blueprints.shared.context import LANGUAGES
from blueprints.shared.findable import absolute, alternates
from blueprints.shared.pages import after_id
from blueprints.shared.routes import Routes, open_to_all
from portal.catalog import directory
from portal.help import queries as help_queries

routes = Routes()

KEPT_FOR = timedelta(hours=1)
PAGES = (
    "public.show_home",
    "public.list_vendors",
    "public.show_questions",
    "public.show_fees",
    "public.show_matching",
    "public.show_privacy",
    "public.show_accessibility",
)
# Behind a sign-in, of one person, or acts: nothing there is to be found. `/vendor$` leaves `/vendors` alone.
CLOSED = (
    "/account /admin /agreements /api/ /buyer /confirm/ /hooks/ /invitations/ /invoices /messages /metrics"
    " /notifications /payments /r/ /reset /s/ /sign-in /vendor/ /vendor$"
).split()
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


class Place(NamedTuple):
    """An address to be found, when it last changed, and the languages it is written in."""

    path: str
    changed_at: datetime | None = None
    languages: Iterable[str] = tuple(LANGUAGES)


@routes.get("/robots.txt")
@open_to_all
def show_robots() -> Response:
    """Which addresses programs are asked to leave alone, and where the index of the others is."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED), "", f"Sitemap: {absolute('/sitemap.xml')}", ""]
    return public_page(Response("\n".join(lines), mimetype="text/plain"), kept_for=KEPT_FOR)


@routes.get("/sitemap.xml")
@open_to_all
def show_sitemap() -> Response:
    """The lists of addresses."""
    starts: list[uuid.UUID | None] = [None, *directory.page_marks()]
    paths = [
        url_for("public.list_page_addresses"),
        url_for("public.list_question_addresses"),
        *(url_for("public.list_vendor_addresses", after=mark) for mark in starts),
    ]
    entries = (f"<sitemap><loc>{_text(absolute(path))}</loc></sitemap>\n" for path in paths)
    return _document("sitemapindex", f'xmlns="{_SPACE}"', entries)


@routes.get("/sitemaps/pages.xml")
@open_to_all
def list_page_addresses() -> Response:
    """The pages that every portal has."""
    return _list(Place(url_for(endpoint)) for endpoint in PAGES)


@routes.get("/sitemaps/questions.xml")
@open_to_all
def list_question_addresses() -> Response:
    """Every published question."""
    return _list(
        Place(url_for("public.show_question", slug=one.thing.slug), one.thing.edited_at, sorted(one.thing.by_language))
        for one in help_queries.published("en")
    )


@routes.get("/sitemaps/vendors.xml")
@open_to_all
def list_vendor_addresses() -> Response:
    """Listed vendors, the next ones after a mark of the index."""
    after = after_id(request.args.get("after"))
    if after is None and "after" in request.args:
        abort(404)
    return _list(
        Place(url_for("public.show_vendor", slug=row.slug), row.updated_at) for row in directory.addresses(after)
    )


def _list(places: Iterable[Place]) -> Response:
    spaces = f'xmlns="{_SPACE}" xmlns:xhtml="http://www.w3.org/1999/xhtml"'
    return _document("urlset", spaces, map(_entry, places))


def _entry(place: Place) -> str:
    changed = f"<lastmod>{place.changed_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}</lastmod>" if place.changed_at else ""
    links = "".join(
        f'<xhtml:link rel="alternate" hreflang={quoteattr(language)} href={quoteattr(address)}/>'
        for language, address in alternates(place.path, place.languages)
    )
    return f"<url><loc>{_text(absolute(place.path))}</loc>{changed}{links}</url>\n"


def _text(words: str) -> str:
    return quoteattr(words)[1:-1]


def _document(root: str, spaces: str, entries: Iterable[str]) -> Response:
    def written() -> Iterator[str]:
        yield f"{_HEAD}<{root} {spaces}>\n"
        yield from entries
        yield f"</{root}>\n"

    return public_page(Response("".join(written()), mimetype="application/xml"), kept_for=KEPT_FOR)
