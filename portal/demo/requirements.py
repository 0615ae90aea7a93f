"""What the demo's buyers ask for: complete answers to every step, dated from the moment they are written."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from portal.needs.criteria import DEFAULT, USUAL_KNOCK_OUTS
from portal.needs.states import Step

_WEEK = ("mon", "tue", "wed", "thu", "fri")
SHOP_HOURS = {**{day: [["08:00", "20:00"]] for day in _WEEK}, "sat": [["09:00", "17:00"]]}
EVENING_HOURS = {
    **{day: [["18:00", "23:00"]] for day in _WEEK},
    **{day: [["09:00", "23:00"]] for day in ("sat", "sun")},
}
OFFICE_HOURS = {day: [["09:00", "18:00"]] for day in _WEEK}
PHONE_80_20 = {"metric": "SL", "value": "80", "minimum": "75", "seconds": 20}
MAIL_IN_4_H = {"metric": "FRT", "value": "90", "minimum": "80", "seconds": 14400}
CHAT_80_30 = {"metric": "SL", "value": "80", "minimum": "70", "seconds": 30}

Answers = dict[Step, dict[str, Any]]


def channel(name: str, monthly: list[str], aht_s: int, *, measured: bool = True) -> dict[str, Any]:
    """A channel with its contacts a month: one figure for all, or twelve."""
    return {
        "channel": name,
        "aht_s": aht_s,
        "concurrency": 2 if name == "chat" else 1,
        "measured": measured,
        "monthly": monthly,
    }


def deadline(now: datetime, days: int, zone: str, hour: int = 17) -> dict[str, Any]:
    """The last step: so many days from now, at a full hour of a zone."""
    local = (now + timedelta(days=days)).astimezone(ZoneInfo(zone)).replace(hour=hour, minute=0, second=0)
    return {"deadline_local": local.replace(tzinfo=None, microsecond=0), "deadline_zone": zone, "min_bids": 2}


def judged_by(must_haves: tuple[int, ...], **rules: Any) -> dict[str, Any]:
    """The evaluation's step: the usual criteria, some of the usual must-haves, and rules that differ from the usual."""
    return {
        "criteria": [one._asdict() | {"title": str(one.title)} for one in DEFAULT],
        "knock_outs": [
            {"title": title, "evidence": proof} for title, proof in map(USUAL_KNOCK_OUTS.__getitem__, must_haves)
        ],
        "rules": rules,
    }


def order_support(now: datetime) -> Answers:
    """Full outsourcing for a furniture shop: phone, e-mail and chat, seasonal volumes."""
    seasons = ("90", "85", "95", "100", "100", "105", "100", "100", "100", "105", "130", "140")
    return {
        Step.GOALS: {
            "title": "Order, delivery and returns support",
            "mode": "full",
            "summary": "All customer contacts of our online shop: orders, deliveries, returns, refunds and complaints."
            " Our own team of eleven moves to product advice in the stores.",
            "goals": ["focus", "quality", "cost"],
            "industry": "retail",
            "service_types": ["enquiry", "after_sales", "complaints"],
            "country": "GB",
        },
        Step.CHANNELS: {
            "channels": [
                channel("phone", [str(int(index) * 62) for index in seasons], 240),
                channel("email", [str(int(index) * 31) for index in seasons], 360),
                channel("chat", [str(int(index) * 18) for index in seasons], 540, measured=False),
            ]
        },
        Step.LANGUAGES: {
            "timezone": "Europe/London",
            "hours": SHOP_HOURS,
            "languages": [
                {"code": "en", "level": "C1", "share": "82"},
                {"code": "de", "level": "C1", "share": "18"},
            ],
        },
        Step.TARGETS: {"targets": {"phone": PHONE_80_20, "email": MAIL_IN_4_H, "chat": CHAT_80_30}},
        Step.MONEY: {
            "currency": "GBP",
            "validity_days": 90,
            "start_on": (now + relativedelta(months=2)).date(),
            "term_months": 24,
            "budget_total_minor": 96_000_000,
            "budget_month_minor": 4_000_000,
            "inhouse_month_minor": 4_650_000,
        },
        Step.DEADLINE: deadline(now, 15, "Europe/London"),
    }


