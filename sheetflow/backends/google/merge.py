"""What happened to a tab while we wrote to it, and how it would stand without what we wrote.

The API has no compare-and-set, so a write lands on whatever is at its coordinates by then. Where it landed is
known and not guessed: every write marks the columns that it addresses with developer metadata, which Google
moves along with a column, and the columns of ours carry some that says which they are. A sort moves cells and
no metadata, so rows are matched by what people entered (the rules, section 8).
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Container, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sheetflow.backends.google.cells import NOTE, VALUE, Written, as_entered, note_of

Json = dict[str, Any]
Grid = list[list[Json]]
Place = tuple[int, int]
MOST_COMPARED = 200
"""How many unmatched rows are compared one with another."""


@dataclass(frozen=True)
class State:
    """A tab as the next plan is made from it, and as it stands.

    ``rows`` is what people entered and what stood in columns of ours before this run; where a write of this run
    went over that, the place is among ``covered``, and ``actual`` has what stands there.
    """

    rows: Grid
    actual: Grid
    ours: Mapping[int, str]
    """Column -> the key of the column of ours that its metadata says it is."""
    covered: frozenset[Place] = frozenset()


@dataclass(frozen=True)
class Sent:
    """What one write sends: cells by the place they are meant for, and the columns that it inserts."""

    cells: Mapping[Place, Written]
    added: Mapping[int, str] = field(default_factory=dict)
    """Column -> key; they stand side by side."""
    texts: Mapping[int, set[object]] = field(init=False)
    """Column -> what it sends there, as entered."""
    notes: Mapping[int, set[str]] = field(init=False)

    def __post_init__(self) -> None:
        texts: defaultdict[int, set[object]] = defaultdict(set)
        notes: defaultdict[int, set[str]] = defaultdict(set)
        for (_, column), cell in self.cells.items():
            if VALUE in cell.fields:
                texts[column].add(as_entered(cell.json))
            if NOTE in cell.fields:
                notes[column].add(note_of(cell.json))
        object.__setattr__(self, "texts", dict(texts))
        object.__setattr__(self, "notes", dict(notes))

    def shifted(self, column: int) -> int:
        """Where a column is once those are inserted."""
        return column + len(self.added) if self.added and column >= min(self.added) else column

    @property
    def columns(self) -> list[int]:
        """The columns that it addresses, from the left."""
        return sorted({column for _, column in self.cells})

    def arrived(self, rows: Grid) -> bool:
        """Whether every cell stands where it was meant to."""
        return all(
            (VALUE not in cell.fields or as_entered(cell_at(rows, place)) == as_entered(cell.json))
            and (NOTE not in cell.fields or note_of(cell_at(rows, place)) == note_of(cell.json))
            for place, cell in self.cells.items()
        )


class Merged(NamedTuple):
    """The state after a write without that write, and whether anybody changed anything meanwhile."""

    state: State
    moved: bool
    columns: Sequence[int | None]
    """For each column where it was in the write's coordinates; ``None``: nowhere."""


def merge(before: State, sent: Sent, after: State, landed: Mapping[int, int], header: int) -> Merged:
    """Take a write out of the state after it.

    ``after`` is the state as answered; ``landed`` has for each of its columns that bears a mark of this write the
    column that was addressed; ``header`` is the header row of ``before``. A cell is taken back to what its row and
    column held before when it holds what was sent to its column, wherever row and column are by now: people may
    have edited before the write, after it, or both.
    """
    before = _with_added(before, sent, header)
    known, stood = before.rows, before.actual
    columns = _align_columns(stood, before.ours, after, sent, landed, header)
    rows, copies, edited = _align_rows(stood, after.actual, columns, sent, landed)
    strayed = any(columns[now] != meant for now, meant in landed.items()) or set(sent.columns) != set(landed.values())
    moved = edited or strayed or columns != list(range(len(columns)))
    if not moved and sent.cells and sent.arrived(after.actual):
        return Merged(after, False, columns)
    result: Grid = [list(row) for row in after.actual]
    covered = set()
    for place, origin in _suspects(before, after, landed, rows, columns):
        if origin[0] < 0 and place[0] in copies and place[1] not in after.ours:
            origin = (copies[place[0]], origin[1])  # a row that somebody copied, with our text in it
        now, cell, meant = cell_at(after.actual, place), cell_at(known, origin), landed.get(place[1])
        if not _same(now, cell) and (
            (origin in before.covered and _same(now, cell_at(before.actual, origin)))
            or (meant in sent.added and meant == origin[1] and as_entered(now) is None)
            or (meant is not None and _is_sent(now, cell, sent, meant))
        ):
            _put(result, place, cell)
            covered.add(place)
    return Merged(State(result, after.actual, after.ours, frozenset(covered)), moved, columns)


