"""International bank account numbers (ISO 13616): two letters, two check digits, up to thirty more characters."""

import re

_SHAPE = re.compile("[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
_REMAINDER = 1  # of a right number divided by 97, ISO 7064 MOD 97-10


def is_iban(value: str) -> bool:
    """Whether `value`, with or without spaces, has the shape of an IBAN and check digits that fit."""
    compact = "".join(value.split()).upper()
    if not _SHAPE.fullmatch(compact):
        return False
    digits = "".join(str(int(character, 36)) for character in compact[4:] + compact[:4])
    return int(digits) % 97 == _REMAINDER
