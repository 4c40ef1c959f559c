"""A second, independent reading of the cadence rules (docs: spec sections 3 and 4, settings of 5).

It shares no code with the package and is written for reading, not for speed: one row at a time,
one sentence of the specification after the other, each quoted next to the lines that follow it.
Tests compare the package with it, so that a rule misread once is noticed, not confirmed.

Only what the rules need is modelled. Cells arrive here already read: a date, a tick (True),
nothing (None; False is nothing too), or, in ``Row.bad``, text that cannot be read.

Readings chosen, where the specification leaves room:

* A row without a Company is told from a separator or a total by the cells that can be used: an
  interview date, a date or tick in a sent cell, a date in Reply received. Unreadable text, or a
  tick in Interview or Reply received, does not turn it into a row: a totals line is full of plain
  numbers, which cannot be read as dates. It is then blank, not a Check row.
* In a row whose Outcome sets problems aside, the empty Company is set aside like the others: the
  row is judged as usual. An Accepted row with an interview date but no Company therefore counts
  as Accepted, and its company is another one than everybody else's. If the only cells that made
  it a row are themselves set aside, nothing is left, and it is blank.
* The cell at fault, which then counts as empty, is the one the sentence names first: Thank-you
  sent, Follow-up sent or Second follow-up sent, not Interview; Second follow-up sent, not
  Follow-up sent.
* Where problems are set aside, a cell that counts as empty takes no part in judging another one:
  a Second follow-up sent is not "before" a Follow-up sent that counts as empty.
* "Filled", "sent", "done", "there is an R" are said of the cells after that: a cell that counts
  as empty is not filled (so a thank-you whose date was set aside can be asked for again by rule
  3).
* "Next round on an interview still to come counts as an empty Outcome throughout" includes the
  problems: such a row can be a Check row. When Interview cannot be read, nothing is known to be
  to come, and Next round stays Next round.
* Only the date columns can hold a problem. Unknown text in How it went or Outcome counts as
  empty.
* "A comparison with a missing date is false", so "not before" a missing date is true. Rule 10
  thus includes an empty Reply received (its Due column says so too: "if filled, else empty"), and
  rule 20 a Thank-you sent that is empty or ticked. In rule 10 without a Due the Flag is Due.
* "f counts" and "s counts" only if the cell is filled. A tick with no R counts even where no day
  can be worked out for it.
* "Without Base the three later dates are missing" holds even if Follow-up sent or Second
  follow-up sent is a date that the later ones could be counted from. Their own days still enter
  Latest.
* The day a Thank-you tick stands for is the date of Thank-you due. In Latest, only days that
  ticks stand for are left out while they are after today; a typed date of tomorrow is not.
* Dates that are not shown (Offer, Horrible, ...) are still worked out, for End and for rule 14.
* Every Accepted row that is not blank counts for 7 and 8, a snoozed one too. One without any date
  has no End, so that the comparison with it is false. A row without an interview date is caught
  by neither rule.
* "Neither 7 nor 8 holds" in rule 3: rule 8 does not hold when the setting turns it off.
* "The interview" as Due, in 8 and 11, is the date and time when a time was given.
* An interview time that does not exist moves to the first minute that exists after the gap; the
  interview's date is the date after that move.
* Numbers that are not settings: "more than one day after today", "Latest + 1 day". Limit uses the
  follow-up days; "Snooze until + 7 days" in Ghosted on uses the ghosted days.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

# ------------------------------------------------------------------------------------------------
# What goes in and what comes out
# ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """The cells of one row that the rules look at."""

    company: str = "Acme"
    #: A naive datetime is wall clock in the zone of ``now``; a date has no time; True is a tick.
    interview: date | datetime | bool | None = None
    #: "", "Great", "Fine", "Bad" or "Horrible".
    how: str = ""
    #: Thank-you sent: a typed date, True for a tick, None for empty. The next three likewise.
    thanked: date | bool | None = None
    #: Follow-up sent.
    followed: date | bool | None = None
    #: Second follow-up sent.
    seconded: date | bool | None = None
    #: Closing note sent.
    closing: date | bool | None = None
    #: Reply received; True is a tick, which is a problem there.
    reply: date | bool | None = None
    #: "", "Next round", "Offer", "Accepted", "Rejected", "Withdrawn", "Ghosted" or "Closed".
    outcome: str = ""
    #: Snooze until; True is a tick, which is a problem there.
    snooze: date | bool | None = None
    #: Names of the fields above whose cell holds text that cannot be read.
    bad: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Settings:
    """The settings of section 5 that the rules depend on."""

    thank_you_hours: float = 24
    follow_up_days: int = 14
    second_follow_up_days: int = 7
    ghosted_days: int = 7
    closing_days: int = 30
    skip_weekends: bool = True
    withdraw_when_accepted: bool = True


@dataclass(frozen=True)
class Verdict:
    """The computed cells of one row; the dates as shown in the sheet."""

    status: str
    flag: str
    due: date | datetime | None
    #: A naive wall clock in the zone when the interview has a time, else a date.
    thank_you_due: date | datetime | None
    follow_up_due: date | None
    second_follow_up_due: date | None
    ghosted_on: date | None


BLANK = Verdict("", "", None, None, None, None, None)
CHECK = Verdict("Check row", "Check", None, None, None, None, None)

#: "In a row whose Outcome is Next round, Accepted, Rejected, Withdrawn, Ghosted or Closed none of
#: these is a problem".
OUTCOMES_WITHOUT_PROBLEMS = frozenset({"Next round", "Accepted", "Rejected", "Withdrawn", "Ghosted", "Closed"})
OUTCOMES = OUTCOMES_WITHOUT_PROBLEMS | {"", "Offer"}


# ------------------------------------------------------------------------------------------------
# Small words of the specification
# ------------------------------------------------------------------------------------------------


def _typed(value: date | bool | None) -> date | None:
    """Take the date in a cell, if it holds one; "a time in a cell other than Interview is dropped"."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    return None


