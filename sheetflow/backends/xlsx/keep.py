"""After openpyxl has saved a workbook: what it dropped on the way is put back, and the bytes are made to repeat.

openpyxl writes formulas without their values, rounds the last digit of long numbers, turns every row height
into one set by hand, and writes notes anew without their look. None of that is ours to change. The cells of
a sheet never move, so each piece goes back by its place.
"""

from __future__ import annotations

import contextlib
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, iterparse
from xml.sax.saxutils import escape

from openpyxl import Workbook
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.writer.excel import ExcelWriter

from sheetflow.backends.xlsx.book import CELL, FORMULA, ROW, VALUE, Book, relations
from sheetflow.sheet import a1

LONG = 16
"""From this many characters on, a number may lose its last digit."""
_STAMP = (1980, 1, 1, 0, 0, 0)
"""The time of every zip entry: the oldest there is, so that the same plan gives the same bytes."""


@dataclass
class Kept:
    """What one tab held that openpyxl does not carry."""

    values: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Cell name -> type and text of its value: of formulas, and of numbers with many digits."""
    heights: dict[str, bool] = field(default_factory=dict)
    """Row number -> whether its height was set by hand, of rows with a height."""


Part = Callable[[bytes], Iterable[bytes]]
"""What becomes of a part's content, in pieces."""


def save(book: Workbook, today: date) -> bytes:
    """A workbook's bytes. ``today`` is the day of the run, the only time that goes into the file."""
    buffer = io.BytesIO()
    book.properties.modified = datetime.combine(today, time())
    _InMemory(book, zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED)).save()
    return buffer.getvalue()


class _InMemory(ExcelWriter):
    """openpyxl's writer without its files in the temporary folder: a killed run would leave somebody's rows there."""

    def write_worksheet(self, ws: Any) -> None:
        ws._drawing = SpreadsheetDrawing()
        ws._drawing.charts, ws._drawing.images = ws._charts, ws._images
        content = io.BytesIO()
        writer: Any = WorksheetWriter(ws, content)
        with contextlib.closing(writer.xf):
            writer.write()
        ws._rels = writer._rels
        archive: zipfile.ZipFile = vars(self)["_archive"]
        archive.writestr(ws.path[1:], content.getbuffer())
        self.manifest.append(ws)


def repack(data: bytes, parts: Mapping[str, Part] | None = None) -> bytes:
    """A saved workbook with some parts changed, compressed, and without a trace of when it was made."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, _STAMP)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr, entry.create_system = 0o600 << 16, 3
            content = source.read(name)
            with target.open(entry, "w") as file:
                for piece in parts[name](content) if parts and name in parts else (content,):
                    file.write(piece)
    return buffer.getvalue()


def read_kept(archive: zipfile.ZipFile, path: Path) -> dict[str, Kept]:
    """What openpyxl would not carry, by tab title."""
    return {tab.title: _kept(archive, tab.part) for tab in Book(archive, path).tabs}


def put_back(saved: bytes, original: zipfile.ZipFile, path: Path, kept: Mapping[str, Kept]) -> bytes:
    """A saved workbook with what openpyxl dropped put back, as the original had it."""
    parts: dict[str, Part] = {"docProps/app.xml": _instead(original, "docProps/app.xml")}
    with zipfile.ZipFile(io.BytesIO(saved)) as archive:
        before = {tab.title: tab.part for tab in Book(original, path).tabs}
        for tab in Book(archive, path).tabs:
            parts[tab.part] = kept_in(kept[tab.title])
            parts.update(_notes(archive, tab.part, original, before[tab.title]))
    return repack(saved, parts)


def _instead(original: zipfile.ZipFile, name: str) -> Part:
    """The original's part, where it has one."""
    return lambda content: [original.read(name) if name in original.NameToInfo else content]


def _notes(archive: zipfile.ZipFile, part: str, original: zipfile.ZipFile, before: str) -> Iterator[tuple[str, Part]]:
    """The parts with a tab's notes, and their boxes, as they were."""
    for kind in ("/comments", "/vmlDrawing"):
        old, new = (_related(a, p, kind) for a, p in ((original, before), (archive, part)))
        if old and new:
            yield new, _instead(original, old)


def _related(archive: zipfile.ZipFile, part: str, kind: str) -> str:
    return next((r.target for r in relations(archive, part).values() if r.kind.endswith(kind)), "")


def _kept(archive: zipfile.ZipFile, part: str) -> Kept:
    kept = Kept()
    row = 0
    with archive.open(part) as file:
        for _, element in iterparse(file):  # noqa: S314 - no DTD gets past xlsx_guard
            if element.tag != ROW:
                continue
            row = int(element.get("r") or row + 1)
            if element.get("ht"):
                kept.heights[str(row)] = element.get("customHeight") in ("1", "true")
            for column, cell in enumerate(element):
                if len(cell) and (value := _carried(cell)):
                    kept.values[cell.get("r") or a1(row - 1, column)] = value
            element.clear()
    return kept


def _carried(cell: Element) -> tuple[str, str] | None:
    """Type and text of a value that openpyxl would drop or round."""
    if cell.tag != CELL or cell.get("t") in ("s", "inlineStr"):
        return None
    text = cell.findtext(VALUE)
    if text is None:
        return None
    kind = cell.get("t", "n")
    if cell.find(FORMULA) is not None:
        return kind, text
    return (kind, text) if kind == "n" and len(text) >= LONG else None


_WRITTEN = re.compile(
    rb'<c r="(?P<name>[A-Z]+\d+)"(?P<style>(?: s="\d+")?)(?: t="n")?>(?P<formula><f\b(?:[^>]*/>|[^>]*>[^<]*</f>))?'
    rb"<v(?: ?/>|>(?P<value>[^<]*)</v>)</c>",
)
"""A cell with a number or a formula, as openpyxl writes it."""
_HEIGHT = re.compile(rb'(<row r="(\d+)"[^>]*) customHeight="1"')


def kept_in(kept: Kept) -> Part:
    """The change of a sheet part, as openpyxl wrote it, that puts the kept pieces where they were."""

    def value(match: re.Match[bytes]) -> bytes:
        found = kept.values.get(match["name"].decode())
        if found is None:
            return match[0]
        kind, text = found
        mark = "" if kind == "n" else f' t="{kind}"'
        return b"".join((
            b'<c r="', match["name"], b'"', match["style"], mark.encode(), b">", match["formula"] or b"",
            b"<v>", escape(text).encode(), b"</v></c>",
        ))  # fmt: skip

    def height(match: re.Match[bytes]) -> bytes:
        return match[1] if kept.heights.get(match[2].decode()) is False else match[0]

    def change(content: bytes) -> list[bytes]:
        # openpyxl puts no line break between elements, so a carriage return is a cell's; XML would read it as \n.
        content = content.replace(b"\r", b"&#13;")
        if kept.values:
            content = _WRITTEN.sub(value, content)
        return [_HEIGHT.sub(height, content) if kept.heights else content]

    return change
