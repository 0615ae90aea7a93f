"""A vendor's references, and asking the customers to confirm them."""

import uuid
from typing import Any

from flask import redirect, request, url_for
from flask_babel import gettext as _

from blueprints.shared.actor import require_actor
from blueprints.shared.forms import done, form_page, sent_version, submitted
from blueprints.shared.routes import Routes, needs
from blueprints.vendor.forms.profile_rows import AskForm, ReferenceForm, reference_data
from blueprints.vendor.profile_sections import BY_NAME, frame
from portal.accounts.permissions import Permission
from portal.catalog.actions import references as actions
from portal.catalog.profile_queries import reference_for, references_for

routes = Routes()
RULE = "/profile/references"


@routes.form(RULE)
@needs(Permission.COMPANY_VIEW)
def list_profile_references() -> Any:
    """Every reference with its state, and the form for one more."""
    actor, form = require_actor(), ReferenceForm()
    added = submitted(form, lambda: actions.add_reference(actor, values=form.values))
    if added is not None:
        done(_("The reference is added. Ask the customer to confirm it."))
        return redirect(url_for("vendor.ask_profile_reference", reference_id=added.id))
    return form_page(
        "vendor/profile/references.html",
        form,
        rows=references_for(actor),
        **frame(actor, BY_NAME["references"]),
    )


@routes.form(f"{RULE}/<uuid:reference_id>")
@needs(Permission.PROFILE_EDIT)
def edit_profile_reference(reference_id: uuid.UUID) -> Any:
    """Change what a reference says."""
    actor = require_actor()
    reference = reference_for(actor, reference_id)
    form = ReferenceForm(data=reference_data(reference))

    def save() -> Any:
        return actions.edit_reference(actor, reference_id, values=form.values, version=form.version.data or 0)

    if submitted(form, save) is not None:
        done(_("The reference is saved."))
        return redirect(url_for("vendor.list_profile_references"))
    return form_page(
        "vendor/profile/reference.html",
        form,
        reference=reference,
        **frame(actor, BY_NAME["references"]),
    )


@routes.form(f"{RULE}/<uuid:reference_id>/ask")
@needs(Permission.PROFILE_EDIT)
def ask_profile_reference(reference_id: uuid.UUID) -> Any:
    """Send the customer's contact the link."""
    actor = require_actor()
    reference = reference_for(actor, reference_id)
    form = AskForm(data={"version": reference.version, "language": actor.locale})

    def ask() -> Any:
        return actions.ask_contact(
            actor,
            reference_id,
            name=form.contact_name.data,
            email=form.contact_email.data,
            language=form.language.data,
            version=form.version.data or 0,
        )

    if submitted(form, ask) is not None:
        done(_("The e-mail is on its way. You are told as soon as there is an answer."))
        return redirect(url_for("vendor.list_profile_references"))
    return form_page(
        "vendor/profile/ask.html",
        form,
        reference=reference,
        **frame(actor, BY_NAME["references"]),
    )


@routes.post(f"{RULE}/<uuid:reference_id>/comment")
@needs(Permission.PROFILE_EDIT)
def show_profile_reference_comment(reference_id: uuid.UUID) -> Any:
    """Show the customer's comment on the public page, or hide it."""
    shown = request.form.get("shown") == "1"
    actions.show_comment(require_actor(), reference_id, shown=shown, version=sent_version())
    done(_("The comment is shown in your profile.") if shown else _("The comment is not shown any more."))
    return redirect(url_for("vendor.list_profile_references"))


@routes.post(f"{RULE}/<uuid:reference_id>/remove")
@needs(Permission.PROFILE_EDIT)
def remove_profile_reference(reference_id: uuid.UUID) -> Any:
    """Take a reference out."""
    actions.remove_reference(require_actor(), reference_id, version=sent_version())
    done(_("The reference is taken out."))
    return redirect(url_for("vendor.list_profile_references"))
