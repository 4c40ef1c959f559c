"""``sheetflow doctor``: each thing that a run needs, whether it is there, and how to fix it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sheetflow.checks import Check
from sheetflow.errors import SheetflowError, literal

if TYPE_CHECKING:
    from sheetflow.mailbox.facts import Facts
    from sheetflow.plan import Plan
    from sheetflow.session import Session

_MARKS = {"ok": "ok   ", "look": "look ", "wrong": "WRONG"}


def examine(session: Session) -> list[Check]:
    """Go through everything a run does, short of writing. A failure ends the list: the rest rests on it."""
    checks: list[Check] = []
    try:
        for check in _steps(session):
            checks.append(check)  # noqa: PERF402 - what was found before a failure must stay
    except SheetflowError as error:
        checks.append(Check("Stopped here", "wrong", error.template, error.private))
    return checks


def _steps(session: Session) -> Iterator[Check]:
    from sheetflow import flow
    from sheetflow.actions import schedule_checks
    from sheetflow.mailbox.facts import NO_MAIL, Wanted
    from sheetflow.sheet import now_in

    settings = session.layers.merged
    settings()
    yield Check("Settings", "ok", "can be read")
    templates = session.templates()
    yield Check("Notes", "ok", "all five templates can be used")
    backend = session.backend()
    yield from backend.access()
    sheet = backend.read()
    yield Check("Tracker", "ok", "{title} can be read", {"title": sheet.title})
    facts = NO_MAIL
    if mailbox := session.mailbox():
        wanted = flow.whom_to_look_for(sheet, session.now, settings(sheet), mailbox.owner)
        facts = mailbox.look(wanted or Wanted(session.now.date()))
        yield _mailbox(facts, len(wanted.people) if wanted else 0)
    plan = flow.make_plan(sheet, session.now, settings(sheet), templates, facts)
    zone = getattr(sheet.zone, "key", None) or str(sheet.zone)
    yield Check("Time zone", "ok", f"times are in {zone}")
    yield from schedule_checks(sheet.zone, settings(sheet).quiet_hours, now_in(sheet.zone, session.now), Path())
    order = sheet.date_order or settings(sheet).date_order
    words = {"dmy": "day first", "mdy": "month first"}.get(order, "not settled, so it is asked in its row")
    yield Check("Dates", "ok", f"a date like 03/04/2026 is {words}")
    yield from _columns(plan)
    yield from backend.examine(plan)
    yield from _rows(plan)
    if not settings(sheet).name:
        yield Check(
            "Your name", "look", "is not set: the notes end without it. Set it in the Settings tab or with --name"
        )


def _mailbox(facts: Facts, people: int) -> Check:
    """What the mailbox showed; what is wrong is for everybody's eyes and says how to put it right."""
    if facts.trouble:
        return Check("Mailbox", "wrong", literal(facts.trouble))
    received = "all mail" if "all" in facts.folders else "the inbox (mail in other folders is not seen)"
    folders = ", ".join([received, *("sent mail", "drafts")[: 1 + ("drafts" in facts.folders)]])
    return Check(
        "Mailbox",
        "ok",
        f"{{address}} can be read, headers only: {folders}. Addresses looked for: {people}; mails found: "
        f"{len(facts.mails)}",
        {"address": facts.owner},
    )


def _columns(plan: Plan) -> Iterator[Check]:
    from sheetflow.columns import BY_KEY, YOURS, plain
    from sheetflow.sheet import column_letters

    header, sheet = plan.table.header, plan.sheet
    yield Check("Header", "ok", f"in row {header.row + 1}, with {len(header.at)} columns that are known")
    other = [
        f"{column_letters(index)} {sheet.cell(header.row, index)!s} as {BY_KEY[key].header}"
        for key, index in sorted(header.at.items(), key=lambda item: item[1])
        if plain(str(sheet.cell(header.row, index))) != plain(BY_KEY[key].header)
    ]
    if other:
        yield Check("Understood", "ok", "{headers}", {"headers": ", ".join(other)})
    missing = [column.header for column in YOURS if column.key not in header.at]
    added = [column.header for _, column in plan.added]
    if missing:
        yield Check("Not there", "look", f"counted as empty: {', '.join(missing)}")
    if added:
        yield Check("To be added", "look", f"a run adds {', '.join(added)}")


def _rows(plan: Plan) -> Iterator[Check]:
    from sheetflow.report import Report, rows_words

    for notice in plan.table.notices:
        yield Check("Understood", "look", notice.text, dict(notice.private))
    loud, quiet = Report(plan, False, False), Report(plan, True, False)
    for trouble in loud.troubles:
        text = f"{trouble.column}: {{text}}"
        yield Check(rows_words(trouble.rows).capitalize(), "wrong", text, {"text": trouble.text})
    if not loud.troubles:
        yield Check("Rows", "ok", f"{sum(quiet.statuses.values())} with something to say, none with a problem")
    if quiet.left_alone:
        yield Check("No company", "look", quiet.left_alone)
    frame = plan.table.frame
    if frame["row"].any() and not (frame["interview"].notna() | frame["applied"].notna()).any():
        yield Check("Days", "look", "no row has a day to go by: type one into Interview or Applied, like 2026-11-20")


def lines(checks: Sequence[Check], quiet: bool) -> Iterator[str]:
    """The findings for a terminal, and the last word."""
    for check in checks:
        yield f"{_MARKS[check.state]}  {check.name}: {check.say(quiet)}"
    wrong = sum(check.state == "wrong" for check in checks)
    yield "Everything a run needs is there." if not wrong else f"{wrong} to fix."


def as_json(checks: Sequence[Check], quiet: bool) -> str:
    """The findings for programs."""
    found: list[dict[str, Any]] = [{"name": c.name, "state": c.state, "text": c.say(quiet)} for c in checks]
    return json.dumps({"ok": all(c.state != "wrong" for c in checks), "checks": found}, indent=2)
