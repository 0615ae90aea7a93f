"""The crowd of the demo's market: vendors and buyers beside those of the story, founded and published by the actions.

They are there so that the directory, prices and estimates look like a market. Nobody of them has an engagement, so
nobody has a rating. All names are invented.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from portal.accounts.actor import Actor
from portal.demo import openings, profiles
from portal.demo.cast import Player, Troupe
from portal.demo.crowd_cards import PER_POUND, crowd_card
from portal.demo.profiles import More, Paper
from portal.demo.services import ALWAYS, LONG, OFFICE, Offer
from portal.demo.stage import act
from portal.kit import clock
from portal.pricing.exchange import import_rates

HOURS = {"office": OFFICE, "long": LONG, "always": ALWAYS}
MAKERS = ("Norvale Certification", "Halden Assessors", "Brantley Audit")
SCOPES = {
    "en": "Customer service by phone and in writing",
    "zh_Hant": "客戶服務中心之營運",
    "zh_Hans": "客户服务中心的运营",
}
"""What a certificate is for."""
RATES_SOURCE = "Demo rates (invented)"


@dataclass(frozen=True, slots=True)
class Stall:
    """A vendor in a few words. Lists are written with spaces: languages as ``en:C2``, papers as ``code:state:days``.

    `size` is the year founded, agents, free seats and hours of initial training; `deal` is how it charges and how
    dear it is.
    """

    key: str
    name: str
    place: tuple[str, str, str, str]
    owner: str
    legal: str
    address: str
    size: tuple[int, int, int, int]
    languages: str
    industries: str
    channels: str
    modes: str
    hours: str
    deal: tuple[str, str]
    headline: str
    about: str
    title: str
    summary: str
    papers: str = ""

    @property
    def troupe(self) -> Troupe:
        """The company with its owner."""
        country, _city, zone, currency = self.place
        player = Player(self.owner, f"{self.key}@demo.test", locale=_locale(country))
        return Troupe("vendor", self.name, country, zone, currency, (player,), self.legal, "", self.address)

    @property
    def offer(self) -> Offer:
        """Its profile and service, priced by its card."""
        country, city, zone, currency = self.place
        founded, agents, free, hours = self.size
        spoken = [dict(zip(("code", "level"), one.split(":"), strict=True)) for one in self.languages.split()]
        industries = self.industries.split()
        return Offer(
            self.troupe,
            profile={
                "headline": self.headline,
                "description": self.about,
                "founded": founded,
                "agents": agents,
                "seats_free": free,
                "sites": [{"city": city, "country": country, "timezone": zone, "seats": agents}],
                "languages": spoken,
                "industries": industries,
            },
            service={
                "title": self.title,
                "summary": self.summary,
                "description": self.about,
                "modes": self.modes.split(),
                "channels": self.channels.split(),
                "languages": spoken,
                "industries": industries,
                "countries": [],
                "hours": HOURS[self.hours],
                "timezone": zone,
                "minimum_agents": max(agents // 50, 2),
                "minimum_months": 1 if "temporary" in self.modes else 6,
                "lead_days": 14 + hours // 2,
            },
            card_name=f"{currency} 2026",
            document=crowd_card(currency, *self.deal, hours, _locale(country)),
        )

    @property
    def more(self) -> More:
        """What its profile holds beyond the offer."""
        _founded, agents, _free, hours = self.size
        facts = {
            "ownership": "family" if agents < 100 else "private",
            "employees": agents + agents // 5,
            "ramp_per_month": max(agents // 12, 2),
            "service_types": ["enquiry", "after_sales", "complaints"],
            "modes": self.modes.split(),
            "agent_models": ["shared"] if self.deal[0] in ("contact", "minute", "month") else ["dedicated"],
            "technology": ["api", "data_export"] + (["chatbot"] if "chat" in self.channels else []),
            "quality": {"samples": 4 + agents % 5, "rhythm": "monthly", "initial_hours": hours},
        }
        scope = SCOPES[_locale(self.place[0])]
        papers = tuple(_paper(one, number, scope) for number, one in enumerate(self.papers.split()))
        return More(facts, papers)


def open_market(stalls: Sequence[Stall], buyers: Sequence[Troupe], moderator: Actor, today: date) -> dict[str, Actor]:
    """Found the crowd's companies and publish what its vendors offer; gives the owners' actors by e-mail address."""
    actors: dict[str, Actor] = {}
    for troupe in (*buyers, *(stall.troupe for stall in stalls)):
        actors |= openings.found_company(troupe)
    for stall in stalls:
        openings.send_in(stall.offer, actors[stall.troupe.owner.email])
    openings.approve_all(moderator)
    for stall in stalls:
        profiles.complete(stall.troupe, actors[stall.troupe.owner.email], moderator, today, stall.more)
    return actors


def publish_rates(finance: Actor) -> None:
    """Exchange rates of today, so that prices in different currencies can be compared."""

    def take_in() -> None:
        day = clock.now().date().isoformat()
        lines = [f"{day},GBP,{code},{rate},{RATES_SOURCE}" for code, rate in PER_POUND.items() if code != "GBP"]
        import_rates(finance, "\n".join(["date,base,currency,rate,source", *lines]).encode())

    act(finance, take_in)


def _paper(written: str, number: int, scope: str) -> Paper:
    code, state, days = written.split(":")
    return Paper(code, MAKERS[(number + int(days)) % len(MAKERS)], int(days), state, scope)


def _locale(country: str) -> str:
    return {"TW": "zh_Hant", "HK": "zh_Hant", "CN": "zh_Hans"}.get(country, "en")
