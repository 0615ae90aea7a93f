"""The picture of a self-assessment in words and figures: what its page shows, and what has to be found out first."""

from typing import Any, NamedTuple

from flask_babel import gettext as _

from blueprints.buyer.assessment_words import TRUTHS, WEIGHT_NAMES, WORDS, Words
from blueprints.shared.formatting import amount, number
from portal.kit import charts
from portal.needs.assessment import Answers, Side, Topic, Way, Weighed, picture_of
from portal.needs.assessment_queries import Prices
from portal.needs.figures import Figures
from portal.needs.outside_price import Course
from portal.pricing.begin_prices import LEAST_CARDS
from portal.pricing.values import Scenario


class Point(NamedTuple):
    """One topic that speaks, in words."""

    words: Words
    truth: Any
    weight: Any


class SideView(NamedTuple):
    """One side: its share of 100, how many answers it rests on, and the topics that speak, the heaviest first."""

    side: Side
    points: list[Point]


class CourseView(NamedTuple):
    """One course of events with its name; `payback` in words."""

    name: Any
    course: Course
    payback: str


class AssessmentView(NamedTuple):
    """Everything the page shows. `sentences` say in words what the numbers come to, on both hands."""

    for_it: SideView
    against: SideView
    open: list[Words]
    missing: list[Any]
    prices: Prices
    term: int
    courses: list[CourseView]
    sentences: list[Any]
    chart: charts.Chart | None


def view_of_assessment(figures: Figures, answers: Answers, prices: Prices, scenario: Scenario | None) -> AssessmentView:
    """Describe an assessment."""
    picture = picture_of(answers)
    sides = {way: SideView(side, [_point(one) for one in side.speaking]) for way, side in picture.sides.items()}
    courses = _courses(prices)
    return AssessmentView(
        for_it=sides[Way.FOR],
        against=sides[Way.AGAINST],
        open=[WORDS[topic] for topic in picture.open],
        missing=_missing(figures, prices, scenario),
        prices=prices,
        term=len(scenario.months) if scenario else figures.months,
        courses=courses,
        sentences=_sentences(figures, prices, answers),
        chart=_chart(figures, prices),
    )


def _point(one: Weighed) -> Point:
    return Point(WORDS[one.topic], TRUTHS[one.answer.truth], WEIGHT_NAMES[one.answer.weight])


def _courses(prices: Prices) -> list[CourseView]:
    found = prices.comparison
    if found is None:
        return []
    named = ((_("Low prices"), found.low), (_("Likely prices"), found.likely), (_("High prices"), found.high))
    return [CourseView(name, course, _payback(course)) for name, course in named]


def _payback(course: Course) -> str:
    if course.payback is None:
        return _("never: a month saves nothing")
    return _("after %(months)s months", months=number(course.payback, 1))


def _missing(figures: Figures, prices: Prices, scenario: Scenario | None) -> list[Any]:
    """Numbers without which the comparison cannot be made, or says little."""
    found: list[Any] = []
    if figures.own_month is None:
        found.append(_("What the service costs you a month today: without it no saving can be told from a wish."))
    if scenario is None and figures.scenario is None:
        found.append(
            _("Contacts a month, their handle time and the people they take: prices are worked out over them.")
        )
    elif prices.outside and prices.outside.month is None:
        found.append(
            _(
                "Prices: only %(cards)s of %(all)s published rate cards price all of this, and fewer than "
                "%(least)s say little. Ask vendors for bids.",
                cards=number(prices.outside.cards),
                all=number(prices.outside.looked_at),
                least=number(LEAST_CARDS),
            )
        )
    if figures.retained_month is None:
        found.append(
            _("What you would still pay yourselves: somebody has to steer the vendor. It is taken as nothing so far.")
        )
    if figures.agents and prices.one_time is None:
        found.append(_("The one-time cost: no exchange rate is known for this currency."))
    return found


def _sentences(figures: Figures, prices: Prices, answers: Answers) -> list[Any]:
    """What the numbers say, each on its own hand."""
    found = prices.comparison
    if found is None:
        return []
    said = []
    if found.high.saving_month > 0:
        said.append(
            _(
                "Outside would cost less a month even at high prices. That speaks for a closer look, not "
                "for a decision: these prices are the middle half of published rate cards, not bids."
            )
        )
    elif found.low.saving_month <= 0:
        said.append(
            _("Outside would cost more a month even at low prices. What speaks for it then has to be worth that.")
        )
    else:
        said.append(_("Whether outside costs less depends on the price: only bids can tell."))
    if found.likely.payback is not None and found.likely.payback > figures.months:
        said.append(_("At likely prices the one-time cost does not come back within the months looked at."))
    cost = answers.by_topic.get(Topic.COST)
    if cost and cost.truth in ("yes", "partly") and found.likely.saving_month <= 0:
        said.append(
            _(
                "You answered that the service costs too much, but at likely prices nothing is saved: look "
                "at both again."
            )
        )
    return said


def _chart(figures: Figures, prices: Prices) -> charts.Chart | None:
    """The month outside, with what stays, as a range beside the own month."""
    found = prices.comparison
    if found is None:
        return None

    def write(minor: charts.Figure) -> str:
        return amount(int(minor), figures.currency, whole=True)

    outside = (found.low.outside_month, found.likely.outside_month, found.high.outside_month)
    return charts.range_rows(
        [(_("In house"), *(found.own_month,) * 3), (_("Outside"), *outside)],
        label=_("A month in house and outside, in %(currency)s", currency=figures.currency),
        head=(_("Where"), _("Low end"), _("Likely"), _("High end")),
        write=write,
    )
