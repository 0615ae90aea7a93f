"""The ledger as the database guards it: one writer, nothing changed, every journal sums to zero."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from portal.billing import ledger
from portal.billing.ledger import Account
from portal.kit.db import db
from tests.factories.accounts import execute
from tests.factories.billing import acting, make_invoice, robot


def post(deal, amounts, source_id="1", **change):
    return ledger.post(
        "test",
        source_id,
        "kind",
        **{"buyer_id": deal.buyer.id, "vendor_id": deal.vendor.id, "currency": "GBP", "amounts": amounts, **change},
    )


class TestPost:
    def test_a_stranger_cannot_post_between_two_others(self, deal, outsider):
        with pytest.raises(DBAPIError, match="one of its parties"), acting(outsider):
            post(deal, {(Account.BANK_CLEARING, None): 5, (Account.BUYER_RECEIVABLE, deal.buyer.id): -5})

    def test_a_journal_cannot_touch_a_third_company(self, deal, outsider):
        with pytest.raises(DBAPIError, match="only its parties"), acting(deal.payer):
            post(deal, {(Account.BANK_CLEARING, None): 5, (Account.BUYER_RECEIVABLE, outsider.company_id): -5})

    def test_what_does_not_sum_to_zero_is_refused_before_and_in_the_database(self, deal):
        with acting(deal.payer), pytest.raises(ValueError, match="unbalanced"):
            post(deal, {(Account.BANK_CLEARING, None): 5, (Account.BUYER_RECEIVABLE, deal.buyer.id): -4})
        entry = (
            f'{{"source_type":"t","source_id":"1","kind":"k","currency":"GBP","buyer_id":"{deal.buyer.id}","vendor_id":"{deal.vendor.id}",'
            '"postings":[{"kind":"bank_clearing","owner":null,"amount":5}]}'
        )
        with pytest.raises(DBAPIError, match="does not sum to zero"), acting(deal.payer):
            db.session.execute(text("SELECT ledger_post(cast(:entry AS jsonb))"), {"entry": entry})

    def test_the_same_cause_is_booked_once(self, deal):
        amounts = {(Account.BANK_CLEARING, None): 5, (Account.BUYER_RECEIVABLE, deal.buyer.id): -5}
        with acting(deal.payer):
            assert [post(deal, amounts) for _ in range(3)] == [True, False, False]
        assert execute("SELECT count(*) AS n FROM postings")[0].n == 2


class TestGuards:
    @pytest.mark.parametrize("table", ["journals", "postings", "ledger_accounts"])
    def test_the_portal_can_neither_write_nor_change_it_directly(self, deal, table):
        make_invoice(deal.schedule, deal.vendor)
        for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET id = id", f"INSERT INTO {table} DEFAULT VALUES"):
            with pytest.raises(DBAPIError, match="permission denied"), acting(robot(deal.vendor)):
                db.session.execute(text(statement))

    @pytest.mark.parametrize("table", ["journals", "postings", "ledger_accounts"])
    def test_not_even_the_owner_changes_it(self, deal, table):
        make_invoice(deal.schedule, deal.vendor)
        with pytest.raises(DBAPIError, match="appended, never changed"):
            execute(f"DELETE FROM {table}")

    def test_a_company_sees_its_own_side_only(self, deal):
        make_invoice(deal.schedule, deal.vendor)
        with acting(deal.payer):
            kinds = set(db.session.scalars(text("SELECT kind FROM ledger_accounts")))
        assert kinds == {"buyer_receivable"}
