"""The public directory."""

from typing import Annotated, Any, Literal

from pydantic import Field

from blueprints.api.schemas.values import DecimalText, Money, Page, Sent, Shown
from portal.catalog.vocabulary import LANGUAGES
from portal.measures.words import Channel, Industry, Mode
from portal.pricing.values import Unit

Language = Literal[*LANGUAGES]  # type: ignore[valid-type]


class VendorQuery(Sent):
    """What to look for; every filter must fit, channels and languages in one and the same service."""

    q: Annotated[str, Field(max_length=200)] = ""
    channel: list[Channel] = []
    language: list[Language] = []
    mode: list[Mode] = []
    industry: list[Industry] = []
    country: Annotated[str, Field(pattern="^([A-Za-z]{2})?$", description="ISO 3166-1, two letters")] = ""
    sort: Literal["relevance", "price", "rating", "name", "newest"] = "relevance"
    after: Annotated[str, Field(max_length=2000, description="`next` of the page before")] = ""


class PriceFrom(Shown):
    """The lowest list price, for orientation."""

    price: Money
    unit: Unit
    basis: str | None


class VendorSummary(Shown):
    """A listed vendor."""

    slug: str
    name: str
    country: str
    city: str
    timezone: str
    headline: str
    channels: list[Channel]
    languages: list[str]
    price_from: PriceFrom | None
    lead_days: int | None
    seats_free: int | None
    rating: DecimalText | None
    review_count: int


class VendorPage(Page[VendorSummary]):
    """A page of vendors, with how many there are; `total` is an estimate or the least there are unless `is_exact`."""

    total: int
    is_exact: bool


class Spoken(Shown):
    """A language and how well it is spoken."""

    code: str
    level: str


class VendorService(Shown):
    """A service as published. `rate_card` is the whole list of prices."""

    slug: str
    title: str
    summary: str
    description: str
    channels: list[Channel]
    languages: list[Spoken]
    modes: list[Mode]
    industries: list[Industry]
    countries: list[str]
    hours: dict[str, list[list[str]]] = Field(description="Opening hours by weekday, in `timezone`")
    timezone: str
    minimum_agents: int | None
    minimum_months: int | None
    lead_days: int | None
    rate_card: dict[str, Any]


class Vendor(VendorSummary):
    """Everything public about a vendor."""

    description: str
    modes: list[Mode]
    industries: list[Industry]
    website: str | None
    founded: int | None
    agents: int | None
    services: list[VendorService]
