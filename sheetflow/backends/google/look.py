"""How a Google Sheet looks: highlight rules, new columns, rows with a draft, tabs. Requests only, no state."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from sheetflow.backends.google.metadata import span
from sheetflow.columns import Column
from sheetflow.highlights import FLAGS, HIGHLIGHTS, Highlight
from sheetflow.sheet import column_letters
from sheetflow.tabs import Look

Json = dict[str, Any]

NEAR = 3
"""A company column among the first so many stays in sight."""
ROW_PIXELS, DRAFT_PIXELS = 21, 66
"""The height of a row as Google makes it, and of one with four lines."""
HEAD_YOURS, HEAD_OURS = "1E3A5F", "5B6776"

_RULE = re.compile(r'=\$?([A-Z]{1,3})\$?\d+="(\w+)"')


def highlighted(formula: str) -> tuple[str, str] | None:
    """The flag and the column's letters of a rule of ours, told by its formula; ``None`` for any other rule."""
    match = _RULE.fullmatch(formula.replace(" ", ""))
    return (match[2], match[1]) if match and match[2] in FLAGS else None


def flags_highlighted(rules: Iterable[str], columns: Iterable[int]) -> frozenset[str]:
    """The flags for which there is a rule of ours, told by its formula: it compares the Flag column with the flag.

    ``columns`` are the Flag column's indices. Google moves the letter in a formula along with the column, so a
    rule about any other column is somebody else's.
    """
    letters = {column_letters(column) for column in columns}
    return frozenset(rule[0] for rule in map(highlighted, rules) if rule and rule[1] in letters)


