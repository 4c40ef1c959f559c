"""What there is to say about a plan, and that as a job summary and as JSON; ``terminal`` makes lines of it.

One report, two audiences: on the person's own machine it shows whose interview it is; ``quiet``, for logs that
anybody may read, it has counts, row numbers and our own column names and nothing from a cell.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sheetflow.cells import clean, day_words, moment_text, moment_words, read_text
from sheetflow.columns import BY_KEY
from sheetflow.plan import Plan
from sheetflow.rules.cadence import RULES
from sheetflow.sheet import Links, Value, a1
from sheetflow.table.dates import TWO_READINGS
from sheetflow.tabs.agenda import Item

KEPT = "What was seen before stays."
SUMMARY_LIMIT = 4096
"""Bytes of a job summary: it is to be read at a glance."""


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
    """A cell that cannot be read, in one row or, for the same reason, in several."""

    rows: tuple[int, ...]
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
        """The rows with a note to send now, thank-yous first, then by due date."""
        items = self.plan.agenda.rows
        if self.quiet:
            return [ToDo(item.row + 1, "", "", item.do, _flag(item), "") for item in items]
        return [
            ToDo(item.row + 1, item.company, item.role, item.do, _flag(item), due_words(item.due)) for item in items
        ]

    @property
    def troubles(self) -> list[Trouble]:
        """The cells that cannot be read, each with its fix; those of many rows that are of one kind are one."""
        first, problems = self.plan.table.first_row, self.plan.table.problems
        kinds: dict[tuple[str, str], dict[str, list[int]]] = {}
        for row in sorted(problems):
            for _, problem in sorted(problems[row].items(), key=lambda item: _ORDER[item[0]]):
                text = problem.quiet if self.quiet else clean(problem.text)
                kinds.setdefault((problem.column, problem.quiet), {}).setdefault(text, []).append(first + row + 1)
        return [trouble for (column, _), texts in kinds.items() for trouble in _troubles(column, texts)]

    @property
    def checks(self) -> list[tuple[tuple[int, ...], str]]:
        """The rows to check whose cells can all be read, and what is wrong; the rows of one sentence together."""
        unread = {self.plan.table.first_row + row for row in self.plan.table.problems}
        rows: dict[str, list[int]] = {}
        for item in self.plan.agenda.checks:
            if item.row not in unread:
                rows.setdefault(_CHECK if self.quiet else item.why, []).append(item.row + 1)
        return [(tuple(where), text) for text, where in rows.items()]

    @property
    def left_alone(self) -> str:
        """That rows have something in them and no company, as a sentence; empty where there are none."""
        frame = self.plan.table.frame
        rows = int((frame["filled"] & ~frame["row"]).sum())
        if rows == 1:
            return "1 row has no company and is left alone."
        return f"{rows:,} rows have no company and are left alone." if rows else ""

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
    def notices(self) -> list[str]:
        """What was understood where it was not plain, and what is to be settled once for many cells."""
        said = dict.fromkeys(notice.say(self.quiet) for notice in self.plan.table.notices)
        both = sum(
            p.quiet.startswith(TWO_READINGS) for found in self.plan.table.problems.values() for p in found.values()
        )
        if both:
            said[
                f"{counted(both, 'date')} can be read day first or month first, and nothing here says which: settle it "
                "with --date-order dmy or mdy, or date_order in sheetflow.toml"
            ] = None
        return list(said)

    @property
    def mailbox(self) -> str:
        """Why the mailbox was not read, or not to the end, in words that anybody may see; empty: no trouble."""
        return self.plan.table.trouble

    @property
    def outcome(self) -> str:
        """What was done, or would be, in one sentence."""
        plan, counts = self.plan, self.plan.counts
        if not plan.changes and not plan.rules:
            return "Nothing to change: every cell is as it should be."
        verb = "" if self.applied else "would be "
        parts = [
            f"{counted(counts[mark], 'cell')} {verb}{word}"
            for mark, word in (("+", "filled"), ("~", "changed"), ("-", "emptied"))
            if counts[mark]
        ]
        if plan.added:
            parts.append(f"{counted(len(plan.added), 'column')} {verb}added")
        if plan.rules:
            parts.append(f"{counted(len(plan.rules), 'highlight rule')} {verb}added")
        return ", ".join(parts) + "."


MOST_ALIKE = 5
"""So many problems of one kind, in the cells of one column, are told apart; more are one line."""


def _troubles(column: str, texts: Mapping[str, Sequence[int]]) -> Iterator[Trouble]:
    """The problems of one kind in one column: each for itself, or of very many the first and that it is not alone."""
    if len(texts) <= MOST_ALIKE:
        yield from (Trouble(tuple(rows), column, text) for text, rows in texts.items())
        return
    rows = sorted(row for found in texts.values() for row in found)
    yield Trouble(tuple(rows), column, f"{next(iter(texts))}; the others likewise")


_CHECK = "what is to be checked stands in Why"


_ORDER = {key: index for index, key in enumerate(BY_KEY)}


def _flag(item: Item) -> str:
    return "Overdue" if item.late else "Due"


def due_words(due: date | datetime | None) -> str:
    """A due date as a sentence says it, with its time where it has one; empty for none."""
    if due is None:
        return ""
    return moment_words(due, True) if isinstance(due, datetime) else day_words(due)


def counted(count: int, thing: str) -> str:
    """``1 row``, ``2 rows``."""
    return f"{count:,} {thing}{'' if count == 1 else 's'}"


def rows_words(rows: Sequence[int], most: int = 40) -> str:
    """``row 3``, ``rows 3, 4 and 7``; of very many the first and how many more."""
    shown = [str(row) for row in rows[:most]]
    if len(rows) > most:
        return f"rows {', '.join(shown)} and {len(rows) - most:,} more"
    *others, last = shown
    return f"rows {', '.join(others)} and {last}" if others else f"row {last}"


def markdown(report: Report, warnings: Sequence[str] = ()) -> str:
    """A job summary of at most ``SUMMARY_LIMIT`` bytes; nothing in it comes from a cell."""
    assert report.quiet  # noqa: S101 - summaries of public repositories are public
    lines = ["## sheetflow", "", *(f"> {warning}" for warning in warnings), report.outcome, ""]
    if report.mailbox:
        lines += [f"Mailbox: {report.mailbox} {KEPT}", ""]
    to_do = report.to_do
    if to_do:
        for flag in ("Overdue", "Due"):
            for status in dict.fromkeys(item.status for item in to_do if item.flag == flag):
                rows = sorted(item.row for item in to_do if (item.flag, item.status) == (flag, status))
                lines.append(f"- **{flag}**, {status}: {rows_words(rows)}")
    else:
        lines.append("Nothing to do today.")
    if report.ghosted:
        lines.append(f"- **Ghosted**: {rows_words(report.ghosted)}")
    if report.troubles:
        lines += ["", "To check:", ""]
        lines += [f"- {rows_words(t.rows)}, {t.column}: {t.text}" for t in report.troubles[:15]]
        if len(report.troubles) > 15:
            lines.append(f"- and {len(report.troubles) - 15} more: see the Why column")
    lines += [f"- {notice}" for notice in report.notices[:5]]
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
        cell: dict[str, Any] = {"row": change.row + 1, "column": BY_KEY[change.key].header, "change": change.mark}
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
            "problems": [{"rows": list(t.rows), "column": t.column, "text": t.text} for t in report.troubles],
            "added_columns": [column.header for _, column in plan.added],
            "added_rules": list(plan.rules),
            "cells": cells,
            "understood": report.notices,
            "requests": report.requests,
            "mailbox": report.mailbox,
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
