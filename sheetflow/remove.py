"""``sheetflow remove``: take everything of ours out of a tracker; what the person typed stays."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from sheetflow.columns import BY_KEY
from sheetflow.errors import Notice
from sheetflow.plan import DRAFT_CELLS
from sheetflow.sheet import column_letters

if TYPE_CHECKING:
    from sheetflow.plan import Plan
    from sheetflow.session import Session


def remove(session: Session, confirm: Callable[[], bool]) -> Iterator[str]:
    """Take ours away; yields what will be done, before it is, and then that it is. ``confirm`` is asked between.

    Raises ``SheetflowError`` for a tracker that cannot be read or written.
    """
    from sheetflow import flow

    backend = session.backend()
    sheet = backend.read()
    plan = flow.make_removal(sheet, session.now, session.layers.merged(sheet))
    steps = [*_steps(plan), *backend.extras(plan)]
    if not plan.changes and not sheet.tabs:
        yield "Nothing to remove: there is nothing of sheetflow's in it."
        return
    yield "This will be done:"
    yield from (f"  - {step.say(session.quiet)}" for step in steps)
    yield "Columns that you type into stay, also those that sheetflow added for you."
    if not confirm():
        yield "Nothing was changed."
        return
    backend.remove(plan)
    yield "Done. To start again: sheetflow run."


def _steps(plan: Plan) -> Iterator[Notice]:
    """What becomes of the columns, in words."""
    keys = {index: key for key, index in plan.at.items()}
    columns = [f"{BY_KEY[keys[index]].header} ({column_letters(index)})" for index in plan.leaving]
    if columns:
        yield Notice(f"These columns are sheetflow's: {', '.join(columns)}.")
    kept = [BY_KEY[key].header for key in DRAFT_CELLS if key in plan.at and plan.at[key] not in plan.leaving]
    if kept:
        yield Notice(f"{', '.join(kept)} stay: there are drafts in your own words. The other drafts in them go.")
