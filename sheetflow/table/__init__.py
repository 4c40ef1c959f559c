"""The typed table: a sheet's cells, read once, one row per interview.

This is the border. Below it every date is a date in one place, whichever backend it came from.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, tzinfo
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sheetflow.cells import MONTHS, Problem, fills, read_text, show
from sheetflow.columns import OURS, YOURS, Column, plain
from sheetflow.errors import Notice
from sheetflow.sheet import DateOrder, Sheet, Value, is_empty
from sheetflow.table.claims import INTERVIEW, Header, looks_like_a_date
from sheetflow.table.dates import FIRST_DAY, NOTHING, Reading, order_in, read_moment, read_sent, says_not_sent
from sheetflow.table.outcomes import FEELINGS, means_nothing, read_feeling, read_outcome
from sheetflow.table.people import join, lend, read_people, without
from sheetflow.words import keys, words

Array = Any  # a numpy array, one entry per row; the stubs of numpy and pandas cannot say of what
Columns = dict[str, Array]

PEOPLE = ("interviewers", "contact")
TICK_IS_NOTHING = frozenset({"applied", "decision_by"})


@cache
def _languages() -> dict[str, str]:
    """A word of the Language column -> the code of the language."""
    return {plain(name): code for code in keys("languages") for name in words("languages", code)}


Rows = defaultdict[int, dict[str, Problem]]
"""Position in the frame -> column key -> problem."""


class Outgoing(NamedTuple):
    """A letter to one address, as it stands in the sheet."""

    note: str
    name: str
    email: str
    subject: str
    body: str


@dataclass
class Table:
    """A sheet as typed columns, and what is odd about single rows.

    ``frame`` has one row per sheet row below the header, in order, with these columns:

    =====================================  ===============================================================
    company, role, highlight, question,    str, as typed; empty text for an empty cell
    apart
    interviewers, contact                  tuple of ``Person``, with the addresses from the columns of their own
    reachable                              bool: one of the two names somebody
    interview, applied, decision_by,       datetime64[us], NaT when empty; wall clock in the sheet's zone;
    thanked, followed, seconded,           all but ``interview`` at midnight
    closing, reply, snooze
    interview_timed                        bool: the interview has a time of day
    <sent column>_tick                     bool: ticked instead of dated
    <sent column>_denied                   bool: the cell says "not sent"
    outcome, feeling                       str: a word of the closed list, or empty
    outcome_kind                           str: what Outcome says where it is none of these: ``waiting``,
                                           ``not_applied``, ``stage`` or ``unknown``; else empty
    language                               str: the code of a language that there are letters in, or empty
    filled                                 bool: any of the person's cells is filled
    =====================================  ===============================================================

    ``cadence`` and ``drafts`` add theirs. ``remarks`` are half-sentences for ``Why``.
    """

    sheet: Sheet
    header: Header
    frame: pd.DataFrame
    problems: Rows = field(default_factory=lambda: defaultdict(dict))
    remarks: defaultdict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    notices: list[Notice] = field(default_factory=list)
    """What was understood where it was not plain, for the report."""
    rounds: bool = False
    """Columns beside Interview hold the days of rounds: what was sent before the interview is of an earlier one."""
    moments: dict[int, Array] = field(default_factory=dict)
    """0-based column index -> the moments read from the cells of a date column, one per frame row."""
    letters: dict[int, list[Outgoing]] = field(default_factory=dict)
    """Position -> the letters with an address that are to be sent now."""
    trouble: str = ""
    """Why a mailbox was not read, or not to the end, in words that anybody may see; empty: no trouble."""
    zone: tzinfo = UTC
    """The sheet's: times with an offset are shown in it."""

    @property
    def first_row(self) -> int:
        """0-based sheet row of the frame's first row."""
        return self.header.row + 1

    def column(self, key: str) -> list[Value]:
        """The raw cells of a column, one per frame row; all ``None`` when the sheet has no such column."""
        place = self.header.at.get(key)
        return [None] * len(self.frame) if place is None else self.cells(place)

    def cells(self, place: int) -> list[Value]:
        """The raw cells of the column with this 0-based index, one per frame row."""
        rows = self.sheet.rows[self.first_row : self.first_row + len(self.frame)]
        return [row[place] if place < len(row) else None for row in rows]

    def computed(self, key: str) -> list[Value]:
        """The cells of a column of ours as they stand, as they were meant."""
        unescaped = self.sheet.unescaped
        return [unescaped(v) if v.__class__ is str else v for v in self.column(key)]


