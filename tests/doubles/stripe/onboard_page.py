"""The hosted test page on which a vendor "fills in" its account: no questions, only how the story shall end."""

from html import escape

from tests.doubles.stripe import accounts
from tests.doubles.stripe.checkout_page import page
from tests.doubles.stripe.store import Object, Store

ENDINGS = (
    ("complete", "Give everything, be accepted"),
    ("incomplete", "Leave something out"),
    ("pending", "Give everything, be checked for a while"),
    ("restricted", "Be restricted"),
)


def render(store: Store, identifier: str, token: str) -> tuple[int, str]:
    """Status and page, or 303 and the address that makes a new link when this one is used up."""
    account = _account(store, identifier)
    if account is None:
        return 404, page("No such account", "<p>Go back and begin again.</p>")
    link = _link(store, identifier, token)
    if token and link is None:
        kept = store.hidden.get(token)
        return (303, kept["refresh_url"]) if kept else (404, page("No such link", "<p>Go back and begin again.</p>"))
    active = ", ".join(f"{name}: {state}" for name, state in account["capabilities"].items())
    due = ", ".join(account["requirements"]["currently_due"]) or "nothing"
    buttons = "".join(
        f'<p><button name="ending" value="{value}">{escape(label)}</button></p>' for value, label in ENDINGS
    )
    return 200, page(
        "Test onboarding",
        f"""<dl><dt>Account</dt><dd>{escape(account["id"])}, {escape(account["business_profile"]["name"] or "")}</dd>
<dt>Capabilities</dt><dd>{escape(active)}</dd><dt>Missing</dt><dd>{escape(due)}</dd></dl>
<form method="post">{buttons}</form>""",
    )


def submit(store: Store, identifier: str, token: str, form: dict[str, str]) -> tuple[int, str]:
    """Let the story end as chosen; the link is used up and leads back to the platform."""
    account, link = _account(store, identifier), _link(store, identifier, token)
    if account is None or (token and link is None) or form.get("ending") not in accounts.STANDINGS:
        return render(store, identifier, token)
    accounts.put(store, account, form["ending"])
    if link is None:
        return render(store, identifier, "")
    link["expires_at"] = 0
    return 303, link["return_url"]


def _account(store: Store, identifier: str) -> Object | None:
    found = store.objects.get(identifier)
    return found if found and found["object"] == "account" else None


def _link(store: Store, identifier: str, token: str) -> Object | None:
    """The link while it may still be used."""
    kept = store.hidden.get(token)
    return kept if kept and kept.get("account") == identifier and kept["expires_at"] > store.now() else None
