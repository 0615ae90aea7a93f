"""The address Stripe reports to: what it believes, what it keeps, what it answers."""

import json
import time

import pytest

from portal.kit import jobs
from tests.doubles.stripe.webhooks import sign
from tests.factories.accounts import execute
from tests.factories.billing import SECRET, card_payments

EVENT = json.dumps({"id": "evt_1", "object": "event", "type": "charge.succeeded", "data": {"object": {}}}).encode()


@pytest.fixture
def stripe(app):
    with card_payments(app) as double:
        yield double


def deliver(client, body: bytes = EVENT, signature: str | None = None):
    header = sign(body, [SECRET], int(time.time())) if signature is None else signature
    headers = {"Stripe-Signature": header, "Content-Type": "application/json"}
    return client.post("/hooks/stripe", data=body, headers=headers)


def stored() -> int:
    return execute("SELECT count(*) AS n FROM webhook_inbox")[0].n


class TestReceive:
    def test_without_a_provider_the_address_does_not_exist(self, client):
        assert deliver(client).status_code == 404

    @pytest.mark.parametrize("signature", ["", "t=1,v1=00", "nonsense"])
    def test_what_is_not_signed_is_refused_and_not_kept(self, client, stripe, signature):
        assert deliver(client, signature=signature).status_code == 400
        assert stored() == 0

    def test_a_changed_body_a_wrong_secret_and_an_old_time_are_refused(self, client, stripe):
        now = int(time.time())
        for header in (sign(EVENT + b" ", [SECRET], now), sign(EVENT, ["x"], now), sign(EVENT, [SECRET], now - 400)):
            assert deliver(client, signature=header).status_code == 400
        assert stored() == 0

    def test_the_same_event_is_kept_once_and_answered_alike(self, client, stripe, app):
        app.config["WTF_CSRF_ENABLED"] = True
        try:
            assert [deliver(client).status_code for _ in range(3)] == [200, 200, 200]
        finally:
            app.config["WTF_CSRF_ENABLED"] = False
        assert stored() == 1
        jobs.run_waiting(app)
        assert execute("SELECT state, tries FROM webhook_inbox")[0] == ("ignored", 1)

    def test_it_is_only_posted_to(self, client, stripe):
        assert client.get("/hooks/stripe").status_code == 405
