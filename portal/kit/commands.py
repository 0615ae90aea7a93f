"""The shell commands of the ground: worker, clock, checks of tenancy and evidence, backup, calculators."""

from datetime import UTC, datetime
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.kit import clock, evidence, evidence_heads, jobs, safekeeping_commands, tenancy_audit
from portal.kit.calc_command import calc_command
from portal.kit.db import owner_engine

A_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)

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


def _links() -> list[evidence.EvidenceEntry]:
    engine = owner_engine()
    with Session(engine) as session:
        links = list(session.scalars(select(evidence.EvidenceEntry)))
    engine.dispose()
    return links


@evidence_group.command("verify")
@click.option("--heads", "noted", type=A_FILE, multiple=True, help="A note of heads kept elsewhere; may be repeated.")
def verify(noted: tuple[Path, ...]) -> None:
    """Check every chain link by link and against the noted heads, and print the heads; exits 1 naming each fault."""
    links = _links()
    faults = evidence.broken_links(links)
    for path in noted or sorted(evidence_heads.folder().glob("heads-*.json")):
        faults += evidence_heads.faults_against(path, links)
    for head in evidence_heads.heads_of(links):
        click.echo(f"{head.chain} {head.chain_id} {head.position} {head.hash}")
    for fault in faults:
        click.echo(fault)
    if faults:
        raise SystemExit(1)
    click.echo(f"{len(links)} links of evidence follow from each other.")


@evidence_group.command("heads")
def heads() -> None:
    """Note the heads of all chains in the data directory now; the worker does so once a day."""
    day = datetime.now(UTC).date().isoformat()
    click.echo(f"The heads are in {evidence_heads.write(evidence_heads.heads_of(_links()), day)}.")


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


COMMANDS = (calc_command, worker, tenancy_group, evidence_group, clock_group, *safekeeping_commands.COMMANDS)
