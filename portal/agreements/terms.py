"""The terms of an agreement: gathered once from requirement and winning bid, then frozen.

They are plain JSON, so that the signed document holds them whole. Nothing commercial can be typed: what was bid is
what is agreed.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from dateutil.relativedelta import relativedelta

from portal.accounts.queries import letterheads
from portal.billing.tax import tax_between
from portal.needs import queries as needs
from portal.needs.models import Requirement
from portal.needs.version_models import RequirementVersion
from portal.needs.version_queries import last_version_of
from portal.pricing.documents import rate_card_from_document, scenario_from_document, to_document
from portal.pricing.values import Scenario, TaxRate, Terms
from portal.selection import queries as selection
from portal.selection.models import Bid

PAYMENT_DAYS = 30
NOTICE_DAYS = {"full": 90, "partial": 60, "temporary": 14}
# The marketplace's share of every invoice, in basis points; the vendor bears it.
COMMISSION_BPS = 500


@dataclass(frozen=True, slots=True)
class Parties:
    """The letterheads of both sides as they were when the text was drafted."""

    buyer: dict[str, str]
    vendor: dict[str, str]


def gather(requirement: Requirement, bid: Bid) -> dict[str, Any]:
    """The terms document of an agreement from its requirement and the winning bid."""
    buyer, vendor = letterheads(requirement.buyer_id, bid.vendor_id)
    parties = Parties(buyer=buyer.as_document(), vendor=vendor.as_document())
    price = selection.price_of(bid)
    tax = tax_between(parties.vendor["country"], parties.buyer["country"])
    starts_on, ends_on = term_of(requirement)
    return {
        "requirement": _requirement(requirement),
        "requirement_version": version_of(last_version_of(requirement)),
        "targets": [_target(channel) for channel in needs.channels_of(requirement)],
        "scenario": to_document(needs.scenario_of(requirement, "base")),
        "rate_card": price.rate_card,
        "total_minor": price.total_minor,
        "currency": requirement.currency,
        "starts_on": starts_on.isoformat(),
        "ends_on": ends_on.isoformat(),
        "term_months": requirement.term_months,
        "payment_days": PAYMENT_DAYS,
        "notice_days": NOTICE_DAYS[requirement.mode],
        "commission_bps": COMMISSION_BPS,
        "tax": {"name": tax.name, "bps": tax.bps},
        "parties": {"buyer": parties.buyer, "vendor": parties.vendor},
        "bid_reference": bid.reference,
    }


def term_of(requirement: Requirement) -> tuple[date, date]:
    """First and last day of the service: a start and months, or the dates of a temporary engagement."""
    starts_on = requirement.start_on
    assert starts_on is not None and requirement.term_months is not None, "a published requirement has both"
    if requirement.end_on is not None:
        return starts_on, requirement.end_on
    return starts_on, starts_on + relativedelta(months=requirement.term_months) - timedelta(days=1)


def version_of(version: RequirementVersion) -> dict[str, Any]:
    """Which version of the requirement the terms are of."""
    return {"number": version.number, "sha256": version.sha256}


def refined(terms: dict[str, Any], version: RequirementVersion) -> dict[str, Any]:
    """The terms with what a later version of the requirement says; prices, volumes and targets stay."""
    said = version.document["requirement"]
    asked = {name: said.get(name, value) for name, value in terms["requirement"].items()}
    agreed = {"agreed": said["agreed"]} if said.get("agreed") else {}
    return terms | {"requirement": asked | agreed, "requirement_version": version_of(version)}


def _requirement(requirement: Requirement) -> dict[str, Any]:
    names = (
        "number",
        "title",
        "summary",
        "mode",
        "goals",
        "industry",
        "service_types",
        "languages",
        "hours",
        "is_24x7",
        "timezone",
        "split_rule",
        "split_note",
        "retained",
        "wind_down",
    )
    return {name: getattr(requirement, name) for name in names}


def _target(channel: Any) -> dict[str, Any]:
    return {
        "channel": channel.channel,
        "metric": channel.target_metric,
        "value": str(channel.target_value),
        "minimum": None if channel.target_minimum is None else str(channel.target_minimum),
        "seconds": channel.target_seconds,
    }


def for_billing(terms: dict[str, Any]) -> tuple[Terms, Scenario]:
    """What billing needs of a terms document: the commercial terms, and the forecast for months nobody reports."""
    return (
        Terms(
            rate_card=rate_card_from_document(terms["rate_card"]),
            start_date=date.fromisoformat(terms["starts_on"]),
            term_months=terms["term_months"],
            payment_days=terms["payment_days"],
            commission_bps=terms["commission_bps"],
            tax_rates=(TaxRate(terms["tax"]["name"], terms["tax"]["bps"]),),
        ),
        scenario_from_document(terms["scenario"]),
    )


def percent_of(bps: int) -> Decimal:
    """Basis points as a percentage without trailing zeros: 500 is 5, 810 is 8.1."""
    return (Decimal(bps) / 100).normalize()
