"""The requirement of an agreement that is not signed yet: both sides refine it, and confirm the last version."""

import uuid
from datetime import date
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from blueprints.shared.actor import require_actor
from blueprints.shared.forms import done, form_page, submitted
from blueprints.shared.routes import Routes, needs
from blueprints.shared.version_view import KIND_NAMES, compared
from blueprints.workspace.forms.refinements import refinement_form
from blueprints.workspace.frame import agreement_frame
from portal.accounts.permissions import Permission
from portal.agreements.models import Agreement
from portal.agreements.queries import agreement_for, agreement_on
from portal.agreements.states import AgreementState
from portal.kit.errors import NotFound
from portal.needs.queries import requirement_for
from portal.needs.states import VersionKind
from portal.needs.version_queries import confirmations_of, last_version_of, scenarios_of_versions, versions_of
from portal.selection import actions
from portal.selection.queries import award_for

routes = Routes()


@routes.get("/awards/<uuid:award_id>/requirement")
@needs(Permission.AGREEMENT_VIEW)
def find_agreed_requirement(award_id: uuid.UUID) -> Response:
    """Where a notice about a refinement leads: the requirement in its agreement."""
    actor = require_actor()
    agreement = agreement_on(actor, award_for(actor, award_id).requirement_id)
    if agreement is None:
        raise NotFound
    return redirect(url_for("workspace.show_agreed_requirement", agreement_id=agreement.id))  # type: ignore[return-value]


@routes.get("/agreements/<uuid:agreement_id>/requirement")
@needs(Permission.AGREEMENT_VIEW)
def show_agreed_requirement(agreement_id: uuid.UUID) -> str:
    """The last version, who stands by it, and what it changes against the one bids were made on."""
    actor = require_actor()
    agreement = agreement_for(actor, agreement_id)
    requirement = requirement_for(actor, agreement.requirement_id)
    versions = versions_of(requirement)
    bid_on = next(one for one in versions if one.kind != VersionKind.REFINED)
    base = versions[1] if versions[0].kind == VersionKind.REFINED else bid_on
    wanted = request.args.get("since") == "last"
    return render_template(
        "workspace/refinements/show.html",
        **agreement_frame(agreement),
        requirement=requirement,
        versions=versions,
        last=versions[0],
        bid_on=bid_on,
        base=base if wanted else bid_on,
        shown=compared((base if wanted else bid_on).document, versions[0].document, scenarios_of_versions(requirement)),
        confirmations=confirmations_of(requirement, versions[0].number),
        kind_names=KIND_NAMES,
        is_open=agreement.state == AgreementState.DRAFTING,
    )


@routes.post("/agreements/<uuid:agreement_id>/requirement/confirm")
@needs(Permission.AGREEMENT_SIGN)
def confirm_agreed_requirement(agreement_id: uuid.UUID) -> Response:
    """Stand by the version that the page showed."""
    actor = require_actor()
    agreement = agreement_for(actor, agreement_id)
    number = request.form.get("number", 0, type=int)
    actions.confirm_requirement(actor, award_for(actor, agreement.award_id), number=number)
    done(_("Your side has confirmed version %(n)s of the requirement.", n=number))
    return redirect(url_for("workspace.show_agreement", agreement_id=agreement.id))  # type: ignore[return-value]


@routes.form("/agreements/<uuid:agreement_id>/requirement/refine")
@needs(Permission.AGREEMENT_EDIT)
def refine_agreed_requirement(agreement_id: uuid.UUID) -> Any:
    """Put another version on the table."""
    actor = require_actor()
    agreement: Agreement = agreement_for(actor, agreement_id)
    if request.method == "GET" and agreement.state != AgreementState.DRAFTING:
        return redirect(url_for("workspace.show_agreed_requirement", agreement_id=agreement.id))
    requirement = requirement_for(actor, agreement.requirement_id)
    last = last_version_of(requirement)
    said = dict(last.document["requirement"])
    if said.get("data_deletion_on"):
        said["data_deletion_on"] = date.fromisoformat(said["data_deletion_on"])
    kind = refinement_form(requirement.mode)
    form = kind(data={name: said.get(name) for name in said} | {"version": last.number})
    refined = submitted(
        form,
        lambda: actions.refine_requirement(
            actor,
            award_for(actor, agreement.award_id),
            values=form.values(),
            note=form.note.data,
            number=form.version.data or 0,
        ),
    )
    if refined is not None:
        done(_("Version %(n)s is on the table. The other side was told.", n=refined.number))
        return redirect(url_for("workspace.show_agreed_requirement", agreement_id=agreement_id))
    return form_page(
        "workspace/refinements/refine.html", form, **agreement_frame(agreement), names_of_fields=list(form.values())
    )
