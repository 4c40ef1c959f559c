"""Taking everything of ours out of a Google Sheet: columns, rules, protections, marks, tabs, in one atomic write.

The one place that deletes. The API deletes by place and has no compare-and-set, so the sheet is read once more right
before, and refused if anything in it changed since it was shown; what came of it is looked at afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sheetflow.backends.google import metadata
from sheetflow.backends.google.cells import update_requests
from sheetflow.backends.google.client import Rejected, Unclear
from sheetflow.backends.google.look import highlighted
from sheetflow.backends.google.prepare import PROTECTION
from sheetflow.backends.google.requests import text_cell
from sheetflow.backends.google.sheet import GoogleSheet
from sheetflow.backends.google.tab import READ_FIELDS, WRITE_FIELDS, read_tab
from sheetflow.cells import read_text
from sheetflow.errors import Notice, SheetflowError
from sheetflow.plan import Plan
from sheetflow.sheet import column_letters

Json = dict[str, Any]

FIELDS = READ_FIELDS.replace("conditionalFormats(", "protectedRanges(protectedRangeId,description),conditionalFormats(")


def extras(plan: Plan) -> Iterator[Notice]:
    """What goes beside the cells."""
    yield Notice("They are deleted, with their highlight rules, protections and invisible marks.")
    for tab in (plan.sheet.tabs or {}).values():
        yield Notice("The tab {title} goes.", {"title": tab.title})


def remove(backend: GoogleSheet, plan: Plan) -> None:
    """Carry out a removal. Raises ``SheetflowError`` if anybody edited the sheet since it was planned."""
    if backend.read(FIELDS).rows != plan.sheet.rows:
        raise SheetflowError("Somebody edited the sheet meanwhile, so nothing was removed. Run remove again.")
    body = {"requests": list(_requests(backend, plan)), "includeSpreadsheetInResponse": True}
    try:
        answer = backend.client.batch_update(body, WRITE_FIELDS)
    except (Unclear, Rejected) as problem:
        raise SheetflowError(
            f"{problem.cause.template} Run remove again: it looks first what is left.", **problem.cause.private
        ) from None
    _refuse_losses(backend, plan, answer)


def _requests(backend: GoogleSheet, plan: Plan) -> Iterator[Json]:
    sheet_id, leaving = backend.tab.sheet_id, plan.leaving
    kept = {(c.row, c.column): text_cell("") for c in plan.changes if c.column not in leaving}
    yield from (request for _, request in update_requests(kept, sheet_id))
    flag = column_letters(plan.at.get("flag", -1))
    for index, formula in reversed(list(enumerate(backend.tab.rules))):
        rule = highlighted(formula)
        if rule and rule[1] == flag:
            yield {"deleteConditionalFormatRule": {"sheetId": sheet_id, "index": index}}
    for protected in backend.raw_tab.get("protectedRanges", []):
        if protected.get("description") == PROTECTION:
            yield {"deleteProtectedRange": {"protectedRangeId": protected["protectedRangeId"]}}
    yield from metadata.forget()
    yield from ({"deleteSheet": {"sheetId": tab}} for tab in backend.tabs.ids)
    for column in reversed(leaving):
        yield {"deleteDimension": {"range": metadata.span("COLUMNS", sheet_id, column, column + 1)}}


def _refuse_losses(backend: GoogleSheet, plan: Plan, answer: Json) -> None:
    """Say so where a column of the person's went, because somebody moved columns in the very second of the write."""
    sheets = answer.get("updatedSpreadsheet", {}).get("sheets", [])
    tab = next((read_tab(s) for s in sheets if s["properties"].get("sheetId") == backend.tab.sheet_id), None)
    if tab is None:
        return
    there = {cell.get("userEnteredValue", {}).get("stringValue") for row in tab.rows for cell in row}
    titles = enumerate(plan.sheet.rows[plan.table.header.row])
    lost = [read_text(title) for column, title in titles if column not in plan.leaving and read_text(title)]
    if gone := [title for title in lost if title not in there]:
        raise SheetflowError(
            "While it was removed somebody moved columns, and {columns} of yours went: bring it back with File > "
            "Version history.",
            columns=", ".join(gone),
        )
