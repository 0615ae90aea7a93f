"""The commercial terms as a fee schedule keeps them: to plain JSON and back, without losing a digit."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.pricing.documents import rate_card_from_document, scenario_from_document, to_document
from portal.pricing.values import RateCard, Scenario, TaxRate, Terms


@dataclass(frozen=True, slots=True)
class BillingTerms:
    """What billing reads from a schedule."""

    rate_card: RateCard
    forecast: Scenario
    payment_days: int
    commission_bps: int
    tax_rates: tuple[TaxRate, ...]
    start_date: date
    term_months: int


def freeze(terms: Terms, forecast: Scenario) -> dict[str, Any]:
    """The JSON document of terms and forecast."""
    return {
        "rate_card": to_document(terms.rate_card),
        "scenario": to_document(forecast),
        "payment_days": terms.payment_days,
        "commission_bps": terms.commission_bps,
        "tax_rates": [{"name": rate.name, "bps": rate.bps} for rate in terms.tax_rates],
        "start_date": terms.start_date.isoformat(),
        "term_months": terms.term_months,
    }


def thaw(document: dict[str, Any]) -> BillingTerms:
    """The terms that `freeze` wrote."""
    return BillingTerms(
        rate_card=rate_card_from_document(document["rate_card"]),
        forecast=scenario_from_document(document["scenario"]),
        payment_days=document["payment_days"],
        commission_bps=document["commission_bps"],
        tax_rates=tuple(TaxRate(rate["name"], rate["bps"]) for rate in document["tax_rates"]),
        start_date=date.fromisoformat(document["start_date"]),
        term_months=document["term_months"],
    )
