"""The plan: which cells would change, and why that may be too risky to do. Plain data, from one comparison.

Only columns of ours are ever in it, and only cells that differ. The one exception is a cell of the person's
that an overtaken write of ours has covered: it is put back as it was read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple

import pandas as pd

from sheetflow.cells import moment_text, read_text, to_number
from sheetflow.columns import BY_KEY, OURS, Column
from sheetflow.errors import Refused
from sheetflow.highlights import FLAGS
from sheetflow.mailbox.drafts import NOTHING_TO_DO, Outbox
from sheetflow.sheet import Cell, Links, Sheet, Value, is_empty
from sheetflow.table import Table, holds_computed
from sheetflow.tabs import Tab
from sheetflow.tabs.agenda import Agenda
from sheetflow.tabs.draw import are_stale

DRAFT_CELLS = ("draft_to", "draft_subject", "draft")
"""The columns in which a person's own words may stand, though they are ours."""
SAFE_ROWS = 10
"""From this many computed rows on, a large loss of inputs is refused."""
SAFE_SHARE = 0.3
"""The share of computed rows that may lose their inputs between two runs (spec, section 8)."""


class CellChange(NamedTuple):
    """One cell of ours: 0-based place, the column's key, what stands there and what is to stand there."""

    row: int
    column: int
    key: str
    before: Value
    after: Cell

    @property
    def mark(self) -> str:
        """``+`` fills an empty cell, ``-`` empties one, ``~`` changes one."""
        if is_empty(self.before):
            return "+"
        return "-" if is_empty(self.after) else "~"


class PutBack(NamedTuple):
    """A cell of the person's that an overtaken write of ours covered: 0-based place, and the value as it was read."""

    row: int
    column: int
    value: Value


@dataclass(frozen=True)
class Plan:
    """What a run would write, and the assessed table that it follows from."""

    table: Table
    changes: tuple[CellChange, ...]
    wanted: Mapping[str, Sequence[Cell]]
    """Key of a column of ours -> what it is to hold, one entry per row of the table."""
    agenda: Agenda
    """What waits, what needs a look, what comes."""
    tabs: tuple[Tab, ...]
    """What the tabs of ours are to hold; a backend writes what differs."""
    rules: tuple[str, ...]
    """Flags whose highlight rule is missing."""
    today: date
    stale: bool
    """Whether the tabs alone are a reason to write: one is missing, or was not written today."""
    put_back: tuple[PutBack, ...] = ()
    roomy: bool = True
    """Whether rows with a draft are given the height of four lines (a setting)."""
    outbox: Outbox = NOTHING_TO_DO
    """What is to be done with drafts in a mailbox, once this is written."""

    def __bool__(self) -> bool:
        return bool(self.changes or self.put_back or self.rules or self.stale)

    @property
    def added(self) -> tuple[tuple[int, Column], ...]:
        """Columns to add, with their 0-based index; their header cells are among the changes."""
        return self.table.header.added

    @property
    def leaving(self) -> tuple[int, ...]:
        """The columns (0-based, ascending) that a removal takes away: those whose header it empties."""
        row = self.table.header.row
        return tuple(c.column for c in self.changes if c.row == row and c.after == "")

    @property
    def sheet(self) -> Sheet:
        """The sheet as read."""
        return self.table.sheet

    @property
    def at(self) -> dict[str, int]:
        """Column key -> 0-based index, counting the columns to be added."""
        return self.table.header.places

    @property
    def width(self) -> int:
        """How many columns are in use once the plan is applied."""
        return max([self.table.header.width, *(index + 1 for index, _ in self.added)])

    @property
    def counts(self) -> Counter[str]:
        """How many changes of each mark."""
        return Counter(change.mark for change in self.changes)

    @property
    def heightened(self) -> frozenset[int]:
        """The rows (0-based) that are given four lines: they get a draft, and the setting is on."""
        first = self.table.first_row
        drafts = (c for c in self.changes if c.key == "draft" and c.row >= first and c.after and is_empty(c.before))
        return frozenset(change.row for change in drafts) if self.roomy else frozenset()

    @property
    def statuses(self) -> Counter[str]:
        """How many rows of each status."""
        return Counter(status for status in self.table.frame["status"] if status)

    def refuse_if_unsafe(self, force: bool = False) -> None:
        """Raise ``Refused`` when the sheet lost what its computed cells were computed from.

        A half-finished import or a sort that took only some columns looks like this; better to ask once than
        to wipe. ``force`` goes ahead all the same.
        """
        if force:
            return
        computed = holds_computed(self.table)
        lost = computed & ~self.table.frame["filled"].to_numpy()
        before, gone = int(computed.sum()), int(lost.sum())
        nothing_left = before > 0 and not self.table.frame["row"].any()
        if nothing_left or (before >= SAFE_ROWS and gone > SAFE_SHARE * before):
            raise Refused(
                f"{gone} of the {before} rows that were computed before have lost everything they were computed from. "
                "Nothing was written. If your rows moved, bring them back (Undo, or File > Version history); if you "
                "meant to delete them, run once more with --force."
            )


