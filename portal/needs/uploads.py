"""Uploaded files of contacts while they wait to be taken over."""

from datetime import timedelta

from flask_babel import lazy_gettext as _l

from portal.kit import clock, files
from portal.kit.errors import Conflict
from portal.kit.files import StoredFile
from portal.needs.interval_look import Look, look_at
from portal.needs.interval_reading import Choice
from portal.needs.models import Requirement, RequirementChannel

UPLOAD_WAITS = timedelta(days=7)
"""An upload that was not taken over by then is uploaded again: nobody remembers what was in it."""


def is_expired(file: StoredFile, row: RequirementChannel) -> bool:
    """Whether an upload waited too long to be taken over; the channel's own file may always be read anew."""
    return row.file_id != file.id and file.created_at < clock.now() - UPLOAD_WAITS


def look_at_file(requirement: Requirement, channel: str, file: StoredFile, said: Choice) -> Look:
    """A kept file as it would be read. Raises Invalid for what is no table, Conflict where the file is gone."""
    try:
        content = files.read(file)
    except FileNotFoundError as error:
        raise Conflict(_l("This upload is not there any more. Upload the file again.")) from error
    return look_at(content, requirement.timezone, said, channel)
