"""A rate card in another currency, so that two cards can be priced side by side."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from portal.kit.rounding import rounded
from portal.pricing.values import Baseline, MinCommitment, OperatingLine, RateCard, Tier

DECIMALS = 8
"""Of converted rates: finer than any card states them, so that only the line-month is rounded to money."""


def restated(card: RateCard, currency: str, rate: Decimal) -> RateCard:
    """`card` with all its amounts times `rate`, what one unit of its currency is worth in `currency`.

    Percentages, quantities and thresholds of tiers stay as they are: they are no money. For comparing only: what is
    invoiced is what the vendor's own card says.
    """

    def worth(amount: Decimal) -> Decimal:
        return rounded(amount * rate, DECIMALS)

    def optional(amount: Decimal | None) -> Decimal | None:
        return None if amount is None else worth(amount)

    def operating(line: OperatingLine) -> OperatingLine:
        base = line.baseline
        return replace(
            line,
            rate=optional(line.rate),
            tiers=tuple(Tier(tier.up_to, worth(tier.rate)) for tier in line.tiers),
            baseline=base and Baseline(base.quantity, worth(base.arc_rate), worth(base.rrc_rate), base.dead_band_pct),
        )

    minimum = card.min_commitment
    return replace(
        card,
        currency=currency,
        one_time=tuple(replace(line, rate=worth(line.rate)) for line in card.one_time),
        operating=tuple(operating(line) for line in card.operating),
        extra=tuple(replace(line, rate=worth(line.rate)) for line in card.extra),
        min_commitment=minimum
        and MinCommitment(
            optional(minimum.amount), minimum.quantity, optional(minimum.rate), minimum.scope, minimum.exempt_months
        ),
    )
