"""Who has looked at a published requirement, so that its vendors can be told of changes. The buyer never reads it."""

import uuid

from sqlalchemy.dialects.postgresql import insert

from portal.accounts.actor import Actor
from portal.kit.db import db
from portal.needs.version_models import RequirementLook


def note_look(actor: Actor, requirement_id: uuid.UUID, buyer_id: uuid.UUID) -> None:
    """Remember, once, that the actor's company has looked at a requirement of `buyer_id`."""
    values = {"requirement_id": requirement_id, "buyer_id": buyer_id, "vendor_id": actor.company_id}
    db.session.execute(insert(RequirementLook).values(**values).on_conflict_do_nothing())
