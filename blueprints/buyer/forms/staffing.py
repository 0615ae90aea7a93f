"""The form of a plan's assumptions: only the questions that the requirement's form of outsourcing raises."""

from collections.abc import Sequence
from datetime import time
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, TimeField
from wtforms.validators import Optional

from blueprints.shared.choices import spoken_name
from blueprints.shared.fields import LocalDecimalField
from blueprints.shared.forms import EditingForm
from blueprints.shared.rate_card_form import boxes
from portal.measures.words import CHANNEL_NAMES, Channel, Mode
from portal.needs.models import Requirement, RequirementChannel
from portal.needs.staffing_inputs import USUAL_SHRINKAGE, USUAL_WEEK_HOURS, StaffingInputs
from portal.needs.states import SplitRule

TIMES = ("vendor_from", "vendor_until")


class AssumptionsForm(EditingForm):
    """What every plan rests on. An empty answer is the usual one, which the field shows."""

    shrinkage = LocalDecimalField(
        _l("Shrinkage"),
        [Optional()],
        decimals=1,
        description=_l("Paid time not spent on contacts: leave, sickness, breaks, training."),
        render_kw={"placeholder": str(USUAL_SHRINKAGE)},
    )
    occupancy = LocalDecimalField(
        _l("Highest occupancy"),
        [Optional()],
        decimals=1,
        description=_l("Usual: 85 for phone and chat, 88 in large groups on the phone, 90 for work that can wait."),
        render_kw={"placeholder": "85–90"},
    )
    min_agents = IntegerField(
        _l("Least people while open"),
        [Optional()],
        description=_l("For each channel and language in which customers wait."),
        render_kw={"placeholder": "1"},
    )
    week_hours = LocalDecimalField(
        _l("Full-time week"),
        [Optional()],
        decimals=1,
        description=_l("Paid hours of one full-time person."),
        render_kw={"placeholder": str(USUAL_WEEK_HOURS)},
    )
    holidays = BooleanField(_l("Closed on the public holidays of the customers' country"))

    def answers(self) -> dict[str, Any]:
        """The answers as `plan_staffing` takes them."""
        names = set(self._fields) - {"csrf_token", "submission_id", "version"}
        found = {name: self._fields[name].data for name in names if not name.startswith("own_")}
        found |= {name: _written(found.get(name)) for name in TIMES}
        own = {name.removeprefix("own_"): self._fields[name].data for name in names if name.startswith("own_")}
        return found | {"own_agents": own}


def assumptions_form(
    requirement: Requirement, channels: Sequence[RequirementChannel], inputs: StaffingInputs
) -> AssumptionsForm:
    """The form for one requirement, filled with what was said before."""
    fields: dict[str, Any] = {}
    for row in channels:
        if row.channel == Channel.CHAT:
            fields["concurrency"] = IntegerField(
                _l("Chats at once"),
                [Optional()],
                description=_l("Per agent, 1 to 4; usually what the volumes say."),
                render_kw={"placeholder": str(row.concurrency)},
            )
    if requirement.mode == Mode.PARTIAL:
        fields |= _division(requirement, channels)
    if requirement.mode == Mode.TEMPORARY:
        fields |= _course()
    filled = {name: getattr(inputs, name) for name in StaffingInputs.__dataclass_fields__}
    filled |= {name: _time(filled[name]) for name in TIMES} | {"to_vendor": list(inputs.to_vendor)}
    filled |= {f"own_{name}": people for name, people in inputs.own_agents.items()}
    kind = type("AssumptionsForm", (AssumptionsForm,), fields)
    return kind(data=filled | {"version": requirement.version})


def _division(requirement: Requirement, channels: Sequence[RequirementChannel]) -> dict[str, Any]:
    rule = requirement.split_rule
    if rule in (SplitRule.BY_CHANNEL, SplitRule.BY_LANGUAGE):
        names = {row.channel: CHANNEL_NAMES[row.channel] for row in channels}
        if rule == SplitRule.BY_LANGUAGE:
            names = {one["code"]: spoken_name(one["code"]) for one in requirement.languages}
        return {"to_vendor": boxes(_l("The vendor takes"), names)}
    if rule == SplitRule.BY_HOURS:
        return {
            "vendor_from": TimeField(_l("The vendor takes over at"), [Optional()]),
            "vendor_until": TimeField(_l("Until"), [Optional()], description=_l("Also past midnight.")),
            "vendor_weekends": BooleanField(_l("The vendor has all of Saturday and Sunday")),
        }
    if rule == SplitRule.OVERFLOW:
        return {
            f"own_{row.channel}": IntegerField(
                _l("%(channel)s: people of your own", channel=CHANNEL_NAMES[row.channel]),
                [Optional()],
                description=_l("At work at once, in each language."),
            )
            for row in channels
        }
    if rule is None:
        return {}
    return {"vendor_share": LocalDecimalField(_l("The vendor's share of contacts"), [Optional()], decimals=1)}


def _course() -> dict[str, Any]:
    return {
        "ramp_up_weeks": IntegerField(_l("Ramp-up"), [Optional()], render_kw={"placeholder": "0"}),
        "wind_down_weeks": IntegerField(_l("Wind-down"), [Optional()], render_kw={"placeholder": "0"}),
        "surge": LocalDecimalField(
            _l("Possible surge"),
            [Optional()],
            decimals=1,
            description=_l("Contacts on top of the forecast."),
            render_kw={"placeholder": "0"},
        ),
        "surge_probability": LocalDecimalField(
            _l("How likely it is"), [Optional()], decimals=1, render_kw={"placeholder": "0"}
        ),
    }


def _time(text: str) -> time | None:
    return time.fromisoformat(text) if text else None


def _written(value: time | None) -> str:
    return value.strftime("%H:%M") if value else ""
