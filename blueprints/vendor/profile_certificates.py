"""A vendor's certificates: told, documented, changed, taken out."""

import uuid
from typing import Any

from flask import Response, redirect, url_for
from flask_babel import gettext as _

from blueprints.shared.actor import require_actor
from blueprints.shared.downloads import download
from blueprints.shared.forms import done, form_page, sent_version, submitted
from blueprints.shared.routes import Routes, needs
from blueprints.vendor.forms.profile_rows import CertificateForm, certificate_data
from blueprints.vendor.profile_sections import BY_NAME, frame
from portal.accounts.permissions import Permission
from portal.catalog.actions import certificates as actions
from portal.catalog.certificate_files import ACCEPTED
from portal.catalog.profile_queries import (
    certificate_for,
    certificate_title,
    certificates_for,
    document_of,
    papers_of,
    today_at_home,
)

routes = Routes()
RULE = "/profile/certificates"


@routes.form(RULE)
@needs(Permission.COMPANY_VIEW)
def list_profile_certificates() -> Any:
    """Every certificate with its state, and the form for one more."""
    actor, form = require_actor(), CertificateForm()
    added = submitted(form, lambda: actions.add_certificate(actor, values=form.values, document=form.document()))
    if added is not None:
        done(_("The certificate is added. Our staff look at its document.") if added.uploaded_at else _("Added."))
        return redirect(url_for("vendor.list_profile_certificates"))
    return form_page(
        "vendor/profile/certificates.html",
        form,
        rows=certificates_for(actor),
        today=today_at_home(actor),
        title_of=certificate_title,
        accepted=ACCEPTED,
        **frame(actor, BY_NAME["certificates"]),
    )


@routes.form(f"{RULE}/<uuid:certificate_id>")
@needs(Permission.PROFILE_EDIT)
def edit_profile_certificate(certificate_id: uuid.UUID) -> Any:
    """Change a certificate, or send its document."""
    actor = require_actor()
    certificate = certificate_for(actor, certificate_id)
    form = CertificateForm(data=certificate_data(certificate, papers_of(certificate).number))

    def save() -> Any:
        return actions.edit_certificate(
            actor,
            certificate_id,
            values=form.values,
            document=form.document(),
            version=form.version.data or 0,
        )

    if submitted(form, save) is not None:
        done(_("The certificate is saved."))
        return redirect(url_for("vendor.list_profile_certificates"))
    return form_page(
        "vendor/profile/certificate.html",
        form,
        certificate=certificate,
        title=certificate_title(certificate),
        accepted=ACCEPTED,
        **frame(actor, BY_NAME["certificates"]),
    )


@routes.post(f"{RULE}/<uuid:certificate_id>/remove")
@needs(Permission.PROFILE_EDIT)
def remove_profile_certificate(certificate_id: uuid.UUID) -> Any:
    """Take a certificate out."""
    actions.remove_certificate(require_actor(), certificate_id, version=sent_version())
    done(_("The certificate is taken out."))
    return redirect(url_for("vendor.list_profile_certificates"))


@routes.get(f"{RULE}/<uuid:certificate_id>/document")
@needs(Permission.COMPANY_VIEW)
def download_profile_certificate(certificate_id: uuid.UUID) -> Response:
    """The document that was uploaded."""
    return download(document_of(certificate_for(require_actor(), certificate_id)))
