"""A second, small Sheets API on plain dicts, written without a look at the first one.

Two readings of Google's reference that agree are worth more than one: a misunderstanding shared by the
program and its test server would show here. It knows the token endpoint, ``spreadsheets.get`` and
``batchUpdate`` with the requests that a run needs; for anything else it answers 501.

Sources: https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets and
https://developers.google.com/workspace/sheets/api/guides/field-masks.
"""

from __future__ import annotations

import base64
import copy
import json
import re
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Json = dict[str, Any]
Cells = dict[tuple[int, int], Json]
SCOPE = "https://www.googleapis.com/auth/spreadsheets"


class RefusedError(Exception):
    """An error of the API: status and message."""


class SecondServer:
    """One spreadsheet with one tab; ``address`` is where it listens, ``before_write`` is called before each write."""

    def __init__(self, rows: list[list[Any]], time_zone: str = "Etc/GMT", locale: str = "en_US") -> None:
        self.properties = {"title": "Tracker", "locale": locale, "timeZone": time_zone}
        self.tab: Json = {"sheetId": 771, "title": "Interviews", "sheetType": "GRID", "index": 0}
        self.size = [1000, 26]
        self.cells: Cells = {}
        self.rules: list[Json] = []
        self.columns: dict[int, Json] = {}
        self.items: list[tuple[int | None, Json]] = []
        self.groups: list[Json] = []
        """Developer metadata: each with its column, or None for the spreadsheet's own."""
        self.last_id = 0
        self.reads = self.writes = 0
        self.before_write: Callable[[int], None] = lambda number: None
        self.trouble: list[str] = []
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                self.enter(r, c, value)

    def __enter__(self) -> SecondServer:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
                pass

            def do_GET(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                status, answer = server.handle(self.command, self.path, body, self.headers.get("Authorization", ""))
                data = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_POST = do_GET  # noqa: N815 - the base class's name

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True).start()
        self.address = f"http://127.0.0.1:{self._http.server_address[1]}"
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()

    # What a person does

    def enter(self, row: int, column: int, value: Any) -> None:
        """Put a value into a cell; ``None`` and empty text clear it."""
        kind = {bool: "boolValue", int: "numberValue", float: "numberValue", str: "stringValue"}
        cell = {k: v for k, v in self.cells.get((row, column), {}).items() if k == "userEnteredFormat"}
        if value not in (None, ""):
            cell["userEnteredValue"] = {kind[type(value)]: value}
        self.cells[row, column] = cell

    def date(self, row: int, column: int, serial: int) -> None:
        """A typed date, as days since 1899-12-30."""
        self.enter(row, column, serial)
        self.cells[row, column]["userEnteredFormat"] = {"numberFormat": {"type": "DATE", "pattern": "m/d/yyyy"}}

    def insert_row(self, at: int) -> None:
        """Insert an empty row; what is at and below it moves down."""
        self.cells = {(r + (r >= at), c): cell for (r, c), cell in self.cells.items()}
        self.size[0] += 1

    def values(self) -> dict[tuple[int, int], Any]:
        """Every filled cell's value as entered."""
        found = {at: cell.get("userEnteredValue") for at, cell in self.cells.items()}
        return {at: next(iter(value.values())) for at, value in found.items() if value}

    # The API

    def handle(self, method: str, path: str, body: bytes, authorization: str) -> tuple[int, Json]:
        """Status and answer to a request."""
        url = urlsplit(path)
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        try:
            if url.path == "/token":
                return 200, self._token(parse_qs(body.decode()))
            if authorization != "Bearer a-token":
                raise RefusedError(401, "Request had invalid authentication credentials.")
            mask = read_mask(query.get("fields", "*"))
            if method == "GET" and re.fullmatch(r"/v4/spreadsheets/[\w-]+", url.path):
                self.reads += 1
                return 200, masked(self._spreadsheet(""), mask)
            if method == "POST" and re.fullmatch(r"/v4/spreadsheets/[\w-]+:batchUpdate", url.path):
                self.writes += 1
                self.before_write(self.writes)
                return 200, masked(self._batch(json.loads(body)), mask)
            raise RefusedError(501, f"not known here: {method} {url.path}")
        except RefusedError as error:
            status, message = error.args
            self.trouble.append(message)
            return status, {"error": {"code": status, "message": message, "status": "INVALID_ARGUMENT"}}

    def _token(self, form: dict[str, list[str]]) -> Json:
        claims = form["assertion"][0].split(".")[1]
        asked = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))["scope"]
        if asked != SCOPE:
            raise RefusedError(400, f"scope {asked}")
        return {"access_token": "a-token", "expires_in": 3599, "token_type": "Bearer"}

    def _batch(self, body: Json) -> Json:
        """All requests or none, in order."""
        if unknown := set(body) - {"requests", "includeSpreadsheetInResponse", "responseRanges"}:
            raise RefusedError(400, f'Invalid JSON payload received. Unknown name "{unknown.pop()}"')
        names = ("cells", "rules", "columns", "size", "items")
        saved = {name: copy.deepcopy(getattr(self, name)) for name in names}
        try:
            replies = [self._apply(request) for request in body["requests"]]
        except RefusedError:
            vars(self).update(saved)
            raise
        answer = {"spreadsheetId": "x", "replies": replies}
        if body.get("includeSpreadsheetInResponse"):
            answer["updatedSpreadsheet"] = self._spreadsheet(*body.get("responseRanges", [""]))
        return answer

    def _apply(self, request: Json) -> Json:
        (kind, what), *others = request.items()
        handler = getattr(self, "_do_" + kind, None)
        if handler is None or others:
            raise RefusedError(501, f"not known here: {sorted(request)}")
        return handler(what) or {}

    def _do_updateCells(self, what: Json) -> None:  # noqa: N802 - named by the request
        start = what["start"]
        self._check_tab(start)
        for r, row in enumerate(what["rows"], start.get("rowIndex", 0)):
            for c, cell in enumerate(row.get("values", []), start.get("columnIndex", 0)):
                self._write(r, c, cell, what["fields"])

    def _do_repeatCell(self, what: Json) -> None:  # noqa: N802
        area = what["range"]
        self._check_tab(area)
        for r in range(area.get("startRowIndex", 0), area.get("endRowIndex", self.size[0])):
            for c in range(area.get("startColumnIndex", 0), area.get("endColumnIndex", self.size[1])):
                self._write(r, c, what["cell"], what["fields"])

    def _do_appendDimension(self, what: Json) -> None:  # noqa: N802
        self._check_tab(what)
        self.size[what["dimension"] == "COLUMNS"] += what["length"]

    def _do_insertDimension(self, what: Json) -> None:  # noqa: N802
        span = what["range"]
        self._check_tab(span)
        at, count = span["startIndex"], span["endIndex"] - span["startIndex"]
        if span["dimension"] != "COLUMNS" or what.get("inheritFromBefore") or at >= self.size[1]:
            raise RefusedError(501, "only columns that take after the next one are inserted here")
        self.cells = {(r, c + count * (c >= at)): cell for (r, c), cell in self.cells.items()}
        self.columns = {c + count * (c >= at): look for c, look in self.columns.items()}
        self.items = [(c if c is None else c + count * (c >= at), item) for c, item in self.items]
        self.size[1] += count

    def _do_createDeveloperMetadata(self, what: Json) -> Json:  # noqa: N802
        item = what["developerMetadata"]
        span = item["location"].get("dimensionRange")
        if set(item) != {"metadataKey", "metadataValue", "visibility", "location"} or item["visibility"] != "DOCUMENT":
            raise RefusedError(400, f"metadata as it is not made here: {item}")
        column = None
        if span is not None:
            self._check_tab(span)
            column = span["startIndex"]
            if span["dimension"] != "COLUMNS" or span["endIndex"] != column + 1 or column >= self.size[1]:
                raise RefusedError(400, "not one column")
        self.last_id += 1
        self.items.append((column, {**item, "metadataId": self.last_id}))
        return {"createDeveloperMetadata": {"developerMetadata": self.items[-1][1]}}

    def _do_deleteDeveloperMetadata(self, what: Json) -> None:  # noqa: N802
        lookup = what["dataFilter"]["developerMetadataLookup"]
        self.items = [(c, item) for c, item in self.items if any(item.get(k) != v for k, v in lookup.items())]

    def _do_updateDimensionProperties(self, what: Json) -> None:  # noqa: N802
        area = what["range"]
        self._check_tab(area)
        for index in range(area.get("startIndex", 0), area["endIndex"]):
            self.columns.setdefault(index, {}).update(what["properties"])

    def _do_copyPaste(self, what: Json) -> None:  # noqa: N802
        """A look, from one cell."""
        source, area = what["source"], what["destination"]
        if what["pasteType"] != "PASTE_FORMAT":
            raise RefusedError(501, "only looks are copied here")
        look = self.cells.get((source["startRowIndex"], source["startColumnIndex"]), {}).get("userEnteredFormat", {})
        for r in range(area["startRowIndex"], area["endRowIndex"]):
            for c in range(area["startColumnIndex"], area["endColumnIndex"]):
                self.cells[r, c] = self.cells.get((r, c), {}) | {"userEnteredFormat": look}

    def _do_addDimensionGroup(self, what: Json) -> None:  # noqa: N802
        self._check_tab(what["range"])
        self.groups.append(what["range"])

    def _do_updateDimensionGroup(self, what: Json) -> None:  # noqa: N802
        group = what["dimensionGroup"]
        if group["range"] not in self.groups or what["fields"] != "collapsed":
            raise RefusedError(400, "no such group")
        for index in range(group["range"]["startIndex"], group["range"]["endIndex"]):
            self.columns.setdefault(index, {})["hiddenByUser"] = group["collapsed"]

    def _do_addConditionalFormatRule(self, what: Json) -> None:  # noqa: N802
        self.rules.insert(what.get("index", 0), what["rule"])

    def _do_deleteConditionalFormatRule(self, what: Json) -> None:  # noqa: N802
        self._check_tab(what)
        del self.rules[what.get("index", 0)]

    def _check_tab(self, place: Json) -> None:
        if place.get("sheetId", 0) != self.tab["sheetId"]:
            raise RefusedError(400, f"No grid with id: {place.get('sheetId', 0)}")

    def _write(self, row: int, column: int, new: Json, fields: str) -> None:
        """Set the fields of a mask; those that ``new`` does not have are cleared."""
        if row >= self.size[0] or column >= self.size[1]:
            raise RefusedError(400, f"Attempting to write column: {column}, beyond the last requested column")
        cell = copy.deepcopy(self.cells.get((row, column), {}))
        for path in sorted(fields.split(","), key=lambda path: path != "userEnteredValue"):
            if path == "userEnteredValue":
                cell.pop("textFormatRuns", None)
                cell.pop("chipRuns", None)
            *folders, name = path.split(".")
            target, source = cell, new
            for folder in folders:
                target, source = target.setdefault(folder, {}), source.get(folder, {})
            target.pop(name, None)
            if name in source:
                target[name] = copy.deepcopy(source[name])
        self.cells[row, column] = cell

    def _spreadsheet(self, a1: str) -> Json:
        """The whole resource, of the tab the rows that a range such as ``'Tab'!1:3`` names."""
        title, _, rows = a1.partition("!")
        if title and title.strip("'").replace("''", "'") != self.tab["title"]:
            raise RefusedError(400, f"Unable to parse range: {a1}")
        last = int(rows.split(":")[1]) if rows else self.size[0]
        grid: Json = {"rowData": self._rows(last)} if self.cells else {}
        grid["columnMetadata"] = [
            {"pixelSize": 100, "developerMetadata": [item for c, item in self.items if c == column]}
            for column in range(self.size[1])
        ]
        size = {"rowCount": self.size[0], "columnCount": self.size[1]}
        sheet: Json = {"properties": self.tab | {"gridProperties": size}, "data": [grid]}
        if self.rules:
            sheet["conditionalFormats"] = self.rules
        own = [item for column, item in self.items if column is None]
        return {"spreadsheetId": "x", "properties": self.properties, "sheets": [sheet], "developerMetadata": own}

    def _rows(self, last: int) -> list[Json]:
        filled = [(r, c) for (r, c), cell in self.cells.items() if cell and r < last]
        rows = []
        for row in range(max((r + 1 for r, _ in filled), default=0)):
            width = max((c + 1 for r, c in filled if r == row), default=0)
            values = [shown(self.cells.get((row, column), {})) for column in range(width)]
            rows.append({"values": values} if values else {})
        return rows


