"""The one price a directory shows of a rate card: its lowest rate, in the unit that says most to a buyer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from portal.kit.money import exponent, round_half_up, to_minor
from portal.pricing.values import ONE, BillingBasis, OperatingLine, RateCard, Unit

PREFERRED_UNITS = (Unit.HOUR, Unit.FTE_MONTH, Unit.SEAT_MONTH, Unit.CONTACT, Unit.MINUTE, Unit.MONTH)
"""In which unit a price is shown first; prices in different units are never compared with each other."""


HOURS_IN = {
    Unit.HOUR: ONE,
    Unit.MINUTE: Decimal(60),
    Unit.FTE_MONTH: ONE / Decimal("173.33"),
    Unit.SEAT_MONTH: ONE / Decimal("173.33"),
}
"""What a rate is multiplied by to be one for an hour."""


class Indicative(NamedTuple):
    """A lowest rate per unit, in minor units of its currency; `basis` says which hours an hourly rate counts."""

    minor: int
    unit: Unit
    currency: str
    basis: BillingBasis | None = None


def indicative_price(cards: Iterable[RateCard]) -> Indicative | None:
    """The lowest rate of several cards in the most telling unit that any of them has; None without a rate.

    Cards in a currency other than the first one's are left out: a directory entry converts nothing.
    """
    cards = list(cards)
    for unit in PREFERRED_UNITS:
        rates = [
            (_lowest(line), line.billing_basis)
            for card in cards
            if card.currency == cards[0].currency
            for line in card.operating
            if line.unit is unit
        ]
        if rates:
            rate, basis = min(rates, key=lambda found: found[0])
            return Indicative(to_minor(rate, cards[0].currency), unit, cards[0].currency, basis)
    return None


def hourly_price(cards: Iterable[RateCard], rates: Mapping[str, Decimal], currency: str) -> int | None:
    """The lowest price of an agent's hour on several cards, in minor units of `currency`; None where none is known.

    Minutes and months of an agent count as the hours they are, the month at 173.33 of them (40 hours a week). Prices
    per contact or per month of the whole service are no price of an hour. Which hours a rate counts (handled, logged
    in, paid) is left as each card states it. `rates` is what one unit of other currencies is worth in `currency`.
    """
    worth = {**rates, currency: ONE}
    found = [
        _lowest(line) * worth[card.currency] * HOURS_IN[line.unit]
        for card in cards
        if card.currency in worth
        for line in card.operating
        if line.unit in HOURS_IN
    ]
    return round_half_up(min(found), exponent(currency)) if found else None


def _lowest(line: OperatingLine) -> Decimal:
    return line.rate if line.rate is not None else min(tier.rate for tier in line.tiers)
