"""Rate cards and scenarios as JSON documents, read strictly and written so that reading gives the same value back.

Refusals are `CalculationError`s whose path names the field, such as ``operating[2].tiers[1].rate``.
"""

from __future__ import annotations

from dataclasses import fields as dataclass_fields
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import Any

from babel.numbers import list_currencies

from portal.kit.calculators import join_path
from portal.kit.fields import Fields, read_document
from portal.kit.money import NO_CURRENCY, exponent
from portal.pricing.credits import DEFAULT_MISS_PROBABILITY, TARGET_MISSED
from portal.pricing.fee_kinds import Fee
from portal.pricing.fees import priced_fees
from portal.pricing.values import (
    ONE,
    SEGMENT_KEYS,
    ZERO,
    AgentModel,
    Baseline,
    BillingBasis,
    Cola,
    ExtraCategory,
    ExtraLine,
    Filter,
    MinCommitment,
    OneTimeCategory,
    OneTimeLine,
    OperatingCategory,
    OperatingLine,
    Outcome,
    RateCard,
    Scenario,
    ScenarioMonth,
    ScenarioPart,
    SlaForecast,
    SlaItem,
    Stacking,
    Tax,
    Tier,
    TierMode,
    Unit,
    VolumeRow,
)

ROUNDING = "half_up_per_line_month"
PERCENT = 100
MAX_PERCENT = 1000
MAX_MONTHS = 120
MEASURED_UNITS = frozenset({Unit.CONTACT, Unit.MINUTE, Unit.HOUR, Unit.FTE_MONTH, Unit.SEAT_MONTH})
"""Units that a month has more or less of, so that a baseline makes sense."""


def rate_card_from_document(document: object, path: str = "rate_card") -> RateCard:
    """Read a rate card.

    :raises CalculationError: naming the field, for unknown keys, wrong types, negative or non-finite numbers, tiers
        out of order, codes given twice, or percent lines that refer to what does not exist
    """
    return read_document(document, _rate_card, path)


def scenario_from_document(document: object, path: str = "scenario") -> Scenario:
    """Read a scenario: months numbered from 1 without a gap, each with its volume rows.

    :raises CalculationError: naming the field
    """
    return read_document(document, _scenario, path)


def month_from_document(document: object, path: str = "month") -> ScenarioMonth:
    """Read one month of volumes, staffing and outcomes, as a scenario holds them or as they were reported."""
    return read_document(document, _month, path)


def to_document(value: Any) -> dict[str, Any]:
    """The JSON document of a rate card, scenario or any value in them; numbers are strings, defaults are left out."""
    document: dict[str, Any] = {}
    for item in dataclass_fields(value):
        held = getattr(value, item.name)
        if held != item.default or item.name in ("code", "unit"):
            document[_KEYS.get(item.name, item.name)] = _plain(held)
    if isinstance(value, Tier):
        document.setdefault("to", None)
    return document


_KEYS = {"up_to": "to"}


def _plain(held: Any) -> Any:
    if isinstance(held, tuple):
        if held and all(isinstance(one, Outcome) for one in held):
            return {one.name: _plain(one.quantity) for one in held}
        return [_plain(one) for one in held]
    if isinstance(held, Decimal):
        return format(held, "f")
    if isinstance(held, StrEnum):
        return held.value
    if isinstance(held, date):
        return held.isoformat()
    return to_document(held) if hasattr(held, "__dataclass_fields__") else held


