"""The calculators ``total-cost`` and ``break-even`` of ``flask calc``."""

from __future__ import annotations

from typing import Any

from portal.kit.calculators import Document, calculator
from portal.kit.fields import Fields, read_document
from portal.pricing.break_even import break_evens
from portal.pricing.documents import rate_card_from_document, scenario_from_document
from portal.pricing.schema import BREAK_EVEN_SCHEMA, TOTAL_COST_SCHEMA
from portal.pricing.total_cost import total_cost
from portal.pricing.values import RateCard, Scenario


@calculator("total-cost", schema=TOTAL_COST_SCHEMA)
def total_cost_of_document(document: Document) -> dict[str, Any]:
    """Price a rate card over a scenario: totals, months, and what nobody prices."""
    card, scenario = read_document(document, _inputs)
    return total_cost(card, scenario).to_document()


def _inputs(doc: Fields) -> tuple[RateCard, Scenario]:
    return (
        rate_card_from_document(doc.raw("rate_card"), "rate_card"),
        scenario_from_document(doc.raw("scenario"), "scenario"),
    )


@calculator("break-even", schema=BREAK_EVEN_SCHEMA)
def break_even_of_document(document: Document) -> list[dict[str, Any]]:
    """Find the volumes at which the cheaper of two rate cards changes, from a tenth to three times the forecast."""
    first, second, scenario = read_document(document, _two_cards)
    return [
        {"factor": turn.factor, "contacts_month": turn.contacts_month, "cheaper_below": ("first", "second")[turn.below]}
        for turn in break_evens(first, second, scenario)
    ]


def _two_cards(doc: Fields) -> tuple[RateCard, RateCard, Scenario]:
    first = rate_card_from_document(doc.raw("first"), "first")
    second = rate_card_from_document(doc.raw("second"), "second")
    if first.currency != second.currency:
        raise doc.error("second.currency", f"must be {first.currency}, the currency of the first card")
    return first, second, scenario_from_document(doc.raw("scenario"), "scenario")
