"""Which column is which: the header row, what each header claims, and whether the cells below it bear that out.

A header of other people's may say one thing and hold another: ``HR`` over dates is a round of interviews and nobody's
name. So an alias claims its column only if its cells read as what the column holds (the rules, section 2). What stays
the person's own because of that is named once, with the line of ``sheetflow.toml`` that would map it.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from itertools import islice
from typing import NamedTuple

from sheetflow.cells import fills, read_text, shown_value
from sheetflow.columns import BY_KEY, COLUMNS, HEADER_ROWS, OURS, Column, Kind, plain
from sheetflow.errors import Notice, Refused
from sheetflow.sheet import Links, Sheet, Value, a1, column_letters, is_empty
from sheetflow.table.dates import read_moment, read_sent
from sheetflow.table.outcomes import read_outcome
from sheetflow.table.people import read_people
from sheetflow.words import LANGUAGES, months

SAMPLE = 500
"""So many filled cells of a column say whether a header is borne out."""
INTERVIEW = BY_KEY["interview"]
ANY_DAY = date(2026, 1, 1)
"""What =TODAY() stands for while nothing but its being a date matters."""


class Passed(NamedTuple):
    """A header that could be a column's and stays the person's own."""

    place: int
    """0-based column index."""
    column: Column
    """The column that it is a name of."""
    borne_out: bool
    """Its cells would do, and another header comes first."""


@dataclass(frozen=True)
class Header:
    """Where the columns are: the header row, the index of each known column, and what is left over."""

    row: int
    """0-based index of the header row in the sheet."""
    at: Mapping[str, int]
    """Column key -> 0-based column index, for the columns that are there."""
    width: int
    """How many columns are in use: one past the last column with any content, in any row."""
    rounds: tuple[int, ...] = ()
    """The columns beside Interview that hold the days of single rounds."""
    words: bool = False
    """Interview holds words beside the days of rounds: they are ignored like those in the rounds' columns."""
    passed: tuple[Passed, ...] = ()
    """Headers that could be a column's and stay the person's own."""
    missing: tuple[Column, ...] = ()
    """The columns a run adds, in their order: ours, and of yours those that ``marks``."""
    notices: tuple[Notice, ...] = ()
    """What was understood where it was not plain."""

    @property
    def added(self) -> tuple[tuple[int, Column], ...]:
        """The columns a run adds, with their 0-based index: to the right of the last used one."""
        return tuple(enumerate(self.missing, start=self.width))

    @property
    def places(self) -> dict[str, int]:
        """Column key -> 0-based index, counting the columns to be added."""
        return {**self.at, **{column.key: index for index, column in self.added}}

    @property
    def known(self) -> tuple[int, ...]:
        """The index of every column that is read or written."""
        return (*self.at.values(), *self.rounds)


def find_header(sheet: Sheet, mapping: Mapping[str, str], in_use: Container[str] = ()) -> Header:
    """Find the header row and the columns by name and content (the rules, section 2).

    ``mapping`` is column key -> the person's own header text, from ``sheetflow.toml``; it beats every other
    spelling. Raises ``Refused`` when there is no Company header, when two headers claim one column, when a
    mapped header is not there, or when a computed header holds text that no run can have written. ``in_use`` are
    the keys of the optional columns of ours that this run fills.
    """
    row = _header_row(sheet, mapping)
    titles = _titles(sheet.rows[row])
    at: dict[str, int] = {}
    passed: list[Passed] = []
    for column in COLUMNS:
        place, others = _claim(sheet, row, column, titles, mapping)
        if place is not None:
            at[column.key] = place
        passed += others
    at |= _application_day(sheet, row, at, titles, mapping) | _remembered(sheet, row, at, titles, mapping)
    _check_mapped(sheet, row, at, mapping)
    rounds = _rounds(sheet, row, titles, frozenset(at.values()))
    passed = [one for one in passed if one.place not in rounds]
    words = bool(rounds) and "interview" in at and _reads(sheet, row, at["interview"], INTERVIEW) is False
    header = Header(row, at, max(map(_used, sheet.rows)), rounds, words, tuple(passed), _missing(at, mapping, in_use))
    _refuse_foreign_text(sheet, header)
    return replace(header, notices=tuple(_notices(sheet, header, mapping)))


