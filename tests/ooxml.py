"""Whether the parts of an .xlsx are as ECMA-376 has them: Excel is stricter than any other reader.

With the standard's own schemas (part 4, transitional; not kept here) in the folder OOXML_SCHEMAS each part is validated
against them; without them, the order of the elements that a patch can touch is checked against what is written down
below from annex A of part 1, and that every reference between parts leads somewhere.
"""

from __future__ import annotations

import io
import itertools
import os
import posixpath
import re
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote

from lxml import etree

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
ORDER = {
    "worksheet": "sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetCalcPr sheetProtection "
    "protectedRanges scenarios autoFilter sortState dataConsolidate customSheetViews mergeCells phoneticPr "
    "conditionalFormatting dataValidations hyperlinks printOptions pageMargins pageSetup headerFooter "
    "rowBreaks colBreaks customProperties cellWatches ignoredErrors smartTags drawing legacyDrawing legacyDrawingHF "
    "drawingHF picture oleObjects controls webPublishItems tableParts extLst",
    "workbook": "fileVersion fileSharing workbookPr workbookProtection bookViews sheets functionGroups "
    "externalReferences definedNames calcPr oleSize customWorkbookViews pivotCaches smartTagPr smartTagTypes "
    "webPublishing fileRecoveryPr webPublishObjects extLst",
    "styleSheet": "numFmts fonts fills borders cellStyleXfs cellXfs cellStyles dxfs tableStyles colors extLst",
    "sheetPr": "tabColor outlinePr pageSetUpPr",
    "sheetView": "pane selection pivotSelection extLst",
    "cfRule": "formula colorScale dataBar iconSet extLst",
    "dataValidation": "formula1 formula2",
    "row": "c extLst",
    "c": "f v is extLst",
    "xf": "alignment protection extLst",
    "border": "left right top bottom diagonal vertical horizontal",
    "dxf": "font numFmt fill alignment border protection extLst",
}
MANY = {"conditionalFormatting", "selection", "formula", "c"}
"""What may stand there more than once."""
COUNTED = ("numFmts", "fonts", "fills", "borders", "cellXfs", "cellStyleXfs", "cellStyles", "dxfs", "dataValidations")
SCHEMAS = {
    "worksheet": "sml.xsd", "workbook": "sml.xsd", "styleSheet": "sml.xsd", "wsDr": "dml-spreadsheetDrawing.xsd",
    "chartSpace": "dml-chart.xsd", "Types": "opc-contentTypes.xsd", "Relationships": "opc-relationships.xsd",
    "table": "sml.xsd", "sst": "sml.xsd", "Properties": "shared-documentPropertiesExtended.xsd",
}  # fmt: skip
XML = "http://www.w3.org/XML/1998/namespace"
COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"


def check(data: bytes) -> None:
    """Raise ``AssertionError`` for a part that is not as the standard has it, or leads nowhere."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        names = [name for name in archive.namelist() if not name.endswith("/")]
        assert len(names) == len(set(map(str.casefold, names)))
        roots = {name: etree.fromstring(archive.read(name)) for name in names if name.endswith((".xml", ".rels"))}
    _check_types(names, roots["[Content_Types].xml"])
    for name, root in roots.items():
        problems = [*_order(root), *_counts(root), *_leads(name, root, names), *_schema(root)]
        assert not problems, (name, problems[:5])
    for name, root in roots.items():
        if root.tag == f"{MAIN}worksheet":
            _check_sheet(
                root, roots.get(posixpath.join(posixpath.dirname(name), "_rels", posixpath.basename(name) + ".rels"))
            )


def fits(data: bytes) -> bool:
    """Whether a workbook is as the standard has it."""
    try:
        check(data)
    except AssertionError:
        return False
    return True


def _check_types(names: list[str], types: etree._Element) -> None:
    overrides = [str(e.get("PartName")).lstrip("/") for e in types if e.get("PartName")]
    defaults = {str(e.get("Extension")).casefold() for e in types if e.get("Extension")}
    assert len(overrides) == len(set(overrides))
    assert set(overrides) <= set(names), set(overrides) - set(names)
    for name in names:
        assert name in overrides or name.rpartition(".")[2].casefold() in defaults or name.startswith("["), name


def _order(root: etree._Element) -> Iterator[str]:
    for element in root.iter(*(MAIN + name for name in ORDER)):
        order = ORDER[etree.QName(element).localname].split()
        names = [etree.QName(child).localname for child in element if str(child.tag).startswith(MAIN)]
        ranks = [order.index(name) if name in order else -1 for name in names]
        if -1 in ranks or ranks != sorted(ranks):
            yield f"order in {element.tag}: {names}"
        if any(names.count(name) > 1 for name in names if name not in MANY):
            yield f"twice in {element.tag}: {names}"


def _counts(root: etree._Element) -> Iterator[str]:
    for element in root.iter(*(MAIN + name for name in COUNTED)):
        if element.get("count") not in (None, str(len(element))):
            yield f"count of {element.tag}"


def _leads(name: str, root: etree._Element, names: list[str]) -> Iterator[str]:
    if not name.endswith(".rels"):
        return
    folder = posixpath.dirname(posixpath.dirname(name))
    ids = [relation.get("Id") for relation in root]
    if len(ids) != len(set(ids)):
        yield "an id twice"
    for relation in root:
        target = posixpath.normpath(posixpath.join("/" + folder, unquote(str(relation.get("Target"))))).lstrip("/")
        if relation.get("TargetMode") != "External" and target.partition("#")[0] not in names:
            yield f"leads nowhere: {target}"


def _check_sheet(root: etree._Element, rels: etree._Element | None) -> None:
    """Rows and cells ascend; links have what they lead to; no two column ranges overlap; priorities are one each."""
    rows = [int(row.get("r") or 0) for row in root.iter(MAIN + "row") if row.get("r")]
    assert rows == sorted(set(rows))
    ids = set() if rels is None else {relation.get("Id") for relation in rels}
    used = [link.get(RELS + "id") for link in root.iter(MAIN + "hyperlink") if link.get(RELS + "id")]
    assert set(used) <= ids
    references = [link.get("ref") for link in root.iter(MAIN + "hyperlink")]
    assert len(references) == len(set(references)) <= 65_530
    spans = [(int(str(col.get("min"))), int(str(col.get("max")))) for col in root.iter(MAIN + "col")]
    assert all(before[1] < after[0] for before, after in itertools.pairwise(spans)), spans
    assert not root.xpath("//*[local-name()='t' and string-length(.) > 32767]")


@cache
def _validator(name: str) -> etree.XMLSchema | None:
    folder = os.environ.get("OOXML_SCHEMAS")
    return etree.XMLSchema(etree.parse(Path(folder) / name)) if folder else None


def _schema(root: etree._Element) -> Iterator[str]:
    """What the standard's schema says, of a part without the extensions that it knows nothing of."""
    name = SCHEMAS.get(etree.QName(root).localname)
    if str(root.tag).endswith("custom-properties}Properties"):
        name = "shared-documentPropertiesCustom.xsd"
    schema = _validator(name) if name else None
    if schema is None:
        return
    root = etree.fromstring(etree.tostring(root))
    ignorable = {root.nsmap.get(prefix) for prefix in str(root.get(COMPATIBILITY + "Ignorable") or "").split()}
    for element in list(root.iter(etree.Element)):
        namespace = etree.QName(element).namespace
        parent = element.getparent()
        if parent is not None and (namespace in ignorable or element.tag == COMPATIBILITY + "AlternateContent"):
            parent.remove(element)
            continue
        for attribute in list(element.attrib):
            # Excel itself writes xml:space on a t, which the schema has forgotten.
            if etree.QName(str(attribute)).namespace in {*ignorable, COMPATIBILITY[1:-1], XML} - {None}:
                del element.attrib[attribute]
    if not schema.validate(root):
        yield from map(str, schema.error_log)


