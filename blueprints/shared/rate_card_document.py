"""Between a rate card's document and its form, both ways, and refusals of the one at the fields of the other."""

import re
from collections.abc import Mapping
from typing import Any

from blueprints.shared.rate_card_form import LINE_GROUPS, RateCardForm
from portal.kit.calculators import CalculationError
from portal.kit.text import slug
from portal.pricing.documents import rate_card_from_document
from portal.pricing.fee_kinds import Fee
from portal.pricing.fees import FEES_BY_CLASS, Answer, priced_fees
from portal.pricing.values import FeeClass, Unit

# Parts of a card that the form does not show are kept as they were.
KEPT = ("valid_from", "valid_to")
HEADER = ("tax", "surcharge_stacking")
FILTERS = {"channels": "channel", "windows": "window", "languages": "lang", "locations": "location"}
FILTERS_KEPT = ("skill", "segment")
SPLIT = ("languages", "locations")
LISTS = ("applies_to", "scope")
NUMBER_LISTS = ("months", "exempt_months")
# Fields of operating lines by the units they belong to; others are not sent on.
ONLY_FOR = {
    "outcome": {Unit.OUTCOME},
    "billing_occupancy": {Unit.HOUR},
    "billing_basis": {Unit.HOUR},
    "increment_s": {Unit.MINUTE},
    "pct": {Unit.PERCENT},
    "applies_to": {Unit.PERCENT},
}
NOT_FOR_PERCENT = ("rate", "included_qty", "indexed", "tier_mode", "agent_model")
FORM_NAMES = {"to": "up_to"} | {key: name for name, key in FILTERS.items()}


def document_from(form: RateCardForm, base: dict[str, Any] | None = None) -> dict[str, Any]:
    """The document of what was entered, for the reader of rate cards to check.

    `base` is the document the form was filled from; what the form does not show is taken over from it.
    """
    base = base or {}
    document: dict[str, Any] = {key: base[key] for key in KEPT if key in base}
    document |= {key: form[key].data for key in HEADER}
    if form.currency.data:
        document["currency"] = form.currency.data
    before = {line["code"]: line for line in base.get("operating", [])}
    for group in LINE_GROUPS:
        lines = [_line(group, number, line) for number, line in enumerate(form.lines(group), start=1)]
        document[group] = [_with_kept_parts(line, before.get(line["code"], {})) for line in lines]
    for part in ("min_commitment", "cola"):
        values = _plain(form[part].form)
        if values:
            document[part] = values
    credits = _plain(form.sla.form)
    items = [_plain(entry.form) for entry in form.sla.form.items if not entry.form.is_empty]
    if credits or items:
        document["sla"] = credits | {"items": items}
    priced = priced_by(document)
    document["waived"] = [fee for fee in form.waived.data or () if fee not in priced]
    return document


def priced_by(document: Mapping[str, Any]) -> Mapping[Fee, tuple[str, ...]]:
    """The fees that the lines of a document price; none where the document cannot be read yet."""
    try:
        card = rate_card_from_document({key: value for key, value in document.items() if key != "waived"})
    except CalculationError:
        return {}
    return priced_fees(card)


def answers_of(form: RateCardForm, base: dict[str, Any] | None = None) -> Mapping[FeeClass, list[tuple[Answer, Any]]]:
    """The catalogue of fees by class: how the form as it stands answers each, and the box that says "not charged"."""
    document = document_from(form, base)
    priced, boxes = priced_by(document), {option.data: option for option in form.waived}
    return {
        fee_class: [(Answer(fee, priced.get(fee, ()), fee in document["waived"]), boxes[fee]) for fee in fees]
        for fee_class, fees in FEES_BY_CLASS.items()
    }


def form_from(document: dict[str, Any]) -> dict[str, Any]:
    """What a `RateCardForm` is filled with to show `document`."""
    filled: dict[str, Any] = {
        key: document[key] for key in ("currency", "tax", "surcharge_stacking") if key in document
    }
    for group in LINE_GROUPS:
        filled[group] = [_shown(line) for line in document.get(group, [])]
    for part in ("min_commitment", "cola", "sla"):
        if part in document:
            filled[part] = _shown(document[part])
    filled["waived"] = list(document.get("waived", []))
    return filled


