"""Companies: looking them up, suspending, reinstating and closing them."""

import uuid

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from blueprints.admin.forms.reasons import ReasonForm
from blueprints.shared.actor import require_actor
from blueprints.shared.choices import country_name
from blueprints.shared.forms import done, form_page, submitted
from blueprints.shared.pages import after_id
from blueprints.shared.routes import Routes, needs
from portal.accounts import staff_queries
from portal.accounts.actions.company import close_company, reinstate_company, suspend_company
from portal.accounts.permissions import Permission
from portal.accounts.states import CompanyKind, CompanyState
from portal.kit.errors import IllegalMove
from portal.moderation.trust import end_trust, trust_of, trust_vendor

routes = Routes()


@routes.get("/companies")
@needs(Permission.STAFF_COMPANIES)
def list_companies() -> str:
    """Companies by name, side and state, newest first."""
    chosen = {name: request.args.get(name, "").strip() for name in ("q", "kind", "state")}
    found = staff_queries.companies_for_staff(
        require_actor(),
        q=chosen["q"],
        kind=chosen["kind"] if chosen["kind"] in list(CompanyKind) else "",
        state=chosen["state"] if chosen["state"] in list(CompanyState) else "",
        before=after_id(request.args.get("after")),
    )
    shown = found[: staff_queries.PAGE]
    more = url_for("admin.list_companies", **chosen, after=shown[-1].id) if len(found) > len(shown) else None
    return render_template(
        "admin/companies/list.html", companies=shown, more=more, chosen=chosen, country_name=country_name
    )


@routes.get("/companies/<uuid:company_id>")
@needs(Permission.STAFF_COMPANIES)
def show_company(company_id: uuid.UUID) -> tuple[str, int]:
    """One company: public facts, members, and the form for suspending or reinstating it."""
    return _page(company_id, ReasonForm())


@routes.post("/companies/<uuid:company_id>/suspend")
@needs(Permission.STAFF_COMPANIES)
def suspend(company_id: uuid.UUID) -> Response | tuple[str, int]:
    """Suspend a company: nothing new begins, what is in force goes on."""
    form = ReasonForm()
    company = submitted(form, lambda: suspend_company(require_actor(), company_id, reason=form.reason.data))
    if company is None:
        return _page(company_id, form)
    done(_("%(company)s is suspended.", company=company.name))
    return redirect(url_for("admin.show_company", company_id=company_id))


@routes.post("/companies/<uuid:company_id>/reinstate")
@needs(Permission.STAFF_COMPANIES)
def reinstate(company_id: uuid.UUID) -> Response | tuple[str, int]:
    """End a suspension. Opening a company that never confirmed its address is not staff's to do."""
    form, actor = ReasonForm(), require_actor()
    state = staff_queries.company_for_staff(actor, company_id).state
    if state != CompanyState.SUSPENDED:
        raise IllegalMove("Company", state, CompanyState.OPEN)
    company = submitted(form, lambda: reinstate_company(actor, company_id, reason=form.reason.data))
    if company is None:
        return _page(company_id, form)
    done(_("%(company)s is open again.", company=company.name))
    return redirect(url_for("admin.show_company", company_id=company_id))


@routes.form("/companies/<uuid:company_id>/close")
@needs(Permission.STAFF_COMPANIES)
def close(company_id: uuid.UUID) -> Response | tuple[str, int]:
    """Close a suspended company for good, on a page of its own that says what that means."""
    form, actor = ReasonForm(), require_actor()
    company = staff_queries.company_for_staff(actor, company_id)
    if company.state != CompanyState.SUSPENDED:
        raise IllegalMove("Company", company.state, CompanyState.CLOSED)
    if submitted(form, lambda: close_company(actor, company_id, reason=form.reason.data)) is None:
        return form_page("admin/companies/close.html", form, company=company)
    done(_("%(company)s is closed.", company=company.name))
    return redirect(url_for("admin.show_company", company_id=company_id))


@routes.form("/companies/<uuid:company_id>/trust")
@needs(Permission.STAFF_MODERATE)
def trust(company_id: uuid.UUID) -> Response | tuple[str, int]:
    """Let a vendor's changes of prices pass by themselves, or look at them again where they do."""
    actor, form = require_actor(), ReasonForm()
    company = staff_queries.company_for_staff(actor, company_id)
    trusted = trust_of(actor, company_id)

    def changed() -> bool:
        change = end_trust if trusted else trust_vendor
        change(actor, company_id, reason=form.reason.data)
        return True

    if submitted(form, changed) is None:
        return form_page("admin/companies/trust.html", form, company=company, trusted=trusted)
    done(
        _("Changes of prices by this vendor wait for a moderator again.")
        if trusted
        else _("Changes of prices by this vendor pass by themselves now.")
    )
    return redirect(url_for("admin.show_company", company_id=company_id))


def _page(company_id: uuid.UUID, form: ReasonForm) -> tuple[str, int]:
    actor = require_actor()
    company = staff_queries.company_for_staff(actor, company_id)
    may_moderate = actor.can(Permission.STAFF_MODERATE)
    return form_page(
        "admin/companies/show.html",
        form,
        company=company,
        country=country_name(company.country),
        members=staff_queries.members_for_staff(actor, company_id),
        may_moderate=may_moderate,
        may_trust=may_moderate and company.kind == CompanyKind.VENDOR and company.is_open,
        trusted=trust_of(actor, company_id) if may_moderate else None,
        reads_audit=actor.can(Permission.STAFF_AUDIT),
    )
