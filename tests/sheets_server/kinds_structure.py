"""batchUpdate requests on rows and columns, and sorting."""

from __future__ import annotations

from typing import Any

from . import a1, structure
from .batch import Call, handles
from .errors import InvalidRequestError, Json
from .formulas import CellError, evaluate
from .masks import update, update_mask
from .model import Book, Sheet


def _dimension(call: Call, body: Json, beyond: bool = False) -> tuple[Sheet, bool, int, int]:
    """Return a DimensionRange as (sheet, rows?, start, end)."""
    sheet = call.book.sheet_by_id(body.get("sheetId", 0))
    if body.get("dimension") not in ("ROWS", "COLUMNS"):
        raise InvalidRequestError("No dimension specified.")
    rows = body["dimension"] == "ROWS"
    size = len(sheet.rows) if rows else len(sheet.columns)
    start, end = body.get("startIndex", 0), body.get("endIndex", size)
    if start < 0 or end <= start:
        raise InvalidRequestError(f"endIndex[{end}] must be greater than startIndex[{start}].")
    if end > size and not beyond:
        raise InvalidRequestError(f"Index {end} is beyond the grid size ({size}).")
    return sheet, rows, start, end


def _protect(call: Call, sheet: Sheet, rows: bool, start: int, end: int) -> None:
    if rows:
        call.check_protection(a1.Area(sheet, start, 0, end, len(sheet.columns)))
    else:
        call.check_protection(a1.Area(sheet, 0, start, len(sheet.rows), end))


@handles("appendDimension")
def append_dimension(call: Call, body: Json) -> None:
    """More rows at the bottom or columns at the right."""
    sheet = call.book.sheet_by_id(body.get("sheetId", 0))
    length = body.get("length", 0)
    if length < 1:
        raise InvalidRequestError("length must be greater than 0.")
    if body.get("dimension") not in ("ROWS", "COLUMNS"):
        raise InvalidRequestError("No dimension specified.")
    rows = body["dimension"] == "ROWS"
    sheet.ensure(len(sheet.rows) + length if rows else 0, 0 if rows else len(sheet.columns) + length)
    call.check_size()


@handles("insertDimension")
def insert_dimension(call: Call, body: Json) -> None:
    """Insert rows or columns at an index."""
    sheet, rows, start, end = _dimension(call, body.get("range", {}), beyond=True)
    before = body.get("inheritFromBefore", False)
    size = len(sheet.rows) if rows else len(sheet.columns)
    if start > size or (start == size and not before):
        raise InvalidRequestError(
            f"range.startIndex[{start}] must be less than the grid size ({size}) if inheritFromBefore is false."
        )
    structure.insert(call.book, sheet, rows, start, end - start, before)
    call.check_size()


@handles("deleteDimension")
def delete_dimension(call: Call, body: Json) -> None:
    """Rows or columns go."""
    sheet, rows, start, end = _dimension(call, body.get("range", {}), beyond=True)
    size = len(sheet.rows) if rows else len(sheet.columns)
    what = "row" if rows else "column"
    if end > size:
        raise InvalidRequestError(
            f"Cannot delete a {what} that doesn't exist. Tried to delete {what} index {end - 1} but "
            f"there are only {size} {what}s."
        )
    if end - start == size:
        raise InvalidRequestError(f"You can't delete all the {what}s on the sheet.")
    _protect(call, sheet, rows, start, end)
    structure.delete(call.book, sheet, rows, start, end)


@handles("moveDimension")
def move_dimension(call: Call, body: Json) -> None:
    """Rows or columns to another place; the destination counts before the move."""
    sheet, rows, start, end = _dimension(call, body.get("source", {}))
    destination = body.get("destinationIndex", 0)
    size = len(sheet.rows) if rows else len(sheet.columns)
    if not 0 <= destination <= size or start < destination < end:
        raise InvalidRequestError(f"destinationIndex[{destination}] is not a valid destination.")
    structure.move(call.book, sheet, rows, start, end, destination)


@handles("updateDimensionProperties")
def update_dimension_properties(call: Call, body: Json) -> None:
    """Hidden or not, and the size in pixels."""
    mask = update_mask(body.get("fields"), "DimensionProperties")
    sheet, rows, start, end = _dimension(call, body.get("range", {}))
    metas = [row.meta for row in sheet.rows[start:end]] if rows else sheet.columns[start:end]
    for meta in metas:
        kept = {key: value for key, value in meta.items() if key.startswith("_") or key == "developerMetadata"}
        new = update(meta, body.get("properties", {}), mask) | kept
        meta.clear()
        meta |= {key: value for key, value in new.items() if value is not False}
        meta.setdefault("pixelSize", 21 if rows else 100)


@handles("autoResizeDimensions")
def auto_resize_dimensions(call: Call, body: Json) -> None:
    """Columns fit their longest text, roughly."""
    sheet, rows, start, end = _dimension(call, body.get("dimensions", {}))
    if rows:
        return
    for column in range(start, end):
        longest = max((len(str(sheet.entered((r, column)) or "")) for r in range(len(sheet.rows))), default=0)
        sheet.columns[column]["pixelSize"] = max(21, 7 * longest + 6)


@handles("sortRange")
def sort_range(call: Call, body: Json) -> None:
    """Sort the rows of a range by columns of the sheet."""
    area = a1.grid_area(call.book, body.get("range", {}))
    call.check_protection(area)
    specs = body.get("sortSpecs", [])
    if not specs:
        raise InvalidRequestError("At least one sortSpec must be set.")
    sort(call.book, area, [(s.get("dimensionIndex", 0), s.get("sortOrder") == "DESCENDING") for s in specs])


def sort(book: Book, area: a1.Area, specs: list[tuple[int, bool]]) -> None:
    """Numbers, then text without case, then booleans; empty cells always last. Stable."""
    order = list(range(area.top, area.bottom))
    for column, descending in reversed(specs):
        if not area.left <= column < area.right:
            raise InvalidRequestError(f"sortSpec dimensionIndex[{column}] is outside of the range.")
        filled = [row for row in order if _sort_key(book, area.sheet, row, column) is not None]
        empty = [row for row in order if _sort_key(book, area.sheet, row, column) is None]
        filled.sort(key=lambda row: _sort_key(book, area.sheet, row, column) or (), reverse=descending)
        order = filled + empty
    structure.reorder_rows(area.sheet, area, order)


def _sort_key(book: Book, sheet: Sheet, row: int, column: int) -> tuple[Any, ...] | None:
    entered = sheet[row, column].get("userEnteredValue", {})
    value = next(iter(entered.values()), None)
    if "formulaValue" in entered:
        result = evaluate(book, sheet, entered["formulaValue"])
        if isinstance(result, CellError):
            return (3, result.type)
        value = result.value
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return (2, value)
    return (1, value.casefold()) if isinstance(value, str) else (0, value)
