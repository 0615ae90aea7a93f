"""The text of an agreement reads as its reader would say it."""

import pytest

from portal.agreements import wording
from portal.billing.tax import shown_tax
from tests.factories import agreements
from tests.factories.needs import in_scope

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def texts() -> dict[str, str]:
    deal = agreements.make_drafted()
    deal.agreement.terms["targets"] = [
        {"channel": "phone", "metric": "SL", "seconds": 20, "value": "80", "minimum": "75"},
        {"channel": "phone", "metric": "ASA", "seconds": None, "value": "90", "minimum": "120"},
        {"channel": "email", "metric": "FRT", "seconds": 14_400, "value": "92.5", "minimum": None},
    ]
    return in_scope(deal.buyer, lambda: wording.in_all_languages(deal.agreement, "", "en"))


def test_targets_name_their_units_and_times_in_the_largest_whole_one(texts):
    for sentence in (
        "Service level within 20 seconds, target 80 %, minimum 75 %.",
        "target 90 seconds, minimum 2 minutes.",
        "First response time within 4 hours, target 92.5 %, minimum –.",
    ):
        assert sentence in texts["en"]
    assert "20秒" in texts["zh_Hans"].replace(" ", "") and "4小時" in texts["zh_Hant"].replace(" ", "")


def test_lists_are_written_as_each_language_separates_them(texts):
    assert "Channels: Phone, Phone, E-mail." in texts["en"]
    assert "電話、電話、電子郵件" in texts["zh_Hant"]


def test_a_tax_of_a_country_keeps_its_own_name_and_the_portals_words_are_translated():
    assert shown_tax("營業稅") == "營業稅"
    assert shown_tax("reverse charge") == "Reverse charge"