def _plus(day: date | None, days: int) -> date | None:
    """Spec: "A quantity whose parts are missing is missing"."""
    return None if day is None else day + timedelta(days=days)


def _later(*days: date | None) -> date | None:
    """Spec: "a missing one is left out of a maximum"; with nothing left there is no maximum."""
    present = [day for day in days if day is not None]
    return max(present) if present else None


def _before(first: date | None, second: date | None) -> bool:
    """First < second; "a comparison with a missing date is false"."""
    return first is not None and second is not None and first < second


def _reached(day: date | None, other: date | None) -> bool:
    """Day <= other; "a comparison with a missing date is false"."""
    return day is not None and other is not None and day <= other


def _roll(day: date | None, settings: Settings) -> date | None:
    """Spec: "Roll means: a Saturday or Sunday moves to Monday (setting)"."""
    if day is None or not settings.skip_weekends:
        return day
    if day.weekday() == 5:
        return day + timedelta(days=2)
    if day.weekday() == 6:
        return day + timedelta(days=1)
    return day


def _instant(wall: datetime, zone: tzinfo) -> datetime:
    """The moment, in UTC, of a wall clock; of one that exists twice the earlier (fold 0)."""
    return wall.replace(tzinfo=zone, fold=0).astimezone(UTC)


def _wall(instant: datetime, zone: tzinfo) -> datetime:
    """The naive wall clock of a moment."""
    return instant.astimezone(zone).replace(tzinfo=None, fold=0)


def _existing(wall: datetime, zone: tzinfo) -> datetime:
    """Spec: "one that is skipped moves forward, everywhere", to the first existing minute."""
    if _wall(_instant(wall, zone), zone) == wall.replace(fold=0):
        return wall.replace(fold=0)
    wall = wall.replace(second=0, microsecond=0, fold=0)
    while _wall(_instant(wall, zone), zone) != wall:
        wall += timedelta(minutes=1)
    return wall


def _company_key(company: str) -> str:
    """Spec: "compared without case and outer spaces"."""
    return company.strip().casefold()


# ------------------------------------------------------------------------------------------------
# The cells of a row, and whether one of them is a problem
# ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Cells:
    """A row as the rules see it: what counts as empty is None (or "")."""

    blank: bool
    problem: bool
    company: str
    interview: date | datetime | None
    #: The moment of the interview in UTC, when it has a time.
    start: datetime | None
    to_come: bool
    how: str
    thanked: date | bool | None
    followed: date | bool | None
    seconded: date | bool | None
    closing: date | bool | None
    reply: date | None
    outcome: str
    snooze: date | None

    @property
    def interview_day(self) -> date | None:
        return _typed(self.interview)

    @property
    def interviewed(self) -> bool:
        # "interviewed: there is an interview date and it is not to come"
        return self.interview is not None and not self.to_come

    @property
    def done(self) -> bool:
        # "The thank-you is done when any of Thank-you sent, Follow-up sent, Second follow-up sent
        # is filled."
        return self.thanked is not None or self.followed is not None or self.seconded is not None


