"""A script by somebody who has read about quotas: all values in one request, all colours in another."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Any

import gspread
from gspread.utils import rowcol_to_a1

from benchmarks.peers.usual import COLOURS


def update(key: dict[str, Any], book: str, cells: Mapping[tuple[int, int], str], flags: Mapping[int, str]) -> None:
    """Write cells (1-based row and column -> text) and colour rows (1-based row -> flag)."""
    client = gspread.service_account_from_dict(key, http_client=gspread.BackOffHTTPClient)
    worksheet = client.open_by_key(book).worksheet("Sheet1")
    worksheet.get_values()
    if cells:
        ranges = [{"range": start, "values": [texts]} for start, texts in _runs(cells)]
        worksheet.batch_update(ranges, value_input_option="USER_ENTERED")
    if flags:
        formats = [{"range": f"A{row}:AB{row}", "format": {"backgroundColor": COLOURS[flags[row]]}} for row in flags]
        worksheet.batch_format(formats)


def _runs(cells: Mapping[tuple[int, int], str]) -> list[tuple[str, list[str]]]:
    """Neighbours in a row together: the address of the first, and their texts."""
    places = sorted(cells)
    runs = groupby(enumerate(places), key=lambda item: (item[1][0], item[1][1] - item[0]))
    found = [[place for _, place in run] for _, run in runs]
    return [(rowcol_to_a1(*run[0]), [cells[place] for place in run]) for run in found]
