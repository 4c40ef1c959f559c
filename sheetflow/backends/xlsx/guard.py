"""What an .xlsx must be before anything parses it, and what a rewrite in place would lose.

Nothing here parses XML: the limits come from the zip's directory, the rest from searching the parts' bytes.
"""

from __future__ import annotations

import contextlib
import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from openpyxl.formula.tokenizer import TokenizerError
from openpyxl.utils.exceptions import CellCoordinatesException, IllegalCharacterError, InvalidFileException

from sheetflow.errors import Refused

PACKED, UNPACKED = 50_000_000, 500_000_000
"""Bytes an .xlsx may have, as it is and unpacked in total."""
MOST_PARTS = 2_000
MOST_RATIO, RATIO_FROM = 100, 5_000_000
"""How far a part of this size may be compressed: sheets reach 10 to 40, bombs hundreds and more."""
PROLOG = 65_536
"""Bytes in which a part's first element must begin."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STARTS_WELL = re.compile(rb"(?:\xef\xbb\xbf)?(?>\s+|<\?.*?\?>|<!--.*?-->)*+(?:<[A-Za-z_]|\Z)", re.DOTALL)
"""A declaration, comments, and then an element: no DTD, so no entities, and UTF-8 to be sure of it."""
_UTF_16 = (b"\xff\xfe", b"\xfe\xff", b"\x00<")
_NEEDED = ("[Content_Types].xml", "_rels/.rels")


def open_archive(data: bytes, path: Path) -> zipfile.ZipFile:
    """The workbook's zip, fit to be parsed. Raises ``Refused`` with one line for anything else."""
    if data.startswith(_OLE):
        raise Refused(_ole_trouble(data), file=path.name)
    with damaged(path):
        archive = zipfile.ZipFile(io.BytesIO(data))
        parts = archive.infolist()
        if trouble := _size_trouble(parts):
            raise Refused("{file} " + trouble + " It was not opened.", file=path.name)
        if not {*_NEEDED} <= {part.filename for part in parts}:
            raise Refused(
                "{file} is a zip file but no .xlsx workbook. Open it in your spreadsheet program and save it as .xlsx.",
                file=path.name,
            )
        _refuse_declarations(archive, path)
        return archive


@contextlib.contextmanager
def damaged(path: Path) -> Iterator[None]:
    """Turn what parsing a broken file raises, here and in openpyxl, into one refusal. No file is opened inside."""
    try:
        yield
    except (
        zipfile.BadZipFile, zlib.error, SyntaxError, EOFError, LookupError, ValueError, TypeError, AttributeError,
        NotImplementedError, RuntimeError, OverflowError, OSError, TokenizerError, CellCoordinatesException,
        IllegalCharacterError, InvalidFileException,
    ) as error:  # fmt: skip
        if isinstance(error, zipfile.BadZipFile) and "not a zip" in str(error):
            raise Refused(
                "{file} is no .xlsx workbook, whatever its name says. Open it in your spreadsheet program and save it "
                "as .xlsx.",
                file=path.name,
            ) from None
        raise Refused(
            "{file} is damaged or incomplete. Open it in your spreadsheet program, let it repair the file, and save "
            "it again.",
            file=path.name,
        ) from error


