"""A report as lines for a terminal: what is to be done comes first, the next step last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import groupby

from wcwidth import wcswidth

from sheetflow.cells import moment_text, read_text
from sheetflow.columns import BY_KEY
from sheetflow.plan import CellChange
from sheetflow.report import KEPT, Report, ToDo, counted, rows_words
from sheetflow.sheet import Links, Value, column_letters
from sheetflow.tabs.agenda import line as one_line

MOST_LINES = 20
"""Rows to be done, and things to check, that a run lists (the rules, section 9)."""
MOST_ROWS = 100
"""Rows that ``plan`` lists cell by cell."""


def lines(report: Report, width: int) -> Iterator[str]:
    """What a run, or a plan, has to say; each line fits ``width`` columns."""
    to_do = report.to_do
    if to_do:
        yield f"To do now ({len(to_do):,}):"
        yield from _aligned([_to_do_cells(item, report.quiet) for item in to_do[:MOST_LINES]], width)
        yield from _more(len(to_do) - MOST_LINES)
    else:
        yield "Nothing to send today."
    if report.ghosted:
        yield from _wrapped(f"Ghosted: {rows_words(report.ghosted)}.", width, "  ")
    yield from _to_check(report, width)
    for notice in report.notices:
        yield from _wrapped(f"Understood: {notice}", width, "  ")
    if report.mailbox:
        yield from _wrapped(f"Mailbox: {report.mailbox} {KEPT}", width, "  ")
    counts = ", ".join(f"{count:,} {status}" for status, count in report.statuses.items())
    yield from _wrapped(f"{counted(sum(report.statuses.values()), 'row')}: {counts or 'none to go by'}.", width, "  ")
    if report.left_alone:
        yield from _wrapped(report.left_alone, width, "  ")
    requests = f" Requests: {report.requests}." if report.requests else ""
    yield from _wrapped(report.outcome + requests, width, "  ")


def next_step(report: Report, place: str) -> str:
    """The last word: where the letters are, or what to type where. ``place`` is the tracker as the person knows it."""
    table = report.plan.table
    frame = table.frame
    if report.to_do:
        tab = any(tab.key == "to_send" for tab in report.plan.tabs)
        where = "the tab To send" if tab else "the column Draft, with a link beside each in Send"
        return f"Open {place}: the letters are in {where}."
    if not frame["row"].any():
        return "The tracker has no rows yet: type a Company and the day of its Interview, and run again."
    if not (frame["interview"].notna() | frame["applied"].notna()).any():
        return (
            "No row has a day to go by. Type the day of an interview into Interview, or of an application into "
            "Applied, like 2026-11-20, and run again."
        )
    return ""


def _to_check(report: Report, width: int) -> Iterator[str]:
    entries = [f"{rows_words(t.rows)}, {t.column}: {t.text}" for t in report.troubles]
    entries += [f"{rows_words(where)}: {text}" for where, text in report.checks]
    if entries:
        rows = {row for t in report.troubles for row in t.rows} | {row for where, _ in report.checks for row in where}
        yield f"To check ({len(rows):,}):"
    for entry in entries[:MOST_LINES]:
        yield from _wrapped(f"  {entry}", width, "    ")
    yield from _more(len(entries) - MOST_LINES)


def _more(count: int) -> Iterator[str]:
    if count > 0:
        yield f"  and {count:,} more"


def changes(report: Report, width: int) -> Iterator[str]:
    """The plan row by row: ``+`` filled, ``~`` changed, ``-`` emptied; old → new."""
    plan = report.plan
    for index, column in plan.added:
        yield f"+ column {column_letters(index)}  {column.header}"
    for flag in plan.rules:
        yield f"+ highlight for {flag} rows"
    for tab in plan.tabs:
        yield f"{'~' if tab.key in (plan.sheet.tabs or {}) else '+'} tab {tab.title}"
    shown = [change for change in plan.changes if change.row != plan.table.header.row and change.key != "stamp"]
    rows = [(row, list(cells)) for row, cells in groupby(shown, key=lambda change: change.row)]
    for row, cells in rows[:MOST_ROWS]:
        yield from _row_changes(report, row, cells, width)
    if len(rows) > MOST_ROWS:
        yield f"… and {len(rows) - MOST_ROWS:,} more rows."


def _row_changes(report: Report, row: int, cells: Sequence[CellChange], width: int) -> Iterator[str]:
    if report.quiet:
        yield f"row {row + 1}: " + ", ".join(f"{change.mark} {BY_KEY[change.key].header}" for change in cells)
        return
    company = one_line(str(report.plan.table.frame["company"].iat[row - report.plan.table.first_row]))
    yield _fit(f"row {row + 1}, {company or 'no company'}", width)
    for change in cells:
        yield _fit(f"  {change.mark} {BY_KEY[change.key].header}: {_old_new(change)}", width)


def _old_new(change: CellChange) -> str:
    if change.mark == "+":
        return _shown(change.after)
    return f"{_shown(change.before)} → {_shown(change.after) or '(empty)'}"


def _shown(value: Value) -> str:
    if isinstance(value, Links):
        return ", ".join(link.label for link in value)
    return one_line(moment_text(value) if isinstance(value, (date, datetime)) else read_text(value))


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
    """How many terminal columns a text takes: East Asian letters take two, marks none."""
    return len(text) if text.isascii() else max(wcswidth(text), 0) or len(text)


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
