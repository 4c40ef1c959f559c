"""What the two local backends share: limits, the computer's time zone, and where the result goes."""

from __future__ import annotations

import os
from datetime import date, datetime, time, tzinfo
from pathlib import Path

from sheetflow.cells import moment_text, read_text
from sheetflow.errors import Refused, SheetflowError
from sheetflow.plan import Plan
from sheetflow.settings import read_zone
from sheetflow.sheet import Cell, CellError, Formula, Links, Value

MOST_ROWS, MOST_COLUMNS = 200_000, 500


def check_size(rows: int, columns: int, path: Path) -> None:
    """Refuse what is too large to be a tracker before any more of it is read."""
    if rows > MOST_ROWS or columns > MOST_COLUMNS:
        raise Refused(
            f"{{file}} has more than {MOST_ROWS:,} rows or {MOST_COLUMNS} columns, which is no tracker. "
            "Save the rows of your interviews to a file of their own.",
            file=path.name,
        )


def local_zone() -> tzinfo:
    """The computer's time zone, with its changes over the year; by ``TZ`` or the system's settings.

    Raises ``SheetflowError`` when neither names a zone.
    """
    from tzlocal import get_localzone

    name = os.environ.get("TZ", "").removeprefix(":")
    try:
        return read_zone(name) if name else get_localzone()
    except (ValueError, LookupError, OSError):
        raise SheetflowError(
            "The computer's time zone is not known by that name. Set it with --time-zone, like Europe/Madrid."
        ) from None


def date_cells(plan: Plan) -> dict[tuple[int, int], datetime]:
    """The person's date cells that were read: 0-based place -> moment (midnight: a date without a time)."""
    first = plan.table.first_row
    moments: dict[tuple[int, int], datetime] = {}
    for index, column in plan.table.moments.items():
        days: list[datetime] = column.astype("datetime64[us]").tolist()
        moments.update({(first + row, index): day for row, day in enumerate(days) if day is not None})
    return moments


def whole_rows(plan: Plan) -> list[list[Cell]]:
    """The whole sheet with a plan's changes: the person's cells as text, what was read as a date as a date."""
    width = plan.width
    rows: list[list[Cell]] = [[*map(cell_text, cells), *[""] * (width - len(cells))] for cells in plan.sheet.rows]
    for (row, column), moment in date_cells(plan).items():
        rows[row][column] = moment if moment.time() != time() else moment.date()
    for index, added in plan.added:
        rows[plan.table.header.row][index] = added.header
    for key, wanted in plan.wanted.items():
        place = plan.at[key]
        for row, cell in enumerate(wanted, start=plan.table.first_row):
            rows[row][place] = cell
    return rows


def as_text(cell: Cell) -> str:
    """A cell of ours as a file of text keeps it."""
    match cell:
        case Links():
            return cell.urls
        case date():
            return moment_text(cell)
        case int():
            return str(cell)
        case str():
            return cell


def cell_text(value: Value) -> str:
    """Any cell as a .csv keeps it."""
    if isinstance(value, Formula):
        value = value.value
    if isinstance(value, CellError):
        return value.text
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, Links):
        return value.urls
    return value if isinstance(value, str) else read_text(value)
