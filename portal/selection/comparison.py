"""Bids side by side: mean scores, points, price points, ranking, and whether the ranking would stand.

Pure: it is given what was opened and scored, and answers figures. Points are exact fractions; pages round them.
Quality points of a criterion are weight × mean score ÷ 5. Price points come by the formula that was fixed at
publication, over the bids that are still in the running: those that meet every must-have and every minimum.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property

from portal.kit.money import Exact
from portal.kit.rounding import rounded
from portal.needs.evaluation import Choices, price_rules, quality_points
from portal.needs.models import Criterion, KnockOut
from portal.needs.states import CriterionKind, PriceBasis
from portal.pricing.price_score import Note, PricedBid, PriceRules
from portal.pricing.ranking import Candidate, Ranked, Ranking, Robustness, is_below, rank_bids, robustness
from portal.selection.models import Bid, BidKnockOut, EvaluationSheet, KnockOutCheck, Score
from portal.selection.price_summary import PriceSummary
from portal.selection.states import RANKED, BidState, CheckOutcome

POINT_DECIMALS = 4
WIDE_SPREAD = 2
"""From this difference between two evaluators on one criterion they should talk about it."""


@dataclass(frozen=True, slots=True)
class MustHave:
    """One must-have of a bid: what its vendor answered (None where it did not), and what the buyer found so far."""

    knock_out: KnockOut
    answer: BidKnockOut | None
    check: KnockOutCheck | None

    @property
    def is_cleared(self) -> bool:
        """Whether the buyer has looked at the proof and found it right."""
        return self.check is not None and self.check.outcome == CheckOutcome.MET


@dataclass(frozen=True, slots=True)
class Entry:
    """One opened bid as it goes into the comparison; without a price as long as that is sealed."""

    bid: Bid
    sheet: EvaluationSheet
    vendor_name: str
    country: str
    price: PriceSummary | None
    disqualified_because: str | None = None
    must_haves: tuple[MustHave, ...] = ()


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
    :ivar below_quality: whether all its quality together is less than was asked for
    :ivar scored_minor: the total its price is scored by; None while sealed
    :ivar place: its rank with points; None while scores are missing, or when it is out of the ranking
    """

    entry: Entry
    marks: dict[uuid.UUID, Mark]
    quality: Fraction | None
    below_minimum: tuple[str, ...]
    below_quality: bool = False
    scored_minor: int | None = None
    place: Ranked | None = None

    @property
    def bid(self) -> Bid:
        """The bid itself."""
        return self.entry.bid

    @property
    def price(self) -> PriceSummary:
        """What it costs. Only of a bid that `is_priced`."""
        assert self.entry.price is not None
        return self.entry.price

    @property
    def is_priced(self) -> bool:
        """Whether its price is open: with two envelopes it stays sealed until quality is scored, or for ever."""
        return self.entry.price is not None

    @property
    def unchecked(self) -> tuple[MustHave, ...]:
        """The must-haves whose proof nobody has found right yet."""
        return tuple(one for one in self.entry.must_haves if not one.is_cleared)

    @property
    def is_excluded(self) -> bool:
        """Whether it is out of the ranking and sets no lowest price."""
        return self.bid.state == BidState.DISQUALIFIED or bool(self.below_minimum) or self.below_quality

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
    choices: Choices = field(default_factory=Choices)
    is_blind: bool = False

    @property
    def is_scored(self) -> bool:
        """Whether every bid in the running is scored, checked and open, so that there is a ranking."""
        return self.ranking is not None

    @property
    def is_quality_scored(self) -> bool:
        """Whether every bid in the running has a score on every quality criterion."""
        return all(column.quality is not None for column in self.in_running)

    @property
    def to_check(self) -> tuple[Column, ...]:
        """The bids in the running some of whose must-haves are not cleared yet."""
        return tuple(column for column in self.in_running if column.unchecked)

    @property
    def prices_are_sealed(self) -> bool:
        """Whether the second envelope waits for the end of scoring."""
        return self.is_blind and self.choices.two_envelopes

    @property
    def priced(self) -> tuple[Column, ...]:
        """The bids whose prices are open."""
        return tuple(column for column in self.columns if column.is_priced)

    @property
    def unpriced(self) -> tuple[Column, ...]:
        """The bids whose prices are sealed."""
        return tuple(column for column in self.columns if not column.is_priced)

    @property
    def wide(self) -> tuple[tuple[Column, Criterion], ...]:
        """Where evaluators are so far apart that a consensus is sought, if one is."""
        return tuple(
            (column, criterion)
            for column in (self.in_running if self.choices.consensus else ())
            for criterion in self.criteria
            if criterion.id in column.marks and column.marks[criterion.id].is_wide
        )

    @property
    def ties(self) -> tuple[tuple[Column, ...], ...]:
        """Bids that share a place even after the tie rule."""
        by_key = {str(column.bid.id): column for column in self.columns}
        found = self.ranking.ties if self.ranking else ()
        return tuple(tuple(by_key[key] for key in keys) for keys in found)

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
        return max((column.price.highest_month for column in self.priced), default=0)


