"""The ``spreadsheets.values`` endpoints, as ordinary scripts use them.

https://developers.google.com/sheets/api/reference/rest/v4/spreadsheets.values
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from . import a1
from .batch import Call
from .cells import write
from .errors import InvalidRequestError, Json, bad_field, bad_request
from .formulas import CellError, evaluate, now
from .model import Book
from .render import CellRenderer
from .typed import parse

if TYPE_CHECKING:
    from .api import Request

Options = tuple[str, str]


def read(book: Book, area: a1.Area, options: Options, major: str = "ROWS") -> Json:
    """Return a ValueRange: trailing empty rows and cells dropped; no ``values`` when nothing is left."""
    area = area.clamped()
    renderer = CellRenderer(book, area.sheet, {"formattedValue": {}})
    rows: list[list[Any]] = []
    for index in range(area.top, area.bottom):
        cells = area.sheet.rows[index].cells
        values = [
            _shown(renderer, cells[column], options) if column in cells else ""
            for column in range(area.left, area.right)
        ]
        while values and values[-1] == "":
            values.pop()
        rows.append(values)
    while rows and not rows[-1]:
        rows.pop()
    if major == "COLUMNS":
        width = max(map(len, rows), default=0)
        rows = [[row[c] if c < len(row) else "" for row in rows] for c in range(width)]
        for column in rows:
            while column and column[-1] == "":
                column.pop()
    answer: Json = {"range": str(area), "majorDimension": major}
    return answer | ({"values": rows} if rows else {})


def _shown(renderer: CellRenderer, cell: Json, options: Options) -> Any:
    value_option, date_option = options
    entered = cell.get("userEnteredValue")
    if not entered:
        return ""
    result = None
    if "formulaValue" in entered:
        if value_option == "FORMULA":
            return entered["formulaValue"]
        result = evaluate(renderer.book, renderer.sheet, entered["formulaValue"])
    dated = renderer.number_format(cell, result).get("type") in ("DATE", "TIME", "DATE_TIME")
    if value_option == "FORMATTED_VALUE" or (dated and date_option == "FORMATTED_STRING"):
        return renderer.display(cell, entered, result)
    if isinstance(result, CellError):
        return result.shown
    value = next(iter(entered.values())) if result is None else result.value
    return "" if value is None else value


def store(request: Request, book: Book, area: a1.Area, rows: list[list[Any]], option: str) -> Json:
    """Write values; ``null`` leaves a cell as it is, ``""`` empties it. The UpdateValuesResponse."""
    if option not in ("RAW", "USER_ENTERED"):
        raise bad_field("valueInputOption", "'valueInputOption' is required but not specified")
    height, width = len(rows), max((len(row) for row in rows), default=0)
    touched = a1.Area(area.sheet, area.top, area.left, area.top + height, area.left + width)
    if touched.beyond:
        raise bad_request(touched.limits())
    try:
        Call(book, request.caller).check_protection(touched)
    except InvalidRequestError as error:
        raise bad_request(str(error)) from None
    written: set[tuple[int, int]] = set()
    for row, values in enumerate(rows, area.top):
        for column, value in enumerate(values, area.left):
            if value is not None:
                written.add((row, column))
                _store_one(book, area, (row, column), value, option)
    answer: Json = {"spreadsheetId": book.id, "updatedRange": str(touched)}
    return answer | _counts("updated", {(area.sheet.sheet_id, *at) for at in written})


def _counts(prefix: str, cells: set[tuple[int, int, int]]) -> Json:
    """How many rows, columns and cells hold a cell that was written; zeros are dropped."""
    rows = {(sheet, row) for sheet, row, _ in cells}
    columns = {(sheet, column) for sheet, _, column in cells}
    counts = {f"{prefix}Rows": len(rows), f"{prefix}Columns": len(columns), f"{prefix}Cells": len(cells)}
    return {key: number for key, number in counts.items() if number}


def _store_one(book: Book, area: a1.Area, at: tuple[int, int], value: Any, option: str) -> None:
    number_format: Json | None = None
    if isinstance(value, bool):
        entered: Json | None = {"boolValue": value}
    elif isinstance(value, (int, float)):
        entered = {"numberValue": value}
    elif not isinstance(value, str):
        raise bad_field("data.values", "Invalid values: list_value or struct_value cannot be written to a cell.")
    elif option == "RAW":
        entered = {"stringValue": value} if value else None
    else:
        typed = parse(value, book.locale, now(book).date())
        entered, number_format = typed.value, typed.number_format
    data: Json = {"userEnteredValue": entered} if entered else {}
    mask: Json = {"userEnteredValue": {}}
    stored = area.sheet[at].get("userEnteredFormat", {}).get("numberFormat")
    if number_format and not stored:
        data["userEnteredFormat"] = {"numberFormat": number_format}
        mask["userEnteredFormat"] = {"numberFormat": {}}
    try:
        area.sheet[at] = write(area.sheet[at], data, mask)
    except InvalidRequestError as error:
        raise bad_request(str(error)) from None


def _options(request: Request) -> Options:
    shown = request.one("valueRenderOption", "FORMATTED_VALUE")
    return shown, request.one("dateTimeRenderOption", "SERIAL_NUMBER")


def get(request: Request, book: Book, text: str) -> tuple[Json, str]:
    """values.get."""
    area = a1.area(book, text)
    return read(book, area, _options(request), request.one("majorDimension", "ROWS")), "ValueRange"


def batch_get(request: Request, book: Book, text: str) -> tuple[Json, str]:
    """values.batchGet."""
    areas = [a1.area(book, one) for one in request.query.get("ranges", [])]
    found = [read(book, area, _options(request), request.one("majorDimension", "ROWS")) for area in areas]
    return {"spreadsheetId": book.id, "valueRanges": found}, "BatchGetValuesResponse"


def _rows(body: Json, area: a1.Area | None = None) -> list[list[Any]]:
    rows = body.get("values", [])
    for index, row in enumerate(rows):
        if not isinstance(row, list):
            kind = "type.googleapis.com/google.protobuf.ListValue"
            path = f"data.values[{index}]"
            raise bad_field(path, f"Invalid value at 'data.values' ({kind}), \"{row}\"")
    if body.get("majorDimension") == "COLUMNS":
        height = max(map(len, rows), default=0)
        rows = [[column[i] if i < len(column) else None for column in rows] for i in range(height)]
    if area is not None and (area.bottom - area.top, area.right - area.left) != (1, 1):
        for row, values in enumerate(rows):
            if row >= area.bottom - area.top:
                raise bad_request(
                    f"Requested writing within range [{area}], but tried writing to row [{area.bottom + 1}]"
                )
            if len(values) > area.right - area.left:
                column = a1.letters(area.right)
                raise bad_request(f"Requested writing within range [{area}], but tried writing to column [{column}]")
    return [list(row) for row in rows]


def update(request: Request, book: Book, text: str) -> tuple[Json, str]:
    """values.update."""
    body = request.json("ValueRange")
    area = a1.area(book, text)
    if body.get("range") and a1.area(book, body["range"]) != area:
        raise bad_request(f"Requested writing within range [{area}], but the body says [{body['range']}]")
    found = store(request, book, area, _rows(body, area), request.one("valueInputOption"))
    if request.flag("includeValuesInResponse"):
        option = request.one("responseValueRenderOption", "FORMATTED_VALUE")
        found["updatedData"] = read(book, a1.area(book, found["updatedRange"]), (option, "SERIAL_NUMBER"))
    return found, "UpdateValuesResponse"


def batch_update(request: Request, book: Book, text: str) -> tuple[Json, str]:
    """values.batchUpdate."""
    body = request.json("BatchUpdateValuesRequest")
    saved = book.snapshot()
    written: set[tuple[int, int, int]] = set()
    try:
        found = []
        for one in body.get("data", []):
            area = a1.area(book, one.get("range", ""))
            rows = _rows(one, area)
            found.append(store(request, book, area, rows, body.get("valueInputOption", "")))
            written |= {
                (area.sheet.sheet_id, row, column)
                for row, values in enumerate(rows, area.top)
                for column, value in enumerate(values, area.left)
                if value is not None
            }
    except Exception:
        book.restore(saved)
        raise
    totals = _counts("totalUpdated", written)
    if written:
        totals["totalUpdatedSheets"] = len({sheet for sheet, _, _ in written})
    return {"spreadsheetId": book.id, **totals, "responses": found}, "BatchUpdateValuesResponse"


def append(request: Request, book: Book, text: str) -> tuple[Json, str]:
    """values.append: after the table that the range touches; ``tableRange`` only when there is one."""
    body = request.json("ValueRange")
    area = a1.area(book, text)
    table = _table(area)
    rows = _rows(body)
    top, left = (table.bottom, table.left) if table else (area.top, area.left)
    sheet = area.sheet
    sheet.ensure(top + len(rows), left + max((len(row) for row in rows), default=0))
    if request.one("insertDataOption") == "INSERT_ROWS" and table:
        from .structure import insert

        insert(book, sheet, True, top, len(rows), inherit_before=True)
    target = a1.Area(sheet, top, left, top + 1, left + 1)
    found = store(request, book, target, rows, request.one("valueInputOption"))
    answer: Json = {"spreadsheetId": book.id} | ({"tableRange": str(table)} if table else {})
    return answer | {"updates": found}, "AppendValuesResponse"


def _table(area: a1.Area) -> a1.Area | None:
    """Return the last block of values inside the range, grown over its connected neighbours."""
    sheet = area.sheet
    clamped = area.clamped()
    filled = [
        (row, column)
        for row in range(clamped.top, clamped.bottom)
        for column, cell in sheet.rows[row].cells.items()
        if clamped.left <= column < clamped.right and "userEnteredValue" in cell
    ]
    if not filled:
        return None
    top = bottom = max(row for row, _ in filled)
    left = right = max(column for row, column in filled if row == bottom)

    def any_value(rows: range, columns: range) -> bool:
        return any("userEnteredValue" in sheet[r, c] for r in rows for c in columns)

    growing = True
    while growing:
        growing = False
        if top and any_value(range(top - 1, top), range(left, right + 1)):
            top, growing = top - 1, True
        if bottom + 1 < len(sheet.rows) and any_value(range(bottom + 1, bottom + 2), range(left, right + 1)):
            bottom, growing = bottom + 1, True
        if left and any_value(range(top, bottom + 1), range(left - 1, left)):
            left, growing = left - 1, True
        if right + 1 < len(sheet.columns) and any_value(range(top, bottom + 1), range(right + 1, right + 2)):
            right, growing = right + 1, True
    return a1.Area(sheet, top, left, bottom + 1, right + 1)


def _clear(request: Request, book: Book, area: a1.Area) -> str:
    area = area.clamped()
    try:
        Call(book, request.caller).check_protection(area)
    except InvalidRequestError as error:
        raise bad_request(str(error)) from None
    for row in range(area.top, area.bottom):
        for column in [c for c in area.sheet.rows[row].cells if area.left <= c < area.right]:
            area.sheet[row, column] = write(area.sheet[row, column], {}, {"userEnteredValue": {}})
    return str(area)


def clear(request: Request, book: Book, text: str) -> tuple[Json, str]:
    """values.clear: values only; formats stay."""
    request.json("ClearValuesRequest")
    cleared = _clear(request, book, a1.area(book, text))
    return {"spreadsheetId": book.id, "clearedRange": cleared}, "ClearValuesResponse"


def batch_clear(request: Request, book: Book, text: str) -> tuple[Json, str]:
    """values.batchClear."""
    areas = [a1.area(book, one) for one in request.json("BatchClearValuesRequest").get("ranges", [])]
    cleared = [_clear(request, book, area) for area in areas]
    return {"spreadsheetId": book.id, "clearedRanges": cleared}, "BatchClearValuesResponse"


METHODS: dict[str, Callable[[Request, Book, str], tuple[Json, str]]] = {
    "values.get": get,
    "values.batchGet": batch_get,
    "values.update": update,
    "values.batchUpdate": batch_update,
    "values.append": append,
    "values.clear": clear,
    "values.batchClear": batch_clear,
}
