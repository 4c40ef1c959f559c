"""Developer metadata of ours: which column is which, where a write landed, and who wrote last.

Google moves it with what it is on; nobody sees it in the sheet. It is deleted and made anew, never updated.
https://developers.google.com/workspace/sheets/api/guides/metadata
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

Json = dict[str, Any]

KEY = "sheetflow"
"""Of a column of ours, with the column's key as value; of the spreadsheet, with the signature of the last write."""
LANDED = "sheetflow.landed"
"""Of a column that the last write addressed: which write it was, and by which index; the next write deletes it."""
MADE = "sheetflow.made"
"""Of the spreadsheet, with a tab's key as value: that tab of ours was made once, and is not made again."""
PART = "sheetflow.part"
"""Of a column of a tab of ours, with its 0-based number there as value; of the first and the last row, so called."""
FIELDS = "developerMetadata(metadataId,metadataKey,metadataValue)"


class Item(NamedTuple):
    """One piece of metadata; ``place`` is the 0-based column or row that it is on, -1 for what is on neither."""

    id: int
    key: str
    value: str
    place: int = -1


def read_items(message: Json, place: int = -1) -> list[Item]:
    """The metadata of a message of the API: a spreadsheet's, a tab's, a column's."""
    found = message.get("developerMetadata", [])
    return [Item(one["metadataId"], one["metadataKey"], one.get("metadataValue", ""), place) for one in found]


def ours(items: Iterable[Item]) -> dict[int, str]:
    """Column -> the key of the column of ours that it is."""
    return {item.place: item.value for item in reversed(list(items)) if item.key == KEY}


def landed(items: Iterable[Item], write: str) -> dict[int, int]:
    """Column -> the index that a write addressed it by."""
    marks = ((item.place, item.value.partition(" ")) for item in items if item.key == LANDED)
    return {column: int(index) for column, (name, _, index) in marks if name == write}


def name_columns(items: Sequence[Item], at: Mapping[str, int], sheet_id: int) -> Iterator[Json]:
    """Requests after which exactly the columns of ``at`` bear their keys."""
    right = {item.place: item.id for item in items if item.key == KEY and at.get(item.value) == item.place}
    yield from (delete(item.id) for item in items if item.key == KEY and right.get(item.place) != item.id)
    yield from (create(on_column(sheet_id, at[key]), KEY, key) for key in at if at[key] not in right)


def unmark_columns(items: Iterable[Item]) -> Iterator[Json]:
    """The request that takes away the marks of earlier writes, if there are any."""
    if any(item.key == LANDED for item in items):
        yield {"deleteDeveloperMetadata": {"dataFilter": {"developerMetadataLookup": {"metadataKey": LANDED}}}}


def mark_columns(columns: Iterable[int], write: str, sheet_id: int) -> Iterator[Json]:
    """Requests that mark the columns that a write addresses."""
    yield from (create(on_column(sheet_id, column), LANDED, f"{write} {column}") for column in columns)


def create(location: Json, key: str, value: str) -> Json:
    """The request for one new piece of metadata, for everybody with access to read."""
    item = {"metadataKey": key, "metadataValue": value, "visibility": "DOCUMENT", "location": location}
    return {"createDeveloperMetadata": {"developerMetadata": item}}


def delete(metadata_id: int) -> Json:
    """The request that deletes one piece of metadata; that it is gone already is no error."""
    return {"deleteDeveloperMetadata": {"dataFilter": {"developerMetadataLookup": {"metadataId": metadata_id}}}}


def forget() -> Iterator[Json]:
    """Requests that delete everything of ours, wherever it is."""
    for key in (KEY, LANDED, MADE, PART):
        yield {"deleteDeveloperMetadata": {"dataFilter": {"developerMetadataLookup": {"metadataKey": key}}}}


def on_column(sheet_id: int, column: int) -> Json:
    """A column as a place of metadata."""
    return {"dimensionRange": span("COLUMNS", sheet_id, column, column + 1)}


def on_row(sheet_id: int, row: int) -> Json:
    """A row as a place of metadata."""
    return {"dimensionRange": span("ROWS", sheet_id, row, row + 1)}


def span(dimension: str, sheet_id: int, start: int, end: int) -> Json:
    """Rows or columns of a tab, from ``start`` to before ``end``."""
    return {"sheetId": sheet_id, "dimension": dimension, "startIndex": start, "endIndex": end}


# --- the signature ----------------------------------------------------------------------------------------


class Signature(NamedTuple):
    """Who wrote last: sheetflow's version, the day in the sheet's zone, a hash of the account."""

    version: str
    day: date
    account: str

    def __str__(self) -> str:
        return f"{self.version} {self.day} {self.account}"

    @property
    def release(self) -> tuple[int, ...]:
        """The version as numbers, to tell an older one."""
        return tuple(int(part) for part in re.findall(r"\d+", self.version)[:3])


def account_hash(address: str) -> str:
    """An account, told from others without being named."""
    return hashlib.blake2b(address.casefold().encode(), digest_size=8).hexdigest()


def read_signatures(items: Iterable[Item]) -> list[Signature]:
    """The signatures on a spreadsheet; two only where a copy of it was signed."""
    found = []
    for item in items:
        match = re.fullmatch(r"(\d[\w.+-]*) (\d{4}-\d\d-\d\d) ([0-9a-f]{16})", item.value)
        if item.key == KEY and match:
            found.append(Signature(match[1], date.fromisoformat(match[2]), match[3]))
    return found


def sign(items: Sequence[Item], signature: Signature) -> Iterator[Json]:
    """Requests after which the spreadsheet bears this signature alone; none where it does already."""
    old = [item for item in items if item.key == KEY]
    if [item.value for item in old] != [str(signature)]:
        yield from (delete(item.id) for item in old)
        yield create({"spreadsheet": True}, KEY, str(signature))
