"""What must never be true of a production portal's database, asked when it starts and by /readyz."""

from datetime import timedelta

from sqlalchemy import text

from portal.accounts.sessions import email_key
from portal.kit.db import db

# Anybody can read their password in the documentation.
DEMO_ADDRESSES = ("buyer@demo.test", "vendor@demo.test", "vendor2@demo.test", "staff@demo.test")


def faults() -> list[str]:
    """One sentence for each reason why production may not run on this database; empty before the first migration.

    Needs no scope: neither the clock nor whether an address has an account belongs to a company.
    """
    found = []
    with db.engine.connect() as connection:
        if connection.execute(text("SELECT to_regclass('portal_clock') IS NULL")).scalar_one():
            return []
        ahead: timedelta = connection.execute(text("SELECT ahead FROM portal_clock")).scalar_one()
        if ahead:
            reset = "PORTAL_ENV=development flask clock reset"
            found.append(f"The portal's clock is {ahead} off the real time. Put it back with: {reset}")
        if connection.execute(text("SELECT to_regprocedure('account_find(text)') IS NULL")).scalar_one():
            return found
        for address in DEMO_ADDRESSES:
            if (
                connection.execute(text("SELECT FROM account_find(:key)"), {"key": email_key(address)}).first()
                is not None
            ):
                found.append(f"{address} is a demo account, its password is published. Use another database.")
    return found
