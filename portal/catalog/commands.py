"""The shell command that checks the public directory."""

import click
from flask.cli import AppGroup

from portal.catalog import directory
from portal.kit import jobs, tenancy

directory_group = AppGroup("directory", help="The public directory.")


@directory_group.command("check")
def check() -> None:
    """Work every entry out anew and compare it with what is shown; exits 1 when one differs."""
    with tenancy.scope(tenancy.PUBLIC):
        faults = directory.faults()
    for fault in faults:
        click.echo(fault)
    if faults:
        raise SystemExit(1)
    click.echo("The directory shows what the catalog holds.")


@directory_group.command("rebuild")
def rebuild() -> None:
    """Work every entry out anew and write it, each in a transaction of its own; the directory stays readable."""
    with tenancy.scope(tenancy.PUBLIC):
        vendors = directory.vendors()
    for vendor_id in vendors:
        with jobs.transaction(tenancy.member(vendor_id)):
            directory.project(vendor_id)
    click.echo(f"{len(vendors)} vendors written.")


COMMANDS = (directory_group,)