# --- claims ----------------------------------------------------------------------------------------------------


@cache
def _names(column: Column) -> tuple[str, ...]:
    """What a column is called, comparable, the strongest first: its header, then its aliases."""
    return tuple(dict.fromkeys(map(plain, (column.header, *column.aliases))))


@cache
def _round_names() -> frozenset[str]:
    return frozenset(map(plain, INTERVIEW.rounds))


def _titles(cells: Sequence[Value]) -> dict[str, list[int]]:
    """Comparable header text -> the columns that bear it."""
    titles: dict[str, list[int]] = {}
    for index, value in enumerate(cells):
        if name := plain(read_text(value)):
            titles.setdefault(name, []).append(index)
    return titles


def _spellings(column: Column, titles: Mapping[str, list[int]], mapping: Mapping[str, str]) -> list[str]:
    """The column's names that are there, the strongest first; a mapped one is the only one."""
    if column.key in mapping:
        return [name for name in [plain(mapping[column.key])] if name in titles]
    taken = {plain(header) for header in mapping.values()}
    return [name for name in _names(column) if name in titles and name not in taken]


def _claim(
    sheet: Sheet, row: int, column: Column, titles: Mapping[str, list[int]], mapping: Mapping[str, str]
) -> tuple[int | None, list[Passed]]:
    """The column that a key claims, and the others whose header is one of its names."""
    spellings = _spellings(column, titles, mapping)
    read = {place: _reads(sheet, row, place, column) for name in spellings for place in titles[name]}
    if column.key in mapping:
        winners = titles[spellings[0]] if spellings else []
    else:
        winners = _winners(column, spellings, titles, read)
    if len(winners) > 1:
        raise Refused(
            f"Two headers for {column.header}: {' and '.join(sheet.place(row, c) for c in winners)}. Rename one of "
            "them, so that there is no doubt which to read.",
            tab=sheet.title,
        )
    passed = [Passed(place, column, held is not False) for place, held in read.items() if place not in winners]
    return (winners[0] if winners else None), passed


def _winners(
    column: Column, spellings: Sequence[str], titles: Mapping[str, list[int]], read: Mapping[int, bool | None]
) -> list[int]:
    """The columns under the spelling that claims: our own header, else the first alias that its cells bear out.

    Our own gives way only where its cells are something else and those of an alias are what they should be.
    """
    own = plain(column.header)
    aliases = [name for name in spellings if name != own]
    borne_out = [places for name in aliases if (places := [c for c in titles[name] if read[c] is not False])]
    if own not in spellings:
        return borne_out[0] if borne_out else []
    if any(read[place] is not False for place in titles[own]):
        return titles[own]
    return next((places for places in borne_out if any(read[c] for c in places)), titles[own])


def _reads(sheet: Sheet, row: int, place: int, column: Column) -> bool | None:
    """Whether at least half of a column's filled cells read as what it is to hold; ``None``: none is filled."""
    reads = _READS.get(column.kind)
    if reads is None:
        return True
    found = [reads(value, sheet) for value in islice(_filled(sheet, row, place), SAMPLE)]
    found = [read for read in found if read is not None]
    return 2 * sum(map(bool, found)) >= len(found) if found else None


def _filled(sheet: Sheet, row: int, place: int) -> Iterator[Value]:
    """The filled cells below a header, without those that only repeat it."""
    title = sheet.rows[row][place]
    for cells in islice(sheet.rows, row + 1, None):
        if place < len(cells) and fills(value := cells[place]) and value != title:
            yield value


def _is_readable(value: Value, sheet: Sheet) -> bool:
    return read_moment(value, "dmy", ANY_DAY, sheet.day_zero).moment is not None


def _is_moment(value: Value, sheet: Sheet) -> bool | None:
    """Whether a cell is a date, though perhaps not one that can be read; ``None``: it says that there is none."""
    reading = read_moment(value, "dmy", ANY_DAY, sheet.day_zero)
    if reading.trouble:
        return looks_like_a_date(value)
    return None if not reading.tick and reading.moment is None else not reading.tick


