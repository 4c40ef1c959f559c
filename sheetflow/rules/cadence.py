"""The rules: where each row stands and what to do next (spec, section 4).

Everything here works on whole columns and is a function of the table, the settings and ``now``, nothing
else. The statuses are a table: the first rule that matches a row wins, so their order is their priority.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from sheetflow.rules import problems, quantities, why
from sheetflow.rules.quantities import NONE, Quantities
from sheetflow.settings import Settings
from sheetflow.table import Array, Table, series

LATE = "late"
"""Stands for Overdue once the due moment has passed, and Due until then."""


@dataclass(frozen=True)
class Rule:
    """One line of the status table: when it holds, what the row then shows, and why."""

    number: int
    status: str
    flag: str
    """The flag, or ``LATE``."""
    due: str
    """The quantity shown as Due; empty for none."""
    when: Callable[[Quantities], Array]
    why: str
    """The sentence for the person, with the words of ``why`` in braces."""
    meaning: str
    """The rule in a few words, for the docs."""
    note: str = ""
    """The note to send while this rule holds: a template's name; empty for none."""


RULES: tuple[Rule, ...] = (
    Rule(
        1, "Check row", "Check", "",
        lambda q: q.problem,
        "{problems}",
        "A cell cannot be read; `Why` names it and says how to fix it",
    ),
    Rule(
        2, "Snoozed", "", "snooze",
        lambda q: q.today < q.snooze,
        "You asked to leave this row alone until {snooze}",
        "You asked to leave the row alone until a day that has not come",
    ),
    Rule(
        3, "Send thank-you", LATE, "thank_you_due",
        lambda q: (q.outcome_is("Next round") | (q.outcome_is("Offer") & ~q.accepted_here & ~q.accepted_elsewhere))
        & q.interviewed & ~q.thank_you_done & ~q.closing_filled & (q.today < q.limit),
        "You met them on {interview}; a thank-you {is} due by {thank_you_due}, whatever comes next",
        "Next round or an offer is in, and nobody has been thanked yet",
        "thank_you",
    ),
    Rule(
        4, "Closed", "", "",
        lambda q: q.outcome_is("Next round", "Accepted", "Closed"),
        "The outcome is {outcome}, so this row needs nothing more{next_row}",
        "The outcome settles the row",
    ),
    Rule(
        5, "Ghosted", "Ghosted", "",
        lambda q: q.outcome_is("Ghosted"),
        "You marked this row as ghosted",
        "You marked it so yourself",
    ),
    Rule(
        6, "Closed", "", "",
        lambda q: q.outcome_is("", "Offer") & q.closing_filled,
        "Your closing note is marked as sent{on_closing}",
        "Your closing note is sent",
    ),
    Rule(
        7, "Closed", "", "",
        lambda q: q.accepted_here,
        "You accepted an offer from this company, so nothing is left to send",
        "You accepted an offer of the same company",
    ),
    Rule(
        8, "Send withdrawal", "Due", "interview_to_come",
        lambda q: q.accepted_elsewhere & ~(q.outcome_is("") & q.gone_silent),
        "You accepted an offer elsewhere while this row is open: withdraw, politely and briefly",
        "You accepted an offer elsewhere, and this one is still open",
        "withdrawal",
    ),
    Rule(
        9, "Offer", "", "",
        lambda q: q.outcome_is("Offer"),
        "They made you an offer: the answer is yours to give",
        "They made you an offer",
    ),
    Rule(
        10, "Ask for feedback", LATE, "feedback_due",
        lambda q: q.outcome_is("Rejected")
        & q.interviewed & ~(q.reply < q.day) & ~q.closing_filled & q.closing_window,
        "They turned you down{on_reply}: thank them, and ask what to do better next time",
        "They turned you down after an interview",
        "feedback_request",
    ),
    Rule(
        11, "Send withdrawal", "Due", "interview_to_come",
        lambda q: q.outcome_is("Withdrawn") & ~q.closing_filled & q.closing_window,
        "You withdrew: tell them, politely and briefly",
        "You withdrew and have not told them",
        "withdrawal",
    ),
    Rule(
        12, "Closed", "", "",
        lambda q: q.outcome_is("Rejected", "Withdrawn"),
        "The outcome is {outcome}, and nothing is left to send",
        "Rejected or withdrawn, and nothing is left to send",
    ),
    Rule(
        13, "No interview", "", "",
        lambda q: ~q.has_interview,
        "There is no interview date, so nothing is due",
        "There is no interview date",
    ),
    Rule(
        14, "Ghosted", "Ghosted", "ghosted_on",
        lambda q: q.gone_silent,
        "No word since {last_step}, nor by {ghosted_on}: cut your losses (a reply typed in brings the row back)",
        "No word a week after the second follow-up: cut your losses",
    ),
    Rule(
        15, "Send thank-you", LATE, "thank_you_due",
        lambda q: q.interviewed & ~q.thank_you_done & (q.today < q.limit),
        "You met them on {interview}; a thank-you {is} due by {thank_you_due}",
        "You met them, and nobody has been thanked yet",
        "thank_you",
    ),
    Rule(
        16, "Send withdrawal", "Due", "",
        lambda q: q.horrible & q.interviewed & q.closing_window,
        "It went horribly on {interview}: withdraw, politely and briefly",
        "It went horribly, and they have had their thank-you",
        "withdrawal",
    ),
    Rule(
        16, "Closed", "", "",
        lambda q: q.horrible & q.interviewed,
        "It went horribly on {interview}, and the time for a withdrawal is over",
        "It went horribly, long ago",
    ),
    Rule(
        17, "Upcoming", "", "thank_you_due",
        lambda q: q.to_come,
        "The interview is on {interview}; a thank-you will be due by {thank_you_due}",
        "The interview is still to come",
    ),
    Rule(
        18, "Send follow-up", LATE, "follow_up_due",
        lambda q: ~q.follow_up_counts & (q.today >= q.follow_up_due),
        "No word since {base}; a follow-up {is} due on {follow_up_due}",
        "Two weeks without a word",
        "follow_up",
    ),
    Rule(
        19, "Send second follow-up", LATE, "second_follow_up_due",
        lambda q: ~q.second_counts & (q.today >= q.second_follow_up_due),
        "No word since {last_step}; a second one {is} due on {second_follow_up_due}",
        "A week without a word after the follow-up",
        "second_follow_up",
    ),
    Rule(
        20, "In conversation", "", "next",
        lambda q: q.replied & ~q.follow_up_counts & ~(q.r < q.thanked),
        "They replied on {reply}; if nothing more comes, {next_step} on {next}",
        "They replied, and no follow-up is due yet",
    ),
    Rule(
        21, "Waiting", "", "next",
        lambda q: q.row,
        "It is their turn since {last_step}; if no word comes, {next_step} on {next}",
        "It is their turn, and the time to follow up has not come",
    ),
)  # fmt: skip

