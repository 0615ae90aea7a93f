"""The staff's pages: who may open which, what they decide, and what they never see."""

import re
from dataclasses import replace

import pytest

from portal.accounts.permissions import STAFF_ROLES, Permission, StaffRole
from portal.kit import audit, tenancy
from portal.kit.db import db
from tests.factories.accounts import actor_for, execute, make_company, make_person, make_staff, sign_in

PAGES = {
    "/admin": None,
    "/admin/companies": Permission.STAFF_COMPANIES,
    "/admin/people": Permission.STAFF_PEOPLE,
    "/admin/audit": Permission.STAFF_AUDIT,
    "/admin/operations": Permission.STAFF_OPERATIONS,
    "/admin/help": Permission.STAFF_HELP,
}


@pytest.fixture
def moderator(app, client):
    person = make_staff("moderator", name="Sam Porter")
    sign_in(client, person)
    return person


class TestWhoMayOpenWhat:
    @pytest.mark.parametrize("page", PAGES)
    def test_people_of_companies_find_nothing(self, make_client, page):
        for person in (make_person(make_company("buyer")), make_person(make_company("vendor")), make_person()):
            client = make_client()
            sign_in(client, person)
            assert client.get(page).status_code == 404

    @pytest.mark.parametrize("role", list(StaffRole))
    @pytest.mark.parametrize("page", PAGES)
    def test_each_staff_role_opens_what_the_table_says(self, client, role, page):
        sign_in(client, make_staff(role))
        permission = PAGES[page]
        expected = 200 if permission is None or permission in STAFF_ROLES[role] else 403
        assert client.get(page).status_code == expected

    def test_staff_who_also_have_a_company_are_not_staff_while_they_act_for_it(self, client):
        person = make_staff()
        from tests.factories.accounts import add_member

        add_member(make_company("buyer"), person)
        sign_in(client, person)
        assert client.get("/admin").status_code == 404


class TestCompanies:
    def test_filters_by_name_side_and_state(self, client, moderator):
        make_company("buyer", "Orrinfield 100%"), make_company("vendor", "Kestrel", state="suspended")
        assert "Kestrel" not in client.get("/admin/companies?q=100%25").text
        assert "Orrinfield" not in client.get("/admin/companies?kind=vendor&state=suspended").text
        assert "No company fits" in client.get("/admin/companies?q=_").text
        assert client.get("/admin/companies?kind=' OR 1=1&state=x&after=y").status_code == 200

    def test_a_suspension_needs_a_reason(self, client, moderator):
        company = make_company("vendor", "Kestrel")
        answer = client.post(f"/admin/companies/{company.id}/suspend", data={"reason": " "})
        assert answer.status_code == 400 and "Give a reason." in answer.text
        assert execute("SELECT state FROM companies")[0].state == "open"

    def test_finance_staff_may_not_suspend(self, client):
        sign_in(client, make_staff("finance"))
        company = make_company("vendor")
        assert client.post(f"/admin/companies/{company.id}/suspend", data={"reason": "x"}).status_code == 403

    def test_suspends_and_reinstates_in_the_companys_own_log(self, client, moderator):
        company = make_company("vendor", "Kestrel")
        page = f"/admin/companies/{company.id}"
        assert client.post(f"{page}/suspend", data={"reason": "False references"}).status_code == 302
        assert execute("SELECT state FROM companies")[0].state == "suspended"
        assert client.post(f"{page}/suspend", data={"reason": "Again"}).status_code == 409
        assert "Open Kestrel again" in client.get(page).text
        assert client.post(f"{page}/reinstate", data={"reason": "Shown to be true"}).status_code == 302
        assert client.post(f"{page}/reinstate", data={"reason": "Again"}).status_code == 409
        entries = execute("SELECT tag, after, company_id FROM audit_entries ORDER BY id")
        assert [entry.tag for entry in entries] == ["accounts:company:suspend", "accounts:company:reinstate"]
        assert entries[0].after == {"state": "suspended", "reason": "False references"}
        assert {entry.company_id for entry in entries} == {company.id}

    def test_a_company_with_an_unconfirmed_address_is_not_opened_by_staff(self, client, moderator):
        company = make_company("vendor", state="applied")
        assert client.post(f"/admin/companies/{company.id}/reinstate", data={"reason": "Nice"}).status_code == 409
        assert execute("SELECT state FROM companies")[0].state == "applied"


