"""The columns: what each is called, what it holds, whose it is; and where they are in a sheet.

A column is found by its header, in any order, among the person's own columns. A new column or owner is a line in
``COLUMNS`` and nowhere else; other spellings of its header are words in ``words/``. No cell below the header row is
interpreted here.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Literal

from sheetflow.cells import read_text
from sheetflow.errors import Refused
from sheetflow.sheet import Links, Sheet, Value, a1, is_empty
from sheetflow.words import words

Kind = Literal[
    "text", "people", "emails", "moment", "sent", "day", "outcome", "feeling", "language",
    "draft", "links", "seen", "stamp",
]  # fmt: skip
Owner = Literal["person", "sheetflow"]

HEADER_ROWS = 20
"""The header row is looked for in this many rows from the top (the rules, section 2)."""


@dataclass(frozen=True)
class Column:
    """A column sheetflow knows: its key in code, its header, what it holds, who writes it."""

    key: str
    header: str
    kind: Kind
    owner: Owner
    marks: bool = False
    """Without it nothing can be started or marked, so ``run`` adds it, empty, when it is missing."""
    optional: bool = False
    """A column of ours that is added only where what fills it is in use."""
    width: int = 100
    """Pixels, in a fresh tracker or as added."""
    wraps: bool = False
    """Its text runs on in further lines of the row's height, rather than being cut off at the end of the first."""
    group: bool = False
    """One of those that stand at the end in a group, folded up."""
    hint: str = ""
    """What a cell tells whoever types into it; at most 255 characters."""

    @property
    def aliases(self) -> tuple[str, ...]:
        """What other people's trackers call it, the strongest first."""
        return words("headers", self.key)

    @property
    def rounds(self) -> tuple[str, ...]:
        """What they call columns that hold the days of single rounds; only Interview has any."""
        return words("rounds", self.key)


def _person(key: str, header: str, kind: Kind, width: int, *, marks: bool = False, hint: str = "") -> Column:
    return Column(key, header, kind, "person", marks, width=width, hint=hint)


def _ours(
    key: str, header: str, kind: Kind, width: int, *, wraps: bool = False, group: bool = False, optional: bool = False
) -> Column:
    return Column(key, header, kind, "sheetflow", optional=optional, width=width, wraps=wraps, group=group)


_DAY = "A date, like 2026-11-20."
_SENT = "The day you sent it, like 2026-11-20. A tick (x) works too; a date is better."
_PEOPLE = "Name <address>, one per line or with semicolons between: Ana Ruiz <ana@acme.example>; Bo Chen"

COLUMNS: tuple[Column, ...] = (
    _person("company", "Company", "text", 150),
    _person("role", "Role", "text", 140),
    _person(
        "interview", "Interview", "moment", 115, marks=True,
        hint="The day, or day and time, of the interview, like 2026-11-20 14:30. One row per interview.",
    ),
    _ours("flag", "Flag", "text", 75),
    _ours("status", "Follow-up status", "text", 145),
    _ours("due", "Due", "moment", 110),
    _ours("send", "Send", "links", 150, wraps=True),
    _ours("draft", "Draft", "draft", 300, wraps=True),
    _ours("why", "Why", "text", 260),
    _person(
        "highlight", "Highlight", "text", 220, marks=True,
        hint="Finish the sentence: I especially enjoyed hearing about … A line that begins with a name and a colon "
        "(Ana: the onboarding flow) is for that person's letter alone.",
    ),
    _person(
        "question", "Question", "text", 220,
        hint="A thoughtful question that was not discussed. A line that begins with a name and a colon is for that "
        "person's letter alone.",
    ),
    _person("feeling", "How it went", "feeling", 95, hint="Great, Fine, Bad or Horrible."),
    _person("thanked", "Thank-you sent", "sent", 115, marks=True, hint=_SENT),
    _person("followed", "Follow-up sent", "sent", 115, marks=True, hint=_SENT),
    _person("seconded", "Second follow-up sent", "sent", 115, marks=True, hint=_SENT),
    _person("closing", "Closing note sent", "sent", 115, marks=True, hint=_SENT),
    _person("reply", "Reply received", "day", 115, marks=True, hint="The day of their latest reply, like 2026-11-20."),
    _person(
        "outcome", "Outcome", "outcome", 110, marks=True,
        hint="Empty while it is open, else Next round, Offer, Accepted, Rejected, Withdrawn, Ghosted or Closed.",
    ),
    _person(
        "decision_by", "Decision by", "day", 105,
        hint="The day by which they said they would decide; with an offer, the day by which you answer.",
    ),
    _person("snooze", "Snooze until", "day", 105, hint="A date: leave this row alone until then."),
    _person("interviewers", "Interviewers", "people", 230, marks=True, hint=f"Everybody you met. {_PEOPLE}"),
    _person("contact", "Contact", "people", 220, hint=f"The recruiter or hiring manager. {_PEOPLE}"),
    _person("applied", "Applied", "day", 105, hint=_DAY),
    _person(
        "language", "Language", "language", 95,
        hint="Of the letters: English, German, French, Spanish or Chinese. Empty: the setting.",
    ),
    _person(
        "apart", "What sets them apart", "text", 220,
        hint="For the follow-up, as a sentence goes on: What sets you apart is …",
    ),
    _person("contact_email", "Contact email", "emails", 190),
    _person("interviewer_email", "Interviewer email", "emails", 190),
    _ours("draft_to", "Draft to", "draft", 220, wraps=True, group=True),
    _ours("draft_subject", "Draft subject", "draft", 200, wraps=True, group=True),
    _ours("thank_you_due", "Thank-you due", "moment", 115, group=True),
    _ours("follow_up_due", "Follow-up due", "day", 105, group=True),
    _ours("second_follow_up_due", "Second follow-up due", "day", 105, group=True),
    _ours("ghosted_on", "Ghosted on", "day", 105, group=True),
    _ours("seen", "Seen in mail", "seen", 220, group=True, optional=True),
    _ours("stamp", "Draft stamp", "stamp", 100, group=True),
)  # fmt: skip
"""In the order of a fresh tracker; in others what is missing is added in this order."""