ADDED = (
    "status", "flag", "due", "due_timed", "thank_you_due", "thank_you_due_timed", "follow_up_due",
    "second_follow_up_due", "ghosted_on", "why", "rule", "note", "row", "to_come", "replied", "thank_you_done",
    "follow_up_counts", "second_counts", "closing_sent",
)  # fmt: skip
"""What the rules add to the frame."""


def assess(table: Table, now: datetime, settings: Settings) -> Table:
    """Add what the rules say to a parsed table.

    ``now`` is aware, in the sheet's zone. Adds to the frame: ``status``, ``flag`` and ``why`` (str),
    ``due`` and ``thank_you_due`` (datetime64[us], with ``…_timed``: bool), ``follow_up_due``,
    ``second_follow_up_due`` and ``ghosted_on`` (datetime64[us] at midnight), all empty where the sheet shows
    nothing; ``rule`` (index into ``RULES``, -1 for a blank row), ``note`` (str), and what drafts need to know.
    """
    q = quantities.read(table, now)
    problems.settle(table, q)
    quantities.work_out(q, settings)
    _look_for_accepted(q, settings)
    _decide(q)
    _hide(q)
    q.why = why.explain(table, q, [rule.why for rule in RULES])
    q.closing_sent = q.closing_filled
    for name in ADDED:
        table.frame[name] = series(getattr(q, name))
    return table


def _look_for_accepted(q: Quantities, settings: Settings) -> None:
    """Rules 7 and 8: whether an offer accepted here, or anywhere, reaches this row's interview.

    Rule 7 comes first, so what it leaves to rule 8 was accepted elsewhere.
    """
    q.gone_silent = q.interviewed & ~q.horrible & (q.today >= q.ghosted_on)
    reach = np.where(q.row & q.outcome_is("Accepted"), q.closing_until, NONE)
    company = series(q.company).str.strip().str.casefold()
    here = series(reach).groupby(company).transform("max").to_numpy()
    undecided = q.outcome_is("", "Offer")
    q.accepted_here = undecided & (q.day <= here)
    anywhere = undecided & (q.day <= np.fmax.reduce(reach, initial=NONE))
    q.accepted_elsewhere = anywhere & ~q.accepted_here & settings.withdraw_when_accepted


def _decide(q: Quantities) -> None:
    """The first rule that matches each row, and what the row shows by it."""
    matches = np.array([rule.when(q) & q.row for rule in RULES])
    q.rule = np.where(q.row, matches.argmax(axis=0), -1)
    for name in ("status", "flag", "note"):
        setattr(q, name, np.array([*(getattr(rule, name) for rule in RULES), ""], dtype=object)[q.rule])
    q.due = np.full(len(q.rule), NONE)
    q.due_timed = np.zeros(len(q.rule), dtype=bool)
    for index, rule in enumerate(RULES):
        rows = np.flatnonzero(q.rule == index)
        if rule.due:
            q.due[rows] = getattr(q, rule.due)[rows]
            q.due_timed[rows] = getattr(q, f"{rule.due}_timed", q.due_timed)[rows]
    q.overdue = np.where(q.note == "thank_you", q.thank_you_late, q.today > q.due)
    late = q.flag == LATE
    q.flag[late] = np.where(q.overdue, "Overdue", "Due")[late]


def _hide(q: Quantities) -> None:
    """Empty the dates that a row does not show."""
    shown = q.row & ~q.problem & q.has_interview
    q.thank_you_due = np.where(shown, q.thank_you_due, NONE)
    shown &= q.outcome_is("") & ~q.horrible
    for name in ("follow_up_due", "second_follow_up_due", "ghosted_on"):
        setattr(q, name, np.where(shown, getattr(q, name), NONE))
