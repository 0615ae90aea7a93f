"""`flask billing run` and `flask ledger check`."""

from datetime import datetime
from zoneinfo import ZoneInfo

import click
from flask.cli import AppGroup
from sqlalchemy import text

from portal.billing.monthly import run_until
from portal.kit import clock, jobs, tenancy
from portal.kit.db import owner_engine

billing_group = AppGroup("billing", help="Charges, invoices and payments.")
ledger_group = AppGroup("ledger", help="The double-entry ledger.")


@billing_group.command("run")
@click.option("--until", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"]), help="UTC; now when left out.")
def billing_run(until: datetime | None) -> None:
    """Bill every month that is over and every one-time fee that waits."""
    if until is None:
        with jobs.transaction(tenancy.PUBLIC):
            moment = clock.now()
    else:
        moment = until.replace(tzinfo=ZoneInfo("UTC"))
    click.echo(f"{run_until(moment)} invoices drafted")


@ledger_group.command("check")
def ledger_check() -> None:
    """Prove that every journal and every currency sums to zero; exit 1 when not."""
    faults = check()
    for fault in faults:
        click.echo(fault)
    if faults:
        raise SystemExit(1)
    click.echo("the ledger balances")


def check() -> list[str]:
    """One sentence for each journal or currency that does not sum to zero, and each invoice whose books disagree."""
    engine = owner_engine()
    with engine.begin() as connection:
        journals = connection.execute(
            text(
                "SELECT journal_id, currency, sum(amount_minor) FROM postings"
                " GROUP BY journal_id, currency HAVING sum(amount_minor) <> 0"
            )
        ).all()
        receivables = connection.execute(
            text(
                "WITH due AS (SELECT buyer_id, currency, sum(total_minor - paid_minor) AS minor FROM invoices"
                "  WHERE state NOT IN ('draft', 'void') GROUP BY buyer_id, currency),"
                " booked AS (SELECT a.owner_id, a.currency, sum(p.amount_minor) AS minor FROM postings p"
                "  JOIN ledger_accounts a ON a.id = p.account_id WHERE a.kind = 'buyer_receivable'"
                "  GROUP BY a.owner_id, a.currency)"
                " SELECT coalesce(buyer_id, owner_id), coalesce(due.currency, booked.currency),"
                " coalesce(due.minor, 0), coalesce(booked.minor, 0)"
                " FROM due FULL JOIN booked ON owner_id = buyer_id AND booked.currency = due.currency"
                " WHERE coalesce(due.minor, 0) <> coalesce(booked.minor, 0)"
            )
        ).all()
    engine.dispose()
    return [f"journal {row[0]} sums to {row[2]} {row[1]}" for row in journals] + [
        f"company {row[0]} owes {row[2]} by its invoices but {row[3]} by the ledger, in {row[1]}" for row in receivables
    ]


COMMANDS = (billing_group, ledger_group)
