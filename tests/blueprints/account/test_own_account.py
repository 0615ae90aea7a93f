"""One's own account, team page and company details, through the pages."""

import pytest

from portal.accounts.permissions import ROLES, Permission, Role
from tests.factories.accounts import PASSWORD, execute, make_company, make_person, make_staff, sign_in

DETAILS = {
    "legal_name": "Orrinfield Trading Limited",
    "registration_no": "0123",
    "vat_id": "GB123",
    "address": "1 Quay Street\nBristol",
    "billing_email": "bills@example.test",
    "iban": "GB82 WEST 1234 5698 7654 32",
    "version": 1,
}


@pytest.fixture
def company(app):
    return make_company("buyer", "Orrinfield")


class TestAccount:
    def test_every_page_opens_for_everybody_who_has_signed_in(self, make_client, company):
        for person in (make_person(company, "viewer"), make_staff(), make_person()):
            client = make_client()
            sign_in(client, person)
            for page in ("", "/password", "/sessions", "/companies", "/companies/new"):
                assert client.get(f"/account{page}").status_code == 200, page

    def test_saves_name_language_and_zone_but_nothing_else(self, client, company):
        person = make_person(company, "viewer")
        sign_in(client, person)
        form = {"name": " Ada  Byron\u202e ", "locale": "zh_Hant", "timezone": "Asia/Taipei", "version": 1}
        answer = client.post("/account", data={**form, "email": "eve@example.test", "role": "owner"})
        assert answer.status_code == 302
        (row,) = execute("SELECT name, locale, timezone, email FROM people WHERE id = :id", id=person.id)
        assert tuple(row) == ("Ada Byron", "zh_Hant", "Asia/Taipei", person.email)
        assert execute("SELECT by_mail FROM notification_preferences")[0].by_mail is False
        assert execute("SELECT role FROM memberships")[0].role == "viewer"
        assert 'lang="zh-Hant' in client.get("/account").text

    def test_the_second_of_two_tabs_gets_both_texts(self, client, company):
        sign_in(client, make_person(company))
        form = {"locale": "en", "timezone": "UTC", "version": 1}
        assert client.post("/account", data={**form, "name": "First"}).status_code == 302
        answer = client.post("/account", data={**form, "name": "Second"})
        assert answer.status_code == 409
        assert "First" in answer.text and "Second" in answer.text

    def test_a_new_password_ends_the_other_browser(self, client, make_client, company):
        person, other = make_person(company), make_client()
        sign_in(client, person)
        sign_in(other, person)
        form = {"current": PASSWORD, "new": "another long sentence 9"}
        assert client.post("/account/password", data={**form, "current": "wrong"}).status_code == 400
        assert client.post("/account/password", data=form).status_code == 302
        assert client.get("/account").status_code == 200
        assert other.get("/account").status_code == 302

    def test_signs_out_elsewhere(self, client, make_client, company):
        person, other = make_person(company), make_client()
        sign_in(client, person)
        sign_in(other, person)
        assert client.post("/account/sessions/end", data={"digest": "made up"}).status_code == 404
        assert client.post("/account/sessions/end").status_code == 302
        assert other.get("/account").status_code == 302
        assert client.get("/account").status_code == 200

    def test_adds_a_company_and_leaves_the_first(self, client, company):
        person = make_person(company)
        make_person(company)
        sign_in(client, person)
        form = {"kind": "vendor", "company": "Second", "country": "TW", "timezone": "Asia/Taipei", "currency": "TWD"}
        assert client.post("/account/companies/new", data={**form, "submission_id": "a"}).status_code == 302
        assert client.post("/account/companies/new", data={**form, "submission_id": "a"}).status_code == 303
        assert len(execute("SELECT 1 FROM companies")) == 2
        assert client.get("/vendor").status_code == 200
        assert execute("SELECT state FROM companies WHERE name = 'Second'")[0].state == "open"
        client.post("/account/switch", data={"company_id": company.id})
        assert client.post("/account/leave").status_code == 302
        assert client.get("/vendor").status_code == 200
        assert "Orrinfield" not in client.get("/account/companies").text.partition("<main")[2].partition("toast")[0]

    def test_the_last_owner_cannot_leave(self, client, company):
        sign_in(client, make_person(company))
        assert client.post("/account/leave").status_code == 409
        assert len(execute("SELECT 1 FROM memberships")) == 1


