"""“Should we outsource?”: what speaks for it and against it, weighted by the buyer itself. Pure.

Nothing here decides. Both sides are added up apart and never set off against each other: a share says how much of what
one side could weigh does weigh, and what nobody knows is left out of it and named as what to find out first.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any, NamedTuple

from portal.kit.rounding import rounded


class Way(StrEnum):
    """Which way a statement speaks where it is true."""

    FOR = "for"
    AGAINST = "against"


class Topic(StrEnum):
    """What is asked: the advantages that outsourcing may bring, then what may come of it."""

    QUALITY = "quality"
    COST = "cost"
    EXPERTISE = "expertise"
    FLEXIBILITY = "flexibility"
    CORE = "core"
    HIRING = "hiring"
    REACH = "reach"
    SECURITY = "security"
    COMMUNICATION = "communication"
    FLUCTUATION = "fluctuation"
    CULTURE = "culture"
    DEPENDENCY = "dependency"
    CONTINUITY = "continuity"
    OVERRUN = "overrun"
    LEGAL = "legal"


_FOR = tuple(Topic)[: tuple(Topic).index(Topic.SECURITY)]
WAYS: Mapping[Topic, Way] = {topic: Way.FOR if topic in _FOR else Way.AGAINST for topic in Topic}


class Truth(StrEnum):
    """How true a statement is of the company; not answered is none of these."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"
    UNKNOWN = "unknown"


WORTH = {Truth.YES: Fraction(1), Truth.PARTLY: Fraction(1, 2), Truth.NO: Fraction(0)}
WEIGHTS = (1, 2, 3)
USUAL_WEIGHT = 2


class Answer(NamedTuple):
    """One answer, and how much its topic matters to the company: 1 little, 2 usual, 3 much."""

    truth: Truth
    weight: int = USUAL_WEIGHT


class Weighed(NamedTuple):
    """A topic that speaks, with its answer."""

    topic: Topic
    answer: Answer


@dataclass(frozen=True, slots=True)
class Side:
    """One side of the picture.

    :ivar share: of 100, how much of the weight of the known answers is true; None while none is known
    :ivar known: how many of `asked` topics were answered with something known
    """

    way: Way
    share: Decimal | None
    known: int
    asked: int
    speaking: tuple[Weighed, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """Both sides, and the topics that nobody has answered or knows, those that matter most first."""

    sides: Mapping[Way, Side]
    open: tuple[Topic, ...]


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers by topic; a topic that is missing was not answered."""

    by_topic: Mapping[Topic, Answer] = field(default_factory=dict)

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "Answers":
        """Read what `as_document` wrote."""
        return cls({Topic(name): Answer(Truth(one["truth"]), int(one["weight"])) for name, one in document.items()})

    def as_document(self) -> dict[str, Any]:
        """As plain JSON."""
        return {topic.value: {"truth": one.truth.value, "weight": one.weight} for topic, one in self.by_topic.items()}


def picture_of(answers: Answers) -> Picture:
    """What the answers come to."""
    sides = {way: _side(way, answers) for way in Way}
    unknown = [topic for topic in Topic if _is_open(answers.by_topic.get(topic))]
    return Picture(sides, tuple(sorted(unknown, key=lambda topic: -_weight(answers, topic))))


def _is_open(answer: Answer | None) -> bool:
    return answer is None or answer.truth is Truth.UNKNOWN


def _weight(answers: Answers, topic: Topic) -> int:
    answer = answers.by_topic.get(topic)
    return answer.weight if answer else USUAL_WEIGHT


def _side(way: Way, answers: Answers) -> Side:
    asked = [topic for topic in Topic if WAYS[topic] is way]
    known = [Weighed(topic, answers.by_topic[topic]) for topic in asked if not _is_open(answers.by_topic.get(topic))]
    most = sum(one.answer.weight for one in known)
    true = sum((WORTH[one.answer.truth] * one.answer.weight for one in known), Fraction(0))
    speaking = [one for one in known if WORTH[one.answer.truth]]
    heaviest = sorted(speaking, key=lambda one: -WORTH[one.answer.truth] * one.answer.weight)
    return Side(way, rounded(true * 100 / most, 0) if most else None, len(known), len(asked), tuple(heaviest))
