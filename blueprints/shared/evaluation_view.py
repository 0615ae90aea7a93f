"""How bids are judged, as its buyer and the vendors read it before anybody bids: in words, and what a formula does."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from flask_babel import gettext as _

from blueprints.shared.formatting import listed, money, number, percent
from blueprints.shared.sensitivity_view import figure
from portal.kit.charts import Chart, columns
from portal.kit.rounding import rounded
from portal.needs.criteria import scale_of
from portal.needs.evaluation import Choices, price_rules
from portal.needs.evaluation_words import BASIS_NAMES, BASIS_SENTENCES
from portal.needs.models import Criterion, KnockOut, Requirement
from portal.needs.queries import judging_rules_of
from portal.needs.states import CriterionKind
from portal.pricing.formula_words import FORMULA_NAMES, FORMULA_SENTENCES, TIE_NAMES
from portal.pricing.price_score import PricedBid, PriceFormula, PriceRules
from portal.pricing.ranking import Candidate, rank_bids, under

ABOVE = (Decimal(0), Decimal("0.10"), Decimal("0.25"), Decimal("0.50"), Decimal(1))
"""How far above the lowest price the examples of a formula lie."""

EXAMPLE_SHARE = Decimal("0.80")
"""The share of all quality points that each bid of a formula's examples has."""


class Fact(NamedTuple):
    """One rule: what it is about, what was chosen, and what that means."""

    name: Any
    words: Any
    note: Any = ""


class Scale(NamedTuple):
    """What each score means on one criterion."""

    title: str
    anchors: Sequence[Any]


class Judging(NamedTuple):
    """All that is fixed about an evaluation at publication."""

    facts: list[Fact]
    knock_outs: Sequence[KnockOut]
    scales: list[Scale]
    shares_scale: bool
    effect: "Effect"
    heads: list[str]


class Effect(NamedTuple):
    """What a formula gives prices so far above the lowest: figures in their order, and a chart of points if any."""

    name: Any
    sentence: Any
    figures: list[str]
    is_chosen: bool
    chart: Chart | None


def judging_of(requirement: Requirement, criteria: Sequence[Criterion]) -> Judging:
    """Read a requirement's evaluation for showing it."""
    choices, knock_outs = judging_rules_of(requirement)
    scales = [Scale(one.title, scale_of(one)) for one in criteria if one.kind == CriterionKind.QUALITY]
    rules = price_rules(criteria, choices)
    return Judging(
        facts=facts_of(requirement, choices),
        knock_outs=knock_outs,
        scales=scales,
        shares_scale=len({tuple(map(str, one.anchors)) for one in scales}) == 1,
        effect=_effect(rules.formula, rules, requirement.currency, _example_price(rules)),
        heads=heads(),
    )


def facts_of(requirement: Requirement, choices: Choices) -> list[Fact]:
    """The rules in words, in the order in which they come to bear."""
    currency = requirement.currency
    facts = [
        Fact(_("Names of the bidders"), _("Hidden until quality is scored") if choices.pseudonyms else _("Shown")),
        Fact(
            _("Prices are opened"),
            _("After quality is scored") if choices.two_envelopes else _("Together with the answers"),
            _("Prices of bids below a minimum stay sealed.") if choices.two_envelopes else "",
        ),
        Fact(
            _("Least quality of all"),
            percent(choices.quality_minimum, 0, of_hundred=True) if choices.quality_minimum else _("No limit"),
            _("of all quality points; a bid below it is not ranked") if choices.quality_minimum else "",
        ),
        Fact(_("Price formula"), FORMULA_NAMES[choices.formula], FORMULA_SENTENCES[choices.formula]),
    ]
    if choices.formula is PriceFormula.BUDGET:
        words = _(
            "%(floor)s or less gets all points, %(budget)s or more gets none",
            floor=money(choices.floor_minor or 0, currency),
            budget=money(choices.budget_minor, currency),
        )
        facts.append(Fact(_("Between which prices"), words))
    return facts + [
        Fact(_("Price that counts"), BASIS_NAMES[choices.price_basis], BASIS_SENTENCES[choices.price_basis]),
        Fact(_("When bids are level"), TIE_NAMES[choices.tie_rule], _("What stays level shares the place.")),
        Fact(
            _("Scores two or more apart"),
            _("The evaluators seek a consensus") if choices.consensus else _("The mean counts as it is"),
        ),
    ]


def heads() -> list[str]:
    """What stands above the figures of an effect."""
    return [_("Lowest price"), *(f"+{percent(above, 0)}" for above in ABOVE[1:])]


def effects_of(rules: PriceRules, currency: str, lowest_minor: int) -> list[Effect]:
    """What every formula does to prices above `lowest_minor`; the one against a budget only where that is known."""
    return [
        _effect(formula, under(formula, rules), currency, lowest_minor)._replace(is_chosen=formula is rules.formula)
        for formula in PriceFormula
        if formula is not PriceFormula.BUDGET or rules.budget is not None
    ]


def _effect(formula: PriceFormula, rules: PriceRules, currency: str, lowest_minor: int) -> Effect:
    quality = Decimal(str(rules.quality_weight)) * EXAMPLE_SHARE
    bids = [Candidate(PricedBid(str(at), int(lowest_minor * (1 + above)), quality)) for at, above in enumerate(ABOVE)]
    places = sorted(rank_bids(bids, rules).ranked, key=lambda place: place.key)
    points = [place.price.points for place in places]
    if not formula.scores_price:
        figures = [figure(formula, place, currency) for place in places]
        return Effect(FORMULA_NAMES[formula], FORMULA_SENTENCES[formula], figures, False, None)
    shown = [rounded(one, 1) for one in points if one is not None]
    chart = columns(
        heads(),
        shown,
        label=_("Points for the price, of %(weight)s", weight=number(Decimal(str(rules.weight)))),
        first=_("Price"),
        name=_("Points"),
        height=120,
        write=lambda value: number(value, 1),
    )
    return Effect(FORMULA_NAMES[formula], FORMULA_SENTENCES[formula], [number(one, 1) for one in shown], False, chart)


def _example_price(rules: PriceRules) -> int:
    """A lowest price for the example of one formula: where it measures against a budget, a third of the way up."""
    if rules.formula is PriceFormula.BUDGET and rules.budget is not None:
        floor, budget = int(rules.floor), int(rules.budget)
        return max(floor + (budget - floor) // 3, 1)
    return 100_000_00


def missed_words(titles: Sequence[str], below_quality: bool) -> str:
    """Why a bid is below a minimum; '' where it is not."""
    return listed([*titles, *([_("quality as a whole")] if below_quality else [])])
