"""What a bid costs, in the words and the chart that its vendor and later its buyer see."""

from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from blueprints.shared.choices import spoken_name
from blueprints.shared.formatting import amount, listed, money, number
from portal.kit.charts import Chart, Series, stacked_columns
from portal.kit.money import exponent
from portal.measures.words import CHANNEL_NAMES
from portal.needs.models import Requirement
from portal.pricing.words import FEE_CLASS_NAMES, UNIT_NAMES, WINDOW_NAMES
from portal.selection.models import Bid
from portal.selection.price_summary import FEE_CLASSES, PriceSummary
from portal.selection.states import BidState

COMPACT_HEIGHT = 110
STANDARD = "standard"  # hours that need no words
# What a vendor reads of its bid's state: who else is ahead of it is none of its business before the end.
VENDOR_STATES = {
    BidState.SUBMITTED: (_l("Submitted, sealed"), "ok", "lock"),
    BidState.QUALIFIED: (_l("In evaluation"), "info", "clipboard-check"),
    BidState.RESERVE: (_l("In evaluation"), "info", "clipboard-check"),
    BidState.AWARD_PENDING: (_l("Chosen: your answer is due"), "warn", "hourglass-split"),
    BidState.WON: (_l("Won"), "ok", "trophy"),
}


def cost_chart(
    price: PriceSummary, *, high: int | None = None, target: int | None = None, compact: bool = False, whose: str = ""
) -> Chart:
    """Cost per month by fee class, month 0 being before go-live. `high` is the top of a scale several charts share."""
    series = [
        Series(one.value, str(FEE_CLASS_NAMES[one]), [getattr(month, one.value) for month in price.months])
        for one in FEE_CLASSES
    ]
    label = _(
        "Cost per month in %(currency)s, month 0 to %(last)s, highest %(highest)s.",
        currency=price.currency,
        last=price.months[-1].k,
        highest=money(price.highest_month, price.currency, whole=True),
    )
    return stacked_columns(
        [str(month.k) for month in price.months],
        series,
        label=f"{whose}: {label}" if whose else label,
        first=_("Month"),
        target=target,
        high=high,
        compact=compact,
        height=COMPACT_HEIGHT if compact else 220,
        write=lambda minor: amount(int(minor), price.currency, whole=True),
    )


def main_line_words(price: PriceSummary) -> str:
    """How a bid charges: the unit and rate of the line most of its money goes through."""
    if price.main_line is None:
        return ""
    rate = number(
        Decimal(price.main_line.rate), max(exponent(price.currency), len(price.main_line.rate.partition(".")[2]))
    )
    return f"{price.currency} {rate} {UNIT_NAMES[price.main_line.unit]}"  # type: ignore[index]


def unpriced_words(price: PriceSummary) -> list[str]:
    """The kinds of contacts a bid leaves without a price, such as “Live chat, German”."""
    return [_kind(row) for row in price.unpriced]


def vendor_state(bid: Bid) -> tuple[Any, str, str] | None:
    """Word, tone and icon of the badge a vendor sees; None where the usual one fits."""
    return VENDOR_STATES.get(BidState(bid.state))


def _kind(row: dict[str, str]) -> str:
    names = [str(CHANNEL_NAMES.get(row["channel"], row["channel"]))]
    if "lang" in row:
        names.append(spoken_name(row["lang"]))
    if row.get("window", STANDARD) != STANDARD:
        names.append(str(WINDOW_NAMES.get(row["window"], row["window"])))
    return listed(names + [row[key] for key in ("location", "skill", "segment") if key in row])


def is_outdated(bid: Bid, requirement: Requirement) -> bool:
    """Whether the bid was submitted on an earlier version of the requirement and has to answer the newest."""
    return bid.requirement_version is not None and bid.requirement_version < requirement.version_number
