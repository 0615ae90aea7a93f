"""What a stranger reads is the same whether the edge prepared a session for it or not."""

import re

import pytest
from flask.testing import FlaskClient

from tests.factories.catalog import make_live_vendor

NONCE = re.compile(r"nonce=\"[^\"]*\"")


@pytest.mark.usefixtures("app")
class TestPlainReading:
    @pytest.mark.parametrize("query", ["", "?channel=phone", "?q=nothing-has-this", "?sort=name&n=1"])
    def test_the_list_reads_the_same_with_and_without_a_cookie(self, client: FlaskClient, query: str) -> None:
        make_live_vendor("Fennwick Care")
        plain = client.get(f"/vendors{query}").text
        client.set_cookie("elsewhere", "1")
        assert NONCE.sub("", client.get(f"/vendors{query}").text) == NONCE.sub("", plain)

    def test_so_does_a_vendors_page(self, client: FlaskClient) -> None:
        make_live_vendor("Fennwick Care")
        [address] = re.findall(r'class="vendor-name"><a href="([^"]*)"', client.get("/vendors").text)
        plain = [client.get(address).text for _again in range(2)]
        client.set_cookie("elsewhere", "1")
        full = client.get(address).text
        assert [NONCE.sub("", one) for one in plain] == [NONCE.sub("", full)] * 2

    @pytest.mark.parametrize("sign", ["%EE%80%80", "%EE%80%81", "%00", "%3C%3E", "%F0%9F%98%80", "%FF"])
    @pytest.mark.parametrize(
        "address", ["/vendors?q=a{}b", "/vendors?after={}", "/vendors?n={}&channel={}", "/vendors/{}"]
    )
    def test_no_sign_in_an_address_breaks_a_page(self, client: FlaskClient, address: str, sign: str) -> None:
        make_live_vendor("Fennwick Care")
        assert client.get(address.replace("{}", sign)).status_code == (404 if address == "/vendors/{}" else 200)

    @pytest.mark.parametrize("place", ["/verify/%00", "/reset/%00", "/help/%00", "/survey/%00", "/stop-mail/%00"])
    def test_where_nothing_can_be_nothing_is(self, client: FlaskClient, place: str) -> None:
        assert client.get(place).status_code == 404

    def test_nor_does_one_in_a_vendors_text(self, client: FlaskClient) -> None:
        make_live_vendor("Fennwick Care", profile={"headline": "Private \ue000 signs \ue001"})
        [address] = re.findall(r'class="vendor-name"><a href="([^"]*)"', client.get("/vendors").text)
        assert "Private" in client.get(address).text
