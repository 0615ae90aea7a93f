"""The language that something is written in where it is not the reader's: a mail, a document, an audit line."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from flask_babel import force_locale

_written_in: ContextVar[str | None] = ContextVar("portal_written_in", default=None)


@contextmanager
def written_in(language: str) -> Iterator[None]:
    """Write everything in `language` until the block ends, whoever asks for it."""
    token = _written_in.set(language)
    try:
        with force_locale(language):
            yield
    finally:
        _written_in.reset(token)


def chosen_language() -> str | None:
    """The language of the innermost `written_in`; None where the reader's own is meant."""
    return _written_in.get()
