"""Money through the double with the real client: intents, the hosted page, refunds, and the oracle's balances."""

import re
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request

import pytest
import stripe

from tests.doubles.test_stripe_requests import INTENT, SESSION


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args):
        return None


def visit(address: str, **form: str) -> tuple[int, str, str]:
    """Status, body and Location of a page; posts when there are fields."""
    data = urllib.parse.urlencode(form).encode() if form else None
    try:
        with urllib.request.build_opener(NoRedirect).open(address, data, timeout=5) as response:
            return response.status, response.read().decode(), ""
    except urllib.error.HTTPError as answer:
        with answer:
            return answer.code, answer.read().decode(), answer.headers.get("Location", "")


class TestIntent:
    def test_a_confirmed_card_payment_moves_the_money_less_the_fee(self, loopback):
        intent = loopback.client.v1.payment_intents.create(INTENT)
        assert (intent.status, intent.amount_received) == ("succeeded", 10_000)
        assert loopback.see("balances") == {"eur": {"cardholders": -10_000, "platform": 9_825, "provider_fees": 175}}

    @pytest.mark.parametrize(
        ("method", "code", "decline_code"),
        [
            ("pm_card_visa_chargeDeclined", "card_declined", "generic_decline"),
            ("pm_card_visa_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"),
            ("pm_card_visa_chargeDeclinedStolenCard", "card_declined", "stolen_card"),
            ("pm_card_chargeDeclinedExpiredCard", "expired_card", None),
        ],
    )
    def test_a_decline_is_a_card_error_and_leaves_a_failed_charge(self, loopback, method, code, decline_code):
        with pytest.raises(stripe.CardError) as refused:
            loopback.client.v1.payment_intents.create({**INTENT, "payment_method": method})
        assert refused.value.code == code
        assert getattr(refused.value.error, "decline_code", None) == decline_code
        intent = loopback.client.v1.payment_intents.retrieve(refused.value.error.payment_intent.id)
        assert intent.status == "requires_payment_method"
        assert [charge["status"] for charge in loopback.see("charges")] == ["failed"]
        assert loopback.see("balances") == {}
        again = loopback.client.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa"})
        assert again.status == "succeeded"

    def test_authentication_on_session_waits_and_off_session_is_refused(self, loopback):
        asks = {**INTENT, "payment_method": "pm_card_authenticationRequired"}
        waiting = loopback.client.v1.payment_intents.create(asks)
        assert waiting.status == "requires_action"
        loopback.order("settle", payment_intent=waiting.id, paid=True)
        assert loopback.client.v1.payment_intents.retrieve(waiting.id).status == "succeeded"
        with pytest.raises(stripe.CardError) as refused:
            loopback.client.v1.payment_intents.create({**asks, "off_session": True})
        assert refused.value.code == "authentication_required"

    def test_a_paid_intent_can_neither_be_confirmed_nor_cancelled(self, loopback):
        intent = loopback.client.v1.payment_intents.create(INTENT)
        for again in (loopback.client.v1.payment_intents.confirm, loopback.client.v1.payment_intents.cancel):
            with pytest.raises(stripe.InvalidRequestError) as refused:
                again(intent.id)
            assert refused.value.code == "payment_intent_unexpected_state"
        assert len(loopback.see("charges")) == 1

    def test_a_fee_that_comes_late_is_filled_in_with_an_event(self, loopback):
        loopback.order("late_fees", on=True)
        intent = loopback.client.v1.payment_intents.create({**INTENT, "expand": ["latest_charge"]})
        assert intent.latest_charge.balance_transaction is None
        loopback.order("late_fees", on=False)
        assert loopback.client.v1.charges.retrieve(intent.latest_charge.id).balance_transaction.startswith("txn_")
        assert loopback.see("events")[0]["type"] == "charge.updated"


