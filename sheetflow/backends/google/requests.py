"""Requests of a batchUpdate that are not about one look or one cell: batches, room for columns, clearing by text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from json import dumps
from typing import Any

from sheetflow.backends.google.cells import VALUE, Written, update_requests
from sheetflow.backends.google.merge import Place
from sheetflow.backends.google.tab import Tab
from sheetflow.columns import Column
from sheetflow.sheet import Value

Json = dict[str, Any]

BODY_LIMIT = 2_000_000
"""Bytes of one write: Google advises 2 MB (https://developers.google.com/workspace/sheets/api/limits)."""


def batches(
    first: list[Json], marks: list[Json], cells: Mapping[Place, Written], sheet_id: int
) -> Iterator[list[Json]]:
    """The requests in batches of at most about ``BODY_LIMIT`` bytes, split between rows, each with the marks."""
    batch, size, row_now = [*first, *marks], len(dumps(first)), -1
    band: dict[Place, Written] = {}
    for place in sorted(cells):
        if place[0] != row_now and size > BODY_LIMIT * 0.9:
            yield [*batch, *(request for _, request in update_requests(band, sheet_id))]
            batch, band, size = list(marks), {}, 0
        row_now = place[0]
        band[place] = cells[place]
        size += cells[place].size
    yield [*batch, *(request for _, request in update_requests(band, sheet_id))]


def room_for(added: Sequence[tuple[int, Column]], tab: Tab) -> Iterator[Json]:
    """Insert new columns rather than fill free ones: whatever people move meanwhile, these are nobody else's."""
    if not added:
        return
    first, sheet_id = added[0][0], tab.sheet_id
    if first >= tab.columns:  # else they would take after the person's last column, with its lists and formats
        yield {"appendDimension": {"sheetId": sheet_id, "dimension": "COLUMNS", "length": 1}}
    span = {"sheetId": sheet_id, "dimension": "COLUMNS", "startIndex": first, "endIndex": first + len(added)}
    yield {"insertDimension": {"range": span, "inheritFromBefore": False}}


def clear_texts(texts: Iterable[object], sheet_id: int) -> Iterator[Json]:
    """Empty every cell of a tab that holds one of these, as entered, and nothing else."""
    for kind, text in sorted(text for text in texts if isinstance(text, tuple)):
        if kind == "stringValue":
            find = {"find": text, "replacement": "", "matchCase": True, "matchEntireCell": True}
            yield {"findReplace": {**find, "sheetId": sheet_id}}


def text_cell(value: Value) -> Written:
    """A cell with plain text or a number."""
    kind = "numberValue" if isinstance(value, int) and not isinstance(value, bool) else "stringValue"
    return Written({"userEnteredValue": {kind: value}} if value != "" else {}, (VALUE,))