def _sent_cell(value: date | bool | None, unreadable: bool) -> date | bool | None:
    """A sent cell: a date, a tick or nothing. "FALSE, no, ... are empty"."""
    if unreadable:
        return None
    return True if value is True else _typed(value)


def _read(row: Row, now: datetime) -> _Cells:
    zone = now.tzinfo
    assert zone is not None, "now needs a time zone"
    today = now.date()
    problem = False

    # "Everything else (two-digit years, ...) is a problem"
    unreadable = {
        name: name in row.bad
        for name in (
            "interview",
            "thanked",
            "followed",
            "seconded",
            "closing",
            "reply",
            "snooze",
        )
    }
    if any(unreadable.values()):
        problem = True

    # "a tick in Interview, Reply received or Snooze until"
    if row.interview is True or row.reply is True or row.snooze is True:
        problem = True

    interview: date | datetime | None = None
    start: datetime | None = None
    if not unreadable["interview"]:
        if isinstance(row.interview, datetime):
            # "An Interview time that exists twice is the earlier; one that is skipped moves
            # forward, everywhere."
            interview = _existing(row.interview, zone)
            start = _instant(interview, zone)
        else:
            interview = _typed(row.interview)
    thanked = _sent_cell(row.thanked, unreadable["thanked"])
    followed = _sent_cell(row.followed, unreadable["followed"])
    seconded = _sent_cell(row.seconded, unreadable["seconded"])
    closing = _sent_cell(row.closing, unreadable["closing"])
    reply = None if unreadable["reply"] else _typed(row.reply)
    snooze = None if unreadable["snooze"] else _typed(row.snooze)

    # "To come: the interview's time > now, a bare date > today"
    to_come = start > now.astimezone(UTC) if start is not None else _before(today, interview)

    # "any other text counts as empty"
    how = row.how if row.how in {"Great", "Fine", "Bad", "Horrible"} else ""
    outcome = row.outcome if row.outcome in OUTCOMES else ""
    # "Outcome Next round on an interview still to come counts as an empty Outcome throughout."
    if outcome == "Next round" and to_come:
        outcome = ""

    # "In a row whose Outcome is Next round, Accepted, Rejected, Withdrawn, Ghosted or Closed none
    # of these is a problem: the cell counts as empty". Unreadable text and misplaced ticks are
    # empty by now; typed dates are emptied below, in such a row only.
    set_aside = outcome in OUTCOMES_WITHOUT_PROBLEMS

    # "a typed date more than one day after today in a sent cell or Reply received"
    tomorrow = today + timedelta(days=1)
    if _before(tomorrow, _typed(thanked)):
        problem = True
        thanked = None if set_aside else thanked
    if _before(tomorrow, _typed(followed)):
        problem = True
        followed = None if set_aside else followed
    if _before(tomorrow, _typed(seconded)):
        problem = True
        seconded = None if set_aside else seconded
    if _before(tomorrow, _typed(closing)):
        problem = True
        closing = None if set_aside else closing
    if _before(tomorrow, reply):
        problem = True
        reply = None if set_aside else reply

    # "a typed date before the interview's date in Thank-you sent, Follow-up sent or Second
    # follow-up sent"
    interview_day = _typed(interview)
    if _before(_typed(thanked), interview_day):
        problem = True
        thanked = None if set_aside else thanked
    if _before(_typed(followed), interview_day):
        problem = True
        followed = None if set_aside else followed
    if _before(_typed(seconded), interview_day):
        problem = True
        seconded = None if set_aside else seconded

    # "a typed Second follow-up sent before a typed Follow-up sent"
    if _before(_typed(seconded), _typed(followed)):
        problem = True
        seconded = None if set_aside else seconded

    # "an empty Company in a row that has an interview date, a sent cell or a reply (other rows
    # without a Company, such as separators and totals, are treated as blank ...)". "A row with
    # none of your columns filled ... is blank": that one has no Company either.
    blank = False
    if not row.company.strip():
        if any(cell is not None for cell in (interview, thanked, followed, seconded, closing, reply)):
            problem = True
        else:
            blank = True

    return _Cells(
        blank=blank,
        problem=problem and not set_aside,
        company=_company_key(row.company),
        interview=interview,
        start=start,
        to_come=to_come,
        how=how,
        thanked=thanked,
        followed=followed,
        seconded=seconded,
        closing=closing,
        reply=reply,
        outcome=outcome,
        snooze=snooze,
    )


