"""What happened to a sheet while we wrote to it: rows and columns matched between the read and the answer.

The API has no compare-and-set, so a write lands on whatever is at its coordinates by then. Here two states
are compared by what people entered; cells that our write covered are given back the content that stood there,
so that the plan can be made again from the truth (spec, section 8).
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sheetflow.backends.google_cells import as_entered

Json = dict[str, Any]
Grid = list[list[Json]]
Place = tuple[int, int]


@dataclass(frozen=True)
class Merged:
    """The state after a write, with the cells that the write covered put back as they were before it."""

    moved: bool
    """Whether any cell of the person's, any row or any column is not where it was read."""
    rows: Grid
    covered: frozenset[Place]
    """The places where ``rows`` differs from what stands in the sheet right now."""


def merge(before: Grid, written: Mapping[Place, Json], after: Grid, header: int) -> Merged:
    """Compare two states and take our own write out of the second.

    ``written`` holds the cells we sent, by place, as they were sent; ``header`` is the header row of
    ``before``. A cell counts as covered while it still holds what we sent.
    """
    covered = {place for place, cell in written.items() if _holds(_at(after, place), cell)}
    width = max((len(row) for row in (*before, *after)), default=0)
    columns = _align_columns(before, after, header, covered, width)
    rows = _align_rows(before, after, columns, {column for _, column in written})
    moved = columns != _identity(columns) or _rows_moved(before, after, rows, columns, written)
    result: Grid = [list(row) for row in after]
    changed = set()
    for row, column in covered:
        source = (rows[row] if row < len(rows) else None, columns[column] if column < len(columns) else None)
        old = _at(before, source) if None not in source else {}  # type: ignore[arg-type] # None is ruled out here
        if old != _at(after, (row, column)):
            _put(result, row, column, old)
            changed.add((row, column))
    return Merged(moved, result, frozenset(changed))


def align(before: Sequence[Hashable], after: Sequence[Hashable]) -> list[int | None]:
    """For each item of ``after`` the index of the same item in ``before``; equal items in their order."""
    places: defaultdict[Hashable, deque[int]] = defaultdict(deque)
    for index, key in enumerate(before):
        places[key].append(index)
    result: list[int | None] = []
    for index, key in enumerate(after):
        same = places[key]
        if index in same and index < len(before) and before[index] == key and (len(same) > 1):
            result.append(same.popleft())
        else:
            result.append(same.popleft() if same else None)
    return result


def _fill_gaps(found: list[int | None], count: int) -> list[int | None]:
    """Match what is left between matched neighbours: an item that was changed where it is."""
    free = set(range(count)) - {index for index in found if index is not None}
    for step in (1, -1):
        previous = -1 if step == 1 else count
        for index in range(len(found))[::step]:
            if found[index] is None and previous is not None and previous + step in free:
                found[index] = previous + step
                free.discard(previous + step)
            previous = found[index] if found[index] is not None else None  # type: ignore[assignment]
    return found


def _align_columns(
    before: Grid, after: Grid, header: int, covered: set[Place], width: int
) -> list[int | None]:
    titles = [as_entered(_at(before, (header, column))) for column in range(width)]
    row = _header_row(titles, after, header)
    now = [
        ("covered", column) if (row, column) in covered else as_entered(_at(after, (row, column)))
        for column in range(width)
    ]
    return _fill_gaps(align(titles, now), width)


def _header_row(titles: Sequence[object], after: Grid, header: int) -> int:
    """The row of ``after`` that has most of the header's cells; rows may have been inserted above it."""
    wanted = {title for title in titles if title is not None}

    def found(row: int) -> tuple[int, int]:
        here = {as_entered(cell) for cell in after[row]}
        return len(wanted & here), -abs(row - header)

    return max(range(min(len(after), header + 200)), key=found, default=header)


def _align_rows(before: Grid, after: Grid, columns: Sequence[int | None], written: set[int]) -> list[int | None]:
    """Match rows by their cells in the columns that we did not write to."""
    pairs = [(new, old) for new, old in enumerate(columns) if old is not None and new not in written]
    old_keys = [tuple(as_entered(_at_row(row, old)) for _, old in pairs) for row in before]
    new_keys = [tuple(as_entered(_at_row(row, new)) for new, _ in pairs) for row in after]
    if old_keys == new_keys:
        return list(range(len(after)))
    found = align(old_keys, new_keys)
    exact = {index for index, old in enumerate(found) if old is not None}
    filled = _fill_gaps(found, len(before))
    return [
        old if old is None or index in exact or _alike(old_keys[old], new_keys[index]) else None
        for index, old in enumerate(filled)
    ]


def _alike(old: Sequence[object], new: Sequence[object]) -> bool:
    """Whether a row is still the same one after an edit: at least half of its cells are."""
    filled = [(a, b) for a, b in zip(old, new, strict=True) if a is not None]
    return 2 * sum(a == b for a, b in filled) >= len(filled) > 0


def _rows_moved(
    before: Grid, after: Grid, rows: Sequence[int | None], columns: Sequence[int | None], written: Mapping[Place, Json]
) -> bool:
    """Whether any row moved, came, went, or was edited by somebody outside of what we wrote."""
    if list(rows) != list(range(len(rows))):
        return True
    ours = {column for _, column in written}
    others = [column for column in range(len(columns)) if column not in ours]
    for row in range(max(len(before), len(after))):
        old, new = (_row(grid, row) for grid in (before, after))
        if old is not new and any(as_entered(_at_row(old, c)) != as_entered(_at_row(new, c)) for c in others):
            return True
    return False


def _identity(columns: Sequence[int | None]) -> list[int | None]:
    return list(range(len(columns)))


def _holds(cell: Json, sent: Json) -> bool:
    """Whether a cell holds the value that we sent."""
    return as_entered(cell) == as_entered(sent)


def _row(grid: Grid, row: int) -> list[Json]:
    return grid[row] if row < len(grid) else []


def _at_row(row: Sequence[Json], column: int) -> Json:
    return row[column] if column < len(row) else {}


def _at(grid: Grid, place: Any) -> Json:
    return _at_row(_row(grid, place[0]), place[1])


def _put(grid: Grid, row: int, column: int, cell: Json) -> None:
    while len(grid) <= row:
        grid.append([])
    grid[row] += [{} for _ in range(column + 1 - len(grid[row]))]
    grid[row][column] = cell
