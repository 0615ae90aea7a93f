"""`flask staff`: who belongs to the platform's staff."""

import re

from portal.accounts.commands import staff_group
from tests.factories.accounts import actor_for, execute, make_person, sign_in


def run(app, *arguments):
    return app.test_cli_runner().invoke(staff_group, list(arguments))


class TestAdd:
    def test_refuses_what_is_no_address_and_no_role(self, app):
        assert run(app, "add", "nobody").exit_code == 2
        assert run(app, "add", "sam@example.test", "--role", "king").exit_code == 2
        assert execute("SELECT 1 FROM people") == []

    def test_somebody_new_gets_an_account_and_a_link_for_its_password(self, app, client):
        result = run(app, "add", "sam@example.test", "--name", "Sam", "--role", "finance", "--role", "support")
        assert result.exit_code == 0, result.output
        link = re.search(r"http://localhost(/reset/\S+)", result.output).group(1)
        assert client.get(link).status_code == 200
        answer = client.post(link, data={"password": "a sentence for the staff 5"})
        assert answer.status_code == 302
        answer = client.post("/sign-in", data={"email": "sam@example.test", "password": "a sentence for the staff 5"})
        assert answer.headers["Location"] == "/desk"
        assert client.get("/desk").headers["Location"] == "/admin"
        roles = [row.role for row in execute("SELECT role FROM staff_memberships ORDER BY role")]
        assert roles == ["finance", "support"]

    def test_somebody_known_keeps_their_account_and_gets_the_role_once(self, app):
        person = make_person(email="sam@example.test")
        for _ in range(2):
            result = run(app, "add", "SAM@example.test")
            assert "password" not in result.output
        assert actor_for(person).staff_roles == ("moderator",)
        assert [row.tag for row in execute("SELECT tag FROM audit_entries")] == ["accounts:staff:add"] * 2


class TestRemove:
    def test_ends_roles_and_sessions(self, app, client):
        person = make_person(email="sam@example.test")
        run(app, "add", "sam@example.test")
        sign_in(client, person)
        assert client.get("/admin").status_code == 200
        assert run(app, "remove", "sam@example.test").exit_code == 0
        assert client.get("/admin").headers["Location"].startswith("/sign-in")

    def test_names_an_unknown_address(self, app):
        assert run(app, "remove", "nobody@example.test").exit_code == 1