# ------------------------------------------------------------------------------------------------
# The dates (section 3)
# ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Dates:
    """The quantities of section 3, worked out whether or not they are shown."""

    thank_you_due: date | datetime | None
    #: "now > Thank-you due (a bare date: today >)"
    thank_you_overdue: bool
    limit: date | None
    r: date | None
    horrible: bool
    follow_up_due: date | None
    follow_up_counts: bool
    second_follow_up_due: date | None
    second_counts: bool
    ghosted_on: date | None
    latest: date | None
    end: date | None
    in_closing_window: bool
    #: "The next of the three dates"
    next_of_three: date | None


def _counts(cell: date | bool | None, stands_for: date | None, r: date | None, today: date) -> bool:
    """Whether a follow-up counts. An empty cell does not."""
    if cell is None:
        return False
    # "It counts if there is no R;"
    if r is None:
        return True
    # "with an R, a date counts if it is after R, a tick if today >= the day it stands for."
    if cell is True:
        return _reached(stands_for, today)
    return _before(r, stands_for)


def _not_future(cell: date | bool | None, stands_for: date | None, today: date) -> date | None:
    """For Latest: the day of a sent cell; "left out" when a tick's day is after today."""
    if cell is None:
        return None
    if cell is True and _before(today, stands_for):
        return None
    return stands_for


def _work_out(cells: _Cells, now: datetime, settings: Settings) -> _Dates:
    zone = now.tzinfo
    assert zone is not None, "now needs a time zone"
    today = now.date()
    interview_day = cells.interview_day

    # "Thank-you due = Interview + 24 elapsed hours when it has a time; a bare date + 1 day
    # (hours / 24, rounded up). Never rolled."
    thank_you_due: date | datetime | None
    if cells.start is not None:
        instant = cells.start + timedelta(hours=settings.thank_you_hours)
        thank_you_due = _wall(instant, zone)
        thank_you_overdue = now.astimezone(UTC) > instant
    else:
        thank_you_due = _plus(interview_day, math.ceil(settings.thank_you_hours / 24))
        thank_you_overdue = _before(thank_you_due, today)
    thank_you_day = _typed(thank_you_due)

    # "T = Thank-you sent if it is a date, else the date of Thank-you due."
    typed_thanks = _typed(cells.thanked)
    t = typed_thanks if typed_thanks is not None else thank_you_day

    # "Limit = roll(the date of Thank-you due + 14)"
    limit = _roll(_plus(thank_you_day, settings.follow_up_days), settings)

    # "R = Reply received, unless it is before the interview's date (then there is none)."
    r = None if _before(cells.reply, interview_day) else cells.reply

    # "Base = the later of T and R."
    base = _later(t, r)

    # "Horrible = How it went is Horrible and there is no R."
    horrible = cells.how == "Horrible" and r is None

    # "Follow-up due = the later of roll(Base + 14 days) and roll(Snooze until)."
    # "Without Base the three later dates are missing."
    follow_up_due: date | None = None
    if base is not None:
        follow_up_due = _later(
            _roll(_plus(base, settings.follow_up_days), settings),
            _roll(cells.snooze, settings),
        )

    # "f = Follow-up sent; a tick stands for Follow-up due."
    f = follow_up_due if cells.followed is True else _typed(cells.followed)
    f_counts = _counts(cells.followed, f, r, today)

    # "Second follow-up due = the later of roll(F + 7 days) and roll(Snooze until), F = f if f
    # counts, else Follow-up due."
    big_f = f if f_counts else follow_up_due
    second_follow_up_due: date | None = None
    if base is not None:
        second_follow_up_due = _later(
            _roll(_plus(big_f, settings.second_follow_up_days), settings),
            _roll(cells.snooze, settings),
        )

    # "s = Second follow-up sent; a tick stands for Second follow-up due; it counts by the same
    # rule."
    s = second_follow_up_due if cells.seconded is True else _typed(cells.seconded)
    s_counts = _counts(cells.seconded, s, r, today)

    # "Ghosted on = the later of S + 7 days and Snooze until + 7 days (not rolled), S = s if s
    # counts, else Second follow-up due."
    big_s = s if s_counts else second_follow_up_due
    ghosted_on: date | None = None
    if base is not None:
        ghosted_on = _later(
            _plus(big_s, settings.ghosted_days),
            _plus(cells.snooze, settings.ghosted_days),
        )

    # "If s counts, the follow-up counts too (F stays as above)."
    follow_up_counts = f_counts or s_counts

    # "Latest = the latest among the interview's date, T if Thank-you sent is filled, f and s if
    # filled (the day that any of these ticks stands for is left out while it is after today),
    # Reply received as typed, Snooze until if not after today."
    latest = _later(
        interview_day,
        _not_future(cells.thanked, t, today),
        _not_future(cells.followed, f, today),
        _not_future(cells.seconded, s, today),
        cells.reply,
        cells.snooze if _reached(cells.snooze, today) else None,
    )

    # "End = the later of Latest and Ghosted on."
    end = _later(latest, ghosted_on)

    # "Closing window: today <= End + 30 days."
    in_closing_window = _reached(today, _plus(end, settings.closing_days))

    # "The next of the three dates: Follow-up due if the follow-up does not count, else Second
    # follow-up due if the second does not, else Ghosted on."
    if not follow_up_counts:
        next_of_three = follow_up_due
    elif not s_counts:
        next_of_three = second_follow_up_due
    else:
        next_of_three = ghosted_on

    return _Dates(
        thank_you_due=thank_you_due,
        thank_you_overdue=thank_you_overdue,
        limit=limit,
        r=r,
        horrible=horrible,
        follow_up_due=follow_up_due,
        follow_up_counts=follow_up_counts,
        second_follow_up_due=second_follow_up_due,
        second_counts=s_counts,
        ghosted_on=ghosted_on,
        latest=latest,
        end=end,
        in_closing_window=in_closing_window,
        next_of_three=next_of_three,
    )