def parse(sheet: Sheet, header: Header, now: datetime, order: DateOrder, own: str = "") -> Table:
    """Read the person's columns of a sheet into a typed table.

    ``now`` is aware, in the sheet's zone. ``order`` settles ``03/04/2026`` where the sheet itself does not;
    ``own`` is the person's own address, if known. Nothing here raises: a cell that cannot be read is a
    ``Problem`` in its row.
    """
    today = now.date()
    table = Table(sheet, header, pd.DataFrame(index=pd.RangeIndex(_row_count(sheet, header))), zone=now.tzinfo or UTC)
    table.notices += header.notices
    order = sheet.date_order or order
    columns: Columns = {}
    filled = np.zeros(len(table.frame), dtype=bool)
    blank = _blank_rows(table)
    for column in YOURS:
        cells = _Cells.of(_without(table.column(column.key), blank))
        filled |= cells.each(fills, bool)
        columns |= _READERS[column.kind](table, column, cells, today, order)
        if column.key in header.at and column.kind in ("moment", "day", "sent"):
            table.moments[header.at[column.key]] = columns[column.key]
    if header.rounds:
        filled |= _read_rounds(table, columns, blank, now, order)
    columns["filled"] = filled
    table.notices += _join_people(columns, own)
    table.frame = pd.DataFrame({name: series(values) for name, values in columns.items()})
    return table


_CONFLICT = re.compile(r"(<{7}|\|{7}|={7}|>{7})(\s.*)?")
"""What Git writes between two versions of a file that it cannot merge."""


def _blank_rows(table: Table) -> list[int]:
    """The frame rows that are nobody's though there is text in Company: the header once more, marks of a conflict."""
    at, heads = table.header.at, table.sheet.rows[table.header.row]
    companies = table.column("company")
    title = read_text(heads[at["company"]])
    repeated = [row for row, value in enumerate(companies) if value.__class__ is str and value.strip() == title]
    repeated = [row for row in repeated if _repeats(table.sheet.rows[table.first_row + row], heads, at)]
    marks = [row for row, v in enumerate(companies) if v.__class__ is str and _CONFLICT.fullmatch(v.strip())]
    if marks:
        numbers = ", ".join(str(table.first_row + row + 1) for row in marks)
        table.notices.append(
            Notice(f"Git could not merge two versions of this file and left its marks in it (rows {numbers}): keep the "
                   "rows that are right, and take the others and the marks out")
        )  # fmt: skip
    return repeated + marks


def _repeats(cells: Sequence[Value], heads: Sequence[Value], at: Mapping[str, int]) -> bool:
    """Whether a row has another header in its place besides Company's."""
    places = [place for key, place in at.items() if key != "company" and place < len(cells)]
    return any(read_text(cells[place]) == read_text(heads[place]) != "" for place in places)


def _without(cells: list[Value], blank: Sequence[int]) -> list[Value]:
    for row in blank:
        cells[row] = None
    return cells


