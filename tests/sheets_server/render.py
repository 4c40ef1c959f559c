"""Answers: a Spreadsheet message from a book, under a field mask.

What is dropped and what stays follows recorded answers: proto3 zero values are dropped (``startRow: 0``,
nested ``sheetId: 0``, ``false``), values with presence stay (``numberValue: 0``, ``startRowIndex: 0``);
trailing empty cells and rows are missing; a mask with nothing to show is ``{}``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from . import a1, metadata
from .cells import STORED, links
from .display import formatted
from .errors import Json
from .formulas import CellError, Result, evaluate
from .groups import groups
from .masks import ALL, Mask, names, select
from .model import Book, Cell, Row, Sheet
from .typed import date_pattern

WHITE = {"red": 1, "green": 1, "blue": 1}
DEFAULT_FORMAT: Json = {
    "backgroundColor": WHITE,
    "padding": {"top": 2, "right": 3, "bottom": 2, "left": 3},
    "verticalAlignment": "BOTTOM",
    "wrapStrategy": "OVERFLOW_CELL",
    "textFormat": {
        "foregroundColor": {},
        "fontFamily": "arial,sans,sans-serif",
        "fontSize": 10,
        "bold": False,
        "italic": False,
        "strikethrough": False,
        "underline": False,
        "foregroundColorStyle": {"rgbColor": {}},
    },
    "backgroundColorStyle": {"rgbColor": WHITE},
}
THEME_COLOURS: dict[str, Json] = {
    "TEXT": {},
    "BACKGROUND": WHITE,
    "ACCENT1": {"red": 0.25882354, "green": 0.52156866, "blue": 0.95686275},
    "ACCENT2": {"red": 0.91764706, "green": 0.2627451, "blue": 0.20784314},
    "ACCENT3": {"red": 0.9843137, "green": 0.7372549, "blue": 0.015686275},
    "ACCENT4": {"red": 0.20392157, "green": 0.65882355, "blue": 0.3254902},
    "ACCENT5": {"red": 1, "green": 0.42745098, "blue": 0.003921569},
    "ACCENT6": {"red": 0.27450982, "green": 0.7411765, "blue": 0.7764706},
    "LINK": {"red": 0.06666667, "green": 0.33333334, "blue": 0.8},
}
THEME: Json = {
    "primaryFontFamily": "Arial",
    "themeColors": [{"colorType": kind, "color": {"rgbColor": colour}} for kind, colour in THEME_COLOURS.items()],
}


def spreadsheet(book: Book, mask: Mask, areas: list[a1.Area] | None, grid: bool, caller: str) -> Json:
    """Return the book under *mask*; *areas* limit sheets and grid data; *grid* only counts without a mask."""
    if not mask:
        mask = dict.fromkeys(("spreadsheetId", "properties", "sheets", "developerMetadata", "spreadsheetUrl"), ALL)
        if not grid:
            mask["sheets"] = dict.fromkeys(SHEET_PARTS, ALL)
    answer: Json = {}
    if "spreadsheetId" in mask:
        answer["spreadsheetId"] = book.id
    if "properties" in mask:
        answer["properties"] = select(book_properties(book), mask["properties"])
    if "sheets" in mask:
        wanted = [(s, [x for x in areas or () if x.sheet is s]) for s in book.sheets]
        answer["sheets"] = [
            sheet(book, one, mask["sheets"], limits, caller) for one, limits in wanted if areas is None or limits
        ]
    if "developerMetadata" in mask:
        found = metadata.shown(metadata.Place("SPREADSHEET", None, 0, []), book.metadata, caller)
        if found:
            answer["developerMetadata"] = select(found, mask["developerMetadata"])
    if "spreadsheetUrl" in mask:
        answer["spreadsheetUrl"] = f"https://docs.google.com/spreadsheets/d/{book.id}/edit"
    return answer


def book_properties(book: Book) -> Json:
    """SpreadsheetProperties."""
    return book.properties | {"defaultFormat": DEFAULT_FORMAT, "spreadsheetTheme": THEME}


def sheet_properties(book: Book, one: Sheet) -> Json:
    """SheetProperties; ``sheetId`` and ``index`` are shown even when 0."""
    stored = one.properties
    grid = {"rowCount": len(one.rows), "columnCount": len(one.columns), **stored["gridProperties"]}
    first = {key: stored[key] for key in ("sheetId", "title")}
    return first | {"index": book.sheets.index(one)} | stored | {"gridProperties": grid}


def _protected(book: Book, one: Sheet, caller: str) -> list[Json]:
    """Protected ranges, with what the caller may do; the owner is always among the editors, even behind a warning."""
    shown: list[Json] = []
    for rule in one.protected:
        if not can_edit(book, rule, caller):
            shown.append({key: value for key, value in rule.items() if key != "editors"})
            continue
        users = [book.owner, *(user for user in rule.get("editors", {}).get("users", []) if user != book.owner)]
        shown.append(rule | {"requestingUserCanEdit": True, "editors": rule.get("editors", {}) | {"users": users}})
    return shown


def _metadata(book: Book, one: Sheet, caller: str) -> list[Json]:
    return metadata.shown(metadata.Place("SHEET", one, 0, []), one.metadata, caller)


def can_edit(book: Book, rule: Json, caller: str) -> bool:
    """Warnings stop nobody; the spreadsheet's owner and the one who protected it are never locked out."""
    if rule.get("warningOnly") or caller == book.owner or book.creators.get(rule["protectedRangeId"]) == caller:
        return True
    return caller in rule.get("editors", {}).get("users", [])


