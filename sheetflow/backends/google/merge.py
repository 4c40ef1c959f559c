"""What happened to a sheet while we wrote to it: rows and columns matched between the read and the answer.

The API has no compare-and-set, so a write lands on whatever is at its coordinates by then. Here two states
are compared by what people entered; cells that our write covered are given back the content that stood there,
so that the plan can be made again from the truth (spec, section 8).
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

from sheetflow.backends.google.cells import as_entered

Json = dict[str, Any]
Grid = list[list[Json]]
Place = tuple[int, int]


@dataclass(frozen=True)
class Merged:
    """The state after a write, with the cells that our writes covered put back as they were before them."""

    moved: bool
    """Whether any cell of the person's, any row or any column is not where it was read."""
    rows: Grid
    covered: frozenset[Place]
    """The places where ``rows`` differs from what stands in the sheet right now."""
    header: int
    """The header row, wherever it is by now."""


def merge(
    before: Grid, sent: frozenset[object], touched: frozenset[int], after: Grid, header: int, *, certain: bool
) -> Merged:
    """Compare two states and take our own writes out of the second.

    ``before`` is the tab as the plan was made from it, so without any write of this run; ``sent`` has every value
    that this run has written so far, ``touched`` the columns it wrote to, and ``header`` is the header row of
    ``before``. A cell is covered when it holds what we sent instead of what its row held before, wherever the row
    is by now: an edit may come before the write, after it, or both. ``certain`` says that every cell holds
    what we sent: then, if nothing moved, there is nothing to take out.
    """
    width = max((len(row) for row in (*before, *after)), default=0)
    titles = [as_entered(_at(before, (header, column))) for column in range(width)]
    now = _header_row(titles, after, header)
    columns = _align_columns(before, after, titles, now, sent, touched)
    rows = _align_rows(before, after, columns, touched)
    shifted = any(old not in (None, column) for column, old in enumerate(columns))
    moved = shifted or _rows_moved(before, after, rows, touched)
    if certain and not moved:
        return Merged(False, after, frozenset(), now)
    result: Grid = [list(row) for row in after]
    covered = set()
    for row in range(max(len(before), len(after))):
        for column in range(width) if shifted else touched:
            origin = _get(rows, row), _get(columns, column)
            cell = _at(before, origin) if None not in origin else {}
            entered = as_entered(_at(after, (row, column)))
            if entered not in sent or entered == as_entered(cell):
                continue
            if _may_be_covered(origin, touched, gap=entered is None and column not in touched):
                _put(result, row, column, cell)
                covered.add((row, column))
    return Merged(moved, result, frozenset(covered), now)


def _may_be_covered(origin: tuple[int | None, int | None], touched: frozenset[int], *, gap: bool) -> bool:
    """Whether a cell that holds what we sent can have it from us: in columns of ours always.

    A person's cell only when it is known what it held before (else they may have typed the same), and an
    empty one (``gap``) only where a write of ours can have emptied it.
    """
    row, column = origin
    if column is None or column in touched:
        return True
    return row is not None and not gap


def align(before: Sequence[Hashable], after: Sequence[Hashable]) -> list[int | None]:
    """For each item of ``after`` the index of the same item in ``before``; equal ones in their order, no key: none."""
    places: defaultdict[Hashable, deque[int]] = defaultdict(deque)
    for index, key in enumerate(before):
        places[key].append(index)
    return [places[key].popleft() if key is not None and places[key] else None for key in after]


def _match_alike(
    found: list[int | None], before: Sequence[Sequence[object]], after: Sequence[Sequence[object]]
) -> list[int | None]:
    """Match what is left by content: the most alike first come, at least half of the cells being the same."""
    matched = set(found)
    left = [index for index in range(len(before)) if index not in matched and any(c is not None for c in before[index])]
    for index in [i for i, old in enumerate(found) if old is None and any(c is not None for c in after[i])]:
        scores = [(_likeness(before[old], after[index]), -abs(old - index), old) for old in left[:MOST_COMPARED]]
        best = max(scores, default=(0.0, 0, 0))
        if best[0] >= 0.5:
            found[index] = best[2]
            left.remove(best[2])
    return found


MOST_COMPARED = 200
"""How many unmatched rows are compared one with another."""


def _likeness(old: Sequence[object], new: Sequence[object]) -> float:
    """The share of the old cells that is also among the new ones."""
    filled = Counter(cell for cell in old if cell is not None)
    return (filled & Counter(new)).total() / filled.total()


def _align_columns(
    before: Grid, after: Grid, titles: Sequence[object], header: int, sent: frozenset[object], touched: frozenset[int]
) -> list[int | None]:
    """Match columns by title, then by content; those that we wrote to may hide what is missing, in its order."""
    width = len(titles)
    now = [as_entered(_at(after, (header, column))) for column in range(width)]
    headed = {column for column, title in enumerate(now) if title is not None and title in sent}
    now = [None if column in headed else title for column, title in enumerate(now)]
    if now == list(titles):
        return list(range(width))
    old_cells, new_cells = _transposed(before, width), _transposed(after, width)
    visible = [() if column in headed else cells for column, cells in enumerate(new_cells)]
    found = _match_alike(align(titles, now), old_cells, visible)
    lost = deque(c for c in range(width) if c not in set(found) and any(cell is not None for cell in old_cells[c]))
    for column in sorted(headed | touched):
        if lost and column < width and found[column] is None:
            found[column] = lost.popleft()
    return found


def _transposed(grid: Grid, width: int) -> list[tuple[object, ...]]:
    return [tuple(as_entered(_at_row(row, column)) for row in grid) for column in range(width)]


def _header_row(titles: Sequence[object], after: Grid, header: int) -> int:
    """The row of ``after`` that has most of the header's cells; rows may have been inserted above it."""
    wanted = {title for title in titles if title is not None}

    def found(row: int) -> tuple[int, int]:
        here = {as_entered(cell) for cell in after[row]}
        return len(wanted & here), -abs(row - header)

    return max(range(min(len(after), header + 200)), key=found, default=header)


def _align_rows(before: Grid, after: Grid, columns: Sequence[int | None], ours: frozenset[int]) -> list[int | None]:
    """Match rows by their cells in the columns that we did not write to."""
    pairs = [(new, old) for new, old in enumerate(columns) if old is not None and new not in ours]
    old_keys = [tuple(as_entered(_at_row(row, old)) for _, old in pairs) for row in before]
    new_keys = [tuple(as_entered(_at_row(row, new)) for new, _ in pairs) for row in after]
    if old_keys == new_keys:
        return list(range(len(after)))
    return _match_alike(align(old_keys, new_keys), old_keys, new_keys)


def _rows_moved(before: Grid, after: Grid, rows: Sequence[int | None], ours: frozenset[int]) -> bool:
    """Whether any row moved, came, went, or was edited by somebody outside of what we wrote."""
    if list(rows) != list(range(len(rows))) or len(before) > len(after):
        return True
    width = max((len(row) for row in (*before, *after)), default=0)
    others = [column for column in range(width) if column not in ours]
    return any(
        as_entered(_at_row(old, column)) != as_entered(_at_row(new, column))
        for old, new in zip(before, after, strict=False)
        for column in others
    )


def _get(places: Sequence[int | None], index: int) -> int | None:
    return places[index] if index < len(places) else None


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
