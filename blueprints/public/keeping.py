"""The shortlist on public pages: only for somebody who has signed in for a buyer and may write on its list."""

import uuid
from collections.abc import Collection
from typing import NamedTuple

from flask import request
from werkzeug.datastructures import MultiDict

from blueprints.public.chosen import Chosen, asked_for, chosen_among, chosen_of
from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.catalog.kept_queries import named_and_kept


class Keeping(NamedTuple):
    """Whom of the vendors shown the reader's company keeps, and where the reader is."""

    kept: set[uuid.UUID]
    back: str

    def state_of(self, vendor_id: uuid.UUID) -> bool:
        """Whether a vendor is kept."""
        return vendor_id in self.kept


def chosen_and_kept(
    actor: Actor | None, arguments: MultiDict[str, str], vendor_ids: Collection[uuid.UUID]
) -> tuple[Chosen, Keeping | None]:
    """Who is chosen to compare, and what the page shows of the shortlist; one statement for both, or none.

    The second is None, and so nothing is shown of it, for everybody who may not write on a shortlist.
    """
    if not may_keep(actor):
        return chosen_of(arguments), None
    asked = asked_for(arguments)
    rows = named_and_kept(asked, vendor_ids)
    kept = {row.vendor_id for row in rows if row.is_kept}
    return chosen_among(asked, rows), Keeping(kept, request.full_path.rstrip("?"))


def may_keep(actor: Actor | None) -> bool:
    """Whether somebody may write on a shortlist and save searches."""
    return actor is not None and actor.company_kind == "buyer" and actor.can(Permission.SHORTLIST_EDIT)