SHEET_PARTS: dict[str, Callable[[Book, Sheet, str], Any]] = {
    "properties": lambda book, one, caller: sheet_properties(book, one),
    "merges": lambda book, one, caller: one.merges,
    "conditionalFormats": lambda book, one, caller: one.rules,
    "protectedRanges": _protected,
    "basicFilter": lambda book, one, caller: one.filter,
    "tables": lambda book, one, caller: one.tables,
    "developerMetadata": _metadata,
    "charts": lambda book, one, caller: one.charts,
    "rowGroups": lambda book, one, caller: groups(one, rows=True),
    "columnGroups": lambda book, one, caller: groups(one, rows=False),
}


def sheet(book: Book, one: Sheet, mask: Mask, areas: list[a1.Area], caller: str) -> Json:
    """One Sheet message."""
    answer: Json = {}
    for key, part in SHEET_PARTS.items():
        branch = names(mask, key)
        if branch is None:
            continue
        value = part(book, one, caller)
        if value:
            answer[key] = select(value, branch)
    branch = names(mask, "data")
    if branch is not None:
        whole = a1.Area(one, 0, 0, len(one.rows), len(one.columns))
        answer["data"] = [grid_data(book, area.clamped(), branch, caller) for area in areas or [whole]]
    return answer


def grid_data(book: Book, area: a1.Area, mask: Mask, caller: str) -> Json:
    """One GridData: rows up to the last with content; metadata for every row and column of the area."""
    answer: Json = {}
    if area.top and names(mask, "startRow") is not None:
        answer["startRow"] = area.top
    if area.left and names(mask, "startColumn") is not None:
        answer["startColumn"] = area.left
    rows = area.sheet.rows[area.top : area.bottom]
    row_mask = names(mask, "rowData")
    if row_mask is not None:
        found = _rows(book, area, rows, row_mask)
        if found:
            answer["rowData"] = found
    for key, kind, first, metas in (
        ("rowMetadata", "ROW", area.top, [row.meta for row in rows]),
        ("columnMetadata", "COLUMN", area.left, area.sheet.columns[area.left : area.right]),
    ):
        branch = names(mask, key)
        if branch is not None:
            shown = (metadata.of_dimension(area.sheet, kind, i, meta, caller) for i, meta in enumerate(metas, first))
            answer[key] = [select(one, branch) for one in shown]
    return answer


def _rows(book: Book, area: a1.Area, rows: list[Row], mask: Mask) -> list[Json]:
    cell_mask = names(mask, "values")
    if cell_mask is None:
        cell_mask = {}
    renderer = CellRenderer(book, area.sheet, cell_mask)
    result: list[Json] = []
    filled = 0
    left, right = area.left, area.right
    for index, row in enumerate(rows, area.top):
        cells = row.cells
        last = max((column for column in cells if left <= column < right), default=-1)
        if last < 0:
            result.append({})
            continue
        values = [renderer(index, column, cells[column]) if column in cells else {} for column in range(left, last + 1)]
        result.append({"values": values})
        filled = len(result)
    del result[filled:]
    return result if names(mask, "values") is not None else [{} for _ in result]


