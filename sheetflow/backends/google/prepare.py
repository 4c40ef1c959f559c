"""Making a Google Sheet ready: headers, dropdowns, date pickers, looks, protection, the Settings tab.

The one place that writes into the person's columns, and there only headers, formats and validation. Every
step looks first whether it is done, so that all of it can be run again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sheetflow.backends.google.cells import update_requests
from sheetflow.backends.google.client import Rejected, Unclear
from sheetflow.backends.google.look import (
    added_column_requests,
    colour,
    flags_highlighted,
    rule_request,
)
from sheetflow.backends.google.requests import room_for, text_cell
from sheetflow.backends.google.sheet import GoogleSheet
from sheetflow.backends.google.tab import READ_FIELDS, Tab
from sheetflow.columns import BY_KEY, FRESH, OURS, YOURS, Column
from sheetflow.errors import SheetflowError
from sheetflow.highlights import HIGHLIGHTS
from sheetflow.settings import TAB_TITLE, Settings, from_tab, tab_place, tab_rows
from sheetflow.sheet import Sheet, is_empty
from sheetflow.table.claims import find_header
from sheetflow.table.outcomes import FEELINGS, OUTCOMES

Json = dict[str, Any]

FIELDS = (
    READ_FIELDS.replace("gridProperties(", "gridProperties(frozenRowCount,")
    .replace("conditionalFormats(", "protectedRanges(description),conditionalFormats(")
    .replace("values(userEnteredValue,", "values(dataValidation(condition(type)),userEnteredValue,")
)
PROTECTION = "Written by sheetflow: what you type here is replaced by the next run."
GREY = "F3F4F6"
DROPDOWNS = {"outcome": OUTCOMES, "feeling": FEELINGS}
DRAFTS = ("draft_to", "draft_subject", "draft")
DATE_HINT = "A date, like 2026-11-20."
TICK_HINT = "The day it was sent, like 2026-11-20. A tick (x) works too; a date is better."


@dataclass(frozen=True)
class Step:
    """Something to be done: in words, and as requests."""

    words: str
    requests: tuple[Json, ...]


@dataclass(frozen=True)
class _Ground:
    """The tab as it is, and where every column is or will be."""

    tab: Tab
    raw: Json
    header: int
    at: dict[str, int]
    added: tuple[tuple[int, Column], ...]

    def span(self, column: int, *, whole: bool = False) -> Json:
        """One column's cells below the header, or with it."""
        start = self.header if whole else self.header + 1
        return {
            "sheetId": self.tab.sheet_id, "startRowIndex": start,
            "startColumnIndex": column, "endColumnIndex": column + 1,
        }  # fmt: skip


class GooglePreparation:
    """What there is to do in a sheet that the person made; nothing when all is done. Reads once."""

    def __init__(self, backend: GoogleSheet, settings: Callable[[Sheet], Settings]) -> None:
        self._backend = backend
        sheet = backend.read(FIELDS)
        chosen = settings(sheet)
        ground = _survey(backend, sheet, chosen)
        steps = [
            *_headers(ground), *_frozen(ground), *_dropdowns(ground), *_dates(ground), *_looks(ground),
            *_protection(ground), *_rules(ground), *_settings_tab(backend, chosen),
            *_name(backend, sheet, chosen),
        ]  # fmt: skip
        self._steps = [step for step in steps if step.requests]

    @property
    def steps(self) -> list[str]:
        """Each step in words."""
        return [step.words for step in self._steps]

    def apply(self) -> None:
        """Send all steps in one atomic write. Raises ``SheetflowError`` if Google refuses or its answer is lost."""
        requests = [request for step in self._steps for request in step.requests]
        try:
            self._backend.client.batch_update({"requests": requests}, "spreadsheetId")
        except (Unclear, Rejected) as problem:
            raise SheetflowError(
                f"{problem.cause.template} Run init again: it looks first what is done already.",
                **problem.cause.private,
            ) from None


