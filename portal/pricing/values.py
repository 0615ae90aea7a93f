"""The plain values of pricing: rate cards, scenarios of volume, and the commercial terms of an agreement.

All are frozen; rates, shares and quantities are ``Decimal``, amounts of money are integers of minor units. They
hold no behaviour beyond what a value knows about itself. `documents` builds them from JSON and refuses what does
not fit; code that builds them directly is trusted to respect the same limits.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from portal.pricing.fee_kinds import Fee

ZERO = Decimal(0)
ONE = Decimal(1)


class FeeClass(StrEnum):
    """The three classes of cost that every bid and every month is shown in."""

    ONE_TIME = "one_time"
    OPERATING = "operating"
    EXTRA = "extra"


class OneTimeCategory(StrEnum):
    """What a one-time line pays for."""

    CONTRACT = "contract"
    INTEGRATION = "integration"
    TRAINING_INITIAL = "training_initial"
    RECRUITMENT = "recruitment"
    RAMP = "ramp"
    EQUIPMENT = "equipment"
    SETUP = "setup"
    WIND_DOWN = "wind_down"
    OTHER = "other"


class OperatingCategory(StrEnum):
    """What a recurring line pays for."""

    LABOUR = "labour"
    TECH_SUPPORT = "tech_support"
    EQUIPMENT_MAINTENANCE = "equipment_maintenance"
    FACILITIES_RENT = "facilities_rent"
    MANAGEMENT = "management"
    LICENCE = "licence"
    TELECOM = "telecom"
    OUTCOME = "outcome"


class ExtraCategory(StrEnum):
    """What an extra line would pay for if its trigger occurred."""

    EMERGENCY_SURGE = "emergency_surge"
    SERVICE_UPGRADE = "service_upgrade"
    CUSTOM_REQUEST = "custom_request"
    SPECIAL_TRAINING = "special_training"
    CHANGE_ORDER = "change_order"
    EARLY_TERMINATION = "early_termination"
    OTHER = "other"


class Unit(StrEnum):
    """What an operating line is charged per."""

    HOUR = "hour"
    FTE_MONTH = "fte_month"
    SEAT_MONTH = "seat_month"
    CONTACT = "contact"
    MINUTE = "minute"
    MONTH = "month"
    OUTCOME = "outcome"
    PERCENT = "percent"


class TierMode(StrEnum):
    """Graduated: each band at its own rate. All units: the whole quantity at the rate of the band reached."""

    GRADUATED = "graduated"
    ALL_UNITS = "all_units"


class Stacking(StrEnum):
    """Whether several percentages on the same contact add up or compound."""

    ADDITIVE = "additive"
    MULTIPLICATIVE = "multiplicative"


class Tax(StrEnum):
    """Whether the card's rates include the tax on them."""

    EXCLUSIVE = "exclusive"
    INCLUSIVE = "inclusive"


class BillingBasis(StrEnum):
    """Which hours an hourly rate counts; a price per handled hour is not one per paid hour."""

    HANDLE = "handle"
    LOGGED_IN = "logged_in"
    PAID = "paid"


class AgentModel(StrEnum):
    """Whether the agents work for this buyer alone."""

    DEDICATED = "dedicated"
    SHARED = "shared"
    BLENDED = "blended"


SEGMENT_KEYS = ("channel", "lang", "window", "location", "skill", "segment")
"""By what volumes are told apart, and rate lines filtered."""


