"""What the .csv format offers: open, export, make."""

from __future__ import annotations

from pathlib import Path

from sheetflow.backends.base import Options
from sheetflow.backends.csv.escape import escape
from sheetflow.backends.csv.file import CsvFile, Dialect, write_rows
from sheetflow.backends.local import as_text, whole_rows
from sheetflow.columns import FRESH
from sheetflow.plan import Plan
from sheetflow.settings import Settings


def open_file(path: Path, options: Options) -> CsvFile:
    """The tracker in a .csv, .tsv or .txt file, not yet read."""
    return CsvFile(path, options)


def export(plan: Plan) -> bytes:
    """A .csv that holds a whole sheet as text, with a plan's changes."""
    ours = {plan.at[key] for key in plan.wanted}
    first = plan.table.first_row
    rows = [
        [
            escape(as_text(cell)) if row >= first and column in ours else as_text(cell)
            for column, cell in enumerate(cells)
        ]
        for row, cells in enumerate(whole_rows(plan))
    ]
    return write_rows(rows, Dialect())


def new_tracker(path: Path, _settings: Settings) -> bytes:
    """A header row: an empty tracker; tabs separate in a .tsv."""
    separator = "\t" if path.suffix.lower() == ".tsv" else ","
    return write_rows([[column.header for column in FRESH]], Dialect(separator=separator))
