"""Refining together after the award: who may, what it voids, and that nothing is signed before both confirmed."""

import threading
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from portal.kit import audit, evidence, tenancy
from portal.kit.db import db
from portal.kit.errors import Conflict, Forbidden, Invalid, NotFound
from portal.needs.queries import requirement_for
from portal.needs.version_queries import confirmations_of, is_confirmed, versions_of
from portal.selection import actions
from portal.selection.queries import award_for
from portal.selection.refinable import refinable
from tests.factories import agreements as made
from tests.factories.accounts import execute
from tests.factories.agreements import Deal
from tests.factories.needs import in_scope
from tests.factories.versions import colleague_of, confirm_last, refine

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def deal(app: object) -> Deal:
    return made.make_drafted()


def numbers(actor: Any, deal: Deal) -> list[int]:
    def read() -> list[int]:
        return [one.number for one in versions_of(requirement_for(actor, deal.agreement.requirement_id))]

    return in_scope(actor, read)


class TestRefine:
    def test_the_loser_neither_refines_nor_reads_it(self, deal: Deal) -> None:
        with pytest.raises(NotFound):
            refine(deal.loser, deal.agreement.award_id)
        refine(deal.vendor, deal.agreement.award_id)
        assert [numbers(one, deal) for one in (deal.buyer, deal.vendor, deal.loser)] == [[2, 1], [2, 1], [1]]

    def test_a_viewer_is_refused(self, deal: Deal) -> None:
        with pytest.raises(Forbidden):
            refine(colleague_of(deal.vendor, "viewer"), deal.agreement.award_id)

    @pytest.mark.parametrize("side", [0, 1])
    def test_either_side_puts_the_next_version_on_the_table(self, deal: Deal, side: int) -> None:
        actor = deal.sides[side]
        version = refine(actor, deal.agreement.award_id, summary="Said clearer.", agreed="Cut-over at 08:00.")
        assert (version.number, version.kind, version.by_side) == (2, "refined", ("buyer", "vendor")[side])
        terms = made.fresh(deal).terms
        assert terms["requirement_version"] == {"number": 2, "sha256": version.sha256}
        assert (terms["requirement"]["summary"], terms["requirement"]["agreed"]) == (
            "Said clearer.",
            "Cut-over at 08:00.",
        )
        with tenancy.scope(actor.scope):
            tags = set(db.session.scalars(select(audit.AuditEntry.tag)))
            kinds = set(db.session.scalars(select(evidence.EvidenceEntry.kind)))
        assert "selection:requirement:refine" in tags and "refined" in kinds
        other = deal.sides[1 - side]
        told = execute("SELECT kind FROM notifications WHERE company_id = :id", id=other.company_id)
        assert "selection.requirement.refined" in {row.kind for row in told}

    def test_what_was_priced_or_judged_cannot_be_refined(self, deal: Deal) -> None:
        with pytest.raises(Invalid, match="Nothing differs"):
            refine(deal.buyer, deal.agreement.award_id, validity_days=1, title="Other", start_on="2030-01-01")
        assert set(refinable("full")) == {"summary", "agreed"}

    @pytest.mark.parametrize("values", [{"summary": ""}, {"agreed": "x" * 5001}])
    def test_empty_and_endless_texts_are_refused_at_their_field(self, deal: Deal, values: dict[str, str]) -> None:
        with pytest.raises(Invalid) as refused:
            refine(deal.buyer, deal.agreement.award_id, **values)
        assert refused.value.field in values

    def test_an_offered_text_is_drawn_up_anew(self, deal: Deal) -> None:
        made.offer(deal)
        made.sign(deal.buyer, deal)
        refine(deal.vendor, deal.agreement.award_id)
        states = execute("SELECT number, state FROM agreement_versions ORDER BY number")
        assert [tuple(row) for row in states] == [(1, "superseded"), (2, "drafting")]

    def test_once_it_is_in_force_nothing_is_refined_or_confirmed(self) -> None:
        deal = made.make_signed()
        for act in (refine, confirm_last):
            with pytest.raises(Conflict):
                act(deal.buyer, deal.agreement.award_id)


class TestConfirm:
    def test_signing_waits_for_both(self, deal: Deal) -> None:
        made.offer(deal)
        execute("ALTER TABLE requirement_confirmations DISABLE TRIGGER append_only")
        execute("DELETE FROM requirement_confirmations WHERE side = 'vendor'")
        execute("ALTER TABLE requirement_confirmations ENABLE TRIGGER append_only")
        with pytest.raises(Conflict, match="both sides have confirmed"):
            made.sign(deal.buyer, deal)
        made.confirm(deal.vendor, deal)
        made.sign(deal.buyer, deal)

    def test_a_new_version_voids_earlier_confirmations(self, deal: Deal) -> None:
        for actor in deal.sides:
            made.confirm(actor, deal)
        refine(deal.vendor, deal.agreement.award_id)

        def standing() -> tuple[bool, int]:
            requirement = requirement_for(deal.buyer, deal.agreement.requirement_id)
            return is_confirmed(requirement), len(confirmations_of(requirement, 2))

        assert in_scope(deal.buyer, standing) == (False, 0)

    def test_only_the_last_version_is_confirmed_and_once_by_each_side(self, deal: Deal) -> None:
        refine(deal.vendor, deal.agreement.award_id)

        def first() -> None:
            actions.confirm_requirement(deal.buyer, award_for(deal.buyer, deal.agreement.award_id), number=1)

        with pytest.raises(Conflict, match="meanwhile"):
            in_scope(deal.buyer, first)
        made.confirm(deal.buyer, deal)
        with pytest.raises(Conflict, match="already"):
            made.confirm(deal.buyer, deal)

    def test_a_member_who_may_not_sign_is_refused(self, deal: Deal) -> None:
        with pytest.raises(Forbidden):
            made.confirm(colleague_of(deal.buyer, "member"), deal)

    def test_nobody_confirms_for_the_other_side(self, deal: Deal) -> None:
        statement = (
            "INSERT INTO requirement_confirmations (id, requirement_id, buyer_id, vendor_id, number, side, person_id,"
            " person_name) VALUES (gen_random_uuid(), :requirement, :buyer, :vendor, 1, 'vendor', :person, 'x')"
        )
        values = {
            "requirement": deal.agreement.requirement_id,
            "buyer": deal.agreement.buyer_id,
            "vendor": deal.agreement.vendor_id,
            "person": deal.buyer.person_id,
        }
        with pytest.raises(DBAPIError, match="row-level security"), tenancy.scope(deal.buyer.scope):
            db.session.execute(text(statement), values)
        db.session.rollback()

    def test_refining_against_confirming_leaves_no_confirmation_of_a_version_unread(self, app: Flask) -> None:
        deal = made.make_drafted()
        barrier, refused = threading.Barrier(2), []

        def run(act: Any, actor: Any) -> None:
            with app.app_context():
                barrier.wait()
                try:
                    act(actor, deal.agreement.award_id)
                except Conflict as error:
                    refused.append(error)

        threads = [
            threading.Thread(target=run, args=args) for args in ((refine, deal.vendor), (confirm_last, deal.buyer))
        ]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        assert numbers(deal.buyer, deal) == [2, 1]
        rows = execute("SELECT number FROM requirement_confirmations")
        assert len(rows) + len(refused) <= 1 or rows[0].number in (1, 2)
