"""The whole demo in its order: a year of the portal, told from eleven months ago until today."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from dateutil.relativedelta import relativedelta

from portal.accounts.actor import Actor
from portal.demo import cast, crowd, kept, openings, profiles, requirements, selections
from portal.demo.crowd_asia import ASIA
from portal.demo.crowd_buyers import CROWD_BUYERS, claims_line, home_shop, travel_desk
from portal.demo.crowd_west import WEST
from portal.demo.engagements import Engagement, implement, serve
from portal.demo.rate_cards import card
from portal.demo.selections import Offered
from portal.demo.services import OFFERS
from portal.demo.stage import go_to, now
from portal.kit import clock

Say = Callable[[str], None]
MONTHS_BACK = 11
# Evaluation of the newest requirement begins so long ago; service is told until then.
BEFORE_TODAY = 17


def load(seed: int, say: Say) -> None:
    """Play the demo from its first day to today, by the real actions; the same seed gives the same figures."""
    today = datetime.now(UTC)
    clock.move_to((today - relativedelta(months=MONTHS_BACK)).replace(day=2, hour=9, minute=0, second=0))
    chance = random.Random(seed)
    say("Companies sign up …")
    staff = openings.appoint_staff()
    actors: dict[str, Actor] = {}
    for troupe in (*cast.BUYERS, *cast.VENDORS):
        actors |= openings.found_company(troupe)
    crowd.publish_rates(staff[1])
    say("Vendors publish, staff approve …")
    for offer in OFFERS:
        vendor = actors[offer.vendor.owner.email]
        openings.publish(offer, vendor, staff[0])
        profiles.complete(offer.vendor, vendor, staff[0], today.date())
    actors |= crowd.open_market((*WEST, *ASIA), CROWD_BUYERS, staff[0], today.date())
    say("Two requirements are awarded and signed …")
    engagements = [_retail(actors, staff, chance), _outdoor(actors, staff, chance)]
    say("Training, go-live, and the months of service …")
    implement(engagements)
    serve(engagements, until=today - timedelta(days=BEFORE_TODAY))
    say("Requirements in other stages …")
    _others(actors, staff, today)
    clock.reset()


def _retail(actors: dict[str, Actor], staff: list[Actor], chance: random.Random) -> Engagement:
    """Full outsourcing in pounds: Orrinfield Home and Kestrelway Contact."""
    buyer, vendor = actors["buyer@demo.test"], actors["vendor@demo.test"]
    offers = [
        Offered(vendor, card("GBP"), (5, 4, 4, 4, 4)),
        Offered(actors["vellaro@demo.test"], card("GBP", level="0.97"), (4, 4, 4, 4, 3)),
        Offered(actors["ostermere@demo.test"], card("GBP", model="fte", level="1.1"), (4, 3, 4, 5, 5)),
    ]
    return _awarded(
        buyer, offers, requirements.order_support(now()), staff, chance, "Calls are recorded with consent only."
    )


def _outdoor(actors: dict[str, Actor], staff: list[Actor], chance: random.Random) -> Engagement:
    """Partial outsourcing in Taiwan dollars: Haoyu Outdoor and Linghe Service."""
    buyer, vendor = actors["haoyu@demo.test"], actors["vendor2@demo.test"]
    offers = [
        Offered(vendor, card("TWD", "41", "contact"), (4, 4, 5, 4, 4)),
        Offered(actors["huayin@demo.test"], card("TWD", "41", "contact", "0.9"), (3, 3, 3, 3, 3)),
    ]
    return _awarded(buyer, offers, requirements.product_support(now()), staff, chance, "夜間服務不得另收加成費用。")


def _awarded(
    buyer: Actor,
    offers: list[Offered],
    answers: requirements.Answers,
    staff: list[Actor],
    chance: random.Random,
    special_terms: str,
) -> Engagement:
    """Publish, bid, open, score, award to the first offer, sign."""
    requirement_id = selections.publish(buyer, answers)
    go_to(now() + timedelta(days=5))
    scored = {selections.bid(requirement_id, offered): offered for offered in offers}
    selections.close_and_open(buyer, requirement_id)
    selections.score(buyer, requirement_id, scored)
    winner = next(iter(scored))
    agreement_id = selections.award(buyer, requirement_id, winner, offers[0].vendor)
    selections.sign(agreement_id, (buyer, offers[0].vendor), special_terms)
    return Engagement(agreement_id, buyer, offers[0].vendor, (staff[0], staff[1]), chance)


def _others(actors: dict[str, Actor], staff: list[Actor], today: datetime) -> None:
    """One requirement in evaluation, four open for bids, one being written."""
    go_to(today - timedelta(days=BEFORE_TODAY - 1))
    buyer = actors["buyer@demo.test"]
    peak = selections.publish(buyer, requirements.winter_peak(now()))
    offers = [
        Offered(actors["vendor@demo.test"], card("GBP", level="1.03"), (4, 4, 4, 4, 4), "KC-118"),
        Offered(actors["ostermere@demo.test"], card("GBP", model="fte", level="1.05"), (4, 3, 4, 5, 4), "OX-77"),
        Offered(actors["vellaro@demo.test"], card("GBP", model="contact", level="0.98"), (3, 4, 4, 3, 3), "VA-9"),
    ]
    scored = {selections.bid(peak, offered): offered for offered in offers}
    selections.close_and_open(buyer, peak)
    selections.score(buyer, peak, scored)
    brightfen = actors["brightfen@demo.test"]
    meters = selections.publish(brightfen, requirements.meter_questions(now()))
    selections.bid(meters, Offered(actors["nordsvar@demo.test"], card("EUR", "1.18", "fte", "1.2"), reference="NS-4"))
    selections.bid(meters, Offered(actors["vendor@demo.test"], card("EUR", "1.18"), reference="KC-121"), submit=False)
    selections.write(actors["covepost@demo.test"], requirements.unfinished(now()))
    for email, asked in (("pellarin", travel_desk), ("qingteng", home_shop), ("marlowe", claims_line)):
        selections.publish(actors[f"{email}@demo.test"], asked(now()))
    crowd.publish_rates(staff[1])
    profiles.plan_ahead(actors["vendor@demo.test"], today.date())
    notes = {"vendor@demo.test": "Knows our catalogue by now.", "nordsvar@demo.test": "Ask for German at weekends."}
    kept.keep(buyer, {actors[email]: note for email, note in notes.items()})
