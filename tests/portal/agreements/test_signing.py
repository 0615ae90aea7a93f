"""From an accepted award to an agreement in force."""

import threading

import pytest
from flask import Flask
from sqlalchemy import Engine, text

from portal.agreements import queries
from portal.agreements.actions import draft
from portal.agreements.states import VERSION_MOVES, VersionState
from portal.kit import evidence, tenancy
from portal.kit.db import db
from portal.kit.errors import Conflict, Forbidden, IllegalMove, Invalid, NotFound, StaleVersion
from portal.kit.states import can_move
from portal.signing import queries as documents
from tests.factories import agreements as made
from tests.factories.accounts import actor_for, add_member, make_person
from tests.factories.needs import in_scope

pytestmark = pytest.mark.usefixtures("app")


class TestDraft:
    def test_an_accepted_award_becomes_one_draft_with_the_terms_that_were_bid(self) -> None:
        deal = made.make_drafted()
        terms = deal.agreement.terms
        assert deal.agreement.state == "drafting"
        assert deal.agreement.number.endswith("-0001")
        assert terms["rate_card"]["operating"][0]["code"] == "HOUR"
        assert [target["channel"] for target in terms["targets"]] == ["phone", "email"]
        assert terms["parties"]["buyer"]["legal_name"].endswith(" Ltd")
        assert len(terms["scenario"]["months"]) == terms["term_months"]

    def test_the_losing_vendor_finds_nothing(self) -> None:
        deal = made.make_drafted()
        with pytest.raises(NotFound):
            in_scope(deal.loser, lambda: queries.agreement_for(deal.loser, deal.agreement.id))

    def test_the_database_alone_hides_it_too(self, monkeypatch: pytest.MonkeyPatch) -> None:
        deal = made.make_drafted()
        monkeypatch.setattr(tenancy.Walls, "python", False)
        with pytest.raises(NotFound):
            in_scope(deal.loser, lambda: queries.agreement_for(deal.loser, deal.agreement.id))

    def test_two_editors_cannot_overwrite_each_other(self) -> None:
        deal = made.make_drafted()
        free = draft.FreeText("Calls are recorded only with consent.", "en")
        made.within(deal.buyer, deal, lambda a: draft.save_text(deal.buyer, a, free, version=1))
        with pytest.raises(StaleVersion) as refusal:
            made.within(deal.vendor, deal, lambda a: draft.save_text(deal.vendor, a, free, version=1))
        assert refusal.value.theirs == "Calls are recorded only with consent."


class TestSign:
    def test_a_draft_cannot_be_signed(self) -> None:
        deal = made.make_drafted()
        with pytest.raises(Conflict):
            made.within(
                deal.buyer, deal, lambda a: made.sign_agreement(deal.buyer, a, made.signing(deal.buyer, "0" * 64))
            )

    @pytest.mark.parametrize(
        ("field", "value"),
        [("typed_name", "Somebody Else"), ("title", " "), ("authority", False), ("password", "not my password")],
    )
    def test_what_is_missing_is_said_at_its_field(self, field: str, value: object) -> None:
        deal = made.make_drafted()
        made.offer(deal)
        with pytest.raises(Invalid) as refusal:
            made.sign(deal.buyer, deal, **{field: value})
        assert refusal.value.field == field
        assert made.fresh(deal).state == "drafting"

    def test_other_bytes_than_shown_are_not_signed(self) -> None:
        deal = made.make_drafted()
        made.offer(deal)
        with pytest.raises(Conflict):
            made.sign(deal.buyer, deal, shown_sha256="f" * 64)

    def test_a_member_without_authority_is_refused(self) -> None:
        deal = made.make_drafted()
        made.offer(deal)
        person = make_person()
        company = type("C", (), {"id": deal.buyer.company_id, "kind": "buyer", "name": deal.buyer.company_name})()
        add_member(company, person, "member")
        with pytest.raises(Forbidden):
            made.sign(actor_for(person, company), deal)

    def test_one_signature_does_not_bind_and_the_same_side_signs_once(self) -> None:
        deal = made.make_drafted()
        made.offer(deal)
        made.sign(deal.buyer, deal)
        assert made.fresh(deal).state == "drafting"
        with pytest.raises(Conflict):
            made.sign(deal.buyer, deal)

    def test_both_signatures_put_it_in_force_with_schedule_plan_and_evidence(self, superuser) -> None:  # type: ignore[no-untyped-def]
        deal = made.make_signed()
        agreement = made.fresh(deal)
        assert agreement.state == "active"
        entries = in_scope(deal.vendor, lambda: [(e.kind, e.position) for e in queries.evidence_of(agreement)])
        assert entries == [("signature", 1), ("signature", 2), ("activation", 3)]
        with tenancy.scope(deal.buyer.scope):
            assert evidence.broken_links(queries.evidence_of(agreement)) == []
            db.session.rollback()
        counted = superuser.execute(
            "SELECT (SELECT count(*) FROM fee_schedules), (SELECT count(*) FROM plans),"
            " (SELECT count(*) FROM milestones)"
        ).fetchone()
        assert counted == (1, 1, 14)

    def test_anybody_can_check_the_digest(self) -> None:
        deal = made.make_signed()
        version = in_scope(
            deal.buyer, lambda: queries.current_version(made.queries.agreement_for(deal.buyer, deal.agreement.id))
        )
        sha256 = in_scope(deal.buyer, lambda: documents.document(version.document_id).sha256)
        with tenancy.scope(tenancy.PUBLIC):
            found = documents.verify(sha256)
            unknown = documents.verify("0" * 64)
            db.session.rollback()
        assert found is not None and found.is_complete and found.buyer_name == deal.buyer.company_name
        assert unknown is None

    def test_a_document_cannot_be_changed_even_by_its_owner(self, owner_engine: Engine) -> None:
        made.make_signed()
        with owner_engine.connect() as connection, pytest.raises(Exception, match="appended, never changed"):
            connection.execute(text("UPDATE documents SET manifest = 'x'"))