class TestTeam:
    def test_shows_the_table_of_roles_as_it_stands(self, client, company):
        sign_in(client, make_person(company, "viewer"))
        page = client.get("/account/team").text
        assert "Sign agreements" in page
        assert "Edit the vendor profile" not in page, "a vendor's acts are not a buyer's"
        assert "Invite somebody" not in page

    @pytest.mark.parametrize("role", [role for role in Role if Permission.TEAM_MANAGE not in ROLES[role]])
    def test_only_owners_change_the_team(self, client, company, role):
        owner = make_person(company)
        sign_in(client, make_person(company, role))
        (row,) = execute("SELECT id FROM memberships WHERE person_id = :id", id=owner.id)
        invite = {"email": "x@example.test", "role": "owner", "language": "en"}
        assert client.post("/account/team", data=invite).status_code == 403
        assert client.post(f"/account/team/{row.id}/role", data={"role": "viewer", "version": 1}).status_code == 403
        assert client.post(f"/account/team/{row.id}/remove").status_code == 403
        assert execute("SELECT 1 FROM invitations") == []

    def test_another_companys_members_do_not_exist(self, client, company):
        sign_in(client, make_person(make_company("buyer")))
        foreign = make_person(company)
        (row,) = execute("SELECT id FROM memberships WHERE person_id = :id", id=foreign.id)
        assert client.post(f"/account/team/{row.id}/role", data={"role": "viewer", "version": 1}).status_code == 404
        assert client.post(f"/account/team/{row.id}/remove").status_code == 404
        assert foreign.email not in client.get("/account/team").text

    def test_a_role_changes_at_the_next_page(self, client, make_client, company):
        sign_in(client, make_person(company))
        manager, other = make_person(company, "manager"), make_client()
        sign_in(other, manager)
        (row,) = execute("SELECT id FROM memberships WHERE person_id = :id", id=manager.id)
        assert client.post(f"/account/team/{row.id}/role", data={"role": "king", "version": 1}).status_code == 409
        assert client.post(f"/account/team/{row.id}/role", data={"role": "owner", "version": 1}).status_code == 302
        assert "Invite somebody" in other.get("/account/team").text
        assert client.post(f"/account/team/{row.id}/role", data={"role": "viewer", "version": 1}).status_code == 409
        assert client.post(f"/account/team/{row.id}/remove").status_code == 302
        assert other.get("/account/team").status_code == 403

    def test_an_invitation_is_listed_until_it_is_taken_back(self, client, company):
        sign_in(client, make_person(company))
        invite = {"email": "x@example.test", "role": "member", "language": "zh_Hans"}
        assert client.post("/account/team", data=invite).status_code == 302
        assert "x@example.test" in client.get("/account/team").text
        (row,) = execute("SELECT id FROM invitations")
        assert client.post(f"/account/team/invitations/{row.id}/revoke").status_code == 302
        assert "Nobody is invited" in client.get("/account/team").text


class TestCompanyDetails:
    @pytest.mark.parametrize("role", [role for role in Role if Permission.COMPANY_EDIT not in ROLES[role]])
    def test_only_owners_change_them(self, client, company, role):
        sign_in(client, make_person(company, role))
        assert client.get("/account/company").status_code == 200
        assert client.post("/account/company", data=DETAILS).status_code == 403
        assert execute("SELECT vat_id FROM company_details")[0].vat_id == ""

    def test_a_mistyped_account_number_is_named_at_its_field(self, client, company):
        sign_in(client, make_person(company))
        answer = client.post("/account/company", data={**DETAILS, "iban": "GB82 WEST 1234 5698 7654 33"})
        assert answer.status_code == 400
        assert "This is not an IBAN" in answer.text and "0123" in answer.text

    def test_saves_for_the_own_company_only_and_refuses_the_second_editor(self, client, company):
        other = make_company("buyer", "Other")
        sign_in(client, make_person(company))
        assert client.post("/account/company", data={**DETAILS, "company_id": str(other.id)}).status_code == 302
        saved = {row.company_id: row for row in execute("SELECT * FROM company_details")}
        assert saved[company.id].legal_name == "Orrinfield Trading Limited"
        assert saved[other.id].legal_name == "Other Ltd"
        answer = client.post("/account/company", data={**DETAILS, "legal_name": "Mine"})
        assert answer.status_code == 409
        assert "Mine" in answer.text and "Orrinfield Trading Limited" in answer.text


class TestCompanyName:
    def test_an_owner_changes_it_and_others_are_refused(self, make_client, company):
        owner, manager = make_client(), make_client()
        sign_in(owner, make_person(company))
        sign_in(manager, make_person(company, "manager"))
        assert manager.get("/account/company/name").status_code == 403
        assert "/account/company/name" in owner.get("/account/company").text
        assert owner.post("/account/company/name", data={"name": " ", "version": "1"}).status_code == 400
        assert (
            owner.post("/account/company/name", data={"name": "Orrin & Daughters", "version": "1"}).status_code == 302
        )
        assert "Orrin &amp; Daughters" in owner.get("/account/company").text
