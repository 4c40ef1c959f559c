"""The Sheets API itself, without HTTP: a call with path, query and body in, a message out."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from . import (
    a1,
    batch,
    kinds_cells,
    kinds_charts,
    kinds_groups,
    kinds_metadata,
    kinds_rules,
    kinds_sheets,
    kinds_structure,
    values,
)
from .errors import Json, bad_field, bad_request, not_found, permission_denied, unimplemented
from .masks import ALL, Mask, names, read_mask, select
from .model import Book
from .render import spreadsheet
from .schema import DISCOVERY, check

KINDS = (
    kinds_cells, kinds_charts, kinds_groups, kinds_metadata, kinds_rules, kinds_sheets, kinds_structure,
)  # imported to register their handlers  # fmt: skip
BASE = re.compile(r"/v4/spreadsheets/(?P<id>[^/:]+)(?P<rest>.*)", re.DOTALL)
Moment = Callable[[str], None]


@dataclass
class Request:
    """One call: who asks for what."""

    method: str
    path: str
    query: dict[str, list[str]]
    body: bytes
    caller: str
    moment: Moment

    def flag(self, name: str, default: bool = False) -> bool:
        """Return a boolean query parameter; Python's ``False`` is accepted too, as recorded."""
        if name not in self.query:
            return default
        text = self.query[name][-1]
        if text.lower() not in ("true", "false", "1", "0"):
            raise bad_field(name, f"Invalid value at '{name}' (TYPE_BOOL), \"{text}\"")
        return text.lower() in ("true", "1")

    def one(self, name: str, default: str = "") -> str:
        """Return a query parameter."""
        return self.query.get(name, [default])[-1]

    def json(self, schema: str) -> Json:
        """Return the body, validated against Google's schema."""
        try:
            body = json.loads(self.body) if self.body else {}
        except ValueError:
            raise bad_request("Invalid JSON payload received. Unexpected token.") from None
        return check(body, schema)

    def check_query(self, method: str) -> None:
        """Refuse parameters that the method does not have, and enum values it does not know."""
        known = DISCOVERY["methods"].get(method, {})
        for name, given in self.query.items():
            if name not in known and name not in DISCOVERY["parameters"]:
                raise bad_field(
                    "",
                    f'Invalid JSON payload received. Unknown name "{name}": Cannot bind query parameter. '
                    f"Field '{name}' could not be found in request message.",
                )
            enum = known.get(name, {}).get("enum")
            if enum and given[-1] not in enum:
                raise bad_field(name, f"Invalid value at '{name}' (type.googleapis.com/enum), \"{given[-1]}\"")


def method_of(request: Request) -> tuple[str, str, str]:
    """(discovery method, spreadsheet id, range in the path); 501 for anything else."""
    match = BASE.fullmatch(request.path)
    if match is None:
        raise unimplemented(f"{request.method} {request.path}")
    book_id, rest = unquote(match["id"]), match["rest"]
    fixed = {
        ("GET", ""): "get",
        ("POST", ":batchUpdate"): "batchUpdate",
        ("GET", "/values:batchGet"): "values.batchGet",
        ("POST", "/values:batchUpdate"): "values.batchUpdate",
        ("POST", "/values:batchClear"): "values.batchClear",
        ("POST", "/developerMetadata:search"): "developerMetadata.search",
    }
    if (request.method, rest) in fixed:
        return fixed[request.method, rest], book_id, ""
    if request.method == "GET" and (match := re.fullmatch(r"/developerMetadata/(\d+)", rest)):
        return "developerMetadata.get", book_id, match[1]
    text = rest.removeprefix("/values/")
    if text != rest:
        for (verb, ending), method in {
            ("GET", ""): "values.get",
            ("PUT", ""): "values.update",
            ("POST", ":append"): "values.append",
            ("POST", ":clear"): "values.clear",
        }.items():
            if request.method == verb and text.endswith(ending) and "/" not in text:
                return method, book_id, unquote(text.removesuffix(ending))
    raise unimplemented(f"{request.method} {request.path}")


WRITES = {
    "batchUpdate",
    "values.update",
    "values.append",
    "values.clear",
    "values.batchUpdate",
    "values.batchClear",
}


def answer(request: Request, books: dict[str, Book]) -> Json:
    """Return the message for a call, or ApiError."""
    method, book_id, text = method_of(request)
    request.check_query(method)
    book = books.get(book_id)
    if book is None:
        raise not_found()
    role = book.roles.get(request.caller)
    if role is None or (method in WRITES and role == "reader"):
        raise permission_denied()
    if method == "get":
        return get(request, book)
    if method == "batchUpdate":
        return batch_update(request, book)
    if method.startswith("developerMetadata."):
        return metadata(request, book, text)
    message, schema = values.METHODS[method](request, book, text)
    request.moment("after")
    fields = request.one("fields")
    found: Json = select(message, read_mask(fields, schema)) if fields else message
    return found


def _areas(book: Book, ranges: list[str]) -> list[a1.Area] | None:
    return [a1.area(book, text) for text in ranges] if ranges else None


def get(request: Request, book: Book) -> Json:
    """``spreadsheets.get``. With a mask, ``includeGridData`` is ignored."""
    fields = request.one("fields")
    mask: Mask = read_mask(fields, "Spreadsheet") if fields else ALL
    areas = _areas(book, request.query.get("ranges", []))
    return spreadsheet(book, mask, areas, request.flag("includeGridData") or fields == "*", request.caller)


def metadata(request: Request, book: Book, metadata_id: str) -> Json:
    """``developerMetadata.get`` and ``.search``."""
    fields = request.one("fields")
    if metadata_id:
        message, schema = kinds_metadata.get(book, metadata_id, request.caller), "DeveloperMetadata"
    else:
        body = request.json("SearchDeveloperMetadataRequest")
        message = kinds_metadata.search(book, body, request.caller)
        schema = "SearchDeveloperMetadataResponse"
    found: Json = select(message, read_mask(fields, schema)) if fields else message
    return found


def batch_update(request: Request, book: Book) -> Json:
    """``spreadsheets.batchUpdate``, with the spreadsheet in the answer when asked."""
    body = request.json("BatchUpdateSpreadsheetRequest")
    fields = request.one("fields")
    mask: Mask = read_mask(fields, "BatchUpdateSpreadsheetResponse") if fields else ALL
    message: Json = {
        "spreadsheetId": book.id,
        "replies": batch.apply(book, body.get("requests", []), request.caller),
    }
    request.moment("after")
    wanted = names(mask, "updatedSpreadsheet")
    if body.get("includeSpreadsheetInResponse") and wanted is not None:
        areas = _areas(book, body.get("responseRanges", []))
        grid = body.get("responseIncludeGridData", False) or fields == "*"
        message["updatedSpreadsheet"] = spreadsheet(book, wanted, areas, grid, request.caller)
    request.moment("after_snapshot")
    if not mask:
        return message
    shown: dict[str, Any] = {key: value for key, value in message.items() if key in mask}
    if "replies" in shown:
        shown["replies"] = select(shown["replies"], mask["replies"])
    return shown
