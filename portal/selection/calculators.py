"""The calculator ``price-score`` of ``flask calc``."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from portal.kit.calculators import Document, calculator
from portal.kit.fields import Fields, read_document
from portal.kit.rounding import rounded
from portal.selection.price_score import PricedBid, PriceFormula, PriceRules
from portal.selection.ranking import Candidate, Ranked, rank_bids, robustness

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
                },
            },
        },
    },
}


@calculator("price-score", schema=PRICE_SCORE_SCHEMA)
def price_score_of_document(document: Document) -> dict[str, Any]:
    """Score bids' prices, rank the bids, and tell whether another formula would change the winner."""
    rules, bids = read_document(document, _inputs)
    candidates = [Candidate(bid) for bid in bids]
    ranking = rank_bids(candidates, rules)
    places = {one.key: one for one in ranking.ranked}
    return {
        "formula": rules.formula.value,
        "lowest_price": _text(ranking.scores.lowest),
        "notes": [note.value for note in ranking.scores.notes],
        "bids": [_answer(bid, places.get(bid.key)) for bid in bids],
        "winners": list(ranking.winners),
        "is_robust": robustness(candidates, rules).is_robust,
    }


def _inputs(doc: Fields) -> tuple[PriceRules, tuple[PricedBid, ...]]:
    weight = doc.number("weight", Decimal(30), most=100)
    rules = PriceRules(
        formula=doc.choice("formula", PriceFormula, PriceFormula.RELATIVE),
        weight=weight,
        quality_weight=doc.number("quality_weight", 100 - weight),
        budget=doc.optional_number("budget"),
        floor=doc.number("floor", Decimal(0)),
    )
    bids = doc.children("bids", _bid, required=True)
    if not bids:
        raise doc.error("bids", "must hold at least one bid")
    return rules, bids


def _bid(doc: Fields) -> PricedBid:
    return PricedBid(
        key=doc.text("key"),
        price=doc.number("price", above=0),
        quality=doc.number("quality", Decimal(0)),
        responsive=doc.flag("responsive", True),
    )


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
