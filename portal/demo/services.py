"""What each vendor offers: a profile, one service, and the rate card it is priced by."""

from dataclasses import dataclass
from typing import Any

from portal.demo import cast
from portal.demo.cast import Troupe
from portal.demo.rate_cards import card

_WEEK = ("mon", "tue", "wed", "thu", "fri")
OFFICE = {day: [["08:00", "20:00"]] for day in _WEEK}
LONG = {day: [["07:00", "23:00"]] for day in (*_WEEK, "sat", "sun")}
ALWAYS = {day: [["00:00", "24:00"]] for day in (*_WEEK, "sat", "sun")}


@dataclass(frozen=True, slots=True)
class Offer:
    """A vendor's profile and service."""

    vendor: Troupe
    profile: dict[str, Any]
    service: dict[str, Any]
    card_name: str
    document: dict[str, Any]


def _offer(
    vendor: Troupe,
    *,
    headline: str,
    about: str,
    size: tuple[int, int, int],
    city: str,
    languages: dict[str, str],
    industries: list[str],
    title: str,
    summary: str,
    channels: list[str],
    modes: list[str],
    hours: dict[str, Any],
    document: dict[str, Any],
) -> Offer:
    """`size` is the year founded, agents, free seats."""
    spoken = [{"code": code, "level": level} for code, level in languages.items()]
    founded, agents, free = size
    site = {"city": city, "country": vendor.country, "timezone": vendor.timezone, "seats": agents}
    return Offer(
        vendor,
        profile={
            "headline": headline,
            "description": about,
            "founded": founded,
            "agents": agents,
            "seats_free": free,
            "sites": [site],
            "languages": spoken,
            "industries": industries,
        },
        service={
            "title": title,
            "summary": summary,
            "description": about,
            "modes": modes,
            "channels": channels,
            "languages": spoken,
            "industries": industries,
            "countries": [],
            "hours": hours,
            "timezone": vendor.timezone,
            "minimum_agents": 8,
            "minimum_months": 3,
            "lead_days": 45,
        },
        card_name=f"{document['currency']} 2026",
        document=document,
    )


OFFERS = (
    _offer(
        cast.KESTRELWAY,
        headline="Retail support from Kraków, in four languages",
        about="Dedicated teams for online shops. One team leader for twelve agents, eight quality checks per agent and"
        " month, and a trainer who stays with the team after go-live.",
        size=(2011, 420, 46),
        city="Kraków",
        languages={"en": "C2", "pl": "native", "de": "C1", "cs": "C1"},
        industries=["retail", "electronics"],
        title="Order, delivery and returns support",
        summary="Phone, e-mail and chat for online shops, from order questions to refunds.",
        channels=["phone", "email", "chat"],
        modes=["full", "partial", "temporary"],
        hours=LONG,
        document=card("GBP"),
    ),
    _offer(
        cast.LINGHE,
        headline="臺中的客服團隊，服務中文、英文與日文客戶",
        about="專屬客服團隊，每位客服每月抽檢八通。電話、電子郵件與線上聊天由同一組人處理，旺季可在兩週內增加人力。",
        size=(2014, 180, 64),
        city="臺中",
        languages={"zh_Hant": "native", "en": "C1", "ja": "B2"},
        industries=["electronics", "retail"],
        title="電商與電子產品客服 Mandarin and English support",
        summary="電話、電子郵件、線上聊天與社群媒體，含退換貨與技術支援。",
        channels=["phone", "email", "chat", "social"],
        modes=["full", "partial", "temporary"],
        hours=ALWAYS,
        document=card("TWD", "41", "contact"),
    ),
    _offer(
        cast.VELLARO,
        headline="Multilingual teams in Porto",
        about="Agents who live in Porto and answer in their first language. Blended phone and e-mail, with weekly"
        " calibration between our quality team and yours.",
        size=(2016, 240, 52),
        city="Porto",
        languages={"en": "C2", "de": "C1", "pt": "native", "es": "C1"},
        industries=["retail", "travel"],
        title="Blended support in Western European languages",
        summary="Phone, e-mail and social media by agents who write as well as they speak.",
        channels=["phone", "email", "social"],
        modes=["full", "partial"],
        hours=OFFICE,
        document=card("GBP", "1", "hour", "0.96"),
    ),
    _offer(
        cast.OSTERMERE,
        headline="Service from Leeds, close to your own team",
        about="Onshore teams for companies that want to visit. Every agent spends two days in the buyer's shop or"
        " office before the first call.",
        size=(2008, 310, 40),
        city="Leeds",
        languages={"en": "native", "de": "B2"},
        industries=["retail", "insurance", "energy"],
        title="Onshore customer service",
        summary="All four channels from Yorkshire, seven days a week.",
        channels=["phone", "email", "chat", "social"],
        modes=["full", "partial", "temporary"],
        hours=LONG,
        document=card("GBP", "1", "fte", "1.12"),
    ),
    _offer(
        cast.BAYLARK,
        headline="Round-the-clock English support from Cebu",
        about="Shared and dedicated teams for travel and software companies, with a second site for continuity.",
        size=(2012, 900, 120),
        city="Cebu City",
        languages={"en": "C2", "tl": "native"},
        industries=["travel", "software", "telecom"],
        title="24-hour English support",
        summary="Phone, e-mail and chat around the clock, with ramp-up in three weeks.",
        channels=["phone", "email", "chat"],
        modes=["full", "partial", "temporary"],
        hours=ALWAYS,
        document=card("USD", "1.27", "hour", "0.62"),
    ),
    _offer(
        cast.NORDSVAR,
        headline="Nordic languages for energy and public services",
        about="Small stable teams in Umeå. Attrition below ten percent, and agents who know tariffs and meters.",
        size=(2005, 95, 18),
        city="Umeå",
        languages={"sv": "native", "no": "C1", "da": "C1", "en": "C2", "fi": "C1"},
        industries=["energy", "public"],
        title="Nordic customer service",
        summary="Phone and e-mail in Swedish, Norwegian, Danish and Finnish.",
        channels=["phone", "email"],
        modes=["full", "partial"],
        hours=OFFICE,
        document=card("EUR", "1.18", "fte", "1.25"),
    ),
    _offer(
        cast.HUAYIN,
        headline="成都客服中心，专注零售与游戏",
        about="三百名客服，覆盖电话、在线聊天与社交媒体。质检与培训由独立团队负责，每月提供质量报告。",
        size=(2013, 300, 90),
        city="成都",
        languages={"zh_Hans": "native", "en": "B2"},
        industries=["retail", "games"],
        title="零售与游戏客服 Mandarin support",
        summary="电话、在线聊天与社交媒体，按件计价，旺季可快速增员。",
        channels=["phone", "chat", "social"],
        modes=["full", "partial", "temporary"],
        hours=ALWAYS,
        document=card("TWD", "41", "contact", "0.85"),
    ),
    _offer(
        cast.TORIKO,
        headline="Japanese and English support from Sapporo",
        about="Courteous, exact, and documented: every contact reason has a script that the buyer has approved.",
        size=(2010, 150, 22),
        city="Sapporo",
        languages={"ja": "native", "en": "C1"},
        industries=["electronics", "travel"],
        title="Japanese customer service",
        summary="Phone, e-mail and chat in Japanese, with English for escalations.",
        channels=["phone", "email", "chat"],
        modes=["full", "partial"],
        hours=LONG,
        document=card("EUR", "1.18", "contact", "1.3"),
    ),
)
