"""An .xlsx as a package of parts: read as they are, changed only where asked, and every other part copied as it was."""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, NamedTuple
from urllib.parse import unquote

from lxml import etree

from sheetflow.backends.xlsx.guard import MOST_ELEMENTS

Node = etree._Element

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/"
_TYPES = "[Content_Types].xml"
_STAMP = (1980, 1, 1, 0, 0, 0)
"""The time of parts of ours: the oldest there is, so that the same plan gives the same bytes."""

# The children of some elements, in the order of the standard (ECMA-376, part 1, annex A), on which Excel insists.
WORKSHEET = (
    "sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetCalcPr sheetProtection protectedRanges scenarios "
    "autoFilter sortState dataConsolidate customSheetViews mergeCells phoneticPr conditionalFormatting dataValidations "
    "hyperlinks printOptions pageMargins pageSetup headerFooter rowBreaks colBreaks customProperties cellWatches "
    "ignoredErrors smartTags drawing legacyDrawing legacyDrawingHF drawingHF picture oleObjects controls "
    "webPublishItems tableParts extLst"
)
WORKBOOK = (
    "fileVersion fileSharing workbookPr workbookProtection bookViews sheets functionGroups externalReferences "
    "definedNames calcPr oleSize customWorkbookViews pivotCaches smartTagPr smartTagTypes webPublishing "
    "fileRecoveryPr webPublishObjects extLst"
)
STYLES = "numFmts fonts fills borders cellStyleXfs cellXfs cellStyles dxfs tableStyles colors extLst"
SHEET_PROPERTIES = "tabColor outlinePr pageSetUpPr"
FONT = "b i strike condense extend outline shadow u vertAlign sz color name family charset scheme"


class Relation(NamedTuple):
    """Where a part points."""

    kind: str
    target: str
    external: bool


def tag(name: str, namespace: str = MAIN) -> str:
    """An element's name with its namespace."""
    return f"{{{namespace}}}{name}"


def parse(data: bytes) -> Node:
    """A part as a tree. Raises ``ValueError`` for one that would fill the memory."""
    if data.count(b"<") > MOST_ELEMENTS:
        raise ValueError("too many elements")
    return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))


def attribute(element: Node, name: str) -> str:
    """An attribute that must be there."""
    return str(element.attrib[name])


def serialised(root: Node) -> bytes:
    """A tree as a part."""
    return etree.tostring(root.getroottree(), encoding="UTF-8", xml_declaration=True, standalone=True)


def child(parent: Node, name: str, order: str) -> Node:
    """The child of that name, made in its place if it is not there."""
    found = parent.find(tag(name))
    return found if found is not None else place(parent, etree.Element(tag(name)), order)


def place(parent: Node, element: Node, order: str) -> Node:
    """Put an element behind the last one that may stand before it."""
    rank = {tag(name): n for n, name in enumerate(order.split())}
    before = [n for n, other in enumerate(parent) if rank.get(str(other.tag), 99) <= rank[str(element.tag)]]
    parent.insert(before[-1] + 1 if before else 0, element)
    return element