def _survey(backend: GoogleSheet, sheet: Sheet, settings: Settings) -> _Ground:
    if all(is_empty(cell) for row in sheet.rows for cell in row):
        header, at, width = 0, {}, 0
    else:
        found = find_header(sheet, settings.columns)
        header, at, width = found.row, dict(found.at), found.width
    missing = [column for column in FRESH if column.key not in at]
    added = tuple((width + n, column) for n, column in enumerate(missing))
    return _Ground(backend.tab, backend.raw_tab, header, {**at, **{c.key: i for i, c in added}}, added)


def _headers(ground: _Ground) -> Iterator[Step]:
    if not ground.added:
        return
    requests = list(room_for(ground.added, ground.tab))
    cells = {(ground.header, index): text_cell(column.header) for index, column in ground.added}
    requests += [request for _, request in update_requests(cells, ground.tab.sheet_id)]
    yield Step(f"add the columns {', '.join(column.header for _, column in ground.added)}", tuple(requests))


def _frozen(ground: _Ground) -> Iterator[Step]:
    wanted = ground.header + 1
    if ground.raw["properties"].get("gridProperties", {}).get("frozenRowCount", 0) < wanted:
        properties = {"sheetId": ground.tab.sheet_id, "gridProperties": {"frozenRowCount": wanted}}
        request = {"updateSheetProperties": {"properties": properties, "fields": "gridProperties.frozenRowCount"}}
        yield Step("keep the header in sight while you scroll", (request,))


def _validated(ground: _Ground, column: int) -> bool:
    """Whether the first cell below the header has a validation, ours or the person's own."""
    for data in ground.raw.get("data", []):
        row, left = ground.header + 1 - data.get("startRow", 0), column - data.get("startColumn", 0)
        cells = data.get("rowData", [])[row : row + 1]
        if cells and left >= 0 and cells[0].get("values", [])[left : left + 1]:
            return "dataValidation" in cells[0]["values"][left]
    return False


def _validation(ground: _Ground, column: int, rule: Json) -> Json:
    return {"setDataValidation": {"range": ground.span(column), "rule": {**rule, "strict": False}}}


