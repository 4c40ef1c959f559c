"""What the two local backends share: limits, the computer's time zone, and where the result goes."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from datetime import datetime, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

from sheetflow.backends import Options
from sheetflow.backends.files import Version, read_file, replace_file
from sheetflow.cells import escape, moment_text, read_text
from sheetflow.columns import OURS, YOURS
from sheetflow.errors import Refused, SheetflowError
from sheetflow.plan import Plan
from sheetflow.settings import read_zone
from sheetflow.sheet import CellError, Formula, Links, Value

MOST_ROWS, MOST_COLUMNS = 200_000, 500

Rewrite = Callable[[Plan, Mapping[tuple[int, int], str]], bytes]


def check_size(rows: int, columns: int, path: Path) -> None:
    """Refuse what is too large to be a tracker before any more of it is read."""
    if rows > MOST_ROWS or columns > MOST_COLUMNS:
        raise Refused(
            f"{{file}} has more than {MOST_ROWS:,} rows or {MOST_COLUMNS} columns, which is no tracker. "
            "Save the rows of your interviews to a file of their own.",
            file=path.name,
        )


def local_zone() -> tzinfo:
    """The computer's time zone, with its changes over the year where the system tells its name."""
    name = os.environ.get("TZ", "").removeprefix(":")
    link = os.path.realpath("/etc/localtime").partition("zoneinfo/")[2]
    for candidate in (name, link.removeprefix("posix/").removeprefix("right/")):
        try:
            if candidate:
                return read_zone(candidate)
        except ValueError:
            continue
    try:
        with Path("/etc/localtime").open("rb") as file:
            return ZoneInfo.from_file(file, key="local")
    except (OSError, ValueError):
        zone = datetime.now().astimezone().tzinfo
        assert zone is not None  # noqa: S101 - an aware datetime has one
        return zone


def write_output(path: Path, options: Options, version: Version | None, plan: Plan, rewrite: Rewrite) -> None:
    """Write a plan in place or, with -o, to another file of either format.

    ``rewrite`` gives the source's own format with the plan's changes and, for a copy, further cells by place.
    """
    output = Path(options.output)
    if in_place(path, options):
        replace_file(path, rewrite(plan, {}), version)
        return
    if output.suffix.lower() == path.suffix.lower():
        data = rewrite(plan, _values_for_formulas(plan))
    elif output.suffix.lower() == ".xlsx":
        from sheetflow.backends.xlsx_file import build_workbook

        data = build_workbook(plan)
    else:
        from sheetflow.backends.csv_file import Dialect, write_rows

        data = write_rows(text_rows(plan), Dialect())
    _write_elsewhere(output, data, options.force)


def in_place(path: Path, options: Options) -> bool:
    """Whether the result goes where the tracker came from."""
    output = Path(options.output)
    return not options.output or (output.exists() and output.samefile(path))


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
        for place, moment in read_dates(plan).items()
        if str(sheet.cell(*place)).lstrip().startswith("=")
    }


def read_dates(plan: Plan) -> dict[tuple[int, int], datetime]:
    """The person's date cells that were read: 0-based place -> moment (midnight: a date without a time)."""
    frame, first = plan.table.frame, plan.table.first_row
    moments: dict[tuple[int, int], datetime] = {}
    for column in YOURS:
        if column.key in plan.table.header.at and column.kind in ("moment", "day", "sent"):
            values = frame[column.key].dropna()
            index = plan.table.header.at[column.key]
            days: list[datetime] = values.to_numpy().astype("datetime64[us]").tolist()
            moments.update({(first + row, index): day for row, day in zip(values.index.tolist(), days, strict=True)})
    return moments


def text_rows(plan: Plan) -> list[list[str]]:
    """The whole sheet as text with a plan's changes: what a .csv of it holds."""
    width = plan.width
    rows = [[cell_text(cell) for cell in row] + [""] * (width - len(row)) for row in plan.sheet.rows]
    dates = read_dates(plan)
    for (row, column), moment in dates.items():
        rows[row][column] = moment_text(moment)
    for change in plan.changes:
        after = change.after.urls if isinstance(change.after, Links) else change.after
        rows[change.row][change.column] = cell_text(after)
    ours = [plan.at[column.key] for column in OURS]
    for cells in rows[plan.table.first_row :]:
        for column in ours:
            cells[column] = escape(cells[column])
    return rows


def cell_text(value: Value) -> str:
    """Any cell as a .csv keeps it."""
    if isinstance(value, Formula):
        value = value.value
    if isinstance(value, CellError):
        return value.text
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, Links):
        return value.urls
    return value if isinstance(value, str) else read_text(value)
