"""Reads of questions and answers: for everybody what is published, for staff all of them."""

import uuid
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.help.models import HelpQuestion, HelpText
from portal.help.states import READ_INSTEAD, HelpState, Language
from portal.kit.db import db
from portal.kit.errors import NotFound

MOST = 500
"""Questions on one page: far more than anybody reads, so that no list grows without end."""


class Shown(NamedTuple):
    """A question in the language a reader gets it in; `is_fallback` where that is not the one they asked for."""

    thing: HelpQuestion
    text: HelpText
    is_fallback: bool


def shown_in(question: HelpQuestion, language: str) -> Shown | None:
    """A question for a reader of `language`; None where it has no text at all."""
    texts = question.by_language
    for one in READ_INSTEAD[Language(language)]:
        if one in texts:
            return Shown(question, texts[one], one != language)
    return None


def published(language: str) -> list[Shown]:
    """Every published question in its order, for a reader of `language`."""
    query = _in_order().where(HelpQuestion.state == HelpState.PUBLISHED)
    return [shown for one in db.session.scalars(query) if (shown := shown_in(one, language))]


def published_at(slug: str, language: str) -> Shown:
    """The published question of an address. Raises NotFound."""
    query = _in_order().where(HelpQuestion.state == HelpState.PUBLISHED, HelpQuestion.slug == slug)
    question = db.session.scalar(query)
    shown = shown_in(question, language) if question is not None else None
    if shown is None:
        raise NotFound
    return shown


def questions_for_staff(actor: Actor) -> Sequence[HelpQuestion]:
    """All questions in their order, drafts as well."""
    actor.permit(Permission.STAFF_HELP)
    return db.session.scalars(_in_order()).all()


def question_for_staff(actor: Actor, question_id: uuid.UUID) -> HelpQuestion:
    """One question, draft or not. Raises NotFound."""
    actor.permit(Permission.STAFF_HELP)
    found = db.session.scalar(_in_order().where(HelpQuestion.id == question_id))
    if found is None:
        raise NotFound
    return found


def _in_order() -> Select[HelpQuestion]:
    order = (HelpQuestion.topic, HelpQuestion.position, HelpQuestion.id)
    return select(HelpQuestion).order_by(*order).limit(MOST).options(selectinload(HelpQuestion.texts))
