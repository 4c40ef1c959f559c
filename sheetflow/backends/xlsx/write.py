"""A plan put into somebody's workbook: its cells, columns and rules, and nothing else.

Text is text whatever it looks like; no cell written here ever becomes a formula.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import time
from itertools import pairwise

from sheetflow.backends.xlsx import look, tabs
from sheetflow.backends.xlsx.book import Book, Tab
from sheetflow.backends.xlsx.package import WORKBOOK, child
from sheetflow.backends.xlsx.patch import Cells, Put, SheetPart
from sheetflow.backends.xlsx.styles import Look, styles_of
from sheetflow.columns import BY_KEY, COLUMNS
from sheetflow.plan import CellChange, Plan
from sheetflow.sheet import Cell, Formula, Links
from sheetflow.table.dates import read_moment


def moments(plan: Plan, values: Mapping[tuple[int, int], str]) -> dict[tuple[int, int], Cell]:
    """Dates as text, by place, as dates."""
    read = {place: read_moment(text, "", plan.today, plan.sheet.day_zero).moment for place, text in values.items()}
    return {place: m if m.time() != time() else m.date() for place, m in read.items() if m is not None}


class Changes:
    """A plan's changes and further cells, by row."""

    def __init__(self, plan: Plan, further: Mapping[tuple[int, int], Cell]) -> None:
        self._all = plan.changes
        starts: dict[int, int] = {}
        for index, change in enumerate(self._all):
            starts.setdefault(change.row, index)
        self._where = dict(zip(starts, pairwise([*starts.values(), len(self._all)]), strict=True))
        self._further: dict[int, dict[int, Cell]] = {}
        for (row, column), cell in further.items():
            self._further.setdefault(row, {})[column] = cell
        self.rows = sorted({*starts, *self._further})
        columns = {change.column for change in self._all} | {column for _, column in further}
        self.columns = (min(columns, default=0), max(columns, default=0))

    def of(self, row: int) -> dict[int, CellChange | Cell]:
        """The cells of a row: 0-based column, and the change of it or what is to stand there."""
        first, end = self._where.get(row, (0, 0))
        return {**self._further.get(row, {}), **{change.column: change for change in self._all[first:end]}}


Write = Callable[[Book, Tab, Plan, Changes], bytes]


def rewrite(book: Book, tab: Tab, plan: Plan, changes: Changes) -> bytes:
    """The workbook with the columns and rules of a plan, and the cells of ``changes``.

    Raises ``Refused`` for a cell that cannot be written without spoiling another.
    """
    package = book.package
    part = SheetPart(package, tab.part, tab.title, styles_of(book), book.day_zero)
    first, at = plan.table.first_row, plan.at
    header = part.style_of(plan.table.header.row, at["company"]) if plan.added else 0
    tall = look.DRAFT_LINES * part.line_height
    look.add_columns(part, dict(plan.added))
    look.add_rules(part, plan.rules, at, first)

    def puts(row: int) -> dict[int, Put]:
        return {
            column: put_for(found, plan.table.header.row, header) if isinstance(found, CellChange) else Put(found)
            for column, found in changes.of(row).items()
        }

    part.write(Cells(changes.rows, changes.columns, puts), dict.fromkeys(plan.heightened, tall))
    workbook = package.tree(book.part)
    child(workbook, "calcPr", WORKBOOK).set("fullCalcOnLoad", "1")  # a formula of the person's may count our cells
    chain = package.target(book.part, "/calcChain")
    if chain and any(isinstance(change.before, Formula) for change in plan.changes):
        package.drop(chain, book.part)  # every program makes it anew
    tabs.draw(book, plan, tab.title)
    return package.save()


def take_away(book: Book, tab: Tab, plan: Plan, changes: Changes) -> bytes:
    """The workbook without what is ours: the columns empty and plain, no highlight rules, no tabs."""
    part = SheetPart(book.package, tab.part, tab.title, styles_of(book), book.day_zero)
    leaving = plan.leaving

    def puts(row: int) -> dict[int, Put]:
        gone = {column: Put("", base=0) for column in leaving}
        return gone | {column: Put("") for column in changes.of(row) if column not in leaving}

    rows = range(plan.table.header.row, len(plan.sheet.rows))
    known = [*leaving, *changes.columns]
    part.write(Cells(rows, (min(known), max(known)), puts), {})
    look.take_away(part, leaving, plan.at.get("flag", -1))
    tabs.take_away(book)
    return book.package.save()


LOOKS = {column.key: look.body(column) for column in COLUMNS}


def put_for(change: CellChange, header_row: int, header: int) -> Put:
    """What a change puts into its cell. A new header looks like the person's own; a computed one stands out."""
    if change.row == header_row:
        column = BY_KEY[change.key]
        return Put(change.after, look.header(column) if column.owner == "sheetflow" else Look(), header)
    if isinstance(change.after, Links):
        link = change.after[0] if change.after else None
        return Put(link.label, LOOKS[change.key], link=link.url) if link else Put("")
    return Put(change.after, LOOKS[change.key])
