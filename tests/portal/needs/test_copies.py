"""Copies and templates: the content comes along, the occasion stays behind."""

import pytest
from sqlalchemy import select

from portal.accounts.actor import Actor
from portal.kit import audit, tenancy
from portal.kit.db import db
from portal.kit.errors import Forbidden, Invalid, NotFound, StaleVersion
from portal.needs import actions
from portal.needs.models import Requirement
from portal.needs.queries import budget_of, channels_of, criteria_of, requirement_for
from portal.needs.version_models import RequirementTemplate
from portal.needs.version_queries import template_for, templates_for
from tests.factories.accounts import actor_for, execute, make_company, make_person
from tests.factories.needs import in_scope, make_published, make_requirement
from tests.factories.versions import colleague_of, within


@pytest.fixture
def buyer(app: object) -> Actor:
    company = make_company("buyer")
    return actor_for(make_person(company), company)


def copy(actor: Actor, requirement: Requirement, title: str = "Next season") -> Requirement:
    return within(actor, requirement, lambda r: actions.copy_requirement(actor, r, title=title))


def keep(actor: Actor, requirement: Requirement, name: str = "Usual support") -> RequirementTemplate:
    return within(actor, requirement, lambda r: actions.save_template(actor, r, name=name))


class TestCopy:
    @pytest.mark.parametrize("kind", ["buyer", "vendor"])
    def test_another_companys_requirement_is_not_copied(self, buyer: Actor, kind: str) -> None:
        found, company = make_published(buyer), make_company(kind)
        other = actor_for(make_person(company), company)
        with pytest.raises((NotFound, Forbidden)):
            copy(other, found)

    @pytest.mark.parametrize("mode", ["full", "partial", "temporary"])
    def test_content_comes_along_and_dates_and_state_do_not(self, buyer: Actor, mode: str) -> None:
        found = make_published(buyer, mode)
        made = copy(buyer, found)
        assert (made.state, made.title, made.mode, made.version_number) == ("draft", "Next season", mode, 0)
        assert made.number != found.number
        assert (made.summary, made.hours, made.languages) == (found.summary, found.hours, found.languages)
        assert (made.start_on, made.end_on, made.deadline_at, made.data_deletion_on) == (None, None, None, None)
        assert made.term_months == (None if mode == "temporary" else found.term_months)
        assert (made.published_at, made.end_reason, made.approved_by) == (None, "", None)
        assert made.author_id == buyer.person_id
        with tenancy.scope(buyer.scope):
            old, new = requirement_for(buyer, found.id), requirement_for(buyer, made.id)
            assert [row.monthly for row in channels_of(old)] == [row.monthly for row in channels_of(new)]
            assert [row.code for row in criteria_of(old)] == [row.code for row in criteria_of(new)]
            assert budget_of(buyer, new).budget_total_minor == 98765432
            tags = db.session.scalars(select(audit.AuditEntry.tag)).all()
        assert "needs:requirement:copy" in tags

    def test_files_stay_with_the_old_one(self, buyer: Actor) -> None:
        found = make_published(buyer)
        execute("UPDATE requirement_channels SET source = 'file', file_findings = '{}' WHERE channel = 'phone'")
        made = copy(buyer, found)
        rows = execute(
            "SELECT source, file_id, file_findings FROM requirement_channels WHERE requirement_id = :id", id=made.id
        )
        assert {(row.source, row.file_id, row.file_findings) for row in rows} == {("typed", None, None)}


class TestTemplates:
    def test_another_company_neither_makes_nor_sees_one(self, buyer: Actor) -> None:
        kept = keep(buyer, make_requirement(buyer))
        company = make_company("buyer")
        other = actor_for(make_person(company), company)
        assert in_scope(other, lambda: len(templates_for(other))) == 0
        with pytest.raises(NotFound):
            in_scope(other, lambda: template_for(other, kept.id))
        assert execute("SELECT count(*) AS n FROM requirement_templates")[0].n == 1
        with tenancy.scope(other.scope):
            assert db.session.query(RequirementTemplate).count() == 0
            db.session.rollback()

    @pytest.mark.parametrize("name", ["", "  ", "x" * 81])
    def test_it_needs_a_name(self, buyer: Actor, name: str) -> None:
        draft = make_requirement(buyer)
        with pytest.raises(Invalid) as refused:
            keep(buyer, draft, name)
        assert refused.value.field == "name"

    def test_a_name_is_used_once_in_a_company(self, buyer: Actor) -> None:
        draft = make_requirement(buyer)
        keep(buyer, draft)
        with pytest.raises(Invalid, match="of this name"):
            keep(colleague_of(buyer), draft)

    def test_a_viewer_begins_nothing_from_it(self, buyer: Actor) -> None:
        kept, viewer = keep(buyer, make_requirement(buyer)), colleague_of(buyer, "viewer")
        with pytest.raises(Forbidden):
            in_scope(viewer, lambda: actions.draft_from_template(viewer, kept, title="No"))

    def test_whoever_writes_begins_from_it_without_dates(self, buyer: Actor) -> None:
        kept, member = keep(buyer, make_published(buyer)), colleague_of(buyer, "member")
        made = in_scope(
            member, lambda: actions.draft_from_template(member, template_for(member, kept.id), title="Autumn")
        )
        assert (made.title, made.state, made.deadline_at, made.start_on) == ("Autumn", "draft", None, None)
        assert made.languages

    def test_it_is_renamed_and_deleted_and_what_began_from_it_stays(self, buyer: Actor) -> None:
        kept = keep(buyer, make_requirement(buyer))
        made = in_scope(buyer, lambda: actions.draft_from_template(buyer, template_for(buyer, kept.id), title="A"))
        with pytest.raises(StaleVersion):
            in_scope(buyer, lambda: actions.rename_template(buyer, kept, name="B", version=9))
        renamed = in_scope(buyer, lambda: actions.rename_template(buyer, kept, name="B", version=kept.version))
        assert renamed.name == "B"
        in_scope(buyer, lambda: actions.delete_template(buyer, kept))
        with pytest.raises(NotFound):
            in_scope(buyer, lambda: actions.delete_template(buyer, kept))
        assert in_scope(buyer, lambda: requirement_for(buyer, made.id)).title == "A"