@dataclass(frozen=True, slots=True)
class VolumeRow:
    """Contacts of one kind in one month, and their average handle time in seconds."""

    channel: str
    contacts: Decimal
    aht_s: Decimal
    lang: str | None = None
    window: str | None = None
    location: str | None = None
    skill: str | None = None
    segment: str | None = None

    @property
    def key(self) -> tuple[str | None, ...]:
        """The row's values of `SEGMENT_KEYS`, in that order."""
        return (self.channel, self.lang, self.window, self.location, self.skill, self.segment)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which volume rows a line prices: for each key the values allowed, an empty tuple meaning any."""

    channel: tuple[str, ...] = ()
    lang: tuple[str, ...] = ()
    window: tuple[str, ...] = ()
    location: tuple[str, ...] = ()
    skill: tuple[str, ...] = ()
    segment: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether nothing is filtered out."""
        return not any(self._wanted)

    @property
    def _wanted(self) -> tuple[tuple[str, ...], ...]:
        return (self.channel, self.lang, self.window, self.location, self.skill, self.segment)

    def matches(self, row: VolumeRow) -> bool:
        """Whether every filtered key of `row` has an allowed value."""
        return all(not wanted or value in wanted for wanted, value in zip(self._wanted, row.key, strict=True))


EVERYTHING = Filter()


@dataclass(frozen=True, slots=True)
class Tier:
    """One price band: up to and including `up_to` units (None: without end) at `rate`."""

    up_to: Decimal | None
    rate: Decimal


@dataclass(frozen=True, slots=True)
class Baseline:
    """A fixed volume each month, paid at the line's rate, with a price for what goes beyond the band around it.

    Above ``quantity × (1 + dead_band_pct ÷ 100)`` each further unit costs `arc_rate` (additional resource charge);
    below ``quantity × (1 − dead_band_pct ÷ 100)`` each missing unit gives back `rrc_rate` (reduced resource credit).
    """

    quantity: Decimal
    arc_rate: Decimal
    rrc_rate: Decimal
    dead_band_pct: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class OneTimeLine:
    """A fee paid once: ``qty × rate``, due in `month` (0: before go-live)."""

    code: str
    qty: Decimal
    rate: Decimal
    category: OneTimeCategory = OneTimeCategory.OTHER
    unit: str = "unit"
    month: int = 0
    note: str = ""
    mandatory_flag: bool = True


@dataclass(frozen=True, slots=True)
class OperatingLine:
    """A recurring fee.

    Percent lines have `pct` and `applies_to` and no rate; all others have either `rate` or `tiers`. `outcome` names
    the reported outcome an outcome line counts. `included_qty` units of each month are free. `increment_s` rounds
    each contact's handle time up for lines per minute. `billing_occupancy` is the share of a billed hour spent
    handling contacts. `indexed` lines follow the card's cost-of-living adjustment.
    """

    code: str
    unit: Unit
    rate: Decimal | None = None
    tiers: tuple[Tier, ...] = ()
    tier_mode: TierMode = TierMode.GRADUATED
    pct: Decimal | None = None
    applies_to: tuple[str, ...] = ()
    category: OperatingCategory = OperatingCategory.LABOUR
    description: str = ""
    outcome: str | None = None
    filter: Filter = EVERYTHING
    billing_basis: BillingBasis | None = None
    billing_occupancy: Decimal = ONE
    agent_model: AgentModel | None = None
    included_qty: Decimal = ZERO
    increment_s: Decimal | None = None
    indexed: bool = True
    baseline: Baseline | None = None


@dataclass(frozen=True, slots=True)
class ExtraLine:
    """A fee for what may happen: forecast as ``qty × rate × probability`` in each of `months`."""

    code: str
    qty: Decimal
    rate: Decimal
    category: ExtraCategory = ExtraCategory.OTHER
    unit: str = "unit"
    probability: Decimal = ONE
    months: tuple[int, ...] = ()
    trigger_text: str = ""


@dataclass(frozen=True, slots=True)
class Cola:
    """A yearly rise of indexed rates by `pct` percent, first in `first_month`; `index_code` names its source."""

    pct: Decimal
    first_month: int = 13
    every_months: int = 12
    cap_pct: Decimal | None = None
    index_code: str | None = None