# --- what stays ------------------------------------------------------------------------------------------------

OF_OURS = re.compile(
    r"\[Content_Types\]\.xml|docProps/app\.xml|xl/workbook\.xml|xl/_rels/workbook\.xml\.rels|xl/styles\.xml|xl/calcChain\.xml"
)
"""The parts that may gain entries."""
CELL = re.compile(
    rb"<(?:\w+:)?c((?:\s+[^\s=<>/]+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*)\s*(?:/>|>.*?</(?:\w+:)?c>)", re.DOTALL
)


def kept(before: bytes, after: bytes, tracker: str = "xl/worksheets/sheet1.xml", width: int = 8) -> None:
    """Raise ``AssertionError`` unless everything of the person's is in ``after`` as it was.

    Every part to the byte, but for the tracker's, in which every cell of the first ``width`` columns is to the byte,
    and for those of ``OF_OURS``, in which every element is there, in its old order.
    """
    with zipfile.ZipFile(io.BytesIO(before)) as old, zipfile.ZipFile(io.BytesIO(after)) as new:
        assert {*old.namelist()} - {*new.namelist()} <= {"xl/calcChain.xml"}
        rels = posixpath.join(posixpath.dirname(tracker), "_rels", posixpath.basename(tracker) + ".rels")
        for name in old.namelist():
            if name == tracker:
                assert _cells(old.read(name), width) == _cells(new.read(name), width)
                _gained(_without_rows(old.read(name)), _without_rows(new.read(name)), name)
            elif OF_OURS.fullmatch(name) or name == rels:
                if name in new.namelist():
                    _gained(etree.fromstring(old.read(name)), etree.fromstring(new.read(name)), name)
            else:
                assert old.read(name) == new.read(name), name


def _cells(part: bytes, width: int) -> list[bytes]:
    """The bytes of the cells in the first columns; all cells where they do not say which they are."""
    found = []
    for match in CELL.finditer(part):
        reference = re.search(rb"\sr\s*=\s*[\"']([A-Z]+)\d", match[1])
        if not reference or (len(reference[1]) == 1 and ord(reference[1]) - 65 < width):
            found.append(match[0])
    return found


def _without_rows(part: bytes) -> etree._Element:
    return etree.fromstring(re.sub(rb"(<(?:\w+:)?sheetData).*</(?:\w+:)?sheetData>", rb"\1/>", part, flags=re.DOTALL))


CHANGING = {
    "dimension",
    "outlinePr",
    "cols",
    "count",
    "fullCalcOnLoad",
    "outlineLevelCol",
    "TitlesOfParts",
    "HeadingPairs",
}


def _gained(old: etree._Element, new: etree._Element, where: str) -> None:
    """Every element of ``old`` is in ``new``, in its order, with its attributes and text."""
    assert old.tag == new.tag
    name = etree.QName(old).localname
    if name in CHANGING:
        return
    assert (old.text or "").strip() == (new.text or "").strip(), where
    attributes = {k: v for k, v in new.attrib.items() if k in old.attrib or k not in CHANGING}
    assert {k: v for k, v in attributes.items() if k not in CHANGING} == {
        k: v for k, v in old.attrib.items() if k not in CHANGING
    }, (where, name)
    rest = iter(new)
    for child in old:
        for other in rest:
            if other.tag == child.tag and _like(child, other):
                break
        else:
            raise AssertionError((where, etree.tostring(child)[:300]))


def _like(old: etree._Element, new: etree._Element) -> bool:
    try:
        _gained(old, new, "")
    except AssertionError:
        return False
    return True
