"""Connected accounts: made by the platform, filled in on the hosted page, restricted by the provider."""

from typing import Any

from tests.doubles.stripe import connect_objects
from tests.doubles.stripe.errors import invalid_request, not_modelled
from tests.doubles.stripe.store import Object, Store

LINK_SECONDS = 300
WANTED = ["business_profile.url", "external_account", "tos_acceptance.date"]
STANDINGS = ("complete", "incomplete", "pending", "restricted")


def create(store: Store, given: dict[str, Any]) -> Object:
    """An account that the platform answers for; the older `type` is not modelled."""
    controller = given.get("controller") or {}
    if "type" in given or not {"fees", "losses", "stripe_dashboard"} <= set(controller):
        raise not_modelled("accounts without controller[fees], [losses] and [stripe_dashboard]")
    if set(given.get("capabilities") or {}) - {"card_payments", "transfers"} or not given.get("capabilities"):
        raise not_modelled("capabilities other than card_payments and transfers")
    if controller["losses"].get("payments") != "application":
        raise not_modelled("accounts whose losses the provider bears")
    made = store.add(connect_objects.account(store, given))
    put(store, made, "incomplete")
    return made


def put(store: Store, account: Object, standing: str) -> None:
    """Let the account be complete, lack information, wait for the provider's check, or be restricted."""
    if standing not in STANDINGS:
        raise ValueError(f"unknown standing {standing!r}; known: {', '.join(STANDINGS)}")
    active = standing == "complete"
    status = "active" if active else "pending" if standing == "pending" else "inactive"
    due = list(WANTED) if standing == "incomplete" else []
    reasons = {"incomplete": "requirements.past_due", "pending": "requirements.pending_verification"}
    account.update(
        capabilities=dict.fromkeys(account["capabilities"], status),
        charges_enabled=active,
        payouts_enabled=active,
        details_submitted=account["details_submitted"] or standing != "incomplete",
    )
    account["requirements"].update(
        currently_due=due,
        eventually_due=due,
        past_due=due,
        pending_verification=["business_profile.url"] if standing == "pending" else [],
        disabled_reason=None if active else reasons.get(standing, "rejected.other"),
    )
    store.emit("account.updated", account, account=account["id"])


def link(store: Store, given: dict[str, Any]) -> Object:
    """A link to the hosted page: for one use, and for five minutes."""
    account = store.get("account", given["account"], param="account")
    if given["type"] != "account_onboarding":
        raise not_modelled("account links of a type other than account_onboarding")
    for name in ("return_url", "refresh_url"):
        if not given.get(name):
            raise invalid_request(f"Missing required param: {name}.", code="parameter_missing", param=name)
    token, ends = store.new_id("link"), store.now() + LINK_SECONDS
    store.hidden[token] = {
        "account": account["id"],
        "expires_at": ends,
        "return_url": given["return_url"],
        "refresh_url": given["refresh_url"],
    }
    url = f"{store.base_url}/_test/onboard/{account['id']}?link={token}"
    return {"object": "account_link", "created": store.now(), "expires_at": ends, "url": url}
