"""Writing a requirement, step by step; each step saves by itself."""

import uuid
from collections.abc import Callable
from math import ceil
from typing import Any

from flask import redirect, request, url_for
from flask_babel import gettext as _

from blueprints.buyer.evaluation_setup import preview_of, setup_form
from blueprints.buyer.forms import requirement_steps as forms
from blueprints.buyer.forms.requirement import MODE_NOTES, GoalsForm
from blueprints.buyer.requirement_page import after, before, page_of, step_url
from blueprints.shared.actor import require_actor
from blueprints.shared.choices import CURRENCIES
from blueprints.shared.forms import EditingForm, done, form_page, submitted
from blueprints.shared.requirement_view import day_chart, month_names, months_chart
from blueprints.shared.routes import Routes, needs
from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.kit import clock
from portal.measures.words import Mode
from portal.needs import deadlines, policy
from portal.needs.actions import save_step
from portal.needs.answers import answers_of
from portal.needs.models import Requirement
from portal.needs.queries import budget_of, in_house_of, requirement_for
from portal.needs.states import Step
from portal.pricing.begin_prices import DEFAULT_CURRENCY
from portal.pricing.exchange import conversion

routes = Routes()

Page = dict[str, Any]
USUAL_SYSTEMS = 2
"""Telephony and ticketing: what a requirement does not ask for, and an estimate of the start needs."""
WRITTEN = ("goals", "channels", "languages", "targets", "money", "deadline", "criteria")


@routes.form(f"/requirements/<uuid:requirement_id>/<any({', '.join(WRITTEN)}):step>")
@needs(Permission.REQUIREMENT_EDIT)
def edit_requirement(requirement_id: uuid.UUID, step: str) -> Any:
    """One step: a form, what follows from the answers beside it, and the way on."""
    actor, writing = require_actor(), Step(step)
    requirement = requirement_for(actor, requirement_id)
    if not policy.can_edit(actor, requirement) and request.method == "GET":
        return redirect(url_for("buyer.show_requirement", requirement_id=requirement.id))
    page = page_of(requirement, writing)
    form = _form_of(actor, requirement, writing, page)
    saved = None
    if request.form.get("then") != "preview":
        saved = submitted(
            form, lambda: save_step(actor, requirement, writing, form.answers(), version=form.version.data)
        )
    if saved is not None:
        done(_("Saved."))
        if request.form.get("then") == "close":
            return redirect(url_for("buyer.show_requirement", requirement_id=saved.id))
        return redirect(step_url(saved, Step(step) if request.form.get("then") == "stay" else after(writing)))
    back = before(writing)
    return form_page(
        f"buyer/requirement/steps/{step}.html",
        form,
        **page,
        back_url=step_url(requirement, back) if back else None,
        **_extras(actor, page, writing),
        **({"preview": preview_of(actor, requirement, form)} if writing is Step.CRITERIA else {}),
    )


def _form_of(actor: Actor, requirement: Requirement, step: Step, page: Page) -> Any:
    builders: dict[Step, Callable[[], tuple[type[EditingForm], Page]]] = {
        Step.GOALS: lambda: (GoalsForm, answers_of(actor, requirement, Step.GOALS)),
        Step.CHANNELS: lambda: forms.channels_form(page["channels"]),
        Step.LANGUAGES: lambda: forms.languages_form(requirement),
        Step.TARGETS: lambda: forms.targets_form(page["channels"]),
        Step.MONEY: lambda: forms.money_form(requirement, budget_of(actor, requirement), _currency(requirement)),
        Step.DEADLINE: lambda: forms.deadline_form(requirement),
        Step.CRITERIA: lambda: setup_form(requirement, page["criteria"]),
    }
    kind, filled = builders[step]()
    return kind(data=filled | {"version": requirement.version})


def _currency(requirement: Requirement) -> str:
    """Amounts are read in the currency that the form was sent with."""
    sent = request.form.get("currency")
    return sent if sent in CURRENCIES else requirement.currency


def _extras(actor: Actor, page: Page, step: Step) -> Page:
    """What only this step's page shows beside its form."""
    if step is Step.GOALS:
        return {"mode_notes": MODE_NOTES}
    if step is Step.CHANNELS:
        files = {row.channel: row for row in page["channels"] if row.file_findings}
        charts = {channel: day_chart(row.file_findings) for channel, row in files.items()}
        chart = months_chart(page["view"].summary)
        return {"months": month_names(), "files": files, "day_charts": charts, "chart": chart}
    if step is Step.MONEY:
        return {"begin_url": _begin_url(page), **_in_house(actor, page["requirement"])}
    if step is Step.DEADLINE:
        return {"resolved": _resolved(page["requirement"]), "min_days": deadlines.MIN_DAYS}
    return {}


def _in_house(actor: Actor, requirement: Requirement) -> Page:
    """The month that a calculation of the own cost came to stands where it would be typed otherwise."""
    url = url_for("buyer.cost_requirement", requirement_id=requirement.amends_id or requirement.id)
    if in_house_of(actor, requirement) is None:
        return {"in_house_url": url}
    budget = budget_of(actor, requirement)
    return {"in_house": {"url": url, "month": budget.inhouse_month_minor if budget else None}}


def _begin_url(page: Page) -> str:
    """The public estimate of the one-time cost, filled with what is written so far."""
    requirement = page["requirement"]
    known: Page = {
        "mode": requirement.mode or Mode.FULL,
        "agents": max(ceil(page["view"].summary.fte), 1),
        "languages": max(len(requirement.languages), 1),
        "channels": max(len(page["channels"]), 1),
        "sites": 1,
        "integrations": USUAL_SYSTEMS,
    }
    if conversion(DEFAULT_CURRENCY, requirement.currency, clock.now().date()):
        known["currency"] = requirement.currency
    return url_for("public.estimate_begin_cost", **known)


def _resolved(requirement: Requirement) -> deadlines.Resolved | None:
    if not requirement.deadline_local or not requirement.deadline_zone:
        return None
    return deadlines.resolve(deadlines.local_of(requirement.deadline_local), requirement.deadline_zone)
