"""What the clock does to requirements: uploads that nobody took over go."""

import uuid

from sqlalchemy import select, text

from portal.accounts.actor import Actor
from portal.kit import jobs, tenancy
from portal.kit.db import db
from portal.kit.files import StoredFile
from portal.needs.actions.volumes import delete_upload
from portal.needs.models import RequirementChannel


@jobs.due("needs.uploads")
def delete_expired_uploads() -> None:
    """Delete every upload older than `uploads.UPLOAD_WAITS` that no channel rests on, row and bytes."""
    with jobs.transaction(tenancy.PUBLIC):
        waiting = db.session.execute(text("SELECT file_id, buyer_id FROM volume_uploads_due()")).all()
    for row in waiting:
        _delete(row.file_id, Actor.robot(row.buyer_id, "buyer"))


def _delete(file_id: uuid.UUID, robot: Actor) -> None:
    with jobs.transaction(robot.scope):
        file = db.session.scalar(select(StoredFile).where(StoredFile.id == file_id, tenancy.mine(StoredFile)))
        used = select(RequirementChannel.id).where(RequirementChannel.file_id == file_id).limit(1)
        if file is not None and db.session.scalar(used) is None:
            delete_upload(robot, file)
