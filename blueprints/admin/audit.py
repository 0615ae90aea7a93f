"""The audit log: who did what, without what is sealed."""

from typing import Any

from flask import render_template, request, url_for

from blueprints.shared.actor import require_actor
from blueprints.shared.pages import after_id
from blueprints.shared.routes import Routes, needs
from portal.accounts import staff_queries
from portal.accounts.permissions import Permission
from portal.accounts.queries import names_of

routes = Routes()


@routes.get("/audit")
@needs(Permission.STAFF_AUDIT)
def list_audit() -> str:
    """Entries by the beginning of their tag, the person, the company and the thing, newest first."""
    chosen: dict[str, Any] = {
        "tag": request.args.get("tag", "").strip(),
        "person": request.args.get("person", "").strip(),
        "company": after_id(request.args.get("company")),
        "subject": after_id(request.args.get("subject")),
    }
    wanted = staff_queries.AuditFilter(chosen["tag"], chosen["person"], chosen["company"], chosen["subject"])
    found = staff_queries.audit_for_staff(require_actor(), wanted, before=after_id(request.args.get("after")))
    shown = found[: staff_queries.PAGE]
    given = {name: value for name, value in chosen.items() if value}
    return render_template(
        "admin/audit/list.html",
        entries=shown,
        names=names_of([entry.company_id for entry in shown if entry.company_id]),
        chosen=chosen,
        is_filtered=bool(given),
        more=url_for("admin.list_audit", **given, after=shown[-1].id) if len(found) > len(shown) else None,
    )
