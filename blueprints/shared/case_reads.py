"""Looks of staff at private rows: a view notes them, the edge records them before the answer goes out."""

from typing import Any

from flask import g

from blueprints.shared.actor import require_actor
from portal.kit import tenancy
from portal.moderation.models import Case
from portal.moderation.records import read_of, record_read


def note_reads(case: Case, *rows: Any) -> None:
    """Note that this request shows these rows through a case."""
    g.setdefault("case_reads", []).extend(read_of(case, row) for row in rows)


def record_noted_reads(limits: tenancy.Limits) -> None:
    """Add what was noted to the audit log, in a new transaction that the edge commits: that of a GET cannot write.

    If that fails, its error becomes the answer: nothing is shown that was not recorded.
    """
    reads = g.pop("case_reads", [])
    if not reads:
        return
    actor = require_actor()
    tenancy.enter(actor.scope, limits)
    for read in reads:
        record_read(actor, read)
