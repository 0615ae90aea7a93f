"""The numbers of a self-assessment: what a company knows of its service before, or beside, a requirement."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.measures.words import Channel, Mode
from portal.needs.outside_price import month_scenario
from portal.pricing.one_time import MOST, Drivers
from portal.pricing.values import Scenario

USUAL_TERM, USUAL_SYSTEMS = 12, 2
AMOUNTS = ("own_month", "retained_month")
BOUNDS: Mapping[str, tuple[int, int, int, Any]] = {
    "agents": (0, MOST["agents"], 1, _l("Write full-time people from 0 to 10,000.")),
    "contacts": (0, 10**8, 0, _l("Write a whole number from 0 to 100,000,000.")),
    "aht_s": (1, 7200, 0, _l("Write seconds from 1 to 7,200.")),
    "languages": (1, MOST["languages"], 0, _l("Write a whole number from 1 to 50.")),
    "channels": (1, MOST["channels"], 0, _l("Write a whole number from 1 to 4.")),
    "systems": (0, MOST["integrations"], 0, _l("Write a whole number from 0 to 100.")),
    "term_months": (1, 120, 0, _l("Write months from 1 to 120.")),
}
"""Least, most and decimals of each number, and what to do about one that is none of these."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What is known; None is not. Amounts are minor units of `currency` a month.

    :ivar agents: full-time; `contacts` a month, of `aht_s` seconds each, on `channel` for the most part
    :ivar own_month: what the service costs the company today
    :ivar retained_month: what it would still pay itself after outsourcing, such as people who steer the vendor
    """

    currency: str
    mode: Mode = Mode.FULL
    channel: Channel = Channel.PHONE
    agents: Decimal | None = None
    contacts: Decimal | None = None
    aht_s: Decimal | None = None
    languages: Decimal | None = None
    channels: Decimal | None = None
    systems: Decimal | None = None
    term_months: Decimal | None = None
    own_month: int | None = None
    retained_month: int | None = None

    @classmethod
    def from_document(cls, document: Mapping[str, Any], currency: str) -> "Figures":
        """Read what `as_document` wrote; `currency` is taken where it says none."""
        given: dict[str, Any] = {name: Decimal(document[name]) for name in BOUNDS if name in document}
        given |= {name: int(document[name]) for name in AMOUNTS if name in document}
        return cls(
            currency=document.get("currency", currency),
            mode=Mode(document.get("mode", Mode.FULL)),
            channel=Channel(document.get("channel", Channel.PHONE)),
            **given,
        )

    def as_document(self) -> dict[str, Any]:
        """As plain JSON: decimal text, minor units, and only what is known."""
        known = {one.name: getattr(self, one.name) for one in fields(self)}
        return {name: _plain(value) for name, value in known.items() if value is not None}

    @property
    def months(self) -> int:
        """The term that is looked at."""
        return int(self.term_months or USUAL_TERM)

    @property
    def drivers(self) -> Drivers | None:
        """What the one-time cost is estimated from; None while the number of people is not known."""
        if not self.agents:
            return None
        return Drivers(
            agents=int(-(-self.agents // 1)),
            mode=self.mode,
            integrations=USUAL_SYSTEMS if self.systems is None else int(self.systems),
            languages=int(self.languages or 1),
            channels=int(self.channels or 1),
        )

    @property
    def scenario(self) -> Scenario | None:
        """The service as one average month; None while contacts, their length or people are not known."""
        if not self.contacts or not self.aht_s or not self.agents:
            return None
        return month_scenario(self.contacts, self.aht_s, self.agents, channel=self.channel, months=self.months)


def _plain(value: Any) -> Any:
    return format(value, "f") if isinstance(value, Decimal) else value if isinstance(value, int) else str(value)
