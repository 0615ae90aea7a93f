"""The life of a vendor's rate card: drafted, in use once a version is published, put away and taken out again."""

from __future__ import annotations

from enum import StrEnum


class RateCardState(StrEnum):
    """Whether a card is offered where a vendor chooses one."""

    DRAFT = "draft"
    ACTIVE = "active"
    ARCHIVED = "archived"


RATE_CARD_MOVES = {
    RateCardState.DRAFT: {RateCardState.ACTIVE, RateCardState.ARCHIVED},
    RateCardState.ACTIVE: {RateCardState.ARCHIVED},
    RateCardState.ARCHIVED: {RateCardState.ACTIVE, RateCardState.DRAFT},
}
