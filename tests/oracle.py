"""A second, independent reading of the rules (their sections 3, the dates, and 4, the status).

It shares no code with the package and is written for reading, not for speed: one row at a time, one
sentence of the rules after the other, each quoted next to the lines that follow it. Tests compare the
package with it, so that a sentence misread once is noticed, not confirmed.

Only what the rules need is modelled. Cells arrive here already read: a date, ``TICK``, nothing, or, in
``Row.unreadable``, something that cannot be read.

Where the text leaves two readings, the one that serves the person is taken:

1.  A row without a Company is told from a separator or a total by the cells that can be used: an interview
    date, a date or tick in a sent cell, a date in Reply received. A totals line is full of numbers that are
    no dates; it is blank, not a Check row.
2.  In a row whose Outcome sets problems aside, the empty Company is set aside like the others and the row is
    judged as usual, but it is of no company: it has no rows of its company, and every Accepted row is of
    another one. If the only cells that made it a row are set aside themselves, it is blank.
3.  The cell at fault, which then counts as empty, is the one that the sentence names first: the sent cell, not
    Interview; Second follow-up sent, not Follow-up sent. A cell that counts as empty takes no part in judging
    another one, and is not filled ("done", "there is an R", "filled").
4.  "Next round on an interview still to come counts as an empty Outcome throughout" includes the problems: such
    a row can be a Check row. When Interview cannot be read nothing is known to be to come: Next round stays.
5.  "None of these is a problem" covers an Applied too late as well (then it counts as empty: no application).
    A word in Language that is no language stays a problem in every row: "never silent English".
6.  A tick in Applied or Decision by is not among the ticks that are problems: it says nothing, so it counts as
    empty ("which day?" is then asked by rule 13c, and a row with an interview is not held up by it).
7.  In a tracker with rounds, a Thank-you, Follow-up or Second follow-up sent and a reply before the interview
    count as empty. A Closing note sent before it is never a problem and stays: whoever withdrew before the
    interview has withdrawn. A date more than one day after today stays a problem: no earlier round is to come.
8.  In a tracker with rounds the words of the round columns are ignored, and those in Interview itself only where it
    holds mostly words; a cell there that was meant as a date stays a problem.
9.  "A comparison with a missing date is false, so 'not before' is true": rule 10 takes an empty Reply received
    (its Due says so too: "if filled, else empty"); rule 20 a Thank-you sent that is empty or a tick.
10. A follow-up counts only if its cell is filled; a tick without an R counts even where no day can be worked
    out for it.
11. "Without Base the three later dates are missing" is said of the three dates, not of D1 and D2: where these can be
    worked out (from Decision by, from a typed follow-up), a tick of a row without Base stands for them in Latest.
12. Dates that are not shown (Offer, Rejected, Horrible, ...) are still worked out, for End, 4a, 7, 8 and 14.
13. The 7 days beside Snooze until in Ghosted on are the ghosted days (20: the application ghosted days); the
    two days after Decision by, the day after Latest and the "one day after today" are no settings. Limit uses
    the follow-up days.
14. A setting that turns 8 and 8a off turns *lost to another offer* off everywhere: the row goes on as if there
    were no other offer.
15. A Check row is one by its status, whichever rule says so: by 4a and 13b too it shows no dates.
16. "Comes to this rule and meets the conditions so far" of rule 8, for a Next round: rule 4 lets it through if
    it meets 8's conditions but the last. If another row is the later one, rule 4 closes it.
17. "Another row is later" compares an application like an interview with a bare date. Rows of one day and no
    times are not later than each other: each gets its letter. A row without a day is never later.
18. A row that is a Check row, Snoozed or Closed still has its interview and its Outcome for the others (4a, 7,
    7a, lost); for 8, 10 and 11 it does not come to the rule.
19. Every Accepted row of a company counts, also one that is Snoozed. One without any date has no End, so that
    nothing is at or before it.
20. The day that a Thank-you tick stands for is the date of Thank-you due. Only days that ticks stand for are
    left out of Latest while they are after today; a typed date of tomorrow is not.
21. An interview time that is skipped moves to the first minute that exists after the gap; the interview's date
    is the date after that move. Whether it is to come or Overdue is told by the moments, not by wall clocks.
22. Of an Outcome unknown here in an application, "today < Ghosted on" is asked with the Outcome as empty.
23. Companies and roles are compared without case and outer spaces, the Unicode way (casefold).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import Enum
from functools import cached_property
from typing import NamedTuple

# ----------------------------------------------------------------------------------------------------------
# What goes in and what comes out
# ----------------------------------------------------------------------------------------------------------


class Tick(Enum):
    """A cell that is ticked: x, TRUE, yes."""

    TICK = "x"


TICK = Tick.TICK
Cell = date | Tick | None
"""A date, a tick or nothing."""

DATE_CELLS = (
    "interview", "applied", "decision_by", "thanked", "followed", "seconded", "closing", "reply", "snooze",
)  # fmt: skip
HAPPENED = ("interview", "thanked", "followed", "seconded", "closing", "reply")
OUTCOMES = ("", "Next round", "Offer", "Accepted", "Rejected", "Withdrawn", "Ghosted", "Closed")
OUTCOME_KINDS = ("", "waiting", "not_applied", "stage", "unknown")


@dataclass(frozen=True)
class Row:
    """The cells of one row that the rules look at."""

    company: str = "Acme"
    role: str = ""
    interview: Cell = None
    """A datetime with a zone is a moment; a naive one wall clock in the sheet's zone; a date has no time."""
    other_rounds: tuple[date, ...] = ()
    """What the round columns beside Interview hold; one in any row makes it a tracker with rounds."""
    applied: Cell = None
    decision_by: Cell = None
    feeling: str = ""
    """Empty, "Great", "Fine", "Bad" or "Horrible"."""
    thanked: Cell = None
    followed: Cell = None
    seconded: Cell = None
    closing: Cell = None
    reply: Cell = None
    outcome: str = ""
    """One of ``OUTCOMES``."""
    outcome_kind: str = ""
    """What other text stands in Outcome: one of ``OUTCOME_KINDS``; only where ``outcome`` is empty."""
    snooze: Cell = None
    reachable: bool = False
    """Contact, Interviewers or an address column names somebody."""
    unreadable: frozenset[str] = frozenset()
    """Which of ``DATE_CELLS``, or "language", hold something that cannot be read."""


