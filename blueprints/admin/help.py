"""Questions and answers as staff write them: list, preview, edit, publish, withdraw."""

import uuid
from collections.abc import Callable, Mapping
from typing import NamedTuple

from flask import redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from blueprints.admin.forms.help import QuestionForm, filled_from
from blueprints.shared.actor import require_actor
from blueprints.shared.context import LANGUAGES
from blueprints.shared.forms import done, form_page, sent_version, submitted
from blueprints.shared.help_words import TOPIC_NAMES
from blueprints.shared.routes import Routes, needs
from portal.accounts import staff_queries
from portal.accounts.permissions import Permission
from portal.help import markup
from portal.help.actions import Wording, draft_question, edit_question, publish_question, withdraw_question
from portal.help.models import HelpQuestion
from portal.help.queries import question_for_staff, questions_for_staff, shown_in
from portal.help.states import Topic

routes = Routes()
HISTORY_SHOWN = 20


class Preview(NamedTuple):
    """A question in one language as readers will see it."""

    language: str
    name: str
    question: str
    blocks: list[markup.Block]


@routes.get("/help")
@needs(Permission.STAFF_HELP)
def list_help() -> str:
    """All questions by topic in their order, with the languages they are written in."""
    found = questions_for_staff(require_actor())
    return render_template(
        "admin/help/list.html",
        groups=[(name, [one for one in found if one.topic == topic]) for topic, name in TOPIC_NAMES.items()],
        title_of=_title,
        languages_by_code=LANGUAGES,
    )


@routes.form("/help/new")
@needs(Permission.STAFF_HELP)
def draft_help() -> Response | tuple[str, int]:
    """Write a new question; it begins as a draft."""
    actor = require_actor()
    form = QuestionForm()
    if _wants_preview(form):
        return _form_page(form, None)
    question = submitted(form, lambda: draft_question(actor, **form.values))
    if question is None:
        return _form_page(form, None)
    done(_("Saved as a draft. Nobody but staff sees it until you publish it."))
    return redirect(url_for("admin.show_help", help_question_id=question.id))


@routes.get("/help/<uuid:help_question_id>")
@needs(Permission.STAFF_HELP)
def show_help(help_question_id: uuid.UUID) -> str:
    """One question as readers see it in each language, and what was done with it."""
    actor = require_actor()
    question = question_for_staff(actor, help_question_id)
    history = []
    if actor.can(Permission.STAFF_AUDIT):
        wanted = staff_queries.AuditFilter(subject_id=question.id)
        history = list(staff_queries.audit_for_staff(actor, wanted))[:HISTORY_SHOWN]
    words = {text.language: Wording(text.question, text.answer) for text in question.texts}
    return render_template(
        "admin/help/show.html",
        question=question,
        title=_title(question),
        topic=TOPIC_NAMES[Topic(question.topic)],
        previews=_previews(words),
        missing=[name for code, name in LANGUAGES.items() if code not in words],
        history=history,
    )


@routes.form("/help/<uuid:help_question_id>/edit")
@needs(Permission.STAFF_HELP)
def edit_help(help_question_id: uuid.UUID) -> Response | tuple[str, int]:
    """Change a question's words, topic or place."""
    actor = require_actor()
    question = question_for_staff(actor, help_question_id)
    form = filled_from(question)
    if _wants_preview(form):
        return _form_page(form, question)

    def save() -> HelpQuestion:
        return edit_question(actor, help_question_id, **form.values, version=form.version.data or 0)

    if submitted(form, save) is None:
        return _form_page(form, question)
    done(_("The question is saved."))
    return redirect(url_for("admin.show_help", help_question_id=help_question_id))


@routes.post("/help/<uuid:help_question_id>/publish")
@needs(Permission.STAFF_HELP)
def publish_help(help_question_id: uuid.UUID) -> Response:
    """Let everybody read a question."""
    return _moved(help_question_id, publish_question, _("Published. Everybody can read it now."))


@routes.post("/help/<uuid:help_question_id>/withdraw")
@needs(Permission.STAFF_HELP)
def withdraw_help(help_question_id: uuid.UUID) -> Response:
    """Take a question off the public pages."""
    return _moved(help_question_id, withdraw_question, _("Withdrawn. It stays here as a draft."))


def _moved(question_id: uuid.UUID, move: Callable[..., HelpQuestion], sentence: str) -> Response:
    move(require_actor(), question_id, version=sent_version())
    done(sentence)
    return redirect(url_for("admin.show_help", help_question_id=question_id))


def _wants_preview(form: QuestionForm) -> bool:
    return "preview" in request.form and form.validate_on_submit()


def _form_page(form: QuestionForm, question: HelpQuestion | None) -> tuple[str, int]:
    is_preview = "preview" in request.form and not form.errors
    return form_page(
        "admin/help/edit.html",
        form,
        question=question,
        title=_title(question) if question else _("New question"),
        languages_by_code=LANGUAGES,
        previews=_previews(form.values["wordings"]) if is_preview else [],
    )


def _previews(words: Mapping[str, Wording]) -> list[Preview]:
    return [
        Preview(code, name, words[code].question, markup.blocks(words[code].answer))
        for code, name in LANGUAGES.items()
        if code in words and any(words[code])
    ]


def _title(question: HelpQuestion) -> str:
    """A question in the language of whoever looks at it."""
    shown = shown_in(question, str(get_locale()))
    return shown.text.question if shown else question.slug
