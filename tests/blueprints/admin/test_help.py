"""Staff write questions and answers, look at them before others do, and publish them; strangers read them."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.factories.accounts import execute, make_staff, sign_in

pytestmark = pytest.mark.usefixtures("app")
WORDS = {
    "topic": "outsourcing",
    "position": "1",
    "question_en": "Who answers at night?",
    "answer_en": "<b>You</b> decide.\n\n- See [the directory](/vendors)",
}


@pytest.fixture
def desk(client: FlaskClient) -> FlaskClient:
    sign_in(client, make_staff("moderator"))
    return client


def send(desk: FlaskClient, address: str, **fields: str) -> str:
    """Send a form as its page gave it, and give the address it led to."""
    page = desk.get(address).text
    hidden = dict(re.findall(r'name="(submission_id|version)"[^>]*value="([^"]*)"', page))
    answer = desk.post(address, data=hidden | fields)
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


class TestWriting:
    def test_a_preview_shows_the_words_and_stores_nothing(self, desk: FlaskClient) -> None:
        before = execute("SELECT count(*) FROM help_questions")
        page = desk.post("/admin/help/new", data=WORDS | {"preview": "1"})
        assert page.status_code == 200
        assert "&lt;b&gt;You&lt;/b&gt; decide." in page.text and '<a href="/vendors">the directory</a>' in page.text
        assert 'value="Who answers at night?"' in page.text
        assert execute("SELECT count(*) FROM help_questions") == before

    def test_it_is_read_by_everybody_once_it_is_published(
        self, desk: FlaskClient, make_client: Callable[[], FlaskClient]
    ) -> None:
        stranger = make_client()
        address = send(desk, "/admin/help/new", **WORDS)
        shown = desk.get(address).text
        assert "Draft" in shown and "Not written in 繁體中文" in shown
        assert stranger.get("/help/who-answers-at-night").status_code == 404
        version = re.search(r'name="version" value="(\d+)"', shown)
        assert version
        desk.post(f"{address}/publish", data={"version": version[1]})
        page = stranger.get("/help/who-answers-at-night").text
        assert "&lt;b&gt;You&lt;/b&gt; decide." in page and '<a href="/vendors">the directory</a>' in page
        assert "Who answers at night?" in stranger.get("/help").text
        chinese = stranger.get("/help/who-answers-at-night", headers={"Accept-Language": "zh-TW"}).text
        assert '<div class="prose" lang="en">' in chinese and "English" in chinese
        assert 'hreflang="zh-Hant"' not in chinese

    def test_what_was_typed_comes_back_with_the_refusal(self, desk: FlaskClient) -> None:
        answer = desk.post("/admin/help/new", data=WORDS | {"answer_en": "[us](https://else.example)"})
        assert answer.status_code == 400
        assert "[us](https://else.example)" in answer.text and "is no page of this portal" in answer.text

    def test_an_edit_from_an_old_version_is_refused_with_both_texts(self, desk: FlaskClient) -> None:
        address = send(desk, "/admin/help/new", **WORDS)
        send(desk, f"{address}/edit", **WORDS | {"answer_en": "Nobody."})
        late = desk.post(f"{address}/edit", data=WORDS | {"version": "1"})
        assert late.status_code == 409 and "Nobody." in late.text


class TestReading:
    def test_each_language_has_its_own_words(self, client: FlaskClient) -> None:
        for language, words in (("en", "Does the quality"), ("zh-TW", "品質變差"), ("zh-CN", "降低服务质量")):
            for address in ("/help", "/help/does-the-quality-of-service-suffer"):
                page = client.get(address, headers={"Accept-Language": language})
                assert page.status_code == 200 and words in page.text, (address, language)

    def test_an_unknown_question_is_not_found(self, client: FlaskClient) -> None:
        assert client.get("/help/nothing").status_code == 404
