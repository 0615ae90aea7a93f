"""JSON Schema of a rate card and a scenario, as the calculator ``total-cost`` reads them.

The schema says the shape; what only the reader can tell (tiers ascend, codes exist) stands in `documents`.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from portal.measures.words import Mode
from portal.pricing.documents import MAX_MONTHS, ROUNDING
from portal.pricing.fee_kinds import Fee
from portal.pricing.one_time import MOST, Price
from portal.pricing.values import (
    SEGMENT_KEYS,
    AgentModel,
    BillingBasis,
    ExtraCategory,
    OneTimeCategory,
    OperatingCategory,
    ScenarioPart,
    Stacking,
    Tax,
    TierMode,
    Unit,
)

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
NUMBER: Schema = {
    "description": "a decimal number of zero or more, as a number or as text",
    "anyOf": [{"type": "number", "minimum": 0}, {"type": "string", "pattern": "^[0-9]+(\\.[0-9]+)?$"}],
}
MONTHS: Schema = {"type": "array", "items": {"type": "integer", "minimum": 1, "maximum": MAX_MONTHS}}
TEXTS: Schema = {"anyOf": [TEXT, {"type": "array", "items": TEXT}]}


def one_of(kind: type[StrEnum]) -> Schema:
    """The schema of a text that is a value of `kind`."""
    return {"type": "string", "enum": [member.value for member in kind]}


def record(required: str = "", /, **properties: Schema) -> Schema:
    """The schema of an object with exactly these properties; `required` lists those that must be there."""
    return {
        "type": "object",
        "properties": properties,
        "required": required.split(),
        "additionalProperties": False,
    }


def many(items: Schema) -> Schema:
    """The schema of a list."""
    return {"type": "array", "items": items}


_FILTER = record(**dict.fromkeys(SEGMENT_KEYS, TEXTS))
_TIER = record("rate", to={"anyOf": [NUMBER, {"type": "null"}]}, rate=NUMBER)

_ONE_TIME = record(
    "code qty rate",
    code=TEXT,
    qty=NUMBER,
    rate=NUMBER,
    category=one_of(OneTimeCategory),
    unit=TEXT,
    month={"type": "integer", "minimum": 0, "maximum": MAX_MONTHS},
    note=TEXT,
    mandatory_flag={"type": "boolean"},
)

_OPERATING = record(
    "code unit",
    code=TEXT,
    unit=one_of(Unit),
    rate=NUMBER,
    tiers=many(_TIER),
    tier_mode=one_of(TierMode),
    pct=NUMBER,
    applies_to=TEXTS,
    category=one_of(OperatingCategory),
    description=TEXT,
    outcome=TEXT,
    filter=_FILTER,
    billing_basis=one_of(BillingBasis),
    billing_occupancy=NUMBER,
    agent_model=one_of(AgentModel),
    included_qty=NUMBER,
    increment_s=NUMBER,
    indexed={"type": "boolean"},
    baseline=record(
        "quantity arc_rate rrc_rate", quantity=NUMBER, arc_rate=NUMBER, rrc_rate=NUMBER, dead_band_pct=NUMBER
    ),
)

_EXTRA = record(
    "code qty rate",
    code=TEXT,
    qty=NUMBER,
    rate=NUMBER,
    category=one_of(ExtraCategory),
    unit=TEXT,
    probability=NUMBER,
    months=MONTHS,
    trigger_text=TEXT,
)

_SLA = record("at_risk_pct", at_risk_pct=NUMBER, items=many(record("w", w=NUMBER, p=NUMBER, sev=NUMBER, metric=TEXT)))

_COLA = record(
    "pct",
    pct=NUMBER,
    first_month={"type": "integer", "minimum": 1},
    every_months={"type": "integer", "minimum": 1},
    cap_pct=NUMBER,
    index_code=TEXT,
)

RATE_CARD_SCHEMA = record(
    currency={"type": "string", "pattern": "^[A-Z]{3}$"},
    minor_units={"type": "integer", "minimum": 0, "maximum": 4},
    one_time=many(_ONE_TIME),
    operating=many(_OPERATING),
    extra=many(_EXTRA),
    sla=_SLA,
    min_commitment=record(amount=NUMBER, quantity=NUMBER, rate=NUMBER, scope=TEXTS, exempt_months=MONTHS),
    cola=_COLA,
    cola_pct=NUMBER,
    tax=one_of(Tax),
    surcharge_stacking=one_of(Stacking),
    rounding={"const": ROUNDING},
    valid_from={"type": "string", "format": "date"},
    valid_to={"type": "string", "format": "date"},
    waived=many(one_of(Fee)),
)

_VOLUME_ROW = record("channel contacts aht_s", **dict.fromkeys(SEGMENT_KEYS, TEXT), contacts=NUMBER, aht_s=NUMBER)

MONTH_SCHEMA = record(
    "k",
    k={"type": "integer", "minimum": 1, "maximum": MAX_MONTHS},
    volumes=many(_VOLUME_ROW),
    fte=NUMBER,
    ramp=NUMBER,
    seats=NUMBER,
    outcomes={"type": "object", "additionalProperties": NUMBER},
)

SCENARIO_SCHEMA = record(
    "months",
    name=TEXT,
    term={"type": "integer", "minimum": 1, "maximum": MAX_MONTHS},
    discount_pct=NUMBER,
    part=one_of(ScenarioPart),
    months={**many(MONTH_SCHEMA), "minItems": 1, "maxItems": MAX_MONTHS},
)

TOTAL_COST_SCHEMA: Schema = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "A rate card and the scenario it is priced over",
    **record("rate_card scenario", rate_card=RATE_CARD_SCHEMA, scenario=SCENARIO_SCHEMA),
}

BREAK_EVEN_SCHEMA: Schema = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Two rate cards in one currency and the scenario whose volumes are multiplied",
    **record("first second scenario", first=RATE_CARD_SCHEMA, second=RATE_CARD_SCHEMA, scenario=SCENARIO_SCHEMA),
}


def _count(name: str, least: int = 0) -> Schema:
    return {"type": "integer", "minimum": least, "maximum": MOST[name]}


_RANGE = record("low likely high", low=NUMBER, likely=NUMBER, high=NUMBER)

ONE_TIME_SCHEMA: Schema = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "What drives the cost to begin",
    **record(
        "agents",
        agents=_count("agents", 1),
        mode=one_of(Mode),
        integrations=_count("integrations"),
        languages=_count("languages", 1),
        channels=_count("channels", 1),
        sites=_count("sites", 1),
        training_hours=_count("training_hours"),
        articles=_count("articles"),
        currency={"type": "string", "pattern": "^[A-Z]{3}$"},
        per_dollar=NUMBER,
        prices=record(**{price.value: _RANGE for price in Price}),
    ),
}
