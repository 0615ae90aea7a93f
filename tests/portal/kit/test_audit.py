"""The audit log cannot be written in somebody else's name, whatever the program would let through."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from portal.kit import tenancy
from portal.kit.db import db
from portal.kit.ids import new_id
from tests.factories.accounts import make_company, make_person, make_staff

WRITE = text(
    "INSERT INTO audit_entries (id, company_id, person_id, person_name, tag, subject_kind, sealed)"
    " VALUES (:id, :company, :person, 'Somebody', 'test:thing:do', '', false)"
)


def written(scope: tenancy.Scope, company: object, person: object) -> bool:
    """Whether the database takes such an entry from this scope."""
    with tenancy.scope(scope):
        try:
            db.session.execute(WRITE, {"id": new_id(), "company": company, "person": person})
        except ProgrammingError as refused:
            assert "row-level security" in str(refused)
            return False
        finally:
            db.session.rollback()
    return True


class TestAnEntry:
    @pytest.fixture(autouse=True)
    def cast(self, app):
        self.ours, self.theirs = make_company("buyer"), make_company("vendor")
        self.me, self.colleague = make_person(self.ours).id, make_person(self.ours).id
        self.moderator = make_staff().id

    def test_of_a_member_is_about_their_own_company_and_signed_by_themselves(self):
        scope = tenancy.member(self.ours.id, self.me)
        assert written(scope, self.ours.id, self.me)
        assert not written(scope, self.theirs.id, self.me)
        assert not written(scope, None, self.me)
        assert not written(scope, self.ours.id, self.colleague)
        assert not written(scope, self.ours.id, None)

    def test_of_a_robot_is_about_its_company_and_signed_by_nobody(self):
        scope = tenancy.member(self.ours.id)
        assert written(scope, self.ours.id, None)
        assert not written(scope, self.theirs.id, None)
        assert not written(scope, self.ours.id, self.me)

    def test_of_staff_may_be_about_any_company_and_is_signed_by_themselves(self):
        scope = tenancy.staff(self.moderator)
        assert written(scope, self.theirs.id, self.moderator)
        assert written(scope, None, self.moderator)
        assert not written(scope, self.ours.id, self.me)

    def test_before_sign_in_is_in_no_companys_log_and_says_whose_it_is(self):
        assert not written(tenancy.PUBLIC, self.ours.id, self.me)
        assert not written(tenancy.PUBLIC, None, self.me)
        assert not written(tenancy.PUBLIC, None, None)
        assert written(tenancy.Scope("public", person_id=self.me), None, self.me)
        assert not written(tenancy.Scope("public", person_id=self.me), self.ours.id, self.me)

    def test_is_not_written_by_the_holder_of_a_link(self):
        assert not written(tenancy.link("hash"), None, None)
        assert not written(tenancy.link("hash"), self.ours.id, None)
