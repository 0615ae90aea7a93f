"""A requirement as the staffing model takes it: one group of agents for each channel and language.

Languages are groups of their own and share each channel's contacts by their percentages. Weekdays and hours are those
typed for the channel, else those of its file; without either they are taken as flat over the opening hours. A
target that is no service level or waiting time leaves the channel's usual one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.kit.errors import Invalid
from portal.measures.words import CHANNEL_NAMES, Channel
from portal.needs.completeness import channel_volume
from portal.needs.models import Requirement, RequirementChannel
from portal.needs.staffing.arrivals import Demand, Group
from portal.needs.staffing.coverage import coverage
from portal.needs.staffing.erlang import Target
from portal.needs.staffing.patterns import Patterns
from portal.needs.targets import WITHIN_SECONDS

HUNDRED = 100
USUAL = {
    Channel.PHONE: Target(0.80, 20),
    Channel.CHAT: Target(0.80, 30),
    Channel.EMAIL: Target(0.90, 24 * 3600, min_agents=0),
    Channel.SOCIAL: Target(0.90, 4 * 3600, min_agents=0),
}
"""What is planned for where a requirement promises nothing that staffing could keep."""


def demands_of(
    requirement: Requirement, channels: Sequence[RequirementChannel], *, closed: Iterable[date] = ()
) -> tuple[Demand, ...]:
    """The demands of a requirement; channels without volume or handle time, which a draft may have, are left out.

    A draft without opening hours has none yet. `closed` are days on which nobody works. Raises Invalid for
    a target that no service can keep.
    """
    if not requirement.is_24x7 and not requirement.hours:
        return ()
    hours = coverage(requirement.timezone, requirement.hours, is_24x7=requirement.is_24x7, closed=closed)
    found = []
    for row in channels:
        volume = channel_volume(row)
        if volume is None:
            continue
        group = Group(Channel(row.channel), float(volume.aht_s), target_of(row), concurrency=volume.concurrency)
        for one in requirement.languages:
            share = Decimal(one["share"]) / HUNDRED
            found.append(
                Demand(
                    group=replace(group, language=one["code"]),
                    monthly=tuple(float(contacts * share) for contacts in volume.monthly),
                    coverage=hours,
                    patterns=patterns_of_channel(row),
                    growth=float(volume.growth),
                    starts=requirement.start_on,
                )
            )
    return tuple(found)


def target_of(row: RequirementChannel) -> Target:
    """What a channel promises: a share of answers within a time, or an average speed of answer."""
    channel = Channel(row.channel)
    usual = USUAL[channel]
    if row.target_metric is None or row.target_value is None:
        return usual
    value = Decimal(row.target_value)
    if row.target_metric == "ASA" and value > 0:
        return replace(usual, max_asa_s=float(value))
    if row.target_metric not in WITHIN_SECONDS:
        return usual
    if not 0 < value < HUNDRED:
        sentence = _l("%(channel)s: set a target above 0 and below 100 %%.", channel=CHANNEL_NAMES[channel])
        raise Invalid(sentence, f"{channel}_value")
    return replace(usual, share=float(value / HUNDRED), within_s=float(row.target_seconds or usual.within_s))


def patterns_of_channel(row: RequirementChannel) -> Patterns:
    """The weekdays and hours of a channel: those typed by hand, else those of its file, else flat."""
    found = _patterns_of_file(row.file_findings or {})
    if row.weekdays:
        found = replace(found, weekdays=tuple(map(float, row.weekdays)))
    if row.day_profile:
        found = replace(found, profiles=(tuple(map(float, row.day_profile)),) * len(found.weekdays))
    return found


def _patterns_of_file(findings: Mapping[str, Any]) -> Patterns:
    learnt = findings.get("patterns")
    if learnt:
        return Patterns(tuple(learnt["weekdays"]), tuple(map(tuple, learnt["profiles"])))
    # Files read before patterns were kept have the mean contacts of each weekday and hour.
    hours = tuple(tuple(float(value) for value in day) for day in findings.get("profile") or ())
    weekdays = tuple(sum(day) for day in hours)
    return Patterns(weekdays, hours) if any(weekdays) else Patterns()
