"""Trackers in Google Sheets: one read, at most one write, and nothing of anybody's lost in between.

A run reads the spreadsheet once, sends one atomic batchUpdate, and looks at the state that the answer brings.
If somebody moved or edited rows meanwhile, that state goes back to be planned again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from secrets import token_hex
from typing import Any, NoReturn

from sheetflow import __version__
from sheetflow.backends.base import Backend, Kept, Options, Outdated
from sheetflow.backends.google import metadata
from sheetflow.backends.google.cells import NOTE, Written, as_entered, decode, encode, has_old_mark, put_back
from sheetflow.backends.google.client import Rejected, SheetsClient, Unclear
from sheetflow.backends.google.identity import Identity
from sheetflow.backends.google.look import (
    added_column_requests,
    flags_highlighted,
    highlighted,
    row_heights,
    rule_request,
)
from sheetflow.backends.google.merge import Place, Sent, State, cell_at, merge
from sheetflow.backends.google.requests import batches, clear_texts, room_for
from sheetflow.backends.google.tab import (
    READ_FIELDS,
    WRITE_FIELDS,
    Tab,
    columns_headed,
    date_order,
    is_grid,
    is_settings,
    read_source,
    read_tab,
)
from sheetflow.backends.google.tabs import Tabs
from sheetflow.checks import Check
from sheetflow.columns import BY_KEY, HEADER_ROWS, OURS
from sheetflow.errors import Refused, SheetflowError
from sheetflow.plan import Plan
from sheetflow.settings import read_zone
from sheetflow.sheet import Sheet, TabSeen, Value, a1, column_letters

Json = dict[str, Any]

DRAFTS = ("draft_to", "draft_subject", "draft", "send", "stamp")
ATTEMPTS = 3
"""One write and at most two repairs (the rules, section 8)."""
PUT_BACKS = 5
"""How often a run that gave up tries to take its writes back: they may have covered cells of a person's."""
KEPT_DAYS = 3
"""For how many days after another account wrote to a sheet it is left to that one."""


