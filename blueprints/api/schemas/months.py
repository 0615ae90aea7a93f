"""Months of service and their figures."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from blueprints.api.schemas.values import DecimalText, Instant, Page, Sent, Shown
from portal.measures.figures import Verdict
from portal.measures.words import Channel
from portal.monitoring.items import ITEM_NAMES
from portal.monitoring.states import PeriodState

Item = Literal[*ITEM_NAMES]  # type: ignore[valid-type]
Figure = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9]{1,12}(\.[0-9]{1,6})?$"),
    Field(description="A decimal number from 0 up", examples=["18250"]),
]
Version = Annotated[
    int, Field(ge=0, le=2**53, description="The month's version as last read; 0 where nothing is entered")
]


class ChannelFigures(Sent):
    """The figures of one channel. Which items are needed is said by the agreement's targets."""

    channel: Channel
    items: dict[Item, Figure]


class FiguresToSave(Sent):
    """A month's figures, all channels at once."""

    version: Version
    figures: Annotated[list[ChannelFigures], Field(min_length=1, max_length=len(Channel))]
    remark: Annotated[str, Field(max_length=2000, description="What the buyer should know; needed in a correction")] = (
        ""
    )


class MonthToReport(Sent):
    """Which state of a month is handed over."""

    version: Version


class ShownFigures(Shown):
    """The figures of one channel as reported."""

    channel: Channel
    items: dict[str, DecimalText]


class MonthResult(Shown):
    """One target against the month's figures; `n` is what the value rests on."""

    channel: Channel
    metric: str
    value: DecimalText | None
    target: DecimalText
    minimum: DecimalText | None
    verdict: Verdict
    n: DecimalText | None
    source: Literal["vendor", "survey"]


class Month(Shown):
    """A month of service. A buyer sees figures once they are reported."""

    month: str = Field(examples=["2026-06"])
    timezone: str
    state: PeriodState
    version: int
    remark: str
    objection: str
    reported_at: Instant | None
    agreed_at: Instant | None
    figures: list[ShownFigures]
    results: list[MonthResult]


class MonthPage(Page[Month]):
    """All months of service so far, the running one included; there is one page of them."""
