"""Volumes of a channel from an uploaded file: kept first, then, once the buyer has seen what was read, taken over."""

from flask_babel import lazy_gettext as _l

from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.kit import audit, clock, files
from portal.kit.db import check_version, db
from portal.kit.errors import Conflict, Invalid
from portal.kit.files import StoredFile
from portal.needs import policy
from portal.needs.actions.steps import mark_saved
from portal.needs.interval_look import Look, look_at
from portal.needs.interval_reading import Choice
from portal.needs.interval_text import FIELD
from portal.needs.models import Requirement, RequirementChannel
from portal.needs.private_models import VolumeUpload
from portal.needs.queries import channel_of, locked
from portal.needs.states import Step, VolumeSource
from portal.needs.uploads import UPLOAD_WAITS, is_expired, look_at_file

CONTENT_TYPES = {
    True: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    False: "text/csv",
}


def keep_volume_file(
    actor: Actor, requirement: Requirement, *, content: bytes, name: str, channel: str = ""
) -> StoredFile:
    """Read an uploaded file and keep it; nothing of the requirement changes yet.

    Raises Invalid at the field `file`, naming line and column, and then nothing is kept. What only its owner can
    answer, such as which of two columns counts, is no reason to refuse it: the page that follows asks.
    """
    actor.permit(Permission.REQUIREMENT_EDIT)
    if not policy.can_edit(actor, requirement):
        raise Conflict
    try:
        look = look_at(content, requirement.timezone, channel=channel)
    except Invalid as error:
        raise Invalid(error.message, FIELD) from error
    if FIELD in look.problems:
        raise Invalid(look.problems[FIELD], FIELD)
    kind = CONTENT_TYPES[look.table.is_workbook]
    stored = files.put(actor, content, name=name, content_type=kind, buyer_id=requirement.buyer_id)
    db.session.add(VolumeUpload(file_id=stored.id, buyer_id=requirement.buyer_id, uploaded_at=clock.now()))
    db.session.flush()
    audit.record(actor, "needs:requirement:upload_volumes", requirement, after={"file": stored.name})
    return stored


def import_volumes(
    actor: Actor, requirement: Requirement, channel: str, file: StoredFile, said: Choice = Choice(), *, version: int
) -> Look:
    """Take a channel's volumes, patterns and findings from a kept file, and its handle time if a column holds it.

    Raises NotFound for a channel the requirement has not, Invalid for a reading that has open questions or a cell
    that cannot be read, StaleVersion, Conflict once published or when the upload waited too long.
    """
    actor.permit(Permission.REQUIREMENT_EDIT)
    found = locked(actor, requirement.id)
    check_version(found, version)
    if not policy.can_edit(actor, found):
        raise Conflict
    row = channel_of(found, channel)
    if is_expired(file, row):
        raise Conflict(_l("This upload is older than %(days)s days. Upload the file again.", days=UPLOAD_WAITS.days))
    look = look_at_file(found, channel, file, said)
    for field, sentence in look.problems.items():
        raise Invalid(sentence, field)
    before = {"monthly": row.monthly, "source": row.source, "aht_s": row.aht_s}
    _take(row, look, file)
    mark_saved(found, Step.CHANNELS)
    db.session.flush()
    after = {"channel": row.channel, "file": file.name, "sha256": file.sha256, "monthly": row.monthly}
    audit.record(actor, "needs:requirement:import_volumes", found, before=before, after=after | {"aht_s": row.aht_s})
    return look


def delete_upload(actor: Actor, file: StoredFile) -> None:
    """Delete an upload that waited too long to be taken over, its bytes too."""
    audit.record(actor, "needs:requirement:delete_upload", file, before={"file": file.name, "sha256": file.sha256})
    files.delete(file)


def _take(row: RequirementChannel, look: Look, file: StoredFile) -> None:
    assert look.findings is not None, "a reading without problems has findings"
    row.monthly = [format(value, "f") for value in look.findings.monthly]
    row.source, row.measured = VolumeSource.FILE.value, True
    row.file_id, row.file_findings = file.id, look.as_document(file.name)
    row.weekdays = row.day_profile = row.seasons = None  # those of the file count now
    if look.findings.aht_s:
        row.aht_s = look.findings.aht_s