@cache
def _date_like() -> re.Pattern[str]:
    """A day and a month, in figures or with the month's name, whatever else is missing or beside it."""
    names = "|".join(re.escape(name.casefold()) for code in LANGUAGES for month in months(code) for name in month)
    figures = r"(?<!\d)\d{1,4}\s?[-/.年]\s?\d{1,2}(?!\d)|\d{1,2}\s?月"
    return re.compile(
        rf"{figures}|(?<!\d)\d{{1,2}}(?:st|nd|rd|th|er)?[\s.,-]+(?:{names})\b|\b(?:{names})\.?[\s,-]+\d{{1,2}}(?!\d)"
    )


_NO_DATE = re.compile(r"\d*(?:[.,\s]\d{3})*(?:[.,]\d*)?|\+?(?:[\s().-]*\d){9,}[\s().-]*")
"""A number, or a telephone number."""


def looks_like_a_date(value: Value) -> bool:
    """Whether text that cannot be read as a date was meant as one: without a year, two in a cell, and the like."""
    text = read_text(value).casefold()
    return len(text) <= 40 and not _NO_DATE.fullmatch(text) and bool(_date_like().search(text))


def _is_sent(value: Value, sheet: Sheet) -> bool | None:
    reading = read_sent(value, "dmy", ANY_DAY, sheet.day_zero)
    return True if reading.tick else _is_moment(value, sheet) if reading.trouble or reading.moment else None


def _is_outcome(value: Value, _sheet: Sheet) -> bool | None:
    outcome = read_outcome(read_text(value))
    return outcome.kind != "unknown" if outcome.outcome or outcome.kind else None


_READS: Mapping[Kind, Callable[[Value, Sheet], bool | None]] = {
    "moment": _is_moment,
    "day": _is_moment,
    "sent": _is_sent,
    "people": lambda value, _: bool(read_people(read_text(value))),
    "emails": lambda value, _: any(person.email for person in read_people(read_text(value))),
    "outcome": _is_outcome,
}
"""How a cell bears a header out: yes, no, or (``None``) it says nothing. Kinds that are not here hold any text."""
_HOLDS: Mapping[Kind, str] = {
    "moment": "dates", "day": "dates", "sent": "dates or ticks", "people": "people", "emails": "addresses",
    "outcome": "words that are known here",
}  # fmt: skip


_JUST_A_DATE = ("date", "datum", "fecha", "日期")
"""Headers that do not say of what."""


def _application_day(
    sheet: Sheet, row: int, at: Mapping[str, int], titles: Mapping[str, list[int]], mapping: Mapping[str, str]
) -> dict[str, int]:
    """A column that is just called Date, where it can only be the day of the application: key -> its place.

    That is in a list of applications, with words of Outcome beside the dates and no other column for the day.
    """
    taken = {plain(header) for header in mapping.values()}
    found = [place for name in _JUST_A_DATE if name not in taken for place in titles.get(name, [])]
    lists_applications = "outcome" in at and _reads(sheet, row, at["outcome"], BY_KEY["outcome"])
    of_interviews = any(name in titles for key in ("interviewers", "feeling") for name in _names(BY_KEY[key])[1:])
    if "applied" in at or len(found) != 1 or not lists_applications or of_interviews:
        return {}
    return {"applied": found[0]} if _reads(sheet, row, found[0], BY_KEY["applied"]) else {}


def _rounds(sheet: Sheet, row: int, titles: Mapping[str, list[int]], claimed: frozenset[int]) -> tuple[int, ...]:
    """The columns of single rounds: by their names, if they claim no other column and hold a date."""
    named = {place for name in _round_names() for place in titles.get(name, [])}
    return tuple(
        place
        for place in sorted(named - claimed)
        if any(_is_readable(value, sheet) for value in _filled(sheet, row, place))
        or _reads(sheet, row, place, INTERVIEW)
    )


