"""Where trackers live: two methods per backend, and the one place that tells them apart.

A backend knows how its kind of sheet keeps things and nothing of the rules. A new one is a module with these
two methods and a line in ``open_backend``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from pathlib import Path
from typing import Protocol

from sheetflow.errors import UsageError
from sheetflow.plan import Plan
from sheetflow.sheet import Sheet


class Backend(Protocol):
    """One tracker, wherever it is."""

    def read(self) -> Sheet:
        """Read the tracker's tab, once. Raises ``SheetflowError`` when it cannot be read."""

    def apply(self, plan: Plan) -> Sheet | None:
        """Write a plan, all of it or nothing. ``None``: it stands as planned.

        A sheet: somebody edited it meanwhile, and this is how it stands now; plan again from it.
        Raises ``SheetflowError`` when it cannot be written.
        """

    def requests(self) -> str:
        """What it took, for the report: ``1 read, 1 write``; empty for local files."""


@dataclass(frozen=True)
class Options:
    """What opening a tracker may depend on."""

    zone: tzinfo | None = None
    """The time zone of a local file; ``None``: the computer's."""
    worksheet: str = ""
    output: str = ""
    """Write a local file here instead of in place."""
    columns: Mapping[str, str] = field(default_factory=dict)
    force: bool = False
    environment: Mapping[str, str] = field(default_factory=dict)


_SHEET_ID = re.compile(r"[A-Za-z0-9_-]{20,}")


def open_backend(source: str, options: Options) -> Backend:
    """The backend for a spreadsheet's URL or id, a .csv or an .xlsx. Raises ``UsageError`` for anything else."""
    kind = _kind(source)
    if kind == "google":
        if options.output:
            raise UsageError("-o is for local files; a Google Sheet is brought up to date where it is.")
        from sheetflow.backends.google_sheet import GoogleSheet

        return GoogleSheet(source, options)
    if options.output and _kind(options.output) not in ("csv", "xlsx"):
        raise UsageError("-o writes a .csv or an .xlsx; {output} is neither.", output=options.output)
    if kind == "csv":
        from sheetflow.backends.csv_file import CsvFile

        return CsvFile(Path(source), options)
    if kind == "xlsx":
        from sheetflow.backends.xlsx_file import XlsxFile

        return XlsxFile(Path(source), options)
    raise UsageError(
        "{source} is neither a Google Sheet's link or id, nor a .csv or .xlsx file. Save other formats as one of "
        "these first.",
        source=source,
    )


def _kind(source: str) -> str:
    suffix = Path(source).suffix.lower()
    if source.startswith(("http://", "https://")):
        return "google" if "docs.google.com/spreadsheets" in source else ""
    if suffix in (".csv", ".tsv", ".txt"):
        return "csv"
    if suffix == ".xlsx":
        return "xlsx"
    return "google" if _SHEET_ID.fullmatch(source) and not Path(source).exists() else ""
