"""A rewritten workbook is read back before it replaces anything: nothing but the plan may have changed.

Rows are patched as bytes; the reader parses everything. Where the two took a part for something else, as they may in an
unusual workbook, it shows here.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sheetflow.backends.xlsx.book import Book, Tab, storable, unescape
from sheetflow.backends.xlsx.patch import MOST_LINKS
from sheetflow.backends.xlsx.read import Reader
from sheetflow.backends.xlsx.write import Changes
from sheetflow.errors import Refused
from sheetflow.plan import CellChange, Plan, holds
from sheetflow.sheet import Formula, Links, Value, a1


def refuse_changes(plan: Plan, changes: Changes, written: Book, tab: Tab, path: Path) -> None:
    """Raise ``Refused`` for a cell that is not as it was, or not as the changes have it. Rows are read one by one."""
    sheet, reader = plan.sheet, Reader(written, tab, path)
    links: dict[tuple[int, int], Links] = {}
    for row, cells in _rows(reader, max(len(sheet.rows), changes.rows[-1] + 1 if changes.rows else 0)):
        before = list(sheet.rows[row]) if row < len(sheet.rows) else []
        wanted = changes.of(row)
        width = max(len(before), len(cells), *wanted, 0) + 1
        before += [None] * (width - len(before))
        found = cells + [None] * (width - len(cells))
        for column, change in wanted.items():
            after = change.after if isinstance(change, CellChange) else change
            if isinstance(after, Links):
                links[row, column] = after
                after = after[0].label if after else ""
            stored = unescape(storable(after)) if isinstance(after, str) else after
            if found[column] != stored and not holds(found[column], stored, sheet):
                raise _refusal(path, sheet.title, row, column)
            before[column] = found[column]
        if before != found:
            for column, (old, new) in enumerate(zip(before, found, strict=True)):
                if not _same(old, new):
                    raise _refusal(path, sheet.title, row, column)
    opened = reader.links()
    for (row, column), after in links.items():
        if opened.get((row, column)) != (after[0].url if after else None) and len(opened) < MOST_LINKS:
            raise _refusal(path, sheet.title, row, column)


def _rows(reader: Reader, count: int) -> Iterator[tuple[int, list[Value]]]:
    """At least so many rows, by 0-based number, those that hold nothing included."""
    following = 0
    for number, cells in reader.rows():
        yield from ((row, []) for row in range(following, number - 1))
        yield number - 1, cells
        following = number
    yield from ((row, []) for row in range(following, count))


def _same(old: Value, new: Value) -> bool:
    """Whether a cell was left as it was; what nobody calculated is told from what is empty only at the end of a tab."""
    if isinstance(new, Formula) and new.value is None:
        return bool(old == new.source or (isinstance(old, Formula) and old.source == new.source))
    return bool(
        old == new or (isinstance(old, Links) and old.labels == new) or (old in (None, "") and new in (None, ""))
    )


def _refusal(path: Path, title: str, row: int, column: int) -> Refused:
    return Refused(
        f"{{file}} cannot be rewritten without spoiling {{tab}}!{a1(row, column)}. Nothing was written. Look at "
        "that cell in your spreadsheet program and save the file there, or write to a .csv with -o.",
        file=path.name,
        tab=title,
    )
