"""Whether another formula or weight would change who leads: the rows that real and invented comparisons share."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from flask_babel import gettext as _

from blueprints.shared.formatting import amount, listed, number
from portal.kit.rounding import rounded
from portal.pricing.formula_words import FORMULA_NAMES
from portal.pricing.price_score import PriceFormula, PriceRules
from portal.pricing.ranking import SHIFTS, Candidate, Ranked, Ranking, rank_bids, under, with_weight


class FormulaRow(NamedTuple):
    """What another price formula or weight would say: a figure for each ranked bid, and who would lead."""

    name: Any
    is_agreed: bool
    figures: list[str]
    leaders: str
    changes_winner: bool


def sensitivity_rows(
    candidates: Sequence[Candidate], rules: PriceRules, names: Mapping[str, str], currency: str
) -> list[FormulaRow]:
    """Every formula that can be applied, and the agreed one with the price weight a tenth lower and higher.

    Figures stand in the order of `names`, which maps the key of each bid to what it is called.
    """
    agreed = rank_bids(candidates, rules)
    rows = []
    for formula in PriceFormula:
        if formula is not PriceFormula.BUDGET or rules.budget is not None:
            ranking = rank_bids(candidates, under(formula, rules))
            rows.append(_row(_formula_name(formula, currency), formula, ranking, agreed, names, currency))
            if formula is rules.formula:
                rows[-1] = rows[-1]._replace(is_agreed=True)
    if rules.formula.scores_price:
        for shift in SHIFTS:
            ranking = with_weight(candidates, rules, shift)
            rows.append(_row(_weight_name(shift, rules), rules.formula, ranking, agreed, names, currency))
    return rows


def figure(formula: PriceFormula, place: Ranked, currency: str) -> str:
    """What a formula orders by: points, a sum of ranks, or money for each quality point in whole major units."""
    if formula.scores_price:
        return number(None if place.total is None else rounded(place.total, 2), 2)
    if formula is PriceFormula.RANK:
        return number(place.price.rank_sum)
    per_point = place.price.price_per_quality_point
    return amount(None if per_point is None else int(rounded(per_point, 0)), currency, whole=True)


def _row(
    name: Any, formula: PriceFormula, ranking: Ranking, agreed: Ranking, names: Mapping[str, str], currency: str
) -> FormulaRow:
    places = {place.key: place for place in ranking.ranked}
    return FormulaRow(
        name=name,
        is_agreed=False,
        figures=[figure(formula, places[key], currency) for key in names if key in places],
        leaders=listed(names[key] for key in ranking.winners),
        changes_winner=set(ranking.winners) != set(agreed.winners),
    )


def _formula_name(formula: PriceFormula, currency: str) -> Any:
    name = FORMULA_NAMES[formula]
    if formula is PriceFormula.PER_QUALITY_POINT:
        return _("%(name)s, %(currency)s", name=name, currency=currency)
    return name


def _weight_name(shift: Decimal, rules: PriceRules) -> Any:
    agreed = Decimal(str(rules.weight))
    moved = number(rounded(agreed * shift, 1))
    return _("Price weight %(moved)s instead of %(agreed)s", moved=moved, agreed=number(rounded(agreed, 0)))
