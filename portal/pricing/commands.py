"""The shell command that imports exchange rates."""

from pathlib import Path

import click
from flask.cli import AppGroup

from portal.accounts.actor import Actor
from portal.accounts.permissions import StaffRole, permissions_of
from portal.kit import jobs, tenancy
from portal.kit.errors import Invalid
from portal.pricing import exchange

rates_group = AppGroup("rates", help="Exchange rates, with the source they are shown with.")


@rates_group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_rates(file: Path) -> None:
    """Import a CSV file with the columns date, base, currency, rate and source."""
    operator = Actor(
        person_id=None,
        person_name="Operator",
        email="",
        locale="en",
        timezone="UTC",
        staff_roles=(StaffRole.FINANCE,),
        permissions=permissions_of(None, (StaffRole.FINANCE,), None),
    )
    try:
        with jobs.transaction(tenancy.staff()):
            count = exchange.import_rates(operator, file.read_bytes())
    except Invalid as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{count} rates imported.")


COMMANDS = (rates_group,)
