"""The verbs of needs: draft, save a step, import volumes, publish, withdraw; and the course after publication."""

from portal.needs.actions.assessments import begin_assessment, delete_assessment, save_assessment
from portal.needs.actions.draft import draft_requirement
from portal.needs.actions.in_house import drop_in_house, keep_in_house
from portal.needs.actions.patterns import save_patterns
from portal.needs.actions.process import award, close, decide, end, open_, withdraw_requirement
from portal.needs.actions.publish import publish_requirement
from portal.needs.actions.staffing import plan_staffing
from portal.needs.actions.steps import save_step
from portal.needs.actions.volumes import import_volumes, keep_volume_file

__all__ = [
    "award",
    "begin_assessment",
    "close",
    "decide",
    "delete_assessment",
    "draft_requirement",
    "drop_in_house",
    "end",
    "import_volumes",
    "keep_in_house",
    "keep_volume_file",
    "open_",
    "plan_staffing",
    "publish_requirement",
    "save_assessment",
    "save_patterns",
    "save_step",
    "withdraw_requirement",
]
