"""The plan: which cells would change, and why that may be too risky to do. Plain data, from one comparison.

Only columns of ours are ever in it, and only cells that differ. The one exception is a cell of the person's
that an overtaken write of ours has covered: it is put back as it was read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import itemgetter
from typing import NamedTuple

import pandas as pd

from sheetflow.cells import moment_text, read_text, to_number
from sheetflow.columns import OURS, Column
from sheetflow.errors import Refused
from sheetflow.highlights import FLAGS
from sheetflow.sheet import Links, Sheet, Value, is_empty
from sheetflow.table import Table, holds_computed

SAFE_ROWS = 10
"""From this many computed rows on, a large loss of inputs is refused."""
SAFE_SHARE = 0.3
"""The share of computed rows that may lose their inputs between two runs (spec, section 8)."""


class CellChange(NamedTuple):
    """One cell: 0-based place, the column's key, what stands there and what is to stand there.

    ``after`` is str (empty text empties the cell), date, datetime or Links; in a cell put back, the value as
    it was read.
    """

    row: int
    column: int
    key: str
    before: Value
    after: Value

    @property
    def mark(self) -> str:
        """``+`` fills an empty cell, ``-`` empties one, ``~`` changes one."""
        if is_empty(self.before):
            return "+"
        return "-" if is_empty(self.after) else "~"


@dataclass(frozen=True)
class Plan:
    """What a run would write, and the assessed table that it follows from."""

    table: Table
    changes: tuple[CellChange, ...]
    added: tuple[tuple[int, Column], ...]
    """Columns to add, with their 0-based index; their header cells are among the changes."""
    rules: tuple[str, ...]
    """Flags whose highlight rule is missing."""
    today: date
    checked: bool
    """Whether the sheet's "last checked" mark is to be renewed."""

    def __bool__(self) -> bool:
        return bool(self.changes or self.rules or self.checked)

    @property
    def sheet(self) -> Sheet:
        """The sheet as read."""
        return self.table.sheet

    @property
    def at(self) -> dict[str, int]:
        """Column key -> 0-based index, counting the columns to be added."""
        return {**self.table.header.at, **{column.key: index for index, column in self.added}}

    @property
    def width(self) -> int:
        """How many columns are in use once the plan is applied."""
        return max([self.table.header.width, *(index + 1 for index, _ in self.added)])

    @property
    def counts(self) -> Counter[str]:
        """How many changes of each mark."""
        return Counter(change.mark for change in self.changes)

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


def diff(table: Table, now: datetime) -> Plan:
    """Compare what the columns of ours hold with what they should."""
    sheet, header = table.sheet, table.header
    added = tuple((header.width + n, column) for n, column in enumerate(header.missing))
    changes = [CellChange(header.row, index, column.key, None, column.header) for index, column in added]
    at = {**header.at, **{column.key: index for index, column in added}}
    for column in sorted(OURS, key=lambda column: at[column.key]):
        changes += _column_changes(table, column, at[column.key])
    changes.sort(key=itemgetter(0))  # by row; the columns of a row are in order already
    if sheet.overwritten:
        changes += _restored(table, set(at.values()) - set(header.at.values()), {at[column.key] for column in OURS})
        changes.sort(key=itemgetter(0, 1))
    rules = tuple(sorted(FLAGS - sheet.rules))
    checked = sheet.checked is not None and sheet.checked != now.date().isoformat()
    return Plan(table, tuple(changes), added, rules, now.date(), checked)


def _column_changes(table: Table, column: Column, index: int) -> list[CellChange]:
    before = table.computed(column.key)
    for (row, place), actual in table.sheet.overwritten.items():
        if place == index and 0 <= row - table.first_row < len(before):
            before[row - table.first_row] = actual
    pairs = zip(before, _wanted(table, column), strict=True)
    first, key, sheet = table.first_row, column.key, table.sheet
    return [
        CellChange(position, index, key, old, new)
        for position, (old, new) in enumerate(pairs, start=first)
        if old != new and not holds(old, new, sheet)
    ]


def _wanted(table: Table, column: Column) -> Sequence[Value]:
    """What a column of ours should hold, as its backend keeps it."""
    values = table.frame[column.key]
    if column.kind in ("moment", "day"):
        timed = table.frame.get(f"{column.key}_timed")
        return _moments(values, timed, as_text=not table.sheet.typed)
    if column.kind == "links" and table.sheet.links != "many":
        alone = table.sheet.links == "single"
        return [v if alone and len(v) == 1 else v.urls if v else "" for v in values]
    return values.tolist()


def _moments(values: pd.Series, timed: pd.Series | None, as_text: bool) -> Sequence[Value]:
    """Dates as date or datetime, or as text; each distinct one is made once."""
    codes, distinct = pd.factorize(values)
    stamps = [stamp.to_pydatetime() for stamp in distinct]
    days: list[Value] = [stamp.date() for stamp in stamps]
    moments: list[Value] = list(stamps)
    if as_text:
        days, moments = ([moment_text(v) for v in column] for column in (days, moments))
    days, moments = [*days, ""], [*moments, ""]
    if timed is None:
        return [days[code] for code in codes.tolist()]
    with_time = timed.to_numpy(dtype=bool).tolist()
    return [moments[code] if has_time else days[code] for code, has_time in zip(codes.tolist(), with_time, strict=True)]


def holds(old: Value, new: Value, sheet: Sheet) -> bool:
    """Whether a cell already holds what it should, however the backend gives it back."""
    if new == "" or new == ():
        return old is None or old == "" or old == ()
    if old is None:
        return False
    if isinstance(new, (date, datetime)):
        if isinstance(old, (date, datetime)):
            old = to_number(old, sheet.day_zero)
        return isinstance(old, (int, float)) and abs(old - to_number(new, sheet.day_zero)) < 0.5 / 86400
    if isinstance(new, str) and isinstance(old, str):
        return "\r" in old and old.replace("\r\n", "\n").replace("\r", "\n") == new
    return isinstance(new, str) and not isinstance(old, Links) and read_text(old) == new


def _restored(table: Table, added: set[int], ours: set[int]) -> Iterator[CellChange]:
    """The cells that an overtaken write covered and no column of ours fills, put back as they were read."""
    rows = range(table.first_row, table.first_row + len(table.frame))
    for (row, column), actual in table.sheet.overwritten.items():
        if (column in ours and row in rows) or (column in added and row == table.header.row):
            continue
        value = table.sheet.cell(row, column)
        if value != actual:
            yield CellChange(row, column, "", actual, value)
