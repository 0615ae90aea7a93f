"""Changing must-haves and the rules of the ranking once published: with the next version, and not otherwise."""

from typing import Any

import pytest

from portal.accounts.actor import Actor
from portal.kit import tenancy
from portal.kit.db import db
from portal.kit.errors import Invalid
from portal.needs.differences import differences
from portal.needs.models import Requirement
from portal.needs.queries import evaluation_of, knock_outs_of
from portal.needs.states import Step
from portal.needs.version_queries import last_version_of
from portal.pricing.price_score import PriceFormula
from tests.factories.accounts import actor_for, execute, make_company, make_person
from tests.factories.needs import in_scope, judged_by, make_published, make_requirement, publish
from tests.factories.versions import amend, begin, now_of, publish_copy, rewrite


@pytest.fixture
def buyer(app: object) -> Actor:
    company = make_company("buyer")
    return actor_for(make_person(company), company)


def judged(buyer: Actor, found: Requirement) -> tuple[list[str], PriceFormula]:
    def read() -> tuple[list[str], PriceFormula]:
        return [one.title for one in knock_outs_of(found)], evaluation_of(found).formula

    return in_scope(buyer, read)


def said(found: Requirement, buyer: Actor) -> dict[str, Any]:
    return in_scope(buyer, lambda: last_version_of(found).document)


def test_must_haves_and_rules_come_with_the_next_version_which_is_material(buyer: Actor) -> None:
    found = publish(buyer, make_requirement(buyer, evaluation=judged_by("Insured", "Certified", formula="relative")))
    before = said(found, buyer)
    wanted = judged_by("Certified", "Solvent", formula="linear")
    version = amend(buyer, found, Step.CRITERIA, knock_outs=wanted["knock_outs"], rules=wanted["rules"])
    assert version.is_material and version.number == 2
    assert judged(buyer, found) == (["Certified", "Solvent"], PriceFormula.LINEAR)
    changes = {(one.part, one.row, one.field) for one in differences(before, version.document)}
    assert {
        ("rules", "", "formula"),
        ("knock_outs", "Insured", ""),
        ("knock_outs", "Solvent", ""),
    } <= changes


def test_a_dropped_must_have_keeps_its_row_and_may_come_back(buyer: Actor) -> None:
    found = publish(buyer, make_requirement(buyer, evaluation=judged_by("Insured", "Certified")))
    (kept,) = execute("SELECT id FROM knock_outs WHERE requirement_id = :id AND title = 'Insured'", id=found.id)
    amend(buyer, found, Step.CRITERIA, knock_outs=judged_by("Certified")["knock_outs"])
    (row,) = execute("SELECT dropped_at FROM knock_outs WHERE id = :id", id=kept.id)
    assert row.dropped_at is not None
    amend(buyer, found, Step.CRITERIA, knock_outs=judged_by("Certified", "Insured")["knock_outs"])
    (row,) = execute("SELECT dropped_at FROM knock_outs WHERE id = :id", id=kept.id)
    assert row.dropped_at is None and judged(buyer, found)[0] == ["Certified", "Insured"]


def test_the_usual_rules_written_down_are_no_change(buyer: Actor) -> None:
    found = make_published(buyer)
    execute("DELETE FROM evaluation_rules WHERE requirement_id = :id", id=found.id)
    copy = rewrite(buyer, begin(buyer, found), Step.CRITERIA)
    with pytest.raises(Invalid, match="Nothing differs"):
        publish_copy(buyer, copy)


def test_once_the_version_is_stored_no_statement_changes_them(buyer: Actor) -> None:
    found = publish(buyer, make_requirement(buyer, evaluation=judged_by("Insured", formula="linear")))
    amend(buyer, now_of(buyer, found))
    for statement in ("UPDATE knock_outs SET title = 'X'", "UPDATE evaluation_rules SET formula = 'rank'"):
        with tenancy.scope(buyer.scope):
            assert (
                db.session.execute(db.text(f"{statement} WHERE requirement_id = :id"), {"id": found.id}).rowcount == 0
            )
            db.session.rollback()