def product_support(now: datetime) -> Answers:
    """Partial outsourcing in Taiwan: evenings and weekends go to the vendor, in Mandarin and Japanese."""
    return {
        Step.GOALS: {
            "title": "戶外用品客服（夜間與假日）",
            "mode": "partial",
            "summary": "平日白天由我們自己的團隊服務，夜間與假日交由合作夥伴，包含商品諮詢、退換貨與日本市場的客服。",
            "goals": ["coverage", "language", "flexibility"],
            "industry": "retail",
            "service_types": ["enquiry", "after_sales", "support_l1"],
            "country": "TW",
            "split_rule": "by_hours",
            "split_note": "平日 18:00 之後與週末由合作夥伴服務",
            "retained": "平日白天的六人團隊與所有門市客服",
        },
        Step.CHANNELS: {
            "channels": [
                channel("phone", ["2600"], 280),
                channel("chat", ["4100"], 480),
                channel("social", ["1500"], 300, measured=False),
            ]
        },
        Step.LANGUAGES: {
            "timezone": "Asia/Taipei",
            "hours": EVENING_HOURS,
            "languages": [
                {"code": "zh_Hant", "level": "native", "share": "85"},
                {"code": "ja", "level": "B2", "share": "15"},
            ],
        },
        Step.TARGETS: {
            "targets": {
                "phone": {"metric": "SL", "value": "80", "minimum": "70", "seconds": 30},
                "chat": CHAT_80_30,
                "social": {"metric": "FRT", "value": "90", "minimum": "80", "seconds": 7200},
            }
        },
        Step.MONEY: {
            "currency": "TWD",
            "validity_days": 90,
            "start_on": (now + relativedelta(months=2)).date(),
            "term_months": 12,
            "budget_total_minor": 1_300_000_000,
            "budget_month_minor": 105_000_000,
            "inhouse_month_minor": 112_000_000,
        },
        Step.DEADLINE: deadline(now, 14, "Asia/Taipei", 18),
    }


def winter_peak(now: datetime) -> Answers:
    """Temporary outsourcing of a peak: four months with a start and an end."""
    start = (now + relativedelta(months=2)).date().replace(day=1)
    end = start + relativedelta(months=4) - timedelta(days=1)
    return {
        Step.GOALS: {
            "title": "Sale season, phone and e-mail",
            "mode": "temporary",
            "summary": "Extra hands for the winter sale. Most contacts ask where a parcel is or how to return it.",
            "goals": ["flexibility", "cost"],
            "industry": "retail",
            "service_types": ["enquiry", "after_sales"],
            "country": "GB",
            "start_on": start,
            "end_on": end,
            "wind_down": "Open cases go back to our own team in the last week; the knowledge base is returned.",
            "data_deletion_on": end + timedelta(days=14),
        },
        Step.CHANNELS: {
            "channels": [
                channel("phone", ["5600"], 200),
                channel("email", ["3100"], 330),
            ]
        },
        Step.LANGUAGES: {
            "timezone": "Europe/London",
            "hours": SHOP_HOURS,
            "languages": [{"code": "en", "level": "C1", "share": "100"}],
        },
        Step.TARGETS: {"targets": {"phone": PHONE_80_20, "email": MAIL_IN_4_H}},
        Step.MONEY: {
            "currency": "GBP",
            "validity_days": 60,
            "budget_total_minor": 17_000_000,
            "budget_month_minor": 4_250_000,
        },
        Step.DEADLINE: deadline(now, 12, "Europe/London"),
        Step.CRITERIA: judged_by((0, 3, 7), quality_minimum=50),
    }


def meter_questions(now: datetime) -> Answers:
    """Full outsourcing for an energy supplier; still open for bids when the demo begins."""
    return {
        Step.GOALS: {
            "title": "Tariff and meter questions",
            "mode": "full",
            "summary": "Phone and e-mail for 180,000 households: tariffs, meter readings, moving home, instalments.",
            "goals": ["quality", "coverage"],
            "industry": "energy",
            "service_types": ["enquiry", "complaints", "back_office"],
            "country": "DE",
        },
        Step.CHANNELS: {"channels": [channel("phone", ["14500"], 310), channel("email", ["6800"], 420)]},
        Step.LANGUAGES: {
            "timezone": "Europe/Berlin",
            "hours": OFFICE_HOURS,
            "languages": [
                {"code": "de", "level": "C1", "share": "95"},
                {"code": "en", "level": "B2", "share": "5"},
            ],
        },
        Step.TARGETS: {
            "targets": {
                "phone": {"metric": "SL", "value": "80", "minimum": "70", "seconds": 30},
                "email": {"metric": "FRT", "value": "90", "minimum": "80", "seconds": 86400},
            }
        },
        Step.MONEY: {
            "currency": "EUR",
            "validity_days": 90,
            "start_on": (now + relativedelta(months=4)).date().replace(day=1),
            "term_months": 24,
            "budget_total_minor": 260_000_000,
            "budget_month_minor": 10_800_000,
        },
        Step.DEADLINE: deadline(now, 12, "Europe/Berlin", 16),
        Step.CRITERIA: judged_by((1, 2, 4), formula="linear", quality_minimum=60, two_envelopes=True, pseudonyms=True),
    }


def unfinished(now: datetime) -> Mapping[Step, dict[str, Any]]:
    """A draft of which only the first steps are written."""
    return {
        Step.GOALS: {
            "title": "Booking changes and cancellations",
            "mode": "partial",
            "summary": "Overnight cover while our team in Maine sleeps.",
            "goals": ["coverage"],
            "industry": "travel",
            "service_types": ["enquiry"],
            "country": "US",
            "split_rule": "by_hours",
            "split_note": "20:00 to 08:00 Eastern time",
            "retained": "Our day team of nine",
        },
        Step.CHANNELS: {"channels": [channel("phone", ["1900"], 360, measured=False)]},
    }
