"""Rate cards of the crowd: every way to charge that the trade knows, in many currencies. They are not market prices."""

from collections.abc import Callable
from typing import Any

from portal.demo.rate_cards import Rates

PER_POUND = {
    "GBP": "1", "EUR": "1.18", "USD": "1.27", "TWD": "41", "CNY": "9.1", "HKD": "9.9", "JPY": "190", "SGD": "1.7",
    "MYR": "5.7", "PHP": "72", "INR": "106", "ZAR": "23", "MXN": "23", "PLN": "5.05", "RON": "5.9", "CAD": "1.74",
    "KRW": "1730", "THB": "44", "SEK": "13.2", "AUD": "1.93",
}  # fmt: skip
"""What a pound is worth in the demo: invented round figures near those of the mid-2020s."""

Line = dict[str, Any]
DESCRIBED_BY = {"one_time": "note", "operating": "description", "extra": "trigger_text"}
"""By what name a line of each kind carries its words."""
WORDS = {
    "en": {
        "CONTRACT": "Contract", "INTEGRATION": "Ticketing and telephony; each further system at the same rate",
        "TRAINING": "Initial training, eight agents to begin with", "HIRING": "Finding and testing each agent",
        "AGENT": "Agent hour, logged in", "NIGHT": "Surcharge for nights", "HOLIDAY": "Surcharge for public holidays",
        "CONTACT": "Contact handled", "MINUTE": "Minute handled", "FTE": "Dedicated agent and month",
        "LEADER": "Team leader", "BUNDLE": "All contacts of the channels offered", "PLATFORM": "Platform and licences",
        "SURGE": "More than 15 % above the forecast", "CHANGE": "Work outside the agreement",
    },
    "zh_Hant": {
        "CONTRACT": "合約簽訂", "INTEGRATION": "工單與電話系統；其他系統費率相同",
        "TRAINING": "初始培訓，以八位客服計", "HIRING": "每位客服之招募與測驗",
        "AGENT": "客服登入時數", "NIGHT": "夜間加成", "HOLIDAY": "國定假日加成",
        "CONTACT": "已處理案件", "MINUTE": "處理分鐘", "FTE": "專屬客服人月",
        "LEADER": "組長", "BUNDLE": "所提供通路之全部案件", "PLATFORM": "平台與授權",
        "SURGE": "超出預測量 15 % 以上", "CHANGE": "協議範圍外之工作",
    },
    "zh_Hans": {
        "CONTRACT": "合同签订", "INTEGRATION": "工单与电话系统；其他系统费率相同",
        "TRAINING": "初始培训，以八名客服计", "HIRING": "每名客服的招聘与测试",
        "AGENT": "客服登录工时", "NIGHT": "夜间加价", "HOLIDAY": "法定节假日加价",
        "CONTACT": "已处理咨询", "MINUTE": "处理分钟", "FTE": "专属客服人月",
        "LEADER": "组长", "BUNDLE": "所提供渠道的全部咨询", "PLATFORM": "平台与许可",
        "SURGE": "超出预测量 15 % 以上", "CHANGE": "协议范围外的工作",
    },
}  # fmt: skip


def crowd_card(currency: str, model: str, level: str, hours: int, language: str) -> Line:
    """A card in which a vendor charges by `model`, `level` times as dear as the demo's first one.

    Training is charged by the hour; `hours` of it an agent stand in the quantity for eight agents. Lines are described
    in `language`.
    """
    card = _plain(Rates(PER_POUND[currency], level), model, hours)
    for group, name in DESCRIBED_BY.items():
        card[group] = [{**line, name: WORDS[language][line["code"]]} for line in card[group]]
    return {"currency": currency, **card}


def _plain(rate: Rates, model: str, hours: int) -> dict[str, list[Line]]:
    return {
        "one_time": [
            {"code": "CONTRACT", "category": "contract", "qty": "1", "rate": rate("1600")},
            {
                "code": "INTEGRATION", "category": "integration", "unit": "system", "qty": "2", "rate": rate("3400"),
            },
            {
                "code": "TRAINING", "category": "training_initial", "unit": "hour", "qty": str(8 * hours),
                "rate": rate("8.20"),
            },
            {"code": "HIRING", "category": "recruitment", "unit": "agent", "qty": "8", "rate": rate("210")},
        ],
        "operating": [*MODELS[model](rate), _platform(rate)],
        "extra": [
            {
                "code": "SURGE", "category": "emergency_surge", "unit": "hour", "qty": "30", "rate": rate("25.50"),
                "probability": "0.4", "months": [3],
            },
            {
                "code": "CHANGE", "category": "change_order", "unit": "day", "qty": "3", "rate": rate("360"),
                "probability": "0.5", "months": [4],
            },
        ],
    }  # fmt: skip


def _platform(rate: Rates) -> Line:
    return {
        "code": "PLATFORM", "unit": "month", "category": "licence", "rate": rate("780"), "indexed": False,
    }  # fmt: skip


def _hour(rate: Rates) -> list[Line]:
    return [
        {
            "code": "AGENT", "unit": "hour", "rate": rate("17.40"), "billing_basis": "logged_in",
            "billing_occupancy": "0.82",
        },
        _surcharge("NIGHT", "after_hours", "18"),
        _surcharge("HOLIDAY", "holiday", "50"),
    ]  # fmt: skip


def _surcharge(code: str, window: str, pct: str) -> Line:
    return {"code": code, "unit": "percent", "pct": pct, "applies_to": ["AGENT"], "filter": {"window": [window]}}


def _contact(rate: Rates) -> list[Line]:
    tiers = [
        {"to": "4000", "rate": rate("2.75")},
        {"to": "12000", "rate": rate("2.45")},
        {"to": None, "rate": rate("2.15")},
    ]
    return [{"code": "CONTACT", "unit": "contact", "tiers": tiers}]


def _all_units(rate: Rates) -> list[Line]:
    (line,) = _contact(rate)
    return [{**line, "tier_mode": "all_units"}]


def _minute(rate: Rates) -> list[Line]:
    return [{"code": "MINUTE", "unit": "minute", "rate": rate("0.46"), "increment_s": "6"}]


def _fte(rate: Rates) -> list[Line]:
    return [
        {"code": "FTE", "unit": "fte_month", "rate": rate("2440"), "agent_model": "dedicated"},
        {"code": "LEADER", "unit": "month", "category": "management", "rate": rate("1350")},
    ]


def _month(rate: Rates) -> list[Line]:
    return [{"code": "BUNDLE", "unit": "month", "rate": rate("6900")}]


MODELS: dict[str, Callable[[Rates], list[Line]]] = {
    "hour": _hour,
    "contact": _contact,
    "all_units": _all_units,
    "minute": _minute,
    "fte": _fte,
    "month": _month,
}
