"""The crowd of the demo's market: varied, distinct, and written so that the real actions take it."""

from portal.demo.cast import BUYERS, VENDORS
from portal.demo.crowd_asia import ASIA
from portal.demo.crowd_buyers import CROWD_BUYERS
from portal.demo.crowd_cards import MODELS
from portal.demo.crowd_west import WEST
from portal.measures.words import Channel, Industry, Mode
from portal.pricing.documents import rate_card_from_document
from portal.pricing.fees import unanswered, waive_the_rest

STALLS = (*WEST, *ASIA)


class TestCrowd:
    def test_there_are_forty_vendors_and_twelve_buyers_all_with_names_and_addresses_of_their_own(self):
        vendors = (*VENDORS, *(stall.troupe for stall in STALLS))
        buyers = (*BUYERS, *CROWD_BUYERS)
        assert (len(vendors), len(buyers)) == (40, 12)
        everybody = (*vendors, *buyers)
        assert len({troupe.name for troupe in everybody}) == len(everybody)
        assert len({troupe.owner.email for troupe in everybody}) == len(everybody)

    def test_the_market_has_every_channel_industry_mode_way_to_charge_and_many_currencies(self):
        assert {channel for stall in STALLS for channel in stall.channels.split()} == set(Channel)
        assert {one for stall in STALLS for one in stall.industries.split()} == set(Industry)
        assert {mode for stall in STALLS for mode in stall.modes.split()} == set(Mode)
        assert {stall.deal[0] for stall in STALLS} == set(MODELS)
        assert {"EUR", "GBP", "USD", "TWD", "CNY"} < {stall.place[3] for stall in STALLS}

    def test_every_card_can_be_read_and_published(self):
        for stall in STALLS:
            card = waive_the_rest(rate_card_from_document(stall.offer.document))
            assert card.operating, stall.key
            assert not unanswered(card), stall.key

    def test_certificates_are_in_every_stage_of_checking(self):
        states = {paper.state for stall in STALLS for paper in stall.more.papers}
        assert states == {"verified", "uploaded", "self_declared"}
