"""The tabs of ours in a Google Sheet: found by developer metadata, and drawn inside the run's one write.

A tab, its columns, and its first and last row carry metadata, which Google moves along; so what is ours is known
after any insertion or deletion, and everything beside it is the person's. Rows that only moved up or down are
copied there by Google, so that one more letter does not send all the others again.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from difflib import SequenceMatcher
from json import dumps
from typing import Any, get_args

from sheetflow.backends.google import metadata
from sheetflow.backends.google.cells import (
    RUNS,
    VALUE,
    Written,
    as_entered,
    decode,
    moment_json,
    put_back,
    update_requests,
)
from sheetflow.backends.google.look import HEAD_YOURS, TAB_LOOKS, colour
from sheetflow.backends.google.merge import Grid, Place, cell_at
from sheetflow.backends.google.requests import clear_texts
from sheetflow.backends.google.tab import Tab
from sheetflow.plan import Plan
from sheetflow.sheet import TabSeen, Value, a1, is_empty
from sheetflow.tabs import CellRef, Chart, TabCell, TabKey
from sheetflow.tabs import Tab as Wanted

Json = dict[str, Any]

KEYS: tuple[TabKey, ...] = get_args(TabKey)
TITLES: Mapping[TabKey, str] = {"to_send": "To send", "overview": "Overview"}
"""By these the right one of two tabs is told, where somebody duplicated one of ours."""
PROTECTION = "sheetflow writes this anew; notes of your own are safe beside it."
ROOM, MARGIN = 200, 8
"""Rows of a new tab, and columns beside ours."""
WORTH = 500
"""From so many bytes on, rows that moved are copied rather than sent."""
LOOK = "userEnteredFormat(backgroundColorStyle,textFormat,numberFormat)"
TEXT = "userEnteredFormat.textFormat"
FIELDS = (VALUE, LOOK, RUNS)
_BEAT = 1
"""The row of a tab that says when it was written."""
_LINES = 4
"""The first row of a tab in which a person may have typed."""


@dataclass(frozen=True)
class Area:
    """The cells of a tab that are ours: ``height`` rows from ``top`` on; each column of ours, ``None``: taken away."""

    top: int
    height: int
    columns: Mapping[int, int]

    def place(self, row: int, column: int) -> Place | None:
        """Where a cell of ours stands in the tab."""
        return (self.top + row, self.columns[column]) if column in self.columns else None

    def holds(self, place: Place) -> bool:
        """Whether a cell of the tab is one of ours."""
        return self.top <= place[0] < self.top + self.height and place[1] in self.columns.values()


@dataclass
class Mine:
    """A tab of ours as the next plan is made from it."""

    tab: Tab
    area: Area
    mended: dict[Place, Json] = field(default_factory=dict)
    """Cells of the person's to be put back as they were, and strays of ours to be emptied."""
    typed: list[list[Json]] = field(default_factory=list)
    """Lines as they were before a disturbed write, in which the person had typed something."""
    typed_column: int | None = None
    sound: bool = True
    """Whether what it says of when it was written can be believed."""

    def rows(self) -> Grid:
        """The rows of ours, as JSON."""
        width = max(self.area.columns, default=-1) + 1
        places = ((self.area.place(row, column) for column in range(width)) for row in range(self.area.height))
        return [[cell_at(self.tab.rows, place) if place else {} for place in row] for row in places]

    def seen(self) -> tuple[TabSeen, dict[int, Json]]:
        """The tab as the core sees it; and the JSON of each of its values, by the value's identity."""
        rows, raw = self.rows(), {}
        known = Counter(as_entered(line[self.typed_column or 0]) for line in self.typed)
        for row in rows:  # what was typed before stands in no line but its own
            if self.typed and _is_typed(row, self.typed_column) and known[as_entered(row[self.typed_column or 0])] > 0:
                known[as_entered(row[self.typed_column or 0])] -= 1
                row[self.typed_column or 0] = {}
        rows[_LINES:_LINES] = self.typed
        values: list[list[Value]] = [[decode(cell) for cell in row] for row in rows]
        if not self.sound and len(values) > _BEAT:
            values[_BEAT] = []
        for cells, decoded in zip(rows, values, strict=True):
            raw.update({id(value): cell for cell, value in zip(cells, decoded, strict=False)})
        return TabSeen(self.tab.title, values), raw

    def typed_lines(self, column: int | None) -> list[list[Json]]:
        """The lines in which the person typed something, as they were when it was typed."""
        known = Counter(as_entered(line[column or 0]) for line in self.typed)
        found = list(self.typed)
        for row in self.rows()[_LINES:]:
            if _is_typed(row, column):
                value = as_entered(row[column or 0])
                found += [] if known[value] else [row]
                known[value] -= known[value] > 0
        return found

    def strayed(self) -> Iterator[tuple[Place, Json]]:
        """What was typed into lines and stands in others, or nowhere: back to its line, else below ours."""
        rows, column = self.rows(), self.typed_column
        if column is None or column not in self.area.columns:
            return
        below, at = max(self.area.top + self.area.height, len(self.tab.rows)) + 1, self.area.columns[column]
        for line in self.typed:
            same = [r for r, row in enumerate(rows) if as_entered(row[column]) == as_entered(line[column])]
            if any(_is_line(rows[r], line) for r in same):
                continue
            for r in same[:1]:
                rows[r] = [*rows[r][:column], {}, *rows[r][column + 1 :]]
                yield (self.area.top + r, at), {}
            alike = (r for r, row in enumerate(rows) if _is_line(row, line) and not _is_typed(row, column))
            row = next(alike, -1)
            if row >= 0:
                rows[row] = line
            below += row < 0
            yield (self.area.top + row if row >= 0 else below, at), line[column]


