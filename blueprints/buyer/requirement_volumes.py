"""Volumes of a channel from a file: upload, look at what was recognised, take it over."""

import uuid
from typing import Any

from flask import redirect, url_for
from flask_babel import gettext as _

from blueprints.buyer.forms.requirement import UploadForm, UseFileForm
from blueprints.buyer.requirement_page import page_of, step_url
from blueprints.shared.actor import require_actor
from blueprints.shared.forms import done, form_page, submitted
from blueprints.shared.requirement_view import day_chart
from blueprints.shared.routes import Routes, needs
from portal.accounts.permissions import Permission
from portal.kit import files
from portal.kit.files import StoredFile
from portal.measures.words import CHANNEL_NAMES, WEEKDAY_NAMES
from portal.needs.actions import import_volumes, keep_volume_file
from portal.needs.interval_file import read_intervals
from portal.needs.queries import channel_of, requirement_for, volume_file_for
from portal.needs.states import Step

routes = Routes()


@routes.form("/requirements/<uuid:requirement_id>/volumes/<channel>")
@needs(Permission.REQUIREMENT_EDIT)
def upload_volumes(requirement_id: uuid.UUID, channel: str) -> Any:
    """Choose a file; it is read at once, and refused as a whole if a cell in it cannot be read."""
    actor = require_actor()
    requirement = requirement_for(actor, requirement_id)
    row = channel_of(requirement, channel)
    form = UploadForm()

    def keep() -> StoredFile:
        sent = form.file.data
        return keep_volume_file(actor, requirement, content=sent.read(), name=sent.filename or "")

    stored = submitted(form, keep)
    if stored is not None:
        target = url_for("buyer.use_volumes", requirement_id=requirement.id, channel=channel, file_id=stored.id)
        return redirect(target)
    return form_page(
        "buyer/requirement/upload.html", form, name=CHANNEL_NAMES[row.channel], **page_of(requirement, Step.CHANNELS)
    )


@routes.form("/requirements/<uuid:requirement_id>/volumes/<channel>/<uuid:file_id>")
@needs(Permission.REQUIREMENT_EDIT)
def use_volumes(requirement_id: uuid.UUID, channel: str, file_id: uuid.UUID) -> Any:
    """What was recognised in the file, before it becomes the channel's volumes."""
    actor = require_actor()
    requirement = requirement_for(actor, requirement_id)
    row = channel_of(requirement, channel)
    stored = volume_file_for(actor, file_id)
    form = UseFileForm(data={"version": requirement.version})
    used = submitted(form, lambda: import_volumes(actor, requirement, channel, stored, version=form.version.data))
    if used is not None:
        done(_("The volumes are taken from the file."))
        return redirect(step_url(requirement, Step.CHANNELS))
    findings = read_intervals(files.read(stored), requirement.timezone)
    return form_page(
        "buyer/requirement/use_file.html",
        form,
        name=CHANNEL_NAMES[row.channel],
        channel=channel,
        stored=stored,
        findings=findings,
        weekday=list(WEEKDAY_NAMES.values())[findings.busiest_weekday],
        chart=day_chart(findings.as_document()),
        **page_of(requirement, Step.CHANNELS),
    )
