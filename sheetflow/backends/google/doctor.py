"""What ``doctor`` finds out about a Google Sheet beyond reading it: the right to write, and what is in the way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from sheetflow.backends.google.client import Rejected, Unclear
from sheetflow.backends.google.sheet import GoogleSheet
from sheetflow.checks import Check
from sheetflow.plan import Plan
from sheetflow.sheet import column_letters

Json = dict[str, Any]
FIELDS = "sheets(properties(sheetId),protectedRanges(range,warningOnly,requestingUserCanEdit,unprotectedRanges))"


def examine(backend: GoogleSheet, plan: Plan) -> Iterator[Check]:
    """Check the right to write, protected ranges, and the Settings tab. Changes nothing in the sheet."""
    yield _may_write(backend)
    blocked = sorted(set(_blocked(backend, plan)))
    if blocked:
        names = ", ".join(f"{column_letters(index)}" for index in blocked)
        yield Check(
            "Protection", "wrong",
            f"column {names} is protected against {{address}}: in Data > Protect sheets and ranges, let it edit, or "
            "remove the protection", {"address": getattr(backend.identity, "address", "sheetflow")},
        )  # fmt: skip
    else:
        yield Check("Protection", "ok", "no protected range is in the way")
    if backend.has_settings_tab:
        yield Check("Settings tab", "ok", "is there")
    else:
        yield Check("Settings tab", "look", "is not there; sheetflow init adds one, and the defaults do without it")


def _may_write(backend: GoogleSheet) -> Check:
    """Ask for a change that changes nothing: replace a text that stands nowhere. Only an editor may ask."""
    nothing = {"findReplace": {"find": uuid4().hex, "replacement": "", "sheetId": backend.tab.sheet_id}}
    try:
        backend.client.batch_update({"requests": [nothing]}, "spreadsheetId")
    except (Unclear, Rejected) as problem:
        return Check("Right to edit", "wrong", problem.cause.template, problem.cause.private)
    return Check("Right to edit", "ok", "the sheet is shared with sheetflow as Editor")


def _blocked(backend: GoogleSheet, plan: Plan) -> Iterator[int]:
    """The columns a run writes to in which a protected range keeps us out."""
    wanted = {plan.at[key] for key in plan.wanted}
    for sheet in backend.client.get(FIELDS).get("sheets", []):
        if sheet.get("properties", {}).get("sheetId", 0) != backend.tab.sheet_id:
            continue
        for protected in sheet.get("protectedRanges", []):
            if protected.get("warningOnly") or protected.get("requestingUserCanEdit"):
                continue
            area: Json = protected.get("range", {})
            columns = range(area.get("startColumnIndex", 0), area.get("endColumnIndex", plan.width))
            free = {
                column
                for hole in protected.get("unprotectedRanges", [])
                for column in range(hole.get("startColumnIndex", 0), hole.get("endColumnIndex", plan.width))
            }
            yield from wanted & set(columns) - free
