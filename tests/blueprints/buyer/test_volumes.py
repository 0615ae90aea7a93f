"""A buyer uploads a file of contacts, confirms how it is read, and types patterns by hand."""

import io
import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.accounts.actor import Actor
from portal.kit import tenancy
from portal.kit.audit import AuditEntry
from portal.kit.db import db
from portal.needs import uploads
from portal.needs.demands import demands_of
from portal.needs.models import Requirement, RequirementChannel
from portal.needs.planning import draft_scenarios
from portal.needs.queries import channels_of, requirement_for
from portal.needs.staffing_inputs import StaffingInputs
from tests.blueprints.buyer.test_requirements import fields_of, send
from tests.factories.accounts import make_company, make_person, sign_in
from tests.factories.needs import make_requirement, publish
from tests.portal.needs.interval_files import interval_file

FILE = interval_file(first="2026-02-02", days=90, minutes=30)


def place(draft: Requirement, channel: str = "phone") -> str:
    return f"/buyer/requirements/{draft.id}/volumes/{channel}"


def upload(client: FlaskClient, draft: Requirement, content: bytes, name: str = "calls.csv") -> Any:
    return client.post(place(draft), data={"file": (io.BytesIO(content), name)})


def stored(buyer: Actor, draft: Requirement) -> RequirementChannel:
    with tenancy.scope(buyer.scope):
        phone = channels_of(draft)[0]
        db.session.refresh(phone)
        db.session.expunge(phone)
    return phone


def ambiguous() -> bytes:
    """The first days of each month of a year, so that nobody can know which figure is the month."""
    lines = [
        "when;n;agents",
        *(f"0{d}/{m:02d}/2025 {h}:00;{m};3" for m in range(1, 13) for d in (1, 2, 3) for h in (9, 10)),
    ]
    return "\n".join(lines).encode()


class TestReading:
    def test_what_cannot_be_known_is_asked_and_shown_again_before_it_is_taken(
        self, client: FlaskClient, buyer: Actor
    ) -> None:
        draft = make_requirement(buyer)
        address = upload(client, draft, ambiguous()).location
        page = client.get(address).text
        assert "could be two different days" in page and "Several columns could be meant" in page
        assert "Use these volumes" not in page
        sent = fields_of(page) | {"count": "1", "order": "day_first", "zone": "Asia/Taipei"}
        answer = client.post(address, data=sent)
        assert answer.status_code == 200
        assert stored(buyer, draft).source == "typed"
        assert "Use these volumes" in answer.text and "1 January 2025" in answer.text

    def test_a_changed_choice_is_shown_before_it_is_taken(self, client: FlaskClient, buyer: Actor) -> None:
        draft = make_requirement(buyer)
        address = upload(client, draft, FILE).location
        changed = fields_of(client.get(address).text) | {"zone": "America/New_York"}
        again = client.post(address, data=changed)
        assert again.status_code == 200 and "12:00" in re.sub("<[^>]*>", "", again.text)
        assert stored(buyer, draft).source == "typed"
        assert client.post(address, data=fields_of(again.text)).status_code == 302
        phone = stored(buyer, draft)
        assert phone.source == "file" and phone.file_findings
        assert phone.file_findings["read"]["zone"] == "America/New_York"

    def test_a_wrong_encoding_is_told_and_nothing_taken(self, client: FlaskClient, buyer: Actor) -> None:
        draft = make_requirement(buyer)
        address = upload(client, draft, FILE.replace(b"Calls", "來電數".encode("big5"))).location
        page = client.get(address).text
        assert '<option selected value="big5">' in page and "來電數" in page
        answer = client.post(address, data=fields_of(page) | {"encoding": "utf-8"})
        assert answer.status_code == 200 and "Line 1 is not in UTF-8" in answer.text
        assert stored(buyer, draft).source == "typed"
        assert "Use these volumes" in client.post(address, data=fields_of(answer.text) | {"encoding": "big5"}).text


