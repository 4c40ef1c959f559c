"""A1 notation and grid ranges.

https://developers.google.com/sheets/api/guides/concepts#cell
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .errors import InvalidRequestError, Json, bad_request

if TYPE_CHECKING:
    from .model import Book, Sheet

CORNERS = re.compile(r"\$?([A-Za-z]{1,3})?\$?([1-9]\d*)?(?::\$?([A-Za-z]{1,3})?\$?([1-9]\d*)?)?")


def letters(column: int) -> str:
    """0 -> A, 25 -> Z, 26 -> AA."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def number(text: str) -> int:
    """Turn letters into an index: A -> 0, AA -> 26."""
    column = 0
    for letter in text.upper():
        column = column * 26 + ord(letter) - 64
    return column - 1


def cell(a1: str) -> tuple[int, int]:
    """``"B3"`` -> (2, 1)."""
    match = re.fullmatch(r"([A-Za-z]{1,3})([1-9]\d*)", a1)
    if match is None:
        raise ValueError(f"not a cell: {a1}")
    return int(match[2]) - 1, number(match[1])


def quoted(title: str) -> str:
    """Return the title as Google echoes it: in quotes only when needed."""
    if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", title) and not re.fullmatch(r"[A-Za-z]{1,3}\d+", title):
        return title
    return "'" + title.replace("'", "''") + "'"


@dataclass(frozen=True)
class Area:
    """A rectangle of one sheet, half open, always inside the grid unless it was asked for beyond it."""

    sheet: Sheet
    top: int
    left: int
    bottom: int
    right: int

    @property
    def beyond(self) -> bool:
        """It reaches out of the grid."""
        return self.bottom > len(self.sheet.rows) or self.right > len(self.sheet.columns)

    @property
    def outside(self) -> bool:
        """It begins out of the grid."""
        return self.top >= len(self.sheet.rows) or self.left >= len(self.sheet.columns)

    def clamped(self) -> Area:
        """Return the part of it in the grid."""
        bottom, right = min(self.bottom, len(self.sheet.rows)), min(self.right, len(self.sheet.columns))
        return Area(self.sheet, self.top, self.left, bottom, right)

    def __str__(self) -> str:
        first = f"{letters(self.left)}{self.top + 1}"
        last = f"{letters(self.right - 1)}{self.bottom}"
        return f"{quoted(self.sheet.title)}!{first}" + (f":{last}" if first != last else "")

    def limits(self) -> str:
        """Google's sentence for a range beyond the grid."""
        rows, columns = len(self.sheet.rows), len(self.sheet.columns)
        return f"Range ({self}) exceeds grid limits. Max rows: {rows}, max columns: {columns}"


def area(book: Book, text: str) -> Area:
    """``Sheet1!A1:C``, ``'My tab'``, ``A1:B2`` (first visible sheet); or 400 ``Unable to parse range``."""
    whole = book.find(text) or (book.find(_unquote(text)) if text.startswith("'") and text.endswith("'") else None)
    if whole is not None:
        return Area(whole, 0, 0, len(whole.rows), len(whole.columns))
    title, bang, corners = text.rpartition("!")
    sheet = book.find(_unquote(title)) if bang else book.first_visible
    match = CORNERS.fullmatch(corners)
    if sheet is None or match is None or not corners or not (match[1] or match[2]):
        raise bad_request(f"Unable to parse range: {text}")
    left, top, right, bottom = match.groups()
    if (":" in corners and not (right or bottom)) or (":" not in corners and not (left and top)):
        raise bad_request(f"Unable to parse range: {text}")
    if ":" not in corners:
        right, bottom = left, top
    rows = (int(top) - 1 if top else 0, int(bottom) if bottom else len(sheet.rows))
    columns = (number(left) if left else 0, number(right) + 1 if right else len(sheet.columns))
    rows = (min(rows[0], rows[1] - 1), max(rows[0] + 1, rows[1])) if top and bottom else rows
    columns = (min(columns[0], columns[1] - 1), max(columns[0] + 1, columns[1])) if left and right else columns
    found = Area(sheet, rows[0], columns[0], rows[1], columns[1])
    if found.outside:
        raise bad_request(found.limits())
    return found


def _unquote(title: str) -> str:
    return title[1:-1].replace("''", "'") if title.startswith("'") and title.endswith("'") else title


def grid_area(book: Book, grid: Json) -> Area:
    """Return a GridRange of a request; a missing index is unbounded."""
    sheet = book.sheet_by_id(grid.get("sheetId", 0))
    rows = (grid.get("startRowIndex", 0), grid.get("endRowIndex", len(sheet.rows)))
    columns = (grid.get("startColumnIndex", 0), grid.get("endColumnIndex", len(sheet.columns)))
    for name, (start, end) in (("Row", rows), ("Column", columns)):
        if start < 0 or end < start:
            raise InvalidRequestError(f"end{name}Index[{end}] must be greater than start{name}Index[{start}].")
    found = Area(sheet, rows[0], columns[0], rows[1], columns[1])
    if found.beyond:
        raise InvalidRequestError(found.limits())
    return found


def grid_range(area: Area) -> Json:
    """Return an Area as a GridRange in answer form: ``sheetId: 0`` is dropped, start indices of 0 stay."""
    found: Json = {"sheetId": area.sheet.sheet_id} if area.sheet.sheet_id else {}
    found |= {"startRowIndex": area.top, "endRowIndex": area.bottom}
    return found | {"startColumnIndex": area.left, "endColumnIndex": area.right}
