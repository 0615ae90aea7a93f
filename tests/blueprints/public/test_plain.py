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
