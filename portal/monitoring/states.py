"""States of reported months and of surveys."""

from enum import StrEnum


class PeriodState(StrEnum):
    """A month: the vendor reports, the buyer agrees or objects, an objected one is corrected and then agreed."""

    OPEN = "open"
    REPORTED = "reported"
    OBJECTED = "objected"
    AGREED = "agreed"


PERIOD_MOVES = {
    PeriodState.OPEN: {PeriodState.REPORTED},
    PeriodState.REPORTED: {PeriodState.AGREED, PeriodState.OBJECTED},
    PeriodState.OBJECTED: {PeriodState.AGREED},
}
EDITABLE = frozenset({PeriodState.OPEN, PeriodState.OBJECTED})


class SurveyState(StrEnum):
    """A survey takes answers while it is active."""

    ACTIVE = "active"
    ENDED = "ended"


SURVEY_MOVES = {SurveyState.ACTIVE: {SurveyState.ENDED}}
