"""Interval files of any size, shaped like those of a phone system: a pattern over the day, none at night."""

from datetime import datetime, timedelta


def calls_at(moment: datetime) -> int:
    """Contacts of the interval that begins at `moment`: more before noon, fewer towards the evening."""
    if moment.weekday() >= 5 or not 7 <= moment.hour < 21:
        return 0
    return 40 + 12 * (14 - abs(moment.hour - 11)) + moment.minute % 7 + 3 * moment.weekday()


def interval_file(
    *, first: str, days: int, minutes: int, heading: str = "rownames,DateTime,Calls", zulu: bool = False
) -> bytes:
    """A file of `days` days from `first` with one line for each interval between 07:00 and 21:00 on weekdays."""
    start = datetime.fromisoformat(first)
    lines = [heading]
    for day in range(days):
        if (start + timedelta(days=day)).weekday() >= 5:
            continue
        moment = start + timedelta(days=day, hours=7)
        while moment.hour < 21:
            written = moment.strftime("%Y-%m-%dT%H:%M:%SZ") if zulu else moment.strftime("%Y-%m-%d %H:%M")
            lines.append(f"{len(lines)},{written},{calls_at(moment)}")
            moment += timedelta(minutes=minutes)
    return ("\n".join(lines) + "\n").encode()