class TestCounter:
    def test_a_counter_version_voids_signatures_on_the_older_one(self) -> None:
        deal = made.make_drafted()
        made.offer(deal)
        made.sign(deal.buyer, deal)
        free = draft.FreeText("The vendor works from two sites.", "en")
        made.within(deal.vendor, deal, lambda a: draft.counter_text(deal.vendor, a, free, reason="We have two sites."))
        states = in_scope(deal.buyer, lambda: [(v.number, v.state) for v in queries.versions_of(deal.agreement)])
        assert states == [(2, "offered"), (1, "superseded")]
        for actor in deal.sides:
            made.sign(actor, deal)
        assert made.fresh(deal).state == "active"

    def test_it_needs_a_reason(self) -> None:
        deal = made.make_drafted()
        made.offer(deal)
        with pytest.raises(Invalid):
            made.within(
                deal.vendor,
                deal,
                lambda a: draft.counter_text(deal.vendor, a, draft.FreeText("", "en"), reason="  "),
            )

    def test_a_refused_text_ends_the_agreement(self) -> None:
        deal = made.make_drafted()
        made.offer(deal)
        made.within(deal.vendor, deal, lambda a: draft.refuse_text(deal.vendor, a, reason="Our capacity is gone."))
        assert made.fresh(deal).state == "refused"
        with pytest.raises(Conflict):
            made.sign(deal.buyer, deal)


@pytest.mark.parametrize("old", list(VersionState))
@pytest.mark.parametrize("new", list(VersionState))
def test_only_the_moves_of_the_table_are_possible(old: VersionState, new: VersionState) -> None:
    assert can_move(old, new, VERSION_MOVES) == (new in VERSION_MOVES.get(old, ()))


def test_both_sides_signing_at_once_activate_once(app: Flask, superuser) -> None:  # type: ignore[no-untyped-def]
    deal = made.make_drafted()
    made.offer(deal)
    failures: list[BaseException] = []

    def run(actor) -> None:  # type: ignore[no-untyped-def]
        with app.app_context():
            try:
                made.sign(actor, deal)
            except (Conflict, IllegalMove) as refusal:
                failures.append(refusal)

    threads = [threading.Thread(target=run, args=(actor,)) for actor in (*deal.sides, *deal.sides)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(failures) == 2
    assert made.fresh(deal).state == "active"
    assert superuser.execute("SELECT count(*) FROM signatures").fetchone() == (2,)
    assert superuser.execute("SELECT count(*) FROM fee_schedules").fetchone() == (1,)