def shown(cell: Json) -> Json:
    """A cell as ``get`` gives it: a single link over the whole text is a format of the cell, not a run."""
    cell = {name: value for name, value in cell.items() if value}
    if "userEnteredValue" in cell:
        cell["effectiveValue"] = cell["userEnteredValue"]
    if "userEnteredFormat" in cell:
        cell["effectiveFormat"] = cell["userEnteredFormat"]
    runs = cell.get("textFormatRuns", [])
    links = [run["format"]["link"]["uri"] for run in runs if run.get("format", {}).get("link")]
    if len(runs) == len(links) == 1 and not runs[0].get("startIndex"):
        cell.pop("textFormatRuns")
        cell["hyperlink"] = links[0]
    elif runs:
        cell["textFormatRuns"] = [{k: v for k, v in run.items() if v != 0} for run in runs]
    return cell


Mask = dict[str, "Mask"]
EVERYTHING: Mask = {}


def read_mask(text: str) -> Mask:
    """``a,b(c,d.e)`` as nested dicts; an empty dict stands for everything below."""
    root: Mask = {}
    tokens = re.findall(r"[\w*]+|[(),./]", text)
    stack, here = [], root
    base = root
    for token in tokens:
        if token == "(":
            stack.append(base)
            base = here
        elif token == ")":
            base = stack.pop()
        elif token == ",":
            here = base
        elif token not in "./":
            here = here.setdefault(token, {})
            continue
        if token in "(,":
            here = base
    return {} if "*" in root else root


def masked(value: Any, mask: Mask) -> Any:
    """What a mask leaves of a message."""
    if not mask:
        return value
    if isinstance(value, list):
        return [masked(item, mask) for item in value]
    return {name: masked(value[name], below) for name, below in mask.items() if name in value}
