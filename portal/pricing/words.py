"""The words of pricing for forms and pages, lazily translated."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.pricing.fee_kinds import Fee
from portal.pricing.values import (
    AgentModel,
    BillingBasis,
    ExtraCategory,
    FeeClass,
    OneTimeCategory,
    OperatingCategory,
    Stacking,
    Tax,
    TierMode,
    Unit,
)

FEE_CLASS_NAMES = {
    FeeClass.ONE_TIME: _l("One-time costs"),
    FeeClass.OPERATING: _l("Operating costs"),
    FeeClass.EXTRA: _l("Extra costs"),
}

ONE_TIME_NAMES = {
    OneTimeCategory.CONTRACT: _l("Contract"),
    OneTimeCategory.INTEGRATION: _l("System integration"),
    OneTimeCategory.TRAINING_INITIAL: _l("Initial training"),
    OneTimeCategory.RECRUITMENT: _l("Recruitment"),
    OneTimeCategory.RAMP: _l("Ramp-up"),
    OneTimeCategory.EQUIPMENT: _l("Equipment"),
    OneTimeCategory.SETUP: _l("Set-up"),
    OneTimeCategory.WIND_DOWN: _l("Winding down"),
    OneTimeCategory.OTHER: _l("Other"),
}

OPERATING_NAMES = {
    OperatingCategory.LABOUR: _l("Staff"),
    OperatingCategory.TECH_SUPPORT: _l("Technical support"),
    OperatingCategory.EQUIPMENT_MAINTENANCE: _l("Equipment maintenance"),
    OperatingCategory.FACILITIES_RENT: _l("Office rent"),
    OperatingCategory.MANAGEMENT: _l("Management"),
    OperatingCategory.LICENCE: _l("Licences"),
    OperatingCategory.TELECOM: _l("Telecommunications"),
    OperatingCategory.OUTCOME: _l("Outcome"),
}

EXTRA_NAMES = {
    ExtraCategory.EMERGENCY_SURGE: _l("Emergency and surge"),
    ExtraCategory.SERVICE_UPGRADE: _l("Service upgrade"),
    ExtraCategory.CUSTOM_REQUEST: _l("Custom request"),
    ExtraCategory.SPECIAL_TRAINING: _l("Special training"),
    ExtraCategory.CHANGE_ORDER: _l("Change order, per person and day"),
    ExtraCategory.EARLY_TERMINATION: _l("Early termination"),
    ExtraCategory.OTHER: _l("Other"),
}

CATEGORY_NAMES = {
    FeeClass.ONE_TIME: ONE_TIME_NAMES,
    FeeClass.OPERATING: OPERATING_NAMES,
    FeeClass.EXTRA: EXTRA_NAMES,
}

UNIT_NAMES = {
    Unit.CONTACT: _l("per contact"),
    Unit.MINUTE: _l("per minute handled"),
    Unit.HOUR: _l("per hour"),
    Unit.FTE_MONTH: _l("per full-time agent and month"),
    Unit.SEAT_MONTH: _l("per seat and month"),
    Unit.MONTH: _l("per month"),
    Unit.OUTCOME: _l("per outcome"),
    Unit.PERCENT: _l("percent of other lines"),
}

# The same as nouns, for sentences, with what one-time and extra lines are counted in besides.
UNIT_NOUNS = {
    "hour": _l("hour"),
    "fte_month": _l("FTE and month"),
    "seat_month": _l("seat and month"),
    "contact": _l("contact"),
    "minute": _l("minute"),
    "month": _l("month"),
    "outcome": _l("result"),
    "percent": _l("percent"),
    "unit": _l("unit"),
    "day": _l("day"),
    "agent": _l("agent"),
    "agents": _l("agents"),
}

TIER_MODE_NAMES = {
    TierMode.GRADUATED: _l("Each band at its own rate"),
    TierMode.ALL_UNITS: _l("Everything at the rate of the band reached"),
}

BILLING_BASIS_NAMES = {
    BillingBasis.HANDLE: _l("Time spent on contacts"),
    BillingBasis.LOGGED_IN: _l("Time logged in"),
    BillingBasis.PAID: _l("Paid time"),
}

AGENT_MODEL_NAMES = {
    AgentModel.DEDICATED: _l("Dedicated agents"),
    AgentModel.SHARED: _l("Shared agents"),
    AgentModel.BLENDED: _l("Blended agents"),
}

STACKING_NAMES = {
    Stacking.ADDITIVE: _l("Percentages add up"),
    Stacking.MULTIPLICATIVE: _l("Percentages compound"),
}

TAX_NAMES = {
    Tax.EXCLUSIVE: _l("Rates without tax"),
    Tax.INCLUSIVE: _l("Rates with tax"),
}

WINDOW_NAMES = {
    "standard": _l("Standard hours"),
    "after_hours": _l("After hours"),
    "weekend": _l("Weekends"),
    "holiday": _l("Public holidays"),
}

FEE_NAMES = {
    **{Fee(category): name for category, name in ONE_TIME_NAMES.items() if category != OneTimeCategory.OTHER},
    **{Fee(category): name for category, name in OPERATING_NAMES.items()},
    Fee.NIGHT: _l("Nights"),
    Fee.WEEKEND: _l("Weekends"),
    Fee.HOLIDAY: _l("Public holidays"),
    Fee.LANGUAGE: _l("Further languages"),
    **{Fee(category): name for category, name in EXTRA_NAMES.items() if category != ExtraCategory.OTHER},
}
