"""A vendor's rate cards: the list, one card with its versions, publishing one, putting the card away."""

import uuid
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from blueprints.shared.actor import require_actor
from blueprints.shared.forms import done, form_page, submitted
from blueprints.shared.rate_card_form import MAIN_CURRENCIES
from blueprints.shared.rate_card_words import remark_words
from blueprints.shared.routes import Routes, needs
from blueprints.vendor.forms.rate_card import PublishForm
from portal.accounts.permissions import Permission
from portal.catalog.queries import channels_priced_by, services_priced_by
from portal.kit import clock
from portal.pricing import words
from portal.pricing.actions import activate_rate_card, archive_rate_card, publish_rate_card
from portal.pricing.exchange import Converted, converted
from portal.pricing.fees import answers, unanswered
from portal.pricing.models import RateCardVersion
from portal.pricing.queries import (
    current_version,
    rate_card_for,
    rate_cards_for,
    version_for,
    versions_in_force,
    versions_of,
)
from portal.pricing.remarks import remarks
from portal.pricing.validity import Period, effective, gaps
from portal.pricing.values import RateCard

routes = Routes()


@routes.get("/rate-cards")
@needs(Permission.COMPANY_VIEW)
def list_rate_cards() -> str:
    """All cards by name, with the version in force of each."""
    actor = require_actor()
    return render_template(
        "vendor/rate_card/list.html", cards=rate_cards_for(actor), in_force=versions_in_force(actor), word=version_state
    )


@routes.get("/rate-cards/<uuid:card_id>")
@needs(Permission.COMPANY_VIEW)
def show_rate_card(card_id: uuid.UUID) -> str:
    """One card: the prices in force, or those being written, and all versions."""
    actor = require_actor()
    saved = rate_card_for(actor, card_id)
    versions = versions_of(saved)
    current = current_version(versions)
    card = (current or saved).card
    return render_template(
        "vendor/rate_card/show.html",
        saved=saved,
        current=current,
        has_changes=bool(versions) and _prices(saved.document) != _prices(versions[-1].document),
        missing=[words.FEE_NAMES[fee] for fee in unanswered(saved.card)],
        services=services_priced_by(actor, saved.id),
        remarks=[remark_words(one, card) for one in remarks(card, channels_priced_by(actor, saved.id))],
        **_versions(versions),
        **_shown(card),
    )


@routes.get("/rate-cards/<uuid:card_id>/versions/<int:number>")
@needs(Permission.COMPANY_VIEW)
def show_rate_card_version(card_id: uuid.UUID, number: int) -> str:
    """One published version as it was published."""
    saved = rate_card_for(require_actor(), card_id)
    version = version_for(saved, number)
    versions = versions_of(saved)
    period = dict(_versions(versions)["versions"])[version]
    return render_template(
        "vendor/rate_card/version.html",
        saved=saved,
        version=version,
        period=period,
        word=version_state,
        **_shown(version.card),
    )


@routes.form("/rate-cards/<uuid:card_id>/publish")
@needs(Permission.SERVICE_EDIT)
def publish_card(card_id: uuid.UUID) -> Any:
    """Publish the working copy as the next version."""
    actor = require_actor()
    saved = rate_card_for(actor, card_id)
    form = PublishForm(data={"version": saved.version, "valid_from": clock.now().date()})
    published = submitted(
        form,
        lambda: publish_rate_card(
            actor, saved, valid_from=form.valid_from.data, valid_to=form.valid_to.data, version=form.version.data
        ),
    )
    if published is not None:
        done(_("Version %(number)s is published. It will never change.", number=published.number))
        return redirect(url_for("vendor.show_rate_card", card_id=card_id))
    card = saved.card
    return form_page(
        "vendor/rate_card/publish.html",
        form,
        saved=saved,
        missing=[words.FEE_NAMES[fee] for fee in unanswered(card)],
        remarks=[remark_words(one, card) for one in remarks(card, channels_priced_by(actor, saved.id))],
        **_versions(versions_of(saved)),
    )


@routes.post("/rate-cards/<uuid:card_id>/activate")
@needs(Permission.SERVICE_EDIT)
def activate_card(card_id: uuid.UUID) -> Any:
    """Take a card that was put away into use again."""
    actor = require_actor()
    activate_rate_card(actor, rate_card_for(actor, card_id))
    done(_("The rate card is back in your list."))
    return redirect(url_for("vendor.show_rate_card", card_id=card_id))


@routes.post("/rate-cards/<uuid:card_id>/archive")
@needs(Permission.SERVICE_EDIT)
def archive_card(card_id: uuid.UUID) -> Any:
    """Put the card away."""
    actor = require_actor()
    archive_rate_card(actor, rate_card_for(actor, card_id))
    done(_("The rate card is put away. Services and bids that took it keep their prices."))
    return redirect(url_for("vendor.show_rate_card", card_id=card_id))


def version_state(period: Period) -> str:
    """How a version stands today: in force, to come or over."""
    today = clock.now().date()
    if period.start > today:
        return "coming"
    return "over" if period.end is not None and period.end < today else "in_force"


def _versions(versions: Any) -> dict[str, Any]:
    """The versions, newest first, each with the days it really holds, and the days on which none does."""
    ordered: list[RateCardVersion] = sorted(versions, key=lambda one: one.valid_from)
    periods = [version.period for version in ordered]
    held = list(zip(ordered, effective(periods), strict=True))
    return {"versions": held[::-1], "gaps": gaps(periods), "word": version_state}


def _shown(card: RateCard) -> dict[str, Any]:
    """The prices to read, beside them in another currency where one is asked for."""
    wanted = request.args.get("in", "")
    other: Converted | None = converted(card.currency, wanted) if wanted in MAIN_CURRENCIES else None
    return {
        "card": card,
        "words": words,
        "answers": answers(card),
        "other": other,
        "wanted": wanted,
        "currencies": [SelectChoice(code, code) for code in MAIN_CURRENCIES if code != card.currency],
    }


def _prices(document: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in document.items() if key not in ("valid_from", "valid_to")}
