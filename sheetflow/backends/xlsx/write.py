"""A plan put into somebody's workbook with openpyxl: only its cells, columns and rules, nothing else.

Text is text whatever it looks like; no cell written here ever becomes a formula.
"""

from __future__ import annotations

import contextlib
import io
import warnings
import zipfile
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.numbers import is_date_format
from openpyxl.utils import get_column_letter
from openpyxl.workbook.properties import CalcProperties
from openpyxl.worksheet.worksheet import Worksheet

from sheetflow.backends.xlsx import look
from sheetflow.backends.xlsx.book import storable
from sheetflow.backends.xlsx.guard import damaged
from sheetflow.backends.xlsx.keep import Kept, put_back, read_kept, save
from sheetflow.cells import to_number
from sheetflow.columns import BY_KEY
from sheetflow.errors import Refused
from sheetflow.plan import CellChange, Plan
from sheetflow.sheet import Links, Value, a1, is_empty
from sheetflow.table.dates import read_moment

_TALL = ("draft_to", "draft_subject", "draft", "why")
"""The columns of ours whose text takes several lines."""


Cells = Mapping[tuple[int, int], Value]
"""0-based place -> what is to stand there."""


def cells_to_write(plan: Plan, values: Mapping[tuple[int, int], str]) -> Cells:
    """A plan's cells, and the further date cells that ``values`` replaces (formulas, in a copy)."""
    cells: dict[tuple[int, int], Value] = {}
    for place, text in values.items():
        moment = read_moment(text, "", plan.today, plan.sheet.day_zero).moment
        if moment is not None:
            cells[place] = moment if moment.time() != time() else moment.date()
    return cells | {(change.row, change.column): change.after for change in plan.changes}


def rewrite(data: bytes, archive: zipfile.ZipFile, path: Path, plan: Plan, cells: Cells) -> bytes:
    """A workbook's bytes with the columns and rules of a plan and the ``cells_to_write`` of it.

    Raises ``Refused`` when any part is damaged, or a cell to be written lies inside merged cells.
    """
    with damaged(path):  # openpyxl notices some damage only when it saves
        kept = read_kept(archive, path)
        book = _load(data)
        _Writer(book[plan.sheet.title], plan, kept[plan.sheet.title]).write(cells)
        if "docProps/core.xml" not in archive.NameToInfo or b"created" not in archive.read("docProps/core.xml"):
            book.properties.created = datetime.combine(plan.today, time())  # openpyxl would look at the clock
        book.calculation = book.calculation or CalcProperties()  # not every program writes any
        book.calculation.fullCalcOnLoad = True  # a formula of the person's may count our cells
        return put_back(save(book, plan.today), archive, path, kept)


class _Faithful(ExcelReader):
    """openpyxl's reader, but numbers that show as dates stay the very numbers they are.

    Otherwise they come back rounded to a millisecond, and those that are no date come back as #VALUE!.
    """

    def read_worksheets(self) -> None:
        book: Any = self.wb
        book._date_formats.clear()
        book._timedelta_formats.clear()
        super().read_worksheets()


class _Escaped(zipfile.ZipFile):
    """A workbook whose texts come out of openpyxl as they went in: it takes every ``x005F_`` out of them.

    That is the escape of an escape (ECMA-376, part 1, 22.9.2.19): ``_x005F_x000D_`` is the text ``_x000D_``, which
    without it would be a line break.
    """

    def open(self, name: Any, *arguments: Any, **options: Any) -> Any:
        """A part; a table or the shared strings with one more escape, for openpyxl to take out."""
        part = super().open(name, *arguments, **options)
        if not str(name).startswith(("xl/worksheets/sheet", "xl/sharedStrings")):
            return part
        with part:
            return io.BytesIO(part.read().replace(b"x005F_", b"x005Fx005F__"))


def _load(data: bytes) -> Workbook:
    reader = _Faithful(io.BytesIO(data), rich_text=True)
    reader.archive = _Escaped(io.BytesIO(data))
    with warnings.catch_warnings(), contextlib.redirect_stdout(None):  # it prints numbers of styles that are not there
        warnings.simplefilter("ignore")  # of what it drops; in place that is refused, with -o it is accepted
        reader.read()
    book: Workbook = reader.wb
    return book


