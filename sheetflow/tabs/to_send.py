"""The tab ``To send``: one line per letter, with the link that opens it and the cell to mark (the rules, section 7)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, tzinfo

from sheetflow.calendar import google_calendar_link
from sheetflow.cells import MONTHS, read_text
from sheetflow.columns import BY_KEY
from sheetflow.sheet import TabSeen, Value, a1, is_empty
from sheetflow.tabs import CellRef, Tab, TabCell
from sheetflow.tabs.agenda import Agenda, Item, counted, day_of

TITLE = "To send"
HEAD = ("Do", "Company", "To", "Due", "Open", "The letter", "Then mark", "Calendar")
WIDTHS = (170, 190, 140, 140, 150, 330, 230, 80)
MARK = HEAD.index("Then mark")
MOST = 100
"""Letters shown (the rules, section 7)."""
MOST_OTHERS = 20
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_BLANK = TabCell()
_Row = tuple[TabCell, ...]


def to_send(agenda: Agenda, at: Mapping[str, int], now: datetime, seen: TabSeen | None) -> Tab:
    """What the tab is to hold. ``at``: column key -> 0-based index; ``seen``: the tab as it stands."""
    marks = _typed_marks(seen)
    rows = [*_top(agenda, now), *_letters(agenda, at, marks, now.tzinfo), *_others(agenda, now.tzinfo)]
    return Tab("to_send", TITLE, WIDTHS, tuple(rows), frozen_rows=4, typed=MARK)


def day_words(due: date | datetime) -> str:
    """A date as a list says it: ``Sun 22 Nov``, ``Tue 24 Nov, 14:30``."""
    words = f"{WEEKDAYS[due.weekday()]} {due.day} {MONTHS[due.month - 1][:3]}"
    return f"{words}, {due:%H:%M}" if isinstance(due, datetime) else words


def _top(agenda: Agenda, now: datetime) -> Iterator[_Row]:
    today = day_words(now.date())
    verb = "waits" if len(agenda.letters) == 1 else "wait"
    title = (
        f"{today}: {counted(agenda.letters, 'letter', 'letters')} {verb}" if agenda.letters else _nothing(agenda, today)
    )
    yield (TabCell(title, "title"),)
    yield (
        TabCell(f"Checked {day_words(now.replace(second=0, microsecond=0, tzinfo=None))}", "note"),
        TabCell(
            f"Rows as of {now:%H:%M}: after sorting the tracker, look at the company. Every run writes this tab anew; "
            "notes of your own are safe to the right of it.",
            "quiet",
        ),
    )
    yield ()
    yield tuple(TabCell(name, "head") for name in HEAD)


def _nothing(agenda: Agenda, today: str) -> str:
    """That nothing waits, and what comes next."""
    words = f"{today}: nothing to send"
    if agenda.coming:
        first = agenda.coming[0]
        assert first.due is not None  # noqa: S101 - what comes has a day
        words += f". Next: {first.do}, {first.company or 'no company'}, {day_words(first.due)}"
    return words


def _letters(
    agenda: Agenda, at: Mapping[str, int], marks: Mapping[tuple[str, str], list[Value]], zone: tzinfo | None
) -> Iterator[_Row]:
    for item in agenda.letters[:MOST]:
        place = a1(item.row, at[item.mark])
        cells = marks.get((_company(item), item.whom), [])
        typed = cells.pop(0) if cells else None
        do = item.do if typed is None else f"Mark it in the tracker: {place}"
        mark = TabCell(f"{BY_KEY[item.mark].header}, {item.company}, {place}", link=CellRef(item.row, item.mark))
        yield (
            TabCell(do, "late" if item.late else "due"),
            TabCell(_company(item), link=CellRef(item.row, "company")),
            TabCell(item.whom),
            TabCell(_due(item), "late" if item.late else ""),
            TabCell("Open mail" if item.link else "see Why", link=item.link or CellRef(item.row, "why")),
            TabCell(item.opening, link=CellRef(item.row, "draft")),
            mark if typed is None else TabCell(typed),
            _calendar(item, zone),
        )
    if len(agenda.letters) > MOST:
        yield (TabCell(f"and {len(agenda.letters) - MOST:,} more", "quiet"),)


def _company(item: Item) -> str:
    return ", ".join(filter(None, (item.company, item.role)))


def _due(item: Item) -> str:
    if item.due is None:
        return "now"
    return day_words(item.due) + (", late" if item.late else "")


def _others(agenda: Agenda, zone: tzinfo | None) -> Iterator[_Row]:
    """What needs a look, offers to answer, what comes: a heading and a line each."""
    yield from _section("Needs a look", agenda.checks, "why", "check", zone)
    yield from _section("Offers to answer", agenda.offers, "outcome", "due", zone)
    yield from _section(f"The next {14} days", agenda.coming, "company", "", zone)


def _section(title: str, items: Sequence[Item], key: str, look: str, zone: tzinfo | None) -> Iterator[_Row]:
    if not items:
        return
    yield ()
    yield (TabCell(title, "section"),)
    for item in items[:MOST_OTHERS]:
        why = item.why if len(item.why) <= 200 else item.why[:199] + "…"
        yield (
            TabCell(item.do, "check" if look == "check" else "due" if look == "due" else ""),
            TabCell(_company(item), link=CellRef(item.row, "company")),
            _BLANK,
            TabCell(day_words(item.due) if item.due else ""),
            _BLANK,
            TabCell(why, link=CellRef(item.row, "why")),
            _BLANK,
            _calendar(item, zone),
        )
    if len(items) > MOST_OTHERS:
        yield (TabCell(f"and {len(items) - MOST_OTHERS:,} more", "quiet"),)


def _calendar(item: Item, zone: tzinfo | None) -> TabCell:
    """A link that puts the due date, or the interview, into Google Calendar."""
    if item.due is None:
        return _BLANK
    return TabCell("Add", link=google_calendar_link(f"{item.do}: {_company(item)}", item.due, zone))


def _typed_marks(seen: TabSeen | None) -> dict[tuple[str, str], list[Value]]:
    """What the person typed into ``Then mark``: (company, to) -> the cells, in their order; ``None`` where nothing."""
    marks: dict[tuple[str, str], list[Value]] = {}
    for row in seen.rows[4:] if seen else ():
        company, whom, mark = (row[index] if index < len(row) else None for index in (1, 2, MARK))
        ours = is_empty(mark) or any(read_text(mark).startswith(f"{BY_KEY[key].header}, ") for key in MARKS)
        marks.setdefault((read_text(company), read_text(whom)), []).append(None if ours else mark)
    return marks


MARKS = ("thanked", "followed", "seconded", "closing")


def checked_today(seen: TabSeen, now: datetime) -> bool:
    """Whether the tab was written on the day of ``now``: its heartbeat says so."""
    cells = seen.rows[1] if len(seen.rows) > 1 else ()
    return any(read_text(cell).startswith(f"Checked {day_words(now.date())},") for cell in cells)


__all__ = ["HEAD", "TITLE", "checked_today", "day_of", "day_words", "to_send"]
