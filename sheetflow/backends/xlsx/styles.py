"""How cells look, and the part of a workbook that keeps it, which only ever gains entries here."""

from __future__ import annotations

from copy import deepcopy
from typing import NamedTuple, cast

from lxml import etree

from sheetflow.backends.xlsx.book import Book, style_kinds
from sheetflow.backends.xlsx.package import FONT, MAIN, STYLES, Node, Package, child, place, tag
from sheetflow.highlights import Highlight

TYPEFACE, SIZE = "Arial", 10
"""Arial, because every program has it or a font of the same widths, so that nothing is cut off elsewhere."""
DAY, MOMENT = "ddd d mmm", "ddd d mmm hh:mm"
_DAYS = {DAY: MOMENT, "yyyy-mm-dd": "yyyy-mm-dd hh:mm"}
"""The formats of a day that sheetflow has ever written -> the like with a time."""
_MOMENTS = {moment: day for day, moment in _DAYS.items()}
_FIRST_OWN_NUMBER = 164
EMPTY = (
    f'<styleSheet xmlns="{MAIN}"><fonts count="1"><font><sz val="{SIZE}"/><name val="{TYPEFACE}"/><family val="2"/>'
    '</font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill '
    'patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/>'
    '</border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs><cellStyles count="1">'
    '<cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
).encode()
"""The styles of a workbook that has none."""


STYLES_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"


class Look(NamedTuple):
    """How one cell looks, as far as we say; what is left empty stays as it is below. Colours are RRGGBB."""

    number: str = ""
    wrap: bool = False
    link: bool = False
    bold: bool = False
    fill: str = ""
    ink: str = ""
    size: int = 0
    line: str = ""
    middle: bool = False
    top: bool = False
    """At the top of its row; so is whatever looks in any other way and is not in the middle."""
    indent: bool = False


LINK_INK = "0B57D0"