class TestHostedPage:
    def test_it_shows_amount_description_and_a_test_banner(self, loopback):
        session = loopback.client.v1.checkout.sessions.create(SESSION)
        status, page, _ = visit(session.url)
        assert status == 200
        assert "TEST" in page and "120.50 EUR" in page and "Invoice 7 of March" in page
        assert len(re.findall("<h1>", page)) == 1 and 'for="card"' in page

    def test_paying_completes_the_session_once_and_goes_to_the_success_address(self, loopback):
        session = loopback.client.v1.checkout.sessions.create(SESSION)
        status, _, location = visit(session.url, action="pay", card="pm_card_visa")
        assert (status, location) == (303, f"http://127.0.0.1/paid?session={session.id}")
        assert visit(session.url, action="pay", card="pm_card_visa")[0] == 410
        paid = loopback.client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]})
        assert (paid.status, paid.payment_status, paid.url) == ("complete", "paid", None)
        assert paid.payment_intent.metadata["payment_id"] == "p1"
        assert len(loopback.see("charges")) == 1

    def test_a_refused_card_keeps_the_page_open_and_the_next_one_pays_the_same_intent(self, loopback):
        session = loopback.client.v1.checkout.sessions.create(SESSION)
        status, page, _ = visit(session.url, action="pay", card="pm_card_visa_chargeDeclinedInsufficientFunds")
        assert status == 402 and 'role="alert"' in page and "insufficient funds" in page
        failed = loopback.client.v1.checkout.sessions.retrieve(session.id)
        assert failed.status == "open"
        visit(session.url, action="pay", card="pm_card_authenticationRequired")
        paid = loopback.client.v1.checkout.sessions.retrieve(session.id)
        assert (paid.payment_status, paid.payment_intent) == ("paid", failed.payment_intent)

    def test_declining_goes_back_and_leaves_the_session_open(self, loopback):
        session = loopback.client.v1.checkout.sessions.create(SESSION)
        status, _, location = visit(session.url, action="decline")
        assert (status, location) == (303, "http://127.0.0.1/back")
        assert loopback.client.v1.checkout.sessions.retrieve(session.id).status == "open"

    def test_a_bank_debit_completes_unpaid_and_settles_later(self, loopback):
        session = loopback.client.v1.checkout.sessions.create(SESSION)
        visit(session.url, action="pay", card="pm_test_bankDebit")
        waiting = loopback.client.v1.checkout.sessions.retrieve(session.id)
        assert (waiting.status, waiting.payment_status) == ("complete", "unpaid")
        loopback.order("settle", payment_intent=waiting.payment_intent, paid=True)
        assert loopback.client.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"
        assert loopback.see("events")[0]["type"] == "checkout.session.async_payment_succeeded"


class TestExpiry:
    def test_an_expired_session_takes_no_money(self, loopback):
        session = loopback.client.v1.checkout.sessions.create(SESSION)
        assert loopback.client.v1.checkout.sessions.expire(session.id).status == "expired"
        with pytest.raises(stripe.InvalidRequestError):
            loopback.client.v1.checkout.sessions.expire(session.id)
        assert visit(session.url, action="pay", card="pm_card_visa")[0] == 410
        assert loopback.see("charges") == []

    def test_a_session_ends_by_itself_after_a_day_and_its_intent_is_cancelled(self, loopback):
        session = loopback.client.v1.checkout.sessions.create(SESSION)
        visit(session.url, action="decline")
        loopback.order("advance", seconds=24 * 3600 + 1)
        ended = loopback.client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]})
        assert (ended.status, ended.payment_intent.status) == ("expired", "canceled")


class TestRefund:
    def test_parts_add_up_and_more_than_is_left_is_refused(self, loopback):
        intent = loopback.client.v1.payment_intents.create(INTENT)
        for part in (3_000, 6_999):
            loopback.client.v1.refunds.create({"payment_intent": intent.id, "amount": part})
        with pytest.raises(stripe.InvalidRequestError, match=r"greater than unrefunded amount on charge \(1\)"):
            loopback.client.v1.refunds.create({"payment_intent": intent.id, "amount": 2})
        loopback.client.v1.refunds.create({"payment_intent": intent.id})
        with pytest.raises(stripe.InvalidRequestError) as refused:
            loopback.client.v1.refunds.create({"payment_intent": intent.id})
        assert refused.value.code == "charge_already_refunded"
        assert loopback.see("balances") == {"eur": {"cardholders": 0, "platform": -175, "provider_fees": 175}}


class TestProcess:
    def test_it_runs_as_a_process_of_its_own_and_keeps_its_state_in_a_file(self, tmp_path):
        data = tmp_path / "double.json"
        names = []
        for _ in range(2):
            command = [sys.executable, "-m", "tests.doubles.stripe", "--webhook-secret", "whsec_x", "--data", str(data)]
            with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
                address = process.stdout.readline().removeprefix("listening on ").strip()
                bases = dict.fromkeys(("api", "connect", "files", "meter_events"), address)
                client = stripe.StripeClient("sk_test_loopback", base_addresses=bases)
                client.v1.customers.create({"name": f"Customer {len(names)}"}, {"idempotency_key": f"k{len(names)}"})
                names = [row.name for row in client.v1.customers.list().data]
                process.terminate()
            assert process.returncode == 0
        assert names == ["Customer 1", "Customer 0"]
