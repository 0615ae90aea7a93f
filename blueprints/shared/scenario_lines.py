"""The scenarios of a requirement in one line each, before they are frozen and afterwards."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l

from portal.needs.models import FrozenScenario
from portal.needs.scenarios import ScenarioKind
from portal.pricing.documents import scenario_from_document
from portal.pricing.values import Scenario, ScenarioPart

NAMES = {
    ScenarioKind.LOW: _l("Low"),
    ScenarioKind.BASE: _l("Base"),
    ScenarioKind.HIGH: _l("High"),
    ScenarioKind.TEMPORARY: _l("Temporary"),
}


class ScenarioLine(NamedTuple):
    """What a scenario comes to over its whole term; people count as far as they are in place in a month.

    `is_vendors` tells that it holds only what the vendor takes of a divided service.
    """

    name: Any
    note: Any
    months: int
    contacts: Decimal
    mean_fte: Decimal | None
    most_fte: Decimal | None
    most_seats: Decimal | None
    sha256: str
    is_vendors: bool


def frozen_lines(rows: Sequence[FrozenScenario]) -> list[ScenarioLine]:
    """Those of stored scenarios."""
    return [scenario_line(scenario_from_document(row.document), row.sha256) for row in rows]


def scenario_line(scenario: Scenario, sha256: str = "") -> ScenarioLine:
    """One scenario; `sha256` is empty while it is not frozen."""
    kind = ScenarioKind(scenario.name)
    people = [month.fte * month.ramp for month in scenario.months if month.fte is not None]
    is_project = kind is ScenarioKind.TEMPORARY
    return ScenarioLine(
        name=NAMES[kind],
        note=_l("with ramp-up, wind-down and the expected surge") if is_project else "",
        months=len(scenario.months),
        contacts=sum((row.contacts for month in scenario.months for row in month.volumes), Decimal(0)),
        mean_fte=sum(people, Decimal(0)) / len(people) if people else None,
        most_fte=max(people, default=None),
        most_seats=max((month.seats for month in scenario.months if month.seats is not None), default=None),
        sha256=sha256,
        is_vendors=scenario.part is ScenarioPart.VENDOR,
    )
