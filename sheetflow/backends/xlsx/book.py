"""An .xlsx as a package: its tabs, what its cells refer to, and how it keeps text and numbers.

No part is parsed that ``xlsx_guard`` has not let through.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import IO, NamedTuple
from urllib.parse import unquote
from xml.etree.ElementTree import Element, iterparse

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel

from sheetflow.errors import Refused
from sheetflow.sheet import Value

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
ROW, CELL, VALUE, FORMULA, INLINE = (MAIN + tag for tag in ("row", "c", "v", "f", "is"))
SI, TEXT, RUN = (MAIN + tag for tag in ("si", "t", "r"))
MOST_ELEMENTS = 10_000_000
"""Elements in a part that is read whole; more is an attack on memory."""

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_LOOKS_ESCAPED = re.compile(r"_x(?=[0-9A-Fa-f]{4}_)")


class Relation(NamedTuple):
    """Where a part points."""

    kind: str
    target: str
    external: bool


class Tab(NamedTuple):
    """One tab of the workbook."""

    title: str
    part: str
    visible: bool


class Book:
    """A workbook's tabs, and what its cells refer to. Raises what ``xlsx_guard.damaged`` catches."""

    def __init__(self, archive: zipfile.ZipFile, path: Path) -> None:
        self._archive, self._path = archive, path
        root = relations(archive, "")
        self._part = next((r.target for r in root.values() if r.kind.endswith("/officeDocument")), "xl/workbook.xml")
        self._relations = relations(archive, self._part)
        self.mac = False
        self.tabs: list[Tab] = []
        self._read_workbook()

    @property
    def day_zero(self) -> date:
        """The day that typed dates count from."""
        return date(1904, 1, 1) if self.mac else date(1899, 12, 30)

    def _read_workbook(self) -> None:
        with self._archive.open(self._part) as file:
            for element in _elements(file):
                if not element.tag.startswith(MAIN):
                    if element.tag.endswith("}workbook"):
                        raise Refused(
                            "{file} is saved as Strict Open XML, which openpyxl cannot read. Save it as Excel Workbook "
                            "(.xlsx).",
                            file=self._path.name,
                        )
                elif element.tag == MAIN + "workbookPr":
                    self.mac = element.get("date1904") in ("1", "true")
                elif element.tag == MAIN + "sheet":
                    relation = self._relations[element.attrib[RELS + "id"]]
                    if relation.kind.endswith("/worksheet"):
                        visible = element.get("state", "visible") == "visible"
                        self.tabs.append(Tab(element.attrib["name"], relation.target, visible))

    @cached_property
    def strings(self) -> list[str]:
        """The shared strings, rich text as plain text."""
        part = self._target("/sharedStrings")
        if not part:
            return []
        with self._archive.open(part) as file:
            return [plain_text(element) for element in _elements(file, SI)]

    @cached_property
    def styles(self) -> Mapping[str, str]:
        """Cell style index (as written) -> ``date`` or ``duration``, for the styles that show one."""
        part = self._target("/styles")
        codes: dict[int, str] = dict(BUILTIN_FORMATS)
        formats: list[int] = []
        if part:
            with self._archive.open(part) as file:
                for element in _elements(file):
                    if element.tag == MAIN + "numFmt":
                        codes[int(element.attrib["numFmtId"])] = element.get("formatCode", "")
                    elif element.tag == MAIN + "cellXfs":
                        formats = [int(xf.get("numFmtId") or 0) for xf in element]
                    if element.tag not in (MAIN + "xf", MAIN + "alignment", MAIN + "protection"):
                        element.clear()
        kinds = {number: _format_kind(code) for number, code in codes.items()}
        return {str(i): kinds[number] for i, number in enumerate(formats) if kinds.get(number)}

    def _target(self, kind: str) -> str:
        return next((r.target for r in self._relations.values() if r.kind.endswith(kind)), "")

    def convert(self, text: str, kind: str) -> Value:
        """A number in a cell that shows it as a date or duration; as the number itself where it is none."""
        number = float(text)
        try:
            if kind == "duration":
                return timedelta(days=number)
            return from_excel(number, MAC_EPOCH if self.mac else WINDOWS_EPOCH)
        except (OverflowError, ValueError):
            return number


def relations(archive: zipfile.ZipFile, part: str) -> dict[str, Relation]:
    """What a part points to, by id; of the package itself for an empty name."""
    folder, _, name = part.rpartition("/")
    rels = posixpath.join(folder, "_rels", f"{name}.rels")
    if rels not in archive.NameToInfo:
        return {}
    found = {}
    with archive.open(rels) as file:
        for element in _elements(file):
            if "Target" in element.attrib:
                external = element.get("TargetMode") == "External"
                target = element.attrib["Target"]
                if not external:
                    target = posixpath.normpath(posixpath.join("/" + folder, unquote(target))).lstrip("/")
                found[element.attrib["Id"]] = Relation(element.get("Type", ""), target, external)
    return found


def _elements(file: IO[bytes], only: str = "") -> Iterator[Element]:
    """The elements of a part as they end; with ``only``, those of that tag, emptied afterwards."""
    for count, (_, element) in enumerate(iterparse(file)):  # noqa: S314 - no DTD gets past xlsx_guard
        if count > MOST_ELEMENTS:
            raise ValueError("too many elements")
        if not only:
            yield element
        elif element.tag == only:
            yield element
            element.clear()


def _format_kind(code: str) -> str:
    if is_timedelta_format(code):
        return "duration"
    return "date" if is_date_format(code) and code != "General" else ""


def plain_text(element: Element) -> str:
    """The text of a string or of rich text, without phonetic guides."""
    parts = [
        text.text or ""
        for child in element
        for text in ([child] if child.tag == TEXT else child.findall(TEXT) if child.tag == RUN else ())
    ]
    return unescape("".join(parts))


def unescape(text: str) -> str:
    """Text with ``_x000D_`` and the like (ECMA-376, part 1, 22.9.2.19) as the characters they stand for."""
    if "_x" not in text:
        return text
    units = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text).encode("utf-16-le", "surrogatepass")
    return units.decode("utf-16-le", "replace")  # half of a character is none, and no .csv could hold it


def storable(text: str) -> str:
    """Text as an .xlsx part may hold it: without what XML forbids, and what ``unescape`` would change escaped."""
    text = _FORBIDDEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _LOOKS_ESCAPED.sub("_x005F_x", text) if "_x" in text else text
