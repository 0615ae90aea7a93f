"""A buyer's own cost line by line: each with the formula and the numbers that it came from."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from flask_babel import gettext as _

from blueprints.buyer.forms.in_house import LABELS
from blueprints.shared.formatting import number, percent, rate
from portal.kit.calculators import CalculationError
from portal.kit.charts import Chart, share_bar
from portal.kit.money import exponent, round_half_up, to_major
from portal.kit.rounding import rounded
from portal.needs.baseline import MONTHS, TAKEN, USUAL, Baseline
from portal.needs.in_house import AVOIDED, LINE_NAMES, PER_CONTACT_DECIMALS, InHouse, InHouseCost, Line

PEOPLE = (Line.AGENTS, Line.SUPERVISORS, Line.QA)


class CostRow(NamedTuple):
    """One line of the year; `working` is its formula with numbers, `note` what of it nobody typed."""

    name: Any
    working: str
    note: str
    year_minor: int
    month_minor: int
    per_contact: Decimal | None
    avoided: bool


class CostView(NamedTuple):
    """The whole year, a twelfth of it, and the people to be found in it."""

    rows: list[CostRow]
    cost: InHouseCost
    month_minor: int
    hires: Decimal
    chart: Chart
    parts: list[tuple[str, str, str]]


def view_of_cost(baseline: Baseline) -> CostView | None:
    """What the kept answers come to; None where they cannot be worked out together."""
    try:
        cost, given = baseline.cost, baseline.in_house
    except CalculationError:
        return None
    workings = _workings(given, cost)
    rows = [
        CostRow(
            LINE_NAMES[line],
            workings[line](),
            _note(baseline, line),
            minor,
            round_half_up(Fraction(minor, MONTHS), 0),
            _per_contact(minor, baseline),
            line in AVOIDED,
        )
        for line, minor in cost.lines.items()
    ]
    return CostView(rows, cost, baseline.month_minor, rounded(cost.hires, 1), _chart(cost), _legend(cost))


def _per_contact(minor: int, baseline: Baseline) -> Decimal | None:
    contacts = baseline.value("contacts")
    if not contacts:
        return None
    return rounded(Fraction(minor) / Fraction(contacts) / 10 ** exponent(baseline.currency), PER_CONTACT_DECIMALS)


def _workings(one: InHouse, cost: InHouseCost) -> Mapping[Line, Callable[[], str]]:
    fte, hires = number(one.fte, 2), number(rounded(cost.hires, 2))
    on_top = f"(1 + {percent(one.on_cost)})"
    return {
        Line.AGENTS: lambda: f"{fte} × {rate(one.salary)} × {on_top}",
        Line.SUPERVISORS: lambda: f"{fte} ÷ {_span(one.supervisor_span)} × {rate(one.supervisor_salary)} × {on_top}",
        Line.QA: lambda: f"{fte} ÷ {_span(one.qa_span)} × {rate(one.qa_salary)} × {on_top}",
        Line.RECRUITING: lambda: f"{_hired(one, fte, hires)} × {rate(one.cost_per_hire)}",
        Line.TRAINING: lambda: (
            f"{_hired(one, fte, hires)} × ({_plain(one.training_weeks)} ÷ 52 × {rate(one.salary)} × {on_top}"
            f" + {rate(one.training_material)})"
        ),
        Line.TECHNOLOGY: lambda: f"{fte} × {rate(one.technology_month)} × 12",
        Line.TELECOM: lambda: f"{number(one.telecom_minutes, 0)} × {rate(one.telecom_rate)}",
        Line.FACILITIES: lambda: f"{fte} × {rate(one.seat_year)}",
        Line.EQUIPMENT: lambda: f"{fte} × {rate(one.equipment_seat)} ÷ {_plain(one.equipment_years)}",
        Line.OVERHEAD: lambda: f"{percent(one.overhead)} × {number(to_major(cost.subtotal_minor, one.currency))}",
    }


def _hired(one: InHouse, fte: str, hires: str) -> str:
    return _("%(hires)s people (%(fte)s × %(share)s)", hires=hires, fte=fte, share=percent(one.attrition))


def _span(value: Decimal | None) -> str:
    return _plain(value or Decimal(1))


def _plain(value: Decimal) -> str:
    return number(value, 0 if value == value.to_integral_value() else 1)


_ASKED = {
    Line.AGENTS: ("fte", "salary", "on_cost"),
    Line.SUPERVISORS: ("supervisor_salary", "supervisor_span"),
    Line.QA: ("qa_salary", "qa_span"),
    Line.RECRUITING: ("cost_per_hire", "attrition"),
    Line.TRAINING: ("training_material", "training_weeks"),
    Line.TECHNOLOGY: ("technology_month",),
    Line.TELECOM: ("telecom_rate", "telecom_minutes"),
    Line.FACILITIES: ("seat_year",),
    Line.EQUIPMENT: ("equipment_seat", "equipment_years"),
    Line.OVERHEAD: ("overhead",),
}
"""The answers that stand for a line first: a common one, such as attrition, is remarked on once."""


def _note(baseline: Baseline, line: Line) -> str:
    """What of a line is usual, from the plan, or missing."""
    names = _ASKED[line]
    usual = [str(LABELS[name][0]) for name in names if name in USUAL and baseline.is_usual(name)]
    planned = [str(LABELS[name][0]) for name in names if name in TAKEN and name not in baseline.typed]
    missing = [str(LABELS[name][0]) for name in names if baseline.value(name) is None]
    sentences = []
    if missing:
        sentences.append(_("Not given, so 0: %(what)s.", what=", ".join(missing)))
    if planned and not missing:
        sentences.append(_("From the plan: %(what)s.", what=", ".join(planned)))
    if usual and not missing:
        sentences.append(_("Usual value: %(what)s.", what=", ".join(usual)))
    return " ".join(sentences)


def _parts(cost: InHouseCost) -> list[tuple[str, str, Decimal]]:
    people = sum(cost.lines[line] for line in PEOPLE)
    rest = cost.total_minor - people - cost.avoided_minor
    amounts = (
        ("compare", _("Salaries"), people),
        ("one_time", _("Finding and training people"), cost.avoided_minor),
        ("operating", _("Everything else"), rest),
    )
    return [(kind, name, to_major(minor, cost.currency)) for kind, name, minor in amounts]


def _chart(cost: InHouseCost) -> Chart:
    label = _("What the year in house is spent on")
    return share_bar(_parts(cost), label=label, first=_("For"), name=_("A year"), write=lambda value: number(value, 0))


def _legend(cost: InHouseCost) -> list[tuple[str, str, str]]:
    return [(kind, name, number(amount, 0)) for kind, name, amount in _parts(cost)]
