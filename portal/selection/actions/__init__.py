"""The verbs of selection: bid, close, open, score, award, and answer an award."""

from portal.selection.actions.answers import accept_award, decline_award, lapse_award
from portal.selection.actions.awards import award_bid
from portal.selection.actions.bids import draft_bid, save_answers, save_price
from portal.selection.actions.evaluation import disqualify_bid, score_bid
from portal.selection.actions.must_haves import check_must_haves, close_quality
from portal.selection.actions.opening import close_bidding, open_bids
from portal.selection.actions.refinement import confirm_requirement, refine_requirement
from portal.selection.actions.submission import submit_bid, withdraw_bid

__all__ = [
    "accept_award",
    "award_bid",
    "check_must_haves",
    "close_bidding",
    "close_quality",
    "confirm_requirement",
    "decline_award",
    "disqualify_bid",
    "draft_bid",
    "lapse_award",
    "open_bids",
    "refine_requirement",
    "save_answers",
    "save_price",
    "score_bid",
    "submit_bid",
    "withdraw_bid",
]
