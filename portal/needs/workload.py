"""The workload estimate: how many full-time people the contacts of a month keep busy.

``contacts × handle time / concurrency / (occupancy × productive hours)``. A full-time person is paid 173.33 hours a
month, of which shrinkage (leave, breaks, training) takes 30 %; of the rest they handle contacts for the share
`OCCUPANCY` of the channel. It says nothing about service levels, opening hours or small teams: it is an estimate
for comparing prices, not a staffing plan.
"""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from portal.measures.words import Channel
from portal.pricing.values import VolumeRow

PAID_HOURS = Decimal("173.33")
"""40 hours a week over a twelfth of a year."""
SHRINKAGE = Decimal("0.30")
OCCUPANCY = {
    Channel.PHONE: Decimal("0.85"),
    Channel.CHAT: Decimal("0.85"),
    Channel.EMAIL: Decimal("0.90"),
    Channel.SOCIAL: Decimal("0.90"),
}
_CENT = Decimal("0.01")


def handling_hours(rows: Iterable[VolumeRow], concurrency: dict[str, int]) -> dict[str, Decimal]:
    """Hours of work by channel; contacts handled side by side count once."""
    hours: dict[str, Decimal] = {}
    for row in rows:
        work = row.contacts * row.aht_s / 3600 / concurrency.get(row.channel, 1)
        hours[row.channel] = hours.get(row.channel, Decimal(0)) + work
    return hours


def workload_fte(rows: Iterable[VolumeRow], concurrency: dict[str, int]) -> Decimal:
    """Full-time people for the volumes of one month, to two decimals, rounded half up."""
    productive = PAID_HOURS * (1 - SHRINKAGE)
    hours = handling_hours(rows, concurrency)
    fte = sum((h / (OCCUPANCY[Channel(channel)] * productive) for channel, h in hours.items()), Decimal(0))
    return fte.quantize(_CENT, rounding=ROUND_HALF_UP)
