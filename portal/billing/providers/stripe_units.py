"""The amounts of Stripe: mostly ISO 4217's minor units, with the exceptions its documentation lists.

Some currencies without a used minor unit are counted whole though ISO gives them decimals, two are sent in hundredths
though ISO has none, and those with three decimals must end in zero.
"""

from flask_babel import lazy_gettext as _l

from portal.kit.errors import Invalid
from portal.kit.money import exponent

TEN = (1, 10, 100, 1_000, 10_000)
"""Powers of ten by decimals; ISO 4217 has at most four."""
WHOLE = frozenset(
    {"BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"}
)
THREE_DECIMALS = frozenset({"BHD", "JOD", "KWD", "OMR", "TND"})


def to_stripe(minor: int, currency: str) -> int:
    """Minor units of ISO 4217 in Stripe's unit. Raises Invalid for an amount that Stripe cannot express."""
    ours, theirs = exponent(currency), stripe_exponent(currency)
    amount, rest = divmod(minor * TEN[theirs], TEN[ours])
    if rest or (currency in THREE_DECIMALS and amount % 10):
        raise Invalid(_l("This amount cannot be paid by card in %(currency)s. Please pay by bank.", currency=currency))
    return amount


def fee_to_stripe(minor: int, currency: str) -> int:
    """A commission in Stripe's unit, rounded up to what Stripe can express: a vendor never gets more than its share."""
    ours, theirs = exponent(currency), stripe_exponent(currency)
    step = TEN[1] if currency in THREE_DECIMALS else 1
    return -(-minor * TEN[theirs] // (TEN[ours] * step)) * step


def from_stripe(amount: int, currency: str) -> int:
    """Stripe's unit in minor units of ISO 4217; an amount Stripe itself counts always fits."""
    ours, theirs = exponent(currency), stripe_exponent(currency)
    minor, rest = divmod(amount * TEN[ours], TEN[theirs])
    if rest:
        raise ValueError(f"{amount} {currency} of Stripe is no whole number of minor units")
    return minor


def stripe_exponent(currency: str) -> int:
    """How many decimals Stripe's unit has."""
    if currency in WHOLE:
        return 0
    if currency in THREE_DECIMALS:
        return 3
    return 2
