"""The shortlist in the browser: keeping from the directory, the list, its notes, taking off."""

from flask.testing import FlaskClient

from portal.accounts.actions.company import suspend_company
from portal.kit.db import db
from tests.factories.accounts import actor_for, execute, make_staff, sign_in
from tests.factories.catalog import make_live_vendor, make_moderator
from tests.factories.kept import keep, make_buyer
from tests.factories.profiles import doing
from tests.statements import counted


def test_strangers_sign_in_first_and_vendors_find_nothing(client: FlaskClient) -> None:
    assert "/sign-in" in client.get("/buyer/shortlist").headers["Location"]
    vendor = make_live_vendor("Kestrelway")
    sign_in(client, vendor.person)
    assert client.get("/buyer/shortlist").status_code == 404
    assert client.post("/buyer/shortlist", data={"slug": vendor.company.slug}).status_code == 404


def test_a_vendor_is_kept_from_where_one_is_and_a_second_time_is_said(client: FlaskClient) -> None:
    vendor, buyer = make_live_vendor("Kestrelway"), make_buyer()
    sign_in(client, buyer.person)
    data = {"slug": vendor.company.slug, "back": "/vendors?channel=phone"}
    answer = client.post("/buyer/shortlist", data=data)
    assert answer.headers["Location"] == f"/vendors?channel=phone#vendor-{vendor.company.slug}"
    assert "On the shortlist" in client.get("/vendors?channel=phone").text
    client.post("/buyer/shortlist", data=data | {"back": "https://elsewhere.example/"})
    text = client.get("/buyer/shortlist").text
    assert "is on your company" in text and "already" in text
    assert execute("SELECT count(*) AS n FROM shortlist_entries")[0].n == 1
    assert client.post("/buyer/shortlist", data={"slug": "nobody"}).status_code == 404


def test_the_list_is_empty_full_or_without_who_has_left(client: FlaskClient) -> None:
    buyer, moderator = make_buyer(), make_moderator()
    sign_in(client, buyer.person)
    assert "Nobody on the shortlist yet" in client.get("/buyer/shortlist").text
    first = make_live_vendor("Kestrelway", moderator)
    keep(buyer, first, "<b>Ask</b> for German")
    with counted(db.engine) as one:
        text = client.get("/buyer/shortlist").text
    assert "&lt;b&gt;Ask" in text and f'value="{first.company.slug}"' in text
    for number in range(6):
        keep(buyer, make_live_vendor(f"Vendor {number}", moderator))
    staff = actor_for(make_staff("moderator"))
    doing(staff, lambda: suspend_company(staff, first.company.id, reason="Complaints"))
    with counted(db.engine) as seven:
        text = client.get("/buyer/shortlist").text
    assert len(one) == len(seven) <= 12
    assert "No longer listed" in text and f'value="{first.company.slug}"' not in text
    assert text.count(" checked>") == 5


def test_a_viewer_reads_and_is_shown_no_button(client: FlaskClient) -> None:
    buyer = make_buyer()
    entry_id = keep(buyer, make_live_vendor("Kestrelway"), "Ask for German")
    sign_in(client, make_buyer(buyer.company, role="viewer").person)
    text = client.get("/buyer/shortlist").text
    assert "Ask for German" in text and "Change the note" not in text and "/remove" not in text
    assert client.post(f"/buyer/shortlist/{entry_id}/remove").status_code == 403


def test_the_note_is_written_and_the_vendor_taken_off(client: FlaskClient) -> None:
    buyer = make_buyer()
    entry_id = keep(buyer, make_live_vendor("Kestrelway"))
    sign_in(client, buyer.person)
    path = f"/buyer/shortlist/{entry_id}/note"
    too_long = client.post(path, data={"note": "x" * 501, "version": 1})
    assert too_long.status_code == 400 and "x" * 501 in too_long.text
    assert client.post(path, data={"note": "Good on the phone", "version": 1}).status_code == 302
    assert client.post(path, data={"note": "Too late", "version": 1}).status_code == 409
    assert "Good on the phone" in client.get("/buyer/shortlist").text
    assert client.post(f"/buyer/shortlist/{entry_id}/remove").status_code == 302
    assert "Kestrelway is off the shortlist." in client.get("/buyer/shortlist").text
    assert client.post(f"/buyer/shortlist/{entry_id}/remove").status_code == 404
