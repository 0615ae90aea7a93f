"""What the rules of an evaluation would do to a handful of invented bids, before any real one exists.

The bids are made up and always shown as such: a price near what the service may cost, and scores that repeat over
whatever criteria the buyer has. They are there to show what a formula or a weight does, never to predict.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from portal.needs.evaluation import Choices, price_rules, quality_points
from portal.needs.models import Criterion
from portal.needs.states import CriterionKind
from portal.pricing.price_score import PricedBid, PriceFormula, PriceRules, is_abnormally_low
from portal.pricing.ranking import Candidate, Ranking, Robustness, is_below, rank_bids, robustness


class Invented(StrEnum):
    """The invented bids, the cheapest first."""

    VERY_LOW = "very_low"
    CHEAP = "cheap"
    MIDDLE = "middle"
    SOLID = "solid"
    STRONG = "strong"


@dataclass(frozen=True, slots=True)
class Sketch:
    """An invented bid: its price as a share of what the service may cost, and scores taken in turn."""

    share: Decimal
    scores: tuple[int, ...]


SKETCHES = {
    Invented.VERY_LOW: Sketch(Decimal("0.58"), (3, 2, 3, 3)),
    Invented.CHEAP: Sketch(Decimal("0.85"), (2, 3, 2, 3)),
    Invented.MIDDLE: Sketch(Decimal("0.96"), (4, 3, 4, 4)),
    Invented.SOLID: Sketch(Decimal("1.02"), (4, 4, 4, 4)),
    Invented.STRONG: Sketch(Decimal("1.22"), (5, 5, 4, 5)),
}

AGENT_MONTH = Decimal(2600)
"""US dollars for a full-time person a month where the buyer has named no money: 15 an hour, 173.33 hours."""

USUAL_FTE, USUAL_MONTHS = Decimal(10), 12
ASSUMED_BUDGET, ASSUMED_FLOOR = Decimal("1.30"), Decimal("0.70")
"""What the formula against the budget is shown with while the buyer has set no amounts, as shares of the scale."""


@dataclass(frozen=True, slots=True)
class InventedBid:
    """One invented bid judged by the choices.

    :ivar quality: its quality points, and `missed` the titles of criteria whose least score it does not reach
    :ivar below_quality: whether all its quality together is too little
    :ivar asks_why: whether a price so low would have to be explained
    """

    kind: Invented
    price_minor: int
    quality: Fraction
    missed: tuple[str, ...]
    below_quality: bool
    asks_why: bool

    @property
    def is_ranked(self) -> bool:
        """Whether it stays in the running."""
        return not self.missed and not self.below_quality


@dataclass(frozen=True, slots=True)
class Preview:
    """The invented bids, the best first and those out of the ranking last, and whether the order would stand."""

    bids: tuple[InventedBid, ...]
    candidates: tuple[Candidate, ...]
    rules: PriceRules
    ranking: Ranking
    robustness: Robustness
    assumes_budget: bool


def preview(criteria: Sequence[Criterion], choices: Choices, scale_minor: int) -> Preview:
    """Rank the invented bids of a service that may cost `scale_minor` in all, by these criteria and choices."""
    rules, assumes = _with_budget(price_rules(criteria, choices), scale_minor)
    bids = [_invented(kind, criteria, choices, rules, scale_minor) for kind in Invented]
    running = [bid for bid in bids if bid.is_ranked]
    prices = [bid.price_minor for bid in running]
    bids = [replace(bid, asks_why=bid.is_ranked and is_abnormally_low(bid.price_minor, prices)) for bid in bids]
    candidates = tuple(Candidate(PricedBid(bid.kind, bid.price_minor, bid.quality)) for bid in bids if bid.is_ranked)
    ranking = rank_bids(candidates, rules)
    places = {one.key: at for at, one in enumerate(ranking.ranked)}
    bids.sort(key=lambda bid: places.get(bid.kind, len(bids)))
    return Preview(tuple(bids), candidates, rules, ranking, robustness(candidates, rules), assumes)


def scale_of(known: Sequence[int | None], fte: Decimal, months: int | None, dollar: Decimal) -> int:
    """About what the service may cost over its term, in minor units, for the size of the invented prices.

    The first of the `known` totals that is there; else a usual price for the people it takes. `dollar` is what one
    US dollar is worth, in minor units of the currency.
    """
    for total in known:
        if total:
            return total
    rough = int((fte or USUAL_FTE) * (months or USUAL_MONTHS) * AGENT_MONTH * dollar)
    step: int = 10 ** max(len(str(rough)) - 2, 0)
    return rough // step * step


def _with_budget(rules: PriceRules, scale_minor: int) -> tuple[PriceRules, bool]:
    """The rules with amounts for the formula against the budget, and whether those had to be assumed."""
    if rules.formula is PriceFormula.BUDGET:
        return rules, False
    budget, floor = (int(scale_minor * share) for share in (ASSUMED_BUDGET, ASSUMED_FLOOR))
    return replace(rules, budget=budget, floor=floor), True


def _invented(
    kind: Invented, criteria: Sequence[Criterion], choices: Choices, rules: PriceRules, scale_minor: int
) -> InventedBid:
    sketch = SKETCHES[kind]
    scored = [one for one in criteria if one.kind == CriterionKind.QUALITY]
    scores = [sketch.scores[position % len(sketch.scores)] for position in range(len(scored))]
    given = list(zip(scored, scores, strict=True))
    quality = sum((quality_points(one.weight, Fraction(score)) for one, score in given), Fraction(0))
    return InventedBid(
        kind=kind,
        price_minor=max(int(scale_minor * sketch.share), 1),
        quality=quality,
        missed=tuple(one.title for one, score in given if one.minimum is not None and score < one.minimum),
        below_quality=is_below(quality, rules, choices.quality_minimum or 0),
        asks_why=False,
    )
