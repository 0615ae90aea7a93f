"""Bids side by side: mean scores, points, price points, ranking, and whether the ranking would stand.

Pure: it is given what was opened and scored, and answers figures. Points are exact fractions; pages round them.
Quality points of a criterion are weight × mean score ÷ 5. Price points come from the total before expected credits by
the relative formula, over the bids that are still in the running.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

from portal.kit.money import Exact
from portal.kit.rounding import rounded
from portal.needs.evaluation import quality_points
from portal.needs.models import Criterion
from portal.needs.states import CriterionKind
from portal.pricing.price_score import Note, PricedBid, PriceFormula, PriceRules
from portal.pricing.ranking import Candidate, Ranked, Ranking, Robustness, rank_bids, robustness
from portal.selection.models import Bid, EvaluationSheet, Score
from portal.selection.price_summary import PriceSummary
from portal.selection.states import RANKED, BidState

POINT_DECIMALS = 4
WIDE_SPREAD = 2
"""From this difference between two evaluators on one criterion they should talk about it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One opened bid as it goes into the comparison."""

    bid: Bid
    sheet: EvaluationSheet
    vendor_name: str
    country: str
    price: PriceSummary
    disqualified_because: str | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """What evaluators gave one bid on one criterion: mean of `n` scores, its points, and how far they differ."""

    mean: Fraction
    points: Fraction
    n: int
    spread: int
    comments: tuple[str, ...]

    @property
    def is_wide(self) -> bool:
        """Whether the evaluators differ so much that they should meet."""
        return self.spread >= WIDE_SPREAD


@dataclass(frozen=True, slots=True)
class Column:
    """One bid in the comparison.

    :ivar marks: by criterion; a criterion nobody scored is missing
    :ivar quality: points for quality; None until every quality criterion has a score
    :ivar below_minimum: titles of criteria whose least mean score the bid misses
    :ivar place: its rank with points; None while scores are missing, or when it is out of the ranking
    """

    entry: Entry
    marks: dict[uuid.UUID, Mark]
    quality: Fraction | None
    below_minimum: tuple[str, ...]
    place: Ranked | None = None

    @property
    def bid(self) -> Bid:
        """The bid itself."""
        return self.entry.bid

    @property
    def price(self) -> PriceSummary:
        """What it costs."""
        return self.entry.price

    @property
    def is_excluded(self) -> bool:
        """Whether it is out of the ranking and sets no lowest price."""
        return self.bid.state == BidState.DISQUALIFIED or bool(self.below_minimum)

    @property
    def rank(self) -> int | None:
        """Its place, 1 for the best."""
        return self.place.position if self.place else None

    @property
    def total(self) -> Fraction | None:
        """Quality and price points together, of 100."""
        return self.place.total if self.place else None

    @property
    def price_points(self) -> Fraction | None:
        """Points for the price."""
        return self.place.price.points if self.place else None

    def points(self, criterion: Criterion) -> Fraction | None:
        """The points on one criterion, price included."""
        if criterion.kind == CriterionKind.PRICE:
            return self.price_points
        mark = self.marks.get(criterion.id)
        return mark.points if mark else None


@dataclass(frozen=True)
class Comparison:
    """All opened bids of a requirement, the best first, those out of the ranking last."""

    criteria: tuple[Criterion, ...]
    columns: tuple[Column, ...]
    ranking: Ranking | None
    evaluators: frozenset[uuid.UUID]
    rules: PriceRules = field(default_factory=PriceRules)

    @property
    def is_scored(self) -> bool:
        """Whether every bid in the running has a score on every quality criterion, so that there is a ranking."""
        return self.ranking is not None

    @property
    def leaders(self) -> tuple[Column, ...]:
        """Who is first: one, several that nothing tells apart, or nobody yet."""
        return tuple(column for column in self.columns if column.rank == 1)

    @property
    def in_running(self) -> tuple[Column, ...]:
        """The bids that are ranked, or will be."""
        return tuple(column for column in self.columns if not column.is_excluded)

    @property
    def has_no_competition(self) -> bool:
        """Whether one bid alone is left, whose price points therefore say nothing."""
        return self.ranking is not None and Note.NO_COMPETITION in self.ranking.scores.notes

    @cached_property
    def robustness(self) -> Robustness | None:
        """Who would win under other formulas and weights; None without a ranking of at least two."""
        if self.ranking is None or len(self.in_running) < 2:
            return None
        return robustness(self.candidates, self.rules)

    @property
    def candidates(self) -> list[Candidate]:
        """The bids in the running as formulas see them."""
        return [_candidate(column) for column in self.in_running]

    def column_of(self, bid_id: uuid.UUID) -> Column | None:
        """The column of one bid."""
        return next((column for column in self.columns if column.bid.id == bid_id), None)

    def lowest(self, figure: str) -> int | None:
        """The lowest value of a price figure among bids in the running; None unless it tells two apart."""
        values = [getattr(column.price, figure) for column in self.in_running]
        return min(values) if len(set(values)) > 1 else None

    def highest_points(self, criterion: Criterion) -> Fraction | None:
        """The most points on a criterion among bids in the running; None unless it tells two apart."""
        points = [column.points(criterion) for column in self.in_running]
        known = [one for one in points if one is not None]
        return max(known) if len(set(known)) > 1 else None

    @property
    def highest_month(self) -> int:
        """The dearest month of all bids, the top of the scale that their charts share."""
        return max((column.price.highest_month for column in self.columns), default=0)


def compare(criteria: Sequence[Criterion], entries: Iterable[Entry], scores: Iterable[Score]) -> Comparison:
    """Put opened bids side by side. There is a ranking as soon as every bid in the running is scored throughout."""
    by_sheet: dict[uuid.UUID, list[Score]] = defaultdict(list)
    for score in scores:
        by_sheet[score.sheet_id].append(score)
    columns = [_column(criteria, entry, by_sheet[entry.sheet.id]) for entry in entries]
    rules = rules_of(criteria)
    running = [column for column in columns if not column.is_excluded]
    ranking = None
    if running and all(column.quality is not None for column in running):
        ranking = rank_bids([_candidate(column) for column in running], rules)
        places = {place.key: place for place in ranking.ranked}
        columns = [_placed(column, places.get(str(column.bid.id))) for column in columns]
    evaluators = frozenset(score.person_id for one in by_sheet.values() for score in one)
    return Comparison(tuple(criteria), tuple(sorted(columns, key=_order)), ranking, evaluators, rules)


def rules_of(criteria: Sequence[Criterion]) -> PriceRules:
    """The price rules of a requirement: the relative formula with the weight that was fixed at publication."""
    weight = sum(criterion.weight for criterion in criteria if criterion.kind == CriterionKind.PRICE)
    quality = sum(criterion.weight for criterion in criteria if criterion.kind == CriterionKind.QUALITY)
    return PriceRules(PriceFormula.RELATIVE, weight, quality)


def points_text(points: Fraction | None) -> str:
    """Points as decimal text with four decimals, for what is kept; empty where there are none."""
    return "" if points is None else format(rounded(points, POINT_DECIMALS), "f")


def _column(criteria: Sequence[Criterion], entry: Entry, scores: Sequence[Score]) -> Column:
    quality = [criterion for criterion in criteria if criterion.kind == CriterionKind.QUALITY]
    marks = {}
    for criterion in quality:
        given = [score for score in scores if score.criterion_id == criterion.id]
        if given:
            marks[criterion.id] = _mark(criterion, given)
    complete = len(marks) == len(quality)
    missed = tuple(
        criterion.title
        for criterion in quality
        if criterion.minimum is not None and complete and marks[criterion.id].mean < criterion.minimum
    )
    points = sum((mark.points for mark in marks.values()), Fraction(0)) if complete else None
    return Column(entry, marks, points, missed if entry.bid.state in RANKED else ())


def _mark(criterion: Criterion, scores: Sequence[Score]) -> Mark:
    values = [score.score for score in scores]
    mean = Fraction(sum(values), len(values))
    comments = tuple(score.comment for score in sorted(scores, key=lambda score: score.id))
    return Mark(mean, quality_points(criterion.weight, mean), len(values), max(values) - min(values), comments)


def _candidate(column: Column) -> Candidate:
    quality: Exact = column.quality if column.quality is not None else 0
    return Candidate(PricedBid(str(column.bid.id), column.price.total, quality), column.bid.submitted_at)


def _placed(column: Column, place: Ranked | None) -> Column:
    return Column(column.entry, column.marks, column.quality, column.below_minimum, place)


def _order(column: Column) -> tuple[bool, int, int]:
    return (column.is_excluded, column.rank or 0, column.entry.sheet.alias)