class GoogleSheet(Backend):
    """A tracker in a Google Sheet, by link or id."""

    def __init__(self, source: str, options: Options, client: SheetsClient | None = None) -> None:
        spreadsheet, self._gid = read_source(source)
        self._options = options
        connect = options.connect or (lambda spreadsheet: SheetsClient(spreadsheet, Identity(options.environment)))
        self.client: SheetsClient = client or connect(spreadsheet)
        self.identity = self.client.identity
        self.tab = Tab(0, "", [], 0)
        """The tab as it stands."""
        self._state = State([], [], {})
        """The tab as the next plan is made from it."""
        self._items: list[metadata.Item] = []
        """The metadata of the spreadsheet itself."""
        self._others: list[Tab] = []
        """The tabs beside it, as they were read."""
        self._properties: Json = {}
        self._settings_tab: list[list[Value]] | None = None
        self.settings_tab_id: int | None = None
        """The id of the Settings tab."""
        self._flags: set[str] = set()
        """The flags for which this run added a rule, below the ``_rules`` rules that were there."""
        self._rules = 0
        self._letters: set[object] = set()
        """What this run wrote into draft columns, as entered."""
        self._overtaken = self._refused = self._tabs_refused = 0
        self.tabs = Tabs()
        """The tabs of ours."""

    def read(self, fields: str = "") -> Sheet:
        """Read the tracker's tab and the Settings tab, in one request; ``fields`` asks for more than a run needs."""
        answer = self.client.get(fields or READ_FIELDS)
        self._properties = answer.get("properties", {})
        self._items = metadata.read_items(answer)
        everything = [(sheet, read_tab(sheet)) for sheet in answer.get("sheets", [])]
        self.sheet_ids = [tab.sheet_id for _, tab in everything]
        self.tabs.read([tab for _, tab in everything], self._items)
        sheets = [sheet for sheet, _ in everything if is_grid(sheet)]
        tabs = [tab for sheet, tab in everything if is_grid(sheet)]
        hidden = {tab.sheet_id for tab, sheet in zip(tabs, sheets, strict=True) if sheet["properties"].get("hidden")}
        settings = next((tab for tab in tabs if is_settings(tab.title)), None)
        self._settings_tab = [[decode(cell) for cell in row] for row in settings.rows] if settings else None
        self.settings_tab_id = settings.sheet_id if settings else None
        self.tab = self._choose(tabs, hidden)
        self._others = [tab for tab in tabs if not tab.key and tab is not self.tab and tab is not settings]
        self.raw_tab: Json = sheets[tabs.index(self.tab)]
        self._rules = len(self.tab.rules)
        self._state = State(self.tab.rows, self.tab.rows, metadata.ours(self.tab.items))
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
        wanted, gid = self._options.worksheet, self._gid
        if any(tab.key and tab.sheet_id == gid for tab in tabs):
            gid = None  # somebody copied the link while a tab of ours was open
        tabs = [tab for tab in tabs if not tab.key]
        if wanted:
            found = [tab for tab in tabs if tab.title.casefold() == wanted.casefold()]
        elif gid is not None:
            found = [tab for tab in tabs if tab.sheet_id == gid]
        else:
            found = [tab for tab in tabs if tab.sheet_id not in hidden and not is_settings(tab.title)]
        if found:
            return found[0]
        which = "with the gid in the link" if gid is not None else "that is visible, other than Settings"
        raise Refused(
            f"The spreadsheet has no tab {'named {wanted}' if wanted else which}; its tabs are {{titles}}. Set "
            "worksheet to one of them, or use the link that the browser shows while the tab is open.",
            wanted=wanted,
            titles=", ".join(tab.title for tab in tabs),
        )

    def _sheet(self) -> Sheet:
        """The tab as the core sees it."""
        links = self._places("send")
        state = self._state
        rows = [
            [decode(cell, links=column in links) if cell else None for column, cell in enumerate(row)]
            for row in state.rows
        ]
        overwritten = {place: decode(cell_at(state.actual, place), links=place[1] in links) for place in state.covered}
        return Sheet(
            self.tab.title,
            rows,
            self._zone(),
            date_order(self._properties.get("locale", "")),
            links="many",
            settings_tab=self._settings_tab,
            rules=flags_highlighted(self.tab.rules, self._places("flag")),
            overwritten=overwritten,
            remembers=state.ours,
            others=self._first_rows,
            tabs=self.tabs.seen(),
            declined=self.tabs.declined,
        )

    def _first_rows(self) -> Iterator[TabSeen]:
        """The other tabs, as far as a header row may lie in them."""
        for tab in self._others:
            yield TabSeen(tab.title, [[decode(cell) for cell in row] for row in tab.rows[:HEADER_ROWS]])

    def _zone(self) -> Any:
        name = self._properties.get("timeZone", "Etc/GMT")
        try:
            return read_zone(name)
        except ValueError:
            raise SheetflowError(
                "The spreadsheet's time zone {name} is not one that is known here. Choose another in File > Settings.",
                name=name,
            ) from None

    def _places(self, key: str) -> set[int]:
        """The columns that may be a column of ours: by what stands in a header row, else by metadata."""
        headed = columns_headed(self.tab, self._options.columns.get(key, BY_KEY[key].header))
        return headed or {place for place, name in self._state.ours.items() if name == key}

    # --- writing ------------------------------------------------------------------------------------------

    def apply(self, plan: Plan) -> Sheet | None:
        """Send a plan and look at what came of it.

        Returns the sheet as it stands when somebody's edit overtook the write, or when its fate is unclear.
        Raises ``SheetflowError`` when the second repair was overtaken too; what this run wrote is taken back by then.
        """
        self._refuse_if_kept(plan)
        settled = {place: key for place, key in self._state.ours.items() if plan.at.get(key) == place}
        self._state = replace(self._state, ours=settled)
        sent = Sent(self._encoded(plan), {index: column.key for index, column in plan.added})
        self._letters.update(*(sent.texts.get(plan.at.get(key, -1), ()) for key in DRAFTS))
        shape = self.tabs.shape
        frame = [*self._frame(plan), *self.tabs.draw(plan, self.tab)]
        moved, doubt = self._write(frame, sent, plan.table.header.row, plan.at, tabs=True)
        if moved:
            self._overtaken += 1
            self.tabs.distrust()
            if self._overtaken == ATTEMPTS:
                self._give_up(plan.table.header.row)
        elif sent.arrived(self.tab.rows) and not self._mend_tabs(doubt):
            self._overtaken = self._refused = self._tabs_refused = 0
            return None
        elif isinstance(doubt, Rejected):
            self._refuse(doubt, shape == self.tabs.shape)
        return self._sheet()

    def _mend_tabs(self, doubt: Unclear | Rejected | None) -> bool:
        """Whether to plan once more for the tabs of ours: somebody changed one meanwhile, which never fails a run."""
        if self.tabs.disturbed and doubt is None:
            self._overtaken += 1
            if self._overtaken == ATTEMPTS:
                self._take_back_tabs()
                return False
        return self.tabs.disturbed

    def _take_back_tabs(self) -> None:
        """Leave the tabs of ours to the next run."""
        try:
            if requests := self.tabs.take_back():
                self.client.batch_update({"requests": requests}, "spreadsheetId")
        except (Unclear, Rejected):
            pass  # they are drawn anew tomorrow

    def _refuse(self, problem: Rejected, unchanged: bool) -> None:
        """After a write was refused: plan once more, without the tabs of ours if they may be what was refused."""
        if self.tabs.drawn:
            self._tabs_refused += 1
            self.tabs.wanted = not unchanged and self._tabs_refused < ATTEMPTS
            return
        self._refused += 1
        if self._refused > 1:
            raise problem.cause

    def undo(self, plan: Plan) -> None:
        """Put back what a write of this run went over, where no other plan can be made."""
        if self._state.covered:
            self._put_back(plan.table.header.row)

    def _refuse_if_kept(self, plan: Plan) -> None:
        """Raise ``Kept`` where a newer sheetflow, or lately that of another account, keeps this spreadsheet."""
        me = self._signature(plan)
        for other in metadata.read_signatures(self._items):
            if other.release > me.release:
                raise Outdated(
                    f"A newer sheetflow ({other.version}) writes to this spreadsheet, and this one is {me.version}. "
                    "Nothing was written. Update it, so that both work alike."
                )
            recent = (me.day - other.day).days <= KEPT_DAYS
            if other.account != me.account and recent and not self._options.force:
                raise Kept(
                    f"This spreadsheet is kept by a sheetflow of another account, which wrote to it on {other.day}. "
                    "Nothing was written. Switch one of the two off, or run once more with --force."
                )

    def _signature(self, plan: Plan) -> metadata.Signature:
        return metadata.Signature(__version__, plan.today, metadata.account_hash(self.identity.address))

    def _encoded(self, plan: Plan) -> dict[Place, Written]:
        """The plan's cells as they are sent, and what takes version 1's mark away."""
        rows, actual = self._state.rows, self._state.actual
        mark = (plan.table.header.row, plan.at.get("status", -1))
        cells = {mark: Written({}, (NOTE,))} if has_old_mark(cell_at(actual, mark)) else {}
        for change in plan.changes:
            place = (change.row, change.column)
            cells[place] = encode(change, cell_at(actual, place))
        room = Sent({}, {index: column.key for index, column in plan.added})
        for row, column, _ in plan.put_back:
            cells[row, room.shifted(column)] = put_back(cell_at(rows, (row, column)), cell_at(actual, (row, column)))
        return cells

    def _frame(self, plan: Plan) -> Iterator[Json]:
        """Everything but cells: room and looks for new columns, metadata, rules."""
        sheet_id, header, at = self.tab.sheet_id, plan.table.header.row, plan.at
        yield from room_for(plan.added, self.tab)
        ours = dict.fromkeys([*(column.key for column in OURS), *plan.wanted])
        places = {key: at[key] for key in ours if key in at}
        yield from metadata.name_columns(self.tab.items, places, sheet_id)
        yield from metadata.sign(self._items, self._signature(plan))
        grouped, company = self.tab.grouped, at.get("company")
        yield from added_column_requests(sheet_id, plan.added, header, company, grouped=grouped)
        yield from row_heights(sheet_id, plan.heightened, self.tab.heights)
        stale = list(self._stale_rules(at.get("flag", -1)))
        yield from stale
        for index, flag in enumerate(plan.rules, len(self.tab.rules) - len(stale)):
            yield rule_request(sheet_id, flag, at, header, index)
        self._flags.update(plan.rules)

    def _stale_rules(self, flag_column: int) -> Iterator[Json]:
        """Remove the rules that an earlier write of this run added for a column that was another by then."""
        for index in range(len(self.tab.rules) - 1, self._rules - 1, -1):
            rule = highlighted(self.tab.rules[index])
            if rule and rule[0] in self._flags and rule[1] != column_letters(flag_column):
                yield {"deleteConditionalFormatRule": {"sheetId": self.tab.sheet_id, "index": index}}

    def _write(
        self, frame: list[Json], sent: Sent, header: int, places: Mapping[str, int], *, tabs: bool = False
    ) -> tuple[bool, Unclear | Rejected | None]:
        """One write, and the state after it: whether anybody changed anything meanwhile, and whether it is in doubt.

        ``places`` are the columns of ours by key; metadata that it gives them is believed where it got there.
        A body above the limit is split between rows; the state comes with the last part. ``tabs``: those of ours are
        in it, too.
        """
        name = token_hex(3)
        marks = list(metadata.mark_columns(sent.columns, name, self.tab.sheet_id))
        *earlier, last = batches(
            [*metadata.unmark_columns(self.tab.items), *frame], marks, sent.cells, self.tab.sheet_id
        )
        others = self.tabs.titles if tabs else []
        body: Json = {"requests": last, "includeSpreadsheetInResponse": True}
        if others is not None:
            body["responseRanges"] = ["'" + title.replace("'", "''") + "'" for title in (self.tab.title, *others)]
        doubt: Unclear | Rejected | None = None
        try:
            for batch in earlier:
                self.client.batch_update({"requests": batch}, "spreadsheetId")
            spreadsheet = self.client.batch_update(body, WRITE_FIELDS)["updatedSpreadsheet"]
            sheet = self._same_tab(spreadsheet)
        except (Unclear, Rejected) as problem:
            spreadsheet, sheet = self._read_again()
            doubt, others = problem, None
        except (LookupError, TypeError, ValueError):
            spreadsheet, sheet = self._read_again()
            others = None
        except SheetflowError as error:
            if not self._state.covered:
                raise
            raise SheetflowError(
                f"{error.template} An edit had overtaken the write before, so a draft may stand on a wrong row until "
                "you run again.",
                **error.private,
            ) from None
        self._items = metadata.read_items(spreadsheet)
        self.tab = read_tab(sheet)
        if tabs:
            self.tabs.after([read_tab(s) for s in spreadsheet["sheets"]], self._items, whole=others is None)
        landed = metadata.landed(self.tab.items, name)
        if not landed and doubt:
            sent = Sent({})  # without its marks it was not applied
        elif not landed:
            landed = {column: column for column in sent.columns}
        known = {*self._state.ours.values(), *sent.added.values()}
        ours = {place: key for place, key in metadata.ours(self.tab.items).items() if key in known}
        after = State(self.tab.rows, self.tab.rows, ours)
        merged = merge(self._state, sent, after, landed, header)
        ours |= {c: k for c, k in metadata.ours(self.tab.items).items() if merged.columns[c] == places.get(k, -1)}
        self._state = replace(merged.state, ours=ours)
        return merged.moved, doubt

    def _read_again(self) -> tuple[Json, Json]:
        """The spreadsheet once more, and its same tab, whatever it is called by now."""
        answer = self.client.get(READ_FIELDS)
        try:
            return answer, self._same_tab(answer)
        except ValueError:
            raise SheetflowError(
                "The tab was deleted while sheetflow was working on it. Nothing more was written."
            ) from None

    def _same_tab(self, spreadsheet: Json) -> Json:
        """The tracker's tab in an answer. Raises ``ValueError`` where it is not."""
        (found,) = (s for s in spreadsheet["sheets"] if s["properties"].get("sheetId", 0) == self.tab.sheet_id)
        return dict(found)

    def _give_up(self, header: int) -> NoReturn:
        """Take back what this run wrote and stop; the next run starts from a sound sheet."""
        left = self._put_back(header) if self._state.covered else ""
        self._take_back_tabs()
        raise SheetflowError(
            f"The sheet was edited during each of {ATTEMPTS} attempts, so sheetflow put back what it had written and "
            f"stopped.{left} Run again when nobody is editing. What was typed just then is in File > Version history."
        )

    def _put_back(self, header: int) -> str:
        """Put back what the writes of this run went over; returns what is to be said of what could not be.

        If even that is overtaken, the letters of this run are cleared wherever they stand, told by their text: better
        none than one on a wrong row.
        """
        for _ in range(PUT_BACKS):
            rows, actual = self._state.rows, self._state.actual
            cells = {place: put_back(cell_at(rows, place), cell_at(actual, place)) for place in self._state.covered}
            places = {key: column for column, key in self._state.ours.items()}
            stray = metadata.name_columns(self.tab.items, places, self.tab.sheet_id)
            self._write(list(stray), Sent(cells), header, places)
            if not self._state.covered:
                return ""
        left = sorted(self._state.covered)
        state = self._state
        typed = {as_entered(c) for row in state.rows for column, c in enumerate(row) if column not in state.ours}
        doubtful = {as_entered(cell_at(state.actual, place)) for place in left} & self._letters - typed
        cleared = ", and cleared the letters there"
        try:
            if doubtful:
                self.client.batch_update({"requests": list(clear_texts(doubtful, self.tab.sheet_id))}, "spreadsheetId")
        except (Unclear, Rejected):
            cleared = "; letters may stand on wrong rows until the next run"
        return f" It could not put back {', '.join(a1(*place) for place in left)}{cleared}."