class TestPeople:
    def test_suspending_ends_the_persons_session_and_reinstating_lets_them_in(self, client, make_client, moderator):
        person, other = make_person(make_company("buyer"), name="Ada Byron"), make_client()
        sign_in(other, person)
        page = f"/admin/people/{person.id}"
        assert "Ada Byron" in client.get("/admin/people?q=byron").text
        assert client.get(page).status_code == 200
        assert client.post(f"{page}/suspend", data={"reason": "Shared a password"}).status_code == 302
        assert other.get("/account").status_code == 302
        assert "End the suspension" in client.get(page).text
        assert client.post(f"{page}/reinstate", data={"reason": "Settled"}).status_code == 302
        assert execute("SELECT suspended_at FROM people WHERE id = :id", id=person.id)[0].suspended_at is None

    def test_an_unknown_id_is_404(self, client, moderator):
        assert client.get("/admin/people/0190a000-0000-7000-8000-000000000000").status_code == 404


class TestAudit:
    @pytest.fixture
    def entries(self, moderator):
        company = make_company("buyer", "Orrinfield")
        actor = actor_for(make_person(company, name="Ines Carroway"), company)
        with tenancy.scope(actor.scope):
            audit.record(actor, "needs:requirement:publish", None, after={"title": "Evening <b>calls</b>"})
            audit.record(actor, "selection:bid:submit", None, after={"price": "canary-4711"}, sealed=True)
            for _ in range(51):
                audit.record(actor, "accounts:session:open", None)
            db.session.commit()
        return company

    def test_sealed_entries_are_never_shown(self, client, entries):
        for address in ("/admin/audit", "/admin/audit?tag=selection", f"/admin/audit?company={entries.id}"):
            page = client.get(address).text
            assert "canary-4711" not in page and "selection:bid:submit" not in page

    def test_filters_by_tag_and_person(self, client, entries):
        page = client.get("/admin/audit?tag=needs:&person=carroway").text
        assert "needs:requirement:publish" in page and "Evening &lt;b&gt;calls" in page
        assert "accounts:session:open" not in page
        assert "No entry fits" in client.get("/admin/audit?tag=%25").text

    def test_pages_by_key_keep_the_filter(self, client, entries):
        first = client.get("/admin/audit?tag=accounts").text
        assert first.count("accounts:session:open") == 50
        more = re.search(r'href="(/admin/audit\?[^"]*after=[^"]+)"', first).group(1).replace("&amp;", "&")
        assert "tag=accounts" in more
        assert client.get(more).text.count("accounts:session:open") == 1


class TestOperations:
    @pytest.fixture
    def mail_id(self, moderator, make_client):
        make_person(email="ada@example.test")
        make_client().post("/forgot", data={"email": "ada@example.test"})
        return execute("SELECT id FROM mails")[0].id

    def test_lists_jobs_and_mails_without_addresses_or_links(self, client, mail_id):
        page = client.get("/admin/operations").text
        assert "kit.deliver_mail" in page and "Set a new password" in page
        assert "ada@example.test" not in page and "/reset/" not in page

    def test_outside_production_a_mail_can_be_followed(self, client, mail_id):
        page = client.get(f"/admin/operations/mails/{mail_id}").text
        assert "ada@example.test" in page
        link = re.search(r'href="http://localhost(/reset/[^"]+)"', page).group(1)
        assert client.get(link).status_code == 200

    def test_in_production_no_mail_can_be_read(self, app, client, mail_id, monkeypatch):
        monkeypatch.setitem(app.config, "PORTAL", replace(app.config["PORTAL"], env="production"))
        assert client.get(f"/admin/operations/mails/{mail_id}").status_code == 404
        assert f"mails/{mail_id}" not in client.get("/admin/operations").text

    def test_only_staff_for_operations_read_mails(self, make_client, mail_id):
        client = make_client()
        sign_in(client, make_staff("finance"))
        assert client.get(f"/admin/operations/mails/{mail_id}").status_code == 403


class TestWhatASuspendedCompanyReads:
    def test_the_reason_among_its_notices_and_a_line_on_every_page(self, client, make_client, moderator):
        company = make_company("buyer", "Orrinfield")
        other = make_client()
        sign_in(other, make_person(company, "viewer"))
        page = f"/admin/companies/{company.id}"
        client.post(f"{page}/suspend", data={"reason": "The address is not yours."})
        assert "Orrinfield is suspended: The address is not yours." in other.get("/notifications").text
        assert "Nothing new can begin" in other.get("/account/team").text
        client.post(f"{page}/reinstate", data={"reason": "It is."})
        assert "Orrinfield is open again: It is." in other.get("/notifications").text
        assert "The reason is among your notices" not in other.get("/account/team").text
