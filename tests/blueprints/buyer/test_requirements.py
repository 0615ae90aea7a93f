"""A buyer writes, checks, publishes and stops requirements in the browser."""

import io
import re
from collections.abc import Callable
from html import unescape
from types import SimpleNamespace
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from portal.accounts.actor import Actor
from portal.kit import tenancy
from portal.kit.db import db
from portal.needs.actions import close
from portal.needs.models import Requirement
from portal.needs.queries import budget_of, channels_of, criteria_of, requirement_for
from portal.needs.states import Step
from tests.factories.accounts import actor_for, add_member, make_company, make_person, sign_in
from tests.factories.needs import in_scope, make_published, make_requirement
from tests.portal.needs.interval_files import interval_file

STEPS = [step.value for step in Step]


def stranger_of(kind: str, make_client: Callable[[], FlaskClient]) -> FlaskClient:
    browser = make_client()
    sign_in(browser, make_person(make_company(kind)))
    return browser


def fields_of(page: str) -> dict[str, str]:
    """The values of the inputs of a page, as a browser would send them back unchanged."""
    found: dict[str, str] = {}
    for tag in re.findall(r"<input [^>]*>", page):
        attributes = dict(re.findall(r'([a-z]+)="([^"]*)"', tag))
        if attributes.get("type") in ("checkbox", "radio") and " checked" not in tag:
            continue
        if "name" in attributes:
            found[attributes["name"]] = unescape(attributes.get("value", "y"))
    for name, inside in re.findall(r'<select [^>]*name="([^"]*)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'<option selected value="([^"]*)"', inside) or re.search(r'value="([^"]*)"', inside)
        found[name] = unescape(chosen[1]) if chosen else ""
    for name, text in re.findall(r'<textarea [^>]*name="([^"]*)"[^>]*>\r?\n?(.*?)</textarea>', page, re.DOTALL):
        found[name] = unescape(text)
    return found


def send(client: FlaskClient, address: str, **changes: Any) -> Any:
    """Open a form, change some answers, send it."""
    sent = fields_of(client.get(address).text) | changes
    return client.post(address, data={key: value for key, value in sent.items() if value is not None})


def reload(actor: Actor, requirement: Requirement) -> Requirement:
    with tenancy.scope(actor.scope):
        found = requirement_for(actor, requirement.id)
        db.session.refresh(found)
        db.session.expunge(found)
        db.session.commit()
    return found


class TestList:
    def test_a_stranger_is_asked_to_sign_in(self, client: FlaskClient) -> None:
        assert client.get("/buyer/requirements").status_code == 302

    def test_a_vendor_does_not_find_the_page(self, make_client: Callable[[], FlaskClient]) -> None:
        assert stranger_of("vendor", make_client).get("/buyer/requirements").status_code == 404

    def test_an_empty_list_says_what_to_do(self, client: FlaskClient, buyer: Actor) -> None:
        assert "No requirement yet" in client.get("/buyer/requirements").text

    def test_it_shows_the_own_ones_by_state(self, client: FlaskClient, buyer: Actor) -> None:
        make_requirement(buyer, title="Peak season")
        make_published(buyer, title="Evenings")
        page = client.get("/buyer/requirements").text
        assert "Peak season" in page and "Evenings" in page
        page = client.get("/buyer/requirements?state=open").text
        assert "Peak season" not in page and "Evenings" in page
        assert "in this state" in client.get("/buyer/requirements?state=awarded").text


class TestThirdCompany:
    @pytest.mark.parametrize("place", ["", "/check", "/withdraw", "/volumes/phone", *(f"/{s}" for s in STEPS[:-1])])
    def test_it_gets_404_and_changes_nothing(
        self, buyer: Actor, make_client: Callable[[], FlaskClient], place: str
    ) -> None:
        draft = make_requirement(buyer)
        other = stranger_of("buyer", make_client)
        address = f"/buyer/requirements/{draft.id}{place}"
        assert other.get(address).status_code == 404
        if place:
            assert other.post(address, data={"title": "Mine now", "version": draft.version}).status_code == 404
        after = reload(buyer, draft)
        assert (after.title, after.version, after.state) == (draft.title, draft.version, "draft")


class TestWriting:
    def test_the_least_makes_a_draft(self, client: FlaskClient, buyer: Actor) -> None:
        answer = client.post("/buyer/requirements/new", data={"title": "Night line", "mode": "partial"})
        assert answer.status_code == 302 and answer.location.endswith("/goals")
        assert "RQ-20" in client.get("/buyer/requirements").text

    def test_a_missing_title_keeps_the_rest(self, client: FlaskClient, buyer: Actor) -> None:
        answer = client.post("/buyer/requirements/new", data={"title": "", "mode": "partial"})
        assert answer.status_code == 400
        assert "Give the requirement a title." in answer.text and "checked" in answer.text

    @pytest.mark.parametrize("mode", ["full", "partial", "temporary"])
    @pytest.mark.parametrize("step", STEPS[:-1])
    def test_a_step_sent_back_unchanged_is_saved_unchanged(
        self, client: FlaskClient, buyer: Actor, mode: str, step: str
    ) -> None:
        draft = make_requirement(buyer, mode)
        address = f"/buyer/requirements/{draft.id}/{step}"
        page = client.get(address)
        assert page.status_code == 200, page.text
        sent: dict[str, Any] = fields_of(page.text)
        if step == "goals":
            sent |= {"goals": ["quality", "cost"], "service_types": ["enquiry", "after_sales"]}
        answer = client.post(address, data=sent)
        assert answer.status_code == 302, answer.text
        after = reload(buyer, draft)
        assert after.version == draft.version + 1
        process = {"version", "saved_at", "steps_done", "_sa_instance_state"}
        assert {k: v for k, v in vars(after).items() if k not in process} == {
            k: v for k, v in vars(draft).items() if k not in process
        }

    def test_a_share_that_does_not_add_up_is_refused_at_its_field(self, client: FlaskClient, buyer: Actor) -> None:
        draft = make_requirement(buyer)
        answer = send(client, f"/buyer/requirements/{draft.id}/languages", share_2="30")
        assert answer.status_code == 400
        assert "add up to 110 %" in answer.text and 'value="30"' in answer.text
        assert reload(buyer, draft).languages == draft.languages

    def test_a_wrong_number_keeps_what_was_typed(self, client: FlaskClient, buyer: Actor) -> None:
        draft = make_requirement(buyer)
        answer = send(client, f"/buyer/requirements/{draft.id}/channels", phone_average="12,3,4", phone_aht_s="9999")
        assert answer.status_code == 400 and 'value="12,3,4"' in answer.text
        answer = send(client, f"/buyer/requirements/{draft.id}/channels", phone_aht_s="9999")
        assert answer.status_code == 400 and "seconds from 1 to 7200" in answer.text and 'value="9999"' in answer.text

    def test_twelve_months_replace_the_average(self, client: FlaskClient, buyer: Actor) -> None:
        draft = make_requirement(buyer)
        months = {f"phone_month_{n}": str(n * 100) for n in range(1, 13)}
        assert send(client, f"/buyer/requirements/{draft.id}/channels", phone_average="", **months).status_code == 302
        with tenancy.scope(buyer.scope):
            rows = {row.channel: row for row in channels_of(draft)}
        assert rows["phone"].monthly == [str(n * 100) for n in range(1, 13)]
        assert rows["email"].monthly == ["6000"]

    def test_a_channel_is_taken_away(self, client: FlaskClient, buyer: Actor) -> None:
        draft = make_requirement(buyer)
        assert send(client, f"/buyer/requirements/{draft.id}/channels", email_on=None).status_code == 302
        with tenancy.scope(buyer.scope):
            assert [row.channel for row in channels_of(draft)] == ["phone"]

    def test_the_second_editor_sees_both_texts(self, client: FlaskClient, buyer: Actor) -> None:
        draft = make_requirement(buyer)
        address = f"/buyer/requirements/{draft.id}/goals"
        opened = fields_of(client.get(address).text)
        assert send(client, address, summary="First editor's words.").status_code == 302
        answer = client.post(address, data=opened | {"summary": "Second editor's words."})
        assert answer.status_code == 409
        assert "Second" in answer.text and "First" in answer.text
        assert reload(buyer, draft).summary == "First editor's words."

    def test_criteria_must_add_up(self, client: FlaskClient, buyer: Actor) -> None:
        draft = make_requirement(buyer)
        answer = send(client, f"/buyer/requirements/{draft.id}/criteria", weight_1="20")
        assert answer.status_code == 400 and "add up to 105" in answer.text
        answer = send(client, f"/buyer/requirements/{draft.id}/criteria", weight_1="20", weight_2="10")
        assert answer.status_code == 302
        with tenancy.scope(buyer.scope):
            saved = criteria_of(draft)
            assert [one.weight for one in saved] == [20, 10, 20, 30, 10, 10]
            assert [one.code for one in saved][:3] == ["experience", "technology", "quality"]

    def test_the_budget_is_kept_in_minor_units(self, client: FlaskClient, buyer: Actor) -> None:
        draft = make_requirement(buyer)
        answer = send(client, f"/buyer/requirements/{draft.id}/money", budget_total="1,234,567.89")
        assert answer.status_code == 302
        with tenancy.scope(buyer.scope):
            found = budget_of(buyer, draft)
            assert found is not None and found.budget_total_minor == 123456789

    def test_a_viewer_may_look_and_not_write(self, buyer: Actor, make_client: Callable[[], FlaskClient]) -> None:
        draft = make_requirement(buyer)
        browser, viewer = make_client(), make_person()
        add_member(make_company_of(buyer), viewer, "viewer")
        sign_in(browser, viewer)
        assert browser.get(f"/buyer/requirements/{draft.id}").status_code == 200
        assert browser.get(f"/buyer/requirements/{draft.id}/goals").status_code == 403
        assert browser.post(f"/buyer/requirements/{draft.id}/check", data={"version": 1}).status_code == 403


def make_company_of(actor: Actor) -> Any:
    return SimpleNamespace(id=actor.company_id)


class TestUpload:
    def upload(self, client: FlaskClient, draft: Requirement, content: bytes) -> Any:
        address = f"/buyer/requirements/{draft.id}/volumes/phone"
        return client.post(address, data={"file": (io.BytesIO(content), "calls.csv")})

    def test_a_bad_cell_is_named_and_nothing_kept(self, client: FlaskClient, buyer: Actor) -> None:
        draft = make_requirement(buyer)
        answer = self.upload(client, draft, b"datetime,calls\n2026-03-01 08:00,12\n2026-03-01 08:30,x\n")
        assert answer.status_code == 400
        assert "Line 3, column “calls”" in answer.text

    def test_what_was_recognised_is_confirmed_and_taken(self, client: FlaskClient, buyer: Actor) -> None:
        draft = make_requirement(buyer)
        looked = self.upload(client, draft, interval_file(first="2026-02-02", days=90, minutes=30))
        assert looked.status_code == 302
        page = client.get(looked.location)
        assert "30 minutes" in page.text and "yes, full" in page.text and "no, partial" in page.text
        with tenancy.scope(buyer.scope):
            assert [row.source for row in channels_of(draft)] == ["typed", "typed"]
        answer = client.post(looked.location, data=fields_of(page.text))
        assert answer.status_code == 302 and answer.location.endswith("/channels")
        with tenancy.scope(buyer.scope):
            phone = channels_of(draft)[0]
            assert (phone.source, phone.measured, len(phone.monthly)) == ("file", True, 12)
            monthly = phone.monthly
        # Saving the step again keeps the volumes of the file.
        page = client.get(answer.location).text
        assert "calls.csv" in page
        assert client.post(answer.location, data=fields_of(page)).status_code == 302
        with tenancy.scope(buyer.scope):
            phone = channels_of(draft)[0]
            assert (phone.source, phone.monthly) == ("file", monthly)

    def test_another_companys_file_is_not_found(
        self, client: FlaskClient, buyer: Actor, make_client: Callable[[], FlaskClient]
    ) -> None:
        draft = make_requirement(buyer)
        looked = self.upload(client, draft, interval_file(first="2026-03-01", days=31, minutes=60))
        company = make_company("buyer")
        person = make_person(company)
        theirs = make_requirement(actor_for(person, company))
        browser = make_client()
        sign_in(browser, person)
        file_id = looked.location.rsplit("/", 1)[1]
        assert browser.get(f"/buyer/requirements/{theirs.id}/volumes/phone/{file_id}").status_code == 404


class TestPublish:
    def test_a_bare_draft_says_what_is_missing_and_where(self, client: FlaskClient, buyer: Actor) -> None:
        made = client.post("/buyer/requirements/new", data={"title": "Night line", "mode": "partial"})
        address = made.location.replace("/goals", "/check")
        page = client.get(address).text
        assert "answers are missing" in page and "/channels" in page and "Publish requirement" not in page
        sent = fields_of(client.get(made.location).text)
        answer = client.post(address, data={"version": sent["version"]})
        assert answer.status_code == 400 and "Choose at least one channel." in answer.text

    def test_a_complete_one_is_published(self, client: FlaskClient, buyer: Actor) -> None:
        draft = make_requirement(buyer)
        answer = send(client, f"/buyer/requirements/{draft.id}/check")
        assert answer.status_code == 302
        page = client.get(answer.location).text
        assert "Published" in page and "bids until" in page and "SHA-256" in page and "£987,654.32" in page
        assert client.get(f"/buyer/requirements/{draft.id}/goals").status_code == 302
        assert send(client, f"/buyer/requirements/{draft.id}/check").status_code in (409, 400, 404, 405)

    def test_sent_twice_it_is_done_once(self, client: FlaskClient, buyer: Actor) -> None:
        draft = make_requirement(buyer)
        address = f"/buyer/requirements/{draft.id}/check"
        sent = fields_of(client.get(address).text)
        first, second = client.post(address, data=sent), client.post(address, data=sent)
        assert first.status_code == 302 and second.status_code == 303 and first.location == second.location


class TestAfterTheDeadline:
    def test_a_closed_one_leads_to_its_bids(self, client: FlaskClient, buyer: Actor) -> None:
        found = make_published(buyer)
        address = f"/buyer/requirements/{found.id}"
        assert "See the bids" not in client.get(address).text
        in_scope(buyer, lambda: close(requirement_for(buyer, found.id)))
        assert f"/buyer/evaluations/{found.id}" in client.get(address).text


class TestWithdraw:
    def test_without_a_reason_nothing_happens(self, client: FlaskClient, buyer: Actor) -> None:
        found = make_published(buyer)
        answer = send(client, f"/buyer/requirements/{found.id}/withdraw")
        assert answer.status_code == 400 and reload(buyer, found).state == "published"

    def test_it_ends_with_its_reason(self, client: FlaskClient, buyer: Actor) -> None:
        found = make_published(buyer)
        answer = send(
            client, f"/buyer/requirements/{found.id}/withdraw", code="no_need", reason="The project was stopped."
        )
        assert answer.status_code == 302
        page = client.get(answer.location).text
        assert "The project was stopped." in page and "Withdrawn" in page


class TestCost:
    @pytest.mark.parametrize("place", ["", "/check", *(f"/{step}" for step in STEPS[:-1])])
    def test_a_page_needs_few_statements(self, client: FlaskClient, buyer: Actor, place: str) -> None:
        draft = make_requirement(buyer)
        client.get("/buyer/requirements")
        statements: list[str] = []

        def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            statements.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        try:
            assert client.get(f"/buyer/requirements/{draft.id}{place}").status_code == 200
        finally:
            event.remove(db.engine, "before_cursor_execute", note)
        assert len(statements) <= 12, "\n".join(statements)
