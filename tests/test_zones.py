"""The 24-hour rule at every change of offset of 2026 and 2027 in the zone database."""

# ruff: noqa: DTZ001 - wall-clock times, as cells hold them

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo, available_timezones

from support import assess, make_sheet, seen

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
START, END = datetime(2026, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)


class Change(NamedTuple):
    """A change of offset: when, and the offsets before and after it."""

    instant: datetime
    before: timedelta
    after: timedelta


def offset(zone: ZoneInfo, instant: datetime) -> timedelta:
    return instant.astimezone(zone).utcoffset() or timedelta(0)


@cache
def changes(name: str) -> tuple[Change, ...]:
    """Every change in a zone, to the minute, by halving days."""
    zone, found = ZoneInfo(name), []
    step = timedelta(days=5)
    low = START
    while low < END:
        start, end = low, low + step
        if offset(zone, start) != offset(zone, end):
            while end - start > MINUTE:
                middle = start + (end - start) // 2 // MINUTE * MINUTE
                start, end = (middle, end) if offset(zone, middle) == offset(zone, start) else (start, middle)
            found.append(Change(end, offset(zone, start), offset(zone, end)))
        low += step
    return tuple(found)


@cache
def kinds() -> dict[tuple[Change, ...], str]:
    """One zone for each way in which clocks change."""
    return {changes(name): name for name in sorted(available_timezones())}


def interviews(change: Change) -> list[datetime]:
    """Wall-clock times around a change: just before, in it, just after, and the same a day earlier and later."""
    wall_before = (change.instant + change.before).replace(tzinfo=None)
    wall_after = (change.instant + change.after).replace(tzinfo=None)
    walls = {
        base + days * DAY + minutes * MINUTE
        for base in (wall_before, wall_after)
        for days in (-1, 0, 1)
        for minutes in (-61, -31, -1, 0, 1, 29, 59, 61)
    }
    return sorted(wall for wall in walls if wall.hour or wall.minute)


def starts(wall: datetime, zone: ZoneInfo, change: Change) -> datetime:
    """The instant of a wall-clock time: the earlier of two, and for none the change that skipped it."""
    aware = wall.replace(tzinfo=zone)
    instant = aware.astimezone(UTC)
    return instant if instant.astimezone(zone).replace(tzinfo=None) == wall else change.instant


def rows(walls: list[datetime]) -> list[dict[str, str]]:
    return [{"Company": "Acme", "Interview": wall.isoformat(sep=" ", timespec="minutes")} for wall in walls]


def test_the_zone_database_has_the_usual_changes() -> None:
    madrid = changes("Europe/Madrid")
    assert [change.instant for change in madrid] == [
        datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC),
        datetime(2027, 3, 28, 1, tzinfo=UTC), datetime(2027, 10, 31, 1, tzinfo=UTC),
    ]  # fmt: skip
    assert len(kinds()) > 15


def test_thank_you_due_is_24_elapsed_hours_later_around_every_change() -> None:
    for all_changes, name in kinds().items():
        zone = ZoneInfo(name)
        asked = [(wall, change) for change in all_changes for wall in interviews(change)]
        shown = seen(assess(make_sheet(rows([wall for wall, _ in asked]), zone=zone), START.astimezone(zone)))
        for (wall, change), row in zip(asked, shown, strict=True):
            due = (starts(wall, zone, change) + DAY).astimezone(zone).replace(tzinfo=None)
            assert row.thank_you_due == due, (name, wall)


def test_the_flag_turns_at_the_very_second_around_every_change() -> None:
    seconds = timedelta(seconds=1)
    tried = set()
    for all_changes, name in kinds().items():
        zone = ZoneInfo(name)
        for change in all_changes:
            wall = (change.instant + change.before).replace(tzinfo=None) - timedelta(hours=9)
            kind = (wall.time(), change.before, change.after)
            if kind in tried:
                continue
            tried.add(kind)
            sheet = make_sheet(rows([wall]), zone=zone)
            start = starts(wall, zone, change)
            for now, expected in (
                (start - seconds, ("Upcoming", "")),
                (start, ("Send thank-you", "Due")),
                (start + DAY, ("Send thank-you", "Due")),
                (start + DAY + seconds, ("Send thank-you", "Overdue")),
            ):
                row = seen(assess(sheet, now.astimezone(zone)))[0]
                assert (row.status, row.flag) == expected, (name, wall, now)


def test_zones_without_a_change_count_plain_days() -> None:
    still = [name for name in sorted(available_timezones()) if not changes(name)]
    wall = datetime(2026, 11, 19, 14, 30)
    offsets = {offset(ZoneInfo(name), START): name for name in still}
    assert len(offsets) > 20
    for name in offsets.values():
        zone = ZoneInfo(name)
        row = seen(assess(make_sheet(rows([wall]), zone=zone), datetime(2026, 11, 19, 15, tzinfo=zone)))[0]
        assert (row.thank_you_due, row.flag) == (wall + DAY, "Due")
