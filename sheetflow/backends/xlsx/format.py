"""What the .xlsx format offers: open, export, make."""

from __future__ import annotations

from pathlib import Path

from sheetflow.backends.base import Options
from sheetflow.backends.xlsx import fresh
from sheetflow.backends.xlsx.file import XlsxFile
from sheetflow.plan import Plan
from sheetflow.settings import Settings


def open_file(path: Path, options: Options) -> XlsxFile:
    """The tracker in a workbook, not yet read."""
    return XlsxFile(path, options)


def export(plan: Plan) -> bytes:
    """A fresh workbook that holds a whole sheet, dates as dates, with a plan's changes."""
    return fresh.build_workbook(plan)


def new_tracker(_path: Path, settings: Settings) -> bytes:
    """An empty tracker with lists to choose from, highlight rules and a Settings tab."""
    return fresh.new_tracker(settings)