class CellRenderer:
    """CellData messages of one sheet under one mask; compiled once, as there may be 400,000 of them."""

    def __init__(self, book: Book, one: Sheet, mask: Mask) -> None:
        self.book, self.sheet, self.locale = book, one, book.locale
        self.stored = [(key, branch) for key in STORED if (branch := names(mask, key)) is not None]
        self.value = names(mask, "effectiveValue")
        self.look = names(mask, "effectiveFormat")
        self.text = names(mask, "formattedValue") is not None
        self.link = names(mask, "hyperlink") is not None
        self.painted = bool(one.rules)

    def __call__(self, row: int, column: int, cell: Cell) -> Json:
        answer: Json = {}
        for key, branch in self.stored:
            if key in cell:
                answer[key] = select(cell[key], branch) if branch else cell[key]
        entered = cell.get("userEnteredValue")
        result: Result | CellError | None = None
        if entered is not None:
            if "formulaValue" in entered:
                result = evaluate(self.book, self.sheet, entered["formulaValue"])
            if self.value is not None:
                value = entered if result is None else extended(result)
                answer["effectiveValue"] = select(value, self.value) if self.value else value
            if self.text:
                shown = entered["stringValue"] if "stringValue" in entered else self.display(cell, entered, result)
                if shown:
                    answer["formattedValue"] = shown
        if self.link and (len(cell) > 1 or result is not None):
            found = links(cell) or ([result.link] if isinstance(result, Result) and result.link else [])
            if len(found) == 1:
                answer["hyperlink"] = found[0]
        if self.look is not None and set(self.look) == {"numberFormat"}:
            number_format = self.number_format(cell, result)
            answer["effectiveFormat"] = select({"numberFormat": number_format} if number_format else {}, self.look)
        elif self.look is not None:
            answer["effectiveFormat"] = select(self.format((row, column), cell, result), self.look)
        return answer

    def display(self, cell: Cell, entered: Json, result: Result | CellError | None) -> str:
        """Return what the cell shows."""
        if isinstance(result, CellError):
            return result.shown
        value = next(iter(entered.values())) if result is None else result.value
        if isinstance(value, str):
            return value
        return "" if value is None else formatted(value, self.number_format(cell, result), self.locale)

    def number_format(self, cell: Cell, result: Result | CellError | None) -> Json:
        """Return the entered number format, else the one a formula computed (``=TODAY()`` is a date)."""
        found: Json = cell.get("userEnteredFormat", {}).get("numberFormat", {})
        if not found and isinstance(result, Result) and result.date:
            pattern = date_pattern(self.locale) + (" H:mm:ss" if result.date == "DATE_TIME" else "")
            return {"type": result.date, "pattern": pattern}
        return found

    def format(self, at: tuple[int, int], cell: Cell, result: Result | CellError | None) -> Json:
        """Return effectiveFormat: the default, then the user's, then what conditional formats add."""
        user = cell.get("userEnteredFormat", {})
        value = next(iter(cell.get("userEnteredValue", {}).values()), None)
        if result is not None:
            value = result.value if isinstance(result, Result) else None
        side = "CENTER" if isinstance(value, bool) else "RIGHT" if isinstance(value, (int, float)) else "LEFT"
        linked = links(cell) or (isinstance(result, Result) and result.link)
        found: Json = DEFAULT_FORMAT | {"horizontalAlignment": side}
        found["hyperlinkDisplayType"] = "LINKED" if linked else "PLAIN_TEXT"
        number_format = self.number_format(cell, result)
        added = conditional(self.book, self.sheet, at) if self.painted else []
        for layer in (user, {"numberFormat": number_format} if number_format else {}, *added):
            text_format = found["textFormat"] | layer.get("textFormat", {})
            found |= layer | {"textFormat": text_format}
        return found


def conditional(book: Book, one: Sheet, at: tuple[int, int]) -> list[Json]:
    """Return the formats of the rules that hold at a cell; the first rule's last, as it wins."""
    row, column = at
    found: list[Json] = []
    for rule in one.rules:
        boolean = rule.get("booleanRule")
        anchor = rule["ranges"][0].get("startRowIndex", 0), rule["ranges"][0].get("startColumnIndex", 0)
        if boolean and any(_inside(grid, row, column) for grid in rule["ranges"]):
            condition = boolean["condition"]
            formula = next((value.get("userEnteredValue", "") for value in condition.get("values", ())), "")
            if condition["type"] == "CUSTOM_FORMULA":
                result = evaluate(book, one, formula, (row - anchor[0], column - anchor[1]))
                if isinstance(result, Result) and result.value and not isinstance(result.value, str):
                    found.insert(0, boolean.get("format", {}))
    return found


def _inside(grid: Json, row: int, column: int) -> bool:
    return bool(
        grid.get("startRowIndex", 0) <= row < grid.get("endRowIndex", row + 1)
        and grid.get("startColumnIndex", 0) <= column < grid.get("endColumnIndex", column + 1)
    )


def extended(result: Result | CellError) -> Json:
    """Return an ExtendedValue for a formula's result."""
    if isinstance(result, CellError):
        return {"errorValue": {"type": result.type, "message": result.message}}
    value = result.value
    if value is None:
        return {"numberValue": 0}
    if isinstance(value, bool):
        return {"boolValue": value}
    return {"stringValue": value} if isinstance(value, str) else {"numberValue": value}