@dataclass(frozen=True)
class Drawn:
    """What one write does to a tab of ours. ``before`` is ``None`` where it makes it."""

    key: TabKey
    before: Mine | None
    title: str
    requests: list[Json]
    cells: Mapping[Place, object]
    """What stands in each cell of ours once it is applied, as entered; but for those that a person types into."""
    typed: int | None = None
    beat: str = ""
    """What it says of when it was written."""


class Tabs:
    """The tabs of ours in one spreadsheet, over the attempts of one run."""

    def __init__(self) -> None:
        self.wanted = True
        """Whether there are to be any; a tab that Google refuses does not fail a run."""
        self.disturbed = False
        """Whether the last write left something to do in them."""
        self._all: list[Tab] = []
        self._mine: dict[TabKey, Mine] = {}
        self._declined: frozenset[str] = frozenset()
        self._raw: dict[int, Json] = {}
        self._seen: dict[str, TabSeen] = {}
        self._drawn: list[Drawn] = []

    def read(self, tabs: Sequence[Tab], items: Iterable[metadata.Item]) -> None:
        """Take note of the spreadsheet as it was read."""
        self._all = list(tabs)
        self._mine = {key: Mine(tab, area_of(tab)) for key in KEYS if (tab := _find(tabs, key)) is not None}
        made = {item.value for item in items if item.key == metadata.MADE}
        lost = {key for key, mine in self._mine.items() if 0 not in mine.area.columns}  # nothing left to know it by
        self._mine = {key: mine for key, mine in self._mine.items() if key not in lost}
        self._declined = frozenset(key for key in KEYS if key in lost or (key in made and key not in self._mine))

    @property
    def ids(self) -> list[int]:
        """The ids of the tabs of ours."""
        return [tab.sheet_id for tab in self._all if tab.key]

    @property
    def shape(self) -> object:
        """What a refused write may have foundered on."""
        return [(tab.sheet_id, tab.title, tab.columns, tab.row_count, tab.grouped, tab.charts) for tab in self._all]

    def seen(self) -> dict[str, TabSeen] | None:
        """The tabs that there are, for the core; ``None`` where this run leaves them alone."""
        if not self.wanted:
            return None
        both = {key: mine.seen() for key, mine in self._mine.items()}
        self._raw = {identity: cell for _, raw in both.values() for identity, cell in raw.items()}
        self._seen = {key: seen for key, (seen, _) in both.items()}  # kept, so that no identity is given twice
        return dict(self._seen)

    @property
    def declined(self) -> frozenset[str]:
        """The tabs that were made once and that the person took away."""
        return self._declined

    # --- drawing ------------------------------------------------------------------------------------------

    def draw(self, plan: Plan, tracker: Tab) -> list[Json]:
        """The requests after which the tabs hold what a plan says; only what differs."""
        self._drawn, self.disturbed = [], False
        if self.wanted:
            for number, wanted in enumerate(plan.tabs, 1):
                mine = self._mine.get(wanted.key)
                drawn = self._update(mine, wanted, plan, tracker) if mine else self._make(wanted, plan, tracker, number)
                self._drawn.append(drawn)
        return [request for drawn in self._drawn for request in drawn.requests]

    @property
    def drawn(self) -> bool:
        """Whether the last write had any of them in it."""
        return any(drawn.requests for drawn in self._drawn)

    @property
    def titles(self) -> list[str] | None:
        """The tabs to ask for after the write; ``None``: all, since one is new."""
        return [d.title for d in self._drawn] if all(d.before for d in self._drawn) else None

    def _make(self, wanted: Wanted, plan: Plan, tracker: Tab, number: int) -> Drawn:
        sheet_id = _free_id(wanted.key, {tab.sheet_id for tab in self._all})
        title = _free_title(wanted.title, {tab.title.casefold() for tab in self._all})
        width, height = len(wanted.widths), len(wanted.rows)
        grid: Json = {"rowCount": max(ROOM, height + 20), "columnCount": width + MARGIN, "hideGridlines": True}
        if wanted.frozen_rows:
            grid["frozenRowCount"] = wanted.frozen_rows
        where = {"sheetId": sheet_id, "title": title, "index": tracker.index + number, "gridProperties": grid}
        cells = {
            (r, c): _written(cell, plan, tracker)
            for r, row in enumerate(wanted.rows)
            for c, cell in enumerate(row)
            if cell != TabCell()
        }
        requests: list[Json] = [
            {"addSheet": {"properties": where}},
            *(_width(sheet_id, column, pixels) for column, pixels in enumerate(wanted.widths)),
            metadata.create({"sheetId": sheet_id}, metadata.KEY, wanted.key),
            *(metadata.create(metadata.on_column(sheet_id, c), metadata.PART, str(c)) for c in range(width)),
            metadata.create(metadata.on_row(sheet_id, 0), metadata.PART, "first"),
            metadata.create(metadata.on_row(sheet_id, height - 1), metadata.PART, "last"),
            metadata.create({"spreadsheet": True}, metadata.MADE, wanted.key),
            *_protect(sheet_id, wanted),
            *(request for _, request in update_requests(cells, sheet_id)),
        ]
        if wanted.chart:
            taken_ids = {chart for tab in self._all for chart in tab.charts}
            requests.append(_chart(wanted.chart, sheet_id, _free_id(wanted.key, taken_ids), width))
        return Drawn(wanted.key, None, title, requests, {}, wanted.typed, _beat(wanted))

    def _update(self, mine: Mine, wanted: Wanted, plan: Plan, tracker: Tab) -> Drawn:
        sheet_id, area, grid = mine.tab.sheet_id, mine.area, [list(row) for row in mine.tab.rows]
        cells = {mended: put_back(cell, cell_at(grid, mended)) for mended, cell in mine.mended.items()}
        for mended, cell in mine.mended.items():
            _put(grid, mended, cell)
        rows = _fitting(wanted.rows, grid, area)
        width, height = len(wanted.widths), max(len(rows), area.height)
        blank = Written({}, FIELDS)
        target = [
            [
                blank
                if c >= len(row) or row[c] == TabCell()
                else (self._typed(row[c]) if c == wanted.typed else None) or _written(row[c], plan, tracker)
                for c in range(width)
            ]
            for r, row in enumerate((*rows, *((),) * (height - len(rows))))
        ]
        copies = list(_copies(grid, target, area))
        for copy in copies:
            _copy(grid, area, *copy)
        cells |= dict(_differing(grid, rows, target, area))
        expected = {
            place: as_entered(row[c].json)
            for r, row in enumerate(target)
            for c in range(width)
            if c != wanted.typed and (place := area.place(r, c)) is not None
        }
        requests = list(_room(mine.tab, area.top + height))
        requests += [_copy_request(sheet_id, area, c, *copy) for copy in copies for c in _side_by_side(area.columns)]
        requests += [request for _, request in update_requests(cells, sheet_id)]
        requests += _ends(mine.tab, area, len(rows))
        return Drawn(wanted.key, mine, mine.tab.title, requests, expected, wanted.typed, _beat(wanted))

    def _typed(self, cell: TabCell) -> Written | None:
        """What a person typed, as it was: it goes where its line goes. ``None`` for what is ours."""
        raw = self._raw.get(id(cell.value)) if cell.link is None else None
        if raw is None or is_empty(cell.value):
            return None
        kept = put_back(raw, {})
        return Written(kept.json, (*kept.fields, TEXT))  # and without the link that may have stood there

    # --- after the write ----------------------------------------------------------------------------------

    def after(self, tabs: Sequence[Tab], items: Iterable[metadata.Item], *, whole: bool) -> None:
        """Take note of the state after a write; ``tabs`` are those asked for, with ``whole`` all of them."""
        others = [] if whole else [tab for tab in self._all if tab.sheet_id not in {one.sheet_id for one in tabs}]
        before = self._mine
        self.read([*tabs, *others], items)
        for drawn in self._drawn:
            mine = self._mine.get(drawn.key)
            if mine is None or drawn.before is None:
                continue
            old = before.get(drawn.key, drawn.before)
            same_place = (mine.area.top, mine.area.columns) == (old.area.top, old.area.columns)
            if same_place and all(as_entered(cell_at(mine.tab.rows, p)) == value for p, value in drawn.cells.items()):
                continue
            self.disturbed, mine.sound = True, False
            was = old.tab.rows
            applied = [p for p, v in drawn.cells.items() if v != as_entered(cell_at(was, p))]
            if any(as_entered(cell_at(mine.tab.rows, p)) == drawn.cells[p] for p in applied):
                _salvage(old, drawn, mine)
            else:  # it is as it was before, and so is what there was to do
                mine.mended, mine.typed, mine.typed_column = old.mended, old.typed, old.typed_column

    def distrust(self) -> None:
        """Have the tabs of the last write drawn again, whatever they say: the rows that they name have moved."""
        for drawn in self._drawn:
            if drawn.key in self._mine:
                self._mine[drawn.key].sound = False

    def take_back(self) -> list[Json]:
        """Requests that put back what is the person's and take the day away, so that the next run draws anew."""
        requests: list[Json] = []
        for drawn in self._drawn:
            mine = self._mine.get(drawn.key)
            if mine is None:
                continue
            mended = mine.mended | dict(mine.strayed())
            cells = {place: put_back(cell, cell_at(mine.tab.rows, place)) for place, cell in mended.items()}
            requests += [request for _, request in update_requests(cells, mine.tab.sheet_id)]
            requests += clear_texts([("stringValue", drawn.beat)], mine.tab.sheet_id)
        return requests


