"""Tables of messaging: notices of one person each, and threads that two companies share."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.kit.db import Base, Identified, Stamped, state_check
from portal.messaging.kinds import is_known, kind_of


class ThreadSubject(StrEnum):
    """What two companies may write to each other about. A bid is none of it: before the opening there is no thread."""

    AGREEMENT = "agreement"


class Notification(Identified, Stamped, Base):
    """One thing one person is told in one company. `batch` holds together what one act told several people."""

    __tablename__ = "notifications"
    __tenant__ = ("company_id",)

    company_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("companies.id"))
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
    batch: Mapped[uuid.UUID]
    kind: Mapped[str]
    params: Mapped[dict[str, Any]]
    read_at: Mapped[datetime | None]
    mailed_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_notifications_person_id", "person_id", "company_id", "id"),
        Index("ix_notifications_unread", "person_id", "company_id", postgresql_where=text("read_at IS NULL")),
        Index("ix_notifications_batch", "batch"),
    )

    @property
    def words(self) -> str:
        """The notice in the reader's language."""
        return kind_of(self.kind).words(self.params) if is_known(self.kind) else self.kind

    @property
    def path(self) -> str:
        """Where the notice leads."""
        return kind_of(self.kind).address(self.params) if is_known(self.kind) else "/notifications"


class NotificationPreference(Base):
    """Whether a person wants mail about notices; without a row they do."""

    __tablename__ = "notification_preferences"

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"), primary_key=True)
    by_mail: Mapped[bool]


class Thread(Identified, Stamped, Base):
    """The one conversation of two companies about one subject."""

    __tablename__ = "threads"
    __tenant__ = ("buyer_id", "vendor_id")

    subject_kind: Mapped[str]
    subject_id: Mapped[uuid.UUID]
    buyer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("companies.id"))
    vendor_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("companies.id"))
    title: Mapped[str] = mapped_column(default="")
    last_at: Mapped[datetime | None]

    __table_args__ = (
        state_check(ThreadSubject, "subject_kind"),
        UniqueConstraint("subject_kind", "subject_id", name="uq_threads_subject_kind"),
        UniqueConstraint("id", "buyer_id", "vendor_id", name="uq_threads_id"),
    )

    def partner_of(self, company_id: uuid.UUID | None) -> uuid.UUID:
        """The other company."""
        return self.vendor_id if company_id == self.buyer_id else self.buyer_id

    @property
    def subject_path(self) -> str:
        """The page of what the thread is about."""
        return f"/agreements/{self.subject_id}"


class Message(Identified, Stamped, Base):
    """One message of one side; written once, never changed."""

    __tablename__ = "messages"
    __tenant__ = ("buyer_id", "vendor_id")

    thread_id: Mapped[uuid.UUID]
    buyer_id: Mapped[uuid.UUID]
    vendor_id: Mapped[uuid.UUID]
    company_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("companies.id"))
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    person_name: Mapped[str]
    body: Mapped[str]

    __table_args__ = (
        ForeignKeyConstraint(
            ["thread_id", "buyer_id", "vendor_id"],
            ["threads.id", "threads.buyer_id", "threads.vendor_id"],
            name="fk_messages_thread_id",
        ),
        Index("ix_messages_thread_id", "thread_id", "id"),
    )
