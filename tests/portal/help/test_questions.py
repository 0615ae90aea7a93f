"""Questions and answers: who writes them, how they go public, and in which language they are read."""

import uuid
from typing import Any

import pytest

from portal.accounts.actor import Actor
from portal.help import actions, queries
from portal.help.actions import Wording
from portal.help.markup import Block, Span, blocks, plain
from portal.help.models import HelpQuestion
from portal.help.states import Language, Topic
from portal.kit import tenancy
from portal.kit.db import db
from portal.kit.errors import Forbidden, IllegalMove, Invalid, NotFound, StaleVersion
from tests.factories.accounts import actor_for, execute, make_company, make_person, make_staff

pytestmark = pytest.mark.usefixtures("app")
EN, HANT = Language.EN.value, Language.ZH_HANT.value
WORDS = {EN: Wording("Who answers at night?", "Whoever you agree on.\n\n- See [vendors](/vendors)")}


@pytest.fixture
def staff() -> Actor:
    return actor_for(make_staff("moderator", name="Sam Porter"))


def act(actor: Actor, verb: Any, *names: Any, **values: Any) -> HelpQuestion:
    """Run one verb and commit."""
    with tenancy.scope(actor.scope):
        question = verb(actor, *names, **values)
        db.session.commit()
        db.session.refresh(question)
        db.session.expunge(question)
        return question


def draft(actor: Actor, **changes: Any) -> HelpQuestion:
    return act(actor, actions.draft_question, **{"topic": Topic.PORTAL, "position": 5, "wordings": WORDS} | changes)


def read(slug: str, language: str = EN) -> queries.Shown:
    """A question as a stranger reads it."""
    with tenancy.scope(tenancy.PUBLIC):
        shown = queries.published_at(slug, language)
        db.session.expunge_all()
        db.session.rollback()
        return shown


class TestDraftQuestion:
    def test_companies_and_support_may_not(self) -> None:
        company = make_company("vendor")
        for other in (actor_for(make_person(company), company), actor_for(make_staff("support"))):
            with pytest.raises(Forbidden):
                draft(other)

    @pytest.mark.parametrize(
        "wordings, field",
        [
            ({}, "question_en"),
            ({EN: Wording("Who?", " ")}, "answer_en"),
            (WORDS | {HANT: Wording("", "有答案")}, "question_zh_Hant"),
            ({EN: Wording("Who?", "[us](https://else.example)")}, "answer_en"),
            ({EN: Wording("Who?", "[us](//else.example)")}, "answer_en"),
            ({EN: Wording("Who?", "[us](javascript:alert)")}, "answer_en"),
        ],
    )
    def test_half_a_text_and_links_elsewhere_are_refused_at_their_field(
        self, staff: Actor, wordings: dict[str, Wording], field: str
    ) -> None:
        with pytest.raises(Invalid) as refusal:
            draft(staff, wordings=wordings)
        assert refusal.value.field == field

    def test_a_draft_has_a_readable_address_and_nobody_reads_it(self, staff: Actor) -> None:
        question, again = draft(staff), draft(staff)
        chinese = draft(staff, wordings={HANT: Wording("誰來接聽？", "由您決定。")})
        assert (question.slug, again.slug) == ("who-answers-at-night", "who-answers-at-night-2")
        assert chinese.slug == "shui-lai-jie-ting"
        with pytest.raises(NotFound):
            read(question.slug)
        entry = execute("SELECT * FROM audit_entries WHERE subject_id = :id", id=question.id)[0]
        assert (entry.tag, entry.person_name) == ("help:question:draft", "Sam Porter")
        assert entry.after[EN]["question"] == "Who answers at night?"

    def test_the_database_hides_drafts_and_takes_no_other_hand(self, staff: Actor) -> None:
        question = draft(staff)
        company = make_company("vendor")
        with tenancy.scope(actor_for(make_person(company), company).scope):
            assert db.session.get(HelpQuestion, question.id) is None
            published = db.session.query(HelpQuestion).first()
            assert published is not None
            assert db.session.query(HelpQuestion).update({"slug": "mine"}) == 0
            db.session.rollback()


