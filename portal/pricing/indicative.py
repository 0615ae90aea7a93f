"""The one price a directory shows of a rate card: its lowest rate, in the unit that says most to a buyer."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from portal.kit.money import to_minor
from portal.pricing.values import BillingBasis, OperatingLine, RateCard, Unit

PREFERRED_UNITS = (Unit.HOUR, Unit.FTE_MONTH, Unit.SEAT_MONTH, Unit.CONTACT, Unit.MINUTE, Unit.MONTH)
"""In which unit a price is shown first; prices in different units are never compared with each other."""


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


def _lowest(line: OperatingLine) -> Decimal:
    return line.rate if line.rate is not None else min(tier.rate for tier in line.tiers)
