"""The roster's plan: what the columns of ours are to hold, compared with what they hold. Pure, as a tracker's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pandas as pd

from sheetflow.cells import read_text
from sheetflow.columns import Column
from sheetflow.plan import Plan, cell_changes
from sheetflow.roster.columns import WRITTEN
from sheetflow.roster.entries import Entry
from sheetflow.roster.results import Result
from sheetflow.sheet import Cell, Sheet, Value, now_in
from sheetflow.table import Table
from sheetflow.table.claims import Header
from sheetflow.table.dates import read_moment
from sheetflow.tabs.agenda import Agenda

NOT_ACTIVE = Result(state="Not active", forget=True)
NOBODY = Result(forget=True)
"""A row without a name or a sheet."""


def make_plan(sheet: Sheet, header: Header, entries: list[Entry], results: Mapping[str, Result], now: datetime) -> Plan:
    """What is to be written into a roster: the results by tracker, what stood there where there is none."""
    count = len(sheet.rows) - header.row - 1
    table = Table(sheet, header, pd.DataFrame(index=pd.RangeIndex(count)))
    today = now_in(sheet.zone, now).date()
    found = dict.fromkeys(range(count), NOBODY) | {e.row - table.first_row: _result(e, results) for e in entries}
    wanted = {column.key: _cells(table, column, found, today) for column in WRITTEN}
    changes, covered = cell_changes(table, WRITTEN, wanted)
    return Plan(table, changes, wanted, Agenda((), (), (), ()), (), (), today, stale=False, put_back=covered)


def _result(entry: Entry, results: Mapping[str, Result]) -> Result | None:
    """What is to stand beside an entry; ``None``: what stands there."""
    if entry.problem:
        return Result(problem=entry.problem)
    return results.get(entry.key) if entry.active else NOT_ACTIVE


def _cells(table: Table, column: Column, results: Mapping[int, Result | None], today: date) -> list[Cell]:
    read = _READERS.get(column.kind, _text)
    return [
        _cell(column, results[row], lambda value=value: read(value, table, today), table)  # type: ignore[misc]
        for row, value in enumerate(table.computed(column.key))
    ]


def _cell(column: Column, result: Result | None, before: Callable[[], Cell], table: Table) -> Cell:
    """What one cell is to hold. A visit that failed leaves the numbers of the last one that did not."""
    if result is None:
        return before()
    if column.key in ("state", "problem"):
        return str(getattr(result, column.key))
    if column.key == "last_run":
        kept = "" if result is NOBODY else before()
        return (
            now_in(table.sheet.zone, result.seen).replace(second=0, microsecond=0, tzinfo=None) if result.seen else kept
        )
    if result.counts is None:
        return "" if result.forget else before()
    value = getattr(result.counts, column.key)
    return "" if value is None else value


def _number(value: Value, _table: Table, _today: date) -> Cell:
    text = read_text(value).strip()
    return int(text) if text.isdigit() else ""


def _moment(value: Value, table: Table, today: date) -> Cell:
    moment = read_moment(value, "", today, table.sheet.day_zero).moment
    return moment or ""


def _day(value: Value, table: Table, today: date) -> Cell:
    moment = _moment(value, table, today)
    return moment.date() if isinstance(moment, datetime) else ""


def _text(value: Value, _table: Table, _today: date) -> Cell:
    return read_text(value)


_READERS: Mapping[str, Any] = {"count": _number, "moment": _moment, "day": _day}
"""A cell of ours as it stands, as one that can be written."""


def written(plan: Plan) -> Sheet:
    """The roster with a plan written, as the next plan is made from it."""
    rows = [list(row) for row in plan.sheet.rows]
    for change in plan.changes:
        row = rows[change.row]
        row += [None] * (change.column + 1 - len(row))
        row[change.column] = change.after
    return replace(plan.sheet, rows=rows, overwritten={})
