"""The typed table: a sheet's cells, read once, one row per interview.

This is the border. Below it every date is a date in one place, whichever backend it came from.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd

from sheetflow.cells import (
    NOTHING,
    Problem,
    Reading,
    fills,
    read_moment,
    read_sent,
    read_text,
    show,
    unescape,
)
from sheetflow.columns import BY_KEY, OURS, YOURS, Header
from sheetflow.outcomes import OUTCOMES, read_outcome
from sheetflow.sheet import DateOrder, Formula, Links, Sheet, Value, is_empty

FEELINGS = {"great": "Great", "fine": "Fine", "bad": "Bad", "horrible": "Horrible"}

Rows = defaultdict[int, dict[str, Problem]]
"""Position in the frame -> column key -> problem."""


@dataclass
class Table:
    """A sheet as typed columns, and what is odd about single rows.

    ``frame`` has one row per sheet row below the header, in order, with these columns:

    =====================================  ===============================================================
    company, role, highlight, question,    str, as typed; empty text for an empty cell
    interviewers, contact
    interview, thanked, followed,          datetime64[us], NaT when empty; wall clock in the sheet's zone;
    seconded, closing, reply, snooze       all but ``interview`` at midnight
    interview_timed                        bool: the interview has a time of day
    <sent column>_tick                     bool: ticked instead of dated
    outcome, feeling                       str: a word of the closed list, or empty
    filled                                 bool: any of the person's cells is filled
    =====================================  ===============================================================

    ``cadence`` and ``drafts`` add theirs. ``remarks`` are half-sentences for ``Why``.
    """

    sheet: Sheet
    header: Header
    frame: pd.DataFrame
    problems: Rows = field(default_factory=lambda: defaultdict(dict))
    remarks: defaultdict[int, list[str]] = field(default_factory=lambda: defaultdict(list))

    @property
    def first_row(self) -> int:
        """0-based sheet row of the frame's first row."""
        return self.header.row + 1

    def column(self, key: str) -> list[Value]:
        """The raw cells of a column, one per frame row; all ``None`` when the sheet has no such column."""
        return _cells(self.sheet, self.header, key)

    def computed(self, key: str) -> list[Value]:
        """The cells of a column of ours as they stand, with the .csv escape undone."""
        values = self.column(key)
        if self.sheet.typed:
            return values
        return [unescape(v) if isinstance(v, str) and v[:1] == "'" else v for v in values]


def parse(sheet: Sheet, header: Header, today: date, order: DateOrder) -> Table:
    """Read the person's columns of a sheet into a typed table.

    ``order`` settles ``03/04/2026`` where the sheet itself does not. Nothing here raises: a cell that cannot
    be read is a ``Problem`` in its row.
    """
    table = Table(sheet, header, pd.DataFrame(index=pd.RangeIndex(_row_count(sheet, header))))
    order = sheet.date_order or order
    columns: dict[str, Sequence[object] | np.ndarray] = {}
    filled = np.zeros(len(table.frame), dtype=bool)
    for column in YOURS:
        values = table.column(column.key)
        if column.key in header.at:
            filled |= np.fromiter(map(fills, values), dtype=bool, count=len(values))
        columns.update(_READERS[column.kind](table, column.key, values, today, order))
    table.frame = pd.DataFrame({**columns, "filled": filled}, index=table.frame.index)
    return table


def _row_count(sheet: Sheet, header: Header) -> int:
    known = sorted(header.at.values())
    last = len(sheet.rows)
    while last > header.row + 1 and all(is_empty(sheet.cell(last - 1, c)) for c in known):
        last -= 1
    return last - header.row - 1


def _cells(sheet: Sheet, header: Header, key: str) -> list[Value]:
    count = _row_count(sheet, header)
    place = header.at.get(key)
    if place is None:
        return [None] * count
    start = header.row + 1
    return [row[place] if place < len(row) else None for row in sheet.rows[start : start + count]]


def _distinct(values: Sequence[Value], read: Callable[[Value], Reading]) -> list[Reading]:
    """Read each distinct cell once; most columns hold few."""
    memo: dict[tuple[type, Value], Reading] = {}
    readings = []
    for value in values:
        if value is None or value == "":
            readings.append(NOTHING)
            continue
        key = (value.__class__, value)
        reading = memo.get(key)
        if reading is None:
            reading = memo[key] = read(value)
        readings.append(reading)
    return readings


