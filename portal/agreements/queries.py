"""Reads about agreements, scoped to the parties."""

import uuid
from collections.abc import Sequence

from sqlalchemy import Select, or_, select

from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.agreements.models import Agreement, AgreementVersion, ChangeOrder
from portal.agreements.states import ChangeOrderState
from portal.kit.db import db
from portal.kit.errors import NotFound
from portal.kit.evidence import EvidenceEntry
from portal.kit.tenancy import current_scope, mine


def agreement_for(actor: Actor, agreement_id: uuid.UUID) -> Agreement:
    """An agreement the actor's company is a party of. Raises NotFound."""
    actor.permit(Permission.AGREEMENT_VIEW)
    found = db.session.scalar(select(Agreement).where(mine(Agreement), Agreement.id == agreement_id))
    if found is None:
        raise NotFound
    return found


def agreements_for(
    actor: Actor, *, in_force: bool = False, after: uuid.UUID | None = None, most: int = 200
) -> Sequence[Agreement]:
    """The agreements of the actor's company, newest first; `after` is the last one of the page before."""
    actor.permit(Permission.AGREEMENT_VIEW)
    query = select(Agreement).where(mine(Agreement)).order_by(Agreement.id.desc())
    if in_force:
        query = query.where(Agreement.state.in_(("active", "on_hold")))
    if after is not None:
        query = query.where(Agreement.id < after)
    return db.session.scalars(query.limit(most)).all()


def agreement_on(actor: Actor, requirement_id: uuid.UUID) -> Agreement | None:
    """The newest agreement of the actor's company on a requirement; None where there is none or it may not be seen."""
    if not actor.can(Permission.AGREEMENT_VIEW):
        return None
    query = select(Agreement).where(mine(Agreement), Agreement.requirement_id == requirement_id)
    return db.session.scalar(query.order_by(Agreement.id.desc()).limit(1))


def locked(agreement: Agreement) -> Agreement:
    """The agreement again, as it stands now, locked until the transaction ends."""
    query = select(Agreement).where(mine(Agreement), Agreement.id == agreement.id)
    return db.session.scalars(query.with_for_update().execution_options(populate_existing=True)).one()


def versions_of(agreement: Agreement) -> Sequence[AgreementVersion]:
    """All versions of the text, the current one first."""
    query = select(AgreementVersion).where(mine(AgreementVersion), AgreementVersion.agreement_id == agreement.id)
    return db.session.scalars(query.order_by(AgreementVersion.number.desc())).all()


def current_version(agreement: Agreement) -> AgreementVersion:
    """The version that counts now: the one with the highest number."""
    return versions_of(agreement)[0]


def locked_version(agreement: Agreement) -> AgreementVersion:
    """The current version, after locking its agreement, so that signing and countering cannot cross."""
    locked(agreement)
    return current_version(agreement)


def _shown_changes(agreement: Agreement) -> Select[ChangeOrder]:
    """Change orders without those the other company has written but not yet stood behind."""
    side = agreement.side_of(current_scope().company_id)
    stood_behind = or_(ChangeOrder.state != ChangeOrderState.PROPOSED, ChangeOrder.proposed_side == side)
    return select(ChangeOrder).where(mine(ChangeOrder), ChangeOrder.agreement_id == agreement.id, stood_behind)


def change_orders_of(agreement: Agreement) -> Sequence[ChangeOrder]:
    """The change orders of an agreement that the company in whose scope we are may see, newest first."""
    query = _shown_changes(agreement)
    return db.session.scalars(query.order_by(ChangeOrder.number.desc())).all()


def change_order(agreement: Agreement, order_id: uuid.UUID) -> ChangeOrder:
    """One change order of this agreement. Raises NotFound."""
    found = next((order for order in change_orders_of(agreement) if order.id == order_id), None)
    if found is None:
        raise NotFound
    return found


def locked_change(agreement: Agreement, order: ChangeOrder) -> ChangeOrder:
    """A change order as it stands now, after locking its agreement. Raises NotFound."""
    locked(agreement)
    query = _shown_changes(agreement).where(ChangeOrder.id == order.id).with_for_update()
    found = db.session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise NotFound
    return found


def evidence_of(agreement: Agreement) -> Sequence[EvidenceEntry]:
    """The evidence chain of an agreement, in order."""
    query = select(EvidenceEntry).where(
        mine(EvidenceEntry), EvidenceEntry.chain == "agreement", EvidenceEntry.chain_id == agreement.id
    )
    return db.session.scalars(query.order_by(EvidenceEntry.position)).all()
