"""The calculators ``staffing``, ``staffing-plan`` and ``in-house`` of ``flask calc``."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from babel.numbers import list_currencies

from portal.kit.calculators import Document, calculator
from portal.kit.fields import Fields, read_document
from portal.kit.money import NO_CURRENCY, to_major
from portal.kit.rounding import rounded
from portal.needs.in_house import PER_CONTACT_DECIMALS, InHouse, Line, in_house_cost
from portal.needs.plan_document import below_one, plan_document, read_plan, read_target
from portal.needs.schema import IN_HOUSE_SCHEMA, STAFFING_PLAN_SCHEMA, STAFFING_SCHEMA
from portal.needs.staffing.chat import required_chat
from portal.needs.staffing.erlang import Queue, Target, message_of, required, with_agents
from portal.needs.staffing.limits import is_shorter_than_a_contact
from portal.needs.staffing.worktime import WorkTime

DIGITS = 6
MAX_AHT_S = 7200
DAY_S = 86_400
PERCENT = 100
ONE_QUEUE = Target(min_agents=0)
"""What is left out of a document about one interval."""


@calculator("staffing", schema=STAFFING_SCHEMA)
def staffing_of_document(document: Document) -> dict[str, Any]:
    """Staff one interval: agents by Erlang C, what they achieve, and positions to schedule."""
    return read_document(document, _staffing)


def _staffing(doc: Fields) -> dict[str, Any]:
    contacts, seconds = float(doc.number("volume")), float(doc.number("interval_s", above=0, most=DAY_S))
    aht_s = float(doc.number("aht_s", least=1 if contacts else 0, most=MAX_AHT_S))
    work, target = WorkTime(shrinkage=below_one(doc, "shrinkage", Decimal("0.30"))), read_target(doc, ONE_QUEUE)
    agents, concurrency = doc.optional_whole("agents", most=100_000), doc.optional_whole("concurrency", least=1)
    extra: dict[str, Any] = {}
    if agents is not None:
        queue = with_agents(agents * (concurrency or 1), contacts, aht_s, seconds, target.within_s)
        extra["unstable"] = not queue.is_stable
        if message := message_of(queue):
            extra["message"] = message
    elif concurrency is not None:
        chat = required_chat(contacts, aht_s, seconds, target, concurrency)
        agents, queue = chat.agents, chat.slots
    else:
        queue = required(contacts, aht_s, seconds, target)
        agents = queue.agents
    if concurrency is not None:
        extra["slots"] = queue.agents
    if contacts and is_shorter_than_a_contact(seconds, aht_s):
        extra["warnings"] = ["the interval is shorter than a contact: the result is too good"]
    return _figures(queue, agents, work) | extra


def _figures(queue: Queue, agents: int, work: WorkTime) -> dict[str, Any]:
    return {
        "A": round(queue.traffic, DIGITS),
        "n_sl": queue.n_sl,
        "n_occ": queue.n_occ,
        "n": agents,
        "pw": round(queue.wait_probability, DIGITS),
        "sl": None if queue.service_level is None else round(queue.service_level, DIGITS),
        "asa_s": None if queue.asa_s is None else round(queue.asa_s, DIGITS),
        "occ": round(queue.occupancy, DIGITS),
        "scheduled": round(work.scheduled(agents), DIGITS),
        "scheduled_ceil": work.positions(agents),
    }


@calculator("staffing-plan", schema=STAFFING_PLAN_SCHEMA)
def staffing_plan_of_document(document: Document) -> dict[str, Any]:
    """Staff a service from day to day: weeks, months, the loss of pooling, what-if, and the model's limits."""
    return plan_document(read_document(document, read_plan))


@calculator("in-house", schema=IN_HOUSE_SCHEMA)
def in_house_of_document(document: Document) -> dict[str, Any]:
    """Cost a year of the service in house, line by line, and a single contact."""
    return read_document(document, _in_house)


def _in_house(doc: Fields) -> dict[str, Any]:
    given = _baseline(doc)
    found = in_house_cost(given)
    amounts = {line.value: to_major(minor, given.currency) for line, minor in found.lines.items()}
    overhead = amounts.pop(Line.OVERHEAD.value)
    return {
        **amounts,
        "subtotal": to_major(found.subtotal_minor, given.currency),
        "overhead": overhead,
        "total": to_major(found.total_minor, given.currency),
        "avoided": to_major(found.avoided_minor, given.currency),
        "hires": rounded(found.hires, PER_CONTACT_DECIMALS),
        "per_contact": found.per_contact,
    }


def _baseline(doc: Fields) -> InHouse:
    zero = Decimal(0)
    currency = doc.text("currency", NO_CURRENCY)
    if currency != NO_CURRENCY and currency not in list_currencies():
        raise doc.error("currency", "must be an ISO 4217 code such as USD")
    return InHouse(
        fte=doc.number("fte"),
        salary=doc.number("salary"),
        on_cost=_share(doc, "on_cost_pct"),
        supervisor_salary=doc.number("supervisor_salary", zero),
        supervisor_span=doc.optional_number("supervisor_span", above=0),
        qa_salary=doc.number("qa_salary", zero),
        qa_span=doc.optional_number("qa_span", above=0),
        attrition=_share(doc, "attrition_pct"),
        cost_per_hire=doc.number("cost_per_hire", zero),
        training_weeks=doc.number("training_weeks", zero),
        training_material=doc.number("training_material", zero),
        technology_month=doc.number("technology_month", zero),
        telecom_minutes=doc.number("telecom_minutes", zero),
        telecom_rate=doc.number("telecom_rate", zero),
        seat_year=doc.number("seat_year", zero),
        equipment_seat=doc.number("equipment_seat", zero),
        equipment_years=doc.number("equipment_years", Decimal(1), above=0),
        overhead=_share(doc, "overhead_pct"),
        contacts=doc.optional_number("contacts"),
        currency=currency,
    )


def _share(doc: Fields, key: str) -> Decimal:
    return doc.number(key, Decimal(0), most=1000) / PERCENT
