"""A plain caller of the local Sheets server, for the tests of the server itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import requests
from sheets_server import SPREADSHEETS, Book, SheetsServer, a1
from sheets_server.schema import check_answer

API = "https://sheets.googleapis.com/v4/spreadsheets"


@dataclass
class Client:
    """A caller with a token, speaking real HTTPS through the proxy."""

    server: SheetsServer
    session: requests.Session

    def call(self, method: str, path: str, body: Any = None, **params: Any) -> requests.Response:
        return self.session.request(method, API + path, json=body, params=params, timeout=5)

    def get(self, book: Book, **params: Any) -> Any:
        answer = self.call("GET", f"/{book.id}", **params)
        assert answer.status_code == 200, answer.text
        return check_answer(answer.json(), "Spreadsheet")

    def batch(self, book: Book, *requests_: Any, fields: str | None = None, **body: Any) -> Any:
        params = {"fields": fields} if fields else {}
        answer = self.call("POST", f"/{book.id}:batchUpdate", {"requests": requests_, **body}, **params)
        assert answer.status_code == 200, answer.text
        return check_answer(answer.json(), "BatchUpdateSpreadsheetResponse")

    def refused(self, book: Book, *requests_: Any, status: int = 400) -> str:
        answer = self.call("POST", f"/{book.id}:batchUpdate", {"requests": requests_})
        assert answer.status_code == status, answer.text
        return str(answer.json()["error"]["message"])

    def cells(self, book: Book, part: str, where: str = "Sheet1") -> Any:
        """One part of every cell of a range, by row."""
        answer = self.get(book, fields=f"sheets.data.rowData.values.{part}", ranges=where)
        rows = answer["sheets"][0]["data"][0].get("rowData", [])
        return [[cell.get(part) for cell in row.get("values", [])] for row in rows]


@contextmanager
def connected(server: SheetsServer, email: str = "") -> Iterator[Client]:
    """A client with a token: the service account's, or anybody's."""
    env = server.environment()
    with requests.Session() as session:
        session.trust_env = False
        session.verify = env["REQUESTS_CA_BUNDLE"]
        session.proxies = {"https": env["HTTPS_PROXY"]}
        token = server.authority.issue(email or server.account.email, [SPREADSHEETS])
        session.headers["Authorization"] = f"Bearer {token}"
        yield Client(server, session)


def text(value: str) -> Any:
    return {"userEnteredValue": {"stringValue": value}}


def put(start: str, *cells: Any, fields: str = "userEnteredValue", sheet_id: int = 0) -> Any:
    """An updateCells request of one row."""
    row, column = a1.cell(start)
    where = {"sheetId": sheet_id, "rowIndex": row, "columnIndex": column}
    return {"updateCells": {"start": where, "rows": [{"values": list(cells)}], "fields": fields}}