def _read_rounds(table: Table, columns: Columns, blank: Sequence[int], now: datetime, order: DateOrder) -> Array:
    """Let Interview be the round that counts: the latest that is not to come, else the earliest of those to come.

    Words in the columns of rounds are ignored; a date that cannot be read is a problem there as everywhere. Returns
    which rows have one of these columns filled.
    """
    table.rounds = True
    filled = np.zeros(len(table.frame), dtype=bool)
    if table.header.words:
        _drop_words(table, "interview", table.column("interview"))
    rounds = [(columns["interview"], columns["interview_timed"])]
    for place in table.header.rounds:
        column = replace(INTERVIEW, key=f"round {place}")
        values = _without(table.cells(place), blank)
        cells = _Cells.of(values)
        filled |= cells.each(fills, bool)
        read = _read_day(table, column, cells, now.date(), order)
        _drop_words(table, column.key, values)
        rounds.append((read[column.key], read[f"{column.key}_timed"]))
        table.moments[place] = read[column.key]
    moments, timed = (np.array(part) for part in zip(*rounds, strict=True))
    columns["interview"], columns["interview_timed"] = moments[0].copy(), timed[0].copy()
    for row in np.flatnonzero(~np.isnat(moments[1:]).all(axis=0)).tolist():
        held = [
            Round.of(*one, now) for one in zip(moments[:, row].tolist(), timed[:, row].tolist(), strict=True) if one[0]
        ]
        chosen = max((one for one in held if not one.to_come), default=None) or min(held)
        columns["interview"][row], columns["interview_timed"][row] = chosen.moment, chosen.timed
    return filled


class Round(NamedTuple):
    """One interview of several of a row, as they are compared: by day, a bare date before every time of its day."""

    day: date
    timed: bool
    moment: datetime
    to_come: bool

    @classmethod
    def of(cls, moment: datetime, timed: bool, now: datetime) -> Round:
        """A time that the clocks skip is moved forward; one that exists twice is the earlier."""
        if not timed:
            return cls(moment.date(), False, moment, moment.date() > now.date())
        instant = moment.replace(tzinfo=now.tzinfo).astimezone(UTC)
        moment = instant.astimezone(now.tzinfo).replace(tzinfo=None)
        return cls(moment.date(), True, moment, instant > now)


def _drop_words(table: Table, key: str, cells: Sequence[Value]) -> None:
    """Leave of the problems of a column of rounds those of cells that were meant as dates, as problems of Interview."""
    for row in [row for row, problems in table.problems.items() if key in problems]:
        problem = table.problems[row].pop(key)
        if looks_like_a_date(cells[row]):
            table.problems[row].setdefault("interview", problem)
        elif not table.problems[row]:
            del table.problems[row]


def _join_people(columns: Columns, own: str) -> list[Notice]:
    """Give the people their addresses, from the columns of their own and from one another; leave the person out.

    Returns what there is to say of the person's own address.
    """
    addresses = {key: columns.pop(f"{key[:-1] if key == 'interviewers' else key}_email") for key in PEOPLE}
    counts = _rows_with_address([*(columns[key] for key in PEOPLE), *addresses.values()])
    mine = _own_addresses(counts, int(columns["filled"].sum()), own)
    joined = {
        key: [
            join(without(people, mine), without(emails, mine))
            for people, emails in zip(columns[key], addresses[key], strict=True)
        ]
        for key in PEOPLE
    }
    pairs = list(zip(*joined.values(), strict=True))
    columns["interviewers"] = _objects([lend(met, contact) for met, contact in pairs])
    columns["contact"] = _objects([lend(contact, met) for met, contact in pairs])
    columns["reachable"] = np.array([bool(met or contact) for met, contact in pairs], dtype=bool)
    return [
        Notice(
            f"{{address}} in {_rows(counts[one])} is taken for your own: it is nobody's to write to", {"address": one}
        )
        for one in sorted(mine & counts.keys())
    ]


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count} rows"


def _rows_with_address(columns: Sequence[Array]) -> Counter[str]:
    """In how many rows each address stands, in lower case."""
    rows = ({person.email.lower() for people in cells for person in people} for cells in zip(*columns, strict=True))
    counts = Counter(address for addresses in rows for address in addresses)
    counts.pop("", None)
    return counts


