"""The part of one tab, patched: a few cells anew, everything else as it was.

Rows are handled as bytes, so that a cell that is not written stays as it is to the byte; what stands around them is a
tree. That is sound: in XML, ``<`` stands in no text and no attribute, and rows do not nest. Comments and the like, in
which it might, are refused. What is written is read back (``file.py``), by a reader that parses everything.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple
from xml.sax.saxutils import escape

from sheetflow.backends.xlsx.book import storable
from sheetflow.backends.xlsx.package import (
    RELS,
    WORKSHEET,
    Package,
    attribute,
    child,
    parse,
    place,
    serialised,
    tag,
)
from sheetflow.backends.xlsx.read import column_index
from sheetflow.backends.xlsx.styles import Look, Styles, tree
from sheetflow.cells import to_number
from sheetflow.errors import Refused
from sheetflow.sheet import Value, a1, column_letters

LAST_ROW = 1_048_576
LONGEST = 32_767
"""Characters that a cell of an .xlsx holds."""
MOST_LINKS = 65_530
"""Links that a tab of an .xlsx holds; Excel calls a file with more damaged."""

_ATTRIBUTES = rb"((?:\s+[^\s=<>/]+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*)\s*(/?)>"
_ATTRIBUTE = re.compile(rb"\s([^\s=]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_RANGE = re.compile(r"\$?([A-Z]{1,3})\$?(\d+)(?::\$?([A-Z]{1,3})\$?(\d+))?")


class Put(NamedTuple):
    """What a cell is to hold.

    A cell without a look of its own gets ``look`` on top of its row's or column's; with ``base``, the number of a
    style, any cell gets it on top of that. ``link`` is an address, or ``#`` and a place in the workbook.
    """

    value: Value
    look: Look = Look()
    base: int | None = None
    link: str = ""


class Cells(NamedTuple):
    """What is to stand where: the rows (0-based, ascending), the first and last column, and the cells of a row."""

    rows: Sequence[int]
    columns: tuple[int, int]
    of: Callable[[int], Mapping[int, Put]]


class Area(NamedTuple):
    """A range of cells, 0-based, the last row and column included."""

    top: int
    left: int
    bottom: int
    right: int

    @classmethod
    def of(cls, reference: str) -> Area:
        """The area of ``B2:C14`` or ``B2``."""
        match = _RANGE.fullmatch(reference)
        if not match:
            raise ValueError("no range of cells")
        left, top = column_index(match[1]), int(match[2]) - 1
        return cls(top, left, int(match[4]) - 1 if match[4] else top, column_index(match[3]) if match[3] else left)

    def within(self, cells: Cells) -> Iterator[tuple[int, int]]:
        """The cells that lie in it."""
        low, high = bisect_left(cells.rows, self.top), bisect_right(cells.rows, self.bottom)
        for row in cells.rows[low:high]:
            yield from ((row, column) for column in cells.of(row) if self.left <= column <= self.right)


class SheetPart:
    """A tab's part, to be patched. Raises what ``guard.damaged`` catches, and ``Refused`` with the cell it is about."""

    def __init__(self, package: Package, part: str, title: str, styles: Styles, day_zero: date) -> None:
        self._package, self._part, self._title = package, part, title
        self.name = part
        self.styles, self._day_zero = styles, day_zero
        data = package.read(part) if part in package else b""
        start = re.search(rb"<(?:([\w.-]+):)?sheetData" + _ATTRIBUTES, data)
        if not start:
            raise ValueError("no rows")
        self._prefix = start[1] + b":" if start[1] else b""
        end = start.end() if start[3] else data.index(b"</" + self._prefix + b"sheetData", start.end())
        self._rows = b"" if start[3] else data[start.end() : end]
        tail = end if start[3] else data.index(b">", end) + 1
        root = data.index(b"<" + self._prefix + b"worksheet")
        if b"<!" in data[root:] or b"<?" in data[root:]:
            raise Refused(
                "{tab} holds comments or instructions in its XML, which no spreadsheet program writes. Open the file "
                "in yours and save it, then run again.",
                tab=title,
            )
        self.root = parse(data[: start.start()] + b"<" + self._prefix + b"sheetData/>" + data[tail:])
        self._row = re.compile(b"<" + self._prefix + b"row" + _ATTRIBUTES)
        self._cell = re.compile(rb"\s*<" + self._prefix + b"c" + _ATTRIBUTES)
        self._last = re.compile(
            b"<" + self._prefix + rb'c r="([A-Z]+)(\d+)"[^>]*(?:/>|>.*</' + self._prefix + b"c>)", re.DOTALL
        )
        self._x = self._prefix.decode()
        self._had_links = self.root.find(tag("hyperlinks")) is not None
        self._written: dict[str, str] = {}
        """The cells that were written, with their links."""
        self._columns: list[tuple[int, int, int]] = []
        """First column, the one behind the last, and the style that their empty cells have."""

    @property
    def line_height(self) -> float:
        """The height of a row of one line, in points."""
        formats = self.root.find(tag("sheetFormatPr"))
        return float((formats is not None and formats.get("defaultRowHeight")) or 15)

    def style_of(self, row: int, column: int) -> int:
        """The number of a cell's style."""
        name = a1(row, column).encode()
        cells = (_attributes(m[1]) for m in re.finditer(rb"<" + self._prefix + b"c" + _ATTRIBUTES, self._rows))
        return next((int(cell.get(b"s", 0)) for cell in cells if cell.get(b"r") == name), 0)

    # --- cells ---

    def write(self, cells: Cells, heights: Mapping[int, float]) -> None:
        """Put cells, and give rows whose height nobody has set one in points. Everything else stays."""
        self._refuse_covered(cells)
        self._columns = [
            (int(attribute(col, "min")) - 1, int(attribute(col, "max")), int(col.get("style") or 0))
            for col in self.root.iterfind(f"{tag('cols')}/{tag('col')}")
        ]
        if cells.rows:
            self._widen(Area(cells.rows[0], cells.columns[0], cells.rows[-1], cells.columns[1]))
        self._package.put(self._part, self._pieces(cells, heights))

    def _pieces(self, cells: Cells, heights: Mapping[int, float]) -> Iterator[bytes]:
        """The part. It is made while the file is: all of it at once may be hundreds of megabytes."""
        empty, mark = b"<" + self._prefix + b"sheetData/>", b"<" + self._prefix + b"sheetData>"
        yield serialised(self.root).partition(empty)[0] + mark
        yield from self._patched(cells, heights)
        self._link()
        yield b"</" + mark[1:] + serialised(self.root).partition(empty)[2]

    def _patched(self, cells: Cells, heights: Mapping[int, float]) -> Iterator[bytes]:
        rows, done, number = self._rows, 0, -1
        have = set(cells.rows)
        waiting = sorted({*have, *heights}, reverse=True)
        end_mark = b"</" + self._prefix + b"row"
        for match in self._row.finditer(rows):
            attributes = _attributes(match[1])
            before, number = number, int(attributes.get(b"r", number + 2)) - 1
            if number <= before:
                raise self._refusal(number, 0, "comes behind a row below it, which no spreadsheet program writes.")
            if not waiting or waiting[-1] > number:
                continue
            yield rows[done : match.start()]
            done = match.start()
            while waiting and waiting[-1] < number:
                row = waiting.pop()
                yield self._whole(row, b"", {}, b"", cells.of(row) if row in have else {}, heights.get(row))
            if waiting and waiting[-1] == number:
                row, content, done = waiting.pop(), b"", match.end()
                if not match[2]:
                    end = rows.index(end_mark, done)
                    content, done = rows[done:end], rows.index(b">", end) + 1
                yield self._whole(
                    row, match[1], attributes, content, cells.of(row) if row in have else {}, heights.get(row)
                )
        yield rows[done:]
        for row in reversed(waiting):
            yield self._whole(row, b"", {}, b"", cells.of(row) if row in have else {}, heights.get(row))

    def _whole(
        self, row: int, tag: bytes, old: Mapping[bytes, bytes], content: bytes, puts: Mapping[int, Put],
        height: float | None,
    ) -> bytes:  # fmt: skip
        """A row with some cells put into it; ``tag`` is what its tag said before, ``old`` the same taken apart."""
        cells = self._merged(row, content, puts, int(old.get(b"s", 0)))
        return b"".join(
            (self._row_tag(tag or b' r="%d"' % (row + 1), old, height), *cells, b"</", self._prefix, b"row>")
        )

    def _row_tag(self, old: bytes, attributes: Mapping[bytes, bytes], height: float | None) -> bytes:
        """The start of a row: without its spans, which would no longer hold; with a height if it has none."""
        if (
            height
            and attributes.get(b"customHeight") not in (b"1", b"true")
            and float(attributes.get(b"ht", 0)) <= height
        ):
            old = re.sub(rb"\s(?:ht|customHeight)\s*=\s*(?:\"[^\"]*\"|'[^']*')", b"", old)
            old += b' ht="%g" customHeight="1"' % height
        return b"<" + self._prefix + b"row" + re.sub(rb"\sspans\s*=\s*(?:\"[^\"]*\"|'[^']*')", b"", old) + b">"

    def _merged(self, row: int, content: bytes, puts: Mapping[int, Put], row_style: int) -> Iterator[bytes]:
        """A row's content with some cells put into it."""
        at, column, waiting = 0, -1, sorted(puts, reverse=True)
        end_mark = b"</" + self._prefix + b"c"
        last = self._last.fullmatch(content, max(content.rfind(b"<" + self._prefix + b"c "), 0))
        if last and waiting and int(last[2]) == row + 1 and column_index(last[1].decode()) < waiting[-1]:
            at = len(content)  # ours all come behind the cells that are there, as in most rows
            yield content
        while match := self._cell.match(content, at):
            attributes = _attributes(match[1])
            before, name = column, attributes.get(b"r")
            column = column + 1 if name is None else column_index(name.rstrip(b"0123456789").decode())
            if column <= before or name not in (None, a1(row, column).encode()):
                raise self._refusal(row, column, "is out of its place, which no spreadsheet program leaves a cell.")
            while waiting and waiting[-1] < column:
                yield self._new_cell(row, waiting[-1], puts[waiting.pop()], None, row_style)
            end = match.end() if match[2] else content.index(b">", content.index(end_mark, match.end())) + 1
            if waiting and waiting[-1] == column:
                self._look_at_formula(row, column, content[match.end() : end])
                yield self._new_cell(row, column, puts[waiting.pop()], int(attributes.get(b"s", 0)), row_style)
            else:
                yield content[at:end]
            at = end
        while waiting:
            yield self._new_cell(row, waiting[-1], puts[waiting.pop()], None, row_style)
        yield content[at:]

    def _new_cell(self, row: int, column: int, put: Put, found: int | None, row_style: int) -> bytes:
        value, style, x = put.value, self._style(column, put, found, row_style), self._x
        name = f"{_letters(column)}{row + 1}"
        if put.link or self._had_links:
            self._written[name] = put.link
        start, end = f'<{x}c r="{name}"' + (f' s="{style}"' if style else ""), f"</{x}c>"
        if value is None or value == "":
            return (start + "/>").encode() if style or found is not None else b""
        if isinstance(value, bool):
            return f'{start} t="b"><{x}v>{int(value)}</{x}v>{end}'.encode()
        if isinstance(value, date):
            value = to_number(value, self._day_zero)
        if isinstance(value, (int, float)):
            return f"{start}><{x}v>{value!r}</{x}v>{end}".encode()
        text = str(value)
        if len(text) > LONGEST:
            raise self._refusal(
                row,
                column,
                f"is to hold {len(text):,} characters, and a cell of an .xlsx has room for {LONGEST:,}. "
                "Shorten it, or write to a .csv.",
            )
        text = escape(storable(text))
        return f'{start} t="inlineStr"><{x}is><{x}t xml:space="preserve">{text}</{x}t></{x}is>{end}'.encode()

    def _style(self, column: int, put: Put, found: int | None, row_style: int) -> int:
        """The number of a cell's style: its own where it has one, but a date must show as one."""
        if put.base is not None:
            style = self.styles.derived(put.base, put.look)
        elif found or put.value is None or put.value == "":
            style = found or 0
        elif found is None:
            inherited = row_style or next((s for low, high, s in self._columns if low <= column < high), 0)
            style = self.styles.derived(inherited, put.look)
        else:
            style = self.styles.derived(0, put.look)
        return self.styles.dated(style, isinstance(put.value, datetime)) if isinstance(put.value, date) else style

    def _look_at_formula(self, row: int, column: int, content: bytes) -> None:
        formula = re.search(rb"<" + self._prefix + b"f" + _ATTRIBUTES, content)
        if formula and b"ref" in _attributes(formula[1]):
            raise self._refusal(row, column, "holds a formula that other cells share. Empty it, and run again.")

    def _refuse_covered(self, cells: Cells) -> None:
        """Refuse to write where it could not be seen, or where Excel would call the file damaged."""
        found: list[tuple[Area, str]] = []
        if b"array" in self._rows or b"dataTable" in self._rows:
            for formula in re.finditer(rb"<" + self._prefix + b"f" + _ATTRIBUTES, self._rows):
                attributes = _attributes(formula[1])
                if attributes.get(b"t") in (b"array", b"dataTable"):
                    area = Area.of(attributes[b"ref"].decode())
                    found.append((area, "is filled by a formula of another cell. Empty that, and run again."))
        for part in (r.target for r in self._package.relations(self._part).values() if r.kind.endswith("/table")):
            table = parse(self._package.read(part))
            area = Area.of(attribute(table, "ref"))
            if table.get("headerRowCount") != "0":
                area = area._replace(bottom=area.top)
                found.append((area, "is a header of a table, and sheetflow has to write there. Rename it by hand."))
        for area, words in found:
            for row, column in area.within(cells):
                raise self._refusal(row, column, words)
        for merge in self.root.iterfind(f"{tag('mergeCells')}/{tag('mergeCell')}"):
            area = Area.of(attribute(merge, "ref"))
            for row, column in area.within(cells):
                if (row, column) != (area.top, area.left):
                    raise self._refusal(
                        row, column, "is part of merged cells, and sheetflow has to write there. Take the merge apart."
                    )

    def _refusal(self, row: int, column: int, words: str) -> Refused:
        return Refused("{cell} " + words, cell=f"{self._title}!{a1(row, column)}")

    # --- around the cells ---

    def _link(self) -> None:
        """Give the cells that were written their links, and take those away that they had."""
        links = child(self.root, "hyperlinks", WORKSHEET)
        identifier = tag("id", RELS)
        old = [link for link in links if link.get("ref") in self._written]
        for link in old:
            links.remove(link)
        gone = {str(link.get(identifier)) for link in old} - {str(link.get(identifier)) for link in links}
        if gone:
            self._package.unrelate(self._part, gone)
        new = [(name, url) for name, url in self._written.items() if url][: MOST_LINKS - len(links)]
        ids = iter(self._package.relate(self._part, "hyperlink", [u for _, u in new if u[0] != "#"], external=True))
        for name, url in new:
            where = {"location": url[1:]} if url[0] == "#" else {identifier: next(ids)}
            links.append(tree("hyperlink", ref=name, **where))
        if not len(links):
            self.root.remove(links)

    def _widen(self, new: Area) -> None:
        """Have the dimension include an area."""
        dimension = self.root.find(tag("dimension"))
        if dimension is not None:
            old = Area.of(attribute(dimension, "ref"))
            top, left = min(old.top, new.top), min(old.left, new.left)
            bottom, right = max(old.bottom, new.bottom), max(old.right, new.right)
            dimension.set("ref", f"{a1(top, left)}:{a1(bottom, right)}")

    def set_column(self, index: int, **attributes: str) -> None:
        """Give one column (0-based) attributes of ``col``, cut out of a range of columns where it lies in one."""
        cols = child(self.root, "cols", WORKSHEET)
        number = index + 1
        own = tree("col")
        for other in list(cols):
            low, high = int(other.attrib["min"]), int(other.attrib["max"])
            if low <= number <= high:
                own = tree("col", **{str(k): str(v) for k, v in other.attrib.items()})
                for first, last in ((low, number - 1), (number + 1, high)):
                    if first <= last:
                        piece = tree("col", **{str(k): str(v) for k, v in other.attrib.items()})
                        piece.set("min", str(first))
                        piece.set("max", str(last))
                        other.addprevious(piece)
                cols.remove(other)
        for name, value in {"min": str(number), "max": str(number), **attributes}.items():
            own.set(name, value)
        behind = [other for other in cols if int(other.attrib["min"]) > number]
        behind[0].addprevious(own) if behind else cols.append(own)

    def drop_column(self, index: int) -> None:
        """Take from one column (0-based) all that it has as a whole."""
        self.set_column(index)
        cols = child(self.root, "cols", WORKSHEET)
        for own in [col for col in cols if col.get("min") == col.get("max") == str(index + 1)]:
            cols.remove(own)
        if not len(cols):
            self.root.remove(cols)

    def add_rules(self, area: str, rules: Iterable[tuple[str, int]]) -> None:
        """Add conditional formats, as formulas with the numbers of their styles, behind those that are there."""
        used = [int(rule.get("priority") or 0) for rule in self.root.iter("{*}cfRule")]
        formats = tree("conditionalFormatting", sqref=area)
        for priority, (formula, style) in enumerate(rules, start=max(used, default=0) + 1):
            rule = tree("cfRule", tree("formula"), type="expression", dxfId=str(style), priority=str(priority))
            rule[0].text = formula
            formats.append(rule)
        place(self.root, formats, WORKSHEET)


_letters = lru_cache(maxsize=None)(column_letters)


def _attributes(text: bytes) -> dict[bytes, bytes]:
    return {match[1]: match[2] if match[2] is not None else match[3] for match in _ATTRIBUTE.finditer(text)}
