"""A rewritten workbook is read back before it replaces anything: nothing but the plan may have changed.

openpyxl takes a damaged or unusual workbook for something else than our own reader does, and writes what it has
understood. So what it wrote is compared with what was read before and with what was to be written.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from itertools import zip_longest
from pathlib import Path

from sheetflow.backends.xlsx.book import Book, Tab, storable, unescape
from sheetflow.backends.xlsx.guard import damaged
from sheetflow.backends.xlsx.read import Filled, read_rows
from sheetflow.cells import to_number
from sheetflow.errors import Refused
from sheetflow.plan import holds
from sheetflow.sheet import Formula, Sheet, Value, a1

CLOSE = 1e-8
"""Days that a time may move when it is written anew, about a millisecond."""


def refuse_changes(before: Sheet, after: Sheet, wanted: Mapping[tuple[int, int], Value], path: Path) -> None:
    """Raise ``Refused`` for a cell that is not as it was, or not as ``wanted`` (by 0-based place) has it."""
    for row, (old_row, new_row) in enumerate(zip_longest(before.rows, after.rows, fillvalue=())):
        for column, (old, new) in enumerate(zip_longest(old_row, new_row)):
            if type(old) is type(new) and old == new:  # nearly every cell
                continue
            if (row, column) not in wanted and not _same(old, new, before.day_zero):
                raise _refusal(path, before.title, row, column)
    for (row, column), value in wanted.items():
        stored = unescape(storable(value)) if isinstance(value, str) else value
        found = after.cell(row, column)
        if found != stored and not holds(found, stored, before):
            raise _refusal(path, before.title, row, column)


def refuse_changes_elsewhere(original: zipfile.ZipFile, written: zipfile.ZipFile, title: str, path: Path) -> None:
    """Raise ``Refused`` for a cell that is not as it was in any tab but the one with this title."""
    with damaged(path):
        old_book, new_book = Book(original, path), Book(written, path)
        for old_tab, new_tab in zip(old_book.tabs, new_book.tabs, strict=True):
            if old_tab.title != title:
                old, new = _cells(original, old_book, old_tab, path), _cells(written, new_book, new_tab, path)
                _compare(old, new, old_tab.title, old_book.day_zero, path)


Found = Iterator[tuple[int, int, Value]]
"""The cells that hold something, with their 0-based places, row by row."""


def _cells(archive: zipfile.ZipFile, book: Book, tab: Tab, path: Path) -> Found:
    for number, cells in read_rows(archive, book, tab, path):
        yield from ((number - 1, column, cell) for column, cell in enumerate(cells) if cell is not None)


def _compare(before: Found, after: Found, title: str, day_zero: date, path: Path) -> None:
    for old, new in zip_longest(before, after):
        if old is None or new is None or old[:2] != new[:2] or not _same(old[2], new[2], day_zero):
            row, column, _ = old or new
            raise _refusal(path, title, row, column)


def _same(old: Value, new: Value, day_zero: date) -> bool:
    """Whether two readings of a cell are of one content, however it was written."""
    if isinstance(old, Formula) and isinstance(new, Formula):
        # openpyxl gives a formula that was filled down a source of its own.
        return (old.source == new.source or isinstance(old, Filled)) and _same(old.value, new.value, day_zero)
    if isinstance(old, datetime) and isinstance(new, (datetime, int, float)):
        # A date written as text becomes a number, with or without the format of a date.
        number = to_number(new, day_zero) if isinstance(new, datetime) else new
        return abs(to_number(old, day_zero) - number) < CLOSE
    if old is None or old == "":  # a formula's
        return new is None or new == ""
    return bool(old == new) and isinstance(old, bool) == isinstance(new, bool)


def _refusal(path: Path, title: str, row: int, column: int) -> Refused:
    return Refused(
        f"{{file}} cannot be rewritten without spoiling {{tab}}!{a1(row, column)}. Nothing was written. Look at "
        "that cell in your spreadsheet program (is it under merged cells, or a link without text?) and save the file "
        "there, or write to a .csv with -o.",
        file=path.name,
        tab=title,
    )
