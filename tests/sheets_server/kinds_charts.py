"""batchUpdate requests on charts that lie over a grid.

Refusals are worded as a public stand-in of the API recorded them from live answers
(https://github.com/mmedum/google-sheets-mcp, internal/sheetstest).
"""

from __future__ import annotations

from typing import Any

from . import a1
from .batch import Call, handles
from .cells import colours
from .errors import ApiError, InvalidRequestError, Json, unimplemented
from .masks import update, update_mask
from .model import Sheet

KINDS = (
    "basicChart", "pieChart", "bubbleChart", "candlestickChart", "orgChart", "histogramChart", "waterfallChart",
    "treemapChart", "scorecardChart",
)  # fmt: skip
SIZE = {"widthPixels": 600, "heightPixels": 371}


def _spec(call: Call, spec: Json) -> Json:
    """Return a ChartSpec in answer form, its sources checked as ChartSourceRange demands."""
    if sum(kind in spec for kind in KINDS) != 1:
        raise InvalidRequestError(
            "One of basicChart, pieChart, bubbleChart, candelstickChart, histogramChart, or orgChart must be set on "
            "chartSpec."
        )
    basic = spec.get("basicChart", {})
    if "basicChart" in spec and not basic.get("domains") and not basic.get("series"):
        raise ApiError(500, "Internal error encountered.")
    if len(basic.get("domains", [])) > 1:
        raise InvalidRequestError("Only a single domain is supported.")
    minor = "BOTTOM_AXIS" if basic.get("chartType") == "BAR" else "LEFT_AXIS"
    for series in basic.get("series", []):
        if basic.get("chartType") == "BAR" and series.get("targetAxis", minor) != minor:
            raise InvalidRequestError(f"targetAxis {series['targetAxis']} is not a minor axis of a BAR chart.")
    lengths = {_length(call, grid) for grid in sources(spec)}
    if len(lengths) > 1 and len(basic.get("series", [])) + len(basic.get("domains", [])) > 1:
        raise InvalidRequestError("The domain and all series must have the same length.")
    kept: Json = colours(_without_zero_ids(spec))
    return kept


def sources(message: Any) -> list[Json]:
    """Every GridRange that a chart reads from."""
    if isinstance(message, list):
        return [grid for item in message for grid in sources(item)]
    if not isinstance(message, dict):
        return []
    found = list(message.get("sourceRange", {}).get("sources", []))
    return found + [grid for key, value in message.items() if key != "sourceRange" for grid in sources(value)]


def _length(call: Call, grid: Json) -> int:
    area = a1.grid_area(call.book, grid)
    height, width = area.bottom - area.top, area.right - area.left
    if 1 not in (height, width):
        raise InvalidRequestError("Exactly one dimension of a source range must have a length of 1.")
    return max(height, width)


def _without_zero_ids(message: Any) -> Any:
    if isinstance(message, list):
        return [_without_zero_ids(item) for item in message]
    if not isinstance(message, dict):
        return message
    return {key: _without_zero_ids(value) for key, value in message.items() if (key, value) != ("sheetId", 0)}


def _chart(call: Call, chart_id: int, what: str) -> tuple[Sheet, Json]:
    for sheet in call.book.sheets:
        for chart in sheet.charts:
            if chart["chartId"] == chart_id:
                return sheet, chart
    raise InvalidRequestError(f"No {what} with id: {chart_id}")


def _placed(call: Call, position: Json) -> tuple[Sheet, Json]:
    """Return the tab that a new chart lies over, and its position with the size that Google fills in."""
    if position.get("newSheet") or "sheetId" in position:
        raise unimplemented("charts on a sheet of their own")
    overlay = position.get("overlayPosition")
    if not overlay or "anchorCell" not in overlay:
        raise InvalidRequestError(
            "One of EmbeddedObjectPosition.overlayPosition or EmbeddedObjectPosition.sheetId must be set"
        )
    sheet = call.book.sheet_by_id(overlay["anchorCell"].get("sheetId", 0))
    cell = overlay["anchorCell"]
    if cell.get("rowIndex", 0) >= len(sheet.rows) or cell.get("columnIndex", 0) >= len(sheet.columns):
        raise InvalidRequestError("The anchor cell is outside of the grid.")
    return sheet, {"overlayPosition": _without_zero_ids(SIZE | overlay)}


@handles("addChart")
def add_chart(call: Call, body: Json) -> Json:
    """A chart over a tab; a chosen id must be free among all embedded objects."""
    new = body.get("chart", {})
    if "spec" not in new:
        raise InvalidRequestError("no chart spec")
    spec = _spec(call, new["spec"])
    sheet, position = _placed(call, new.get("position", {}))
    taken = {chart["chartId"] for one in call.book.sheets for chart in one.charts}
    chart_id = new.get("chartId") or call.book.new_id()
    if chart_id in taken:
        raise InvalidRequestError(f"An embedded object with the id {chart_id} already exists.")
    chart = {"chartId": chart_id, "spec": spec, "position": position}
    sheet.charts.append(chart)
    return {"chart": chart}


@handles("updateChartSpec")
def update_chart_spec(call: Call, body: Json) -> None:
    """Another spec for a chart: all of it, there is no mask."""
    _, chart = _chart(call, body.get("chartId", 0), "chart")
    chart["spec"] = _spec(call, body.get("spec", {}))


@handles("deleteEmbeddedObject")
def delete_embedded_object(call: Call, body: Json) -> None:
    """Remove a chart."""
    sheet, chart = _chart(call, body.get("objectId", 0), "embedded object")
    sheet.charts.remove(chart)


@handles("updateEmbeddedObjectPosition")
def update_embedded_object_position(call: Call, body: Json) -> Json:
    """Move or resize a chart."""
    new = body.get("newPosition", {})
    if new.get("newSheet") or "sheetId" in new:
        raise unimplemented("charts on a sheet of their own")
    mask = update_mask(body.get("fields"), "OverlayPosition")
    sheet, chart = _chart(call, body.get("objectId", 0), "embedded object")
    overlay = update(chart["position"]["overlayPosition"], new.get("overlayPosition", {}), mask)
    target, position = _placed(call, {"overlayPosition": overlay})
    chart["position"] = position
    if target is not sheet:
        sheet.charts.remove(chart)
        target.charts.append(chart)
    return {"position": position}
