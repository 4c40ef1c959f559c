"""The rules: when each note falls due and where each row stands (spec, sections 3 and 4).

Everything here works on whole columns and is a function of the table, the settings and ``now``, nothing
else. The statuses are a table: the first rule that matches a row wins, so their order is their priority.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd

from sheetflow.cells import Problem, day_words, moment_words
from sheetflow.columns import BY_KEY
from sheetflow.settings import Settings
from sheetflow.table import Table

Column = Any  # a pandas Series or a numpy array, one entry per row; stubs for both lag behind pandas 3
Condition = Callable[[SimpleNamespace], Column]

SENT = ("thanked", "followed", "seconded")
SETTLED = ("Next round", "Accepted", "Rejected", "Withdrawn", "Ghosted", "Closed")
"""Outcomes after which an unreadable cell no longer matters: it counts as empty."""

DAY = np.timedelta64(1, "D")
NONE = np.datetime64("NaT", "us")


@dataclass(frozen=True)
class Rule:
    """One line of the status table: when it holds, what the row then shows, and why."""

    number: int
    status: str
    flag: str
    """The flag, or ``late`` for Overdue once the due moment has passed and Due until then."""
    due: str
    """The name of the quantity shown as Due; empty for none."""
    when: Condition
    why: str
    meaning: str
    note: str = ""
    """The note to send while this rule holds: a template's name; empty for none."""


RULES: tuple[Rule, ...] = (
    Rule(
        1, "Check row", "Check", "", lambda r: r.problem, "{problems}",
        "A cell cannot be read; `Why` names it and says how to fix it",
    ),
    Rule(
        2, "Snoozed", "", "snooze", lambda r: r.today < r.snooze, "Left alone until {snooze}, as you asked",
        "You asked to leave the row alone until a day that has not come",
    ),
    Rule(
        3, "Send thank-you", "late", "thank_you_due",
        lambda r: (r.outcome_is("Next round") | (r.offer & ~r.accepted_here & ~r.accepted_elsewhere))
        & r.interviewed & ~r.done & ~r.closing_sent & (r.today < r.limit),
        "You met on {interview}; a thank-you is due by {thank_you_due}, whatever comes next",
        "Next round or an offer is in, and nobody has been thanked yet", "thank_you",
    ),
    Rule(
        4, "Closed", "", "", lambda r: r.outcome_is("Next round", "Accepted", "Closed"),
        "The outcome is {outcome}: nothing more to send in this row{next_row}",
        "The outcome settles the row",
    ),
    Rule(
        5, "Ghosted", "Ghosted", "", lambda r: r.outcome_is("Ghosted"), "You marked this row as ghosted",
        "You marked it so yourself",
    ),
    Rule(
        6, "Closed", "", "", lambda r: r.open_or_offer & r.closing_sent, "Your closing note is marked as sent",
        "Your closing note is sent",
    ),
    Rule(
        7, "Closed", "", "", lambda r: r.accepted_here,
        "You accepted an offer from this company, so nothing is left to send",
        "You accepted an offer of the same company",
    ),
    Rule(
        8, "Send withdrawal", "Due", "interview_to_come",
        lambda r: r.accepted_elsewhere & ~(r.open & r.gone_silent),
        "You accepted an offer elsewhere while this row is open: withdraw, politely and briefly",
        "You accepted an offer elsewhere, and this one is still open", "withdrawal",
    ),
    Rule(
        9, "Offer", "", "", lambda r: r.offer, "They made you an offer: the answer is yours to give",
        "They made you an offer",
    ),
    Rule(
        10, "Ask for feedback", "late", "feedback_due",
        lambda r: r.outcome_is("Rejected") & r.interviewed & ~(r.reply < r.day) & ~r.closing_sent & r.closing_window,
        "They turned you down{on_reply}: thank them, and ask what to do better next time",
        "They turned you down after an interview", "feedback_request",
    ),
    Rule(
        11, "Send withdrawal", "Due", "interview_to_come",
        lambda r: r.outcome_is("Withdrawn") & ~r.closing_sent & r.closing_window,
        "You withdrew: tell them, politely and briefly",
        "You withdrew and have not told them", "withdrawal",
    ),
    Rule(
        12, "Closed", "", "", lambda r: r.outcome_is("Rejected", "Withdrawn"),
        "The outcome is {outcome}, and nothing is left to send",
        "Rejected or withdrawn, and nothing is left to send",
    ),
    Rule(
        13, "No interview", "", "", lambda r: ~r.has_interview, "There is no interview date, so nothing is due",
        "There is no interview date",
    ),
    Rule(
        14, "Ghosted", "Ghosted", "ghosted_on", lambda r: r.gone_silent,
        "No word since {base}, not by {ghosted_on} either: cut your losses (a reply typed in brings the row back)",
        "No word a week after the second follow-up: cut your losses",
    ),
    Rule(
        15, "Send thank-you", "late", "thank_you_due", lambda r: r.interviewed & ~r.done & (r.today < r.limit),
        "You met on {interview}; a thank-you is due by {thank_you_due}",
        "You met them, and nobody has been thanked yet", "thank_you",
    ),
    Rule(
        16, "Send withdrawal", "Due", "",
        lambda r: r.horrible & r.interviewed & r.closing_window,
        "It went horribly on {interview}: withdraw, politely and briefly",
        "It went horribly, and they have had their thank-you", "withdrawal",
    ),
    Rule(
        16, "Closed", "", "", lambda r: r.horrible & r.interviewed,
        "It went horribly on {interview}, and the time for a withdrawal is over",
        "It went horribly, long ago",
    ),
    Rule(
        17, "Upcoming", "", "thank_you_due", lambda r: r.to_come,
        "The interview is on {interview}; a thank-you is due by {thank_you_due}",
        "The interview is still to come",
    ),
    Rule(
        18, "Send follow-up", "late", "follow_up_due", lambda r: ~r.follow_up_counts & (r.today >= r.follow_up_due),
        "Nothing since {base}; a follow-up is due on {follow_up_due}",
        "Two weeks without a word", "follow_up",
    ),
    Rule(
        19, "Send second follow-up", "late", "second_follow_up_due",
        lambda r: ~r.second_counts & (r.today >= r.second_follow_up_due),
        "Nothing since your follow-up of {follow_up_day}; a second one is due on {second_follow_up_due}",
        "A week without a word after the follow-up", "second_follow_up",
    ),
    Rule(
        20, "In conversation", "", "next",
        lambda r: r.replied & ~r.follow_up_counts & ~(r.reply < r.thanked_typed),
        "They replied on {reply}; if no more comes, {next_step} on {next}",
        "They replied, and no follow-up is due yet",
    ),
    Rule(
        21, "Waiting", "", "next", lambda r: r.any_row, "Nothing to do yet: {next_step} on {next}",
        "It is their turn, and the time to follow up has not come",
    ),
)  # fmt: skip

