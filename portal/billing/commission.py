"""How an amount is shared between vendor and marketplace. Pure; minor units in and out."""

from collections.abc import Sequence
from fractions import Fraction

from portal.kit.money import round_half_up

WHOLE_BPS = 10_000


def commission_of(amount_minor: int, bps: int) -> int:
    """The marketplace's share of an amount, rounded half away from zero; the vendor has the rest, so nothing is lost.

    A credit (below zero) takes back its share in the same way.
    """
    return round_half_up(Fraction(amount_minor * bps, WHOLE_BPS), 0)


def tax_of(net_minor: int, bps: int) -> int:
    """Tax of `bps` basis points on the net amount, rounded half up once per invoice and rate."""
    return round_half_up(Fraction(net_minor * bps, WHOLE_BPS), 0)


def taxes_by_line(amounts_minor: Sequence[int], bps: int) -> list[int]:
    """The tax on each line of an invoice; together exactly the tax on their sum.

    Each line gets what the running total's rounded tax grows by, so no cent is lost or made by rounding line by line.
    """
    taxes, running = [], 0
    for amount in amounts_minor:
        taxes.append(tax_of(running + amount, bps) - tax_of(running, bps))
        running += amount
    return taxes


def released(part_minor: int, paid_before_minor: int, paid_after_minor: int, total_minor: int) -> int:
    """How much of `part_minor`, a share of an invoice's total, a payment sets free.

    Worked out from running totals, so that any number of part payments releases exactly the share in the end.
    """
    if total_minor == 0:
        return 0
    before = round_half_up(Fraction(part_minor * paid_before_minor, total_minor), 0)
    after = round_half_up(Fraction(part_minor * paid_after_minor, total_minor), 0)
    return after - before
