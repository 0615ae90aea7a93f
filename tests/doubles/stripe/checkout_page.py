"""The hosted test page of a Checkout Session: plain HTML that says what is paid, and two buttons.

It never asks for a card number; the visitor picks what the pretended bank will answer.
"""

from html import escape

from tests.doubles.stripe import checkout
from tests.doubles.stripe.errors import StripeRefusal
from tests.doubles.stripe.payments import CARDS
from tests.doubles.stripe.store import Object, Store

NO_MINOR_UNIT = (
    "bif",
    "clp",
    "djf",
    "gnf",
    "jpy",
    "kmf",
    "krw",
    "mga",
    "pyg",
    "rwf",
    "vnd",
    "vuv",
    "xaf",
    "xof",
    "xpf",
)
THREE_DIGITS = ("bhd", "jod", "kwd", "omr", "tnd")
DECLINED = "pm_card_visa_chargeDeclined"
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title><style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 34rem; margin: 2rem auto; padding: 0 1rem; color: #1b1f24 }}
.banner {{ background: #ffe08a; border: 1px solid #8a6100; padding: .5rem 1rem; font-weight: 600 }}
.problem {{ background: #fdecea; border-left: 4px solid #b3261e; padding: .5rem 1rem }}
dt {{ color: #4a5563 }} dd {{ margin: 0 0 .75rem; font-weight: 600 }}
button, select {{ font: inherit; padding: .5rem 1rem; margin: .5rem .5rem .5rem 0 }}
</style></head><body>
<p class="banner" role="note">TEST - no real money moves on this page</p>
<main><h1>{title}</h1>{content}</main></body></html>"""


def render(store: Store, identifier: str, *, problem: str = "") -> tuple[int, str]:
    """Status and page for this session: the form while it is open, else a sentence on how it ended."""
    session = _session(store, identifier)
    if session is None:
        return 404, page("No such checkout", "<p>Go back and start the payment again.</p>")
    if session["status"] != "open":
        word = {"complete": "has been paid", "expired": "has expired"}[session["status"]]
        back = _back(session["success_url"], session) if session["status"] == "complete" else session["cancel_url"]
        link = f'<p><a href="{escape(back)}">Back to the shop</a></p>' if back else ""
        return 410, page("This checkout is closed", f"<p>It {word}; nothing more can be paid here.</p>{link}")
    return (402 if problem else 200), page("Test payment", _form(store, session, problem))


def submit(store: Store, identifier: str, form: dict[str, str]) -> tuple[int, str]:
    """Status and body or, for a status of 303, the address to go to."""
    session = _session(store, identifier)
    if session is None or session["status"] != "open":
        return render(store, identifier)
    declines = form.get("action") == "decline"
    method = DECLINED if declines else form.get("card", "pm_card_visa")
    if method not in CARDS:
        return render(store, identifier, problem="Choose one of the listed test cards.")
    try:
        checkout.pay(store, session, method)
    except StripeRefusal as refused:
        if declines and session["cancel_url"]:
            return 303, session["cancel_url"]
        return render(store, identifier, problem=f"{refused} Choose another card, or go back.")
    return 303, _back(session["success_url"], session)


def _session(store: Store, identifier: str) -> Object | None:
    found = store.objects.get(identifier)
    return found if found and found["object"] == "checkout.session" else None


def _back(url: str, session: Object) -> str:
    return url.replace("{CHECKOUT_SESSION_ID}", session["id"])


def page(title: str, content: str) -> str:
    """A whole test page with its banner."""
    return PAGE.format(title=escape(title), content=content)


def _form(store: Store, session: Object, problem: str) -> str:
    hidden = store.hidden[session["id"]]
    lines = "".join(
        f"<li>{escape(line['name'])}, {line['quantity']} x, {shown(line['amount'], session['currency'])}</li>"
        for line in hidden["lines"]
    )
    description = hidden["intent"].get("description") or ""
    options = "".join(f'<option value="{method}">{escape(card.label)}</option>' for method, card in CARDS.items())
    alert = f'<p class="problem" role="alert">{escape(problem)}</p>' if problem else ""
    leave = escape(session["cancel_url"] or "")
    back = f'<p><a href="{leave}">Go back without paying</a></p>' if leave else ""
    described = f"<dt>Description</dt><dd>{escape(description)}</dd>" if description else ""
    return f"""{alert}
<dl><dt>Amount</dt><dd id="amount">{shown(session["amount_total"], session["currency"])}</dd>
{described}<dt>Lines</dt><dd><ul>{lines}</ul></dd></dl>
<form method="post"><p><label for="card">Test card</label><br><select id="card" name="card">{options}</select></p>
<button name="action" value="pay">Pay</button><button name="action" value="decline">Decline</button></form>{back}"""


def shown(amount: int, currency: str) -> str:
    """The amount with its currency, digits as the provider's unit of that currency asks: 1050 eur is `10.50 EUR`."""
    digits = 0 if currency in NO_MINOR_UNIT else 3 if currency in THREE_DIGITS else 2
    whole, part = divmod(amount, 10**digits)
    return f"{whole:,}{f'.{part:0{digits}d}' if digits else ''} {currency.upper()}"
