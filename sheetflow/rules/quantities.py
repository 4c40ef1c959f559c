"""The quantities of the rules, declared: what a rule may ask of a row, each with one entry per row.

This is the glossary. Three groups, in the order in which a run fills them: what was *read*, what is *worked out*
from it (``problems``, ``dates``, ``company``), and what is *decided* (``cadence``). Nothing else is known to a rule.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import UTC, datetime, tzinfo
from typing import Any

import numpy as np

from sheetflow.rules.arrays import Days, Flags, Rows, Words
from sheetflow.rules.zones import localize
from sheetflow.table import Table, midnight


@dataclass
class Sent:
    """A sent column: the days that were typed into it, and which rows have a tick instead of a day."""

    typed: Days
    tick: Flags

    @property
    def filled(self) -> Flags:
        """Which cells hold a day or a tick."""
        return ~np.isnat(self.typed) | self.tick


@dataclass(init=False)
class Quantities:
    """A tracker's rows as columns. An attribute that is not declared here cannot be set: mypy refuses it."""

    # --- read: the cells, when it is, and what follows from these two alone -------------------------------------

    now: np.datetime64
    """The instant of the run, in UTC."""
    today: np.datetime64
    """Its date in the sheet's zone."""
    zone: tzinfo | None
    """The sheet's zone."""
    rounds: bool
    """The tracker has columns for rounds: what was sent or came before the interview is of an earlier one."""
    company: Words
    """As typed; empty text: the row is of no company."""
    role: Words
    outcome: Words
    """A word of the closed list. Empty also for Next round on an interview still to come, and for every word in
    ``outcome_kind``."""
    outcome_kind: Words
    """What other words in Outcome mean: ``waiting``, ``not_applied``, ``stage``, ``unknown``; else empty."""
    feeling: Words
    reachable: Flags
    """Contact, Interviewers or an address column names somebody."""
    filled: Flags
    """Any of the person's cells is filled."""
    interview: Days
    """With its time, if it has one. The one date that has; a time that the clocks skip is moved forward."""
    interview_timed: Flags
    """Whether it has a time."""
    instant: Days
    """The interview as an instant in UTC; of a bare date, the date."""
    interview_day: Days
    """The interview's date."""
    to_come: Flags
    """The interview's time > now, a bare date > today."""
    applied: Days
    decision_by: Days
    thanked: Sent
    followed: Sent
    seconded: Sent
    closing: Sent
    reply: Days
    snooze: Days

    # --- worked out: problems -----------------------------------------------------------------------------------

    row: Flags
    """An interview, an application, or something said about one; else blank, a separator or a total."""
    problem: Flags
    """A cell of the row cannot be used, and that matters."""
    problem_text: Words
    """Which cells, and how to fix them."""

    # --- worked out: the dates ----------------------------------------------------------------------------------

    has_interview: Flags
    interviewed: Flags
    """There is an interview date, and it is not to come."""
    application: Flags
    """No interview date, and Applied at most one day after today: the row has the clock of an application."""
    day: Days
    """A row's day: the interview's date, else Applied."""
    start: Days
    """What the clock starts from: the interview's date, of an application Applied, else missing."""
    thank_you_due: Days
    """Interview + 24 elapsed hours when it has a time; a bare date + 1 day. Never rolled."""
    thank_you_late: Flags
    """now > Thank-you due; a bare date: today > it."""
    t: Days
    """T: Thank-you sent if it is a date, else the date of Thank-you due."""
    limit: Days
    """Limit: from this day on nobody is thanked any more."""
    thank_you_done: Flags
    """Thank-you sent, Follow-up sent or Second follow-up sent is filled."""
    thank_you_open: Flags
    """Interviewed, the thank-you not done, and today < the earlier of Limit and Follow-up due."""
    r: Days
    """R: Reply received, unless it is before the start."""
    replied: Flags
    """There is an R."""
    base: Days
    """Base: the later of T and R, of an application the later of Applied and R; else missing."""
    horrible: Flags
    """How it went is Horrible, and there is no R after the interview's date."""
    decision_counts: Flags
    """Decision by is not before the start and after R: the follow-up waits for it."""
    d1: Days
    """D1: the day for the follow-up by the waits alone, without the snooze."""
    follow_up_due: Days
    f: Days
    """f: Follow-up sent; a tick stands for D1."""
    follow_up_counts: Flags
    """f counts, or s does."""
    d2: Days
    """D2: the day for the second follow-up, without the snooze."""
    second_follow_up_due: Days
    s: Days
    """s: Second follow-up sent; a tick stands for D2, in an application for D1."""
    second_counts: Flags
    ghosted_on: Days
    next: Days
    """The next of the three dates; of an application, of the two."""
    silent: Flags
    """Gone silent: an application, or interviewed and not Horrible, and today >= Ghosted on."""
    latest: Days
    """Latest: the last day on which anything happened in the row."""
    closing_until: Days
    """End + 30 days, End being the later of Latest and Ghosted on."""
    closing_window: Flags
    """today <= End + 30 days."""
    feedback_due: Days
    """The day after Latest, rolled, if Reply received is filled."""

    # --- worked out: the other rows -----------------------------------------------------------------------------

    moment: Days
    """What *later* compares: the row's day, with the interview's time; a bare date is before every time."""
    newest_of_company: Days
    """The ``moment`` of the latest interview among the rows of its company."""
    newest: Days
    """The same among those that are of the same role as well, where both have one."""
    accepted_here: Flags
    """A row of the same company has Outcome Accepted."""
    accepted_elsewhere: Flags
    """A row of another company has."""
    reached_here: Flags
    """A row of the same company has, and this row's day <= that row's End + 30 days."""
    lost: Flags
    """Lost to another offer: one of another company was accepted in time, and this row is still open."""

    # --- decided ------------------------------------------------------------------------------------------------

    rule: Rows
    """The first rule that matches, as an index into the table of rules; -1 for a blank row."""
    due: Days
    due_timed: Flags
    overdue: Flags
    """The due moment has passed."""

    def outcome_is(self, *words: str) -> Flags:
        """Which rows have one of these outcomes; empty text for none."""
        found: Flags = np.logical_or.reduce([self.outcome == word for word in words])
        return found

    def take(self, rows: Rows) -> Quantities:
        """The same of some rows only."""
        part = Quantities()
        for name in (field.name for field in fields(self) if hasattr(self, field.name)):
            setattr(part, name, _some(getattr(self, name), rows))
        return part


