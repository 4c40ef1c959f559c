"""The rules: where each row stands and what to do next (the rules, section 4).

Theory of operation
===================

A row of a tracker is like somebody waiting for an answer, and only a few things can happen to it. Read ``RULES`` from
top to bottom: the first line that holds for a row decides it, so the order of the lines is their priority.

  - *cannot be judged*: a cell contradicts another or cannot be read (1); the person asked for peace (2)
  - *settled*: the Outcome says how it ended, and at most a courtesy is left: a thank-you (3), a withdrawal (8, 11) or
    a request for feedback (10). "Next round" is settled only while somebody keeps the promise (4a)
  - *settled elsewhere*: the closing note is sent (6), an offer was accepted here (7) or elsewhere (8, 8a), or the next
    round has a row of its own (7a)
  - *open*: what is left is a clock. It starts from the interview (14-21) or from the application (13d-13g), is set
    anew by every reply, is put off by "Snooze until" and by "Decision by", and runs through the same stations:

        thank-you -> wait -> follow-up -> wait -> second follow-up -> wait -> ghosted        an interview
                     wait -> check-in  -> wait ->                             ghosted        an application

Nothing is remembered from run to run. Where a row stands follows from its cells, the settings and ``now``, and in the
rules that say so from the other rows of its company: a late run loses nothing, and a reply typed into a ghosted row
brings it back by itself.

Three steps make the decision, each over whole columns, and each fills a part of ``Quantities``, the glossary of what a
rule may ask:

 1. ``problems``: which cells count
 2. ``dates`` and ``company``: every date of the row, and what other rows have to do with it
 3. here: the first rule that matches, and what the row then shows

What a rule costs: a line in ``RULES`` (its sentence for the person and its meaning for the docs are part of it), the
quantity it needs if it needs a new one, its rows in the tables of ``tests/test_cadence.py``, a line in
``docs/rules.md``, and the same in the second reading of the rules, ``tests/oracle.py``, which is written apart and must
agree to the day.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple

import numpy as np

from sheetflow.mailbox.facts import NO_MAIL, Facts
from sheetflow.rules import dates, mail, problems, quantities, why
from sheetflow.rules.arrays import NONE, Days, Flags, Words
from sheetflow.rules.company import Groups, look_around
from sheetflow.rules.quantities import Quantities
from sheetflow.settings import Settings
from sheetflow.table import Table, series

CHECK, DUE, OVERDUE, GHOSTED = "Check", "Due", "Overdue", "Ghosted"
LATE = "late"
"""Stands for Due, and for Overdue once the due moment has passed."""
TO_DO = (DUE, OVERDUE)
"""The flags of a row in which something is to be done now."""


class Due(NamedTuple):
    """What a rule shows as Due."""

    day: Callable[[Quantities], Days]
    timed: bool = False
    """With the interview's time of day, where it has one."""


