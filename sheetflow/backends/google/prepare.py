"""Making a Google Sheet ready: headers, dropdowns, date pickers, looks, protection, the Settings tab.

The one place that writes into the person's columns, and there only headers, formats and validation. Every
step looks first whether it is done, so that all of it can be run again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sheetflow.backends.google import metadata
from sheetflow.backends.google.cells import number_format, update_requests
from sheetflow.backends.google.client import Rejected, Unclear
from sheetflow.backends.google.look import (
    HEAD_YOURS,
    NEAR,
    added_column_requests,
    background,
    cell_area,
    column_looks,
    flags_highlighted,
    repeat,
    rule_request,
    text,
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
    READ_FIELDS.replace("gridProperties(", "gridProperties(frozenRowCount,frozenColumnCount,")
    .replace("conditionalFormats(", "protectedRanges(description),conditionalFormats(")
    .replace("values(userEnteredValue,", "values(dataValidation(condition(type)),userEnteredValue,")
)
PROTECTION = "Written by sheetflow: what you type here is replaced by the next run."
GREY = "F3F4F6"
DROPDOWNS = {"outcome": OUTCOMES, "feeling": FEELINGS}
DRAFTS = ("draft_to", "draft_subject", "draft")
DATES = ("moment", "day", "sent")


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

    def span(self, column: int) -> Json:
        """One column's cells below the header."""
        return cell_area(self.tab.sheet_id, self.header + 1, None, column, column + 1)


class GooglePreparation:
    """What there is to do in a sheet that the person made; nothing when all is done. Reads once."""

    def __init__(self, backend: GoogleSheet, settings: Callable[[Sheet], Settings]) -> None:
        self._backend = backend
        sheet = backend.read(FIELDS)
        chosen = settings(sheet)
        ground = _survey(backend, sheet, chosen)
        steps = [
            *_headers(ground), *_frozen(ground), *_dropdowns(ground), *_dates(ground), *_hints(ground),
            *_looks(ground), *_protection(ground), *_rules(ground), *_settings_tab(backend, chosen),
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
    ours = {column.key: index for index, column in ground.added if column.owner == "sheetflow"}
    requests += metadata.name_columns((), ours, ground.tab.sheet_id)
    yield Step(f"add the columns {', '.join(column.header for _, column in ground.added)}", tuple(requests))


def _frozen(ground: _Ground) -> Iterator[Step]:
    company = ground.at["company"]
    wanted = {"frozenRowCount": ground.header + 1, "frozenColumnCount": company + 1 if company < NEAR else 0}
    there = ground.raw["properties"].get("gridProperties", {})
    missing = {name: count for name, count in wanted.items() if there.get(name, 0) < count}
    if missing:
        properties = {"sheetId": ground.tab.sheet_id, "gridProperties": missing}
        fields = ",".join(f"gridProperties.{name}" for name in missing)
        request = {"updateSheetProperties": {"properties": properties, "fields": fields}}
        yield Step("keep the header and Company in sight while you scroll", (request,))


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
                "inputMessage": BY_KEY[key].hint,
            },
        )
        for key in columns
    )
    yield Step(f"a list to choose from in {' and '.join(BY_KEY[key].header for key in columns)}", requests)


def _dates(ground: _Ground) -> Iterator[Step]:
    columns = [column for column in YOURS if column.kind in DATES and not _validated(ground, ground.at[column.key])]
    requests = [
        _validation(
            ground,
            ground.at[column.key],
            {"condition": {"type": "DATE_IS_VALID"}, "inputMessage": column.hint},
        )
        for column in columns
    ]
    fresh = {index for index, _ in ground.added}
    requests += [
        repeat(ground.span(ground.at[column.key]), {"numberFormat": number_format(timed=column.kind == "moment")})
        for column in columns
        if ground.at[column.key] in fresh
    ]
    names = ", ".join(column.header for column in columns)
    yield Step(f"a date picker, which warns of what is no date but takes a tick, in {names}", tuple(requests))


def _hints(ground: _Ground) -> Iterator[Step]:
    """What a cell tells whoever types into it; a condition that always holds refuses nothing."""
    others = [c for c in YOURS if c.hint and c.kind not in DATES and c.key not in DROPDOWNS]
    columns = [column for column in others if not _validated(ground, ground.at[column.key])]
    always = {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": "=1=1"}]}
    requests = tuple(
        _validation(ground, ground.at[column.key], {"condition": always, "inputMessage": column.hint})
        for column in columns
    )
    yield Step(f"a hint at the cells of {', '.join(column.header for column in columns)}", requests)


def _prepared(ground: _Ground) -> bool:
    return any(r.get("description") == PROTECTION for r in ground.raw.get("protectedRanges", []))


def _looks(ground: _Ground) -> Iterator[Step]:
    """Widths, wrapping, grey, the group: for new columns always, for those that were there with the protection."""
    sheet_id, header, company = ground.tab.sheet_id, ground.header, ground.at["company"]
    added = dict(ground.added)
    there = [(ground.at[c.key], c) for c in OURS if c.key in ground.at and ground.at[c.key] not in added]
    there = [] if _prepared(ground) else there
    if not added and not there:
        return
    requests = [*added_column_requests(sheet_id, ground.added, header, company, grouped=ground.tab.grouped)]
    if company in added:  # nothing was there that the headers could take after
        yours = [index for index, column in ground.added if column.owner == "person"]
        look = background(HEAD_YOURS) | text("FFFFFF", bold=True)
        requests += [repeat(cell_area(sheet_id, header, header + 1, index, index + 1), look) for index in yours]
    requests += column_looks(sheet_id, there, header)
    grey = [i for i, c in (*ground.added, *there) if c.owner == "sheetflow" and c.key not in DRAFTS]
    requests += [repeat(ground.span(index), background(GREY)) for index in grey]
    words = "make sheetflow's columns grey and wide enough, and fold up those that one seldom looks at"
    yield Step(words, tuple(requests))


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
    requests = tuple(
        rule_request(ground.tab.sheet_id, flag, ground.at, ground.header, len(ground.tab.rules) + n)
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
