"""Step 1: what is wanted, why, and in which form of outsourcing."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from flask_babel import lazy_gettext as _l

from portal.kit.errors import Invalid
from portal.kit.text import clean_text
from portal.measures.words import INDUSTRY_NAMES, Mode, ServiceType
from portal.needs.actions.draft import checked_mode, checked_title
from portal.needs.forecast import months_between
from portal.needs.models import Requirement
from portal.needs.states import Goal, SplitRule

MAX_TEXT = 5000
MAX_MONTHS = 120


def save(
    requirement: Requirement,
    *,
    title: str,
    mode: str,
    summary: str = "",
    goals: Iterable[str] = (),
    industry: str = "",
    service_types: Iterable[str] = (),
    country: str = "",
    split_rule: str | None = None,
    split_note: str = "",
    retained: str = "",
    start_on: date | None = None,
    end_on: date | None = None,
    wind_down: str = "",
    data_deletion_on: date | None = None,
) -> None:
    """Take the answers; what belongs to another form of outsourcing than the chosen one is dropped."""
    was_temporary = requirement.mode == Mode.TEMPORARY
    requirement.title, requirement.mode = checked_title(title), checked_mode(mode)
    requirement.summary = checked_text(summary, "summary")
    requirement.goals = _known(Goal, goals, "goals")
    requirement.service_types = _known(ServiceType, service_types, "service_types")
    if industry and industry not in INDUSTRY_NAMES:
        raise Invalid(_l("Choose an industry from the list."), "industry")
    requirement.industry = industry
    requirement.country = country or requirement.country
    is_partial, is_temporary = mode == Mode.PARTIAL, mode == Mode.TEMPORARY
    requirement.split_rule = _known(SplitRule, [split_rule], "split_rule")[0] if is_partial and split_rule else None
    requirement.split_note = checked_text(split_note, "split_note") if is_partial else ""
    requirement.retained = checked_text(retained, "retained") if is_partial else ""
    requirement.wind_down = checked_text(wind_down, "wind_down") if is_temporary else ""
    requirement.data_deletion_on = data_deletion_on if is_temporary else None
    if is_temporary:
        _take_dates(requirement, start_on, end_on, data_deletion_on)
    elif was_temporary:
        requirement.start_on = requirement.end_on = requirement.term_months = None


def _take_dates(
    requirement: Requirement, start_on: date | None, end_on: date | None, data_deletion_on: date | None
) -> None:
    """Start and end of a temporary service, which give its term."""
    months = None
    if start_on and end_on:
        if end_on <= start_on:
            raise Invalid(_l("The end must lie after the start."), "end_on")
        months = months_between(start_on, end_on)
        if months > MAX_MONTHS:
            raise Invalid(_l("A term has at most %(most)s months.", most=MAX_MONTHS), "end_on")
    if data_deletion_on and end_on and data_deletion_on < end_on:
        raise Invalid(_l("The data is still needed before the end: choose a later date."), "data_deletion_on")
    requirement.start_on, requirement.end_on, requirement.term_months = start_on, end_on, months


def checked_text(value: str, field: str) -> str:
    """Several cleaned lines. Raises Invalid for too many."""
    cleaned = clean_text(value)
    if len(cleaned) > MAX_TEXT:
        raise Invalid(_l("This is too long: %(most)s characters are possible.", most=MAX_TEXT), field)
    return cleaned


def _known(kind: type[StrEnum], values: Iterable[str], field: str) -> list[str]:
    found = list(dict.fromkeys(values))
    if any(value not in list(kind) for value in found):
        raise Invalid(_l("Choose from the list."), field)
    return [kind(value).value for value in found]
