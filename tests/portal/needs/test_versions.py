"""Versions of a requirement: whole, immutable, and compared field by field."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import DBAPIError

from portal.accounts.actor import Actor
from portal.kit import tenancy
from portal.kit.db import Base, db
from portal.needs import content
from portal.needs.differences import differences, is_material
from portal.needs.models import Requirement
from portal.needs.states import Step
from portal.needs.version_models import RequirementVersion
from portal.needs.version_queries import versions_of
from portal.needs.version_words import ADDED_BY_REFINEMENT, FIELD_NAMES, UNSHOWN
from tests.factories.accounts import actor_for, execute, make_company, make_person
from tests.factories.needs import in_scope, make_published, make_requirement
from tests.factories.versions import amend, explain, now_of


@pytest.fixture
def buyer(app: object) -> Actor:
    company = make_company("buyer")
    return actor_for(make_person(company), company)


def stored(actor: Actor, requirement: Requirement) -> list[RequirementVersion]:
    def read() -> list[RequirementVersion]:
        found = list(versions_of(requirement))
        db.session.expunge_all()
        return found

    return in_scope(actor, read)


class TestContent:
    def test_every_table_that_points_at_a_requirement_is_content_or_said_not_to_be(self, app: object) -> None:
        """Name a new table in `content.PARTS`, so that versions, copies and amendments hold it, or in NOT_CONTENT."""
        pointing = {
            mapper.local_table.name
            for mapper in Base.registry.mappers
            if mapper.class_.__module__.startswith("portal.needs")
            and any(key.target_fullname == "requirements.id" for key in mapper.local_table.foreign_keys)
        }
        known = {part.model.__tablename__ for part in content.PARTS} | content.NOT_CONTENT | {"requirements"}
        assert pointing - known == set()

    def test_every_column_that_vendors_read_has_a_name_for_its_readers(self, app: object) -> None:
        """Add the column to `version_words.FIELD_NAMES`, or to UNSHOWN where another column says the same."""
        columns = {("requirement", name) for name in content.content_columns(Requirement)}
        for part in content.PARTS:
            if part.is_public:
                columns |= {(part.name, name) for name in content.content_columns(part.model)}
        columns.discard(("channels", "file_id"))
        assert columns - FIELD_NAMES.keys() - UNSHOWN == set()
        assert (FIELD_NAMES.keys() | UNSHOWN) - columns == ADDED_BY_REFINEMENT

    def test_the_database_guards_every_column_of_the_content(self, buyer: Actor) -> None:
        found = make_published(buyer)
        guarded = []
        kinds = {column.name: column for column in inspect(Requirement).local_table.columns}
        for name in content.content_columns(Requirement):
            other = "NULL" if kinds[name].nullable and getattr(found, name) is not None else _other(kinds[name])
            with tenancy.scope(buyer.scope):
                try:
                    db.session.execute(text(f"UPDATE requirements SET {name} = {other}"))
                except DBAPIError:
                    guarded.append(name)
                db.session.rollback()
        assert guarded == content.content_columns(Requirement)

    def test_a_version_holds_everything_and_its_digest(self, buyer: Actor) -> None:
        (one,) = stored(buyer, make_published(buyer))
        assert (one.number, one.kind, one.by_side) == (1, "published", "buyer")
        assert set(one.document) == {"requirement", "channels", "criteria", "knock_outs", "rules", "scenarios"}
        assert one.document["requirement"]["title"] == "Order and returns support"
        assert {row["channel"] for row in one.document["channels"]} == {"phone", "email"}
        assert [row["name"] for row in one.document["scenarios"]] == ["low", "base", "high"]
        assert one.sha256 == content.sha256_of(one.document)
        assert "budget" not in str(one.document)


def _other(column: object) -> str:
    kind = str(column.type).upper()  # type: ignore[attr-defined]
    if "JSON" in kind:
        return "'[\"x\"]'::jsonb"
    if "BOOL" in kind:
        return "NOT is_24x7"
    if "TIMESTAMP" in kind or "DATETIME" in kind:
        return "portal_now() + interval '90 days'"
    if "DATE" in kind:
        return "DATE '2199-01-01'"
    return "7" if "INT" in kind else "'by_hours'"


class TestImmutable:
    @pytest.mark.parametrize(
        "change", ["UPDATE requirement_versions SET note = 'x'", "DELETE FROM requirement_versions"]
    )
    def test_nobody_changes_a_stored_version(self, buyer: Actor, change: str) -> None:
        make_published(buyer)
        with pytest.raises(DBAPIError):
            execute(change)
        with tenancy.scope(buyer.scope), pytest.raises(DBAPIError):
            db.session.execute(text(change))
        db.session.rollback()

    def test_a_change_that_stores_no_version_is_not_kept(self, buyer: Actor) -> None:
        make_published(buyer)
        with pytest.raises(DBAPIError, match="was not stored"), tenancy.scope(buyer.scope):
            db.session.execute(text("UPDATE requirements SET title = 'Other', version_number = version_number + 1"))
            db.session.commit()
        db.session.rollback()

    def test_rows_are_sealed_again_once_the_version_is_stored(self, buyer: Actor) -> None:
        found = make_published(buyer)
        explain(buyer, found)
        with tenancy.scope(buyer.scope):
            statement = "UPDATE criteria SET weight = weight WHERE requirement_id = :id"
            assert db.session.execute(text(statement), {"id": found.id}).rowcount == 0
            db.session.rollback()

    def test_vendors_read_versions_and_another_buyer_does_not(self, buyer: Actor) -> None:
        found = make_published(buyer)
        explain(buyer, found)
        vendor, rival = (actor_for(make_person(one), one) for one in (make_company("vendor"), make_company("buyer")))
        assert [one.number for one in stored(vendor, found)] == [2, 1]
        assert stored(rival, found) == []

    def test_a_draft_has_none(self, buyer: Actor) -> None:
        assert stored(buyer, make_requirement(buyer)) == []


class TestDifferences:
    def test_fields_rows_and_forecast_are_told_apart(self, buyer: Actor) -> None:
        found = make_published(buyer)
        channels = [
            {"channel": "phone", "aht_s": 300, "concurrency": 1, "measured": True, "monthly": ["18000"]},
            {"channel": "chat", "aht_s": 420, "concurrency": 2, "measured": False, "monthly": ["900"]},
        ]
        targets = {"targets": {"phone": {"metric": "SL", "value": "80", "seconds": 20}}}
        targets["targets"]["chat"] = {"metric": "SL", "value": "80", "seconds": 60}
        from tests.factories.versions import begin, publish_copy, rewrite

        copy = begin(buyer, found)
        rewrite(buyer, copy, Step.CHANNELS, channels=channels)
        rewrite(buyer, copy, Step.TARGETS, **targets)
        publish_copy(buyer, copy)
        new, old = stored(buyer, found)
        told = {(one.part, one.row, one.field): one.kind for one in differences(old.document, new.document)}
        assert told[("channels", "chat", "")] == "added"
        assert told[("channels", "email", "")] == "dropped"
        assert told[("channels", "phone", "aht_s")] == "changed"
        assert told[("scenarios", "base", "sha256")] == "changed"
        assert ("requirement", "", "title") not in told
        versions = {row["version"] for row in new.document["scenarios"]}
        assert versions == {2}

    @pytest.mark.parametrize(
        ("field", "material"),
        [
            ("title", False), ("summary", False), ("goals", False), ("industry", False), ("deadline_at", False),
            ("start_on", True), ("validity_days", True), ("hours", True), ("a_field_of_tomorrow", True),
        ],
    )  # fmt: skip
    def test_what_is_priced_judged_or_dated_is_material(self, field: str, material: bool) -> None:
        changes = differences({"requirement": {field: "a"}}, {"requirement": {field: "b"}})
        assert is_material(changes) is material

    @given(
        st.dictionaries(st.sampled_from("abcd"), st.none() | st.integers() | st.text(max_size=2) | st.just([])),
        st.dictionaries(st.sampled_from("abcd"), st.none() | st.integers() | st.text(max_size=2) | st.just([])),
    )
    def test_two_versions_differ_both_ways_by_the_same_fields(self, old: dict, new: dict) -> None:
        there = differences({"requirement": old}, {"requirement": new})
        back = differences({"requirement": new}, {"requirement": old})
        assert {
            (c.field, c.old, c.new) for c in there if not isinstance(c.old, list) and not isinstance(c.new, list)
        } == {(c.field, c.new, c.old) for c in back if not isinstance(c.old, list) and not isinstance(c.new, list)}
        assert differences({"requirement": old}, {"requirement": old}) == []

    def test_a_dropped_criterion_keeps_its_row_and_returns_to_it(self, buyer: Actor) -> None:
        found = make_published(buyer)
        rows = "SELECT code, id, dropped_at IS NULL AS live FROM criteria WHERE requirement_id = :id ORDER BY code"
        before = execute(rows, id=found.id)
        criteria = [
            {"code": "quality", "title": "Quality", "weight": 60, "kind": "quality"},
            {"code": "cost", "title": "Cost", "weight": 40, "kind": "price"},
        ]
        amend(buyer, found, Step.CRITERIA, criteria=criteria)
        after = execute(rows, id=found.id)
        assert [(row.code, row.id) for row in before] == [(row.code, row.id) for row in after]
        assert {row.code for row in after if row.live} == {"quality", "cost"}
        criteria[0]["weight"] = 40
        criteria.append({"code": "security", "title": "Security", "weight": 20, "kind": "quality"})
        amend(buyer, found, Step.CRITERIA, criteria=criteria)
        assert {row.code for row in execute(rows, id=found.id) if row.live} == {"quality", "cost", "security"}
        assert now_of(buyer, found).version_number == 3
        kinds = in_scope(buyer, lambda: list(db.session.scalars(select(RequirementVersion.kind))))
        assert sorted(kinds) == ["amended", "amended", "published"]
