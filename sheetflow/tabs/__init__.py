"""The tabs of ours, To send and Overview, as plain data: what each cell holds, how it looks, where it leads.

The core decides what is in them; a backend only draws them, and knows how to find them again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, NamedTuple

TabKey = Literal["to_send", "overview"]
Look = Literal["", "title", "note", "head", "section", "late", "due", "check", "quiet"]


class CellRef(NamedTuple):
    """A cell of the tracker: its 0-based row, and the key of its column."""

    row: int
    key: str


@dataclass(frozen=True)
class TabCell:
    """One cell of a tab. ``link`` is an address, or a cell of the tracker that it leads to."""

    value: str | int | float | date | datetime = ""
    look: Look = ""
    link: str | CellRef | None = None


@dataclass(frozen=True)
class Chart:
    """A bar chart of two columns of its tab: 0-based, rows from ``first`` to before ``end``; drawn once."""

    title: str
    labels: int
    values: int
    first: int
    end: int


@dataclass(frozen=True)
class Tab:
    """What a tab is to hold. Rows are ragged; ``widths`` are pixels, one per column of ours."""

    key: TabKey
    title: str
    widths: tuple[int, ...]
    rows: tuple[tuple[TabCell, ...], ...]
    frozen_rows: int = 0
    typed: int | None = None
    """The column (0-based) that a person may type into, as long as its lines stay."""
    chart: Chart | None = None