def _ole_trouble(data: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return "{file} is protected with a password. Save a copy without one, and run on that."
    return "{file} is an old .xls workbook, whatever its name says. Open it and save it as .xlsx."


def _size_trouble(parts: list[zipfile.ZipInfo]) -> str:
    """Why the zip's directory alone says no; empty when it does not."""
    names = {part.filename for part in parts}
    if len(parts) > MOST_PARTS or len(names) < len(parts):
        return f"has more than {MOST_PARTS:,} parts, or two of one name, which no spreadsheet program writes."
    if sum(part.file_size for part in parts) > UNPACKED:
        return f"unpacks to more than {UNPACKED // 1_000_000} MB, which is no tracker."
    for part in parts:
        if part.file_size > RATIO_FROM and part.file_size > MOST_RATIO * max(part.compress_size, 1):
            return "is packed far more tightly than any spreadsheet (a so-called zip bomb)."
        if part.flag_bits & 1 or part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            return "is packed in a way that no spreadsheet program uses."
    return ""


def _refuse_declarations(archive: zipfile.ZipFile, path: Path) -> None:
    """Refuse document type declarations, the carrier of entity bombs, in any part, whatever its name."""
    for name in archive.namelist():
        with archive.open(name) as part:
            head = part.read(PROLOG)
        looks_xml = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<" or head.startswith(_UTF_16)
        if looks_xml and not _STARTS_WELL.match(head):
            raise Refused(
                "{file} holds XML with a document type declaration or in a strange encoding, as attacks do and no "
                "spreadsheet program does. It was not opened.",
                file=path.name,
            )


# --- what openpyxl 3.1.5 would lose -----------------------------------------------------------------------


class _Where(NamedTuple):
    """A kind of part, by its name, and which elements of it openpyxl drops: element -> what a person calls it."""

    part: str
    elements: dict[str, str]


# Measured with openpyxl 3.1.5: a workbook with each of these, loaded with rich_text=True and saved again.
_DROPPED = (
    _Where(r"xl/worksheets/[^/]+\.xml", {
        "protectedRanges": "ranges with a protection of their own",
        "customSheetViews": "custom views",
        "dataConsolidate": "data consolidation",
        "picture": "a background picture",
        "drawingHF": "pictures in page headers",
        "legacyDrawingHF": "pictures in page headers",
        "oleObjects": "embedded objects",
        "controls": "form controls",
        "customProperties": "add-in data",
        "webPublishItems": "web publishing",
        "AlternateContent": "features of newer versions",
        "rPh": "phonetic guides (furigana)",
    }),
    _Where(r"xl/sharedStrings\.xml", {"rPh": "phonetic guides (furigana)"}),
    _Where(r"xl/drawings/[^/]+\.xml", {
        "graphicFrame": "charts",  # the data stays; styles, colours, descriptions and newer kinds do not
        "pic": "pictures",  # dropped without Pillow; with it, crops, effects and descriptions are
        "sp": "shapes and text boxes",
        "cxnSp": "shapes and text boxes",
        "grpSp": "shapes and text boxes",
        "contentPart": "drawings",
    }),
    _Where(r"xl/drawings/[^/]+\.vml", {}),
    _Where(r"xl/drawings/_rels/vmlDrawing.*", {"Relationship": "pictures in notes or page headers"}),
    _Where(r"xl/tables/[^/]+\.xml", {"xmlColumnPr": "tables fed from outside"}),
    _Where(r"xl/workbook\.xml", {
        "fileSharing": "the advice to open it read-only",
        "customWorkbookViews": "custom views",
    }),
    _Where(r"xl/styles\.xml", {"slicerStyle": "slicer styles", "timelineStyle": "timeline styles"}),
)  # fmt: skip
_EXTENSIONS = {
    "05C60535-1F16-4FD2-B633-F4F36F0B64E0": "sparklines",
    "78C0D931-6437-407D-A8EE-F0AAD7539E65": "newer conditional formats",
    "B025F937-C7B1-47D3-B67F-A62EFF666E3E": "newer conditional formats",
    "CCE6A557-97BC-4B89-ADB6-D9C93CAAB3DF": "dropdowns with lists from other tabs",
    "A8765BA9-456A-4DAB-B4F3-ACF838C121DE": "slicers",
    "3A4CF648-6AED-40F4-86FF-DC5316D8AED3": "slicers",
    "7E03D99C-DC04-49D9-9315-930204A7B6E9": "timelines",
    "FC87AEE6-9EDD-4A0A-B7FB-166176984837": "ranges with a protection of their own",
    "01252117-D84E-4E92-8308-4BE1C098FCBB": "",  # ignored error marks: nobody would miss them
}
"""Extension lists of sheets and tables, all dropped, by their id; others are told as newer features."""
_MARKS = (
    (
        r"xl/worksheets/[^/]+\.xml",
        rb"[cv]m=\"\d",
        rb"<[^<>]*\s[cv]m=\"",
        "dynamic arrays, cell pictures, data types or checkboxes",
    ),
    (r"xl/worksheets/[^/]+\.xml", rb"\"dataTable\"", rb"<[^<>]*\st=\"dataTable\"", "what-if tables"),
    (r"xl/drawings/[^/]+\.vml", rb"ObjectType=", rb"<[^<>]*\sObjectType=\"(?!Note\")", "form controls"),
)
"""What an attribute gives away: where, a quick search that nearly always says no, the exact one, and the words."""
_LOST_PARTS = (
    (r"xl/threadedComments/|xl/comments/threaded", "threaded comments"),
    (r"xl/pivot|xl/pivotTables/|xl/pivotCache/", "pivot tables"),  # kept in part; newer settings dropped
    (r"xl/vbaProject|xl/vbaData|xl/macrosheets/|customUI/", "macros"),
    (r"xl/slicers/|xl/slicerCaches/", "slicers"),
    (r"xl/timelines/|xl/timelineCaches/", "timelines"),
    (r"xl/ctrlProps/|xl/activeX/", "form controls"),
    (r"xl/embeddings/", "embedded objects"),
    (r"xl/featurePropertyBag/", "dynamic arrays, cell pictures, data types or checkboxes"),
    (r"xl/richData/|xl/metadata\.xml", "dynamic arrays, cell pictures, data types or checkboxes"),
    (r"xl/connections\.xml|xl/queryTables/|xl/model/", "data connections"),
    (r"xl/chartsheets/|xl/dialogsheets/", "chart sheets"),
    (r"xl/diagrams/", "diagrams"),
    (r"xl/revisions/", "tracked changes"),
    (r"xl/webextensions/|xl/volatileDependencies", "add-in data"),
    (r"_xmlsignatures/", "a digital signature"),
    (r"docMetadata/", "a sensitivity label"),
    (r"customXml/", "embedded company data"),
)
_KEPT_PARTS = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|docProps/(?:core|app|custom)\.xml|xl/workbook\.xml|xl/styles\.xml"
    r"|xl/sharedStrings\.xml|xl/_rels/workbook\.xml\.rels|xl/theme/theme\d*\.xml|xl/worksheets/[^/]+\.xml"
    r"|xl/worksheets/_rels/[^/]+\.rels|xl/tables/[^/]+\.xml|xl/comments[^/]*\.xml|xl/comments/comment\d*\.xml"
    r"|xl/drawings/[^/]+\.(?:xml|vml)|xl/drawings/_rels/[^/]+|xl/externalLinks/.*"
    # Lost and no loss: the order of recalculation, the printer's own settings, a thumbnail, the list of people
    # who might comment, the theme's pictures, and what Google keeps for reading its own export again.
    r"|xl/calcChain\.xml|xl/printerSettings/.*|docProps/thumbnail\.\w+|xl/persons/.*|xl/theme/_rels/.*"
    r"|xl/metadata|xl/workbook\.bin\.rels"
    # Reached only through a drawing, chart or header, which is named above.
    r"|xl/media/.*|xl/charts/.*|[^/]+/"
)


