"""The API's own description: whole, valid, and true of what is answered."""

import time

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode, checks
from schemathesis.core import NOT_SET

from portal.billing import queries as billing
from portal.kit import jobs
from tests.factories.api import program_of
from tests.factories.catalog import make_live_vendor
from tests.factories.needs import in_scope

PATH = "/api/v1/openapi.json"
SECONDS = 10  # for all operations together, unless every count is asked for
NOT_DESCRIBED = {"api.show_openapi"}
checks.load_all_checks()
CHECKS = [
    checks.CHECKS.get_one(name)
    for name in (
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_headers_conformance",
        "response_schema_conformance",
    )
]


@pytest.fixture
def document(client):
    return client.get(PATH).json


class TestDocument:
    def test_is_valid_openapi_and_kept_by_caches(self, client, document):
        schemathesis.openapi.from_dict(document).validate()
        assert document["openapi"].startswith("3.1")
        assert "max-age" in client.get(PATH).headers["Cache-Control"]

    def test_describes_every_route_with_who_may_ask_and_how_it_is_refused(self, app, document):
        described = {
            one["operationId"]: one for operations in document["paths"].values() for one in operations.values()
        }
        endpoints = {name.removeprefix("api.") for name in app.view_functions if name.startswith("api.")}
        assert described.keys() == endpoints - {name.removeprefix("api.") for name in NOT_DESCRIBED}
        for name, operation in described.items():
            guard = app.view_functions[f"api.{name}"].guard
            assert ({} in operation["security"]) == (guard == "open_to_all"), name
            assert operation["summary"].endswith("."), name
            for status, answer in operation["responses"].items():
                (kind,) = answer["content"]
                assert kind == ("application/json" if status < "400" else "application/problem+json"), (name, status)
            wanted = {"401", "429", "503"} | (
                {"400", "403", "409", "415", "422"} if "requestBody" in operation else set()
            )
            assert wanted <= operation["responses"].keys(), name

    def test_names_are_plain_and_nothing_is_fetched_from_elsewhere(self, client, document):
        assert all(name.isalnum() for name in document["components"]["schemas"])
        assert "://" not in str(document)
        for path in ("/apidoc/swagger", "/docs", "/api/v1/docs"):
            assert client.get(path).status_code == 404


def body_of(case):
    """What the client is told of a generated body: nothing, raw bytes that call themselves JSON, or a value."""
    if case.body is NOT_SET:
        return {}
    if isinstance(case.body, bytes):
        return {"data": case.body, "content_type": "application/json"}
    return {"json": case.body}


@pytest.mark.sweep
def test_answers_are_as_described(app, deal, full_counts):
    """Generated requests, by a program of each side, find no failure of ours and no answer that is not described."""
    jobs.run_due()  # drafts the first month's invoice
    make_live_vendor("Harbourline")
    vendor, buyer = program_of(app, deal.vendor), program_of(app, deal.buyer)
    invoices = in_scope(deal.vendor, lambda: [row.id for row in billing.invoices_for(deal.vendor).rows])
    assert invoices
    known = {
        "agreement_id": str(deal.agreement.id),
        "requirement_id": str(deal.agreement.requirement_id),
        "bid_id": str(deal.agreement.bid_id),
        "invoice_id": str(invoices[0]),
        "slug": vendor.get("/api/v1/vendors").json["items"][0]["slug"],
        "month": vendor.get(f"/api/v1/agreements/{deal.agreement.id}/months").json["items"][0]["month"],
    }
    schema = schemathesis.openapi.from_dict(vendor.get(PATH).json)
    statuses, ends = set(), time.monotonic() + SECONDS
    for found in schema.get_all_operations():
        operation = found.ok()
        places = {one.name: known[one.name] for one in operation.path_parameters}
        for mode in GenerationMode:
            if mode is GenerationMode.NEGATIVE and not (operation.query or operation.body):
                continue

            @settings(max_examples=100 if full_counts else 3, suppress_health_check=list(HealthCheck), deadline=None)
            @given(case=operation.as_strategy(mode, path_parameters=places))
            def ask(case):
                if time.monotonic() > ends and not full_counts:
                    return
                # A made-up token would only ever be refused.
                sent = {name: str(value) for name, value in case.headers.items() if name != "Authorization"}
                for caller in (vendor, buyer):
                    answer = caller.open(
                        case.formatted_path,
                        method=case.method,
                        query_string=case.query or None,
                        headers=sent,
                        **body_of(case),
                    )
                    case.validate_response(answer, checks=CHECKS)
                    statuses.add(answer.status_code)

            ask()
    assert {200, 422} <= statuses
