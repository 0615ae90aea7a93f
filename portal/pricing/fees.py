"""How a rate card answers the closed catalogue of fees: which are priced, which are not charged, which are open.

What is neither priced nor said to be free cannot be published, and what an agreed card does not price cannot be
invoiced later (`portal.billing.terms`). Lines of the category "other" are priced like all lines but answer nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace

from portal.pricing.fee_kinds import Fee
from portal.pricing.values import ExtraLine, FeeClass, OneTimeCategory, OneTimeLine, OperatingLine, RateCard, Unit

FEES_BY_CLASS: Mapping[FeeClass, tuple[Fee, ...]] = {
    FeeClass.ONE_TIME: tuple(Fee)[:8],
    FeeClass.OPERATING: tuple(Fee)[8:20],
    FeeClass.EXTRA: tuple(Fee)[20:],
}
WINDOW_FEES = {"after_hours": Fee.NIGHT, "weekend": Fee.WEEKEND, "holiday": Fee.HOLIDAY}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a card says about one fee: the codes of the lines that price it, or that it is not charged."""

    fee: Fee
    codes: tuple[str, ...]
    is_waived: bool

    @property
    def is_open(self) -> bool:
        """Whether the card says nothing."""
        return not self.codes and not self.is_waived


def priced_fees(card: RateCard) -> Mapping[Fee, tuple[str, ...]]:
    """The fees that lines of the card price, with the codes of those lines."""
    found: defaultdict[Fee, tuple[str, ...]] = defaultdict(tuple)
    for line in card.operating:
        for fee in fees_of(line):
            found[fee] += (line.code,)
    single: tuple[OneTimeLine | ExtraLine, ...] = (*card.one_time, *card.extra)
    for other in single:
        if other.category.value != OneTimeCategory.OTHER:
            found[Fee(other.category.value)] += (other.code,)
    return dict(found)


def fees_of(line: OperatingLine) -> tuple[Fee, ...]:
    """The fees an operating line prices: its category, and what its filter singles out.

    A percentage that is only for some hours or languages prices those and nothing else.
    """
    singled = [WINDOW_FEES[window] for window in line.filter.window if window in WINDOW_FEES]
    if line.filter.lang:
        singled.append(Fee.LANGUAGE)
    if line.unit is Unit.PERCENT and singled:
        return tuple(singled)
    return (Fee(line.category), *singled)


def answers(card: RateCard) -> Mapping[FeeClass, tuple[Answer, ...]]:
    """The whole catalogue by fee class, with the card's answers."""
    priced = priced_fees(card)
    return {
        fee_class: tuple(Answer(fee, priced.get(fee, ()), fee in card.waived) for fee in fees)
        for fee_class, fees in FEES_BY_CLASS.items()
    }


def unanswered(card: RateCard) -> tuple[Fee, ...]:
    """The fees about which the card says nothing."""
    return tuple(answer.fee for group in answers(card).values() for answer in group if answer.is_open)


def waive_the_rest(card: RateCard) -> RateCard:
    """The card with every open fee answered as not charged."""
    missing = set(unanswered(card))
    return replace(card, waived=tuple(fee for fee in Fee if fee in missing or fee in card.waived))
