"""The answers of one step as plain values: read from a requirement, and written as text for showing two of them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.accounts.actor import Actor
from portal.kit.text import listed
from portal.needs.models import Requirement
from portal.needs.queries import budget_of, channels_of, criteria_of, evaluation_of, knock_outs_of
from portal.needs.states import Step

Answers = Mapping[str, Any]

_COLUMNS = {
    Step.GOALS: (
        "title",
        "summary",
        "mode",
        "goals",
        "industry",
        "service_types",
        "country",
        "split_rule",
        "split_note",
        "retained",
        "start_on",
        "end_on",
        "wind_down",
        "data_deletion_on",
    ),
    Step.CHANNELS: (),
    Step.LANGUAGES: ("timezone", "is_24x7", "hours", "languages"),
    Step.TARGETS: (),
    Step.MONEY: ("start_on", "term_months", "currency", "validity_days"),
    Step.DEADLINE: ("deadline_local", "deadline_zone", "min_bids"),
    Step.CRITERIA: (),
}
_BUDGET = ("budget_total_minor", "budget_month_minor", "inhouse_month_minor")

LABELS = {
    "title": _l("Title"),
    "summary": _l("What you need"),
    "mode": _l("Form of outsourcing"),
    "goals": _l("Goals"),
    "industry": _l("Industry"),
    "service_types": _l("Kinds of enquiry"),
    "country": _l("Country of your customers"),
    "split_rule": _l("Divided"),
    "split_note": _l("How exactly"),
    "retained": _l("What your own team keeps"),
    "start_on": _l("Start"),
    "end_on": _l("End"),
    "wind_down": _l("Winding down"),
    "data_deletion_on": _l("Data deleted by"),
    "channels": _l("Channels"),
    "timezone": _l("Time zone"),
    "is_24x7": _l("Around the clock"),
    "hours": _l("Opening hours"),
    "languages": _l("Languages"),
    "targets": _l("Targets"),
    "term_months": _l("Months"),
    "currency": _l("Currency"),
    "validity_days": _l("Days bids stay valid"),
    "budget_total_minor": _l("Budget in total, minor units"),
    "budget_month_minor": _l("Budget a month, minor units"),
    "inhouse_month_minor": _l("Cost today a month, minor units"),
    "deadline_local": _l("Deadline"),
    "deadline_zone": _l("Time zone of the deadline"),
    "min_bids": _l("Least number of bids"),
    "criteria": _l("Criteria"),
    "knock_outs": _l("Must-haves"),
    "rules": _l("How bids are ranked"),
}


def answers_of(actor: Actor, requirement: Requirement, step: Step) -> dict[str, Any]:
    """What a step holds now, in the shape in which `save_step` takes it."""
    found = {name: getattr(requirement, name) for name in _COLUMNS[step]}
    if step == Step.CHANNELS:
        names = ("channel", "aht_s", "concurrency", "monthly", "measured", "source", "growth_pct")
        found["channels"] = [{name: getattr(row, name) for name in names} for row in channels_of(requirement)]
    if step == Step.TARGETS:
        found["targets"] = {
            row.channel: {
                "metric": row.target_metric,
                "value": row.target_value,
                "minimum": row.target_minimum,
                "seconds": row.target_seconds,
            }
            for row in channels_of(requirement)
        }
    if step == Step.MONEY:
        budget = budget_of(actor, requirement)
        found |= {name: getattr(budget, name, None) for name in _BUDGET}
    if step == Step.CRITERIA:
        fields = ("code", "title", "description", "weight", "kind", "minimum", "anchors")
        found["criteria"] = [{name: getattr(row, name) for name in fields} for row in criteria_of(requirement)]
        found["knock_outs"] = [{"title": row.title, "evidence": row.evidence} for row in knock_outs_of(requirement)]
        found["rules"] = evaluation_of(requirement).to_document()
    return found


def as_text(answers: Answers) -> str:
    """The answers as lines of words, for two people who edited the same step."""
    return "\n".join(f"{LABELS.get(name, name)}: {_plain(value)}" for name, value in answers.items())


def _plain(value: Any) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, Mapping):
        return listed((f"{key} {_plain(inner)}" for key, inner in value.items()), of_lists=True)
    if isinstance(value, (list, tuple)):
        return listed(_plain(inner) for inner in value) or "–"
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    return str(value)
