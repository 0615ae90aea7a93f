"""A vendor's services: the list, one service with its state, writing it, and what can be done with it."""

import uuid
from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from blueprints.shared.actor import require_actor
from blueprints.shared.dashboards import Card, Item, dashboard_card
from blueprints.shared.forms import done, form_page, sent_version, submitted
from blueprints.shared.routes import Routes, needs
from blueprints.shared.service_words import compared, fields_in_words
from blueprints.vendor.forms.parts import add_spare_rows
from blueprints.vendor.forms.service import ServiceForm, filled_from
from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.catalog import queries
from portal.catalog.actions import service as actions
from portal.catalog.checks import missing_for_submission
from portal.catalog.models import Service
from portal.kit.errors import Invalid
from portal.measures.words import WEEKDAY_NAMES
from portal.moderation import actions as moderation
from portal.pricing.queries import rate_cards_for

routes = Routes()


@routes.get("/services")
@needs(Permission.COMPANY_VIEW)
def list_services() -> str:
    """All services, newest first."""
    return render_template("vendor/service/list.html", services=queries.services_for(require_actor()))


@routes.get("/services/<uuid:service_id>")
@needs(Permission.COMPANY_VIEW)
def show_service(service_id: uuid.UUID) -> str:
    """One service: what it says, what is published of it, and what can be done with it."""
    actor = require_actor()
    service = queries.service_for(actor, service_id)
    copy = queries.working_copy(service)
    return render_template(
        "vendor/service/show.html",
        service=service,
        fields=fields_in_words(copy),
        changes=compared(service.live, copy) if service.live else [],
        missing=missing_for_submission(service),
        slug=queries.public_slug(actor),
        can_edit=actor.can(Permission.SERVICE_EDIT),
        can_submit=actor.can(Permission.SERVICE_SUBMIT),
    )


@routes.form("/services/new")
@needs(Permission.SERVICE_EDIT)
def add_service() -> Any:
    """A new service."""
    actor = require_actor()
    form = ServiceForm(data={"timezone": queries.home_zone(actor)})
    return _edit(actor, None, form)


@routes.form("/services/<uuid:service_id>/edit")
@needs(Permission.SERVICE_EDIT)
def edit_service(service_id: uuid.UUID) -> Any:
    """The working copy of a service."""
    actor = require_actor()
    service = queries.service_for(actor, service_id)
    return _edit(actor, service, ServiceForm(data=filled_from(service)))


def _edit(actor: Actor, service: Service | None, form: ServiceForm) -> Any:
    cards = rate_cards_for(actor, active_only=True)
    form.rate_card_id.choices = [SelectChoice("", _("Choose")), *(SelectChoice(str(c.id), c.name) for c in cards)]
    if "more" not in request.form and (saved := submitted(form, lambda: _save(actor, service, form))):
        done(_("The service is saved."))
        return redirect(url_for("vendor.show_service", service_id=saved.id))
    add_spare_rows(form.languages)
    add_spare_rows(form.countries)
    return form_page(
        "vendor/service/edit.html",
        form,
        service=service,
        has_cards=bool(cards),
        weekdays=list(WEEKDAY_NAMES.values()),
    )


def _save(actor: Actor, service: Service | None, form: ServiceForm) -> Service:
    if service is None:
        return actions.draft_service(actor, values=form.values)
    actions.edit_service(actor, service, values=form.values, version=form.version.data or 0)
    return service


@routes.post("/services/<uuid:service_id>/submit")
@needs(Permission.SERVICE_SUBMIT)
def submit_service(service_id: uuid.UUID) -> Any:
    """Ask for publication."""
    return _act(service_id, actions.submit_service, _sent)


def _sent(service: Service) -> str:
    """What became of a service that was sent in."""
    if service.is_waiting:
        return _("Sent in. A moderator looks at it within two working days.")
    return _("Published: your company is trusted to change its prices.")


@routes.post("/services/<uuid:service_id>/take-back")
@needs(Permission.SERVICE_SUBMIT)
def take_back_service(service_id: uuid.UUID) -> Any:
    """Write on before the moderators decide."""
    return _act(service_id, actions.take_back_service, _("Taken back. You can write on and send it in again."))


@routes.post("/services/<uuid:service_id>/pause")
@needs(Permission.SERVICE_SUBMIT)
def pause_service(service_id: uuid.UUID) -> Any:
    """Out of the directory for a while."""
    return _act(service_id, actions.pause_service, _("Paused. It is out of the directory until you resume it."))


@routes.post("/services/<uuid:service_id>/resume")
@needs(Permission.SERVICE_SUBMIT)
def resume_service(service_id: uuid.UUID) -> Any:
    """Back into the directory."""
    return _act(service_id, actions.resume_service, _("Resumed. It is in the directory again."))


@routes.post("/services/<uuid:service_id>/retire")
@needs(Permission.SERVICE_SUBMIT)
def retire_service(service_id: uuid.UUID) -> Any:
    """Ended for good."""
    return _act(service_id, actions.retire_service, _("Retired. Agreements that were made about it go on."))


@routes.post("/services/<uuid:service_id>/appeal")
@needs(Permission.SERVICE_SUBMIT)
def appeal_service(service_id: uuid.UUID) -> Any:
    """Ask another moderator to look at a rejection again."""

    def appeal(actor: Actor, service: Service, version: int) -> None:
        moderation.appeal_service(actor, service, words=request.form.get("words", ""))

    return _act(service_id, appeal, _("Your appeal is sent. A moderator who has not decided it yet looks at it."))


def _act(service_id: uuid.UUID, action: Callable[..., None], sentence: str | Callable[[Service], str]) -> Any:
    actor = require_actor()
    try:
        service = queries.service_for(actor, service_id)
        action(actor, service, version=sent_version())
    except Invalid as refusal:
        flash(str(refusal.message), "error")
    else:
        done(sentence if isinstance(sentence, str) else sentence(service))
    return redirect(url_for("vendor.show_service", service_id=service_id))


@dashboard_card("vendor", position=30)
def services_card(actor: Actor) -> Card | None:
    """The company's services with their states."""
    services = queries.services_for(actor)
    return Card(
        title=_("Services"),
        items=[
            Item(
                service.title,
                url=url_for("vendor.show_service", service_id=service.id),
                note=service.summary,
                state=service.state,
                noun="service",
            )
            for service in services[:5]
        ],
        empty=_("Buyers find you by your services. Describe the first one and send it in."),
        url=url_for("vendor.list_services") if services else url_for("vendor.add_service"),
        link=_("All services") if services else _("Describe a service"),
    )
