"""Volumes of a channel from an uploaded file: kept first, then, once the buyer has seen what was read, taken over."""

from flask_babel import lazy_gettext as _l

from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.kit import audit, files
from portal.kit.db import check_version, db
from portal.kit.errors import Conflict, Invalid
from portal.kit.files import StoredFile
from portal.needs import policy
from portal.needs.actions.steps import mark_saved
from portal.needs.interval_file import Findings, read_intervals
from portal.needs.models import Requirement
from portal.needs.queries import channel_of, locked
from portal.needs.states import Step, VolumeSource

MAX_BYTES = 20_000_000


def keep_volume_file(actor: Actor, requirement: Requirement, *, content: bytes, name: str) -> StoredFile:
    """Read an uploaded file and keep it; nothing of the requirement changes yet.

    Raises Invalid at the field `file`, naming line and column, and then nothing is kept.
    """
    actor.permit(Permission.REQUIREMENT_EDIT)
    if not policy.can_edit(actor, requirement):
        raise Conflict
    if len(content) > MAX_BYTES:
        raise Invalid(_l("The file is larger than %(most)s MB.", most=MAX_BYTES // 1_000_000), "file")
    read_intervals(content, requirement.timezone)
    stored = files.put(actor, content, name=name, content_type="text/csv", buyer_id=requirement.buyer_id)
    audit.record(actor, "needs:requirement:upload_volumes", requirement, after={"file": stored.name})
    return stored


def import_volumes(actor: Actor, requirement: Requirement, channel: str, file: StoredFile, *, version: int) -> Findings:
    """Take a channel's monthly volumes from a kept file: the months it covers fully, averaged or one by one.

    Raises NotFound for a channel the requirement has not, StaleVersion, Conflict once published.
    """
    actor.permit(Permission.REQUIREMENT_EDIT)
    found = locked(actor, requirement.id)
    check_version(found, version)
    if not policy.can_edit(actor, found):
        raise Conflict
    row = channel_of(found, channel)
    findings = read_intervals(files.read(file), found.timezone)
    row.monthly = [format(value, "f") for value in findings.monthly]
    row.source, row.measured = VolumeSource.FILE.value, True
    row.file_id, row.file_findings = file.id, findings.as_document() | {"name": file.name}
    mark_saved(found, Step.CHANNELS)
    db.session.flush()
    audit.record(
        actor,
        "needs:requirement:import_volumes",
        found,
        after={"channel": row.channel, "file": file.name, "sha256": file.sha256, "monthly": row.monthly},
    )
    return findings
