"""The calculator ``total-cost`` of ``flask calc``."""

from __future__ import annotations

from typing import Any

from portal.kit.calculators import Document, calculator
from portal.kit.fields import Fields, read_document
from portal.pricing.documents import rate_card_from_document, scenario_from_document
from portal.pricing.schema import TOTAL_COST_SCHEMA
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
