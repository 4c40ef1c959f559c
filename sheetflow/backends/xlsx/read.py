"""One tab of an .xlsx to cells as they are, in one pass.

A formula and its value are read together. Nothing here believes a ``<dimension>``, and it stops at the first cell
that lies too far away.
"""

from __future__ import annotations

import contextlib
import gc
import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from xml.etree.ElementTree import Element, iterparse

from sheetflow.backends.local import MOST_COLUMNS, MOST_ROWS, check_size
from sheetflow.backends.xlsx.book import FORMULA, INLINE, ROW, VALUE, Book, Tab, plain_text, unescape
from sheetflow.backends.xlsx.package import RELS, tag
from sheetflow.highlights import HIGHLIGHTS
from sheetflow.sheet import CellError, Formula, Value

LINK, RULE_FORMULA, RELATION_ID = tag("hyperlink"), tag("formula"), tag("id", RELS)
MOST_LOOSE = 1_000_000
"""Elements that may stand outside rows, or in one row; more is an attack on memory."""
PIECE = 1_000_000
"""Bytes looked through at a time."""
NOT_CALCULATED = CellError("not calculated")

_RULE = re.compile(r"\s*\$?([A-Z]{1,3})\$?\d+\s*=\s*\"(\w+)\"\s*", re.IGNORECASE)
_FLAGS = {highlight.flag.casefold(): highlight.flag for highlight in HIGHLIGHTS}
_TODAY = re.compile(r"=\s*TODAY\(\s*\)[\s\d+/-]*", re.IGNORECASE)


def read_rule(formula: str) -> tuple[str, str] | None:
    """What a highlight rule of ours looks at: the letters of its column, and the flag; ``None`` for another rule."""
    match = _RULE.fullmatch(formula)
    flag = _FLAGS.get(match[2].casefold()) if match else None
    return (match[1].upper(), flag) if match and flag else None


@dataclass
class Content:
    """What a tab holds."""

    rows: list[list[Value]]
    links: dict[tuple[int, int], str] = field(default_factory=dict)
    """0-based place -> the address its cell opens."""
    rules: set[str] = field(default_factory=set)
    """Flags whose highlight rule is there."""


def read_tab(book: Book, tab: Tab, path: Path) -> Content:
    """A tab's cells, links and rules. Raises ``Refused`` at the first row or column that is too far away."""
    _refuse_long(book, tab, path)
    with without_collecting():
        return Reader(book, tab, path).read()


def _refuse_long(book: Book, tab: Tab, path: Path) -> None:
    """Refuse a tab with too many rows before it is parsed, where its ``<dimension>`` admits to them.

    The claim alone does not count, since a format of a whole column makes it, too: some cell that far down must
    hold something. A tab that claims less than it has is found out while it is parsed.
    """
    with book.package.open(tab.part) as file:
        chunk = file.read(PIECE)
        claim = re.search(rb'dimension ref="\$?[A-Z]+\$?\d+:\$?[A-Z]+\$?(\d+)"', chunk[:5_000])
        if not claim or int(claim[1]) <= MOST_ROWS:
            return
        rest = b""
        while chunk:
            rest = rest[-500:] + chunk  # a cell may lie across two pieces
            last = re.search(rb'r="(\d+)"', rest[rest.rfind(b"row r=") :])
            if last and int(last[1]) > MOST_ROWS:
                for cell in re.finditer(rb'c r="[A-Z]{1,3}(\d+)"[^>]*(?<!/)><', rest):
                    check_size(int(cell[1]), 0, path)
            chunk = file.read(PIECE)