def losses(archive: zipfile.ZipFile) -> list[str]:
    """What openpyxl would drop on the way through, in plain words; empty when it keeps everything that matters.

    Tolerated, because nobody would miss them: ignored error marks, watched cells, sort states, phonetic
    settings without phonetic text, revision ids, and extension lists of the workbook and style parts.
    """
    found: dict[str, None] = {}
    for name in archive.namelist():
        found.update(dict.fromkeys(_losses_by_name(name)))
        dropped = [where.elements for where in _DROPPED if re.fullmatch(where.part, name)]
        if dropped:
            data = archive.read(name)
            found.update(dict.fromkeys(_losses_inside(name, data, dropped[0])))
    return [words for words in found if words]


def _losses_by_name(name: str) -> Iterator[str]:
    words = next((words for start, words in _LOST_PARTS if re.match(start, name)), "")
    if words:
        yield words
    elif not _KEPT_PARTS.fullmatch(name):
        yield "parts that sheetflow does not know"


def _losses_inside(name: str, data: bytes, dropped: Mapping[str, str]) -> Iterator[str]:
    elements = {element.decode() for element in re.findall(rb"<(?:[\w.-]+:)?(\w+)", data)}
    yield from (words for element, words in dropped.items() if element in elements)
    for part, quick, exact, words in _MARKS:
        if re.fullmatch(part, name) and re.search(quick, data) and re.search(exact, data):
            yield words
    if name.startswith(("xl/worksheets/", "xl/tables/")) and "ext" in elements:
        for identifier in set(re.findall(rb"<(?:\w+:)?ext\b[^>]*\suri=\"\{([^}]*)\}", data)):
            yield _EXTENSIONS.get(identifier.decode().upper(), "features of newer versions")


def refuse_losses(archive: zipfile.ZipFile, path: Path) -> None:
    """Raise ``Refused`` when a rewrite in place would lose something, with the list and the way out."""
    if lost := losses(archive):
        raise Refused(
            f"{{file}} holds what would be lost if it were rewritten in place: {', '.join(lost)}. Nothing was "
            "written. Write to another file with -o, or move those things to a workbook of their own.",
            file=path.name,
        )