ADDED = (
    "status", "flag", "due", "due_timed", "thank_you_due", "thank_you_due_timed", "follow_up_due",
    "second_follow_up_due", "ghosted_on", "why", "rule", "note", "row", "to_come", "thank_you_done",
    "follow_up_counts", "second_counts", "closing_sent", "base_is_reply", "replied",
)  # fmt: skip


def assess(table: Table, now: datetime, settings: Settings) -> Table:
    """Add what the rules say to a parsed table.

    ``now`` is aware, in the sheet's zone. Adds to the frame: ``status``, ``flag`` and ``why`` (str),
    ``due`` and ``thank_you_due`` (datetime64[us], with ``…_timed``: bool), ``follow_up_due``,
    ``second_follow_up_due`` and ``ghosted_on`` (datetime64[us] at midnight), all empty where the sheet shows
    nothing; ``rule`` (index into ``RULES``, -1 for a blank row), ``note`` (str), and what drafts need to know.
    """
    r = _dates(table, now, settings)
    _accepted(r, settings)
    _decide(r)
    _explain(table, r)
    frame = table.frame
    for name in ADDED:
        frame[name] = getattr(r, name)
    return table


# --- section 3: the dates ---------------------------------------------------------------------------------


def _dates(table: Table, now: datetime, settings: Settings) -> SimpleNamespace:
    """Every quantity of section 3, named as there, as columns on one namespace."""
    f = table.frame
    r = SimpleNamespace(**{name: f[name].to_numpy(copy=True) for name in f.columns})
    r.zone = now.tzinfo
    r.now = np.datetime64(now.astimezone(UTC).replace(tzinfo=None), "us")
    r.today = np.datetime64(now.date(), "us")
    _place_interview(r)
    r.outcome[(r.outcome == "Next round") & r.to_come] = ""
    r.outcome_is = lambda *words: np.isin(r.outcome, words)
    _set_problems_aside(table, r)
    for name in (*SENT, "closing"):
        setattr(r, f"{name}_filled", ~np.isnat(getattr(r, name)) | getattr(r, f"{name}_tick"))
    _find_rows(table, r)

    roll = _roll if settings.skip_weekends else (lambda days: days)
    _thank_you(r, settings, roll)
    r.replied = ~np.isnat(r.reply) & ~(r.reply < r.day)
    r.base = _latest(r.thank_you_day, np.where(r.replied, r.reply, NONE))
    r.base_is_reply = r.replied & (r.base == r.reply)
    r.horrible = (r.feeling == "Horrible") & ~r.replied
    r.has_interview = ~np.isnat(r.interview)
    r.interviewed = r.has_interview & ~r.to_come
    _three_dates(r, settings, roll)
    _ends(r, settings, roll)
    return r


