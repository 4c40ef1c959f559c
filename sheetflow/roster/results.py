"""What a visit to a tracker gives for its row of the roster: counts, dates, a state, a problem; no cell of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd

from sheetflow.errors import UsageError
from sheetflow.plan import Plan


@dataclass(frozen=True)
class Counts:
    """What a tracker's plan says, as numbers and a date."""

    rows: int
    letters_waiting: int
    overdue: int
    ghosted: int
    interviews: int
    """Rows with an interview in this week, Monday to Sunday."""
    offers: int
    quiet_since: date | None
    """The last day on which, by the tracker, anything happened."""


@dataclass(frozen=True)
class Result:
    """What is to stand beside a row. ``counts`` of ``None``: those that stand there stay, or go with ``forget``."""

    seen: datetime | None = None
    """When the tracker was read; with the offset of its zone."""
    counts: Counts | None = None
    state: str = ""
    problem: str = ""
    forget: bool = False


def count(plan: Plan) -> Counts:
    """The counts of a tracker, on the day of its plan."""
    frame = plan.table.frame
    frame = frame[frame["row"]]
    monday = pd.Timestamp(plan.today - timedelta(days=plan.today.weekday()))
    days = frame["interview"].dt.normalize()
    return Counts(
        rows=len(frame),
        letters_waiting=len(plan.agenda.letters),
        overdue=int((frame["flag"] == "Overdue").sum()),
        ghosted=int((frame["flag"] == "Ghosted").sum()),
        interviews=int(((days >= monday) & (days < monday + pd.Timedelta(days=7))).sum()),
        offers=int((frame["outcome"] == "Offer").sum()),
        quiet_since=_last_day(frame, pd.Timestamp(plan.today)),
    )


def _last_day(frame: pd.DataFrame, today: pd.Timestamp) -> date | None:
    """The latest of the days in the person's columns that is not after today."""
    names = ("applied", "interview", "thanked", "followed", "seconded", "closing", "reply")
    days = [frame[name].dt.normalize() for name in names]
    past = [day[day <= today].max() for day in days]
    known = [day for day in past if not pd.isna(day)]
    return max(known).date() if known else None


# --- from a shard to the job that puts them together -------------------------------------------------------------


def name_of(key: str, secret: str) -> str:
    """A tracker's name in a file that others may see: a keyed hash of what tells it from every other."""
    return hashlib.blake2b(key.encode(), key=secret.encode()[:64], digest_size=16).hexdigest()


def as_text(results: Mapping[str, Result]) -> str:
    """Results by name, as a shard hands them on."""
    return json.dumps({name: asdict(result) for name, result in sorted(results.items())}, default=str, indent=1) + "\n"


def from_texts(texts: Iterable[str]) -> dict[str, Result]:
    """The results of several shards. Raises ``UsageError`` for a file that is none of theirs."""
    found: dict[str, Result] = {}
    for text in texts:
        try:
            found |= {name: _result(fields) for name, fields in json.loads(text).items()}
        except (ValueError, TypeError, KeyError, AttributeError):
            raise UsageError("A file of results cannot be read: it is none that sheetflow roster wrote.") from None
    return found


def _result(stored: dict[str, Any]) -> Result:
    seen, counts = stored["seen"], stored["counts"]
    if counts:
        quiet = counts["quiet_since"]
        numbers = {f.name: int(counts[f.name]) for f in fields(Counts) if f.name != "quiet_since"}
        counts = Counts(**numbers, quiet_since=date.fromisoformat(quiet) if quiet else None)
    return Result(
        datetime.fromisoformat(seen) if seen else None,
        counts,
        str(stored["state"]),
        str(stored["problem"]),
        bool(stored["forget"]),
    )
