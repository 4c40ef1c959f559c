"""The script that most people write first: fetch the records, then update cell by cell and colour row by row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import gspread

COLOURS = {
    "Ghosted": {"red": 0.8, "green": 0.8, "blue": 0.8},
    "Overdue": {"red": 1.0, "green": 0.8, "blue": 0.8},
    "Due": {"red": 1.0, "green": 0.95, "blue": 0.7},
    "Check": {"red": 0.8, "green": 0.9, "blue": 1.0},
    "": {"red": 1.0, "green": 1.0, "blue": 1.0},
}


def update(key: dict[str, Any], book: str, cells: Mapping[tuple[int, int], str], flags: Mapping[int, str]) -> None:
    """Write cells (1-based row and column -> text) and colour rows (1-based row -> flag)."""
    client = gspread.service_account_from_dict(key, http_client=gspread.BackOffHTTPClient)
    worksheet = client.open_by_key(book).worksheet("Sheet1")
    worksheet.get_all_records()
    for (row, column), text in cells.items():
        worksheet.update_cell(row, column, text)
    for row, flag in flags.items():
        worksheet.format(f"A{row}:AB{row}", {"backgroundColor": COLOURS[flag]})
