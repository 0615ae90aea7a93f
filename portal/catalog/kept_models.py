"""What buyers keep of the directory: vendors on their company's shortlist, and searches that are repeated for a person.

A kept vendor is remembered by name and address as well, because the directory forgets whoever leaves it.
"""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.kit.db import Base, Identified, Stamped, Versioned


class ShortlistEntry(Identified, Stamped, Versioned, Base):
    """A vendor that a buyer company keeps, with a note for its own members."""

    __tablename__ = "shortlist_entries"
    __tenant__ = ("company_id",)

    company_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("companies.id"))
    vendor_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("companies.id"))
    vendor_name: Mapped[str]
    person_name: Mapped[str]
    note: Mapped[str] = mapped_column(default="")

    # Two members who keep one vendor at the same moment keep it once.
    __table_args__ = (UniqueConstraint("company_id", "vendor_id", name="uq_shortlist_entries_company_id"),)


class SavedSearch(Identified, Stamped, Versioned, Base):
    """A search of the directory that one person repeats, in one company.

    `query` is the search as `Wanted.query` writes it. With `by_mail` the person is told of vendors that newly fit. A
    search that fits too many to remember (`is_broad`) tells only of those listed after `watched_from`.
    """

    __tablename__ = "saved_searches"
    __tenant__ = ("company_id",)

    company_id: Mapped[uuid.UUID]
    person_id: Mapped[uuid.UUID]
    name: Mapped[str]
    query: Mapped[str]
    by_mail: Mapped[bool]
    is_broad: Mapped[bool] = mapped_column(default=False)
    watched_from: Mapped[datetime] = mapped_column(server_default=text("portal_now()"))
    looked_at: Mapped[datetime] = mapped_column(server_default=text("portal_now()"))

    __table_args__ = (
        UniqueConstraint("company_id", "person_id", "name", name="uq_saved_searches_company_id_name"),
        UniqueConstraint("company_id", "person_id", "query", name="uq_saved_searches_company_id_query"),
        UniqueConstraint("id", "company_id", "person_id", name="uq_saved_searches_id"),
        # Whoever leaves the company leaves their searches too, and is told nothing more.
        ForeignKeyConstraint(
            ["company_id", "person_id"],
            ["memberships.company_id", "memberships.person_id"],
            name="fk_saved_searches_company_id",
            ondelete="CASCADE",
        ),
    )


class SearchedVendor(Base):
    """That a saved search has met a vendor: it was there from the start, or its person was told (`told_at`)."""

    __tablename__ = "searched_vendors"
    __tenant__ = ("company_id",)

    search_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    vendor_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    company_id: Mapped[uuid.UUID]
    person_id: Mapped[uuid.UUID]
    told_at: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(
            ["search_id", "company_id", "person_id"],
            ["saved_searches.id", "saved_searches.company_id", "saved_searches.person_id"],
            name="fk_searched_vendors_search_id",
            ondelete="CASCADE",
        ),
    )
