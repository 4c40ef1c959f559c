"""batchUpdate requests on groups of rows and columns."""

from __future__ import annotations

from .batch import Call, handles
from .errors import InvalidRequestError, Json
from .groups import COLLAPSED, DEEPEST, DEPTH, groups, runs
from .masks import update_mask
from .model import Sheet


def _span(call: Call, body: Json) -> tuple[Sheet, bool, int, int]:
    sheet = call.book.sheet_by_id(body.get("sheetId", 0))
    if body.get("dimension") not in ("ROWS", "COLUMNS"):
        raise InvalidRequestError("No dimension specified.")
    rows = body["dimension"] == "ROWS"
    size = len(sheet.rows) if rows else len(sheet.columns)
    start, end = body.get("startIndex", 0), body.get("endIndex", size)
    if not 0 <= start < end <= size:
        raise InvalidRequestError(f"The range [{start}, {end}) is not inside of the grid size ({size}).")
    return sheet, rows, start, end


def _metas(sheet: Sheet, rows: bool) -> list[Json]:
    return [row.meta for row in sheet.rows] if rows else sheet.columns


@handles("addDimensionGroup")
def add_dimension_group(call: Call, body: Json) -> Json:
    """A group over a range."""
    sheet, rows, start, end = _span(call, body.get("range", {}))
    metas = _metas(sheet, rows)[start:end]
    if any(meta.get(DEPTH, 0) == DEEPEST for meta in metas):
        raise InvalidRequestError(f"A group can be at most {DEEPEST} levels deep.")
    for meta in metas:
        meta[DEPTH] = meta.get(DEPTH, 0) + 1
    return {"dimensionGroups": groups(sheet, rows=rows)}


@handles("deleteDimensionGroup")
def delete_dimension_group(call: Call, body: Json) -> Json:
    """One level less over a range. What a collapsed group hid stays hidden."""
    sheet, rows, start, end = _span(call, body.get("range", {}))
    metas = _metas(sheet, rows)[start:end]
    if not all(meta.get(DEPTH) for meta in metas):
        raise InvalidRequestError("There is no group over the whole of the range.")
    for meta in metas:
        depth = meta.pop(DEPTH) - 1
        collapsed = [one for one in meta.pop(COLLAPSED, ()) if one <= depth]
        meta |= ({DEPTH: depth} if depth else {}) | ({COLLAPSED: collapsed} if collapsed else {})
    left = groups(sheet, rows=rows)
    return {"dimensionGroups": left} if left else {}


@handles("updateDimensionGroup")
def update_dimension_group(call: Call, body: Json) -> None:
    """Collapse or expand a group, named by range and depth: all in it is hidden or shown."""
    new = body.get("dimensionGroup", {})
    mask = update_mask(body.get("fields"), "DimensionGroup")
    sheet, rows, start, end = _span(call, new.get("range", {}))
    metas, depth = _metas(sheet, rows), new.get("depth", 0)
    if (start, end) not in list(runs(metas, depth)) or not 1 <= depth <= DEEPEST:
        raise InvalidRequestError(f"There is no group over the range [{start}, {end}) with depth {depth}.")
    if set(mask) - {"collapsed", "range", "depth"}:
        raise InvalidRequestError("Only collapsed can be updated.")
    for meta in metas[start:end]:
        others = [one for one in meta.pop(COLLAPSED, ()) if one != depth]
        meta.pop("hiddenByUser", None)
        if new.get("collapsed"):
            meta |= {COLLAPSED: [*others, depth], "hiddenByUser": True}
        elif others:
            meta[COLLAPSED] = others
