"""A tab of a Google Sheet as the API gives it: what is asked for, and its cells in their places."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from sheetflow.backends.google import metadata
from sheetflow.backends.google.cells import CELL_FIELDS
from sheetflow.backends.google.merge import Grid
from sheetflow.columns import HEADER_ROWS, plain
from sheetflow.errors import UsageError
from sheetflow.settings import TAB_TITLE
from sheetflow.sheet import DateOrder

Json = dict[str, Any]

TAB_FIELDS = (
    "properties(sheetId,title,index,hidden,sheetType,gridProperties(rowCount,columnCount)),"
    f"{metadata.FIELDS},charts(chartId),columnGroups(depth),"
    "conditionalFormats(booleanRule(condition(type,values(userEnteredValue)))),"
    f"data(startRow,startColumn,columnMetadata({metadata.FIELDS}),rowMetadata(pixelSize,{metadata.FIELDS}),"
    f"rowData(values({CELL_FIELDS})))"
)
READ_FIELDS = f"properties(locale,timeZone),{metadata.FIELDS},sheets({TAB_FIELDS})"
WRITE_FIELDS = f"updatedSpreadsheet({metadata.FIELDS},sheets({TAB_FIELDS}))"
_YEAR_FIRST = ("zh", "ja", "ko", "hu", "lt", "mn", "sv", "en_CA", "fr_CA", "eu", "fa")
_MONTH_FIRST = ("en_US", "en_PH", "es_US", "es_PR", "fil_PH")


@dataclass(frozen=True)
class Tab:
    """One tab as the API gave it; ``rows`` are its cells' JSON, from A1 on."""

    sheet_id: int
    title: str
    rows: Grid
    columns: int
    rules: tuple[str, ...] = ()
    """The formulas of its conditional formats, in their order; empty text for other kinds."""
    items: tuple[metadata.Item, ...] = ()
    """The metadata of its columns."""
    row_items: tuple[metadata.Item, ...] = ()
    """The metadata of its rows."""
    key: str = ""
    """Which tab of ours it is, by its metadata; empty: none."""
    heights: tuple[int, ...] = ()
    """The height of each of its rows, in pixels."""
    index: int = 0
    """Its place among the tabs."""
    grouped: bool = False
    """Whether any of its columns stand in a group."""
    charts: tuple[int, ...] = ()
    """The ids of the charts on it."""
    row_count: int = 0
    """Rows of its grid, in use or not."""


def read_source(source: str) -> tuple[str, int | None]:
    """The spreadsheet's id and the tab's gid, from a link or a bare id."""
    match = re.search(r"/spreadsheets/(?:u/\d+/)?d/([A-Za-z0-9_-]{20,})", source)
    if source.startswith("http") and not match:
        raise UsageError(
            "{source} is not the link of a spreadsheet. Copy it from the browser while the sheet is open; it looks "
            "like https://docs.google.com/spreadsheets/d/…/edit",
            source=source,
        )
    gid = re.search(r"[#&?]gid=(\d+)", source)
    return (match[1] if match else source), int(gid[1]) if gid else None


def is_grid(sheet: Json) -> bool:
    """Whether a tab holds cells, and not a chart."""
    return bool(sheet.get("properties", {}).get("sheetType", "GRID") == "GRID")


def is_settings(title: str) -> bool:
    """Whether a tab is the Settings tab, by its title."""
    return title.strip().casefold() == TAB_TITLE.casefold()


def read_tab(sheet: Json) -> Tab:
    """One tab of an answer, its cells in their places; rows at the end in which nothing was entered are left out."""
    properties = sheet["properties"]
    rows: Grid = []
    items: list[metadata.Item] = []
    row_items: list[metadata.Item] = []
    heights: list[int] = []
    for data in sheet.get("data", []):
        first, left = data.get("startRow", 0), data.get("startColumn", 0)
        rows += [[] for _ in range(first - len(rows))]
        rows += [[{}] * left + row.get("values", []) for row in data.get("rowData", [])]
        for column, message in enumerate(data.get("columnMetadata", []), left):
            items += metadata.read_items(message, column)
        heights += [0] * (first - len(heights))
        for row, message in enumerate(data.get("rowMetadata", []), first):
            heights.append(message.get("pixelSize", 0))
            row_items += metadata.read_items(message, row)
    while rows and not any("userEnteredValue" in cell for cell in rows[-1]):
        rows.pop()  # formatted far down, but nothing entered
    grid = properties.get("gridProperties", {})
    rules = tuple(_formula(rule) for rule in sheet.get("conditionalFormats", []))
    keys = [item.value for item in metadata.read_items(sheet) if item.key == metadata.KEY]
    return Tab(
        properties.get("sheetId", 0),
        properties.get("title", ""),
        rows,
        grid.get("columnCount", 0),
        rules,
        tuple(items),
        tuple(row_items),
        keys[0] if keys else "",
        tuple(heights),
        properties.get("index", 0),
        bool(sheet.get("columnGroups")),
        tuple(chart.get("chartId", 0) for chart in sheet.get("charts", [])),
        grid.get("rowCount", 0),
    )


def _formula(rule: Json) -> str:
    condition = rule.get("booleanRule", {}).get("condition", {})
    values = condition.get("values", [])
    return str(values[0].get("userEnteredValue", "")) if condition.get("type") == "CUSTOM_FORMULA" and values else ""


def columns_headed(tab: Tab, title: str) -> set[int]:
    """The columns that bear a title in any of the rows where a header may stand."""
    wanted = plain(title)
    return {
        column
        for row in tab.rows[:HEADER_ROWS]
        for column, cell in enumerate(row)
        if plain(cell.get("userEnteredValue", {}).get("stringValue", "")) == wanted
    }


def date_order(locale: str) -> DateOrder:
    """What 03/04/2026 means in a spreadsheet's locale; empty where the year comes first, which leaves it open."""
    if not locale or locale.startswith(_YEAR_FIRST):
        return ""
    return "mdy" if locale in _MONTH_FIRST else "dmy"
