"""Reading what a company keeps with its partners, through a case about its conduct."""

import uuid

from flask import render_template, request

from blueprints.shared.actor import require_actor
from blueprints.shared.case_reads import note_reads
from blueprints.shared.pages import after_id
from blueprints.shared.routes import Routes, needs
from blueprints.workspace.frame import names_in
from portal.accounts.permissions import Permission
from portal.accounts.queries import company
from portal.moderation import records

routes = Routes()


@routes.get("/cases/<uuid:case_id>/agreements")
@needs(Permission.STAFF_MODERATE)
def list_case_agreements(case_id: uuid.UUID) -> str:
    """The agreements of the company."""
    case = records.reading_case_for(require_actor(), case_id)
    agreements = records.agreements_through(case)
    note_reads(case, *agreements)
    return render_template(
        "admin/case/agreements.html",
        case=case,
        company=company(case.company_id),
        agreements=[(agreement, names_in(agreement)) for agreement in agreements],
    )


@routes.get("/cases/<uuid:case_id>/agreements/<uuid:agreement_id>")
@needs(Permission.STAFF_MODERATE)
def show_case_agreement(case_id: uuid.UUID, agreement_id: uuid.UUID) -> str:
    """One agreement and what both sides wrote about it."""
    case = records.reading_case_for(require_actor(), case_id)
    agreement = records.agreement_through(case, agreement_id)
    thread = records.thread_through(agreement)
    found = records.messages_through(thread, before=after_id(request.args.get("after"))) if thread else []
    shown = found[: records.PAGE]
    note_reads(case, agreement, *([thread] if thread else []))
    return render_template(
        "admin/case/agreement.html",
        case=case,
        agreement=agreement,
        names=names_in(agreement),
        messages=shown[::-1],
        earlier=shown[-1].id if len(found) > records.PAGE else None,
    )
