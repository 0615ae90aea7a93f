"""Which tax an invoice line carries: the seller's standard rate at home, the reverse charge across a border.

The rates are the standard rates of value-added or sales tax as published by each country's tax authority; a country
that is missing here is charged none and says so on the line. Special rates and exemptions are for an adviser.
"""

from flask_babel import lazy_gettext as _l

from portal.pricing.values import TaxRate

# Basis points. One standard rate per country; reduced rates do not apply to customer service.
STANDARD_BPS = {
    "AT": 2000,
    "AU": 1000,
    "BE": 2100,
    "BG": 2000,
    "CH": 810,
    "CN": 600,
    "CZ": 2100,
    "DE": 1900,
    "DK": 2500,
    "ES": 2100,
    "FI": 2550,
    "FR": 2000,
    "GB": 2000,
    "IE": 2300,
    "IN": 1800,
    "IT": 2200,
    "JP": 1000,
    "KR": 1000,
    "MY": 800,
    "NL": 2100,
    "NZ": 1500,
    "PH": 1200,
    "PL": 2300,
    "PT": 2300,
    "RO": 2100,
    "SE": 2500,
    "SG": 900,
    "TH": 700,
    "TW": 500,
    "VN": 1000,
    "ZA": 1500,
}
NAMES = {"TW": "營業稅", "SG": "GST", "AU": "GST", "NZ": "GST", "IN": "GST", "JP": "消費税", "MY": "SST"}
REVERSE_CHARGE = TaxRate("reverse charge", 0)
NO_TAX = TaxRate("no tax", 0)
# Terms and lines keep the name as it was signed; these two are plain words and are read in the reader's language.
_WORDS = {REVERSE_CHARGE.name: _l("Reverse charge"), NO_TAX.name: _l("No tax")}


def shown_tax(name: str) -> str:
    """The name of a tax as its reader reads it; the names that laws give to taxes stay as they are."""
    return str(_WORDS.get(name, name))


def tax_between(seller_country: str, buyer_country: str) -> TaxRate:
    """The tax on services sold from one country (ISO 3166-1 alpha-2) to another."""
    if seller_country != buyer_country:
        return REVERSE_CHARGE
    bps = STANDARD_BPS.get(seller_country)
    return NO_TAX if bps is None else TaxRate(NAMES.get(seller_country, "VAT"), bps)
