"""Who is let in: by a token that opens something, as the person is now; cookies count for nothing."""

import pytest

from blueprints.shared.limits import limiter
from portal.accounts.actions import team
from tests.factories.accounts import actor_for, execute, make_company, make_person, sign_in
from tests.factories.api import make_token, program, program_of
from tests.factories.needs import in_scope

ME = "/api/v1/me"


@pytest.fixture
def company(app):
    return make_company("vendor")


@pytest.fixture
def owner(company):
    return actor_for(make_person(company), company)


def refusal_of(answer):
    assert answer.status_code == 401
    assert answer.content_type == "application/problem+json"
    assert answer.json["status"] == 401 and answer.json["detail"]
    return answer.headers["WWW-Authenticate"]


class TestLettingIn:
    def test_without_a_token_one_is_asked_for(self, client):
        assert refusal_of(client.get(ME)) == 'Bearer realm="Switchboard"'

    def test_a_signed_in_browser_is_a_stranger_here_and_gets_no_cookie(self, client, company):
        sign_in(client, make_person(company))
        answer = client.get(f"{ME}?lang=zh_Hant")
        refusal_of(answer)
        assert "Set-Cookie" not in answer.headers

    @pytest.mark.parametrize(
        "header", ["Bearer", "Bearer ", "Bearer swb_wrong", "Basic c3diOnN3Yg==", "swb_wrong", "Bearer \u00e9"]
    )
    @pytest.mark.parametrize("path", [ME, "/api/v1/vendors"])
    def test_what_opens_nothing_is_refused_also_where_none_is_needed(self, client, header, path):
        answer = client.get(path, headers={"Authorization": header.encode("latin-1").decode("latin-1")})
        assert 'error="invalid_token"' in refusal_of(answer)

    def test_an_expired_or_revoked_token_is_refused(self, app, owner):
        _token, secret = make_token(owner)
        caller = program(app, secret)
        assert caller.get(ME).status_code == 200
        for change in ("expires_at = portal_now()", "expires_at = now() + interval '1 day', revoked_at = portal_now()"):
            execute(f"UPDATE api_tokens SET {change}")
            assert "invalid_token" in refusal_of(caller.get(ME))

    def test_says_whom_it_acts_for(self, app, owner):
        me = program_of(app, owner, "read").get(ME).json
        assert me["company"] == {"id": str(owner.company_id), "name": owner.company_name, "kind": "vendor"}
        assert me["person"]["email"] == owner.email and me["role"] == "owner"
        assert me["token"]["scope"] == "read" and me["token"]["expires_at"].endswith("Z")
        assert "kpi.report" not in me["permissions"] and "agreement.view" in me["permissions"]

    def test_guessing_is_slowed_down_and_a_good_token_is_not_counted(self, app, client, owner):
        caller = program_of(app, owner)
        limiter.enabled = True
        limiter.reset()
        try:
            assert {caller.get(ME).status_code for _ in range(35)} == {200}
            statuses = [client.get(ME, headers={"Authorization": "Bearer swb_x"}).status_code for _ in range(31)]
            last = client.get(ME)
        finally:
            limiter.enabled = False
            limiter.reset()
        assert set(statuses[:30]) == {401} and statuses[30] == 429
        assert last.content_type == "application/problem+json" and "Retry-After" in last.headers


class TestChanges:
    def test_a_changed_role_counts_from_the_next_request_on(self, app, company, owner):
        person = make_person(company, "manager")
        caller = program_of(app, actor_for(person, company))
        assert "kpi.report" in caller.get(ME).json["permissions"]
        (seat,) = execute("SELECT id, version FROM memberships WHERE person_id = :id", id=person.id)
        in_scope(owner, lambda: team.change_role(owner, seat.id, role="viewer", version=seat.version))
        assert "kpi.report" not in caller.get(ME).json["permissions"]
        in_scope(owner, lambda: team.remove_member(owner, seat.id))
        refusal_of(caller.get(ME))

    def test_a_suspended_company_is_refused(self, app, company, owner):
        caller = program_of(app, owner)
        execute("UPDATE companies SET state = 'suspended' WHERE id = :id", id=company.id)
        refusal_of(caller.get(ME))


class TestLastUse:
    def test_is_noted_once_an_hour_also_when_something_is_only_read(self, app, owner):
        caller = program_of(app, owner, "read")
        assert execute("SELECT last_used_at FROM api_tokens")[0].last_used_at is None
        caller.get(ME)
        (first,) = execute("SELECT last_used_at FROM api_tokens")
        assert first.last_used_at is not None
        caller.get(ME)
        assert execute("SELECT last_used_at FROM api_tokens") == [first]
        execute("UPDATE api_tokens SET last_used_at = last_used_at - interval '61 minutes'")
        caller.get(ME)
        assert execute("SELECT last_used_at FROM api_tokens")[0].last_used_at > first.last_used_at
