"""The calculator ``price-score`` of ``flask calc``."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from portal.kit.calculators import Document, calculator
from portal.kit.fields import Fields, read_document
from portal.kit.rounding import rounded
from portal.pricing.price_score import PricedBid, PriceFormula, PriceRules, TieRule
from portal.pricing.ranking import Candidate, Ranked, rank_bids, robustness, without_those_below

DECIMALS = 4

PRICE_SCORE_SCHEMA: Document = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Bids and the price formula they are scored by",
    "type": "object",
    "required": ["bids"],
    "additionalProperties": False,
    "properties": {
        "formula": {"enum": [formula.value for formula in PriceFormula], "default": "relative"},
        "weight": {"type": "number", "minimum": 0, "default": 30, "description": "points for the best price"},
        "quality_weight": {
            "type": "number",
            "minimum": 0,
            "description": "most quality points; default 100 - weight",
        },
        "budget": {"type": "number", "description": "for the formula budget: the price that gets no points"},
        "floor": {"type": "number", "default": 0, "description": "for the formula budget: the price that gets all"},
        "tie_rule": {
            "enum": [rule.value for rule in TieRule],
            "default": "quality",
            "description": "what is compared first where the formula puts bids level; with lot nothing is",
        },
        "quality_minimum": {
            "type": "number",
            "minimum": 0,
            "description": "percent of the most quality points, below which a bid is out of the ranking",
        },
        "bids": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["key", "price"],
                "additionalProperties": False,
                "properties": {
                    "key": {"type": "string"},
                    "price": {"type": "number", "exclusiveMinimum": 0},
                    "quality": {"type": "number", "minimum": 0, "default": 0},
                    "responsive": {"type": "boolean", "default": True},
                    "submitted_at": {"type": "string", "format": "date-time", "description": "with its offset"},
                },
            },
        },
    },
}


@calculator("price-score", schema=PRICE_SCORE_SCHEMA)
def price_score_of_document(document: Document) -> dict[str, Any]:
    """Score bids' prices, rank the bids, and tell whether another formula would change the winner."""
    rules, candidates = read_document(document, _inputs)
    ranking, found = rank_bids(candidates, rules), robustness(candidates, rules)
    places = {one.key: one for one in ranking.ranked}
    return {
        "formula": rules.formula.value,
        "lowest_price": _text(ranking.scores.lowest),
        "notes": [note.value for note in ranking.scores.notes],
        "bids": [_answer(one.bid, places.get(one.bid.key)) for one in candidates],
        "winners": list(ranking.winners),
        "ties": [list(keys) for keys in ranking.ties],
        "is_robust": found.is_robust,
        "winners_by_formula": {formula.value: list(keys) for formula, keys in found.by_formula.items()},
        "winners_by_price_weight": {str(shift): list(keys) for shift, keys in found.by_weight.items()},
    }


def _inputs(doc: Fields) -> tuple[PriceRules, tuple[Candidate, ...]]:
    weight = doc.number("weight", Decimal(30), most=100)
    rules = PriceRules(
        formula=doc.choice("formula", PriceFormula, PriceFormula.RELATIVE),
        weight=weight,
        quality_weight=doc.number("quality_weight", 100 - weight),
        budget=doc.optional_number("budget"),
        floor=doc.number("floor", Decimal(0)),
        tie_rule=doc.choice("tie_rule", TieRule, TieRule.QUALITY),
    )
    minimum = doc.number("quality_minimum", Decimal(0), most=100)
    bids = doc.children("bids", _bid, required=True)
    if not bids:
        raise doc.error("bids", "must hold at least one bid")
    return rules, tuple(without_those_below(bids, rules, minimum))


def _bid(doc: Fields) -> Candidate:
    bid = PricedBid(
        key=doc.text("key"),
        price=doc.number("price", above=0),
        quality=doc.number("quality", Decimal(0)),
        responsive=doc.flag("responsive", True),
    )
    return Candidate(bid, _moment(doc, "submitted_at"))


def _moment(doc: Fields, key: str) -> datetime | None:
    text = doc.optional_text(key)
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise doc.error(key, "must be a moment such as 2026-03-31T17:00:00+01:00") from error
    if found.tzinfo is None:
        raise doc.error(key, "must carry its offset from UTC, such as 2026-03-31T17:00:00+01:00")
    return found


def _answer(bid: PricedBid, place: Ranked | None) -> dict[str, Any]:
    if place is None:
        return {"key": bid.key, "responsive": False}
    return {
        "key": bid.key,
        "responsive": True,
        "points": _text(place.price.points),
        "total": _text(place.total),
        "price_per_quality_point": _text(place.price.price_per_quality_point),
        "price_rank": place.price.price_rank,
        "rank_sum": place.price.rank_sum,
        "position": place.position,
        "abnormally_low": place.price.abnormally_low,
    }


def _text(value: Fraction | None) -> str | None:
    return None if value is None else format(rounded(value, DECIMALS), "f")
