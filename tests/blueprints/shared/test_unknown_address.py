"""An address that leads nowhere is a page of its own, for strangers and for people with a session alike."""

from tests.factories.accounts import make_company, make_person, sign_in


class TestUnknownAddress:
    def test_tells_a_stranger(self, client):
        answer = client.get("/nowhere")
        assert answer.status_code == 404
        assert answer.text.count("<h1") == 1

    def test_below_the_static_files_is_no_different(self, client):
        sign_in(client, make_person(make_company("buyer")))
        assert client.get("/static/nothing.css").status_code == 404

    def test_tells_somebody_who_is_signed_in(self, client):
        sign_in(client, make_person(make_company("buyer")))
        answer = client.get("/nowhere")
        assert answer.status_code == 404
        assert "This page does not exist" in answer.text

    def test_takes_no_form_and_does_not_fail_over_one(self, client):
        assert client.post("/nowhere", data={"submission_id": "1"}).status_code == 404
        assert client.post("/vendors", data={"submission_id": "1"}).status_code == 405
