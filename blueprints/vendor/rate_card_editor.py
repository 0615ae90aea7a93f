"""Writing a rate card: the form, lines added and taken away in place, and what an example year would come to."""

import uuid
from typing import Any, NamedTuple

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from blueprints.shared.actor import require_actor
from blueprints.shared.forms import done, form_page, submitted
from blueprints.shared.rate_card_document import answers_of, document_from, form_from, show_refusal
from blueprints.shared.rate_card_form import reworked
from blueprints.shared.rate_card_words import RemarkWords, remark_words
from blueprints.shared.routes import Routes, needs
from blueprints.vendor.forms.rate_card import SavedRateCardForm
from portal.accounts.permissions import Permission
from portal.accounts.queries import company
from portal.catalog.queries import channels_priced_by
from portal.kit.calculators import CalculationError
from portal.pricing import words
from portal.pricing.actions import save_rate_card
from portal.pricing.documents import rate_card_from_document
from portal.pricing.examples import example_year
from portal.pricing.models import SavedRateCard
from portal.pricing.queries import rate_card_for, versions_of
from portal.pricing.remarks import remarks
from portal.pricing.results import PricedLine, TotalCost
from portal.pricing.total_cost import total_cost
from portal.pricing.values import RateCard

routes = Routes()


class Preview(NamedTuple):
    """What the card as it stands comes to in the example: a year, its first month, and remarks; or why not."""

    card: RateCard | None = None
    year: TotalCost | None = None
    remarks: tuple[RemarkWords, ...] = ()
    refusal: str = ""

    @property
    def month(self) -> tuple[PricedLine, ...]:
        """The operating lines of the first month."""
        return self.year.months[0].operating_lines if self.year else ()


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
    """The working copy of a card."""
    saved = rate_card_for(require_actor(), card_id)
    return _edit(saved, {"name": saved.name, "version": saved.version, "card": form_from(saved.document)})


@routes.post("/rate-cards/preview")
@needs(Permission.SERVICE_EDIT)
def preview_rate_card() -> Any:
    """What the entries as they stand come to, as a part of the page; nothing is stored."""
    form = SavedRateCardForm()
    form.validate()
    card_id = request.args.get("card_id", type=uuid.UUID)
    saved = rate_card_for(require_actor(), card_id) if card_id else None
    return render_template("vendor/rate_card/preview.html", preview=_preview(form, saved), words=words)


def _edit(saved: SavedRateCard | None, filled: dict[str, Any]) -> Any:
    # What was sent stands alone: a line taken away must not come back from the saved card.
    form = SavedRateCardForm(data=None if request.method == "POST" else filled)
    if not reworked(form.card.form, request.form):
        kept = submitted(form, lambda: _save(saved, form))
        if kept is not None:
            done(_("The rate card is saved."))
            return redirect(url_for("vendor.show_rate_card", card_id=kept.id))
    form.card.form.begin_empty_groups()
    return form_page(
        "vendor/rate_card/edit.html",
        form,
        saved=saved,
        is_published=saved is not None and bool(versions_of(saved)),
        answers=answers_of(form.card.form, saved.document if saved else None),
        preview=_preview(form, saved),
        words=words,
    )


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


def _preview(form: SavedRateCardForm, saved: SavedRateCard | None) -> Preview:
    """The example priced by what was entered, as far as it can be read."""
    try:
        card = rate_card_from_document(document_from(form.card.form, saved.document if saved else None), "")
    except CalculationError as refusal:
        return Preview(refusal=str(refusal))
    if not card.operating:
        return Preview(refusal=_("Add an operating line: its price is worked out here."))
    channels = channels_priced_by(require_actor(), saved.id) if saved else []
    found = tuple(remark_words(remark, card) for remark in remarks(card, channels))
    return Preview(card, total_cost(card, example_year(card, form.example.form.value)), found)
