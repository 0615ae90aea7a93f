"""The overview of staff: cards that the parts of the portal add by themselves."""

from flask import render_template, url_for
from flask_babel import lazy_gettext as _l

from blueprints.shared.actor import require_actor
from blueprints.shared.dashboards import Card, Item, cards_for, dashboard_card
from blueprints.shared.routes import Routes, signed_in
from portal.accounts import staff_queries
from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.kit import operations

routes = Routes()


@routes.get("")
@signed_in
def show_dashboard() -> str:
    """What waits for staff, and how the portal does."""
    return render_template("admin/dashboard/show.html", cards=cards_for("admin", require_actor()))


@dashboard_card("admin", position=60)
def companies_card(actor: Actor) -> Card | None:
    """How many companies there are in each state."""
    if not actor.can(Permission.STAFF_COMPANIES):
        return None
    counts = staff_queries.company_counts(actor)
    names = {
        "open": _l("Open"),
        "applied": _l("Address not confirmed"),
        "suspended": _l("Suspended"),
        "closed": _l("Closed"),
    }
    items = [
        Item(name, url=url_for("admin.list_companies", state=state), figure=counts[state])
        for state, name in names.items()
        if state in counts
    ]
    return Card(
        _l("Companies"),
        items=items,
        empty=_l("Nobody has signed up yet."),
        url=url_for("admin.list_companies"),
        link=_l("All companies"),
    )


@dashboard_card("admin", position=70)
def operations_card(actor: Actor) -> Card | None:
    """Jobs and mails that wait or failed."""
    if not actor.can(Permission.STAFF_OPERATIONS):
        return None
    jobs, mails = operations.job_counts(), operations.mail_counts()
    items = [
        Item(_l("Jobs waiting"), figure=jobs.get("todo", 0)),
        Item(_l("Jobs failed"), figure=jobs.get("failed", 0)),
        Item(_l("Mails waiting"), figure=mails.get("waiting", 0)),
        Item(_l("Mails sent"), figure=mails.get("sent", 0)),
    ]
    return Card(_l("Jobs and mail"), items=items, url=url_for("admin.show_operations"), link=_l("Jobs and mail"))
