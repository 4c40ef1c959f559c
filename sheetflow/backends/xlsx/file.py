"""Trackers in .xlsx workbooks: read in one pass, changed cell by cell, everything else as it was."""

from __future__ import annotations

import difflib
import itertools
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from sheetflow.backends.base import Backend, Options
from sheetflow.backends.export import write_output
from sheetflow.backends.local import local_zone
from sheetflow.backends.replace import Version, read_file
from sheetflow.backends.xlsx import tabs
from sheetflow.backends.xlsx.book import Book, Tab
from sheetflow.backends.xlsx.check import refuse_changes
from sheetflow.backends.xlsx.guard import PACKED, damaged, open_archive, refuse_signed
from sheetflow.backends.xlsx.package import Package
from sheetflow.backends.xlsx.read import Content, Reader, read_tab, without_collecting
from sheetflow.backends.xlsx.write import Changes, Write, moments, rewrite, take_away
from sheetflow.columns import BY_KEY, HEADER_ROWS, plain
from sheetflow.errors import Notice, Refused
from sheetflow.plan import Plan
from sheetflow.settings import TAB_TITLE
from sheetflow.sheet import Link, Links, Sheet, TabSeen, Value


class XlsxFile(Backend):
    """A tracker in an .xlsx workbook."""

    def __init__(self, path: Path, options: Options) -> None:
        self._path, self._options = path, options
        self._data = b""
        self._version: Version | None = None

    def read(self) -> Sheet:
        """Read the tab. Raises ``Refused`` for what is no workbook, is damaged, or is too large."""
        self._data, self._version = read_file(self._path, PACKED)
        with open_archive(self._data, self._path) as archive:
            return self._sheet(archive)

    def _sheet(self, archive: zipfile.ZipFile) -> Sheet:
        with damaged(self._path):
            book = Book(Package(archive), self._path)
            ours, declined = tabs.find(book)
            tab = self._tab([tab for tab in book.tabs if tab not in [found for found, _ in ours.values()]])
            content = read_tab(book, tab, self._path)
            settings = next((t for t in book.tabs if _is_settings(t)), None)
            settings_rows = read_tab(book, settings, self._path).rows if settings else None
            seen = {key: TabSeen(t.title, rows) for key, (t, _) in ours.items() if (rows := self._cells(book, t))}
            day_zero = book.day_zero
        _put_links(content, self._options.columns.get("send", BY_KEY["send"].header))
        return Sheet(
            tab.title,
            content.rows,
            self._options.zone or local_zone(),
            links="single",
            day_zero=day_zero,
            settings_tab=settings_rows,
            rules=frozenset(content.rules),
            tabs=seen,
            declined=declined | (ours.keys() - seen.keys()),
            others=lambda: self._first_rows(tab.title),
        )

    def _first_rows(self, title: str) -> Iterator[TabSeen]:
        """The tabs beside the one of this title, as far as a header row may lie in them."""
        with open_archive(self._data, self._path) as archive, damaged(self._path):
            book = Book(Package(archive), self._path)
            ours = [tab for tab, _ in tabs.find(book)[0].values()]
            for tab in book.tabs:
                if tab.title != title and tab not in ours and not _is_settings(tab):
                    rows = itertools.takewhile(lambda row: row[0] <= HEADER_ROWS, Reader(book, tab, self._path).rows())
                    yield TabSeen(tab.title, [cells for _, cells in rows])

    def _cells(self, book: Book, tab: Tab) -> Sequence[Sequence[Value]]:
        """The cells of a tab of ours; none where it has become one that is not read, which fails no run."""
        try:
            return read_tab(book, tab, self._path).rows or [[]]
        except Refused:
            return ()

    def apply(self, plan: Plan) -> None:
        """Write the changed cells, in place or, with -o, to another file of either format.

        Raises ``Refused`` when rewriting the workbook in place would lose something of the person's.
        """
        write_output(self._path, self._options, self._version, plan, self._rewritten)

    def extras(self, plan: Plan) -> Iterator[Notice]:
        """The columns are emptied: deleting them would have to rewrite the person's formulas."""
        yield Notice("They are emptied, and lose their colours and highlight rules. Delete the empty columns by hand.")
        for tab in (plan.sheet.tabs or {}).values():
            yield Notice("The tab {title} goes.", {"title": tab.title})

    def remove(self, plan: Plan) -> None:
        """Empty the columns and take the tabs away; everything else stays."""
        write_output(self._path, self._options, self._version, plan, lambda plan, _: self._changed(plan, {}, take_away))

    def _tab(self, there: list[Tab]) -> Tab:
        """The tab to work on: the one that is asked for, else the first that shows and is not Settings."""
        wanted = self._options.worksheet.strip()
        if not wanted:
            for tab in there:
                if tab.visible and not _is_settings(tab):
                    return tab
            raise Refused("{file} has no visible tab besides Settings.", file=self._path.name)
        titles = {tab.title.casefold(): tab for tab in there}
        if wanted.casefold() in titles:
            return titles[wanted.casefold()]
        near = difflib.get_close_matches(wanted.casefold(), titles, 1, 0.6)
        raise Refused(
            "{file} has no tab {wanted}. " + ("Did you mean {near}?" if near else "It has {titles}."),
            file=self._path.name,
            wanted=repr(self._options.worksheet),
            near=repr(titles[near[0]].title) if near else "",
            titles=", ".join(repr(tab.title) for tab in there),
        )

    def _rewritten(self, plan: Plan, values: Mapping[tuple[int, int], str]) -> bytes:
        """The workbook with a plan's changes; ``values`` replaces further date cells (formulas, in a copy).

        Raises ``Refused`` for one that, read back, holds anything else than it held and the plan's changes.
        """
        try:
            return self._changed(plan, values, rewrite)
        except Refused:
            if not plan.tabs:
                raise
            return self._changed(replace(plan, tabs=()), values, rewrite)  # no tab ever fails a run

    def _changed(self, plan: Plan, values: Mapping[tuple[int, int], str], write: Write) -> bytes:
        changes = Changes(plan, moments(plan, values))
        with without_collecting(), open_archive(self._data, self._path) as archive:
            refuse_signed(archive, self._path)
            book, tab = self._book(archive, plan.sheet.title)
            with damaged(self._path):
                data = write(book, tab, plan, changes)
            with open_archive(data, self._path) as written:
                refuse_changes(plan, changes, *self._book(written, plan.sheet.title), self._path)
        return data

    def _book(self, archive: zipfile.ZipFile, title: str) -> tuple[Book, Tab]:
        """The workbook and the tab of that title."""
        with damaged(self._path):
            book = Book(Package(archive), self._path)
            return book, next(tab for tab in book.tabs if tab.title == title)


def _is_settings(tab: Tab) -> bool:
    return tab.title.strip().casefold() == TAB_TITLE.casefold()


def _put_links(content: Content, header: str) -> None:
    """Make the linked cells below the Send header links; other linked cells stay the text they show."""
    rows = content.rows
    for row, column in content.links:
        heads = (cells[column] for cells in rows[: min(row, HEADER_ROWS)] if column < len(cells))
        if row < len(rows) and column < len(rows[row]) and any(plain(str(head)) == plain(header) for head in heads):
            label = rows[row][column]
            if isinstance(label, str):
                rows[row][column] = Links((Link(label, content.links[row, column]),))
