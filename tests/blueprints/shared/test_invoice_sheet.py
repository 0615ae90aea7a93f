"""How the lines of an invoice are written."""

from decimal import Decimal

from blueprints.shared.invoice_sheet import rate_of, tax_name, unit_of
from portal.billing.models import InvoiceLine
from portal.billing.tax import REVERSE_CHARGE


class TestLines:
    def test_a_plain_rate_is_an_amount_for_one_unit(self, app):
        line = InvoiceLine(unit="month", unit_rate=Decimal("1150"))
        assert (unit_of(line, "GBP"), rate_of(line)) == ("month", "1,150.00")

    def test_a_surcharge_is_a_percentage_of_an_amount_of_money(self, app):
        line = InvoiceLine(unit="percent", unit_rate=Decimal("0.12"))
        assert (unit_of(line, "GBP"), rate_of(line)) == ("GBP", "12.00\u00a0%")


class TestTaxes:
    def test_the_reverse_charge_has_a_name_but_no_rate(self, app):
        assert tax_name({"name": REVERSE_CHARGE.name, "bps": 0}) == "Reverse charge"

    def test_a_tax_keeps_the_name_its_law_gives_it(self, app):
        assert tax_name({"name": "營業稅", "bps": 500}) == "營業稅 5.00\u00a0%"
