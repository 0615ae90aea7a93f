"""Connected accounts of Stripe: the request that makes one, and what its answer means for us."""

import uuid
from typing import Any

from portal.billing.providers import AccountStatus, Payee
from portal.billing.states import AccountStanding

NEEDED = ("card_payments", "transfers")
"""A destination charge in the vendor's name needs both."""


def account_request(wanted: Payee) -> dict[str, Any]:
    """An account with Stripe's own onboarding and dashboard, for whose charges and losses the marketplace answers."""
    asked = {
        "country": wanted.country,
        "email": wanted.email,
        "business_profile": {"name": wanted.name},
        "capabilities": {name: {"requested": True} for name in NEEDED},
        "controller": {
            "fees": {"payer": "application"},
            "losses": {"payments": "application"},
            "requirement_collection": "stripe",
            "stripe_dashboard": {"type": "express"},
        },
        "metadata": {"company_id": str(wanted.company_id), "env": wanted.environment},
    }
    return {name: value for name, value in asked.items() if value}


def status_of(account: dict[str, Any]) -> AccountStatus:
    """What an account's answer says, as far as it concerns us."""
    capabilities = {name: (account.get("capabilities") or {}).get(name, "inactive") for name in NEEDED}
    requirements = account.get("requirements") or {}
    due = sorted({*(requirements.get("currently_due") or ()), *(requirements.get("past_due") or ())})
    restriction = requirements.get("disabled_reason") or ""
    marks = account.get("metadata") or {}
    return AccountStatus(
        ref=account["id"],
        standing=_standing(capabilities, due, restriction, requirements.get("pending_verification") or []),
        capabilities=capabilities,
        requirements_due=due,
        restriction=restriction,
        company_id=_company(marks.get("company_id", "")),
    )


def _standing(capabilities: dict[str, str], due: list[str], restriction: str, checked: list[str]) -> AccountStanding:
    if all(state == "active" for state in capabilities.values()):
        return AccountStanding.READY
    if restriction.startswith(("rejected", "listed", "platform_paused")):
        return AccountStanding.RESTRICTED
    if due:
        return AccountStanding.INCOMPLETE
    if checked or "pending" in capabilities.values() or restriction == "under_review":
        return AccountStanding.CHECKING
    return AccountStanding.RESTRICTED


def _company(mark: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(mark)
    except ValueError:
        return None
