"""Groups of rows and columns.

Groups nest and never cross, and touching ones of one depth are one group (seen live); so how deep each row or
column lies says all, and adding and deleting a group is counting up and down. That is what the examples of
AddDimensionGroupRequest and DeleteDimensionGroupRequest in the reference come to.
"""

from __future__ import annotations

from collections.abc import Iterator

from .errors import Json
from .model import Sheet

DEEPEST = 8
DEPTH, COLLAPSED = "_depth", "_collapsed"
"""Where a row's or column's DimensionProperties keep its depth, and the depths that are collapsed there."""


def groups(sheet: Sheet, *, rows: bool) -> list[Json]:
    """The DimensionGroups of a tab, outer before inner, as answers show them."""
    metas = [row.meta for row in sheet.rows] if rows else sheet.columns
    found = [(start, depth, end) for depth in range(1, DEEPEST + 1) for start, end in runs(metas, depth)]
    dimension = {"dimension": "ROWS" if rows else "COLUMNS"}
    first = {"sheetId": sheet.sheet_id} if sheet.sheet_id else {}
    return [
        {"range": {**first, **dimension, "startIndex": start, "endIndex": end}, "depth": depth}
        | ({"collapsed": True} if depth in metas[start].get(COLLAPSED, ()) else {})
        for start, depth, end in sorted(found)
    ]


def runs(metas: list[Json], depth: int) -> Iterator[tuple[int, int]]:
    start = None
    for index, meta in enumerate([*metas, {}]):
        inside = meta.get(DEPTH, 0) >= depth
        if inside and start is None:
            start = index
        elif not inside and start is not None:
            yield start, index
            start = None
