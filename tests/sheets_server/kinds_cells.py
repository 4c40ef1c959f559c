"""batchUpdate requests on cells: writing, validation, find and replace, cut and paste, merging."""

from __future__ import annotations

import re

from . import a1
from .batch import Call, handles
from .cells import validation, write
from .errors import InvalidRequestError, Json, unimplemented
from .masks import update_mask


@handles("updateCells")
def update_cells(call: Call, body: Json) -> None:
    """Rows of cells at a range (the rest of it is cleared) or from a start (ragged rows allowed)."""
    mask = update_mask(body.get("fields"), "CellData")
    rows = body.get("rows", [])
    if "start" in body:
        start = body["start"]
        sheet = call.book.sheet_by_id(start.get("sheetId", 0))
        top, left = start.get("rowIndex", 0), start.get("columnIndex", 0)
        width = max((len(row.get("values", ())) for row in rows), default=0)
        area = a1.Area(sheet, top, left, top + len(rows), left + width)
        if area.bottom > len(sheet.rows):
            raise InvalidRequestError(_beyond("row", area.bottom - 1, len(sheet.rows) - 1))
        if area.right > len(sheet.columns):
            raise InvalidRequestError(_beyond("column", area.right - 1, len(sheet.columns) - 1))
    elif "range" in body:
        area = a1.grid_area(call.book, body["range"])
        if len(rows) > area.bottom - area.top:
            raise InvalidRequestError(_beyond("row", area.top + len(rows) - 1, area.bottom - 1))
        for row in rows:
            if len(row.get("values", ())) > area.right - area.left:
                raise InvalidRequestError(_beyond("column", area.left + len(row["values"]) - 1, area.right - 1))
    else:
        raise InvalidRequestError("Must specify either start or range.")
    call.check_protection(area)
    for offset in range(area.bottom - area.top):
        values = rows[offset].get("values", []) if offset < len(rows) else []
        width = len(values) if "start" in body else area.right - area.left
        for column in range(width):
            at = (area.top + offset, area.left + column)
            area.sheet[at] = write(area.sheet[at], values[column] if column < len(values) else {}, mask)


def _beyond(what: str, index: int, last: int) -> str:
    """Word it as recorded: https://github.com/OpenRefine/OpenRefine/issues/2760."""
    return f"Attempting to write {what}: {index}, beyond the last requested {what} of: {last}"


@handles("repeatCell")
def repeat_cell(call: Call, body: Json) -> None:
    """Write the same cell data over a range."""
    mask = update_mask(body.get("fields"), "CellData")
    area = a1.grid_area(call.book, body.get("range", {}))
    call.check_protection(area)
    for row in range(area.top, area.bottom):
        for column in range(area.left, area.right):
            area.sheet[row, column] = write(area.sheet[row, column], body.get("cell", {}), mask)


@handles("appendCells")
def append_cells(call: Call, body: Json) -> None:
    """Rows after the last row with data; grows the grid."""
    mask = update_mask(body.get("fields"), "CellData")
    sheet = call.book.sheet_by_id(body.get("sheetId", 0))
    rows = body.get("rows", [])
    top = sheet.last_row()
    width = max((len(row.get("values", ())) for row in rows), default=0)
    if width > len(sheet.columns):
        raise InvalidRequestError(_beyond("column", width - 1, len(sheet.columns) - 1))
    sheet.ensure(top + len(rows), 0)
    call.check_size()
    for offset, row in enumerate(rows):
        for column, data in enumerate(row.get("values", ())):
            sheet[top + offset, column] = write({}, data, mask)


@handles("setDataValidation")
def set_data_validation(call: Call, body: Json) -> None:
    """One validation rule for a range; none clears it."""
    area = a1.grid_area(call.book, body.get("range", {}))
    call.check_protection(area)
    for row in range(area.top, area.bottom):
        for column in range(area.left, area.right):
            cell = {key: value for key, value in area.sheet[row, column].items() if key != "dataValidation"}
            rule = {"dataValidation": validation(body["rule"])} if "rule" in body else {}
            area.sheet[row, column] = cell | rule


@handles("findReplace")
def find_replace(call: Call, body: Json) -> Json:
    """Text in typed strings; formulas and numbers are left alone here."""
    if "range" in body:
        areas = [a1.grid_area(call.book, body["range"])]
    else:
        sheets = call.book.sheets if body.get("allSheets") else [call.book.sheet_by_id(body.get("sheetId", 0))]
        areas = [a1.Area(one, 0, 0, len(one.rows), len(one.columns)) for one in sheets]
    find = body.get("find", "")
    pattern = find if body.get("searchByRegex") else re.escape(find)
    flags = 0 if body.get("matchCase") else re.IGNORECASE
    expression = re.compile(f"(?:{pattern})\\Z" if body.get("matchEntireCell") else pattern, flags)
    replacement = body.get("replacement", "")
    cells = occurrences = 0
    changed: set[tuple[int, int]] = set()
    for area in areas:
        for row, column, cell in list(area.sheet):
            text = cell.get("userEnteredValue", {}).get("stringValue")
            inside = area.top <= row < area.bottom and area.left <= column < area.right
            if text is None or not inside or (body.get("matchEntireCell") and not expression.match(text)):
                continue
            new, count = expression.subn(lambda _: replacement, text)
            if count:
                data = {"userEnteredValue": {"stringValue": new}}
                area.sheet[row, column] = write(cell, data, {"userEnteredValue": {}})
                cells, occurrences = cells + 1, occurrences + count
                changed.add((area.sheet.sheet_id, row))
    counts = {
        "valuesChanged": cells,
        "rowsChanged": len(changed),
        "sheetsChanged": len({sheet for sheet, _ in changed}),
        "occurrencesChanged": occurrences,
    }
    return {key: value for key, value in counts.items() if value}


