"""What a backend hands to the core: a grid of cells as they are, and how that backend keeps things.

No interpretation happens here: a cell is what the file or the API says it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from typing import Any, Literal, NamedTuple

Value = Any
"""One cell as read: ``None`` or ``""`` (empty), str, bool, int, float, date, datetime, time, CellError, Formula or
Links."""


class CellError(NamedTuple):
    """A formula's error value, such as ``#REF!``."""

    text: str


class Formula(NamedTuple):
    """A cell that is calculated: what was typed, and its value as last calculated (``None``: not known)."""

    source: str
    value: Value


class Link(NamedTuple):
    """One link that opens a filled-in message; the label shows whom it is to."""

    label: str
    url: str


class Links(tuple[Link, ...]):
    """The links of a Send cell."""

    __slots__ = ()

    @property
    def labels(self) -> str:
        """The labels, one per line: what a cell with real links shows."""
        return "\n".join(link.label for link in self)

    @property
    def urls(self) -> str:
        """The addresses, one per line: what a cell without links holds."""
        return "\n".join(link.url for link in self)


Cell = str | int | date | datetime | Links
"""One cell as we write it; empty text and empty links empty it."""

LinkStyle = Literal["text", "single", "many"]
"""How a backend keeps links: their addresses as text, the first one as the cell's link, or all in the cell."""

DateOrder = Literal["dmy", "mdy", ""]
"""Which of day and month comes first in ``03/04/2026``; empty: not known."""


class TabSeen(NamedTuple):
    """Another tab as it was read: its present title, and its cells as they are (ragged)."""

    title: str
    rows: Sequence[Sequence[Value]]


@dataclass(frozen=True)
class Sheet:
    """One tab, as read.

    ``rows`` is ragged: ``rows[r][c]`` is the cell in row ``r + 1`` of the spreadsheet; what is not there is
    empty. ``overwritten`` holds, after a write that was overtaken by somebody's edit, what stands in a cell
    right now where ``rows`` holds what stood there before that write (empty in every ordinary run).
    """

    title: str
    rows: Sequence[Sequence[Value]]
    zone: tzinfo
    date_order: DateOrder = ""
    links: LinkStyle = "text"
    day_zero: date = date(1899, 12, 30)
    settings_tab: Sequence[Sequence[Value]] | None = None
    rules: frozenset[str] = frozenset()
    overwritten: Mapping[tuple[int, int], Value] = field(default_factory=dict)
    tabs: Mapping[str, TabSeen] | None = None
    """The tabs of ours by key (``to_send``, ``overview``), those that are there; ``None``: this kind has no tabs."""
    declined: frozenset[str] = frozenset()
    """The tabs of ours that were made once and that the person took away."""
    remembers: Mapping[int, str] | None = None
    """0-based column -> the key of the column of ours that it is, whatever its header says by now; ``None`` where a
    backend has no such memory."""
    others: Callable[[], Iterable[TabSeen]] = tuple
    """The other tabs, with their first rows: looked at only where this one has no header row."""
    unescaped: Callable[[str], str] = str
    """A text cell of ours as it was meant, where a backend has to write some texts otherwise."""

    @property
    def typed(self) -> bool:
        """Whether the backend keeps dates and links as such, rather than as text."""
        return self.links != "text"

    def place(self, row: int, column: int) -> str:
        """A cell's place for an error's template: ``{tab}!C14``, in a .csv ``{tab} row 14, column C``."""
        if self.typed:
            return f"{{tab}}!{a1(row, column)}"
        return f"{{tab}} row {row + 1}, column {column_letters(column)}"

    def cell(self, row: int, column: int) -> Value:
        """The cell, or ``None`` where the row is too short or not there."""
        if row < len(self.rows):
            cells = self.rows[row]
            if column < len(cells):
                return cells[column]
        return None


def a1(row: int, column: int) -> str:
    """The name of a cell, from 0-based indices: ``a1(13, 2) == "C14"``."""
    return f"{column_letters(column)}{row + 1}"


def column_letters(column: int) -> str:
    """A column's letters from its 0-based index: 0 is ``A``, 26 is ``AA``."""
    letters = ""
    column += 1
    while column:
        column, digit = divmod(column - 1, 26)
        letters = chr(65 + digit) + letters
    return letters


def is_empty(value: Value) -> bool:
    """Nothing there: no value, blank text, or a formula that gives either."""
    if isinstance(value, Formula):
        value = value.value
    return value is None or (isinstance(value, str) and not value.strip())


def now_in(zone: tzinfo, now: datetime) -> datetime:
    """``now`` in ``zone``; without an offset of its own it is a wall-clock time there."""
    return now.replace(tzinfo=zone) if now.tzinfo is None else now.astimezone(zone)