NOTHING = Due(lambda q: np.full(len(q.row), NONE))
SNOOZE = Due(lambda q: q.snooze)
THANK_YOU = Due(lambda q: q.thank_you_due, timed=True)
INTERVIEW_TO_COME = Due(lambda q: np.where(q.to_come, q.interview, NONE), timed=True)
DECISION = Due(lambda q: np.where(q.decision_by < q.today, NONE, q.decision_by))
FEEDBACK = Due(lambda q: q.feedback_due)
FOLLOW_UP = Due(lambda q: q.follow_up_due)
SECOND_FOLLOW_UP = Due(lambda q: q.second_follow_up_due)
GHOSTED_ON = Due(lambda q: q.ghosted_on)
NEXT_STEP = Due(lambda q: q.next)


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One line of the status table: when it holds, what the row then shows, and why."""

    key: str
    """Its number in the rules, with a word where one number has two lines; unique."""
    status: str
    flag: str = ""
    """The flag, or ``LATE``."""
    due: Due = NOTHING
    when: Callable[[Quantities], Flags]
    once: Literal["", "company", "role"] = ""
    """Of the rows of one company (and role, where both have one) that come here, only the latest."""
    why: str
    """The sentence for the person, with the words of ``why.WORDS`` in braces."""
    meaning: str
    """The rule in a few words, for the docs."""
    note: str = ""
    """The note to send while this rule holds, a name of ``notes.NOTES``; empty for none."""
    reason: str = ""
    """Of a withdrawal: ``accepted_elsewhere``, ``horrible`` or ``own_decision``."""
    closes: bool = False
    """Nothing is left to be sent: a draft that the person edited has had its day."""
    waits_for_edit: bool = False
    """A draft of another note that the person edited stays until it is sent or emptied."""


def _promised(q: Quantities) -> Flags:
    """A next round was promised, the time for it has passed, and no row shows that it came."""
    interview = q.interviewed & ~(q.newest > q.moment) & (q.today >= q.next)
    application = q.application & ~(q.newest_of_company >= q.applied) & (q.today < q.ghosted_on)
    nobody = ~q.accepted_here & ~q.lost & ~q.closing.filled & q.closing_window
    return q.outcome_is("Next round") & nobody & (interview | application)


def _went_on(q: Quantities) -> Flags:
    """The row led to an interview that has a row of its own."""
    interview = q.interviewed & ~q.thank_you_open & (q.newest > q.moment)
    return q.outcome_is("") & (interview | (q.application & (q.newest >= q.applied)))


RULES: tuple[Rule, ...] = (
    Rule(
        key="1", status="Check row", flag=CHECK,
        when=lambda q: q.problem,
        why="{problems}",
        meaning="A cell cannot be read; `Why` names it and says how to fix it",
    ),
    Rule(
        key="2", status="Snoozed", due=SNOOZE,
        when=lambda q: q.today < q.snooze,
        why="You asked to leave this row alone until {snooze}{thank_you_waits}",
        meaning="You asked to leave the row alone until a day that has not come",
    ),
    Rule(
        key="3", status="Send thank-you", flag=LATE, due=THANK_YOU,
        when=lambda q: (q.outcome_is("Next round") | (q.outcome_is("Offer") & ~q.reached_here)) & ~q.lost
        & q.interviewed & ~q.thank_you_done & ~q.closing.filled & (q.today < q.limit),
        why="You met them on {interview}; a thank-you {is} due by {thank_you_due}, whatever comes next",
        meaning="Next round or an offer is in, and nobody has been thanked yet",
        note="thank_you",
    ),
    Rule(
        key="4", status="Closed", closes=True,
        when=lambda q: q.outcome_is("Accepted"),
        why="Congratulations: you accepted their offer, and nothing is left to do here{ask_acceptance}",
        meaning="You accepted their offer",
    ),
    Rule(
        key="4 closed", status="Closed", closes=True,
        when=lambda q: q.outcome_is("Closed"),
        why="The outcome is Closed, so this row needs nothing more",
        meaning="Outcome is Closed",
    ),
    Rule(
        key="4a", status="Check row", flag=CHECK,
        when=_promised,
        why="They promised a next round, and there is no word of it since {last_step}: add a row with its day, or "
        "empty Outcome if it has gone quiet",
        meaning="A next round was promised, and no row shows it: add one with its day, or empty Outcome",
    ),
    Rule(
        key="5", status="Ghosted", flag=GHOSTED,
        when=lambda q: q.outcome_is("Ghosted"),
        why="You marked this row as ghosted{they_wrote}",
        meaning="You marked it so yourself",
    ),
    Rule(
        key="6", status="Closed", closes=True,
        when=lambda q: q.outcome_is("", "Offer") & q.closing.filled,
        why="Your closing note is marked as sent{on_closing}",
        meaning="Your closing note is sent",
    ),
    Rule(
        key="7", status="Closed", closes=True,
        when=lambda q: q.outcome_is("", "Offer") & q.reached_here,
        why="You accepted an offer from this company, so nothing is left to send",
        meaning="You accepted an offer of the same company",
    ),
    Rule(
        key="7a", status="Closed", closes=True,
        when=_went_on,
        why="It went on to the interview of {newest}, which has a row of its own",
        meaning="It led to an interview that has a row of its own",
    ),
    Rule(
        key="8", status="Send withdrawal", flag=DUE, due=INTERVIEW_TO_COME,
        when=lambda q: q.lost & ~q.closing.filled & q.closing_window
        & (q.has_interview | q.replied | q.outcome_is("Offer", "Next round")),
        once="company",
        why="You accepted an offer elsewhere while this row is open: withdraw, politely and briefly",
        meaning="You accepted an offer elsewhere, and this one is still open",
        note="withdrawal", reason="accepted_elsewhere", waits_for_edit=True,
    ),
    Rule(  # here, not beside its number: what 4a and 8 leave of the rows with this Outcome
        key="4 next round", status="Closed", closes=True,
        when=lambda q: q.outcome_is("Next round"),
        why="The outcome is Next round, so this row needs nothing more{next_row}",
        meaning="Outcome is Next round",
    ),
    Rule(
        key="8a", status="Closed", closes=True,
        when=lambda q: q.lost,
        why="You accepted an offer elsewhere, and no withdrawal is left to send: {nothing_left}",
        meaning="You accepted an offer elsewhere, and there is nothing to withdraw from",
    ),
    Rule(
        key="9", status="Offer", due=DECISION,
        when=lambda q: q.outcome_is("Offer"),
        why="{offer}",
        meaning="They made you an offer",
    ),
    Rule(
        key="10", status="Ask for feedback", flag=DUE, due=FEEDBACK,
        when=lambda q: q.outcome_is("Rejected")
        & q.interviewed & ~(q.reply < q.interview_day) & ~q.closing.filled & q.closing_window,
        once="role",
        why="They turned you down{on_reply}: thank them, and ask what to do better next time",
        meaning="They turned you down after an interview",
        note="feedback_request",
    ),
    Rule(
        key="11", status="Send withdrawal", flag=DUE, due=INTERVIEW_TO_COME,
        when=lambda q: q.outcome_is("Withdrawn")
        & ~q.closing.filled & q.closing_window & (q.has_interview | q.replied),
        once="company",
        why="You withdrew: tell them, politely and briefly",
        meaning="You withdrew and have not told them",
        note="withdrawal", reason="own_decision",
    ),
    Rule(
        key="12", status="Closed", closes=True,
        when=lambda q: q.outcome_is("Rejected", "Withdrawn"),
        why="The outcome is {outcome}, and nothing is left to send",
        meaning="Rejected or withdrawn, and nothing is left to send",
    ),
    Rule(
        key="13a", status="Not applied",
        when=lambda q: ~q.has_interview & ~(q.applied <= q.today) & (q.outcome_kind == "not_applied"),
        why="You have not applied yet: type the day into Applied once you have",
        meaning="Outcome says that you have not applied yet",
    ),
    Rule(
        key="13b", status="Check row", flag=CHECK,
        when=lambda q: ~q.has_interview & (q.outcome_kind == "stage") & ~(q.today >= q.ghosted_on),
        why="Outcome names an interview: which day? Type it into Interview",
        meaning="Outcome names an interview, and Interview has no day",
    ),
    Rule(
        key="13c", status="No interview",
        when=lambda q: ~q.has_interview & np.isnat(q.applied),
        why="There is no date to go by: type the day of the interview into Interview, or that of the application into "
        "Applied",
        meaning="There is no date to go by, neither of an interview nor of an application",
    ),
    Rule(
        key="13d", status="Ghosted", flag=GHOSTED, due=GHOSTED_ON,
        when=lambda q: q.application & q.silent,
        why="{silence}",
        meaning="No word since the application, long after the check-in",
    ),
    Rule(
        key="13e", status="Send check-in", flag=LATE, due=FOLLOW_UP,
        when=lambda q: q.application & q.reachable & ~q.follow_up_counts & (q.today >= q.follow_up_due),
        why="{waited}; a check-in {is} due on {follow_up_due}",
        meaning="Ten days without a word since the application, and there is somebody to write to",
        note="check_in",
    ),
    Rule(
        key="13f", status="In conversation", due=NEXT_STEP,
        when=lambda q: q.application & q.replied & ~q.follow_up_counts,
        why="They replied on {reply}; if nothing more comes, {next_step} on {next}{unreachable}",
        meaning="They replied to the application, and no check-in is due yet",
    ),
    Rule(
        key="13g", status="Applied", due=NEXT_STEP,
        when=lambda q: q.application,
        why="{turn}; if no word comes, {next_step} on {next}{unreachable}",
        meaning="You applied, and it is their turn",
    ),
    Rule(
        key="14", status="Ghosted", flag=GHOSTED, due=GHOSTED_ON,
        when=lambda q: q.interviewed & q.silent,
        why="{silence}",
        meaning="No word a week after the second follow-up: cut your losses",
    ),
    Rule(
        key="15", status="Send thank-you", flag=LATE, due=THANK_YOU,
        when=lambda q: q.thank_you_open,
        why="You met them on {interview}; a thank-you {is} due by {thank_you_due}",
        meaning="You met them, and nobody has been thanked yet",
        note="thank_you",
    ),
    Rule(
        key="16", status="Send withdrawal", flag=DUE,
        when=lambda q: q.horrible & q.interviewed & q.closing_window,
        why="It went horribly on {interview}: withdraw, politely and briefly",
        meaning="It went horribly, and they have had their thank-you",
        note="withdrawal", reason="horrible",
    ),
    Rule(
        key="16 over", status="Closed", closes=True,
        when=lambda q: q.horrible & q.interviewed,
        why="It went horribly on {interview}, and the time for a withdrawal is over",
        meaning="It went horribly, long ago",
    ),
    Rule(
        key="17", status="Upcoming", due=THANK_YOU,
        when=lambda q: q.to_come,
        why="The interview is on {interview}; a thank-you will be due by {thank_you_due}",
        meaning="The interview is still to come",
    ),
    Rule(
        key="18", status="Send follow-up", flag=LATE, due=FOLLOW_UP,
        when=lambda q: ~q.follow_up_counts & (q.today >= q.follow_up_due),
        why="{waited}; a follow-up {is} due on {follow_up_due}",
        meaning="Two weeks without a word",
        note="follow_up",
    ),
    Rule(
        key="19", status="Send second follow-up", flag=LATE, due=SECOND_FOLLOW_UP,
        when=lambda q: ~q.second_counts & (q.today >= q.second_follow_up_due),
        why="No word since {last_step}; a second one {is} due on {second_follow_up_due}",
        meaning="A week without a word after the follow-up",
        note="second_follow_up",
    ),
    Rule(
        key="20", status="In conversation", due=NEXT_STEP,
        when=lambda q: q.replied & ~q.follow_up_counts & ~(q.r < q.thanked.typed),
        why="They replied on {reply}; if nothing more comes, {next_step} on {next}",
        meaning="They replied, and no follow-up is due yet",
    ),
    Rule(
        key="21", status="Waiting", due=NEXT_STEP,
        when=lambda q: q.row,
        why="{turn}; if no word comes, {next_step} on {next}",
        meaning="It is their turn, and the time to follow up has not come",
    ),
)  # fmt: skip


def assess(table: Table, now: datetime, settings: Settings, facts: Facts = NO_MAIL) -> Table:
    """Add what the rules say to a parsed table: the columns of ``_shown``, and ``seen`` where a mailbox is used.

    ``now`` is aware, in the sheet's zone. What counts as empty (of an earlier round, or set aside in a settled row) is
    emptied in the frame as well.
    """
    q = quantities.read(table, now)
    problems.settle(table, q)
    met = mail.join(table, q, settings, facts)  # here, and nowhere else, what a mailbox showed joins what was typed
    dates.work_out(q, settings)
    problems.judge_outcomes(table, q)
    problems.name_problems(table, q)
    groups = look_around(q, settings)
    _decide(q, groups)
    mail.remark(table, met, _of_rule(q, [rule.closes for rule in RULES]).astype(bool))
    for name, values in _shown(table, q).items():
        table.frame[name] = series(values)
    return table


def _decide(q: Quantities, groups: Groups) -> None:
    """The first rule that matches each row, when it is due, and whether that has passed."""
    q.rule = np.full(len(q.row), -1)
    undecided = q.row.copy()
    for index, rule in enumerate(RULES):
        here = undecided & rule.when(q)
        if rule.once:
            rivals = groups.newest(np.where(here, q.moment, NONE), of_role=rule.once == "role")
            here &= ~(rivals > q.moment)
        q.rule[here] = index
        undecided &= ~here
    q.due = np.full(len(q.row), NONE)
    q.due_timed = np.zeros(len(q.row), dtype=bool)
    for index, rule in enumerate(RULES):
        rows = q.rule == index
        q.due[rows] = rule.due.day(q)[rows]
        q.due_timed[rows] = rule.due.timed & q.interview_timed[rows]
    # no rule whose flag depends on the time of day is about another moment than Thank-you due
    q.overdue = np.where(q.due_timed, q.thank_you_late, q.today > q.due)


def _of_rule(q: Quantities, values: Sequence[object]) -> Words:
    return np.array([*values, ""], dtype=object)[q.rule]


def _shown(table: Table, q: Quantities) -> dict[str, Any]:
    """What the rules add to the frame.

    Text: ``status``, ``flag``, ``why``, ``note``, ``reason``. Dates (datetime64[us], empty where the sheet shows
    nothing): ``due`` and ``thank_you_due`` (with ``…_timed``: bool), ``follow_up_due``, ``second_follow_up_due``,
    ``ghosted_on``. ``rule``: an index into ``RULES``, -1 for a blank row. All else is yes or no.
    """
    flag = _of_rule(q, [rule.flag for rule in RULES])
    flag = np.where(flag == LATE, np.where(q.overdue, OVERDUE, DUE), flag)
    judged = q.row & (flag != CHECK)
    running = judged & q.outcome_is("") & ((q.has_interview & ~q.horrible) | q.application)
    why.remark(table, q, running)
    return {
        "rule": q.rule,
        "status": _of_rule(q, [rule.status for rule in RULES]),
        "flag": flag.astype(object),
        "note": _of_rule(q, [rule.note for rule in RULES]),
        "reason": _of_rule(q, [rule.reason for rule in RULES]),
        "why": why.explain(q, [rule.why for rule in RULES]),
        "due": q.due,
        "due_timed": q.due_timed,
        "thank_you_due": np.where(judged, q.thank_you_due, NONE),
        "thank_you_due_timed": q.interview_timed,
        "follow_up_due": np.where(running, q.follow_up_due, NONE),
        "second_follow_up_due": np.where(running & q.has_interview, q.second_follow_up_due, NONE),
        "ghosted_on": np.where(running, q.ghosted_on, NONE),
        "applied": q.applied,
        "thanked": q.thanked.typed,
        "followed": q.followed.typed,
        "seconded": q.seconded.typed,
        "closing": q.closing.typed,
        "reply": q.reply,
        "row": q.row,
        "closed": _of_rule(q, [rule.closes for rule in RULES]).astype(bool),
        "to_come": q.to_come,
        "interviewed": q.interviewed,
        "application": q.application,
        "replied": q.replied,
        "thank_you_done": q.thank_you_done,
        "follow_up_counts": q.follow_up_counts,
        "second_counts": q.second_counts,
        "closing_filled": q.closing.filled,
    }
