"""``sheetflow init``: a new tracker in a file, or a Google Sheet of the person's made ready."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from sheetflow.errors import Refused

if TYPE_CHECKING:
    from sheetflow.cli import Call
    from sheetflow.settings import Settings


def prepare(call: Call, confirm: Callable[[], bool]) -> Iterator[str]:
    """Prepare the tracker; yields what will be done, before it is, and then that it is.

    ``confirm`` is asked between the two for a sheet that exists. Raises ``Refused`` for a file that is there
    already: ``run`` brings it up to date.
    """
    from sheetflow.sheet import Sheet

    settings = call.settings()
    if Path(call.source).suffix.lower() in (".csv", ".tsv", ".xlsx"):
        from datetime import UTC

        yield from _create(Path(call.source), settings(Sheet("", (), UTC)))
        return
    from sheetflow.backends.google_prepare import apply_steps, plan_steps
    from sheetflow.backends.google_sheet import GoogleSheet

    backend = call.backend()
    assert isinstance(backend, GoogleSheet)  # noqa: S101 - every other source is a file or a usage error
    steps = plan_steps(backend, settings)
    if not steps:
        yield "Nothing to prepare: the sheet has all that it needs."
        return
    yield "This will be done:"
    yield from (f"  - {step.words}" for step in steps)
    if not confirm():
        yield "Nothing was changed."
        return
    apply_steps(backend, steps)
    yield "Done. Fill in Company and Interview, and run sheetflow."


def _create(path: Path, settings: Settings) -> Iterator[str]:
    from sheetflow.backends.files import replace_file
    from sheetflow.columns import COLUMNS

    if path.exists():
        raise Refused(
            "{file} is there already, and init does not touch it. To bring it up to date: sheetflow run {file}",
            file=path,
        )
    if path.suffix.lower() == ".xlsx":
        from sheetflow.backends.xlsx_file import new_tracker

        data = new_tracker(settings)
    else:
        separator = "\t" if path.suffix.lower() == ".tsv" else ","
        data = (separator.join(column.header for column in COLUMNS) + "\n").encode()
    replace_file(path, data, None)
    yield "A new tracker is there. Fill in Company and Interview, one row per interview, and run sheetflow on it."
