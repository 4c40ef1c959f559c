"""A person in the browser: what happens to the spreadsheet when they type, sort, drag, import and paint."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

from . import a1, structure
from .cells import colours, without_link, write
from .errors import Json
from .formulas import now
from .kinds_cells import cut_cells
from .kinds_structure import sort
from .model import DEFAULT_COLUMNS, DEFAULT_ROWS, Book, Cell, Sheet
from .render import CellRenderer
from .typed import Typed, parse

At = str | tuple[int, str]


class Person:
    """Edits one tab of a book. Every method returns the person, so that edits chain.

    A cell is named ``"C4"`` or by row number and header, ``(4, "Company")``; a column by header or letter.
    """

    def __init__(self, book: Book, sheet: Sheet | None = None, header_row: int = 1) -> None:
        self.book = book
        self._sheet = sheet
        self.header_row = header_row

    @property
    def sheet(self) -> Sheet:
        """The tab they look at."""
        return self._sheet or self.book.first_visible

    def on(self, tab: str) -> Person:
        """Return the same person on another tab."""
        return Person(self.book, self.book[tab])

    # Where

    def column(self, name: str) -> int:
        """Index of the column with this header, else of this letter."""
        cells = self.sheet.rows[self.header_row - 1].cells
        for column in sorted(cells):
            if self.sheet.entered((self.header_row - 1, column)) == name:
                return column
        if name.isupper() and len(name) <= 3 and name.isalpha():
            return a1.number(name)
        raise KeyError(name)

    def at(self, cell: At) -> tuple[int, int]:
        """Index of row and column."""
        return a1.cell(cell) if isinstance(cell, str) else (cell[0] - 1, self.column(cell[1]))

    def row_of(self, company: str, header: str = "Company") -> int:
        """Row number of the first row with this text under a header."""
        column = self.column(header)
        for index in range(self.header_row, len(self.sheet.rows)):
            if self.sheet.entered((index, column)) == company:
                return index + 1
        raise KeyError(company)

    # Cells

    def type(self, cell: At, text: str) -> Person:
        """Type into a cell; Sheets makes of it what it makes of typed text. Old links, runs, chips go."""
        at = self.at(cell)
        self.sheet.ensure(at[0] + 1, at[1] + 1)
        self.sheet[at] = _typed(self.sheet[at], parse(text, self.book.locale, now(self.book).date()))
        return self

    def clear(self, cell: At) -> Person:
        """Press the Delete key: the content goes, the format and validation stay."""
        at = self.at(cell)
        self.sheet[at] = _typed(self.sheet[at], Typed(None))
        return self

    def tick(self, cell: At, value: bool = True) -> Person:
        """Tick a checkbox (and make the cell one)."""
        at = self.at(cell)
        rule = {"condition": {"type": "BOOLEAN"}, "showCustomUi": True}
        self.sheet[at] = self.sheet[at] | {"userEnteredValue": {"boolValue": value}, "dataValidation": rule}
        return self

    def note(self, cell: At, text: str) -> Person:
        """Insert > Note."""
        at = self.at(cell)
        self.sheet[at] = self.sheet[at] | {"note": text}
        return self

    def link(self, cell: At, uri: str) -> Person:
        """Insert > Link over the whole cell."""
        at = self.at(cell)
        runs = [{"startIndex": 0, "format": {"link": {"uri": uri}}}]
        self.sheet[at] = write(self.sheet[at], {"textFormatRuns": runs}, {"textFormatRuns": {}})
        return self

    def chip(self, cell: At, *emails: str) -> Person:
        """Insert > Smart chips > People: one ``@`` placeholder each, separated by commas."""
        at = self.at(cell)
        kept = {k: v for k, v in self.sheet[at].items() if k not in ("textFormatRuns", "chipRuns")}
        runs: list[Json] = []
        for index, email in enumerate(emails):
            run: Json = {"startIndex": 3 * index} if index else {}
            runs.append(run | {"chip": {"personProperties": {"email": email, "displayFormat": "DEFAULT"}}})
            if index < len(emails) - 1:
                runs.append({"startIndex": 3 * index + 1, "chip": {}})
        text = ", ".join("@" for _ in emails)
        self.sheet[at] = kept | {"userEnteredValue": {"stringValue": text}, "chipRuns": runs}
        return self

    def paint(self, cell: At, red: float, green: float, blue: float) -> Person:
        """Fill colour."""
        at = self.at(cell)
        colour = colours({"backgroundColor": {"red": red, "green": green, "blue": blue}})
        cell_format = self.sheet[at].get("userEnteredFormat", {}) | colour
        self.sheet[at] = self.sheet[at] | {"userEnteredFormat": cell_format}
        return self

    def cut_paste(self, source: str, target: str) -> Person:
        """Cut ``"A2:C2"`` and paste at ``"A9"``."""
        first, _, last = source.partition(":")
        (top, left), (bottom, right) = a1.cell(first), a1.cell(last or first)
        to = a1.cell(target)
        area = a1.Area(self.sheet, top, left, bottom + 1, right + 1)
        landing = a1.Area(self.sheet, to[0], to[1], to[0] + bottom - top + 1, to[1] + right - left + 1)
        cut_cells(area, landing)
        return self

    def sees(self, cell: At) -> Json:
        """Look at a cell: ``formattedValue``, ``effectiveFormat`` (conditional formats included), links."""
        row, column = self.at(cell)
        return CellRenderer(self.book, self.sheet, {})(row, column, self.sheet[row, column])

    # Rows

    def add_row(self, **values: str) -> Person:
        """Type a new row below the last one: ``add_row(Company="Acme", Role="Cook")``."""
        row = max(self.sheet.last_value_row(), self.header_row) + 1
        self.sheet.ensure(row, 0)
        for header, text in values.items():
            self.type((row, header), text)
        return self

    def insert_row_above(self, row: int, count: int = 1) -> Person:
        """Insert rows above a row number."""
        structure.insert(self.book, self.sheet, True, row - 1, count)
        return self

    def delete_row(self, row: int, count: int = 1) -> Person:
        """Delete rows."""
        structure.delete(self.book, self.sheet, True, row - 1, row - 1 + count)
        return self

    def move_rows(self, first: int, last: int, before: int) -> Person:
        """Drag rows *first* to *last* so that they land above what is now row *before*."""
        structure.move(self.book, self.sheet, True, first - 1, last, before - 1)
        return self

    def sort(self, by: str, descending: bool = False, only: tuple[str, str] | None = None) -> Person:
        """Sort the data rows by a column. *only*: first and last column of a range that is sorted alone."""
        left, right = (self.column(only[0]), self.column(only[1]) + 1) if only else (0, len(self.sheet.columns))
        bottom = max(self.sheet.last_value_row(), self.header_row)
        area = a1.Area(self.sheet, self.header_row, left, bottom, right)
        sort(self.book, area, [(self.column(by), descending)])
        return self

    def hide_row(self, row: int, by_filter: bool = False) -> Person:
        """Hide a row, by hand or through a filter."""
        self.sheet.rows[row - 1].meta["hiddenByFilter" if by_filter else "hiddenByUser"] = True
        return self

    def resize_row(self, row: int, pixels: int) -> Person:
        """Drag a row's border."""
        self.sheet.rows[row - 1].meta["pixelSize"] = pixels
        return self

    # Columns

    def insert_column(self, before: str, header: str = "") -> Person:
        """Insert a column, optionally with a header."""
        column = self.column(before)
        structure.insert(self.book, self.sheet, False, column, 1)
        if header:
            self.sheet[self.header_row - 1, column] = {"userEnteredValue": {"stringValue": header}}
        return self

    def delete_column(self, name: str) -> Person:
        """Delete a column."""
        column = self.column(name)
        structure.delete(self.book, self.sheet, False, column, column + 1)
        return self

    def move_column(self, name: str, before: str | None = None) -> Person:
        """Drag a column before another, or to the end of the used ones."""
        column = self.column(name)
        target = self.column(before) if before else self.sheet.last_value_column()
        structure.move(self.book, self.sheet, False, column, column + 1, target)
        return self

    def rename_header(self, old: str, new: str) -> Person:
        """Type over a header."""
        at = self.header_row - 1, self.column(old)
        self.sheet[at] = self.sheet[at] | {"userEnteredValue": {"stringValue": new}}
        return self

    def hide_column(self, name: str) -> Person:
        """Hide a column."""
        self.sheet.columns[self.column(name)]["hiddenByUser"] = True
        return self

    def show_column(self, name: str) -> Person:
        """Unhide a column."""
        self.sheet.columns[self.column(name)].pop("hiddenByUser", None)
        return self

    def widen_column(self, name: str, pixels: int) -> Person:
        """Drag a column's border."""
        self.sheet.columns[self.column(name)]["pixelSize"] = pixels
        return self

    # Tabs and the rest

    def freeze(self, rows: int) -> Person:
        """View > Freeze."""
        grid = self.sheet.properties["gridProperties"]
        grid.pop("frozenRowCount", None)
        if rows:
            grid["frozenRowCount"] = rows
        return self

    def rename_tab(self, title: str) -> Person:
        """Rename the tab."""
        self.sheet.properties["title"] = title
        return self

    def delete_tab(self, title: str | None = None) -> Person:
        """Delete a tab."""
        self.book.sheets.remove(self.book[title] if title else self.sheet)
        return self

    def duplicate_tab(self, title: str, copy_title: str = "") -> Person:
        """Duplicate a tab: the copy stands right of it, with all that is on it under ids of its own."""
        old = self.book[title]
        new = self.book.add_sheet(copy_title or f"Copy of {title}", index=self.book.sheets.index(old) + 1)
        names = new.properties | {"gridProperties": dict(old.properties["gridProperties"])}
        vars(new).update(old.snapshot() | {"properties": names})
        metas = [new.metadata, *(m.get("developerMetadata", []) for m in [r.meta for r in new.rows] + new.columns)]
        for one in [one for meta in metas for one in meta]:
            one["metadataId"] = self.book.new_id()
        for kept, key in ((new.protected, "protectedRangeId"), (new.charts, "chartId")):
            for one in kept:
                one[key] = self.book.new_id()
        for grid in _grids([new.rules, new.protected, new.merges, new.charts, new.filter]):
            grid["sheetId"] = new.sheet_id
        return self

    def hide_tab(self, title: str) -> Person:
        """Hide a tab."""
        self.book[title].properties["hidden"] = True
        return self

    def move_tab(self, title: str, index: int) -> Person:
        """Drag a tab to a place."""
        sheet = self.book[title]
        self.book.sheets.remove(sheet)
        self.book.sheets.insert(index, sheet)
        return self

    def add_tab(self, title: str, rows: list[list[str]] | None = None) -> Person:
        """Add a tab at the end, optionally with typed rows."""
        self.book.add_sheet(title)
        other = self.on(title)
        for row, texts in enumerate(rows or []):
            for column, text in enumerate(texts):
                other.type(f"{a1.letters(column)}{row + 1}", text)
        return self

    def add_rule(self, ranges: str, formula: str, red: float = 1.0, green: float = 0.9, blue: float = 0.6) -> Person:
        """Format > Conditional formatting with an own formula, on top of the list."""
        grid = a1.grid_range(a1.area(self.book, f"{a1.quoted(self.sheet.title)}!{ranges}"))
        colour = colours({"backgroundColor": {"red": red, "green": green, "blue": blue}})
        condition = {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": formula}]}
        self.sheet.rules.insert(0, {"ranges": [grid], "booleanRule": {"condition": condition, "format": colour}})
        return self

    def recolour_rule(self, index: int, red: float, green: float, blue: float) -> Person:
        """Give a rule another fill colour."""
        colour = colours({"backgroundColor": {"red": red, "green": green, "blue": blue}})
        rule = self.sheet.rules[index]
        boolean = rule["booleanRule"] | {"format": rule["booleanRule"].get("format", {}) | colour}
        self.sheet.rules[index] = rule | {"booleanRule": boolean}
        return self

    def delete_rule(self, index: int) -> Person:
        """Remove a conditional format."""
        del self.sheet.rules[index]
        return self

    def protect(self, ranges: str, warning_only: bool = False) -> Person:
        """Choose Data > Protect sheets and ranges: only this person, the owner, may edit."""
        grid = a1.grid_range(a1.area(self.book, f"{a1.quoted(self.sheet.title)}!{ranges}"))
        guard: Json = {"warningOnly": True} if warning_only else {"editors": {"users": [self.book.owner]}}
        self.sheet.protected.append({"protectedRangeId": self.book.new_id(), "range": grid} | guard)
        return self

    def move_chart(self, number: int, cell: str, width: int = 0) -> Person:
        """Drag a chart of this tab to a cell, or its corner to another width."""
        row, column = a1.cell(cell)
        overlay = self.sheet.charts[number]["position"]["overlayPosition"]
        overlay |= {"anchorCell": overlay["anchorCell"] | {"rowIndex": row, "columnIndex": column}}
        overlay |= {"widthPixels": width} if width else {}
        return self

    def delete_chart(self, number: int = 0) -> Person:
        """Delete a chart of this tab."""
        del self.sheet.charts[number]
        return self

    def import_csv(self, text: str, title: str = "Imported", replace: bool = False) -> Person:
        """Choose File > Import, converting text: a new tab of 1000 x 26 or larger, never with id 0.

        *replace*: the book's other tabs go, as with "Replace spreadsheet".
        """
        rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
        width = max((len(row) for row in rows), default=0)
        size = max(DEFAULT_ROWS, len(rows)), max(DEFAULT_COLUMNS, width)
        sheet = self.book.add_sheet(title, *size, sheet_id=self.book.new_id())
        if replace:
            self.book.sheets[:] = [sheet]
        today = now(self.book).date()
        for index, row in enumerate(rows):
            for column, value in enumerate(row):
                sheet[index, column] = _typed({}, parse(value, self.book.locale, today))
        return Person(self.book, sheet)


def _grids(message: Any) -> Iterator[Json]:
    """Every place on a grid that something on a tab points at: ranges and anchor cells."""
    if isinstance(message, list):
        for item in message:
            yield from _grids(item)
    elif isinstance(message, dict):
        if {"startRowIndex", "startColumnIndex", "rowIndex"} & message.keys():
            yield message
        else:
            yield from _grids(list(message.values()))


def _typed(cell: Cell, typed: Typed) -> Cell:
    """Return the cell after typing: format, note and validation stay; a date brings its format."""
    kept = {k: v for k, v in without_link(cell).items() if k not in ("userEnteredValue", "textFormatRuns", "chipRuns")}
    if typed.value is not None:
        kept["userEnteredValue"] = typed.value
    cell_format = kept.get("userEnteredFormat", {})
    if typed.number_format and "numberFormat" not in cell_format:
        kept["userEnteredFormat"] = cell_format | {"numberFormat": typed.number_format}
    return kept
