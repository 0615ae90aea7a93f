"""Stopping mails about saved searches from the mail itself."""

import dataclasses
from collections.abc import Iterator
from email.message import EmailMessage
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.kit import clock
from tests.factories.accounts import execute
from tests.factories.catalog import make_live_vendor
from tests.factories.kept import MadeBuyer, make_buyer, next_morning, save
from tests.factories.mails import sent_mails


@pytest.fixture(autouse=True)
def over_tls(app: Flask) -> Iterator[None]:
    """The portal behind TLS with the check of forms switched on, and the real time afterwards."""
    settings = app.config["PORTAL"]
    app.config["PORTAL"] = dataclasses.replace(settings, base_url="https://portal.example")
    app.config["WTF_CSRF_ENABLED"] = True
    yield
    app.config["WTF_CSRF_ENABLED"] = False
    app.config["PORTAL"] = settings
    clock.reset()


def mail_about_news(app: Flask, buyer: MadeBuyer) -> EmailMessage:
    make_live_vendor("Kestrelway Contact")
    next_morning()
    return next(mail for mail in sent_mails(app) if mail["To"] == buyer.person.email and "saved" in mail["Subject"])


def by_mail(buyer: MadeBuyer) -> list[bool]:
    rows = execute("SELECT by_mail FROM saved_searches WHERE person_id = :id", id=buyer.person.id)
    return [row.by_mail for row in rows]


class TestStopSearchMails:
    def test_a_link_that_the_portal_did_not_sign_is_no_page(self, client: FlaskClient) -> None:
        for token in ("x", "a.b.c", "\u4e2d", "A" * 86, "A" * 85 + "!"):
            assert client.get(f"/stop-mail/{token}").status_code == 404
            assert client.post(f"/stop-mail/{token}").status_code == 404

    def test_one_click_of_a_mail_program_stops_the_mails_of_that_person_alone(
        self, app: Flask, client: FlaskClient
    ) -> None:
        buyer, other = make_buyer(), make_buyer()
        for one in (buyer, other):
            save(one)
            save(one, "language=de", "German")
        mail = mail_about_news(app, buyer)
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        address = mail["List-Unsubscribe"].strip(" <>")
        assert address.startswith("https://portal.example/stop-mail/") and address in mail.get_content()

        path = urlsplit(address).path
        asked = client.get(path)  # a scanner that opens links stops nothing
        assert asked.status_code == 200 and by_mail(buyer) == [True, True]
        assert buyer.person.email not in asked.text and buyer.company.name not in asked.text
        for _time in range(2):
            answer = client.post(path, data={"List-Unsubscribe": "One-Click"})
            assert answer.status_code == 200 and "No more e-mails" in answer.text
        assert by_mail(buyer) == [False, False] and by_mail(other) == [True, True]
        entries = execute("SELECT person_id FROM audit_entries WHERE tag = 'catalog:search:stop_mails'")
        assert [row.person_id for row in entries] == [None]

    def test_other_mails_name_no_such_address_and_without_tls_nothing_promises_one_click(self, app: Flask) -> None:
        app.config["PORTAL"] = dataclasses.replace(app.config["PORTAL"], base_url="http://localhost:8000")
        buyer = make_buyer()
        save(buyer)
        mail = mail_about_news(app, buyer)
        assert mail["List-Unsubscribe"].lstrip().startswith("<http://localhost:8000/stop-mail/")
        assert mail["List-Unsubscribe-Post"] is None
        make_live_vendor("Ostermere")
        assert all(one["List-Unsubscribe"] is None for one in sent_mails(app))