def _check_mapped(sheet: Sheet, row: int, at: Mapping[str, int], mapping: Mapping[str, str]) -> None:
    """Refuse a mapping to a header that is not there (one of ours is added), or of two columns to one header."""
    for key, header in mapping.items():
        others = [BY_KEY[other].header for other in mapping if plain(mapping[other]) == plain(header) and other != key]
        if others:
            raise Refused(
                "sheetflow.toml maps both {column} and {other} to {header}. Take one of the lines under [columns] out.",
                column=BY_KEY[key].header,
                other=others[0],
                header=repr(header),
            )
        if key not in at and BY_KEY[key].owner == "person":
            raise Refused(
                f"sheetflow.toml maps {BY_KEY[key].header} to {{header}}, but row {row + 1} of {{tab}} has no such "
                "header. Correct the name under [columns], or take the line out.",
                header=repr(header),
                tab=sheet.title,
            )


def _used(cells: Sequence[Value]) -> int:
    for index in range(len(cells) - 1, -1, -1):
        if not is_empty(cells[index]):
            return index + 1
    return 0


# --- columns of ours -------------------------------------------------------------------------------------------


def _remembered(
    sheet: Sheet, row: int, at: Mapping[str, int], titles: Mapping[str, list[int]], mapping: Mapping[str, str]
) -> dict[str, int]:
    """Where columns of ours are whose header was renamed or emptied: key -> the leftmost that is remembered as it.

    One under a header that another column claims, or with a cell that the column cannot hold, is the person's.
    """
    found: dict[str, int] = {}
    claimed = {place for c in COLUMNS for name in _spellings(c, titles, mapping) for place in titles[name]}
    for place, key in sorted((sheet.remembers or {}).items()):
        column = BY_KEY.get(key)
        if column is None or column not in OURS or key in {**at, **found} or place in claimed:
            continue
        if all(can_hold(column, sheet.cell(r, place)) for r in range(row + 1, len(sheet.rows))):
            found[key] = place
    return found


def can_hold(column: Column, value: Value) -> bool:
    """Whether a cell is one that a column of ours can hold: empty, or of its kind."""
    if is_empty(value):
        return True
    if column.kind in ("moment", "day"):
        value = shown_value(value)
        number = isinstance(value, (int, float, date)) and not isinstance(value, bool)
        return number or (isinstance(value, str) and looks_like_a_date(value))
    if column.kind == "links" and isinstance(value, Links):
        return True
    pattern = _WORDS.get(column.key, ".*")
    return isinstance(value, str) and bool(re.fullmatch(pattern, value, re.DOTALL))


_WORDS = {
    "flag": "Due|Overdue|Ghosted|Check",
    "status": "[A-Z][a-z-]+( [a-z-]+){0,3}",
    "seen": r".+ \d{4}-\d\d-\d\d.*",
    "stamp": "([a-z_]+ ([0-9a-f]{12}|typed) [0-9a-f]{12}|draft:).*",
}
"""What columns of ours with words of their own hold; the others hold any text."""


def _missing(at: Mapping[str, int], mapping: Mapping[str, str], in_use: Container[str]) -> tuple[Column, ...]:
    """The columns to add, under the header that they are mapped to, so that the next run finds them."""
    ours = {column.key for column in OURS if not column.optional or column.key in in_use}
    wanted = (column for column in COLUMNS if column.key not in at and (column.marks or column.key in ours))
    return tuple(replace(column, header=mapping.get(column.key, column.header)) for column in wanted)


def _refuse_foreign_text(sheet: Sheet, header: Header) -> None:
    """Refuse to write over what is somebody else's: a cell under a computed header that no run can have written.

    On the first run that is any text. Later it is, in a column that nothing but its header says to be ours, what the
    column can never hold.
    """
    first = "stamp" not in header.at and not sheet.remembers
    for column in OURS:
        place = header.at.get(column.key)
        if place is None or (sheet.remembers or {}).get(place) == column.key:
            continue
        if not first and sheet.remembers is None and not column.new:
            continue  # a file has no memory, and earlier versions had this column
        for row in range(header.row + 1, len(sheet.rows)):
            value = sheet.cell(row, place)
            if first and not is_empty(value) and _is_stamped(sheet):
                first = False
            if not (is_empty(value) if first else can_hold(column, value)):
                raise Refused(
                    f"{sheet.place(row, place)} already holds text of yours, under the header {column.header}, which "
                    f"is one that sheetflow writes. Rename your column (to My {column.header}, for one) and run again.",
                    tab=sheet.title,
                )


