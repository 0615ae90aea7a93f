"""The second half of step 7: must-haves, and the rules by which scored bids become a ranking."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, TypeVar

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete

from portal.kit.db import db
from portal.kit.errors import Invalid
from portal.kit.text import clean_line
from portal.needs.evaluation import Choices
from portal.needs.models import EvaluationRules, KnockOut, Requirement
from portal.needs.states import PriceBasis
from portal.pricing.price_score import PriceFormula, TieRule

MAX_KNOCK_OUTS = 12
MAX_TITLE, MAX_EVIDENCE = 160, 300
Chosen = TypeVar("Chosen", bound=StrEnum)


def checked_knock_outs(knock_outs: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Title and wanted proof of each must-have, in their order.

    Raises Invalid for one without a title, for one given twice, and for more than a vendor can be asked to prove.
    """
    rows: list[dict[str, str]] = []
    for position, one in enumerate(knock_outs, start=1):
        title, evidence = clean_line(str(one.get("title") or "")), clean_line(str(one.get("evidence") or ""))
        if not title or len(title) > MAX_TITLE:
            sentence = _l("Say what a bid must have, in at most %(n)s characters.", n=MAX_TITLE)
            raise Invalid(sentence, f"knock_title_{position}")
        if len(evidence) > MAX_EVIDENCE:
            raise Invalid(_l("Write at most %(n)s characters.", n=MAX_EVIDENCE), f"knock_evidence_{position}")
        if title.casefold() in [row["title"].casefold() for row in rows]:
            raise Invalid(_l("This must-have is there already."), f"knock_title_{position}")
        rows.append({"title": title, "evidence": evidence})
    if len(rows) > MAX_KNOCK_OUTS:
        sentence = _l("Ask for at most %(n)s must-haves: each keeps vendors out. Score the rest.", n=MAX_KNOCK_OUTS)
        raise Invalid(sentence, f"knock_title_{MAX_KNOCK_OUTS + 1}")
    return rows


def save_knock_outs(requirement: Requirement, rows: Iterable[Mapping[str, str]]) -> None:
    """Put these must-haves in the place of those there were."""
    db.session.execute(delete(KnockOut).where(KnockOut.requirement_id == requirement.id))
    for position, row in enumerate(rows, start=1):
        db.session.add(KnockOut(requirement_id=requirement.id, buyer_id=requirement.buyer_id, position=position, **row))


def checked_rules(rules: Mapping[str, Any]) -> Choices:
    """The rules as chosen; what is left out is the default. Amounts are minor units.

    Raises Invalid at `formula`, `budget`, `floor`, `tie_rule`, `quality_minimum` or `price_basis`.
    """
    formula = _one_of(PriceFormula, rules, "formula", PriceFormula.RELATIVE)
    budget, floor = _amount(rules, "budget"), _amount(rules, "floor")
    if formula is PriceFormula.BUDGET:
        if budget is None or budget <= 0:
            raise Invalid(_l("Give the price that gets no points: this formula measures against it."), "budget")
        if floor is not None and floor >= budget:
            raise Invalid(_l("The price that gets all points must lie below the one that gets none."), "floor")
    else:
        budget = floor = None
    minimum = rules.get("quality_minimum")
    if minimum is not None and (not isinstance(minimum, int) or not 1 <= minimum <= 100):
        raise Invalid(_l("Write a whole number from 1 to 100, or leave it empty."), "quality_minimum")
    return Choices(
        formula=formula,
        budget_minor=budget,
        floor_minor=floor,
        tie_rule=_one_of(TieRule, rules, "tie_rule", TieRule.QUALITY),
        quality_minimum=minimum,
        two_envelopes=bool(rules.get("two_envelopes", False)),
        pseudonyms=bool(rules.get("pseudonyms", False)),
        consensus=bool(rules.get("consensus", True)),
        price_basis=_one_of(PriceBasis, rules, "price_basis", PriceBasis.BEFORE_CREDITS),
    )


def save_rules(requirement: Requirement, choices: Choices) -> None:
    """Keep the rules of a requirement."""
    row = db.session.get(EvaluationRules, requirement.id) or EvaluationRules(
        requirement_id=requirement.id, buyer_id=requirement.buyer_id
    )
    for name, value in choices.to_document().items():
        setattr(row, name, value)
    db.session.add(row)


def _one_of(kind: type[Chosen], rules: Mapping[str, Any], name: str, default: Chosen) -> Chosen:
    value = rules.get(name) or default
    if value not in list(kind):
        raise Invalid(_l("Choose from the list."), name)
    return kind(value)


def _amount(rules: Mapping[str, Any], name: str) -> int | None:
    value = rules.get(f"{name}_minor")
    if value is not None and (not isinstance(value, int) or value < 0):
        raise Invalid(_l("Write an amount of zero or more."), name)
    return value
