"""Where a local file's result goes: in place, elsewhere, or into another format."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from sheetflow.backends import local_format
from sheetflow.backends.base import Options
from sheetflow.backends.local import cell_text, date_cells, whole_rows
from sheetflow.backends.replace import Version, read_file, replace_file
from sheetflow.cells import moment_text
from sheetflow.columns import BY_KEY
from sheetflow.errors import Refused, SheetflowError
from sheetflow.plan import Plan
from sheetflow.sheet import Sheet, Value

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
    _write_elsewhere(output, data, plan, options)


def in_place(path: Path, options: Options) -> bool:
    """Whether the result goes where the tracker came from. A hard link is another file: only one name is replaced."""
    return not options.output or os.path.realpath(options.output) == os.path.realpath(path)


def _write_elsewhere(output: Path, data: bytes, plan: Plan, options: Options) -> None:
    """Write a copy. A file that is there already may hold somebody's ticks: then it is not replaced unasked."""
    version = None
    if output.exists():
        there, version = read_file(output, 10**10)
        if there == data:
            return
        if not options.force and not _holds_nothing_else(output, plan, options):
            raise Refused(
                "{file} is there already, and replacing it could lose what you typed into it. To bring it up to "
                "date: sheetflow run {file}. To replace it: the same command with --force.",
                file=output,
            )
    elif not output.parent.is_dir():
        raise SheetflowError("There is no folder {folder} to write to.", folder=output.parent)
    replace_file(output, data, version)


def _holds_nothing_else(output: Path, plan: Plan, options: Options) -> bool:
    """Whether a file is an earlier copy of the same tracker, in which every cell of the person's is as here.

    A copy is told by its Draft stamp column; an edited draft is the person's as well.
    """
    kind = local_format(output)
    if kind is None:
        return False
    try:
        sheet = kind.open_file(output, replace(options, output="")).read()
    except SheetflowError:
        return False
    ours = {place for column, place in plan.at.items() if BY_KEY[column].owner == "sheetflow"}
    drafts = {plan.at[key] for key in ("draft_to", "draft_subject", "draft")}
    here = whole_rows(plan)
    if plan.at["stamp"] >= max(map(len, sheet.rows), default=0):
        return False
    return len(sheet.rows) <= len(here) and all(
        _text(sheet.cell(row, column), sheet if column in drafts else None) == _text(cell)
        for row, cells in enumerate(here)
        for column, cell in enumerate(cells)
        if column not in ours - drafts
    )


def _text(cell: Value, of: Sheet | None = None) -> str:
    text = cell_text(cell).replace("\r\n", "\n")
    return of.unescaped(text) if of else text


def _values_for_formulas(plan: Plan) -> dict[tuple[int, int], str]:
    """``=TODAY()-3`` and the like in the person's date cells, as the dates they stand for today."""
    sheet = plan.sheet
    return {
        place: moment_text(moment)
        for place, moment in date_cells(plan).items()
        if str(sheet.cell(*place)).lstrip().startswith("=")
    }
