"""The criteria a new requirement starts with; the buyer changes titles, weights and what is asked."""

from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l

from portal.needs.models import Criterion, Requirement
from portal.needs.states import CriterionKind


class Template(NamedTuple):
    """A criterion of the default template: its usual weight in percent, and what it looks at."""

    code: str
    title: Any
    description: Any
    weight: int
    kind: CriterionKind = CriterionKind.QUALITY


DEFAULT = (
    Template(
        "experience",
        _l("Industry experience and reputation"),
        _l("Years in the industry, comparable programmes, references, reviews."),
        15,
    ),
    Template(
        "technology",
        _l("Technical capability"),
        _l("Platform, integrations, automation, reporting, data."),
        15,
    ),
    Template(
        "quality",
        _l("Service quality and training"),
        _l("Quality programme, training plan, results so far, staffing and attrition, transition plan."),
        20,
    ),
    Template("cost", _l("Cost"), _l("Scored by formula from the total cost."), 30, CriterionKind.PRICE),
    Template(
        "communication",
        _l("Communication and cooperation"),
        _l("Governance, languages, answers to questions, fit of cultures."),
        10,
    ),
    Template(
        "security",
        _l("Security and compliance"),
        _l("Certificates, data processing, continuity, controls for remote work."),
        10,
    ),
)


def from_template(requirement: Requirement) -> list[Criterion]:
    """The default criteria for `requirement`, in the language of whoever drafts it."""
    return [
        Criterion(
            requirement_id=requirement.id,
            buyer_id=requirement.buyer_id,
            code=one.code,
            title=str(one.title),
            description=str(one.description),
            weight=one.weight,
            kind=one.kind.value,
            position=position,
        )
        for position, one in enumerate(DEFAULT, start=1)
    ]
