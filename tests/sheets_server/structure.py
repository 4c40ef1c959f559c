"""Inserting, deleting, moving rows and columns, and all that has to follow.

Followers: cells and metadata, the ranges of conditional formats, protections, filters, merges and tables, and
the references inside formulas.

A change is described by one function from an old index to the new one (None: deleted), so each follower is
written once for all three.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from . import a1
from .errors import Json
from .model import COLUMN_PIXELS, ROW_PIXELS, Book, Row, Sheet

REFERENCE = re.compile(
    r""""(?:[^"]|"")*"  # a string: skipped
    |(?P<sheet>(?:'(?:[^']|'')+'|[A-Za-z_]\w*)!)?(?P<dc>\$?)(?P<c>[A-Za-z]{1,3})(?P<dr>\$?)(?P<r>[1-9]\d*)(?![\w(.])
    |[A-Za-z_][\w.]*""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Change:
    """Rows or columns of one sheet get new indices."""

    sheet: Sheet
    rows: bool
    count: int
    new: Callable[[int], int | None]

    @property
    def keys(self) -> tuple[str, str]:
        """The GridRange fields of this dimension."""
        return ("startRowIndex", "endRowIndex") if self.rows else ("startColumnIndex", "endColumnIndex")


def insert(book: Book, sheet: Sheet, rows: bool, start: int, count: int, inherit_before: bool = False) -> None:
    """Insert empty rows or columns at *start*; they inherit formats and validation from a neighbour."""
    change = Change(sheet, rows, count, lambda index: index + count if index >= start else index)
    model = start - 1 if inherit_before else start
    if rows:
        inherited = _inherited(sheet.rows[model].cells) if 0 <= model < len(sheet.rows) else {}
        depth = _depth([row.meta for row in sheet.rows], start, inherit_before)
        sheet.rows[start:start] = [Row(dict(inherited), {"pixelSize": ROW_PIXELS} | depth) for _ in range(count)]
    else:
        meta = dict(sheet.columns[model]) if 0 <= model < len(sheet.columns) else {"pixelSize": COLUMN_PIXELS}
        depth = _depth(sheet.columns, start, inherit_before)
        sheet.columns[start:start] = [{"pixelSize": meta["pixelSize"]} | depth for _ in range(count)]
        for row in sheet.rows:
            kept = _inherited({0: row.cells[model]}) if model in row.cells else {}
            row.cells = {change.new(column) or 0: cell for column, cell in row.cells.items()}
            row.cells |= {start + offset: cell for offset in range(count) for cell in kept.values()}
    _follow(book, change)


def _inherited(cells: dict[int, Json]) -> dict[int, Json]:
    kept = {
        column: {key: value for key, value in cell.items() if key in ("userEnteredFormat", "dataValidation")}
        for column, cell in cells.items()
    }
    return {column: cell for column, cell in kept.items() if cell}


def _depth(metas: list[Json], start: int, inherit_before: bool) -> Json:
    """How deep in groups what is inserted lies: as both neighbours, or as the one before that it takes after."""
    before, after = (metas[i].get("_depth", 0) if 0 <= i < len(metas) else 0 for i in (start - 1, start))
    depth = before if inherit_before else min(before, after)
    return {"_depth": depth} if depth else {}


def delete(book: Book, sheet: Sheet, rows: bool, start: int, end: int) -> None:
    """Rows or columns [start, end) go, with all that is in them."""

    def new(index: int) -> int | None:
        return None if start <= index < end else index - (end - start if index >= end else 0)

    if rows:
        del sheet.rows[start:end]
    else:
        del sheet.columns[start:end]
        for row in sheet.rows:
            row.cells = {at: cell for column, cell in row.cells.items() if (at := new(column)) is not None}
    _follow(book, Change(sheet, rows, start - end, new))