def show_refusal(form: RateCardForm, error: CalculationError) -> bool:
    """Put a refusal of the document at its field; False when the form has no such field."""
    steps: list[Any] = [
        int(name[1:-1]) if name.startswith("[") else name for name in re.findall(r"\[\d+\]|\w+", error.path)
    ]
    steps = steps[1:] if steps[:1] == ["rate_card"] else steps
    field = _find(form, steps)
    if field is None:
        return False
    field.errors = [*field.errors, f"{field.label.text}: {error.message}"]
    for group in LINE_GROUPS:
        _gather_errors(form[group])
    _gather_errors(form.sla.form.items)
    return True


def _gather_errors(lines: Any) -> None:
    """Tell a list of lines of the errors in it, as its own validation would have."""
    for entry in lines:
        if "tiers" in entry.form:
            _gather_errors(entry.form.tiers)
    errors = [entry.errors for entry in lines]
    lines.errors = errors if any(errors) else []


def _line(group: str, number: int, form: Any) -> dict[str, Any]:
    values = _plain(form)
    values["code"] = values.get("code") or _made_up_code(group, number, form)
    if group == "operating":
        return _operating(values, form)
    if group == "one_time":
        values["mandatory_flag"] = form.mandatory_flag.data
    return values if "qty" in values else values | {"qty": "1"}


def _operating(values: dict[str, Any], form: Any) -> dict[str, Any]:
    unit = Unit(values["unit"])
    tiers = [_plain(entry.form) for entry in form.tiers if not entry.form.is_empty]
    for name, units in ONLY_FOR.items():
        if unit not in units:
            values.pop(name, None)
    values["filter"] = {key: values.pop(name) for name, key in FILTERS.items() if values.get(name)}
    values["indexed"] = form.indexed.data
    values["baseline"] = _plain(form.baseline.form)
    if unit is Unit.PERCENT:
        for name in NOT_FOR_PERCENT:
            values.pop(name, None)
    elif tiers:
        values["tiers"] = [{"to": tier.get("up_to"), "rate": tier.get("rate")} for tier in tiers]
        values.pop("rate", None)
    return {key: value for key, value in values.items() if value not in ({}, None)}


def _with_kept_parts(line: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    """The line with what its earlier self had and the form cannot show."""
    filters = {key: before["filter"][key] for key in FILTERS_KEPT if key in before.get("filter", {})}
    return line | ({"filter": line.get("filter", {}) | filters} if filters else {})


def _made_up_code(group: str, number: int, form: Any) -> str:
    """A code for a line that was given none, from its words or its place."""
    told = next((form[name].data for name in ("description", "note", "trigger_text") if name in form), None)
    return (slug(told)[:30].replace("-", "_") if told else f"{group}_{number}").upper()


def _plain(form: Any) -> dict[str, Any]:
    """The entered values of a form as a document has them; what was left empty is left out."""
    values: dict[str, Any] = {}
    for field in form:
        if field.type in ("FieldList", "FormField", "BooleanField") or field.data in (None, "", []):
            continue
        name = field.short_name
        if name in LISTS + NUMBER_LISTS + SPLIT:
            values[name] = [part.strip() for part in re.split(r"[,，、;]", field.data) if part.strip()]
        elif field.type == "DecimalField":
            values[name] = format(field.data, "f")
        else:
            values[name] = field.data
    return values


def _shown(values: dict[str, Any]) -> dict[str, Any]:
    shown = {FORM_NAMES.get(key, key): value for key, value in values.items() if key != "filter"}
    shown |= {name: values.get("filter", {}).get(key, []) for name, key in FILTERS.items() if "unit" in values}
    for name in (*LISTS, *NUMBER_LISTS, *SPLIT):
        if name in shown:
            shown[name] = ", ".join(str(part) for part in shown[name])
    if "tiers" in shown:
        shown["tiers"] = [_shown(tier) for tier in shown["tiers"]]
    return shown


def _find(form: RateCardForm, steps: list[Any]) -> Any:
    """The field a path leads to. Where it ends at a whole line, the line's code shows the error."""
    field: Any = form[steps[0]] if steps and steps[0] in form else None
    found = None if field is None or field.type in ("FieldList", "FormField") else field
    for step in steps[1:]:
        field = _inside(field, step)
        if field is None:
            break
        if field.type == "FormField":
            found = field.form._fields.get("code", found)
        elif field.type != "FieldList":
            found = field
    return found


def _inside(field: Any, step: Any) -> Any:
    if field.type == "FieldList" and isinstance(step, int):
        filled = [entry for entry in field.entries if not entry.form.is_empty]
        return filled[step] if step < len(filled) else None
    if field.type == "FormField":
        # The filter's fields stand beside the line's others in the form.
        return field if step == "filter" else field.form._fields.get(FORM_NAMES.get(step, step))
    return None
