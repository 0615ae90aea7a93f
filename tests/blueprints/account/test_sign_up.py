"""Coming in: the sign-up form, the link that confirms, and the forgotten password, through the pages."""

import pytest

from tests.factories.accounts import PASSWORD, execute, make_company, make_person
from tests.factories.mails import link_in, sent_mails

FORM = {
    "kind": "buyer",
    "company": "Orrinfield Trading",
    "country": "GB",
    "timezone": "Europe/London",
    "currency": "GBP",
    "name": "Ines Carroway",
    "email": "ines@example.test",
    "password": PASSWORD,
}


class TestSignUp:
    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("kind", "staff"),
            ("country", "XX"),
            ("timezone", "Mars/Olympus"),
            ("currency", "XXX"),
            ("email", "no"),
            ("name", ""),
        ],
    )
    def test_a_wrong_answer_is_named_and_the_rest_is_kept(self, client, field, value):
        answer = client.post("/sign-up", data={**FORM, field: value})
        assert answer.status_code == 400
        assert "error-summary" in answer.text
        assert ("Orrinfield Trading" in answer.text) and (PASSWORD not in answer.text)
        assert execute("SELECT 1 FROM people") == []

    def test_extra_fields_change_nothing(self, client):
        extra = {"role": "viewer", "state": "open", "is_admin": "1", "confirmed_at": "2020-01-01", "id": "x"}
        assert client.post("/sign-up", data={**FORM, **extra}).status_code == 302
        assert execute("SELECT state FROM companies")[0].state == "applied"
        assert execute("SELECT confirmed_at FROM people")[0].confirmed_at is None
        assert execute("SELECT 1 FROM staff_memberships") == []

    def test_the_answer_does_not_tell_whether_the_address_is_known(self, client, make_client):
        make_person(make_company("buyer"), email="known@example.test")
        answers = [
            client.post("/sign-up", data={**FORM, "email": email})
            for email in ("known@example.test", "new@example.test")
        ]
        assert {(answer.status_code, answer.headers["Location"]) for answer in answers} == {(302, "/sign-up/sent")}

    def test_from_the_form_to_the_desk(self, app, client):
        client.post("/sign-up", data=FORM)
        link = link_in(sent_mails(app)[0])
        assert client.get(link).status_code == 200
        assert execute("SELECT state FROM companies")[0].state == "applied", "opening the link must not confirm"
        assert client.post(link).headers["Location"] == "/sign-in"
        assert client.post(link).status_code == 400
        client.post("/sign-in", data={"email": FORM["email"], "password": PASSWORD})
        assert client.get("/desk").headers["Location"] == "/buyer"
        assert client.get("/buyer").status_code == 200

    def test_sent_twice_makes_one_company(self, client):
        for _ in range(2):
            answer = client.post("/sign-up", data={**FORM, "submission_id": "once"})
            assert answer.headers["Location"] == "/sign-up/sent"
        assert len(execute("SELECT 1 FROM companies")) == 1
        assert len(execute("SELECT 1 FROM mails")) == 1

    def test_the_mail_comes_in_the_language_of_the_page(self, client):
        client.get("/sign-up?lang=zh_Hant")
        client.post("/sign-up", data=FORM)
        assert execute("SELECT language FROM mails")[0].language == "zh_Hant"
        assert execute("SELECT locale FROM people")[0].locale == "zh_Hant"


class TestForgotten:
    def test_the_answer_does_not_tell_whether_the_address_is_known(self, client):
        make_person(make_company("buyer"), email="known@example.test")
        answers = [
            client.post("/forgot", data={"email": email}) for email in ("known@example.test", "new@example.test")
        ]
        assert {(answer.status_code, answer.headers["Location"]) for answer in answers} == {(302, "/forgot/sent")}

    def test_from_the_mail_to_a_new_password(self, app, client):
        make_person(make_company("buyer"), email="known@example.test")
        client.post(
            "/forgot",
            data={"email": "known@example.test"},
            headers={"Host": "localhost", "X-Forwarded-Host": "evil.test"},
        )
        (message,) = sent_mails(app)
        assert "evil.test" not in message.get_content()
        link = link_in(message)
        assert client.post(link, data={"password": "short"}).status_code == 400
        assert client.post(link, data={"password": "another long sentence 9"}).headers["Location"] == "/sign-in"
        assert client.get(link).status_code == 404
        answer = client.post("/sign-in", data={"email": "known@example.test", "password": "another long sentence 9"})
        assert answer.headers["Location"] == "/desk"

    def test_a_made_up_link_opens_nothing(self, client):
        assert client.get("/reset/made-up").status_code == 404
