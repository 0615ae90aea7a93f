"""``flask calc NAME``: runs one registered calculator on the JSON document of standard input."""

from __future__ import annotations

import sys

import click

from portal.kit.calculators import (
    CalculationError,
    Calculator,
    calculator_names,
    find_calculator,
    read_json,
    write_json,
)

REFUSED = 2


class CalculatorGroup(click.Group):
    """A command group whose commands are the registered calculators, whichever were imported."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The registered names, for ``flask calc --help``."""
        return calculator_names()

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of one calculator, or None, which click answers with exit status 2."""
        found = find_calculator(cmd_name)
        return _command_for(found) if found else None


def _command_for(found: Calculator) -> click.Command:
    @click.command(found.name, short_help=found.summary, help=found.summary)
    @click.option("--schema", is_flag=True, help="Print the JSON Schema of the input and stop.")
    def run(schema: bool) -> None:
        if schema:
            click.echo(write_json(found.schema))
            return
        try:
            answer = found.run(read_json(_standard_input()))
        except CalculationError as refusal:
            click.echo(f"Refused: {refusal}", err=True)
            sys.exit(REFUSED)
        click.echo(write_json(answer))

    return run


def _standard_input() -> str:
    """All of standard input as UTF-8, whatever the machine's locale says."""
    try:
        return sys.stdin.buffer.read().decode("utf-8")
    except UnicodeDecodeError as error:
        raise CalculationError("", "the input must be text in UTF-8") from error


calc_command = CalculatorGroup("calc", help="Run a calculator: reads one JSON document, prints one.")
"""To be registered with ``app.cli.add_command``. None of its commands opens a database."""