def move(book: Book, sheet: Sheet, rows: bool, start: int, end: int, destination: int) -> None:
    """[start, end) goes before what is now at *destination*."""
    size = len(sheet.rows) if rows else len(sheet.columns)
    order = [index for index in range(size) if not start <= index < end]
    at = destination if destination <= start else destination - (end - start)
    order[at:at] = range(start, end)
    position = {old: new for new, old in enumerate(order)}
    if rows:
        sheet.rows = [sheet.rows[index] for index in order]
    else:
        sheet.columns = [sheet.columns[index] for index in order]
        for row in sheet.rows:
            row.cells = {position[column]: cell for column, cell in row.cells.items()}
    _follow(book, Change(sheet, rows, 0, lambda index: position.get(index, index)))


def _follow(book: Book, change: Change) -> None:
    """Let everything that points at rows or columns of the sheet follow the change."""
    sheet = change.sheet
    _follow_rules(sheet, change)
    for kept in (sheet.protected, sheet.tables):
        moved: list[Json] = []
        for item in kept:
            ranges = follow_range(item["range"], change) if "range" in item else [{}]
            moved += [item | {"range": ranges[0]} if ranges[0] else item] if ranges else []
        kept[:] = moved
    sheet.merges = [new for merge in sheet.merges for new in follow_range(merge, change)]
    if sheet.filter is not None:
        ranges = follow_range(sheet.filter.get("range", {}), change)
        sheet.filter = sheet.filter | {"range": ranges[0]} if ranges else None
    _follow_groups(sheet, change)
    _follow_charts(book, change)
    for one in book.sheets:
        for row, column, cell in list(one):
            formula = cell.get("userEnteredValue", {}).get("formulaValue")
            if formula is None:
                continue
            new = follow_formula(formula, change, own=one is sheet)
            if new != formula:
                one[row, column] = cell | {"userEnteredValue": {"formulaValue": new}}


def _follow_groups(sheet: Sheet, change: Change) -> None:
    """Frozen rows and columns stay as many, unless some of them were deleted."""
    key = "frozenRowCount" if change.rows else "frozenColumnCount"
    grid = sheet.properties["gridProperties"]
    if key in grid and change.count < 0:
        left = sum(change.new(index) is not None for index in range(grid[key]))
        grid.pop(key)
        if left:
            grid[key] = left


def _follow_charts(book: Book, change: Change) -> None:
    """Charts read on from where their cells went; a series whose cells are gone goes, the chart stays (seen live)."""
    for sheet in book.sheets:
        for chart in sheet.charts:
            chart["spec"] = _followed(chart["spec"], change)
            cell = chart["position"]["overlayPosition"]["anchorCell"]
            key = "rowIndex" if change.rows else "columnIndex"
            if sheet is change.sheet:
                index = cell.get(key, 0)
                kept = (new for i in range(index, -1, -1) if (new := change.new(i)) is not None)
                overlay = chart["position"]["overlayPosition"] | {"anchorCell": cell | {key: next(kept, 0)}}
                chart["position"] = {"overlayPosition": overlay}


def _followed(spec: Json, change: Change) -> Json:
    """A ChartSpec with its source ranges after the change."""
    basic = spec.get("basicChart")
    if basic is None:
        return spec
    kept: Json = {}
    for part, name in (("domains", "domain"), ("series", "series")):
        for item in basic.get(part, []):
            old = item[name]["sourceRange"]["sources"]
            new = [grid for one in old for grid in follow_range(one, change)[:1]]
            if new:
                kept.setdefault(part, []).append(item | {name: {"sourceRange": {"sources": new}}})
    others = {key: value for key, value in basic.items() if key not in ("domains", "series")}
    return spec | {"basicChart": others | kept}


def _follow_rules(sheet: Sheet, change: Change) -> None:
    kept: list[Json] = []
    for rule in sheet.rules:
        ranges = _joined([new for old in rule["ranges"] for new in follow_range(old, change)], change)
        if not ranges:
            continue
        condition = rule.get("booleanRule", {}).get("condition", {})
        values = condition.get("values", [])
        anchor = rule["ranges"][0].get("startRowIndex", 0), ranges[0].get("startRowIndex", 0)
        moved = [
            value | {"userEnteredValue": follow_formula(value["userEnteredValue"], change, True, anchor)}
            if value.get("userEnteredValue", "").startswith("=")
            else value
            for value in values
        ]
        rule = rule | {"ranges": ranges}
        if values:
            rule["booleanRule"] = rule["booleanRule"] | {"condition": condition | {"values": moved}}
        kept.append(rule)
    sheet.rules[:] = kept