@dataclass(frozen=True, slots=True)
class MinCommitment:
    """What the buyer pays at least per month for the lines of `scope` (empty: all operating lines).

    Either an `amount`, which stays as it is, or a `quantity` at a `rate`, which follows the cost-of-living
    adjustment. Months in `exempt_months` are free of it.
    """

    amount: Decimal | None = None
    quantity: Decimal | None = None
    rate: Decimal | None = None
    scope: tuple[str, ...] = ()
    exempt_months: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class SlaItem:
    """One metric of a credit forecast: weight `w`, probability of a miss `p`, severity `sev` (0.5 or 1)."""

    w: Decimal
    p: Decimal
    sev: Decimal
    metric: str = ""


@dataclass(frozen=True, slots=True)
class SlaForecast:
    """Credits to expect: `at_risk_pct` percent of the month's operating fee, times Σ ``w·p·sev``."""

    at_risk_pct: Decimal
    items: tuple[SlaItem, ...]


@dataclass(frozen=True, slots=True)
class RateCard:
    """A vendor's prices. Lines are rounded half up, per line and month, to the currency's minor unit.

    `waived` are the fees the vendor says it does not charge.
    """

    currency: str
    one_time: tuple[OneTimeLine, ...] = ()
    operating: tuple[OperatingLine, ...] = ()
    extra: tuple[ExtraLine, ...] = ()
    sla: SlaForecast | None = None
    min_commitment: MinCommitment | None = None
    cola: Cola | None = None
    tax: Tax = Tax.EXCLUSIVE
    surcharge_stacking: Stacking = Stacking.ADDITIVE
    valid_from: date | None = None
    valid_to: date | None = None
    waived: tuple[Fee, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """How often a named outcome was reported in a month."""

    name: str
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class ScenarioMonth:
    """What happens in month `k`, forecast or real.

    `fte` and `seats` are the full strength; `ramp` is the share of it in place in this month. `seats` left out means
    one per FTE.
    """

    k: int
    volumes: tuple[VolumeRow, ...] = ()
    fte: Decimal | None = None
    ramp: Decimal = ONE
    seats: Decimal | None = None
    outcomes: tuple[Outcome, ...] = ()

    def outcome(self, name: str | None) -> Decimal | None:
        """The reported quantity of the outcome `name`, None where it was not reported."""
        return next((outcome.quantity for outcome in self.outcomes if outcome.name == name), None)

    def scaled(self, factor: Decimal) -> ScenarioMonth:
        """The month with its contacts times `factor`; staffing is left to be computed anew."""
        rows = tuple(replace(row, contacts=row.contacts * factor) for row in self.volumes)
        return replace(self, volumes=rows)


class ScenarioPart(StrEnum):
    """Whose contacts and people a scenario holds: all of the service, or what its vendor takes of a divided one."""

    ALL = "all"
    VENDOR = "vendor"


@dataclass(frozen=True, slots=True)
class Scenario:
    """A forecast of months 1…M under which bids are compared; `discount_pct` per year asks for a present value."""

    months: tuple[ScenarioMonth, ...]
    name: str = "base"
    discount_pct: Decimal | None = None
    part: ScenarioPart = ScenarioPart.ALL

    def scaled(self, factor: Decimal, name: str) -> Scenario:
        """The same forecast with all contacts times `factor`, as the low (0.8) and high (1.2) ones are."""
        return replace(self, name=name, months=tuple(month.scaled(factor) for month in self.months))


@dataclass(frozen=True, slots=True)
class TaxRate:
    """A tax named on invoices, in basis points: 500 is 5 %."""

    name: str
    bps: int


@dataclass(frozen=True, slots=True)
class Terms:
    """What billing needs to know of an agreement.

    `commission_bps` is the marketplace's share in basis points; `payment_days` run from an invoice's date.
    """

    rate_card: RateCard
    start_date: date
    term_months: int
    payment_days: int = 30
    commission_bps: int = 0
    tax_rates: tuple[TaxRate, ...] = ()

    @property
    def currency(self) -> str:
        """The currency of the agreement, which is its rate card's."""
        return self.rate_card.currency
