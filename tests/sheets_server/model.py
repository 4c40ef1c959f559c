"""Spreadsheets as plain data: a book of sheets, rows of cells, and what hangs on them.

A cell is a plain dict in the form of the API's CellData, with only what was stored (``userEnteredValue``,
``userEnteredFormat``, ``textFormatRuns``, ``chipRuns``, ``note``, ``dataValidation``); computed fields are
made when answering. A cell dict is never changed in place, always replaced: that makes a snapshot of 400,000
cells cheap, and a batch atomic.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from . import a1
from .errors import InvalidRequestError, Json

Cell = Json
DEFAULT_ROWS, DEFAULT_COLUMNS = 1000, 26
MAX_CELLS = 10_000_000
ROW_PIXELS, COLUMN_PIXELS = 21, 100


@dataclass(slots=True)
class Row:
    """Cells by column index, and the row's DimensionProperties."""

    cells: dict[int, Cell] = field(default_factory=dict)
    meta: Json = field(default_factory=lambda: {"pixelSize": ROW_PIXELS})

    def copy(self) -> Row:
        """Return a snapshot; cells are shared, they never change in place."""
        return Row(dict(self.cells), copied(self.meta))


class Sheet:
    """One tab. Names of DimensionProperties that begin with _ are the server's own."""

    def __init__(self, sheet_id: int, title: str, rows: int = DEFAULT_ROWS, columns: int = DEFAULT_COLUMNS) -> None:
        self.properties: Json = {
            "sheetId": sheet_id,
            "title": title,
            "sheetType": "GRID",
            "gridProperties": {},
        }
        self.rows: list[Row] = [Row() for _ in range(rows)]
        self.columns: list[Json] = [{"pixelSize": COLUMN_PIXELS} for _ in range(columns)]
        self.rules: list[Json] = []
        self.protected: list[Json] = []
        self.merges: list[Json] = []
        self.tables: list[Json] = []
        self.metadata: list[Json] = []
        self.charts: list[Json] = []
        self.filter: Json | None = None

    @property
    def sheet_id(self) -> int:
        """The id in ``#gid=``; 0 for the first sheet of a new spreadsheet."""
        found: int = self.properties["sheetId"]
        return found

    @property
    def title(self) -> str:
        """The tab's name."""
        found: str = self.properties["title"]
        return found

    @property
    def hidden(self) -> bool:
        """The tab is hidden."""
        return bool(self.properties.get("hidden"))

    def __getitem__(self, at: str | tuple[int, int]) -> Cell:
        """Return the stored cell at ``"B3"`` or (row, column); ``{}`` where there is none."""
        row, column = a1.cell(at) if isinstance(at, str) else at
        return self.rows[row].cells.get(column, {})

    def __setitem__(self, at: str | tuple[int, int], cell: Cell | None) -> None:
        """Store a cell; an empty one is no cell."""
        row, column = a1.cell(at) if isinstance(at, str) else at
        if cell:
            self.rows[row].cells[column] = cell
        else:
            self.rows[row].cells.pop(column, None)

    def __iter__(self) -> Iterator[tuple[int, int, Cell]]:
        """Every stored cell as (row, column, cell)."""
        for index, row in enumerate(self.rows):
            for column, cell in row.cells.items():
                yield index, column, cell

    def entered(self, at: str | tuple[int, int]) -> Any:
        """Return what was typed there as a Python value; formulas as text, None when empty."""
        return next(iter(self[at].get("userEnteredValue", {}).values()), None)

    def last_row(self) -> int:
        """Index after the last row that holds any cell."""
        return max((index + 1 for index, row in enumerate(self.rows) if row.cells), default=0)

    def last_value_row(self) -> int:
        """Index after the last row that holds a value."""
        filled = (i + 1 for i, row in enumerate(self.rows) if any("userEnteredValue" in c for c in row.cells.values()))
        return max(filled, default=0)

    def last_value_column(self) -> int:
        """Index after the last column that holds a value."""
        return max((column + 1 for _, column, cell in self if "userEnteredValue" in cell), default=0)

    def ensure(self, rows: int, columns: int) -> None:
        """Grow the grid where it is smaller."""
        self.rows += [Row() for _ in range(rows - len(self.rows))]
        self.columns += [{"pixelSize": COLUMN_PIXELS} for _ in range(columns - len(self.columns))]

    def snapshot(self) -> Json:
        """All of its state, cheap for cells, deep for the little rest."""
        state = copy.deepcopy({key: value for key, value in vars(self).items() if key not in ("rows", "columns")})
        return state | {"rows": [row.copy() for row in self.rows], "columns": [copied(c) for c in self.columns]}


