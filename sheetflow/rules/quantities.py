"""The dates of the rules (spec, section 3): every quantity, named as there, with one entry per row.

A date is a ``datetime64[us]``, at midnight where it is a day; ``NaT`` is a missing one: a sum with it is missing,
a comparison with it is false, and ``latest`` leaves it out.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from types import SimpleNamespace

import numpy as np

from sheetflow.settings import Settings
from sheetflow.table import Array, Table, midnight, series

SENT = ("thanked", "followed", "seconded")
"""The sent columns that rest on the interview, in their order."""
DAY = np.timedelta64(1, "D")
NONE = np.datetime64("NaT", "us")


class Quantities(SimpleNamespace):
    """Columns of the typed table and what follows from them, each an array with one entry per row."""

    def outcome_is(self, *words: str) -> Array:
        """Which rows have one of these outcomes; empty text for none."""
        return np.logical_or.reduce([self.outcome == word for word in words])


def read(table: Table, now: datetime) -> Quantities:
    """The cells as they are, when it is, and which interviews are still to come."""
    q = Quantities(**{str(name): column.to_numpy(copy=True) for name, column in table.frame.items()})
    q.zone = now.tzinfo
    q.now = np.datetime64(now.astimezone(UTC).replace(tzinfo=None), "us")
    q.today = np.datetime64(now.date(), "us")
    q.interview, q.instant = _localize(q.interview, q.interview_timed, q.zone)
    q.day = midnight(q.interview)
    q.to_come = np.where(q.interview_timed, q.instant > q.now, q.day > q.today)
    q.outcome[q.outcome_is("Next round") & q.to_come] = ""
    return q


def work_out(q: Quantities, settings: Settings) -> None:
    """Every quantity of section 3, once it is settled which cells count."""
    q.has_interview = ~np.isnat(q.interview)
    q.interviewed = q.has_interview & ~q.to_come
    q.interview_to_come = np.where(q.to_come, q.interview, NONE)
    q.interview_to_come_timed = q.interview_timed
    for name in (*SENT, "closing"):
        setattr(q, f"{name}_filled", filled(q, name))
    roll = _roll if settings.skip_weekends else _as_it_is
    _thank_you(q, settings, roll)
    q.r = np.where(q.reply < q.day, NONE, q.reply)
    q.replied = ~np.isnat(q.r)
    q.base = latest(q.t, q.r)
    q.horrible = (q.feeling == "Horrible") & ~q.replied
    _three_dates(q, settings, roll)
    _ends(q, settings, roll)


def filled(q: Quantities, name: str) -> Array:
    """Which cells of a sent column hold a date or a tick."""
    return ~np.isnat(getattr(q, name)) | getattr(q, f"{name}_tick")


def latest(*days: Array) -> Array:
    """The latest of several days; a missing one is left out."""
    return np.fmax.reduce(days)


Roll = Callable[[Array], Array]


def _roll(days: Array) -> Array:
    """A Saturday or Sunday moves to Monday."""
    return np.busday_offset(days.astype("datetime64[D]"), 0, "forward").astype("datetime64[us]")


def _as_it_is(days: Array) -> Array:
    return days


def _localize(wall: Array, timed: Array, zone: tzinfo | None) -> tuple[Array, Array]:
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
    wall[timed], instant[timed] = _wall(instants, zone), instants
    return wall, instant


def _wall(instants: Array, zone: tzinfo | None) -> Array:
    """What the clocks of a zone show at instants in UTC."""
    return series(instants).dt.tz_localize("UTC").dt.tz_convert(zone).dt.tz_localize(None).to_numpy()


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


def _thank_you(q: Quantities, settings: Settings, roll: Roll) -> None:
    """Thank-you due, T, Limit; whether it is done, or late."""
    hours = settings.thank_you_hours
    due_instant = q.instant + hours * np.timedelta64(1, "h")
    q.thank_you_due = q.day + math.ceil(hours / 24) * DAY
    q.thank_you_due[q.interview_timed] = _wall(due_instant[q.interview_timed], q.zone)
    q.thank_you_due_timed = q.interview_timed
    q.thank_you_late = np.where(q.interview_timed, q.now > due_instant, q.today > q.thank_you_due)
    due_day = midnight(q.thank_you_due)
    q.t = np.where(np.isnat(q.thanked), due_day, q.thanked)
    q.limit = roll(due_day + settings.follow_up_days * DAY)
    q.thank_you_done = q.thanked_filled | q.followed_filled | q.seconded_filled


def _three_dates(q: Quantities, settings: Settings, roll: Roll) -> None:
    """Follow-up due, Second follow-up due, Ghosted on; which of the two follow-ups count."""
    missing, snooze, wait = np.isnat(q.base), roll(q.snooze), settings.ghosted_days * DAY
    q.follow_up_due = np.where(missing, NONE, latest(roll(q.base + settings.follow_up_days * DAY), snooze))
    q.f, f_counts = _sent(q, "followed", q.follow_up_due)
    start = np.where(f_counts, q.f, q.follow_up_due)
    second = latest(roll(start + settings.second_follow_up_days * DAY), snooze)
    q.second_follow_up_due = np.where(missing, NONE, second)
    q.s, q.second_counts = _sent(q, "seconded", q.second_follow_up_due)
    q.follow_up_counts = f_counts | q.second_counts
    start = np.where(q.second_counts, q.s, q.second_follow_up_due)
    q.ghosted_on = np.where(missing, NONE, latest(start + wait, q.snooze + wait))
    later = np.where(q.second_counts, q.ghosted_on, q.second_follow_up_due)
    q.next = np.where(q.follow_up_counts, later, q.follow_up_due)


def _sent(q: Quantities, name: str, due: Array) -> tuple[Array, Array]:
    """The day a follow-up was sent (a tick stands for the day it was due), and whether it counts.

    After a reply only what was sent later counts: the conversation began anew.
    """
    typed, tick = getattr(q, name), getattr(q, f"{name}_tick")
    anew = np.where(tick, q.today >= due, typed > q.r)
    return np.where(tick, due, typed), getattr(q, f"{name}_filled") & (~q.replied | anew)


def _ends(q: Quantities, settings: Settings, roll: Roll) -> None:
    """Latest, End, the closing window, and when to ask for feedback."""
    ticked = [np.where(getattr(q, f"{name}_tick"), day, NONE) for name, day in zip(SENT, (q.t, q.f, q.s), strict=True)]
    past = [np.where(day > q.today, NONE, day) for day in (*ticked, q.snooze)]
    q.latest = latest(q.day, q.thanked, q.followed, q.seconded, q.reply, *past)
    q.end = latest(q.latest, q.ghosted_on)
    q.closing_until = q.end + settings.closing_days * DAY
    q.closing_window = q.today <= q.closing_until
    q.feedback_due = np.where(np.isnat(q.reply), NONE, roll(q.latest + DAY))
