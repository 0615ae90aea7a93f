"""What the vendors' profiles hold beyond the offer: facts, certificates that staff saw, references with answers."""

import uuid
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import text

from portal.accounts.actor import Actor
from portal.catalog.actions.calendar import add_closure, set_availability
from portal.catalog.actions.certificates import add_certificate
from portal.catalog.actions.profile import save_private, save_profile
from portal.catalog.actions.references import add_reference, answer_reference, ask_contact, show_comment
from portal.catalog.actions.verify import verify_certificate
from portal.catalog.certificate_files import check_document
from portal.catalog.profile_queries import reference_for
from portal.catalog.queries import profile_for
from portal.demo import cast
from portal.demo.cast import Troupe
from portal.demo.stage import act, within
from portal.kit import tenancy
from portal.kit.db import db
from portal.kit.documents import render_pdf

TESTED_AGO = timedelta(days=420)
"""The last penetration test before the story begins."""
_PAPER = """
#set page(paper: "a4", margin: 30mm)
#let data = json(bytes(sys.inputs.data))
#set document(title: data.title)
#text(size: 20pt, weight: "bold", data.title)
#v(8mm)
#for (name, value) in data.facts [*#name:* #value \\
]
#v(12mm)
Specimen for a demonstration. No certification body has issued it.
"""


@dataclass(frozen=True, slots=True)
class Paper:
    """A certificate: how many days it is valid from today, and how far its checking has come."""

    code: str
    issuer: str
    days: int
    state: str = "verified"
    scope: str = "Customer service by phone, e-mail and chat"


@dataclass(frozen=True, slots=True)
class Told:
    """A reference; `answer` is "" for one whose link nobody used, None for one that was never asked about."""

    customer: str
    industry: str
    started: str
    scope: str
    results: str
    answer: str | None = "confirmed"
    comment: str = ""
    is_anonymous: bool = False
    ended: str = ""


@dataclass(frozen=True, slots=True)
class More:
    """What a vendor's profile holds beyond its offer."""

    facts: dict[str, Any] = field(default_factory=dict)
    papers: tuple[Paper, ...] = ()
    references: tuple[Told, ...] = ()


def complete(troupe: Troupe, vendor: Actor, moderator: Actor, today: date, more: More | None = None) -> None:
    """Fill in a vendor's profile: facts, contact, certificates with their documents, references with their answers."""
    more = more or MORE.get(troupe.name, _plain(troupe))

    def fill_in() -> None:
        profile = profile_for(vendor)
        assert profile is not None
        facts = {"legal_name": troupe.legal_name, "hours_timezone": troupe.timezone} | more.facts
        if "security" in facts:
            facts["security"] = {**facts["security"], "pen_test_on": (today - TESTED_AGO).isoformat()}
        languages = [dict(one, site=profile.sites[0]["city"]) for one in profile.languages]
        experience = more.facts.get("experience") or [
            {"industry": one, "years": 5 + 2 * place, "clients": "", "largest": 24 + 12 * place}
            for place, one in enumerate(profile.industries)
        ]
        values = {"languages": languages} | facts | {"experience": experience}
        save_profile(vendor, values=values, version=profile.version)
        contact = {"name": troupe.owner.name, "role": "", "email": troupe.owner.email, "phone": ""}
        save_private(vendor, values={"contacts": [contact]}, version=0)

    act(vendor, fill_in)
    for paper in more.papers:
        _certify(troupe, vendor, moderator, paper, today)
    for told in more.references:
        _refer(vendor, told)


def plan_ahead(vendor: Actor, today: date) -> None:
    """Seats that become free, and days on which nobody is there."""

    def plan() -> None:
        set_availability(vendor, from_on=today, seats=46)
        set_availability(vendor, from_on=today + timedelta(days=30), seats=72)
        set_availability(vendor, from_on=today + timedelta(days=75), seats=30)
        add_closure(
            vendor, first_on=today + timedelta(days=60), last_on=today + timedelta(days=61), reason="Move to new rooms"
        )

    act(vendor, plan)


