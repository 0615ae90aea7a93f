"""What a requirement still lacks before it can be published: one sentence for each gap, and the step that fills it.

The same sentences stand on the check page and in the refusal of `publish_requirement`.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l

from portal.measures.words import CHANNEL_NAMES, WEEKDAY_NAMES, Channel, Mode
from portal.needs import deadlines
from portal.needs.forecast import ChannelVolume
from portal.needs.models import Criterion, Requirement, RequirementChannel
from portal.needs.states import CriterionKind, Step
from portal.needs.targets import WITHIN_SECONDS

HUNDRED = Decimal(100)


class Gap(NamedTuple):
    """Something missing: the step to go to and what to do there."""

    step: Step
    sentence: Any


def gaps(
    requirement: Requirement, channels: Sequence[RequirementChannel], criteria: Sequence[Criterion], now: datetime
) -> list[Gap]:
    """Everything that keeps the requirement from being published at `now`, in the order of the steps."""
    return [
        *_goals(requirement),
        *_channels(channels),
        *_languages(requirement),
        *_targets(channels),
        *_term(requirement, now),
        *_deadline(requirement, now),
        *_criteria(criteria),
    ]


def staffing_gaps(requirement: Requirement, channels: Sequence[RequirementChannel]) -> list[Gap]:
    """What keeps the number of people from being known: volumes, languages, hours, targets and the term."""
    found = [*_channels(channels), *_languages(requirement), *_targets(channels)]
    if requirement.start_on is None or requirement.end_on is None:
        found.append(Gap(_term_step(requirement), _l("Give the start and the length of the term.")))
    return found


def channel_volume(row: RequirementChannel) -> ChannelVolume | None:
    """The channel as the forecast takes it, or None while its handle time or volumes are missing."""
    if row.aht_s is None or not row.monthly:
        return None
    monthly = tuple(Decimal(value) for value in row.monthly)
    return ChannelVolume(row.channel, row.aht_s, row.concurrency, monthly, Decimal(row.growth_pct or 0) / HUNDRED)


def _goals(requirement: Requirement) -> list[Gap]:
    wanted: list[tuple[object, Any]] = [
        (requirement.summary, _l("Describe what you need in a few sentences.")),
        (requirement.goals, _l("Name at least one goal.")),
        (requirement.industry, _l("Choose your industry.")),
        (requirement.service_types, _l("Say what the contacts are about.")),
    ]
    if requirement.mode == Mode.PARTIAL:
        wanted.append((requirement.split_rule, _l("Say by what the work is divided between your team and the vendor.")))
        wanted.append((requirement.retained, _l("Say what your own team keeps.")))
    if requirement.mode == Mode.TEMPORARY:
        wanted.append((requirement.start_on and requirement.end_on, _l("Give the start and the end of the project.")))
        wanted.append((requirement.wind_down, _l("Say how the work is wound down at the end.")))
        wanted.append((requirement.data_deletion_on, _l("Say by when the vendor deletes your data.")))
    return [Gap(Step.GOALS, sentence) for value, sentence in wanted if not value]


def _channels(channels: Sequence[RequirementChannel]) -> list[Gap]:
    if not channels:
        return [Gap(Step.CHANNELS, _l("Choose at least one channel."))]
    found = []
    for row in channels:
        name = CHANNEL_NAMES[Channel(row.channel)]
        volume = channel_volume(row)
        if row.aht_s is None:
            found.append(Gap(Step.CHANNELS, _l("%(channel)s: give the average handle time.", channel=name)))
        if not row.monthly:
            found.append(Gap(Step.CHANNELS, _l("%(channel)s: give the monthly volume.", channel=name)))
        elif volume and not any(volume.monthly):
            found.append(
                Gap(Step.CHANNELS, _l("%(channel)s: a channel without contacts cannot be priced.", channel=name))
            )
    return found


def _languages(requirement: Requirement) -> list[Gap]:
    found = []
    shares = sum((Decimal(one["share"]) for one in requirement.languages), Decimal(0))
    if not requirement.languages:
        found.append(Gap(Step.LANGUAGES, _l("Name at least one language.")))
    elif shares != HUNDRED:
        found.append(Gap(Step.LANGUAGES, _l("The shares of the languages must add up to 100 %.")))
    if not requirement.is_24x7 and not requirement.hours:
        found.append(Gap(Step.LANGUAGES, _l("Give the opening hours of at least one weekday.")))
    return found


def _targets(channels: Sequence[RequirementChannel]) -> list[Gap]:
    found = []
    for row in channels:
        name = CHANNEL_NAMES[Channel(row.channel)]
        if not row.target_metric or not row.target_value:
            found.append(Gap(Step.TARGETS, _l("%(channel)s: choose a service target.", channel=name)))
        elif row.target_metric in WITHIN_SECONDS and not 0 < Decimal(row.target_value) < HUNDRED:
            sentence = _l("%(channel)s: set a target above 0 and below 100 %%.", channel=name)
            found.append(Gap(Step.TARGETS, sentence))
        elif row.target_metric in WITHIN_SECONDS and row.target_seconds is None:
            found.append(
                Gap(Step.TARGETS, _l("%(channel)s: say within how many seconds the target is met.", channel=name))
            )
    return found


def _term(requirement: Requirement, now: datetime) -> list[Gap]:
    step = _term_step(requirement)
    if requirement.start_on is None or requirement.end_on is None:
        if requirement.mode == Mode.TEMPORARY:
            return []  # said by the first step already
        return [Gap(step, _l("Give the start and the length of the term."))]
    if requirement.start_on <= now.date():
        return [Gap(step, _l("The start lies in the past: choose a later one."))]
    if requirement.deadline_at is not None and requirement.start_on <= requirement.deadline_at.date():
        return [Gap(step, _l("The start must lie after the deadline for bids."))]
    if not _is_ever_open(requirement, requirement.start_on, requirement.end_on):
        return [Gap(step, _l("The service is closed on every day of its term: nothing can be planned or priced."))]
    return []


def _term_step(requirement: Requirement) -> Step:
    return Step.GOALS if requirement.mode == Mode.TEMPORARY else Step.MONEY


def _is_ever_open(requirement: Requirement, first: date, last: date) -> bool:
    """Whether a day of the term has opening hours; unknown hours are another gap's matter."""
    if requirement.is_24x7 or not requirement.hours or (last - first).days >= len(WEEKDAY_NAMES) - 1:
        return True
    names = list(WEEKDAY_NAMES)
    return any(
        names[(first + timedelta(days=n)).weekday()] in requirement.hours for n in range((last - first).days + 1)
    )


def _deadline(requirement: Requirement, now: datetime) -> list[Gap]:
    if requirement.deadline_at is None:
        return [Gap(Step.DEADLINE, _l("Set the deadline for bids."))]
    if requirement.deadline_at <= deadlines.earliest(now):
        sentence = _l(
            "The deadline must be more than %(days)s days after publication: choose a later one.",
            days=deadlines.MIN_DAYS,
        )
        return [Gap(Step.DEADLINE, sentence)]
    return []


def _criteria(criteria: Sequence[Criterion]) -> list[Gap]:
    found = []
    if sum(one.weight for one in criteria) != HUNDRED:
        found.append(Gap(Step.CRITERIA, _l("The weights of the criteria must add up to 100.")))
    if sum(one.kind == CriterionKind.PRICE for one in criteria) != 1:
        found.append(Gap(Step.CRITERIA, _l("Exactly one criterion must be the price.")))
    return found
