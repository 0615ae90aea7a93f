"""The verbs of needs: draft, save a step, import volumes, review, publish, amend, copy; and the course afterwards."""

from portal.needs.actions.amend import begin_amendment, discard_amendment, extend_deadline, publish_amendment
from portal.needs.actions.assessments import begin_assessment, delete_assessment, save_assessment
from portal.needs.actions.copies import (
    copy_requirement,
    delete_template,
    draft_from_template,
    rename_template,
    save_template,
)
from portal.needs.actions.draft import draft_requirement
from portal.needs.actions.in_house import drop_in_house, keep_in_house
from portal.needs.actions.patterns import save_patterns
from portal.needs.actions.process import award, close, decide, end, open_, withdraw_requirement
from portal.needs.actions.publish import publish_requirement
from portal.needs.actions.review import (
    approve_requirement,
    ask_amendment_review,
    ask_review,
    send_back,
    take_back,
)
from portal.needs.actions.staffing import plan_staffing
from portal.needs.actions.steps import save_step
from portal.needs.actions.volumes import import_volumes, keep_volume_file

__all__ = [
    "approve_requirement",
    "ask_amendment_review",
    "ask_review",
    "award",
    "begin_amendment",
    "begin_assessment",
    "close",
    "copy_requirement",
    "decide",
    "delete_assessment",
    "delete_template",
    "discard_amendment",
    "draft_from_template",
    "draft_requirement",
    "drop_in_house",
    "end",
    "extend_deadline",
    "import_volumes",
    "keep_in_house",
    "keep_volume_file",
    "open_",
    "plan_staffing",
    "publish_amendment",
    "publish_requirement",
    "rename_template",
    "save_assessment",
    "save_patterns",
    "save_step",
    "save_template",
    "send_back",
    "take_back",
    "withdraw_requirement",
]
