"""What staff do with questions and answers: write, change, publish, withdraw."""

import uuid
from collections.abc import Mapping
from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.help import markup
from portal.help.models import HelpQuestion, HelpText
from portal.help.states import HELP_MOVES, HelpState, Language, Topic
from portal.kit import audit, clock, states
from portal.kit.db import check_version, db
from portal.kit.errors import Invalid, NotFound
from portal.kit.text import clean_line, clean_text, free_name, slug

MAX_QUESTION, MAX_ANSWER = 200, 8_000


class Wording(NamedTuple):
    """A question and its answer in one language; both empty where it is not written in it."""

    question: str
    answer: str


def draft_question(actor: Actor, *, topic: Topic, position: int, wordings: Mapping[str, Wording]) -> HelpQuestion:
    """Write a question that nobody but staff sees yet. Its address is made of its first words and stays.

    Raises Invalid where no language is written, or one only in part.
    """
    actor.permit(Permission.STAFF_HELP)
    texts = _checked(wordings)
    first = next(texts[language] for language in Language if language in texts)
    question = HelpQuestion(
        slug=_free_slug(first.question), topic=topic.value, position=position, edited_at=clock.now(), texts=[]
    )
    _write(question, texts)
    db.session.add(question)
    db.session.flush()
    audit.record(actor, "help:question:draft", question, after=_plain(question))
    return question


def edit_question(
    actor: Actor,
    question_id: uuid.UUID,
    *,
    topic: Topic,
    position: int,
    wordings: Mapping[str, Wording],
    version: int,
) -> HelpQuestion:
    """Change the words, the topic or the place; of a published one, readers see it at once. Raises Invalid."""
    question = _begin(actor, question_id)
    check_version(question, version, mine=_joined(wordings), theirs=_joined(_wordings(question)))
    texts, before = _checked(wordings), _plain(question)
    question.topic, question.position, question.edited_at = topic.value, position, clock.now()
    _write(question, texts)
    db.session.flush()
    audit.record(actor, "help:question:edit", question, before=before, after=_plain(question))
    return question


def publish_question(actor: Actor, question_id: uuid.UUID, *, version: int) -> HelpQuestion:
    """Let everybody read it."""
    return _move(actor, question_id, version, HelpState.PUBLISHED, "help:question:publish")


def withdraw_question(actor: Actor, question_id: uuid.UUID, *, version: int) -> HelpQuestion:
    """Take it off the public pages; it stays as a draft."""
    return _move(actor, question_id, version, HelpState.DRAFT, "help:question:withdraw")


def _move(actor: Actor, question_id: uuid.UUID, version: int, to: HelpState, tag: str) -> HelpQuestion:
    question = _begin(actor, question_id)
    check_version(question, version)
    before = question.state
    states.move(question, to, HELP_MOVES, clock.now())
    question.edited_at = clock.now()
    db.session.flush()
    audit.record(actor, tag, question, before={"state": before}, after={"state": question.state})
    return question


def _begin(actor: Actor, question_id: uuid.UUID) -> HelpQuestion:
    actor.permit(Permission.STAFF_HELP)
    query = select(HelpQuestion).where(HelpQuestion.id == question_id).with_for_update()
    query = query.options(selectinload(HelpQuestion.texts)).execution_options(populate_existing=True)
    found = db.session.scalar(query)
    if found is None:
        raise NotFound
    return found


def _checked(wordings: Mapping[str, Wording]) -> dict[str, Wording]:
    """The languages that are written, cleaned. Raises Invalid at `question_<language>` or `answer_<language>`."""
    texts = {}
    for language in Language:
        given = wordings.get(language, Wording("", ""))
        question, answer = clean_line(given.question), clean_text(given.answer)
        if not question and not answer:
            continue
        if not question:
            raise Invalid(_l("Write the question too, or leave both empty."), f"question_{language}")
        if not answer:
            raise Invalid(_l("Write the answer too, or leave both empty."), f"answer_{language}")
        if wrong := markup.wrong_links(answer):
            sentence = _l(
                "“%(path)s” is no page of this portal. Write a link as [the directory](/vendors).", path=wrong[0]
            )
            raise Invalid(sentence, f"answer_{language}")
        texts[language.value] = Wording(question, answer)
    if not texts:
        raise Invalid(_l("Write the question in at least one language."), f"question_{Language.EN}")
    return texts


def _write(question: HelpQuestion, texts: Mapping[str, Wording]) -> None:
    held = question.by_language
    question.texts = [text for text in question.texts if text.language in texts]
    for language, wording in texts.items():
        if language in held:
            held[language].question, held[language].answer = wording
        else:
            question.texts.append(HelpText(language=language, question=wording.question, answer=wording.answer))


def _free_slug(words: str) -> str:
    wanted = slug(words)
    taken = set(db.session.scalars(select(HelpQuestion.slug).where(HelpQuestion.slug.startswith(wanted))))
    return free_name(wanted, taken)


def _wordings(question: HelpQuestion) -> dict[str, Wording]:
    return {text.language: Wording(text.question, text.answer) for text in question.texts}


def _joined(wordings: Mapping[str, Wording]) -> str:
    """All texts under each other, for showing two versions side by side."""
    return "\n\n".join("\n".join(wordings[language]) for language in Language if any(wordings.get(language, ())))


def _plain(question: HelpQuestion) -> dict[str, Any]:
    words = {language: wording._asdict() for language, wording in _wordings(question).items()}
    return {"topic": question.topic, "position": question.position, **words}