def compare(
    criteria: Sequence[Criterion],
    entries: Iterable[Entry],
    scores: Iterable[Score],
    choices: Choices = Choices(),
    *,
    is_blind: bool = False,
) -> Comparison:
    """Put opened bids side by side, by the choices that were fixed at publication.

    There is a ranking as soon as every bid in the running is scored throughout and all its must-haves are cleared.
    While `is_blind` there is none: prices or names are held back until somebody ends the scoring.
    """
    by_sheet: dict[uuid.UUID, list[Score]] = defaultdict(list)
    for score in scores:
        by_sheet[score.sheet_id].append(score)
    rules = price_rules(criteria, choices)
    columns = [_column(criteria, entry, by_sheet[entry.sheet.id], rules, choices) for entry in entries]
    running = [column for column in columns if not column.is_excluded]
    ranking = None
    if running and not is_blind and all(column.quality is not None and not column.unchecked for column in running):
        ranking = rank_bids([_candidate(column) for column in running], rules)
        places = {place.key: place for place in ranking.ranked}
        columns = [replace(column, place=places.get(str(column.bid.id))) for column in columns]
    evaluators = frozenset(score.person_id for one in by_sheet.values() for score in one)
    ordered = tuple(sorted(columns, key=_order))
    return Comparison(tuple(criteria), ordered, ranking, evaluators, rules, choices, is_blind)


def may_still_score(comparison: Comparison) -> bool:
    """Whether scores may change: not once what was held back from the evaluators is open."""
    return comparison.is_blind or not comparison.choices.is_blind


def is_ready_to_close(comparison: Comparison) -> bool:
    """Whether scoring without prices or names can be ended: every bid in the running is scored and checked."""
    return bool(comparison.in_running) and comparison.is_quality_scored and not comparison.to_check


def points_text(points: Fraction | None) -> str:
    """Points as decimal text with four decimals, for what is kept; empty where there are none."""
    return "" if points is None else format(rounded(points, POINT_DECIMALS), "f")


def _column(
    criteria: Sequence[Criterion], entry: Entry, scores: Sequence[Score], rules: PriceRules, choices: Choices
) -> Column:
    quality = [criterion for criterion in criteria if criterion.kind == CriterionKind.QUALITY]
    marks = {}
    for criterion in quality:
        given = [score for score in scores if score.criterion_id == criterion.id]
        if given:
            marks[criterion.id] = _mark(criterion, given)
    complete = len(marks) == len(quality)
    points = sum((mark.points for mark in marks.values()), Fraction(0)) if complete else None
    judged = points is not None and entry.bid.state in RANKED
    missed = tuple(
        criterion.title
        for criterion in quality
        if judged and criterion.minimum is not None and marks[criterion.id].mean < criterion.minimum
    )
    too_little = judged and is_below(points or 0, rules, choices.quality_minimum or 0)
    return Column(entry, marks, points, missed, too_little, _scored_minor(entry.price, choices))


def _scored_minor(price: PriceSummary | None, choices: Choices) -> int | None:
    if price is None:
        return None
    # Credits as large as the whole price would leave nothing to score: a price is above zero.
    after = max(price.total - price.credits, 1)
    return after if choices.price_basis is PriceBasis.AFTER_CREDITS else price.total


def _mark(criterion: Criterion, scores: Sequence[Score]) -> Mark:
    values = [score.score for score in scores]
    mean = Fraction(sum(values), len(values))
    comments = tuple(score.comment for score in sorted(scores, key=lambda score: score.id))
    return Mark(mean, quality_points(criterion.weight, mean), len(values), max(values) - min(values), comments)


def _candidate(column: Column) -> Candidate:
    quality: Exact = column.quality if column.quality is not None else 0
    return Candidate(PricedBid(str(column.bid.id), column.scored_minor or 0, quality), column.bid.submitted_at)


def _order(column: Column) -> tuple[bool, int, int]:
    return (column.is_excluded, column.rank or 0, column.entry.sheet.alias)