class TestTakingOver:
    def test_volumes_patterns_and_findings_are_kept_used_and_recorded(self, client: FlaskClient, buyer: Actor) -> None:
        draft = make_requirement(buyer)
        content = b"\n".join(line for line in FILE.splitlines() if b"2026-03-11" not in line)
        address = upload(client, draft, content).location
        sent = fields_of(client.get(address).text)
        first, second = client.post(address, data=sent), client.post(address, data=sent)
        assert (first.status_code, second.status_code, first.location) == (302, 303, second.location)
        phone = stored(buyer, draft)
        assert phone.file_findings and phone.file_findings["odd"]["missing"]["some"] == ["2026-03-11"]
        with tenancy.scope(buyer.scope):
            found = requirement_for(buyer, draft.id)
            rows = channels_of(found)
            demand = demands_of(found, rows)[0]
            assert demand.patterns.weekdays[5:] == (0, 0) and len(demand.patterns.profiles[0]) == 48
            assert demand.patterns.profiles[0][22] > demand.patterns.profiles[0][40] > 0
            scenario = draft_scenarios(found, rows, StaffingInputs())[1]
            assert sum(
                row.contacts for row in scenario.months[0].volumes if row.channel == "phone"
            ) == Decimal(phone.monthly[found.start_on.month - 1])  # fmt: skip
            assert [
                entry.after["file"]
                for entry in db.session.scalars(
                    select(AuditEntry).where(AuditEntry.tag == "needs:requirement:import_volumes")
                )
                if entry.after
            ] == ["calls.csv"]
        page = client.get(place(draft)).text
        assert "From the file" in page and "1 day without a line" in page and "11 March 2026" in page
        assert page.count('role="img"') >= 3

    def test_the_second_of_two_tabs_is_told(self, client: FlaskClient, buyer: Actor) -> None:
        draft = make_requirement(buyer)
        address = upload(client, draft, FILE).location
        one, other = (fields_of(client.get(address).text) for _ in range(2))
        assert client.post(address, data=one).status_code == 302
        assert client.post(address, data=other).status_code == 409

    def test_an_upload_does_not_wait_for_ever(
        self, client: FlaskClient, buyer: Actor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        draft = make_requirement(buyer)
        address = upload(client, draft, FILE).location
        sent = fields_of(client.get(address).text)
        monkeypatch.setattr(uploads, "UPLOAD_WAITS", timedelta(0))
        told = client.post(address, data=sent)
        assert told.status_code == 302 and told.location == place(draft)
        assert "Upload the file again" in client.get(told.location).text
        assert stored(buyer, draft).source == "typed"

    def test_less_than_a_year_is_said_and_seasons_are_typed(self, client: FlaskClient, buyer: Actor) -> None:
        draft = make_requirement(buyer)
        address = upload(client, draft, FILE).location
        page = client.get(address).text
        assert "Less than a year." in page and "taken as busy as the average of these" in page and "assumed" in page
        client.post(address, data=fields_of(page))
        assert "Type the seasons" in client.get(place(draft)).text
        typed = {f"season_{at}": "1" for at in range(12)} | {"season_11": "2"}
        answer = send(client, f"{place(draft)}/patterns", **typed)
        assert answer.status_code == 302, answer.text
        assert "The others follow the seasons that were typed." in client.get(answer.location).text
        december, november = (float(stored(buyer, draft).monthly[at]) for at in (11, 10))
        assert december == pytest.approx(2 * november, abs=0.02)

    @pytest.mark.parametrize(
        ("changes", "words"), [({"season_3": "1001"}, "from 0 to 1000"), ({"season_0": "5"}, "covers")]
    )
    def test_seasons_that_tell_nothing_are_refused(
        self, client: FlaskClient, buyer: Actor, changes: dict[str, str], words: str
    ) -> None:
        draft = make_requirement(buyer)
        address = upload(client, draft, FILE).location
        client.post(address, data=fields_of(client.get(address).text))
        before = stored(buyer, draft).monthly
        answer = send(client, f"{place(draft)}/patterns", **changes)
        assert answer.status_code == 400 and words in answer.text
        assert stored(buyer, draft).monthly == before

    def test_a_published_one_stays_as_it_is(self, client: FlaskClient, buyer: Actor) -> None:
        draft = make_requirement(buyer)
        address = upload(client, draft, FILE).location
        sent = fields_of(client.get(address).text)
        publish(buyer, draft)
        assert client.post(address, data=sent).status_code == 409
        assert client.get(address).status_code == client.get(place(draft)).status_code == 302

    def test_what_is_another_companys_is_not_found(
        self, client: FlaskClient, buyer: Actor, make_client: Callable[[], FlaskClient]
    ) -> None:
        draft = make_requirement(buyer)
        address = upload(client, draft, FILE).location
        browser = make_client()
        sign_in(browser, make_person(make_company("buyer")))
        for path in (address, place(draft), f"{place(draft)}/patterns"):
            assert browser.get(path).status_code == browser.post(path).status_code == 404


class TestPatterns:
    def test_typed_ones_and_growth_reach_staffing_and_the_forecast(self, client: FlaskClient, buyer: Actor) -> None:
        draft = make_requirement(buyer, term_months=24)
        assert client.get(place(draft)).text.count("Default") >= 3
        address = f"{place(draft)}/patterns"
        typed = {f"weekday_{day}": "1" for day in range(5)} | {"weekday_0": "1.5"}
        hours = {f"hour_{hour}": "20" for hour in range(8, 20)} | {"hour_10": "60"}
        assert client.post(address, data=fields_of(client.get(address).text) | typed | hours).status_code == 302
        step = f"/buyer/requirements/{draft.id}/channels"
        assert client.post(step, data=fields_of(client.get(step).text) | {"phone_growth": "-10"}).status_code == 302
        with tenancy.scope(buyer.scope):
            found = requirement_for(buyer, draft.id)
            rows = channels_of(found)
            demand = demands_of(found, rows)[0]
            assert (demand.growth, demand.patterns.weekdays) == (-0.1, (1.5, 1, 1, 1, 1, 0, 0))
            assert demand.patterns.profiles[3][9:12] == (20, 60, 20)
            scenario = draft_scenarios(found, rows, StaffingInputs())[1]
            of_phone = [
                sum(row.contacts for row in month.volumes if row.channel == "phone") for month in scenario.months
            ]
            assert (of_phone[0], of_phone[11], of_phone[12]) == (18000, 18000, 16200)
        page = client.get(place(draft)).text
        assert page.count("Typed") >= 2

    def test_nothing_but_zeros_is_refused_at_its_field(self, client: FlaskClient, buyer: Actor) -> None:
        draft = make_requirement(buyer)
        address = f"{place(draft)}/patterns"
        answer = client.post(address, data=fields_of(client.get(address).text) | {"weekday_3": "0"})
        assert answer.status_code == 400 and "At least one must be above 0." in answer.text
        assert stored(buyer, draft).weekdays is None