def _certify(troupe: Troupe, vendor: Actor, moderator: Actor, paper: Paper, today: date) -> None:
    valid_to = today + timedelta(days=paper.days)
    number = f"SB-{paper.code.upper()}-{uuid.uuid5(uuid.NAMESPACE_DNS, troupe.name).hex[:6].upper()}"
    values = {
        "code": paper.code,
        "number": number,
        "scope": paper.scope,
        "issuer": paper.issuer,
        "valid_to": valid_to,
    }

    def add() -> tuple[uuid.UUID, int]:
        document = None
        if paper.state != "self_declared":
            facts = {"Number": number, "Scope": paper.scope, "Valid until": valid_to.isoformat()}
            document = check_document(render_pdf(_PAPER, {"facts": facts}, title=paper.issuer), f"{paper.code}.pdf")
        certificate = add_certificate(vendor, values=values, document=document)
        return certificate.id, certificate.version

    certificate_id, version = act(vendor, add)
    if paper.state == "verified":
        act(
            moderator,
            lambda: verify_certificate(moderator, certificate_id, valid_to=valid_to, version=version) and None,
        )


def _refer(vendor: Actor, told: Told) -> None:
    values = {
        "customer": told.customer,
        "is_anonymous": told.is_anonymous,
        "industry": told.industry,
        "started": told.started,
        "ended": told.ended,
        "scope": told.scope,
        "results": told.results,
    }

    def add() -> tuple[uuid.UUID, int]:
        reference = add_reference(vendor, values=values)
        return reference.id, reference.version

    reference_id, version = act(vendor, add)
    if told.answer is None:
        return
    email = f"contact@{uuid.uuid5(uuid.NAMESPACE_DNS, told.customer).hex[:8]}.test"
    act(
        vendor,
        lambda: (
            ask_contact(vendor, reference_id, name="Head of service", email=email, language="en", version=version)
            and None
        ),
    )
    if not told.answer:
        return
    verdict, token = told.answer, within(tenancy.staff(), _token_of_last_request)
    within(tenancy.PUBLIC, lambda: answer_reference(token, verdict=verdict, comment=told.comment))
    if told.comment:

        def show() -> None:
            reference = reference_for(vendor, reference_id)
            show_comment(vendor, reference_id, shown=True, version=reference.version)

        act(vendor, show)


def _token_of_last_request() -> str:
    """The link of the request just sent, read from its letter as its reader would."""
    query = (
        "SELECT c.params ->> 'path' FROM mails m, LATERAL mail_content(m.id) c"
        " WHERE m.kind = 'reference_request' ORDER BY m.id DESC LIMIT 1"
    )
    path: str = db.session.execute(text(query)).scalar_one()
    return path.rpartition("/")[2]


def _plain(troupe: Troupe) -> More:
    """What the smaller vendors filled in: enough to be compared, not everything."""
    return More(
        facts={
            "ownership": "private",
            "employees": 120,
            "ramp_per_month": 8,
            "service_types": ["enquiry", "after_sales"],
            "modes": ["full", "partial"],
            "agent_models": ["dedicated", "shared"],
            "technology": ["api", "data_export"],
            "quality": {"samples": 4, "rhythm": "monthly", "initial_hours": 60},
        },
        papers=(Paper("iso9001", "Norvale Certification", 500, "self_declared"),) if troupe.country != "GB" else (),
    )


