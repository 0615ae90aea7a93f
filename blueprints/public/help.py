"""Questions and answers about outsourcing and about the portal, in the reader's language as far as they are written."""

from typing import Any

from flask import Response, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from blueprints.public.facts import breadcrumbs, questions_page
from blueprints.shared.caching import public_page
from blueprints.shared.context import LANGUAGES
from blueprints.shared.findable import Findable, shortened
from blueprints.shared.help_words import TOPIC_NAMES
from blueprints.shared.routes import Routes, open_to_all
from portal.help import markup, queries
from portal.help.queries import Shown
from portal.help.states import Topic

routes = Routes()

BESIDE = 6
"""Other questions that are offered on the page of one."""


@routes.get("/help")
@open_to_all
def show_questions() -> Response:
    """All questions by topic, each answer folded away under its question."""
    found = queries.published(str(get_locale()))
    body = render_template(
        "public/help/list.html",
        groups=_groups(found),
        blocks=markup.blocks,
        languages_by_code=LANGUAGES,
        findable=Findable(
            url_for("public.show_questions"),
            _("Answers about outsourced customer service: whom it suits, what it costs, how to choose and compare."),
            [questions_page(found, request.path)] if found else [],
        ),
    )
    return public_page(body)


@routes.get("/help/<slug>")
@open_to_all
def show_question(slug: str) -> Response:
    """One question with its answer, and others beside it."""
    language = str(get_locale())
    found = queries.published(language)
    shown = next((one for one in found if one.thing.slug == slug), None) or queries.published_at(slug, language)
    path = url_for("public.show_question", slug=slug)
    trail = [(_("Questions"), url_for("public.show_questions")), (shown.text.question, path)]
    body = render_template(
        "public/help/show.html",
        shown=shown,
        trail=trail,
        blocks=markup.blocks,
        languages_by_code=LANGUAGES,
        others=_others(found, shown),
        findable=Findable(
            path,
            shortened(markup.plain(shown.text.answer)),
            [questions_page([shown], path), breadcrumbs(trail)],
            languages=[code for code in LANGUAGES if code in shown.thing.by_language],
            kind="article",
        ),
    )
    return public_page(body)


def _groups(found: list[Shown]) -> list[tuple[Any, Topic, list[Shown]]]:
    groups = [(TOPIC_NAMES[topic], topic, [one for one in found if one.thing.topic == topic]) for topic in Topic]
    return [group for group in groups if group[2]]


def _others(found: list[Shown], shown: Shown) -> list[Shown]:
    """The questions that follow in the same topic, then its first ones."""
    same = [one for one in found if one.thing.topic == shown.thing.topic]
    at = next((number for number, one in enumerate(same) if one.thing.id == shown.thing.id), 0)
    return [*same[at + 1 :], *same[:at]][:BESIDE]
