"""Which tabs a tracker is to have, and whether they alone are a reason to write."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sheetflow.settings import Settings
from sheetflow.sheet import Sheet
from sheetflow.table import Table
from sheetflow.tabs import Tab
from sheetflow.tabs.agenda import Agenda
from sheetflow.tabs.overview import overview, read_stats
from sheetflow.tabs.to_send import checked_today, to_send


def draw(table: Table, agenda: Agenda, now: datetime, settings: Settings) -> tuple[Tab, ...]:
    """The tabs of an assessed table with its drafts: none where a tracker has no tabs, or the person wants none."""
    sheet = table.sheet
    if sheet.tabs is None:
        return ()
    tabs = []
    if settings.to_send_tab and "to_send" not in sheet.declined:
        tabs.append(to_send(agenda, table.header.places, now, sheet.tabs.get("to_send")))
    if settings.overview_tab and "overview" not in sheet.declined:
        tabs.append(overview(read_stats(table, now), now))
    return tuple(tabs)


def are_stale(tabs: Sequence[Tab], sheet: Sheet, now: datetime) -> bool:
    """Whether a tab is missing or was not written today: then it is a reason to write, at most once a day."""
    seen = sheet.tabs or {}
    return any(tab.key not in seen or not checked_today(seen[tab.key], now) for tab in tabs)
