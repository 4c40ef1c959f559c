"""A plan as words: for a terminal, for a job summary, as JSON.

One report, two audiences: on the person's own machine it shows whose interview it is; ``quiet``, for logs that
anybody may read, it has counts, row numbers and our own column names and nothing from a cell.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pandas as pd

from sheetflow.cells import clean, moment_text, moment_words, read_text
from sheetflow.columns import BY_KEY
from sheetflow.plan import CellChange, Plan
from sheetflow.rules.cadence import RULES
from sheetflow.sheet import Links, Value, a1

SUMMARY_LIMIT = 4096
"""Bytes of a job summary: it is to be read at a glance."""
MOST_CHANGES = 200
"""Changed cells that ``plan`` lists one by one."""


@dataclass(frozen=True)
class ToDo:
    """One row that wants something done now."""

    row: int
    company: str
    role: str
    status: str
    flag: str
    due: str


@dataclass(frozen=True)
class Trouble:
    """One cell that cannot be read."""

    row: int
    column: str
    text: str


@dataclass(frozen=True)
class Report:
    """What there is to say about a plan. ``row`` numbers are the spreadsheet's own, from 1."""

    plan: Plan
    quiet: bool
    applied: bool
    requests: str = ""

    @property
    def to_do(self) -> list[ToDo]:
        """The rows with a note to send now, overdue ones first, then by due date."""
        frame, first = self.plan.table.frame, self.plan.table.first_row
        rows = frame[frame["note"] != ""].sort_values(["flag", "due"], ascending=[False, True], kind="stable")
        if self.quiet:
            rows = rows.assign(company="", role="", due=None)
        names = ("company", "role", "status", "flag", "due", "due_timed")
        columns: list[list[Any]] = [rows.index.tolist(), *(rows[name].tolist() for name in names)]
        return [
            ToDo(first + position + 1, _line(company), _line(role), status, flag, _moment(due, timed))
            for position, company, role, status, flag, due, timed in zip(*columns, strict=True)
        ]

    @property
    def troubles(self) -> list[Trouble]:
        """The cells that cannot be read, each with its fix."""
        first, problems = self.plan.table.first_row, self.plan.table.problems
        return [
            Trouble(first + row + 1, problem.column, problem.quiet if self.quiet else clean(problem.text))
            for row in sorted(problems)
            for key, problem in sorted(problems[row].items(), key=lambda item: list(BY_KEY).index(item[0]))
        ]

    @property
    def ghosted(self) -> list[int]:
        """Row numbers of the ghosted rows."""
        frame = self.plan.table.frame
        return [self.plan.table.first_row + int(row) + 1 for row in frame.index[frame["flag"] == "Ghosted"]]

    @property
    def statuses(self) -> dict[str, int]:
        """Status -> rows, in the order of the rules."""
        counts = self.plan.statuses
        return {status: counts[status] for status in dict.fromkeys(rule.status for rule in RULES) if counts[status]}

    @property
    def outcome(self) -> str:
        """What was done, or would be, in one sentence."""
        plan, counts = self.plan, self.plan.counts
        if not plan.changes and not plan.rules:
            return "Nothing to change: every cell is as it should be."
        verb = "" if self.applied else "would be "
        parts = [
            f"{counts[mark]} {'cell' if counts[mark] == 1 else 'cells'} {verb}{word}"
            for mark, word in (("+", "filled"), ("~", "changed"), ("-", "emptied"))
            if counts[mark]
        ]
        if plan.added:
            parts.append(f"{len(plan.added)} {'column' if len(plan.added) == 1 else 'columns'} {verb}added")
        if plan.rules:
            parts.append(f"{len(plan.rules)} highlight {'rule' if len(plan.rules) == 1 else 'rules'} {verb}added")
        return ", ".join(parts) + "."


