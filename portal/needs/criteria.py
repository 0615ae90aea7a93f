"""The criteria, scales and must-haves a new requirement starts with or is offered; the buyer changes them."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l

from portal.needs.models import Criterion, Requirement
from portal.needs.states import CriterionKind

BEST_SCORE = 5
SCORES = range(BEST_SCORE + 1)

USUAL_SCALE = (
    _l("No answer, or not acceptable"),
    _l("Major gaps"),
    _l("Partly meets it"),
    _l("Meets it"),
    _l("Meets it fully, with evidence"),
    _l("Exceeds it, added value shown"),
)
"""What each score from 0 to 5 means unless the buyer says it more exactly."""

USUAL_KNOCK_OUTS = (
    (_l("Signs our confidentiality agreement"), _l("The signed agreement, or who signs it and when")),
    (_l("Holds a valid ISO/IEC 27001 certificate"), _l("Number, issuer and last day of validity")),
    (_l("Keeps and processes all data in the countries we name"), _l("Places of all sites, data centres and clouds")),
    (_l("Has enough people on the first day"), _l("Full-time people free by the start, and those to be hired")),
    (_l("Is insured against liability and data loss"), _l("Insurer, sum insured and last day of cover")),
    (_l("Is neither insolvent nor under sanctions"), _l("A declaration of the management")),
    (_l("Accepts our terms of data processing and liability"), _l("A declaration, with what you would change, if any")),
    (_l("Can go live on the day we ask for"), _l("The main dates of your plan")),
)
"""Must-haves that are usual in this trade, each with the proof to ask for: to be taken over or left."""


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
            anchors=[],
        )
        for position, one in enumerate(DEFAULT, start=1)
    ]


def scale_of(criterion: Criterion | None) -> Sequence[Any]:
    """What each score from 0 to 5 means on a criterion: the buyer's words, or the usual ones where it has none."""
    return (criterion.anchors if criterion else None) or USUAL_SCALE