@dataclass(frozen=True)
class Settings:
    """The settings that the rules depend on."""

    thank_you_hours: float = 24
    follow_up_days: int = 14
    second_follow_up_days: int = 7
    ghosted_days: int = 7
    closing_days: int = 30
    application_follow_up_days: int = 10
    application_ghosted_days: int = 20
    skip_weekends: bool = True
    withdraw_when_accepted: bool = True


class Verdict(NamedTuple):
    """The computed cells of one row, dates as the sheet shows them; a naive datetime has its time shown."""

    rule: str
    status: str
    flag: str
    due: date | None
    thank_you_due: date | None
    follow_up_due: date | None
    second_follow_up_due: date | None
    ghosted_on: date | None


class Answer(NamedTuple):
    """What a rule says of a row that meets it."""

    status: str
    flag: str = ""
    due: date | None = None


BLANK = Verdict("", "", "", None, None, None, None, None)

SETTLED = ("Next round", "Accepted", "Rejected", "Withdrawn", "Ghosted", "Closed")
"""“In a row whose Outcome is … none of these is a problem.” Not Offer."""


def assess(
    rows: Sequence[Row], now: datetime, zone: tzinfo | None = None, settings: Settings | None = None
) -> list[Verdict]:
    """Where every row of a tracker stands. ``zone`` is the spreadsheet's; without it, that of ``now``."""
    zone = zone or now.tzinfo
    if zone is None:
        raise ValueError("a time without a zone needs one")
    # "--now … without an offset: in that zone; with one: converted to it"
    moment = (now if now.tzinfo else now.replace(tzinfo=zone)).astimezone(UTC)
    tracker = Tracker(rows, moment, zone, settings or Settings())
    return [tracker.verdict(place) for place in range(len(rows))]


# ----------------------------------------------------------------------------------------------------------
# Small words of the rules
# ----------------------------------------------------------------------------------------------------------


def typed(cell: Cell) -> date | None:
    """The date in a cell, if it holds one; "a time in a cell other than Interview is dropped"."""
    if isinstance(cell, datetime):
        return cell.date()
    return cell if isinstance(cell, date) else None


def plus(day: date | None, days: int) -> date | None:
    """“A quantity whose parts are missing is missing”."""
    return None if day is None else day + timedelta(days=days)


def latest_of(*days: date | None) -> date | None:
    """“A missing one is left out of a maximum”; of nothing there is none."""
    present = [day for day in days if day is not None]
    return max(present) if present else None


def before(first: date | None, second: date | None) -> bool:
    """First < second; "a comparison with a missing date is false"."""
    return first is not None and second is not None and first < second


def reached(first: date | None, second: date | None) -> bool:
    """First ≤ second; "a comparison with a missing date is false"."""
    return first is not None and second is not None and first <= second


def roll(day: date | None, settings: Settings) -> date | None:
    """“Roll means: a Saturday or Sunday moves to Monday (setting)”."""
    if day is not None and settings.skip_weekends and day.isoweekday() >= 6:
        return day + timedelta(days=8 - day.isoweekday())
    return day


def moment_of(wall: datetime, zone: tzinfo) -> datetime:
    """The moment of a wall clock; "a time that exists twice is the earlier"."""
    return wall.replace(tzinfo=zone, fold=0).astimezone(UTC)


def wall_of(moment: datetime, zone: tzinfo) -> datetime:
    """The wall clock at a moment, without its zone."""
    return moment.astimezone(zone).replace(tzinfo=None, fold=0)


def existing(wall: datetime, zone: tzinfo) -> datetime:
    """“One that is skipped moves forward”: to the first minute that exists (reading 21)."""
    wall = wall.replace(fold=0)
    if wall_of(moment_of(wall, zone), zone) == wall:
        return wall
    wall = wall.replace(second=0, microsecond=0)
    while wall_of(moment_of(wall, zone), zone) != wall:
        wall += timedelta(minutes=1)
    return wall


def plain(text: str) -> str:
    """“Compared without case and outer spaces”."""
    return text.strip().casefold()


# ----------------------------------------------------------------------------------------------------------
# A row as the rules see it
# ----------------------------------------------------------------------------------------------------------


@dataclass
class Cells:
    """The cells of a row; what counts as empty is ``None`` or ""."""

    blank: bool
    problem: str
    company: str
    role: str
    interview: date | None
    """With a time: a naive datetime, wall clock in the sheet's zone."""
    applied: date | None
    decision_by: date | None
    feeling: str
    thanked: Cell
    followed: Cell
    seconded: Cell
    closing: Cell
    reply: date | None
    outcome: str
    kind: str
    snooze: date | None
    reachable: bool
    to_come: bool

    @property
    def interview_day(self) -> date | None:
        """The interview's date."""
        return typed(self.interview)

    @property
    def interviewed(self) -> bool:
        """“Interviewed: there is an interview date and it is not to come”."""
        return self.interview is not None and not self.to_come

    @property
    def done(self) -> bool:
        """“The thank-you is done when any of Thank-you sent, Follow-up sent, Second follow-up sent is filled”."""
        return any(cell is not None for cell in (self.thanked, self.followed, self.seconded))

    @property
    def day(self) -> date | None:
        """“A row's day = the interview's date, else Applied”."""
        return self.interview_day if self.interview is not None else self.applied


