"""Where trackers live, and the one place that tells them apart.

A new local format is a folder with the functions of ``base.Format`` and a line in ``FORMATS``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import cast

from sheetflow.backends.base import Accounts, Backend, Format, Options, Time
from sheetflow.errors import UsageError

FORMATS = {".csv": "csv", ".tsv": "csv", ".txt": "csv", ".xlsx": "xlsx"}
"""A file's ending -> the folder of its format."""
OTHER_FORMATS = {
    ".xls": "is of Excel's old format: open it there, choose File > Save As > Excel Workbook (.xlsx), and use that.",
    ".xlsm": "holds macros: in Excel choose File > Save As > Excel Workbook (.xlsx), and use that.",
    ".xlsb": "is of Excel's binary format: choose File > Save As > Excel Workbook (.xlsx), and use that.",
    ".ods": "is of LibreOffice's format: choose File > Save As > Excel 2007-365 (.xlsx), and use that.",
    ".numbers": "is of Numbers' format: choose File > Export To > Excel (.xlsx) or CSV, and use that.",
    ".gsheet": "is only a shortcut: open it, and use the link that the browser shows.",
    ".pdf": "is a document to look at: use the spreadsheet that it was made from.",
}
"""Files that people have for spreadsheets: how to come from each to one that can be used."""
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
        raise UsageError(f"-o writes a .csv or an .xlsx; {{output}} {what_else(options.output)}", output=options.output)
    kind = None if source.startswith(("http://", "https://")) else local_format(path)
    if kind is None or path.is_dir():
        raise UsageError(f"{{source}} {what_else(source)}", source=source)
    return kind.open_file(path, options)


def what_else(source: str) -> str:
    """What a source is that is no tracker, and the way out; to be read after its name."""
    path = Path(source)
    suffix = path.suffix.lower()
    if source.startswith(("http://", "https://")):
        return "is no link of a Google Sheet: those begin with https://docs.google.com/spreadsheets/."
    if path.is_dir():
        return "is a folder: name the tracker file in it."
    if suffix in OTHER_FORMATS:
        return OTHER_FORMATS[suffix]
    if not suffix:
        name = path.name if path.exists() else "new"
        return (
            f"has no ending that says what it is: call it {name}.xlsx or .csv. (A Google Sheet is named by its link.)"
        )
    return "is neither a Google Sheet's link or id, nor a .csv or .xlsx file: save it as one of these first."


def is_google(source: str) -> bool:
    """Whether a source is a Google Sheet's link or id."""
    if source.startswith(("http://", "https://")):
        return "docs.google.com/spreadsheets" in source
    path = Path(source)
    return path.suffix.lower() not in FORMATS and bool(_SHEET_ID.fullmatch(source)) and not path.exists()


def identify(source: str, folder: Path | None = None) -> str:
    """What tells a tracker from every other, however it is linked: a spreadsheet's id, or a file's place.

    Files are looked for in ``folder``, and nowhere else; ``None``: files do not count. Raises ``ValueError`` with a
    sentence for anybody's eyes.
    """
    if not source:
        raise ValueError("Sheet is empty. Paste the link of the tracker.")
    if is_google(source):
        from sheetflow.backends.google.tab import read_source

        try:
            return read_source(source)[0]
        except UsageError:
            raise ValueError(
                "Sheet holds no link of a Google Sheet. Copy it from the browser, while it is open."
            ) from None
    if folder is None:
        raise ValueError("Sheet holds no link of a Google Sheet. Copy it from the browser, while it is open.")
    path = (folder / source).resolve()
    if path.suffix.lower() not in FORMATS or not path.is_relative_to(folder.resolve()):
        raise ValueError("Sheet names neither a Google Sheet nor a .csv or .xlsx file in the roster's own folder.")
    return str(path)


def google_accounts(environment: Mapping[str, str], file: str, time: Time, number: int, of: int) -> Accounts:
    """The accounts that a file names, or else the one of the environment, as the ``number``-th of ``of`` shards."""
    from sheetflow.backends.google.accounts import Accounts as GoogleAccounts

    return GoogleAccounts(environment, file, time, number, of)
