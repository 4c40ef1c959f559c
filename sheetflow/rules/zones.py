"""Wall-clock times of a zone and the instants they are, over whole columns."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo

import numpy as np

from sheetflow.rules.arrays import Days, Flags
from sheetflow.table import series


def localize(wall: Days, timed: Flags, zone: tzinfo | None) -> tuple[Days, Days]:
    """Wall-clock times in a zone to (times that exist, instants in UTC); the others are left as they are.

    A time that exists twice is the earlier one; one that is skipped moves forward to the first that exists.
    """
    wall, instant = wall.copy(), wall.copy()
    times = wall[timed]
    earlier = np.ones(len(times), dtype=bool)
    local = series(times).dt.tz_localize(zone, ambiguous=earlier, nonexistent="NaT")
    instants = local.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy(copy=True)
    skipped = np.isnat(instants)
    instants[skipped] = [_after_gap(time, zone) for time in times[skipped].tolist()]
    wall[timed], instant[timed] = wall_clock(instants, zone), instants
    return wall, instant


def wall_clock(instants: Days, zone: tzinfo | None) -> Days:
    """What the clocks of a zone show at instants in UTC."""
    shown: Days = series(instants).dt.tz_localize("UTC").dt.tz_convert(zone).dt.tz_localize(None).to_numpy()
    return shown


def _after_gap(wall: datetime, zone: tzinfo | None) -> datetime:
    """The instant, in UTC, at which the clocks skip a wall-clock time.

    pandas has ``shift_forward`` for this, but lands up to an hour off in 15 zones, Alaska's among them.
    """
    before, after = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (1, 0))
    later = after.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before).seconds // 2)
        before, after = (before, middle) if middle.astimezone(zone).utcoffset() == later else (middle, after)
    return after.replace(tzinfo=None)
