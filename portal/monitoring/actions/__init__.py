"""What people do in monitoring: report a month, object, agree; open, answer and end a survey."""

from portal.monitoring.actions.months import agree_month, object_month, report_month, save_month
from portal.monitoring.actions.surveys import answer_survey, end_survey, open_survey

__all__ = [
    "agree_month",
    "answer_survey",
    "end_survey",
    "object_month",
    "open_survey",
    "report_month",
    "save_month",
]
