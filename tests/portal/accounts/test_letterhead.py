"""Letterheads hold what the public does not see: legal name, tax number, address, billing address."""

import pytest

from portal.accounts.queries import letterheads
from portal.kit import tenancy
from portal.kit.errors import NotFound
from tests.factories import agreements, billing, selection
from tests.factories.accounts import make_company, make_staff


def is_shown(scope: tenancy.Scope, company_id) -> bool:
    with tenancy.scope(scope):
        try:
            return letterheads(company_id)[0].company_id == company_id
        except NotFound:
            return False


class TestLetterhead:
    def test_of_a_stranger_is_not_shown(self, app):
        ours, theirs = make_company("buyer"), make_company("vendor")
        assert not is_shown(tenancy.member(ours.id), theirs.id)
        assert not is_shown(tenancy.PUBLIC, theirs.id)

    def test_of_ones_own_company_is_shown_and_staff_see_all(self, app):
        ours = make_company("buyer")
        assert is_shown(tenancy.member(ours.id), ours.id)
        assert is_shown(tenancy.staff(make_staff("support").id), ours.id)

    def test_is_not_shown_for_having_bid_and_been_compared(self, app):
        cast, (best, _other) = selection.make_evaluated()
        winner, loser = cast.vendors
        selection.award(cast.buyer, cast.requirement, best)
        for vendor in (winner, loser):
            assert not is_shown(cast.buyer.scope, vendor.company_id)
            assert not is_shown(vendor.scope, cast.buyer.company_id)

    def test_is_shown_to_both_sides_of_an_agreement_and_not_to_who_lost(self, app):
        deal = agreements.make_drafted()
        assert is_shown(deal.buyer.scope, deal.vendor.company_id)
        assert is_shown(deal.vendor.scope, deal.buyer.company_id)
        assert not is_shown(deal.loser.scope, deal.buyer.company_id)
        assert not is_shown(deal.buyer.scope, deal.loser.company_id)
        assert not is_shown(deal.loser.scope, deal.vendor.company_id)

    @pytest.mark.parametrize("asker", ["buyer", "vendor"])
    def test_is_shown_to_both_sides_of_an_invoice(self, app, asker):
        sides = {"buyer": make_company("buyer"), "vendor": make_company("vendor")}
        billing.make_invoice(billing.make_schedule(sides["buyer"], sides["vendor"]), sides["vendor"])
        other = "vendor" if asker == "buyer" else "buyer"
        assert is_shown(tenancy.member(sides[asker].id), sides[other].id)
