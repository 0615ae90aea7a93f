"""The commercial terms as a fee schedule keeps them: to plain JSON and back, without losing a digit."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.kit.errors import Conflict
from portal.pricing.documents import rate_card_from_document, scenario_from_document, to_document
from portal.pricing.fee_kinds import Fee
from portal.pricing.results import MIN_SHORTFALL
from portal.pricing.values import FeeClass, RateCard, Scenario, TaxRate, Terms


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


def refuse_unpriced(document: dict[str, Any], fee_class: str, line_code: str, *, is_change_ordered: bool) -> None:
    """Refuse a charge for what the agreed rate card does not price: nothing unpriced can be invoiced later.

    Extra fees moreover need a change order that both sides accepted; a custom request is the only one whose price may
    stand there alone, unless the vendor said that it charges none. Raises Conflict.
    """
    card = document["rate_card"]
    if fee_class == FeeClass.EXTRA and not is_change_ordered:
        raise Conflict(_l("An extra fee needs a change order that both sides accepted. Nothing was charged."))
    if line_code in {line["code"] for line in card.get(fee_class, ())}:
        return
    if fee_class == FeeClass.OPERATING and line_code == MIN_SHORTFALL and card.get("min_commitment"):
        return
    if fee_class == FeeClass.EXTRA and line_code == Fee.CUSTOM_REQUEST and line_code not in card.get("waived", ()):
        return
    raise Conflict(
        _l("The agreed rate card has no price for “%(code)s”, so it cannot be charged.", code=line_code),
    )