def area_of(tab: Tab) -> Area:
    """The cells of a tab that are ours, by the metadata of its columns and rows.

    If its last row was deleted, ours end before the first two empty ones.
    """
    columns: dict[int, int] = {}
    for item in reversed(tab.items):
        if item.key == metadata.PART and item.value.isdecimal():
            columns[int(item.value)] = item.place
    rows = {item.value: item.place for item in tab.row_items if item.key == metadata.PART}
    top = rows.get("first", 0)
    last = rows.get("last", -1)
    if last < top:
        filled = [any(_filled(cell_at(tab.rows, (r, c))) for c in columns.values()) for r in range(len(tab.rows))]
        filled += [False, False]
        last = next(r for r in range(top, len(filled) + top) if not any(filled[r : r + 2])) - 1
    return Area(top, last - top + 1, columns)


def _find(tabs: Sequence[Tab], key: TabKey) -> Tab | None:
    """The tab of a key; of two, one is a copy: that with our title counts, else the left one."""
    found = [tab for tab in tabs if tab.key == key]
    return min(found, key=lambda tab: (tab.title != TITLES[key], tab.index), default=None)


def _free_id(key: str, taken: Iterable[object]) -> int:
    """An id that is the same in every spreadsheet, unless it is taken: a write sent twice cannot make two."""
    wanted, taken = int.from_bytes(hashlib.blake2b(key.encode(), digest_size=4).digest()) % 2**31, set(taken)
    while wanted in taken or not wanted:
        wanted = (wanted + 1) % 2**31
    return wanted


