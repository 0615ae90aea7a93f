"""What the reader was told, each notice leading to its page."""

import uuid

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from blueprints.shared.actor import require_actor
from blueprints.shared.dashboards import Card, Item, dashboard_card
from blueprints.shared.formatting import datetime_zoned
from blueprints.shared.forms import done
from blueprints.shared.own_paths import own_path
from blueprints.shared.pages import after_id
from blueprints.shared.routes import Routes, signed_in
from portal.accounts.actor import Actor
from portal.messaging import queries
from portal.messaging.actions import mark_read

routes = Routes()

CARD_LENGTH = 5


@routes.get("/notifications")
@signed_in
def list_notifications() -> str:
    """The reader's notices, newest first."""
    actor = require_actor()
    found = queries.notifications_for(actor, before=after_id(request.args.get("after")))
    shown = found[: queries.PAGE]
    more = url_for("workspace.list_notifications", after=shown[-1].id) if len(found) > queries.PAGE else None
    return render_template(
        "workspace/notifications/list.html", notices=shown, more=more, unread=queries.unread_count(actor)
    )


@routes.post("/notifications/<uuid:notification_id>/open")
@signed_in
def open_notification(notification_id: uuid.UUID) -> Response:
    """Mark a notice as read and go where it leads."""
    actor = require_actor()
    notice = queries.notification_for(actor, notification_id)
    path = own_path(notice.path)
    mark_read(actor, [notice.id])
    return redirect(path or url_for("workspace.list_notifications"))


@routes.post("/notifications/read")
@signed_in
def read_notifications() -> Response:
    """Mark every notice as read."""
    mark_read(require_actor())
    done(_("All notices are marked as read."))
    return redirect(url_for("workspace.list_notifications"))


@dashboard_card("buyer", "vendor", position=35)
def unread_card(actor: Actor) -> Card | None:
    """The latest notices that the reader has not read."""
    unread = [notice for notice in queries.notifications_for(actor) if notice.read_at is None][:CARD_LENGTH]
    if not unread:
        return None
    address = url_for("workspace.list_notifications")
    items = [Item(notice.words, url=address, note=datetime_zoned(notice.created_at, short=True)) for notice in unread]
    return Card(_l("New for you"), items=items, url=address, link=_l("All notices"))
