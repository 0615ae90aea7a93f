"""Buyers of the crowd, and what three of them ask for. All names are invented."""

from datetime import datetime
from typing import Any

from dateutil.relativedelta import relativedelta

from portal.demo.cast import Player, Troupe
from portal.demo.requirements import Answers, channel, deadline
from portal.needs.states import Step

_WEEK = ("mon", "tue", "wed", "thu", "fri")
DAYTIME = {day: [["09:00", "19:00"]] for day in _WEEK}
ALL_DAYS = {day: [["08:00", "22:00"]] for day in (*_WEEK, "sat", "sun")}


def _buyer(
    key: str, name: str, place: tuple[str, str, str], owner: str, legal: str, address: str, locale: str = "en"
) -> Troupe:
    country, zone, currency = place
    return Troupe(
        "buyer", name, country, zone, currency, (Player(owner, f"{key}@demo.test", locale=locale),), legal, "", address
    )


PELLARIN = _buyer(
    "pellarin", "Pellarin Voyages", ("FR", "Europe/Paris", "EUR"), "Hugo Lacombe",
    "Pellarin Voyages SAS", "7 rue Sainte-Catherine\n69001 Lyon",
)  # fmt: skip
QINGTENG = _buyer(
    "qingteng", "青藤家居 Qingteng Home", ("CN", "Asia/Shanghai", "CNY"), "何静怡",
    "青藤家居有限公司", "苏州市工业园区星湖街 328 号", "zh_Hans",
)  # fmt: skip
CHUNHE = _buyer(
    "chunhe", "春禾生活 Chunhe Living", ("TW", "Asia/Taipei", "TWD"), "蔡宜庭",
    "春禾生活股份有限公司", "臺南市東區東門路二段 89 號", "zh_Hant",
)  # fmt: skip
MARLOWE = _buyer(
    "marlowe", "Marlowe Pike Insurance", ("GB", "Europe/London", "GBP"), "Helen Ashdown",
    "Marlowe Pike Insurance plc", "40 Colmore Row\nBirmingham B3 2QD",
)  # fmt: skip
SUNDERBY = _buyer(
    "sunderby", "Sunderby Software", ("SE", "Europe/Stockholm", "SEK"), "Oskar Lindgren",
    "Sunderby Software AB", "Storgatan 12\n972 38 Luleå",
)  # fmt: skip
CALDERA = _buyer(
    "caldera", "Caldera Outfitters", ("US", "America/Denver", "USD"), "Josie Whitehorse",
    "Caldera Outfitters, Inc.", "815 Larimer Street\nDenver, CO 80204",
)  # fmt: skip
MERISAND = _buyer(
    "merisand", "Merisand Parcel", ("SG", "Asia/Singapore", "SGD"), "Wei Ling Goh",
    "Merisand Parcel Pte. Ltd.", "3 Changi Business Park\nSingapore 486051",
)  # fmt: skip
ASHGROVE = _buyer(
    "ashgrove", "Ashgrove Clinics", ("CA", "America/Toronto", "CAD"), "Priya Raman",
    "Ashgrove Clinics Ltd.", "220 Wellington Street\nOttawa, ON K1A 0B1",
)  # fmt: skip
CROWD_BUYERS = (PELLARIN, QINGTENG, CHUNHE, MARLOWE, SUNDERBY, CALDERA, MERISAND, ASHGROVE)


def travel_desk(now: datetime) -> Answers:
    """Partial outsourcing in French and Spanish: the evenings and weekends of a travel agency."""
    return {
        Step.GOALS: {
            "title": "Evening and weekend travel desk",
            "mode": "partial",
            "summary": "Changes and cancellations after our offices close, in French and Spanish.",
            "goals": ["coverage", "language"],
            "industry": "travel",
            "service_types": ["enquiry", "after_sales"],
            "country": "FR",
            "split_rule": "by_hours",
            "split_note": "18:00 to 22:00, and Saturdays and Sundays",
            "retained": "Our day team of fourteen",
        },
        Step.CHANNELS: {"channels": [channel("phone", ["3400"], 330), channel("email", ["1800"], 400)]},
        **_spoken("Europe/Paris", ALL_DAYS, {"fr": ("native", "80"), "es": ("C1", "20")}),
        **_money(now, "EUR", 18, 62_000_000),
        Step.DEADLINE: deadline(now, 21, "Europe/Paris"),
    }


def home_shop(now: datetime) -> Answers:
    """Full outsourcing in Mandarin for a furniture maker."""
    return {
        Step.GOALS: {
            "title": "家居电商全渠道客服",
            "mode": "full",
            "summary": "官网与平台店铺的售前咨询、物流查询、退换货与投诉，大促期间咨询量约为平日两倍。",
            "goals": ["cost", "flexibility"],
            "industry": "retail",
            "service_types": ["enquiry", "after_sales", "complaints"],
            "country": "CN",
        },
        Step.CHANNELS: {"channels": [channel("phone", ["9000"], 240), channel("email", ["2500"], 300)]},
        **_spoken("Asia/Shanghai", ALL_DAYS, {"zh_Hans": ("native", "100")}),
        **_money(now, "CNY", 24, 480_000_000),
        Step.DEADLINE: deadline(now, 18, "Asia/Shanghai", 18),
    }


def claims_line(now: datetime) -> Answers:
    """Full outsourcing of a claims line in Britain."""
    return {
        Step.GOALS: {
            "title": "First notice of loss, household",
            "mode": "full",
            "summary": "Taking down new household claims and answering questions about open ones.",
            "goals": ["quality", "coverage"],
            "industry": "insurance",
            "service_types": ["enquiry", "complaints"],
            "country": "GB",
        },
        Step.CHANNELS: {"channels": [channel("phone", ["7200"], 480), channel("email", ["2600"], 420)]},
        **_spoken("Europe/London", DAYTIME, {"en": ("native", "100")}),
        **_money(now, "GBP", 36, 390_000_000),
        Step.DEADLINE: deadline(now, 25, "Europe/London", 12),
    }


def _spoken(zone: str, hours: dict[str, Any], languages: dict[str, tuple[str, str]]) -> Answers:
    """Languages with level and share, when they are spoken, and the usual targets of phone and e-mail."""
    spoken = [{"code": code, "level": level, "share": share} for code, (level, share) in languages.items()]
    targets = {
        "phone": {"metric": "SL", "value": "80", "minimum": "70", "seconds": 30},
        "email": {"metric": "FRT", "value": "90", "minimum": "80", "seconds": 28800},
    }
    return {
        Step.LANGUAGES: {"timezone": zone, "hours": hours, "languages": spoken},
        Step.TARGETS: {"targets": targets},
    }


def _money(now: datetime, currency: str, months: int, total_minor: int) -> Answers:
    return {
        Step.MONEY: {
            "currency": currency,
            "validity_days": 90,
            "start_on": (now + relativedelta(months=4)).date().replace(day=1),
            "term_months": months,
            "budget_total_minor": total_minor,
            "budget_month_minor": total_minor // months,
        }
    }
