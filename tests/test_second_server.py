"""The same runs against a server that was written independently: the same cells in the end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from google_support import Program, environment
from second_server import SecondServer, masked, read_mask
from sheets_server import Book, SheetsServer

HEADER = ["Company", "Role", "Interview", "Interviewers", "Contact", "Thank-you sent"]
ROWS = [
    ["Alder", "Cook", 46345, "Ana Ruiz <ana@alder.example>; Bo Chen <bo@alder.example>", "", ""],
    ["Birch", "Clerk", 46327, "Cy Diaz <cy@birch.example>", "Dee Eck <dee@birch.example>", "x"],
    ["Cedar", "Baker", 46267, "Eva Fox <eva@cedar.example>", "", "x"],
    ["Elm 🌲", "Pilot", "03/04/26", "Finn Gray <finn@elm.example>", "", ""],
]
"""46345 is 2026-11-19."""
BOOK = "1AnySpreadsheetIdWillDoHere0123456789"
DATE = {"numberFormat": {"type": "DATE", "pattern": "m/d/yyyy"}}


@pytest.fixture(scope="module")
def program() -> Iterator[Program]:
    with SheetsServer() as server, environment(server.environment()):
        yield Program(server)


@contextmanager
def second_server() -> Iterator[SecondServer]:
    """The second server, in the place of Google's hosts."""
    send = requests.adapters.HTTPAdapter.send

    def redirected(adapter: Any, request: Any, **options: Any) -> Any:
        url = urlsplit(request.url)
        assert (url.scheme, url.hostname) in {("https", "sheets.googleapis.com"), ("https", "oauth2.googleapis.com")}
        request.url = f"{server.address}{url.path}?{url.query}"
        return send(adapter, request, **{**options, "proxies": {}})

    with SecondServer([HEADER]) as server, pytest.MonkeyPatch.context() as patch:
        for number, row in enumerate(ROWS, start=1):
            for column, value in enumerate(row):
                enter = server.date if isinstance(value, int) else server.enter
                enter(number, column, value)  # type: ignore[arg-type] # by the line above
        patch.setattr(requests.adapters.HTTPAdapter, "send", redirected)
        yield server
    assert server.trouble == []


def first_book(server: SheetsServer) -> Book:
    """The same tracker on the first server."""
    server.calm()
    book = server.add_spreadsheet(rows=[HEADER], tab="Interviews", book_id=BOOK)
    for number, row in enumerate(ROWS, start=1):
        for column, value in enumerate(row):
            kind = "numberValue" if isinstance(value, int) else "stringValue"
            cell = {"userEnteredValue": {kind: value}} if value else {}
            book["Interviews"][number, column] = cell | ({"userEnteredFormat": DATE} if isinstance(value, int) else {})
    return book


def cells(book: Book) -> dict[tuple[int, int], Any]:
    sheet = book.first_visible
    return {(row, column): sheet.entered((row, column)) for row, column, cell in sheet if "userEnteredValue" in cell}


def run_second(program: Program, times: int = 1) -> None:
    book: Any = SimpleNamespace(id=BOOK)  # a book elsewhere: only its id counts
    for _ in range(times):
        fresh = Program(program.server)  # a token of this server's own
        fresh.tabs = False  # it has one tab
        fresh.run(book)


def test_a_first_run_and_one_that_changes_nothing(program: Program) -> None:
    book = first_book(program.server)
    program.run(book)
    with second_server() as server:
        run_second(program)
        assert (server.reads, server.writes) == (1, 1)
        run_second(program)
        assert (server.reads, server.writes) == (2, 1)
    assert len(cells(book)) > 60
    assert server.values() == cells(book)
    assert [rule["booleanRule"]["condition"] for rule in server.rules] == [
        rule["booleanRule"]["condition"] for rule in book.first_visible.rules
    ]
    named = {c: item["metadataValue"] for c, item in server.items if item["metadataKey"] == "sheetflow"}
    assert named.pop(None).split(" ")[1] == "2026-11-20"
    assert named == {
        column: item["metadataValue"]
        for column, look in enumerate(book.first_visible.columns)
        for item in look.get("developerMetadata", [])
        if item["metadataKey"] == "sheetflow"
    }
    hidden = [index for index, look in enumerate(book.first_visible.columns) if look.get("hiddenByUser")]
    assert sorted(index for index, look in server.columns.items() if look.get("hiddenByUser")) == hidden
    assert len(hidden) == 7


def test_a_row_inserted_between_read_and_write(program: Program) -> None:
    book = first_book(program.server)
    program.server.before("write", 1, lambda: program.server.person(book).insert_row_above(3))
    program.run(book)
    with second_server() as server:
        server.before_write = lambda number: server.insert_row(2) if number == 1 else None
        run_second(program)
        assert (server.reads, server.writes) == (1, 2)
    assert server.values() == cells(book)
    assert server.values()[3, 0] == "Birch"


def test_an_edit_between_read_and_write(program: Program) -> None:
    book = first_book(program.server)
    program.server.before("write", 1, lambda: program.server.person(book).type((2, "Role"), "Chef"))
    program.run(book)
    with second_server() as server:
        server.before_write = lambda number: server.enter(1, 1, "Chef")
        run_second(program)
    assert server.values() == cells(book)
    assert any("Chef" in str(value) for at, value in server.values().items() if at != (1, 1))


def test_masks_are_read_as_google_describes_them() -> None:
    mask = read_mask("properties(locale,timeZone),sheets(properties.sheetId,data(rowData(values(note,a/b))))")
    assert mask == {
        "properties": {"locale": {}, "timeZone": {}},
        "sheets": {"properties": {"sheetId": {}}, "data": {"rowData": {"values": {"note": {}, "a": {"b": {}}}}}},
    }
    assert masked({"a": [{"b": 1, "c": 2}, {}], "d": 3}, {"a": {"b": {}}}) == {"a": [{"b": 1}, {}]}
