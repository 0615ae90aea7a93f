"""Starting a card payment: the frozen request is committed with its key before anything is sent."""

from flask import current_app
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.billing import policy, queries
from portal.billing.collection import collect_payment
from portal.billing.commission import released
from portal.billing.locking import lock
from portal.billing.models import Invoice, Payment
from portal.billing.providers import Collection, card_provider
from portal.billing.states import LIVE_PAYMENTS, PaymentState
from portal.kit import audit, jobs
from portal.kit.db import db
from portal.kit.errors import Conflict, Unavailable
from portal.kit.ids import new_id


def pay_by_card(actor: Actor, invoice: Invoice) -> Payment:
    """Begin to pay what is due on an invoice; while one attempt is under way, that one is the answer.

    The request and its idempotency key are stored here and sent by a job after the commit. Raises Conflict when
    nothing is due or the vendor's account cannot take it, and Unavailable when no card provider is configured.
    """
    actor.permit(Permission.INVOICE_PAY)
    provider = card_provider()
    if provider is None:
        raise Unavailable(_l("Cards are not taken here. Please pay by bank transfer."))
    lock(invoice)
    live = db.session.scalar(select(Payment).where(Payment.invoice_id == invoice.id, Payment.state.in_(LIVE_PAYMENTS)))
    if live is not None:
        return live
    if not policy.can_pay(actor, invoice):
        raise Conflict(_l("Nothing is due on this invoice any more."))
    payee = queries.card_payee(invoice)
    if payee is None or not payee.is_ready:
        raise Conflict(_l("This vendor cannot take card payments at the moment. Please pay by bank transfer."))
    attempt = 1 + (db.session.scalar(select(func.max(Payment.attempt)).where(Payment.invoice_id == invoice.id)) or 0)
    payment_id, settings = new_id(), current_app.config["PORTAL"]
    paid, due, total = invoice.paid_minor, invoice.due_minor, invoice.total_minor
    payment = Payment(
        id=payment_id,
        buyer_id=invoice.buyer_id,
        vendor_id=invoice.vendor_id,
        invoice_id=invoice.id,
        provider=provider.name,
        attempt=attempt,
        state=PaymentState.SUBMITTED,
        amount_minor=due,
        currency=invoice.currency,
        destination=payee.ref,
        idem_key=f"pay:{payment_id}:{attempt}",
        request=provider.request_for(
            Collection(
                payment_id=payment_id,
                invoice_id=invoice.id,
                invoice_number=invoice.number or "",
                seller=(invoice.seller or {}).get("name", ""),
                amount_minor=due,
                commission_minor=released(invoice.commission_minor, paid, paid + due, total),
                currency=invoice.currency,
                destination=payee.ref,
                base_url=settings.base_url,
                environment=settings.env,
            )
        ),
        started_by=actor.person_name,
    )
    db.session.add(payment)
    db.session.flush()
    audit.record(actor, "billing:payment:start", payment, after={"amount_minor": payment.amount_minor})
    jobs.enqueue(collect_payment, payment_id=str(payment.id), buyer_id=str(payment.buyer_id))
    return payment