def rule_request(sheet_id: int, flag: str, at: Mapping[str, int], header: int, index: int) -> Json:
    """The request that adds one highlight rule, from Company to Why, below the header; ``at``: key -> column."""
    highlight = next(h for h in HIGHLIGHTS if h.flag == flag)
    formula = "=" + highlight.formula(column_letters(at["flag"]), header + 2)
    first, last = sorted((at["company"], at["why"]))
    rule = {
        "ranges": [
            {"sheetId": sheet_id, "startRowIndex": header + 1, "startColumnIndex": first, "endColumnIndex": last + 1}
        ],
        "booleanRule": {
            "condition": {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": formula}]},
            "format": _format(highlight),
        },
    }
    return {"addConditionalFormatRule": {"rule": rule, "index": index}}


def _format(highlight: Highlight) -> Json:
    text: Json = {"foregroundColorStyle": {"rgbColor": colour(highlight.text)}}
    if highlight.bold:
        text["bold"] = True
    if highlight.strikethrough:
        text["strikethrough"] = True
    return {"backgroundColorStyle": {"rgbColor": colour(highlight.background)}, "textFormat": text}


def colour(rgb: str) -> Json:
    """RRGGBB as the API writes colours: parts of one."""
    parts = zip(("red", "green", "blue"), (int(rgb[i : i + 2], 16) for i in (0, 2, 4)), strict=True)
    return {name: round(value / 255, 4) for name, value in parts}


def background(rgb: str) -> Json:
    """A fill, as part of a cell's format."""
    return {"backgroundColorStyle": {"rgbColor": colour(rgb)}}


def text(rgb: str = "", *, bold: bool = False, size: int = 0) -> Json:
    """Ink, weight and size, as part of a cell's format."""
    look: Json = {"foregroundColorStyle": {"rgbColor": colour(rgb)}} if rgb else {}
    look |= {"bold": True} if bold else {}
    return {"textFormat": look | ({"fontSize": size} if size else {})}


TAB_LOOKS: Mapping[Look, Json] = {
    "": {},
    "title": text(bold=True, size=14),
    "note": text("5B6776"),
    "quiet": text("5B6776"),
    "head": background(HEAD_YOURS) | text("FFFFFF", bold=True),
    "section": text(bold=True, size=12),
    "late": background("FADCD2") | text("6B1A08", bold=True),
    "due": background("FFF6DA") | text("4A3800"),
    "check": background("E1EAFB") | text("1D3A7A"),
}
"""The looks of cells in the tabs of ours."""


def added_column_requests(
    sheet_id: int, added: Sequence[tuple[int, Column]], header: int, company: int | None, *, grouped: bool
) -> Iterator[Json]:
    """The looks of new columns. ``company``: whose header those that the person types into take after.

    ``grouped``: the person has groups of columns, so there is none of ours.
    """
    yield from column_looks(sheet_id, added, header)
    for first, last, ours in _runs(added, lambda column: column.owner == "sheetflow"):
        area = cell_area(sheet_id, header, header + 1, first, last)
        if ours:
            yield repeat(area, background(HEAD_OURS) | text("FFFFFF", bold=True))
        elif company is not None:
            source = cell_area(sheet_id, header, header + 1, company, company + 1)
            yield {"copyPaste": {"source": source, "destination": area, "pasteType": "PASTE_FORMAT"}}
    folded = [index for index, column in added if column.group and column.key != "stamp"]
    beside = {index for index, _ in added}
    if folded and not grouped and folded[-1] - folded[0] == len(folded) - 1 and folded[0] - 1 in beside:
        group = {"range": span("COLUMNS", sheet_id, folded[0], folded[-1] + 1)}
        yield {"addDimensionGroup": group}
        collapsed = {**group, "depth": 1, "collapsed": True}
        yield {"updateDimensionGroup": {"dimensionGroup": collapsed, "fields": "collapsed"}}


def column_looks(sheet_id: int, columns: Sequence[tuple[int, Column]], header: int) -> Iterator[Json]:
    """Widths; and of ours, that text stands at the top and runs on or is cut off; the stamp is hidden."""
    for index, column in columns:
        properties: Json = {"pixelSize": column.width}
        if column.key == "stamp":
            properties["hiddenByUser"] = True
        place, fields = span("COLUMNS", sheet_id, index, index + 1), ",".join(sorted(properties))
        yield {"updateDimensionProperties": {"range": place, "properties": properties, "fields": fields}}
    ours = [(index, column) for index, column in columns if column.owner == "sheetflow"]
    for first, last, wraps in _runs(ours, lambda column: column.wraps):
        area = cell_area(sheet_id, header + 1, None, first, last)
        yield repeat(area, {"wrapStrategy": "WRAP" if wraps else "CLIP", "verticalAlignment": "TOP"})


def _runs(columns: Iterable[tuple[int, Column]], of: Callable[[Column], bool]) -> Iterator[tuple[int, int, bool]]:
    """Columns that stand side by side and are alike: (first, one past the last, in what they are alike)."""
    numbered = enumerate(sorted(columns, key=lambda pair: pair[0]))
    for (_, alike), run in groupby(numbered, key=lambda entry: (entry[1][0] - entry[0], of(entry[1][1]))):
        indices = [index for _, (index, _) in run]
        yield indices[0], indices[-1] + 1, alike


def cell_area(sheet_id: int, top: int, bottom: int | None, left: int, right: int) -> Json:
    """A GridRange; without ``bottom`` down to the end."""
    rows = {"startRowIndex": top} | ({} if bottom is None else {"endRowIndex": bottom})
    return {"sheetId": sheet_id, **rows, "startColumnIndex": left, "endColumnIndex": right}


def repeat(area: Json, look: Json) -> Json:
    """The request that gives every cell of an area a format."""
    fields = ",".join(f"userEnteredFormat.{name}" for name in look)
    return {"repeatCell": {"range": area, "cell": {"userEnteredFormat": look}, "fields": fields}}


def row_heights(sheet_id: int, rows: Iterable[int], heights: Sequence[int]) -> Iterator[Json]:
    """Four lines for rows that get a draft, where nobody chose another height."""
    wanted = sorted(row for row in rows if row < len(heights) and heights[row] == ROW_PIXELS)
    for _, run in groupby(enumerate(wanted), key=lambda entry: entry[1] - entry[0]):
        found = [row for _, row in run]
        place = span("ROWS", sheet_id, found[0], found[-1] + 1)
        properties = {"pixelSize": DRAFT_PIXELS}
        yield {"updateDimensionProperties": {"range": place, "properties": properties, "fields": "pixelSize"}}
