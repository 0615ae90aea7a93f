"""`flask demo load` fills an empty portal with demo data; `flask demo connect` lets its vendors be paid by card.

Every process of the portal reads this module and hardly one loads a demo, so the commands import what they need.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import text

from portal.catalog.facets import REFERENCE_CURRENCY
from portal.kit import clock, tenancy
from portal.kit.db import db, owner_engine
from portal.pricing.exchange import worth_in

demo_group = AppGroup("demo", help="Demo data, in development only.")
MAIN_ACCOUNTS = ("buyer@demo.test", "vendor@demo.test", "vendor2@demo.test", "staff@demo.test")


@demo_group.command("load")
@click.option("--seed", default=7, show_default=True, help="The same seed gives the same figures.")
@click.option("--vendors", default=0, help="Instead of the demo: so many vendors, for measuring the directory.")
def load(seed: int, vendors: int) -> None:
    """Load the demo into an empty portal. Refused in production, and where there are companies already."""
    if current_app.config["PORTAL"].is_production:
        raise click.ClickException("Demo accounts have a published password: a production portal refuses them.")
    if vendors:
        _load_many(vendors, seed)
        return
    engine = owner_engine()
    with engine.connect() as connection:
        if connection.execute(text("SELECT EXISTS (SELECT 1 FROM companies)")).scalar_one():
            raise click.ClickException("There are companies already. Load the demo into an empty portal.")
    engine.dispose()
    from portal.demo import world
    from portal.demo.cast import PASSWORD

    began = time.monotonic()
    with _without_cards():
        world.load(seed, click.echo)
    click.echo(f"Loaded in {time.monotonic() - began:.0f} s. Sign in as {', '.join(MAIN_ACCOUNTS)}: {PASSWORD}")


def _load_many(count: int, seed: int) -> None:
    """Add many vendors with COPY; they may stand beside the demo."""
    url = current_app.config["PORTAL"].database_owner_url
    if url is None:
        raise click.ClickException("DATABASE_OWNER_URL is not set: this needs the address that logs in as the owner.")
    with tenancy.scope(tenancy.PUBLIC):
        rates = worth_in(REFERENCE_CURRENCY, clock.now().date())
    db.session.remove()
    from portal.demo import bulk

    began = time.monotonic()
    bulk.load_vendors(url.replace("postgresql+psycopg://", "postgresql://"), count, seed, rates, click.echo)
    click.echo(f"{count:,} vendors loaded in {time.monotonic() - began:.0f} s.")


@demo_group.command("connect")
def connect() -> None:
    """Connect the demo's paid vendors to the stand-in for Stripe. Refused where Stripe is the real one."""
    if not current_app.config["PORTAL"].has_stripe_stand_in:
        raise click.ClickException("Only a stand-in on this machine takes invented accounts: see STRIPE_API_BASE.")
    logging.getLogger("stripe").setLevel(logging.WARNING)  # who starts the demo wants to read what came of it
    from portal.demo import cards

    cards.connect(click.echo)


@contextmanager
def _without_cards() -> Iterator[None]:
    """The demo's months were paid by bank; asking a card provider about them would be asking about another time."""
    settings = current_app.config["PORTAL"]
    current_app.config["PORTAL"] = replace(settings, stripe_secret_key=None)
    try:
        yield
    finally:
        current_app.config["PORTAL"] = settings


COMMANDS = (demo_group,)
