"""Rate cards as workbooks: the template, a card as a file, and a file as a card's working copy."""

import uuid
from typing import Any

from flask import Response, redirect, url_for
from flask_babel import gettext as _

from blueprints.shared.actor import require_actor
from blueprints.shared.forms import done, form_page, submitted
from blueprints.shared.routes import Routes, needs
from blueprints.vendor.forms.rate_card import ChangedWorkbookForm, NewWorkbookForm
from portal.accounts.permissions import Permission
from portal.accounts.queries import company
from portal.kit.tables import TableError
from portal.kit.text import slug
from portal.pricing.actions import save_rate_card
from portal.pricing.models import SavedRateCard
from portal.pricing.queries import rate_card_for
from portal.pricing.values import RateCard
from portal.pricing.workbook import CONTENT_TYPE, LIMITS, document_from_workbook, to_workbook

routes = Routes()


@routes.get("/rate-cards/template")
@needs(Permission.COMPANY_VIEW)
def download_rate_card_template() -> Response:
    """An empty card to fill in."""
    actor = require_actor()
    assert actor.company_id is not None  # this audience's guard lets nobody else in
    return _file(RateCard(currency=company(actor.company_id).currency), "rate-card")


@routes.get("/rate-cards/<uuid:card_id>/workbook")
@needs(Permission.COMPANY_VIEW)
def download_rate_card(card_id: uuid.UUID) -> Response:
    """The working copy of a card."""
    saved = rate_card_for(require_actor(), card_id)
    return _file(saved.card, slug(saved.name) or "rate-card")


@routes.form("/rate-cards/import")
@needs(Permission.SERVICE_EDIT)
def import_rate_card() -> Any:
    """A new card from a file."""
    form = NewWorkbookForm()
    return _import(None, form)


@routes.form("/rate-cards/<uuid:card_id>/import")
@needs(Permission.SERVICE_EDIT)
def replace_rate_card(card_id: uuid.UUID) -> Any:
    """The working copy of a card anew from a file."""
    saved = rate_card_for(require_actor(), card_id)
    return _import(saved, ChangedWorkbookForm(data={"version": saved.version}))


def _import(saved: SavedRateCard | None, form: Any) -> Any:
    kept = submitted(form, lambda: _take(saved, form))
    if kept is None:
        return form_page("vendor/rate_card/import.html", form, saved=saved)
    done(_("The file is taken over. Look it through, then publish it."))
    return redirect(url_for("vendor.edit_rate_card", card_id=kept.id))


def _take(saved: SavedRateCard | None, form: Any) -> SavedRateCard:
    content = form.file.data.stream.read(LIMITS.file_bytes + 1)  # what is beyond is refused without being held
    document = document_from_workbook(content)
    if saved is None:
        return save_rate_card(require_actor(), None, name=form.name.data, document=document)
    if document.get("currency", saved.currency) != saved.currency and saved.active_at is not None:
        raise TableError(_("A published card keeps its currency. Import the file as a new card."), sheet="Card", row=2)
    return save_rate_card(require_actor(), saved, name=saved.name, document=document, version=form.version.data)


def _file(card: RateCard, name: str) -> Response:
    answer = Response(to_workbook(card), content_type=CONTENT_TYPE)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return answer
