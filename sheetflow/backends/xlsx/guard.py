"""What an .xlsx must be before anything parses it.

Nothing here parses XML: the limits come from the zip's directory, the rest from searching the parts' bytes.
"""

from __future__ import annotations

import contextlib
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from lxml.etree import LxmlError

from sheetflow.errors import Refused

PACKED, UNPACKED = 50_000_000, 500_000_000
"""Bytes an .xlsx may have, as it is and unpacked in total."""
MOST_PARTS = 2_000
MOST_RATIO, RATIO_FROM = 100, 5_000_000
"""How far a part of this size may be compressed: sheets reach 10 to 40, bombs hundreds and more."""
PROLOG = 65_536
"""Bytes in which a part's first element must begin."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MOST_ELEMENTS = 10_000_000
"""Elements in a part that is read whole; more is an attack on memory."""

_STARTS_WELL = re.compile(rb"(?:\xef\xbb\xbf)?(?>\s+|<\?.*?\?>|<!--.*?-->)*+(?:<[A-Za-z_]|\Z)", re.DOTALL)
"""A declaration, comments, and then an element: no DTD, so no entities, and UTF-8 to be sure of it."""
_OTHER_ENCODING = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"'](?!utf-?8[\"']|us-ascii[\"'])", re.IGNORECASE)
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
    """Turn what parsing a broken file raises into one refusal. No file is opened inside."""
    try:
        yield
    except (
        zipfile.BadZipFile, zlib.error, SyntaxError, EOFError, LookupError, ValueError, TypeError, AttributeError,
        NotImplementedError, RuntimeError, OverflowError, OSError, LxmlError,
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
        if looks_xml and (not _STARTS_WELL.match(head) or _OTHER_ENCODING.search(head[:200])):
            raise Refused(
                "{file} holds XML with a document type declaration or in a strange encoding, as attacks do and no "
                "spreadsheet program does. It was not opened.",
                file=path.name,
            )


def refuse_signed(archive: zipfile.ZipFile, path: Path) -> None:
    """Raise ``Refused`` for a workbook that any change would take the signature from."""
    if any(name.startswith("_xmlsignatures/") for name in archive.namelist()):
        raise Refused(
            "{file} has a digital signature, which any change would break. Save a copy without it, and run on that.",
            file=path.name,
        )
