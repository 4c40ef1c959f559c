"""Where trackers live, and the one place that tells them apart.

A new local format is a folder with the functions of ``base.Format`` and a line in ``FORMATS``.
"""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path
from typing import cast

from sheetflow.backends.base import Backend, Format, Options
from sheetflow.errors import UsageError

FORMATS = {".csv": "csv", ".tsv": "csv", ".txt": "csv", ".xlsx": "xlsx"}
"""A file's ending -> the folder of its format."""
_SHEET_ID = re.compile(r"[A-Za-z0-9_-]{20,}")


def local_format(path: Path) -> Format | None:
    """The format of a file by its ending; ``None`` for one that is not known. Only that one is loaded."""
    name = FORMATS.get(path.suffix.lower())
    return cast(Format, import_module(f"sheetflow.backends.{name}.format")) if name else None


def open_backend(source: str, options: Options) -> Backend:
    """The backend for a spreadsheet's URL or id, a .csv or an .xlsx. Raises ``UsageError`` for anything else."""
    path = Path(source)
    if is_google(source):
        if options.output:
            raise UsageError("-o is for local files; a Google Sheet is brought up to date where it is.")
        from sheetflow.backends.google.backend import GoogleBackend

        return GoogleBackend(source, options)
    if options.output and Path(options.output).suffix.lower() not in FORMATS:
        raise UsageError("-o writes a .csv or an .xlsx; {output} is neither.", output=options.output)
    kind = None if source.startswith(("http://", "https://")) else local_format(path)
    if kind is None:
        raise UsageError(
            "{source} is neither a Google Sheet's link or id, nor a .csv or .xlsx file. Save other formats as one of "
            "these first.",
            source=source,
        )
    return kind.open_file(path, options)


def is_google(source: str) -> bool:
    """Whether a source is a Google Sheet's link or id."""
    if source.startswith(("http://", "https://")):
        return "docs.google.com/spreadsheets" in source
    path = Path(source)
    return path.suffix.lower() not in FORMATS and bool(_SHEET_ID.fullmatch(source)) and not path.exists()
