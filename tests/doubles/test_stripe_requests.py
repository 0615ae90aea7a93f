"""What the double refuses, and that everything it answers is made of fields the library declares."""

import importlib
import inspect
import json
import typing
import urllib.error
import urllib.request

import pytest
import stripe

from tests.doubles.stripe import validation

INTENT = {"amount": 10_000, "currency": "eur", "payment_method": "pm_card_visa", "confirm": True}
SESSION = {
    "mode": "payment",
    "success_url": "http://127.0.0.1/paid?session={CHECKOUT_SESSION_ID}",
    "cancel_url": "http://127.0.0.1/back",
    "line_items": [
        {"price_data": {"currency": "eur", "unit_amount": 12_050, "product_data": {"name": "Invoice 7"}}, "quantity": 1}
    ],
    "payment_intent_data": {"description": "Invoice 7 of March", "metadata": {"payment_id": "p1"}},
}


class TestAuthentication:
    @pytest.mark.parametrize("header", [None, "Bearer sk_live_x", "Basic sk_test_loopback", "Bearer sk_test_"])
    def test_a_request_without_a_test_key_is_refused(self, loopback, header):
        request = urllib.request.Request(f"{loopback.url}/v1/customers", headers={"Authorization": header or ""})
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(request, timeout=5)
        assert refused.value.code == 401
        refused.value.close()


class TestShape:
    @pytest.mark.parametrize(
        ("change", "param"),
        [
            ({"amuont": 1}, "amuont"),
            ({"amount": 10.5}, "amount"),
            ({"amount": None}, "amount"),
            ({"currency": None}, "currency"),
            ({"capture_method": "sometimes"}, "capture_method"),
            ({"shipping": {"adress": {}, "name": "x"}}, "shipping"),
            ({"confirm": "perhaps"}, "confirm"),
            ({"amount": 0}, "amount"),
            ({"amount": 1_001, "currency": "isk"}, "amount"),
            ({"customer": "cus_unknown"}, "customer"),
        ],
    )
    def test_a_parameter_the_library_does_not_declare_is_400(self, loopback, change, param):
        params = {name: value for name, value in {**INTENT, **change}.items() if value is not None}
        with pytest.raises(stripe.InvalidRequestError) as refused:
            loopback.client.v1.payment_intents.create(params)
        assert refused.value.http_status == 400
        assert refused.value.param.startswith(param)
        assert loopback.see("charges") == []

    def test_a_misspelt_key_deep_inside_is_named_in_full(self, loopback):
        params = {**SESSION, "line_items": [{"price_data": {**SESSION["line_items"][0]["price_data"], "amonut": 3}}]}
        with pytest.raises(stripe.InvalidRequestError) as refused:
            loopback.client.v1.checkout.sessions.create(params)
        assert refused.value.param == "line_items[0][price_data][amonut]"

    def test_lines_in_two_currencies_are_refused(self, loopback):
        other = {"price_data": {"currency": "usd", "unit_amount": 5, "product_data": {"name": "x"}}, "quantity": 1}
        with pytest.raises(stripe.InvalidRequestError, match="same currency"):
            loopback.client.v1.checkout.sessions.create({**SESSION, "line_items": [*SESSION["line_items"], other]})

    def test_a_route_or_parameter_that_is_legal_but_not_modelled_says_so_with_501(self, loopback):
        with pytest.raises(stripe.APIError) as route:
            loopback.client.v1.subscriptions.list()
        with pytest.raises(stripe.APIError) as parameter:
            loopback.client.v1.payment_intents.create({**INTENT, "setup_future_usage": "off_session"})
        assert route.value.http_status == parameter.value.http_status == 501
        assert "setup_future_usage" in str(parameter.value)

    def test_an_unknown_address_is_404(self, loopback):
        request = urllib.request.Request(
            f"{loopback.url}/v1/cusomters", headers={"Authorization": "Bearer sk_test_loopback"}
        )
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(request, timeout=5)
        assert refused.value.code == 404
        refused.value.close()

    def test_every_route_of_the_library_has_a_readable_shape(self):
        routes = validation.catalogue()
        assert len(routes) > 600
        for route in routes:
            assert route.params_name is None or hasattr(importlib.import_module(route.module), route.params_name)