def _some(values: Any, rows: Rows) -> Any:
    if isinstance(values, Sent):
        return Sent(values.typed[rows], values.tick[rows])
    return values[rows] if isinstance(values, np.ndarray) else values


def read(table: Table, now: datetime) -> Quantities:
    """The cells as they are, when it is, and which interviews are still to come."""
    q = Quantities()
    q.zone = now.tzinfo
    q.now = np.datetime64(now.astimezone(UTC).replace(tzinfo=None), "us")
    q.today = np.datetime64(now.date(), "us")
    q.rounds = table.rounds

    def column(name: str) -> Any:
        return table.frame[name].to_numpy(copy=True)

    def sent(name: str) -> Sent:
        return Sent(column(name), column(f"{name}_tick"))

    q.company, q.role = column("company"), column("role")
    q.outcome, q.outcome_kind, q.feeling = column("outcome"), column("outcome_kind"), column("feeling")
    q.reachable, q.filled = column("reachable"), column("filled")
    q.interview_timed = column("interview_timed")
    q.interview, q.instant = localize(column("interview"), q.interview_timed, q.zone)
    q.interview_day = midnight(q.interview)
    q.to_come = np.where(q.interview_timed, q.instant > q.now, q.interview_day > q.today)
    q.applied, q.decision_by = column("applied"), column("decision_by")
    q.thanked, q.followed = sent("thanked"), sent("followed")
    q.seconded, q.closing = sent("seconded"), sent("closing")
    q.reply, q.snooze = column("reply"), column("snooze")
    q.outcome[q.outcome_is("Next round") & q.to_come] = ""
    return q
