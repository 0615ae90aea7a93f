"""Steps 2 and 4: channels with their volumes, and the service target of each."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.kit.db import db
from portal.kit.errors import Invalid
from portal.measures.definitions import Unit
from portal.measures.words import Channel
from portal.needs.models import Requirement, RequirementChannel
from portal.needs.numbers import checked_decimal
from portal.needs.queries import channels_of
from portal.needs.states import VolumeSource
from portal.needs.targets import TARGETS, WITHIN_SECONDS, is_lower_better, unit_of

MAX_AHT_S, MAX_CONCURRENCY, MAX_SECONDS = 7200, 4, 30 * 86_400
MONTHS_A_YEAR = 12
LEAST_GROWTH, MOST_GROWTH = -50, 200


def save(requirement: Requirement, *, channels: Iterable[Mapping[str, Any]]) -> None:
    """Take the chosen channels; those left out are removed with their targets and files.

    Each: channel, aht_s, concurrency, measured, monthly (one average or twelve from January to December; None keeps
    the volumes that came from a file), growth_pct (a year; kept where it is not given).
    """
    before = {row.channel: row for row in channels_of(requirement)}
    wanted = {_channel(one["channel"]): one for one in channels}
    for channel, row in before.items():
        if channel not in wanted:
            db.session.delete(row)
    for channel, one in wanted.items():
        row = before.get(channel) or RequirementChannel(
            requirement_id=requirement.id, buyer_id=requirement.buyer_id, channel=channel
        )
        _take(row, one)
        db.session.add(row)


def _take(row: RequirementChannel, one: Mapping[str, Any]) -> None:
    name = row.channel
    row.aht_s = _whole(
        one.get("aht_s"), f"{name}_aht_s", _l("Write seconds from 1 to %(most)s.", most=MAX_AHT_S), 1, MAX_AHT_S
    )
    concurrency = one.get("concurrency") if name == Channel.CHAT else 1
    row.concurrency = (
        _whole(
            concurrency,
            f"{name}_concurrency",
            _l("Write a whole number from 1 to %(most)s.", most=MAX_CONCURRENCY),
            1,
            MAX_CONCURRENCY,
        )
        or 1
    )
    if "growth_pct" in one:
        row.growth_pct = _growth(one["growth_pct"], f"{name}_growth")
    if one.get("monthly") is not None:
        row.monthly = _volumes(one["monthly"], name)
        row.source, row.file_id, row.file_findings, row.seasons = VolumeSource.TYPED.value, None, None, None
        row.measured = bool(one.get("measured"))
    elif row.source != VolumeSource.FILE:
        row.monthly, row.measured = row.monthly or [], bool(one.get("measured"))


def _growth(value: Any, field: str) -> str | None:
    if value is None or str(value).strip() == "":
        return None
    sentence = _l("Write a percentage from %(least)s to %(most)s.", least=LEAST_GROWTH, most=MOST_GROWTH)
    return checked_decimal(value, field, sentence, least=LEAST_GROWTH, most=MOST_GROWTH)


def _volumes(values: Iterable[Any], name: str) -> list[str]:
    found = list(values)
    if len(found) not in (0, 1, MONTHS_A_YEAR):
        raise Invalid(_l("Give one average, or all twelve months from January to December."), f"{name}_average")
    sentence = _l("Write a number of contacts from 0 to 1,000,000,000, with at most two decimals.")
    fields = [f"{name}_average"] if len(found) == 1 else [f"{name}_month_{index}" for index in range(1, 13)]
    return [checked_decimal(value, field, sentence) for value, field in zip(found, fields, strict=False)]


def save_targets(requirement: Requirement, *, targets: Mapping[str, Mapping[str, Any]]) -> None:
    """Take one target per channel: metric (a code of the catalogue), value, minimum, seconds. Others are left alone."""
    for row in channels_of(requirement):
        if row.channel in targets:
            _take_target(row, targets[row.channel])


def _take_target(row: RequirementChannel, one: Mapping[str, Any]) -> None:
    metric = one.get("metric") or None
    if metric is None:
        row.target_metric = row.target_value = row.target_minimum = row.target_seconds = None
        return
    if metric not in TARGETS[Channel(row.channel)]:
        raise Invalid(_l("Choose a figure from the list."), f"{row.channel}_metric")
    row.target_metric = metric
    row.target_value = _goal(one.get("value"), metric, f"{row.channel}_value")
    row.target_minimum = _goal(one.get("minimum"), metric, f"{row.channel}_minimum")
    row.target_seconds = None
    if metric in WITHIN_SECONDS:
        sentence = _l("Write the seconds within which the target is met.")
        row.target_seconds = _whole(one.get("seconds"), f"{row.channel}_seconds", sentence, 1, MAX_SECONDS)
    _check_order(row)


def _goal(value: Any, metric: str, field: str) -> str | None:
    if value is None or str(value).strip() == "":
        return None
    if unit_of(metric) is Unit.PERCENT:
        return checked_decimal(value, field, _l("Write a percentage from 0 to 100."), most=100)
    return checked_decimal(value, field, _l("Write a number from 0 to 100,000."), most=100_000)


def _check_order(row: RequirementChannel) -> None:
    """The minimum is the worse of the two: below it the service counts as failed."""
    if row.target_value is None or row.target_minimum is None or row.target_metric is None:
        return
    goal, minimum = Decimal(row.target_value), Decimal(row.target_minimum)
    if is_lower_better(row.target_metric) and minimum < goal:
        raise Invalid(_l("For this figure less is better: the minimum cannot be below the target."), _at(row))
    if not is_lower_better(row.target_metric) and minimum > goal:
        raise Invalid(_l("The minimum cannot be above the target."), _at(row))


def _at(row: RequirementChannel) -> str:
    return f"{row.channel}_minimum"


def _channel(value: Any) -> str:
    if value not in list(Channel):
        raise Invalid(_l("Choose from the list."), "channels")
    return Channel(value).value


def _whole(value: Any, field: str, sentence: Any, least: int, most: int) -> int | None:
    if value is None or str(value).strip() == "":
        return None
    return int(checked_decimal(value, field, sentence, least=least, most=most, decimals=0))
