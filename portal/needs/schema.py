"""JSON Schema of what the calculators ``staffing`` and ``in-house`` read."""

from __future__ import annotations

from typing import Any

from portal.pricing.schema import NUMBER, TEXT, record

DRAFT = "https://json-schema.org/draft/2020-12/schema"
_WHOLE: dict[str, Any] = {"type": "integer", "minimum": 0}


def _number(description: str) -> dict[str, Any]:
    return {**NUMBER, "description": description}


STAFFING_SCHEMA: dict[str, Any] = {
    "$schema": DRAFT,
    "title": "One interval of a queue",
    **record(
        "volume aht_s interval_s",
        volume=_number("contacts in the interval; fractions are possible"),
        aht_s=_number("average handle time in seconds, 1 to 7200"),
        interval_s=_number("length of the interval in seconds"),
        sl=_number("service level, above 0 and below 1; 0.80 where left out"),
        t_s=_number("seconds within which an answer counts; 20 where left out"),
        occ_max={
            **NUMBER,
            "description": "cap on occupancy, 0.5 to 1; where left out 0.85, from 100 agents on 0.88; for chat 0.85",
        },
        min_agents={**_WHOLE, "description": "agents while open; 0 where left out"},
        asa_max=_number("longest average speed of answer in seconds"),
        shrinkage=_number("share of paid time without contacts, below 1; 0.30 where left out"),
        concurrency={**_WHOLE, "minimum": 1, "description": "chat: conversations an agent holds at once"},
        agents={**_WHOLE, "description": "evaluates so many agents instead of looking for the fewest"},
    ),
}
for _optional in ("occ_max", "asa_max", "concurrency", "agents"):
    STAFFING_SCHEMA["properties"][_optional] = {"anyOf": [STAFFING_SCHEMA["properties"][_optional], {"type": "null"}]}

IN_HOUSE_SCHEMA: dict[str, Any] = {
    "$schema": DRAFT,
    "title": "A year of the service in house, in major units of a currency",
    **record(
        "fte salary",
        fte=_number("agents in full-time equivalents"),
        salary=_number("of an agent"),
        on_cost_pct=_number("employer's share on top of salaries, in percent"),
        supervisor_salary=NUMBER,
        supervisor_span=_number("agents for each supervisor"),
        qa_salary=NUMBER,
        qa_span=_number("agents for each quality analyst"),
        attrition_pct=_number("agents who leave in a year, in percent"),
        cost_per_hire=NUMBER,
        training_weeks=_number("on full pay, for each new person"),
        training_material=_number("for each new person"),
        technology_month=_number("for each agent a month"),
        telecom_minutes=_number("of the year"),
        telecom_rate=_number("per minute"),
        seat_year=_number("facilities for each agent"),
        equipment_seat=_number("bought for each agent"),
        equipment_years=_number("how long it lasts"),
        overhead_pct=_number("management, in percent of all other lines"),
        contacts=_number("of the year"),
        currency={**TEXT, "description": "ISO 4217; two decimals where left out"},
    ),
}
