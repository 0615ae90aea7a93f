"""Fee schedules, invoices and a card provider on loopback."""

import dataclasses
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any

from flask import Flask

from portal.accounts.actor import Actor
from portal.billing.actions import draft_invoice, issue_invoice, open_schedule, raise_charge
from portal.billing.commands import check
from portal.billing.models import FeeSchedule, Invoice
from portal.kit import tenancy
from portal.kit.db import db
from portal.kit.ids import new_id
from portal.pricing.documents import rate_card_from_document, scenario_from_document
from portal.pricing.values import TaxRate, Terms
from tests.doubles.stripe import accounts
from tests.doubles.stripe.server import RunningDouble
from tests.factories.accounts import MadeCompany, execute

SECRET = "whsec_tests"
STANDINGS = {"complete": "ready", "incomplete": "incomplete", "pending": "checking", "restricted": "restricted"}
CARD = {
    "currency": "GBP",
    "operating": [
        {"code": "PHONE", "unit": "contact", "rate": "2.50", "filter": {"channel": ["phone"]}},
        {"code": "LEADS", "unit": "month", "rate": "1200"},
    ],
    "extra": [
        {"code": "SURGE", "category": "emergency_surge", "unit": "hour", "qty": "1", "rate": "31.50"},
        {"code": "EXTRA", "category": "special_training", "qty": "1", "rate": "100"},
    ],
}
FORECAST = {"months": [{"k": 1, "volumes": [{"channel": "phone", "contacts": "1000", "aht_s": "300"}]}]}


def make_schedule(
    buyer: MadeCompany,
    vendor: MadeCompany,
    *,
    card: dict[str, Any] | None = None,
    forecast: dict[str, Any] | None = None,
    commission_bps: int = 500,
    tax_bps: int = 2000,
    term_months: int = 12,
    timezone: str = "Europe/London",
) -> FeeSchedule:
    """A schedule opened by the vendor's robot and committed; what is returned belongs to no session."""
    terms = Terms(
        rate_card=rate_card_from_document({"extra": CARD["extra"]} | (card or CARD)),
        start_date=date(2026, 1, 1),
        term_months=term_months,
        commission_bps=commission_bps,
        tax_rates=(TaxRate("VAT", tax_bps),),
    )
    with acting(robot(vendor)):
        schedule = open_schedule(
            robot(vendor),
            new_id(),
            terms,
            buyer_id=buyer.id,
            vendor_id=vendor.id,
            agreement_number="AG-2026-0001",
            scenario=scenario_from_document(forecast or FORECAST),
            timezone=timezone,
        )
        db.session.refresh(schedule)
        db.session.expunge(schedule)
        return schedule


def make_invoice(
    schedule: FeeSchedule, vendor: MadeCompany, amount_minor: int = 10_000, *, issue: bool = True
) -> uuid.UUID:
    """An invoice over one fee, issued unless told otherwise; gives its id."""
    actor = robot(vendor)
    with acting(actor):
        found = db.session.get_one(FeeSchedule, schedule.id)
        raise_charge(
            actor,
            found,
            fee_class="extra",
            source_key=f"test:{new_id()}",
            line_code="EXTRA",
            description="Special training",
            quantity=Decimal(1),
            unit="unit",
            amount_minor=amount_minor,
            change_order_id=new_id(),
        )
        invoice = draft_invoice(actor, found)
        assert invoice is not None
        if issue:
            issue_invoice(actor, invoice)
        return invoice.id


def robot(company: MadeCompany) -> Actor:
    """The company's robot."""
    return Actor.robot(company.id, company.kind)


@contextmanager
def acting(actor: Actor) -> Iterator[None]:
    """A transaction in the actor's scope, committed at the end."""
    with tenancy.scope(actor.scope):
        try:
            yield
            db.session.commit()
        except BaseException:
            db.session.rollback()
            raise


def read_invoice(invoice_id: uuid.UUID, company: MadeCompany) -> Invoice:
    """The invoice as one of its parties sees it now."""
    with tenancy.scope(tenancy.member(company.id)):
        db.session.rollback()
        invoice = db.session.get_one(Invoice, invoice_id)
        db.session.refresh(invoice)
        _ = invoice.lines
        db.session.expunge_all()
        db.session.rollback()
        return invoice


@contextmanager
def card_payments(app: Flask, webhook_url: str | None = None) -> Iterator[RunningDouble]:
    """The portal takes cards through a loopback Stripe for the length of the block."""
    before = app.config["PORTAL"]
    with RunningDouble(0, webhook_url, SECRET) as double:
        app.config["PORTAL"] = dataclasses.replace(
            before,
            stripe_secret_key="sk_test_loopback",
            stripe_webhook_secret=SECRET,
            stripe_api_base=double.url,
        )
        try:
            yield double
        finally:
            app.config["PORTAL"] = before


def connect_vendor(double: RunningDouble, vendor: MadeCompany, standing: str = "complete") -> str:
    """The vendor has an account at the loopback Stripe, and the portal knows how it stands; gives its reference."""
    asked = {"company_id": str(vendor.id), "env": "development"}
    with double.app.store.lock:
        controller = {"fees": {"payer": "application"}, "losses": {"payments": "application"}}
        given = {
            "capabilities": {"card_payments": {"requested": True}, "transfers": {"requested": True}},
            "controller": {**controller, "stripe_dashboard": {"type": "express"}},
            "business_profile": {"name": vendor.name},
            "metadata": asked,
        }
        made = accounts.create(double.app.store, given)
        accounts.put(double.app.store, made, standing)
    execute(
        "INSERT INTO vendor_accounts (id, vendor_id, provider, idem_key, request, ref, standing, capabilities,"
        " requirements_due, checked_at) VALUES (:id, :vendor, 'stripe', :key, '{}', :ref, :standing, '{}', '[]',"
        " portal_now()) ON CONFLICT (vendor_id, provider) DO UPDATE SET ref = excluded.ref,"
        " standing = excluded.standing",
        id=new_id(),
        key=f"account:{new_id()}",
        vendor=vendor.id,
        ref=made["id"],
        standing=STANDINGS[standing],
    )
    return str(made["id"])


def books_match(double: RunningDouble) -> None:
    """Our clearing account holds exactly what the provider says it owes us."""
    assert check() == []
    ours = {
        row.currency.lower(): int(row.minor)
        for row in execute(
            "SELECT p.currency, sum(p.amount_minor) AS minor FROM postings p JOIN ledger_accounts a"
            " ON a.id = p.account_id WHERE a.kind = 'stripe_clearing' GROUP BY p.currency"
        )
    }
    theirs = {currency: sums["platform"] for currency, sums in double.app.store.ledger.balances().items()}
    assert ours == theirs