def is_to_come(interview: date | None, now: datetime, zone: tzinfo) -> bool:
    """“To come: the interview's time > now, a bare date > today”."""
    if isinstance(interview, datetime):
        return moment_of(interview, zone) > now
    return before(now.astimezone(zone).date(), interview)


def as_wall_clock(interview: date, zone: tzinfo) -> date:
    """An interview as the sheet shows it: "converted to the sheet's zone", no time that does not exist."""
    if isinstance(interview, datetime):
        wall = existing(wall_of(interview, zone) if interview.tzinfo else interview, zone)
        return wall if wall.time() != time() else wall.date()  # midnight is a date without a time
    return interview


def order_in_time(interview: date) -> tuple[date, bool, date]:
    """For comparing interviews: by day, then by time, "a bare date is before every time"."""
    if isinstance(interview, datetime):
        return interview.date(), True, interview
    return interview, False, interview


def interview_of(row: Row, now: datetime, zone: tzinfo) -> date | None:
    """“The row's interview is the latest that is not after now, else the earliest to come”."""
    cells = () if "interview" in row.unreadable or isinstance(row.interview, Tick) else (row.interview,)
    rounds = [as_wall_clock(cell, zone) for cell in (*cells, *row.other_rounds) if cell is not None]
    past = [interview for interview in rounds if not is_to_come(interview, now, zone)]
    if past:
        return max(past, key=order_in_time)
    return min(rounds, key=order_in_time) if rounds else None


def read(row: Row, now: datetime, zone: tzinfo, rounds: bool, words: bool) -> Cells:
    """Read a row's cells, find its first problem, or set the problems aside.

    ``rounds``: the tracker has columns of rounds; ``words``: its Interview holds words beside them.
    """
    today = now.astimezone(zone).date()
    interview = interview_of(row, now, zone)
    interview_day = typed(interview)
    to_come = is_to_come(interview, now, zone)
    # "Outcome Next round on an interview still to come counts as an empty Outcome throughout."
    outcome = "" if row.outcome == "Next round" and to_come else row.outcome
    settled = outcome in SETTLED
    problems: list[str] = []

    # "Everything else (…) is a problem"; "a tick in Interview, Reply received or Snooze until". Either counts as
    # empty from here on: in a settled row by the sentence, in another the row is a Check row whatever follows.
    cells: dict[str, Cell] = {}
    for name in DATE_CELLS:
        cell = getattr(row, name)
        if name in row.unreadable:
            problems.append(f"{name} cannot be read")
            cell = None
        elif cell is TICK and name == "interview" and words:
            cell = None
        elif cell is TICK and name in ("interview", "reply", "snooze"):
            problems.append(f"a tick in {name}")
            cell = None
        elif cell is TICK and name in ("applied", "decision_by"):
            cell = None  # reading 6
        cells[name] = cell if cell is TICK else typed(cell)
    cells["interview"] = interview

    happened = any(cells[name] is not None for name in HAPPENED)

    # "a typed date more than one day after today in a sent cell or Reply received"
    for name in ("thanked", "followed", "seconded", "closing", "reply"):
        if before(today + timedelta(days=1), typed(cells[name])):
            problems.append(f"{name} is to come")
            cells[name] = None

    # "a typed date before the interview's date in Thank-you sent, Follow-up sent or Second follow-up sent";
    # with rounds "a sent date or reply before it belongs to an earlier round: it is no problem and does not count"
    for name in ("thanked", "followed", "seconded"):
        if before(typed(cells[name]), interview_day):
            if not rounds:
                problems.append(f"{name} is before the interview")
            cells[name] = None
    if rounds and before(typed(cells["reply"]), interview_day):
        cells["reply"] = None

    # "a typed Second follow-up sent before a typed Follow-up sent"
    if before(typed(cells["seconded"]), typed(cells["followed"])):
        problems.append("seconded is before followed")
        cells["seconded"] = None

    # "a later Applied in a row without an interview date is a problem, unless Outcome says not applied yet"
    if (
        interview is None
        and before(today + timedelta(days=1), typed(cells["applied"]))
        and row.outcome_kind != "not_applied"
    ):
        problems.append("applied is to come")
        cells["applied"] = None

    # "an empty Company in a row that has an interview date, a sent cell or a reply (other rows without a Company
    # … are treated as blank …)"; "a row with none of your columns filled … is blank"
    blank = False
    if not row.company.strip():
        if settled:  # reading 2
            happened = any(cells[name] is not None for name in HAPPENED)
        if happened:
            problems.append("no company")
        else:
            blank = True

    # "In a row whose Outcome is Next round, … none of these is a problem: the cell counts as empty"
    if settled:
        problems = []
    # "Another word is a problem, never silent English" (reading 5)
    if "language" in row.unreadable:
        problems.append("language is unknown")

    return Cells(
        blank=blank,
        problem=problems[0] if problems else "",
        company=plain(row.company),
        role=plain(row.role),
        interview=interview,
        applied=typed(cells["applied"]),
        decision_by=typed(cells["decision_by"]),
        feeling=row.feeling,
        thanked=cells["thanked"],
        followed=cells["followed"],
        seconded=cells["seconded"],
        closing=cells["closing"],
        reply=typed(cells["reply"]),
        outcome=outcome,
        kind=row.outcome_kind if row.outcome == "" else "",
        snooze=typed(cells["snooze"]),
        reachable=row.reachable,
        to_come=to_come,
    )


# ----------------------------------------------------------------------------------------------------------
# The dates (section 3)
# ----------------------------------------------------------------------------------------------------------


