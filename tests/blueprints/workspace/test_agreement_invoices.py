"""What an agreement costs, over HTTP, on an agreement that went live by the real verbs."""

from datetime import timedelta

import pytest

from portal.billing.monthly import run_until
from portal.kit import clock, tenancy
from tests.factories import agreements
from tests.factories.accounts import MadeCompany, MadePerson, execute, make_company, make_person, sign_in


def sign_in_as(client, actor):
    """A browser of the person an actor stands for."""
    person = MadePerson(actor.person_id, actor.person_name, actor.email, actor.locale, actor.timezone)
    company = MadeCompany(actor.company_id, actor.company_kind, actor.company_name, "", "GB", "UTC", "GBP")
    sign_in(client, person, company)
    return client


@pytest.fixture
def live(app):
    return agreements.make_live()


def two_months_on():
    with tenancy.scope(tenancy.PUBLIC):
        return clock.now() + timedelta(days=70)


class TestAgreementInvoices:
    def test_an_outsider_does_not_find_it(self, live, make_client):
        client = make_client()
        sign_in(client, make_person(make_company("buyer")))
        assert client.get(f"/agreements/{live.agreement.id}/invoices").status_code == 404

    def test_before_anything_was_charged_it_says_what_comes_next(self, app, make_client):
        deal = agreements.make_signed()
        page = sign_in_as(make_client(), deal.buyer).get(f"/agreements/{deal.agreement.id}/invoices")
        assert page.status_code == 200 and "Monthly fees begin with go-live" in page.text

    def test_after_two_months_it_shows_each_months_cost_and_the_invoices(self, live, make_client):
        run_until(two_months_on())
        address = f"/agreements/{live.agreement.id}/invoices"
        vendor = sign_in_as(make_client(), live.vendor)
        page = vendor.get(address)
        assert page.status_code == 200
        assert page.text.count("Draft</a>") >= 2 and "Operating" in page.text
        assert execute("SELECT count(DISTINCT period_start) AS n FROM charges WHERE fee_class = 'operating'")[0].n == 2
        assert "No invoice yet" in sign_in_as(make_client(), live.buyer).get(address).text

    def test_the_vendor_may_draft_what_is_open_at_once_and_only_the_vendor(self, live, make_client):
        run_until(two_months_on())
        address = f"/agreements/{live.agreement.id}/invoices"
        order = agreements.propose(live)
        agreements.accept_change(live.buyer, live, order)
        assert sign_in_as(make_client(), live.buyer).post(address).status_code == 403
        vendor = sign_in_as(make_client(), live.vendor)
        assert "Not invoiced yet" in vendor.get(address).text
        drafted = vendor.post(address, follow_redirects=True)
        assert "Staff the launch weekend" in drafted.text and "Extra and one-time work was approved" in drafted.text
        assert vendor.post(address).status_code == 409