_KESTRELWAY = More(
    facts={
        "trading_name": "Kestrelway",
        "website": "https://kestrelway.test",
        "ownership": "private",
        "turnover": "from_10",
        "employees": 510,
        "agents": 420,
        "ramp_per_month": 24,
        "sites": [
            {
                "city": "Kraków", "country": "PL", "timezone": "Europe/Warsaw", "seats": 320, "home_percent": 40,
                "pair": "Rzeszów",
            },
            {
                "city": "Rzeszów", "country": "PL", "timezone": "Europe/Warsaw", "seats": 140, "home_percent": 60,
                "pair": "Kraków",
            },
        ],
        "hours": [
            {"code": "", "days": "every_day", "start": "07:00", "end": "23:00"},
            {"code": "cs", "days": "weekdays", "start": "08:00", "end": "18:00"},
        ],
        "channel_volumes": [
            {"channel": "phone", "volume": 1_850_000},
            {"channel": "email", "volume": 940_000},
            {"channel": "chat", "volume": 610_000},
        ],
        "experience": [
            {"industry": "retail", "years": 12, "clients": "Five online shops, two chains of stores", "largest": 120},
            {"industry": "electronics", "years": 7, "clients": "Two makers of kitchen appliances", "largest": 45},
        ],
        "service_types": ["enquiry", "after_sales", "support_l1", "complaints", "call_back"],
        "modes": ["full", "partial", "temporary"],
        "agent_models": ["dedicated", "blended"],
        "minimum_agents": 8,
        "minimum_months": 3,
        "lead_days": 45,
        "systems": {"acd": "Own routing on open standards", "wfm": "Forecast and shifts by half hours"},
        "technology": ["api", "sso", "crm_connector", "data_export", "agent_assist", "auto_qa", "sentiment", "routing"],
        "quality": {
            "samples": 8, "rhythm": "weekly", "initial_hours": 80, "product_hours": 40, "soft_hours": 24,
            "attrition": "18.5", "agents_per_leader": 12, "agents_per_auditor": 30,
        },
        "security": {
            "has_dpo": True,
            "insurance": "Cyber and professional liability up to EUR 5,000,000",
            "incidents": "None",
        },
    },
    papers=(
        Paper("iso27001", "Norvale Certification", 640),
        Paper("iso18295", "Norvale Certification", 24),
        Paper("pci_dss", "Halden Assessors", 210, "uploaded", "Card payments by phone at the site in Kraków"),
    ),
    references=(
        Told(
            "Fernhall Garden", "retail", "2021-04",
            "Phone, e-mail and chat in English and German for a garden shop, 38 agents, doubled each spring.",
            "Answered within 20 seconds: 71 % before, 86 % in the first year. Returns settled at once: 79 %.",
            comment="They know our season better than we do. The ramp each March has been on time four years running.",
        ),
        Told(
            "Maltrix Appliances", "electronics", "2019-09",
            "First-line technical support in Polish, Czech and English, 24 agents.",
            "Repeat calls within seven days down from 22 % to 14 %.", is_anonymous=True,
        ),
        Told(
            "Quillon Toys", "retail", "2023-10",
            "Temporary team of 30 for the weeks before Christmas.", "", answer="", ended="2024-01",
        ),
    ),
)  # fmt: skip
_LINGHE = More(
    facts={
        "ownership": "family",
        "turnover": "from_1",
        "employees": 210,
        "ramp_per_month": 14,
        "is_always_open": True,
        "channel_volumes": [
            {"channel": "phone", "volume": 420_000},
            {"channel": "chat", "volume": 380_000},
            {"channel": "social", "volume": 160_000},
        ],
        "experience": [
            {"industry": "electronics", "years": 9, "clients": "三家消費電子品牌", "largest": 60},
            {"industry": "retail", "years": 6, "clients": "", "largest": 40},
        ],
        "service_types": ["enquiry", "after_sales", "support_l1"],
        "modes": ["full", "partial", "temporary"],
        "agent_models": ["dedicated", "shared", "blended"],
        "minimum_agents": 5,
        "lead_days": 30,
        "technology": ["api", "buyer_tools", "chatbot", "translation", "summaries"],
        "quality": {"samples": 8, "rhythm": "fortnightly", "initial_hours": 72, "attrition": "12"},
        "security": {"has_dpo": True, "incidents": "無"},
    },
    papers=(Paper("iso27001", "Norvale Certification", 420, scope="客戶服務中心之營運"),),
    references=(
        Told(
            "晴川音響", "electronics", "2022-03",
            "中文與英文客服，電話與線上聊天，18 位專屬客服。", "客戶滿意度由 82 % 提升至 90 %。",
            comment="配合度高，旺季增員準時。",
        ),
    ),
)  # fmt: skip
MORE = {cast.KESTRELWAY.name: _KESTRELWAY, cast.LINGHE.name: _LINGHE}
