"""The intake of figures: by the vendor alone, done once for each key, and seen by the buyer once reported."""

import pytest

from tests.factories.accounts import actor_for, execute, make_company, make_person
from tests.factories.agreements import month_figures
from tests.factories.api import post, program_of


def figures_of(deal, **changes):
    return [{"channel": channel, "items": items} for channel, items in month_figures(deal.agreement, **changes).items()]


@pytest.fixture
def months(deal):
    return f"/api/v1/agreements/{deal.agreement.id}/months"


@pytest.fixture
def first(vendor_program, months):
    """The first month, which is over."""
    found = vendor_program.get(months).json["items"]
    assert len(found) >= 2 and found[0]["state"] == "open" and found[0]["version"] == 0
    return found[0]["month"]


def stored():
    return execute("SELECT * FROM kpi_figures ORDER BY channel")


class TestOutsiders:
    def test_neither_another_vendor_nor_the_buyer_changes_anything(self, app, deal, buyer_program, months, first):
        company = make_company("vendor")
        body = {"version": 0, "figures": figures_of(deal)}
        for stranger in (deal.loser, actor_for(make_person(company), company)):
            caller = program_of(app, stranger)
            assert caller.get(months).status_code == 404
            assert post(caller, f"{months}/{first}/figures", body).status_code == 404
            assert post(caller, f"{months}/{first}/report", {"version": 0}).status_code == 404
        assert post(buyer_program, f"{months}/{first}/figures", body).status_code == 403
        assert stored() == [] and execute("SELECT 1 FROM submission_answers") == []


class TestIntake:
    def test_refuses_what_cannot_be_and_keeps_the_rest_for_the_vendor_until_it_is_reported(
        self, deal, vendor_program, buyer_program, months, first
    ):
        path, whole = f"{months}/{first}", figures_of(deal)
        wrong = [{**one, "items": one["items"] | {"within_frt": "9999"}} for one in whole]
        for figures in (whole[:1], [*whole, whole[0]], wrong):
            answer = post(vendor_program, f"{path}/figures", {"version": 0, "figures": figures})
            assert answer.status_code == 422, answer.text
        for month in ("2019-01", "2026-13", "x"):
            assert post(vendor_program, f"{months}/{month}/report", {"version": 0}).status_code == 404
        assert stored() == []

        saved = post(vendor_program, f"{path}/figures", {"version": 0, "figures": whole, "remark": "Fair."})
        assert saved.status_code == 200 and saved.json["state"] == "open" and saved.json["timezone"]
        assert sorted(one["channel"] for one in saved.json["figures"]) == sorted(month_figures(deal.agreement))
        assert {row.source for row in stored()} == {"api"}
        seen = buyer_program.get(months).json["items"][0]
        assert seen["figures"] == [] and seen["remark"] == "" and seen["version"] == 0
        stale = post(vendor_program, f"{path}/figures", {"version": 0, "figures": whole})
        assert stale.status_code == 409 and "send its version" in stale.json["detail"]

        reported = post(vendor_program, f"{path}/report", {"version": saved.json["version"]})
        assert reported.status_code == 200 and reported.json["state"] == "reported"
        assert reported.json["reported_at"].endswith("Z")
        seen = buyer_program.get(months).json["items"][0]
        assert seen["figures"] == saved.json["figures"] and seen["remark"] == "Fair."
        assert {one["verdict"] for one in seen["results"]} <= {"met", "missed", "below_minimum", "no_data"}
        tags = [row.tag for row in execute("SELECT tag FROM audit_entries WHERE tag LIKE 'monitoring:period:%'")]
        assert sorted(tags) == ["monitoring:period:report", "monitoring:period:save"]
        assert execute("SELECT 1 FROM notifications WHERE company_id = :id", id=deal.buyer.company_id)

        running = vendor_program.get(months).json["items"][-1]["month"]
        saved = post(vendor_program, f"{months}/{running}/figures", {"version": 0, "figures": whole})
        answer = post(vendor_program, f"{months}/{running}/report", {"version": saved.json["version"]})
        assert answer.status_code == 409, "a month that is not over"


class TestIdempotency:
    def test_a_key_stands_for_one_request_of_one_person(self, app, deal, vendor_program, months, first):
        path, body = f"{months}/{first}/figures", {"version": 0, "figures": figures_of(deal)}
        assert post(vendor_program, path, {"version": 0}, key="same").status_code == 422, "and may be mended"
        one, two = (post(vendor_program, path, body, key="same") for _ in range(2))
        assert one.status_code == two.status_code == 200 and one.json == two.json
        assert "Idempotency-Replayed" not in one.headers and two.headers["Idempotency-Replayed"] == "true"
        assert len(execute("SELECT 1 FROM audit_entries WHERE tag = 'monitoring:period:save'")) == 1
        before = stored()
        other = post(vendor_program, path, {"version": 1, "figures": figures_of(deal, handled=2)}, key="same")
        assert other.status_code == 422 and other.json["errors"][0]["field"] == "Idempotency-Key"
        for stranger in (deal.loser, deal.buyer):
            assert post(program_of(app, stranger), path, body, key="same").status_code in (403, 404)
        assert stored() == before
