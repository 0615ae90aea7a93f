"""The calculator ``rating`` of ``flask calc``."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from portal.kit.calculators import Document, calculator
from portal.kit.fields import Fields, read_document
from portal.kit.money import Exact
from portal.kit.rounding import rounded
from portal.reviews.rating import HIGHEST, LOWEST, PRIOR_WEIGHT, WEIGHTS, Rating, Side, rate_by_age, weighted_score

DECIMALS = 4

_SCORE = {"anyOf": [{"type": "integer", "minimum": LOWEST, "maximum": HIGHEST}, {"type": "null"}]}
_RATED = {"type": "number", "minimum": 0}

RATING_SCHEMA: Document = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Reviews of one company, or how many there are and their mean",
    "type": "object",
    "required": ["platform_mean"],
    "additionalProperties": False,
    "properties": {
        "side": {"enum": [side.value for side in Side], "default": Side.BUYER_TO_VENDOR.value},
        "platform_mean": _RATED,
        "prior_weight": {**_RATED, "default": PRIOR_WEIGHT},
        "reviews": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["scores"],
                "additionalProperties": False,
                "properties": {
                    "scores": {
                        "description": "marks by criterion of the side; null is not applicable",
                        "type": "object",
                        "properties": {code: _SCORE for weights in WEIGHTS.values() for code in weights},
                        "additionalProperties": False,
                    },
                    "age_months": {**_RATED, "description": "given, the review counts less the older it is"},
                },
            },
        },
        "count": {"type": "integer", "minimum": 0, "description": "instead of reviews, with mean"},
        "mean": _RATED,
    },
}


@calculator("rating", schema=RATING_SCHEMA)
def rating_of_document(document: Document) -> dict[str, Any]:
    """Weigh the marks of reviews and rate the company by the Bayesian average."""
    return read_document(document, _rating)


def _rating(doc: Fields) -> dict[str, Any]:
    platform_mean = doc.number("platform_mean")
    prior_weight = doc.number("prior_weight", Decimal(PRIOR_WEIGHT))
    side = doc.choice("side", Side, Side.BUYER_TO_VENDOR)
    if doc.has("count"):
        doc.absent("reviews", because="cannot stand beside count and mean")
        mean, count = doc.number("mean"), doc.whole("count", most=10_000)
        return _answer(rate_by_age([(mean, None)] * count, platform_mean, prior_weight), [])
    reviews = doc.children("reviews", lambda one: _review(one, side))
    rating = rate_by_age([(score, age) for score, age in reviews if score is not None], platform_mean, prior_weight)
    return _answer(rating, [score for score, _ in reviews])


def _review(doc: Fields, side: Side) -> tuple[Exact | None, Exact | None]:
    scores = doc.child("scores", lambda one: _scores(one, side))
    return weighted_score(side, scores), doc.optional_number("age_months")


def _scores(doc: Fields, side: Side) -> dict[str, int | None]:
    return {code: doc.optional_whole(code, least=LOWEST, most=HIGHEST) for code in WEIGHTS[side]}


def _answer(rating: Rating, scores: list[Exact | None]) -> dict[str, Any]:
    return {
        "n": rating.n,
        "scores": [_text(score) for score in scores],
        "weight": _text(rating.weight),
        "mean": _text(rating.mean),
        "bayesian": _text(rating.bayesian),
    }


def _text(value: Exact | None) -> str | None:
    return None if value is None else format(rounded(value, DECIMALS), "f")
