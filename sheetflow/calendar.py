"""Due dates and interviews for a calendar: an .ics file to import, and links for Google Calendar.

An entry keeps its UID while its date moves, and its SEQUENCE grows from file to file (RFC 5545, 3.8.7.4): a calendar
that imports the next file moves the entries that it has instead of adding others.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any, NamedTuple

import pandas as pd

from sheetflow.cells import clean
from sheetflow.letters.links import encode
from sheetflow.notes import NOTES
from sheetflow.table import Table

LONGEST_TITLE = 150
_Row = Mapping[Any, Any]
"""A row of the frame: name of the column -> what it holds."""
_INTERVIEW, _NOTE = timedelta(hours=1), timedelta(minutes=30)
_BEFORE = {"interview": timedelta(hours=-1)}
"""When the alarm of an entry with a time rings; of the others three hours before."""
_MORNING = timedelta(hours=9)
"""When the alarm of a whole day rings, from its midnight."""
_SEQUENCE_START = datetime(2020, 1, 1, tzinfo=UTC)


class Entry(NamedTuple):
    """One entry. ``start`` is a day, or a moment in the sheet's zone without its offset."""

    kind: str
    """``interview``, ``decision``, or the name of a note."""
    title: str
    start: date | datetime
    why: str
    uid: str


def entries(table: Table, today: date) -> list[Entry]:
    """The interviews to come and the next due date of every row, by date; nothing before ``today``.

    ``table`` is one that the rules have assessed.
    """
    frame = table.frame
    counts = _counts(table)
    found = []
    for position, row in zip(frame.index.tolist(), frame.to_dict("records"), strict=True):
        for kind, start in _dates(row):
            if (start.date() if isinstance(start, datetime) else start) >= today:
                found.append(_entry(kind, start, row, counts[position]))
    return sorted(found, key=lambda entry: (_moment(entry.start), entry.uid))


def _dates(row: _Row) -> Iterator[tuple[str, date | datetime]]:
    interview = _read(row["interview"], row.get("interview_timed"))
    if row["to_come"] and interview is not None and row["status"] not in ("Closed", "Send withdrawal"):
        yield "interview", interview
    due = _read(row["due"], row.get("due_timed"))
    kind = _kind(row)
    if due is not None and kind:
        yield kind, due


def _kind(row: _Row) -> str:
    """What falls on the day that a row shows as due; empty: nothing that one does."""
    if row["note"]:
        return str(row["note"])
    if row["status"] == "Upcoming":
        return "thank_you"
    if row["status"] == "Offer":
        return "decision"
    if row["status"] == "Snoozed" or pd.isna(row["due"]):
        return ""
    if row["due"] == row["follow_up_due"]:
        return "check_in" if row.get("application") else "follow_up"
    return "second_follow_up" if row["due"] == row["second_follow_up_due"] else ""


def _read(value: object, timed: object) -> date | datetime | None:
    if not isinstance(value, datetime) or pd.isna(value):
        return None
    moment = datetime(value.year, value.month, value.day, value.hour, value.minute)  # noqa: DTZ001 - the sheet's zone
    return moment if timed else moment.date()


def _moment(start: date | datetime) -> datetime:
    return start if isinstance(start, datetime) else datetime(start.year, start.month, start.day)  # noqa: DTZ001


def _counts(table: Table) -> dict[int, int]:
    """Position of a row -> which interview of its company and role it is, from 1."""
    frame = table.frame.sort_values("interview", kind="stable")
    seen: Counter[tuple[str, str]] = Counter()
    counts = {}
    for position, company, role in zip(frame.index.tolist(), frame["company"], frame["role"], strict=True):
        seen[_name(company), _name(role)] += 1
        counts[position] = seen[_name(company), _name(role)]
    return counts


def _name(text: str) -> str:
    return " ".join(text.split()).casefold()


def _entry(kind: str, start: date | datetime, row: _Row, count: int) -> Entry:
    company, role = str(row["company"]), str(row["role"])
    what = {"interview": "Interview", "decision": "Answer the offer"}.get(kind) or f"Send the {NOTES[kind].title}"
    whose = " · ".join(filter(None, (_line(company), _line(role))))
    key = "\0".join((_name(company), _name(role), str(count), kind))
    uid = f"{hashlib.sha256(key.encode()).hexdigest()[:24]}@sheetflow.invalid"
    return Entry(kind, f"{what}: {whose}"[:LONGEST_TITLE], start, _line(str(row["why"])), uid)


def _line(text: str) -> str:
    return " ".join(clean(text).split())


def ics(found: list[Entry], now: datetime) -> bytes:
    """The entries as an .ics file; moments in UTC, so that every calendar shows them where it is.

    ``now`` is aware, in the sheet's zone.
    """
    from icalendar import Alarm, Calendar, Event

    calendar = Calendar()
    calendar.add("prodid", "-//sheetflow//sheetflow//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for entry in found:
        event = Event()
        event.add("uid", entry.uid)
        event.add("dtstamp", now.astimezone(UTC).replace(microsecond=0))
        event.add("sequence", int((now - _SEQUENCE_START).total_seconds()))
        event.add("summary", entry.title)
        event.add("description", entry.why)
        event.add("transp", "OPAQUE" if entry.kind == "interview" else "TRANSPARENT")
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", entry.title)
        if isinstance(entry.start, datetime):
            start = entry.start.replace(tzinfo=now.tzinfo).astimezone(UTC)
            event.add("dtstart", start)
            event.add("dtend", start + (_INTERVIEW if entry.kind == "interview" else _NOTE))
            alarm.add("trigger", _BEFORE.get(entry.kind, timedelta(hours=-3)))
        else:
            event.add("dtstart", entry.start)
            event.add("dtend", entry.start + timedelta(days=1))
            alarm.add("trigger", _MORNING)
        event.add_component(alarm)
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def google_calendar_link(title: str, start: date | datetime, zone: tzinfo | None, details: str = "") -> str:
    """The link that opens Google Calendar with an entry filled in, to be saved there.

    A moment is half an hour long and in the sheet's ``zone``, a day is whole. Parameters as in
    https://github.com/InteractionDesignFoundation/add-event-to-calendar-docs
    """
    if isinstance(start, datetime):
        name = getattr(zone, "key", "")
        if not name:
            start = start.replace(tzinfo=zone).astimezone(UTC)
        stamp = "%Y%m%dT%H%M%S" if name else "%Y%m%dT%H%M%SZ"
        dates = f"{start:{stamp}}/{start + _NOTE:{stamp}}"
        place = f"&ctz={encode(name)}" if name else ""
    else:
        dates, place = f"{start:%Y%m%d}/{start + timedelta(days=1):%Y%m%d}", ""
    more = f"&details={encode(_line(details))}" if details else ""
    text = encode(_line(title)[:LONGEST_TITLE])
    return f"https://calendar.google.com/calendar/render?action=TEMPLATE&text={text}&dates={dates}{place}{more}"
