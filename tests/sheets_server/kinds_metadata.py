"""batchUpdate requests on developer metadata, and ``spreadsheets.developerMetadata.get`` and ``.search``."""

from __future__ import annotations

from . import metadata
from .batch import Call, handles
from .errors import ApiError, InvalidRequestError, Json, bad_request
from .masks import update, update_mask
from .model import Book


@handles("createDeveloperMetadata")
def create_metadata(call: Call, body: Json) -> Json:
    """Add metadata somewhere; key, visibility and location must be given, a chosen id must be free."""
    new = body.get("developerMetadata", {})
    if not new.get("metadataKey") or "location" not in new or new.get("visibility") not in ("DOCUMENT", "PROJECT"):
        raise InvalidRequestError("DeveloperMetadata must have a metadataKey, a visibility and a location.")
    metadata_id = new.get("metadataId", 0) or call.book.new_id()
    if metadata_id < 0:
        raise InvalidRequestError("DeveloperMetadata.metadataId must be positive.")
    if any(one["metadataId"] == metadata_id for at in metadata.places(call.book) for one in at.items):
        raise InvalidRequestError(
            f"Cannot add developer metadata with ID [{metadata_id}] because developer metadata with that ID "
            "already exists."
        )
    at = metadata.place(call.book, new["location"])
    kept = {key: new[key] for key in ("metadataKey", "metadataValue", "visibility") if new.get(key)}
    at.items.append({"metadataId": metadata_id, **kept, "project": metadata.project(call.caller)})
    metadata.check_limits(call.book)
    return {"developerMetadata": metadata.shown(at, at.items[-1:], call.caller)[0]}


@handles("updateDeveloperMetadata")
def update_metadata(call: Call, body: Json) -> Json:
    """Change the masked fields of all that the filters match; a new location moves it there."""
    mask = update_mask(body.get("fields"), "DeveloperMetadata")
    new = body.get("developerMetadata", {})
    if not body.get("dataFilters"):
        raise InvalidRequestError("At least one DataFilter must be specified.")
    changed: list[Json] = []
    for at in list(metadata.places(call.book)):
        for one in list(at.items):
            if not any(metadata.matches(call.book, at, one, wanted, call.caller) for wanted in body["dataFilters"]):
                continue
            fields = {key: branch for key, branch in mask.items() if key not in ("location", "metadataId")}
            target = metadata.place(call.book, new.get("location", {})) if "location" in mask else at
            at.items.remove(one)
            target.items.append(update(one, new, fields))
            changed += metadata.shown(target, target.items[-1:], call.caller)
    _tidy(call.book)
    metadata.check_limits(call.book)
    return {"developerMetadata": changed} if changed else {}


@handles("deleteDeveloperMetadata")
def delete_metadata(call: Call, body: Json) -> Json:
    """Remove all that the filter matches; nothing matched is no error."""
    wanted = body.get("dataFilter", {})
    gone: list[Json] = []
    for at in metadata.places(call.book):
        found = [one for one in at.items if metadata.matches(call.book, at, one, wanted, call.caller)]
        gone += metadata.shown(at, found, call.caller)
        at.items[:] = [one for one in at.items if one not in found]
    _tidy(call.book)
    return {"deletedDeveloperMetadata": gone} if gone else {}


def _tidy(book: Book) -> None:
    """Rows and columns without metadata have no list of it."""
    for sheet in book.sheets:
        for meta in [row.meta for row in sheet.rows] + sheet.columns:
            if meta.get("developerMetadata") == []:
                del meta["developerMetadata"]


def get(book: Book, metadata_id: str, caller: str) -> Json:
    """One item by its id."""
    for at in metadata.places(book):
        for one in metadata.shown(at, at.items, caller):
            if str(one["metadataId"]) == metadata_id:
                return one
    raise ApiError(404, f"No developer metadata with ID {metadata_id}")


def search(book: Book, body: Json, caller: str) -> Json:
    """All that any of the filters matches, each with the filters that matched it."""
    found: list[Json] = []
    try:
        for at in metadata.places(book):
            for one in at.items:
                filters = [f for f in body.get("dataFilters", []) if metadata.matches(book, at, one, f, caller)]
                if filters:
                    item = metadata.shown(at, [one], caller)[0]
                    found.append({"developerMetadata": item, "dataFilters": filters})
    except InvalidRequestError as error:
        raise bad_request(str(error)) from None
    return {"matchedDeveloperMetadata": found} if found else {}
