"""The volumes of a requirement in a few figures, for whoever writes or reads it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from portal.needs.forecast import WINDOW, ChannelVolume
from portal.needs.workload import workload_fte
from portal.pricing.values import VolumeRow

MONTHS = range(1, 13)


@dataclass(frozen=True, slots=True)
class ChannelSummary:
    """Contacts of one channel in a year, and the workload estimate of an average month in full-time people."""

    channel: str
    yearly: Decimal
    fte: Decimal


@dataclass(frozen=True, slots=True)
class Summary:
    """All channels: contacts of each calendar month, of the year, and the workload estimate of an average month."""

    channels: tuple[ChannelSummary, ...]
    months: tuple[Decimal, ...]

    @property
    def yearly(self) -> Decimal:
        """Contacts of a whole year."""
        return sum((one.yearly for one in self.channels), Decimal(0))

    @property
    def fte(self) -> Decimal:
        """Full-time people in an average month."""
        return sum((one.fte for one in self.channels), Decimal(0))

    @property
    def has_seasons(self) -> bool:
        """Whether the months differ."""
        return len(set(self.months)) > 1


def summary_of(channels: Sequence[ChannelVolume | None]) -> Summary:
    """The figures of the channels whose volumes and handle time are known."""
    known = [one for one in channels if one is not None]
    return Summary(
        channels=tuple(ChannelSummary(one.channel, one.yearly, _fte(one)) for one in known),
        months=tuple(sum((one.in_month(month) for one in known), Decimal(0)) for month in MONTHS),
    )


def _fte(one: ChannelVolume) -> Decimal:
    row = VolumeRow(one.channel, one.yearly / 12, Decimal(one.aht_s), None, WINDOW)
    return workload_fte([row], {one.channel: one.concurrency})