class Styles:
    """The styles part. Its numbers of styles are those that cells carry."""

    def __init__(self, package: Package, part: str) -> None:
        self._root = package.tree(part)
        self._formats = self._list("cellXfs")
        self.kinds = style_kinds(self._root)
        self._made: dict[tuple[int, Look], int] = {}
        self._dated: dict[tuple[int, bool], int] = {}

    def _list(self, name: str) -> Node:
        return child(self._root, name, STYLES)

    def derived(self, base: int, look: Look) -> int:
        """The number of the style that is ``base`` with a look put on it."""
        key = (base, look)
        if key not in self._made:
            style = deepcopy(self._formats[base])
            self._paint(style, look)
            self._made[key] = self._entry(self._formats, style)
            self.kinds = style_kinds(self._root)
        return self._made[key]

    def dated(self, base: int, timed: bool) -> int:
        """A style that shows a date: ``base`` itself, unless it shows none, or is one of ours that hides the time."""
        key = (base, timed)
        if key not in self._dated:
            code, others = self._code(base), _DAYS if timed else _MOMENTS
            number = others.get(code) or (MOMENT if timed else DAY)
            shows = self.kinds[base] == "date" and code not in others
            self._dated[key] = base if shows else self.derived(base, Look(number=number))
        return self._dated[key]

    def _code(self, base: int) -> str:
        identifier = self._formats[base].get("numFmtId")
        found = self._root.find(f"{tag('numFmts')}/{tag('numFmt')}[@numFmtId='{identifier}']")
        return "" if found is None else found.get("formatCode") or ""

    def _paint(self, style: Node, look: Look) -> None:
        if look.number:
            style.set("numFmtId", self._number(look.number))
            style.set("applyNumberFormat", "1")
        if look.bold or look.link or look.ink or look.size:
            fonts = self._list("fonts")
            font = self._font(fonts[int(style.get("fontId") or 0)], look)
            style.set("fontId", str(self._entry(fonts, font)))
            style.set("applyFont", "1")
        if look.fill:
            fill = tree("fill", tree("patternFill", tree("fgColor", rgb=_opaque(look.fill)), patternType="solid"))
            style.set("fillId", str(self._entry(self._list("fills"), fill)))
            style.set("applyFill", "1")
        if look.line:
            bottom = tree("bottom", tree("color", rgb=_opaque(look.line)), style="thin")
            sides = [tree("left"), tree("right"), tree("top"), bottom, tree("diagonal")]
            style.set("borderId", str(self._entry(self._list("borders"), tree("border", *sides))))
            style.set("applyBorder", "1")
        if look != Look(number=look.number):  # a date in a cell that has its look gets a format and nothing else
            self._align(style, look)

    def _align(self, style: Node, look: Look) -> None:
        old = style.find(tag("alignment"))
        if old is not None:
            style.remove(old)
        kept = {} if old is None else {k: v for k, v in old.attrib.items() if k in ("readingOrder", "textRotation")}
        wanted = {"horizontal": "left", "vertical": "center" if look.middle else "top"}
        wanted |= {"wrapText": "1"} if look.wrap else {}
        wanted |= {"indent": "1"} if look.indent else {}
        style.insert(0, tree("alignment", **{str(k): str(v) for k, v in kept.items()}, **wanted))
        style.set("applyAlignment", "1")

    def _font(self, base: Node, look: Look) -> Node:
        font = deepcopy(base)
        wanted: dict[str, dict[str, str]] = {"b": {}} if look.bold else {}
        wanted |= {"u": {}} if look.link else {}
        wanted |= {"color": {"rgb": _opaque(LINK_INK if look.link else look.ink)}} if look.link or look.ink else {}
        wanted |= {"sz": {"val": str(look.size)}} if look.size else {}
        for name, attributes in wanted.items():
            for other in font.findall(tag(name)):
                font.remove(other)
            place(font, tree(name, **attributes), FONT)
        return font

    def _number(self, code: str) -> str:
        formats = self._list("numFmts")
        for element in formats:
            if element.get("formatCode") == code:
                return element.get("numFmtId") or ""
        taken = [int(element.get("numFmtId") or 0) for element in formats]
        identifier = str(max([_FIRST_OWN_NUMBER - 1, *taken]) + 1)
        self._entry(formats, tree("numFmt", numFmtId=identifier, formatCode=code))
        return identifier

    def highlight(self, highlight: Highlight) -> int:
        """The number of the style that a highlight rule gives its rows."""
        font = tree("font")
        font.extend([tree("b")] if highlight.bold else [])
        font.extend([tree("strike")] if highlight.strikethrough else [])
        font.append(tree("color", rgb=_opaque(highlight.text)))
        fill = tree("fill", tree("patternFill", tree("bgColor", rgb=_opaque(highlight.background))))
        return self._entry(self._list("dxfs"), tree("dxf", font, fill))

    def _entry(self, entries: Node, element: Node) -> int:
        """The number of an entry that is like this one, added if there is none."""
        wanted = _canonical(element)
        for number, other in enumerate(entries):
            if _canonical(other) == wanted:
                return number
        entries.append(element)
        entries.set("count", str(len(entries)))
        return len(entries) - 1


def styles_of(book: Book) -> Styles:
    """The workbook's styles; made if it has none."""
    part = book.package.target(book.part, "/styles")
    if not part:
        part = book.package.free("xl/styles{}.xml")
        book.package.put(part, [EMPTY], STYLES_TYPE)
        book.package.relate(book.part, "styles", [part])
    return Styles(book.package, part)


def _canonical(element: Node) -> bytes:
    return etree.tostring(element, method="c14n", exclusive=True, with_tail=False)


def _opaque(colour: str) -> str:
    return "FF" + colour


def tree(kind: str, /, *children: Node, **attributes: str) -> Node:
    """An element of the main namespace."""
    element = etree.Element(tag(kind), attributes, cast(dict[str, str], {None: MAIN}))
    element.extend(children)
    return element