def _place_interview(r: SimpleNamespace) -> None:
    """The interview's date, its instant in UTC, and whether it is still to come."""
    r.interview, r.instant = _localize(r.interview, r.interview_timed, r.zone)
    r.day = r.interview.astype("datetime64[D]").astype("datetime64[us]")
    r.to_come = np.where(r.interview_timed, r.instant > r.now, r.day > r.today)


def _localize(wall: Column, timed: Column, zone: tzinfo | None) -> tuple[Column, Column]:
    """Wall-clock times in a zone to (times that exist, instants in UTC); the others are left as they are.

    A time that exists twice is the earlier one; one that is skipped moves forward to the first that exists.
    """
    wall, instant = wall.copy(), wall.copy()
    if timed.any():
        local = pd.Series(wall[timed]).dt.tz_localize(
            zone, ambiguous=np.ones(int(timed.sum()), dtype=bool), nonexistent="shift_forward"
        )
        wall[timed] = local.dt.tz_localize(None).to_numpy()
        instant[timed] = local.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy()
    return wall, instant


def _set_problems_aside(table: Table, r: SimpleNamespace) -> None:
    """Find the cells that contradict one another; in a settled row every problem cell counts as empty."""
    settled = r.outcome_is(*SETTLED)
    for row in [row for row in table.problems if settled[row]]:
        for key in list(table.problems[row]):
            _set_aside(table, r, row, key)
    for key, wrong, text, quiet in _contradictions(r):
        for row in np.flatnonzero(wrong(r)):
            problem = Problem(BY_KEY[key].header, text.format(**_sentence_days(r, int(row))), quiet)
            table.problems[int(row)].setdefault(key, problem)
            if settled[row]:
                _set_aside(table, r, int(row), key)


def _contradictions(r: SimpleNamespace) -> list[tuple[str, Condition, str, str]]:
    """Column at fault, when it is, what the row says, what a public log says."""
    future = [
        (key, lambda r, key=key: getattr(r, key) > r.today + DAY,
         "{" + key + "} has not come yet; write the day it happened", "a day that has not come yet")
        for key in (*SENT, "closing", "reply")
    ]  # fmt: skip
    early = [
        (key, lambda r, key=key: getattr(r, key) < r.day,
         "{" + key + "} is before the interview of {day}; correct one of the two", "a day before the interview")
        for key in SENT
    ]  # fmt: skip
    order = (
        "seconded", lambda r: r.seconded < r.followed,
        "{seconded} is before the first follow-up of {followed}; correct one of the two",
        "a day before the first follow-up",
    )  # fmt: skip
    return [*future, *early, order]


def _sentence_days(r: SimpleNamespace, row: int) -> dict[str, str]:
    names = (*SENT, "closing", "reply", "day")
    return {n: day_words(v.item()) for n in names if not np.isnat(v := getattr(r, n)[row])}


