"""Beginning from what was written before: copies of requirements, and the company's templates."""

import uuid
from typing import Any

from flask import redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from blueprints.buyer.forms.requirement_life import RequirementCopyForm, TemplateNameForm
from blueprints.shared.actor import require_actor
from blueprints.shared.forms import done, form_page, submitted
from blueprints.shared.routes import Routes, needs
from portal.accounts.permissions import Permission
from portal.measures.words import MODE_NAMES
from portal.needs import actions
from portal.needs.actions.copies import MOST_TEMPLATES
from portal.needs.models import Requirement
from portal.needs.queries import requirement_for
from portal.needs.states import Step
from portal.needs.version_queries import template_for, templates_for

routes = Routes()


@routes.form("/requirements/<uuid:requirement_id>/copy")
@needs(Permission.REQUIREMENT_EDIT)
def copy_requirement(requirement_id: uuid.UUID) -> Any:
    """A new draft with the content of an older requirement."""
    actor = require_actor()
    requirement = requirement_for(actor, requirement_id)
    form = RequirementCopyForm(data={"title": requirement.title})
    made = submitted(form, lambda: actions.copy_requirement(actor, requirement, title=form.title.data))
    if made is not None:
        return _begun(made)
    return form_page("buyer/requirement/copy.html", form, requirement=requirement)


@routes.form("/requirements/<uuid:requirement_id>/template")
@needs(Permission.REQUIREMENT_EDIT)
def save_requirement_template(requirement_id: uuid.UUID) -> Any:
    """Keep a requirement's content as a template of the company."""
    actor = require_actor()
    requirement = requirement_for(actor, requirement_id)
    form = TemplateNameForm(data={"name": requirement.title})
    if submitted(form, lambda: actions.save_template(actor, requirement, name=form.name.data)) is not None:
        done(_("The template is saved. Your colleagues can begin from it too."))
        return redirect(url_for("buyer.list_requirement_templates"))
    return form_page("buyer/requirement_template/save.html", form, requirement=requirement)


@routes.get("/requirement-templates")
@needs(Permission.REQUIREMENT_VIEW)
def list_requirement_templates() -> str:
    """The company's templates."""
    actor = require_actor()
    return render_template(
        "buyer/requirement_template/list.html",
        templates=templates_for(actor),
        mode_names=MODE_NAMES,
        most=MOST_TEMPLATES,
        can_edit=actor.can(Permission.REQUIREMENT_EDIT),
    )


@routes.form("/requirement-templates/<uuid:template_id>/requirements")
@needs(Permission.REQUIREMENT_EDIT)
def draft_from_requirement_template(template_id: uuid.UUID) -> Any:
    """A new draft from a template."""
    actor = require_actor()
    template = template_for(actor, template_id)
    form = RequirementCopyForm()
    made = submitted(form, lambda: actions.draft_from_template(actor, template, title=form.title.data))
    if made is not None:
        return _begun(made)
    return form_page("buyer/requirement_template/use.html", form, template=template)


@routes.form("/requirement-templates/<uuid:template_id>")
@needs(Permission.REQUIREMENT_EDIT)
def rename_requirement_template(template_id: uuid.UUID) -> Any:
    """Another name for a template."""
    actor = require_actor()
    template = template_for(actor, template_id)
    form = TemplateNameForm(obj=template)
    renamed = submitted(
        form, lambda: actions.rename_template(actor, template, name=form.name.data, version=form.version.data)
    )
    if renamed is not None:
        done(_("The template is called %(name)s now.", name=renamed.name))
        return redirect(url_for("buyer.list_requirement_templates"))
    return form_page("buyer/requirement_template/rename.html", form, template=template)


@routes.post("/requirement-templates/<uuid:template_id>/delete")
@needs(Permission.REQUIREMENT_EDIT)
def delete_requirement_template(template_id: uuid.UUID) -> Response:
    """Delete a template."""
    actor = require_actor()
    actions.delete_template(actor, template_for(actor, template_id))
    done(_("The template is deleted. Requirements begun from it stay."))
    return redirect(url_for("buyer.list_requirement_templates"))  # type: ignore[return-value]


def _begun(made: Requirement) -> Any:
    done(_("A draft has begun. Give it its dates and check the rest."))
    return redirect(url_for("buyer.edit_requirement", requirement_id=made.id, step=Step.GOALS.value))
