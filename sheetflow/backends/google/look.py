"""How a Google Sheet looks: highlight rules, and the columns that sheetflow adds. Requests only, no state."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sheetflow.columns import Column
from sheetflow.highlights import FLAGS, HIGHLIGHTS, Highlight
from sheetflow.sheet import column_letters

Json = dict[str, Any]

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


def rule_request(sheet_id: int, flag: str, column: int, header: int, width: int, index: int) -> Json:
    """The request that adds one highlight rule, over whole rows below the header."""
    highlight = next(h for h in HIGHLIGHTS if h.flag == flag)
    formula = "=" + highlight.formula(column_letters(column), header + 2)
    rule = {
        "ranges": [{"sheetId": sheet_id, "startRowIndex": header + 1, "startColumnIndex": 0, "endColumnIndex": width}],
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


def added_column_requests(sheet_id: int, added: Sequence[tuple[int, Column]], header: int) -> Iterator[Json]:
    """Widths and wrapping for new columns of ours; the stamp is hidden."""
    for index, column in added:
        span = {"sheetId": sheet_id, "dimension": "COLUMNS", "startIndex": index, "endIndex": index + 1}
        properties: Json = {"pixelSize": column.width}
        if column.key == "stamp":
            properties["hiddenByUser"] = True
        fields = ",".join(sorted(properties))
        yield {"updateDimensionProperties": {"range": span, "properties": properties, "fields": fields}}
        if column.wraps:
            cells = {
                "sheetId": sheet_id,
                "startRowIndex": header + 1,
                "startColumnIndex": index,
                "endColumnIndex": index + 1,
            }
            look = {"userEnteredFormat": {"wrapStrategy": "WRAP", "verticalAlignment": "TOP"}}
            fields = "userEnteredFormat.wrapStrategy,userEnteredFormat.verticalAlignment"
            yield {"repeatCell": {"range": cells, "cell": look, "fields": fields}}
