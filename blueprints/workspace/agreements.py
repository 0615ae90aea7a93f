"""Agreements: the list, one agreement with its text, and working on the text until both have signed."""

import uuid
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from blueprints.shared.actor import require_actor
from blueprints.shared.forms import done, form_page, submitted
from blueprints.shared.invoice_sheet import tax_name
from blueprints.shared.routes import Routes, needs
from blueprints.workspace.forms.agreements import (
    AgreementCounterForm,
    AgreementEditForm,
    AgreementRefuseForm,
    AgreementSignForm,
)
from blueprints.workspace.frame import agreement_frame, evidence_lines, names_in
from portal.accounts.permissions import Permission
from portal.agreements import queries
from portal.agreements.actions import draft
from portal.agreements.actions.course import terminate
from portal.agreements.actions.sign import sign_agreement
from portal.kit.errors import NotFound
from portal.needs.queries import requirement_for
from portal.needs.version_queries import is_confirmed
from portal.signing import queries as documents
from portal.signing.actions import Signing

routes = Routes()


@routes.get("/agreements")
@needs(Permission.AGREEMENT_VIEW)
def list_agreements() -> str:
    """All agreements of the company."""
    agreements = queries.agreements_for(require_actor())
    return render_template("workspace/agreements/list.html", agreements=agreements, names_in=names_in)


@routes.get("/agreements/<uuid:agreement_id>")
@needs(Permission.AGREEMENT_VIEW)
def show_agreement(agreement_id: uuid.UUID) -> str:
    """One agreement: where it stands, its text, who has signed, what is proven."""
    actor = require_actor()
    agreement = queries.agreement_for(actor, agreement_id)
    versions = queries.versions_of(agreement)
    return render_template(
        "workspace/agreements/show.html",
        tax=tax_name(agreement.terms["tax"]),
        **agreement_frame(agreement),
        is_confirmed=agreement.state != "drafting" or is_confirmed(requirement_for(actor, agreement.requirement_id)),
        versions=versions,
        tax_name=tax_name,
        proven=evidence_lines(queries.evidence_of(agreement), agreement),
        **_document(versions[0].document_id),
    )


def _document(document_id: uuid.UUID | None) -> dict[str, Any]:
    if document_id is None:
        return {"document": None, "signatures": ()}
    document = documents.document(document_id)
    return {
        "document": document,
        "wording": document.wording(str(get_locale())),
        "signatures": documents.signatures_of(document.id),
    }


