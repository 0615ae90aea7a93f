"""A month judged: each channel's figure against its target, and the volumes billing works with."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from portal.measures.catalogue import measure
from portal.measures.definitions import Direction, Unit
from portal.measures.figures import Verdict, compute, verdict
from portal.measures.satisfaction import Satisfaction
from portal.monitoring.items import FROM_SURVEY
from portal.pricing.documents import scenario_from_document
from portal.pricing.values import ScenarioMonth, VolumeRow

Figures = Mapping[str, Mapping[str, Any]]
MIN_ANSWERS = 30
PERCENT = Decimal(100)


@dataclass(frozen=True, slots=True)
class Result:
    """One channel's target in one month. `n` is what the value rests on, None where nothing was reported."""

    channel: str
    metric: str
    name: Any
    seconds: int | None
    value: Decimal | None
    target: Decimal
    minimum: Decimal | None
    verdict: Verdict
    n: Decimal | None
    source: str
    unit: Unit
    direction: Direction


def results(targets: Sequence[dict[str, Any]], figures: Figures, satisfaction: Satisfaction | None) -> list[Result]:
    """Each target of the terms against the month's figures by channel, and the survey for satisfaction targets."""
    return [_result(target, figures.get(target["channel"]), satisfaction) for target in targets]


def _result(target: dict[str, Any], reported: Mapping[str, Any] | None, satisfaction: Satisfaction | None) -> Result:
    one = measure(target["metric"])
    goal = Decimal(target["value"])
    minimum = None if target["minimum"] is None else Decimal(target["minimum"])
    least = 0
    if target["metric"] in FROM_SURVEY:
        value = None if satisfaction is None else _percent(satisfaction)
        n: Decimal | None = Decimal(satisfaction.n if satisfaction else 0)
        least, source = MIN_ANSWERS, "survey"
    else:
        items = {name: Decimal(text) for name, text in (reported or {}).items()}
        value = compute(target["metric"], items) if items else None
        n, source = items.get("handled"), "vendor"
    return Result(
        channel=target["channel"],
        metric=target["metric"],
        name=one.name,
        seconds=target["seconds"],
        value=value,
        target=goal,
        minimum=minimum,
        verdict=verdict(
            value, goal, minimum, one.default.direction, None if n is None else int(n), least, precision=one.precision
        ),
        n=n,
        source=source,
        unit=one.default.unit,
        direction=one.default.direction,
    )


def _percent(satisfaction: Satisfaction) -> Decimal:
    return PERCENT * satisfaction.share.numerator / satisfaction.share.denominator


def month_index(go_live: date, month: date) -> int:
    """Which month of service a calendar month is: 1 for the one the service went live in."""
    return (month.year - go_live.year) * 12 + month.month - go_live.month + 1


def actual_month(terms: dict[str, Any], index: int, figures: Figures) -> ScenarioMonth | None:
    """The month as it really was, in the form that prices it; None where no channel was reported.

    The agreed forecast knows contacts by language and window, the report only by channel: a channel's real contacts
    are split as the forecast of that month splits them, and all get the channel's real handle time.
    """
    if not figures:
        return None
    forecast = scenario_from_document(terms["scenario"]).months
    planned = forecast[min(index, len(forecast)) - 1]
    rows = [row for channel in figures for row in _rows(planned, channel, figures[channel])]
    return ScenarioMonth(k=index, volumes=tuple(rows), fte=planned.fte, ramp=planned.ramp, seats=planned.seats)


def _rows(planned: ScenarioMonth, channel: str, reported: Mapping[str, Any]) -> Iterable[VolumeRow]:
    handled = Decimal(reported.get("handled", 0))
    busy = sum((Decimal(reported.get(item, 0)) for item in ("talk_s", "hold_s", "acw_s")), Decimal(0))
    same = [row for row in planned.volumes if row.channel == channel]
    expected = sum((row.contacts for row in same), Decimal(0))
    for row in same:
        share = row.contacts / expected if expected else Decimal(1) / len(same)
        aht = busy / handled if handled and busy else row.aht_s
        yield VolumeRow(
            channel=channel,
            contacts=handled * share,
            aht_s=aht,
            lang=row.lang,
            window=row.window,
            location=row.location,
            skill=row.skill,
            segment=row.segment,
        )
