"""Points for price, by the formula a requirement fixed before its bids were opened.

The formula can decide the winner, so it is never chosen afterwards. Only responsive bids set the lowest price: a bid
that was knocked out must not move the points of the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from statistics import median

from portal.kit.calculators import CalculationError
from portal.kit.money import Exact

FULL_QUALITY = 100
"""Quality is rescaled to this many points before a price per quality point is taken."""

LOW_AGAINST_MEAN = Decimal("0.80")
LOW_AGAINST_MEDIAN = Decimal("0.70")
"""Below these shares of the responsive prices the vendor is asked to explain its price; nobody is rejected."""


class PriceFormula(StrEnum):
    """How a price becomes points, or an order of its own."""

    RELATIVE = "relative"
    LINEAR = "linear"
    BUDGET = "budget"
    PER_QUALITY_POINT = "per_quality_point"
    RANK = "rank"

    @property
    def scores_price(self) -> bool:
        """Whether the formula gives points that add to quality; the others order bids, the lowest figure first."""
        return self in (PriceFormula.RELATIVE, PriceFormula.LINEAR, PriceFormula.BUDGET)


class TieRule(StrEnum):
    """What is looked at, in this order, when the formula puts bids level; what is level after that shares the place."""

    QUALITY = "quality"
    PRICE = "price"
    TIME = "time"
    LOT = "lot"

    @property
    def looks_at(self) -> tuple[str, ...]:
        """The figures compared one after the other; none where a lot is drawn at once."""
        return _LOOKS_AT[self]


_LOOKS_AT = {
    TieRule.QUALITY: ("quality", "price", "time"),
    TieRule.PRICE: ("price", "quality", "time"),
    TieRule.TIME: ("time",),
    TieRule.LOT: (),
}


class Note(StrEnum):
    """What a reader of the scores must be told."""

    NO_COMPETITION = "no_competition"
    NO_RESPONSIVE_BID = "no_responsive_bid"


@dataclass(frozen=True, slots=True)
class PricedBid:
    """A bid as the formulas see it.

    :ivar price: the total all bids are compared by, in one currency and unit
    :ivar quality: points for everything but price, out of the rules' `quality_weight`
    :ivar responsive: whether it passed the knock-outs
    """

    key: str
    price: Exact
    quality: Exact = 0
    responsive: bool = True


@dataclass(frozen=True, slots=True)
class PriceRules:
    """The formula, what it needs, and what decides where it puts bids level.

    `budget` and `floor` serve only the budget-relative formula, in the unit of the prices.
    """

    formula: PriceFormula = PriceFormula.RELATIVE
    weight: Exact = 30
    quality_weight: Exact = 70
    budget: Exact | None = None
    floor: Exact = 0
    tie_rule: TieRule = TieRule.QUALITY


@dataclass(frozen=True, slots=True)
class PriceScore:
    """One bid's price judged.

    :ivar points: exact points out of the weight; None for an unresponsive bid and for formulas without points
    :ivar price_per_quality_point: price over quality rescaled to 100; None without quality
    :ivar price_rank: 1 for the lowest responsive price, shared by equal prices; None if unresponsive
    :ivar quality_rank: 1 for the highest quality of a responsive bid, shared likewise
    :ivar abnormally_low: whether the vendor should be asked to explain the price
    """

    key: str
    points: Fraction | None
    price_per_quality_point: Fraction | None
    price_rank: int | None
    quality_rank: int | None
    abnormally_low: bool

    @property
    def rank_sum(self) -> int | None:
        """The sum of both ranks, which the rank method orders by, the lowest first."""
        return None if self.price_rank is None or self.quality_rank is None else self.price_rank + self.quality_rank


@dataclass(frozen=True, slots=True)
class PriceScores:
    """All bids' scores in the order they were given, the lowest responsive price, and notes for the reader."""

    scores: tuple[PriceScore, ...]
    lowest: Fraction | None
    notes: tuple[Note, ...]


def score_prices(bids: Sequence[PricedBid], rules: PriceRules) -> PriceScores:
    """Score the prices of `bids`.

    :raises CalculationError: for a price of zero or less, a key given twice, or a budget not above its floor
    """
    _check(bids, rules)
    field = [bid for bid in bids if bid.responsive]
    prices = sorted(Fraction(bid.price) for bid in field)
    qualities = sorted((Fraction(bid.quality) for bid in field), reverse=True)
    scores = tuple(_score(bid, prices, qualities, rules) if bid.responsive else _unscored(bid.key) for bid in bids)
    notes = {0: (Note.NO_RESPONSIVE_BID,), 1: (Note.NO_COMPETITION,)}.get(len(prices), ())
    return PriceScores(scores, prices[0] if prices else None, notes)


def points_for(price: Exact, lowest: Exact, rules: PriceRules) -> Fraction | None:
    """The points of one price: relative ``W·Pmin/P``, linear ``W·max(0, 1 - (P-Pmin)/Pmin)``, budget-relative
    ``W·clamp((B-P)/(B-F))``; None for formulas that give no points."""
    own, best = Fraction(price), Fraction(lowest)
    if rules.formula is PriceFormula.RELATIVE:
        share = best / own
    elif rules.formula is PriceFormula.LINEAR:
        share = 1 - (own - best) / best
    elif rules.formula is PriceFormula.BUDGET:
        budget, floor = Fraction(rules.budget or 0), Fraction(rules.floor)
        share = (budget - own) / (budget - floor)
    else:
        return None
    return Fraction(rules.weight) * min(max(share, Fraction(0)), Fraction(1))


def _score(bid: PricedBid, prices: Sequence[Fraction], qualities: Sequence[Fraction], rules: PriceRules) -> PriceScore:
    alone = len(prices) == 1
    points = points_for(bid.price, prices[0], rules)
    return PriceScore(
        key=bid.key,
        points=Fraction(rules.weight) if alone and points is not None else points,
        price_per_quality_point=_per_quality_point(bid, rules),
        price_rank=prices.index(Fraction(bid.price)) + 1,
        quality_rank=qualities.index(Fraction(bid.quality)) + 1,
        abnormally_low=not alone and is_abnormally_low(bid.price, prices),
    )


def is_abnormally_low(price: Exact, prices: Sequence[Exact]) -> bool:
    """Whether `price` is so far below the mean or the median of the responsive `prices` that it needs explaining."""
    exact = [Fraction(one) for one in prices]
    mean, middle = sum(exact) / len(exact), median(exact)
    return price < Fraction(LOW_AGAINST_MEAN) * mean or price < Fraction(LOW_AGAINST_MEDIAN) * middle


def _per_quality_point(bid: PricedBid, rules: PriceRules) -> Fraction | None:
    if not bid.quality or not rules.quality_weight:
        return None
    return Fraction(bid.price) / (Fraction(bid.quality) / Fraction(rules.quality_weight) * FULL_QUALITY)


def _unscored(key: str) -> PriceScore:
    return PriceScore(
        key, points=None, price_per_quality_point=None, price_rank=None, quality_rank=None, abnormally_low=False
    )


def _check(bids: Sequence[PricedBid], rules: PriceRules) -> None:
    for position, bid in enumerate(bids):
        if bid.price <= 0:
            raise CalculationError(f"bids[{position}].price", "must be above zero: a bid without a price is invalid")
        if bid.key in [earlier.key for earlier in bids[:position]]:
            raise CalculationError(f"bids[{position}].key", f"{bid.key} is the key of another bid")
    if rules.formula is PriceFormula.BUDGET and (rules.budget is None or rules.budget <= rules.floor):
        raise CalculationError("budget", "must be given, and above the floor")
