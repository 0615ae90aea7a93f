"""A vendor's own bids. Nobody else learns here that there are any; buyers read opened bids on their pages."""

import uuid
from typing import Any

from blueprints.api.schemas.bids import (
    Bid,
    BidAnswer,
    BidAward,
    BidMustHave,
    BidPage,
    BidRequirement,
    BidSummary,
    ShownBidState,
)
from blueprints.api.schemas.values import PAGE, CompanyName, Paging, money, page
from blueprints.api.spec import documented
from blueprints.shared.actor import require_actor
from blueprints.shared.audience import require_vendor
from blueprints.shared.routes import Routes, needs
from portal.accounts.permissions import Permission
from portal.accounts.queries import company
from portal.needs.models import Requirement
from portal.needs.queries import criteria_of, knock_outs_of, requirement_for
from portal.selection import models, queries
from portal.selection.states import BidState

routes = Routes()
IN_EVALUATION = frozenset({BidState.QUALIFIED, BidState.RESERVE})


@routes.get("/bids")
@needs(Permission.BID_VIEW)
@documented(BidPage, "Bids")
def list_bids(query: Paging) -> BidPage:
    """List the vendor's own bids, newest first."""
    require_vendor()
    rows = queries.bids_of(require_actor(), after=query.after, most=PAGE + 1)
    return BidPage(
        **page(
            rows,
            lambda row: BidSummary(**_summary(row.bid, row.requirement, row.buyer_name, row.award)),
            lambda row: row.bid.id,
        )
    )


@routes.get("/bids/<uuid:bid_id>")
@needs(Permission.BID_VIEW)
@documented(Bid, "Bids")
def show_bid(bid_id: uuid.UUID) -> Bid:
    """Show one of the vendor's own bids."""
    require_vendor()
    actor = require_actor()
    found = queries.bid_for(actor, bid_id)
    price = queries.price_of(found)
    requirement = requirement_for(actor, found.requirement_id)
    claims = queries.knock_outs_of(found)
    codes = {row.id: row.code for row in criteria_of(requirement)}
    return Bid(
        **_summary(found, requirement, company(found.buyer_id).name, queries.award_of(found)),
        total=money(price.total_minor, price.currency),
        is_complete=price.is_complete,
        rate_card=price.rate_card,
        answers=[BidAnswer(criterion=codes[row.criterion_id], answer=row.answer) for row in queries.answers_of(found)],
        must_haves=[
            BidMustHave(title=one.title, is_met=claims[one.id].is_met, evidence=claims[one.id].evidence)
            for one in knock_outs_of(requirement)
            if one.id in claims
        ],
        receipt_sha256=found.receipt_sha256,
    )


def _summary(bid: models.Bid, requirement: Requirement, buyer_name: str, award: models.Award | None) -> dict[str, Any]:
    state = BidState(bid.state)
    return {
        "id": bid.id,
        "state": ShownBidState.IN_EVALUATION if state in IN_EVALUATION else ShownBidState(state.value),
        "requirement": BidRequirement(
            **{name: getattr(requirement, name) for name in BidRequirement.model_fields},
        ),
        "buyer": CompanyName(id=bid.buyer_id, name=buyer_name),
        "reference": bid.reference,
        "valid_until": bid.valid_until,
        "submitted_at": bid.submitted_at,
        "award": BidAward(state=award.state, answer_due_at=award.answer_due_at) if award else None,
    }
