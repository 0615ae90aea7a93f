"""A request is one transaction: committed once, rolled back on any refusal, and done once however often it is sent."""

import threading

import pytest
from flask.testing import FlaskClient

from tests.blueprints.shared.conftest import words_of
from tests.factories.accounts import make_company, make_person, sign_in

SUBMISSION = "0197a3c2-0000-7000-8000-00000000000a"


def in_parallel(*calls) -> None:
    """Run calls at once, each in a thread of its own."""
    threads = [threading.Thread(target=call) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


class TestTransaction:
    def test_a_success_is_committed(self, caller, written):
        assert caller.post("/probe/write").status_code == 200
        assert written() == 1

    @pytest.mark.parametrize("status", [400, 404, 422, 500])
    def test_an_answer_with_an_error_status_takes_everything_back(self, caller, written, status):
        assert caller.post(f"/probe/write?status={status}").status_code == status
        assert written() == 0

    @pytest.mark.parametrize("name", ["invalid", "conflict", "unexpected"])
    def test_an_error_takes_everything_back(self, caller, written, name):
        assert caller.post(f"/probe/refuse/{name}").status_code >= 400
        assert written() == 0

    def test_a_page_that_writes_fails_in_the_database_itself(self, caller, written):
        assert caller.get("/probe/write").status_code == 500
        assert written() == 0

    def test_nothing_of_one_request_is_left_for_the_next(self, caller, probe_app):
        sign_in(caller, make_person(make_company("buyer")))
        assert len(caller.get("/probe/details").json) == 1
        assert probe_app.test_client().get("/probe/details").json == []


class TestTwoCompaniesAtOnce:
    """Eight browsers of two companies over three connections."""

    ROUNDS = 15

    def foreign_rows(self, probe_app) -> int:
        companies = [make_company("buyer"), make_company("vendor")]
        found: list[int] = []

        def browse(company, client: FlaskClient) -> None:
            for _ in range(self.ROUNDS):
                found.append(len(set(client.get("/probe/details").json) - {str(company.id)}))

        calls = []
        for company in companies * 4:
            client = FlaskClient(probe_app, probe_app.response_class)
            sign_in(client, make_person(company))
            calls.append(lambda company=company, client=client: browse(company, client))
        in_parallel(*calls)
        assert len(found) == 8 * self.ROUNDS
        return sum(found)

    def test_neither_ever_sees_a_row_of_the_other(self, probe_app):
        assert self.foreign_rows(probe_app) == 0

    def test_this_test_would_notice(self, probe_app, superuser):
        superuser.execute("ALTER TABLE company_details DISABLE ROW LEVEL SECURITY")
        try:
            assert self.foreign_rows(probe_app) > 0
        finally:
            superuser.execute("ALTER TABLE company_details ENABLE ROW LEVEL SECURITY")


class TestSubmission:
    def send(self, client: FlaskClient, name: str = "a", submission: str = SUBMISSION):
        return client.post("/probe/form", data={"submission_id": submission, "name": name})

    def test_sent_twice_it_is_done_once_and_answered_alike(self, caller, written):
        first, second = self.send(caller), self.send(caller)
        assert first.location == second.location == "/probe/done/a"
        assert written() == 1

    def test_eight_times_at_once_it_is_done_once(self, probe_app, written):
        answers = []
        clients = [FlaskClient(probe_app, probe_app.response_class) for _ in range(8)]
        in_parallel(*(lambda client=client: answers.append(self.send(client).location) for client in clients))
        assert answers == ["/probe/done/a"] * 8
        assert written() == 1

    def test_with_another_body_it_is_refused(self, caller, written):
        self.send(caller)
        answer = self.send(caller, name="b")
        assert answer.status_code == 409
        assert "sent before with other content" in answer.text
        assert written() == 1

    def test_a_refused_one_may_be_sent_again(self, caller, written):
        for _ in range(2):
            answer = caller.post("/probe/write?status=400", data={"submission_id": SUBMISSION})
            assert answer.status_code == 400
        assert caller.post("/probe/write", data={"submission_id": SUBMISSION}).status_code == 200
        assert written() == 1

    def test_the_same_id_from_somebody_else_is_another_one(self, caller, probe_app, written):
        self.send(caller)
        sign_in(caller, make_person(make_company("buyer")))
        self.send(caller)
        assert written() == 2

    def test_another_id_is_another_one(self, caller, written):
        self.send(caller)
        self.send(caller, submission="0197a3c2-0000-7000-8000-00000000000b")
        assert written() == 2


class TestVersion:
    def test_the_second_of_two_editors_gets_both_texts_and_changes_nothing(self, caller, superuser):
        company = make_company("buyer")
        sign_in(caller, make_person(company))
        assert caller.post("/probe/rename", data={"version": 1, "name": "First Ltd"}).status_code == 200
        answer = caller.post("/probe/rename", data={"version": 1, "name": "Second Ltd"})
        assert answer.status_code == 409
        assert "Second Ltd" in words_of(answer.text) and "First Ltd" in words_of(answer.text)
        assert superuser.execute("SELECT legal_name FROM company_details").fetchone()[0] == "First Ltd"