@handles("cutPaste")
def cut_paste(call: Call, body: Json) -> None:
    """Cells of the source land at the destination; the source is empty afterwards."""
    source = a1.grid_area(call.book, body.get("source", {}))
    start = body.get("destination", {})
    sheet = call.book.sheet_by_id(start.get("sheetId", 0))
    top, left = start.get("rowIndex", 0), start.get("columnIndex", 0)
    target = a1.Area(sheet, top, left, top + source.bottom - source.top, left + source.right - source.left)
    if target.beyond:
        raise InvalidRequestError(target.limits())
    if body.get("pasteType", "PASTE_NORMAL") != "PASTE_NORMAL":
        raise unimplemented(f"pasteType {body['pasteType']}")
    call.check_protection(source)
    call.check_protection(target)
    cut_cells(source, target)


@handles("copyPaste")
def copy_paste(call: Call, body: Json) -> None:
    """Cells of the source stand at the destination as well, all of each, or its look and validation alone."""
    source, target = (a1.grid_area(call.book, body.get(name, {})) for name in ("source", "destination"))
    kind = body.get("pasteType", "PASTE_NORMAL")
    if kind not in PASTED or body.get("pasteOrientation", "NORMAL") != "NORMAL":
        raise unimplemented(f"copyPaste of {kind}")
    height, width = source.bottom - source.top, source.right - source.left
    down, right = max((target.bottom - target.top) // height, 1), max((target.right - target.left) // width, 1)
    target = a1.Area(target.sheet, target.top, target.left, target.top + down * height, target.left + right * width)
    if target.beyond:
        raise InvalidRequestError(target.limits())
    call.check_protection(target)
    taken = [[source.sheet[r, c] for c in range(source.left, source.right)] for r in range(source.top, source.bottom)]
    for row in range(target.bottom - target.top):
        for column in range(target.right - target.left):
            at, cell = (target.top + row, target.left + column), taken[row % height][column % width]
            if "formulaValue" in cell.get("userEnteredValue", {}):
                raise unimplemented("copyPaste of formulas")
            kept = {key: value for key, value in target.sheet[at].items() if key not in PASTED[kind]}
            target.sheet[at] = kept | {key: value for key, value in cell.items() if key in PASTED[kind]}


PASTED = {
    "PASTE_NORMAL": ("userEnteredValue", "userEnteredFormat", "textFormatRuns", "chipRuns", "dataValidation", "note"),
    "PASTE_FORMAT": ("userEnteredFormat", "dataValidation"),
}
"""What goes along; a smaller source is repeated over the destination (CopyPasteRequest in the reference)."""


def cut_cells(source: a1.Area, target: a1.Area) -> None:
    """Move the cells of one area onto another of the same size."""
    taken = {
        (row - source.top, column - source.left): source.sheet[row, column]
        for row in range(source.top, source.bottom)
        for column in range(source.left, source.right)
    }
    for row, column in taken:
        source.sheet[source.top + row, source.left + column] = None
    for (row, column), cell in taken.items():
        target.sheet[target.top + row, target.left + column] = cell


@handles("mergeCells")
def merge_cells(call: Call, body: Json) -> None:
    """Merge; only the top-left value of each merged block survives."""
    area = a1.grid_area(call.book, body.get("range", {}))
    kind = body.get("mergeType", "MERGE_ALL")
    blocks = [area]
    if kind == "MERGE_ROWS":
        blocks = [a1.Area(area.sheet, row, area.left, row + 1, area.right) for row in range(area.top, area.bottom)]
    elif kind == "MERGE_COLUMNS":
        columns = range(area.left, area.right)
        blocks = [a1.Area(area.sheet, area.top, column, area.bottom, column + 1) for column in columns]
    for block in blocks:
        area.sheet.merges = [one for one in area.sheet.merges if not _meets(one, block)]
        area.sheet.merges.append(a1.grid_range(block))
        for row in range(block.top, block.bottom):
            for column in range(block.left, block.right):
                if (row, column) != (block.top, block.left):
                    cell = area.sheet[row, column]
                    area.sheet[row, column] = {k: v for k, v in cell.items() if k == "userEnteredFormat"}


def _meets(merge: Json, area: a1.Area) -> bool:
    """Whether a merge shares a cell with an area: a new merge takes its place (recorded)."""
    rows = merge["startRowIndex"] < area.bottom and area.top < merge["endRowIndex"]
    return bool(rows and merge["startColumnIndex"] < area.right and area.left < merge["endColumnIndex"])


@handles("unmergeCells")
def unmerge_cells(call: Call, body: Json) -> None:
    """Drop the merges inside the range."""
    area = a1.grid_area(call.book, body.get("range", {}))
    area.sheet.merges = [
        merge
        for merge in area.sheet.merges
        if not (
            area.top <= merge["startRowIndex"] < area.bottom and area.left <= merge["startColumnIndex"] < area.right
        )
    ]
