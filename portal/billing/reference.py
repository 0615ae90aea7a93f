"""Creditor references after ISO 11649 (`RF18 5390 0754 7034`), by which a bank transfer finds its invoice.

The check digits are those of ISO 7064 MOD 97-10: the text with its first four characters moved to the end, letters
read as 10 to 35, leaves 1 when divided by 97.
"""

import re

from flask_babel import lazy_gettext as _l

from portal.kit.errors import Invalid

LENGTH = 21


def creditor_reference(text: str) -> str:
    """The RF reference for a text of 1 to 21 letters and digits; anything else in it is left out."""
    body = re.sub(r"[^A-Z0-9]", "", text.upper())
    if not body:
        raise ValueError("a reference needs letters or digits")
    body = body[-LENGTH:]
    return f"RF{98 - _number(body + 'RF00') % 97:02d}{body}"


def is_valid(reference: str) -> bool:
    """Whether the check digits fit. Spaces do not matter."""
    plain = re.sub(r"\s", "", reference.upper())
    return re.fullmatch(r"RF\d{2}[A-Z0-9]{1,21}", plain) is not None and _number(plain[4:] + plain[:4]) % 97 == 1


def normal(reference: str) -> str:
    """A typed reference without spaces. Raises Invalid when a character is wrong or missing."""
    plain = re.sub(r"\s", "", reference.upper())
    if not is_valid(plain):
        raise Invalid(_l("Copy the whole reference from the invoice: it begins with RF."), field="reference")
    return plain


def grouped(reference: str) -> str:
    """In groups of four, as people read it."""
    return " ".join(reference[place : place + 4] for place in range(0, len(reference), 4))


def _number(text: str) -> int:
    return int("".join(str(int(character, 36)) for character in text))
