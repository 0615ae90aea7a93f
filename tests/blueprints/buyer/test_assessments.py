"""“Should we outsource?” in the browser: private, resumable, beside a requirement, and never a yes."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.accounts.actor import Actor
from portal.kit import audit, tenancy
from portal.kit.db import db
from portal.kit.errors import Invalid, NotFound
from portal.needs.actions import begin_assessment, save_assessment
from portal.needs.assessment_queries import assessment_for, assessments_for
from portal.needs.private_models import SelfAssessment
from portal.pricing.begin_prices import Published
from portal.pricing.documents import rate_card_from_document
from tests.blueprints.buyer.test_requirements import make_company_of, send, stranger_of
from tests.factories.accounts import actor_for, add_member, make_company, make_person, sign_in
from tests.factories.needs import in_scope, make_published, make_requirement
from tests.statements import counted

NEW = "/buyer/assessments/new"
NUMBERS = {
    "title": "Our service", "currency": "USD", "contacts": "1000", "aht_s": "300", "agents": "5",
    "own_month": "30,000.00", "retained_month": "2,000", "term_months": "12",
}  # fmt: skip
ANSWERS = {"quality_truth": "yes", "quality_weight": "3", "security_truth": "partly", "legal_truth": "unknown"}


@pytest.fixture
def five_cards(monkeypatch: pytest.MonkeyPatch) -> None:
    """Five published cards of one price a contact, as the directory would give them."""
    lines = [{"code": "WORK", "unit": "contact", "rate": rate} for rate in ("8", "9", "10", "30", "40")]
    cards = [Published(rate_card_from_document({"currency": "USD", "operating": [line]})) for line in lines]
    monkeypatch.setattr("portal.needs.assessment_queries.published_cards", lambda: cards)


def begun(buyer: Actor, **given: object) -> SelfAssessment:
    found: SelfAssessment = in_scope(
        buyer, lambda: begin_assessment(buyer, {"title": "Canary heading", "currency": "USD"} | given)
    )
    return found


class TestWhoMay:
    @pytest.mark.parametrize("kind", ["buyer", "vendor"])
    def test_another_company_finds_nothing(
        self, buyer: Actor, make_client: Callable[[], FlaskClient], kind: str
    ) -> None:
        mine = begun(buyer)
        other = stranger_of(kind, make_client)
        for path in ("", "/edit"):
            assert other.get(f"/buyer/assessments/{mine.id}{path}").status_code == 404
        assert other.post(f"/buyer/assessments/{mine.id}/edit", data=NUMBERS).status_code == 404
        assert other.post(f"/buyer/assessments/{mine.id}/delete").status_code == 404
        assert other.get(f"/buyer/requirements/{make_published(buyer).id}/assessment").status_code == 404
        if kind == "buyer":
            assert "Canary heading" not in other.get("/buyer/assessments").text

    def test_a_requirement_of_another_company_cannot_be_hung_on(self, buyer: Actor) -> None:
        stranger = actor_for(make_person(other := make_company("buyer")), other)
        theirs = make_published(stranger)
        with pytest.raises(Invalid) as refused:
            begun(buyer, requirement_id=theirs.id)
        assert refused.value.field == "requirement_id"

    def test_a_viewer_reads_and_does_not_write(self, buyer: Actor, make_client: Callable[[], FlaskClient]) -> None:
        mine = begun(buyer)
        browser, viewer = make_client(), make_person()
        add_member(make_company_of(buyer), viewer, "viewer")
        sign_in(browser, viewer)
        page = browser.get(f"/buyer/assessments/{mine.id}").text
        assert "Canary heading" in page and "Go on answering" not in page
        assert browser.post(f"/buyer/assessments/{mine.id}/delete").status_code == 403
        assert browser.get(NEW).status_code == 403


class TestAnswering:
    def test_it_is_kept_unfinished_gone_on_with_and_deleted(self, client: FlaskClient, buyer: Actor) -> None:
        answer = send(client, NEW, title="Our service", currency="EUR")
        assert answer.status_code == 302, answer.text
        place = answer.location
        first = client.get(place).text
        assert "A picture, no decision." in first and "What the service costs you a month today" in first
        assert send(client, f"{place}/edit", **NUMBERS, **ANSWERS, note="Ask the works council.").status_code == 302
        page = client.get(place).text
        assert "Ask the works council." in page and "1 of 7 answers" in page and "50 of 100" in page
        assert "Ask your legal department" in page and "$30,000" in page
        assert "Our service" in client.get("/buyer/assessments").text
        with tenancy.scope(buyer.scope):
            query = select(audit.AuditEntry).where(audit.AuditEntry.tag.like("needs:assessment:%"))
            entries = db.session.scalars(query.order_by(audit.AuditEntry.created_at))
            assert [(one.tag.rpartition(":")[2], one.sealed) for one in entries] == [("begin", True), ("save", True)]
            db.session.rollback()
        assert client.post(f"{place}/delete").status_code == 302 and client.get(place).status_code == 404

    @pytest.mark.parametrize(
        ("field", "value", "words"),
        [
            ("title", "", "Write a title"),
            ("agents", "10001", "from 0 to 10,000"),
            ("aht_s", "0", "from 1 to 7,200"),
            ("languages", "51", "from 1 to 50"),
            ("own_month", "-1", "number"),
            ("own_month", "9" * 30, "large"),
            ("currency", "ZZZ", "valid choice"),
            ("mode", "both", "valid choice"),
            ("quality_truth", "certainly", "valid choice"),
            ("quality_weight", "9", "valid choice"),
            ("requirement_id", "nonsense", "Choose from the list"),
        ],
    )
    def test_nonsense_is_refused_at_its_field_and_keeps_nothing(
        self, client: FlaskClient, buyer: Actor, field: str, value: str, words: str
    ) -> None:
        answer = send(client, NEW, **{**NUMBERS, **ANSWERS, field: value})
        assert answer.status_code == 400 and words in answer.text and "error-summary" in answer.text
        with tenancy.scope(buyer.scope):
            assert list(assessments_for(buyer)) == []
            db.session.rollback()

    def test_the_second_of_two_editors_is_told(self, client: FlaskClient, buyer: Actor) -> None:
        mine = begun(buyer)
        given = {"title": "Other", "currency": "USD"}
        in_scope(buyer, lambda: save_assessment(buyer, mine, given, version=mine.version))
        assert client.post(f"/buyer/assessments/{mine.id}/edit", data={**NUMBERS, "version": "1"}).status_code == 409
        with tenancy.scope(buyer.scope):
            with pytest.raises(NotFound):
                assessment_for(buyer, make_requirement(buyer).id)
            db.session.rollback()


class TestPicture:
    def test_own_cost_against_published_prices(self, client: FlaskClient, buyer: Actor, five_cards: None) -> None:
        place = send(client, NEW, **NUMBERS, **ANSWERS).location
        page = client.get(place).text
        # A month in house is 30,000; outside 9,000, 10,000 and 30,000, and 2,000 stays.
        for figure in ("11,000", "12,000", "32,000", "+18,000", "−2,000", "never: a month saves nothing"):
            assert figure in page, figure
        assert "depends on the price: only bids can tell" in page

    def test_it_never_says_yes(self, client: FlaskClient, buyer: Actor, five_cards: None) -> None:
        pro = ("quality", "cost", "expertise", "flexibility", "core", "hiring", "reach")
        con = ("security", "communication", "fluctuation", "culture", "dependency", "continuity", "overrun", "legal")
        answers = {f"{name}_truth": "yes" for name in pro} | {f"{name}_truth": "no" for name in con}
        page = client.get(send(client, NEW, **{**NUMBERS, "own_month": "900000"}, **answers).location).text
        assert "100 of 100" in page and "A picture, no decision." in page and "not for a decision" in page
        assert "you should outsource:" in page and "Outsource now" not in page

    def test_too_few_cards_are_said_and_nothing_is_compared(self, client: FlaskClient, buyer: Actor) -> None:
        page = client.get(send(client, NEW, **NUMBERS).location).text
        assert "fewer than 5 say little" in page and "Your own cost against prices outside" not in page

    def test_few_statements(self, client: FlaskClient, buyer: Actor) -> None:
        place = send(client, NEW, **NUMBERS, requirement_id=str(make_requirement(buyer).id)).location
        client.get(place)
        for path in (place, f"{place}/edit", "/buyer/assessments"):
            with counted(db.engine) as statements:
                assert client.get(path).status_code == 200
            assert len(statements) <= 12, "\n".join(statements)


class TestBesideARequirement:
    def test_it_begins_with_what_the_requirement_tells_and_uses_its_cost(
        self, client: FlaskClient, buyer: Actor, five_cards: None
    ) -> None:
        draft = make_requirement(buyer)
        opened = client.get(f"/buyer/requirements/{draft.id}/assessment")
        assert opened.status_code == 302 and f"requirement={draft.id}" in opened.location
        form = client.get(opened.location).text
        assert 'value="24000"' in form and 'value="240"' in form
        place = send(client, opened.location).location
        page = client.get(place).text
        assert "£91,145" in page and "The cost in house is the requirement" in page
        assert client.get(f"/buyer/requirements/{draft.id}/assessment").location == place
        with tenancy.scope(buyer.scope):
            row = next(iter(assessments_for(buyer)))
            assert row.number == draft.number and Decimal(row.assessment.figures["contacts"]) == 24_000
            db.session.rollback()

    def test_a_requirement_has_one_at_most(self, buyer: Actor) -> None:
        draft = make_requirement(buyer)
        begun(buyer, requirement_id=draft.id)
        with pytest.raises(Invalid, match="already"):
            begun(buyer, requirement_id=draft.id)