def _is_stamped(sheet: Sheet) -> bool:
    """Whether a run was here, though no header says so: nothing is like the stamp of a draft."""
    stamp = BY_KEY["stamp"]
    return any(isinstance(cell, str) and cell and can_hold(stamp, cell) for row in sheet.rows for cell in row)


# --- the header row --------------------------------------------------------------------------------------------


def headers_known(cells: Sequence[Value], mapping: Mapping[str, str]) -> int:
    """How many of the known columns a row of cells would head, the rounds together counted as one; 0 without Company.

    By their names alone.
    """
    titles = _titles(cells)
    if not _spellings(BY_KEY["company"], titles, mapping):
        return 0
    return _known(titles, mapping)


def _known(titles: Mapping[str, list[int]], mapping: Mapping[str, str]) -> int:
    found = [column for column in COLUMNS if _spellings(column, titles, mapping)]
    rounds = not _round_names().isdisjoint(titles)
    return len(found) + (rounds and INTERVIEW not in found)


def _header_row(sheet: Sheet, mapping: Mapping[str, str]) -> int:
    for row, cells in enumerate(sheet.rows[:HEADER_ROWS]):
        if headers_known(cells, mapping) > 1:
            return row
    raise _no_header(sheet, mapping)


def _no_header(sheet: Sheet, mapping: Mapping[str, str]) -> Refused:
    """What to say of a tab without a header row: what is missing, and the line that would map what comes nearest."""
    other = next((title for title, rows in sheet.others() if _has_header(rows, mapping)), "")
    there = (
        " The tab {other} has one: choose it with --worksheet, or with worksheet in sheetflow.toml." if other else ""
    )
    start = f"No header row in {{tab}}: none of the first {HEADER_ROWS} rows has "
    lonely = _lonely_company(sheet, mapping)
    if lonely:
        return Refused(
            f"{start}a second header that is known here beside the one for Company, {lonely[0]} ({{header}}), such as "
            f"Role, Interview or Applied.{there} Name one of your columns so, or map it in sheetflow.toml: under "
            "[columns] the line Applied = {line}",
            tab=sheet.title, header=lonely[1], line=quoted("your own header"), other=other,
        )  # fmt: skip
    place, header = _nearest(sheet, mapping)
    found = f" Is it {place} ({{header}})? Then write" if place else " Add one, or write"
    return Refused(
        f"{start}a Company header and at least one other that is known here, such as Role or Interview.{there}{found} "
        "in sheetflow.toml, under [columns]: Company = {line}",
        tab=sheet.title, header=header, line=quoted(header or "your own header"), other=other,
    )  # fmt: skip


def _has_header(rows: Sequence[Sequence[Value]], mapping: Mapping[str, str]) -> bool:
    return any(headers_known(cells, mapping) > 1 for cells in rows[:HEADER_ROWS])


def _lonely_company(sheet: Sheet, mapping: Mapping[str, str]) -> tuple[str, str] | None:
    """A Company header in a row of several headers of which no other is known: its cell and its text."""
    for row, cells in enumerate(sheet.rows[:HEADER_ROWS]):
        titles = _titles(cells)
        spellings = _spellings(BY_KEY["company"], titles, mapping)
        if spellings and (len(titles) > 1 or spellings[0] == "company"):
            place = titles[spellings[0]][0]
            return a1(row, place), read_text(cells[place])
    return None