def terminal(report: Report, width: int) -> Iterator[str]:
    """The lines for a terminal of ``width`` columns: what is to be done comes first."""
    to_do, troubles = report.to_do, report.troubles
    if to_do:
        yield f"To do now ({len(to_do)}):"
        yield from _aligned([_to_do_cells(item, report.quiet) for item in to_do], width)
    else:
        yield "Nothing to send today."
    if report.ghosted:
        yield f"Ghosted: {_rows(report.ghosted)}."
    if troubles:
        yield f"To check ({len(troubles)}):"
        for trouble in troubles:
            yield from _wrapped(f"  row {trouble.row}, {trouble.column}: {trouble.text}", width, "    ")
    if report.plan.table.header.spares and not report.quiet:
        spares = ", ".join(_line(title) for title in report.plan.table.header.spares)
        yield from _wrapped(f"Left alone, since another header already fills that column: {spares}.", width, "  ")
    counts = ", ".join(f"{count} {status}" for status, count in report.statuses.items())
    yield from _wrapped(f"{sum(report.statuses.values())} rows: {counts or 'none with an interview'}.", width, "  ")
    yield from _wrapped(report.outcome + (f" Requests: {report.requests}." if report.requests else ""), width, "  ")


def changes(report: Report, width: int) -> Iterator[str]:
    """The plan cell by cell: ``+`` filled, ``~`` changed, ``-`` emptied; old → new."""
    plan = report.plan
    for index, column in plan.added:
        yield f"+ column {a1(0, index)[:-1]}  {column.header}"
    for flag in plan.rules:
        yield f"+ highlight for {flag} rows"
    shown = [change for change in plan.changes if change.row != plan.table.header.row]
    if report.quiet:
        yield from _quiet_changes(shown)
        return
    for change in shown[:MOST_CHANGES]:
        yield _fit(f"{change.mark} {a1(change.row, change.column):<6} {_name(change)}: {_old_new(change)}", width)
    if len(shown) > MOST_CHANGES:
        yield f"… and {len(shown) - MOST_CHANGES} more cells."


def _quiet_changes(shown: Sequence[CellChange]) -> Iterator[str]:
    by_row: dict[int, list[CellChange]] = {}
    for change in shown:
        by_row.setdefault(change.row, []).append(change)
    for row, cells in list(by_row.items())[:MOST_CHANGES]:
        yield f"row {row + 1}: " + ", ".join(f"{change.mark} {_name(change)}" for change in cells)
    if len(by_row) > MOST_CHANGES:
        yield f"… and {len(by_row) - MOST_CHANGES} more rows."


def _name(change: CellChange) -> str:
    return BY_KEY[change.key].header


def _old_new(change: CellChange) -> str:
    if change.mark == "+":
        return _cell(change.after)
    return f"{_cell(change.before)} → {_cell(change.after) or '(empty)'}"


def _cell(value: Value) -> str:
    if isinstance(value, Links):
        return "link to " + ", ".join(link.label for link in value)
    return _line(moment_text(value) if isinstance(value, (date, datetime)) else read_text(value))


def markdown(report: Report, warnings: Sequence[str] = ()) -> str:
    """A job summary of at most ``SUMMARY_LIMIT`` bytes; nothing in it comes from a cell."""
    assert report.quiet  # noqa: S101 - summaries of public repositories are public
    lines = ["## sheetflow", "", *(f"> {warning}" for warning in warnings), report.outcome, ""]
    to_do = report.to_do
    if to_do:
        for flag in ("Overdue", "Due"):
            for status in dict.fromkeys(item.status for item in to_do if item.flag == flag):
                rows = sorted(item.row for item in to_do if (item.flag, item.status) == (flag, status))
                lines.append(f"- **{flag}**, {status}: {_rows(rows)}")
    else:
        lines.append("Nothing to do today.")
    if report.ghosted:
        lines.append(f"- **Ghosted**: {_rows(report.ghosted)}")
    if report.troubles:
        lines += ["", "To check:", ""]
        lines += [f"- row {t.row}, {t.column}: {t.text}" for t in report.troubles[:15]]
        if len(report.troubles) > 15:
            lines.append(f"- and {len(report.troubles) - 15} more: see the Why column")
    if report.statuses:
        lines += ["", "| status | rows |", "|---|---:|"]
        lines += [f"| {status} | {count} |" for status, count in report.statuses.items()]
    if report.requests:
        lines += ["", f"Requests: {report.requests}."]
    text = "\n".join(lines) + "\n"
    if len(text.encode()) <= SUMMARY_LIMIT:
        return text
    return text.encode()[: SUMMARY_LIMIT - 6].decode(errors="ignore") + "…\n"


