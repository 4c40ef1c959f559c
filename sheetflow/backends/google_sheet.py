"""Trackers in Google Sheets: one read, at most one write, and nothing of anybody's lost in between.

A run reads the spreadsheet once, sends one atomic batchUpdate, and looks at the state that the answer brings.
If somebody moved or edited rows meanwhile, that state goes back to be planned again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NoReturn

from sheetflow.backends import Options
from sheetflow.backends.google_cells import (
    CELL_FIELDS,
    VALUE,
    Written,
    as_entered,
    decode,
    encode,
    put_back,
    update_requests,
)
from sheetflow.backends.google_client import Identity, Rejected, SheetsClient, Unclear
from sheetflow.backends.google_look import added_column_requests, rule_flag, rule_request
from sheetflow.backends.google_merge import Grid, Merged, Place, merge
from sheetflow.columns import BY_KEY, HEADER_ROWS, OURS, Column, plain
from sheetflow.errors import Refused, SheetflowError, UsageError
from sheetflow.plan import Plan
from sheetflow.settings import TAB_TITLE, read_zone
from sheetflow.sheet import DateOrder, Sheet, Value

if TYPE_CHECKING:
    from sheetflow.doctor import Check

Json = dict[str, Any]

TAB_FIELDS = (
    "properties(sheetId,title,hidden,sheetType,gridProperties(rowCount,columnCount)),"
    "conditionalFormats(booleanRule(condition(type,values(userEnteredValue)))),"
    f"data(startRow,startColumn,rowData(values({CELL_FIELDS})))"
)
READ_FIELDS = f"properties(locale,timeZone),sheets({TAB_FIELDS})"
WRITE_FIELDS = f"updatedSpreadsheet(sheets({TAB_FIELDS}))"
BODY_LIMIT = 2_000_000
"""Bytes of one write: Google advises 2 MB (https://developers.google.com/workspace/sheets/api/limits)."""
DRAFT_COLUMNS = ("draft_to", "draft_subject", "draft", "send", "stamp")
ATTEMPTS = 3
"""One write and at most two repairs (spec, section 8)."""

_CHECKED = re.compile(r"Last checked by sheetflow on (\d{4}-\d\d-\d\d)\.")
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


@dataclass
class _Sent:
    """What this run has sent so far, to be told from what people entered and taken back where it went astray."""

    values: set[object] = field(default_factory=set)
    columns: set[int] = field(default_factory=set)
    rules: dict[str, str] = field(default_factory=dict)
    hidden: int | None = None
    noted: Place | None = None

    def remember(self, cells: Mapping[Place, Written]) -> None:
        """Note the values and columns of a write."""
        self.values.update(as_entered(cell.json) for cell in cells.values())
        self.columns.update(column for _, column in cells)


class GoogleSheet:
    """A tracker in a Google Sheet, by link or id."""

    def __init__(self, source: str, options: Options, client: SheetsClient | None = None) -> None:
        spreadsheet, self._gid = _read_source(source)
        self._options = options
        self.identity = Identity(options.environment) if client is None else None
        self.client = client or SheetsClient(spreadsheet, self.identity)  # type: ignore[arg-type] # set just above
        self.tab = Tab(0, "", [], 0)
        """The tab as the current plan was made from it."""
        self._actual: Grid = []
        """Its cells as they stand; other than ``_tab.rows`` only after a write that was overtaken."""
        self._covered: frozenset[Place] = frozenset()
        """The places where the two differ."""
        self._properties: Json = {}
        self._settings_tab: list[list[Value]] | None = None
        self._sent = _Sent()
        self._attempts = 0

    def read(self, fields: str = "") -> Sheet:
        """Read the tracker's tab and the Settings tab, in one request; ``fields`` asks for more than a run needs."""
        answer = self.client.get(fields or READ_FIELDS)
        self._properties = answer.get("properties", {})
        sheets = [sheet for sheet in answer.get("sheets", []) if _is_grid(sheet)]
        tabs = [_read_tab(sheet) for sheet in sheets]
        self.sheet_ids = [tab.sheet_id for tab in tabs]
        hidden = {tab.sheet_id for tab, sheet in zip(tabs, sheets, strict=True) if sheet["properties"].get("hidden")}
        settings = next((tab for tab in tabs if _is_settings(tab.title)), None)
        self._settings_tab = [[decode(cell) for cell in row] for row in settings.rows] if settings else None
        self.tab = self._choose(tabs, hidden)
        self.raw_tab: Json = sheets[tabs.index(self.tab)]
        self._actual = self.tab.rows
        return self._sheet()

    @property
    def has_settings_tab(self) -> bool:
        """Whether the spreadsheet has a Settings tab, ours or not."""
        return self._settings_tab is not None

    def requests(self) -> str:
        """How many requests it took, every try counted."""
        counts = ((self.client.reads, "read"), (self.client.writes, "write"))
        return ", ".join(f"{count} {word}{'' if count == 1 else 's'}" for count, word in counts)

    def examine(self, plan: Plan) -> Iterator[Check]:
        """Look at what stands between the plan and the sheet, for ``doctor``."""
        from sheetflow.backends.google_doctor import examine

        return examine(self, plan)

    # --- reading ------------------------------------------------------------------------------------------

    def _choose(self, tabs: list[Tab], hidden: set[int]) -> Tab:
        wanted = self._options.worksheet
        if wanted:
            found = [tab for tab in tabs if tab.title.casefold() == wanted.casefold()]
        elif self._gid is not None:
            found = [tab for tab in tabs if tab.sheet_id == self._gid]
        else:
            found = [tab for tab in tabs if tab.sheet_id not in hidden and not _is_settings(tab.title)]
        if found:
            return found[0]
        raise Refused(
            "The spreadsheet has no tab {wanted}; its tabs are {titles}. Set worksheet to one of them, or use the link "
            "that the browser shows while the tab is open.",
            wanted=wanted or (f"with gid {self._gid}" if self._gid is not None else "that is visible"),
            titles=", ".join(tab.title for tab in tabs),
        )

    def _sheet(self) -> Sheet:
        """The tab as the core sees it."""
        links = _columns_headed(self.tab, self._header("send"))
        rows = [
            [decode(cell, links=column in links) if cell else None for column, cell in enumerate(row)]
            for row in self.tab.rows
        ]
        overwritten = {place: decode(_cell(self._actual, place), links=place[1] in links) for place in self._covered}
        locale = self._properties.get("locale", "")
        return Sheet(
            self.tab.title,
            rows,
            self._zone(),
            _date_order(locale),
            links="many",
            settings_tab=self._settings_tab,
            checked=self._checked(),
            rules=frozenset(filter(None, map(rule_flag, self._standing_rules()))),
            overwritten=overwritten,
        )

    def _zone(self) -> Any:
        name = self._properties.get("timeZone", "Etc/GMT")
        try:
            return read_zone(name)
        except ValueError:
            raise SheetflowError(
                "The spreadsheet's time zone {name} is not one that is known here. Choose another in File > Settings.",
                name=name,
            ) from None

    def _header(self, key: str) -> str:
        return self._options.columns.get(key, BY_KEY[key].header)

    def _checked(self) -> str | None:
        """The day that the mark on the header of Follow-up status names; ``None`` under a note of the person's."""
        for row in self.tab.rows[:HEADER_ROWS]:
            for cell in row:
                text = cell.get("userEnteredValue", {}).get("stringValue", "")
                if text and plain(text) == plain(self._header("status")):
                    note = cell.get("note", "")
                    match = _CHECKED.fullmatch(note)
                    return match[1] if match else None if note else ""
        return ""

    def _standing_rules(self) -> list[str]:
        """The tab's rules without those that this run sent for columns that have since moved."""
        return [formula for formula in self.tab.rules if formula not in self._sent.rules.values()]

    # --- writing ------------------------------------------------------------------------------------------

    def apply(self, plan: Plan) -> Sheet | None:
        """Send a plan and look at what came of it.

        Returns the sheet as it stands when somebody's edit overtook the write, or when its fate is unclear.
        Raises ``SheetflowError`` when the second repair was overtaken too; drafts that might stand on a wrong
        row are cleared by then.
        """
        self._attempts += 1
        header = plan.table.header.row
        cells = self._encoded(plan)
        quiet = not plan.changes and not plan.rules
        doubt: SheetflowError | None = None
        try:
            answer = self._exchange(list(self._frame_requests(plan)), cells, header + 1 if quiet else None)
            after = _read_tab(answer["updatedSpreadsheet"]["sheets"][0])
        except (Unclear, Rejected) as problem:
            doubt = problem.cause
            after = self._read_again()
        except (KeyError, IndexError, TypeError):
            doubt = SheetflowError("Google's answer to the write was not complete. Run again; nothing is lost.")
            after = self._read_again()
        if quiet and doubt is None:
            if _texts(after.rows, header) == _texts(self._actual, header):
                return None
            after = self._read_again()
        self._sent.remember(cells)
        merged = self._merge(after, header)
        arrived = all(_holds(after.rows, place, cell.json) for place, cell in cells.items())
        if not merged.moved and (doubt is None or (arrived and not quiet)):
            return None
        self.tab, self._actual, self._covered = replace(after, rows=merged.rows), after.rows, merged.covered
        if self._attempts >= ATTEMPTS:
            self._give_up(merged, doubt)
        return self._sheet()

    def _merge(self, after: Tab, header: int) -> Merged:
        return merge(self.tab.rows, frozenset(self._sent.values), frozenset(self._sent.columns), after.rows, header)

    def _encoded(self, plan: Plan) -> dict[Place, Written]:
        """The plan's cells as they are sent; new columns of ours as whole rectangles."""
        cells = {}
        for change in plan.changes:
            place = (change.row, change.column)
            if change.key:
                cells[place] = encode(change, _cell(self._actual, place))
            else:
                cells[place] = put_back(_cell(self.tab.rows, place))
        return cells

    def _exchange(self, frame: list[Json], cells: Mapping[Place, Written], rows: int | None = None) -> Json:
        """One atomic batchUpdate, answered with the tab's state after it (its first ``rows``, or all).

        A body above the limit is split between rows; the state comes with the last part.
        """
        *earlier, last = _batches(frame, cells, self.tab.sheet_id)
        for batch in earlier:
            self.client.batch_update({"requests": batch}, "spreadsheetId")
        title = "'" + self.tab.title.replace("'", "''") + "'"
        ranges = [f"{title}!1:{rows}" if rows else title]
        body = {"requests": last, "includeSpreadsheetInResponse": True, "responseRanges": ranges}
        return self.client.batch_update(body, WRITE_FIELDS)

    def _frame_requests(self, plan: Plan) -> Iterator[Json]:
        """Everything but cells: room, looks of new columns, rules, the mark; and what has to be taken back."""
        sheet_id, at = self.tab.sheet_id, plan.at
        if plan.width > self.tab.columns:
            length = plan.width - self.tab.columns
            yield {"appendDimension": {"sheetId": sheet_id, "dimension": "COLUMNS", "length": length}}
        yield from self._rules_taken_back()
        yield from self._marks_taken_back(at["stamp"], (plan.table.header.row, at["status"]))
        added: tuple[tuple[int, Column], ...] = tuple((i, c) for i, c in plan.added if c in OURS)
        yield from added_column_requests(sheet_id, added, plan.table.header.row)
        if any(column.key == "stamp" for _, column in added):
            self._sent.hidden = at["stamp"]
        for index, flag in enumerate(plan.rules):
            place = len(self.tab.rules) + index
            request, formula = rule_request(sheet_id, flag, at["flag"], plan.table.header.row, plan.width, place)
            self._sent.rules[flag] = formula
            yield request
        if plan.checked:
            self._sent.noted = (plan.table.header.row, at["status"])
            yield _note_request(sheet_id, self._sent.noted, f"Last checked by sheetflow on {plan.today}.")

    def _rules_taken_back(self) -> Iterator[Json]:
        """Remove the rules that an earlier attempt of this run added: their columns may have moved."""
        stale = [i for i, formula in enumerate(self.tab.rules) if formula in self._sent.rules.values()]
        for index in reversed(stale):
            yield {"deleteConditionalFormatRule": {"sheetId": self.tab.sheet_id, "index": index}}
        self.tab = replace(self.tab, rules=tuple(self._standing_rules()))
        self._sent.rules.clear()

    def _marks_taken_back(self, stamp: int | None, status: Place | None) -> Iterator[Json]:
        """Undo hiding and mark where an earlier attempt gave them to another column than ``stamp`` and ``status``."""
        sheet_id = self.tab.sheet_id
        if self._sent.hidden not in (None, stamp):
            yield _hide_request(sheet_id, self._sent.hidden or 0, hidden=False)
            self._sent.hidden = None
        if self._sent.noted is not None and self._sent.noted != status:
            yield _note_request(sheet_id, self._sent.noted, _cell(self.tab.rows, self._sent.noted).get("note", ""))
            self._sent.noted = None

    def _read_again(self) -> Tab:
        """The same tab once more, whatever it is called by now."""
        answer = self.client.get(READ_FIELDS)
        for sheet in answer.get("sheets", []):
            if _is_grid(sheet) and sheet["properties"].get("sheetId", 0) == self.tab.sheet_id:
                return _read_tab(sheet)
        raise SheetflowError("The tab was deleted while sheetflow was working on it. Nothing more was written.")

    def _give_up(self, merged: Merged, doubt: SheetflowError | None) -> NoReturn:
        """Undo what landed in the wrong place and stop; the next run starts from a sound sheet.

        If even that is overtaken, the drafts in doubt are cleared: better none than one on a wrong row.
        """
        if merged.covered and (merged.moved or doubt is None):
            cells = {place: put_back(_cell(merged.rows, place)) for place in merged.covered}
            takes_back = [*self._rules_taken_back(), *self._marks_taken_back(None, None)]
            try:
                answer = self._exchange(takes_back, cells)
                after = _read_tab(answer["updatedSpreadsheet"]["sheets"][0])
            except (Unclear, Rejected, KeyError, IndexError):
                after = self._read_again()
            again = self._merge(after, merged.header)
            if again.moved or again.covered:
                self._clear_drafts(after, again.covered)
        raise doubt or SheetflowError(
            "The sheet was edited during each of {attempts} attempts, so sheetflow put back what it had written and "
            "stopped. Run again when nobody is editing. What was typed just then is in File > Version history.",
            attempts=ATTEMPTS,
        )

    def _clear_drafts(self, tab: Tab, doubtful: frozenset[Place]) -> None:
        columns = {c for key in DRAFT_COLUMNS for c in _columns_headed(tab, self._header(key))}
        places = {(row, column) for row, _ in doubtful for column in columns if _cell(tab.rows, (row, column))}
        if places:
            cells = {place: Written({}, (VALUE,)) for place in places}
            requests = [request for _, request in update_requests(cells, tab.sheet_id)]
            try:
                self.client.batch_update({"requests": requests}, "spreadsheetId")
            except (Unclear, Rejected) as problem:
                raise problem.cause from None


def _read_source(source: str) -> tuple[str, int | None]:
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


def _is_grid(sheet: Json) -> bool:
    return sheet.get("properties", {}).get("sheetType", "GRID") == "GRID"


def _is_settings(title: str) -> bool:
    return title.strip().casefold() == TAB_TITLE.casefold()


def _read_tab(sheet: Json) -> Tab:
    properties = sheet["properties"]
    rows: Grid = []
    for data in sheet.get("data", []):
        first, left = data.get("startRow", 0), data.get("startColumn", 0)
        rows += [[] for _ in range(first - len(rows))]
        rows += [[{}] * left + row.get("values", []) for row in data.get("rowData", [])]
    while rows and not any("userEnteredValue" in cell for cell in rows[-1]):
        rows.pop()  # formatted far down, but nothing entered
    grid = properties.get("gridProperties", {})
    rules = tuple(_formula(rule) for rule in sheet.get("conditionalFormats", []))
    return Tab(properties.get("sheetId", 0), properties.get("title", ""), rows, grid.get("columnCount", 0), rules)


def _formula(rule: Json) -> str:
    condition = rule.get("booleanRule", {}).get("condition", {})
    values = condition.get("values", [])
    return str(values[0].get("userEnteredValue", "")) if condition.get("type") == "CUSTOM_FORMULA" and values else ""


def _columns_headed(tab: Tab, title: str) -> set[int]:
    wanted = plain(title)
    return {
        column
        for row in tab.rows[:HEADER_ROWS]
        for column, cell in enumerate(row)
        if plain(cell.get("userEnteredValue", {}).get("stringValue", "")) == wanted
    }


def _cell(rows: Grid, place: Place) -> Json:
    row, column = place
    return rows[row][column] if row < len(rows) and column < len(rows[row]) else {}


def _texts(rows: Grid, row: int) -> list[object]:
    texts = [cell.get("userEnteredValue") for cell in rows[row]] if row < len(rows) else []
    while texts and texts[-1] is None:
        texts.pop()
    return texts


def _holds(rows: Grid, place: Place, sent: Json) -> bool:
    return _cell(rows, place).get("userEnteredValue") == sent.get("userEnteredValue")


def _date_order(locale: str) -> DateOrder:
    """What 03/04/2026 means in a spreadsheet's locale; empty where the year comes first, which leaves it open."""
    if not locale or locale.startswith(_YEAR_FIRST):
        return ""
    return "mdy" if locale in _MONTH_FIRST else "dmy"


def _batches(first: list[Json], cells: Mapping[Place, Written], sheet_id: int) -> Iterator[list[Json]]:
    """The requests in batches of at most about ``BODY_LIMIT`` bytes, split between rows."""
    batch, band, size = first, {}, 0
    row_now = -1
    for place in sorted(cells):
        if place[0] != row_now and size > BODY_LIMIT * 0.9:
            yield [*batch, *(request for _, request in update_requests(band, sheet_id))]
            batch, band, size = [], {}, 0
        row_now = place[0]
        band[place] = cells[place]
        size += _size(cells[place].json)
    yield [*batch, *(request for _, request in update_requests(band, sheet_id))]


def _size(cell: Json) -> int:
    """About how many bytes a cell takes in a request, where other than ASCII letters are escaped."""
    text = cell.get("userEnteredValue", {}).get("stringValue", "")
    links = sum(
        len(run.get("format", {}).get("link", {}).get("uri", "")) + 60 for run in cell.get("textFormatRuns", [])
    )
    return 50 + (len(text) if text.isascii() else 6 * len(text)) + text.count("\n") + links


def text_cell(value: Value) -> Written:
    """A cell with plain text or a number."""
    kind = "numberValue" if isinstance(value, int) and not isinstance(value, bool) else "stringValue"
    return Written({"userEnteredValue": {kind: value}} if value != "" else {}, (VALUE,))


def _note_request(sheet_id: int, place: Place, text: str) -> Json:
    start = {"sheetId": sheet_id, "rowIndex": place[0], "columnIndex": place[1]}
    rows = [{"values": [{"note": text} if text else {}]}]
    return {"updateCells": {"start": start, "rows": rows, "fields": "note"}}


def _hide_request(sheet_id: int, column: int, *, hidden: bool) -> Json:
    span = {"sheetId": sheet_id, "dimension": "COLUMNS", "startIndex": column, "endIndex": column + 1}
    properties = {"hiddenByUser": hidden}
    return {"updateDimensionProperties": {"range": span, "properties": properties, "fields": "hiddenByUser"}}
