"""The stage bar of a requirement goes on with what came of it, for its two parties alone."""

from portal.selection import queries
from tests.factories.agreements import make_drafted, make_signed
from tests.factories.needs import in_scope
from tests.factories.selection import sign_in_as


def bid_pages(deal, actor):
    return in_scope(actor, lambda: [f"/vendor/bids/{line.bid.id}" for line in queries.bids_of(actor)])


class TestAfterTheAward:
    def test_the_loser_sees_neither_agreement_nor_its_stage(self, app, client):
        deal = make_signed()
        loser = sign_in_as(client, deal.loser)
        for path in bid_pages(deal, deal.loser):
            page = loser.get(path).text
            assert "See the agreement" not in page and "Now · until go-live" not in page

    def test_an_unsigned_agreement_is_to_be_signed(self, app, client):
        deal = make_drafted()
        page = sign_in_as(client, deal.buyer).get(f"/buyer/requirements/{deal.agreement.requirement_id}").text
        assert "Now · the agreement is to be signed" in page and f'href="/agreements/{deal.agreement.id}"' in page

    def test_a_signed_one_tells_both_parties_how_far_it_is(self, app, make_client):
        deal = make_signed()
        buyer, vendor = (sign_in_as(make_client(), actor) for actor in deal.sides)
        here = deal.agreement.requirement_id
        pages = [buyer.get(f"/buyer/requirements/{here}"), buyer.get(f"/buyer/evaluations/{here}")]
        pages += [vendor.get(path) for path in bid_pages(deal, deal.vendor)]
        for page in pages:
            assert "Now · until go-live" in page.text and f'href="/agreements/{deal.agreement.id}"' in page.text
        assert "Both sides have signed the agreement." in pages[-1].text
