"""Saved searches in the browser: saved from the directory, run, renamed, turned off and deleted."""

from html import unescape

import pytest
from flask.testing import FlaskClient

from portal.kit.db import db
from tests.factories.accounts import execute, sign_in
from tests.factories.catalog import make_live_vendor
from tests.factories.kept import MadeBuyer, make_buyer, save
from tests.statements import counted


@pytest.fixture
def buyer(client: FlaskClient) -> MadeBuyer:
    """A member of a buyer company who has signed in."""
    made = make_buyer()
    sign_in(client, made.person)
    return made


def test_a_search_is_saved_from_the_directory_and_run_again(client: FlaskClient, buyer: MadeBuyer) -> None:
    make_live_vendor("Kestrelway")
    text = unescape(client.get("/vendors?channel=phone&language=de&sort=price").text)
    path = "/buyer/searches/new?channel=phone&language=de"
    assert f'href="{path}"' in text
    assert 'value="Phone, German"' in client.get(path).text
    answer = client.post(path, data={"name": "German by phone", "by_mail": "y"})
    assert answer.headers["Location"] == "/buyer/searches"
    text = unescape(client.get("/buyer/searches").text)
    assert "German by phone" in text and 'href="/vendors?channel=phone&language=de"' in text and "E-mails on" in text


def test_what_is_there_already_is_refused_with_the_name_kept(client: FlaskClient, buyer: MadeBuyer) -> None:
    save(buyer, "channel=phone", "Phone")
    again = client.post("/buyer/searches/new?channel=phone", data={"name": "Calls"})
    assert again.status_code == 400 and "You have saved this search already" in again.text and "Calls" in again.text
    taken = client.post("/buyer/searches/new?channel=chat", data={"name": "Phone"})
    assert taken.status_code == 400 and "of this name already" in taken.text


def test_it_is_renamed_turned_off_and_deleted(client: FlaskClient, buyer: MadeBuyer) -> None:
    search_id = save(buyer, "channel=phone", "Phone")
    path = f"/buyer/searches/{search_id}"
    assert client.post(path, data={"name": "Calls", "by_mail": "y", "version": 1}).status_code == 302
    assert client.post(path, data={"name": "Other", "version": 1}).status_code == 409
    client.post(f"{path}/mail", data={"by_mail": "0"})
    assert "E-mails off" in client.get("/buyer/searches").text
    assert client.post(f"{path}/delete").status_code == 302
    assert "No search saved yet" in client.get("/buyer/searches").text
    assert client.post(f"{path}/delete").status_code == 404


def test_a_colleague_s_search_does_not_exist(client: FlaskClient, buyer: MadeBuyer) -> None:
    path = f"/buyer/searches/{save(make_buyer(buyer.company, role='owner'))}"
    assert client.get(path).status_code == 404
    for more in ("", "/mail", "/delete"):
        assert client.post(path + more, data={"name": "Mine", "version": 1}).status_code == 404
    assert execute("SELECT name FROM saved_searches")[0].name == "Phone"


def test_whoever_only_looks_saves_nothing(client: FlaskClient) -> None:
    sign_in(client, make_buyer(role="viewer").person)
    assert "Save this search" not in client.get("/vendors").text
    assert client.post("/buyer/searches/new", data={"name": "All"}).status_code == 403
    assert client.get("/buyer/searches").status_code == 200


def test_the_list_costs_the_same_with_more_searches(client: FlaskClient, buyer: MadeBuyer) -> None:
    save(buyer, "channel=phone", "Phone")
    with counted(db.engine) as one:
        client.get("/buyer/searches")
    for code in ("de", "fr", "pl", "es"):
        save(buyer, f"language={code}", code)
    with counted(db.engine) as five:
        client.get("/buyer/searches")
    assert len(one) == len(five) <= 12