def _free_title(wanted: str, taken: set[str]) -> str:
    """A title for a tab of ours: a person's own tab of that name keeps it."""
    numbers = ["", *(f" {number}" for number in range(2, len(taken) + 3))]
    titles = [wanted, *(f"{wanted} (sheetflow{number})" for number in numbers)]
    return next(title for title in titles if title.casefold() not in taken)


def _filled(cell: Json) -> bool:
    return as_entered(cell) is not None


def said(cell: Json) -> tuple[object, object]:
    """What a cell says and where it leads, however that is written."""
    runs = cell.get("textFormatRuns", [])
    link = cell.get("hyperlink") or (runs[0].get("format", {}).get("link", {}).get("uri") if len(runs) == 1 else None)
    return as_entered(cell), link or None


def _fitting(rows: Sequence[Sequence[TabCell]], grid: Grid, area: Area) -> Sequence[Sequence[TabCell]]:
    """The rows for which there is room: cells below ours are the person's."""
    for row in range(area.top + area.height, len(grid)):
        if any(_filled(cell_at(grid, (row, column))) for column in area.columns.values()):
            return rows[: max(row - area.top, 0)]
    return rows


def _differing(
    grid: Grid, rows: Sequence[Sequence[TabCell]], target: Sequence[Sequence[Written]], area: Area
) -> Iterator[tuple[Place, Written]]:
    """The cells to send: those that say something else, and with them what has a look in their row."""
    for r, row in enumerate(target):
        places = [(c, place) for c in range(len(row)) if (place := area.place(r, c)) is not None]
        differing = {c for c, place in places if said(cell_at(grid, place)) != said(row[c].json)}
        looked = {c for c, cell in enumerate(rows[r]) if cell.look} if differing and r < len(rows) else set()
        yield from ((place, row[c]) for c, place in places if c in differing | looked)