def _own_addresses(counts: Counter[str], rows: int, own: str) -> frozenset[str]:
    """The person's own addresses: the one they send from, and one that stands in most rows of five or more."""
    usual = (address for address, count in counts.items() if rows >= 5 and 2 * count > rows)
    return frozenset({own.lower(), *usual} - {""})


def _objects(values: Sequence[object]) -> Array:
    return np.fromiter(values, dtype=object, count=len(values))


def series(values: Array) -> Array:
    """A column for the frame (a pandas Series); text stays Python text under every version of pandas."""
    return pd.Series(values, dtype=values.dtype)


def _row_count(sheet: Sheet, header: Header) -> int:
    """How many rows there are below the header, up to the last one with anything in a known column."""
    known = header.known
    last = len(sheet.rows)
    while last > header.row + 1 and all(is_empty(sheet.cell(last - 1, place)) for place in known):
        last -= 1
    return last - header.row - 1


class _Cells(NamedTuple):
    """A column taken apart, so that each distinct cell is read once: most columns hold few."""

    codes: Array
    """For each row, which of the distinct cells it holds."""
    distinct: list[Any]

    @classmethod
    def of(cls, values: Sequence[Value]) -> _Cells:
        """Take a column apart. Python calls 1, 1.0 and True equal; here they differ."""
        places: dict[Any, int] = {}
        codes = [places.setdefault(v if v.__class__ is str else (v.__class__, v), len(places)) for v in values]
        return cls(np.array(codes, dtype=int), [key if key.__class__ is str else key[1] for key in places])

    def read(self, read: Callable[[Any], object]) -> _Cells:
        """What each cell reads as."""
        return _Cells(self.codes, [read(value) for value in self.distinct])

    def each(self, of: Callable[[Any], object], dtype: str | type = object) -> Array:
        """Something of every cell, as an array with one entry per row."""
        values = [of(value) for value in self.distinct]
        return (_objects(values) if dtype is object else np.array(values, dtype=dtype))[self.codes]

    def rows(self, wanted: Callable[[Any], object]) -> Iterator[tuple[int, Any]]:
        """The rows whose cell is wanted, each with its cell."""
        found = self.each(lambda value: bool(wanted(value)), bool)
        for row in np.flatnonzero(found).tolist():
            yield row, self.distinct[self.codes[row]]


def _read_text(table: Table, column: Column, cells: _Cells, _today: date, _order: DateOrder) -> Columns:
    for row, _ in cells.rows(lambda value: fills(value) and not read_text(value)):
        table.remarks[row].append(f"{column.header} holds a formula error and is left out")
    return {column.key: cells.each(read_text)}


def _read_people(table: Table, column: Column, cells: _Cells, today: date, order: DateOrder) -> Columns:
    texts = _read_text(table, column, cells, today, order)[column.key]
    return {column.key: _Cells.of(texts).each(read_people)}


def _read_outcome(table: Table, column: Column, cells: _Cells, today: date, order: DateOrder) -> Columns:
    texts = _read_text(table, column, cells, today, order)
    words = _Cells.of(texts[column.key]).read(lambda text: (text, read_outcome(text)))
    for row, (text, _) in words.rows(lambda word: word[1].by_whom):
        table.remarks[row].append(
            f"Outcome says {show(text)}, by whom? Write Rejected if they turned you down, Withdrawn if you did"
        )
    return {
        column.key: words.each(lambda word: word[1].outcome),
        f"{column.key}_kind": words.each(lambda word: word[1].kind),
    }


def _read_feeling(table: Table, column: Column, cells: _Cells, today: date, order: DateOrder) -> Columns:
    texts = _Cells.of(_read_text(table, column, cells, today, order)[column.key])
    for row, text in texts.rows(lambda text: not (read_feeling(text) or means_nothing(text))):
        table.remarks[row].append(
            f"How it went says {show(text)}, which counts as empty; the words are {', '.join(FEELINGS)}"
        )
    return {column.key: texts.each(read_feeling)}


