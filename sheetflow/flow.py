"""The whole run on one screen: read, decide, diff, plan, apply once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from sheetflow import columns, plan, table
from sheetflow.errors import Refused, SheetflowError
from sheetflow.letters import drafts
from sheetflow.letters.templates import Templates
from sheetflow.plan import Plan
from sheetflow.rules import cadence
from sheetflow.settings import Settings
from sheetflow.sheet import Sheet, now_in
from sheetflow.tabs.agenda import read_agenda
from sheetflow.tabs.draw import draw

if TYPE_CHECKING:
    from sheetflow.backends.base import Backend


def make_plan(sheet: Sheet, now: datetime, settings: Settings, templates: Templates) -> Plan:
    """What a run would change. Pure: no clock, no file, no network."""
    now = now_in(sheet.zone, now)
    header = columns.find_header(sheet, settings.columns)
    rows = table.parse(sheet, header, now, settings.date_order, settings.send_from)  # cells -> typed table
    rows = cadence.assess(rows, now, settings)  # dates, status, flag, why
    rows = drafts.write(rows, templates, settings)  # the note to send now; edited ones kept
    agenda = read_agenda(rows, now.date())  # what waits, what needs a look, what comes
    tabs = draw(rows, agenda, now, settings)
    return plan.diff(rows, now, agenda, tabs, roomy=settings.row_height)  # only our columns, only what differs


def run(
    backend: Backend,
    now: datetime,
    settings: Callable[[Sheet], Settings],
    templates: Templates,
    *,
    dry_run: bool = False,
    force: bool = False,
    copy: bool = False,
) -> Plan:
    """Bring a tracker up to date, or with ``dry_run`` only say how; returns the first plan made.

    ``copy`` writes even when nothing changes, because the result goes elsewhere. Raises ``Refused`` when the
    plan is unsafe, and ``SheetflowError`` when somebody's edits overtook every attempt.
    """
    sheet = backend.read()
    first = current = make_plan(sheet, now, settings(sheet), templates)
    first.refuse_if_unsafe(force)
    while not dry_run and (current or copy):
        overtaken = backend.apply(current)
        if overtaken is None:
            break
        try:
            current = make_plan(overtaken, now, settings(overtaken), templates)
        except Refused as refused:
            backend.undo(current)
            raise SheetflowError(
                f"{refused.template} It was changed while sheetflow wrote; what had been written was taken back.",
                **refused.private,
            ) from None
    return first
