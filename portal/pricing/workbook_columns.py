"""The sheets and columns of a rate card as a workbook, and where each stands in the card's document.

Headings are the words of the document, because formulas and people of three languages refer to them; the first sheet
explains them.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import NamedTuple

from portal.pricing.values import (
    AgentModel,
    BillingBasis,
    ExtraCategory,
    OneTimeCategory,
    OperatingCategory,
    Stacking,
    Tax,
    TierMode,
    Unit,
)


class Kind(Enum):
    """What a column holds."""

    TEXT = auto()
    NUMBER = auto()
    LIST = auto()
    NUMBERS = auto()
    FLAG = auto()


class Column(NamedTuple):
    """A column: its heading, where its value stands in a line's document ("filter.channel"), what it holds."""

    heading: str
    path: str
    kind: Kind = Kind.TEXT
    choices: tuple[str, ...] = ()


N, L = Kind.NUMBER, Kind.LIST

READ_ME, CARD, ONE_TIME, OPERATING, BANDS, EXTRA, CREDITS, FEES = (
    "Read me", "Card", "One-time", "Operating", "Bands", "Extra", "Credits", "Fees",
)  # fmt: skip

GROUPS = {ONE_TIME: "one_time", OPERATING: "operating", EXTRA: "extra"}
"""The sheets that hold one line a row, with the key of their list in the document."""

COLUMNS: dict[str, tuple[Column, ...]] = {
    ONE_TIME: (
        Column("code", "code"),
        Column("note", "note"),
        Column("category", "category", choices=tuple(OneTimeCategory)),
        Column("quantity", "qty", N),
        Column("unit", "unit"),
        Column("rate", "rate", N),
        Column("month", "month", N),
        Column("mandatory", "mandatory_flag", Kind.FLAG, ("yes", "no")),
    ),
    OPERATING: (
        Column("code", "code"),
        Column("description", "description"),
        Column("category", "category", choices=tuple(OperatingCategory)),
        Column("unit", "unit", choices=tuple(Unit)),
        Column("rate", "rate", N),
        Column("bands", "tier_mode", choices=tuple(TierMode)),
        Column("percent", "pct", N),
        Column("of lines", "applies_to", L),
        Column("channels", "filter.channel", L),
        Column("languages", "filter.lang", L),
        Column("hours", "filter.window", L),
        Column("locations", "filter.location", L),
        Column("skills", "filter.skill", L),
        Column("segments", "filter.segment", L),
        Column("outcome", "outcome"),
        Column("free units", "included_qty", N),
        Column("hours billed", "billing_basis", choices=tuple(BillingBasis)),
        Column("occupancy", "billing_occupancy", N),
        Column("agents", "agent_model", choices=tuple(AgentModel)),
        Column("round up to seconds", "increment_s", N),
        Column("indexed", "indexed", Kind.FLAG, ("yes", "no")),
        Column("baseline", "baseline.quantity", N),
        Column("dead band %", "baseline.dead_band_pct", N),
        Column("rate above", "baseline.arc_rate", N),
        Column("credit below", "baseline.rrc_rate", N),
    ),
    BANDS: (Column("line", "line"), Column("up to", "to", N), Column("rate", "rate", N)),
    EXTRA: (
        Column("code", "code"),
        Column("when", "trigger_text"),
        Column("category", "category", choices=tuple(ExtraCategory)),
        Column("quantity", "qty", N),
        Column("unit", "unit"),
        Column("rate", "rate", N),
        Column("probability", "probability", N),
        Column("months", "months", Kind.NUMBERS),
    ),
    CREDITS: (
        Column("metric", "metric"),
        Column("weight", "w", N),
        Column("probability", "p", N),
        Column("severity", "sev", N),
    ),
    FEES: (Column("fee", "fee"), Column("answer", "answer", choices=("not charged",))),
}

SETTINGS: tuple[Column, ...] = (
    Column("currency", "currency"),
    Column("tax", "tax", choices=tuple(Tax)),
    Column("percentages", "surcharge_stacking", choices=tuple(Stacking)),
    Column("minimum amount", "min_commitment.amount", N),
    Column("minimum quantity", "min_commitment.quantity", N),
    Column("minimum rate", "min_commitment.rate", N),
    Column("minimum counts lines", "min_commitment.scope", L),
    Column("minimum free months", "min_commitment.exempt_months", Kind.NUMBERS),
    Column("adjustment %", "cola.pct", N),
    Column("adjustment first month", "cola.first_month", N),
    Column("adjustment every months", "cola.every_months", N),
    Column("adjustment at most %", "cola.cap_pct", N),
    Column("adjustment index", "cola.index_code"),
    Column("credit at risk %", "sla.at_risk_pct", N),
)
"""The rows of the sheet "Card", each a heading with its value beside it."""

GUIDE = (
    "Fill in the sheets and import the file. Nothing is stored if a cell cannot be taken; it is named then.",
    "Card: currency, tax, minimum commitment, yearly adjustment. One row a setting; leave the value empty for none.",
    "One-time, Operating, Extra: one row a line. Codes are short and differ from line to line; invoices show them.",
    "Bands: prices by volume. “line” is the code of an operating line without a rate; the last band has no “up to”.",
    "A percentage has the unit “percent”, and the codes it is taken of in “of lines”. Lists are separated by commas.",
    "Baseline: the volume paid at the rate; “rate above” and “credit below” count outside the dead band around it.",
    "Credits: what may be deducted for missed service levels, as shares from 0 to 1.",
    "Fees: each kind of fee is priced by a line or “not charged”. What is neither cannot be published.",
)