class TestPublishAndWithdraw:
    def test_everybody_reads_it_until_it_is_withdrawn(self, staff: Actor) -> None:
        question = draft(staff)
        question = act(staff, actions.publish_question, question.id, version=question.version)
        assert read(question.slug).text.question == "Who answers at night?"
        with pytest.raises(IllegalMove):
            act(staff, actions.publish_question, question.id, version=question.version)
        db.session.rollback()
        act(staff, actions.withdraw_question, question.id, version=question.version)
        with pytest.raises(NotFound):
            read(question.slug)
        tags = execute("SELECT tag FROM audit_entries WHERE subject_id = :id ORDER BY id", id=question.id)
        assert [row.tag for row in tags] == [f"help:question:{verb}" for verb in ("draft", "publish", "withdraw")]

    def test_what_does_not_exist_is_not_found(self, staff: Actor) -> None:
        with pytest.raises(NotFound):
            act(staff, actions.publish_question, uuid.uuid4(), version=1)


class TestEditQuestion:
    def test_the_second_of_two_editors_gets_both_texts(self, staff: Actor) -> None:
        question = draft(staff)
        values = {"topic": Topic.PORTAL, "position": 5}
        newer = {EN: Wording("Who answers?", "Others.")}
        act(staff, actions.edit_question, question.id, wordings=newer, version=question.version, **values)
        with pytest.raises(StaleVersion) as refusal:
            act(staff, actions.edit_question, question.id, wordings=WORDS, version=question.version, **values)
        assert "Others." in refusal.value.theirs and "Whoever" in refusal.value.mine

    def test_new_words_keep_the_address_and_a_language_can_be_taken_out(self, staff: Actor) -> None:
        both = WORDS | {HANT: Wording("夜間由誰接聽？", "由您約定的一方。")}
        question = draft(staff, wordings=both)
        question = act(staff, actions.publish_question, question.id, version=question.version)
        assert read(question.slug, HANT).text.question == "夜間由誰接聽？"
        words = {EN: Wording("Who is there at night?", "Nobody.")}
        values = {"topic": Topic.OUTSOURCING, "position": 1, "wordings": words, "version": question.version}
        after = act(staff, actions.edit_question, question.id, **values)
        shown = read(question.slug, HANT)
        assert (after.slug, shown.text.language, shown.is_fallback) == ("who-answers-at-night", EN, True)
        entry = execute("SELECT * FROM audit_entries WHERE tag = 'help:question:edit'")[0]
        assert HANT in entry.before and HANT not in entry.after


class TestReading:
    def test_the_other_script_stands_in_before_english(self, staff: Actor) -> None:
        question = draft(staff, wordings=WORDS | {HANT: Wording("夜間由誰接聽？", "由您約定的一方。")})
        act(staff, actions.publish_question, question.id, version=question.version)
        shown = read(question.slug, "zh_Hans")
        assert (shown.text.language, shown.is_fallback) == (HANT, True)

    def test_the_portal_is_shipped_with_answers_in_three_languages(self) -> None:
        with tenancy.scope(tenancy.PUBLIC):
            for language in Language:
                found = queries.published(language)
                assert len(found) >= 17 and not any(one.is_fallback for one in found)
            assert "does-the-quality-of-service-suffer" in {one.thing.slug for one in found}


class TestMarkup:
    def test_paragraphs_lists_and_links(self) -> None:
        assert blocks("One\nline, [two](/help#x).\n\nBefore:\n- a\n- [b](/vendors?sort=name)") == [
            Block(False, [[Span("One line, "), Span("two", "/help#x"), Span(".")]]),
            Block(False, [[Span("Before:")]]),
            Block(True, [[Span("a")], [Span("b", "/vendors?sort=name")]]),
        ]

    def test_everything_else_is_only_words(self) -> None:
        text = "<b>*x*</b> [a](//b.example) [c](https://d.example) # e"
        assert blocks(text) == [Block(False, [[Span(text)]])]

    def test_plain_words_hold_no_marks(self) -> None:
        assert plain("See [us](/help).\n\n- one\n- two") == "See us.\none\ntwo"
