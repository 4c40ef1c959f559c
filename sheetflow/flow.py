"""The whole run on one screen: read, decide, diff, plan, apply once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from sheetflow import plan, table
from sheetflow.errors import Refused, SheetflowError
from sheetflow.letters import drafts, outbox, stamps
from sheetflow.letters.templates import Templates
from sheetflow.mailbox.facts import NO_MAIL, Facts
from sheetflow.plan import Plan
from sheetflow.rules import cadence, mail
from sheetflow.settings import Settings
from sheetflow.sheet import Sheet, now_in
from sheetflow.table import claims
from sheetflow.tabs.agenda import read_agenda
from sheetflow.tabs.draw import draw

if TYPE_CHECKING:
    from sheetflow.backends.base import Backend
    from sheetflow.mailbox.box import Mailbox
    from sheetflow.mailbox.facts import Wanted
    from sheetflow.table import Table


def make_plan(sheet: Sheet, now: datetime, settings: Settings, templates: Templates, facts: Facts = NO_MAIL) -> Plan:
    """What a run would change, given what a mailbox showed. Pure: no clock, no file, no network."""
    now = now_in(sheet.zone, now)
    rows = _assessed(sheet, now, settings, facts)
    rows = drafts.write(rows, templates, settings)  # the note to send now; edited ones kept
    letters = outbox.settle(rows, facts, now, settings)  # what is to lie in a mailbox as drafts
    agenda = read_agenda(rows, now.date())  # what waits, what needs a look, what comes
    tabs = draw(rows, agenda, now, settings)
    return plan.diff(rows, now, agenda, tabs, letters, roomy=settings.row_height)  # only our columns, what differs


def _assessed(sheet: Sheet, now: datetime, settings: Settings, facts: Facts) -> Table:
    header = claims.find_header(sheet, settings.columns, {"seen"} if facts.used else ())
    rows = table.parse(sheet, header, now, settings.date_order, settings.send_from)  # cells -> typed table
    return cadence.assess(rows, now, settings, facts)  # dates, status, flag, why


def make_removal(sheet: Sheet, now: datetime, settings: Settings) -> Plan:
    """What takes everything of ours away from a tracker, but for drafts that the person edited."""
    now = now_in(sheet.zone, now)
    rows = _assessed(sheet, now, settings, NO_MAIL)
    return plan.removal(rows, now, {row for row, found in stamps.find_drafts(rows).items() if found.edited})


def whom_to_look_for(sheet: Sheet, now: datetime, settings: Settings, owner: str) -> Wanted | None:
    """Whose mail a run looks for in the mailbox of ``owner``; ``None``: nobody's."""
    now = now_in(sheet.zone, now)
    return mail.wanted(_assessed(sheet, now, settings, NO_MAIL), owner, now.date())


def run(
    backend: Backend,
    now: datetime,
    settings: Callable[[Sheet], Settings],
    templates: Templates,
    *,
    mailbox: Mailbox | None = None,
    dry_run: bool = False,
    force: bool = False,
    copy: bool = False,
) -> Plan:
    """Bring a tracker up to date, or with ``dry_run`` only say how; returns the first plan made.

    With a mailbox the tracker is read twice: for the addresses, and, once the mailbox has been looked into, for what
    is planned from. ``copy`` writes even when nothing changes, because the result goes elsewhere. Raises ``Refused``
    when the plan is unsafe, and ``SheetflowError`` when somebody's edits overtook every attempt.
    """
    sheet, facts = backend.read(), NO_MAIL
    if mailbox is not None:
        facts = mailbox.look(whom_to_look_for(sheet, now, settings(sheet), mailbox.owner))
        if copy:  # it could not remember that a draft was made
            facts = replace(facts, drafting=False, drafts=None)
        sheet = backend.read()
    first = current = make_plan(sheet, now, settings(sheet), templates, facts)
    first.refuse_if_unsafe(force)
    while not dry_run and (current or copy):
        overtaken = backend.apply(current)
        if overtaken is None:
            break
        try:
            current = make_plan(overtaken, now, settings(overtaken), templates, facts)
        except Refused as refused:
            backend.undo(current)
            raise SheetflowError(
                f"{refused.template} It was changed while sheetflow wrote; what had been written was taken back.",
                **refused.private,
            ) from None
    if mailbox is not None and not dry_run and current.outbox:  # the sheet says so now
        first.table.trouble = mailbox.put(current.outbox) or first.table.trouble
    return first
