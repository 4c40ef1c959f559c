"""Workbooks made from nothing: the copy of a .csv, and the empty tracker of ``init``.

openpyxl writes styles, rules, dropdowns and the page; the rows, of which there may be a great many, are
written as XML here, which takes a tenth of the time and next to no memory.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any
from xml.sax.saxutils import escape

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.utils.indexed_list import IndexedList
from openpyxl.worksheet.worksheet import Worksheet

from sheetflow.backends.local import whole_rows
from sheetflow.backends.xlsx import look
from sheetflow.backends.xlsx.book import storable
from sheetflow.backends.xlsx.keep import repack, save
from sheetflow.backends.xlsx.read import without_collecting
from sheetflow.cells import to_number
from sheetflow.columns import BY_KEY, FRESH, Column
from sheetflow.errors import Refused
from sheetflow.highlights import FLAGS
from sheetflow.plan import Plan
from sheetflow.settings import TAB_TITLE, Settings, tab_rows
from sheetflow.sheet import CellError, Links, Value, a1, column_letters

TITLE = "Interviews"
PREPARED = 200
"""Rows of an empty tracker that are formatted in advance."""
LONGEST = 32_767
"""Characters that a cell of an .xlsx holds."""
_DAY_ZERO = date(1899, 12, 30)
_MADE = date(2026, 1, 1)
"""The date in the properties of an empty tracker: the same one makes the same bytes."""
_PENDING = CellError("")
"""Stands in for our own cells while it is asked what they should hold; no cell is equal to it."""


@dataclass(frozen=True)
class Grid:
    """What a fresh workbook is to hold: typed cells, and where the known columns are (0-based)."""

    rows: Sequence[Sequence[Value]]
    header: int
    at: Mapping[str, int]
    width: int

    def column(self, index: int) -> Column | None:
        """The known column at an index."""
        return next((BY_KEY[key] for key, place in self.at.items() if place == index), None)


def build_workbook(plan: Plan) -> bytes:
    """A fresh .xlsx of a .csv with a plan's changes: text as it is, dates that were read as dates, ours typed.

    Raises ``Refused`` for a cell that is too long for an .xlsx.
    """
    with without_collecting():
        grid = Grid(whole_rows(plan), plan.table.header.row, plan.at, plan.width)
        return _write(grid, plan.today)


def new_tracker(settings: Settings) -> bytes:
    """An empty .xlsx tracker with every column, dropdowns, highlight rules and a Settings tab."""
    rows: list[list[Value]] = [[column.header for column in FRESH]]
    rows += [[None] * len(FRESH) for _ in range(PREPARED)]
    grid = Grid(rows, 0, {column.key: index for index, column in enumerate(FRESH)}, len(FRESH))
    return _write(grid, _MADE, settings)


def _write(grid: Grid, today: date, settings: Settings | None = None) -> bytes:
    book = Workbook()
    book.properties.creator, book.properties.created = "sheetflow", datetime.combine(today, time())
    fonts: Any = book
    fonts._fonts = IndexedList([Font(name=look.FONT, size=look.SIZE)])  # widths are measured in its digits
    sheet = book.worksheets[0]
    sheet.title = TITLE
    _set_up(sheet, grid)
    rows = _Rows(sheet, grid)
    if settings is not None:
        _add_settings(book, settings)
    place = f"A1:{column_letters(grid.width - 1)}{len(grid.rows)}"

    def fill(content: bytes) -> Iterator[bytes]:
        top, _, rest = content.partition(b"<sheetData")
        tail = rest.partition(b"</sheetData>")[2] or rest.partition(b"/>")[2]
        yield re.sub(rb'<dimension ref="[^"]*"', f'<dimension ref="{place}"'.encode(), top) + b"<sheetData>"
        for row in rows.xml():
            yield row.encode()
        yield b"</sheetData>" + tail

    return repack(save(book, today), {"xl/worksheets/sheet1.xml": fill})


def _set_up(sheet: Worksheet, grid: Grid) -> None:
    """Everything of the main tab but its rows."""
    first = grid.header + 2
    last = f"{get_column_letter(grid.width)}{len(grid.rows)}"
    for index in range(grid.width):
        column = grid.column(index)
        if column is None:
            sheet.column_dimensions[get_column_letter(index + 1)].width = _other_width(grid, index)
        else:
            look.set_width(sheet, index, column.key)
    company = grid.at["company"]
    sheet.freeze_panes = f"{get_column_letter(company + 2 if company < look.NEAR else 1)}{first}"
    sheet.auto_filter.ref = f"A{grid.header + 1}:{last}"
    sheet.sheet_view.showGridLines = False
    look.add_rules(sheet, FLAGS, grid.at["flag"], first, grid.width)
    look.add_validations(sheet, grid.at, first, _DAY_ZERO)
    look.set_page(sheet, grid.header + 1, company)
    for row, cells in enumerate(grid.rows):
        for column_index, value in enumerate(cells):
            if isinstance(value, Links) and value:
                sheet.cell(row + 1, column_index + 1).hyperlink = value[0].url


def _other_width(grid: Grid, index: int) -> float:
    """A width for a column of the person's own, from what is in it."""
    longest = max((len(str(row[index])) for row in grid.rows[:PREPARED] if index < len(row)), default=0)
    return float(min(max(longest + 2, 10), 36))


