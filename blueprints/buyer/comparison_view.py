"""The comparison as its page shows it: one column for each bid, with the words that mark the best values."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from flask_babel import gettext as _

from blueprints.shared.bid_view import cost_chart, main_line_words, unpriced_words
from blueprints.shared.choices import country_name
from blueprints.shared.evaluation_view import missed_words
from blueprints.shared.formatting import date, listed, percent, signed_amount
from blueprints.shared.sensitivity_view import FormulaRow, figure, sensitivity_rows
from portal.kit.charts import Chart
from portal.kit.rounding import rounded
from portal.needs.models import Criterion, Requirement, RequirementBudget
from portal.pricing.formula_words import FORMULA_NAMES
from portal.pricing.price_score import PriceFormula
from portal.pricing.words import CATEGORY_NAMES
from portal.selection.comparison import Column, Comparison, MustHave
from portal.selection.price_summary import FEE_CLASSES, PriceSummary
from portal.selection.states import BidState, CheckOutcome
from portal.selection.words import OUTCOME_NAMES


class Cell(NamedTuple):
    """One figure of one bid, with the word before it where it is the best."""

    value: Any
    best: Any = None
    note: Any = None


class Row(NamedTuple):
    """A line of the comparison: its name and a cell for each bid, in their order."""

    name: Any
    cells: list[Cell]
    note: Any = None
    fee: str = ""
    is_sub: bool = False


class ColumnView(NamedTuple):
    """The head of one bid, its chart, and why it is out of the ranking, if it is."""

    column: Column
    country: str
    leading: bool
    excluded: bool
    mark: tuple[Any, str, str | None]
    chart: Chart
    excluded_because: Any


class ScoreRow(NamedTuple):
    """The points of all bids on one criterion; `wide` tells that evaluators differ on one of them."""

    criterion: Criterion
    points: list[Decimal | None]
    best: Decimal | None
    wide: bool


def columns_of(comparison: Comparison, budget: RequirementBudget | None) -> list[ColumnView]:
    """The heads of all bids; all charts share one scale, on which the in-house month is drawn."""
    target = budget.inhouse_month_minor if budget else None
    high = max(comparison.highest_month, target or 0)
    return [
        ColumnView(
            column=column,
            country=_country(column),
            leading=column.rank == 1,
            excluded=column.is_excluded,
            mark=_mark(column),
            chart=cost_chart(column.price, high=high, target=target, compact=True, whose=column.entry.vendor_name),
            excluded_because=excluded_because(column),
        )
        for column in comparison.priced
    ]


class QualityHead(NamedTuple):
    """The head of one bid while prices are sealed."""

    column: Column
    country: str
    excluded: bool
    mark: tuple[Any, str, str | None]
    excluded_because: Any


def quality_columns_of(comparison: Comparison) -> list[QualityHead]:
    """The heads of all bids without anything about prices."""
    return [
        QualityHead(column, _country(column), column.is_excluded, _quality_mark(column), excluded_because(column))
        for column in comparison.columns
    ]


def _quality_mark(column: Column) -> tuple[Any, str, str | None]:
    if column.is_excluded or column.quality is None:
        return _mark(column)
    return _("Scored"), "ok", "check"


def _country(column: Column) -> str:
    return country_name(column.entry.country) if column.entry.country else ""


def _mark(column: Column) -> tuple[Any, str, str | None]:
    if column.is_excluded:
        return _("Not ranked"), "bad", "x-circle"
    if column.rank is None:
        return _("Not scored yet"), "mute", None
    return (
        _("Place %(rank)s", rank=column.rank),
        "accent" if column.rank == 1 else "mute",
        ("trophy" if column.rank == 1 else None),
    )


def excluded_because(column: Column) -> Any:
    if column.bid.state == BidState.DISQUALIFIED:
        return column.entry.disqualified_because
    missed = missed_words(column.below_minimum, column.below_quality)
    return _("Below the minimum: %(titles)s", titles=missed) if missed else None


def offer_rows(comparison: Comparison) -> list[Row]:
    """How each bid charges and what its offer leaves open, in words."""
    prices = [column.price for column in comparison.priced]
    validity = [Cell(date(column.bid.valid_until, short=True)) for column in comparison.priced]
    return [
        Row(_("How they charge"), [Cell(main_line_words(price) or "–") for price in prices]),
        Row(_("Offer stands until"), validity),
    ]


def completeness(comparison: Comparison) -> list[tuple[bool, Any]]:
    """For each bid whether everything is priced, and what is not."""
    found: list[tuple[bool, Any]] = []
    for column in comparison.priced:
        missing = [*unpriced_words(column.price), *column.price.unmeasured]
        words = _("Not priced: %(what)s", what=listed(missing, of_lists=True)) if missing else _("Everything priced")
        found.append((not missing, words))
    return found


def cost_rows(comparison: Comparison) -> list[Row]:
    """Costs by fee class with their categories, as minor units; the lowest of each class among ranked bids is named."""
    rows = []
    for fee in FEE_CLASSES:
        note = _("expected") if fee == "extra" else None
        rows.append(Row("", _cells(comparison, fee.value), note, fee.value))
        rows += [_category_row(comparison, fee.value, name) for name in _categories(comparison, fee.value)]
    return rows


def total_row(comparison: Comparison) -> Row:
    """The totals before expected credits, by which bids are scored."""
    return Row(_("Total"), _cells(comparison, "total"))


def against_rows(comparison: Comparison, requirement: Requirement, budget: RequirementBudget | None) -> list[Row]:
    """The totals against the budget and against doing it in-house; private to the buyer."""
    if budget is None:
        return []
    inhouse = budget.inhouse_month_minor
    known = (
        (_("Against the budget"), budget.budget_total_minor),
        (_("Against in-house"), None if inhouse is None else inhouse * (requirement.term_months or 0)),
    )
    return [
        Row(name, [_difference(column.price, wanted) for column in comparison.priced], wanted)
        for name, wanted in known
        if wanted
    ]


def _difference(price: PriceSummary, wanted: int) -> Cell:
    difference = price.total - wanted
    share = percent(Decimal(difference) / wanted)
    return Cell(signed_amount(difference, price.currency, whole=True), note=f"({share})")


def _cells(comparison: Comparison, figure: str) -> list[Cell]:
    lowest = comparison.lowest(figure)
    values = [(getattr(column.price, figure), column.is_excluded) for column in comparison.priced]
    return [Cell(value, _("Lowest") if value == lowest and not excluded else None) for value, excluded in values]


def _categories(comparison: Comparison, fee: str) -> list[str]:
    used = {name for column in comparison.priced for kind, name, _amount in column.price.categories if kind == fee}
    if len(used) < 2:
        return []
    return [str(name) for name in CATEGORY_NAMES[fee] if str(name) in used]  # type: ignore[index]


def _category_row(comparison: Comparison, fee: str, category: str) -> Row:
    cells = [Cell(column.price.of_category(fee, category)) for column in comparison.priced]
    return Row(CATEGORY_NAMES[fee][category], cells, is_sub=True)  # type: ignore[index]


def score_rows(comparison: Comparison) -> list[ScoreRow]:
    """Points by criterion, price included."""
    return [_score_row(comparison, criterion) for criterion in comparison.criteria]


def _score_row(comparison: Comparison, criterion: Criterion) -> ScoreRow:
    points = [shown(column.points(criterion)) for column in comparison.priced]
    marks = [column.marks.get(criterion.id) for column in comparison.priced]
    wide = comparison.choices.consensus and any(mark is not None and mark.is_wide for mark in marks)
    return ScoreRow(criterion, points, shown(comparison.highest_points(criterion)), wide)


def total_of(comparison: Comparison) -> tuple[Any, Any, list[str]]:
    """What the agreed formula orders by: its name, a note, and the figure of each bid."""
    formula, currency = comparison.rules.formula, comparison.priced[0].price.currency if comparison.priced else ""
    figures = [figure(formula, column.place, currency) if column.place else "–" for column in comparison.priced]
    if formula.scores_price:
        return _("Total score"), _("of 100"), figures
    note = _("the lowest is first")
    if formula is PriceFormula.RANK:
        return _("Sum of ranks"), note, figures
    return _("%(name)s, %(currency)s", name=FORMULA_NAMES[formula], currency=currency), note, figures


def must_have_rows(comparison: Comparison) -> list[tuple[Any, list[tuple[bool | None, Any]]]]:
    """Each must-have with how every bid stands to it: True, False, or None while nobody has cleared it."""
    first = comparison.priced[0].entry.must_haves if comparison.priced else ()
    return [
        (one.knock_out.title, [must_have_state(column.entry.must_haves[at]) for column in comparison.priced])
        for at, one in enumerate(first)
    ]


def must_have_state(one: MustHave) -> tuple[bool | None, Any]:
    """Whether a must-have is met as far as was found, in a word."""
    if one.check is None:
        if one.answer is None:
            return None, _("No answer")
        return None, _("Says yes, not checked yet") if one.answer.is_met else _("Says no, not checked yet")
    outcome = CheckOutcome(one.check.outcome)
    return {CheckOutcome.MET: True, CheckOutcome.FAILED: False}.get(outcome), OUTCOME_NAMES[outcome]


def shown(points: Any) -> Decimal | None:
    """Exact points as they are shown."""
    return None if points is None else rounded(points, 2)


def formula_rows(comparison: Comparison) -> list[FormulaRow]:
    """The ranking under other formulas, for insight only: the agreed one was fixed at publication."""
    if comparison.robustness is None:
        return []
    names = {str(column.bid.id): column.entry.vendor_name for column in comparison.in_running}
    currency = comparison.in_running[0].price.currency
    return sensitivity_rows(comparison.candidates, comparison.rules, names, currency)


def vendor_names(columns: Sequence[Column]) -> str:
    """The names of several bidders in one line."""
    return listed(column.entry.vendor_name for column in columns)
