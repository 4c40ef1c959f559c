"""The contract on a real spreadsheet; off unless asked for.

Make an empty Google Sheet whose title contains ``sheetflow live test``, share it with your service account as
Editor, then::

    SHEETFLOW_LIVE_SHEET=<link> GOOGLE_CREDENTIALS="$(cat key.json)" pytest -m live

It settles what no server of our own can: what a masked answer of ``batchUpdate`` holds, and that a run really
changes nothing the second time. The sheet is emptied again at the end.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from support import templates

from sheetflow import flow
from sheetflow.backends.base import Options
from sheetflow.backends.google.client import SheetsClient
from sheetflow.backends.google.identity import Identity
from sheetflow.backends.google.sheet import GoogleSheet
from sheetflow.plan import Plan
from sheetflow.settings import Settings

SOURCE = os.environ.get("SHEETFLOW_LIVE_SHEET", "")
TITLE = "sheetflow live test"
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
ROWS = [
    ["Company", "Role", "Interview", "Interviewers", "Notes", "Follow-up sent"],
    ["Alder", "Cook", 46345, "Ana Ruiz <ana@alder.example>", "mine", ""],
    ["Birch 🌲", "Clerk", 46345.5, "Cy Diaz <cy@birch.example>; Di Eck <di@birch.example>", "=1+1 as text", ""],
    ["Cedar", "Baker", 46267, "Eva Fox <eva@cedar.example>", "", True],
    ["Dogwood", "0004", "03/04/26", "Finn Gray", "", ""],
]

pytestmark = [
    pytest.mark.live,
    pytest.mark.skipif(not SOURCE, reason="SHEETFLOW_LIVE_SHEET names no spreadsheet"),
]


def client() -> SheetsClient:
    match = re.search(r"/d/([\w-]{20,})", SOURCE)
    return SheetsClient(match[1] if match else SOURCE, Identity(os.environ))


def cell(value: Any) -> dict[str, Any]:
    if value == "":
        return {}
    kind = {bool: "boolValue", int: "numberValue", float: "numberValue", str: "stringValue"}[type(value)]
    entered: dict[str, Any] = {"userEnteredValue": {kind: value}}
    if kind == "numberValue":
        form = (
            {"type": "DATE_TIME", "pattern": "yyyy-mm-dd hh:mm"} if value % 1 else {"type": "DATE", "pattern": "d/m/y"}
        )
        entered["userEnteredFormat"] = {"numberFormat": form}
    return entered


@pytest.fixture
def filled() -> Iterator[None]:
    """The only tab, filled with the rows; refuses a spreadsheet that is somebody's."""
    fields = "properties(title),sheets(properties(sheetId,title),data(rowData(values(userEnteredValue))))"
    found = client().get(fields)
    if TITLE not in found["properties"]["title"].casefold():
        pytest.fail(f"the spreadsheet's title must contain “{TITLE}”: this test writes into it and empties it")
    rows = [row for sheet in found["sheets"] for data in sheet.get("data", []) for row in data.get("rowData", [])]
    if len(found["sheets"]) != 1 or any(value for row in rows for value in row.get("values", [])):
        pytest.fail("the spreadsheet must have one tab, and that must be empty")
    tab: int = found["sheets"][0]["properties"].get("sheetId", 0)
    start = {"sheetId": tab, "rowIndex": 0, "columnIndex": 0}
    cells = [{"values": [cell(value) for value in row]} for row in ROWS]
    update = {"start": start, "rows": cells, "fields": "userEnteredValue,userEnteredFormat.numberFormat"}
    client().batch_update({"requests": [{"updateCells": update}]}, "spreadsheetId")
    yield
    empty(tab)


def empty(tab: int) -> None:
    """Take everything out of the tab again, highlight rules and hidden columns included."""
    rules = client().get("sheets(properties(sheetId),conditionalFormats(ranges(sheetId)))")["sheets"][0]
    span = {"sheetId": tab, "dimension": "COLUMNS", "startIndex": 0, "endIndex": 26}
    look = {"range": span, "properties": {"pixelSize": 100}, "fields": "pixelSize,hiddenByUser"}
    requests: list[dict[str, Any]] = [
        {"deleteConditionalFormatRule": {"sheetId": tab, "index": 0}} for _ in rules.get("conditionalFormats", [])
    ]
    requests.append({"updateCells": {"range": {"sheetId": tab}, "fields": "*"}})
    requests.append({"updateDimensionProperties": look})
    client().batch_update({"requests": requests}, "spreadsheetId")


def run(now: datetime = NOW) -> tuple[Plan, GoogleSheet]:
    backend = GoogleSheet(SOURCE, Options(environment=os.environ))
    return flow.run(backend, now, lambda _: Settings(name="Sam Lee"), templates()), backend


@pytest.mark.usefixtures("filled")
def test_the_contract_on_a_real_sheet() -> None:
    before = client().get("sheets(data(rowData(values(userEnteredValue,userEnteredFormat(numberFormat)))))")
    first, backend = run()
    assert first.changes
    assert backend.requests() == "1 read, 1 write"
    again, backend = run()
    assert again.changes == ()
    assert again.rules == ()
    assert backend.requests() == "1 read, 0 writes"
    after = client().get("sheets(data(rowData(values(userEnteredValue,userEnteredFormat(numberFormat)))))")
    assert own(after) == own(before)
    check_looks()


def own(answer: dict[str, Any]) -> list[list[Any]]:
    """The cells of the columns that were there before."""
    rows = answer["sheets"][0]["data"][0]["rowData"]
    width = len(ROWS[0])
    return [[*row.get("values", []), *[{}] * width][:width] for row in rows[: len(ROWS)]]


def check_looks() -> None:
    """Send links for one and for two recipients, typed dates and the hidden stamp, as Google gives them back."""
    fields = "sheets(data(rowData(values(userEnteredValue,hyperlink,textFormatRuns)),columnMetadata(hiddenByUser)))"
    data = client().get(fields)["sheets"][0]["data"][0]
    header = [one.get("userEnteredValue", {}).get("stringValue") for one in data["rowData"][0]["values"]]
    send, due, stamp = (header.index(name) for name in ("Send", "Thank-you due", "Draft stamp"))
    assert "hyperlink" in data["rowData"][1]["values"][send]
    runs = data["rowData"][2]["values"][send]["textFormatRuns"]
    assert sum("link" in one.get("format", {}) for one in runs) == 2
    assert "numberValue" in data["rowData"][1]["values"][due]["userEnteredValue"]
    assert data["columnMetadata"][stamp].get("hiddenByUser") is True