def _suspects(
    before: State,
    after: State,
    landed: Mapping[int, int],
    rows: Sequence[int | None],
    columns: Sequence[int | None],
) -> Iterator[tuple[Place, Place]]:
    """The places that a write of this run can have covered, each with where it was; -1 for what was nowhere."""
    dirty = {column for _, column in before.covered}
    for column, was in enumerate(columns):
        if column in landed or was in dirty:
            for row in range(len(after.actual)):
                origin = rows[row] if row < len(rows) else None
                yield (row, column), (-1 if origin is None else origin, -1 if was is None else was)


def _is_sent(now: Json, cell: Json, sent: Sent, column: int) -> bool:
    """Whether a cell holds, instead of ``cell``, what was sent to a column: as its value, or as its note."""
    value, note = as_entered(now), note_of(now)
    return (value != as_entered(cell) and value in sent.texts.get(column, ())) or (
        note != note_of(cell) and note in sent.notes.get(column, ())
    )


def _same(one: Json, other: Json) -> bool:
    return as_entered(one) == as_entered(other) and note_of(one) == note_of(other)


def _with_added(before: State, sent: Sent, header: int) -> State:
    """The state before a write, in the coordinates of the write: with the columns that it inserts, and headers."""
    if not sent.added:
        return before
    first, grids = min(sent.added), []
    for grid in (before.rows, before.actual):
        wide = [[*row[:first], *([{}] * len(sent.added) if row[first:] else []), *row[first:]] for row in grid]
        for column in sent.added:
            _put(wide, (header, column), sent.cells[header, column].json)
        grids.append(wide)
    ours = {sent.shifted(column): key for column, key in before.ours.items()}
    return State(grids[0], grids[1], ours, frozenset((row, sent.shifted(column)) for row, column in before.covered))


def align(before: Sequence[Hashable], after: Sequence[Hashable], found: Sequence[int | None] = ()) -> list[int | None]:
    """For each item of ``after`` the index of the same item in ``before``; equal ones in their order, no key: none.

    ``found`` is what is known of them already.
    """
    found = found or [None] * len(after)
    taken = set(found)
    places: defaultdict[Hashable, deque[int]] = defaultdict(deque)
    for index, key in enumerate(before):
        if key is not None and index not in taken:
            places[key].append(index)
    return [
        places[key].popleft() if was is None and places[key] else was for was, key in zip(found, after, strict=True)
    ]


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


def _likeness(old: Sequence[object], new: Sequence[object]) -> float:
    """The share of the old cells that is also among the new ones."""
    filled = Counter(cell for cell in old if cell is not None)
    return (filled & Counter(new)).total() / filled.total()


def _align_rows(
    stood: Grid, after: Grid, columns: Sequence[int | None], sent: Sent, landed: Mapping[int, int]
) -> tuple[list[int | None], dict[int, int], bool]:
    """For each row of the answer where it was, by its cells where nothing was sent; and whether any of them differs.

    Between the two: new rows that are copies of one that was there, and of which.
    """
    pairs = [(now, was) for now, was in enumerate(columns) if was is not None and now not in landed]
    old = [tuple([as_entered(_at(row, was)) for _, was in pairs]) for row in stood]
    new = [tuple([as_entered(_at(row, now)) for now, _ in pairs]) for row in after]
    for keys in (old, new):
        while keys and not any(cell is not None for cell in keys[-1]):
            keys.pop()
    if old == new:
        return list(range(len(after))), {}, False
    # rows alike are told by what else stands in them and was not sent, as a draft in somebody's own words
    rest = [
        (now, was, sent.texts.get(landed[now], ()))
        for now, was in enumerate(columns)
        if was is not None and now in landed
    ]
    whole_old = [
        (*key, *(_unsent(_at(row, was), texts) for _, was, texts in rest)) for key, row in zip(old, stood, strict=False)
    ]
    whole_new = [
        (*key, *(_unsent(_at(row, now), texts) for now, _, texts in rest)) for key, row in zip(new, after, strict=False)
    ]
    found = _match_alike(align(old, new, align(whole_old, whole_new)), old, new)
    return found, dict(_copies(found, old, new)), True


