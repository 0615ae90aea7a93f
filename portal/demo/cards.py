"""Connects the demo's paid vendors to a stand-in for Stripe, so that their buyers can try to pay by card at once."""

import http.client
import uuid
from collections.abc import Callable
from functools import partial
from urllib.parse import urlsplit

from sqlalchemy import text

from portal.accounts.actor import Actor
from portal.billing import actions, queries, vendor_accounts
from portal.billing.states import AccountStanding
from portal.demo.cast import VENDORS
from portal.demo.stage import act
from portal.kit.db import owner_engine

DONE = {"Content-Type": "application/x-www-form-urlencoded"}, "ending=complete"


def connect(say: Callable[[str], None]) -> None:
    """Connect every demo vendor with an agreement whose account is not ready, as its own people would.

    The stand-in may be a fresh one while the database is not: an account that it does not know is made anew.
    """
    for vendor_id, name in _paid_vendors():
        if vendor_accounts.refresh(vendor_id) is AccountStanding.READY:
            continue
        robot = Actor.robot(vendor_id, "vendor")
        act(robot, partial(actions.connect_vendor_account, robot))
        vendor_accounts.connect(vendor_id)
        _fill_in(act(robot, partial(_link, robot)))
        standing = vendor_accounts.refresh(vendor_id)
        say(f"{name}: account for card payments {standing}")


def _paid_vendors() -> list[tuple[uuid.UUID, str]]:
    engine = owner_engine()
    with engine.connect() as connection:
        rows = connection.execute(
            text(
                "SELECT DISTINCT c.id, c.name FROM companies c JOIN fee_schedules s ON s.vendor_id = c.id"
                " JOIN memberships m ON m.company_id = c.id JOIN people p ON p.id = m.person_id"
                " WHERE p.email = ANY(:owners) ORDER BY c.name"
            ),
            {"owners": [troupe.owner.email for troupe in VENDORS]},
        ).all()
    engine.dispose()
    return [(row.id, row.name) for row in rows]


def _link(robot: Actor) -> str:
    account = queries.vendor_account_for(robot)
    if account is None or account.link_url is None:
        raise RuntimeError("The stand-in gave no link to its page.")
    return account.link_url


def _fill_in(url: str) -> None:
    """Send the stand-in's page; where it leads back to is the portal, which may not be up yet."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=10)
    headers, body = DONE
    connection.request("POST", f"{parts.path}?{parts.query}", body, headers)
    status = connection.getresponse().status
    connection.close()
    if status != http.HTTPStatus.SEE_OTHER:
        raise RuntimeError(f"The stand-in's page answered {status}.")