def _set_aside(table: Table, r: SimpleNamespace, row: int, key: str) -> None:
    problem = table.problems[row].pop(key)
    if not table.problems[row]:
        del table.problems[row]
    getattr(r, key)[row] = NONE
    if key in (*SENT, "closing"):
        getattr(r, f"{key}_tick")[row] = False
    elif key == "interview":
        r.interview_timed[row] = False
        r.day[row] = r.instant[row] = NONE
    table.remarks[row].append(f"{problem}; until then it counts as empty")


def _find_rows(table: Table, r: SimpleNamespace) -> None:
    """Which rows are interviews: not blank, and not a separator or a total (no Company and no date)."""
    r.nameless = r.company == ""
    dated = ~np.isnat(r.interview) | ~np.isnat(r.reply) | r.closing_filled
    for name in SENT:
        dated |= getattr(r, f"{name}_filled")
    r.row = r.filled & (~r.nameless | dated)
    r.any_row = r.row
    for row in [row for row in table.problems if not r.row[row]]:
        del table.problems[row]
    for row in np.flatnonzero(r.row & r.nameless):
        if r.outcome[row] in SETTLED:
            table.remarks[int(row)].append("Company is empty")
        else:
            table.problems[int(row)]["company"] = Problem(
                "Company", "is empty; write whose interview it is", "is empty"
            )
    r.problem = np.zeros(len(r.row), dtype=bool)
    r.problem[list(table.problems)] = True


def _roll(days: Column) -> Column:
    """A Saturday or Sunday to the Monday after it."""
    weekday = (days.astype("datetime64[D]").astype("int64") + 3) % 7  # 1970-01-01 was a Thursday
    return days + np.where(np.isnat(days), 0, np.where(weekday == 5, 2, np.where(weekday == 6, 1, 0))) * DAY


def _latest(*columns: Column) -> Column:
    """The latest of several columns; a missing one is left out."""
    latest = columns[0]
    for column in columns[1:]:
        latest = np.fmax(latest, column)
    return latest


def _thank_you(r: SimpleNamespace, settings: Settings, roll: Callable[[Column], Column]) -> None:
    hours = settings.thank_you_hours
    r.thank_you_due = r.day + math.ceil(hours / 24) * DAY
    r.thank_you_instant = r.instant + np.timedelta64(round(hours * 3600), "s")
    if r.interview_timed.any():
        instants = pd.Series(r.thank_you_instant[r.interview_timed]).dt.tz_localize("UTC")
        r.thank_you_due[r.interview_timed] = instants.dt.tz_convert(r.zone).dt.tz_localize(None).to_numpy()
    r.thank_you_due_timed = r.interview_timed & ~np.isnat(r.interview)
    due_day = r.thank_you_due.astype("datetime64[D]").astype("datetime64[us]")
    r.thanked_typed = r.thanked
    r.thank_you_day = np.where(np.isnat(r.thanked), due_day, r.thanked)
    r.limit = roll(due_day + settings.follow_up_days * DAY)
    r.done = r.thanked_filled | r.followed_filled | r.seconded_filled
    r.thank_you_done = r.done
    r.thank_you_late = np.where(r.interview_timed, r.now > r.thank_you_instant, r.today > r.thank_you_due)


def _three_dates(r: SimpleNamespace, settings: Settings, roll: Callable[[Column], Column]) -> None:
    """Follow-up due, Second follow-up due, Ghosted on; and which of the two follow-ups count."""
    snooze = roll(r.snooze)
    r.follow_up_due = _with_base(r, _latest(roll(r.base + settings.follow_up_days * DAY), snooze))
    r.follow_up_day, follow_up_counts = _taken(r, "followed", r.follow_up_due)
    start = np.where(follow_up_counts, r.follow_up_day, r.follow_up_due)
    r.second_follow_up_due = _with_base(r, _latest(roll(start + settings.second_follow_up_days * DAY), snooze))
    r.second_day, r.second_counts = _taken(r, "seconded", r.second_follow_up_due)
    r.follow_up_counts = follow_up_counts | r.second_counts
    start = np.where(r.second_counts, r.second_day, r.second_follow_up_due)
    wait = settings.ghosted_days * DAY
    r.ghosted_on = _with_base(r, _latest(start + wait, r.snooze + wait))
    r.next = np.where(
        ~r.follow_up_counts, r.follow_up_due, np.where(~r.second_counts, r.second_follow_up_due, r.ghosted_on)
    )


