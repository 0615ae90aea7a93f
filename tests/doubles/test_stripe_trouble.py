"""Trouble between the caller and the provider: lost answers, replayed keys, late, lost and repeated webhooks."""

import json
import random
import threading

import pytest
import stripe

from tests.doubles.conftest import SECRET
from tests.doubles.test_stripe_requests import INTENT


def pay(client: stripe.StripeClient, key: str, **change: object) -> stripe.PaymentIntent:
    return client.v1.payment_intents.create({**INTENT, **change}, {"idempotency_key": key})


class TestIdempotencyKey:
    def test_the_same_request_again_is_answered_from_memory(self, loopback):
        first, second = pay(loopback.client, "k1"), pay(loopback.client, "k1")
        assert first.id == second.id and len(loopback.see("charges")) == 1
        assert "Idempotent-Replayed" not in first.last_response.headers
        assert second.last_response.headers["Idempotent-Replayed"] == "true"

    def test_another_request_under_the_same_key_is_refused(self, loopback):
        pay(loopback.client, "k1")
        with pytest.raises(stripe.IdempotencyError) as refused:
            pay(loopback.client, "k1", amount=20_000)
        assert refused.value.http_status == 400

    def test_a_decline_is_replayed_and_a_wrong_shape_is_not_remembered(self, loopback):
        for _ in range(2):
            with pytest.raises(stripe.CardError):
                pay(loopback.client, "declined", payment_method="pm_card_visa_chargeDeclined")
        assert len(loopback.see("charges")) == 1
        with pytest.raises(stripe.InvalidRequestError):
            pay(loopback.client, "shape", amuont=3)
        assert pay(loopback.client, "shape").status == "succeeded"

    def test_a_500_after_the_work_is_replayed_for_ever_though_the_money_moved(self, loopback):
        loopback.order("chaos", kind="error_after", path="payment_intents")
        for _ in range(3):
            with pytest.raises(stripe.APIError) as failed:
                pay(loopback.client, "k1")
            assert failed.value.http_status == 500
        assert len(loopback.see("charges")) == 1

    def test_a_500_before_the_work_is_replayed_too_and_nothing_moved(self, loopback):
        loopback.order("chaos", kind="error_before")
        for _ in range(2):
            with pytest.raises(stripe.APIError):
                pay(loopback.client, "k1")
        assert loopback.see("charges") == []

    def test_after_a_day_the_key_is_forgotten_and_the_same_request_pays_again(self, loopback):
        pay(loopback.client, "k1")
        loopback.order("advance", seconds=24 * 3600 - 60)
        pay(loopback.client, "k1")
        assert len(loopback.see("charges")) == 1
        loopback.order("advance", seconds=61)
        pay(loopback.client, "k1")
        assert len(loopback.see("charges")) == 2

    def test_two_at_once_under_one_key_make_one_charge_and_one_conflict(self, loopback):
        loopback.order("chaos", kind="delay", seconds=0.4)
        outcomes: list[object] = []

        def attempt() -> None:
            try:
                outcomes.append(pay(loopback.client_with(0), "k1").status)
            except stripe.StripeError as refused:
                outcomes.append(refused.http_status)

        threads = [threading.Thread(target=attempt) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(outcomes, key=str) == [409, "succeeded"]
        assert len(loopback.see("charges")) == 1


class TestLostAnswer:
    def test_the_client_sends_the_same_key_again_and_pays_once(self, loopback):
        loopback.order("chaos", kind="drop_after", times=2)
        intent = loopback.client_with(2).v1.payment_intents.create(INTENT)
        assert intent.status == "succeeded" and len(loopback.see("charges")) == 1
        assert len({entry["idempotency_key"] for entry in loopback.see("requests")}) == 1

    def test_a_stored_key_finds_the_payment_after_every_answer_was_lost(self, loopback):
        loopback.order("chaos", kind="drop_after", times=3)
        with pytest.raises(stripe.APIConnectionError):
            pay(loopback.client_with(2), "pay:1")
        assert pay(loopback.client, "pay:1").status == "succeeded"
        assert len(loopback.see("charges")) == 1

    def test_a_fresh_key_pays_twice(self, loopback):
        loopback.order("chaos", kind="drop_after")
        with pytest.raises(stripe.APIConnectionError):
            pay(loopback.client, "pay:1")
        pay(loopback.client, "pay:2")
        assert len(loopback.see("charges")) == 2

    def test_a_request_dropped_on_its_way_did_nothing(self, loopback):
        loopback.order("chaos", kind="drop_before")
        with pytest.raises(stripe.APIConnectionError):
            pay(loopback.client, "pay:1")
        assert loopback.see("charges") == []
        assert pay(loopback.client, "pay:1").status == "succeeded"

    def test_rate_limit_and_key_in_use_leave_the_key_free(self, loopback):
        for kind, error in (("rate_limit", stripe.RateLimitError), ("key_in_use", stripe.APIError)):
            loopback.order("chaos", kind=kind)
            with pytest.raises(error):
                pay(loopback.client, "pay:1")
        assert pay(loopback.client, "pay:1").status == "succeeded"


class TestWebhooks:
    def test_each_event_arrives_signed_for_the_real_verifier(self, loopback):
        intent = pay(loopback.client, "k1")
        assert loopback.delivered(3) == ["payment_intent.created", "charge.succeeded", "payment_intent.succeeded"]
        body, signature = loopback.receiver.received[-1]
        event = stripe.Webhook.construct_event(body, signature, SECRET)
        assert event.data.object.id == intent.id and event.request.idempotency_key == "k1"
        for wrong_body, secret in ((body + b" ", SECRET), (body, "whsec_other")):
            with pytest.raises(stripe.SignatureVerificationError):
                stripe.Webhook.construct_event(wrong_body, signature, secret)

    def test_both_secrets_sign_while_one_is_replaced(self, loopback):
        loopback.order("webhooks", secrets=["whsec_old", "whsec_new"])
        pay(loopback.client, "k1")
        loopback.delivered(3)
        body, signature = loopback.receiver.received[0]
        for secret in ("whsec_old", "whsec_new"):
            assert stripe.Webhook.construct_event(body, signature, secret).type == "payment_intent.created"

    def test_an_old_signature_is_refused_by_the_verifier(self, loopback):
        loopback.order("webhooks", clock_offset=-301)
        pay(loopback.client, "k1")
        loopback.delivered(3)
        with pytest.raises(stripe.SignatureVerificationError, match="tolerance"):
            stripe.Webhook.construct_event(*loopback.receiver.received[0], SECRET)

    def test_duplicates_come_as_often_as_ordered(self, loopback):
        loopback.order("webhooks", duplicates=4)
        pay(loopback.client, "k1")
        assert loopback.delivered(15).count("charge.succeeded") == 5

    def test_held_webhooks_come_shuffled_when_released(self, loopback):
        loopback.order("webhooks", hold=True, seed=random.randrange(1_000))
        for number in range(4):
            pay(loopback.client, f"k{number}")
        assert loopback.receiver.received == [] and loopback.see("webhooks")["pending"] == 12
        loopback.order("release", shuffle=True)
        loopback.delivered(12)
        arrived = [json.loads(body)["id"] for body, _ in loopback.receiver.received]
        made = [event["id"] for event in reversed(loopback.see("events"))]
        assert sorted(arrived) == sorted(made) and arrived != made

    def test_lost_webhooks_stay_in_the_list_of_events_and_can_be_sent_again(self, loopback):
        loopback.order("webhooks", lose=3)
        pay(loopback.client, "k1")
        assert loopback.client.v1.events.list().data[0].type == "payment_intent.succeeded"
        assert loopback.receiver.received == []
        loopback.order("redeliver", times=2)
        assert loopback.delivered(6)[:3] == loopback.receiver.types()[3:]

    def test_a_receiver_that_fails_is_tried_again(self, loopback):
        loopback.receiver.answers = [500]
        loopback.client.v1.customers.create({"name": "Alder"})
        assert loopback.delivered(2) == ["customer.created"] * 2

    def test_events_are_gone_after_thirty_days(self, loopback):
        pay(loopback.client, "k1")
        loopback.order("advance", seconds=30 * 24 * 3600 + 1)
        assert loopback.client.v1.events.list().data == []