@dataclass
class Dates:
    """The quantities of section 3, worked out whether or not they are shown."""

    application: bool
    thank_you_due: date | None = None
    """With a time: a naive wall clock."""
    thank_you_overdue: bool = False
    limit: date | None = None
    r: date | None = None
    horrible: bool = False
    follow_up_due: date | None = None
    follow_up_counts: bool = False
    """“"Counts" of a follow-up includes the case that the second does”."""
    second_due: date | None = None
    second_counts: bool = False
    ghosted_on: date | None = None
    latest: date | None = None
    end: date | None = None

    @property
    def next_of_the_three(self) -> date | None:
        """“Follow-up due if the follow-up does not count, else Second follow-up due if the second does not, …”."""
        if not self.follow_up_counts:
            return self.follow_up_due
        return self.ghosted_on if self.second_counts else self.second_due


def day_of(cell: Cell, stands_for: date | None) -> date | None:
    """The day of a sent cell: the typed date, or the day that its tick stands for."""
    return stands_for if cell is TICK else typed(cell)


def counts(cell: Cell, r: date | None) -> bool:
    """“It counts if there is no R; with an R only a date after R counts”."""
    if cell is None:
        return False
    return r is None or before(r, typed(cell))


def in_latest(cell: Cell, stands_for: date | None, today: date) -> date | None:
    """The day of a sent cell for Latest; None where it is left out."""
    # "the day that any of these ticks stands for is left out while it is after today"
    if cell is TICK and before(today, stands_for):
        return None
    return day_of(cell, stands_for)


def work_out(cells: Cells, now: datetime, zone: tzinfo, settings: Settings) -> Dates:
    """Work out the dates of a row."""
    # "Applications (no interview date, and Applied at most one day after today …)"
    today = now.astimezone(zone).date()
    if cells.interview is None and reached(cells.applied, today + timedelta(days=1)):
        dates = application_dates(cells, today, settings)
    else:
        dates = interview_dates(cells, now, zone, settings)
    # "End = the later of Latest and Ghosted on."
    dates.end = latest_of(dates.latest, dates.ghosted_on)
    return dates


def thank_you(cells: Cells, now: datetime, zone: tzinfo, settings: Settings) -> tuple[date | None, bool]:
    """Thank-you due, and whether it is overdue."""
    # "Thank-you due = Interview + 24 elapsed hours when it has a time; a bare date + 1 day (hours / 24, rounded up).
    # Never rolled." · 15: "Overdue if now > Thank-you due (a bare date: today >)"
    if isinstance(cells.interview, datetime):
        moment = moment_of(cells.interview, zone) + timedelta(hours=settings.thank_you_hours)
        return wall_of(moment, zone), now > moment
    due = plus(cells.interview, math.ceil(settings.thank_you_hours / 24))
    return due, before(due, now.astimezone(zone).date())


def interview_dates(cells: Cells, now: datetime, zone: tzinfo, settings: Settings) -> Dates:
    """The dates of a row with an interview date, or with neither that nor an application."""
    today = now.astimezone(zone).date()
    dates = Dates(application=False)
    dates.thank_you_due, dates.thank_you_overdue = thank_you(cells, now, zone, settings)
    thank_you_day = typed(dates.thank_you_due)

    # "T = Thank-you sent if it is a date, else the date of Thank-you due."
    t = typed(cells.thanked) or thank_you_day
    # "Limit = roll(the date of Thank-you due + 14)"
    dates.limit = roll(plus(thank_you_day, settings.follow_up_days), settings)
    # "R = Reply received, unless it is before the interview's date (then there is none)."
    r = dates.r = None if before(cells.reply, cells.interview_day) else cells.reply
    # "Base = the later of T and R." · "A row with neither an interview date nor an application has no Base."
    base = latest_of(t, r) if cells.interview is not None else None
    # "Horrible = How it went is Horrible and there is no R after the interview's date."
    dates.horrible = cells.feeling == "Horrible" and not before(cells.interview_day, r)

    # "D1 = roll(Base + 14 days); with a Decision by that is not before the interview's date and is after R (if there
    # is one), roll(Decision by + 2 days) instead." · "Without Base the three later dates are missing."
    d1 = first_follow_up(cells, base, r, cells.interview_day, settings.follow_up_days, settings)
    # "Follow-up due = the later of D1 and roll(Snooze until)."
    if base is not None:
        dates.follow_up_due = latest_of(d1, roll(cells.snooze, settings))

    # "f = Follow-up sent; a tick stands for D1. It counts if there is no R; with an R only a date after R counts"
    f = day_of(cells.followed, d1)
    f_counts = counts(cells.followed, r)
    # "D2 = roll(F + 7 days), F = f if f counts, else Follow-up due."
    d2 = roll(plus(f if f_counts else dates.follow_up_due, settings.second_follow_up_days), settings)
    # "Second follow-up due = the later of D2 and roll(Snooze until)."
    if base is not None:
        dates.second_due = latest_of(d2, roll(cells.snooze, settings))

    # "s = Second follow-up sent; a tick stands for D2; it counts by the same rule."
    s = day_of(cells.seconded, d2)
    dates.second_counts = counts(cells.seconded, r)
    # "If s counts, the follow-up counts too (F stays as above)."
    dates.follow_up_counts = f_counts or dates.second_counts
    # "Ghosted on = the later of S + 7 days and Snooze until + 7 days (not rolled), S = s if s counts, else Second
    # follow-up due."
    if base is not None:
        dates.ghosted_on = latest_of(
            plus(s if dates.second_counts else dates.second_due, settings.ghosted_days),
            plus(cells.snooze, settings.ghosted_days),
        )

    # "Latest = the latest among the interview's date, T if Thank-you sent is filled, f and s if filled (the day that
    # any of these ticks stands for is left out while it is after today), Reply received as typed, Snooze until if
    # not after today."
    dates.latest = latest_of(
        cells.interview_day,
        in_latest(cells.thanked, thank_you_day, today),
        in_latest(cells.followed, d1, today),
        in_latest(cells.seconded, d2, today),
        cells.reply,
        cells.snooze if reached(cells.snooze, today) else None,
    )
    return dates