@routes.get("/agreements/<uuid:agreement_id>/versions/<int:number>/text")
@needs(Permission.AGREEMENT_VIEW)
def download_text(agreement_id: uuid.UUID, number: int) -> Response:
    """The exact bytes that are signed: the manifest, as a file."""
    agreement = queries.agreement_for(require_actor(), agreement_id)
    version = next((v for v in queries.versions_of(agreement) if v.number == number), None)
    if version is None or version.document_id is None:
        raise NotFound
    answer = Response(documents.document(version.document_id).manifest, content_type="application/json; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{agreement.number}-v{number}.json"'
    return answer


@routes.form("/agreements/<uuid:agreement_id>/edit")
@needs(Permission.AGREEMENT_EDIT)
def edit_agreement(agreement_id: uuid.UUID) -> Any:
    """Write the special terms of a draft."""
    actor = require_actor()
    agreement = queries.agreement_for(actor, agreement_id)
    form = AgreementEditForm(obj=queries.current_version(agreement))
    saved = submitted(form, lambda: draft.save_text(actor, agreement, _free(form), version=form.version.data))
    if saved:
        done(_("The draft is saved."))
        return redirect(url_for("workspace.show_agreement", agreement_id=agreement.id))
    return form_page("workspace/agreements/edit.html", form, **agreement_frame(agreement))


def _free(form: Any) -> draft.FreeText:
    return draft.FreeText(form.special_terms.data or "", form.language.data)


@routes.post("/agreements/<uuid:agreement_id>/offer")
@needs(Permission.AGREEMENT_EDIT)
def offer_agreement(agreement_id: uuid.UUID) -> Any:
    """Freeze the draft so that both sides can sign."""
    actor = require_actor()
    agreement = queries.agreement_for(actor, agreement_id)
    draft.offer_text(actor, agreement, version=request.form.get("version", 0, type=int))
    done(_("The text is frozen and ready to sign. The other side was told."))
    return redirect(url_for("workspace.show_agreement", agreement_id=agreement.id))


@routes.form("/agreements/<uuid:agreement_id>/counter")
@needs(Permission.AGREEMENT_EDIT)
def counter_agreement(agreement_id: uuid.UUID) -> Any:
    """Propose another version of an offered text."""
    actor = require_actor()
    agreement = queries.agreement_for(actor, agreement_id)
    form = AgreementCounterForm(obj=queries.current_version(agreement) if request.method == "GET" else None)
    if request.method == "GET":
        form.reason.data = ""
    newer = submitted(form, lambda: draft.counter_text(actor, agreement, _free(form), reason=form.reason.data))
    if newer:
        done(_("Your version is on the table. The other side was told."))
        return redirect(url_for("workspace.show_agreement", agreement_id=agreement.id))
    return form_page("workspace/agreements/counter.html", form, **agreement_frame(agreement))


@routes.form("/agreements/<uuid:agreement_id>/refuse")
@needs(Permission.AGREEMENT_SIGN)
def refuse_agreement(agreement_id: uuid.UUID) -> Any:
    """Refuse to sign."""
    return _with_reason(agreement_id, "workspace/agreements/refuse.html", draft.refuse_text, _("You refused to sign."))


@routes.form("/agreements/<uuid:agreement_id>/terminate")
@needs(Permission.AGREEMENT_SIGN)
def terminate_agreement(agreement_id: uuid.UUID) -> Any:
    """End an agreement early."""
    return _with_reason(agreement_id, "workspace/agreements/terminate.html", terminate, _("The agreement has ended."))


def _with_reason(agreement_id: uuid.UUID, template: str, act: Any, said: str) -> Any:
    actor = require_actor()
    agreement = queries.agreement_for(actor, agreement_id)
    form = AgreementRefuseForm()

    def action() -> bool:
        act(actor, agreement, reason=form.reason.data)
        return True

    if submitted(form, action):
        done(said)
        return redirect(url_for("workspace.show_agreement", agreement_id=agreement.id))
    return form_page(template, form, **agreement_frame(agreement))


@routes.form("/agreements/<uuid:agreement_id>/sign")
@needs(Permission.AGREEMENT_SIGN)
def sign(agreement_id: uuid.UUID) -> Any:
    """Read the exact text and sign it."""
    actor = require_actor()
    agreement = queries.agreement_for(actor, agreement_id)
    version = queries.current_version(agreement)
    shown = _document(version.document_id)
    if not is_confirmed(requirement_for(actor, agreement.requirement_id)) and request.method == "GET":
        return redirect(url_for("workspace.show_agreed_requirement", agreement_id=agreement.id))
    if not version.is_signable:
        return redirect(url_for("workspace.show_agreement", agreement_id=agreement.id))
    form = AgreementSignForm()
    if request.method == "GET":
        form.shown_sha256.data = shown["document"].sha256
    if submitted(form, lambda: sign_agreement(actor, agreement, _signing(form))):
        done(_("You have signed."))
        return redirect(url_for("workspace.show_agreement", agreement_id=agreement.id))
    return form_page("workspace/agreements/sign.html", form, **agreement_frame(agreement), **shown)


def _signing(form: AgreementSignForm) -> Signing:
    return Signing(
        typed_name=form.typed_name.data,
        title=form.title.data,
        authority=form.authority.data,
        password=form.password.data,
        shown_sha256=form.shown_sha256.data,
        language=str(get_locale()),
    )
