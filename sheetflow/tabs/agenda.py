"""What waits, what needs a look, and what comes: the one list behind ``To send``, the report and the calendar."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd

from sheetflow.cells import clean
from sheetflow.letters.drafts import read_letters
from sheetflow.letters.links import encode
from sheetflow.letters.stamps import Cells
from sheetflow.notes import NOTES
from sheetflow.sheet import Link
from sheetflow.table import Table

COMING_DAYS = 14
"""How far ahead one looks (the rules, section 7)."""


@dataclass(frozen=True)
class Item:
    """One thing about one row. ``row`` is 0-based in the sheet; ``due`` is a date, with a time where there is one."""

    row: int
    do: str
    company: str
    role: str
    due: date | datetime | None
    late: bool = False
    why: str = ""
    whom: str = ""
    """Of a letter: its recipient's name, or address."""
    opening: str = ""
    """Of a letter: its first line."""
    link: str = ""
    """Of a letter: opens it, filled in; empty where there is no link."""
    mark: str = ""
    """Of a letter: the key of the column in which it is marked as sent."""
    position: int = 0
    """Of a letter: which of its row's it is, from 0."""


@dataclass(frozen=True)
class Agenda:
    """What there is to do, in the order in which to do it."""

    letters: tuple[Item, ...]
    """One per letter and recipient: thank-yous first, then by due date; what has no date is for now."""
    checks: tuple[Item, ...]
    offers: tuple[Item, ...]
    coming: tuple[Item, ...]
    """Interviews and due dates of the next ``COMING_DAYS`` days, by date."""

    @property
    def rows(self) -> tuple[Item, ...]:
        """The letters' rows, each once."""
        return tuple(item for item in self.letters if item.position == 0)


def read_agenda(table: Table, today: date) -> Agenda:
    """The agenda of a table that the rules have assessed and that has its drafts."""
    frame = table.frame
    names = ["company", "role", "status", "flag", "note", "due", "due_timed", "why", "interview", "interview_timed",
             "to_come", "application", "follow_up_due", "second_follow_up_due", "ghosted_on", "draft_to",
             "draft_subject", "draft", "send"]  # fmt: skip
    wanted = frame[(frame["status"] != "") & ((frame["flag"] != "") | frame["due"].notna() | frame["to_come"])]
    letters: list[tuple[bool, datetime, Item]] = []
    checks, offers, coming = [], [], []
    for position, *values in zip(wanted.index.tolist(), *(wanted[name].tolist() for name in names), strict=True):
        cells = dict(zip(names, values, strict=True))
        item = _item(table.first_row + position, cells)
        if cells["note"] and item.late | (cells["flag"] == "Due"):
            first = cells["note"] == "thank_you"
            letters += [(not first, _order(item, today), letter) for letter in _letters(item, cells)]
        elif cells["flag"] == "Check":
            checks.append(item)
        elif cells["status"] == "Offer":
            offers.append(item)
        elif not cells["flag"]:
            coming.append(_coming(item, cells))
    letters.sort(key=lambda entry: entry[:2])
    last = today + timedelta(days=COMING_DAYS)
    soon = [item for item in coming if item.due is not None and today <= day_of(item.due) <= last]
    return Agenda(
        tuple(item for _, _, item in letters),
        tuple(checks),
        tuple(offers),
        tuple(sorted(soon, key=lambda item: _order(item, today))),
    )


def day_of(due: date | datetime) -> date:
    """The day of a date or moment."""
    return due.date() if isinstance(due, datetime) else due


def _order(item: Item, today: date) -> datetime:
    due = item.due or today
    return due if isinstance(due, datetime) else datetime.combine(due, datetime.max.time())


def _item(row: int, cells: dict[str, Any]) -> Item:
    return Item(
        row,
        cells["status"],
        line(cells["company"]),
        line(cells["role"]),
        _moment(cells["due"], cells["due_timed"]),
        late=cells["flag"] == "Overdue",
        why=cells["why"],
    )


def _moment(due: pd.Timestamp, timed: bool) -> date | datetime | None:
    if pd.isna(due):
        return None
    moment: datetime = due.to_pydatetime()
    return moment if timed else moment.date()


def _letters(item: Item, cells: dict[str, Any]) -> Iterator[Item]:
    """One item per letter of a row; a row whose draft cannot be told apart is one."""
    draft = Cells(cells["draft_to"], cells["draft_subject"], cells["draft"])
    links = list(cells["send"])
    mark = NOTES[cells["note"]].marked
    for position, (person, body) in enumerate(read_letters(draft) or [(None, cells["draft"])]):
        email = person.email if person else ""
        yield Item(
            item.row,
            item.do,
            item.company,
            item.role,
            item.due,
            item.late,
            item.why,
            whom=line((person.name or email) if person else cells["draft_to"]),
            opening=opening(body),
            link=_taken(links, email),
            mark=mark,
            position=position,
        )


def opening(body: str) -> str:
    """The first line of a letter that says something: the one after the greeting."""
    lines = filter(None, map(line, body.split("\n")))
    first = next(lines, "")
    return next(lines, first)


def _taken(links: list[Link], email: str) -> str:
    """The link that goes to an address, taken out of the row's."""
    for index, link in enumerate(links):
        if encode(email) in link.url or email in link.url:
            return links.pop(index).url
    return ""


def _coming(item: Item, cells: dict[str, Any]) -> Item:
    """What comes next in a row that waits: its interview, or the step whose date is shown as due."""
    if cells["to_come"]:
        interview = _moment(cells["interview"], cells["interview_timed"])
        return replace(item, do="Interview", due=interview)
    if cells["status"] == "Snoozed":
        return replace(item, do="Snooze ends")
    first = "Check-in" if cells["application"] else "Follow-up"
    steps = (("follow_up_due", first), ("second_follow_up_due", "Second follow-up"), ("ghosted_on", "Ghosted"))
    do = next((words for name, words in steps if cells[name] == cells["due"]), item.do)
    return replace(item, do=do)


def line(text: str) -> str:
    """Text on one line, without what is invisible."""
    return " ".join(clean(text).split())


def counted(items: Sequence[object], one: str, many: str) -> str:
    """``1 letter``, ``3 letters``, ``no letters``."""
    return f"{len(items) or 'no'} {one if len(items) == 1 else many}"