def application_dates(cells: Cells, today: date, settings: Settings) -> Dates:
    """The dates of an application. "Thank-you due and Second follow-up due are empty"."""
    dates = Dates(application=True)
    # "R = Reply received, unless it is before Applied."
    r = dates.r = None if before(cells.reply, cells.applied) else cells.reply
    # "Base = the later of Applied and R"
    base = latest_of(cells.applied, r)
    # "D1 = roll(Base + 10 days), or with a Decision by that is not before Applied and is after R (if there is one)
    # roll(Decision by + 2 days)"
    d1 = first_follow_up(cells, base, r, cells.applied, settings.application_follow_up_days, settings)
    # "Follow-up due … as above"
    dates.follow_up_due = latest_of(d1, roll(cells.snooze, settings))

    # "f, s and counts as above, a date before Applied never counts, a tick of either stands for D1; if s counts, the
    # follow-up counts too."
    f, s = day_of(cells.followed, d1), day_of(cells.seconded, d1)
    f_counts = counts(cells.followed, r) and not before(typed(cells.followed), cells.applied)
    dates.second_counts = counts(cells.seconded, r) and not before(typed(cells.seconded), cells.applied)
    dates.follow_up_counts = f_counts or dates.second_counts

    # "Ghosted on = the later of F + 20 days and Snooze until + 20 days (not rolled), F = s if s counts, else f if f
    # counts, else Follow-up due."
    if dates.second_counts:
        last_word = s
    elif f_counts:
        last_word = f
    else:
        last_word = dates.follow_up_due
    dates.ghosted_on = latest_of(
        plus(last_word, settings.application_ghosted_days), plus(cells.snooze, settings.application_ghosted_days)
    )

    # "Latest takes Applied in place of the interview's date, and Thank-you sent only if it is a date."
    dates.latest = latest_of(
        cells.applied,
        typed(cells.thanked),
        in_latest(cells.followed, d1, today),
        in_latest(cells.seconded, d1, today),
        cells.reply,
        cells.snooze if reached(cells.snooze, today) else None,
    )
    return dates


def first_follow_up(
    cells: Cells, base: date | None, r: date | None, start: date | None, days: int, settings: Settings
) -> date | None:
    """D1. ``start`` is the interview's date, or Applied."""
    promised = cells.decision_by is not None and not before(cells.decision_by, start)
    if promised and (r is None or before(r, cells.decision_by)):
        return roll(plus(cells.decision_by, 2), settings)
    return roll(plus(base, days), settings)


# ----------------------------------------------------------------------------------------------------------
# The status (section 4)
# ----------------------------------------------------------------------------------------------------------


