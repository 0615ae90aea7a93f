"""“What would it cost me?”: the volumes somebody types, priced with a published rate card by the pricing engine."""

from decimal import Decimal
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import Form
from wtforms.validators import NumberRange, Optional

from blueprints.public.forms.fields import WholeNumberField
from portal.measures.words import CHANNEL_NAMES, Channel
from portal.pricing.results import TotalCost
from portal.pricing.scenarios import ThreeCosts, three_costs
from portal.pricing.values import RateCard, Scenario, ScenarioMonth, Unit, VolumeRow

DEFAULT_HANDLE_S = {Channel.PHONE: 300, Channel.EMAIL: 420, Channel.CHAT: 540, Channel.SOCIAL: 300}
"""Average handle times that a first estimate starts from; only that of phone is asked for."""
STAFFED = frozenset({Unit.FTE_MONTH, Unit.SEAT_MONTH})
MAX_CONTACTS, MAX_TERM, MAX_DISCOUNT = 10_000_000, 60, 50
FIRST_ANSWERS = {"seconds": DEFAULT_HANDLE_S[Channel.PHONE], "term": 12, "discount": 8}
"""What the form begins with; 8 % a year is the rate the worked examples of this trade discount by."""


def _limits(most: int, least: int) -> list[Any]:
    return [Optional(), NumberRange(least, most, message=_l("Write a whole number from %(min)s to %(max)s."))]


def _count(label: Any, most: int, least: int = 0) -> WholeNumberField:
    return WholeNumberField(label, validators=_limits(most, least))


class EstimateForm(Form):
    """What is asked for. Sent by GET, so that an estimate has an address; nothing of it is kept."""

    phone = _count(_l("Calls a month"), MAX_CONTACTS)
    email = _count(_l("E-mails a month"), MAX_CONTACTS)
    chat = _count(_l("Chats a month"), MAX_CONTACTS)
    social = _count(_l("Social media messages a month"), MAX_CONTACTS)
    seconds = _count(_l("Call length"), 7200, 1)
    agents = _count(_l("Agents, full-time"), 100_000)
    term = _count(_l("Term"), MAX_TERM, 1)

    discount = _count(_l("Discount rate a year"), MAX_DISCOUNT)

    NAMES: ClassVar[frozenset[str]] = frozenset(
        {"phone", "email", "chat", "social", "seconds", "agents", "term", "discount"}
    )

    @classmethod
    def of(cls, arguments: MultiDict[str, str], channels: list[str], *cards: RateCard) -> "EstimateForm":
        """The form for a service: only its channels, and agents only where a card charges for them."""
        first = {name: str(value) for name, value in FIRST_ANSWERS.items()}
        form = cls(MultiDict({**first, **(arguments or {})}))
        for channel in Channel:
            if channel not in channels:
                del form[channel.value]
        if "phone" not in channels:
            del form["seconds"]
        if not any(line.unit in STAFFED for card in cards for line in card.operating):
            del form["agents"]
        return form

    def limit_term(self, most: int) -> None:
        """Take no longer term than `most` months."""
        self.term.validators = _limits(most, 1)

    @property
    def volume_fields(self) -> list[Any]:
        """The fields of contacts a month, one for each channel."""
        return [self[channel.value] for channel in Channel if channel.value in self]

    @property
    def discount_pct(self) -> Decimal:
        """The yearly rate that present values are discounted by; left empty, the usual one."""
        typed = self.discount.data
        return Decimal(FIRST_ANSWERS["discount"] if typed is None else typed)

    def scenario(self, language: str | None, *, discounted: bool = True) -> Scenario | None:
        """What is typed as a forecast, all contacts in `language` and in standard hours; None while nothing is."""
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
        term = self.term.data or FIRST_ANSWERS["term"]
        months = tuple(ScenarioMonth(k=k, volumes=rows, fte=fte) for k in range(1, term + 1))
        return Scenario(months=months, discount_pct=self.discount_pct if discounted else None)

    def estimate(self, card: RateCard, language: str | None) -> ThreeCosts | None:
        """The card priced over what is typed, and over a fifth less and more of it; None while nothing is typed."""
        scenario = self.scenario(language)
        return None if scenario is None else three_costs(card, scenario)

    def _handle_seconds(self, channel: str) -> int:
        typed = self["seconds"].data if channel == "phone" else None
        return int(typed or DEFAULT_HANDLE_S[Channel(channel)])


def unpriced_words(cost: TotalCost) -> list[str]:
    """The channels that no line of the card prices, as words."""
    return [str(CHANNEL_NAMES[Channel(row.channel)]) for row in cost.unpriced]
