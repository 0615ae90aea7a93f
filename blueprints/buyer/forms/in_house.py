"""The form of a buyer's own cost. A field shows what is taken while it is left empty."""

from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms.validators import Optional

from blueprints.shared.fields import LocalDecimalField
from blueprints.shared.formatting import number
from blueprints.shared.forms import EditingForm
from blueprints.shared.needed import Needed
from portal.needs.baseline import BOUNDS, FIELDS, Baseline

LABELS: dict[str, tuple[Any, Any]] = {
    "fte": (_l("Agents, full-time"), _l("Taken from the staffing plan; write your own number where you know better.")),
    "contacts": (_l("Contacts a year"), _l("For the cost of one contact; taken from the volumes.")),
    "salary": (_l("Salary of an agent"), _l("A year, before the employer's share.")),
    "on_cost": (_l("Employer's share"), _l("Insurance, pension and bonus on top of every salary.")),
    "supervisor_salary": (_l("Salary of a supervisor"), _l("Left empty: nobody leads the team.")),
    "supervisor_span": (_l("Agents for each supervisor"), None),
    "qa_salary": (_l("Salary of a quality analyst"), _l("Left empty: nobody checks contacts.")),
    "qa_span": (_l("Agents for each analyst"), None),
    "attrition": (_l("Agents who leave in a year"), _l("As many are found and trained anew.")),
    "cost_per_hire": (_l("Recruiting one person"), _l("Advertising, agency and interviews.")),
    "training_weeks": (_l("Training of a new person"), _l("On full pay.")),
    "training_material": (_l("Trainer and material"), _l("For each new person.")),
    "technology_month": (_l("Technology"), _l("Licences for each agent a month.")),
    "telecom_minutes": (_l("Minutes on the phone"), _l("A year; taken from calls and their handle time.")),
    "telecom_rate": (_l("Telecommunications"), _l("For each minute.")),
    "seat_year": (_l("Facilities"), _l("Rent, energy and cleaning for each agent a year.")),
    "equipment_seat": (_l("Equipment"), _l("Bought for each agent.")),
    "equipment_years": (_l("It lasts"), None),
    "overhead": (_l("Management overhead"), _l("On top of all other lines.")),
}
"""The questions in the order of the lines of the cost."""


class InHouseForm(EditingForm):
    """What the service costs the buyer itself in a year."""

    def answers(self) -> dict[str, Any]:
        """The answers as `keep_in_house` takes them."""
        return {name: self._fields[name].data for name in FIELDS}


def in_house_form(baseline: Baseline, version: int) -> InHouseForm:
    """The form filled with what was typed; the fields left empty show what is taken in their place."""
    fields = {}
    for name, (label, hint) in LABELS.items():
        needed = Needed() if name == "salary" else Optional()
        shown = None if name in baseline.typed else baseline.value(name)
        fields[name] = LocalDecimalField(
            label,
            [needed],
            decimals=BOUNDS[name][2],
            description=hint,
            render_kw={"placeholder": ""} if shown is None else {"placeholder": _written(shown)},
        )
    kind = type("InHouseForm", (InHouseForm,), fields)
    form: InHouseForm = kind(data={**baseline.typed, "version": version})
    return form


def _written(value: Decimal) -> str:
    return str(number(value.normalize() if value != value.to_integral_value() else value, None))
