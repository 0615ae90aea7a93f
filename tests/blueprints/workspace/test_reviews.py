"""Both sides review each other on pages; the public reads the result on the vendor's page."""

import uuid
from typing import Any

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.reviews import queries
from portal.reviews.rating import WEIGHTS, Side
from tests.factories import reviews as made
from tests.factories.accounts import MadeCompany, MadePerson, make_company, make_person, sign_in
from tests.factories.agreements import Deal, within
from tests.factories.catalog import MadeVendor, make_live_service


def person(actor: Any) -> MadePerson:
    """The person behind an actor."""
    return MadePerson(actor.person_id, actor.person_name, actor.email, actor.locale, actor.timezone)


def list_vendor(deal: Deal) -> None:
    """Give the vendor a live service, so that it has a public page."""
    company = MadeCompany(deal.vendor.company_id, "vendor", "", "", "GB", "UTC", "GBP")
    make_live_service(MadeVendor(company, person(deal.vendor), deal.vendor))


def address(actor: Any, deal: Deal, end: str) -> str:
    """Where the actor's own review is written."""
    review_id: uuid.UUID = within(
        actor,
        deal,
        lambda agreement: next(
            review.id
            for review in queries.reviews_of(actor, agreement)
            if (review.author_side == actor.company_kind) == (end == "write")
        ),
    )
    return f"/agreements/{deal.agreement.id}/reviews/{review_id}/{end}"


def filled(side: Side, mark: int, **changes: str) -> dict[str, str]:
    """A review as a browser sends it."""
    return {
        **{code: str(mark) for code in WEIGHTS[side]},
        "recommends": "yes",
        "text": made.WORDS,
        "version": "1",
        "submission_id": str(uuid.uuid4()),
        **changes,
    }


@pytest.fixture
def deal(app: Flask) -> Deal:
    """Both sides are invited."""
    return made.make_open()


def test_a_stranger_gets_the_same_answer_as_for_an_unknown_agreement(deal: Deal, client: FlaskClient) -> None:
    company = make_company("buyer")
    sign_in(client, make_person(company))
    theirs = address(deal.buyer, deal, "write")
    for path in (theirs, f"/agreements/{deal.agreement.id}/reviews"):
        assert client.get(path).status_code == 404
    assert client.post(theirs, data=filled(Side.BUYER_TO_VENDOR, 1)).status_code == 404


def test_the_other_side_cannot_reach_what_is_hidden(deal: Deal, client: FlaskClient) -> None:
    sign_in(client, person(deal.vendor))
    theirs = address(deal.buyer, deal, "write")
    made.write(deal.buyer, deal, 2, text="SEALED-WORDS that the vendor must not read before it has written itself.")
    assert client.get(theirs).status_code == 404
    assert client.get(theirs.replace("/write", "/answer")).status_code == 404
    for path in ("/reviews", f"/agreements/{deal.agreement.id}/reviews", "/vendor"):
        page = client.get(path)
        assert page.status_code == 200
        assert "SEALED-WORDS" not in page.text


def test_both_sides_write_and_the_vendor_answers(
    deal: Deal, client: FlaskClient, make_client: Any, superuser: psycopg.Connection
) -> None:
    list_vendor(deal)
    buyers, vendors = client, make_client()
    sign_in(buyers, person(deal.buyer))
    sign_in(vendors, person(deal.vendor))

    assert "Reviews to write" in buyers.get("/buyer").text
    refused = buyers.post(address(deal.buyer, deal, "write"), data=filled(Side.BUYER_TO_VENDOR, 4, text="Short."))
    assert refused.status_code == 400
    assert "between 50 and 2,000 characters" in refused.text

    sent = buyers.post(address(deal.buyer, deal, "write"), data=filled(Side.BUYER_TO_VENDOR, 4, value="none"))
    assert sent.status_code == 302
    assert "Sealed" in buyers.get(sent.headers["Location"]).text
    vendors.post(address(deal.vendor, deal, "write"), data=filled(Side.VENDOR_TO_BUYER, 5))

    answered = vendors.post(
        address(deal.vendor, deal, "answer"), data={"text": "Thank you for the <b>year</b>.", "version": "3"}
    )
    assert answered.status_code == 302
    assert "Not applicable" in vendors.get(answered.headers["Location"]).text

    entry = superuser.execute("SELECT slug, rating, review_count FROM directory_entries").fetchone()
    assert entry is not None
    assert entry[1:] == ("4.0000", 1)
    shown = make_client().get(f"/vendors/{entry[0]}").text
    assert made.WORDS in shown
    assert deal.buyer.company_name in shown
    assert "Thank you for the &lt;b&gt;year&lt;/b&gt;." in shown


def test_an_anonymous_review_names_only_the_country(
    deal: Deal, client: FlaskClient, superuser: psycopg.Connection
) -> None:
    list_vendor(deal)
    made.write(deal.buyer, deal, 4, is_anonymous=True)
    made.write(deal.vendor, deal)
    entry = superuser.execute("SELECT slug FROM directory_entries").fetchone()
    assert entry is not None
    shown = client.get(f"/vendors/{entry[0]}").text
    assert deal.buyer.company_name not in shown
    assert "A company in United Kingdom" in shown