def _with_base(r: SimpleNamespace, days: Column) -> Column:
    return np.where(np.isnat(r.base), NONE, days)


def _taken(r: SimpleNamespace, name: str, stands_for: Column) -> tuple[Column, Column]:
    """The day a follow-up was sent (a tick stands for the day it was due), and whether it counts.

    After a reply only what was sent later counts: the conversation began anew.
    """
    typed, tick = getattr(r, name), getattr(r, f"{name}_tick")
    sent = np.where(tick, stands_for, typed)
    counts_anew = np.where(tick, r.today >= stands_for, typed > r.reply)
    return sent, getattr(r, f"{name}_filled") & np.where(r.replied, counts_anew, True)


def _ends(r: SimpleNamespace, settings: Settings, roll: Callable[[Column], Column]) -> None:
    """Latest, End, the closing window, and the days that rest on them."""
    ticked = ((r.thanked_tick, r.thank_you_day), (r.followed_tick, r.follow_up_day), (r.seconded_tick, r.second_day))
    heard = [np.where(tick & ~(day > r.today), day, NONE) for tick, day in ticked]
    snoozed = np.where(r.snooze > r.today, NONE, r.snooze)
    latest = _latest(r.day, r.thanked, r.followed, r.seconded, *heard, r.reply, snoozed)
    r.end = _latest(latest, r.ghosted_on)
    r.closing_days = settings.closing_days * DAY
    r.closing_window = r.today <= r.end + r.closing_days
    r.feedback_due = np.where(np.isnat(r.reply), NONE, roll(latest + DAY))
    r.interview_to_come = np.where(r.to_come, r.interview, NONE)


# --- section 4: the status --------------------------------------------------------------------------------


def _accepted(r: SimpleNamespace, settings: Settings) -> None:
    """Rules 7 and 8: is there an accepted offer, here or elsewhere, that this row's interview falls under?"""
    r.open, r.offer = r.outcome_is(""), r.outcome_is("Offer")
    r.open_or_offer = r.open | r.offer
    r.closing_sent = r.closing_filled
    r.gone_silent = r.interviewed & ~r.horrible & (r.today >= r.ghosted_on)
    companies = pd.Series(r.company).str.strip().str.casefold()
    accepted = r.row & r.outcome_is("Accepted")
    ends = pd.Series(np.where(accepted, r.end, NONE)).groupby(companies).max().dropna().sort_values()
    here = ends.reindex(companies).to_numpy(dtype="datetime64[us]")
    best, name, second = NONE, None, NONE
    if len(ends):
        best, name = ends.iloc[-1].to_datetime64(), ends.index[-1]
    if len(ends) > 1:
        second = ends.iloc[-2].to_datetime64()
    elsewhere = np.where(companies.to_numpy() == name, second, best).astype("datetime64[us]")
    r.accepted_here = r.open_or_offer & (r.day <= here + r.closing_days)
    r.accepted_elsewhere = r.open_or_offer & (r.day <= elsewhere + r.closing_days) & settings.withdraw_when_accepted


def _decide(r: SimpleNamespace) -> None:
    """The first rule that matches each row, and what the row shows by it."""
    matches = np.array([np.asarray(rule.when(r), dtype=bool) & r.row for rule in RULES])
    r.rule = np.where(matches.any(axis=0), matches.argmax(axis=0), -1)
    r.status, r.flag, r.note = (
        np.array([*(getattr(rule, name) for rule in RULES), ""], dtype=object)[r.rule]
        for name in ("status", "flag", "note")
    )
    quantities = {rule.due for rule in RULES}
    r.due = np.full(len(r.rule), NONE)
    r.due_timed = np.zeros(len(r.rule), dtype=bool)
    due = np.array([*(rule.due for rule in RULES), ""], dtype=object)[r.rule]
    timed = {"thank_you_due": r.thank_you_due_timed, "interview_to_come": r.interview_timed}
    for name in quantities - {""}:
        chosen = due == name
        r.due[chosen] = getattr(r, name)[chosen]
        r.due_timed[chosen] = timed[name][chosen] if name in timed else False
    late = np.where(due == "thank_you_due", r.thank_you_late, r.today > r.due)
    r.flag = np.where(r.flag == "late", np.where(late, "Overdue", "Due"), r.flag).astype(object)
    shown = r.row & ~r.problem & r.has_interview
    r.thank_you_due = np.where(shown, r.thank_you_due, NONE)
    shown &= r.open & ~r.horrible
    for name in ("follow_up_due", "second_follow_up_due", "ghosted_on"):
        setattr(r, f"{name}_raw", getattr(r, name))
        setattr(r, name, np.where(shown, getattr(r, name), NONE))


