"""A buyer's own cost in the browser and behind it: who may, what is refused, and what follows from it."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.accounts.actor import Actor
from portal.kit import audit, tenancy
from portal.kit.db import db
from portal.kit.errors import Conflict, NotFound
from portal.needs.actions import keep_in_house, save_step, withdraw_requirement
from portal.needs.baseline import Baseline
from portal.needs.private_models import InHouseBaseline
from portal.needs.queries import budget_of, in_house_of
from portal.needs.states import Step
from tests.blueprints.buyer.test_requirements import fields_of, make_company_of, reload, send, stranger_of
from tests.factories.accounts import actor_for, add_member, make_company, make_person, sign_in
from tests.factories.needs import answers, in_scope, make_published, make_requirement
from tests.statements import counted

YEAR = {
    "fte": "9",
    "contacts": "120000",
    "salary": "32000",
    "on_cost": "22",
    "supervisor_salary": "45000",
    "supervisor_span": "12",
    "qa_salary": "36000",
    "qa_span": "25",
    "attrition": "35",
    "cost_per_hire": "1500",
    "training_weeks": "4",
    "training_material": "400",
    "technology_month": "120",
    "telecom_rate": "0.02",
    "telecom_minutes": "600000",
    "seat_year": "3600",
    "equipment_seat": "1800",
    "equipment_years": "3",
    "overhead": "8",
}
"""Comes to 525,474.96 a year and 4.3790 a contact, line by line as `tests/portal/needs/test_in_house.py` says."""
TWELFTH = 43_789_58


def at(requirement: Any) -> str:
    return f"/buyer/requirements/{requirement.id}/in-house"


def kept(buyer: Actor, requirement: Any) -> tuple[Baseline | None, int | None]:
    with tenancy.scope(buyer.scope):
        row, budget = in_house_of(buyer, requirement), budget_of(buyer, requirement)
        found = Baseline.of_row(row) if row else None, budget.inhouse_month_minor if budget else None
        db.session.rollback()
    return found


class TestWhoMay:
    @pytest.mark.parametrize("kind", ["buyer", "vendor"])
    def test_another_company_finds_nothing_even_once_published(
        self, buyer: Actor, make_client: Callable[[], FlaskClient], kind: str
    ) -> None:
        found = make_published(buyer)
        in_scope(buyer, lambda: keep_in_house(buyer, found, YEAR, version=0))
        other = stranger_of(kind, make_client)
        assert other.get(at(found)).status_code == 404
        assert other.post(at(found), data=YEAR).status_code == 404
        assert other.post(f"{at(found)}/drop", data={"version": 1}).status_code == 404
        assert kept(buyer, found)[1] == TWELFTH

    def test_the_table_is_empty_for_everybody_else(self, buyer: Actor) -> None:
        found = make_published(buyer)
        in_scope(buyer, lambda: keep_in_house(buyer, found, YEAR, version=0))
        for scope in (tenancy.member(make_company("vendor").id), tenancy.member(make_company("buyer").id)):
            with tenancy.scope(scope):
                assert db.session.query(InHouseBaseline).count() == 0
                db.session.rollback()

    def test_a_vendors_page_and_the_record_for_staff_hold_none_of_it(
        self, buyer: Actor, make_client: Callable[[], FlaskClient]
    ) -> None:
        found = make_published(buyer)
        canary = {**YEAR, "salary": "31337.77"}
        in_scope(buyer, lambda: keep_in_house(buyer, found, canary, version=0))
        vendor = stranger_of("vendor", make_client)
        page = vendor.get(f"/vendor/requirements/{found.id}")
        assert page.status_code == 200 and "31337" not in page.text and "31,337" not in page.text
        with tenancy.scope(buyer.scope):
            entry = db.session.scalars(
                select(audit.AuditEntry).where(audit.AuditEntry.tag == "needs:requirement:keep_in_house")
            ).one()
            assert entry.sealed
            db.session.rollback()

    def test_a_viewer_looks_and_does_not_change(self, buyer: Actor, make_client: Callable[[], FlaskClient]) -> None:
        draft = make_requirement(buyer)
        in_scope(buyer, lambda: keep_in_house(buyer, draft, YEAR, version=0))
        browser, viewer = make_client(), make_person()
        add_member(make_company_of(buyer), viewer, "viewer")
        sign_in(browser, viewer)
        page = browser.get(at(draft)).text
        assert "Every line of a year" in page and "Keep and work it out" not in page
        assert browser.post(at(draft), data={**YEAR, "version": 1}).status_code == 403
        assert browser.post(f"{at(draft)}/drop", data={"version": 1}).status_code == 403

    def test_an_ended_one_keeps_what_it_had(self, buyer: Actor) -> None:
        found = make_published(buyer)
        gone = in_scope(buyer, lambda: withdraw_requirement(buyer, found, reason="Over.", version=found.version))
        with pytest.raises(Conflict):
            in_scope(buyer, lambda: keep_in_house(buyer, gone, YEAR, version=0))
        stranger = actor_for(make_person(other := make_company("buyer")), other)
        with pytest.raises(NotFound):
            in_scope(stranger, lambda: keep_in_house(stranger, found, YEAR, version=0))


class TestKeeping:
    def test_every_line_stands_there_and_the_budget_follows(self, client: FlaskClient, buyer: Actor) -> None:
        draft = make_requirement(buyer)
        answer = send(client, at(draft), **YEAR)
        assert answer.status_code == 302, answer.text
        page = client.get(answer.location).text
        for figure in ("351,360.00", "41,175.00", "15,811.20", "4,725.00", "10,719.69", "38,924.07", "525,474.96"):
            assert figure in page
        assert "4.3790" in page and "9.00 × 32,000.00 × (1 + 22.0" in page
        assert kept(buyer, draft)[1] == TWELFTH
        assert "£43,789.58" in client.get(f"/buyer/requirements/{draft.id}").text

    def test_an_empty_answer_takes_the_plan_and_the_usual(self, client: FlaskClient, buyer: Actor) -> None:
        draft = make_requirement(buyer)
        first = client.get(at(draft)).text
        assert 'placeholder="22"' in first and 'placeholder="288,000"' in first  # 24,000 contacts a month
        assert send(client, at(draft), salary="30000").status_code == 302
        baseline, month = kept(buyer, draft)
        assert baseline is not None and set(baseline.typed) == {"salary"}
        assert baseline.value("on_cost") == Decimal(22) and baseline.taken["contacts"] == 288_000
        assert baseline.taken["fte"] > 20 and baseline.taken["telecom_minutes"] == 18_000 * 12 * 4
        assert month == baseline.month_minor
        page = client.get(at(draft)).text
        assert "From the plan: Agents, full-time." in page and "Not given, so 0: Recruiting one person." in page

    @pytest.mark.parametrize(
        ("field", "value", "words"),
        [
            ("salary", "", "what an agent earns"),
            ("salary", "12,34,5x", "number"),
            ("salary", "-5", "number"),
            ("salary", "NaN", "number"),
            ("fte", "1e9", "number"),
            ("fte", "100001", "from 0 to 100,000"),
            ("attrition", "301", "from 0 to 300"),
            ("supervisor_span", "0", "from 1 to 1,000"),
            ("equipment_years", "0", "from 1 to 30"),
        ],
    )
    def test_nonsense_stands_at_its_field_and_keeps_nothing(
        self, client: FlaskClient, buyer: Actor, field: str, value: str, words: str
    ) -> None:
        draft = make_requirement(buyer)
        answer = send(client, at(draft), **{**YEAR, field: value})
        assert answer.status_code == 400 and words in answer.text and f'id="{field}-error"' in answer.text
        assert kept(buyer, draft) == (None, 9114477)

    def test_without_a_plan_the_people_have_to_be_typed(self, client: FlaskClient, buyer: Actor) -> None:
        made = client.post("/buyer/requirements/new", data={"title": "Night line", "mode": "full"})
        place = made.location.replace("/goals", "/in-house")
        assert "The staffing plan is not known yet" in client.get(place).text
        assert "Write how many full-time agents it takes" in send(client, place, salary="30000").text
        assert send(client, place, salary="30000", fte="12").status_code == 302

    def test_the_second_of_two_editors_is_told(self, client: FlaskClient, buyer: Actor) -> None:
        draft = make_requirement(buyer)
        in_scope(buyer, lambda: keep_in_house(buyer, draft, YEAR, version=0))
        assert client.post(at(draft), data={**YEAR, "version": "0"}).status_code == 409

    def test_a_plan_that_moved_is_said_and_taken_over_by_keeping_again(self, client: FlaskClient, buyer: Actor) -> None:
        draft = make_requirement(buyer)
        send(client, at(draft), salary="30000")
        rows = [{"channel": "phone", "aht_s": 240, "concurrency": 1, "monthly": ["9000"]}]
        now = reload(buyer, draft)
        in_scope(buyer, lambda: save_step(buyer, now, Step.CHANNELS, {"channels": rows}, version=now.version))
        page = client.get(at(draft)).text
        assert "The plan has changed since." in page and "288,000 then, 108,000 now." in page
        send(client, at(draft), salary="30000")
        assert "The plan has changed since." not in client.get(at(draft)).text

    def test_a_partial_one_costs_what_the_vendor_would_take(self, client: FlaskClient, buyer: Actor) -> None:
        draft = make_requirement(buyer, "partial", split_rule="percent")
        send(client, at(draft).replace("in-house", "staffing"), vendor_share="50")
        send(client, at(draft), salary="30000")
        baseline, _month = kept(buyer, draft)
        assert baseline is not None and baseline.taken["contacts"] == 144_000

    def test_few_statements(self, client: FlaskClient, buyer: Actor) -> None:
        draft = make_requirement(buyer)
        send(client, at(draft), **YEAR)
        client.get(at(draft))
        with counted(db.engine) as statements:
            client.get(at(draft))
        assert len(statements) <= 12, "\n".join(statements)


class TestOneTruth:
    def test_the_money_step_cannot_type_over_it(self, client: FlaskClient, buyer: Actor) -> None:
        draft = make_requirement(buyer)
        send(client, at(draft), **YEAR)
        place = f"/buyer/requirements/{draft.id}/money"
        page = client.get(place).text
        assert "£43,789.58" in page and "inhouse_month" not in fields_of(page)
        now = reload(buyer, draft)
        money = answers(now=now.created_at)[Step.MONEY]
        in_scope(
            buyer, lambda: save_step(buyer, now, Step.MONEY, {**money, "inhouse_month_minor": 1}, version=now.version)
        )
        assert kept(buyer, draft)[1] == TWELFTH

    def test_another_currency_asks_for_another_look(self, client: FlaskClient, buyer: Actor) -> None:
        draft = make_requirement(buyer)
        send(client, at(draft), **YEAR)
        now = reload(buyer, draft)
        money = answers(now=now.created_at)[Step.MONEY] | {"currency": "EUR"}
        in_scope(buyer, lambda: save_step(buyer, now, Step.MONEY, money, version=now.version))
        assert kept(buyer, draft)[1] is None
        assert "Typed in GBP." in client.get(at(draft)).text
        send(client, at(draft), **YEAR)
        assert kept(buyer, draft)[1] == TWELFTH

    def test_forgetting_it_leaves_the_month_to_be_typed(self, client: FlaskClient, buyer: Actor) -> None:
        draft = make_requirement(buyer)
        send(client, at(draft), **YEAR)
        fields = fields_of(client.get(at(draft)).text)
        assert client.post(f"{at(draft)}/drop", data={"version": fields["version"]}).status_code == 302
        assert kept(buyer, draft) == (None, TWELFTH)
        assert "inhouse_month" in fields_of(client.get(f"/buyer/requirements/{draft.id}/money").text)
