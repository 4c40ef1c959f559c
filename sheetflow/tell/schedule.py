"""When the scheduled run looks next: the cron lines of its own workflow, and the hours in which nobody is told.

Of cron what GitHub takes: five fields of numbers, lists, ranges and steps. What is not understood is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import NamedTuple

from sheetflow.settings import read_zone

_BOUNDS = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
_ENTRY = re.compile(
    r"""^[ \t]*-[ \t]*cron:[ \t]*(["'])(.*?)\1.*$(?:\n[ \t]*timezone:[ \t]*(["']?)([\w/+-]+)\3)?""", re.M
)
_PART = re.compile(r"(?:\*|(\d{1,2})(?:-(\d{1,2}))?)(?:/(\d{1,2}))?")
DAYS_AHEAD = 8
"""A schedule that looks less than once a week is no schedule for a note that is due within a day."""


class Entry(NamedTuple):
    """One line of a schedule: the numbers of its five fields, which of the two day fields bind, and its zone."""

    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    both: bool
    zone: tzinfo

    def on(self, day: datetime) -> bool:
        """Whether it runs on a day; where both the day of the month and the weekday are named, either is enough."""
        of_month, of_week = day.day in self.days, day.isoweekday() % 7 in self.weekdays
        return day.month in self.months and (of_month or of_week if self.both else of_month and of_week)


def entries(workflow: str) -> list[Entry]:
    """The schedule in the text of a workflow file; lines that GitHub would refuse are left out."""
    found = []
    for match in _ENTRY.finditer(workflow):
        try:
            found.append(_entry(match[2], read_zone(match[4] or "UTC")))
        except ValueError:
            continue
    return found


def _entry(cron: str, zone: tzinfo) -> Entry:
    minutes, hours, days, months, weekdays = (_numbers(*one) for one in zip(cron.split(), _BOUNDS, strict=True))
    both = "*" not in (cron.split()[2][:1], cron.split()[4][:1])
    return Entry(minutes, hours, days, months, frozenset(day % 7 for day in weekdays), both, zone)


def _numbers(text: str, bounds: tuple[int, int]) -> frozenset[int]:
    numbers: set[int] = set()
    for part in text.split(","):
        match = _PART.fullmatch(part)
        if not match:
            raise ValueError(text)
        first = bounds[0] if match[1] is None else int(match[1])
        open_end = match[1] is None or match[3] is not None
        last = int(match[2]) if match[2] else bounds[1] if open_end else first
        step = int(match[3] or 1)
        if not bounds[0] <= first <= last <= bounds[1] or not step:
            raise ValueError(text)
        numbers |= set(range(first, last + 1, step))
    return frozenset(numbers)


def looks(schedule: Sequence[Entry], after: datetime) -> Iterator[datetime]:
    """The coming looks, soonest first, in UTC; ``after`` is aware. None further off than a week."""
    coming = {
        moment
        for entry in schedule
        for days in range(-1, DAYS_AHEAD)
        for moment in _of_day(entry, after.astimezone(entry.zone) + timedelta(days=days))
    }
    yield from sorted(moment for moment in coming if moment > after)


def _of_day(entry: Entry, day: datetime) -> Iterator[datetime]:
    if entry.on(day):
        for hour in entry.hours:
            for minute in entry.minutes:
                yield day.replace(hour=hour, minute=minute, second=0, microsecond=0, fold=0).astimezone(UTC)


def is_quiet(moment: datetime, hours: str) -> bool:
    """Whether a time is in the quiet hours: ``22-7`` is from 22:00 to before 7:00; ``7-7`` is never."""
    start, end = (int(hour) for hour in hours.split("-"))
    return start <= moment.hour < end if start <= end else moment.hour >= start or moment.hour < end


def next_told(schedule: Sequence[Entry], after: datetime, zone: tzinfo, hours: str) -> datetime | None:
    """The next look at which somebody may be told, in the sheet's ``zone`` without its offset; ``None``: not known."""
    for moment in looks(schedule, after):
        local = moment.astimezone(zone).replace(tzinfo=None)
        if not is_quiet(local, hours):
            return local
    return None
