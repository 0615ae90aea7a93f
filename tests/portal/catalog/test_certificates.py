"""Certificates: told, documented, verified by staff, reminded of, and gone at midnight where the vendor is."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from portal.accounts.actor import Actor
from portal.catalog import directory
from portal.catalog.actions.certificates import add_certificate, edit_certificate, remove_certificate
from portal.catalog.actions.verify import refuse_certificate, verify_certificate
from portal.catalog.certificate_files import MAX_BYTES, check_document
from portal.catalog.profile_queries import certificate_for, document_of
from portal.kit import clock, tenancy
from portal.kit.db import db
from portal.kit.errors import Conflict, Forbidden, Invalid, NotFound, StaleVersion
from tests.factories.accounts import MadePerson, actor_for, add_member, execute, make_person
from tests.factories.catalog import MadeVendor, make_live_service, make_live_vendor, make_moderator, make_vendor
from tests.factories.mails import sent_mails
from tests.factories.profiles import (
    JPEG,
    PDF,
    PNG,
    at,
    certificate_values,
    days_ahead,
    doing,
    make_certificate,
    today,
)

pytestmark = pytest.mark.usefixtures("app")


def shown(vendor: MadeVendor) -> tuple[list[dict[str, object]], list[str]]:
    """The certificates on the public page, and the facets about them."""
    (row,) = execute("SELECT profile, facets FROM directory_entries WHERE vendor_id = :id", id=vendor.company.id)
    return row.profile["certificates"], [facet for facet in row.facets if facet.startswith("s")]


def notices(vendor: MadeVendor) -> list[str]:
    rows = execute("SELECT kind FROM notifications WHERE company_id = :id ORDER BY id", id=vendor.company.id)
    return [row.kind for row in rows if row.kind.startswith("catalog.")]


def tags(vendor: MadeVendor) -> list[str]:
    rows = execute(
        "SELECT tag FROM audit_entries WHERE company_id = :id AND tag LIKE 'catalog:certificate%' ORDER BY id",
        id=vendor.company.id,
    )
    return [row.tag for row in rows]


def version_of(certificate_id: object) -> int:
    return int(execute("SELECT version FROM certificates WHERE id = :id", id=certificate_id)[0].version)


class TestDocuments:
    @pytest.mark.parametrize(
        ("content", "name", "kind"),
        [(PDF, "iso.PDF", "application/pdf"), (PNG, "a.b.png", "image/png"), (JPEG, "scan.jpeg", "image/jpeg")],
    )
    def test_what_is_taken(self, content: bytes, name: str, kind: str) -> None:
        assert check_document(content, name).content_type == kind

    @pytest.mark.parametrize(
        ("content", "name", "words"),
        [
            (b"", "iso.pdf", "empty"),
            (b"<html><script>alert(1)</script>", "iso.pdf", "no PDF"),
            (b"PK\x03\x04" + bytes(64), "iso.pdf", "no PDF"),
            (PNG, "iso.pdf", "does not fit"),
            (PDF, "iso.pdf.exe", "does not fit"),
            (PDF, "pdf", "does not fit"),
            (PDF, ".pdf", "does not fit"),
            (PDF + bytes(MAX_BYTES), "iso.pdf", "10 MB"),
        ],
    )
    def test_what_is_refused(self, content: bytes, name: str, words: str) -> None:
        with pytest.raises(Invalid, match=words) as refusal:
            check_document(content, name)
        assert refusal.value.field == "file"

    @pytest.mark.parametrize("name", ["../../etc/iso.pdf", "C:\\Users\\x\\iso.pdf", "i\u202eso\r\n.pdf", "i\x00so.pdf"])
    def test_a_hostile_name_loses_its_sting(self, name: str) -> None:
        found = check_document(PDF, name).name
        assert found.endswith(".pdf") and not set(found) & set("/\\\r\n\x00\u202e")


class TestAdd:
    def test_a_viewer_may_not(self) -> None:
        vendor = make_vendor()
        viewer = actor_for(make_person(vendor.company, "viewer"), vendor.company)
        values = certificate_values(days_ahead(9))
        with pytest.raises(Forbidden):
            doing(viewer, lambda: add_certificate(viewer, values=values))

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"code": "iso1"}, "code"),
            ({"code": "other"}, "name"),
            ({"valid_to": None}, "valid_to"),
            ({"valid_to": date(2020, 1, 1)}, "valid_to"),
            ({"valid_to": date(2300, 1, 1)}, "valid_to"),
            ({"scope": "x" * 201}, "scope"),
        ],
    )
    def test_what_is_wrong_is_said_at_its_field(self, changes: dict[str, object], field: str) -> None:
        vendor = make_vendor()
        values = certificate_values(days_ahead(9)) | changes
        with pytest.raises(Invalid) as refusal:
            doing(vendor.actor, lambda: add_certificate(vendor.actor, values=values))
        assert refusal.value.field == field

    def test_it_is_shown_as_self_declared_without_its_number(self) -> None:
        vendor = make_live_vendor("Kestrelway Contact")
        make_certificate(vendor, days_ahead(400), document=False)
        certificates, facets = shown(vendor)
        assert [one["is_verified"] for one in certificates] == [False] and facets == ["s:iso27001"]
        (row,) = execute("SELECT to_jsonb(d)::text AS entry FROM directory_entries d")
        assert "SECRET-4711" not in row.entry
        assert tags(vendor) == ["catalog:certificate:add"]

    def test_one_of_another_kind_gives_no_facet(self) -> None:
        vendor = make_live_vendor("Kestrelway Contact")
        make_certificate(vendor, days_ahead(400), code="other", name="Fair Work")
        assert shown(vendor)[1] == []

    def test_the_database_lets_no_vendor_say_verified(self) -> None:
        vendor = make_vendor()
        certificate_id = make_certificate(vendor, days_ahead(9))
        with tenancy.scope(vendor.actor.scope), pytest.raises(DBAPIError):
            db.session.execute(
                text("UPDATE certificates SET state = 'verified' WHERE id = :id"), {"id": certificate_id}
            )
        db.session.rollback()


class TestVerify:
    def test_no_vendor_may_and_no_member_of_staff_who_belongs_to_it(self) -> None:
        vendor, moderator = make_vendor(), make_moderator()
        certificate_id = make_certificate(vendor, days_ahead(400))
        assert moderator.person_id is not None
        add_member(vendor.company, MadePerson(moderator.person_id, "", "", "en", "UTC"), "viewer")
        version, day = version_of(certificate_id), days_ahead(9)

        def verify(actor: Actor) -> object:
            return doing(actor, lambda: verify_certificate(actor, certificate_id, valid_to=day, version=version).id)

        for actor in (vendor.actor, moderator):
            with pytest.raises(Forbidden):
                verify(actor)

    def test_staff_never_see_one_without_a_document(self) -> None:
        vendor, moderator, day = make_vendor(), make_moderator(), days_ahead(400)
        certificate_id = make_certificate(vendor, day, document=False)
        with pytest.raises(NotFound):
            doing(moderator, lambda: verify_certificate(moderator, certificate_id, valid_to=day, version=1))

    def test_the_last_day_is_that_of_the_document(self) -> None:
        vendor, moderator = make_live_vendor("Kestrelway Contact"), make_moderator()
        certificate_id = make_certificate(vendor, days_ahead(400))
        version, right, over = version_of(certificate_id), days_ahead(300), days_ahead(-2)
        with pytest.raises(Invalid):
            doing(moderator, lambda: verify_certificate(moderator, certificate_id, valid_to=over, version=version))
        with pytest.raises(StaleVersion):
            doing(moderator, lambda: verify_certificate(moderator, certificate_id, valid_to=right, version=version + 1))
        doing(moderator, lambda: verify_certificate(moderator, certificate_id, valid_to=right, version=version).id)
        certificates, facets = shown(vendor)
        assert certificates[0]["is_verified"] and certificates[0]["valid_to"] == right.isoformat()
        assert facets == ["s:iso27001", "sv:iso27001"]
        assert notices(vendor) == ["catalog.certificate.verified"]
        assert tags(vendor)[-1] == "catalog:certificate:verify"
        with pytest.raises(Conflict):
            doing(moderator, lambda: verify_certificate(moderator, certificate_id, valid_to=right, version=version + 1))

    def test_a_refused_document_leaves_the_vendors_word(self) -> None:
        vendor, moderator = make_live_vendor("Kestrelway Contact"), make_moderator()
        certificate_id = make_certificate(vendor, days_ahead(400))
        version = version_of(certificate_id)

        def refuse(reason: str) -> object:
            return doing(
                moderator, lambda: refuse_certificate(moderator, certificate_id, reason=reason, version=version).id
            )

        with pytest.raises(Invalid):
            refuse(" ")
        refuse("The number differs.")
        (row,) = execute("SELECT state, refusal FROM certificates")
        assert (row.state, row.refusal) == ("self_declared", "The number differs.")
        assert shown(vendor)[1] == ["s:iso27001"]
        assert notices(vendor) == ["catalog.certificate.refused"]

    def test_staff_read_the_document_and_other_vendors_do_not(self) -> None:
        vendor, other, moderator = make_vendor(), make_vendor(), make_moderator()
        certificate_id = make_certificate(vendor, days_ahead(400))
        with pytest.raises(NotFound):
            doing(other.actor, lambda: certificate_for(other.actor, certificate_id))
        with tenancy.scope(moderator.scope):
            assert db.session.execute(text("SELECT count(*) FROM stored_files")).scalar_one() == 1
            db.session.rollback()
        with tenancy.scope(other.actor.scope):
            assert db.session.execute(text("SELECT count(*) FROM stored_files")).scalar_one() == 0
            db.session.rollback()
        with tenancy.scope(vendor.actor.scope):
            assert document_of(certificate_for(vendor.actor, certificate_id)).name == "iso.pdf"
            db.session.rollback()


class TestEditAndRemove:
    def test_a_change_of_what_was_verified_asks_for_a_new_look(self) -> None:
        vendor, day = make_live_vendor("Kestrelway Contact"), days_ahead(400)
        certificate_id = make_certificate(vendor, day, moderator=make_moderator())

        def edit(**changes: object) -> None:
            version = version_of(certificate_id)
            values = certificate_values(day) | changes
            doing(
                vendor.actor,
                lambda: (
                    edit_certificate(vendor.actor, certificate_id, values=values, document=None, version=version).id
                ),
            )

        edit()
        assert shown(vendor)[1] == ["s:iso27001", "sv:iso27001"]
        edit(number="another")
        assert shown(vendor)[1] == ["s:iso27001"]
        assert execute("SELECT state FROM certificates")[0].state == "uploaded"

    def test_it_goes_with_its_papers(self) -> None:
        vendor = make_live_vendor("Kestrelway Contact")
        certificate_id = make_certificate(vendor, days_ahead(400))
        version = version_of(certificate_id)
        doing(vendor.actor, lambda: remove_certificate(vendor.actor, certificate_id, version=version))
        assert shown(vendor) == ([], [])
        assert execute("SELECT count(*) AS n FROM certificate_papers")[0].n == 0
        assert tags(vendor)[-1] == "catalog:certificate:remove"


@pytest.mark.parametrize("zone", ["Asia/Taipei", "America/Los_Angeles"])
class TestTheLastDay:
    def vendor(self, zone: str) -> MadeVendor:
        vendor = make_vendor("Far Desk", timezone=zone)
        make_live_service(vendor)
        return vendor

    def test_it_drops_out_at_midnight_where_the_vendor_is(self, app: Flask, zone: str) -> None:
        vendor, last = self.vendor(zone), days_ahead(20)
        make_certificate(vendor, last, moderator=make_moderator())
        midnight = datetime.combine(last + timedelta(days=1), datetime.min.time(), ZoneInfo(zone)).astimezone(UTC)
        try:
            at(midnight - timedelta(minutes=1))
            assert shown(vendor)[1] == ["s:iso27001", "sv:iso27001"]
            at(midnight + timedelta(seconds=1))
            assert shown(vendor) == ([], [])
            with tenancy.scope(tenancy.PUBLIC):
                assert directory.faults() == [] and directory.due() == []
                db.session.rollback()
            assert execute("SELECT count(*) AS n FROM directory_counts WHERE facet LIKE 's%' AND count > 0")[0].n == 0
        finally:
            clock.reset()

    def test_reminders_come_at_60_30_and_7_days_and_when_it_is_over_each_once(self, app: Flask, zone: str) -> None:
        vendor, last = self.vendor(zone), days_ahead(100)
        make_certificate(vendor, last)
        noon = datetime.combine(last, datetime.min.time(), ZoneInfo(zone)) + timedelta(hours=12)
        seen = []
        try:
            for days in (61, 60, 59, 31, 30, 8, 7, 6, 0, -1, -2):
                at(noon - timedelta(days=days))
                at(noon - timedelta(days=days))
                seen.append(len(notices(vendor)))
        finally:
            clock.reset()
        assert seen == [0, 1, 1, 1, 2, 2, 3, 3, 3, 4, 4]
        assert notices(vendor) == ["catalog.certificate.expiring"] * 3 + ["catalog.certificate.expired"]


class TestReminders:
    def test_they_are_mailed_too(self, app: Flask) -> None:
        vendor = make_vendor("Kestrelway Contact")
        make_certificate(vendor, days_ahead(6))
        at(datetime.now(UTC))
        mails = sent_mails(app)
        assert ["ISO/IEC 27001 is valid until" in mail["Subject"] for mail in mails] == [True]
        assert mails[0]["To"] == vendor.person.email

    def test_one_that_is_told_late_brings_one_reminder_and_a_new_last_day_new_ones(self) -> None:
        vendor = make_vendor("Kestrelway Contact")
        certificate_id = make_certificate(vendor, days_ahead(6))
        try:
            at(datetime.now(UTC))
            assert notices(vendor) == ["catalog.certificate.expiring"]
            version, later = version_of(certificate_id), days_ahead(50)
            doing(
                vendor.actor,
                lambda: (
                    edit_certificate(
                        vendor.actor, certificate_id, values=certificate_values(later), document=None, version=version
                    ).id
                ),
            )
            at(datetime.now(UTC))
            assert notices(vendor) == ["catalog.certificate.expiring"] * 2
        finally:
            clock.reset()
        assert today() < later
