"""Staff of finance import exchange rates on a page."""

import io

import pytest

from tests.factories.accounts import make_company, make_person, make_staff, sign_in

HEAD = b"date,base,currency,rate,source\n"
ADDRESS = "/admin/exchange-rates"


@pytest.fixture
def treasurer(app, client):
    sign_in(client, make_staff("finance"))
    return client


def send(client, content):
    return client.post(f"{ADDRESS}/import", data={"file": (io.BytesIO(content), "rates.csv")})


def test_others_do_not_get_in(client, app):
    sign_in(client, make_staff("moderator"))
    assert client.get(ADDRESS).status_code == 403
    assert send(client, HEAD + b"2026-06-02,EUR,USD,1.1,Bank\n").status_code == 403
    sign_in(client, make_person(make_company("vendor")))
    assert client.get(ADDRESS).status_code == 404


def test_an_empty_list_says_what_follows(treasurer):
    assert "No exchange rate yet" in treasurer.get(ADDRESS).text


def test_a_line_that_cannot_be_read_is_named_and_nothing_is_imported(treasurer):
    answer = send(treasurer, HEAD + b"2026-06-02,EUR,USD,1.1,Bank\n2026-06-02,EUR,TWD,-1,Bank\n")
    assert answer.status_code == 400
    assert "Line 3, column “rate”" in answer.text
    assert "No exchange rate yet" in treasurer.get(ADDRESS).text


def test_rates_are_shown_with_day_and_source(treasurer):
    answer = send(treasurer, HEAD + b"2026-06-02,EUR,USD,1.1,European Central Bank\n")
    assert answer.status_code == 303, answer.text
    page = treasurer.get(ADDRESS).text
    assert "1 rate is imported." in page and "European Central Bank" in page and "1.1" in page
