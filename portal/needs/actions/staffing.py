"""Keeping what the buyer assumes when it plans people, as long as the requirement is being written."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.kit import audit, clock
from portal.kit.calculators import CalculationError
from portal.kit.db import check_version, db
from portal.kit.errors import Conflict, Invalid
from portal.measures.words import Channel
from portal.needs import policy
from portal.needs.models import Requirement, RequirementStaffing
from portal.needs.numbers import checked_decimal
from portal.needs.queries import channels_of, locked
from portal.needs.staffing.coverage import public_holidays
from portal.needs.states import SplitRule

_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")

BOUNDS: dict[str, tuple[int, int, int, Any]] = {
    "shrinkage": (0, 90, 1, _l("Write a share from 0 to 90 %.")),
    "occupancy": (50, 100, 1, _l("Write a share from 50 to 100 %.")),
    "week_hours": (1, 168, 1, _l("Write hours from 1 to 168.")),
    "vendor_share": (0, 100, 1, _l("Write a percentage from 0 to 100.")),
    "surge": (0, 1000, 1, _l("Write how many per cent more, from 0 to 1,000.")),
    "surge_probability": (0, 100, 1, _l("Write a percentage from 0 to 100.")),
    "min_agents": (0, 1000, 0, _l("Write a whole number from 0 to 1,000.")),
    "concurrency": (1, 4, 0, _l("Write a whole number from 1 to 4.")),
    "ramp_up_weeks": (0, 52, 0, _l("Write weeks from 0 to 52.")),
    "wind_down_weeks": (0, 52, 0, _l("Write weeks from 0 to 52.")),
}
"""Least, most and decimals of each number, and what to do about one that is none of these."""


def plan_staffing(actor: Actor, requirement: Requirement, answers: Mapping[str, Any], *, version: int) -> Requirement:
    """Keep the assumptions of `answers` (the fields of StaffingInputs) in place of those before; empty is the usual.

    Raises Invalid at the field at fault, StaleVersion, Conflict once published.
    """
    actor.permit(Permission.REQUIREMENT_EDIT)
    found = locked(actor, requirement.id)
    check_version(found, version)
    if not policy.can_edit(actor, found):
        raise Conflict
    document = _numbers(answers) | _division(found, answers)
    if answers.get("holidays"):
        document["holidays"] = _known_holidays(found)
    row = db.session.get(RequirementStaffing, found.id)
    before = row.inputs if row else {}
    if row is None:
        row = RequirementStaffing(requirement_id=found.id, buyer_id=found.buyer_id)
        db.session.add(row)
    row.inputs = document
    found.saved_at = clock.now()  # the version counts up, so that nobody overwrites anybody
    db.session.flush()
    audit.record(actor, "needs:requirement:plan_staffing", found, before=before, after=document)
    return found


def _numbers(answers: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, (least, most, decimals, sentence) in BOUNDS.items():
        value = answers.get(name)
        if value is None or str(value).strip() == "":
            continue
        text = checked_decimal(value, name, sentence, least=least, most=most, decimals=decimals)
        found[name] = text if decimals else int(text)
    return found


def _division(requirement: Requirement, answers: Mapping[str, Any]) -> dict[str, Any]:
    """What the requirement's own rule of division asks for; answers to other rules are not kept."""
    kinds: dict[str, Callable[[Requirement, Mapping[str, Any]], dict[str, Any]]] = {
        SplitRule.BY_CHANNEL: lambda one, given: _parts(given, [row.channel for row in channels_of(one)]),
        SplitRule.BY_LANGUAGE: lambda one, given: _parts(given, [language["code"] for language in one.languages]),
        SplitRule.BY_HOURS: _hours,
        SplitRule.OVERFLOW: _own_agents,
    }
    read = kinds.get(requirement.split_rule or "")
    return read(requirement, answers) if read else {}


def _parts(answers: Mapping[str, Any], known: Iterable[str]) -> dict[str, Any]:
    wanted = list(answers.get("to_vendor") or ())
    if set(wanted) - set(known):
        raise Invalid(_l("Choose from the list."), "to_vendor")
    return {"to_vendor": wanted} if wanted else {}


def _hours(_requirement: Requirement, answers: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"vendor_weekends": True} if answers.get("vendor_weekends") else {}
    times = {name: str(answers.get(name) or "") for name in ("vendor_from", "vendor_until")}
    if not any(times.values()):
        return found
    for name, text in times.items():
        if not _CLOCK.fullmatch(text):
            raise Invalid(_l("Write times as 08:00; give both, or neither."), name)
    if times["vendor_from"] == times["vendor_until"]:
        raise Invalid(_l("The vendor's hours must end at another time than they begin."), "vendor_until")
    return found | times


def _own_agents(requirement: Requirement, answers: Mapping[str, Any]) -> dict[str, Any]:
    given, found = answers.get("own_agents") or {}, {}
    for row in channels_of(requirement):
        value = given.get(row.channel)
        if value is not None and str(value).strip() != "":
            sentence = _l("Write a whole number from 0 to 1,000.")
            text = checked_decimal(value, f"own_{Channel(row.channel)}", sentence, most=1000, decimals=0)
            found[row.channel] = int(text)
    return {"own_agents": found} if found else {}


def _known_holidays(requirement: Requirement) -> bool:
    today = clock.now().date()
    try:
        public_holidays(requirement.country, today, today)
    except CalculationError as error:
        sentence = _l("The public holidays of this country are not known: do not plan them as days off.")
        raise Invalid(sentence, "holidays") from error
    return True
