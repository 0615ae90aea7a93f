"""The queue of uploaded certificates: what the vendor says beside its document, and the decision."""

import uuid
from typing import Any

from flask import Response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from blueprints.admin.forms.documents import REFUSE, DocumentForm
from blueprints.shared.actor import require_actor
from blueprints.shared.dashboards import Card, Item, dashboard_card
from blueprints.shared.downloads import download
from blueprints.shared.forms import done, form_page, submitted
from blueprints.shared.routes import Routes, needs
from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.accounts.queries import company
from portal.catalog.actions.verify import refuse_certificate, verify_certificate
from portal.catalog.profile_models import Certificate
from portal.catalog.profile_queries import (
    certificate_for_staff,
    certificate_title,
    document_of,
    documents_waiting,
    legal_facts_for_staff,
    papers_of,
    private_for_staff,
)
from portal.kit.errors import Invalid
from portal.moderation.queries import is_impartial

routes = Routes()


@routes.get("/documents")
@needs(Permission.STAFF_MODERATE)
def list_documents() -> str:
    """Documents that wait to be verified, the oldest first."""
    rows = documents_waiting(require_actor())
    return render_template("admin/documents/list.html", rows=rows, title_of=certificate_title)


@routes.form("/documents/<uuid:certificate_id>")
@needs(Permission.STAFF_MODERATE)
def decide_document(certificate_id: uuid.UUID) -> Any:
    """One document beside what the vendor says of it, and the decision."""
    actor = require_actor()
    certificate = certificate_for_staff(actor, certificate_id)
    form = DocumentForm(data={"version": certificate.version, "valid_to": certificate.valid_to})
    if submitted(form, lambda: _decide(actor, certificate_id, form)) is not None:
        done(_("Decided. The vendor was told."))
        return redirect(url_for("admin.list_documents"))
    return form_page(
        "admin/documents/show.html",
        form,
        certificate=certificate,
        title=certificate_title(certificate),
        company=company(certificate.company_id),
        legal=legal_facts_for_staff(actor, certificate.company_id),
        private=private_for_staff(actor, certificate.company_id),
        papers=papers_of(certificate),
        stored=document_of(certificate),
        is_impartial=is_impartial(actor, certificate.company_id),
    )


def _decide(actor: Actor, certificate_id: uuid.UUID, form: DocumentForm) -> Certificate:
    version = form.version.data or 0
    if form.verdict.data == REFUSE:
        return refuse_certificate(actor, certificate_id, reason=form.reason.data or "", version=version)
    if form.valid_to.data is None:
        raise Invalid(_l("Write the last valid day that stands in the document."), "valid_to")
    return verify_certificate(actor, certificate_id, valid_to=form.valid_to.data, version=version)


@routes.get("/documents/<uuid:certificate_id>/file")
@needs(Permission.STAFF_MODERATE)
def download_document(certificate_id: uuid.UUID) -> Response:
    """The document itself."""
    return download(document_of(certificate_for_staff(require_actor(), certificate_id)))


@dashboard_card("admin", position=15)
def documents_card(actor: Actor) -> Card | None:
    """Documents that wait to be verified."""
    if not actor.can(Permission.STAFF_MODERATE):
        return None
    items = [
        Item(
            certificate_title(certificate),
            url=url_for("admin.decide_document", certificate_id=certificate.id),
            note=name,
            state="waiting",
            noun="evidence",
        )
        for certificate, name in documents_waiting(actor)[:5]
    ]
    return Card(
        title=_("Documents to verify"),
        items=items,
        empty=_("No document waits."),
        url=url_for("admin.list_documents"),
        link=_("All documents"),
    )
