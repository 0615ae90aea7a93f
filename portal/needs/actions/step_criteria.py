"""Step 7: what bids are judged by, how much each part counts, what they must meet, and how they are ranked."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete

from portal.kit.db import db
from portal.kit.errors import Invalid
from portal.kit.text import clean_line, clean_text, slug
from portal.needs.actions.step_evaluation import (
    checked_knock_outs,
    checked_rules,
    save_knock_outs,
    save_rules,
)
from portal.needs.criteria import SCORES, USUAL_SCALE
from portal.needs.models import Criterion, Requirement
from portal.needs.states import CriterionKind

HUNDRED = 100
LEAST, MOST = 5, 85
MAX_CRITERIA = 12
MAX_ANCHOR = 300


def save(
    requirement: Requirement,
    *,
    criteria: Iterable[Mapping[str, Any]],
    knock_outs: Iterable[Mapping[str, Any]] | None = None,
    rules: Mapping[str, Any] | None = None,
) -> None:
    """Take the criteria in their order: title, description, weight (whole percent), kind, minimum (0 to 5 or None),
    anchors (six texts, or none for the usual ones). Must-haves and rules are left as they are where not given.

    Raises Invalid where the weights do not add up to 100, one is out of 5 to 85, not exactly one is the price, or
    an anchor is missing; and what `checked_knock_outs` and `checked_rules` refuse.
    """
    rows = checked_criteria(criteria)
    if knock_outs is not None:
        save_knock_outs(requirement, checked_knock_outs(knock_outs))
    if rules is not None:
        save_rules(requirement, checked_rules(rules))
    db.session.execute(delete(Criterion).where(Criterion.requirement_id == requirement.id))
    for position, row in enumerate(rows, start=1):
        db.session.add(
            Criterion(requirement_id=requirement.id, buyer_id=requirement.buyer_id, position=position, **row)
        )


def checked_criteria(criteria: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The criteria as rows hold them. Raises Invalid naming the field at fault."""
    rows: list[dict[str, Any]] = []
    for position, one in enumerate(criteria, start=1):
        rows.append(_checked(one, position, {row["code"] for row in rows}))
    if not rows or len(rows) > MAX_CRITERIA:
        raise Invalid(_l("Name 2 to %(most)s criteria.", most=MAX_CRITERIA), "title_1")
    if sum(row["kind"] == CriterionKind.PRICE for row in rows) != 1:
        raise Invalid(_l("Exactly one criterion must be the price."), "kind_1")
    total = sum(row["weight"] for row in rows)
    if total != HUNDRED:
        sentence = _l("The weights add up to %(total)s; they must add up to 100.", total=total)
        raise Invalid(sentence, f"weight_{len(rows)}")
    return rows


def _checked(one: Mapping[str, Any], position: int, taken: set[str]) -> dict[str, Any]:
    title = clean_line(str(one.get("title", "")))
    if not title or len(title) > 120:
        raise Invalid(_l("Give the criterion a name of at most %(most)s characters.", most=120), f"title_{position}")
    weight = one.get("weight")
    if not isinstance(weight, int) or not LEAST <= weight <= MOST:
        sentence = _l("Write a whole number from %(least)s to %(most)s.", least=LEAST, most=MOST)
        raise Invalid(sentence, f"weight_{position}")
    kind = one.get("kind") or CriterionKind.QUALITY
    if kind not in list(CriterionKind):
        raise Invalid(_l("Choose from the list."), f"kind_{position}")
    minimum = one.get("minimum")
    if minimum is not None and (kind == CriterionKind.PRICE or not isinstance(minimum, int) or minimum not in SCORES):
        raise Invalid(_l("A minimum is a score from 0 to 5, and the price has none."), f"minimum_{position}")
    return {
        "code": _code(str(one.get("code") or slug(title)), taken),
        "title": title,
        "description": clean_text(str(one.get("description") or ""))[:1000],
        "weight": weight,
        "kind": CriterionKind(kind).value,
        "minimum": minimum,
        "anchors": _anchors(one.get("anchors"), kind, position),
    }


def _anchors(texts: Sequence[str] | None, kind: CriterionKind | str, position: int) -> list[str]:
    """The text of each score, all six of them; none where they are the usual ones, which each reads in its language."""
    if not texts or kind == CriterionKind.PRICE:
        return []
    cleaned = [clean_line(str(text or "")) for text in texts]
    cleaned += [""] * (len(SCORES) - len(cleaned))
    for score, text in enumerate(cleaned):
        if not text:
            raise Invalid(_l("Say what a score of %(score)s means.", score=score), f"anchor_{position}_{score}")
        if len(text) > MAX_ANCHOR:
            raise Invalid(_l("Write at most %(n)s characters.", n=MAX_ANCHOR), f"anchor_{position}_{score}")
    return [] if cleaned == [str(words) for words in USUAL_SCALE] else cleaned


def _code(wanted: str, taken: set[str]) -> str:
    code, number = wanted[:40], 2
    while code in taken:
        code, number = f"{wanted[:40]}-{number}", number + 1
    return code
