"""The measures Switchboard knows, with formulas in the names of the reported data items."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.measures.definitions import Aggregation, Direction, Measure, Unit, Variant, as_reported, count_of, percent

LOWER, HIGHER, RANGE = Direction.LOWER, Direction.HIGHER, Direction.RANGE
HANDLE_S = {"talk_s": 1, "hold_s": 1, "acw_s": 1}


def _response_times(measure: str, done: str, due: str) -> tuple[Variant, ...]:
    """On-time share, and median and 90th percentile as the vendor reported them."""
    return (
        percent({done: 1}, {due: 1}, f"{done} / {due}", code="on_time"),
        as_reported("median", f"{measure}_median_h", "median of all items", Unit.HOURS, LOWER),
        as_reported("p90", f"{measure}_p90_h", "90th percentile of all items", Unit.HOURS, LOWER),
    )


_REACHING = (
    Measure(
        "SL",
        _l("Service level"),
        (
            percent(
                {"ans_in_T": 1},
                {"answered": 1, "abandoned": 1, "abandoned_in_T": -1},
                "ans_in_T / (answered + abandoned after T)",
                code="C",
            ),
            percent({"ans_in_T": 1}, {"offered": 1}, "ans_in_T / offered", code="A"),
            percent({"ans_in_T": 1}, {"answered": 1}, "ans_in_T / answered", code="B"),
        ),
        typical="80/20 phone, 80/30 chat",
    ),
    Measure(
        "ASA",
        _l("Average speed of answer"),
        (
            Variant(
                "standard",
                "wait_answered_s / answered",
                {"wait_answered_s": 1},
                {"answered": 1},
                unit=Unit.SECONDS,
                direction=LOWER,
            ),
        ),
        typical="≤ 20-30",
    ),
    Measure(
        "ABN",
        _l("Abandonment"),
        (
            percent({"abandoned": 1}, {"offered": 1}, "abandoned / offered", direction=LOWER),
            percent(
                {"abandoned": 1, "short": -1},
                {"offered": 1, "short": -1},
                "(abandoned - short) / (offered - short)",
                code="adjusted",
                direction=LOWER,
            ),
        ),
        typical="≤ 5",
    ),
    Measure("FRT", _l("First response time"), _response_times("frt", "within_frt", "due_frt"), typical="90 %"),
    Measure("TTR", _l("Resolution time"), _response_times("ttr", "within_ttr", "due_ttr"), typical="90 % in 48 h"),
    Measure(
        "BKL",
        _l("Backlog"),
        (count_of("backlog_end", "open items at the end", direction=LOWER, aggregation=Aggregation.LAST),),
        typical="≤ 1 day of inflow",
        precision=0,
    ),
    Measure(
        "AUT",
        _l("Automation"),
        (percent({"bot_closed": 1}, {"bot_entered": 1}, "bot_closed / bot_entered"),),
    ),
    Measure(
        "AVL",
        _l("System availability"),
        (percent({"service_min": 1, "down_min": -1}, {"service_min": 1}, "1 - down_min / service_min"),),
        typical="≥ 99.5",
    ),
)

_WORK = (
    Measure(
        "AHT",
        _l("Handle time"),
        (
            Variant(
                "standard",
                "(talk_s + hold_s + acw_s) / handled",
                HANDLE_S,
                {"handled": 1},
                unit=Unit.SECONDS,
                direction=RANGE,
            ),
        ),
        typical="± 10 % of plan",
    ),
    Measure(
        "OCC",
        _l("Occupancy"),
        (
            percent(
                HANDLE_S,
                {"login_h": 3600, "aux_h": -3600},
                "(talk_s + hold_s + acw_s) / (login_s - aux_s)",
                direction=RANGE,
            ),
        ),
        typical="75-88",
    ),
    Measure(
        "SHR",
        _l("Shrinkage"),
        (percent({"paid_h": 1, "available_h": -1}, {"paid_h": 1}, "1 - available_h / paid_h", direction=LOWER),),
        typical="27-33",
    ),
    Measure(
        "ADH",
        _l("Schedule adherence"),
        (percent({"adherent_min": 1}, {"scheduled_min": 1}, "adherent_min / scheduled_min"),),
        typical="≥ 90",
    ),
    Measure(
        "PRD",
        _l("Productivity"),
        (Variant("standard", "handled / paid_h", {"handled": 1}, {"paid_h": 1}, unit=Unit.PER_HOUR),),
    ),
    Measure(
        "ATT",
        _l("Attrition"),
        (
            percent({"leavers": 1}, {"headcount_avg": 1}, "leavers / headcount_avg", code="period", direction=LOWER),
            Variant(
                "annualised",
                "leavers / headcount_avg x 12 / months",
                {"leavers": 1},
                {"headcount_avg": 1},
                scale=1200,
                direction=LOWER,
                per="months",
            ),
        ),
        typical="≤ 30 a year",
    ),
    Measure(
        "FCA",
        _l("Forecast accuracy"),
        (percent({"offered": 1, "forecast_error": -1}, {"offered": 1}, "1 - Σ|offered - forecast| / Σ offered"),),
        typical="≥ 90",
    ),
)

_QUALITY = (
    Measure(
        "FCR",
        _l("First contact resolution"),
        (percent({"resolved_first": 1}, {"resolvable": 1}, "resolved_first / resolvable"),),
        typical="70-75",
    ),
    Measure(
        "ROP",
        _l("Reopen rate"),
        (percent({"reopened": 1}, {"solved": 1}, "reopened / solved", direction=LOWER),),
        typical="≤ 5",
    ),
    Measure(
        "TRF",
        _l("Transfer rate"),
        (percent({"transferred": 1}, {"handled": 1}, "transferred / handled", direction=LOWER),),
        typical="≤ 10",
    ),
    Measure(
        "ESC",
        _l("Escalation rate"),
        (percent({"escalated": 1}, {"handled": 1}, "escalated / handled", direction=LOWER),),
        typical="≤ 10",
    ),
    Measure(
        "RPT",
        _l("Repeat contacts"),
        (percent({"repeats_7d": 1}, {"contacts": 1}, "repeats_7d / contacts", direction=LOWER),),
        typical="≤ 15",
    ),
    Measure(
        "QA",
        _l("Quality score"),
        (percent({"qa_points": 1}, {"qa_applicable": 1}, "qa_points / qa_applicable"),),
        typical="≥ 90",
        min_sample=20,
        sample="audits",
    ),
    Measure(
        "CRE",
        _l("Critical errors"),
        (percent({"audits_critical": 1}, {"audits": 1}, "audits_critical / audits", direction=LOWER),),
        typical="≤ 2",
        min_sample=20,
        sample="audits",
    ),
    Measure(
        "CMP",
        _l("Complaint rate"),
        (
            Variant(
                "standard",
                "complaints / handled x 1000",
                {"complaints": 1},
                {"handled": 1},
                scale=1000,
                unit=Unit.PER_MILLE,
                direction=LOWER,
            ),
        ),
        typical="≤ 2",
    ),
    Measure(
        "INC",
        _l("Security incidents"),
        (count_of("incidents", "incidents in the period", direction=LOWER),),
        typical="0",
        precision=0,
    ),
)

_CUSTOMERS = (
    Measure(
        "CSAT",
        _l("Customer satisfaction"),
        (percent({"csat_satisfied": 1}, {"csat_answers": 1}, "answers of 4 and 5 / answers"),),
        typical="≥ 85",
        min_sample=30,
        sample="csat_answers",
    ),
    Measure(
        "NPS",
        _l("Net promoter score"),
        (
            Variant(
                "standard",
                "(promoters - detractors) / answers x 100",
                {"nps_promoters": 1, "nps_detractors": -1},
                {"nps_answers": 1},
                scale=100,
                unit=Unit.POINTS,
            ),
        ),
        typical="≥ 30",
        min_sample=30,
        sample="nps_answers",
    ),
    Measure(
        "CES",
        _l("Customer effort score"),
        (
            Variant(
                "standard",
                "sum of scores / answers",
                {"ces_sum": 1},
                {"ces_answers": 1},
                unit=Unit.SCALE_1_7,
            ),
        ),
        typical="≥ 5.5",
        min_sample=30,
        sample="ces_answers",
    ),
)

_COST = (
    Measure(
        "CPC",
        _l("Cost per contact"),
        (
            Variant(
                "standard",
                "invoice_total / handled",
                {"invoice_total": 1},
                {"handled": 1},
                unit=Unit.MONEY,
                direction=LOWER,
            ),
        ),
        precision=4,
    ),
    Measure(
        "CPR",
        _l("Cost per resolution"),
        (
            Variant(
                "standard",
                "invoice_total / resolved",
                {"invoice_total": 1},
                {"resolved": 1},
                unit=Unit.MONEY,
                direction=LOWER,
            ),
        ),
        precision=4,
    ),
)

CATALOGUE = {one.code: one for one in (*_REACHING, *_WORK, *_QUALITY, *_CUSTOMERS, *_COST)}
"""All measures by code, in the order pages list them."""


def measure(code: str) -> Measure:
    """The measure `code`.

    :raises LookupError: for a code that is not in the catalogue
    """
    if code not in CATALOGUE:
        raise LookupError(f"{code!r} is not a measure of the catalogue")
    return CATALOGUE[code]
