"""The shortlist on public pages: only for somebody who has signed in for a buyer and may write on its list."""

import uuid
from collections.abc import Collection
from typing import NamedTuple

from flask import request

from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.catalog.kept_queries import kept_among


class Keeping(NamedTuple):
    """Whom of the vendors shown the reader's company keeps, and where the reader is."""

    kept: set[uuid.UUID]
    back: str

    def state_of(self, vendor_id: uuid.UUID) -> bool:
        """Whether a vendor is kept."""
        return vendor_id in self.kept


def keeping(actor: Actor | None, vendor_ids: Collection[uuid.UUID]) -> Keeping | None:
    """What the page shows of the shortlist; None, and so nothing, for everybody else. One statement."""
    if actor is None or not may_keep(actor):
        return None
    kept = kept_among(actor, vendor_ids) if vendor_ids else set()
    return Keeping(kept, request.full_path.rstrip("?"))


def may_keep(actor: Actor | None) -> bool:
    """Whether somebody may write on a shortlist and save searches."""
    return actor is not None and actor.company_kind == "buyer" and actor.can(Permission.SHORTLIST_EDIT)