def follow_range(grid: Json, change: Change) -> list[Json]:
    """Where a GridRange is after the change: several pieces when a move tore it, none when it was deleted."""
    if grid.get("sheetId", 0) != change.sheet.sheet_id:
        return [grid]
    low, high = change.keys
    if low not in grid and high not in grid:
        return [grid]
    size = (len(change.sheet.rows) if change.rows else len(change.sheet.columns)) - change.count
    start, end = grid.get(low, 0), grid.get(high, size)
    found = sorted(new for index in range(start, end) if (new := change.new(index)) is not None)
    if not found:
        return []
    if change.count > 0:  # rows inserted inside the range belong to it
        found = list(range(found[0], found[-1] + 1))
    pieces: list[list[int]] = []
    for index in found:
        if pieces and pieces[-1][1] == index:
            pieces[-1][1] = index + 1
        else:
            pieces.append([index, index + 1])
    result = [grid | {low: first, high: last} for first, last in pieces]
    if high not in grid and result[-1][high] == size + change.count:
        result[-1].pop(high)
    if low not in grid and result[0][low] == 0:
        result[0].pop(low)
    return result


def _joined(ranges: list[Json], change: Change) -> list[Json]:
    """Join ranges that touch each other along the changed dimension."""
    low, high = change.keys
    result: list[Json] = []
    for grid in sorted(ranges, key=lambda one: one.get(low, 0)):
        last = result[-1] if result else {}
        same = all(grid.get(key) == last.get(key) for key in (grid.keys() | last.keys()) - {low, high})
        if result and same and last.get(high) == grid.get(low, -1):
            result[-1] = {key: value for key, value in last.items() if key != high}
            result[-1] |= {high: grid[high]} if high in grid else {}
        else:
            result.append(grid)
    return result


def follow_formula(formula: str, change: Change, own: bool, anchor: tuple[int, int] | None = None) -> str:
    """Let references follow what they point at; a deleted one is ``#REF!``.

    *own*: the formula lives on the changed sheet. *anchor*: old and new first row of a conditional format,
    whose relative rows keep their distance from it.
    """

    def replace(match: re.Match[str]) -> str:
        if match["c"] is None:
            return match[0]
        title = match["sheet"]
        if not (own if title is None else title[:-1].strip("'").casefold() == change.sheet.title.casefold()):
            return match[0]
        row, column = int(match["r"]) - 1, a1.number(match["c"])
        if anchor is not None and not match["dr"] and change.rows:
            new: int | None = row - anchor[0] + anchor[1]
        else:
            new = change.new(row if change.rows else column)
        if new is None:
            return "#REF!"
        row, column = (new, column) if change.rows else (row, new)
        return f"{title or ''}{match['dc']}{a1.letters(column)}{match['dr']}{row + 1}"

    return REFERENCE.sub(replace, formula)


def reorder_rows(sheet: Sheet, area: a1.Area, order: list[int]) -> None:
    """Put the cells of the area's rows in a new order; relative references to the own row move along.

    Row metadata (hidden, height) stays in place: a sort moves cells, not rows.
    """
    columns = range(area.left, area.right)
    taken = [{c: sheet.rows[row].cells[c] for c in columns if c in sheet.rows[row].cells} for row in order]
    for target, (origin, cells) in enumerate(zip(order, taken, strict=True), area.top):
        for column in columns:
            sheet[target, column] = _moved_row(cells[column], origin, target) if column in cells else None


def _moved_row(cell: Json, origin: int, target: int) -> Json:
    formula = cell.get("userEnteredValue", {}).get("formulaValue")
    if formula is None or origin == target:
        return cell

    def replace(match: re.Match[str]) -> str:
        if match["c"] is None or match["dr"] or match["sheet"] or int(match["r"]) != origin + 1:
            return match[0]
        return f"{match['dc']}{match['c']}{target + 1}"

    return cell | {"userEnteredValue": {"formulaValue": REFERENCE.sub(replace, formula)}}
