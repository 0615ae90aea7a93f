"""“What would it cost me?”: the volumes somebody types, priced with a published rate card by the pricing engine."""

from decimal import Decimal
from typing import Any, ClassVar, NamedTuple

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import Form, IntegerField
from wtforms.validators import NumberRange, Optional

from portal.measures.words import CHANNEL_NAMES, Channel
from portal.pricing.results import TotalCost
from portal.pricing.total_cost import total_cost
from portal.pricing.values import RateCard, Scenario, ScenarioMonth, Unit, VolumeRow

LOW, HIGH = Decimal("0.8"), Decimal("1.2")
DEFAULT_HANDLE_S = {Channel.PHONE: 300, Channel.EMAIL: 420, Channel.CHAT: 540, Channel.SOCIAL: 300}
"""Average handle times that a first estimate starts from; only that of phone is asked for."""
STAFFED = frozenset({Unit.FTE_MONTH, Unit.SEAT_MONTH})
MAX_CONTACTS, MAX_TERM = 10_000_000, 60


class Estimate(NamedTuple):
    """A card priced over typed volumes: as typed, and with a fifth less and more of them."""

    low: TotalCost
    base: TotalCost
    high: TotalCost


def _count(label: Any, most: int, least: int = 0) -> IntegerField:
    return IntegerField(
        label,
        validators=[
            Optional(),
            NumberRange(least, most, message=_l("Write a whole number from %(min)s to %(max)s.")),
        ],
    )


class EstimateForm(Form):
    """What is asked for. Sent by GET, so that an estimate has an address; nothing of it is kept."""

    phone = _count(_l("Calls a month"), MAX_CONTACTS)
    email = _count(_l("E-mails a month"), MAX_CONTACTS)
    chat = _count(_l("Chats a month"), MAX_CONTACTS)
    social = _count(_l("Social media messages a month"), MAX_CONTACTS)
    seconds = _count(_l("Call length"), 7200, 1)
    agents = _count(_l("Agents, full-time"), 100_000)
    term = _count(_l("Term"), MAX_TERM, 1)

    NAMES: ClassVar[frozenset[str]] = frozenset({"phone", "email", "chat", "social", "seconds", "agents", "term"})

    @classmethod
    def of(cls, arguments: MultiDict[str, str], channels: list[str], card: RateCard) -> "EstimateForm":
        """The form for a service: only its channels, and agents only where the card charges for them."""
        form = cls(arguments or None, data={"seconds": DEFAULT_HANDLE_S[Channel.PHONE], "term": 12})
        for channel in Channel:
            if channel not in channels:
                del form[channel.value]
        if "phone" not in channels:
            del form["seconds"]
        if not any(line.unit in STAFFED for line in card.operating):
            del form["agents"]
        return form

    @property
    def volume_fields(self) -> list[Any]:
        """The fields of contacts a month, one for each channel."""
        return [self[channel.value] for channel in Channel if channel.value in self]

    def estimate(self, card: RateCard, language: str | None) -> Estimate | None:
        """The card priced; None while no volume is typed. All contacts are in `language` and in standard hours."""
        rows = tuple(
            VolumeRow(
                channel=field.name,
                contacts=Decimal(field.data),
                aht_s=Decimal(self._handle_seconds(field.name)),
                lang=language,
                window="standard",
            )
            for field in self.volume_fields
            if field.data
        )
        agents = self["agents"].data if "agents" in self else None
        if not rows and not agents:
            return None
        fte = None if agents is None else Decimal(agents)
        months = tuple(ScenarioMonth(k=k, volumes=rows, fte=fte) for k in range(1, (self.term.data or 12) + 1))
        base = Scenario(months=months)
        return Estimate(
            total_cost(card, base.scaled(LOW, "low")),
            total_cost(card, base),
            total_cost(card, base.scaled(HIGH, "high")),
        )

    def _handle_seconds(self, channel: str) -> int:
        typed = self["seconds"].data if channel == "phone" else None
        return int(typed or DEFAULT_HANDLE_S[Channel(channel)])


def unpriced_words(cost: TotalCost) -> list[str]:
    """The channels that no line of the card prices, as words."""
    return [str(CHANNEL_NAMES[Channel(row.channel)]) for row in cost.unpriced]
