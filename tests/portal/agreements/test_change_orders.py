"""Change orders: proposing is the proposing side's acceptance, the other side accepts or rejects, silence ends it."""

from datetime import timedelta

import pytest

from portal.accounts.actor import Actor
from portal.agreements import queries
from portal.agreements.actions import change_orders
from portal.agreements.actions.course import terminate
from portal.kit import jobs
from portal.kit.errors import Conflict, Forbidden, NotFound
from tests.factories import agreements
from tests.factories.accounts import MadeCompany, actor_for, execute, make_company, make_person
from tests.factories.selection import wait

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def deal() -> agreements.Deal:
    return agreements.make_signed()


def colleague(actor: Actor, role: str) -> Actor:
    """Somebody else in the actor's company."""
    found = execute(
        "SELECT id, kind, name, slug, country, timezone, currency FROM companies WHERE id = :id", id=actor.company_id
    )[0]
    company = MadeCompany(*found)
    return actor_for(make_person(company, role), company)


def now(deal: agreements.Deal, actor: Actor) -> list[str]:
    """The states of the change orders that the actor's company sees, the newest first."""
    return agreements.within(
        actor, deal, lambda agreement: [order.state for order in queries.change_orders_of(agreement)]
    )


def told(actor: Actor) -> list[str]:
    """What the actor's company was told of change orders, in order; each kind once, however many people read it."""
    rows = execute(
        "SELECT kind FROM notifications WHERE company_id = :id AND kind LIKE 'agreements.change_order.%' ORDER BY id",
        id=actor.company_id,
    )
    return list(dict.fromkeys(row.kind.rpartition(".")[2] for row in rows))


def evidence(deal: agreements.Deal) -> list[str]:
    """What the chain holds of change orders, in order."""
    return agreements.within(
        deal.buyer,
        deal,
        lambda agreement: [one.payload for one in queries.evidence_of(agreement) if one.kind == "change_order"],
    )


class TestPropose:
    def test_an_outsider_cannot(self, deal):
        company = make_company("vendor")
        with pytest.raises(NotFound):
            agreements.propose(deal, by=actor_for(make_person(company), company))
        with pytest.raises(Forbidden):
            agreements.propose(deal, by=colleague(deal.vendor, "viewer"))

    def test_with_authority_it_is_that_sides_acceptance_and_the_other_side_is_asked(self, deal):
        order = agreements.propose(deal)
        assert order.state == "partly_signed"
        assert order.accepted_by("vendor") and not order.accepted_by("buyer")
        assert now(deal, deal.buyer) == ["partly_signed"]
        assert len(evidence(deal)) == 1 and deal.vendor.person_name in evidence(deal)[0]
        assert told(deal.buyer) == ["proposed"]

    def test_without_authority_it_waits_unseen_until_a_colleague_stands_behind_it(self, deal):
        order = agreements.propose(deal, by=colleague(deal.vendor, "member"))
        assert order.state == "proposed" and evidence(deal) == []
        assert told(deal.buyer) == [] and told(deal.vendor) == ["written"]
        assert now(deal, deal.buyer) == []
        with pytest.raises(NotFound):
            agreements.accept_change(deal.buyer, deal, order)
        wait(20)
        signed = agreements.accept_change(deal.vendor, deal, order)
        assert signed.state == "partly_signed" and told(deal.buyer) == ["proposed"]
        assert signed.answer_due_at > order.answer_due_at + timedelta(days=19)


class TestAccept:
    def test_by_the_side_that_proposed_it_again_is_refused(self, deal):
        order = agreements.propose(deal)
        with pytest.raises(Conflict, match="accepted this already"):
            agreements.accept_change(deal.vendor, deal, order)

    def test_by_the_other_side_charges_the_fee_once(self, deal):
        order = agreements.propose(deal)
        assert agreements.accept_change(deal.buyer, deal, order).state == "effective"
        charges = execute("SELECT amount_minor, fee_class FROM charges WHERE change_order_id = :id", id=order.id)
        assert [(row.amount_minor, row.fee_class) for row in charges] == [(order.amount_minor, "extra")]
        assert len(evidence(deal)) == 2 and told(deal.vendor) == ["effective"]
        with pytest.raises(Conflict):
            agreements.accept_change(deal.buyer, deal, order)

    def test_after_the_agreement_has_ended_is_refused(self, deal):
        order = agreements.propose(deal)
        agreements.within(deal.buyer, deal, lambda agreement: terminate(deal.buyer, agreement, reason="We close."))
        with pytest.raises(Conflict, match="in force"):
            agreements.accept_change(deal.buyer, deal, order)
        jobs.run_due()
        assert now(deal, deal.buyer) == ["lapsed"]


class TestReject:
    def reject(self, actor, deal, order):
        return agreements.within(
            actor,
            deal,
            lambda agreement: change_orders.reject_change(
                actor, agreement, queries.change_order(agreement, order.id), reason="Not now."
            ),
        )

    def test_tells_the_side_that_proposed_it(self, deal):
        assert self.reject(deal.buyer, deal, agreements.propose(deal)).state == "rejected"
        assert told(deal.vendor) == ["rejected"]

    def test_of_what_the_other_side_never_saw_tells_nobody(self, deal):
        order = agreements.propose(deal, by=colleague(deal.vendor, "member"))
        self.reject(deal.vendor, deal, order)
        assert told(deal.buyer) == []


class TestSilence:
    def test_for_thirty_days_ends_it_and_both_sides_are_told(self, deal):
        order = agreements.propose(deal)
        wait(29)
        assert now(deal, deal.buyer) == ["partly_signed"]
        wait(1)
        assert now(deal, deal.buyer) == ["lapsed"]
        assert told(deal.buyer) == ["proposed", "lapsed"] and told(deal.vendor) == ["lapsed"]
        assert "agreements:change_order:lapse" in {row.tag for row in execute("SELECT tag FROM audit_entries")}
        with pytest.raises(Conflict):
            agreements.accept_change(deal.buyer, deal, order)

    def test_about_a_draft_ends_it_without_a_word_to_the_other_side(self, deal):
        agreements.propose(deal, by=colleague(deal.vendor, "member"))
        wait(30)
        assert now(deal, deal.vendor) == ["lapsed"]
        assert told(deal.buyer) == [] and told(deal.vendor) == ["written", "lapsed"]
