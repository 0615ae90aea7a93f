"""Values that all documents of the API share."""

from collections.abc import Callable, Sequence
from datetime import UTC
from decimal import Decimal
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

PAGE = 25

Item = TypeVar("Item")

Instant = Annotated[AwareDatetime, AfterValidator(lambda at: at.astimezone(UTC))]
DecimalText = Annotated[str, Field(description="A decimal number", examples=["1250.50"])]


class Sent(BaseModel):
    """What a program sends. A name that is not known is refused, so that a typing mistake is no silent default."""

    model_config = ConfigDict(extra="forbid")


class Shown(BaseModel):
    """What a program gets. More fields may come with time."""


class Money(Shown):
    """An amount in minor units of its currency: 1250 GBP is £12.50."""

    amount_minor: int
    currency: str = Field(description="ISO 4217")


class CompanyName(Shown):
    """A company, named."""

    id: UUID
    name: str


class Fault(Shown):
    """What is wrong with one value."""

    field: str = Field(description="Its path in the body, or the name of the parameter")
    message: str


class Problem(Shown):
    """A refusal as RFC 9457 has it: `detail` says what happened and what to do."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[Fault] | None = Field(None, description="The values at fault, where there are such")
    reference: str | None = Field(None, description="Names the request when you write to support")


class Paging(Sent):
    """Where a page begins."""

    after: UUID | None = Field(None, description="`next` of the page before")


class Page(Shown, Generic[Item]):
    """A page of a list."""

    items: list[Item]
    next: str | None = Field(description="What to send as `after` for the following page; null on the last one")


def page(rows: Sequence[Any], build: Callable[[Any], Item], key: Callable[[Any], Any]) -> dict[str, Any]:
    """The values of a page from one row more than it holds, if there are more."""
    shown = rows[:PAGE]
    return {"items": [build(row) for row in shown], "next": str(key(shown[-1])) if len(rows) > PAGE else None}


def money(amount_minor: int, currency: str) -> Money:
    """An amount."""
    return Money(amount_minor=amount_minor, currency=currency)


def decimal_text(value: Decimal) -> str:
    """A decimal as text without trailing zeros or an exponent."""
    return format(value.normalize(), "f")
