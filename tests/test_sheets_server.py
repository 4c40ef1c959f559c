"""The local Sheets server is a claim about Google's behaviour; here the claim is checked on its own.

What is asserted comes from Google's reference, from answers recorded in gspread's test-suite
(https://github.com/burnash/gspread/tree/master/tests/cassettes) and from public bug reports.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import google.auth
import google.auth.exceptions
import gspread
import pytest
import requests
from google.auth.transport.requests import Request
from google.oauth2.service_account import Credentials
from hypothesis import given, settings
from hypothesis import strategies as st
from sheets_client import API, Client, connected, put, text
from sheets_server import ALWAYS, SPREADSHEETS, Book, Fault, Sheet, SheetsServer, a1, auth, masks, structure
from sheets_server.cells import eight_bit
from sheets_server.display import formatted
from sheets_server.formulas import CellError, Result, evaluate
from sheets_server.keys import ServiceAccount
from sheets_server.proxy import pretty
from sheets_server.typed import parse

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
TRACKER = [
    ["Company", "Interview", "Flag"],
    ["Acme", "11/20/2026", "Due"],
    ["Beta", "=TODAY()-3", ""],
    ["Corto", "", "Ghosted"],
]


@pytest.fixture
def server() -> Iterator[SheetsServer]:
    with SheetsServer(clock=lambda: NOON) as one:
        yield one
        assert one.errors == []


@pytest.fixture
def book(server: SheetsServer) -> Book:
    return server.add_spreadsheet(rows=TRACKER)


@pytest.fixture
def client(server: SheetsServer) -> Iterator[Client]:
    with connected(server) as one:
        yield one


def rule(formula: str, **grid: int) -> Any:
    condition = {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": formula}]}
    look = {"backgroundColor": {"red": 0.5}, "textFormat": {"bold": True}}
    return {"ranges": [grid], "booleanRule": {"condition": condition, "format": look}}


# Recorded behaviours


def test_a_new_spreadsheet_has_the_recorded_defaults(server: SheetsServer, client: Client) -> None:
    answer = client.get(server.add_spreadsheet(title="New"))
    properties = answer["sheets"][0]["properties"]
    assert properties == {
        "sheetId": 0,
        "title": "Sheet1",
        "index": 0,
        "sheetType": "GRID",
        "gridProperties": {"rowCount": 1000, "columnCount": 26},
    }
    assert (answer["properties"]["locale"], answer["properties"]["timeZone"]) == ("en_US", "Etc/GMT")
    columns = client.get(server.add_spreadsheet(), fields="sheets.data.columnMetadata")
    assert columns["sheets"][0]["data"][0]["columnMetadata"] == [{"pixelSize": 100}] * 26


def test_zero_values_are_dropped_but_start_indices_stay(book: Book, client: Client) -> None:
    grid = {"sheetId": 0, "startRowIndex": 0, "endRowIndex": 2, "startColumnIndex": 0, "endColumnIndex": 1}
    request = {"addProtectedRange": {"protectedRange": {"range": grid, "editors": {"users": [], "groups": []}}}}
    reply = client.batch(book, request)["replies"][0]["addProtectedRange"]["protectedRange"]
    assert reply["editors"] == {}
    assert reply["range"] == {key: value for key, value in grid.items() if key != "sheetId"}
    assert client.get(book, fields="sheets.data.startRow", ranges="A1:B2") == {"sheets": [{"data": [{}]}]}


def test_a_mask_with_nothing_to_show_is_an_empty_message(server: SheetsServer, client: Client) -> None:
    empty = server.add_spreadsheet()
    assert client.get(empty, fields="namedRanges") == {}
    assert client.get(empty, fields="sheets/data/rowData/values/note") == {"sheets": [{"data": [{}]}]}


def test_values_echo_the_clamped_range_and_trim(book: Book, client: Client) -> None:
    answer = client.call("GET", f"/{book.id}/values/'Sheet1'!A1:A").json()
    assert answer["range"] == "Sheet1!A1:A1000"
    assert answer["values"] == [["Company"], ["Acme"], ["Beta"], ["Corto"]]
    assert client.call("GET", f"/{book.id}/values/Sheet1!Z9").json() == {
        "range": "Sheet1!Z9",
        "majorDimension": "ROWS",
    }
    rows = client.call("GET", f"/{book.id}/values/Sheet1").json()["values"]
    assert rows[2] == ["Beta", "11/17/2026"]


def test_append_finds_the_table_and_counts_no_nulls(server: SheetsServer, book: Book, client: Client) -> None:
    params = {"valueInputOption": "RAW"}
    empty = server.add_spreadsheet()
    first = client.call("POST", f"/{empty.id}/values/A1:append", {"values": [["x", None, 3]]}, **params).json()
    assert "tableRange" not in first
    assert first["updates"]["updatedRange"] == "Sheet1!A1:C1"
    assert first["updates"]["updatedCells"] == 2
    second = client.call("POST", f"/{book.id}/values/A1:append", {"values": [["Delta"]]}, **params).json()
    assert second["tableRange"] == "Sheet1!A1:C4"
    assert book["Sheet1"].entered("A5") == "Delta"


def test_a_colour_comes_back_twice_and_cut_to_eight_bits(book: Book, client: Client) -> None:
    look = {"backgroundColor": {"red": 0.5, "green": 0, "blue": 1}, "textFormat": {"foregroundColor": {}}}
    client.batch(book, put("A1", {"userEnteredFormat": look}, fields="userEnteredFormat"))
    stored = client.cells(book, "userEnteredFormat", "A1")[0][0]
    assert stored["backgroundColor"] == {"red": 0.49803922, "blue": 1}
    assert stored["backgroundColorStyle"] == {"rgbColor": {"red": 0.49803922, "blue": 1}}
    assert stored["textFormat"] == {"foregroundColor": {}, "foregroundColorStyle": {"rgbColor": {}}}


def test_replies_are_one_to_one(book: Book, client: Client) -> None:
    add = {"addSheet": {"properties": {"title": "Settings"}}}
    answer = client.batch(book, put("A9", text("x")), add)
    assert answer["replies"][0] == {}
    added = answer["replies"][1]["addSheet"]["properties"]
    assert added["sheetId"] > 0
    assert (added["title"], added["index"]) == ("Settings", 1)
    assert added["gridProperties"] == {"rowCount": 1000, "columnCount": 26}


def test_answers_are_pretty_unless_asked_otherwise(book: Book, client: Client) -> None:
    by_default = client.call("GET", f"/{book.id}", fields="spreadsheetId").text
    assert by_default == '{\n  "spreadsheetId": "' + book.id + '"\n}\n'
    assert "\n " not in client.call("GET", f"/{book.id}", prettyPrint="false").text
    assert pretty({"a": [1, {}, [], "é"], "b": 0.5, "c": True}) == json.dumps(
        {"a": [1, {}, [], "é"], "b": 0.5, "c": True}, indent=2, ensure_ascii=False
    )


def test_answers_are_gzipped_when_asked(book: Book, client: Client) -> None:
    answer = client.call("GET", f"/{book.id}")
    assert answer.headers["Content-Encoding"] == "gzip"
    plain = client.session.get(f"{API}/{book.id}", headers={"Accept-Encoding": "identity"}, timeout=5)
    assert "Content-Encoding" not in plain.headers
    assert plain.json() == answer.json()


def test_one_connection_serves_many_requests(server: SheetsServer, book: Book, client: Client) -> None:
    seen: list[None] = []
    server.before("connect", ALWAYS, lambda: seen.append(None))
    for _ in range(3):
        client.get(book, fields="spreadsheetId")
    assert (len(seen), server.reads) == (1, 3)


# Masks for reading


@pytest.mark.parametrize(
    "mask",
    [
        "sheets(properties(sheetId,title))",
        "sheets.properties.sheetId,sheets.properties.title",
        "sheets/properties/sheet_id,sheets/properties/title",
        "sheets(properties.sheetId,properties/title)",
    ],
)
def test_every_spelling_of_a_mask_selects_the_same(mask: str, book: Book, client: Client) -> None:
    assert client.get(book, fields=mask) == {"sheets": [{"properties": {"sheetId": 0, "title": "Sheet1"}}]}


@pytest.mark.parametrize("mask", ["sheet", "sheets.data.rowData.values.value", "sheets(", "a b", "sheets, properties"])
def test_an_unknown_path_is_refused_and_named(mask: str, book: Book, client: Client) -> None:
    answer = client.call("GET", f"/{book.id}", fields=mask)
    assert answer.status_code == 400
    error = answer.json()["error"]
    assert error["message"] == "Request contains an invalid argument."
    assert "Cannot find matching fields for path" in error["details"][0]["fieldViolations"][0]["description"]


def test_grid_data_comes_exactly_when_the_mask_names_it(book: Book, client: Client) -> None:
    assert "data" not in client.get(book, fields="sheets.properties", includeGridData=True)["sheets"][0]
    assert "data" in client.get(book, fields="sheets.data.rowData.values.userEnteredValue")["sheets"][0]
    assert "data" in client.get(book, includeGridData="true")["sheets"][0]
    assert "data" not in client.get(book)["sheets"][0]
    assert "data" in client.get(book, fields="*")["sheets"][0]


def test_rows_end_at_the_last_content_and_metadata_goes_on(book: Book, client: Client) -> None:
    data = client.get(book, fields="sheets.data(rowData.values.note,rowMetadata.pixelSize)")["sheets"][0]["data"][0]
    assert data["rowData"] == [{"values": [{}] * 3}] * 2 + [{"values": [{}] * 2}, {"values": [{}] * 3}]
    assert len(data["rowMetadata"]) == 1000


def test_several_ranges_are_several_data(server: SheetsServer, book: Book, client: Client) -> None:
    server.person(book).add_tab("Other", [["a", "b"], ["c", "d"]])
    fields = "sheets(properties.title,data(startRow,startColumn,rowData.values.formattedValue))"
    answer = client.get(book, fields=fields, ranges=["Other!B2:C9", "Other!A1", "'Other'!1:1"])
    assert answer["sheets"] == [
        {
            "properties": {"title": "Other"},
            "data": [
                {"startRow": 1, "startColumn": 1, "rowData": [{"values": [{"formattedValue": "d"}]}]},
                {"rowData": [{"values": [{"formattedValue": "a"}]}]},
                {"rowData": [{"values": [{"formattedValue": "a"}, {"formattedValue": "b"}]}]},
            ],
        }
    ]


def test_a_range_without_a_tab_means_the_first_visible_one(server: SheetsServer, book: Book, client: Client) -> None:
    server.person(book).add_tab("Other", [["x"]]).hide_tab("Sheet1")
    assert client.cells(book, "formattedValue", "A1") == [["x"]]


@pytest.mark.parametrize("text_", ["Nope!A1", "A", "A0", "Sheet1!", "A1:", "1", "Sheet1!A1:B2:C3", "AAAA1"])
def test_an_unparsable_range_is_refused(text_: str, book: Book, client: Client) -> None:
    answer = client.call("GET", f"/{book.id}", ranges=text_)
    assert (answer.status_code, answer.json()["error"]["message"]) == (400, f"Unable to parse range: {text_}")


def test_a_range_beyond_the_grid_is_clamped_or_refused(book: Book, client: Client) -> None:
    assert client.call("GET", f"/{book.id}/values/A4:ZZ5000").json()["range"] == "Sheet1!A4:Z1000"
    answer = client.call("GET", f"/{book.id}/values/AA1:AB2").json()
    expected = "Range (Sheet1!AA1:AB2) exceeds grid limits. Max rows: 1000, max columns: 26"
    assert answer["error"]["message"] == expected


# Values


def test_entered_effective_and_formatted_values(book: Book, client: Client) -> None:
    client.batch(
        book,
        put("E1", {"userEnteredValue": {"numberValue": 0}}, {"userEnteredValue": {"boolValue": False}}),
        put("E2", {"userEnteredValue": {"formulaValue": "=FROB(1)"}}, text("=TODAY()")),
        put("E3", {"userEnteredValue": {"formulaValue": '=HYPERLINK("https://a.example","a")'}}),
        put("E4", {"userEnteredValue": {"formulaValue": "=+49 170"}}),
    )
    cells = client.cells(book, "effectiveValue", "A1:F4")
    assert cells[0][4:] == [{"numberValue": 0}, {"boolValue": False}]
    assert cells[1][1] == {"numberValue": 46346}
    assert cells[1][4] == {"errorValue": {"type": "NAME", "message": "Unknown function: 'FROB'."}}
    assert cells[1][5] == {"stringValue": "=TODAY()"}
    assert cells[2][1] == {"numberValue": 46343}
    assert client.cells(book, "formattedValue", "E1:F4") == [
        ["0", "FALSE"],
        ["#NAME?", "=TODAY()"],
        ["a"],
        ["#ERROR!"],
    ]
    assert client.cells(book, "hyperlink", "E3")[0][0] == "https://a.example"
    today = client.cells(book, "effectiveFormat", "B2:B3")
    assert [row[0]["numberFormat"] for row in today] == [{"type": "DATE", "pattern": "M/d/yyyy"}] * 2


def test_dates_count_days_since_the_end_of_1899() -> None:
    assert parse("1/1/2020", "en_US", NOON.date()).value == {"numberValue": 43831}


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("=TODAY()", 46346),
        ("=TODAY()-3+29/48", 46343 + 29 / 48),
        ("=DATE(2026,13,1)", 46388),
        ("=1+2*3-(4-2)/2", 6),
        ('="a"&"b"="AB"', True),
        ('=IF(A2="acme", 1, 2)', 1),
        ("=50%", 0.5),
        ("=$A$2", "Acme"),
        ("=Sheet1!A2", "Acme"),
    ],
)
def test_the_small_calculator(formula: str, value: object, book: Book) -> None:
    result = evaluate(book, book["Sheet1"], formula)
    assert isinstance(result, Result)
    assert result.value == value


@pytest.mark.parametrize(
    ("formula", "shown"),
    [("=1/0", "#DIV/0!"), ("=A", "#NAME?"), ("=(1", "#ERROR!"), ("=ZZZ9", "#REF!"), ("=A1+1", "#VALUE!")],
)
def test_errors_of_the_small_calculator(formula: str, shown: str, book: Book) -> None:
    result = evaluate(book, book["Sheet1"], formula)
    assert isinstance(result, CellError)
    assert result.shown == shown


def test_a_circle_of_formulas_ends(server: SheetsServer, book: Book) -> None:
    server.person(book).type("A9", "=B9").type("B9", "=A9")
    assert server.person(book).sees("A9")["formattedValue"] == "#REF!"


@pytest.mark.parametrize(
    ("typed", "locale", "value"),
    [
        ("11/20/2026", "en_US", 46346),
        ("20/11/2026", "en_US", "20/11/2026"),
        ("20/11/2026", "en_GB", 46346),
        ("20.11.2026", "de_DE", 46346),
        ("2026-11-20", "de_DE", 46346),
        ("2026/11/20", "ja_JP", 46346),
        ("Nov 20, 2026", "en_US", 46346),
        ("20 November 2026", "en_GB", 46346),
        ("11/20", "en_US", 46346),
        ("11/20/26 2:30 PM", "en_US", 46346 + 14.5 / 24),
        ("2026-11-20 14:30", "en_US", 46346 + 14.5 / 24),
        ("30 February 2026", "en_US", "30 February 2026"),
        ("1,234.5", "en_US", 1234.5),
        ("1.234,5", "de_DE", 1234.5),
        ("5%", "en_US", 0.05),
        ("007", "en_US", 7),
        ("true", "en_US", True),
        ("'007", "en_US", "007"),
        ("=A1", "en_US", "=A1"),
        ("+49 170 5550101", "en_US", "=+49 170 5550101"),
        ("- Ana", "en_US", "=- Ana"),
        ("-5", "en_US", -5),
        ("-", "en_US", "-"),
        ("NA", "en_US", "NA"),
        ("10:61", "en_US", "10:61"),
    ],
)
def test_what_sheets_makes_of_typed_text(typed: str, locale: str, value: object) -> None:
    made = parse(typed, locale, NOON.date()).value
    assert made is not None
    assert next(iter(made.values())) == value


@pytest.mark.parametrize(
    ("value", "number_format", "locale", "shown"),
    [
        (46346, {"type": "DATE"}, "en_US", "11/20/2026"),
        (46346, {"type": "DATE"}, "de_DE", "20.11.2026"),
        (46346, {"type": "DATE", "pattern": "yyyy-mm-dd"}, "en_US", "2026-11-20"),
        (46346, {"type": "DATE", "pattern": 'ddd, mmm d "of" yy'}, "en_US", "Fri, Nov 20 of 26"),
        (46346.5 + 1 / 24, {"type": "DATE_TIME", "pattern": "yyyy-mm-dd hh:mm am/pm"}, "en_US", "2026-11-20 01:00 PM"),
        (0.05, {"type": "PERCENT", "pattern": "0%"}, "en_US", "5%"),
        (1234.5, {"type": "NUMBER", "pattern": "#,##0.00"}, "de_DE", "1.234,50"),
        (1234.5, {}, "de_DE", "1234,5"),
        (7, {}, "en_US", "7"),
        (True, {}, "en_US", "TRUE"),
    ],
)
def test_how_values_are_shown(value: Any, number_format: Any, locale: str, shown: str) -> None:
    assert formatted(value, number_format, locale) == shown


def test_user_entered_is_parsed_and_raw_is_not(book: Book, client: Client) -> None:
    body = {"values": [["1/2/2026", "=TODAY()", ""]]}
    client.call("PUT", f"/{book.id}/values/A6:C6", body, valueInputOption="RAW")
    client.call("PUT", f"/{book.id}/values/A7:C7", body, valueInputOption="USER_ENTERED")
    values = client.call("GET", f"/{book.id}/values/A6:C7", valueRenderOption="UNFORMATTED_VALUE").json()["values"]
    assert values == [["1/2/2026", "=TODAY()"], [46024, 46346]]
    formulas = client.call("GET", f"/{book.id}/values/A7:C7", valueRenderOption="FORMULA").json()["values"]
    assert formulas == [[46024, "=TODAY()"]]


def test_values_in_bulk(book: Book, client: Client) -> None:
    data = [{"range": "E1:E2", "values": [[1], [2]]}, {"range": "F1", "values": [["x"]]}]
    body = {"data": data, "valueInputOption": "RAW"}
    done = client.call("POST", f"/{book.id}/values:batchUpdate", body).json()
    assert (done["totalUpdatedCells"], done["totalUpdatedSheets"]) == (3, 1)
    read = client.call("GET", f"/{book.id}/values:batchGet", ranges=["E1:F2", "Z1"], majorDimension="COLUMNS").json()
    assert read["valueRanges"][0]["values"] == [["1", "2"], ["x"]]
    assert "values" not in read["valueRanges"][1]
    client.call("POST", f"/{book.id}/values:batchClear", {"ranges": ["E1:F1"]})
    cleared = client.call("POST", f"/{book.id}/values/E2:E9:clear", {}).json()
    assert cleared["clearedRange"] == "Sheet1!E2:E9"
    assert book["Sheet1"]["E2"] == {}


def test_writing_values_wider_than_the_range_is_refused(book: Book, client: Client) -> None:
    answer = client.call("PUT", f"/{book.id}/values/A1:B1", {"values": [[1, 2, 3]]}, valueInputOption="RAW").json()
    expected = "Requested writing within range [Sheet1!A1:B1], but tried writing to column [C]"
    assert answer["error"]["message"] == expected


# Writing cells


def test_a_masked_field_that_is_absent_is_cleared_and_others_stay(book: Book, client: Client) -> None:
    client.batch(
        book,
        put("A2", {"note": "keep", "userEnteredFormat": {"wrapStrategy": "WRAP"}}, fields="note,userEnteredFormat"),
    )
    client.batch(book, put("A2", {}, fields="userEnteredValue"))
    assert book["Sheet1"]["A2"] == {"note": "keep", "userEnteredFormat": {"wrapStrategy": "WRAP"}}
    client.batch(
        book,
        put("A2", {"userEnteredFormat": {"textFormat": {"bold": True}}}, fields="user_entered_format.text_format.bold"),
    )
    assert book["Sheet1"]["A2"]["userEnteredFormat"] == {"wrapStrategy": "WRAP", "textFormat": {"bold": True}}
    client.batch(book, put("A2", {}, fields="*"))
    assert book["Sheet1"]["A2"] == {}


def test_a_range_larger_than_its_rows_clears_the_rest(book: Book, client: Client) -> None:
    grid = {"startRowIndex": 1, "endRowIndex": 4, "startColumnIndex": 0, "endColumnIndex": 2}
    client.batch(
        book, {"updateCells": {"range": grid, "rows": [{"values": [text("x")]}], "fields": "userEnteredValue"}}
    )
    sheet = book["Sheet1"]
    assert [sheet.entered(f"A{row}") for row in (1, 2, 3, 4)] == ["Company", "x", None, None]
    assert [sheet.entered(f"B{row}") for row in (1, 2, 3, 4)] == ["Interview", None, None, None]
    assert sheet.entered("C4") == "Ghosted"


def test_ragged_rows_from_a_start_touch_only_their_cells(book: Book, client: Client) -> None:
    rows = [{"values": [text("x"), text("y")]}, {}, {"values": [text("z")]}]
    start = {"rowIndex": 1, "columnIndex": 0}
    client.batch(book, {"updateCells": {"start": start, "rows": rows, "fields": "userEnteredValue"}})
    sheet = book["Sheet1"]
    assert [sheet.entered(at) for at in ("A2", "B2", "A3", "A4", "C4")] == ["x", "y", "Beta", "z", "Ghosted"]


def linked(label: str, *runs: tuple[int, str | None]) -> Any:
    made = [{"startIndex": at, "format": {"link": {"uri": uri}} if uri else {}} for at, uri in runs]
    return text(label) | {"textFormatRuns": made}


def test_a_link_over_the_whole_text_is_a_cell_level_link(book: Book, client: Client) -> None:
    both = "userEnteredValue,textFormatRuns"
    client.batch(book, put("D2", linked("ana@acme.example", (0, "https://mail.example/a")), fields=both))
    assert client.cells(book, "textFormatRuns", "D2") == [[None]]
    assert client.cells(book, "hyperlink", "D2") == [["https://mail.example/a"]]
    look = client.cells(book, "userEnteredFormat", "D2")[0][0]["textFormat"]
    assert look["link"] == {"uri": "https://mail.example/a"}
    assert look["underline"] is True
    assert look["foregroundColorStyle"] == {"themeColor": "LINK"}


def test_several_links_are_runs_and_no_hyperlink(book: Book, client: Client) -> None:
    both = "userEnteredValue,textFormatRuns"
    whole = linked("x", (0, "https://whole.example"))
    runs = linked("😀 a, b", (0, "https://a.example"), (4, None), (6, "https://b.example"))
    client.batch(book, put("D2", whole, fields=both))
    client.batch(book, put("D2", runs, fields=both))
    stored = client.cells(book, "textFormatRuns", "D2")[0][0]
    assert [run.get("startIndex") for run in stored] == [None, 4, 6]
    assert [run["format"].get("link", {}).get("uri") for run in stored] == [
        "https://a.example",
        None,
        "https://b.example",
    ]
    assert stored[0]["format"]["underline"] is True
    assert client.cells(book, "hyperlink", "D2") == [[None]]
    assert "userEnteredFormat" not in book["Sheet1"]["D2"]


def test_run_indices_count_utf16_units(book: Book, client: Client) -> None:
    both = "userEnteredValue,textFormatRuns"
    client.batch(book, put("D2", linked("😀ab", (3, "https://a.example")), fields=both))
    assert client.cells(book, "hyperlink", "D2") == [["https://a.example"]]
    assert "must be greater than" in client.refused(
        book, put("D2", linked("😀ab", (4, "https://a.example")), fields=both)
    )


def test_a_new_value_erases_runs_and_chips(server: SheetsServer, book: Book, client: Client) -> None:
    server.person(book).chip("D2", "ana@acme.example", "bo@acme.example")
    assert client.cells(book, "userEnteredValue", "D2") == [[{"stringValue": "@, @"}]]
    emails = [
        run["chip"].get("personProperties", {}).get("email") for run in client.cells(book, "chipRuns", "D2")[0][0]
    ]
    assert emails == ["ana@acme.example", None, "bo@acme.example"]
    client.batch(book, put("D2", text("@, @")))
    assert book["Sheet1"]["D2"] == text("@, @")


def test_cell_limits(book: Book, client: Client) -> None:
    message = client.refused(book, put("A1", text("x" * 50_001)))
    expected = "Your input contains more than the maximum of 50000 characters in a single cell."
    assert message == f"Invalid requests[0].updateCells: {expected}"
    message = client.refused(book, put("Z2", text("x"), text("y")))
    expected = "Attempting to write column: 26, beyond the last requested column of: 25"
    assert message == f"Invalid requests[0].updateCells: {expected}"
    assert client.refused(book, put("A1001", text("x"))).endswith("row: 1000, beyond the last requested row of: 999")
    grid = {"startColumnIndex": 26, "endColumnIndex": 27, "startRowIndex": 0, "endRowIndex": 1}
    message = client.refused(book, {"repeatCell": {"range": grid, "cell": {}, "fields": "note"}})
    assert message.endswith("Range (Sheet1!AA1) exceeds grid limits. Max rows: 1000, max columns: 26")


def test_update_masks_must_name_known_fields(book: Book, client: Client) -> None:
    assert "At least one field must be listed in 'fields'" in client.refused(book, put("A1", text("x"), fields=""))
    assert client.refused(book, put("A1", text("x"), fields="bogus")).endswith("Invalid field: bogus")


def test_find_and_replace_addresses_by_content(book: Book, client: Client) -> None:
    request = {"find": "ghosted", "replacement": "Due", "matchEntireCell": True, "sheetId": 0}
    reply = client.batch(book, {"findReplace": request})["replies"][0]["findReplace"]
    counts = {"valuesChanged": 1, "rowsChanged": 1, "sheetsChanged": 1, "occurrencesChanged": 1}
    assert reply == counts
    assert book["Sheet1"].entered("C4") == "Due"


# Batches


def test_a_batch_is_all_or_nothing(book: Book, client: Client) -> None:
    before = client.get(book, fields="*")
    add = {"addConditionalFormatRule": {"rule": rule("=TRUE", startRowIndex=1), "index": 0}}
    rename = {"updateSheetProperties": {"properties": {"title": "Renamed"}, "fields": "title"}}
    resize = {"appendDimension": {"dimension": "COLUMNS", "length": 3}}
    message = client.refused(book, put("A1", text("x")), add, rename, resize, {"deleteSheet": {"sheetId": 99}})
    assert message == "Invalid requests[4].deleteSheet: No grid with id: 99"
    assert client.get(book, fields="*") == before


def test_the_answer_holds_the_spreadsheet_after_the_write(book: Book, client: Client) -> None:
    answer = client.batch(
        book,
        put("C3", text("Overdue")),
        includeSpreadsheetInResponse=True,
        responseRanges=["Sheet1!C2:C4"],
        fields="replies,updatedSpreadsheet.sheets.data(startColumn,startRow,rowData.values.userEnteredValue)",
    )
    data = answer["updatedSpreadsheet"]["sheets"][0]["data"]
    values = [{"values": [text(flag)]} for flag in ("Due", "Overdue", "Ghosted")]
    assert data == [{"startRow": 1, "startColumn": 2, "rowData": values}]
    assert "spreadsheetId" not in answer


def test_grid_data_in_an_unmasked_answer_needs_its_flag(book: Book, client: Client) -> None:
    plain = client.batch(book, put("C3", text("x")), includeSpreadsheetInResponse=True)
    assert "data" not in plain["updatedSpreadsheet"]["sheets"][0]
    full = client.batch(book, put("C3", text("x")), includeSpreadsheetInResponse=True, responseIncludeGridData=True)
    assert "data" in full["updatedSpreadsheet"]["sheets"][0]


@pytest.mark.parametrize(
    ("request_", "status", "message"),
    [
        ({"addSlicer": {}}, 501, "The local Sheets server does not implement batchUpdate request kind 'addSlicer'."),
        (
            {"frobnicate": {}},
            400,
            "Invalid JSON payload received. Unknown name \"frobnicate\" at 'requests[0]': Cannot find field.",
        ),
        ({}, 400, "Invalid requests[0]: No request set."),
        (
            {"updateCells": {"rangee": {}}},
            400,
            "Invalid JSON payload received. Unknown name \"rangee\" at 'requests[0].update_cells': Cannot find field.",
        ),
        (
            put("A1", {"userEnteredValue": {"numberValue": "many"}}),
            400,
            "Invalid value at 'requests[0].update_cells.rows[0].values[0].user_entered_value.number_value' "
            '(TYPE_DOUBLE), "many"',
        ),
        (
            put("A1", {"userEnteredValue": {"numberValue": 1, "stringValue": "1"}}),
            400,
            "Invalid value at 'requests[0].update_cells.rows[0].values[0].user_entered_value' (oneof), oneof field "
            "'value' is already set. Cannot set 'stringValue'",
        ),
        (
            {"appendDimension": {"dimension": "LINES", "length": 1}},
            400,
            "Invalid value at 'requests[0].append_dimension.dimension' "
            '(type.googleapis.com/google.apps.sheets.v4.dimension), "LINES"',
        ),
    ],
)
def test_malformed_requests_are_refused_by_name(
    request_: Any, status: int, message: str, book: Book, client: Client
) -> None:
    assert client.refused(book, request_, status=status) == message


def test_null_means_unset_and_snake_case_is_understood(book: Book, client: Client) -> None:
    request = {"update_cells": {"start": {"row_index": "8", "sheet_id": None}, "rows": [{"values": [text("x")]}]}}
    request["update_cells"]["fields"] = "userEnteredValue"
    client.batch(book, request)
    assert book["Sheet1"].entered("A9") == "x"


def test_other_endpoints_are_501_and_named(client: Client, book: Book) -> None:
    answer = client.call("POST", f"/{book.id}/values:batchGetByDataFilter", {})
    assert answer.status_code == 501
    assert "values:batchGetByDataFilter" in answer.json()["error"]["message"]
    assert client.session.get("https://www.googleapis.com/drive/v3/files", timeout=5).status_code == 501
    unknown = client.call("GET", f"/{book.id}", nonsense=1)
    assert 'Unknown name "nonsense": Cannot bind query parameter' in unknown.json()["error"]["message"]


# Structure


def sheet_with_rules(book: Book, client: Client) -> Sheet:
    """Rules on the data rows, a protection on column C, a formula below, a hidden column B."""
    grid = {"startRowIndex": 1, "endRowIndex": 1000, "startColumnIndex": 0, "endColumnIndex": 26}
    client.batch(
        book,
        {"addConditionalFormatRule": {"rule": rule('=$C2="Ghosted"', **grid)}},
        {
            "addProtectedRange": {
                "protectedRange": {"warningOnly": True, "range": {"startColumnIndex": 2, "endColumnIndex": 3}}
            }
        },
        put("A9", {"userEnteredValue": {"formulaValue": '=C4&$C$2&" C2"'}}),
        {
            "updateDimensionProperties": {
                "range": {"dimension": "COLUMNS", "startIndex": 1, "endIndex": 2},
                "properties": {"hiddenByUser": True},
                "fields": "hiddenByUser",
            }
        },
    )
    return book["Sheet1"]


def formula_of(sheet: Sheet) -> str:
    return str(sheet.rules[0]["booleanRule"]["condition"]["values"][0]["userEnteredValue"])


def test_an_inserted_column_moves_rules_formulas_protections_and_metadata(book: Book, client: Client) -> None:
    sheet = sheet_with_rules(book, client)
    client.batch(book, {"insertDimension": {"range": {"dimension": "COLUMNS", "startIndex": 1, "endIndex": 2}}})
    assert formula_of(sheet) == '=$D2="Ghosted"'
    assert sheet.rules[0]["ranges"][0]["endColumnIndex"] == 27
    assert sheet.protected[0]["range"] == {"startColumnIndex": 3, "endColumnIndex": 4}
    assert sheet.entered("A9") == '=D4&$D$2&" C2"'
    assert [column.get("hiddenByUser") for column in sheet.columns[:3]] == [None, None, True]
    assert [sheet.entered(at) for at in ("A1", "B1", "C1", "D1")] == ["Company", None, "Interview", "Flag"]


def test_a_deleted_column_takes_what_is_on_it(book: Book, client: Client) -> None:
    sheet = sheet_with_rules(book, client)
    client.batch(book, {"deleteDimension": {"range": {"dimension": "COLUMNS", "startIndex": 2, "endIndex": 3}}})
    assert formula_of(sheet) == '=#REF!="Ghosted"'
    assert sheet.protected == []
    assert sheet.entered("A9") == '=#REF!&#REF!&" C2"'
    assert len(sheet.columns) == 25


def test_a_moved_column_takes_its_rules_along(book: Book, client: Client) -> None:
    sheet = sheet_with_rules(book, client)
    source = {"dimension": "COLUMNS", "startIndex": 2, "endIndex": 3}
    client.batch(book, {"moveDimension": {"source": source, "destinationIndex": 0}})
    assert [sheet.entered(at) for at in ("A1", "B1", "C1")] == ["Flag", "Company", "Interview"]
    assert formula_of(sheet) == '=$A2="Ghosted"'
    assert sheet.rules[0]["ranges"][0]["startColumnIndex"] == 0
    assert sheet.protected[0]["range"] == {"startColumnIndex": 0, "endColumnIndex": 1}
    assert sheet.entered("B9") == '=A4&$A$2&" C2"'
    assert sheet.columns[2]["hiddenByUser"] is True


def test_rows_above_the_rule_move_it_and_rows_inside_grow_it(book: Book, client: Client) -> None:
    sheet = sheet_with_rules(book, client)
    client.batch(book, {"insertDimension": {"range": {"dimension": "ROWS", "startIndex": 0, "endIndex": 2}}})
    assert formula_of(sheet) == '=$C4="Ghosted"'
    assert sheet.rules[0]["ranges"][0]["startRowIndex"] == 3
    client.batch(book, {"insertDimension": {"range": {"dimension": "ROWS", "startIndex": 5, "endIndex": 6}}})
    grid = sheet.rules[0]["ranges"][0]
    assert (grid["startRowIndex"], grid["endRowIndex"], len(sheet.rows)) == (3, 1003, 1003)
    client.batch(book, {"deleteDimension": {"range": {"dimension": "ROWS", "startIndex": 3, "endIndex": 4}}})
    assert formula_of(sheet) == '=$C4="Ghosted"'
    assert [sheet.entered(f"A{row}") for row in (3, 4, 5, 6)] == ["Company", "Beta", None, "Corto"]


def test_rows_dragged_out_of_a_range_tear_it(book: Book) -> None:
    sheet = book["Sheet1"]
    sheet.merges.append({"startRowIndex": 1, "endRowIndex": 4, "startColumnIndex": 0, "endColumnIndex": 1})
    structure.move(book, sheet, True, 2, 3, 10)
    rows = [(merge["startRowIndex"], merge["endRowIndex"]) for merge in sheet.merges]
    assert rows == [(1, 3), (9, 10)]
    assert [sheet.entered(f"A{row}") for row in (2, 3, 10)] == ["Acme", "Corto", "Beta"]


def test_dimension_errors_are_in_googles_words(book: Book, client: Client) -> None:
    columns = {"dimension": "COLUMNS", "startIndex": 25, "endIndex": 27}
    assert client.refused(book, {"deleteDimension": {"range": columns}}) == (
        "Invalid requests[0].deleteDimension: Cannot delete a column that doesn't exist. Tried to delete column "
        "index 26 but there are only 26 columns."
    )
    beyond = {"dimension": "ROWS", "startIndex": 1000, "endIndex": 1001}
    assert client.refused(book, {"insertDimension": {"range": beyond}}).endswith(
        "range.startIndex[1000] must be less than the grid size (1000) if inheritFromBefore is false."
    )
    huge = {"appendDimension": {"dimension": "ROWS", "length": 400_000}}
    assert "above the limit of 10000000 cells" in client.refused(book, huge)


def test_the_27th_column_needs_append_dimension_in_the_same_batch(book: Book, client: Client) -> None:
    client.batch(book, {"appendDimension": {"dimension": "COLUMNS", "length": 2}}, put("AA1", text("x"), text("y")))
    assert book["Sheet1"].entered("AB1") == "y"


def test_sorting_moves_cells_and_leaves_row_metadata(server: SheetsServer, book: Book, client: Client) -> None:
    server.person(book).hide_row(2).type("D2", '=A2&"!"')
    grid = {"startRowIndex": 1, "endRowIndex": 5, "startColumnIndex": 0, "endColumnIndex": 26}
    spec = {"dimensionIndex": 0, "sortOrder": "DESCENDING"}
    client.batch(book, {"sortRange": {"range": grid, "sortSpecs": [spec]}})
    sheet = book["Sheet1"]
    assert [sheet.entered(f"A{row}") for row in (2, 3, 4, 5)] == ["Corto", "Beta", "Acme", None]
    assert sheet.entered("D4") == '=A4&"!"'
    assert sheet.rows[1].meta["hiddenByUser"] is True


def test_cut_and_paste_moves_cells(book: Book, client: Client) -> None:
    source = {"startRowIndex": 1, "endRowIndex": 2, "startColumnIndex": 0, "endColumnIndex": 3}
    client.batch(
        book,
        {"cutPaste": {"source": source, "destination": {"rowIndex": 7, "columnIndex": 0}, "pasteType": "PASTE_NORMAL"}},
    )
    assert (book["Sheet1"].entered("A2"), book["Sheet1"].entered("A8")) == (None, "Acme")


# Rules, protections, tabs and the rest


def test_rules_are_known_by_index(book: Book, client: Client) -> None:
    for formula in ("=A1=1", "=A1=2", "=A1=3"):
        client.batch(
            book, {"addConditionalFormatRule": {"rule": rule(formula, sheetId=0, startRowIndex=1), "index": 0}}
        )
    sheet = book["Sheet1"]
    reply = client.batch(book, {"updateConditionalFormatRule": {"index": 2, "newIndex": 0, "sheetId": 0}})["replies"][0]
    assert reply["updateConditionalFormatRule"]["oldIndex"] == 2
    assert formula_of(sheet) == "=A1=1"
    new = rule("=A1=9", startRowIndex=1)
    client.batch(book, {"updateConditionalFormatRule": {"index": 0, "rule": new}})
    assert formula_of(sheet) == "=A1=9"
    client.batch(book, {"deleteConditionalFormatRule": {"index": 0}})
    shown = client.get(book, fields="sheets.conditionalFormats")["sheets"][0]["conditionalFormats"]
    assert len(shown) == 2
    assert shown[0]["ranges"] == [{"startRowIndex": 1}]
    assert shown[0]["booleanRule"]["format"]["backgroundColor"] == {"red": 0.49803922}
    message = client.refused(book, {"deleteConditionalFormatRule": {"index": 2, "sheetId": 0}})
    assert message.endswith("No conditional format on sheet: 0 at index: 2")


def test_a_rule_paints_what_its_formula_says(server: SheetsServer, book: Book, client: Client) -> None:
    added = rule('=$C2="Ghosted"', startRowIndex=1, endRowIndex=1000, startColumnIndex=0, endColumnIndex=26)
    client.batch(book, {"addConditionalFormatRule": {"rule": added}})
    person = server.person(book)
    bold = [person.sees(f"A{row}")["effectiveFormat"]["textFormat"]["bold"] for row in (2, 3, 4)]
    assert bold == [False, False, True]


def test_protection_keeps_others_out(server: SheetsServer, book: Book, client: Client) -> None:
    person = server.person(book).protect("A2:A2").protect("B:B", warning_only=True)
    shown = client.get(book, fields="sheets.protectedRanges")["sheets"][0]["protectedRanges"]
    assert [one.get("requestingUserCanEdit") for one in shown] == [None, True]
    assert "You are trying to edit a protected cell or object" in client.refused(book, put("A2", text("x")))
    client.batch(book, put("B2", text("x")), put("A3", text("x")))
    added = client.batch(
        book, {"addProtectedRange": {"protectedRange": {"range": {"startColumnIndex": 2, "endColumnIndex": 3}}}}
    )
    protected_id = added["replies"][0]["addProtectedRange"]["protectedRange"]["protectedRangeId"]
    client.batch(book, put("C2", text("x")))
    described = {"protectedRangeId": protected_id, "description": "ours"}
    client.batch(book, {"updateProtectedRange": {"protectedRange": described, "fields": "description"}})
    assert person.sheet.protected[-1]["description"] == "ours"
    client.batch(book, {"deleteProtectedRange": {"protectedRangeId": protected_id}})
    assert len(person.sheet.protected) == 2


def test_tabs(book: Book, client: Client) -> None:
    client.batch(
        book,
        {
            "addSheet": {
                "properties": {
                    "title": "Settings",
                    "index": 0,
                    "tabColor": {"red": 1},
                    "gridProperties": {"rowCount": 5, "columnCount": 2, "frozenRowCount": 1},
                }
            }
        },
        {"updateSheetProperties": {"properties": {"sheetId": 0, "hidden": True, "index": 0}, "fields": "hidden,index"}},
    )
    shown = client.get(book, fields="sheets.properties")["sheets"]
    assert [one["properties"]["title"] for one in shown] == ["Sheet1", "Settings"]
    assert shown[1]["properties"]["gridProperties"] == {"rowCount": 5, "columnCount": 2, "frozenRowCount": 1}
    assert shown[1]["properties"]["tabColorStyle"] == {"rgbColor": {"red": 1}}
    hide = {
        "updateSheetProperties": {
            "properties": {"sheetId": book["Settings"].sheet_id, "hidden": True},
            "fields": "hidden",
        }
    }
    expected = "Invalid requests[0].updateSheetProperties: You can't hide all the sheets in a document."
    assert client.refused(book, hide) == expected
    clash = client.refused(book, {"addSheet": {"properties": {"title": "settings"}}})
    assert clash.endswith('A sheet with the name "settings" already exists. Please enter another name.')
    assert "can't remove all" in client.refused(book, {"deleteSheet": {"sheetId": book["Settings"].sheet_id}})


def test_spreadsheet_properties_and_metadata(book: Book, client: Client) -> None:
    client.batch(
        book,
        {
            "updateSpreadsheetProperties": {
                "properties": {"locale": "de_DE", "timeZone": "GMT-07:00"},
                "fields": "locale,timeZone",
            }
        },
    )
    assert client.get(book, fields="properties(locale,title,timeZone)")["properties"] == {
        "locale": "de_DE",
        "title": "Interviews",
        "timeZone": "GMT-07:00",
    }
    assert evaluate(book, book["Sheet1"], "=NOW()") == Result(46346 + 5 / 24, "DATE_TIME")
    new = {
        "metadataKey": "sheetflow.checked",
        "metadataValue": "1",
        "visibility": "DOCUMENT",
        "location": {"spreadsheet": True},
    }
    client.batch(book, {"createDeveloperMetadata": {"developerMetadata": new}})
    update = {
        "dataFilters": [{"developerMetadataLookup": {"metadataKey": "sheetflow.checked"}}],
        "developerMetadata": {"metadataValue": "2"},
        "fields": "metadataValue",
    }
    client.batch(book, {"updateDeveloperMetadata": update})
    shown = client.get(book, fields="developerMetadata")["developerMetadata"]
    assert [(one["metadataKey"], one["metadataValue"]) for one in shown] == [("sheetflow.checked", "2")]


def test_the_remaining_kinds(book: Book, client: Client) -> None:
    grid = {"startRowIndex": 0, "endRowIndex": 4, "startColumnIndex": 0, "endColumnIndex": 3}
    choices = {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": "Great"}]}
    one_column = {"startRowIndex": 1, "endRowIndex": 3, "startColumnIndex": 4, "endColumnIndex": 5}
    replies = client.batch(
        book,
        {
            "setDataValidation": {
                "range": one_column,
                "rule": {"condition": choices, "strict": False, "showCustomUi": True},
            }
        },
        {"setBasicFilter": {"filter": {"range": grid}}},
        {"autoResizeDimensions": {"dimensions": {"dimension": "COLUMNS", "startIndex": 0, "endIndex": 3}}},
        {"mergeCells": {"range": one_column, "mergeType": "MERGE_ALL"}},
        {"addTable": {"table": {"name": "Jobs", "range": grid}}},
        {"appendCells": {"rows": [{"values": [text("End")]}], "fields": "userEnteredValue"}},
        {"repeatCell": {"range": grid, "cell": {"note": "n"}, "fields": "note"}},
    )["replies"]
    assert replies[4]["addTable"]["table"]["name"] == "Jobs"
    assert book["Sheet1"]["E2"] == {"dataValidation": {"condition": choices, "showCustomUi": True}}
    assert book["Sheet1"].entered("A5") == "End"
    whole = client.get(book, fields="*")["sheets"][0]
    assert {"merges", "basicFilter", "tables"} <= set(whole)


# The person


def test_a_person_at_work(server: SheetsServer, book: Book) -> None:
    person = server.person(book)
    person.type((2, "Flag"), "Overdue").rename_header("Flag", "State").insert_column("State", "Mood")
    person.move_column("Company").hide_column("Mood").show_column("Mood").widen_column("Mood", 50)
    person.insert_row_above(2).delete_row(2).add_row(Company="Delta", State="Due").freeze(1)
    assert person.row_of("Delta") == 5
    person.sort("Company", descending=True)
    assert person.row_of("Delta") == 2
    assert book["Sheet1"].entered(person.at((5, "State"))) == "Overdue"
    person.move_rows(2, 2, before=4)
    assert person.row_of("Delta") == 3
    person.type("A9", "text").link("A9", "https://a.example").type("A9", "plain")
    assert book["Sheet1"]["A9"] == text("plain")
    person.clear("A9").note("A9", "hello").tick("B9").cut_paste("A9:B9", "C9").paint("C9", 1, 1, 0)
    assert book["Sheet1"].entered("D9") is True
    person.add_rule("A2:Z", "=$A2=1").recolour_rule(0, 0, 1, 0).delete_rule(0)
    person.rename_tab("Jobs").add_tab("Extra").move_tab("Extra", 0).delete_tab("Extra")
    assert [sheet.title for sheet in book.sheets] == ["Jobs"]
    with pytest.raises(KeyError):
        person.row_of("Nobody")


def test_sorting_only_some_columns_leaves_the_others_behind(server: SheetsServer, book: Book) -> None:
    server.person(book).sort("Company", descending=True, only=("Company", "Interview"))
    sheet = book["Sheet1"]
    assert [sheet.entered(f"A{row}") for row in (2, 3, 4)] == ["Corto", "Beta", "Acme"]
    assert [sheet.entered(f"C{row}") for row in (2, 3, 4)] == ["Due", None, "Ghosted"]


def test_an_imported_csv_is_a_typed_tab_with_another_id(server: SheetsServer) -> None:
    book = server.add_spreadsheet(locale="de_DE")
    person = server.person(book).import_csv("\ufeffA,B,C\r\n=TODAY(),1.2.2026,+49 170 555\r\n", replace=True)
    sheet = person.sheet
    assert sheet.sheet_id != 0
    assert (len(sheet.rows), len(sheet.columns), len(book.sheets)) == (1000, 26, 1)
    assert [next(iter(sheet[at]["userEnteredValue"])) for at in ("A1", "A2", "B2", "C2")] == [
        "stringValue",
        "formulaValue",
        "numberValue",
        "formulaValue",
    ]
    assert person.sees("C2")["formattedValue"] == "#ERROR!"
    wide = server.person(book).import_csv(",".join("x" * 30), title="Wide").sheet
    assert len(wide.columns) == 30


# Between and beyond


def test_people_act_before_the_write_before_the_snapshot_and_after_it(
    server: SheetsServer, book: Book, client: Client
) -> None:
    person = server.person(book)
    server.before("write", 2, lambda: person.insert_row_above(2))
    server.after("write", 2, lambda: person.type("A1", "Before the snapshot"))
    server.after_snapshot("write", 2, lambda: person.type("B1", "After the snapshot"))
    client.batch(book, put("C1", text("first")))
    answer = client.batch(
        book,
        put("C2", text("second")),
        includeSpreadsheetInResponse=True,
        fields="updatedSpreadsheet.sheets.data.rowData.values.formattedValue",
    )
    first = answer["updatedSpreadsheet"]["sheets"][0]["data"][0]["rowData"][0]["values"]
    assert [cell["formattedValue"] for cell in first] == ["Before the snapshot", "Interview", "first"]
    sheet = book["Sheet1"]
    assert [sheet.entered(at) for at in ("B1", "A2", "C2", "A3")] == ["After the snapshot", None, "second", "Acme"]


def test_answers_that_are_errors(server: SheetsServer, book: Book, client: Client) -> None:
    server.fault("read", 1, Fault.status(503, retry_after="7"))
    server.fault("read", 2, Fault.html(502))
    server.fault("read", 3, Fault.login_page())
    server.fault("read", 4, Fault.truncated())
    answers = [client.call("GET", f"/{book.id}") for _ in range(5)]
    assert [one.status_code for one in answers] == [503, 502, 200, 200, 200]
    assert answers[0].headers["Retry-After"] == "7"
    assert answers[0].json()["error"]["status"] == "UNAVAILABLE"
    assert answers[1].text.startswith("<!DOCTYPE html>")
    for answer in answers[2:4]:
        with pytest.raises(requests.JSONDecodeError):
            answer.json()
    assert answers[4].json()["spreadsheetId"] == book.id
    assert [one.status for one in server.log] == [503, 502, 200, 200, 200]


@pytest.mark.parametrize(
    ("fault", "applied"),
    [
        (Fault.reset(), False),
        (Fault.reset_after(), True),
        (Fault.hang(1.0), False),
        (Fault.hang(1.0, apply=True), True),
        (Fault.status(500), False),
        (Fault.status(500, apply=True), True),
        (Fault.truncated(), True),
    ],
)
def test_a_write_may_or_may_not_have_been_applied(
    fault: Fault, applied: bool, server: SheetsServer, book: Book, client: Client
) -> None:
    server.fault("write", 1, fault)
    url = f"{API}/{book.id}:batchUpdate"
    try:
        answer = client.session.post(
            url, json={"requests": [put("A9", text("x"))]}, timeout=0.2 if fault.ending == "hang" else 5
        )
        assert fault.ending in ("answer", "truncate")
        assert answer.status_code in (200, 500)
    except (requests.ConnectionError, requests.Timeout):
        assert fault.ending in ("reset", "hang")
    assert (book["Sheet1"].entered("A9") == "x") is applied
    client.batch(book, put("A8", text("y")))


def test_a_slow_answer_comes_late(server: SheetsServer, book: Book, client: Client) -> None:
    server.fault("read", ALWAYS, Fault.slow(0.1))
    started = time.monotonic()
    client.get(book)
    assert time.monotonic() - started >= 0.1
    server.calm()
    server.forget()
    assert server.reads == 0


def test_a_certificate_of_somebody_else_is_not_trusted(server: SheetsServer, book: Book, client: Client) -> None:
    server.fault("connect", 1, Fault.bad_certificate())
    with pytest.raises(requests.exceptions.SSLError):
        client.call("GET", f"/{book.id}")
    client.get(book)


def test_a_proxy_may_refuse(server: SheetsServer, book: Book, client: Client) -> None:
    server.fault("connect", 1, Fault.refuse_connect(502))
    with pytest.raises(requests.exceptions.ProxyError):
        client.call("GET", f"/{book.id}")
    client.get(book)


def test_other_hosts_are_refused_and_remembered(server: SheetsServer, client: Client) -> None:
    with pytest.raises(requests.exceptions.ProxyError):
        client.session.get("https://elsewhere.example/", timeout=5)
    assert server.strangers == ["elsewhere.example:443"]


def test_quotas_in_googles_form(client: Client) -> None:
    minute = [0.0]
    with SheetsServer(quota=2, quota_clock=lambda: minute[0]) as small:
        book = small.add_spreadsheet()
        token = small.authority.issue(small.account.email, [SPREADSHEETS])
        client.session.headers["Authorization"] = f"Bearer {token}"
        client.session.proxies = {"https": small.environment()["HTTPS_PROXY"]}
        assert [client.call("GET", f"/{book.id}").status_code for _ in range(3)] == [200, 200, 429]
        client.batch(book, put("A1", text("x")))
        error = client.call("GET", f"/{book.id}").json()["error"]
        minute[0] = 60.0
        client.get(book)
    assert error["status"] == "RESOURCE_EXHAUSTED"
    assert "quota metric 'Read requests' and limit 'Read requests per minute per user'" in error["message"]
    assert error["details"][0]["reason"] == "RATE_LIMIT_EXCEEDED"
    assert error["details"][0]["metadata"]["quota_limit"] == "ReadRequestsPerMinutePerUser"


def test_what_was_said_is_on_record(server: SheetsServer, book: Book, client: Client) -> None:
    client.batch(book, put("A9", text("x")), fields="replies")
    entry = server.exchanges("write")[0]
    assert (entry.method, entry.host, entry.status) == ("POST", "sheets.googleapis.com", 200)
    assert entry.query == {"fields": ["replies"]}
    assert entry.body["requests"][0]["updateCells"]["fields"] == "userEnteredValue"
    assert entry.answer == {"replies": [{}]}
    assert (server.reads, server.writes, server.count("token")) == (0, 1, 0)


def test_a_failing_callback_is_kept_for_the_test(book: Book, server: SheetsServer, client: Client) -> None:
    server.before("read", 1, lambda: 1 // 0)
    assert client.call("GET", f"/{book.id}").status_code == 500
    assert isinstance(server.errors.pop(), ZeroDivisionError)


# Who may do what


def join_background_lookups() -> None:
    """google-auth looks up trust boundaries in a thread of its own."""
    for thread in threading.enumerate():
        if "RegionalAccessBoundary" in type(thread).__name__:
            thread.join(5)


@pytest.fixture
def lookups() -> Iterator[None]:
    yield
    join_background_lookups()


def credentials(info: Any, **options: Any) -> Any:
    """Make service-account credentials; google-auth carries no types."""
    make: Any = Credentials.from_service_account_info
    return make(info, **options)


def lead_to(server: SheetsServer, monkeypatch: pytest.MonkeyPatch, *, keyless: bool = False) -> None:
    for name, value in server.environment(keyless=keyless).items():
        monkeypatch.setenv(name, value)


@pytest.mark.usefixtures("lookups")
def test_real_gspread_and_real_google_auth(monkeypatch: pytest.MonkeyPatch) -> None:
    with SheetsServer() as server:
        book = server.add_spreadsheet(rows=TRACKER)
        lead_to(server, monkeypatch)
        info = json.loads(server.account.credentials())
        client = gspread.authorize(credentials(info, scopes=[SPREADSHEETS]))
        with client.http_client.session:
            worksheet = client.open_by_key(book.id).sheet1
            assert worksheet.col_values(1) == ["Company", "Acme", "Beta", "Corto"]
            worksheet.update([["Delta", 46000, True]], "A5")
            worksheet.append_row(["Echo"])
            worksheet.format("A1:C1", {"textFormat": {"bold": True}})
            assert [cell.address for cell in worksheet.findall("Echo")] == ["A6"]
            with pytest.raises(gspread.exceptions.SpreadsheetNotFound):
                client.open_by_key("nope")
            join_background_lookups()
        assert server.scopes_asked == [SPREADSHEETS]
        assert (server.count("token"), server.strangers) == (1, [])
        assert server.count("boundary") <= 1, "google-auth 2.35 does not look any up"
        assert book["Sheet1"]["A1"]["userEnteredFormat"] == {"textFormat": {"bold": True}}
        assert book["Sheet1"].entered("A6") == "Echo"


@pytest.mark.usefixtures("lookups")
def test_keyless_through_workload_identity_federation(monkeypatch: pytest.MonkeyPatch) -> None:
    with SheetsServer() as server:
        book = server.add_spreadsheet(rows=TRACKER)
        lead_to(server, monkeypatch, keyless=True)
        found, _ = google.auth.default(scopes=[SPREADSHEETS])
        client = gspread.authorize(found)
        with client.http_client.session:
            assert client.open_by_key(book.id).title == "Interviews"
            join_background_lookups()
        assert [one.host for one in server.exchanges("token")] == [
            "sts.googleapis.com",
            "iamcredentials.googleapis.com",
        ]
        assert [one.host for one in server.exchanges("other")] == ["cloudresourcemanager.googleapis.com"]
        assert server.strangers == []


def refresh(info: str, **options: Any) -> str:
    """The error of a token request; empty when it is granted."""
    made = credentials(json.loads(info), **{"scopes": [SPREADSHEETS], **options})
    with requests.Session() as session:
        try:
            made.refresh(Request(session))
        except google.auth.exceptions.RefreshError as error:
            return str(error.args[0])
    return ""


def test_tokens_are_for_signed_claims_only(monkeypatch: pytest.MonkeyPatch, lookups: None) -> None:
    with SheetsServer() as server:
        lead_to(server, monkeypatch)
        good = server.account.credentials()
        stranger = ServiceAccount("nobody@elsewhere.example").credentials()
        forged = ServiceAccount(server.account.email, key_name="other").credentials()
        assert refresh(good) == ""
        assert refresh(stranger) == "invalid_grant: Invalid grant: account not found"
        assert refresh(forged) == "invalid_grant: Invalid JWT Signature."
        assert refresh(good, scopes=["https://www.googleapis.com/auth/drive"]).startswith("invalid_scope")
        assert "Failed audience check" in refresh(good, additional_claims={"aud": "https://elsewhere.example"})
        server.clock = lambda: datetime.now(UTC) + timedelta(hours=2)
        assert "Token must be a short-lived token" in refresh(good)
        server.fault("token", 1, Fault.invalid_grant("Account disabled: " + server.account.email))
        assert "Account disabled" in refresh(good)


@pytest.mark.parametrize(
    ("header", "message", "reason"),
    [
        (None, "Request is missing required authentication credential.", "CREDENTIALS_MISSING"),
        ("Bearer made-up", "Request had invalid authentication credentials.", "ACCESS_TOKEN_TYPE_UNSUPPORTED"),
    ],
)
def test_a_missing_or_unknown_token(header: str | None, message: str, reason: str, book: Book, client: Client) -> None:
    client.session.headers["Authorization"] = header  # type: ignore[assignment]  # None drops the header
    answer = client.call("GET", f"/{book.id}")
    error = answer.json()["error"]
    assert (answer.status_code, error["status"]) == (401, "UNAUTHENTICATED")
    assert error["message"].startswith(message)
    assert error["details"][0]["reason"] == reason


def test_an_expired_token(server: SheetsServer, book: Book, client: Client) -> None:
    server.clock = lambda: NOON + timedelta(hours=2)
    assert client.call("GET", f"/{book.id}").status_code == 401


def test_a_token_for_another_scope(server: SheetsServer, book: Book, client: Client) -> None:
    token = server.authority.issue(server.account.email, ["https://www.googleapis.com/auth/drive.file"])
    client.session.headers["Authorization"] = f"Bearer {token}"
    error = client.call("GET", f"/{book.id}").json()["error"]
    assert error["message"] == "Request had insufficient authentication scopes."


def test_sharing(server: SheetsServer, client: Client) -> None:
    private = server.add_spreadsheet(shared_with={})
    read_only = server.add_spreadsheet(shared_with={server.account.email: "reader"})
    error = client.call("GET", f"/{private.id}").json()["error"]
    assert error == {"code": 403, "message": "The caller does not have permission", "status": "PERMISSION_DENIED"}
    client.get(read_only)
    assert client.refused(read_only, put("A1", text("x")), status=403) == "The caller does not have permission"
    error = client.call("GET", "/unknown-id").json()["error"]
    assert error == {"code": 404, "message": "Requested entity was not found.", "status": "NOT_FOUND"}


def test_a_disabled_api_names_the_page_to_enable_it(server: SheetsServer, book: Book, client: Client) -> None:
    server.api_enabled = False
    error = client.call("GET", f"/{book.id}").json()["error"]
    info = error["details"][0]
    assert (error["code"], info["reason"]) == (403, "SERVICE_DISABLED")
    assert info["metadata"]["activationUrl"] in error["message"]


# Properties


@given(st.integers(0, 18_277))
def test_column_letters_round_trip(column: int) -> None:
    assert a1.number(a1.letters(column)) == column


def test_eight_bit_colours_are_fixed_points() -> None:
    for component in range(256):
        once = eight_bit(component / 255)
        assert round(once * 255) == component
        assert eight_bit(once) == once


MASKS = st.recursive(
    st.just(masks.ALL),
    lambda below: st.dictionaries(st.sampled_from(["sheets", "data", "note", "title"]), below, min_size=1),
)


@given(MASKS, MASKS)
def test_masks_merge_like_sets(one: masks.Mask, other: masks.Mask) -> None:
    union = masks.merge(one, other)
    assert union == masks.merge(other, one)
    assert masks.merge(union, one) == union


@settings(max_examples=30)
@given(st.integers(0, 9), st.integers(1, 5), st.integers(0, 9))
def test_moving_there_and_back_changes_nothing(start: int, count: int, to: int) -> None:
    book = Book("id")
    sheet = book.add_sheet("Sheet1", 15, 3)
    for row in range(15):
        sheet[row, 0] = {"userEnteredValue": {"formulaValue": f"=B{row + 1}&$B${row + 1}"}}
    sheet.rules.append(rule("=$B2=1", startRowIndex=1, endRowIndex=15))
    before = [dict(row.cells) for row in sheet.rows], list(sheet.rules)
    destination = to if to <= start else to + count
    structure.move(book, sheet, True, start, start + count, destination)
    structure.move(book, sheet, True, to, to + count, start if start <= to else start + count)
    assert ([dict(row.cells) for row in sheet.rows], sheet.rules) == before


def test_a_large_sheet_is_read_quickly(server: SheetsServer) -> None:
    book = server.add_spreadsheet()
    sheet = book["Sheet1"]
    sheet.ensure(5000, 40)
    for row in range(5000):
        for column in range(40):
            sheet[row, column] = {"userEnteredValue": {"stringValue": "x"}}
    from sheets_server.proxy import collector_paused
    from sheets_server.render import spreadsheet

    mask = masks.read_mask("sheets.data.rowData.values(userEnteredValue,effectiveValue)", "Spreadsheet")
    started = time.perf_counter()
    with collector_paused():
        answer = spreadsheet(book, mask, None, False, server.account.email)
    assert time.perf_counter() - started < 1.5
    assert len(answer["sheets"][0]["data"][0]["rowData"]) == 5000


def test_the_stated_audience_is_the_one_google_checks() -> None:
    assert json.loads(ServiceAccount().credentials())["token_uri"] == auth.TOKEN_URL
