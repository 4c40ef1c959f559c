"""The dates of a row, worked out from its own cells and the settings (the rules, section 3).

An interview and an application have one clock. They differ in what it starts from, in the waits, and in that an
application knows one follow-up, the check-in: each place where they part is a ``np.where(q.application, …)``.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from sheetflow.rules.arrays import DAY, NONE, Days, Flags, latest
from sheetflow.rules.quantities import Quantities, Sent
from sheetflow.rules.zones import wall_clock
from sheetflow.settings import Settings
from sheetflow.table import midnight

Roll = Callable[[Days], Days]
DECISION_GRACE = 2 * DAY
"""After the day by which they said they would decide, a little patience."""


def work_out(q: Quantities, settings: Settings) -> None:
    """Every date, once it is settled which cells count."""
    roll = _to_monday if settings.skip_weekends else _as_it_is
    _kinds(q)
    _thank_you(q, settings, roll)
    _reply(q)
    _three_dates(q, settings, roll)
    q.thank_you_open = q.interviewed & ~q.thank_you_done & (q.today < np.fmin(q.limit, q.follow_up_due))
    q.silent = (q.application | (q.interviewed & ~q.horrible)) & (q.today >= q.ghosted_on)
    _ends(q, settings, roll)


def _to_monday(days: Days) -> Days:
    """A Saturday or Sunday moves to Monday."""
    return np.busday_offset(days.astype("datetime64[D]"), 0, "forward").astype("datetime64[us]")


def _as_it_is(days: Days) -> Days:
    return days


def _kinds(q: Quantities) -> None:
    """Interview, application or neither, and the day that the row's clock starts from."""
    q.has_interview = ~np.isnat(q.interview)
    q.interviewed = q.has_interview & ~q.to_come
    q.application = ~q.has_interview & (q.applied <= q.today + DAY)
    q.day = np.where(q.has_interview, q.interview_day, q.applied)
    q.start = np.where(q.application, q.applied, q.interview_day)


def _thank_you(q: Quantities, settings: Settings, roll: Roll) -> None:
    """Thank-you due, T, Limit; whether it is done, or late."""
    hours = settings.thank_you_hours
    due_instant = q.instant + hours * np.timedelta64(1, "h")
    q.thank_you_due = q.interview_day + math.ceil(hours / 24) * DAY
    q.thank_you_due[q.interview_timed] = wall_clock(due_instant[q.interview_timed], q.zone)
    q.thank_you_late = np.where(q.interview_timed, q.now > due_instant, q.today > q.thank_you_due)
    due_day = midnight(q.thank_you_due)
    q.t = np.where(np.isnat(q.thanked.typed), due_day, q.thanked.typed)
    q.limit = roll(due_day + settings.follow_up_days * DAY)
    q.thank_you_done = q.thanked.filled | q.followed.filled | q.seconded.filled


def _reply(q: Quantities) -> None:
    """R, Base, Horrible."""
    q.r = np.where(q.reply < q.start, NONE, q.reply)
    q.replied = ~np.isnat(q.r)
    base = latest(np.where(q.application, q.applied, q.t), q.r)
    q.base = np.where(np.isnat(q.start), NONE, base)
    q.horrible = (q.feeling == "Horrible") & ~(q.r > q.interview_day)


def _three_dates(q: Quantities, settings: Settings, roll: Roll) -> None:
    """Follow-up due, Second follow-up due, Ghosted on; which of the two follow-ups count; what is next."""
    without, snooze = np.isnat(q.base), roll(q.snooze)
    wait = np.where(q.application, settings.application_follow_up_days, settings.follow_up_days) * DAY
    q.decision_counts = ~np.isnat(q.decision_by) & ~(q.decision_by < q.start) & ~(q.decision_by <= q.r)
    q.d1 = roll(np.where(q.decision_counts, q.decision_by + DECISION_GRACE, q.base + wait))
    q.follow_up_due = np.where(without, NONE, latest(q.d1, snooze))
    q.f, f_counts = _sent(q, q.followed, q.d1)
    first: Days = np.where(f_counts, q.f, q.follow_up_due)
    q.d2 = roll(first + settings.second_follow_up_days * DAY)
    q.second_follow_up_due = np.where(without, NONE, latest(q.d2, snooze))
    q.s, q.second_counts = _sent(q, q.seconded, np.where(q.application, q.d1, q.d2))
    q.follow_up_counts = f_counts | q.second_counts
    second = np.where(q.application, first, q.second_follow_up_due)
    last: Days = np.where(q.second_counts, q.s, second)
    wait = np.where(q.application, settings.application_ghosted_days, settings.ghosted_days) * DAY
    q.ghosted_on = np.where(without, NONE, latest(last + wait, q.snooze + wait))
    open_second = ~q.application & ~q.second_counts
    q.next = np.where(open_second, q.second_follow_up_due, q.ghosted_on)
    q.next = np.where(~q.follow_up_counts & (q.reachable | ~q.application), q.follow_up_due, q.next)


def _sent(q: Quantities, sent: Sent, stands_for: Days) -> tuple[Days, Flags]:
    """The day that a follow-up was sent (a tick stands for one), and whether it counts.

    After a reply only what was sent later counts, and only a typed day says that it was.
    """
    counts = sent.filled & (~q.replied | (sent.typed > q.r)) & ~(q.application & (sent.typed < q.applied))
    return np.where(sent.tick, stands_for, sent.typed), counts


def _ends(q: Quantities, settings: Settings, roll: Roll) -> None:
    """Latest, End, and the closing window."""
    ticks = ((q.thanked, q.t), (q.followed, q.f), (q.seconded, q.s))
    assumed = [np.where(sent.tick, day, NONE) for sent, day in ticks]
    past = [np.where(day > q.today, NONE, day) for day in (*assumed, q.snooze)]
    q.latest = latest(q.start, q.thanked.typed, q.followed.typed, q.seconded.typed, q.reply, *past)
    q.closing_until = latest(q.latest, q.ghosted_on) + settings.closing_days * DAY
    q.closing_window = q.today <= q.closing_until
    q.feedback_due = np.where(np.isnat(q.reply), NONE, roll(q.latest + DAY))
