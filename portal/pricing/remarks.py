"""What somebody who writes or reads a rate card should look at twice. Remarks forbid nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from portal.kit.rounding import rounded
from portal.pricing.fees import unanswered
from portal.pricing.tiers import cliffs
from portal.pricing.values import BillingBasis, OperatingLine, RateCard, Unit

SHRINKAGE = Decimal("0.30")
"""The share of paid time that is not worked (breaks, leave, training), for comparing hours; a usual figure."""
DECIMALS = 2
NOT_A_PRICE_OF_CONTACTS = frozenset({Unit.PERCENT, Unit.OUTCOME})


class About(StrEnum):
    """What a remark is about."""

    CLIFF = "cliff"
    BASIS_MISSING = "basis_missing"
    PAID_HOUR = "paid_hour"
    WORKED_HOUR = "worked_hour"
    CHANNEL = "channel"
    FEES = "fees"


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to look at; `code` names the line it is about, `subject` a channel.

    `figures` by what it is about: of a cliff the quantity, what it costs and what one unit more costs; of an hour its
    rate, the rate per paid or worked hour that comes to the same, and the factor between the two; of fees how many.
    """

    about: About
    code: str = ""
    subject: str = ""
    figures: tuple[Decimal, ...] = ()


def remarks(card: RateCard, channels: Iterable[str] = ()) -> tuple[Remark, ...]:
    """All remarks on a card; `channels` are those of the services that are priced by it."""
    found = [remark for line in card.operating for remark in _of_line(line)]
    found += [Remark(About.CHANNEL, subject=channel) for channel in channels if not covers(card, channel)]
    missing = len(unanswered(card))
    return (*found, Remark(About.FEES, figures=(Decimal(missing),))) if missing else tuple(found)


def covers(card: RateCard, channel: str) -> bool:
    """Whether any line prices contacts of `channel`."""
    return any(
        line.unit not in NOT_A_PRICE_OF_CONTACTS and (not line.filter.channel or channel in line.filter.channel)
        for line in card.operating
    )


def _of_line(line: OperatingLine) -> Iterator[Remark]:
    for cliff in cliffs(line):
        fees = (rounded(cliff.fee_at, DECIMALS), rounded(cliff.fee_after, DECIMALS))
        yield Remark(About.CLIFF, line.code, figures=(cliff.quantity, *fees))
    if line.unit is not Unit.HOUR:
        return
    if line.billing_basis is None:
        yield Remark(About.BASIS_MISSING, line.code)
    elif line.rate is not None:
        yield _hour(line, line.rate)


def _hour(line: OperatingLine, rate: Decimal) -> Remark:
    """A worked hour takes ``1 ÷ (1 − shrinkage)`` paid ones."""
    factor = 1 / (1 - SHRINKAGE)
    is_paid = line.billing_basis is BillingBasis.PAID
    other = rate * factor if is_paid else rate / factor
    about = About.PAID_HOUR if is_paid else About.WORKED_HOUR
    return Remark(about, line.code, figures=(rate, rounded(other, DECIMALS), rounded(factor, DECIMALS)))