def _copies(
    found: Sequence[int | None], before: Sequence[Sequence[object]], after: Sequence[Sequence[object]]
) -> Iterator[tuple[int, int]]:
    """New rows that say nothing but what one beside them said before: (which, of which)."""
    for index in [index for index, old in enumerate(found[: len(after)]) if old is None][:MOST_COMPARED]:
        filled = [(n, cell) for n, cell in enumerate(after[index]) if cell is not None]
        alike = [old for old, row in enumerate(before) if all(row[n] == cell for n, cell in filled)]
        if len(filled) > 1 and alike:
            yield index, min(alike, key=lambda old: abs(old - index))


def _align_columns(
    stood: Grid, ours: Mapping[int, str], after: State, sent: Sent, landed: Mapping[int, int], header: int
) -> list[int | None]:
    """For each column of the answer where it was: ours by metadata, the person's by title, then by content."""
    width = max((len(row) for row in (*stood, *after.actual)), default=0)
    width = max([width, *(column + 1 for column in (*after.ours, *landed))])
    stale: list[object] = [as_entered(cell_at(stood, (header, column))) for column in range(width)]
    row = _header_row(stale, after.actual, header)
    new: list[object] = [as_entered(cell_at(after.actual, (row, column))) for column in range(width)]
    places = {key: column for column, key in ours.items()}
    sure = {now: places[key] for now, key in after.ours.items() if key in places}
    sure |= {now: meant for now, meant in landed.items() if meant in sent.added}
    for now, was in sure.items():
        new[now] = stale[was] = was  # no title is a bare number
    titles = [
        as_entered(sent.cells[header, c].json) if (header, c) in sent.cells and c not in sure.values() else title
        for c, title in enumerate(stale)
    ]
    for now, meant in landed.items():  # a value of ours that landed on a header is no title
        if now not in sure and new[now] in sent.texts.get(meant, ()) and new[now] != titles[meant]:
            new[now] = None
    if new == titles:
        return list(range(width))
    cells = [[as_entered(_at(row, column)) for row in stood] for column in range(width)]
    left = [
        [_unsent(_at(row, column), sent.texts.get(landed.get(column, -1), ())) for row in after.actual]
        for column in range(width)
    ]
    found = align(_with_cells(titles, cells), _with_cells(new, left))  # two of one title are told by what is in them
    found = align(stale, new, align(titles, new, found))
    return _match_beside(_match_alike(found, cells, left), cells, landed)


def _with_cells(titles: Sequence[object], columns: Sequence[Sequence[object]]) -> list[Hashable]:
    """Each title with what stands below it, in whatever order; ``None`` where there is no title."""
    pairs = zip(titles, columns, strict=True)
    return [None if title is None else (title, frozenset(Counter(cells).items())) for title, cells in pairs]


def _match_beside(
    found: list[int | None], before: Sequence[Sequence[object]], landed: Mapping[int, int]
) -> list[int | None]:
    """Match columns of which a write left too little to tell: each stands beside the one that it stood beside."""
    for old in range(len(before)):
        if old in found or not any(cell is not None for cell in before[old]):
            continue
        for neighbour, step in ((old - 1, 1), (old + 1, -1)):
            place = found.index(neighbour) + step if neighbour in found else -1
            if place in landed and found[place] is None:
                found[place] = old
                break
    return found


def _unsent(cell: Json, texts: Container[object]) -> object:
    """What was entered in a cell, unless it is among what was sent to its column."""
    entered = as_entered(cell)
    return None if entered in texts else entered


def _header_row(titles: Sequence[object], after: Grid, header: int) -> int:
    """The row of ``after`` that has most of the header's cells; rows may have been inserted above it."""
    wanted = {title for title in titles if title is not None}

    def found(row: int) -> tuple[int, int]:
        here = {as_entered(cell) for cell in after[row]}
        return len(wanted & here), -abs(row - header)

    return max(range(min(len(after), header + 200)), key=found, default=header)


def cell_at(rows: Grid, place: Place) -> Json:
    """One cell's JSON; empty where there is none, as at a place with -1 in it."""
    row, column = place
    return rows[row][column] if 0 <= row < len(rows) and 0 <= column < len(rows[row]) else {}


def _at(row: Sequence[Json], column: int) -> Json:
    return row[column] if column < len(row) else {}


def _put(grid: Grid, place: Place, cell: Json) -> None:
    row, column = place
    while len(grid) <= row:
        grid.append([])
    grid[row] += [{} for _ in range(column + 1 - len(grid[row]))]
    grid[row][column] = cell