class _Rows:
    """The rows of the main tab, as XML."""

    def __init__(self, sheet: Worksheet, grid: Grid) -> None:
        self._grid = grid
        self._letters = [column_letters(index) for index in range(grid.width)]
        self._columns = [grid.column(index) for index in range(grid.width)]
        self._widths = [sheet.column_dimensions[letters].width for letters in self._letters]
        self._sheet = sheet
        self._ids: dict[look.Look, int] = {}
        self._heads = [self._id(look.header(column)) for column in self._columns]
        self._dates = [self._id(look.fresh_body(column, timed=False)) for column in self._columns]
        self._bodies = [self._id(look.fresh_body(column)) for column in self._columns]
        self._above = self._id(look.Look(wrap=False))
        self._plain = self._id(replace(look.fresh_body(BY_KEY["send"]), wrap=False, link=False))

    def _id(self, wanted: look.Look) -> int:
        """The workbook's number of a style."""
        if wanted not in self._ids:
            cell = Cell(self._sheet, 1, 1)
            wanted.paint(cell, font=True)
            self._ids[wanted] = cell.style_id
        return self._ids[wanted]

    def xml(self) -> Iterator[str]:
        """Each row."""
        for row, cells in enumerate(self._grid.rows):
            values = list(cells) + [None] * (self._grid.width - len(cells))
            height = None if row < self._grid.header else self._height(values)
            if row == self._grid.header:
                height = max(height or 0, 2 * look.LINE + 10)
            size = f' ht="{height:g}"' if height else ""
            written = "".join([self._cell(row, index, value) for index, value in enumerate(values)])
            yield f'<row r="{row + 1}"{size}>{written}</row>'

    def _height(self, values: Sequence[Value]) -> float | None:
        texts = (
            (value[0].label if isinstance(value, Links) else value, width)
            for value, width, column in zip(values, self._widths, self._columns, strict=True)
            if value
            and isinstance(value, (str, Links))
            and (len(value) > width - 2 or "\n" in value)
            and _wraps(value, column)
        )
        return look.row_height(texts)

    def _style(self, row: int, index: int, value: Value) -> int:
        if row <= self._grid.header:
            return self._heads[index] if row == self._grid.header else self._above
        if isinstance(value, date) and not isinstance(value, datetime):
            return self._dates[index]
        return self._bodies[index] if _wraps(value, self._columns[index]) else self._plain

    def _cell(self, row: int, index: int, value: Value) -> str:
        start = f'<c r="{self._letters[index]}{row + 1}" s="{self._style(row, index, value)}"'
        if isinstance(value, Links):
            value = value[0].label if value else ""
        if value is None or value == "":
            return start + "/>"
        if isinstance(value, date):
            return f"{start}><v>{to_number(value, _DAY_ZERO)!r}</v></c>"
        text = str(value)
        if len(text) > LONGEST:
            raise Refused(
                f"{{cell}} holds {len(text):,} characters, and a cell of an .xlsx has room for {LONGEST:,}. Shorten "
                "it, or write to a .csv.",
                cell=a1(row, index),
            )
        return f'{start} t="inlineStr"><is><t xml:space="preserve">{escape(storable(text))}</t></is></c>'


def _wraps(value: Value, column: Column | None) -> bool:
    """Whether a text may break into lines: all but the addresses of several links, which no cell has room for."""
    return not (column is not None and column.kind == "links" and isinstance(value, str) and value)


def _add_settings(book: Workbook, settings: Settings) -> None:
    sheet = book.create_sheet(TAB_TITLE)
    for row, cells in enumerate(tab_rows(settings), start=1):
        for column, value in enumerate(cells, start=1):
            cell = sheet.cell(row, column)
            (look.header(None) if row == 1 else look.Look(lined=True, fill="" if column == 2 else look.GREY)).paint(
                cell, font=True
            )
            cell.value = storable(value) if isinstance(value, str) else value
            if isinstance(value, str):
                cell.data_type = "s"
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 34, 34
    sheet.freeze_panes = "A2"
    sheet.sheet_view.showGridLines = False
