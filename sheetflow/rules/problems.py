"""Cells that contradict one another, and what becomes of a cell that cannot be used (the rules, section 3).

A problem makes its row a ``Check row``. In a settled row it is none: the cell counts as empty, and ``Why`` says so.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np

from sheetflow.cells import Problem, day_words, read_text, show
from sheetflow.columns import BY_KEY
from sheetflow.rules.arrays import DAY, NONE, Days, Flags
from sheetflow.rules.quantities import Quantities
from sheetflow.table import Table
from sheetflow.table.outcomes import OUTCOMES

SETTLED = ("Next round", "Accepted", "Rejected", "Withdrawn", "Ghosted", "Closed")
"""Outcomes after which a cell that cannot be used no longer matters."""
ALWAYS = frozenset({"language"})
"""The columns whose problems matter even then: a letter may follow, and in which language is not to be guessed."""

Cells = Callable[[Quantities], Days]


class Contradiction(NamedTuple):
    """A typed date that cannot be right beside another: the cell is at fault when ``wrong(cell, other)``."""

    key: str
    cell: Cells
    wrong: Callable[[Days, Days], Flags]
    other: Cells
    text: str
    quiet: str


SENT: tuple[tuple[str, Cells], ...] = (
    ("thanked", lambda q: q.thanked.typed),
    ("followed", lambda q: q.followed.typed),
    ("seconded", lambda q: q.seconded.typed),
)
"""The sent columns that rest on the interview, in their order: column key, and the days typed into it."""
REPLY: tuple[str, Cells] = ("reply", lambda q: q.reply)
CLOSING: tuple[str, Cells] = ("closing", lambda q: q.closing.typed)


def _tomorrow(q: Quantities) -> Days:
    return np.full(len(q.reply), q.today + DAY)


def _not_yet(key: str, cell: Cells) -> Contradiction:
    text = "{day} has not come yet; write the day it happened"
    return Contradiction(key, cell, operator.gt, _tomorrow, text, "a day that has not come yet")


def _applied_if_it_matters(q: Quantities) -> Days:
    """Applied, in a row whose clock it would start."""
    return np.where(np.isnat(q.interview) & (q.outcome_kind != "not_applied"), q.applied, NONE)


NOT_YET = (
    *(_not_yet(key, cell) for key, cell in (*SENT, CLOSING, REPLY)),
    Contradiction(
        "applied", _applied_if_it_matters, operator.gt, _tomorrow,
        "{day} has not come yet; write the day you applied, once you have", "a day that has not come yet",
    ),
)  # fmt: skip
OUT_OF_ORDER = (
    *(
        Contradiction(
            key, cell, operator.lt, lambda q: q.interview_day,
            "{day} is before the interview of {other}; correct one of the two", "a day before the interview",
        )
        for key, cell in SENT
    ),
    Contradiction(
        "seconded", lambda q: q.seconded.typed, operator.lt, lambda q: q.followed.typed,
        "{day} is before the first follow-up of {other}; correct one of the two", "a day before the first follow-up",
    ),
)  # fmt: skip


def settle(table: Table, q: Quantities) -> None:
    """Decide which cells count, which rows are rows (``q.row``) and which of them have a problem (``q.problem``)."""
    settled = q.outcome_is(*SETTLED)
    for row in [row for row in table.problems if settled[row]]:
        for key in table.problems[row].keys() - ALWAYS:
            _set_aside(table, row, table.problems[row].pop(key))
        if not table.problems[row]:
            del table.problems[row]
    _find_all(table, q, NOT_YET, settled)
    if q.rounds:
        _leave_to_earlier_rounds(q)
    _find_all(table, q, OUT_OF_ORDER, settled)
    q.row, nameless = _rows(q)
    for row in [row for row in table.problems if not q.row[row]]:
        del table.problems[row]
    for row in np.flatnonzero(nameless).tolist():
        _add(table, row, "company", Problem("Company", "it is empty; write whose interview it is", "empty"), settled)


def _find_all(table: Table, q: Quantities, contradictions: Iterable[Contradiction], settled: Flags) -> None:
    for found in contradictions:
        cells, others = found.cell(q), found.other(q)
        wrong = found.wrong(cells, others)
        for row in np.flatnonzero(wrong).tolist():
            text = found.text.format(day=day_words(cells[row].item()), other=day_words(others[row].item()))
            _add(table, row, found.key, Problem(BY_KEY[found.key].header, text, found.quiet), settled)
        _empty(q, found.key, wrong & settled)


def _empty(q: Quantities, key: str, rows: Flags) -> None:
    """Let the cells of a date column count as empty."""
    cells = {"reply": q.reply, "applied": q.applied, "closing": q.closing.typed}
    cells |= {name: cell(q) for name, cell in SENT}
    cells[key][rows] = NONE


def _leave_to_earlier_rounds(q: Quantities) -> None:
    """What was sent or came before the interview is of an earlier one; a closing note closes them all."""
    for key, cell in (*SENT, REPLY):
        _empty(q, key, cell(q) < q.interview_day)


def _add(table: Table, row: int, key: str, problem: Problem, settled: Flags) -> None:
    if settled[row]:
        _set_aside(table, row, problem)
    else:
        table.problems[row].setdefault(key, problem)


def _set_aside(table: Table, row: int, problem: Problem) -> None:
    table.remarks[row].append(f"{problem}; until then it counts as empty")


def _rows(q: Quantities) -> tuple[Flags, Flags]:
    """Which rows are rows of the tracker, and which of these lack a company though they need one.

    Without a company and anything that has happened, a row is a separator or a total, and treated as blank.
    """
    happened = ~np.isnat(q.interview) | ~np.isnat(q.reply)
    for sent in (q.thanked, q.followed, q.seconded, q.closing):
        happened |= sent.filled
    nameless = q.company == ""
    return q.filled & (~nameless | happened), q.filled & nameless & happened


def judge_outcomes(table: Table, q: Quantities) -> None:
    """An Outcome in unknown words is a problem where a letter could follow; elsewhere it counts as empty."""
    unknown = q.row & (q.outcome_kind == "unknown")
    matters = unknown & (q.has_interview | (q.application & (q.today < q.ghosted_on)))
    column = table.column("outcome") if unknown.any() else []
    words = ", ".join(OUTCOMES)
    for row in np.flatnonzero(unknown).tolist():
        text = show(read_text(column[row]))
        if matters[row]:
            problem = Problem("Outcome", f"cannot tell what {text} means; write one of {words}", "a word unknown here")
            table.problems[row].setdefault("outcome", problem)
        else:
            table.remarks[row].append(f"Outcome says {text}, which counts as empty; the words are {words}")


def name_problems(table: Table, q: Quantities) -> None:
    """Which rows have a problem after all, and in which words."""
    q.problem = np.zeros(len(q.row), dtype=bool)
    q.problem_text = np.full(len(q.row), "", dtype=object)
    for row, problems in table.problems.items():
        q.problem[row] = True
        q.problem_text[row] = "; ".join(str(problems[key]) for key in BY_KEY if key in problems)
