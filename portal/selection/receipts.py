"""The receipt of a bid: SHA-256 over one canonical spelling of everything that was submitted.

Whoever has the text can work the digest out again: the vendor at once, the buyer after the opening. The closing's
digest is taken over all receipts, so that no bid can be slipped in, changed or lost between the two.
"""

import hashlib
from collections.abc import Iterable
from typing import Any

from portal.kit.evidence import canonical
from portal.selection.models import Bid, BidAnswer, BidKnockOut, BidPrice


def text_of(bid: Bid, price: BidPrice, answers: Iterable[BidAnswer], claims: Iterable[BidKnockOut] = ()) -> str:
    """The canonical text of a submitted bid: JSON with sorted keys and without spaces, in UTF-8."""
    return canonical(_document(bid, price, answers) | _must_haves(claims))


def digest(text: str) -> str:
    """SHA-256 of a canonical text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def box_digest(receipts: Iterable[str]) -> str:
    """SHA-256 over all receipts in order, as the closing recorded it before anybody saw a bid."""
    return hashlib.sha256("".join(sorted(receipts)).encode()).hexdigest()


def _must_haves(claims: Iterable[BidKnockOut]) -> dict[str, Any]:
    """The answers to must-haves; no key where none were asked for, as in receipts from before there were any."""
    found = {str(one.knock_out_id): {"is_met": one.is_met, "evidence": one.evidence} for one in claims}
    return {"must_haves": found} if found else {}


def _document(bid: Bid, price: BidPrice, answers: Iterable[BidAnswer]) -> dict[str, Any]:
    return {
        "bid": str(bid.id),
        "requirement": str(bid.requirement_id),
        "vendor": str(bid.vendor_id),
        "reference": bid.reference,
        "valid_until": bid.valid_until.isoformat() if bid.valid_until else None,
        "submitted_at": bid.submitted_at.isoformat() if bid.submitted_at else None,
        "currency": price.currency,
        "total_minor": price.total_minor,
        "scenario_sha256": price.scenario_sha256,
        "rate_card": price.rate_card,
        "answers": {str(one.criterion_id): one.answer for one in answers},
    }
