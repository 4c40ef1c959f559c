"""Developer metadata: of the spreadsheet, of a tab, of one row or column; where it is kept and who finds it.

https://developers.google.com/workspace/sheets/api/guides/metadata and the reference of
spreadsheets.developerMetadata. A row's or column's metadata is kept in its DimensionProperties, so that it goes
wherever the row or column goes; a sort moves cells, and no metadata.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .errors import InvalidRequestError, Json
from .model import Book, Sheet

LIMIT = 30_000
"""Characters of keys and values, of the spreadsheet and of each tab (the guide, "Metadata storage limits")."""
KINDS = ("SPREADSHEET", "SHEET", "ROW", "COLUMN")


@dataclass(frozen=True)
class Place:
    """One place that can have metadata, and the list that holds it."""

    kind: str
    sheet: Sheet | None
    index: int
    items: list[Json]

    @property
    def location(self) -> Json:
        """The place as a DeveloperMetadataLocation; zero values are dropped, an index is not."""
        if self.sheet is None:
            return {"locationType": self.kind, "spreadsheet": True}
        sheet = {"sheetId": self.sheet.sheet_id} if self.sheet.sheet_id else {}
        if self.kind == "SHEET":
            return {"locationType": self.kind, **sheet}
        dimension = {"dimension": f"{self.kind}S", "startIndex": self.index, "endIndex": self.index + 1}
        return {"locationType": self.kind, "dimensionRange": {**sheet, **dimension}}


def places(book: Book) -> Iterator[Place]:
    """Every place of a book that has or may have metadata; rows and columns only where they have some."""
    yield Place("SPREADSHEET", None, 0, book.metadata)
    for sheet in book.sheets:
        yield Place("SHEET", sheet, 0, sheet.metadata)
        for kind, metas in (("ROW", [row.meta for row in sheet.rows]), ("COLUMN", sheet.columns)):
            for index, meta in enumerate(metas):
                if "developerMetadata" in meta:
                    yield Place(kind, sheet, index, meta["developerMetadata"])


def place(book: Book, location: Json) -> Place:
    """Where a DeveloperMetadataLocation points; raises InvalidRequestError unless it is one place."""
    given = [key for key in ("spreadsheet", "sheetId", "dimensionRange") if location.get(key, False) is not False]
    if len(given) != 1:
        raise InvalidRequestError("Exactly one location must be set on DeveloperMetadataLocation.")
    if given == ["spreadsheet"]:
        return Place("SPREADSHEET", None, 0, book.metadata)
    if given == ["sheetId"]:
        sheet = book.sheet_by_id(location["sheetId"])
        return Place("SHEET", sheet, 0, sheet.metadata)
    return _dimension(book, location["dimensionRange"])


def _dimension(book: Book, span: Json) -> Place:
    sheet = book.sheet_by_id(span.get("sheetId", 0))
    if span.get("dimension") not in ("ROWS", "COLUMNS"):
        raise InvalidRequestError("No dimension specified.")
    start = span.get("startIndex", 0)
    if span.get("endIndex", -1) != start + 1:
        raise InvalidRequestError("The dimension range of developer metadata must be a single row or column.")
    rows = span["dimension"] == "ROWS"
    size = len(sheet.rows) if rows else len(sheet.columns)
    if not 0 <= start < size:
        raise InvalidRequestError(f"Index {start + 1} is beyond the grid size ({size}).")
    meta = sheet.rows[start].meta if rows else sheet.columns[start]
    return Place("ROW" if rows else "COLUMN", sheet, start, meta.setdefault("developerMetadata", []))


def project(caller: str) -> str:
    """The Cloud project of a service account: the part of its address after the @."""
    return caller.partition("@")[2].partition(".")[0]


def shown(at: Place, items: list[Json], caller: str) -> list[Json]:
    """DeveloperMetadata messages: what of a place's metadata the caller's project may see."""
    return [
        {key: value for key, value in one.items() if key != "project"} | {"location": at.location}
        for one in items
        if one["visibility"] == "DOCUMENT" or one["project"] == project(caller)
    ]


def of_dimension(sheet: Sheet, kind: str, index: int, meta: Json, caller: str) -> Json:
    """A row's or column's DimensionProperties as a caller sees them; names that begin with _ are the server's."""
    kept = {key: value for key, value in meta.items() if key != "developerMetadata" and not key.startswith("_")}
    found = shown(Place(kind, sheet, index, []), meta.get("developerMetadata", []), caller)
    return kept | ({"developerMetadata": found} if found else {})


def matches(book: Book, at: Place, one: Json, data_filter: Json, caller: str) -> bool:
    """Whether a DataFilter selects one item of metadata; by lookup, since the others select cells."""
    lookup = data_filter.get("developerMetadataLookup")
    if lookup is None:
        raise InvalidRequestError("Only developerMetadataLookup filters are allowed here.")
    _check_lookup(lookup)
    if one["visibility"] == "PROJECT" and one["project"] != project(caller):
        return False
    keys = ("metadataId", "metadataKey", "metadataValue", "visibility")
    if any(one.get(key) != lookup[key] for key in keys if key in lookup):
        return False
    if lookup.get("locationType", at.kind) != at.kind:
        return False
    if "metadataLocation" not in lookup:
        return True
    there = place(book, lookup["metadataLocation"])
    if lookup.get("locationMatchingStrategy") == "EXACT_LOCATION":
        return there.location == at.location
    return _intersect(there, at)


def _check_lookup(lookup: Json) -> None:
    """The combinations that the reference rules out."""
    strategy, kind = lookup.get("locationMatchingStrategy"), lookup.get("locationType")
    if strategy and "metadataLocation" not in lookup:
        raise InvalidRequestError("locationMatchingStrategy requires a metadataLocation.")
    if strategy == "EXACT_LOCATION" and kind:
        raise InvalidRequestError("locationType must be unspecified when locationMatchingStrategy is EXACT_LOCATION.")
    if kind == "SPREADSHEET" and (
        strategy == "INTERSECTING_LOCATION"
        or ("metadataLocation" in lookup and not lookup["metadataLocation"].get("spreadsheet"))
    ):
        raise InvalidRequestError("locationType SPREADSHEET cannot intersect any other location.")


def _intersect(one: Place, other: Place) -> bool:
    """A row and a column of a tab cross; a tab meets all that is on it; a spreadsheet meets nothing else."""
    if one.sheet is not other.sheet:
        return False
    return "SHEET" in (one.kind, other.kind) or one.kind != other.kind or one.index == other.index


def check_limits(book: Book) -> None:
    """At most ``LIMIT`` characters for the spreadsheet, and for each tab with its rows and columns."""
    used: dict[Sheet | None, int] = {}
    for at in places(book):
        size = sum(len(one["metadataKey"]) + len(one.get("metadataValue", "")) for one in at.items)
        used[at.sheet] = used.get(at.sheet, 0) + size
    if any(size > LIMIT for size in used.values()):
        raise InvalidRequestError(f"Developer metadata exceeds the limit of {LIMIT} characters.")
