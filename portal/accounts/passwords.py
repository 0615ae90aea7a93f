"""Passwords: hashed with argon2id, long rather than complicated, and never a well-known one."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask_babel import lazy_gettext as _l

from portal.kit.errors import Invalid

MIN_LENGTH = 10
MAX_LENGTH = 200
MIN_GUESSES_LOG10 = 8.0  # zxcvbn's own bound between "somewhat" and "safely" unguessable
_hasher = PasswordHasher()


@cache
def _nobody() -> str:
    """Verified when there is no such account, so that the answer takes as long either way."""
    return _hasher.hash("nobody has this password")


def hashed(password: str) -> str:
    """The argon2id hash to store, with its parameters and salt."""
    return _hasher.hash(password)


def matches(password_hash: str | None, password: str) -> bool:
    """Whether `password` is the one hashed. Takes the same time when there is no hash."""
    try:
        _hasher.verify(password_hash or _nobody(), password)
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def check_strength(password: str, about: list[str], field: str = "password") -> None:
    """Refuse a password that is too short, too long or easily guessed; `about` holds the person's own words.

    Raises Invalid at `field`.
    """
    if len(password) < MIN_LENGTH:
        raise Invalid(_l("Use at least %(n)s characters. Several words are easiest to remember.", n=MIN_LENGTH), field)
    if len(password) > MAX_LENGTH:
        raise Invalid(_l("Use at most %(n)s characters.", n=MAX_LENGTH), field)
    from zxcvbn import zxcvbn  # its lists of words weigh twelve megabytes, and only who chooses a password needs them

    if zxcvbn(password[:72], user_inputs=about)["guesses_log10"] < MIN_GUESSES_LOG10:
        raise Invalid(_l("This password is easily guessed. Add another word or two."), field)
