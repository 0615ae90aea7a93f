"""Hides what could identify a person in a comment: addresses, long numbers (phones, cards, ids)."""

import re

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
_NUMBER = re.compile(r"\+?\d(?:[\s().-]?\d){6,}")
_ID = re.compile(r"\b[A-Z]{1,2}\d{6,}\b", re.IGNORECASE)
HIDDEN = "▇▇▇"


def masked(comment: str) -> str:
    """The comment with e-mail addresses, numbers of seven digits and more, and lettered ids hidden."""
    for pattern in (_EMAIL, _ID, _NUMBER):
        comment = pattern.sub(HIDDEN, comment)
    return comment
