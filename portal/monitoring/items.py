"""Which data items a channel's month is reported with: what its target needs, contacts handled and handle time."""

from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.kit.errors import Invalid
from portal.measures.catalogue import measure

# Satisfaction comes from the survey, never from the vendor.
FROM_SURVEY = frozenset({"CSAT", "NPS", "CES"})
ALWAYS = ("handled", "talk_s", "hold_s", "acw_s")
ITEM_NAMES: dict[str, Any] = {
    "offered": _l("Contacts offered"),
    "answered": _l("Contacts answered"),
    "ans_in_T": _l("Answered within the target time"),
    "abandoned": _l("Abandoned"),
    "abandoned_in_T": _l("Abandoned within the target time"),
    "wait_answered_s": _l("Waiting of the answered, seconds in all"),
    "handled": _l("Contacts handled"),
    "talk_s": _l("Talking or writing, seconds in all"),
    "hold_s": _l("On hold, seconds in all"),
    "acw_s": _l("After-contact work, seconds in all"),
    "resolved_first": _l("Resolved at first contact"),
    "resolvable": _l("Resolvable contacts"),
    "within_frt": _l("First answers within the target time"),
    "due_frt": _l("First answers due"),
    "within_ttr": _l("Resolved within the target time"),
    "due_ttr": _l("Resolutions due"),
}
MAX_VALUE = Decimal(10) ** 12


def items_of(target: dict[str, Any]) -> tuple[str, ...]:
    """The items to report for a channel, from its target in the agreement's terms, in a sensible order."""
    code = target["metric"]
    needed = () if code in FROM_SURVEY else measure(code).default.needs
    return tuple(item for item in ITEM_NAMES if item in (*needed, *ALWAYS))


def checked(figures: dict[str, str], where: str = "") -> dict[str, str]:
    """Reported values as canonical decimal text.

    Raises Invalid naming the item for what is no number, negative or impossible: more answered within the time than
    answered, more answered and abandoned than offered beyond 1 %.
    """
    values: dict[str, Decimal] = {}
    for item, typed in figures.items():
        values[item] = _number(item, typed, where)
    _compare(values, "ans_in_T", "answered", where)
    _compare(values, "abandoned_in_T", "abandoned", where)
    _compare(values, "resolved_first", "resolvable", where)
    _compare(values, "within_frt", "due_frt", where)
    _compare(values, "within_ttr", "due_ttr", where)
    if {"offered", "answered", "abandoned"} <= set(values):
        most = values["offered"] * Decimal("1.01")
        if values["answered"] + values["abandoned"] > most:
            raise Invalid(_l("%(where)sAnswered and abandoned are more than offered.", where=where), "answered")
    return {item: format(value.normalize(), "f") for item, value in values.items()}


def _number(item: str, typed: str, where: str) -> Decimal:
    try:
        value = Decimal(typed.strip().replace(",", "").replace("\u202f", "").replace("\u00a0", ""))
    except InvalidOperation:
        value = Decimal("NaN")
    if not typed.isascii() or not value.is_finite() or not 0 <= value <= MAX_VALUE or "e" in typed.lower():
        raise Invalid(_l("%(where)s%(item)s: enter a number from 0 up.", where=where, item=ITEM_NAMES[item]), item)
    return value


def _compare(values: dict[str, Decimal], part: str, whole: str, where: str) -> None:
    if part in values and whole in values and values[part] > values[whole]:
        sentence = _l(
            "%(where)s%(part)s cannot be more than %(whole)s.",
            where=where,
            part=ITEM_NAMES[part],
            whole=ITEM_NAMES[whole],
        )
        raise Invalid(sentence, part)
