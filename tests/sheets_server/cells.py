"""One cell: what a write makes of it, and what a read answers.

CellData: https://developers.google.com/sheets/api/reference/rest/v4/spreadsheets/cells
"""

from __future__ import annotations

import struct
from functools import cache
from typing import Any

from .errors import InvalidRequestError, Json
from .masks import Mask, update
from .model import Cell

MAX_CHARACTERS = 50_000
COLOURS = ("backgroundColor", "foregroundColor", "tabColor", "color")
LINK_LOOK: Json = {
    "foregroundColor": {"red": 0.06666667, "green": 0.33333334, "blue": 0.8},
    "underline": True,
    "foregroundColorStyle": {"themeColor": "LINK"},
}
STORED = ("userEnteredValue", "userEnteredFormat", "textFormatRuns", "chipRuns", "note", "dataValidation")


@cache
def eight_bit(value: float) -> float:
    """Return a colour component as Google does: cut to 8 bits, printed as a float32 (0.5 -> 0.49803922)."""
    cut: float = struct.unpack("f", struct.pack("f", int(min(max(value, 0.0), 1.0) * 255 + 1e-5) / 255))[0]
    return float(f"{cut:.8g}")


def _colour(colour: Json) -> Json:
    """Zero components are dropped: black is ``{}``."""
    cut = {key: eight_bit(colour[key]) for key in ("red", "green", "blue") if colour.get(key)}
    return {key: int(value) if value == int(value) else value for key, value in cut.items() if value}


def colours(message: Any) -> Any:
    """Copy, with each colour under both of its names (``backgroundColor``, ``backgroundColorStyle``)."""
    if isinstance(message, list):
        return [colours(item) for item in message]
    if not isinstance(message, dict):
        return message
    result: Json = {}
    for key, value in message.items():
        base = key.removesuffix("Style")
        if base not in COLOURS:
            result[key] = colours(value)
        elif key.endswith("Style"):
            result[key] = {"rgbColor": _colour(value["rgbColor"])} if "rgbColor" in value else value
            if "rgbColor" in value:
                result[base] = _colour(value["rgbColor"])
        elif f"{key}Style" not in message:
            result[key] = _colour(value)
            result[f"{key}Style"] = {"rgbColor": _colour(value)}
        elif "themeColor" in message[f"{key}Style"]:
            result[key] = value
    return result


def utf16_length(text: str) -> int:
    """Length in UTF-16 code units, the unit of run indices."""
    return len(text.encode("utf-16-le")) // 2


def write(cell: Cell, data: Json, mask: Mask) -> Cell:
    """Return the cell after a masked write. A field in the mask but not in the data is cleared."""
    result = dict(cell)
    if "userEnteredValue" in mask:
        # "When writing a new user_entered_value, previous runs are erased." (discovery, CellData)
        for key in ("userEnteredValue", "textFormatRuns", "chipRuns"):
            result.pop(key, None)
        value = _entered(data.get("userEnteredValue"))
        if value:
            result["userEnteredValue"] = value
    if "userEnteredFormat" in mask:
        part = {"userEnteredFormat": mask["userEnteredFormat"]}
        result = update(result, data, part)
        if "userEnteredFormat" in result:
            result["userEnteredFormat"] = _linked(colours(result["userEnteredFormat"]))
    if "textFormatRuns" in mask:
        result = _with_runs(result, data.get("textFormatRuns", []))
    if "chipRuns" in mask:
        result.pop("chipRuns", None)
        if data.get("chipRuns"):
            result["chipRuns"] = [_without_zero_index(run) for run in data["chipRuns"]]
    for key in ("note", "dataValidation"):
        if key in mask:
            result.pop(key, None)
            if data.get(key):
                result[key] = validation(data[key]) if key == "dataValidation" else data[key]
    return result


def _entered(value: Json | None) -> Json | None:
    if not value or value == {"stringValue": ""}:
        return None
    if "errorValue" in value:
        raise InvalidRequestError("Cannot set an error value.")
    if "formulaValue" in value and not value["formulaValue"].startswith("="):
        raise InvalidRequestError(f'Invalid formula: "{value["formulaValue"]}"; a formula begins with "=".')
    if any(isinstance(text, str) and len(text) > MAX_CHARACTERS for text in value.values()):
        raise InvalidRequestError(
            f"Your input contains more than the maximum of {MAX_CHARACTERS} characters in a single cell."
        )
    return value


def validation(rule: Json) -> Json:
    """Return a DataValidationRule in answer form: false flags are dropped."""
    return {key: value for key, value in rule.items() if value is not False}


def _linked(cell_format: Json) -> Json:
    """Give a cell-level link the colour and underline of links unless the format says otherwise."""
    text = cell_format.get("textFormat", {})
    if not text.get("link", {}).get("uri"):
        return cell_format
    return cell_format | {"textFormat": _link_look(text)}


def _link_look(text_format: Json) -> Json:
    if "foregroundColor" in text_format or "foregroundColorStyle" in text_format:
        return {"underline": True} | text_format
    return LINK_LOOK | text_format


def _without_zero_index(run: Json) -> Json:
    return {key: value for key, value in run.items() if key != "startIndex" or value}


def _with_runs(cell: Cell, runs: list[Json]) -> Cell:
    """Store text runs. A single link over the whole text becomes a cell-level link, without any run."""
    result = {key: value for key, value in cell.items() if key != "textFormatRuns"}
    if not runs:
        return result
    text = cell.get("userEnteredValue", {}).get("stringValue")
    if text is None:
        raise InvalidRequestError("Rich text runs can only be set on cells with text.")
    length, last = utf16_length(text), -1
    for run in runs:
        start = run.get("startIndex", 0)
        if start <= last or start >= length:
            raise InvalidRequestError(
                f"TextFormatRun.startIndex[{start}] must be greater than {last} and less than {length}."
            )
        last = start
    kept: list[Json] = []
    for run in runs:
        style = colours(run.get("format", {}))
        if style.get("link", {}).get("uri"):
            style = _link_look(style)
        kept.append(_without_zero_index(run) | {"format": style})
    if any("link" in run["format"] for run in kept):
        # "Setting the link field in a TextFormatRun will clear the cell's existing links" (TextFormat.link)
        result = without_link(result)
    if len(kept) == 1 and "startIndex" not in kept[0] and "link" in kept[0]["format"]:
        cell_format = result.get("userEnteredFormat", {})
        text_format = cell_format.get("textFormat", {}) | kept[0]["format"]
        return result | {"userEnteredFormat": cell_format | {"textFormat": text_format}}
    return result | {"textFormatRuns": kept}


def without_link(cell: Cell) -> Cell:
    """Return the cell without its cell-level link and the look that came with it."""
    text_format = cell.get("userEnteredFormat", {}).get("textFormat", {})
    if "link" not in text_format:
        return cell
    kept = {key: value for key, value in text_format.items() if key != "link" and LINK_LOOK.get(key) != value}
    cell_format = {key: value for key, value in cell["userEnteredFormat"].items() if key != "textFormat"}
    if kept:
        cell_format["textFormat"] = kept
    result = {key: value for key, value in cell.items() if key != "userEnteredFormat"}
    return result | ({"userEnteredFormat": cell_format} if cell_format else {})


def links(cell: Cell) -> list[str]:
    """Every link of a cell: the cell-level one, else those of its runs."""
    whole = cell.get("userEnteredFormat", {}).get("textFormat", {}).get("link", {}).get("uri")
    if whole:
        return [whole]
    found = (run.get("format", {}).get("link", {}).get("uri") for run in cell.get("textFormatRuns", ()))
    return [uri for uri in found if uri]