# ------------------------------------------------------------------------------------------------
# The status (section 4)
# ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Accepted:
    """What rules 7 and 8 need to know of a row whose Outcome is Accepted."""

    company: str
    end: date | None


def _status(
    cells: _Cells,
    dates: _Dates,
    accepted: Sequence[_Accepted],
    today: date,
    settings: Settings,
) -> tuple[str, str, date | datetime | None]:
    """Follow-up status, Flag and Due. "first match wins". Rule 1 is decided before."""
    outcome = cells.outcome
    closing_sent = cells.closing is not None

    # 14: "interviewed, not Horrible, today >= Ghosted on"
    rule_14 = cells.interviewed and not dates.horrible and _reached(dates.ghosted_on, today)

    # 7: "Outcome empty or Offer, and a row of the same company ... has Outcome Accepted, and this
    # row's interview date <= that row's End + 30 days"
    rule_7 = False
    # 8: "the same with a row of another company"
    rule_8 = False
    if outcome in ("", "Offer"):
        for other in accepted:
            if _reached(cells.interview_day, _plus(other.end, settings.closing_days)):
                if other.company == cells.company:
                    rule_7 = True
                else:
                    rule_8 = True
    # 8: "a setting turns this rule off"
    if not settings.withdraw_when_accepted:
        rule_8 = False
    # 8: "unless this row's Outcome is empty and the condition of 14 holds"
    if outcome == "" and rule_14:
        rule_8 = False

    # 15, Flag: "Overdue if now > Thank-you due (a bare date: today >), else Due"
    thank_you_flag = "Overdue" if dates.thank_you_overdue else "Due"
    # 8, Due: "the interview, if to come; else empty"
    interview_to_come = cells.interview if cells.to_come else None

    # 2: "today < Snooze until"
    if _before(today, cells.snooze):
        return "Snoozed", "", cells.snooze

    # 3: "Outcome Next round or Offer, interviewed, thank-you not done, Closing note not sent,
    # today < Limit, and (for an Offer) neither 7 nor 8 holds"
    if (
        outcome in ("Next round", "Offer")
        and cells.interviewed
        and not cells.done
        and not closing_sent
        and _before(today, dates.limit)
        and not (outcome == "Offer" and (rule_7 or rule_8))
    ):
        return "Send thank-you", thank_you_flag, dates.thank_you_due

    # 4: "Outcome Next round, Accepted or Closed"
    if outcome in ("Next round", "Accepted", "Closed"):
        return "Closed", "", None

    # 5: "Outcome Ghosted"
    if outcome == "Ghosted":
        return "Ghosted", "Ghosted", None

    # 6: "Outcome empty or Offer, and Closing note sent"
    if outcome in ("", "Offer") and closing_sent:
        return "Closed", "", None

    if rule_7:
        return "Closed", "", None

    if rule_8:
        return "Send withdrawal", "Due", interview_to_come

    # 9: "Outcome Offer"
    if outcome == "Offer":
        return "Offer", "", None

    # 10: "Outcome Rejected: interviewed, Reply received not before the interview's date, Closing
    # note not sent, in the closing window". Due: "roll(Latest + 1 day) if Reply received is
    # filled, else empty". Flag: "Overdue if today > Due, else Due".
    if (
        outcome == "Rejected"
        and cells.interviewed
        and not _before(cells.reply, cells.interview_day)
        and not closing_sent
        and dates.in_closing_window
    ):
        due = _roll(_plus(dates.latest, 1), settings) if cells.reply is not None else None
        return "Ask for feedback", "Overdue" if _before(due, today) else "Due", due

    # 11: "Outcome Withdrawn: Closing note not sent, in the closing window"
    if outcome == "Withdrawn" and not closing_sent and dates.in_closing_window:
        return "Send withdrawal", "Due", interview_to_come

    # 12: "Outcome Rejected or Withdrawn"
    if outcome in ("Rejected", "Withdrawn"):
        return "Closed", "", None

    # From here on the Outcome is empty.

    # 13: "no interview date"
    if cells.interview is None:
        return "No interview", "", None

    if rule_14:
        return "Ghosted", "Ghosted", dates.ghosted_on

    # 15: "interviewed, thank-you not done, today < Limit"
    if cells.interviewed and not cells.done and _before(today, dates.limit):
        return "Send thank-you", thank_you_flag, dates.thank_you_due

    # 16: "Horrible and interviewed": "Send withdrawal in the closing window, else Closed"
    if dates.horrible and cells.interviewed:
        if dates.in_closing_window:
            return "Send withdrawal", "Due", None
        return "Closed", "", None

    # 17: "to come"
    if cells.to_come:
        return "Upcoming", "", dates.thank_you_due

    # 18: "follow-up does not count, today >= Follow-up due"; "Overdue if today > it, else Due"
    if not dates.follow_up_counts and _reached(dates.follow_up_due, today):
        flag = "Overdue" if _before(dates.follow_up_due, today) else "Due"
        return "Send follow-up", flag, dates.follow_up_due

    # 19: "second does not count, today >= Second follow-up due"; "Overdue if today > it, else
    # Due"
    if not dates.second_counts and _reached(dates.second_follow_up_due, today):
        flag = "Overdue" if _before(dates.second_follow_up_due, today) else "Due"
        return "Send second follow-up", flag, dates.second_follow_up_due

    # 20: "there is an R, no follow-up counts, and R is not before a typed Thank-you sent"
    if dates.r is not None and not dates.follow_up_counts and not _before(dates.r, _typed(cells.thanked)):
        return "In conversation", "", dates.next_of_three

    # 21: "otherwise"
    return "Waiting", "", dates.next_of_three


