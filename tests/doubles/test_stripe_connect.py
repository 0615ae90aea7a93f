"""Connected accounts in the double: onboarding, destination charges and their refunds, balances, account events."""

import json
import re
import typing

import pytest
import stripe

from tests.doubles.test_stripe_payments import visit
from tests.doubles.test_stripe_requests import INTENT, SESSION, undeclared

ACCOUNT = {
    "country": "GB",
    "email": "pay@ostermere.test",
    "business_profile": {"name": "Ostermere CX"},
    "capabilities": {"card_payments": {"requested": True}, "transfers": {"requested": True}},
    "controller": {
        "fees": {"payer": "application"},
        "losses": {"payments": "application"},
        "requirement_collection": "stripe",
        "stripe_dashboard": {"type": "express"},
    },
    "metadata": {"company_id": "c1"},
}


@pytest.fixture
def account(loopback) -> stripe.Account:
    """An account that is complete."""
    made = loopback.client.v1.accounts.create(ACCOUNT)
    loopback.order("account", account=made.id, standing="complete")
    return made


def to(account: stripe.Account, fee: int | None = 500) -> dict[str, object]:
    """What makes an intent a destination charge."""
    share = {} if fee is None else {"application_fee_amount": fee}
    return {"transfer_data": {"destination": account.id}, "on_behalf_of": account.id, **share}


def balance(loopback, who: str) -> int:
    return loopback.see("balances")["eur"][who]


class TestOnboarding:
    def test_an_account_begins_without_capabilities_and_says_what_is_missing(self, loopback):
        made = loopback.client.v1.accounts.create(ACCOUNT)
        assert (made.capabilities.card_payments, made.charges_enabled) == ("inactive", False)
        assert made.requirements.currently_due and made.requirements.disabled_reason == "requirements.past_due"

    def test_the_hosted_page_ends_as_chosen_and_leads_back_once(self, loopback):
        made = loopback.client.v1.accounts.create(ACCOUNT)
        back = {"return_url": "http://127.0.0.1/back", "refresh_url": "http://127.0.0.1/again"}
        link = loopback.client.v1.account_links.create({"account": made.id, "type": "account_onboarding", **back})
        status, page, _ = visit(link.url)
        assert status == 200 and "TEST" in page and "Ostermere CX" in page and len(re.findall("<h1>", page)) == 1
        assert visit(link.url, ending="incomplete")[::2] == (303, "http://127.0.0.1/back")
        assert visit(link.url)[::2] == (303, "http://127.0.0.1/again")
        assert loopback.client.v1.accounts.retrieve(made.id).details_submitted is False
        visit(f"{loopback.url}/_test/onboard/{made.id}", ending="complete")
        ready = loopback.client.v1.accounts.retrieve(made.id)
        assert (ready.capabilities.transfers, ready.payouts_enabled) == ("active", True)

    def test_a_link_lasts_five_minutes(self, loopback, account):
        back = {"return_url": "http://127.0.0.1/back", "refresh_url": "http://127.0.0.1/again"}
        link = loopback.client.v1.account_links.create({"account": account.id, "type": "account_onboarding", **back})
        loopback.order("advance", seconds=301)
        assert visit(link.url)[::2] == (303, "http://127.0.0.1/again")

    def test_events_of_an_account_name_it_and_are_not_in_the_platforms_list(self, loopback, account):
        loopback.delivered(2)
        sent = [json.loads(body) for body, _ in loopback.receiver.received]
        assert [(event["type"], event["account"]) for event in sent] == [("account.updated", account.id)] * 2
        assert loopback.client.v1.events.list().data == []