def _rate_card(doc: Fields) -> RateCard:
    card = RateCard(
        currency=_currency(doc),
        one_time=doc.children("one_time", _one_time),
        operating=doc.children("operating", _operating),
        extra=doc.children("extra", _extra),
        sla=doc.optional_child("sla", _sla),
        min_commitment=doc.optional_child("min_commitment", _min_commitment),
        cola=_cola_of(doc),
        tax=doc.choice("tax", Tax, Tax.EXCLUSIVE),
        surcharge_stacking=doc.choice("surcharge_stacking", Stacking, Stacking.ADDITIVE),
        valid_from=doc.optional_date("valid_from"),
        valid_to=doc.optional_date("valid_to"),
        waived=doc.choices("waived", Fee),
    )
    _check_minor_units(doc, card.currency)
    if doc.text("rounding", ROUNDING) != ROUNDING:
        raise doc.error("rounding", f"must be {ROUNDING}")
    if card.valid_from and card.valid_to and card.valid_to < card.valid_from:
        raise doc.error("valid_to", "must not be before valid_from")
    _check_codes(doc, card)
    _check_references(doc, card)
    _check_waived(doc, card)
    return card


def _currency(doc: Fields) -> str:
    code = doc.text("currency", NO_CURRENCY)
    if code != NO_CURRENCY and code not in list_currencies():
        raise doc.error("currency", "must be an ISO 4217 code such as USD")
    return code


def _check_minor_units(doc: Fields, currency: str) -> None:
    if doc.whole("minor_units", exponent(currency), most=4) != exponent(currency):
        raise doc.error("minor_units", f"must be {exponent(currency)}, as ISO 4217 sets it for {currency}")


def _cola_of(doc: Fields) -> Cola | None:
    """``cola_pct`` is the short way to write a yearly rise from month 13."""
    if not doc.has("cola_pct"):
        return doc.optional_child("cola", _cola)
    if doc.has("cola"):
        raise doc.error("cola_pct", "is a short form of cola: give only one of the two")
    return Cola(doc.number("cola_pct", most=PERCENT))


def _cola(doc: Fields) -> Cola:
    return Cola(
        pct=doc.number("pct", most=PERCENT),
        first_month=doc.whole("first_month", 13, least=1, most=MAX_MONTHS),
        every_months=doc.whole("every_months", 12, least=1, most=MAX_MONTHS),
        cap_pct=doc.optional_number("cap_pct", most=PERCENT),
        index_code=doc.optional_text("index_code"),
    )


def _one_time(doc: Fields) -> OneTimeLine:
    return OneTimeLine(
        code=doc.text("code", most=40),
        qty=doc.number("qty"),
        rate=doc.number("rate"),
        category=doc.choice("category", OneTimeCategory, OneTimeCategory.OTHER),
        unit=doc.text("unit", "unit", most=40),
        month=doc.whole("month", 0, most=MAX_MONTHS),
        note=doc.text("note", "", most=2000),
        mandatory_flag=doc.flag("mandatory_flag", True),
    )


def _operating(doc: Fields) -> OperatingLine:
    code, unit = doc.text("code", most=40), doc.choice("unit", Unit)
    if unit is Unit.PERCENT:
        return _percent(doc, code)
    doc.absent("pct", "applies_to", because="is only for lines whose unit is percent")
    if unit is not Unit.OUTCOME:
        doc.absent("outcome", because="is only for lines whose unit is outcome")
    if unit is not Unit.HOUR:
        doc.absent("billing_occupancy", because="is only for lines whose unit is hour")
    if unit is not Unit.MINUTE:
        doc.absent("increment_s", because="is only for lines whose unit is minute")
    if unit not in MEASURED_UNITS:
        doc.absent("baseline", because="is only for lines whose quantity goes up and down")
    rate, tiers = _price(doc)
    return OperatingLine(
        code=code,
        unit=unit,
        rate=rate,
        tiers=tiers,
        tier_mode=doc.choice("tier_mode", TierMode, TierMode.GRADUATED),
        category=doc.choice("category", OperatingCategory, OperatingCategory.LABOUR),
        description=doc.text("description", "", most=2000),
        outcome=doc.text("outcome", most=80) if unit is Unit.OUTCOME else None,
        filter=doc.child("filter", _filter) if doc.has("filter") else Filter(),
        billing_basis=doc.optional_choice("billing_basis", BillingBasis),
        billing_occupancy=doc.number("billing_occupancy", ONE, above=0, most=1) if unit is Unit.HOUR else ONE,
        agent_model=doc.optional_choice("agent_model", AgentModel),
        included_qty=doc.number("included_qty", ZERO),
        increment_s=doc.optional_number("increment_s", above=0, most=3600) if unit is Unit.MINUTE else None,
        indexed=doc.flag("indexed", True),
        baseline=doc.optional_child("baseline", _baseline),
    )