# --- Why --------------------------------------------------------------------------------------------------


def _explain(table: Table, r: SimpleNamespace) -> None:
    """One sentence per row with the dates it rests on."""
    words: dict[str, Column] = {}
    for name in ("snooze", "reply", "follow_up_due", "second_follow_up_due", "ghosted_on", "next"):
        words[name] = _day_words(getattr(r, name))
    words["interview"] = _moment_words(r.interview, r.interview_timed)
    words["thank_you_due"] = _moment_words(r.thank_you_due, r.thank_you_due_timed)
    words["outcome"] = r.outcome
    words["follow_up_day"] = _day_words(np.where(np.isnat(r.follow_up_day), r.follow_up_due_raw, r.follow_up_day))
    words["base"] = _base_words(r)
    words["on_reply"] = np.where(np.isnat(r.reply), "", " on " + words["reply"])
    words["next_row"] = np.where(r.outcome_is("Next round"), " (give the next interview a row of its own)", "")
    words["next_step"] = np.where(
        ~r.follow_up_counts, "a follow-up is due",
        np.where(~r.second_counts, "a second follow-up is due", "it counts as ghosted"),
    ).astype(object)  # fmt: skip
    words["problems"] = np.full(len(r.rule), "", dtype=object)
    for row, problems in table.problems.items():
        words["problems"][row] = "; ".join(str(problems[key]) for key in BY_KEY if key in problems)
    r.why = np.full(len(r.rule), "", dtype=object)
    for index, rule in enumerate(RULES):
        rows = np.flatnonzero(r.rule == index)
        names = [name for name in words if "{" + name + "}" in rule.why]
        columns = [words[name][rows] for name in names]
        r.why[rows] = (
            [rule.why.format(**dict(zip(names, parts, strict=True))) for parts in zip(*columns, strict=True)]
            if names
            else rule.why
        )
    _name_ticks(table, r)


def _name_ticks(table: Table, r: SimpleNamespace) -> None:
    """Say which day each tick was taken for, where the dates that rest on it are shown."""
    ticks = {"thanked": r.thank_you_day, "followed": r.follow_up_day, "seconded": r.second_day}
    shown = ~np.isnat(r.follow_up_due)
    for key, day in ticks.items():
        rows = np.flatnonzero(shown & getattr(r, f"{key}_tick"))
        for row, words in zip(rows, _day_words(day[rows]), strict=True):
            table.remarks[int(row)].append(f"the tick in {BY_KEY[key].header} is taken for {words}")


def _base_words(r: SimpleNamespace) -> Column:
    sent = np.where(np.isnat(r.thanked), "the thank-you, taken as sent on ", "your thank-you of ").astype(
        object
    ) + _day_words(r.thank_you_day)
    return np.where(r.base_is_reply, "their reply of " + _day_words(r.reply), sent).astype(object)


def _day_words(days: Column) -> Column:
    """Each date as a sentence says it (object array of str); empty where there is none."""
    codes, distinct = pd.factorize(days)
    words = [day_words(day.to_pydatetime()) for day in pd.DatetimeIndex(distinct)]
    return np.array([*words, ""], dtype=object)[codes]


def _moment_words(moments: Column, timed: Column) -> Column:
    words = _day_words(moments)
    rows = np.flatnonzero(timed & ~np.isnat(moments))
    words[rows] = [moment_words(moment.item(), True) for moment in moments[rows]]
    return words
