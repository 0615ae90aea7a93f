"""States of a requirement and how they move, the steps of writing one, and its own closed lists."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l


class RequirementState(StrEnum):
    """From the first answer to the award, and the four ways to end without one."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    PUBLISHED = "published"
    CLOSED = "closed"
    OPENED = "opened"
    DECIDED = "decided"
    AWARDED = "awarded"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"
    UNSUCCESSFUL = "unsuccessful"
    LAPSED = "lapsed"


_S = RequirementState

# Withdrawn: taken back while vendors could bid. Cancelled: a draft thrown away, or stopped after the deadline.
# Unsuccessful: too few bids, or none that could be taken. Lapsed: not decided while the bids were valid.
# A recommended award that falls through leads back to the opened bids.
REQUIREMENT_MOVES = {
    _S.DRAFT: {_S.IN_REVIEW, _S.PUBLISHED, _S.CANCELLED},
    _S.IN_REVIEW: {_S.DRAFT, _S.PUBLISHED, _S.CANCELLED},
    _S.PUBLISHED: {_S.CLOSED, _S.WITHDRAWN},
    _S.CLOSED: {_S.OPENED, _S.UNSUCCESSFUL, _S.CANCELLED},
    _S.OPENED: {_S.DECIDED, _S.UNSUCCESSFUL, _S.CANCELLED, _S.LAPSED},
    _S.DECIDED: {_S.AWARDED, _S.OPENED, _S.UNSUCCESSFUL, _S.CANCELLED, _S.LAPSED},
}

ENDS = frozenset({_S.WITHDRAWN, _S.CANCELLED, _S.UNSUCCESSFUL, _S.LAPSED})


class VersionKind(StrEnum):
    """How a version of a requirement came about; refined ones are between the buyer and the winner."""

    PUBLISHED = "published"
    AMENDED = "amended"
    EXTENDED = "extended"
    REFINED = "refined"


class ChangeReason(StrEnum):
    """Why a published requirement is changed."""

    VOLUMES = "volumes"
    SCOPE = "scope"
    DATES = "dates"
    TARGETS = "targets"
    CRITERIA = "criteria"
    CLARITY = "clarity"
    ERROR = "error"
    LAW = "law"
    OTHER = "other"


CHANGE_REASON_NAMES = {
    ChangeReason.VOLUMES: _l("The expected volumes have changed"),
    ChangeReason.SCOPE: _l("The scope has changed"),
    ChangeReason.DATES: _l("The dates have changed"),
    ChangeReason.TARGETS: _l("The service targets have changed"),
    ChangeReason.CRITERIA: _l("Bids are to be judged differently"),
    ChangeReason.CLARITY: _l("Something was unclear"),
    ChangeReason.ERROR: _l("Something was wrong"),
    ChangeReason.LAW: _l("A law or a rule asks for it"),
    ChangeReason.OTHER: _l("Another reason"),
}


class StopReason(StrEnum):
    """Why a buyer ends a requirement without an award."""

    BUDGET = "budget"
    NO_NEED = "no_need"
    IN_HOUSE = "in_house"
    SCOPE = "scope"
    FEW_OFFERS = "few_offers"
    PROCEDURE = "procedure"
    OTHER = "other"


STOP_REASON_NAMES = {
    StopReason.BUDGET: _l("There is no budget for it any more"),
    StopReason.NO_NEED: _l("It is no longer needed"),
    StopReason.IN_HOUSE: _l("We do it ourselves"),
    StopReason.SCOPE: _l("What is needed has changed too much to amend it"),
    StopReason.FEW_OFFERS: _l("No offer fits"),
    StopReason.PROCEDURE: _l("There was a mistake in the procedure"),
    StopReason.OTHER: _l("Another reason"),
}


class SplitRule(StrEnum):
    """By what a partial outsourcing divides the work."""

    BY_CHANNEL = "by_channel"
    BY_HOURS = "by_hours"
    BY_LANGUAGE = "by_language"
    BY_CONTACT_TYPE = "by_contact_type"
    PERCENT = "percent"
    OVERFLOW = "overflow"


SPLIT_NAMES = {
    SplitRule.BY_CHANNEL: _l("By channel"),
    SplitRule.BY_HOURS: _l("By hours of the day or week"),
    SplitRule.BY_LANGUAGE: _l("By language"),
    SplitRule.BY_CONTACT_TYPE: _l("By kind of enquiry"),
    SplitRule.PERCENT: _l("A share of all contacts"),
    SplitRule.OVERFLOW: _l("Only what our own team cannot answer in time"),
}


class Goal(StrEnum):
    """Why a company outsources; read again when the effect is evaluated."""

    FOCUS = "focus"
    QUALITY = "quality"
    COST = "cost"
    FLEXIBILITY = "flexibility"
    COVERAGE = "coverage"
    LANGUAGE = "language"


GOAL_NAMES = {
    Goal.FOCUS: _l("Focus on our core business"),
    Goal.QUALITY: _l("Better service quality"),
    Goal.COST: _l("Lower cost"),
    Goal.FLEXIBILITY: _l("Follow peaks and troughs"),
    Goal.COVERAGE: _l("Longer hours or more channels"),
    Goal.LANGUAGE: _l("More languages"),
}


class CriterionKind(StrEnum):
    """Quality is scored by people; price is scored by formula from the total cost."""

    QUALITY = "quality"
    PRICE = "price"


class PriceBasis(StrEnum):
    """Which total a bid's price is scored by. Before credits, a vendor that expects to fail never looks cheaper."""

    BEFORE_CREDITS = "before_credits"
    AFTER_CREDITS = "after_credits"


class VolumeSource(StrEnum):
    """Where a channel's volumes come from."""

    TYPED = "typed"
    FILE = "file"


class Step(StrEnum):
    """The steps of writing a requirement, in their order; the last one only checks and publishes."""

    GOALS = "goals"
    CHANNELS = "channels"
    LANGUAGES = "languages"
    TARGETS = "targets"
    MONEY = "money"
    DEADLINE = "deadline"
    CRITERIA = "criteria"
    CHECK = "check"


STEP_NAMES = {
    Step.GOALS: _l("Goals and mode"),
    Step.CHANNELS: _l("Channels and volumes"),
    Step.LANGUAGES: _l("Languages and hours"),
    Step.TARGETS: _l("Service targets"),
    Step.MONEY: _l("Term and money"),
    Step.DEADLINE: _l("Deadline"),
    Step.CRITERIA: _l("Criteria"),
    Step.CHECK: _l("Check and publish"),
}
