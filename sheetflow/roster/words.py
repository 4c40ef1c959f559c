"""What a run over a roster says: row numbers, counts and our own sentences, so that anybody may read it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sheetflow.report import counted, rows_words
from sheetflow.roster.results import Counts
from sheetflow.roster.run import Outcome

_SUMS = {
    "letters_waiting": "letter waiting|letters waiting",
    "overdue": "overdue row|overdue rows",
    "interviews": "interview this week|interviews this week",
    "offers": "offer|offers",
}


def lines(outcome: Outcome, *, dry_run: bool = False) -> Iterator[str]:
    """The lines for a terminal, or a log."""
    read = [result.counts for result in outcome.results.values() if result.counts is not None]
    yield f"{counted(len(read), 'sheet')} {'looked at' if dry_run else 'brought up to date'}: {_sums(read)}."
    states = [result.state for result in outcome.results.values()]
    for state, words in (("Un-shared", "no longer shared"), ("Kept by its owner", "kept by the owner's own run")):
        if states.count(state):
            yield f"{counted(states.count(state), 'sheet')} {words}."
    if outcome.left:
        yield f"{counted(outcome.left, 'sheet')} read less than half an hour ago and left (--all reads them too)."
    if outcome.problems:
        yield f"{counted(len(outcome.problems), 'sheet')} with a problem:"
    by_text: dict[str, list[int]] = {}
    for row, text in sorted(outcome.problems.items()):
        by_text.setdefault(text, []).append(row + 1)
    yield from (f"  {rows_words(rows)}: {text}" for text, rows in by_text.items())
    if outcome.skipped:
        yield f"{counted(outcome.skipped, 'sheet')} not reached, since Google refused the credentials three times."


def _sums(read: list[Counts]) -> str:
    sums = {name: sum(getattr(one, name) for one in read) for name in _SUMS}
    return ", ".join(f"{sums[name]:,} {words.split('|')[sums[name] != 1]}" for name, words in _SUMS.items())


def markdown(outcome: Outcome) -> str:
    """The summary of a job at GitHub."""
    return "\n".join(["## sheetflow roster", "", *(f"- {line.strip()}" for line in lines(outcome))]) + "\n"


def as_json(outcome: Outcome, now: datetime) -> str:
    """The same for programs: one entry per row that was visited or has a problem."""
    rows: dict[int, dict[str, Any]] = {}
    for row, result in outcome.results.items():
        counts = asdict(result.counts) if result.counts else {}
        rows[row] = {"row": row + 1, "state": result.state, **counts}
    for row, text in outcome.problems.items():
        rows.setdefault(row, {"row": row + 1, "state": ""})["problem"] = text
    found = {
        "now": now.isoformat(timespec="seconds"),
        "visited": len(outcome.results),
        "left": outcome.left,
        "not_reached": outcome.skipped,
        "sheets": [rows[row] for row in sorted(rows)],
    }
    return json.dumps(found, default=str, indent=2)