BY_KEY: Mapping[str, Column] = {column.key: column for column in COLUMNS}
YOURS = tuple(column for column in COLUMNS if column.owner == "person")
OURS = tuple(column for column in COLUMNS if column.owner == "sheetflow")
FRESH = tuple(column for column in COLUMNS if not column.optional)
"""The columns of a fresh tracker."""


@lru_cache(maxsize=16384)
def plain(text: str) -> str:
    """Text as headers are compared: without case, accents, spacing and punctuation.

    >>> plain("Thank-you sent ")
    'thankyousent'
    """
    letters = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in letters if c.isalnum())


@dataclass(frozen=True)
class Header:
    """Where the columns are: the header row, the index of each known column, and what is left over."""

    row: int
    """0-based index of the header row in the sheet."""
    at: Mapping[str, int]
    """Column key -> 0-based column index, for the columns that are there."""
    width: int
    """How many columns are in use: one past the last column with any content, in any row."""
    spares: tuple[str, ...] = ()
    """Headers that are an alias of a column which another header already fills: they stay the person's."""
    missing: tuple[Column, ...] = ()
    """The columns a run adds, in their order: ours, and of yours those that ``marks``."""

    @property
    def added(self) -> tuple[tuple[int, Column], ...]:
        """The columns a run adds, with their 0-based index: to the right of the last used one."""
        return tuple(enumerate(self.missing, start=self.width))

    @property
    def places(self) -> dict[str, int]:
        """Column key -> 0-based index, counting the columns to be added."""
        return {**self.at, **{column.key: index for index, column in self.added}}


def find_header(sheet: Sheet, mapping: Mapping[str, str], in_use: Container[str] = ()) -> Header:
    """Find the header row and the columns by name (the rules, section 2).

    ``mapping`` is column key -> the person's own header text, from ``sheetflow.toml``; it beats every other
    spelling. Raises ``Refused`` when there is no Company header, when two headers claim one column, when a
    mapped header is not there, or when, before the first run, a computed header already holds text. ``in_use`` are
    the keys of the optional columns of ours that this run fills.
    """
    row = _header_row(sheet, mapping)
    titles = _titles(sheet.rows[row])
    at: dict[str, int] = {}
    spares: list[str] = []
    for column in COLUMNS:
        found, others = _claims(column, titles, mapping)
        if len(found) > 1:
            raise Refused(
                f"Two headers for {column.header}: {' and '.join(sheet.place(row, c) for c in found)}. Rename one of "
                "them, so that there is no doubt which to read.",
                tab=sheet.title,
            )
        if found:
            at[column.key] = found[0]
            spares += [read_text(sheet.rows[row][c]) for c in others]
    at |= _remembered(sheet, row, at, titles, mapping)
    _check_mapped(sheet, row, at, mapping)
    width = max(map(_used, sheet.rows))
    header = Header(row, at, width, tuple(spares), _missing(at, mapping, in_use))
    _refuse_foreign_text(sheet, header)
    return header