def _copies(grid: Grid, target: Sequence[Sequence[Written]], area: Area) -> Iterator[tuple[int, int, int]]:
    """Rows that are already there, elsewhere: (first, how many, where to), in an order in which none is overwritten."""
    width = len(target[0]) if target else 0
    places = [[area.place(r, c) for c in range(width)] for r in range(area.height)]
    old = [tuple([said(cell_at(grid, p)) if p else None for p in row]) for row in places]
    new = [tuple([said(w.json) if c in area.columns else None for c, w in enumerate(row)]) for row in target]
    blocks = []
    for first, to, count in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks():
        rows = [to + n for n in range(count) if first != to and (to + n >= len(old) or old[to + n] != new[to + n])]
        if sum(len(dumps(w.json)) for r in rows for w in target[r]) > WORTH:
            blocks.append((first, count, to))
    yield from (block for block in reversed(blocks) if block[2] > block[0])
    yield from (block for block in blocks if block[2] < block[0])


def _copy(grid: Grid, area: Area, source: int, count: int, to: int) -> None:
    taken = [{c: cell_at(grid, (area.top + source + n, c)) for c in area.columns.values()} for n in range(count)]
    for n, cells in enumerate(taken):
        for column, cell in cells.items():
            _put(grid, (area.top + to + n, column), cell)


def _side_by_side(columns: Mapping[int, int]) -> Iterator[tuple[int, int]]:
    """The columns of ours in runs: (first, one past the last)."""
    places = sorted(columns.values())
    starts = [p for p in places if p - 1 not in places]
    ends = [p + 1 for p in places if p + 1 not in places]
    yield from zip(starts, ends, strict=True)


