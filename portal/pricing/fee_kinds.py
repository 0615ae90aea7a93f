"""The closed catalogue of fees: everything a vendor of this trade may charge for, so that nothing stays unsaid."""

from __future__ import annotations

from enum import StrEnum


class Fee(StrEnum):
    """One kind of fee. A rate card prices it by a line or says that it is not charged; there is no third answer.

    Most are the categories of lines, by the same names. Night, weekend, holiday and language are told by the filters
    of operating lines.
    """

    CONTRACT = "contract"
    SETUP = "setup"
    INTEGRATION = "integration"
    TRAINING_INITIAL = "training_initial"
    RECRUITMENT = "recruitment"
    RAMP = "ramp"
    EQUIPMENT = "equipment"
    WIND_DOWN = "wind_down"

    LABOUR = "labour"
    TECH_SUPPORT = "tech_support"
    EQUIPMENT_MAINTENANCE = "equipment_maintenance"
    FACILITIES_RENT = "facilities_rent"
    MANAGEMENT = "management"
    LICENCE = "licence"
    TELECOM = "telecom"
    OUTCOME = "outcome"
    NIGHT = "night"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    LANGUAGE = "language"

    EMERGENCY_SURGE = "emergency_surge"
    SERVICE_UPGRADE = "service_upgrade"
    SPECIAL_TRAINING = "special_training"
    CHANGE_ORDER = "change_order"
    CUSTOM_REQUEST = "custom_request"
    EARLY_TERMINATION = "early_termination"
