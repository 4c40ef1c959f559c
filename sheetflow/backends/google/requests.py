"""Requests of a batchUpdate that are not about one look or one cell: batches, notes, hiding."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sheetflow.backends.google.cells import VALUE, Written, update_requests
from sheetflow.backends.google.merge import Place
from sheetflow.sheet import Value

Json = dict[str, Any]

BODY_LIMIT = 2_000_000
"""Bytes of one write: Google advises 2 MB (https://developers.google.com/workspace/sheets/api/limits)."""


def batches(first: list[Json], cells: Mapping[Place, Written], sheet_id: int) -> Iterator[list[Json]]:
    """The requests in batches of at most about ``BODY_LIMIT`` bytes, split between rows."""
    batch, size, row_now = first, 0, -1
    band: dict[Place, Written] = {}
    for place in sorted(cells):
        if place[0] != row_now and size > BODY_LIMIT * 0.9:
            yield [*batch, *(request for _, request in update_requests(band, sheet_id))]
            batch, band, size = [], {}, 0
        row_now = place[0]
        band[place] = cells[place]
        size += cells[place].size
    yield [*batch, *(request for _, request in update_requests(band, sheet_id))]


def text_cell(value: Value) -> Written:
    """A cell with plain text or a number."""
    kind = "numberValue" if isinstance(value, int) and not isinstance(value, bool) else "stringValue"
    return Written({"userEnteredValue": {kind: value}} if value != "" else {}, (VALUE,))


def note_request(sheet_id: int, place: Place, text: str) -> Json:
    """The note on one cell; empty text takes it away."""
    start = {"sheetId": sheet_id, "rowIndex": place[0], "columnIndex": place[1]}
    rows = [{"values": [{"note": text} if text else {}]}]
    return {"updateCells": {"start": start, "rows": rows, "fields": "note"}}


def hide_request(sheet_id: int, column: int, *, hidden: bool) -> Json:
    """Hide or show one column."""
    span = {"sheetId": sheet_id, "dimension": "COLUMNS", "startIndex": column, "endIndex": column + 1}
    properties = {"hiddenByUser": hidden}
    return {"updateDimensionProperties": {"range": span, "properties": properties, "fields": "hiddenByUser"}}