def copied(meta: Json) -> Json:
    """A row's or column's DimensionProperties apart from the original; most have nothing but a size."""
    return copy.deepcopy(meta) if len(meta) > 1 else dict(meta)


def utc_now() -> datetime:
    """Return the default clock."""
    return datetime.now(UTC)


class Book:
    """A spreadsheet."""

    def __init__(
        self,
        book_id: str,
        title: str = "Interviews",
        locale: str = "en_US",
        time_zone: str = "Etc/GMT",
        owner: str = "owner@people.example",
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self.id = book_id
        self.properties: Json = {
            "title": title,
            "locale": locale,
            "autoRecalc": "ON_CHANGE",
            "timeZone": time_zone,
        }
        self.sheets: list[Sheet] = []
        self.metadata: list[Json] = []
        self.owner = owner
        self.roles: dict[str, str] = {owner: "owner"}
        self.creators: dict[int, str] = {}
        self.clock = clock
        self._ids = 1000

    @property
    def locale(self) -> str:
        """Such as ``en_US``: decides how typed text is read and how dates are shown."""
        found: str = self.properties["locale"]
        return found

    @property
    def time_zone(self) -> str:
        """A CLDR name such as ``Europe/Paris``, or ``GMT-07:00``."""
        found: str = self.properties["timeZone"]
        return found

    @property
    def first_visible(self) -> Sheet:
        """The sheet that a range without a tab name means."""
        return next(sheet for sheet in self.sheets if not sheet.hidden)

    def __getitem__(self, title: str) -> Sheet:
        sheet = self.find(title)
        if sheet is None:
            raise KeyError(title)
        return sheet

    def find(self, title: str) -> Sheet | None:
        """By title; Google compares tab titles without case."""
        return next((sheet for sheet in self.sheets if sheet.title.casefold() == title.casefold()), None)

    def sheet_by_id(self, sheet_id: int) -> Sheet:
        """For requests; raises InvalidRequestError as Google words it."""
        for sheet in self.sheets:
            if sheet.sheet_id == sheet_id:
                return sheet
        raise InvalidRequestError(f"No grid with id: {sheet_id}")

    def add_sheet(
        self,
        title: str,
        rows: int = DEFAULT_ROWS,
        columns: int = DEFAULT_COLUMNS,
        sheet_id: int | None = None,
        index: int | None = None,
    ) -> Sheet:
        """Add a tab; the first one gets id 0 unless told otherwise."""
        sheet = Sheet((self.new_id() if self.sheets else 0) if sheet_id is None else sheet_id, title, rows, columns)
        self.sheets.insert(len(self.sheets) if index is None else index, sheet)
        return sheet

    def new_id(self) -> int:
        """Return a fresh id for a sheet, rule, protection, table or metadata; reproducible."""
        self._ids += 1
        return self._ids * 7919 % 2_000_000_011

    def cell_count(self, without: Sheet | None = None) -> int:
        """Cells of all grids, for the limit of 10,000,000."""
        return sum(len(s.rows) * len(s.columns) for s in self.sheets if s is not without)

    def snapshot(self) -> Json:
        """State to restore when a batch fails half-way."""
        kept = ("properties", "metadata", "roles", "creators")
        return {
            "sheets": [(sheet, sheet.snapshot()) for sheet in self.sheets],
            **{key: copy.deepcopy(getattr(self, key)) for key in kept},
        }

    def restore(self, state: Json) -> None:
        """Back to a snapshot; Sheet objects stay the same ones."""
        self.sheets = []
        for sheet, fields in state["sheets"]:
            vars(sheet).update(fields)
            self.sheets.append(sheet)
        for key in ("properties", "metadata", "roles", "creators"):
            setattr(self, key, state[key])
