"""``sheetflow init``: a new tracker in a file, or a sheet of the person's made ready."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from sheetflow.errors import Refused, SheetflowError, UsageError

if TYPE_CHECKING:
    from sheetflow.session import Session


def prepare(session: Session, confirm: Callable[[], bool]) -> Iterator[str]:
    """Prepare the tracker; yields what will be done, before it is, and then that it is.

    ``confirm`` is asked between the two for a sheet that exists. Raises ``Refused`` for a file that is there
    already: ``run`` brings it up to date.
    """
    from sheetflow.backends import is_google

    if not is_google(session.source):
        yield from _create(Path(session.source), session)
        return
    preparation = session.backend().prepare(session.layers.merged)
    if not preparation.steps:
        yield "Nothing to prepare: the sheet has all that it needs."
        return
    yield "This will be done:"
    yield from (f"  - {step}" for step in preparation.steps)
    if not confirm():
        yield "Nothing was changed."
        return
    preparation.apply()
    yield "Done. Fill in Company and Interview, and run sheetflow."


def _create(path: Path, session: Session) -> Iterator[str]:
    from sheetflow.backends import local_format, what_else
    from sheetflow.backends.replace import replace_file

    kind = local_format(path)
    if kind is None or path.suffix.lower() == ".txt":
        raise UsageError(
            f"init makes a .csv or an .xlsx, or prepares a Google Sheet by its link; {{file}} {what_else(str(path))}",
            file=path,
        )
    if path.exists():
        raise Refused(
            "{file} is there already, and init does not touch it. To bring it up to date: sheetflow run {file}",
            file=path,
        )
    if not path.parent.is_dir():
        raise SheetflowError("There is no folder {folder} to make it in.", folder=path.parent)
    replace_file(path, kind.new_tracker(path, session.layers.merged()), None)
    yield "A new tracker is there. Fill in Company and Interview, one row per interview, and run sheetflow on it."