def _percent(doc: Fields, code: str) -> OperatingLine:
    doc.absent("rate", "tiers", "included_qty", "baseline", because="is not for percent lines: give pct and applies_to")
    line = OperatingLine(
        code=code,
        unit=Unit.PERCENT,
        pct=doc.number("pct", most=MAX_PERCENT),
        applies_to=doc.texts("applies_to"),
        category=doc.choice("category", OperatingCategory, OperatingCategory.LABOUR),
        description=doc.text("description", "", most=2000),
        filter=doc.child("filter", _filter) if doc.has("filter") else Filter(),
    )
    if not line.applies_to:
        raise doc.error("applies_to", "must name the codes of the lines that the percentage is taken of")
    return line


def _price(doc: Fields) -> tuple[Decimal | None, tuple[Tier, ...]]:
    if not doc.has("tiers"):
        if doc.has("baseline"):
            doc.absent("included_qty", because="cannot stand beside a baseline: the baseline is what the rate covers")
        return doc.number("rate"), ()
    if doc.has("rate"):
        raise doc.error("rate", "cannot stand beside tiers: give one of the two")
    doc.absent("baseline", because="cannot stand beside tiers: give one of the two")
    tiers = doc.children("tiers", _tier)
    for position, (tier, following) in enumerate(pairwise(tiers)):
        if tier.up_to is None:
            raise doc.error(f"tiers[{position}].to", "may be open (null) only in the last tier")
        if following.up_to is not None and following.up_to <= tier.up_to:
            raise doc.error(f"tiers[{position + 1}].to", f"must be above {tier.up_to}, where the tier before ends")
    if not tiers or tiers[-1].up_to is not None:
        raise doc.error(f"tiers[{max(len(tiers) - 1, 0)}].to", "must be null: the last tier has no end")
    return None, tiers


def _tier(doc: Fields) -> Tier:
    return Tier(up_to=doc.optional_number("to", above=0), rate=doc.number("rate"))


def _baseline(doc: Fields) -> Baseline:
    return Baseline(
        quantity=doc.number("quantity", above=0),
        arc_rate=doc.number("arc_rate"),
        rrc_rate=doc.number("rrc_rate"),
        dead_band_pct=doc.number("dead_band_pct", ZERO, most=PERCENT),
    )


def _filter(doc: Fields) -> Filter:
    return Filter(**{key: doc.texts(key) for key in SEGMENT_KEYS})


def _extra(doc: Fields) -> ExtraLine:
    return ExtraLine(
        code=doc.text("code", most=40),
        qty=doc.number("qty"),
        rate=doc.number("rate"),
        category=doc.choice("category", ExtraCategory, ExtraCategory.OTHER),
        unit=doc.text("unit", "unit", most=40),
        probability=doc.number("probability", ONE, most=1),
        months=doc.wholes("months", most=MAX_MONTHS),
        trigger_text=doc.text("trigger_text", "", most=2000),
    )


def _sla(doc: Fields) -> SlaForecast:
    return SlaForecast(at_risk_pct=doc.number("at_risk_pct", most=PERCENT), items=doc.children("items", _sla_item))


def _sla_item(doc: Fields) -> SlaItem:
    return SlaItem(
        w=doc.number("w", most=1),
        p=doc.number("p", DEFAULT_MISS_PROBABILITY, most=1),
        sev=doc.number("sev", TARGET_MISSED, most=1),
        metric=doc.text("metric", "", most=40),
    )


