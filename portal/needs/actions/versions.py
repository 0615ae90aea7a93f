"""Storing the next version of a requirement: its whole text with its digest, in the evidence chain too."""

from typing import Any

from portal.accounts.actor import Actor
from portal.kit import evidence
from portal.kit.db import db
from portal.needs.content import Document, document_of, sha256_of
from portal.needs.criteria import USUAL_SCALE
from portal.needs.models import Requirement
from portal.needs.queries import frozen_scenarios_of
from portal.needs.states import VersionKind
from portal.needs.version_models import RequirementVersion


def store_version(
    actor: Actor, requirement: Requirement, kind: VersionKind, *, document: Document | None = None, **about: Any
) -> RequirementVersion:
    """Store what the requirement says now as the version its `version_number` names.

    `about`: reason, note, is_material. Until then the database lets its rows be changed, and no longer. `document`
    spares reading it again.
    """
    document = document or document_of(requirement, frozen_scenarios_of(requirement))
    version = RequirementVersion(
        requirement_id=requirement.id,
        buyer_id=requirement.buyer_id,
        number=requirement.version_number,
        kind=kind.value,
        document=document,
        sha256=sha256_of(document),
        **about,
    )
    db.session.add(version)
    db.session.flush()
    payload = {
        "number": requirement.number,
        "version": version.number,
        "sha256": version.sha256,
        "person": actor.person_name,
        "reason": version.reason,
        "document": document,
        # What the scores of a criterion mean that has no words of its own.
        "usual_scale": [str(words) for words in USUAL_SCALE],
    }
    evidence.append("requirement", requirement.id, kind.value, payload, buyer_id=requirement.buyer_id)
    return version
