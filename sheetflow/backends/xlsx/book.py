"""A workbook's tabs, what its cells refer to, and how it keeps text, numbers and dates.

No part is parsed that ``guard`` has not let through.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from functools import cached_property, lru_cache
from pathlib import Path
from typing import IO, NamedTuple
from xml.etree.ElementTree import Element, iterparse

from sheetflow.backends.xlsx.guard import MOST_ELEMENTS
from sheetflow.backends.xlsx.package import RELS, Node, Package, parse, tag
from sheetflow.errors import Refused
from sheetflow.sheet import Value

ROW, CELL, VALUE, FORMULA, INLINE = map(tag, ("row", "c", "v", "f", "is"))
SI, TEXT, RUN = map(tag, ("si", "t", "r"))
DATES = frozenset((*range(14, 23), *range(27, 37), 45, 47, *range(50, 59)))
"""Number formats that every program knows as those of dates, by their id (ECMA-376, part 1, 18.8.30)."""

_DURATION = 46
_NOISE = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?![hms]+\])[^\]]*\]', re.IGNORECASE)
"""What in a format's code stands for itself, or for a colour, a language, a condition."""
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_LOOKS_ESCAPED = re.compile(r"_x(?=[0-9A-Fa-f]{4}_)")


class Tab(NamedTuple):
    """One tab of the workbook."""

    title: str
    part: str
    visible: bool


class Book:
    """A workbook's tabs, and what its cells refer to. Raises what ``guard.damaged`` catches."""

    def __init__(self, package: Package, path: Path) -> None:
        self.package = package
        self.part = package.target("", "/officeDocument") or "xl/workbook.xml"
        self.root = root = parse(package.read(self.part))
        if root.tag != tag("workbook"):
            raise Refused(
                "{file} is saved as Strict Open XML, which few programs can change. Save it as Excel Workbook (.xlsx).",
                file=path.name,
            )
        properties = root.find(tag("workbookPr"))
        mac = properties is not None and properties.get("date1904") in ("1", "true")
        self.day_zero = date(1904, 1, 1) if mac else date(1899, 12, 30)
        """The day that typed dates count from."""
        relations = package.relations(self.part)
        self.tabs = []
        for element in root.iterfind(f"{tag('sheets')}/{tag('sheet')}"):
            relation = relations[str(element.attrib[tag("id", RELS)])]
            if relation.kind.endswith("/worksheet"):
                visible = element.get("state", "visible") == "visible"
                self.tabs.append(Tab(str(element.attrib["name"]), relation.target, visible))

    @cached_property
    def strings(self) -> list[str]:
        """The shared strings, rich text as plain text."""
        part = self.package.target(self.part, "/sharedStrings")
        if not part:
            return []
        with self.package.open(part) as file:
            return [plain_text(element) for element in _items(file)]

    @cached_property
    def styles(self) -> Mapping[str, str]:
        """Cell style index (as written) -> ``date`` or ``duration``, for the styles that show one."""
        part = self.package.target(self.part, "/styles")
        kinds = style_kinds(parse(self.package.read(part))) if part else []
        return {str(index): kind for index, kind in enumerate(kinds) if kind}

    def convert(self, text: str, kind: str) -> Value:
        """A number in a cell that shows it as a date or duration; as the number itself where it is none."""
        number = float(text)
        try:
            if kind == "duration":
                return timedelta(days=number)
            days, rest = divmod(number, 1)
            since_midnight = timedelta(milliseconds=round(rest * 86_400_000))
            if 0 <= number < 1 and not since_midnight.days:
                return (datetime.combine(self.day_zero, time()) + since_midnight).time()
            if 0 < number < 60 and self.day_zero.year == 1899:
                days += 1  # Excel believes in 29 February 1900
            return datetime.combine(self.day_zero, time()) + timedelta(days=days) + since_midnight
        except (OverflowError, ValueError):
            return number


def style_kinds(styles: Node) -> list[str]:
    """What each cell style shows: ``date``, ``duration`` or nothing of these."""
    codes = {int(f.attrib["numFmtId"]): f.get("formatCode") or "" for f in styles.iterfind(f"{tag('numFmts')}/*")}
    ids = [int(xf.get("numFmtId") or 0) for xf in styles.iterfind(f"{tag('cellXfs')}/{tag('xf')}")]
    known = dict.fromkeys(DATES, "date") | {_DURATION: "duration"} | {i: format_kind(code) for i, code in codes.items()}
    return [known.get(i, "") for i in ids]


@lru_cache(maxsize=1024)
def format_kind(code: str) -> str:
    """What a number format's code shows: ``date``, ``duration`` or nothing of these."""
    bare = _NOISE.sub("", code.split(";")[0]).casefold()
    if re.search(r"\[[hms]+\]", bare):
        return "duration"
    return "date" if "general" not in bare and re.search("[dmyhs]", bare) else ""


def _items(file: IO[bytes]) -> Iterator[Element]:
    for count, (_, element) in enumerate(iterparse(file)):  # noqa: S314 - no DTD gets past the guard
        if count > MOST_ELEMENTS:
            raise ValueError("too many elements")
        if element.tag == SI:
            yield element
            element.clear()


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