@contextlib.contextmanager
def without_collecting() -> Iterator[None]:
    """Without Python's search for garbage cycles: among millions of new cells it takes half of the time."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


class Reader:
    """One pass over one tab."""

    def __init__(self, book: Book, tab: Tab, path: Path) -> None:
        self._book, self._tab, self._path = book, tab, path
        self._strings, self._styles = book.strings, book.styles
        self._content = Content([])
        self._columns: dict[str, int] = {}
        self._moments: dict[tuple[str, str], Value] = {}
        self._shared: dict[str, str] = {}
        self._calculated = False
        self._empty: list[tuple[int, int]] = []
        """Formula cells without a value."""
        self._hrefs: list[Element] = []

    def read(self) -> Content:
        """The whole tab."""
        for number, cells in self.rows():
            self._place(number, cells)
        self._name_uncalculated()
        self._content.links = self.links()
        return self._content

    def rows(self) -> Iterator[tuple[int, list[Value]]]:
        """The rows that hold something, with their numbers, one after the other."""
        with self._book.package.open(self._tab.part) as file:
            loose = 0
            number = 0
            for _, element in iterparse(file):  # noqa: S314 - no DTD gets past the guard
                tag = element.tag
                loose += 1
                if tag == ROW:
                    number = int(element.get("r") or number + 1)
                    if cells := self._row(number, element):
                        yield number, cells
                    element.clear()
                    loose = 0
                elif tag == LINK:
                    self._hrefs.append(element)
                elif tag == RULE_FORMULA:
                    self._rule(element.text or "")
                elif loose > MOST_LOOSE:
                    raise ValueError("too many elements outside rows")

    def _row(self, number: int, element: Element) -> list[Value]:
        cells: list[Value] = []
        column = -1
        for cell in element:
            reference = cell.get("r")
            column = self._column(reference) if reference else column + 1
            if not len(cell):
                continue
            value = self._value(cell, number - 1, column)
            if value is None or value == "":
                continue
            if column >= MOST_COLUMNS:
                check_size(0, column + 1, self._path)
            if column < len(cells):
                cells[column] = value
            else:
                cells.extend([None] * (column - len(cells)))
                cells.append(value)
        return cells

    def _place(self, number: int, cells: list[Value]) -> None:
        rows = self._content.rows
        check_size(number, len(cells), self._path)
        if number <= len(rows):
            if number < 1 or rows[number - 1]:
                raise ValueError("a row that is there twice")
            rows[number - 1] = cells
            return
        rows.extend([] for _ in range(number - 1 - len(rows)))
        rows.append(cells)

    def _column(self, reference: str) -> int:
        """0-based column of ``C14``."""
        letters = reference.rstrip("0123456789")
        column = self._columns.get(letters)
        if column is None:
            column = self._columns[letters] = column_index(letters)
        return column

    def _value(self, cell: Element, row: int, column: int) -> Value:
        first = cell[0]
        if first.tag == VALUE:
            return self._typed(cell.get("t"), first.text, cell.get("s"))
        if first.tag == INLINE:
            return plain_text(first)
        if first.tag == FORMULA:
            return self._formula(cell, first, row, column)
        return None

    def _typed(self, kind: str | None, text: str | None, style: str | None) -> Value:
        """A ``<v>`` by its type (ECMA-376, part 1, 18.18.11)."""
        if text is None:
            return None
        if kind is None or kind == "n":
            if style is not None and style in self._styles:
                key = (text, self._styles[style])
                if key not in self._moments:
                    self._moments[key] = self._book.convert(*key)
                return self._moments[key]
            return _number(text)
        return _KINDS[kind](text, self._strings)

    def _formula(self, cell: Element, formula: Element, row: int, column: int) -> Formula:
        """A formula and its cached value. One filled down shows the source of the cell it was filled from."""
        source = "=" + unescape(formula.text or "")
        if formula.get("t") == "shared":
            index = formula.get("si", "")
            if len(source) == 1:
                source = self._shared.get(index, source)
            self._shared[index] = source
        text = cell.findtext(VALUE)
        kind = cell.get("t")
        value = self._typed(kind, text or None, cell.get("s"))
        if value is None and kind != "str":
            self._empty.append((row, column))
        else:
            self._calculated = True
        return Formula(source, "" if value is None and kind == "str" else value)

    def _name_uncalculated(self) -> None:
        """Where no formula of the tab has a value, no program has calculated it; that is not the same as empty."""
        if self._calculated:
            return
        for row, column in self._empty:
            formula = self._content.rows[row][column]
            known = _TODAY.fullmatch(formula.source)
            self._content.rows[row][column] = formula.source if known else formula._replace(value=NOT_CALCULATED)

    def _rule(self, formula: str) -> None:
        if rule := read_rule(formula):
            self._content.rules.add(rule[1])

    def links(self) -> dict[tuple[int, int], str]:
        """0-based place -> the address that its cell opens; known once the rows are read."""
        targets, found = self._book.package.relations(self._tab.part), {}
        for element in self._hrefs:
            relation = targets.get(element.get(RELATION_ID, ""))
            match = re.fullmatch(r"\$?([A-Z]{1,3})\$?(\d+)(?::.*)?", element.get("ref", ""))
            if match and relation is not None and relation.external:
                location = element.get("location")
                url = relation.target + (f"#{location}" if location else "")
                found[int(match[2]) - 1, column_index(match[1])] = url
        return found


def column_index(letters: str) -> int:
    """0-based index of a column by its letters: ``C`` is 2."""
    index = 0
    for letter in letters:
        if not "A" <= letter <= "Z":
            raise ValueError("not a column")
        index = index * 26 + ord(letter) - 64
    return index - 1


def _number(text: str) -> Value:
    try:
        return int(text)
    except ValueError:
        number = float(text)
        return None if math.isnan(number) else number


def _iso(text: str) -> Value:
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=None)


_KINDS: Mapping[str, Callable[[str, list[str]], Value]] = {
    "s": lambda text, strings: strings[int(text)],
    "str": lambda text, _: unescape(text),
    "inlineStr": lambda text, _: unescape(text),
    "b": lambda text, _: text in ("1", "true"),
    "e": lambda text, _: CellError(text),
    "d": lambda text, _: _iso(text),
}
