"""Sheets from a few rows, and what the core makes of them. No files, no network, no clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from sheetflow import plan
from sheetflow import table as typed
from sheetflow.backends.local import as_text
from sheetflow.columns import FRESH
from sheetflow.letters import drafts
from sheetflow.letters.load import load_templates
from sheetflow.letters.templates import Templates
from sheetflow.plan import Plan
from sheetflow.rules import cadence
from sheetflow.settings import Settings
from sheetflow.sheet import Cell, Links, Sheet, Value
from sheetflow.table import Table
from sheetflow.table.claims import find_header
from sheetflow.tabs.agenda import read_agenda
from sheetflow.tabs.draw import draw

OURS = tuple(column for column in FRESH if column.owner == "sheetflow")
"""The columns of ours that every run fills."""
MADRID = ZoneInfo("Europe/Madrid")
NOW = datetime(2026, 11, 20, 15, 0, tzinfo=MADRID)
"""A Friday."""
HEADERS = (
    "Company", "Role", "Interview", "Interviewers", "Contact", "Highlight", "Question", "How it went",
    "Thank-you sent", "Follow-up sent", "Second follow-up sent", "Closing note sent", "Reply received", "Outcome",
    "Snooze until",
)  # fmt: skip


def make_sheet(rows: Sequence[Mapping[str, Any]], headers: Sequence[str] = HEADERS, **options: Any) -> Sheet:
    """A sheet with a header row and one row per mapping (header -> cell); ``options`` go to ``Sheet``."""
    headers = list(dict.fromkeys([*headers, *(name for row in rows for name in row)]))
    grid = [headers, *([row.get(name, "") for name in headers] for row in rows)]
    return Sheet(**{"title": "tracker.csv", "zone": MADRID, **options, "rows": grid})


def grid_sheet(*rows: Sequence[Any], **options: Any) -> Sheet:
    """A sheet from its cells as they stand, the header row among them."""
    return Sheet(**{"title": "tracker.csv", "zone": MADRID, **options, "rows": rows})


def parse(sheet: Sheet, today: date | None = None, **settings: Any) -> Table:
    """The typed table of a sheet, at three in the afternoon."""
    return _parse(sheet, datetime.combine(today or NOW.date(), NOW.time(), sheet.zone), Settings(**settings))


def _parse(sheet: Sheet, now: datetime, settings: Settings) -> Table:
    header = find_header(sheet, settings.columns)
    return typed.parse(sheet, header, now, settings.date_order, settings.send_from)


def assess(sheet: Sheet, now: datetime = NOW, **settings: Any) -> Table:
    """The typed table with what the rules say; ``now`` without a zone is wall clock in the sheet's."""
    now = now if now.tzinfo else now.replace(tzinfo=sheet.zone)
    wanted = Settings(**settings)
    return cadence.assess(_parse(sheet, now, wanted), now, wanted)


@cache
def templates() -> Templates:
    """The five notes as they come with the package."""
    return load_templates("")


def write(sheet: Sheet, now: datetime = NOW, **settings: Any) -> Table:
    """The assessed table with its drafts."""
    return drafts.write(assess(sheet, now, **settings), templates(), Settings(**settings))


def make_plan(sheet: Sheet, now: datetime = NOW, **settings: Any) -> Plan:
    """What a run would change."""
    now = now if now.tzinfo else now.replace(tzinfo=sheet.zone)
    table = write(sheet, now, **settings)
    agenda = read_agenda(table, now.date())
    known = Settings(**settings)
    return plan.diff(table, now, agenda, draw(table, agenda, now, known), roomy=known.row_height)


def applied(plan: Plan) -> Sheet:
    """The sheet after a plan was applied, as a backend of its kind would give it back."""
    sheet = plan.sheet
    grid = [list(row) for row in sheet.rows]
    for change in plan.changes:
        grid.extend([] for _ in range(change.row + 1 - len(grid)))
        row = grid[change.row]
        row.extend([""] * (change.column + 1 - len(row)))
        row[change.column] = read_back(change.after, sheet)
    return replace(sheet, rows=grid, rules=sheet.rules | set(plan.rules), overwritten={})


def read_back(cell: Cell, sheet: Sheet) -> Value:
    """A cell of ours as it is read after it was written."""
    if isinstance(cell, Links):
        kept = Links(cell[:1]) if sheet.links == "single" else cell
        return (cell.urls if sheet.links == "text" else kept) if cell else ""
    return cell if sheet.typed else as_text(cell)


@dataclass(frozen=True)
class Seen:
    """What one row shows, dates as date or (with a time) datetime, ``None`` where the cell is empty."""

    status: str
    flag: str
    due: date | datetime | None
    thank_you_due: date | datetime | None
    follow_up_due: date | None
    second_follow_up_due: date | None
    ghosted_on: date | None
    why: str
    rule: str
    """The key of the rule; empty for a blank row."""
    note: str


def seen(table: Table) -> list[Seen]:
    """What every row of an assessed table shows."""
    frame = table.frame
    rows = []
    for i in range(len(frame)):
        at = {name: frame[name].iat[i] for name in frame.columns}
        dates = {
            name: _date(at[name], bool(at.get(f"{name}_timed")))
            for name in ("due", "thank_you_due", "follow_up_due", "second_follow_up_due", "ghosted_on")
        }
        key = cadence.RULES[at["rule"]].key if at["rule"] >= 0 else ""
        rows.append(Seen(at["status"], at["flag"], **dates, why=at["why"], rule=key, note=at["note"]))
    return rows


def _date(value: Any, timed: bool) -> date | datetime | None:
    if value != value:
        return None
    moment: datetime = value.to_pydatetime()
    return moment if timed else moment.date()


def look(now: datetime = NOW, sheet: Mapping[str, Any] | None = None, **cells: Any) -> Seen:
    """What a tracker's only row shows; cells by column key (``thanked="x"``), Company filled unless given."""
    return look_all([cells], now, sheet=sheet)[0]


def look_all(
    rows: Sequence[Mapping[str, Any]], now: datetime = NOW, sheet: Mapping[str, Any] | None = None, **settings: Any
) -> list[Seen]:
    """What each row shows; rows are column key -> cell."""
    from sheetflow.columns import BY_KEY

    named = [{BY_KEY[key].header: cell for key, cell in {"company": "Acme", **row}.items()} for row in rows]
    return seen(assess(make_sheet(named, **(sheet or {})), now, **settings))
