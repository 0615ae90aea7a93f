"""Business errors: each says what happened, what was kept and what to do, and names its HTTP status.

One renderer at the edge turns them into pages or problem documents; nobody below it knows about HTTP otherwise.
"""

from typing import Any

from flask_babel import lazy_gettext as _l


class PortalError(Exception):
    """A refusal that its reader can act on. `message` is a sentence, possibly lazily translated."""

    status = 400
    title: Any = _l("That did not work")
    message: Any = _l("Nothing was changed.")

    def __init__(self, message: Any = None) -> None:
        if message is not None:
            self.message = message
        super().__init__(message)

    def __str__(self) -> str:
        return str(self.message)


class NotFound(PortalError):
    """What does not exist, or exists only for somebody else: the two are never told apart."""

    status = 404
    title = _l("This page does not exist")
    message = _l("The address may be mistyped, or what it showed belongs to another company.")


class Forbidden(PortalError):
    """The reader may know the thing exists, but their role does not allow the act."""

    status = 403
    title = _l("Your role does not allow this")
    message = _l("Nothing was changed. Ask an owner of your company to do it or to change your role.")


class Conflict(PortalError):
    """The thing moved meanwhile, so that the act no longer fits its state."""

    status = 409
    title = _l("This has changed meanwhile")
    message = _l("Nothing of yours was applied. Reload the page to see how it stands now.")


class IllegalMove(Conflict):
    """A state change that the lifecycle's table does not hold."""

    def __init__(self, noun: str, old: str, new: str) -> None:
        self.noun, self.old, self.new = noun, old, new
        super().__init__(_l("This cannot be done now: it is “%(old)s”. Reload the page to see how it stands.", old=old))


class StaleVersion(Conflict):
    """Two people edited the same thing; the second gets both texts."""

    message = _l("Somebody saved this after you opened it. Your text is kept below; nothing was overwritten.")

    def __init__(self, *, mine: str = "", theirs: str = "") -> None:
        super().__init__()
        self.mine, self.theirs = mine, theirs


class Invalid(PortalError):
    """A value that cannot be taken. `field` names the form field the sentence belongs to."""

    status = 422
    title = _l("Something needs another look")

    def __init__(self, message: Any, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class TooMany(PortalError):
    """Too many tries in a short time."""

    status = 429
    title = _l("Too many tries")
    message = _l("Nothing was changed. Wait a few minutes and try again.")


class Unavailable(PortalError):
    """A part the portal stands on does not answer; it recovers by itself."""

    status = 503
    title = _l("We cannot answer right now")
    message = _l("Nothing was changed. Please try again in a few seconds.")