def assess(rows: Sequence[Row], now: datetime, settings: Settings = Settings()) -> list[Verdict]:
    """Where every row stands at ``now``, which carries the zone of the spreadsheet."""
    # "now is read once per run, in the spreadsheet's own time zone; today is its date."
    if now.tzinfo is None:
        raise ValueError("now needs a time zone")
    today = now.date()

    all_cells = [_read(row, now) for row in rows]
    all_dates = [_work_out(cells, now, settings) for cells in all_cells]

    # "other rows without a Company ... are treated as blank and never count as Accepted"
    accepted = [
        _Accepted(cells.company, dates.end)
        for cells, dates in zip(all_cells, all_dates, strict=True)
        if cells.outcome == "Accepted" and not cells.blank
    ]

    verdicts: list[Verdict] = []
    for cells, dates in zip(all_cells, all_dates, strict=True):
        if cells.blank:
            verdicts.append(BLANK)
            continue
        # 1: "a problem". "In a Check row the four dates and Due are empty".
        if cells.problem:
            verdicts.append(CHECK)
            continue
        status, flag, due = _status(cells, dates, accepted, today, settings)
        # "The last three are shown only with an interview date, an empty Outcome and not
        # Horrible; Thank-you due whenever there is an interview date."
        shown = cells.interview is not None and cells.outcome == "" and not dates.horrible
        verdicts.append(
            Verdict(
                status=status,
                flag=flag,
                due=due,
                thank_you_due=dates.thank_you_due,
                follow_up_due=dates.follow_up_due if shown else None,
                second_follow_up_due=dates.second_follow_up_due if shown else None,
                ghosted_on=dates.ghosted_on if shown else None,
            )
        )
    return verdicts
