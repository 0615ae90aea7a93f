"""The content of a requirement as one plain JSON document, and back: for versions, amendments, copies and templates.

Nothing is listed by hand: every column that is not part of the course (`PROCESS`) is content, and so is every column
of the tables in `PARTS`. A new column comes along by itself; a new table has to be named here or in `NOT_CONTENT`,
which a test sees to.
"""

import hashlib
import uuid
from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Date, DateTime, Uuid, select
from sqlalchemy.orm import ColumnProperty, class_mapper

from portal.kit import clock
from portal.kit.db import Base, db
from portal.kit.evidence import canonical
from portal.needs.models import (
    Criterion,
    EvaluationRules,
    FrozenScenario,
    KnockOut,
    Requirement,
    RequirementBudget,
    RequirementChannel,
    RequirementStaffing,
)

Document = dict[str, Any]

PROCESS = frozenset(
    "id created_at buyer_id version number state published_at closed_at opened_at decided_at awarded_at ended_at"
    " end_reason end_code steps_done saved_at version_number amends_id amends_version author_id in_review_at"
    " review_asked_by approved_by review_note change_reason change_note".split()
)
"""Columns of a requirement that say how far it has come, not what is wanted. The database's guard lists them too."""
_KEYS = frozenset({"id", "requirement_id", "buyer_id", "created_at", "version", "dropped_at"})
FILES = frozenset({"file_id", "file_findings"})
DATES = frozenset({"start_on", "end_on", "data_deletion_on", "deadline_at", "deadline_local", "deadline_zone"})
"""What a copy begins without."""


class Part(NamedTuple):
    """A table whose rows belong to a requirement's content. `key` tells rows of it apart; '' where there is only one.

    `is_public`: vendors read it, so that versions hold it; else it is only copied within the company.
    `is_kept`: a row that an amendment drops stays, marked `dropped_at`.
    """

    name: str
    model: type[Base]
    key: str
    order: str
    is_public: bool
    is_kept: bool = False


PARTS = (
    Part("channels", RequirementChannel, "channel", "channel", is_public=True),
    Part("criteria", Criterion, "code", "position", is_public=True, is_kept=True),
    Part("knock_outs", KnockOut, "title", "position", is_public=True, is_kept=True),
    Part("rules", EvaluationRules, "", "requirement_id", is_public=True),
    Part("budget", RequirementBudget, "", "requirement_id", is_public=False),
    Part("staffing", RequirementStaffing, "", "requirement_id", is_public=False),
)
NOT_CONTENT = frozenset(
    {
        "scenarios",  # worked out from the content, and frozen beside it
        "requirement_versions",
        "requirement_confirmations",
        "requirement_looks",
        "quality_closings",  # the course of the evaluation
        "in_house_baselines",  # the buyer's own affair, as it stands today
        "self_assessments",
        "volume_uploads",
    }
)
"""Tables of needs that point at a requirement without being a part of what it says."""


def document_of(requirement: Requirement, scenarios: Sequence[FrozenScenario]) -> Document:
    """Everything vendors read of a requirement as it stands, with the digests of its frozen scenarios."""
    found: Document = {"requirement": _values(requirement, PROCESS)}
    for part in PARTS:
        if part.is_public:
            found[part.name] = [_values(row, _KEYS | {"file_id"}) for row in _rows(requirement, part)]
    found["scenarios"] = [{"name": one.name, "version": one.version, "sha256": one.sha256} for one in scenarios]
    return found


def whole_of(requirement: Requirement, *, without: Collection[str] = ()) -> Document:
    """Everything the buyer wrote, the private parts too, without the columns named; for the buyer's own use only."""
    found: Document = {"requirement": _values(requirement, PROCESS | set(without))}
    for part in PARTS:
        found[part.name] = [_values(row, _KEYS | set(without)) for row in _rows(requirement, part)]
    return found


def sha256_of(document: Document) -> str:
    """The digest of a document's canonical spelling, in hexadecimal."""
    return hashlib.sha256(canonical(document).encode()).hexdigest()


def fill(requirement: Requirement, document: Document) -> None:
    """Give a requirement the content of `whole_of` another; columns the document lacks stay as they are.

    Rows are matched by their key, so that those that stay keep their identity. Flushes.
    """
    _put(requirement, document["requirement"])
    db.session.flush()
    for part in PARTS:
        if part.name in document:
            _merge(requirement, part, document[part.name])
            db.session.flush()


def columns_of(model: type[Base]) -> dict[str, Any]:
    """The types of a model's columns by attribute."""
    properties = class_mapper(model).iterate_properties
    return {one.key: one.columns[0].type for one in properties if isinstance(one, ColumnProperty)}


def content_columns(model: type[Base]) -> list[str]:
    """The columns of a requirement or of one of its parts that are content."""
    return [name for name in columns_of(model) if name not in (PROCESS if model is Requirement else _KEYS)]


def _rows(requirement: Requirement, part: Part, *, dropped: bool = False) -> Sequence[Any]:
    model: Any = part.model
    query = select(model).where(model.requirement_id == requirement.id).order_by(getattr(model, part.order))
    if part.is_kept and not dropped:
        query = query.where(model.dropped_at.is_(None))
    return db.session.scalars(query).all()


def _values(row: Base, without: Collection[str]) -> Document:
    return {name: _plain(getattr(row, name)) for name in columns_of(type(row)) if name not in without}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, uuid.UUID) else value


def _typed(kind: Any, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, DateTime):
        return datetime.fromisoformat(value)
    if isinstance(kind, Date):
        return date.fromisoformat(value)
    return uuid.UUID(value) if isinstance(kind, Uuid) else value


def _put(row: Base, values: Document) -> None:
    """Set what differs: a row that says the same already is not written."""
    kinds = columns_of(type(row))
    for name, value in values.items():
        if name in kinds and getattr(row, name) != (wanted := _typed(kinds[name], value)):
            setattr(row, name, wanted)


def _merge(requirement: Requirement, part: Part, wanted: Sequence[Document]) -> None:
    model: Any = part.model
    before = {getattr(row, part.key, ""): row for row in _rows(requirement, part, dropped=True)}
    asked = {values.get(part.key, ""): values for values in wanted}
    for key, row in before.items():
        if key not in asked:
            _drop(requirement, part, row)
    db.session.flush()  # first what goes: a place may be taken again
    for key, values in asked.items():
        row = before.get(key)
        if row is None:
            row = model(requirement_id=requirement.id, buyer_id=requirement.buyer_id)
            db.session.add(row)
        elif part.is_kept and row.dropped_at is not None:
            row.dropped_at = None
        _put(row, values)


def _drop(requirement: Requirement, part: Part, row: Any) -> None:
    if part.is_kept and requirement.is_published:
        row.dropped_at = row.dropped_at or clock.now()
    else:
        db.session.delete(row)