def _read_text(table: Table, key: str, values: list[Value], _t: date, _o: DateOrder) -> dict[str, list[str]]:
    texts = [v.strip() if v.__class__ is str and v[:1] != "#" else read_text(v) for v in values]
    for row in _formula_errors(values, texts):
        table.remarks[row].append(f"{BY_KEY[key].header} holds a formula error and is left out")
    return {key: texts}


def _formula_errors(values: list[Value], texts: list[str]) -> Iterator[int]:
    for row, (value, text) in enumerate(zip(values, texts, strict=True)):
        if not text and fills(value):
            yield row


def _dates(
    table: Table, key: str, values: list[Value], read: Callable[[Value], Reading]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Moments (datetime64[us], NaT: none), which have a time, which are ticks; problems go to their rows."""
    readings = _distinct(values, read)
    header = BY_KEY[key].header
    for row, reading in enumerate(readings):
        if reading.trouble is not None:
            table.problems[row][key] = Problem(header, *reading.trouble)
    count = len(readings)
    moments = np.array([r.moment for r in readings], dtype="datetime64[us]")
    timed = np.fromiter((r.timed for r in readings), dtype=bool, count=count)
    return moments, timed, np.fromiter((r.tick for r in readings), dtype=bool, count=count)


def _read_day(table: Table, key: str, values: list[Value], today: date, order: DateOrder) -> dict[str, np.ndarray]:
    """Interview, Reply received, Snooze until: a tick says nothing about when, so it is a problem."""
    moments, timed, ticks = _dates(table, key, values, lambda v: read_moment(v, order, today, table.sheet.day_zero))
    header = BY_KEY[key].header
    for row in np.flatnonzero(ticks):
        table.problems[int(row)][key] = Problem(
            header, f"{show(read_text(values[row]))} is no date; write the date, like 2026-11-20", "a tick, not a date"
        )
    if key == "interview":
        return {key: moments, f"{key}_timed": timed}
    return {key: moments.astype("datetime64[D]").astype("datetime64[us]")}


def _read_sent(table: Table, key: str, values: list[Value], today: date, order: DateOrder) -> dict[str, np.ndarray]:
    moments, _, ticks = _dates(table, key, values, lambda v: read_sent(v, order, today, table.sheet.day_zero))
    return {key: moments.astype("datetime64[D]").astype("datetime64[us]"), f"{key}_tick": ticks}


def _read_outcome(table: Table, key: str, values: list[Value], _t: date, _o: DateOrder) -> dict[str, list[str]]:
    texts = _read_text(table, key, values, _t, _o)[key]
    memo = {text: read_outcome(text) for text in set(texts)}
    for row, text in enumerate(texts):
        if doubt := memo[text][1]:
            table.remarks[row].append(_OUTCOME_DOUBTS[doubt].format(text=show(text), words=", ".join(OUTCOMES)))
    return {key: [memo[text][0] for text in texts]}


_OUTCOME_DOUBTS = {
    "by_whom": "Outcome says {text}, by whom? Write Rejected if they turned you down, Withdrawn if you did",
    "unknown": "Outcome says {text}, which is counted as empty; the words are {words}",
}


def _read_feeling(table: Table, key: str, values: list[Value], _t: date, _o: DateOrder) -> dict[str, list[str]]:
    texts = _read_text(table, key, values, _t, _o)[key]
    memo = {text: FEELINGS.get(text.casefold(), "") for text in set(texts)}
    silent = {text for text in memo if memo[text] or not read_outcome(text)[1]}
    for row, text in enumerate(texts):
        if text not in silent:
            table.remarks[row].append(
                f"How it went says {show(text)}, which is counted as empty; the words are {', '.join(FEELINGS.values())}"
            )
    return {key: [memo[text] for text in texts]}


_READERS: dict[str, Callable[..., dict[str, object]]] = {
    "text": _read_text,
    "people": _read_text,
    "moment": _read_day,
    "day": _read_day,
    "sent": _read_sent,
    "outcome": _read_outcome,
    "feeling": _read_feeling,
}


def holds_computed(table: Table) -> np.ndarray:
    """Which frame rows have anything in a column of ours (bool)."""
    result = np.zeros(len(table.frame), dtype=bool)
    for column in OURS:
        if column.key in table.header.at:
            values = table.column(column.key)
            result |= np.fromiter((not _void(v) for v in values), dtype=bool, count=len(values))
    return result


def _void(value: Value) -> bool:
    if isinstance(value, (Formula, Links)):
        return is_empty(value) if isinstance(value, Formula) else not value
    return value is None or value == ""
