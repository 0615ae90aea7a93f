"""A card payment from button to receipt, over real HTTP: the portal, the provider's page, and its signed events."""

import threading
import time
import urllib.parse
import urllib.request
from contextlib import contextmanager

import pytest
from werkzeug.serving import make_server

from portal.billing.commands import check
from portal.kit import jobs
from tests.doubles.stripe.server import QuietHandler
from tests.factories.accounts import execute, make_company, make_person, sign_in
from tests.factories.billing import card_payments, connect_vendor, make_invoice, make_schedule, read_invoice


@contextmanager
def listening(app):
    """The portal on a free port; gives its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=QuietHandler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join(timeout=5)
    server.server_close()


def stored_events(count: int) -> bool:
    """Wait until the portal has kept this many events."""
    ends = time.monotonic() + 10
    while time.monotonic() < ends:
        if execute("SELECT count(*) AS n FROM webhook_inbox")[0].n >= count:
            return True
        time.sleep(0.05)
    return False


def press(address: str, **form: str) -> None:
    """Send the provider's form; where it leads afterwards does not matter here."""

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_args):
            return None

    data = urllib.parse.urlencode(form).encode()
    with pytest.raises(urllib.error.HTTPError) as answer:
        urllib.request.build_opener(Stay).open(address, data, timeout=5)
    answer.value.close()


class TestJourney:
    def test_a_declined_card_then_a_good_one(self, app, make_client):
        buyer, vendor = make_company("buyer"), make_company("vendor")
        invoice_id = make_invoice(make_schedule(buyer, vendor), vendor, 10_000)
        client = make_client()
        sign_in(client, make_person(buyer, "finance"))
        with listening(app) as portal, card_payments(app, f"{portal}/hooks/stripe") as double:
            connect_vendor(double, vendor)
            address = client.post(f"/invoices/{invoice_id}/pay").location
            jobs.run_waiting(app)
            page = execute("SELECT page_url FROM payments")[0].page_url
            assert page in client.get(address).text
            press(page, card="pm_card_visa_chargeDeclinedInsufficientFunds")
            assert stored_events(5)
            jobs.run_waiting(app)
            assert "The last card was refused" in client.get(address).text
            press(page, action="pay", card="pm_card_visa")
            assert stored_events(10)
            jobs.run_waiting(app)
            assert "Paid." in client.get(address).text
        assert read_invoice(invoice_id, buyer).state == "paid"
        aside = {row.kind for row in execute("SELECT kind FROM webhook_inbox WHERE state <> 'done'")}
        assert aside == {"transfer.created", "application_fee.created"}
        assert check() == []
