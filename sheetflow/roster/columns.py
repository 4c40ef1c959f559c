"""The columns of a roster, found by name as a tracker's are: what the coach types, and what a run writes beside it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from sheetflow.cells import read_text
from sheetflow.columns import HEADER_ROWS, Column, Kind, plain
from sheetflow.errors import Refused
from sheetflow.sheet import Sheet, Value, is_empty
from sheetflow.table.claims import Header


def _typed(key: str, header: str) -> Column:
    return Column(key, header, "text", "person")


def _ours(key: str, header: str, kind: Kind, width: int = 90) -> Column:
    return Column(key, header, kind, "sheetflow", width=width)


TYPED: tuple[Column, ...] = (
    _typed("name", "Name"),
    _typed("sheet", "Sheet"),
    _typed("active", "Active"),
    _typed("language", "Language"),
    _typed("templates", "Templates"),
    _typed("account", "Account"),
)
"""What the coach types. Name and Sheet are needed."""
WRITTEN: tuple[Column, ...] = (
    _ours("last_run", "Last run", "moment", 120),
    _ours("rows", "Rows", "count", 60),
    _ours("letters_waiting", "Letters waiting", "count"),
    _ours("overdue", "Overdue", "count", 75),
    _ours("ghosted", "Ghosted", "count", 75),
    _ours("interviews", "Interviews this week", "count"),
    _ours("offers", "Offers", "count", 60),
    _ours("quiet_since", "Quiet since", "day"),
    _ours("state", "State", "text", 130),
    _ours("problem", "Problem", "text", 420),
)
"""What a run writes, in the order in which missing ones are added."""
ROSTER = (*TYPED, *WRITTEN)
ALIASES: Mapping[str, tuple[str, ...]] = {
    "name": ("Student", "Participant", "Client", "Full name", "Student name", "Person"),
    "sheet": ("Tracker", "Spreadsheet", "Sheet link", "Sheet URL", "Tracker link", "Link", "URL", "Sheet id"),
    "language": ("Letter language", "Sprache", "Langue", "Idioma", "语言"),
    "account": ("Service account", "Shared with"),
}
"""What else coaches call what they type, the strongest first."""
NEEDED = ("name", "sheet")
STATES = ("Un-shared", "Kept by its owner", "Not active")


def headers_known(cells: Sequence[Value], mapping: Mapping[str, str]) -> int:
    """How many headers of a roster a row of cells has; 0 without the needed ones."""
    at = _places(cells)
    return len(at) if all(at.get(key) for key in NEEDED) else 0


def find_header(sheet: Sheet) -> Header:
    """Find a roster's header row and columns. Raises ``Refused`` without Name and Sheet, or with two of one column."""
    row = next((r for r, cells in enumerate(sheet.rows[:HEADER_ROWS]) if headers_known(cells, {})), None)
    if row is None:
        raise Refused(
            f"No header row in {{tab}}: a roster has the headers Name and Sheet side by side in one of its first "
            f"{HEADER_ROWS} rows, and below them a line per person, with the link of their tracker.",
            tab=sheet.title,
        )
    at: dict[str, int] = {}
    for key, places in _places(sheet.rows[row]).items():
        if len(places) > 1:
            title = next(column.header for column in ROSTER if column.key == key)
            raise Refused(
                f"Two headers for {title}: {' and '.join(sheet.place(row, place) for place in places)}. Rename one of "
                "them, so that there is no doubt which to read.",
                tab=sheet.title,
            )
        at[key] = places[0]
    at |= _remembered(sheet, row, at)
    width = max(_used(cells) for cells in sheet.rows)
    header = Header(row, at, width, missing=tuple(column for column in WRITTEN if column.key not in at))
    _refuse_foreign(sheet, header)
    return header


def _places(cells: Sequence[Value]) -> dict[str, list[int]]:
    """Column key -> the columns under its winning spelling: the header's own first, then the aliases in order."""
    titles: dict[str, list[int]] = {}
    for index, value in enumerate(cells):
        if name := plain(read_text(value)):
            titles.setdefault(name, []).append(index)
    found = {}
    for column in ROSTER:
        spelling = next((n for n in map(plain, (column.header, *ALIASES.get(column.key, ()))) if n in titles), None)
        if spelling is not None:
            found[column.key] = titles[spelling]
    return found


def _remembered(sheet: Sheet, row: int, at: Mapping[str, int]) -> dict[str, int]:
    """Columns of ours whose header was renamed or emptied, where every cell is one that they can hold."""
    known = {column.key: column for column in WRITTEN}
    found: dict[str, int] = {}
    for place, key in sorted((sheet.remembers or {}).items()):
        free = key in known and key not in {**at, **found} and place not in at.values()
        if free and all(_can_hold(known[key], sheet.cell(r, place)) for r in range(row + 1, len(sheet.rows))):
            found[key] = place
    return found


def _used(cells: Sequence[Value]) -> int:
    return max((index + 1 for index, value in enumerate(cells) if not is_empty(value)), default=0)


def _can_hold(column: Column, value: Value) -> bool:
    """Whether a cell is one that a run can have written."""
    text = read_text(value).strip()
    if not text or column.key == "problem":
        return True
    if column.key == "state":
        return text in STATES
    pattern = r"\d{1,9}" if column.kind == "count" else r"\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d)?)?|\d{5}(\.\d+)?"
    return bool(re.fullmatch(pattern, text))


def _refuse_foreign(sheet: Sheet, header: Header) -> None:
    """A column of ours that holds what no run writes, or holds anything before the first run, is somebody's own."""
    first = "last_run" not in header.at and not sheet.remembers
    for column in WRITTEN:
        place = header.at.get(column.key)
        for row in range(header.row + 1, len(sheet.rows)) if place is not None else ():
            value = sheet.cell(row, place or 0)
            if not is_empty(value) and (first or not _can_hold(column, value)):
                raise Refused(
                    f"{sheet.place(row, place or 0)} holds something of yours under the header {column.header}, which "
                    f"is one that sheetflow writes. Rename your column (to My {column.header}, for one) and run again.",
                    tab=sheet.title,
                )
