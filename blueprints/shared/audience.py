"""Guards of the audiences: who is on the wrong side of the house gets 404, a stranger the sign-in page."""

from blueprints.shared.actor import require_actor
from portal.kit.errors import NotFound


def require_buyer() -> None:
    """Only people of a buyer company."""
    if require_actor().company_kind != "buyer":
        raise NotFound


def require_vendor() -> None:
    """Only people of a vendor company."""
    if require_actor().company_kind != "vendor":
        raise NotFound


def require_company() -> None:
    """Only people of a company."""
    if require_actor().company_id is None:
        raise NotFound


def require_staff() -> None:
    """Only platform staff."""
    if not require_actor().is_staff:
        raise NotFound
