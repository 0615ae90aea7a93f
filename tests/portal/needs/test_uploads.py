"""Uploads that nobody took over: their rows and bytes go after a week, and nothing else with them."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.accounts.actor import Actor
from portal.kit import audit, clock, files, tenancy
from portal.kit.db import db
from portal.kit.files import StoredFile
from portal.needs.actions import import_volumes, keep_volume_file, save_patterns
from portal.needs.jobs import delete_expired_uploads
from portal.needs.models import Requirement, RequirementChannel
from portal.needs.private_models import VolumeUpload
from portal.needs.queries import channel_of
from portal.needs.uploads import UPLOAD_WAITS
from tests.blueprints.buyer.test_requirements import reload
from tests.factories.accounts import actor_for, make_company, make_person
from tests.factories.needs import in_scope, make_requirement
from tests.portal.needs.interval_files import interval_file

FILE = interval_file(first="2026-02-10", days=80, minutes=30)
LATER = UPLOAD_WAITS + timedelta(hours=1)


@pytest.fixture
def buyer(app: object) -> Actor:
    company = make_company("buyer")
    return actor_for(make_person(company), company)


def upload(actor: Actor, draft: Requirement) -> StoredFile:
    kept: StoredFile = in_scope(
        actor, lambda: keep_volume_file(actor, draft, content=FILE, name="calls.csv", channel="phone")
    )
    return kept


def take(actor: Actor, draft: Requirement, file: StoredFile) -> None:
    now = reload(actor, draft)
    in_scope(actor, lambda: import_volumes(actor, now, "phone", file, version=now.version) and None)


def are_there(actor: Actor, file: StoredFile) -> tuple[bool, bool]:
    """Whether the row and the bytes of a file are there."""
    with tenancy.scope(actor.scope):
        row = db.session.scalar(select(StoredFile).where(StoredFile.id == file.id))
        marks = db.session.scalars(select(VolumeUpload.file_id)).all()
        db.session.rollback()
    assert (row is not None) is (file.id in marks)
    try:
        return row is not None, bool(files.read(file))
    except FileNotFoundError:
        return row is not None, False


class TestExpiredUploads:
    def test_a_young_one_and_the_file_of_a_channel_stay(self, buyer: Actor) -> None:
        draft = make_requirement(buyer)
        used = upload(buyer, draft)
        take(buyer, draft, used)
        delete_expired_uploads()
        assert are_there(buyer, used) == (True, True)
        clock.move_to(used.created_at + LATER)
        young = upload(buyer, draft)
        delete_expired_uploads()
        assert are_there(buyer, used) == are_there(buyer, young) == (True, True)

    def test_an_old_one_goes_with_its_bytes_and_is_recorded(self, buyer: Actor) -> None:
        kept = upload(buyer, make_requirement(buyer))
        clock.move_to(kept.created_at + LATER)
        delete_expired_uploads()
        delete_expired_uploads()
        assert are_there(buyer, kept) == (False, False)
        with tenancy.scope(buyer.scope):
            tags = list(db.session.scalars(select(audit.AuditEntry.tag)))
            db.session.rollback()
        assert tags.count("needs:requirement:delete_upload") == 1

    def test_bytes_that_another_company_uploaded_too_stay(self, buyer: Actor) -> None:
        mine = upload(buyer, make_requirement(buyer))
        clock.move_to(mine.created_at + LATER)
        other = actor_for(make_person(company := make_company("buyer")), company)
        theirs = upload(other, make_requirement(other))
        delete_expired_uploads()
        assert are_there(buyer, mine)[0] is False and are_there(other, theirs) == (True, True)

    def test_nobody_deletes_another_companys_or_a_file_that_is_no_upload(self, buyer: Actor) -> None:
        mine = upload(buyer, make_requirement(buyer))
        paper = in_scope(
            buyer,
            lambda: files.put(buyer, b"x", name="a.txt", content_type="text/plain", buyer_id=buyer.company_id),
        )
        other = actor_for(make_person(company := make_company("buyer")), company)
        for actor, file in ((other, mine), (buyer, paper)):
            with tenancy.scope(actor.scope):
                gone = db.session.execute(StoredFile.__table__.delete().where(StoredFile.id == file.id))
                assert gone.rowcount == 0
                db.session.rollback()


class TestSeasons:
    def seasons_of(self, buyer: Actor, draft: Requirement) -> tuple[RequirementChannel, list[float]]:
        with tenancy.scope(buyer.scope):
            row = channel_of(draft, "phone")
            db.session.expunge(row)
            db.session.rollback()
        return row, [float(one) for one in row.monthly]

    def test_typed_ones_fill_the_months_that_the_file_does_not_cover(self, buyer: Actor) -> None:
        draft = make_requirement(buyer)
        take(buyer, draft, upload(buyer, draft))
        _row, before = self.seasons_of(buyer, draft)
        typed = ["1"] * 11 + ["2"]
        now = reload(buyer, draft)
        in_scope(
            buyer,
            lambda: (
                save_patterns(buyer, now, "phone", weekdays=[], hours=[], seasons=typed, version=now.version) and None
            ),
        )
        row, after = self.seasons_of(buyer, draft)
        assert row.seasons == typed and after[2:4] == before[2:4]  # March and April are the file's
        mean = (before[2] + before[3]) / 2
        assert after[0] == pytest.approx(mean) and after[11] == pytest.approx(2 * mean)
        again = reload(buyer, draft)
        in_scope(
            buyer, lambda: save_patterns(buyer, again, "phone", weekdays=[], hours=[], version=again.version) and None
        )
        assert self.seasons_of(buyer, draft)[1] == before
