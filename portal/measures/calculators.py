"""The calculator ``survey`` of ``flask calc``: CSAT, NPS and CES from counts of answers."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from portal.kit.calculators import Document, calculator
from portal.kit.fields import Fields, read_document
from portal.kit.money import Exact
from portal.kit.rounding import rounded
from portal.measures.satisfaction import Stratum, ces, csat, nps, response_rate, weighted_csat

DECIMALS = 4


class Question(StrEnum):
    """What a survey asks."""

    CSAT = "csat"
    NPS = "nps"
    CES = "ces"


_COUNT = {"type": "integer", "minimum": 0}

SURVEY_SCHEMA: Document = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Answers to one survey question",
    "type": "object",
    "required": ["kind"],
    "additionalProperties": False,
    "properties": {
        "kind": {"enum": [kind.value for kind in Question]},
        "counts": {
            "type": "array",
            "items": _COUNT,
            "description": "csat: how often 1, 2, 3, 4, 5 were given; ces: how often 1 to 7",
        },
        "promoters": {**_COUNT, "description": "nps: how often 9 or 10 was given"},
        "passives": {**_COUNT, "description": "nps: how often 7 or 8 was given"},
        "detractors": {**_COUNT, "description": "nps: how often 0 to 6 was given"},
        "invitations": {**_COUNT, "description": "how many invitations were delivered"},
        "strata": {
            "type": "array",
            "description": "csat: answers by kind of contact, to weight them by the population",
            "items": {
                "type": "object",
                "required": ["satisfied", "answers", "population_share"],
                "additionalProperties": False,
                "properties": {
                    "name": {"type": "string"},
                    "satisfied": _COUNT,
                    "answers": _COUNT,
                    "population_share": {"type": "number", "minimum": 0},
                },
            },
        },
    },
}


@calculator("survey", schema=SURVEY_SCHEMA)
def survey_of_document(document: Document) -> dict[str, Any]:
    """Compute CSAT, NPS or CES with its uncertainty and response rate. Percentages, points; null without answers."""
    return read_document(document, _survey)


def _survey(doc: Fields) -> dict[str, Any]:
    kind = doc.choice("kind", Question)
    answer = {Question.CSAT: _csat, Question.NPS: _nps, Question.CES: _ces}[kind](doc)
    if doc.has("invitations"):
        rate = response_rate(answer["n"], doc.whole("invitations"))
        answer["response_rate_pct"] = _percent(rate)
    return {"kind": kind.value, **answer}


def _csat(doc: Fields) -> dict[str, Any]:
    result = csat(_counts(doc, 5))
    answer: dict[str, Any] = {"n": result.n if result else 0, "csat_pct": None, "mean": None, "interval": None}
    if result:
        answer["csat_pct"], answer["mean"] = _percent(result.share), _text(result.mean)
        answer["interval"] = [_text(result.interval.low), _text(result.interval.high)]
    if doc.has("strata"):
        answer["weighted_csat_pct"] = _percent(weighted_csat(doc.children("strata", _stratum)))
    return answer


def _nps(doc: Fields) -> dict[str, Any]:
    result = nps(doc.whole("promoters"), doc.whole("passives"), doc.whole("detractors"))
    if result is None:
        return {"n": 0, "nps": None, "margin": None}
    return {"n": result.n, "nps": _text(result.score), "margin": _text(result.margin)}


def _ces(doc: Fields) -> dict[str, Any]:
    result = ces(_counts(doc, 7))
    if result is None:
        return {"n": 0, "mean": None, "agree_pct": None}
    return {"n": result.n, "mean": _text(result.mean), "agree_pct": _percent(result.agree)}


def _stratum(doc: Fields) -> Stratum:
    doc.optional_text("name")
    stratum = Stratum(doc.whole("satisfied"), doc.whole("answers"), doc.number("population_share"))
    if stratum.satisfied > stratum.answers:
        raise doc.error("satisfied", "must not exceed answers")
    return stratum


def _counts(doc: Fields, scores: int) -> tuple[int, ...]:
    counts = doc.numbers("counts")
    if len(counts) != scores:
        raise doc.error("counts", f"must hold {scores} counts, of the scores 1 to {scores}")
    for position, count in enumerate(counts):
        if count != int(count):
            raise doc.error(f"counts[{position}]", "must be a whole number")
    return tuple(int(count) for count in counts)


def _percent(share: Exact | None) -> str | None:
    return None if share is None else _text(share * 100)


def _text(value: Exact) -> str:
    return format(rounded(value, DECIMALS), "f")
