"""What people do twice: press a button two times, edit in two tabs, follow a link that was used or is too old."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from portal.kit import clock, tenancy
from portal.kit.db import db
from portal.monitoring.queries import survey_of
from tests.factories import agreements
from tests.factories.accounts import PASSWORD, MadePerson, execute, make_company, make_person, sign_in
from tests.factories.mails import link_in, sent_mails
from tests.factories.needs import in_scope
from tests.journeys import story
from tests.journeys.portal_pages import Budget, HttpReader, filled


@pytest.fixture
def reader(make_client: Callable[[], FlaskClient]) -> Callable[[], HttpReader]:
    """Each call is another browser."""
    return lambda: HttpReader(make_client(), Budget())


@pytest.fixture
def buyer(reader: Callable[[], HttpReader]) -> HttpReader:
    """An owner of a buyer company, signed in."""
    found = reader()
    company = make_company("buyer")
    sign_in(found.client, make_person(company))
    return found


def count(table: str) -> int:
    """How many rows there are."""
    return int(execute(f"SELECT count(*) AS n FROM {table}")[0].n)


def person_with(email: str) -> MadePerson:
    """A person that a factory made."""
    (row,) = execute("SELECT id, name, email, locale, timezone FROM people WHERE email = :email", email=email)
    return MadePerson(*row)


def later(days: int) -> None:
    """Move the clock ahead."""
    with tenancy.scope(tenancy.PUBLIC):
        now: datetime = clock.now()
        db.session.rollback()
    clock.move_to(now + timedelta(days=days))


class TestSendingTwice:
    def sending(self, buyer: HttpReader, title: str = story.TITLE) -> MultiDict[str, str]:
        buyer.open("/buyer/requirements/new")
        form, _button = buyer.form_of("Begin", set())
        return filled(form, {"title": title, "mode": "full"})

    def send(self, buyer: HttpReader, data: MultiDict[str, str]) -> TestResponse:
        return buyer.client.post("/buyer/requirements/new", data=data)

    def test_it_is_done_once_and_the_second_answer_is_the_first_ones(self, buyer: HttpReader) -> None:
        data = self.sending(buyer)
        first, second = self.send(buyer, data), self.send(buyer, data)
        assert first.headers["Location"] == second.headers["Location"]
        assert count("requirements") == 1

    def test_also_when_both_arrive_at_once(self, app: Flask, buyer: HttpReader) -> None:
        data = self.sending(buyer)
        cookie = buyer.client.get_cookie("session")
        assert cookie is not None

        def press(_number: int) -> str:
            client = app.test_client()
            client.set_cookie("session", cookie.value)
            answer = copy_context().run(client.post, "/buyer/requirements/new", data=data)
            return str(answer.headers["Location"])

        with ThreadPoolExecutor(4) as pool:
            assert len(set(pool.map(press, range(4)))) == 1
        assert count("requirements") == 1

    def test_the_same_sending_with_other_content_is_refused(self, buyer: HttpReader) -> None:
        data = self.sending(buyer)
        self.send(buyer, data)
        data["title"] = "Something else"
        assert self.send(buyer, data).status_code == 409
        assert count("requirements") == 1

    def test_the_same_content_in_a_page_opened_anew_is_another_requirement(self, buyer: HttpReader) -> None:
        for _time in range(2):
            self.send(buyer, self.sending(buyer))
        assert count("requirements") == 2


class TestTwoTabs:
    def test_the_second_editor_sees_both_texts_and_saves_nothing(self, reader: Callable[[], HttpReader]) -> None:
        deal = agreements.make_drafted()
        tabs = reader(), reader()
        for tab, actor in zip(tabs, deal.sides, strict=True):
            sign_in(tab.client, person_with(actor.email))
            tab.open(f"/agreements/{deal.agreement.id}/edit")
        tabs[0].press("Save the draft", special_terms="Calls are answered in the buyer's name.", language="en")
        page = tabs[1].press("Save the draft", status=409, special_terms="Reports are sent weekly.", language="en")
        assert "Calls are answered in the buyer's name." in page.words
        assert "Reports are sent weekly." in page.words
        page = tabs[1].open(f"/agreements/{deal.agreement.id}")
        assert "Reports are sent weekly." not in page.words


class TestOldLinks:
    def test_an_address_is_confirmed_once(self, app: Flask, reader: Callable[[], HttpReader]) -> None:
        link = self.confirmation(app, reader())
        one = reader()
        one.open(link)
        one.press("Confirm my address")
        one.open(link)
        page = one.press("Confirm my address", status=400)
        assert "used before" in page.words

    def test_a_confirmation_ends_after_three_days(self, app: Flask, reader: Callable[[], HttpReader]) -> None:
        one = reader()
        link = self.confirmation(app, one)
        later(4)
        one.open(link)
        assert "expired" in one.press("Confirm my address", status=400).words

    def confirmation(self, app: Flask, one: HttpReader) -> str:
        one.open("/sign-up")
        one.press("Create an account", fields=story.BUYER.form)
        (letter,) = sent_mails(app)
        return link_in(letter)

    def test_a_password_is_set_once(self, app: Flask, reader: Callable[[], HttpReader]) -> None:
        one = reader()
        link = self.reset(app, one)
        one.open(link)
        one.press("Set the new password", password="another lantern in the harbour")
        assert "no longer works" in one.open(link, status=404).words

    def test_a_reset_ends_after_an_hour(self, app: Flask, reader: Callable[[], HttpReader]) -> None:
        one = reader()
        link = self.reset(app, one)
        later(1)
        assert "no longer works" in one.open(link, status=404).words

    def reset(self, app: Flask, one: HttpReader) -> str:
        person = make_person(make_company("vendor"))
        one.open("/forgot")
        one.press("Send the link", email=person.email)
        (letter,) = sent_mails(app)
        return link_in(letter)

    def test_a_session_ends_and_signing_in_leads_back(self, reader: Callable[[], HttpReader]) -> None:
        person = make_person(make_company("buyer"))
        one = reader()
        one.open("/sign-in")
        one.press("Sign in", email=person.email, password=PASSWORD)
        later(20)
        one.open("/buyer/requirements")
        assert one.path.startswith("/sign-in?")
        one.press("Sign in", email=person.email, password=PASSWORD)
        assert one.path == "/buyer/requirements"

    def test_an_ended_survey_says_so(self, reader: Callable[[], HttpReader]) -> None:
        deal = agreements.make_live()
        token = in_scope(deal.buyer, lambda: survey_of(deal.agreement).token)
        owner = reader()
        sign_in(owner.client, person_with(deal.buyer.email))
        owner.open(f"/agreements/{deal.agreement.id}/survey")
        owner.press("End the survey")
        customer = reader()
        assert "has ended" in customer.open(f"/s/{token}").words
