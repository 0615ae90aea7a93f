"""The calculator ``match`` of ``flask calc``."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Any

from portal.catalog.match import (
    DEFAULT_PLATFORM_RATING,
    HALF_A_DAY,
    WEIGHTS,
    Asked,
    Evidence,
    Match,
    Offer,
    Part,
    Spoken,
    match,
)
from portal.kit.calculators import Document, calculator
from portal.kit.fields import Fields, read_document
from portal.kit.rounding import rounded
from portal.measures.words import LEVELS

DECIMALS = 4
NUMBER: Document = {"anyOf": [{"type": "number", "minimum": 0}, {"type": "string", "pattern": "^[0-9]+(\\.[0-9]+)?$"}]}
TEXTS: Document = {"type": "array", "items": {"type": "string"}, "uniqueItems": True}


class _Level(StrEnum):
    B1, B2, C1, C2, NATIVE = LEVELS


def _objects(required: tuple[str, ...], **properties: Any) -> Document:
    item = {"type": "object", "required": list(required), "additionalProperties": False, "properties": properties}
    return {"type": "array", "items": item}


_LEVEL: Document = {"enum": list(LEVELS)}
MATCH_SCHEMA: Document = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "What a buyer asks for and what a vendor offers",
    "type": "object",
    "required": ["asked", "offer"],
    "additionalProperties": False,
    "properties": {
        "asked": {
            "type": "object",
            "additionalProperties": False,
            "description": "what is left out is not asked for and costs nobody points",
            "properties": {
                "channels": TEXTS,
                "languages": _objects(("code", "level", "share"), code={"type": "string"}, level=_LEVEL, share=NUMBER),
                "industry": {"type": "string"},
                "hours": {**NUMBER, "description": "required hours a week"},
                "agents": {**NUMBER, "description": "full-time equivalents needed"},
                "has_location": {"type": "boolean"},
                "certificates": TEXTS,
                "integrations": TEXTS,
                "unit_price": {**NUMBER, "description": "budget per unit"},
            },
        },
        "offer": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "channels": TEXTS,
                "languages": _objects(("code", "level"), code={"type": "string"}, level=_LEVEL),
                "industries": {"type": "object", "additionalProperties": NUMBER, "description": "years by industry"},
                "covered_hours": NUMBER,
                "free_agents": NUMBER,
                "is_in_wanted_place": {"type": "boolean"},
                "hours_apart": {**NUMBER, "default": HALF_A_DAY, "description": "between the two time zones"},
                "certificates": _objects(
                    ("code", "evidence"), code={"type": "string"}, evidence={"enum": [one.value for one in Evidence]}
                ),
                "integrations": TEXTS,
                "unit_price": NUMBER,
                "rating": {**NUMBER, "description": "weighted mean from 1 to 5; left out without reviews"},
            },
        },
        "platform_rating": {**NUMBER, "description": "what a vendor without reviews counts as; default 3"},
    },
}


@calculator("match", schema=MATCH_SCHEMA)
def match_of_document(document: Document) -> dict[str, Any]:
    """Score how well a vendor fits what a buyer asks for, part by part, with the three largest gaps."""
    asked, offer, platform = read_document(document, _inputs)
    found = match(asked, offer, platform_rating=platform)
    return _written(found)


def _written(found: Match) -> dict[str, Any]:
    return {
        "score": rounded(found.score, DECIMALS),
        "parts": [_part(part) for part in found.parts],
        "gaps": [{"part": part.name.value, "lost": rounded(part.lost, DECIMALS)} for part in found.gaps],
    }


def _part(part: Part) -> dict[str, Any]:
    return {
        "part": part.name.value,
        "weight": WEIGHTS[part.name],
        "share": rounded(part.share, DECIMALS),
        "points": rounded(part.points, DECIMALS),
        "asked": part.is_asked,
    }


def _inputs(doc: Fields) -> tuple[Asked, Offer, Decimal]:
    platform = doc.number("platform_rating", DEFAULT_PLATFORM_RATING, least=1, most=5)
    return doc.child("asked", _asked), doc.child("offer", _offer), platform


def _asked(doc: Fields) -> Asked:
    return Asked(
        channels=doc.texts("channels"),
        languages=doc.children("languages", _spoken_share),
        industry=doc.optional_text("industry"),
        hours=doc.optional_number("hours", most=168),
        agents=doc.optional_number("agents"),
        has_location=doc.flag("has_location", False),
        certificates=doc.texts("certificates"),
        integrations=doc.texts("integrations"),
        unit_price=doc.optional_number("unit_price"),
    )


def _offer(doc: Fields) -> Offer:
    zero = Decimal(0)
    return Offer(
        channels=doc.texts("channels"),
        languages=doc.children("languages", _spoken),
        industries=doc.mapping("industries"),
        covered_hours=doc.number("covered_hours", zero, most=168),
        free_agents=doc.number("free_agents", zero),
        is_in_wanted_place=doc.flag("is_in_wanted_place", False),
        hours_apart=doc.number("hours_apart", Decimal(HALF_A_DAY), most=26),
        certificates=dict(doc.children("certificates", _certificate)),
        integrations=doc.texts("integrations"),
        unit_price=doc.optional_number("unit_price"),
        rating=doc.number("rating", least=1, most=5) if doc.has("rating") else None,
    )


def _spoken(doc: Fields) -> Spoken:
    return Spoken(doc.text("code", most=20), doc.choice("level", _Level).value)


def _spoken_share(doc: Fields) -> Spoken:
    return Spoken(doc.text("code", most=20), doc.choice("level", _Level).value, doc.number("share", most=100))


def _certificate(doc: Fields) -> tuple[str, Evidence]:
    return doc.text("code", most=80), doc.choice("evidence", Evidence)
