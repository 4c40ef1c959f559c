"""Where a local file's result goes: in place, elsewhere, or into another format."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from sheetflow.backends import local_format
from sheetflow.backends.base import Options
from sheetflow.backends.local import date_cells
from sheetflow.backends.replace import Version, read_file, replace_file
from sheetflow.cells import moment_text
from sheetflow.errors import Refused, SheetflowError
from sheetflow.plan import Plan

Rewrite = Callable[[Plan, Mapping[tuple[int, int], str]], bytes]


def write_output(path: Path, options: Options, version: Version | None, plan: Plan, rewrite: Rewrite) -> None:
    """Write a plan in place or, with -o, to another file of any local format.

    ``rewrite`` gives the source's own format with the plan's changes and, for a copy, further cells by place.
    """
    if in_place(path, options):
        replace_file(path, rewrite(plan, {}), version)
        return
    output = Path(options.output)
    kind = local_format(output)
    if kind is None or kind is local_format(path):
        data = rewrite(plan, _values_for_formulas(plan))
    else:
        data = kind.export(plan)
    _write_elsewhere(output, data, options.force)


def in_place(path: Path, options: Options) -> bool:
    """Whether the result goes where the tracker came from. A hard link is another file: only one name is replaced."""
    return not options.output or os.path.realpath(options.output) == os.path.realpath(path)


def _write_elsewhere(output: Path, data: bytes, force: bool) -> None:
    """Write a copy. A file that is there already may hold somebody's ticks, so it is not replaced unasked."""
    version = None
    if output.exists():
        there, version = read_file(output, 10**10)
        if there == data:
            return
        if not force:
            raise Refused(
                "{file} is there already, and replacing it could lose what you typed into it. To bring it up to "
                "date: sheetflow run {file}. To replace it: the same command with --force.",
                file=output,
            )
    elif not output.parent.is_dir():
        raise SheetflowError("There is no folder {folder} to write to.", folder=output.parent)
    replace_file(output, data, version)


def _values_for_formulas(plan: Plan) -> dict[tuple[int, int], str]:
    """``=TODAY()-3`` and the like in the person's date cells, as the dates they stand for today."""
    sheet = plan.sheet
    return {
        place: moment_text(moment)
        for place, moment in date_cells(plan).items()
        if str(sheet.cell(*place)).lstrip().startswith("=")
    }
