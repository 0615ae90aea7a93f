"""JSON Schema of what the calculators ``staffing``, ``staffing-plan`` and ``in-house`` read."""

from __future__ import annotations

from typing import Any

from portal.measures.words import WEEKDAY_NAMES, Channel
from portal.needs.states import SplitRule
from portal.pricing.schema import NUMBER, TEXT, TEXTS, many, one_of, record

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

_HOURS: dict[str, Any] = {
    **record(**dict.fromkeys(WEEKDAY_NAMES, TEXTS)),
    "description": "open spans by weekday, such as 08:00-20:00; one that is left out is closed",
}
_DATE: dict[str, Any] = {"type": "string", "format": "date"}
_QUEUE = STAFFING_SCHEMA["properties"]

STAFFING_PLAN_SCHEMA: dict[str, Any] = {
    "$schema": DRAFT,
    "title": "A service from day to day",
    **record(
        "first last zone channels",
        first=_DATE,
        last=_DATE,
        zone={**TEXT, "description": "time zone of the hours, such as Europe/London"},
        hours=_HOURS,
        is_24x7={"type": "boolean"},
        closed={**TEXTS, "description": "days on which nobody works"},
        country={**TEXT, "description": "whose public holidays are closed, ISO 3166"},
        interval_s={**_WHOLE, "description": "seconds of an interval; 1800 where left out"},
        channels=many(
            record(
                "channel aht_s monthly",
                channel=one_of(Channel),
                segment=TEXT,
                aht_s=_QUEUE["aht_s"],
                concurrency=_QUEUE["concurrency"],
                monthly={**many(NUMBER), "description": "contacts of an average month, or of January to December"},
                **{key: _QUEUE[key] for key in ("sl", "t_s", "occ_max", "min_agents", "asa_max")},
            )
        ),
        languages={
            "type": "object",
            "additionalProperties": NUMBER,
            "description": "percent of each channel by language; they add up to 100",
        },
        growth_pct=_number("a year"),
        weekdays={**many(NUMBER), "description": "seven weights from Monday; equal where left out"},
        profile={**many(NUMBER), "description": "weights of equal parts of the day, such as 48; flat where left out"},
        shrinkage=_QUEUE["shrinkage"],
        week_hours=_number("paid hours of a full-time week; 40 where left out"),
        inefficiency=_number("what rosters lose; 1 is nothing"),
        split=record(
            "rule",
            rule=one_of(SplitRule),
            to_vendor={**TEXTS, "description": "channels, languages or segments of the vendor"},
            share_pct=_number("the vendor's share of all contacts"),
            hours={**_HOURS, "description": "when the vendor is on duty"},
            own_agents={"type": "object", "additionalProperties": NUMBER, "description": "own agents by channel"},
        ),
    ),
}

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
