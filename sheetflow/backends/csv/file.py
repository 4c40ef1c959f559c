"""Trackers in .csv files: whatever encoding, separator and line ends; the person's own bytes stay.

The file is cut into records and each record keeps its text, so a change rewrites the cells it is about and
nothing beside them.
"""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path

from sheetflow.backends.base import Backend, Options
from sheetflow.backends.csv.escape import escape, unescape
from sheetflow.backends.export import in_place, write_output
from sheetflow.backends.local import as_text, check_size, local_zone
from sheetflow.backends.replace import Version, read_file
from sheetflow.columns import HEADER_ROWS
from sheetflow.errors import Notice, Refused
from sheetflow.highlights import FLAGS
from sheetflow.plan import Plan
from sheetflow.sheet import Sheet, Value

LIMIT = 200_000_000
SAMPLE = 200_000
"""Bytes in which the separator is looked for."""
SEPARATORS = (",", ";", "\t", "|")
_UTF_8_MARK = b"\xef\xbb\xbf"
_BOMS = ((_UTF_8_MARK, "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


@dataclass(frozen=True)
class Dialect:
    """How a file is written: what it must be written with again."""

    encoding: str = "utf-8"
    bom: bytes = b""
    separator: str = ","
    line_end: str = "\n"


class CsvFile(Backend):
    """A tracker in a .csv file; also .tsv and .txt with separators."""

    def __init__(self, path: Path, options: Options) -> None:
        self._path, self._options = path, options
        self._dialect = Dialect()
        self._records: list[str] = []
        self._version: Version | None = None

    def read(self) -> Sheet:
        """Read the file. Raises ``Refused`` when encoding, quoting or size leave a doubt."""
        data, self._version = read_file(self._path, LIMIT)
        encoding, bom = _encoding(data, self._path)
        separator = _separator(data[len(bom) : SAMPLE].decode(encoding, "ignore"), self._options)
        rows: list[list[str]] = []
        self._records = []
        for record, cells in _records(data, encoding, bom, separator, self._path):
            check_size(len(rows) + 1, len(cells), self._path)
            self._records.append(record)
            rows.append(cells)
        self._dialect = Dialect(encoding, bom, separator, _line_end(self._records))
        zone = self._options.zone or local_zone()
        workbook = self._options.output.lower().endswith(".xlsx")  # which has tabs of ours
        return Sheet(self._path.name, rows, zone, rules=FLAGS, tabs={} if workbook else None, unescaped=unescape)

    def apply(self, plan: Plan) -> None:
        """Write the changed cells, in place or, with -o, to another file of either format."""
        write_output(self._path, self._options, self._version, plan, self._rewritten)

    def extras(self, plan: Plan) -> Iterator[Notice]:
        """The columns go, with their separators."""
        yield Notice("They are taken out of the file.")

    def remove(self, plan: Plan) -> None:
        """Take the columns out of every record; the other fields stay as they are written."""

        def rewrite(plan: Plan, values: Mapping[tuple[int, int], str]) -> bytes:
            return self._rewritten(plan, values, frozenset(plan.leaving))

        write_output(self._path, self._options, self._version, plan, rewrite)

    def _rewritten(self, plan: Plan, values: Mapping[tuple[int, int], str], leaving: Container[int] = ()) -> bytes:
        """The file with a plan's changes; ``values`` replaces further cells (formulas, in a copy).

        The columns of ``leaving`` (0-based) are left out.
        """
        dialect = self._dialect
        cells: dict[int, dict[int, str]] = {}
        for (row, column), value in values.items():
            cells.setdefault(row, {})[column] = value
        for row, changes in itertools.groupby(plan.changes, key=itemgetter(0)):
            cells.setdefault(row, {}).update((column, escape(as_text(after))) for _, column, _, _, after in changes)

        def encoded(encoding: str, mark: bytes) -> bytes:
            data = io.BytesIO()
            data.write(mark)
            for row, record in enumerate(self._records):
                text = _patched(record, cells[row], dialect) if row in cells else record
                data.write((_without(text, leaving, dialect) if leaving else text).encode(encoding))
            return data.getvalue()

        try:
            return encoded(dialect.encoding, dialect.bom)
        except UnicodeEncodeError:
            if not in_place(self._path, self._options):
                return encoded("utf-8", _UTF_8_MARK)
        raise Refused(
            f"{{file}} is kept in an encoding ({dialect.encoding}) that lacks letters of the drafts. Save it as "
            "CSV UTF-8, or write elsewhere with -o.",
            file=self._path,
        )


def _encoding(data: bytes, path: Path) -> tuple[str, bytes]:
    """The file's encoding and byte-order mark. A doubt is a refusal: no letter may come out as another."""
    for bom, encoding in _BOMS:
        if data.startswith(bom) and _decodes(data[len(bom) :], encoding):
            return encoding, bom
    zeros = data[:4000].count(0)
    if zeros <= len(data[:4000]) // 10 and _decodes(data, "utf-8"):
        return "utf-8", b""
    if zeros > len(data[:4000]) // 4:
        encoding = "utf-16-le" if data[1:4000:2].count(0) > data[0:4000:2].count(0) else "utf-16-be"
        if _decodes(data, encoding):
            return encoding, b""
    if not zeros and _decodes(data, "cp1252") and _looks_western(data):
        return "cp1252", b""
    raise Refused(
        "{file} is neither UTF-8 nor another encoding that can be told for sure. Save it again as CSV UTF-8 "
        "(Excel: Save as > CSV UTF-8; Google Sheets: File > Download > CSV).",
        file=path,
    )


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


_OTHER_ENCODING = re.compile(r"[ŠšŽžŸˆ˜ƒ†‡‰ÐðÞþÝý¥¤¦¬¯±¸¹]|[^\W\d_][–—…€“„”•£²³¼½¾¿¡][^\W\d_]")
"""In Windows-1252 text as good as never, and what letters of Windows-1250 or Mac Roman look like when read as it."""


def _looks_western(data: bytes) -> bool:
    """Whether the bytes beyond ASCII stand alone and are letters of Western Europe; else there is a doubt."""
    high = re.findall(rb"[\x80-\xff]+", data)
    alone = sum(len(run) > 1 for run in high) <= len(high) // 10
    return alone and not _OTHER_ENCODING.search(data.decode("cp1252"))


def _separator(text: str, options: Options) -> str:
    """The separator under which the first rows have the most headers that are known."""

    def known(separator: str) -> int:
        try:
            rows = itertools.islice(csv.reader(io.StringIO(text, newline=""), delimiter=separator), HEADER_ROWS)
            return max((options.headers_known(cells, options.columns) for cells in rows), default=0)
        except csv.Error:
            return 0

    return max(SEPARATORS, key=known)


def _records(data: bytes, encoding: str, bom: bytes, separator: str, path: Path) -> Iterator[tuple[str, list[str]]]:
    """Each record's own text (its line end included) and its cells."""
    taken: list[str] = []

    def lines() -> Iterator[str]:
        raw = io.BytesIO(data)
        raw.seek(len(bom))
        for line in io.TextIOWrapper(raw, encoding, newline=""):  # a piece at a time: the whole text is large
            taken.append(line)
            yield line

    reader = csv.reader(lines(), delimiter=separator, strict=True)
    number = 0
    try:
        for cells in reader:
            number += 1
            yield "".join(taken), cells
            taken.clear()
    except csv.Error as error:
        raise Refused(
            f"{{file}}, row {number + 1} (line {reader.line_num}): the quotation marks do not match up ({error}). "
            "A cell that holds a quotation mark, a separator or a line break is written in quotation marks, with "
            "those inside it doubled.",
            file=path.name,
        ) from None


def _line_end(records: Sequence[str]) -> str:
    return next((end for record in records if (end := _end(record))), "\n")


def _end(record: str) -> str:
    return "\r\n" if record.endswith("\r\n") else record[-1:] if record.endswith(("\n", "\r")) else ""


def _patched(record: str, cells: Mapping[int, str], dialect: Dialect) -> str:
    """A record with some cells replaced and everything else as it was."""
    end = _end(record)
    fields = split_record(record.removesuffix(end), dialect.separator)
    last = max([column for column, text in cells.items() if text], default=-1)
    fields += [""] * (last + 1 - len(fields))
    for column, text in cells.items():
        if column < len(fields):
            fields[column] = quote(text, dialect.separator)
    return dialect.separator.join(fields) + end


def _without(record: str, leaving: Container[int], dialect: Dialect) -> str:
    """A record without some of its fields."""
    end = _end(record)
    fields = split_record(record.removesuffix(end), dialect.separator)
    return dialect.separator.join(field for column, field in enumerate(fields) if column not in leaving) + end


def split_record(record: str, separator: str) -> list[str]:
    """A record's fields as they are written, quotation marks and all."""
    if '"' not in record:
        return record.split(separator)
    field = re.compile(rf'"(?:[^"]|"")*"|[^{re.escape(separator)}]*')
    fields, at = [], 0
    while True:
        match = field.match(record, at)
        end = match.end() if match else len(record)
        fields.append(record[at:end])
        if end >= len(record):
            return fields
        at = end + 1


def quote(text: str, separator: str) -> str:
    """A cell as it is written, in quotation marks only where it must be (RFC 4180, section 2)."""
    if separator in text or '"' in text or "\n" in text or "\r" in text or text != text.strip():
        return '"' + text.replace('"', '""') + '"'
    return text


def write_rows(rows: Sequence[Sequence[Value]], dialect: Dialect) -> bytes:
    """Whole rows, as text, in a .csv file of their own."""
    separator = dialect.separator
    lines = (separator.join(quote(cell, separator) for cell in row) + dialect.line_end for row in rows)
    return "".join(lines).encode(dialect.encoding)