def _dropdowns(ground: _Ground) -> Iterator[Step]:
    columns = [key for key in DROPDOWNS if not _validated(ground, ground.at[key])]
    requests = tuple(
        _validation(
            ground,
            ground.at[key],
            {
                "condition": {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": w} for w in DROPDOWNS[key]]},
                "showCustomUi": True,
            },
        )
        for key in columns
    )
    yield Step(f"a list to choose from in {' and '.join(BY_KEY[key].header for key in columns)}", requests)


def _dates(ground: _Ground) -> Iterator[Step]:
    columns = [c for c in YOURS if c.kind in ("moment", "day", "sent") and not _validated(ground, ground.at[c.key])]
    requests = [
        _validation(
            ground,
            ground.at[column.key],
            {"condition": {"type": "DATE_IS_VALID"}, "inputMessage": TICK_HINT if column.kind == "sent" else DATE_HINT},
        )
        for column in columns
    ]
    fresh = {index for index, _ in ground.added}
    requests += [
        _format(
            ground.span(ground.at[column.key]),
            {"numberFormat": {"type": "DATE_TIME" if column.kind == "moment" else "DATE", "pattern": _pattern(column)}},
        )
        for column in columns
        if ground.at[column.key] in fresh
    ]
    names = ", ".join(column.header for column in columns)
    yield Step(f"a date picker, which warns of what is no date but takes a tick, in {names}", tuple(requests))


def _pattern(column: Column) -> str:
    return "yyyy-mm-dd hh:mm" if column.kind == "moment" else "yyyy-mm-dd"


def _format(span: Json, look: Json) -> Json:
    fields = ",".join(f"userEnteredFormat.{name}" for name in look)
    return {"repeatCell": {"range": span, "cell": {"userEnteredFormat": look}, "fields": fields}}


def _prepared(ground: _Ground) -> bool:
    return any(r.get("description") == PROTECTION for r in ground.raw.get("protectedRanges", []))


def _looks(ground: _Ground) -> Iterator[Step]:
    """Widths, wrapping, grey: for new columns always, for those that were there once, with the protection."""
    fresh = dict(ground.added)
    ours = [c for c in OURS if c.key in ground.at and (ground.at[c.key] in fresh or not _prepared(ground))]
    if not ours:
        return
    columns = tuple((ground.at[column.key], column) for column in ours)
    requests = list(added_column_requests(ground.tab.sheet_id, columns, ground.header))
    grey = {"backgroundColorStyle": {"rgbColor": colour(GREY)}}
    requests += [_format(ground.span(index), grey) for index, column in columns if column.key not in DRAFTS]
    requests += [
        _format({**ground.span(index, whole=True), "endRowIndex": ground.header + 1}, {"textFormat": {"bold": True}})
        for index in fresh
    ]
    requests += [
        {
            "updateDimensionProperties": {
                "range": {
                    "sheetId": ground.tab.sheet_id, "dimension": "COLUMNS", "startIndex": index, "endIndex": index + 1,
                },
                "properties": {"pixelSize": column.width},
                "fields": "pixelSize",
            }
        }
        for index, column in ground.added
        if column.owner == "person"
    ]  # fmt: skip
    yield Step("make sheetflow's columns grey, wide enough and wrapped, and hide Draft stamp", tuple(requests))


def _protection(ground: _Ground) -> Iterator[Step]:
    if _prepared(ground):
        return
    columns = sorted(ground.at[c.key] for c in OURS if c.key in ground.at and c.key not in DRAFTS)
    requests = tuple(
        {
            "addProtectedRange": {
                "protectedRange": {
                    "range": {**ground.span(first), "endColumnIndex": last + 1},
                    "description": PROTECTION,
                    "warningOnly": True,
                }
            }
        }
        for first, last in _runs(columns)
    )
    yield Step("warn before anybody types over a computed cell (drafts stay free to edit)", requests)


def _runs(columns: list[int]) -> Iterator[tuple[int, int]]:
    first = last = columns[0]
    for column in columns[1:]:
        if column != last + 1:
            yield first, last
            first = column
        last = column
    yield first, last


def _rules(ground: _Ground) -> Iterator[Step]:
    there = flags_highlighted(ground.tab.rules, [ground.at["flag"]])
    missing = [highlight.flag for highlight in HIGHLIGHTS if highlight.flag not in there]
    width = max(ground.at.values()) + 1
    requests = tuple(
        rule_request(ground.tab.sheet_id, flag, ground.at["flag"], ground.header, width, len(ground.tab.rules) + n)
        for n, flag in enumerate(missing)
    )
    yield Step(f"highlight the rows flagged {', '.join(missing)}", requests)


def _settings_tab(backend: GoogleSheet, settings: Settings) -> Iterator[Step]:
    if backend.has_settings_tab:
        return
    sheet_id = max(backend.sheet_ids) + 1
    cells = {
        (row, column): text_cell(value)
        for row, pair in enumerate(tab_rows(settings))
        for column, value in enumerate(pair)
    }
    add = {
        "addSheet": {
            "properties": {
                "sheetId": sheet_id,
                "title": TAB_TITLE,
                "gridProperties": {"rowCount": 40, "columnCount": 4},
            }
        }
    }
    wide = {
        "updateDimensionProperties": {
            "range": {"sheetId": sheet_id, "dimension": "COLUMNS", "startIndex": 0, "endIndex": 1},
            "properties": {"pixelSize": 260},
            "fields": "pixelSize",
        }
    }
    updates = [request for _, request in update_requests(cells, sheet_id)]
    yield Step(f"add a tab {TAB_TITLE} for your name and the waits", (add, *updates, wide))


def _name(backend: GoogleSheet, sheet: Sheet, settings: Settings) -> Iterator[Step]:
    """A name given with this call, into a Settings tab that is there already."""
    row, tab = tab_place(sheet, "name"), backend.settings_tab_id
    if row is not None and tab is not None and settings.name and settings.name != from_tab(sheet).get("name"):
        cells = {(row, 0): text_cell("Your name"), (row, 1): text_cell(settings.name)}
        requests = tuple(request for _, request in update_requests(cells, tab))
        yield Step(f"write your name into the tab {TAB_TITLE}", requests)