class TestAnswers:
    def test_every_object_uses_only_fields_that_the_library_declares(self, loopback):
        client = loopback.client
        customer = client.v1.customers.create({"name": "Alder Retail", "email": "pay@alder.test"})
        session = client.v1.checkout.sessions.create({**SESSION, "customer": customer.id})
        answers = [
            client.v1.payment_intents.create({**INTENT, "customer": customer.id}),
            client.v1.payment_intents.create({"amount": 5, "currency": "jpy"}),
            session,
            client.v1.checkout.sessions.expire(session.id),
            client.v1.balance.retrieve(),
            customer,
        ]
        answers.append(client.v1.refunds.create({"payment_intent": answers[0].id, "amount": 400}))
        with pytest.raises(stripe.CardError):
            client.v1.payment_intents.create({**INTENT, "payment_method": "pm_card_visa_chargeDeclined"})
        answers += client.v1.charges.list().data
        answers += client.v1.balance_transactions.list().data
        answers += client.v1.events.list({"limit": 100}).data
        assert {type(answer).__name__ for answer in answers} == {
            "PaymentIntent", "Session", "Balance", "Customer", "Refund", "Charge", "BalanceTransaction", "Event",
        }  # fmt: skip
        for answer in answers:
            assert undeclared(type(answer), json.loads(str(answer))) == set()
        for event in client.v1.events.list({"limit": 100}).data:
            snapshot = event.data.object
            assert undeclared(type(snapshot), json.loads(str(snapshot))) == set()

    def test_every_kind_of_event_is_one_the_library_knows(self, loopback):
        loopback.client.v1.payment_intents.create(INTENT)
        known = set(typing.get_args(inspect.get_annotations(stripe.Event)["type"]))
        assert {event["type"] for event in loopback.see("events")} <= known

    def test_ids_expand_into_objects_along_a_dotted_path(self, loopback):
        intent = loopback.client.v1.payment_intents.create({**INTENT, "expand": ["latest_charge.balance_transaction"]})
        assert intent.latest_charge.balance_transaction.net == 10_000 - 175

    def test_lists_are_newest_first_and_page_both_ways(self, loopback):
        made = [loopback.client.v1.customers.create({"name": f"C{number}"}).id for number in range(5)]
        first = loopback.client.v1.customers.list({"limit": 2})
        assert [row.id for row in first.data] == [made[4], made[3]] and first.has_more
        second = loopback.client.v1.customers.list({"limit": 2, "starting_after": made[3]})
        assert [row.id for row in second.data] == [made[2], made[1]]
        newer = loopback.client.v1.customers.list({"limit": 2, "ending_before": made[1]})
        assert [row.id for row in newer.data] == [made[3], made[2]] and newer.has_more


def undeclared(declared: type, content: dict[str, object]) -> set[str]:
    """Names in the answer, at any depth the library types, that its class does not have."""
    hints = inspect.get_annotations(declared)
    wrong = {f"{declared.__name__}.{name}" for name in content if name not in hints}
    for name, value in content.items():
        nested = nested_class(declared, hints.get(name))
        for item in value if isinstance(value, list) else [value]:
            if nested is not None and isinstance(item, dict):
                wrong |= undeclared(nested, item)
    return wrong


def nested_class(owner: type, hint: object) -> type | None:
    """The library's own class for a field, when it is one declared inside its owner."""
    for candidate in (hint, *typing.get_args(hint)):
        for inner in (candidate, *typing.get_args(candidate)):
            name = getattr(inner, "__forward_arg__", "").rsplit(".", 1)[-1] or getattr(inner, "__name__", "")
            found = vars(owner).get(name)
            if inspect.isclass(found) and issubclass(found, stripe.StripeObject):
                return found
    return None
