"""References: the customer confirms or declines by a link that works once, and nobody else can answer for them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from portal.catalog.actions import references as actions
from portal.catalog.profile_queries import references_for
from portal.kit import clock, tenancy
from portal.kit.db import db
from portal.kit.errors import Conflict, Forbidden, Invalid, NotFound, PortalError, TooMany
from tests.factories.accounts import actor_for, execute, make_person
from tests.factories.catalog import MadeVendor, make_live_vendor, make_profile, make_vendor
from tests.factories.mails import link_in, sent_mails
from tests.factories.profiles import ask, at, doing, last_link, make_reference, reference_values

pytestmark = pytest.mark.usefixtures("app")


def shown(vendor: MadeVendor) -> list[dict[str, Any]]:
    """The references on the public page."""
    rows = execute("SELECT profile FROM directory_entries WHERE vendor_id = :id", id=vendor.company.id)
    found: list[dict[str, Any]] = rows[0].profile["references"]
    return found


def row_of(reference_id: object) -> Any:
    return execute("SELECT * FROM vendor_references WHERE id = :id", id=reference_id)[0]


def edit(vendor: MadeVendor, reference_id: Any, **changes: Any) -> None:
    version = row_of(reference_id).version
    doing(
        vendor.actor,
        lambda: (
            actions.edit_reference(vendor.actor, reference_id, values=reference_values(**changes), version=version).id
        ),
    )


def answer(token: str, verdict: str = "confirmed", comment: str = "") -> None:
    with tenancy.scope(tenancy.PUBLIC):
        try:
            actions.answer_reference(token, verdict=verdict, comment=comment)
            db.session.commit()
        except PortalError:
            db.session.rollback()
            raise


@pytest.fixture
def vendor() -> MadeVendor:
    return make_live_vendor("Kestrelway Contact")


class TestAdd:
    def test_a_viewer_may_not(self, vendor: MadeVendor) -> None:
        viewer = actor_for(make_person(vendor.company, "viewer"), vendor.company)
        with pytest.raises(Forbidden):
            doing(viewer, lambda: actions.add_reference(viewer, values=reference_values()))

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"customer": " "}, "customer"),
            ({"industry": "magic"}, "industry"),
            ({"started": ""}, "started"),
            ({"started": "2024-13"}, "started"),
            ({"ended": "2023-01"}, "ended"),
            ({"scope": ""}, "scope"),
        ],
    )
    def test_what_is_wrong_is_said_at_its_field(self, vendor: MadeVendor, changes: dict[str, Any], field: str) -> None:
        with pytest.raises(Invalid) as refusal:
            make_reference(vendor, **changes)
        assert refusal.value.field == field

    def test_a_name_that_is_not_public_never_reaches_the_directory(self, vendor: MadeVendor) -> None:
        make_reference(vendor, is_anonymous=True)
        (one,) = shown(vendor)
        assert "customer" not in one and not one["is_confirmed"]
        (row,) = execute("SELECT to_jsonb(d)::text AS entry FROM directory_entries d")
        assert "Fernhall" not in row.entry


class TestAsk:
    def test_another_vendor_cannot(self, vendor: MadeVendor) -> None:
        other, reference_id = make_vendor(), make_reference(vendor)
        with pytest.raises(NotFound):
            doing(
                other.actor,
                lambda: actions.ask_contact(
                    other.actor, reference_id, name="M", email="m@fernhall.example", language="en", version=1
                ),
            )

    def test_nobody_confirms_themselves(self, vendor: MadeVendor) -> None:
        make_profile(vendor, website="https://www.kestrelway.example")
        reference_id = make_reference(vendor)
        for own in (vendor.person.email.upper(), "mara@kestrelway.example", "mara@mail.kestrelway.example", "mara"):
            with pytest.raises(Invalid) as refusal:
                ask(vendor, reference_id, own)
            assert refusal.value.field == "contact_email"

    def test_the_contact_gets_one_mail_with_the_link_and_no_address_becomes_public(
        self, app: Flask, vendor: MadeVendor
    ) -> None:
        reference_id = make_reference(vendor)
        ask(vendor, reference_id)
        (mail,) = [one for one in sent_mails(app) if one["To"] == "mara@fernhall.example"]
        assert link_in(mail).startswith("/r/") and "once, for 14 days" in " ".join(mail.get_content().split())
        assert row_of(reference_id).state == "asked"
        (row,) = execute("SELECT (SELECT string_agg(d::text, '') FROM directory_entries d) AS entry")
        assert "mara@" not in row.entry and "Mara" not in row.entry

    def test_nobody_is_pestered(self, vendor: MadeVendor) -> None:
        reference_id = make_reference(vendor)
        for _number in range(actions.ASKS_A_REFERENCE):
            ask(vendor, reference_id)
        with pytest.raises(TooMany):
            ask(vendor, reference_id)
        for number in range(actions.ASKS_A_DAY - actions.ASKS_A_REFERENCE):
            ask(vendor, make_reference(vendor, customer=f"Customer {number}"))
        with pytest.raises(TooMany):
            ask(vendor, make_reference(vendor, customer="One more"))

    def test_what_is_answered_is_not_asked_again(self, vendor: MadeVendor) -> None:
        reference_id = make_reference(vendor)
        ask(vendor, reference_id)
        answer(last_link())
        with pytest.raises(Conflict):
            ask(vendor, reference_id)


class TestAnswer:
    def test_confirmed_it_is_shown_so_and_the_vendor_is_told(self, vendor: MadeVendor) -> None:
        reference_id = make_reference(vendor)
        ask(vendor, reference_id)
        answer(last_link(), comment="On time,\n  each March.")
        (one,) = shown(vendor)
        assert one["is_confirmed"] and one["comment"] == ""
        kinds = [row.kind for row in execute("SELECT kind FROM notifications ORDER BY id")]
        assert kinds[-1] == "catalog.reference.confirmed"
        (entry,) = execute("SELECT person_name, after FROM audit_entries WHERE tag = 'catalog:reference:answer'")
        assert (entry.person_name, entry.after) == ("Mara Feld", {"verdict": "confirmed"})
        version = row_of(reference_id).version
        doing(
            vendor.actor,
            lambda: actions.show_comment(vendor.actor, reference_id, shown=True, version=version).id,
        )
        assert shown(vendor)[0]["comment"] == "On time,\neach March."

    def test_declined_it_is_not_shown_and_its_comment_cannot_be(self, vendor: MadeVendor) -> None:
        reference_id = make_reference(vendor)
        ask(vendor, reference_id)
        answer(last_link(), "declined", "We never worked with them.")
        assert shown(vendor) == []
        version = row_of(reference_id).version
        with pytest.raises(Conflict):
            doing(vendor.actor, lambda: actions.show_comment(vendor.actor, reference_id, shown=True, version=version))

    def test_a_link_works_once(self, vendor: MadeVendor) -> None:
        ask(vendor, make_reference(vendor))
        token = last_link()
        answer(token)
        for again in (token, "nothing"):
            with pytest.raises(Conflict):
                answer(again, "declined")
        assert shown(vendor)[0]["is_confirmed"]

    def test_a_newer_link_and_other_words_end_an_older_link(self, vendor: MadeVendor) -> None:
        reference_id = make_reference(vendor)
        ask(vendor, reference_id)
        first = last_link()
        ask(vendor, reference_id)
        second = last_link()
        with pytest.raises(Conflict):
            answer(first)
        edit(vendor, reference_id, scope="Ten times as many agents.")
        with pytest.raises(Conflict):
            answer(second)
        assert row_of(reference_id).state == "self_declared"

    def test_after_14_days_it_is_over(self, vendor: MadeVendor) -> None:
        ask(vendor, make_reference(vendor))
        try:
            at(datetime.now(UTC) + actions.LINK_LASTS + timedelta(minutes=1))
            with pytest.raises(Conflict):
                answer(last_link())
            with tenancy.scope(vendor.actor.scope):
                assert [told.is_link_expired for told in references_for(vendor.actor)] == [True]
                db.session.rollback()
        finally:
            clock.reset()

    def test_other_words_are_not_confirmed_any_more(self, vendor: MadeVendor) -> None:
        reference_id = make_reference(vendor)
        ask(vendor, reference_id)
        answer(last_link())
        edit(vendor, reference_id)
        assert shown(vendor)[0]["is_confirmed"]  # the same words
        edit(vendor, reference_id, results="Everything doubled.")
        (one,) = shown(vendor)
        assert not one["is_confirmed"] and one["results"] == "Everything doubled."

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE reference_requests SET verdict = 'confirmed', answered_at = portal_now()",
            "UPDATE reference_requests SET comment = 'Best of all'",
            "UPDATE vendor_references SET state = 'confirmed'",
            "INSERT INTO reference_requests SELECT (jsonb_populate_record(NULL::reference_requests, to_jsonb(q) ||"
            " jsonb_build_object('id', gen_random_uuid(), 'token_hash', 'x', 'verdict', 'confirmed',"
            " 'answered_at', portal_now()))).* FROM reference_requests q",
        ],
    )
    def test_the_database_lets_no_vendor_answer(self, vendor: MadeVendor, statement: str) -> None:
        ask(vendor, make_reference(vendor))
        with tenancy.scope(vendor.actor.scope), pytest.raises(DBAPIError):
            db.session.execute(text(statement))
        db.session.rollback()

    def test_at_the_database_confirmed_words_stay_those_of_the_answer(self, vendor: MadeVendor) -> None:
        reference_id = make_reference(vendor)
        ask(vendor, reference_id)
        answer(last_link())
        execute("UPDATE vendor_references SET results = 'Tampered'")
        doing(vendor.actor, lambda: actions.directory.project(vendor.company.id))
        assert shown(vendor)[0]["results"].startswith("Returns settled")


class TestThePageOfTheLink:
    def test_it_shows_what_is_said_takes_the_answer_and_says_so_later(
        self, vendor: MadeVendor, make_client: Callable[[], FlaskClient]
    ) -> None:
        ask(vendor, make_reference(vendor))
        path, client = f"/r/{last_link()}", make_client()
        page = client.get(path)
        assert page.status_code == 200 and "Returns settled at once" in page.text and "Kestrelway Contact" in page.text
        assert client.post(path, data={"comment": "Yes"}).status_code == 400
        sent = client.post(path, data={"verdict": "confirmed", "comment": "Yes"})
        assert sent.status_code == 302 and "confirmed by the customer" in client.get(sent.headers["Location"]).text
        used = client.get(path)
        assert used.status_code == 410 and "You have answered already" in used.text
        assert client.post(path, data={"verdict": "declined"}).status_code == 410

    def test_a_wrong_and_an_expired_link_get_a_clear_page(
        self, vendor: MadeVendor, make_client: Callable[[], FlaskClient]
    ) -> None:
        client = make_client()
        wrong = client.get("/r/nothing")
        assert wrong.status_code == 404 and "This link leads nowhere" in wrong.text
        ask(vendor, make_reference(vendor))
        path = f"/r/{last_link()}"
        try:
            at(datetime.now(UTC) + timedelta(days=15))
            gone = client.get(path)
            assert gone.status_code == 410 and "This link has expired" in gone.text
        finally:
            clock.reset()
