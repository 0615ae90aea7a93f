"""What the staffing model does not know, in sentences for whoever reads its figures."""

from collections.abc import Iterable
from enum import StrEnum

from flask_babel import lazy_gettext as _l

from portal.needs.staffing.arrivals import Group
from portal.needs.staffing.figures import Figures

MANY_HANG_UP = 0.05
"""The share of callers who hang up from which on Erlang C tells waiting times that are clearly too long."""
QUIET_OCCUPANCY = 0.60
"""Below it a group is too small to be busy: most of its time is waiting, whatever the promise."""


class Limit(StrEnum):
    """A limit of the model."""

    RANDOM_ARRIVALS = "random_arrivals"
    NO_ABANDONMENT = "no_abandonment"
    ONE_SKILL = "one_skill"
    SHORT_INTERVAL = "short_interval"
    SMALL_GROUP = "small_group"
    SEVERAL_AT_ONCE = "several_at_once"
    DEFERRED = "deferred"
    OPENING_HOURS = "opening_hours"
    ROSTER = "roster"


LIMITS = {
    Limit.RANDOM_ARRIVALS: _l(
        "Erlang C takes contacts to arrive at random at a steady rate within each interval. "
        "Real bursts need more people than it says."
    ),
    Limit.NO_ABANDONMENT: _l(
        "Erlang C knows nobody who hangs up. "
        "Where more than %(share)s %% of callers do, real waiting times are shorter than these.",
        share=round(MANY_HANG_UP * 100),
    ),
    Limit.ONE_SKILL: _l(
        "Every person of a group can take every contact of it. People who help out between groups are not assumed."
    ),
    Limit.SHORT_INTERVAL: _l(
        "Contacts take longer than an interval lasts, so work runs over into the next one. The figures are too good."
    ),
    Limit.SMALL_GROUP: _l(
        "A small group must wait for its contacts: to be there in time it is busy for less than %(share)s %% of its "
        "hours.",
        share=round(QUIET_OCCUPANCY * 100),
    ),
    Limit.SEVERAL_AT_ONCE: _l(
        "The handle time of a chat is the one customers see while an agent holds several. "
        "One measured with a single chat at a time is too short."
    ),
    Limit.DEFERRED: _l(
        "E-mail and social media are staffed by the hours of work in them. All of it is answered in time only as long "
        "as it arrives as forecast."
    ),
    Limit.OPENING_HOURS: _l("All contacts of a month are taken to arrive on its open days and within opening hours."),
    Limit.ROSTER: _l(
        "People are counted as if shifts followed the curve of contacts. "
        "Rosters with fixed shifts need %(least)s to %(most)s %% more.",
        least=5,
        most=10,
    ),
}


def is_shorter_than_a_contact(seconds: float, aht_s: float) -> bool:
    """Whether an interval ends before the average contact that begins in it, which makes Erlang C too hopeful."""
    return seconds < aht_s


def limits_of(groups: Iterable[tuple[Group, Figures]], interval_s: int, *, inefficiency: float = 1.0) -> list[Limit]:
    """The limits that matter for these groups and their figures, in the order of `LIMITS`."""
    found = {Limit.OPENING_HOURS, Limit.ONE_SKILL}
    if inefficiency == 1:
        found.add(Limit.ROSTER)
    for group, figures in groups:
        if not group.is_real_time:
            found.add(Limit.DEFERRED)
            continue
        found |= {Limit.RANDOM_ARRIVALS, Limit.NO_ABANDONMENT}
        if is_shorter_than_a_contact(interval_s, group.aht_s):
            found.add(Limit.SHORT_INTERVAL)
        if group.concurrency > 1:
            found.add(Limit.SEVERAL_AT_ONCE)
        if figures.occupancy is not None and figures.occupancy < QUIET_OCCUPANCY:
            found.add(Limit.SMALL_GROUP)
    return [limit for limit in LIMITS if limit in found]
