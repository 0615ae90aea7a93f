"""The shell commands of the ground: worker, clock, checks of tenancy and evidence, calculators."""

from datetime import UTC, datetime

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.kit import clock, evidence, jobs, tenancy_audit
from portal.kit.calc_command import calc_command
from portal.kit.db import owner_engine

tenancy_group = AppGroup("tenancy", help="Checks that every table keeps companies apart.")
evidence_group = AppGroup("evidence", help="Checks of the chains of evidence.")
clock_group = AppGroup("clock", help="The portal's clock, in development only.")


@click.command("worker")
@click.option("--concurrency", default=4, show_default=True, help="Jobs at once.")
@with_appcontext
def worker(concurrency: int) -> None:
    """Work off the queue until stopped; a running job is finished first."""
    jobs.work(current_app._get_current_object(), concurrency=concurrency)  # type: ignore[attr-defined]


@tenancy_group.command("audit")
def audit() -> None:
    """Read the catalogue and name every table that breaks the rules; exits 1 when there is one."""
    engine = owner_engine()
    with engine.connect() as connection:
        faults = tenancy_audit.faults(connection)
    engine.dispose()
    for fault in faults:
        click.echo(fault)
    if faults:
        raise SystemExit(1)
    click.echo("Every table keeps companies apart.")


@evidence_group.command("verify")
def verify() -> None:
    """Check every chain link by link and name each that does not follow; exits 1 when there is one."""
    engine = owner_engine()
    with Session(engine) as session:
        entries = session.scalars(select(evidence.EvidenceEntry)).all()
    engine.dispose()
    faults = evidence.broken_links(entries)
    for fault in faults:
        click.echo(fault)
    if faults:
        raise SystemExit(1)
    click.echo(f"{len(entries)} links of evidence follow from each other.")


@clock_group.command("set")
@click.argument("when")
def set_clock(when: str) -> None:
    """Move the portal's clock to an instant like 2026-06-02T16:05:00+00:00."""
    moment = datetime.fromisoformat(when)
    clock.move_to(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    click.echo(f"The portal's clock now says {moment.isoformat()}.")


@clock_group.command("reset")
def reset_clock() -> None:
    """Put the clock back to the real time."""
    clock.reset()
    click.echo("The portal's clock now says the real time.")


COMMANDS = (calc_command, worker, tenancy_group, evidence_group, clock_group)
