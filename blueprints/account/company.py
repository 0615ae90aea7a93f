"""The company's name, and what agreements and invoices say about it."""

from flask import redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from blueprints.account.forms.company import CompanyApprovalForm, CompanyDetailsForm, CompanyNameForm
from blueprints.shared.actor import require_actor
from blueprints.shared.choices import country_name
from blueprints.shared.forms import done, form_page, submitted
from blueprints.shared.routes import Routes, needs
from portal.accounts import queries
from portal.accounts.actions.company import DETAIL_FIELDS, choose_approval, edit_details, rename_company
from portal.accounts.permissions import Permission
from portal.kit.errors import NotFound

routes = Routes()


@routes.form("/account/company")
@needs(Permission.COMPANY_VIEW)
def edit_company() -> Response | tuple[str, int]:
    """Registered name, numbers, address and bank account; only owners change them."""
    actor = require_actor()
    details = queries.details_for(actor)
    form = CompanyDetailsForm(obj=details)

    def save() -> bool:
        values = {name: form[name].data or "" for name in DETAIL_FIELDS}
        edit_details(actor, details, version=form.version.data, values=values)
        return True

    if submitted(form, save):
        done(_("The company's details are saved. Signed texts and issued invoices stay as they are."))
        return redirect(url_for("account.edit_company"))
    company = queries.company(details.company_id)
    return form_page(
        "account/company/edit.html",
        form,
        details=details,
        company=company,
        country=country_name(company.country),
        may_edit=actor.can(Permission.COMPANY_EDIT),
    )


@routes.form("/account/company/approval")
@needs(Permission.COMPANY_EDIT)
def choose_company_approval() -> Response | tuple[str, int]:
    """Whether another person approves a requirement before it is published."""
    actor = require_actor()
    if actor.company_kind != "buyer":
        raise NotFound
    details = queries.details_for(actor)
    form = CompanyApprovalForm(data={"version": details.version, "needed": details.needs_approval})

    def save() -> bool:
        choose_approval(actor, details, needed=form.needed.data, version=form.version.data or 0)
        return True

    if submitted(form, save):
        done(_("The rule is saved."))
        return redirect(url_for("account.edit_company"))
    publishers = [one.person.name for one in queries.publishers_for(actor)]
    return form_page("account/company/approval.html", form, publishers=publishers)


@routes.form("/account/company/name")
@needs(Permission.COMPANY_EDIT)
def edit_company_name() -> Response | tuple[str, int]:
    """Another name for the company; a vendor's public page moves to the address of that name."""
    actor = require_actor()
    assert actor.company_id is not None
    company = queries.company(actor.company_id)
    form = CompanyNameForm(obj=company)
    renamed = submitted(form, lambda: rename_company(actor, name=form.name.data, version=form.version.data or 0))
    if renamed is not None:
        done(_("The company is called %(name)s now.", name=renamed.name))
        return redirect(url_for("account.edit_company"))
    return form_page("account/company/name.html", form, company=company)
