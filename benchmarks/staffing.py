"""Staffing: an interval file of 27,716 five-minute rows to its people, and a year of half-hours for many groups.

    python -m benchmarks.staffing [FILE]

Without FILE one of the same shape is made: 164 weekdays, 07:00 to 21:05. Each figure is the middle of five runs in
one process, with nothing kept from the run before; imports do not count.
"""

import io
import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median

import xlsxwriter

from benchmarks.stand import machine
from portal.measures.words import Channel
from portal.needs import interval_table
from portal.needs.interval_days import days_of
from portal.needs.interval_file import findings_of, read_counts
from portal.needs.interval_look import look_at
from portal.needs.interval_patterns import patterns_of
from portal.needs.scenarios import planned_scenarios
from portal.needs.staffing import chat, coverage, erlang, patterns, split
from portal.needs.staffing.arrivals import Demand, Group, arrivals
from portal.needs.staffing.erlang import Target
from portal.needs.staffing.plan import Plan, plan, plan_of
from portal.needs.staffing.sensitivity import sensitivity

RUNS = 5
KEPT = (
    erlang.required,
    chat._slot_target,
    coverage._day_slots,
    coverage._plain_slots,
    patterns._slot_shares,
    split._most,
    interval_table._of_small_workbook,
)
ZONE = "Europe/London"
FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
WEEK = {day: [["07:00", "21:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
SHARES = {"en": 0.6, "fr": 0.25, "de": 0.15}
SEASONS = (0.9, 0.85, 0.95, 1, 1, 1.05, 1, 1, 1, 1.05, 1.3, 1.4)
PROFILE = [max(0.0, 14 - abs(half_hour - 22)) for half_hour in range(48)]
CHANNELS = {
    Channel.PHONE: (1_200_000, Group(Channel.PHONE, 240)),
    Channel.CHAT: (400_000, Group(Channel.CHAT, 600, Target(0.8, 30), concurrency=2)),
    Channel.EMAIL: (300_000, Group(Channel.EMAIL, 420, Target(0.9, 4 * 3600))),
    Channel.SOCIAL: (100_000, Group(Channel.SOCIAL, 300, Target(0.9, 2 * 3600))),
}


def main() -> None:
    """Measure both, and what a page asks for besides."""
    content = Path(sys.argv[1]).read_bytes() if len(sys.argv) > 1 else made_file()
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    print(f"{machine()}, load {load}")
    _tell("file to the staffing of every day in it", 2, lambda: from_file(content))
    _tell("file to what its upload and the page after it show", 2, lambda: uploaded(content))
    workbook = as_workbook(content)
    _tell("the same from a workbook", None, lambda: uploaded(workbook))
    office, always = demands(is_24x7=False), demands(is_24x7=True)
    _tell("a year of half-hours, 4 channels, 3 languages", 1, lambda: year(office))
    _tell("the same around the clock", 1, lambda: year(always))
    _tell("a year with the loss of pooling its languages", None, lambda: pooled_year(office))
    _tell("low, base and high of a year", None, lambda: planned_scenarios(office, FIRST, LAST))
    _tell("sensitivity of a week, 13 rows", None, lambda: sensitivity(office, date(2026, 3, 2), date(2026, 3, 8)))


def made_file() -> bytes:
    """27,716 rows in the shape of a bank's calls: thousands a half-hour before noon, a tail in the evening."""
    random, lines, day = Random(1), ["rownames,DateTime,Calls"], datetime(2003, 3, 3, 7, tzinfo=UTC)
    while len(lines) <= 164 * 169:
        if day.weekday() < 5:
            for number in range(169):
                mean = max(15.0, 400 - abs(number - 42) * (9 if number < 42 else 3))
                moment = day + timedelta(minutes=5 * number)
                lines.append(f"{len(lines)},{moment:%Y-%m-%dT%H:%M:%SZ},{max(0, round(random.gauss(mean, mean**0.5)))}")
        day += timedelta(days=1)
    return ("\n".join(lines) + "\n").encode()


def from_file(content: bytes) -> Plan:
    """Read, sum up, learn the patterns, and staff each interval of each day as it happened."""
    counts = read_counts(content, "UTC")
    days = days_of(counts)
    patterns_of(findings_of(counts), days)
    group = Group(Channel.PHONE, 210, Target(0.8, 20, 0.88, 2))
    return plan_of([days.arrivals(group)], min(days.days), max(days.days))


def uploaded(content: bytes) -> int:
    """Read as on upload, then read again, judged and kept as a document as on the page that shows it."""
    look_at(content, ZONE)
    return len(look_at(content, ZONE).as_document("file"))


def as_workbook(content: bytes) -> bytes:
    """The same rows in the cells of a sheet, each of its type."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet, style = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    heading, *lines = content.decode().splitlines()
    sheet.write_row(0, 0, heading.split(","))
    for row, line in enumerate(lines, start=1):
        number, moment, calls = line.split(",")
        sheet.write_number(row, 0, int(number))
        sheet.write_datetime(row, 1, datetime.fromisoformat(moment).replace(tzinfo=None), style)
        sheet.write_number(row, 2, int(calls))
    book.close()
    return target.getvalue()


def demands(*, is_24x7: bool) -> list[Demand]:
    """Twelve groups with seasons and a profile of the day."""
    hours = coverage.coverage(ZONE, WEEK, is_24x7=is_24x7)
    return [
        Demand(
            Group(one.channel, one.aht_s, one.target, language, concurrency=one.concurrency),
            patterns.monthly_volumes(yearly * share, SEASONS),
            hours,
            patterns.Patterns.of_one_profile(PROFILE, (1.2, 1.1, 1, 1, 0.9, 0.5, 0.4)),
        )
        for yearly, one in CHANNELS.values()
        for language, share in SHARES.items()
    ]


def year(groups: list[Demand]) -> Plan:
    """The plan with its days, weeks and months."""
    found = plan(groups, FIRST, LAST)
    for periods in (found.by_day, found.by_week, found.by_month):
        periods()
    return found


def pooled_year(groups: list[Demand]) -> float:
    """Languages apart against people who speak them all."""
    return split.pooling([arrivals(demand, FIRST, LAST) for demand in groups], FIRST, LAST).more_fte


def _tell(what: str, at_most: int | None, run: Callable[[], object]) -> None:
    times, work = [], []
    for _ in range(RUNS):
        for kept in KEPT:
            kept.cache_clear()
        began, busy = time.perf_counter(), time.process_time()
        answer = run()
        times.append(time.perf_counter() - began)
        work.append(time.process_time() - busy)
    limit = f", {median(work):.2f} s of it at work" + ("" if at_most is None else f" (at most {at_most} s)")
    size = f", {answer.whole().fte:.1f} FTE, {answer.peak()} seats" if isinstance(answer, Plan) else ""
    print(f"{what}: {median(times):.2f} s{limit}{size}", flush=True)


if __name__ == "__main__":
    main()