def _copy_request(sheet_id: int, area: Area, run: tuple[int, int], source: int, count: int, to: int) -> Json:
    def rows(first: int) -> Json:
        return {
            "sheetId": sheet_id, "startRowIndex": area.top + first, "endRowIndex": area.top + first + count,
            "startColumnIndex": run[0], "endColumnIndex": run[1],
        }  # fmt: skip

    return {"copyPaste": {"source": rows(source), "destination": rows(to), "pasteType": "PASTE_NORMAL"}}


def _room(tab: Tab, rows: int) -> Iterator[Json]:
    if rows > tab.row_count:
        length = rows - tab.row_count
        yield {"appendDimension": {"sheetId": tab.sheet_id, "dimension": "ROWS", "length": length}}


def _ends(tab: Tab, area: Area, height: int) -> Iterator[Json]:
    """Requests after which the first and the last row of ours are marked, and no other."""
    wanted = {"first": area.top, "last": area.top + height - 1}
    items = [item for item in tab.row_items if item.key == metadata.PART]
    right = [item for item in items if wanted.get(item.value) == item.place]
    yield from (metadata.delete(item.id) for item in items if item not in right)
    for name in wanted.keys() - {item.value for item in right}:
        yield metadata.create(metadata.on_row(tab.sheet_id, wanted[name]), metadata.PART, name)


def _beat(wanted: Wanted) -> str:
    return str(wanted.rows[_BEAT][0].value)


def _width(sheet_id: int, column: int, pixels: int) -> Json:
    span = metadata.span("COLUMNS", sheet_id, column, column + 1)
    return {"updateDimensionProperties": {"range": span, "properties": {"pixelSize": pixels}, "fields": "pixelSize"}}


def _protect(sheet_id: int, wanted: Wanted) -> Iterator[Json]:
    """A warning before anybody types over ours; none where a person is to type."""
    width, typed = len(wanted.widths), wanted.typed
    runs = [(0, width)] if typed is None else [(0, typed), (typed + 1, width)]
    for first, end in runs:
        if first < end:
            area = {"sheetId": sheet_id, "startColumnIndex": first, "endColumnIndex": end}
            rule = {"range": area, "description": PROTECTION, "warningOnly": True}
            yield {"addProtectedRange": {"protectedRange": rule}}


def _chart(chart: Chart, sheet_id: int, chart_id: int, column: int) -> Json:
    """A bar chart beside the cells of ours."""

    def source(at: int) -> Json:
        area = {
            "sheetId": sheet_id, "startRowIndex": chart.first, "endRowIndex": chart.end,
            "startColumnIndex": at, "endColumnIndex": at + 1,
        }  # fmt: skip
        return {"sourceRange": {"sources": [area]}}

    series = {
        "series": source(chart.values), "targetAxis": "BOTTOM_AXIS", "dataLabel": {"type": "DATA"},
        "colorStyle": {"rgbColor": colour(HEAD_YOURS)},
    }  # fmt: skip
    basic = {
        "chartType": "BAR", "legendPosition": "NO_LEGEND", "headerCount": 0,
        "domains": [{"domain": source(chart.labels)}], "series": [series],
    }  # fmt: skip
    anchor = {"sheetId": sheet_id, "rowIndex": 1, "columnIndex": column}
    position = {"overlayPosition": {"anchorCell": anchor, "widthPixels": 600, "heightPixels": 371}}
    spec = {"title": chart.title, "basicChart": basic}
    return {"addChart": {"chart": {"chartId": chart_id, "spec": spec, "position": position}}}


def _written(cell: TabCell, plan: Plan, tracker: Tab) -> Written:
    """A cell as it is sent: its value, its look, and its link as a text run."""
    link = cell.link or ""
    if isinstance(link, CellRef):
        link = f"#gid={tracker.sheet_id}&range={a1(link.row, plan.at[link.key])}"
    return Written(_json(cell, link), FIELDS)


