"""A vendor's rate cards: the list, one card with a month worked out, editing, activating, putting away."""

import uuid
from decimal import Decimal
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from blueprints.shared.actor import require_actor
from blueprints.shared.forms import done, form_page, submitted
from blueprints.shared.rate_card_document import document_from, form_from, show_refusal
from blueprints.shared.rate_card_form import LINE_GROUPS
from blueprints.shared.routes import Routes, needs
from blueprints.vendor.forms.rate_card import ExampleMonthForm, SavedRateCardForm
from portal.accounts.permissions import Permission
from portal.accounts.queries import company
from portal.kit.calculators import CalculationError
from portal.kit.rounding import rounded
from portal.pricing import words
from portal.pricing.actions import activate_rate_card, archive_rate_card, save_rate_card
from portal.pricing.charges import operating_charges
from portal.pricing.models import SavedRateCard
from portal.pricing.queries import rate_card_for, rate_cards_for
from portal.pricing.results import sum_minor
from portal.pricing.tiers import Cliff, cliffs
from portal.pricing.values import ScenarioMonth, VolumeRow

routes = Routes()

CLIFF_DECIMALS = 2


@routes.get("/rate-cards")
@needs(Permission.COMPANY_VIEW)
def list_rate_cards() -> str:
    """All cards by name."""
    return render_template("vendor/rate_card/list.html", cards=rate_cards_for(require_actor()))


@routes.get("/rate-cards/<uuid:card_id>")
@needs(Permission.COMPANY_VIEW)
def show_rate_card(card_id: uuid.UUID) -> str:
    """One card, with an example month to try its prices on."""
    saved = rate_card_for(require_actor(), card_id)
    card, example = saved.card, ExampleMonthForm(request.args)
    priced = operating_charges(card, 1, _example_month(example)) if request.args and example.validate() else []
    return render_template(
        "vendor/rate_card/show.html",
        saved=saved,
        card=card,
        words=words,
        example=example,
        priced=priced,
        priced_total=sum_minor(priced),
        cliffs=[(line, _shown(cliff)) for line in card.operating for cliff in cliffs(line)],
    )


@routes.form("/rate-cards/new")
@needs(Permission.SERVICE_EDIT)
def add_rate_card() -> Any:
    """A new card."""
    actor = require_actor()
    assert actor.company_id is not None  # this audience's guard lets nobody else in
    currency = company(actor.company_id).currency
    return _edit(None, {"card": {"currency": currency}})


@routes.form("/rate-cards/<uuid:card_id>/edit")
@needs(Permission.SERVICE_EDIT)
def edit_rate_card(card_id: uuid.UUID) -> Any:
    """A change of a card."""
    saved = rate_card_for(require_actor(), card_id)
    return _edit(saved, {"name": saved.name, "version": saved.version, "card": form_from(saved.document)})


@routes.post("/rate-cards/<uuid:card_id>/activate")
@needs(Permission.SERVICE_EDIT)
def activate_card(card_id: uuid.UUID) -> Any:
    """Offer the card for services and bids."""
    actor = require_actor()
    activate_rate_card(actor, rate_card_for(actor, card_id))
    done(_("The rate card can now be used in services and bids."))
    return redirect(url_for("vendor.show_rate_card", card_id=card_id))


@routes.post("/rate-cards/<uuid:card_id>/archive")
@needs(Permission.SERVICE_EDIT)
def archive_card(card_id: uuid.UUID) -> Any:
    """Put the card away."""
    actor = require_actor()
    archive_rate_card(actor, rate_card_for(actor, card_id))
    done(_("The rate card is put away. Services and bids that took it keep their prices."))
    return redirect(url_for("vendor.show_rate_card", card_id=card_id))


def _edit(saved: SavedRateCard | None, filled: dict[str, Any]) -> Any:
    # What was sent stands alone: a line taken away must not come back from the saved card.
    form = SavedRateCardForm(data=None if request.method == "POST" else filled)
    wanted = request.form.get("add")
    if wanted not in LINE_GROUPS:
        kept = submitted(form, lambda: _save(saved, form))
        if kept is not None:
            done(_("The rate card is saved."))
            return redirect(url_for("vendor.show_rate_card", card_id=kept.id))
    form.card.form.add_spare_lines()
    return form_page("vendor/rate_card/edit.html", form, saved=saved)


def _save(saved: SavedRateCard | None, form: SavedRateCardForm) -> SavedRateCard | None:
    document = document_from(form.card.form, saved.document if saved else None)
    try:
        return save_rate_card(
            require_actor(), saved, name=form.name.data, document=document, version=form.version.data if saved else None
        )
    except CalculationError as refusal:
        if not show_refusal(form.card.form, refusal):
            raise
        return None


def _shown(cliff: Cliff) -> dict[str, Decimal]:
    return {
        "quantity": cliff.quantity,
        "fee": rounded(cliff.fee_at, CLIFF_DECIMALS),
        "less": rounded(cliff.fee_after, CLIFF_DECIMALS),
    }


def _example_month(form: ExampleMonthForm) -> ScenarioMonth:
    row = VolumeRow(
        channel=form.channel.data,
        contacts=form.contacts.data,
        aht_s=form.aht_s.data,
        window=form.window.data,
    )
    return ScenarioMonth(k=1, volumes=(row,), fte=form.fte.data)
