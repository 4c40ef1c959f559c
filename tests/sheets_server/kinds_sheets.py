"""batchUpdate requests on tabs and on the spreadsheet itself."""

from __future__ import annotations

from .batch import Call, handles
from .cells import colours
from .errors import InvalidRequestError, Json
from .masks import update, update_mask
from .model import DEFAULT_COLUMNS, DEFAULT_ROWS, Sheet
from .render import sheet_properties

MANAGED = ("sheetId", "title", "index", "sheetType", "gridProperties")


@handles("addSheet")
def add_sheet(call: Call, body: Json) -> Json:
    """Add a tab: 1000 x 26 unless told otherwise."""
    new = body.get("properties", {})
    number = len(call.book.sheets) + 1
    while "title" not in new and call.book.find(f"Sheet{number}"):
        number += 1
    title = new.get("title", f"Sheet{number}")
    _check_title(call, title, None)
    if any(sheet.sheet_id == new.get("sheetId") for sheet in call.book.sheets):
        raise InvalidRequestError(f"Sheet id {new['sheetId']} already exists.")
    if new.get("sheetId", 0) < 0 or new.get("index", 0) < 0:
        raise InvalidRequestError("SheetProperties.sheetId and SheetProperties.index must not be negative.")
    if new.get("index", 0) > len(call.book.sheets):
        raise InvalidRequestError(f"Sheet index {new['index']} is too high; there are {len(call.book.sheets)} sheets.")
    grid = new.get("gridProperties", {})
    rows, columns = grid.get("rowCount", DEFAULT_ROWS), grid.get("columnCount", DEFAULT_COLUMNS)
    sheet = call.book.add_sheet(title, rows, columns, new.get("sheetId"), new.get("index"))
    call.check_size()
    _set_properties(sheet, sheet.properties | new | {"gridProperties": grid, "sheetId": sheet.sheet_id, "title": title})
    return {"properties": sheet_properties(call.book, sheet)}


def _check_title(call: Call, title: str, own: Sheet | None) -> None:
    if not title:
        raise InvalidRequestError("The sheet name cannot be empty.")
    if call.book.find(title) not in (None, own):
        raise InvalidRequestError(f'A sheet with the name "{title}" already exists. Please enter another name.')


def _set_properties(sheet: Sheet, new: Json) -> None:
    """Store SheetProperties without what is computed or zero."""
    grid = {k: v for k, v in new.get("gridProperties", {}).items() if v and k not in ("rowCount", "columnCount")}
    kept = {key: value for key, value in new.items() if key not in MANAGED and value not in (False, {}, "")}
    first = {"sheetId": new["sheetId"], "title": new["title"], "sheetType": "GRID"}
    sheet.properties = first | colours(kept) | {"gridProperties": grid}


@handles("updateSheetProperties")
def update_sheet_properties(call: Call, body: Json) -> None:
    """Title, place, hidden, frozen rows, grid size, tab colour."""
    new = body.get("properties", {})
    mask = update_mask(body.get("fields"), "SheetProperties")
    sheet = call.book.sheet_by_id(new.get("sheetId", 0))
    mask = {key: branch for key, branch in mask.items() if key not in ("sheetId", "sheetType")}
    old = sheet_properties(call.book, sheet)
    changed = update(old, new, mask)
    changed["title"] = changed.get("title", "")
    _check_title(call, changed["title"], sheet)
    _resize(call, sheet, changed.get("gridProperties", {}))
    _set_properties(sheet, changed)
    if all(one.hidden for one in call.book.sheets):
        raise InvalidRequestError("You can't hide all the sheets in a document.")
    if "index" in mask:
        before = call.book.sheets.index(sheet)
        target = changed.get("index", 0)
        call.book.sheets.remove(sheet)  # the index counts before the move
        call.book.sheets.insert(target - 1 if target > before else target, sheet)


def _resize(call: Call, sheet: Sheet, grid: Json) -> None:
    rows, columns = grid.get("rowCount", 0), grid.get("columnCount", 0)
    if rows < 1 or columns < 1:
        raise InvalidRequestError("A sheet must have at least one row and one column.")
    for key, size, what in (("frozenRowCount", rows, "rows"), ("frozenColumnCount", columns, "columns")):
        if grid.get(key, 0) >= size:
            raise InvalidRequestError(f"You can't freeze all visible {what} on the sheet.")
    del sheet.rows[rows:], sheet.columns[columns:]
    for row in sheet.rows:
        row.cells = {column: cell for column, cell in row.cells.items() if column < columns}
    sheet.ensure(rows, columns)
    call.check_size()


@handles("deleteSheet")
def delete_sheet(call: Call, body: Json) -> None:
    """Delete a tab; one visible tab must stay."""
    sheet = call.book.sheet_by_id(body.get("sheetId", 0))
    if not any(not one.hidden for one in call.book.sheets if one is not sheet):
        raise InvalidRequestError("You can't remove all the visible sheets in a document.")
    call.book.sheets.remove(sheet)


@handles("updateSpreadsheetProperties")
def update_spreadsheet_properties(call: Call, body: Json) -> None:
    """Title, locale, time zone. The locale is stored as sent."""
    mask = update_mask(body.get("fields"), "SpreadsheetProperties")
    changed = update(call.book.properties, body.get("properties", {}), mask)
    for key in ("title", "locale", "timeZone"):
        if not changed.get(key):
            raise InvalidRequestError(f"{key} must not be empty.")
    call.book.properties = changed