def _json(cell: TabCell, link: str) -> Json:
    value: Any = cell.value
    look = TAB_LOOKS[cell.look]
    json: Json = {"userEnteredFormat": look} if look else {}
    if isinstance(value, (date, datetime)):
        moment = moment_json(value)
        return {**moment, "userEnteredFormat": {**look, **moment["userEnteredFormat"]}}
    if value in ("", None):
        return json
    kind = (
        "boolValue" if isinstance(value, bool) else "numberValue" if isinstance(value, (int, float)) else "stringValue"
    )
    json["userEnteredValue"] = {kind: value if kind != "stringValue" else str(value)}
    if link:
        json["textFormatRuns"] = [{"format": {"link": {"uri": link}}}]
    return json


def _put(grid: Grid, place: Place, cell: Json) -> None:
    row, column = place
    grid += [[] for _ in range(row + 1 - len(grid))]
    grid[row] += [{} for _ in range(column + 1 - len(grid[row]))]
    grid[row][column] = cell


def _is_line(row: Sequence[Json], line: Sequence[Json]) -> bool:
    """Whether two rows are of one letter: company, and to whom."""
    return [as_entered(cell) for cell in row[1:3]] == [as_entered(cell) for cell in line[1:3]]


# --- a write that was overtaken -----------------------------------------------------------------------------


def _salvage(old: Mine, drawn: Drawn, now: Mine) -> None:
    """After somebody changed a tab of ours while it was written: what is ours there, and what of theirs it covered.

    ``now`` is given the area that is really ours, the cells to mend, and the lines in which something was typed.
    """
    before, after = _entered(old.tab.rows), _entered(now.tab.rows)
    theirs = {place: value for place, value in before.items() if not old.area.holds(place)}
    theirs |= {place: as_entered(cell) for place, cell in old.mended.items() if _filled(cell)}
    sent = {value for value in drawn.cells.values() if value is not None}
    ours = sent | {value for place, value in before.items() if old.area.holds(place)}
    now.area = _true_area(now, set(theirs.values()) - sent, after)
    outside = {place: value for place, value in after.items() if not now.area.holds(place)}
    strays = {place for place, value in outside.items() if value in ours and value not in theirs.values()}
    lost = Counter(theirs.values()) - Counter(outside.values())
    missing = sorted(place for place, value in theirs.items() if lost[value] > 0)
    for place, target in _targets(missing, strays, now, after).items():
        now.mended[target] = old.mended.get(place) or cell_at(old.tab.rows, place)
    now.mended |= {place: {} for place in strays - now.mended.keys()}
    now.typed_column = drawn.typed
    now.typed = old.typed_lines(drawn.typed)


def _entered(rows: Grid) -> dict[Place, object]:
    cells = (((r, c), as_entered(cell)) for r, row in enumerate(rows) for c, cell in enumerate(row))
    return {place: value for place, value in cells if value is not None}


def _true_area(now: Mine, theirs: set[object], after: Mapping[Place, object]) -> Area:
    """Our area, without rows at its end into which the person's own cells have moved."""
    area = now.area
    for row in range(area.top + 2, area.top + area.height):
        if any(after.get((row, column)) in theirs for column in area.columns.values() if (row, column) in after):
            return Area(area.top, row - area.top, area.columns)
    return area


def _targets(missing: list[Place], strays: set[Place], now: Mine, after: Mapping[Place, object]) -> dict[Place, Place]:
    """Where to put back each of the person's cells: where ours covered it, all moved alike; else where it is free."""
    moves = Counter((s[0] - m[0], s[1] - m[1]) for m in missing for s in strays)
    best = max(moves, key=lambda move: (moves[move], -abs(move[0]) - abs(move[1])), default=(0, 0))
    found: dict[Place, Place] = {}
    for row, column in missing:
        target = (row + best[0], column + best[1])
        free = target in strays or (target not in after and not now.area.holds(target) and min(target) >= 0)
        if not free or target in found.values():
            column = max(target[1], 0)
            row = max(now.area.top + now.area.height, len(now.tab.rows)) + 1 + len(found)
            target = (row, column)
        found[row, column] = target
    return dict(zip(missing, found.values(), strict=True))


def _is_typed(row: Sequence[Json], column: int | None) -> bool:
    """Whether a person typed into a line: what we write there is a link."""
    return column is not None and column < len(row) and _filled(row[column]) and said(row[column])[1] is None