@dataclass
class _Writer:
    """Puts a plan into one tab; ``kept`` is told what no longer is as it was."""

    sheet: Worksheet
    plan: Plan
    kept: Kept
    _styles: dict[tuple[look.Look, object], Any] = field(default_factory=dict)

    def write(self, cells: Cells) -> None:
        """Change the cells, add columns and rules, and make rows as tall as their new text."""
        plan = self.plan
        for index, column in plan.added:
            look.set_width(self.sheet, index, column.key)
        changes = {(change.row, change.column): change for change in plan.changes}
        for place, value in cells.items():
            if place in changes:
                self._change(changes[place])
            else:
                self._put(self._cell(*place), value)
        look.add_rules(self.sheet, plan.rules, plan.at["flag"], plan.table.first_row + 1, plan.width)
        if plan.added:
            self._fit(plan.table.header.row, [index for index, _ in plan.added])
        for row in sorted({change.row for change in plan.changes if change.key in _TALL} - {plan.table.header.row}):
            self._fit(row, [plan.at[key] for key in _TALL])

    def _cell(self, row: int, column: int) -> Cell:
        """The cell at a 0-based place. What it held is no longer kept."""
        cell = self.sheet.cell(row + 1, column + 1)
        if not isinstance(cell, Cell):
            raise Refused(
                "{cell} is part of merged cells, and sheetflow has to write there. Take the merge apart.",
                cell=f"{self.sheet.title}!{a1(row, column)}",
            )
        self.kept.values.pop(cell.coordinate, None)
        return cell

    def _change(self, change: CellChange) -> None:
        """Write a cell; one without any look gets ours, a look that is there stays."""
        cell = self._cell(change.row, change.column)
        bare = not cell.has_style
        self._put(cell, change.after)
        if change.row == self.plan.table.header.row:
            self._dress_header(cell, BY_KEY[change.key].owner == "sheetflow")
        elif bare and not is_empty(change.after):
            wanted = look.body(BY_KEY[change.key], isinstance(change.after, datetime))
            is_link = isinstance(change.after, Links)
            self._paint(cell, wanted if is_link == wanted.link else look.Look(wrap=False))

    def _put(self, cell: Cell, value: Value) -> None:
        cell.hyperlink = None
        if isinstance(value, date):
            cell.value = to_number(value, self.plan.sheet.day_zero)
            if not is_date_format(cell.number_format):
                cell.number_format = look.MOMENT if isinstance(value, datetime) else look.DATE
            return
        cell.value = storable(value[0].label if isinstance(value, Links) and value else str(value or "")) or None
        if cell.value is not None:
            cell.data_type = "s"
        if isinstance(value, Links) and value:
            cell.hyperlink = value[0].url

    def _dress_header(self, cell: Any, ours: bool) -> None:
        """A new header looks like the person's own ones; a computed one stands out."""
        own: Any = self.sheet.cell(self.plan.table.header.row + 1, self.plan.at["company"] + 1)
        cell._style = copy(own._style)
        if ours:
            look.header(BY_KEY["flag"]).paint(cell, font=False)

    def _paint(self, cell: Any, wanted: look.Look) -> None:
        """Give a cell our look on top of its row's or column's. Painting is slow, so each is painted once."""
        base = self._base(cell)
        key = (wanted, tuple(base) if base is not None else None)
        if key not in self._styles:
            if base is not None:
                cell._style = copy(base)
            wanted.paint(cell, font=False)
            self._styles[key] = cell._style
        cell._style = copy(self._styles[key])

    def _base(self, cell: Cell) -> Any:
        """The style that an untouched cell there shows: its row's, else its column's."""
        for dimension in (
            self.sheet.row_dimensions.get(cell.row),
            self.sheet.column_dimensions.get(get_column_letter(cell.column)),
        ):
            if dimension is not None and dimension.has_style:
                styled: Any = dimension
                return styled._style
        return None

    def _fit(self, row: int, columns: Sequence[int]) -> None:
        """Make a row as tall as its text in some columns, unless the person has set its height."""
        if self.kept.heights.get(str(row + 1)):
            return
        texts = [(str(self.sheet.cell(row + 1, column + 1).value or ""), self._width(column)) for column in columns]
        self.sheet.row_dimensions[row + 1].height = look.row_height(texts)
        self.kept.heights[str(row + 1)] = False

    def _width(self, column: int) -> float:
        dimension = self.sheet.column_dimensions.get(get_column_letter(column + 1))
        return float(dimension.width) if dimension is not None else 8.43
