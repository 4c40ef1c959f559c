"""Cells that contradict one another, and what becomes of a cell that cannot be used (spec, end of section 3).

A problem makes its row a ``Check row``. In a settled row it is none: the cell counts as empty, and ``Why`` says so.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from sheetflow.cells import Problem, day_words
from sheetflow.columns import BY_KEY
from sheetflow.rules.quantities import DAY, NONE, SENT, Quantities, filled
from sheetflow.table import Array, Table

SETTLED = ("Next round", "Accepted", "Rejected", "Withdrawn", "Ghosted", "Closed")
"""Outcomes after which a cell that cannot be used no longer matters."""


class Contradiction(NamedTuple):
    """A typed date that cannot be right beside another: ``key`` is at fault when ``wrong(key, other)``."""

    key: str
    wrong: Callable[[Array, Array], Array]
    other: str
    text: str
    quiet: str


CONTRADICTIONS = (
    *(
        Contradiction(
            key, operator.gt, "tomorrow",
            "{day} has not come yet; write the day it happened", "a day that has not come yet",
        )
        for key in (*SENT, "closing", "reply")
    ),
    *(
        Contradiction(
            key, operator.lt, "day",
            "{day} is before the interview of {other}; correct one of the two", "a day before the interview",
        )
        for key in SENT
    ),
    Contradiction(
        "seconded", operator.lt, "followed",
        "{day} is before the first follow-up of {other}; correct one of the two", "a day before the first follow-up",
    ),
)  # fmt: skip


def settle(table: Table, q: Quantities) -> None:
    """Decide which cells count, which rows are rows (``q.row``) and which of them have a problem (``q.problem``)."""
    settled = q.outcome_is(*SETTLED)
    for row in [row for row in table.problems if settled[row]]:
        for problem in table.problems.pop(row).values():
            _set_aside(table, row, problem)
    q.tomorrow = np.full(len(q.day), q.today + DAY)
    for found in CONTRADICTIONS:
        _find(table, q, found, settled)
    q.row, nameless = _rows(q)
    for row in [row for row in table.problems if not q.row[row]]:
        del table.problems[row]
    for row in np.flatnonzero(nameless).tolist():
        _add(table, row, "company", Problem("Company", "it is empty; write whose interview it is", "empty"), settled)
    q.problem = np.zeros(len(q.row), dtype=bool)
    q.problem[list(table.problems)] = True


def _find(table: Table, q: Quantities, found: Contradiction, settled: Array) -> None:
    cells, others = getattr(q, found.key), getattr(q, found.other)
    wrong = found.wrong(cells, others)
    for row in np.flatnonzero(wrong).tolist():
        text = found.text.format(day=day_words(cells[row].item()), other=day_words(others[row].item()))
        _add(table, row, found.key, Problem(BY_KEY[found.key].header, text, found.quiet), settled)
    cells[wrong & settled] = NONE


def _add(table: Table, row: int, key: str, problem: Problem, settled: Array) -> None:
    if settled[row]:
        _set_aside(table, row, problem)
    else:
        table.problems[row].setdefault(key, problem)


def _set_aside(table: Table, row: int, problem: Problem) -> None:
    table.remarks[row].append(f"{problem}; until then it counts as empty")


def _rows(q: Quantities) -> tuple[Array, Array]:
    """Which rows are interviews, and which of these lack a company.

    Without a company or any date, a row is a separator or a total, and treated as blank.
    """
    dated = ~np.isnat(q.interview) | ~np.isnat(q.reply)
    for name in (*SENT, "closing"):
        dated |= filled(q, name)
    nameless = q.company == ""
    return q.filled & (~nameless | dated), q.filled & nameless & dated
