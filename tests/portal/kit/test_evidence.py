"""Chains of evidence: appended by their parties, refused to change, and every tampering named."""

import threading
import uuid
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from portal.kit import evidence, tenancy
from portal.kit.commands import verify
from portal.kit.db import db
from portal.kit.evidence import EvidenceEntry, broken_links
from tests.factories.accounts import make_company

ANOTHER = uuid.UUID(int=77)
CHANGES = {
    "chain": "agreement",
    "chain_id": ANOTHER,
    "position": 40,
    "kind": "something else",
    "payload": '{"n":-1}',
    "previous_hash": "f" * 64,
    "hash": "e" * 64,
    "buyer_id": ANOTHER,
    "vendor_id": ANOTHER,
    "at": datetime(2020, 1, 1, tzinfo=UTC),
}
COLUMNS = tuple(CHANGES)


def made_chain(length: int) -> list[SimpleNamespace]:
    """An untouched chain of some links, without a database."""
    links: list[SimpleNamespace] = []
    previous = evidence.GENESIS
    for position in range(1, length + 1):
        link = SimpleNamespace(
            chain="requirement",
            chain_id=uuid.UUID(int=5),
            position=position,
            kind="step",
            payload=evidence.canonical({"n": position, "word": "價格"}),
            previous_hash=previous,
            buyer_id=uuid.UUID(int=6),
            vendor_id=None,
            at=datetime(2026, 5, 1, tzinfo=UTC) + timedelta(minutes=position),
        )
        link.hash = previous = evidence.link_hash(link)
        links.append(link)
    return links


chains = st.integers(2, 8).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n - 1)))


class TestTampering:
    @given(st.integers(0, 8))
    def test_an_untouched_chain_has_no_fault(self, length):
        assert broken_links(reversed(made_chain(length))) == []

    @given(chains, st.sampled_from(COLUMNS))
    def test_every_changed_column_is_named(self, where, column):
        length, index = where
        chain = made_chain(length)
        setattr(chain[index], column, CHANGES[column])
        assert broken_links(chain) != []

    @given(chains)
    def test_a_removed_link_is_named_unless_it_was_the_last(self, where):
        length, index = where
        chain = made_chain(length)
        del chain[index]
        assert bool(broken_links(chain)) == (index < length - 1)

    @given(chains, st.integers(0, 7))
    def test_two_links_that_changed_places_are_named(self, where, other):
        length, index = where
        chain = made_chain(length)
        other %= length
        chain[index].position, chain[other].position = chain[other].position, chain[index].position
        assert bool(broken_links(chain)) == (other != index)

    @given(chains)
    def test_a_link_put_in_between_is_named(self, where):
        length, index = where
        chain = made_chain(length)
        added = SimpleNamespace(**vars(chain[index]))
        added.payload = '{"n":0}'
        added.hash = evidence.link_hash(added)
        assert broken_links([*chain, added]) != []

    def test_the_sentence_says_where(self):
        chain = made_chain(3)
        chain[1].payload = "{}"
        assert broken_links(chain) == [f"requirement {chain[1].chain_id}, link 2: its content does not give its hash"]


@pytest.fixture
def buyer(app):
    return make_company("buyer")


def append(buyer, chain_id: uuid.UUID, **payload) -> str:
    return evidence.append("requirement", chain_id, "step", payload, buyer_id=buyer.id)


def entries(buyer) -> list[EvidenceEntry]:
    with tenancy.scope(tenancy.member(buyer.id)):
        return list(db.session.scalars(select(EvidenceEntry).order_by(EvidenceEntry.position)))


class TestAppend:
    def test_only_a_party_appends(self, buyer):
        stranger = make_company("vendor")
        for scope in (tenancy.member(stranger.id), tenancy.PUBLIC, tenancy.staff()):
            with pytest.raises(DBAPIError, match="appended by its parties"), tenancy.scope(scope):
                append(buyer, ANOTHER)
            db.session.rollback()

    def test_the_database_and_this_program_work_out_the_same_hash(self, buyer):
        with tenancy.scope(tenancy.member(buyer.id)):
            for n in range(3):
                append(buyer, ANOTHER, n=n, word='“價格”, "10 %"', lines="a\nb\t\\c")
            db.session.commit()
        kept = entries(buyer)
        assert [entry.position for entry in kept] == [1, 2, 3]
        assert broken_links(kept) == []

    def test_two_chains_that_begin_alike_do_not_meet(self, buyer):
        with tenancy.scope(tenancy.member(buyer.id)):
            assert append(buyer, ANOTHER, n=1) != append(buyer, uuid.UUID(int=78), n=1)

    def test_both_parties_read_it_and_nobody_else(self, buyer):
        vendor, stranger = make_company("vendor"), make_company("vendor")
        with tenancy.scope(tenancy.member(vendor.id)):
            evidence.append("agreement", ANOTHER, "step", {}, buyer_id=buyer.id, vendor_id=vendor.id)
            db.session.commit()
        assert [len(entries(company)) for company in (buyer, vendor, stranger)] == [1, 1, 0]

    def test_eight_at_once_leave_no_gap(self, app, buyer):
        def append_some() -> None:
            with app.app_context(), tenancy.scope(tenancy.member(buyer.id)):
                for n in range(5):
                    append(buyer, ANOTHER, n=n)
                    db.session.commit()
                db.session.remove()

        threads = [threading.Thread(target=append_some) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        kept = entries(buyer)
        assert [entry.position for entry in kept] == list(range(1, 21))
        assert broken_links(kept) == []

    @pytest.mark.parametrize("change", ["UPDATE evidence_entries SET kind = 'x'", "DELETE FROM evidence_entries"])
    def test_not_even_the_owner_changes_it(self, buyer, owner_engine, change):
        with tenancy.scope(tenancy.member(buyer.id)):
            append(buyer, ANOTHER)
            db.session.commit()
        with owner_engine.connect() as connection, pytest.raises(DBAPIError, match="appended, never changed"):
            connection.execute(text(change))


class TestVerifyCommand:
    def test_says_that_all_is_well_or_names_the_fault(self, app, buyer, superuser):
        with tenancy.scope(tenancy.member(buyer.id)):
            append(buyer, ANOTHER, n=1)
            db.session.commit()
        runner = app.test_cli_runner()
        assert "1 links of evidence follow" in runner.invoke(verify).output
        superuser.execute("SET session_replication_role = replica")
        superuser.execute("UPDATE evidence_entries SET at = at - interval '1 day'")
        answer = runner.invoke(verify)
        assert answer.exit_code == 1
        assert "link 1: its content does not give its hash" in answer.output
