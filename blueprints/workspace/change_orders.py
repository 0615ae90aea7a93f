"""Change orders: propose an extra fee, accept or reject it."""

import uuid
from decimal import Decimal
from typing import Any

from flask import redirect, render_template, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from blueprints.shared.actor import require_actor
from blueprints.shared.formatting import number, rate
from blueprints.shared.forms import done, form_page, submitted
from blueprints.shared.routes import Routes, needs
from blueprints.workspace.forms.agreements import ChangeOrderProposeForm, ReasonForm
from blueprints.workspace.frame import agreement_frame
from portal.accounts.permissions import Permission
from portal.agreements import queries
from portal.agreements.actions import change_orders
from portal.agreements.models import Agreement, ChangeOrder
from portal.agreements.states import ChangeOrderState
from portal.kit.money import parse_decimal
from portal.pricing.documents import rate_card_from_document
from portal.pricing.words import EXTRA_NAMES, UNIT_NOUNS

routes = Routes()


@routes.get("/agreements/<uuid:agreement_id>/changes")
@needs(Permission.AGREEMENT_VIEW)
def list_agreement_changes(agreement_id: uuid.UUID) -> str:
    """The change orders of an agreement."""
    agreement = queries.agreement_for(require_actor(), agreement_id)
    return render_template(
        "workspace/changes/list.html",
        **agreement_frame(agreement),
        orders=queries.change_orders_of(agreement),
        priced=lambda order: _priced(order, agreement.currency),
    )


def _priced(order: ChangeOrder, currency: str) -> str:
    """Quantity times unit price, with the currency."""
    return f"{number(Decimal(order.quantity))} × {rate(Decimal(order.unit_rate))} {currency}"


@routes.form("/agreements/<uuid:agreement_id>/changes/new")
@needs(Permission.CHANGE_PROPOSE)
def propose_agreement_change(agreement_id: uuid.UUID) -> Any:
    """Propose an extra fee."""
    actor = require_actor()
    agreement = queries.agreement_for(actor, agreement_id)
    form = ChangeOrderProposeForm()
    form.line_code.choices = _lines(agreement)
    if order := submitted(form, lambda: change_orders.propose_change(actor, agreement, _change(form))):
        done(
            _("The change order waits for somebody in your company who may accept it.")
            if order.state == ChangeOrderState.PROPOSED
            else _("The change order is proposed. It is charged once the other side accepts it.")
        )
        return redirect(url_for("workspace.list_agreement_changes", agreement_id=agreement.id))
    return form_page("workspace/changes/propose.html", form, **agreement_frame(agreement))


def _lines(agreement: Agreement) -> list[tuple[str, str]]:
    card = rate_card_from_document(agreement.terms["rate_card"])
    agreed = [
        (
            line.code,
            _(
                "%(category)s: %(rate)s %(currency)s per %(unit)s",
                category=EXTRA_NAMES[line.category],
                rate=rate(line.rate),
                currency=card.currency,
                unit=UNIT_NOUNS.get(line.unit, line.unit),
            ),
        )
        for line in card.extra
    ]
    if change_orders.CUSTOM in card.waived:
        return agreed
    return [*agreed, (change_orders.CUSTOM, _("A custom request at its own price"))]


def _change(form: ChangeOrderProposeForm) -> change_orders.Change:
    return change_orders.Change(
        title=form.title.data,
        reason=form.reason.data,
        line_code=form.line_code.data,
        quantity=_decimal(form.quantity.data, "quantity") or Decimal(0),
        unit_rate=_decimal(form.unit_rate.data, "unit_rate"),
    )


def _decimal(typed: str | None, field: str) -> Decimal | None:
    return parse_decimal(typed, locale=str(get_locale()), field=field) if typed and typed.strip() else None


@routes.post("/agreements/<uuid:agreement_id>/changes/<uuid:order_id>/accept")
@needs(Permission.CHANGE_ACCEPT)
def accept_agreement_change(agreement_id: uuid.UUID, order_id: uuid.UUID) -> Any:
    """Accept a change order for one's own side."""
    actor = require_actor()
    agreement = queries.agreement_for(actor, agreement_id)
    order = change_orders.accept_change(actor, agreement, queries.change_order(agreement, order_id))
    done(
        _("The fee is agreed and will be invoiced.")
        if not order.is_open
        else _("You accepted; the other side is next.")
    )
    return redirect(url_for("workspace.list_agreement_changes", agreement_id=agreement.id))


@routes.form("/agreements/<uuid:agreement_id>/changes/<uuid:order_id>/reject")
@needs(Permission.CHANGE_ACCEPT)
def reject_agreement_change(agreement_id: uuid.UUID, order_id: uuid.UUID) -> Any:
    """Reject a change order with a reason."""
    actor = require_actor()
    agreement = queries.agreement_for(actor, agreement_id)
    order = queries.change_order(agreement, order_id)
    form = ReasonForm()
    if submitted(form, lambda: change_orders.reject_change(actor, agreement, order, reason=form.reason.data)):
        done(_("The change order is rejected."))
        return redirect(url_for("workspace.list_agreement_changes", agreement_id=agreement.id))
    return form_page("workspace/changes/reject.html", form, **agreement_frame(agreement), order=order)