def _nearest(sheet: Sheet, mapping: Mapping[str, str]) -> tuple[str, str]:
    """The header that comes nearest to Company, in the likeliest row: its cell and its text; empty for none."""
    known = set(_names(BY_KEY["company"]))
    words = sorted((name for name in known if len(name) > 3 or not name.isascii()), key=len, reverse=True)
    best: tuple[float, str, str] = (0.0, "", "")
    for row, cells in enumerate(sheet.rows[:HEADER_ROWS]):
        titles = _titles(cells)
        beside = _known(titles, mapping)
        for title, places in titles.items():
            text = read_text(cells[places[0]])
            score = _likeness(title, text, known, words, beside)
            if score > best[0]:
                best = (score, a1(row, places[0]), text)
    return best[1:]


def _likeness(title: str, text: str, known: set[str], words: Sequence[str], beside: int) -> float:
    """How near a header comes to Company: misspelt, with more words in it, or just a name beside known headers."""
    if len(text) > 60:
        return 0
    if difflib.get_close_matches(title, known, 1, 0.85):
        return 3 + beside
    if beside and any(word in title for word in words):
        return 2 + beside
    return 1 + beside if beside and title in _JUST_A_NAME else 0


_JUST_A_NAME = frozenset({"name", "nom", "nombre", "where", "wo", "名称", "名稱"})
"""Headers that say nothing by themselves; beside a Stage or a Role they mean the company."""


# --- what is said ----------------------------------------------------------------------------------------------


def mapping_line(column: Column) -> str:
    """The line under ``[columns]`` of ``sheetflow.toml`` that reads a header (``{line}``) as this column."""
    return (column.header if column.header.isalpha() else json.dumps(column.header)) + " = {line}"


def quoted(header: str) -> str:
    """A header as it stands in that line."""
    return json.dumps(" ".join(header.split()), ensure_ascii=False)


def _notices(sheet: Sheet, header: Header, mapping: Mapping[str, str]) -> Iterator[Notice]:
    cells = sheet.rows[header.row]
    if header.rounds:
        names = [read_text(cells[place]) for place in header.rounds]
        yield Notice(
            "{names} hold the days of rounds: a row's interview is the latest of them that is not to come, else the "
            "next one"
            if len(names) > 1
            else "{names} holds the day of a round, and is read together with Interview",
            {"names": ", ".join(names)},
        )
    applied = read_text(cells[header.at["applied"]]) if "applied" in header.at else ""
    if plain(applied) in _JUST_A_DATE and "applied" not in mapping:
        yield Notice(
            "{header} is read as the day of the application. If it is that of an interview, write in sheetflow.toml, "
            "under [columns]: Interview = {line}",
            {"header": applied, "line": quoted(applied)},
        )
    yield from _unread_days(sheet, header)
    for place, column, borne_out in header.passed:
        text = read_text(cells[place])
        winner = read_text(cells[header.at[column.key]]) if column.key in header.at else ""
        if not borne_out:
            why = f"it is not read as {column.header}, since most of its cells hold no {_HOLDS[column.kind]}"
        elif plain(winner) == plain(column.header):
            why = f"there is a column {column.header}"
        else:
            why = f"{{winner}} is read as {column.header}"
        yield Notice(
            f"{{header}} (column {column_letters(place)}) stays your own: {why}. To have it read so, write in "
            f"sheetflow.toml, under [columns]: {mapping_line(column)}",
            {"header": text, "winner": winner, "line": quoted(text)},
        )


def _unread_days(sheet: Sheet, header: Header) -> Iterator[Notice]:
    """Of a tracker without a day to go by: the first column that holds dates under a header that says too little."""
    days = [place for key in ("interview", "applied") if (place := header.at.get(key)) is not None]
    filled = (value for place in (*days, *header.rounds) for value in _filled(sheet, header.row, place))
    if any(_is_readable(value, sheet) for value in filled):
        return
    for place, title in enumerate(sheet.rows[header.row]):
        if place not in header.known and read_text(title) and _reads(sheet, header.row, place, INTERVIEW):
            text = read_text(title)
            yield Notice(
                f"No row has a day to go by, and {{header}} (column {column_letters(place)}) holds dates. If they are "
                "the days of the applications, write in sheetflow.toml, under [columns], Applied = {line}; if they are "
                "those of the interviews, Interview = {line}",
                {"header": text, "line": quoted(text)},
            )  # fmt: skip
            return
