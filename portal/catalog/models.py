"""Tables of the catalog: profiles and services of vendors, and what of them is public."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from portal.catalog.states import EDITABLE, PUBLISHED_BEFORE, ServiceChangeState, ServiceState
from portal.kit.db import Base, Identified, Stamped, Versioned, state_check

TextArray = ARRAY(Text)

SERVICE_TEXTS = ("title", "summary", "description")
SERVICE_LISTS = ("modes", "channels", "languages", "industries", "countries")
SERVICE_FIGURES = ("minimum_agents", "minimum_months", "lead_days")
SERVICE_FIELDS = (*SERVICE_TEXTS, *SERVICE_LISTS, "hours", "timezone", *SERVICE_FIGURES, "rate_card_id")
"""What a vendor writes about a service and a moderator checks."""


class VendorProfile(Versioned, Base):
    """What a vendor says about itself; shown beside its services as soon as one is live."""

    __tablename__ = "vendor_profiles"
    __tenant__ = ("company_id",)

    company_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("companies.id"), primary_key=True)
    headline: Mapped[str] = mapped_column(default="")
    description: Mapped[str] = mapped_column(default="")
    website: Mapped[str] = mapped_column(default="")
    legal_name: Mapped[str] = mapped_column(default="")
    trading_name: Mapped[str] = mapped_column(default="")
    founded: Mapped[int | None]
    ownership: Mapped[str] = mapped_column(default="")
    turnover: Mapped[str] = mapped_column(default="")
    credit_rating: Mapped[str] = mapped_column(default="")
    employees: Mapped[int | None]
    agents: Mapped[int | None]
    seats_free: Mapped[int | None]
    ramp_per_month: Mapped[int | None]
    # [{"city": "Kraków", "country": "PL", "timezone": "Europe/Warsaw", "seats": 320, "home_percent": 40,
    #   "pair": "Porto"}]; `pair` is the site that takes over when this one cannot work.
    sites: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    is_always_open: Mapped[bool] = mapped_column(default=False)
    # [{"code": "de", "days": "weekdays", "start": "08:00", "end": "20:00"}] in `hours_timezone`; code "" is every
    # language that has no row of its own.
    hours: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    hours_timezone: Mapped[str] = mapped_column(default="UTC")
    # [{"channel": "phone", "volume": 1200000}], contacts a year
    channel_volumes: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    # [{"code": "de", "level": "C1", "agents": 40, "site": "Kraków"}]
    languages: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    # The industries of `experience`, or those that were chosen without more words.
    industries: Mapped[list[str]] = mapped_column(JSONB, default=list)
    # [{"industry": "retail", "years": 8, "clients": "Two fashion chains", "largest": 120}]
    experience: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    service_types: Mapped[list[str]] = mapped_column(JSONB, default=list)
    modes: Mapped[list[str]] = mapped_column(JSONB, default=list)
    agent_models: Mapped[list[str]] = mapped_column(JSONB, default=list)
    minimum_agents: Mapped[int | None]
    minimum_months: Mapped[int | None]
    lead_days: Mapped[int | None]
    # {"acd": "Name of the product", …}
    systems: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    technology: Mapped[list[str]] = mapped_column(JSONB, default=list)
    # {"samples", "rhythm", "curriculum", "initial_hours", "product_hours", "soft_hours", "attrition",
    #  "agents_per_leader", "agents_per_auditor"}; attrition in percent a year, as decimal text
    quality: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    # {"has_dpo", "pen_test_on", "insurance_amount", "insurance_currency", "incidents"}
    security: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    # {"sites": 7}: the version with which a field was last changed, so that two people at two sections do not collide
    field_versions: Mapped[dict[str, int]] = mapped_column(JSONB, default=dict)


class Service(Identified, Stamped, Versioned, Base):
    """Something a vendor offers. Its columns are the vendor's working copy.

    `submitted` is the copy a moderator looks at, `live` the copy the public sees; both are snapshots that hold the
    rate card's document, so that nothing published changes unseen. `reasons` is what a moderator asked to mend, by
    field.
    """

    __tablename__ = "services"
    __tenant__ = ("company_id",)

    company_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("companies.id"), index=True)
    slug: Mapped[str]
    title: Mapped[str]
    summary: Mapped[str] = mapped_column(default="")
    description: Mapped[str] = mapped_column(default="")
    modes: Mapped[list[str]] = mapped_column(JSONB, default=list)
    channels: Mapped[list[str]] = mapped_column(JSONB, default=list)
    languages: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    industries: Mapped[list[str]] = mapped_column(JSONB, default=list)
    # Countries the service is delivered from, beside those of the profile's sites.
    countries: Mapped[list[str]] = mapped_column(JSONB, default=list)
    # {"mon": [["08:00", "20:00"]], …} in `timezone`; a day that is missing is closed.
    hours: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    timezone: Mapped[str] = mapped_column(default="UTC")
    minimum_agents: Mapped[int | None]
    minimum_months: Mapped[int | None]
    lead_days: Mapped[int | None]
    rate_card_id: Mapped[uuid.UUID | None]
    state: Mapped[str] = mapped_column(default=ServiceState.DRAFT)
    change_state: Mapped[str | None]
    # Those under which it was public before; they lead to the one it has now.
    old_slugs: Mapped[list[str]] = mapped_column(TextArray, default=list)
    submitted: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    live: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    reasons: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    submitted_at: Mapped[datetime | None]
    live_at: Mapped[datetime | None]
    paused_at: Mapped[datetime | None]
    retired_at: Mapped[datetime | None]

    __table_args__ = (
        state_check(ServiceState),
        state_check(ServiceChangeState, "change_state"),
        # What is listed has a published copy: a state alone would show the public nothing.
        CheckConstraint("state NOT IN ('live', 'paused', 'suspended') OR live IS NOT NULL", name="live_has_copy"),
        UniqueConstraint("company_id", "slug", name="uq_services_company_id_slug"),
        UniqueConstraint("id", "company_id", name="uq_services_id_company_id"),
        # The card must be the same vendor's.
        ForeignKeyConstraint(
            ["rate_card_id", "company_id"], ["rate_cards.id", "rate_cards.company_id"], name="fk_services_rate_card_id"
        ),
    )

    @property
    def is_listed(self) -> bool:
        """Whether the public may see it, as far as the service itself goes."""
        return self.state == ServiceState.LIVE

    @property
    def is_waiting(self) -> bool:
        """Whether a moderator has it in hand, so that nobody writes under their eyes."""
        return self.state == ServiceState.SUBMITTED or self.change_state == ServiceChangeState.PENDING

    @property
    def is_editable(self) -> bool:
        """Whether its vendor may write."""
        return self.state in EDITABLE and not self.is_waiting

    @property
    def is_published_before(self) -> bool:
        """Whether sending it in asks for a change of what the public sees."""
        return self.state in PUBLISHED_BEFORE


class DirectoryEntry(Base):
    """A vendor in the public directory: one row, only public columns, written by `directory.project` alone."""

    __tablename__ = "directory_entries"

    vendor_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    slug: Mapped[str]
    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(Text(collation="C"))
    country: Mapped[str]
    city: Mapped[str]
    timezone: Mapped[str]
    headline: Mapped[str]
    description: Mapped[str]
    channels: Mapped[list[str]] = mapped_column(TextArray)
    languages: Mapped[list[str]] = mapped_column(TextArray)
    modes: Mapped[list[str]] = mapped_column(TextArray)
    industries: Mapped[list[str]] = mapped_column(TextArray)
    facets: Mapped[list[str]] = mapped_column(TextArray)
    # The facets of each service as one text (see catalog.facets): several are looked for in one and the same service.
    offers: Mapped[list[str]] = mapped_column(TextArray)
    services: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    profile: Mapped[dict[str, Any]] = mapped_column(JSONB)
    price_from_minor: Mapped[int | None]
    price_unit: Mapped[str | None]
    price_basis: Mapped[str | None]
    price_currency: Mapped[str | None]
    # An agent's hour in minor units of the reference currency, where the cards tell.
    hourly_minor: Mapped[int | None]
    price_key: Mapped[int]
    lead_days: Mapped[int | None]
    seats_free: Mapped[int | None]
    rating: Mapped[str | None]
    rating_key: Mapped[int]
    review_count: Mapped[int]
    words: Mapped[str] = mapped_column(TSVECTOR)
    title_words: Mapped[str] = mapped_column(TSVECTOR)
    quality: Mapped[int]
    listed_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    # When the passing of time alone changes this entry next: a certificate runs out, a closure begins.
    next_change_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("slug", name="uq_directory_entries_slug"),
        Index("ix_directory_entries_quality", text("quality DESC"), text("vendor_id DESC")),
        Index("ix_directory_entries_name", "name_key", "vendor_id"),
        Index("ix_directory_entries_price", "price_key", "vendor_id"),
        Index("ix_directory_entries_rating", text("rating_key DESC"), text("vendor_id DESC")),
        Index("ix_directory_entries_listed_at", text("listed_at DESC"), text("vendor_id DESC")),
        Index(
            "ix_directory_entries_next_change_at",
            "next_change_at",
            postgresql_where=text("next_change_at IS NOT NULL"),
        ),
        Index("ix_directory_entries_facets", "facets", postgresql_using="gin"),
        Index("ix_directory_entries_words", "words", postgresql_using="gin"),
        Index("ix_directory_entries_title_words", "title_words", postgresql_using="gin"),
    )


class DirectoryCount(Base):
    """How many entries of the whole directory carry a facet; kept by the function that writes the entries."""

    __tablename__ = "directory_counts"

    facet: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]


class Standing(Base):
    """A public figure about a company, with what it is based on (`n`) and when it was worked out."""

    __tablename__ = "standings"

    company_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("companies.id"), primary_key=True)
    figure: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]
    n: Mapped[int]
    as_of: Mapped[datetime]
