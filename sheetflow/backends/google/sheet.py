"""Trackers in Google Sheets: one read, at most one write, and nothing of anybody's lost in between.

A run reads the spreadsheet once, sends one atomic batchUpdate, and looks at the state that the answer brings.
If somebody moved or edited rows meanwhile, that state goes back to be planned again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NoReturn

from sheetflow.backends.base import Backend, Options
from sheetflow.backends.google.cells import (
    VALUE,
    Written,
    as_entered,
    decode,
    encode,
    put_back,
    update_requests,
)
from sheetflow.backends.google.client import Rejected, SheetsClient, Unclear
from sheetflow.backends.google.identity import Identity
from sheetflow.backends.google.look import added_column_requests, flags_highlighted, rule_request
from sheetflow.backends.google.merge import Grid, Merged, Place, merge
from sheetflow.backends.google.requests import batches, hide_request, note_request
from sheetflow.backends.google.tab import (
    READ_FIELDS,
    WRITE_FIELDS,
    Tab,
    cell_at,
    columns_headed,
    date_order,
    is_grid,
    is_settings,
    read_source,
    read_tab,
)
from sheetflow.checks import Check
from sheetflow.columns import BY_KEY, HEADER_ROWS, OURS, Column, plain
from sheetflow.errors import Refused, SheetflowError
from sheetflow.plan import Plan
from sheetflow.settings import read_zone
from sheetflow.sheet import Sheet, Value

Json = dict[str, Any]

DRAFT_COLUMNS = ("draft_to", "draft_subject", "draft", "send", "stamp")
ATTEMPTS = 3
"""One write and at most two repairs (spec, section 8)."""

_CHECKED = re.compile(r"Last checked by sheetflow on (\d{4}-\d\d-\d\d)\.")


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


class GoogleSheet(Backend):
    """A tracker in a Google Sheet, by link or id."""

    def __init__(self, source: str, options: Options, client: SheetsClient | None = None) -> None:
        spreadsheet, self._gid = read_source(source)
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
        self.settings_tab_id: int | None = None
        """The id of the Settings tab."""
        self._sent = _Sent()
        self._attempts = 0

    def read(self, fields: str = "") -> Sheet:
        """Read the tracker's tab and the Settings tab, in one request; ``fields`` asks for more than a run needs."""
        answer = self.client.get(fields or READ_FIELDS)
        self._properties = answer.get("properties", {})
        sheets = [sheet for sheet in answer.get("sheets", []) if is_grid(sheet)]
        tabs = [read_tab(sheet) for sheet in sheets]
        self.sheet_ids = [tab.sheet_id for tab in tabs]
        hidden = {tab.sheet_id for tab, sheet in zip(tabs, sheets, strict=True) if sheet["properties"].get("hidden")}
        settings = next((tab for tab in tabs if is_settings(tab.title)), None)
        self._settings_tab = [[decode(cell) for cell in row] for row in settings.rows] if settings else None
        self.settings_tab_id = settings.sheet_id if settings else None
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

    def access(self) -> Iterator[Check]:
        """Whose key is used."""
        if self.identity is not None:
            kind = "keyless access" if self.identity.keyless else "a service account key"
            text = f"{kind} in {self.identity.kind}, for {{address}}"
            yield Check("Credentials", "ok", text, {"address": self.identity.address})

    # --- reading ------------------------------------------------------------------------------------------

    def _choose(self, tabs: list[Tab], hidden: set[int]) -> Tab:
        wanted = self._options.worksheet
        if wanted:
            found = [tab for tab in tabs if tab.title.casefold() == wanted.casefold()]
        elif self._gid is not None:
            found = [tab for tab in tabs if tab.sheet_id == self._gid]
        else:
            found = [tab for tab in tabs if tab.sheet_id not in hidden and not is_settings(tab.title)]
        if found:
            return found[0]
        which = "with the gid in the link" if self._gid is not None else "that is visible, other than Settings"
        raise Refused(
            f"The spreadsheet has no tab {'named {wanted}' if wanted else which}; its tabs are {{titles}}. Set "
            "worksheet to one of them, or use the link that the browser shows while the tab is open.",
            wanted=wanted,
            titles=", ".join(tab.title for tab in tabs),
        )

    def _sheet(self) -> Sheet:
        """The tab as the core sees it."""
        links = columns_headed(self.tab, self._header("send"))
        rows = [
            [decode(cell, links=column in links) if cell else None for column, cell in enumerate(row)]
            for row in self.tab.rows
        ]
        overwritten = {place: decode(cell_at(self._actual, place), links=place[1] in links) for place in self._covered}
        locale = self._properties.get("locale", "")
        return Sheet(
            self.tab.title,
            rows,
            self._zone(),
            date_order(locale),
            links="many",
            settings_tab=self._settings_tab,
            checked=self._checked(),
            rules=flags_highlighted(self._standing_rules(), columns_headed(self.tab, self._header("flag"))),
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
        quiet = not plan.changes and not plan.put_back and not plan.rules
        doubt: SheetflowError | None = None
        try:
            answer = self._exchange(list(self._frame_requests(plan)), cells, header + 1 if quiet else None)
            after = read_tab(answer["updatedSpreadsheet"]["sheets"][0])
        except (Unclear, Rejected) as problem:
            doubt = problem.cause
            after = self._read_again()
        except (KeyError, IndexError, TypeError):
            doubt = SheetflowError("Google's answer to the write was not complete. Run again; nothing is lost.")
            after = self._read_again()
        except SheetflowError as error:
            if self._attempts == 1:
                raise
            raise SheetflowError(
                f"{error.template} An edit had overtaken the write before, so a draft may stand on a wrong row until "
                "you run again.",
                **error.private,
            ) from None
        if quiet and doubt is None:
            if _texts(after.rows, header) == _texts(self._actual, header):
                return None
            after = self._read_again()
        self._sent.remember(cells)
        arrived = _arrived(after.rows, cells) and not (quiet and doubt)
        merged = self._merge(after, header, certain=arrived)
        if arrived and not merged.moved:
            return None
        self.tab, self._actual, self._covered = replace(after, rows=merged.rows), after.rows, merged.covered
        if self._attempts >= ATTEMPTS:
            self._give_up(merged, doubt)
        return self._sheet()

    def _merge(self, after: Tab, header: int, *, certain: bool) -> Merged:
        return merge(
            self.tab.rows,
            frozenset(self._sent.values),
            frozenset(self._sent.columns),
            after.rows,
            header,
            certain=certain,
        )

    def _encoded(self, plan: Plan) -> dict[Place, Written]:
        """The plan's cells as they are sent; new columns of ours as whole rectangles."""
        cells = {}
        for change in plan.changes:
            place = (change.row, change.column)
            cells[place] = encode(change, cell_at(self._actual, place))
        for row, column, _ in plan.put_back:
            cells[row, column] = put_back(cell_at(self.tab.rows, (row, column)))
        return cells

    def _exchange(self, frame: list[Json], cells: Mapping[Place, Written], rows: int | None = None) -> Json:
        """One atomic batchUpdate, answered with the tab's state after it (its first ``rows``, or all).

        A body above the limit is split between rows; the state comes with the last part.
        """
        *earlier, last = batches(frame, cells, self.tab.sheet_id)
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
            yield note_request(sheet_id, self._sent.noted, f"Last checked by sheetflow on {plan.today}.")

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
            yield hide_request(sheet_id, self._sent.hidden or 0, hidden=False)
            self._sent.hidden = None
        if self._sent.noted is not None and self._sent.noted != status:
            yield note_request(sheet_id, self._sent.noted, cell_at(self.tab.rows, self._sent.noted).get("note", ""))
            self._sent.noted = None

    def _read_again(self) -> Tab:
        """The same tab once more, whatever it is called by now."""
        answer = self.client.get(READ_FIELDS)
        for sheet in answer.get("sheets", []):
            if is_grid(sheet) and sheet["properties"].get("sheetId", 0) == self.tab.sheet_id:
                return read_tab(sheet)
        raise SheetflowError("The tab was deleted while sheetflow was working on it. Nothing more was written.")

    def _give_up(self, merged: Merged, doubt: SheetflowError | None) -> NoReturn:
        """Undo what landed in the wrong place and stop; the next run starts from a sound sheet.

        If even that is overtaken, the drafts in doubt are cleared: better none than one on a wrong row.
        """
        if merged.covered and (merged.moved or doubt is None):
            cells = {place: put_back(cell_at(merged.rows, place)) for place in merged.covered}
            takes_back = [*self._rules_taken_back(), *self._marks_taken_back(None, None)]
            try:
                answer = self._exchange(takes_back, cells)
                after = read_tab(answer["updatedSpreadsheet"]["sheets"][0])
            except (Unclear, Rejected, KeyError, IndexError):
                after = self._read_again()
            again = self._merge(after, merged.header, certain=False)
            if again.moved or again.covered:
                self._clear_drafts(after, again.covered)
        raise doubt or SheetflowError(
            "The sheet was edited during each of {attempts} attempts, so sheetflow put back what it had written and "
            "stopped. Run again when nobody is editing. What was typed just then is in File > Version history.",
            attempts=ATTEMPTS,
        )

    def _clear_drafts(self, tab: Tab, doubtful: frozenset[Place]) -> None:
        columns = {c for key in DRAFT_COLUMNS for c in columns_headed(tab, self._header(key))}
        places = {(row, column) for row, _ in doubtful for column in columns if cell_at(tab.rows, (row, column))}
        if places:
            cells = {place: Written({}, (VALUE,)) for place in places}
            requests = [request for _, request in update_requests(cells, tab.sheet_id)]
            try:
                self.client.batch_update({"requests": requests}, "spreadsheetId")
            except (Unclear, Rejected) as problem:
                raise problem.cause from None


def _texts(rows: Grid, row: int) -> list[object]:
    texts = [cell.get("userEnteredValue") for cell in rows[row]] if row < len(rows) else []
    while texts and texts[-1] is None:
        texts.pop()
    return texts


def _arrived(rows: Grid, cells: Mapping[Place, Written]) -> bool:
    """Whether a tab holds all that was sent."""
    return all(as_entered(cell_at(rows, place)) == as_entered(cell.json) for place, cell in cells.items())