def _min_commitment(doc: Fields) -> MinCommitment:
    if doc.has("amount") and (doc.has("quantity") or doc.has("rate")):
        raise doc.error("amount", "cannot stand beside quantity and rate: commit to one of the two")
    by_amount = doc.has("amount")
    return MinCommitment(
        amount=doc.optional_number("amount"),
        quantity=None if by_amount else doc.number("quantity"),
        rate=None if by_amount else doc.number("rate"),
        scope=doc.texts("scope"),
        exempt_months=doc.wholes("exempt_months", most=MAX_MONTHS),
    )


def _check_codes(doc: Fields, card: RateCard) -> None:
    """A code names one line of the whole card; reports and invoices refer to it."""
    seen: set[str] = set()
    for group in ("one_time", "operating", "extra"):
        for position, line in enumerate(getattr(card, group)):
            if line.code in seen:
                raise doc.error(f"{group}[{position}].code", f"{line.code} is already the code of another line")
            seen.add(line.code)


def _check_references(doc: Fields, card: RateCard) -> None:
    plain = {line.code for line in card.operating if line.unit is not Unit.PERCENT}
    for position, line in enumerate(card.operating):
        if line.code in line.applies_to:
            own = line.applies_to.index(line.code)
            raise doc.error(f"operating[{position}].applies_to[{own}]", "a percentage cannot be taken of its own line")
        _check_known(doc, f"operating[{position}].applies_to", line.applies_to, plain, "an operating line with a rate")
    if card.min_commitment:
        every = {line.code for line in card.operating}
        _check_known(doc, "min_commitment.scope", card.min_commitment.scope, every, "an operating line")


def _check_waived(doc: Fields, card: RateCard) -> None:
    priced = priced_fees(card)
    for position, fee in enumerate(card.waived):
        if fee in priced:
            raise doc.error(f"waived[{position}]", f"{fee} is priced by line {priced[fee][0]}: give one of the two")


def _check_known(doc: Fields, key: str, codes: tuple[str, ...], known: set[str], what: str) -> None:
    for position, code in enumerate(codes):
        if code not in known:
            raise doc.error(join_path(key, f"[{position}]"), f"{code} is not the code of {what}")


def _scenario(doc: Fields) -> Scenario:
    months = doc.children("months", _month, required=True)
    if not 1 <= len(months) <= MAX_MONTHS:
        raise doc.error("months", f"must hold 1 to {MAX_MONTHS} months")
    for position, month in enumerate(months):
        if month.k != position + 1:
            raise doc.error(
                f"months[{position}].k", f"must be {position + 1}: months are numbered from 1 without a gap"
            )
    if doc.has("term") and doc.whole("term") != len(months):
        raise doc.error("term", f"must be {len(months)}, the number of months given")
    return Scenario(
        months=months,
        name=doc.text("name", "base", most=40),
        discount_pct=doc.optional_number("discount_pct", most=PERCENT),
        part=doc.choice("part", ScenarioPart, ScenarioPart.ALL),
    )


def _month(doc: Fields) -> ScenarioMonth:
    return ScenarioMonth(
        k=doc.whole("k", least=1, most=MAX_MONTHS),
        volumes=doc.children("volumes", _volume_row),
        fte=doc.optional_number("fte"),
        ramp=doc.number("ramp", ONE, most=10),
        seats=doc.optional_number("seats"),
        outcomes=tuple(Outcome(name, quantity) for name, quantity in doc.mapping("outcomes").items()),
    )


def _volume_row(doc: Fields) -> VolumeRow:
    return VolumeRow(
        contacts=doc.number("contacts"),
        aht_s=doc.number("aht_s"),
        channel=doc.text("channel", most=40),
        **{key: doc.optional_text(key, most=40) for key in SEGMENT_KEYS if key != "channel"},
    )
