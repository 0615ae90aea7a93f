"""The names of what a version of a requirement says, in words a reader understands, for pages and notices."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.needs.differences import REQUIREMENT, Change

PART_NAMES = {
    REQUIREMENT: _l("The requirement"),
    "channels": _l("Channels and volumes"),
    "criteria": _l("Criteria"),
    "knock_outs": _l("Must-haves"),
    "rules": _l("How bids are ranked"),
    "scenarios": _l("The forecast bids are priced over"),
}

FIELD_NAMES: dict[tuple[str, str], Any] = {
    (REQUIREMENT, "title"): _l("Title"),
    (REQUIREMENT, "summary"): _l("What is needed"),
    (REQUIREMENT, "mode"): _l("Form of outsourcing"),
    (REQUIREMENT, "goals"): _l("Goals"),
    (REQUIREMENT, "industry"): _l("Industry"),
    (REQUIREMENT, "service_types"): _l("The contacts are about"),
    (REQUIREMENT, "country"): _l("Customers in"),
    (REQUIREMENT, "currency"): _l("Currency"),
    (REQUIREMENT, "start_on"): _l("Start"),
    (REQUIREMENT, "end_on"): _l("End"),
    (REQUIREMENT, "term_months"): _l("Months"),
    (REQUIREMENT, "timezone"): _l("Time zone of these hours"),
    (REQUIREMENT, "hours"): _l("Opening hours"),
    (REQUIREMENT, "is_24x7"): _l("Around the clock, every day"),
    (REQUIREMENT, "languages"): _l("Languages"),
    (REQUIREMENT, "split_rule"): _l("Divided"),
    (REQUIREMENT, "split_note"): _l("How exactly"),
    (REQUIREMENT, "retained"): _l("The buyer's own team keeps"),
    (REQUIREMENT, "wind_down"): _l("Winding down"),
    (REQUIREMENT, "data_deletion_on"): _l("Data deleted by"),
    (REQUIREMENT, "deadline_at"): _l("Bids until"),
    (REQUIREMENT, "validity_days"): _l("Bids stay valid"),
    (REQUIREMENT, "min_bids"): _l("Least number of bids"),
    (REQUIREMENT, "agreed"): _l("Agreed in addition"),
    ("channels", "channel"): _l("Channel"),
    ("channels", "aht_s"): _l("Handle time, s"),
    ("channels", "concurrency"): _l("Chats at once"),
    ("channels", "monthly"): _l("Contacts a month"),
    ("channels", "source"): _l("Where the volumes come from"),
    ("channels", "measured"): _l("Measured, not estimated"),
    ("channels", "file_findings"): _l("Pattern read from a file"),
    ("channels", "growth_pct"): _l("Growth a year"),
    ("channels", "weekdays"): _l("Weekdays"),
    ("channels", "day_profile"): _l("Hours of the day"),
    ("channels", "seasons"): _l("Seasons"),
    ("channels", "target_metric"): _l("Service target"),
    ("channels", "target_value"): _l("Target"),
    ("channels", "target_minimum"): _l("Minimum"),
    ("channels", "target_seconds"): _l("Within, s"),
    ("criteria", "title"): _l("Name"),
    ("criteria", "description"): _l("What it looks at"),
    ("criteria", "weight"): _l("Weight"),
    ("criteria", "kind"): _l("Judged"),
    ("criteria", "minimum"): _l("Least score"),
    ("criteria", "position"): _l("Place in the list"),
    ("criteria", "anchors"): _l("What each score means"),
    ("knock_outs", "title"): _l("Must-have"),
    ("knock_outs", "evidence"): _l("Proof"),
    ("knock_outs", "position"): _l("Place in the list"),
    ("rules", "formula"): _l("Price formula"),
    ("rules", "budget_minor"): _l("The price that gets no points"),
    ("rules", "floor_minor"): _l("The price that gets all points"),
    ("rules", "tie_rule"): _l("When bids are level"),
    ("rules", "quality_minimum"): _l("Least quality of all"),
    ("rules", "two_envelopes"): _l("Prices are opened"),
    ("rules", "pseudonyms"): _l("Names of the bidders"),
    ("rules", "consensus"): _l("Scores two or more apart"),
    ("rules", "price_basis"): _l("Price that counts"),
}
"""By part and column. A column of the content that is missing here fails a test."""

ADDED_BY_REFINEMENT = frozenset({(REQUIREMENT, "agreed")})
"""What only a version that both sides refined says."""

UNSHOWN = frozenset(
    {
        (REQUIREMENT, "deadline_local"),
        (REQUIREMENT, "deadline_zone"),  # said by the deadline itself
        ("criteria", "code"),  # by which the row is known
    }
)
"""Columns of the content that say nothing of their own to a reader."""


def names_of(changes: Iterable[Change]) -> list[Any]:
    """What changed, each thing named once: fields of the requirement by name, rows by the part they belong to."""
    found: list[Any] = []
    for change in changes:
        if (change.part, change.field) in UNSHOWN:
            continue
        if change.part == REQUIREMENT:
            name = FIELD_NAMES.get((change.part, change.field), PART_NAMES[REQUIREMENT])
        else:
            name = PART_NAMES.get(change.part, PART_NAMES[REQUIREMENT])
        if name not in found:
            found.append(name)
    return found
