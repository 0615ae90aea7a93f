"""What the parties do with a plan: make it, submit, accept, ask for changes, waive."""

from portal.implementation.actions.milestones import (
    accept_milestone,
    request_changes,
    submit_milestone,
    waive_milestone,
)
from portal.implementation.actions.plan import make_plan

__all__ = ["accept_milestone", "make_plan", "request_changes", "submit_milestone", "waive_milestone"]
