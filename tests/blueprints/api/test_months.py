"""The intake of figures: by the vendor alone, done once for each key, and seen by the buyer once reported."""

import pytest

from tests.factories import agreements as deals
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
    def test_another_vendor_learns_and_changes_nothing(self, app, deal, vendor_program, months, first):
        company = make_company("vendor")
        for stranger in (deal.loser, actor_for(make_person(company), company)):
            caller = program_of(app, stranger)
            assert caller.get(months).status_code == 404
            body = {"version": 0, "figures": figures_of(deal)}
            assert post(caller, f"{months}/{first}/figures", body).status_code == 404
            assert post(caller, f"{months}/{first}/report", {"version": 0}).status_code == 404
        assert stored() == [] and execute("SELECT 1 FROM submission_answers") == []

    def test_the_buyer_may_not_report(self, deal, buyer_program, months, first):
        assert (
            post(buyer_program, f"{months}/{first}/figures", {"version": 0, "figures": figures_of(deal)}).status_code
            == 403
        )
        assert stored() == []


class TestSave:
    def test_refuses_what_is_incomplete_or_cannot_be(self, deal, vendor_program, months, first):
        whole = figures_of(deal)
        short = [whole[0]] if len(whole) > 1 else [{**whole[0], "items": {"handled": "1"}}]
        twice = [*whole, whole[0]]
        wrong = [{**one, "items": one["items"] | {"offered": "1", "answered": "9"}} for one in whole]
        for figures in (short, twice, wrong):
            answer = post(vendor_program, f"{months}/{first}/figures", {"version": 0, "figures": figures})
            assert answer.status_code == 422, answer.text
        for month in ("2019-01", "2026-13", "x"):
            answer = post(vendor_program, f"{months}/{month}/figures", {"version": 0, "figures": whole})
            assert answer.status_code == 404
        assert stored() == []

    def test_keeps_them_for_the_vendor_until_they_are_reported(
        self, deal, vendor_program, buyer_program, months, first
    ):
        path = f"{months}/{first}"
        saved = post(vendor_program, f"{path}/figures", {"version": 0, "figures": figures_of(deal), "remark": "Fair."})
        assert saved.status_code == 200 and saved.json["state"] == "open" and saved.json["timezone"]
        assert sorted(one["channel"] for one in saved.json["figures"]) == sorted(month_figures(deal.agreement))
        assert {row.source for row in stored()} == {"api"}
        seen = buyer_program.get(months).json["items"][0]
        assert seen["figures"] == [] and seen["remark"] == "" and seen["version"] == 0

        reported = post(vendor_program, f"{path}/report", {"version": saved.json["version"]})
        assert reported.status_code == 200 and reported.json["state"] == "reported"
        assert reported.json["reported_at"].endswith("Z")
        seen = buyer_program.get(months).json["items"][0]
        assert seen["figures"] == saved.json["figures"] and seen["remark"] == "Fair."
        assert {one["verdict"] for one in seen["results"]} <= {"met", "missed", "below_minimum", "no_data"}
        tags = [row.tag for row in execute("SELECT tag FROM audit_entries WHERE tag LIKE 'monitoring:period:%'")]
        assert sorted(tags) == ["monitoring:period:report", "monitoring:period:save"]
        assert execute("SELECT 1 FROM notifications WHERE kind LIKE '%reported%' OR kind LIKE 'monitoring%'")

    def test_the_running_month_cannot_be_reported_yet(self, deal, vendor_program, months):
        running = vendor_program.get(months).json["items"][-1]["month"]
        saved = post(vendor_program, f"{months}/{running}/figures", {"version": 0, "figures": figures_of(deal)})
        answer = post(vendor_program, f"{months}/{running}/report", {"version": saved.json["version"]})
        assert answer.status_code == 409


class TestIdempotency:
    def test_the_same_request_is_done_once_and_answered_alike(self, deal, vendor_program, months, first):
        body = {"version": 0, "figures": figures_of(deal)}
        one, two = (post(vendor_program, f"{months}/{first}/figures", body, key="same") for _ in range(2))
        assert (one.status_code, one.json) == (two.status_code, two.json) == (200, two.json)
        assert "Idempotency-Replayed" not in one.headers and two.headers["Idempotency-Replayed"] == "true"
        assert len(execute("SELECT 1 FROM audit_entries WHERE tag = 'monitoring:period:save'")) == 1

    def test_the_same_key_with_another_body_is_refused(self, deal, vendor_program, months, first):
        path = f"{months}/{first}/figures"
        assert post(vendor_program, path, {"version": 0, "figures": figures_of(deal)}, key="same").status_code == 200
        before = stored()
        answer = post(vendor_program, path, {"version": 1, "figures": figures_of(deal, handled=2)}, key="same")
        assert answer.status_code == 422 and answer.json["errors"][0]["field"] == "Idempotency-Key"
        assert stored() == before

    def test_a_refused_request_may_be_mended_under_its_key(self, deal, vendor_program, months, first):
        path = f"{months}/{first}/figures"
        assert post(vendor_program, path, {"version": 0}, key="same").status_code == 422
        assert post(vendor_program, path, {"version": 0, "figures": figures_of(deal)}, key="same").status_code == 200

    def test_a_key_is_its_persons_own(self, app, deal, vendor_program, months, first):
        body = {"version": 0, "figures": figures_of(deal)}
        assert post(vendor_program, f"{months}/{first}/figures", body, key="same").status_code == 200
        for other in (deal.loser, deal.buyer):
            answer = post(program_of(app, other), f"{months}/{first}/figures", body, key="same")
            assert answer.status_code in (403, 404)
        assert deals.fresh(deal).id == deal.agreement.id