def _remembered(
    sheet: Sheet, row: int, at: Mapping[str, int], titles: Mapping[str, list[int]], mapping: Mapping[str, str]
) -> dict[str, int]:
    """Where columns of ours are whose header was renamed or emptied: key -> the leftmost that is remembered as it.

    One under a header that another column claims, or with a cell that the column cannot hold, is the person's.
    """
    found: dict[str, int] = {}
    claimed = {place for column in COLUMNS for places in _claims(column, titles, mapping) for place in places}
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
        return isinstance(value, (int, float, date)) and not isinstance(value, bool)
    if column.kind == "links" and isinstance(value, Links):
        return True
    pattern = _WORDS.get(column.key, ".*")
    return isinstance(value, str) and bool(re.fullmatch(pattern, value, re.DOTALL))


_WORDS = {
    "flag": "Due|Overdue|Ghosted|Check",
    "status": "[A-Z][a-z-]+( [a-z-]+){0,3}",
    "seen": r".+ \d{4}-\d\d-\d\d.* · at .+",
    "stamp": "[a-z_]+ ([0-9a-f]{12}|typed) [0-9a-f]{12}.*",
}
"""What columns of ours with words of their own hold; the others hold any text."""


def _missing(at: Mapping[str, int], mapping: Mapping[str, str], in_use: Container[str]) -> tuple[Column, ...]:
    """The columns to add, under the header that they are mapped to, so that the next run finds them."""
    ours = {c.key for c in OURS if not c.optional or c.key in in_use}
    wanted = (c for c in COLUMNS if c.key not in at and (c.marks or c.key in ours))
    return tuple(replace(c, header=mapping.get(c.key, c.header)) for c in wanted)


def headers_known(cells: Sequence[Value], mapping: Mapping[str, str]) -> int:
    """How many of the known columns a row of cells would head; 0 without Company."""
    titles = _titles(cells)
    known = sum(bool(_claims(column, titles, mapping)[0]) for column in COLUMNS)
    return known if _claims(BY_KEY["company"], titles, mapping)[0] else 0


def _header_row(sheet: Sheet, mapping: Mapping[str, str]) -> int:
    for row, cells in enumerate(sheet.rows[:HEADER_ROWS]):
        if headers_known(cells, mapping) > 1:
            return row
    raise Refused(
        "No header row in {tab}: none of the first " + str(HEADER_ROWS) + " rows has a Company header and at least "
        "one other that sheetflow knows, such as Role or Interview.{hint} Name the columns so, or map your own "
        "names in sheetflow.toml under [columns].",
        tab=sheet.title,
        hint=_nearest_header(sheet),
    )


def _nearest_header(sheet: Sheet) -> str:
    known = {plain(name): name for name in _names(BY_KEY["company"])}
    for row, cells in enumerate(sheet.rows[:HEADER_ROWS]):
        for title, places in _titles(cells).items():
            if difflib.get_close_matches(title, known, 1, 0.85):
                cell = a1(row, places[0])
                return f" Is {cell} ({read_text(cells[places[0]])}) meant to be Company, with others beside it?"
    return ""


def _names(column: Column) -> tuple[str, ...]:
    return (column.header, *column.aliases)


def _titles(cells: Sequence[Value]) -> dict[str, list[int]]:
    """Comparable header text -> the columns that bear it."""
    titles: dict[str, list[int]] = {}
    for index, value in enumerate(cells):
        if name := plain(read_text(value)):
            titles.setdefault(name, []).append(index)
    return titles


def _claims(column: Column, titles: Mapping[str, list[int]], mapping: Mapping[str, str]) -> tuple[list[int], list[int]]:
    """The columns under the winning spelling, and those under losing ones (which stay the person's)."""
    if column.key in mapping:
        return titles.get(plain(mapping[column.key]), []), []
    taken = {plain(header) for header in mapping.values()}
    spellings = [name for name in map(plain, _names(column)) if name in titles and name not in taken]
    if not spellings:
        return [], []
    winner, *losers = dict.fromkeys(spellings)
    return titles[winner], [c for name in losers for c in titles[name]]


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


def _refuse_foreign_text(sheet: Sheet, header: Header) -> None:
    """Before the first run there is no stamp column, so text under a computed header is somebody else's."""
    if "stamp" in header.at or sheet.remembers:
        return
    for column in OURS:
        place = header.at.get(column.key)
        if place is None:
            continue
        for row in range(header.row + 1, len(sheet.rows)):
            if not is_empty(sheet.cell(row, place)):
                raise Refused(
                    f"{sheet.place(row, place)} already holds text of yours, under the header {column.header}, which "
                    f"is one that sheetflow writes. Rename your column (to My {column.header}, for one) and run again.",
                    tab=sheet.title,
                )
