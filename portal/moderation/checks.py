"""What can be checked of a service without reading it. Pure: it looks at two copies and points, a person decides."""

import re
from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l

from portal.pricing.documents import rate_card_from_document
from portal.pricing.indicative import Indicative, indicative_price

Snapshot = dict[str, Any]

LARGE_PRICE_CHANGE = Decimal("0.2")
"""A published lowest rate that moves by more than this share is worth a look."""
SHORT_DESCRIPTION = 120
"""Characters under which a description rarely says what a buyer needs to know."""

_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.\w{2,}")
_LINK = re.compile(r"(https?://|www\.)\S+", re.IGNORECASE)
_PHONE = re.compile(r"(?<!\d)(\+|00)?\d[\d ()/-]{7,}\d(?!\d)")


class Outcome(StrEnum):
    """Whether a check found nothing, something to look at, or something that must not be published."""

    PASSES = "passes"
    LOOK = "look"
    FAILS = "fails"


class Check(NamedTuple):
    """One check: its outcome, its name, and what it found."""

    outcome: Outcome
    name: Any
    found: Any


def automatic_checks(submitted: Snapshot, published: Snapshot | None, profile_texts: Iterable[str] = ()) -> list[Check]:
    """Every check of a service that was sent in, the gravest first.

    :param profile_texts: what its vendor writes freely in the profile, which stands beside the service
    """
    service_texts = (str(submitted.get(field) or "") for field in ("title", "summary", "description"))
    found = [
        _contact_details(_l("No contact details in the text"), service_texts),
        _contact_details(_l("No contact details in the profile"), profile_texts),
        _description(submitted),
        *(_price_checks(submitted, published) if published else ()),
    ]
    order = [Outcome.FAILS, Outcome.LOOK, Outcome.PASSES]
    return sorted(found, key=lambda check: order.index(check.outcome))


def _contact_details(name: Any, texts: Iterable[str]) -> Check:
    """Buyers and vendors write to each other here, where it is kept and sealed bids stay sealed."""
    text = " ".join(texts)
    for pattern in (_MAIL, _LINK, _PHONE):
        match = pattern.search(text)
        if match:
            return Check(Outcome.FAILS, name, _l("Found “%(text)s”.", text=match.group().strip()))
    return Check(Outcome.PASSES, name, _l("No e-mail address, phone number or link found."))


def _description(copy: Snapshot) -> Check:
    length = len(copy.get("description") or "")
    name = _l("The description says enough")
    outcome = Outcome.LOOK if length < SHORT_DESCRIPTION else Outcome.PASSES
    return Check(outcome, name, _l("%(count)s characters.", count=length))


def _price_checks(submitted: Snapshot, published: Snapshot) -> list[Check]:
    old, new = _price(published), _price(submitted)
    if old is None or new is None:
        return []
    basis = _l("The rate counts the same thing as before")
    if (old.unit, old.basis, old.currency) != (new.unit, new.basis, new.currency):
        return [Check(Outcome.LOOK, basis, _l("Unit, counted hours or currency changed, so rates cannot be compared."))]
    size = _l("The lowest rate moved little")
    change = Decimal(new.minor - old.minor) / old.minor if old.minor else Decimal(0)
    words = _l("It moved by %(percent)s percent.", percent=round(100 * change, 1))
    outcome = Outcome.LOOK if abs(change) > LARGE_PRICE_CHANGE else Outcome.PASSES
    return [Check(Outcome.PASSES, basis, _l("Same unit, hours and currency.")), Check(outcome, size, words)]


def _price(copy: Snapshot) -> Indicative | None:
    card = copy.get("rate_card")
    return indicative_price([rate_card_from_document(card["document"], "")]) if card else None
