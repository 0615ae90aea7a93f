"""Two vendors' published prices side by side, as a stranger sees them."""

import pytest

from tests.factories.catalog import make_live_service, make_vendor
from tests.factories.pricing import make_exchange_rates

VOLUME = {"phone": "1000", "term": "12"}


def vendor(name, operating, currency="GBP"):
    made = make_vendor(name)
    make_live_service(made, card={"currency": currency, "operating": [operating]})
    return made.company.slug


def by_contact(name="Per Contact", currency="GBP", rate="1"):
    return vendor(name, {"code": "CALL", "unit": "contact", "rate": rate}, currency)


def by_month(name="Flat Month", currency="GBP"):
    return vendor(name, {"code": "MONTH", "unit": "month", "rate": "1500"}, currency)


def compared(client, slug, **query):
    return client.get(f"/vendors/{slug}/compare-prices", query_string=VOLUME | query)


class TestComparePrices:
    def test_a_vendor_that_is_not_listed_is_not_found(self, client):
        assert compared(client, "nobody").status_code == 404

    @pytest.mark.parametrize("other", ["{slug}", "flat month", "https://portal.test/vendors/{slug}/"])
    def test_the_other_one_is_found_by_address_and_name_and_the_turn_is_told(self, client, other):
        slug, flat = by_contact(), by_month()
        page = compared(client, slug, other=other.format(slug=flat)).text
        assert "Below about 1,500 contacts a month Per Contact costs less, above it Flat Month does." in page
        assert page.count(">Lowest<") == 6  # at × 1.5 both cost the same

    def test_who_is_always_cheaper_is_said(self, client):
        slug, _ = by_contact(), by_contact("Dearer", rate="1.2")
        assert "Per Contact costs less at every volume" in compared(client, slug, other="Dearer").text

    @pytest.mark.parametrize(("other", "sentence"), [("nobody", "has this name"), ("Per Contact", "another vendor")])
    def test_a_wrong_name_is_refused_at_the_field(self, client, other, sentence):
        page = compared(client, by_contact(), other=other).text
        assert 'id="other-error"' in page
        assert sentence in page

    def test_what_one_of_them_does_not_price_is_named_and_nobody_is_called_lowest(self, client):
        slug = by_contact()
        only_mail = {"code": "MAIL", "unit": "contact", "rate": "1", "filter": {"channel": ["email"]}}
        vendor("Mail Only", only_mail)
        page = compared(client, slug, other="Mail Only").text
        assert "Mail Only leaves out: Phone." in page
        assert ">Lowest<" not in page

    def test_another_currency_is_converted_by_the_newest_rate_or_refused(self, client):
        slug, _ = by_contact(), by_month(currency="TWD")
        assert "No exchange rate from TWD to GBP is known." in compared(client, slug, other="Flat Month").text
        make_exchange_rates(GBP="1", TWD="40")
        page = compared(client, slug, other="Flat Month").text
        assert "1 TWD = 0.0250 GBP" in page
        assert "Below about 38 contacts" not in page  # below a tenth of what is typed nobody looks
        assert "Flat Month costs less at every volume" in page
