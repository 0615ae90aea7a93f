"""How bids will be judged, as the buyer chose it before publication: plain values for pages, rankings and documents.

The choices are fixed when the requirement is published, because each of them can change the winner.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any

from portal.needs.criteria import BEST_SCORE
from portal.needs.models import Criterion, EvaluationRules
from portal.needs.states import CriterionKind, PriceBasis
from portal.pricing.price_score import PriceFormula, PriceRules, TieRule


@dataclass(frozen=True, slots=True)
class Choices:
    """The rules of one evaluation; the defaults are those of a requirement about which nothing was said.

    :ivar budget_minor: for the formula against the budget, the price that gets no points, and `floor_minor` the one
        that gets all; both in minor units of the requirement's currency, and read by vendors
    :ivar quality_minimum: percent of all quality points below which a bid is out of the ranking
    :ivar two_envelopes: whether prices stay sealed until quality is scored
    :ivar pseudonyms: whether evaluators meet bidders under numbers drawn by lot until quality is scored
    :ivar consensus: whether evaluators are asked to talk where their scores are two or more apart
    """

    formula: PriceFormula = PriceFormula.RELATIVE
    budget_minor: int | None = None
    floor_minor: int | None = None
    tie_rule: TieRule = TieRule.QUALITY
    quality_minimum: int | None = None
    two_envelopes: bool = False
    pseudonyms: bool = False
    consensus: bool = True
    price_basis: PriceBasis = PriceBasis.BEFORE_CREDITS

    @property
    def is_blind(self) -> bool:
        """Whether something about the bids stays hidden until quality is scored."""
        return self.two_envelopes or self.pseudonyms

    def to_document(self) -> dict[str, Any]:
        """The same as plain JSON."""
        return asdict(self)


def choices_of(row: EvaluationRules | None) -> Choices:
    """The stored rules of a requirement, or the defaults where it has none."""
    if row is None:
        return Choices()
    return Choices(
        formula=PriceFormula(row.formula),
        budget_minor=row.budget_minor,
        floor_minor=row.floor_minor,
        tie_rule=TieRule(row.tie_rule),
        quality_minimum=row.quality_minimum,
        two_envelopes=row.two_envelopes,
        pseudonyms=row.pseudonyms,
        consensus=row.consensus,
        price_basis=PriceBasis(row.price_basis),
    )


def price_rules(criteria: Sequence[Criterion], choices: Choices) -> PriceRules:
    """The price rules of a ranking: weights from the criteria, formula and tie rule as chosen, in minor units."""
    return PriceRules(
        formula=choices.formula,
        weight=sum(one.weight for one in criteria if one.kind == CriterionKind.PRICE),
        quality_weight=sum(one.weight for one in criteria if one.kind == CriterionKind.QUALITY),
        budget=choices.budget_minor,
        floor=choices.floor_minor or 0,
        tie_rule=choices.tie_rule,
    )


def quality_points(weight: int, mean: Fraction) -> Fraction:
    """The points of a mean score from 0 to 5 on a criterion: weight × score ÷ 5."""
    return weight * mean / BEST_SCORE