class TestDestinationCharge:
    def test_the_fee_stays_with_the_platform_and_the_rest_is_the_vendors(self, loopback, account):
        loopback.client.v1.payment_intents.create({**INTENT, **to(account)})
        assert loopback.see("balances") == {
            "eur": {"cardholders": -10_000, "platform": 500 - 175, "provider_fees": 175, account.id: 9_500}
        }

    def test_without_a_fee_everything_is_the_vendors(self, loopback, account):
        loopback.client.v1.payment_intents.create({**INTENT, **to(account, None)})
        assert (balance(loopback, "platform"), balance(loopback, account.id)) == (-175, 10_000)

    def test_a_checkout_session_hands_it_to_its_intent(self, loopback, account):
        data = {**SESSION["payment_intent_data"], **to(account, 602)}
        session = loopback.client.v1.checkout.sessions.create({**SESSION, "payment_intent_data": data})
        visit(session.url, action="pay", card="pm_card_visa")
        expand = ["payment_intent.latest_charge.transfer", "payment_intent.latest_charge.application_fee"]
        charge = loopback.client.v1.checkout.sessions.retrieve(session.id, {"expand": expand})
        charge = charge.payment_intent.latest_charge
        assert (charge.transfer.amount, charge.application_fee.amount) == (12_050, 602)
        assert charge.transfer.destination == account.id

    @pytest.mark.parametrize("standing", ["incomplete", "pending", "restricted"])
    def test_an_account_that_is_not_ready_gets_nothing(self, loopback, account, standing):
        data = {**SESSION["payment_intent_data"], **to(account)}
        session = loopback.client.v1.checkout.sessions.create({**SESSION, "payment_intent_data": data})
        loopback.order("account", account=account.id, standing=standing)
        for create in (
            lambda: loopback.client.v1.payment_intents.create({**INTENT, **to(account)}),
            lambda: loopback.client.v1.checkout.sessions.create({**SESSION, "payment_intent_data": data}),
        ):
            with pytest.raises(stripe.InvalidRequestError) as refused:
                create()
            assert refused.value.code == "insufficient_capabilities_for_transfer"
        assert visit(session.url, action="pay", card="pm_card_visa")[0] == 402
        assert loopback.see("charges") == []

    @pytest.mark.parametrize("fee", [0, 10_001])
    def test_a_fee_outside_the_amount_is_refused(self, loopback, account, fee):
        with pytest.raises(stripe.InvalidRequestError) as refused:
            loopback.client.v1.payment_intents.create({**INTENT, **to(account, fee)})
        assert refused.value.param == "application_fee_amount"

    def test_an_account_of_somebody_else_is_refused(self, loopback, account):
        data = {"transfer_data": {"destination": "acct_unknown"}}
        with pytest.raises(stripe.InvalidRequestError) as refused:
            loopback.client.v1.payment_intents.create({**INTENT, **data})
        assert refused.value.code == "resource_missing"


class TestRefund:
    def test_seven_parts_take_back_exactly_what_was_given(self, loopback, account):
        intent = loopback.client.v1.payment_intents.create({**INTENT, **to(account, 499)})
        flags = {"payment_intent": intent.id, "reverse_transfer": True, "refund_application_fee": True}
        for part in (1_428, 1_429, 1_428, 1_429, 1_428, 1_429, 1_429):
            loopback.client.v1.refunds.create({**flags, "amount": part})
        assert (balance(loopback, "platform"), balance(loopback, account.id)) == (-175, 0)
        assert balance(loopback, "cardholders") == 0

    def test_without_flags_the_platform_bears_it(self, loopback, account):
        intent = loopback.client.v1.payment_intents.create({**INTENT, **to(account)})
        loopback.client.v1.refunds.create({"payment_intent": intent.id, "amount": 1_000})
        assert (balance(loopback, "platform"), balance(loopback, account.id)) == (500 - 175 - 1_000, 9_500)

    @pytest.mark.parametrize("flag", ["reverse_transfer", "refund_application_fee"])
    def test_a_flag_for_what_is_not_there_is_refused_and_nothing_moves(self, loopback, flag):
        intent = loopback.client.v1.payment_intents.create(INTENT)
        with pytest.raises(stripe.InvalidRequestError) as refused:
            loopback.client.v1.refunds.create({"payment_intent": intent.id, flag: True})
        assert refused.value.param == flag
        assert balance(loopback, "cardholders") == -10_000


class TestAnswers:
    def test_every_object_uses_only_fields_that_the_library_declares(self, loopback, account):
        client = loopback.client
        back = {"return_url": "http://127.0.0.1/back", "refresh_url": "http://127.0.0.1/again"}
        link = client.v1.account_links.create({"account": account.id, "type": "account_onboarding", **back})
        intent = client.v1.payment_intents.create({**INTENT, **to(account)})
        flags = {"reverse_transfer": True, "refund_application_fee": True, "expand": ["transfer_reversal"]}
        refund = client.v1.refunds.create({"payment_intent": intent.id, "amount": 100, **flags})
        answers = [account, link, intent, refund, refund.transfer_reversal]
        answers += client.v1.accounts.list().data + client.v1.charges.list().data
        answers += client.v1.transfers.list().data + client.v1.application_fees.list().data
        answers += client.v1.events.list({"limit": 100}).data
        answers += [event.data.object for event in client.v1.events.list({"limit": 100}).data]
        assert {type(one).__name__ for one in answers} >= {
            "Account", "AccountLink", "Transfer", "TransferReversal", "ApplicationFee"
        }  # fmt: skip
        for one in answers:
            assert undeclared(type(one), json.loads(str(one))) == set()
        for event in loopback.see("events"):
            assert set(event) <= set(typing.get_type_hints(stripe.Event, localns=vars(stripe), include_extras=True))
