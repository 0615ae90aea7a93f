"""Jobs and mail: what waits, what failed, how often it was tried."""

import uuid

from flask import current_app, render_template, request, url_for
from flask_babel import lazy_gettext as _l

from blueprints.shared.actor import require_actor
from blueprints.shared.pages import after_id
from blueprints.shared.routes import Routes, needs
from portal.accounts import staff_queries
from portal.accounts.permissions import Permission
from portal.kit import operations
from portal.kit.mail import Renderer

routes = Routes()

MAIL_KINDS = {
    "already_registered": _l("Address has an account"),
    "confirm_address": _l("Confirm the address"),
    "invitation": _l("Invitation"),
    "notification": _l("Notice"),
    "reset_password": _l("Set a new password"),
}


@routes.get("/operations")
@needs(Permission.STAFF_OPERATIONS)
def show_operations() -> str:
    """Jobs that are not done, and the headers of mails."""
    mails = operations.latest_mails(after_id(request.args.get("after")))
    shown = mails[: operations.SHOWN]
    return render_template(
        "admin/operations/show.html",
        jobs=operations.unfinished_jobs(),
        job_counts=operations.job_counts(),
        mails=shown,
        mail_kinds=MAIL_KINDS,
        mail_counts=operations.mail_counts(),
        more=url_for("admin.show_operations", after=shown[-1].id) if len(mails) > len(shown) else None,
        may_read=not current_app.config["PORTAL"].is_production,
    )


@routes.get("/operations/mails/<uuid:mail_id>")
@needs(Permission.STAFF_OPERATIONS)
def show_operations_mail(mail_id: uuid.UUID) -> str:
    """A mail as it is sent: outside production only, so that a newcomer can follow a link without a mailbox."""
    content = staff_queries.readable_mail(require_actor(), mail_id)
    renderer: Renderer = current_app.extensions["portal.mail_renderer"]
    rendered = renderer(content["kind"], content["language"], content["params"])
    return render_template("admin/operations/mail.html", mail=rendered, recipient=content["recipient"])