def diff(
    table: Table,
    now: datetime,
    agenda: Agenda,
    tabs: tuple[Tab, ...],
    outbox: Outbox = NOTHING_TO_DO,
    *,
    roomy: bool = True,
) -> Plan:
    """Compare what the columns of ours hold with what they should. ``roomy``: rows with a draft get four lines."""
    at = table.header.places
    ours = [column for column in OURS if column.key in at and column.key in table.frame]  # optional ones may be absent
    wanted = {column.key: _wanted(table, column) for column in sorted(ours, key=lambda column: at[column.key])}
    rules = tuple(sorted(FLAGS - table.sheet.rules))
    stale = are_stale(tabs, table.sheet, now)
    changes, covered = cell_changes(table, OURS, wanted)
    return Plan(table, changes, wanted, agenda, tabs, rules, now.date(), stale, covered, roomy, outbox)


def cell_changes(
    table: Table, ours: Sequence[Column], wanted: Mapping[str, Sequence[Cell]]
) -> tuple[tuple[CellChange, ...], tuple[PutBack, ...]]:
    """Where columns of ours differ from what they should hold, headers first; and what is to be put back."""
    sheet, header = table.sheet, table.header
    changes = [CellChange(header.row, index, column.key, None, column.header) for index, column in header.added]
    at = header.places
    changes += [
        CellChange(header.row, at[column.key], column.key, None, column.header)
        for column in ours
        if column.key in header.at and is_empty(sheet.cell(header.row, at[column.key]))
    ]
    for key, cells in wanted.items():
        changes += _column_changes(table, key, at[key], cells)
    changes.sort(key=itemgetter(0, 1))
    return tuple(changes), tuple(_put_back(table, {header.at[key] for key in wanted if key in header.at}))


def removal(table: Table, now: datetime, edited: Container[int]) -> Plan:
    """What takes ours away: every cell of every column of ours is emptied, headers first.

    ``edited`` are the positions of the rows whose draft is in the person's own words: those three columns stay then,
    with nothing but such drafts in them.
    """
    kept = DRAFT_CELLS if any(row in edited for row in range(len(table.frame))) else ()
    table = replace(table, header=replace(table.header, missing=()))
    header = table.header
    changes = []
    for key, index in header.at.items():
        column = BY_KEY[key]
        if column.owner == "person":
            continue
        if key not in kept:
            changes.append(CellChange(header.row, index, key, column.header, ""))
        for position, old in enumerate(table.computed(key)):
            if not (is_empty(old) or old == ()) and not (key in kept and position in edited):
                changes.append(CellChange(table.first_row + position, index, key, old, ""))
    changes.sort(key=itemgetter(0, 1))
    return Plan(table, tuple(changes), {}, Agenda((), (), (), ()), (), (), now.date(), stale=False)


def _column_changes(table: Table, key: str, index: int, wanted: Sequence[Cell]) -> list[CellChange]:
    before = table.computed(key)
    for (row, place), actual in table.sheet.overwritten.items():
        if place == table.header.at.get(key) and 0 <= row - table.first_row < len(before):
            before[row - table.first_row] = actual
    first, sheet = table.first_row, table.sheet
    return [
        CellChange(position, index, key, old, new)
        for position, (old, new) in enumerate(zip(before, wanted, strict=True), start=first)
        if old != new and not holds(old, new, sheet)
    ]


def _wanted(table: Table, column: Column) -> Sequence[Cell]:
    """What a column of ours should hold."""
    values = table.frame[column.key]
    if column.kind in ("moment", "day"):
        return _moments(values, table.frame.get(f"{column.key}_timed"))
    cells: list[Cell] = values.tolist()
    return cells


def _moments(values: pd.Series, timed: pd.Series | None) -> Sequence[Cell]:
    """Dates as date or datetime; each distinct one is made once."""
    codes, distinct = pd.factorize(values)
    stamps = [stamp.to_pydatetime() for stamp in distinct]
    days: list[Cell] = [*(stamp.date() for stamp in stamps), ""]
    moments: list[Cell] = [*stamps, ""]
    if timed is None:
        return [days[code] for code in codes.tolist()]
    with_time = timed.to_numpy(dtype=bool).tolist()
    return [moments[code] if has_time else days[code] for code, has_time in zip(codes.tolist(), with_time, strict=True)]


def holds(old: Value, new: Cell, sheet: Sheet) -> bool:
    """Whether a cell already holds what it should, however the backend gives it back."""
    if new == "" or new == ():
        return old is None or old == "" or old == ()
    if old is None:
        return False
    match new:
        case Links():
            return old == new[:1] if sheet.links == "single" else sheet.links == "text" and bool(old == new.urls)
        case date():
            return _is_moment(old, new, sheet)
        case int():
            return read_text(old) == str(new)
        case str():
            if isinstance(old, str):
                return "\r" in old and old.replace("\r\n", "\n").replace("\r", "\n") == new
            return not isinstance(old, Links) and read_text(old) == new


def _is_moment(old: Value, new: date, sheet: Sheet) -> bool:
    if not sheet.typed:
        return bool(old == _text_of(new))
    if isinstance(old, date):
        old = to_number(old, sheet.day_zero)
    return isinstance(old, (int, float)) and abs(old - to_number(new, sheet.day_zero)) < 0.5 / 86400


_text_of = lru_cache(maxsize=10_000)(moment_text)
"""A tracker has few distinct dates and many cells that hold one."""


def _put_back(table: Table, ours: set[int]) -> Iterator[PutBack]:
    """The cells that an overtaken write covered and no column of ours fills, to be put back as they were read."""
    rows = range(table.first_row, table.first_row + len(table.frame))
    for row, column in table.sheet.overwritten:
        if column not in ours or row not in rows:
            yield PutBack(row, column, table.sheet.cell(row, column))