def as_json(report: Report, now: datetime) -> str:
    """The report for programs. The keys are the same in CI; the texts are not there."""
    plan = report.plan
    cells: list[dict[str, Any]] = []
    for change in plan.changes:
        cell: dict[str, Any] = {"row": change.row + 1, "column": _name(change), "change": change.mark}
        if not report.quiet:
            cell |= {
                "cell": a1(change.row, change.column),
                "before": _plain(change.before),
                "after": _plain(change.after),
            }
        cells.append(cell)
    return json.dumps(
        {
            "applied": report.applied,
            "now": now.isoformat(timespec="seconds"),
            "changed": len(plan.changes),
            "statuses": report.statuses,
            "to_do": [_without_empty(item) for item in report.to_do],
            "ghosted": report.ghosted,
            "problems": [vars(trouble) for trouble in report.troubles],
            "added_columns": [column.header for _, column in plan.added],
            "added_rules": list(plan.rules),
            "cells": cells,
            "requests": report.requests,
        },
        ensure_ascii=True,
        indent=2,
    )


def _without_empty(item: ToDo) -> dict[str, Any]:
    return {name: value for name, value in vars(item).items() if value != ""}


def _plain(value: Value) -> Any:
    if isinstance(value, Links):
        return value.urls
    if isinstance(value, (bool, int, float)):
        return value
    return moment_text(value) if isinstance(value, (date, datetime)) else read_text(value)


# --- fitting text into a terminal -------------------------------------------------------------------------


def _to_do_cells(item: ToDo, quiet: bool) -> list[str]:
    if quiet:
        return [f"  row {item.row}", item.status, item.flag.lower()]
    due = f"{'OVERDUE since' if item.flag == 'Overdue' else 'due'} {item.due or 'now'}"
    return [f"  row {item.row}", item.company or "(no company)", item.role, item.status, due]


def _aligned(rows: list[list[str]], width: int) -> Iterator[str]:
    """Rows in columns; the widest columns give way until a line fits, those before the last two first."""
    widths = [max(_columns(cell) for cell in column) for column in zip(*rows, strict=True)]
    while sum(widths) + 2 * (len(widths) - 1) > width and max(widths) > 5:
        names = widths[1:-2]
        widest = max(names) if names and max(names) > 8 else max(widths)
        widths[widths.index(widest, 1 if names and widest == max(names) else 0)] -= 1
    for row in rows:
        yield "  ".join(_pad(_fit(cell, room), room) for cell, room in zip(row, widths, strict=True)).rstrip()


def _columns(text: str) -> int:
    """How many terminal columns a text takes: East Asian letters take two."""
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text if not unicodedata.combining(c))


def _fit(text: str, room: int) -> str:
    if _columns(text) <= room:
        return text
    if text.isascii():
        return text[: room - 1] + "…"
    text = text[: 2 * room]  # no letter takes less than half a column, marks aside
    while text and _columns(text) > room - 1:
        text = text[:-1]
    return text + "…"


def _pad(text: str, room: int) -> str:
    return text + " " * (room - _columns(text))


def _wrapped(text: str, width: int, indent: str) -> Iterator[str]:
    line = text[: len(text) - len(text.lstrip())]
    for word in text.split():
        if line.strip() and _columns(line) + 1 + _columns(word) > width:
            yield line
            line = indent + word
        else:
            line = f"{line} {word}" if line.strip() else line + word
    yield line


def _rows(rows: Sequence[int]) -> str:
    shown = ", ".join(map(str, rows[:40])) + (f" and {len(rows) - 40} more" if len(rows) > 40 else "")
    return f"{'row' if len(rows) == 1 else 'rows'} {shown}"


def _moment(due: Any, timed: bool) -> str:
    return "" if pd.isna(due) else moment_words(due, timed)


def _line(text: str) -> str:
    return " ".join(clean(text).split())
