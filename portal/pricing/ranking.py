"""The order of bids by quality and price, and whether it would survive another formula or slightly other weights."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction

from portal.kit.money import Exact
from portal.pricing.price_score import PricedBid, PriceFormula, PriceRules, PriceScore, PriceScores, score_prices

SWING = Decimal("0.10")
"""By how much of itself the price weight is moved to see whether the winner stays."""

SHIFTS = (1 - SWING, 1 + SWING)
PERCENT = 100

_LATEST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A bid to be ranked; `submitted_at` is when it was last confirmed and settles the last tie."""

    bid: PricedBid
    submitted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Ranked:
    """A bid's place.

    :ivar position: 1 for the winner; bids that nothing tells apart share it and need a drawn lot
    :ivar total: quality and price points; None for formulas that do not score price
    """

    key: str
    position: int
    total: Fraction | None
    price: PriceScore


@dataclass(frozen=True, slots=True)
class Ranking:
    """The responsive bids in order, with what the price scores had to note."""

    ranked: tuple[Ranked, ...]
    scores: PriceScores

    @property
    def ties(self) -> tuple[tuple[str, ...], ...]:
        """Bids that share a place, best place first: between them a lot must be drawn."""
        places: dict[int, list[str]] = {}
        for one in self.ranked:
            places.setdefault(one.position, []).append(one.key)
        return tuple(tuple(keys) for keys in places.values() if len(keys) > 1)

    @property
    def winners(self) -> tuple[str, ...]:
        """The keys in first place: one, unless a lot must be drawn, or none."""
        return tuple(one.key for one in self.ranked if one.position == 1)


@dataclass(frozen=True, slots=True)
class Robustness:
    """Who would win under each formula and with the price weight moved down and up by a tenth of itself."""

    by_formula: dict[PriceFormula, tuple[str, ...]]
    by_weight: dict[Decimal, tuple[str, ...]]

    @property
    def is_robust(self) -> bool:
        """Whether the same bids win every time."""
        return len({*self.by_formula.values(), *self.by_weight.values()}) <= 1


def rank_bids(candidates: Sequence[Candidate], rules: PriceRules) -> Ranking:
    """Order the responsive bids by the formula, and those it puts level by their tie rule."""
    scores = score_prices([candidate.bid for candidate in candidates], rules)
    keyed = [
        (_sort_key(candidate, score, rules), candidate, score)
        for candidate, score in zip(candidates, scores.scores, strict=True)
        if candidate.bid.responsive
    ]
    keyed.sort(key=lambda one: one[0])
    keys = [key for key, _, _ in keyed]
    ranked = tuple(
        Ranked(candidate.bid.key, keys.index(key) + 1, _total(candidate.bid, score), score)
        for key, candidate, score in keyed
    )
    return Ranking(ranked, scores)


def is_below(quality: Exact, rules: PriceRules, minimum: Exact) -> bool:
    """Whether quality points are fewer than `minimum` percent of the most there can be; as many are enough."""
    return Fraction(quality) * PERCENT < Fraction(minimum) * Fraction(rules.quality_weight)


def without_those_below(candidates: Iterable[Candidate], rules: PriceRules, minimum: Exact) -> list[Candidate]:
    """The same bids, those below the least quality no longer responsive: they set no lowest price either."""
    return [
        replace(one, bid=replace(one.bid, responsive=False)) if is_below(one.bid.quality, rules, minimum) else one
        for one in candidates
    ]


def robustness(candidates: Sequence[Candidate], rules: PriceRules) -> Robustness:
    """Rank again under every formula that can be applied and under shifted weights, and tell who wins each time."""
    formulas = [formula for formula in PriceFormula if formula is not PriceFormula.BUDGET or rules.budget is not None]
    by_formula = {formula: rank_bids(candidates, under(formula, rules)).winners for formula in formulas}
    return Robustness(by_formula, {shift: with_weight(candidates, rules, shift).winners for shift in SHIFTS})


def under(formula: PriceFormula, rules: PriceRules) -> PriceRules:
    """The same rules with another formula."""
    return replace(rules, formula=formula)


def with_weight(candidates: Sequence[Candidate], rules: PriceRules, shift: Decimal) -> Ranking:
    """The ranking with the price weight times `shift`, quality taking what price gives up.

    Nothing moves under formulas that give no price points: the weight of the price plays no part in them.
    """
    whole = Fraction(rules.weight) + Fraction(rules.quality_weight)
    weight = min(Fraction(rules.weight) * Fraction(shift), whole)
    factor = (whole - weight) / Fraction(rules.quality_weight) if rules.quality_weight else Fraction(0)
    moved = [
        replace(candidate, bid=replace(candidate.bid, quality=Fraction(candidate.bid.quality) * factor))
        for candidate in candidates
    ]
    return rank_bids(moved, replace(rules, weight=weight, quality_weight=whole - weight))


def _total(bid: PricedBid, score: PriceScore) -> Fraction | None:
    return None if score.points is None else Fraction(bid.quality) + score.points


def _sort_key(candidate: Candidate, score: PriceScore, rules: PriceRules) -> tuple[object, ...]:
    figures: dict[str, object] = {
        "quality": -Fraction(candidate.bid.quality),
        "price": Fraction(candidate.bid.price),
        "time": candidate.submitted_at or _LATEST,
    }
    return (_leading_figure(candidate.bid, score, rules), *(figures[name] for name in rules.tie_rule.looks_at))


def _leading_figure(bid: PricedBid, score: PriceScore, rules: PriceRules) -> tuple[bool, Fraction]:
    """What the formula orders by, lowest first; a bid without the figure comes last."""
    if rules.formula is PriceFormula.PER_QUALITY_POINT:
        figure = score.price_per_quality_point
    elif rules.formula is PriceFormula.RANK:
        figure = None if score.rank_sum is None else Fraction(score.rank_sum)
    else:
        total = _total(bid, score)
        figure = None if total is None else -total
    return (figure is None, figure or Fraction(0))