class Tracker:
    """All rows of a tracker: some rules look at the rows of a company, and at the Accepted rows."""

    def __init__(self, rows: Sequence[Row], now: datetime, zone: tzinfo, settings: Settings) -> None:
        self.settings = settings
        # "now is read once per run, in the spreadsheet's own time zone …; today is its date."
        self.today = now.astimezone(zone).date()
        rounds = any(row.other_rounds for row in rows)
        # "other words in them are ignored": in Interview itself where fewer than half of its cells are dates
        held = [row.interview is not TICK for row in rows if row.interview is not None or "interview" in row.unreadable]
        words = rounds and 2 * sum(held) < len(held)
        self.cells = [read(row, now, zone, rounds, words) for row in rows]
        # "Any other text is a problem in a row with an interview date, or of an application with today < Ghosted on."
        self.dates = [work_out(cells, now, zone, settings) for cells in self.cells]
        for cells, dates in zip(self.cells, self.dates, strict=True):
            alive = dates.application and before(self.today, dates.ghosted_on)
            if cells.kind == "unknown" and (cells.interview is not None or alive):
                cells.problem = cells.problem or "outcome is unknown"
        # "A row without Company is of no company and never counts as Accepted."
        self.accepted = [
            place for place, cells in enumerate(self.cells) if cells.company and cells.outcome == "Accepted"
        ]

    def verdict(self, place: int) -> Verdict:
        """What the computed cells of a row show."""
        cells, dates = self.cells[place], self.dates[place]
        if cells.blank:
            return BLANK
        rule, answer = self.first_match(place)
        # "In a Check row the four dates and Due are empty"
        if answer.status == "Check row":
            return Verdict(rule, answer.status, answer.flag, None, None, None, None, None)
        # "The last three are shown only with an interview date, an empty Outcome and not Horrible; Thank-you due
        # whenever there is an interview date." · Applications: "Both dates are shown with an empty Outcome; Thank-you
        # due and Second follow-up due are empty."
        shown = cells.outcome == "" and (dates.application or (cells.interview is not None and not dates.horrible))
        return Verdict(
            rule,
            *answer,
            thank_you_due=dates.thank_you_due,
            follow_up_due=dates.follow_up_due if shown else None,
            second_follow_up_due=dates.second_due if shown else None,
            ghosted_on=dates.ghosted_on if shown else None,
        )

    def first_match(self, place: int) -> tuple[str, Answer]:
        """“First match wins”."""
        for rule, holds in self.rules:
            answer = holds(place)
            if answer is not None:
                return rule, answer
        raise AssertionError("rule 21 takes what is left")

    @cached_property
    def rules(self) -> tuple[tuple[str, Callable[[int], Answer | None]], ...]:
        """The rules in their order."""
        return (
            ("1", self.rule_1), ("2", self.rule_2), ("3", self.rule_3), ("4", self.rule_4), ("4a", self.rule_4a),
            ("5", self.rule_5), ("6", self.rule_6), ("7", self.rule_7), ("7a", self.rule_7a), ("8", self.rule_8),
            ("8a", self.rule_8a), ("9", self.rule_9), ("10", self.rule_10), ("11", self.rule_11), ("12", self.rule_12),
            ("13a", self.rule_13a), ("13b", self.rule_13b), ("13c", self.rule_13c), ("13d", self.rule_13d),
            ("13e", self.rule_13e), ("13f", self.rule_13f), ("13g", self.rule_13g), ("14", self.rule_14),
            ("15", self.rule_15), ("16", self.rule_16), ("17", self.rule_17), ("18", self.rule_18),
            ("19", self.rule_19), ("20", self.rule_20), ("21", self.rule_21),
        )  # fmt: skip

    # -- what several rules ask ----------------------------------------------------------------------------

    def others_of_company(self, place: int) -> list[int]:
        """The other rows of this row's company; "a row without Company is of no company"."""
        company = self.cells[place].company
        return [
            other for other, cells in enumerate(self.cells) if other != place and company and cells.company == company
        ]

    def of_role(self, place: int, others: list[int]) -> list[int]:
        """“And of the same role where both have one”."""
        role = self.cells[place].role
        return [other for other in others if not role or self.cells[other].role in ("", role)]

    def is_later(self, b: int, a: int) -> bool:
        """Whether row b is later than row a."""
        # "Row b is later than row a if its day is later, or on the same day its interview's time is (a bare date is
        # before every time)."
        first, second = self.cells[a], self.cells[b]
        if first.day is None or second.day is None or first.day != second.day:
            return before(first.day, second.day)
        if not isinstance(second.interview, datetime):
            return False
        return not isinstance(first.interview, datetime) or second.interview > first.interview

    def has_later_interview(self, place: int) -> bool:
        """A row of the same company, and of the same role where both have one, has a later interview."""
        others = self.of_role(place, self.others_of_company(place))
        return any(self.cells[other].interview is not None and self.is_later(other, place) for other in others)

    def in_closing_window(self, place: int) -> bool:
        """“Closing window: today ≤ End + 30 days”."""
        return reached(self.today, plus(self.dates[place].end, self.settings.closing_days))

    def taken(self, place: int, accepted: int) -> bool:
        """Whether "this row's day ≤ that row's End + 30 days"."""
        return reached(self.cells[place].day, plus(self.dates[accepted].end, self.settings.closing_days))

    def accepted_here(self, place: int) -> bool:
        """The condition of 7."""
        # "Outcome empty or Offer, and a row of the same company … has Outcome Accepted, and this row's day (interview,
        # else Applied) ≤ that row's End + 30 days"
        if self.cells[place].outcome not in ("", "Offer"):
            return False
        others = self.others_of_company(place)
        return any(self.taken(place, row) for row in self.accepted if row in others)

    def is_silent(self, place: int) -> bool:
        """“Interviewed, not Horrible, today ≥ Ghosted on”, or “an application, today ≥ Ghosted on”."""
        cells, dates = self.cells[place], self.dates[place]
        goes_by_ghosted_on = dates.application or (cells.interviewed and not dates.horrible)
        return goes_by_ghosted_on and reached(dates.ghosted_on, self.today)

    def is_lost(self, place: int) -> bool:
        """*Lost to another offer*."""
        cells = self.cells[place]
        # "(a setting turns 8 and 8a off): Outcome empty, Offer or Next round;"
        if not self.settings.withdraw_when_accepted or cells.outcome not in ("", "Offer", "Next round"):
            return False
        # "a row of another company has Outcome Accepted, and this row's day ≤ that row's End + 30 days; the same does
        # not hold for a row of the same company;"
        takers = [self.cells[row].company for row in self.accepted if self.taken(place, row)]
        if cells.company in takers or not takers:
            return False
        # "and, unless the Outcome is Offer, it has not gone silent"
        return cells.outcome == "Offer" or not self.is_silent(place)

    def thank_you_open(self, place: int) -> bool:
        """The condition of 15: "interviewed, thank-you not done, today < the earlier of Limit and Follow-up due"."""
        cells, dates = self.cells[place], self.dates[place]
        open_until = [day for day in (dates.limit, dates.follow_up_due) if day is not None]
        return cells.interviewed and not cells.done and bool(open_until) and self.today < min(open_until)

    def send_thank_you(self, place: int) -> Answer:
        """15: "Overdue if now > Thank-you due (a bare date: today >), else Due" · Due: "Thank-you due"."""
        dates = self.dates[place]
        return Answer("Send thank-you", "Overdue" if dates.thank_you_overdue else "Due", dates.thank_you_due)

    def send(self, status: str, due: date | None) -> Answer:
        """“Overdue if today > it, else Due”."""
        return Answer(status, "Overdue" if before(due, self.today) else "Due", due)

    def interview_to_come(self, place: int) -> date | None:
        """Due of 8 and 11: "the interview, if to come; else empty"."""
        cells = self.cells[place]
        return cells.interview if cells.to_come else None

    # -- the rules -----------------------------------------------------------------------------------------

    def rule_1(self, place: int) -> Answer | None:
        """“A problem”."""
        return Answer("Check row", "Check") if self.cells[place].problem else None

    def rule_2(self, place: int) -> Answer | None:
        """“Today < Snooze until” · Due: “Snooze until”."""
        snooze = self.cells[place].snooze
        return Answer("Snoozed", "", snooze) if before(self.today, snooze) else None

    def rule_3(self, place: int) -> Answer | None:
        """A thank-you although they have answered already."""
        # "Outcome Next round or Offer, interviewed, thank-you not done, Closing note not sent, today < Limit, not lost
        # to another offer, and (for an Offer) 7 does not hold"
        cells = self.cells[place]
        holds = (
            cells.outcome in ("Next round", "Offer")
            and cells.interviewed
            and not cells.done
            and cells.closing is None
            and before(self.today, self.dates[place].limit)
            and not self.is_lost(place)
            and not (cells.outcome == "Offer" and self.accepted_here(place))
        )
        return self.send_thank_you(place) if holds else None

    def rule_4(self, place: int) -> Answer | None:
        """“Outcome Accepted or Closed; Outcome Next round, unless 4a or 8 holds”."""
        outcome = self.cells[place].outcome
        passes_on = self.rule_4a(place) or self.rule_8(place)
        if outcome in ("Accepted", "Closed") or (outcome == "Next round" and not passes_on):
            return Answer("Closed")
        return None

    def rule_4a(self, place: int) -> Answer | None:
        """What became of a next round that was promised."""
        cells, dates, others = self.cells[place], self.dates[place], self.others_of_company(place)
        # "Outcome Next round, no row of the same company has Outcome Accepted, Closing note not sent, in the closing
        # window, not lost to another offer;"
        if (
            cells.outcome != "Next round"
            or any(other in self.accepted for other in others)
            or cells.closing is not None
            or not self.in_closing_window(place)
            or self.is_lost(place)
        ):
            return None
        # "interviewed, with no row of the same company, and of the same role where both have one, with a later
        # interview, and today ≥ the next of the three dates;"
        if cells.interviewed and not self.has_later_interview(place) and reached(dates.next_of_the_three, self.today):
            return Answer("Check row", "Check")
        # "or an application with no interview of the same company not before Applied, and today < Ghosted on"
        if (
            dates.application
            and not any(reached(cells.applied, self.cells[other].interview_day) for other in others)
            and before(self.today, dates.ghosted_on)
        ):
            return Answer("Check row", "Check")
        return None

    def rule_5(self, place: int) -> Answer | None:
        """“Outcome Ghosted”."""
        return Answer("Ghosted", "Ghosted") if self.cells[place].outcome == "Ghosted" else None

    def rule_6(self, place: int) -> Answer | None:
        """“Outcome empty or Offer, and Closing note sent”."""
        cells = self.cells[place]
        return Answer("Closed") if cells.outcome in ("", "Offer") and cells.closing is not None else None

    def rule_7(self, place: int) -> Answer | None:
        """A row of the same company is Accepted."""
        return Answer("Closed") if self.accepted_here(place) else None

    def rule_7a(self, place: int) -> Answer | None:
        """It went on to a later interview."""
        cells, dates = self.cells[place], self.dates[place]
        if cells.outcome != "":
            return None
        # "an application, …; and a row of the same company, and of the same role where both have one, has … (for an
        # application: one not before Applied)"
        if dates.application:
            others = self.of_role(place, self.others_of_company(place))
            if any(reached(cells.applied, self.cells[other].interview_day) for other in others):
                return Answer("Closed")
        # "… or interviewed and not the condition of 15; and a row of the same company, … has a later interview"
        if cells.interviewed and not self.thank_you_open(place) and self.has_later_interview(place):
            return Answer("Closed")
        return None

    def meets_8_but_the_last(self, place: int) -> bool:
        """The conditions of 8 but the last."""
        # "Lost to another offer, Closing note not sent, in the closing window, there is an interview date or an R or
        # the Outcome is Offer or Next round"
        cells, dates = self.cells[place], self.dates[place]
        return (
            self.is_lost(place)
            and cells.closing is None
            and self.in_closing_window(place)
            and (cells.interview is not None or dates.r is not None or cells.outcome in ("Offer", "Next round"))
        )

    @cached_property
    def come_to_8(self) -> list[int]:
        """Rows that come to rule 8 and meet its conditions so far. Rule 4 lets a Next round through that does."""
        earlier = (self.rule_1, self.rule_2, self.rule_3, self.rule_4a, self.rule_5, self.rule_6, self.rule_7,
                   self.rule_7a)  # fmt: skip
        return [
            place
            for place, cells in enumerate(self.cells)
            if not cells.blank and self.meets_8_but_the_last(place) and not any(rule(place) for rule in earlier)
        ]

    def rule_8(self, place: int) -> Answer | None:
        """“… and no other row of this company that comes to this rule and meets the conditions so far is later”."""
        others = [other for other in self.others_of_company(place) if other in self.come_to_8]
        if place not in self.come_to_8 or any(self.is_later(other, place) for other in others):
            return None
        return Answer("Send withdrawal", "Due", self.interview_to_come(place))

    def rule_8a(self, place: int) -> Answer | None:
        """“*Lost to another offer*”."""
        return Answer("Closed") if self.is_lost(place) else None

    def rule_9(self, place: int) -> Answer | None:
        """“Outcome Offer” · Due: “Decision by, if not before today”."""
        cells = self.cells[place]
        if cells.outcome != "Offer":
            return None
        return Answer("Offer", "", None if before(cells.decision_by, self.today) else cells.decision_by)

    @cached_property
    def come_to_10(self) -> list[int]:
        """Rows that come to rule 10 and meet its conditions so far: of the rules before it 1 and 2 can stop them."""
        # "Outcome Rejected: interviewed, Reply received not before the interview's date, Closing note not sent, in the
        # closing window"
        return [
            place
            for place, cells in enumerate(self.cells)
            if cells.outcome == "Rejected"
            and not (cells.blank or self.rule_1(place) or self.rule_2(place))
            and cells.interviewed
            and not before(cells.reply, cells.interview_day)
            and cells.closing is None
            and self.in_closing_window(place)
        ]

    def rule_10(self, place: int) -> Answer | None:
        """Ask for feedback."""
        # "… and no other row of this company, and of the same role where both have one, that comes to this rule and
        # meets the conditions so far is later" · Due: "roll(Latest + 1 day) if Reply received is filled, else empty"
        others = [other for other in self.of_role(place, self.others_of_company(place)) if other in self.come_to_10]
        if place not in self.come_to_10 or any(self.is_later(other, place) for other in others):
            return None
        due = roll(plus(self.dates[place].latest, 1), self.settings)
        return Answer("Ask for feedback", "Due", None if self.cells[place].reply is None else due)

    @cached_property
    def come_to_11(self) -> list[int]:
        """Rows that come to rule 11 and meet its conditions so far."""
        # "Outcome Withdrawn: Closing note not sent, in the closing window, for a row without an interview date only
        # with an R"
        return [
            place
            for place, cells in enumerate(self.cells)
            if cells.outcome == "Withdrawn"
            and not (cells.blank or self.rule_1(place) or self.rule_2(place))
            and cells.closing is None
            and self.in_closing_window(place)
            and (cells.interview is not None or self.dates[place].r is not None)
        ]

    def rule_11(self, place: int) -> Answer | None:
        """“… and no other row of this company that comes to this rule and meets the conditions so far is later”."""
        others = [other for other in self.others_of_company(place) if other in self.come_to_11]
        if place not in self.come_to_11 or any(self.is_later(other, place) for other in others):
            return None
        return Answer("Send withdrawal", "Due", self.interview_to_come(place))

    def rule_12(self, place: int) -> Answer | None:
        """“Outcome Rejected or Withdrawn”."""
        return Answer("Closed") if self.cells[place].outcome in ("Rejected", "Withdrawn") else None

    # From here on the Outcome is empty.

    def rule_13a(self, place: int) -> Answer | None:
        """“No interview date, Applied is empty or after today, Outcome says *not applied yet*”."""
        cells = self.cells[place]
        not_yet = cells.applied is None or before(self.today, cells.applied)
        return Answer("Not applied") if cells.interview is None and not_yet and cells.kind == "not_applied" else None

    def rule_13b(self, place: int) -> Answer | None:
        """“No interview date, Outcome names an *interview stage*, and Applied is empty or today < Ghosted on”."""
        cells = self.cells[place]
        in_time = cells.applied is None or before(self.today, self.dates[place].ghosted_on)
        holds = cells.interview is None and cells.kind == "stage" and in_time
        return Answer("Check row", "Check") if holds else None

    def rule_13c(self, place: int) -> Answer | None:
        """“No interview date, and Applied is empty”."""
        cells = self.cells[place]
        return Answer("No interview") if cells.interview is None and cells.applied is None else None

    def rule_13d(self, place: int) -> Answer | None:
        """“An application, today ≥ Ghosted on”."""
        dates = self.dates[place]
        holds = dates.application and reached(dates.ghosted_on, self.today)
        return Answer("Ghosted", "Ghosted", dates.ghosted_on) if holds else None

    def rule_13e(self, place: int) -> Answer | None:
        """“Application, reachable, follow-up does not count, today ≥ Follow-up due”."""
        cells, dates = self.cells[place], self.dates[place]
        holds = (
            dates.application
            and cells.reachable
            and not dates.follow_up_counts
            and reached(dates.follow_up_due, self.today)
        )
        return self.send("Send check-in", dates.follow_up_due) if holds else None

    def rule_13f(self, place: int) -> Answer | None:
        """“Application, there is an R and no follow-up counts” · Due: “Follow-up due if reachable, else Ghosted on”."""
        cells, dates = self.cells[place], self.dates[place]
        if not dates.application or dates.r is None or dates.follow_up_counts:
            return None
        return Answer("In conversation", "", dates.follow_up_due if cells.reachable else dates.ghosted_on)

    def rule_13g(self, place: int) -> Answer | None:
        """“Any other application”."""
        # Due: "Follow-up due if reachable and the follow-up does not count, else Ghosted on"
        cells, dates = self.cells[place], self.dates[place]
        if not dates.application:
            return None
        check_in_to_come = cells.reachable and not dates.follow_up_counts
        return Answer("Applied", "", dates.follow_up_due if check_in_to_come else dates.ghosted_on)

    def rule_14(self, place: int) -> Answer | None:
        """“Interviewed, not Horrible, today ≥ Ghosted on”."""
        cells, dates = self.cells[place], self.dates[place]
        holds = cells.interviewed and not dates.horrible and reached(dates.ghosted_on, self.today)
        return Answer("Ghosted", "Ghosted", dates.ghosted_on) if holds else None

    def rule_15(self, place: int) -> Answer | None:
        """See ``thank_you_open``."""
        return self.send_thank_you(place) if self.thank_you_open(place) else None

    def rule_16(self, place: int) -> Answer | None:
        """“Horrible and interviewed”: “Send withdrawal in the closing window, else Closed”."""
        if not (self.dates[place].horrible and self.cells[place].interviewed):
            return None
        return Answer("Send withdrawal", "Due") if self.in_closing_window(place) else Answer("Closed")

    def rule_17(self, place: int) -> Answer | None:
        """“To come” · Due: “Thank-you due”."""
        return Answer("Upcoming", "", self.dates[place].thank_you_due) if self.cells[place].to_come else None

    def rule_18(self, place: int) -> Answer | None:
        """“Follow-up does not count, today ≥ Follow-up due”."""
        dates = self.dates[place]
        holds = not dates.follow_up_counts and reached(dates.follow_up_due, self.today)
        return self.send("Send follow-up", dates.follow_up_due) if holds else None

    def rule_19(self, place: int) -> Answer | None:
        """“Second does not count, today ≥ Second follow-up due”."""
        dates = self.dates[place]
        holds = not dates.second_counts and reached(dates.second_due, self.today)
        return self.send("Send second follow-up", dates.second_due) if holds else None

    def rule_20(self, place: int) -> Answer | None:
        """“There is an R, no follow-up counts, and R is not before a typed Thank-you sent”."""
        cells, dates = self.cells[place], self.dates[place]
        holds = dates.r is not None and not dates.follow_up_counts and not before(dates.r, typed(cells.thanked))
        return Answer("In conversation", "", dates.next_of_the_three) if holds else None

    def rule_21(self, place: int) -> Answer:
        """“Otherwise” · Due: “the next of the three dates”."""
        return Answer("Waiting", "", self.dates[place].next_of_the_three)
