"""Volumes of a channel: what is stored, a file, how it is read, taking it over, and patterns typed by hand."""

import uuid
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from blueprints.buyer.forms.volumes import ReadForm, UploadForm, patterns_form
from blueprints.buyer.requirement_page import page_of, step_url
from blueprints.shared.actor import require_actor
from blueprints.shared.forms import done, form_page, submitted
from blueprints.shared.requirement_view import month_names
from blueprints.shared.routes import Routes, needs
from blueprints.shared.volume_view import SOURCES, charts_of, drawn, oddities_of, year_words
from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.kit.errors import Invalid
from portal.kit.files import StoredFile
from portal.kit.ids import new_id
from portal.measures.words import CHANNEL_NAMES
from portal.needs import policy
from portal.needs.actions import import_volumes, keep_volume_file, save_patterns
from portal.needs.interval_look import Look
from portal.needs.interval_reading import Choice
from portal.needs.models import Requirement, RequirementChannel
from portal.needs.queries import channel_of, requirement_for, volume_file_for
from portal.needs.seasons import known_of_findings
from portal.needs.states import Step
from portal.needs.uploads import UPLOAD_WAITS, is_expired, look_at_file

routes = Routes()


@routes.form("/requirements/<uuid:requirement_id>/volumes/<channel>")
@needs(Permission.REQUIREMENT_EDIT)
def upload_volumes(requirement_id: uuid.UUID, channel: str) -> Any:
    """What is known of a channel's volumes, and a file for more; one that cannot be read is refused as a whole."""
    actor = require_actor()
    requirement = requirement_for(actor, requirement_id)
    row = channel_of(requirement, channel)
    if _is_only_read(actor, requirement):
        return redirect(url_for("buyer.show_requirement", requirement_id=requirement.id))
    form = UploadForm()

    def keep() -> StoredFile:
        sent = form.file.data
        return keep_volume_file(actor, requirement, content=sent.read(), name=sent.filename or "", channel=channel)

    stored = submitted(form, keep)
    if stored is not None:
        target = url_for("buyer.use_volumes", requirement_id=requirement.id, channel=channel, file_id=stored.id)
        return redirect(target)
    return form_page(
        "buyer/requirement/upload.html",
        form,
        row=row,
        charts=charts_of(row),
        year=year_words(len(known_of_findings(row.file_findings)), bool(row.seasons)),
        odd=oddities_of(row.file_findings or {}, requirement.timezone),
        **_page(requirement, row),
    )


@routes.form("/requirements/<uuid:requirement_id>/volumes/<channel>/<uuid:file_id>")
@needs(Permission.REQUIREMENT_EDIT)
def use_volumes(requirement_id: uuid.UUID, channel: str, file_id: uuid.UUID) -> Any:
    """How a file is read, with everything recognised open to correction; only what was shown is taken over."""
    actor = require_actor()
    requirement = requirement_for(actor, requirement_id)
    row = channel_of(requirement, channel)
    stored = volume_file_for(actor, file_id)
    if _is_only_read(actor, requirement):
        return redirect(url_for("buyer.show_requirement", requirement_id=requirement.id))
    if is_expired(stored, row):
        flash(_("This upload is older than %(days)s days. Upload the file again.", days=UPLOAD_WAITS.days), "error")
        return redirect(url_for("buyer.upload_volumes", requirement_id=requirement.id, channel=channel))
    form = ReadForm(data={"version": requirement.version})
    choice = form.choice()
    if form.was_seen() and request.form.get("then") != "look":
        used = submitted(
            form, lambda: import_volumes(actor, requirement, channel, stored, choice, version=form.version.data)
        )
        if used is not None:
            done(_("The volumes are taken from the file."))
            return redirect(step_url(requirement, Step.CHANNELS))
    return _read_page(requirement, row, stored, form, choice)


@routes.form("/requirements/<uuid:requirement_id>/volumes/<channel>/patterns")
@needs(Permission.REQUIREMENT_EDIT)
def edit_patterns(requirement_id: uuid.UUID, channel: str) -> Any:
    """Weekdays and hours of a channel typed by hand."""
    actor = require_actor()
    requirement = requirement_for(actor, requirement_id)
    row = channel_of(requirement, channel)
    if _is_only_read(actor, requirement):
        return redirect(url_for("buyer.show_requirement", requirement_id=requirement.id))
    form = patterns_form(row, requirement.version)

    def save() -> RequirementChannel:
        return save_patterns(
            actor,
            requirement,
            channel,
            weekdays=form.weekdays(),
            hours=form.hours(),
            seasons=form.seasons(),
            version=form.version.data,
        )

    if submitted(form, save) is not None:
        done(_("Saved."))
        return redirect(url_for("buyer.upload_volumes", requirement_id=requirement.id, channel=channel))
    return form_page(
        "buyer/requirement/patterns.html",
        form,
        row=row,
        charts=charts_of(row),
        known=known_of_findings(row.file_findings),
        **_page(requirement, row),
    )


def _read_page(
    requirement: Requirement, row: RequirementChannel, stored: StoredFile, form: ReadForm, choice: Choice
) -> tuple[str, int]:
    """The file as it is read by `choice`. What a look at it finds is no mistake of its sender: the status stays 200."""
    is_sent = request.method == "POST"
    if is_sent and not form.errors:
        form.submission_id.data = str(new_id())  # what is sent next is another sending
    status = 400 if form.errors else 200
    look = None
    try:
        look = look_at_file(requirement, row.channel, stored, choice if is_sent else Choice())
        form.show(look)
        problems = look.problems
    except Invalid as error:
        form.show_unread(choice)
        problems = {error.field or "file": error.message}
    if status == 200:
        for field, sentence in problems.items():
            form.put_error(Invalid(sentence, field))
    page = render_template(
        "buyer/requirement/use_file.html",
        form=form,
        channel=row.channel,
        stored=stored,
        row=row,
        look=look,
        **_findings(look, stored, requirement),
        **_page(requirement, row),
    )
    return page, status


def _findings(look: Look | None, stored: StoredFile, requirement: Requirement) -> dict[str, Any]:
    """What a file that can be read says, in charts and words."""
    if look is None or look.patterns is None:
        return {"charts": [], "odd": [], "year": ""}
    return {
        "charts": drawn(look.patterns.months, look.patterns.shape, ("file",) * 3),
        "year": year_words(len(look.findings.known), has_seasons=False) if look.findings else "",
        "odd": oddities_of(look.as_document(stored.name), requirement.timezone),
    }


def _page(requirement: Requirement, row: RequirementChannel) -> dict[str, Any]:
    named = {"name": CHANNEL_NAMES[row.channel], "sources": SOURCES, "month_names": month_names()}
    return named | page_of(requirement, Step.CHANNELS)


def _is_only_read(actor: Actor, requirement: Requirement) -> bool:
    return request.method == "GET" and not policy.can_edit(actor, requirement)