def _read_day(table: Table, column: Column, cells: _Cells, today: date, order: DateOrder) -> Columns:
    """A day that something happened or will: a tick says nothing about when.

    In Interview, Reply received and Snooze until that is a problem; Applied and Decision by count as empty.
    """
    order = order or _shown_order(table, column, cells)

    def read(value: Value) -> Reading:
        reading = read_moment(value, order, today, table.sheet.day_zero, table.zone)
        if reading.tick and column.key in TICK_IS_NOTHING:
            return NOTHING
        text = f"{show(read_text(value))} is no date; write the date, like 2026-11-20"
        return Reading(trouble=(text, "a tick, not a date")) if reading.tick else reading

    return _dates(table, column, cells.read(read))


def _read_sent(table: Table, column: Column, cells: _Cells, today: date, order: DateOrder) -> Columns:
    order = order or _shown_order(table, column, cells)
    readings = cells.read(lambda value: read_sent(value, order, today, table.sheet.day_zero, table.zone))
    return _dates(table, column, readings) | {
        f"{column.key}_tick": readings.each(lambda reading: reading.tick, bool),
        f"{column.key}_denied": cells.each(says_not_sent, bool),
    }


def _shown_order(table: Table, column: Column, cells: _Cells) -> DateOrder:
    """The order of day and month that the column itself shows, named once where a cell of it needs that."""
    found = order_in(cells.distinct)
    if found.decides:
        day = read_moment(found.decides, found.order, FIRST_DAY, table.sheet.day_zero).moment or FIRST_DAY
        table.notices.append(
            Notice(
                f"{column.header}: {{cell}} is {{day}} here, since {{other}} stands in the same column",
                {"cell": found.decides, "day": f"{day.day} {MONTHS[day.month - 1]}", "other": found.shown_by},
            )
        )
    return found.order


def _read_language(table: Table, column: Column, cells: _Cells, _today: date, _order: DateOrder) -> Columns:
    texts = _Cells.of(cells.each(read_text))
    for row, text in texts.rows(lambda text: not means_nothing(text) and plain(text) not in _languages()):
        known = "English, German, French, Spanish or Chinese"
        table.problems[row][column.key] = Problem(
            column.header,
            f"there are no letters in {show(text)}; write {known}",
            f"a language without letters; write {known}",
        )
    return {column.key: texts.each(lambda text: _languages().get(plain(text), ""))}


def _dates(table: Table, column: Column, readings: _Cells) -> Columns:
    """The dates of a column; what could not be read goes to the problems of its row."""
    for row, reading in readings.rows(lambda reading: reading.trouble):
        table.problems[row][column.key] = Problem(column.header, *reading.trouble)
    moments = readings.each(lambda reading: reading.moment, "datetime64[us]")
    if column.kind == "moment":
        return {column.key: moments, f"{column.key}_timed": readings.each(lambda reading: reading.timed, bool)}
    return {column.key: midnight(moments)}


def midnight(moments: Array) -> Array:
    """The day of each moment, as a moment."""
    return moments.astype("datetime64[D]").astype("datetime64[us]")


_READERS: dict[str, Callable[[Table, Column, _Cells, date, DateOrder], Columns]] = {
    "text": _read_text,
    "people": _read_people,
    "moment": _read_day,
    "day": _read_day,
    "sent": _read_sent,
    "outcome": _read_outcome,
    "feeling": _read_feeling,
    "language": _read_language,
    "emails": _read_people,
}


def holds_computed(table: Table) -> Array:
    """Which frame rows have anything in a column of ours (bool)."""
    result = np.zeros(len(table.frame), dtype=bool)
    for column in OURS:
        result |= np.array([not (is_empty(v) or v == ()) for v in table.column(column.key)], dtype=bool)
    return result