def rels_of(part: str) -> str:
    """The name of the part that holds a part's relationships; of the package's for an empty name."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


class Package:
    """The parts of a workbook, and what is to become of them. Raises what ``guard.damaged`` catches."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._trees: dict[str, Node] = {}
        self._new: dict[str, Iterable[bytes] | None] = {}
        """Part -> its new content in pieces; ``None``: it goes."""

    def __contains__(self, part: str) -> bool:
        return part in self._archive.NameToInfo or part in self._trees or part in self._new

    def read(self, part: str) -> bytes:
        """A part as it was, or as it was put last."""
        new = self._new.get(part)
        return self._archive.read(part) if new is None else b"".join(new)

    def open(self, part: str) -> IO[bytes]:
        """A part as it was, to be read piece by piece."""
        return self._archive.open(part)

    def tree(self, part: str) -> Node:
        """A part as a tree, to be changed: it is written back."""
        if part not in self._trees:
            self._trees[part] = parse(self.read(part))
            self._new.pop(part, None)
        return self._trees[part]

    def put(self, part: str, content: Iterable[bytes], kind: str = "") -> None:
        """Give a part another content; with ``kind``, the type of its content, it is a new one."""
        self._new[part] = content
        if kind:
            attributes = {"PartName": f"/{part}", "ContentType": kind}
            etree.SubElement(self.tree(_TYPES), tag("Override", _PACKAGE + "content-types"), attributes)

    def drop(self, part: str, owner: str) -> None:
        """Take a part out with its relationships, and the owner's way to it."""
        for name in (part, rels_of(part)):
            if name in self:
                self._new[name] = None
                self._trees.pop(name, None)
        types = self.tree(_TYPES)
        for element in [e for e in types if (e.get("PartName") or "").lstrip("/") == part]:
            types.remove(element)
        for name, relation in self.relations(owner).items():
            if relation.target == part and not relation.external:
                self.unrelate(owner, {name})

    def free(self, pattern: str) -> str:
        """The first name of a pattern, such as ``xl/worksheets/sheet{}.xml``, that no part bears."""
        taken = {name.casefold() for name in (*self._archive.NameToInfo, *self._new)}
        return next(name for n in range(1, len(taken) + 2) if (name := pattern.format(n)).casefold() not in taken)

    def relations(self, part: str) -> dict[str, Relation]:
        """What a part points to, by id; of the package itself for an empty name."""
        rels = rels_of(part)
        if rels not in self:
            return {}
        root = self._trees.get(rels)
        return dict(_relations(parse(self.read(rels)) if root is None else root, posixpath.dirname(part)))

    def target(self, part: str, kind: str) -> str:
        """The part that a part points to, by the end of the kind of its relationship; empty for none."""
        return next((r.target for r in self.relations(part).values() if r.kind.endswith(kind)), "")

    def relate(self, part: str, kind: str, targets: Sequence[str], external: bool = False) -> list[str]:
        """New ids under which a part points to targets (a part's name, or an address)."""
        if not targets:
            return []
        root, taken = self._rels(part), set(self.relations(part))
        ids = (name for n in range(1, len(taken) + len(targets) + 1) if (name := f"rId{n}") not in taken)
        mode = {"TargetMode": "External"} if external else {}
        found = []
        for target in targets:
            name = next(ids)
            there = target if external else posixpath.relpath("/" + target, "/" + posixpath.dirname(part))
            attributes = {"Id": name, "Type": f"{RELS}/{kind}", "Target": there, **mode}
            etree.SubElement(root, tag("Relationship", _PACKAGE + "relationships"), attributes)
            found.append(name)
        return found

    def unrelate(self, part: str, ids: set[str]) -> None:
        """Take relationships out."""
        root = self._rels(part)
        for element in [e for e in root if e.get("Id") in ids]:
            root.remove(element)

    def _rels(self, part: str) -> Node:
        rels = rels_of(part)
        if rels in self:
            return self.tree(rels)
        self._trees[rels] = parse(f'<Relationships xmlns="{_PACKAGE}relationships"/>'.encode())
        return self._trees[rels]

    def save(self) -> bytes:
        """The whole workbook. Parts come in their old order, new ones behind; untouched ones as they were.

        Pieces that are still to be made are made first (behind the list of types, by which a program knows an .xlsx):
        making them may add to the styles and relationships.
        """
        buffer, old = io.BytesIO(), {entry.filename: entry for entry in self._archive.infolist()}
        made = [name for name, content in self._new.items() if isinstance(content, Iterator)]
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
            for name in dict.fromkeys((_TYPES, *made, *old, *self._new, *self._trees)):
                content = self._new.get(name, ()) if name in self._new else self._content(name)
                if content is not None:
                    with target.open(_entry(old.get(name), name), "w") as file:
                        for piece in content:
                            file.write(piece)
            for name in sorted(self._trees.keys() - set(target.NameToInfo)):  # made meanwhile
                target.writestr(_entry(None, name), serialised(self._trees[name]))
        return buffer.getvalue()

    def _content(self, name: str) -> list[bytes]:
        return [serialised(self._trees[name]) if name in self._trees else self._archive.read(name)]


def _entry(old: zipfile.ZipInfo | None, name: str) -> zipfile.ZipInfo:
    """A zip entry like another one, without what belongs to where it stood; one of ours for none."""
    entry = zipfile.ZipInfo(name, old.date_time if old else _STAMP)
    entry.compress_type = old.compress_type if old else zipfile.ZIP_DEFLATED
    entry.external_attr, entry.create_system = (old.external_attr, old.create_system) if old else (0o600 << 16, 3)
    return entry


def _relations(root: Node, folder: str) -> Iterator[tuple[str, Relation]]:
    for element in root:
        if "Target" in element.attrib:
            external = element.get("TargetMode") == "External"
            target = element.attrib["Target"]
            if not external:
                target = posixpath.normpath(posixpath.join("/" + folder, unquote(target))).lstrip("/")
            yield str(element.attrib["Id"]), Relation(element.get("Type") or "", str(target), external)
