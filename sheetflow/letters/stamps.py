"""Whose words are in the draft cells: sheetflow's, to be renewed, or the person's, to be kept (the rules, section 6).

The hidden Draft stamp remembers what sheetflow wrote, and for which row. Rows get sorted, sometimes without
the hidden column and sometimes without the draft cells, so stamp and draft find each other by their
fingerprints and not by their places.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sheetflow.cells import read_text
from sheetflow.mailbox.drafts import split
from sheetflow.notes import NOTES
from sheetflow.sheet import Links, Value
from sheetflow.table import Table
from sheetflow.table.people import Person, read_people
from sheetflow.table.prints import digest, row_prints


class Cells(NamedTuple):
    """What stands in a row's draft cells, or is to."""

    to: str = ""
    subject: str = ""
    body: str = ""
    send: Links = Links()
    stamp: str = ""


class Stamp(NamedTuple):
    """What the stamp column remembers of a draft."""

    note: str
    text: str
    """Fingerprint of the draft as sheetflow wrote it; ``TYPED`` when it never did."""
    row: str
    """Fingerprint of the row that the draft is for."""
    edited: str = ""
    """Fingerprint of the person's own version at the last run."""

    def __str__(self) -> str:
        return " ".join(part for part in self if part)


TYPED = "typed"
_STAMP = re.compile(rf"({'|'.join(NOTES)}) ([0-9a-f]{{12}}|{TYPED}) ([0-9a-f]{{12}})(?: ([0-9a-f]{{12}}))?")


class Found(NamedTuple):
    """The draft in a row, and what its stamp knows of it."""

    cells: Cells = Cells()
    stamp: Stamp | None = None
    edited: str = ""
    """Fingerprint of the draft if its words are the person's; empty: they may be renewed."""
    astray: bool = False
    """The person edited it for another row, from which a sort has parted it."""
    row: str = ""
    """Fingerprint of the row; empty for a blank one."""


def find_drafts(table: Table) -> dict[int, Found]:
    """The rows that hold a draft: position -> what is there."""
    old = [[_as_text(v) for v in table.computed(key)] for key in ("draft_to", "draft_subject", "draft", "stamp")]
    here = {
        i: Cells(to, subject, body, stamp=stamp)
        for i, (to, subject, body, stamp) in enumerate(zip(*old, strict=True))
        if to or subject or body or stamp
    }
    rows = row_fingerprints(table, here)
    stamps = {i: stamp for i, cells in here.items() if (stamp := read_stamp(cells.stamp))}
    known = _Known(table, stamps, rows)
    return {i: _found(table, i, cells, stamps.get(i), rows[i], known) for i, cells in here.items()}


class _Known:
    """The stamps by what they remember."""

    def __init__(self, table: Table, stamps: Mapping[int, Stamp], rows: Mapping[int, str]) -> None:
        self.written = _by_words((stamp.text, stamp) for stamp in stamps.values())
        self.edited = _by_words((stamp.edited, stamp) for stamp in stamps.values())
        self.strays = {stamp.row: stamp for i, stamp in stamps.items() if stamp.row != rows[i]}
        self.rows: frozenset[str] = frozenset()
        if self.strays:  # a row was sorted, copied or corrected: is there still the row that a stamp is for?
            self.rows = frozenset(row_fingerprints(table, range(len(table.frame))).values()) - {""}


def _by_words(stamps: Iterable[tuple[str, Stamp]]) -> dict[str, dict[str, Stamp]]:
    """Fingerprint of words -> fingerprint of row -> the stamp that remembers both."""
    result: dict[str, dict[str, Stamp]] = {}
    for words, stamp in stamps:
        result.setdefault(words, {})[stamp.row] = stamp
    return result


def _found(table: Table, position: int, cells: Cells, here: Stamp | None, row: str, known: _Known) -> Found:
    words = fingerprint(cells)
    own = here
    if row and not (here and here.row == row):
        own = known.strays.get(row) or (here if here and here.row not in known.rows else None)
    if not cells.body.strip():
        return Found(cells, own, row=row)
    for remembered, edited in ((known.written, ""), (known.edited, words)):
        if words in remembered:
            stamps = remembered[words]
            stamp = stamps.get(row) or next(iter(stamps.values()))
            return Found(cells, stamp, edited, bool(edited) and stamp.row != row and stamp.row in known.rows, row)
    astray = here is not None and here is not own and here.row in known.rows and not _fits(table, position, cells)
    return Found(cells, here if astray else own, words, astray, row)


def _fits(table: Table, position: int, cells: Cells) -> bool:
    """Whether a draft is addressed to people of a row."""
    columns: list[list[tuple[Person, ...]]] = [table.frame[name].tolist() for name in ("interviewers", "contact")]
    there = (person for column in columns for person in column[position])
    return _whom(read_people(cells.to)) <= _whom(there)


def _whom(people: Iterable[Person]) -> set[str]:
    return {(person.email or person.name).casefold() for person in people}


def _as_text(value: Value) -> str:
    if isinstance(value, Links):
        return value.labels
    return value if isinstance(value, str) else read_text(value)


def read_stamp(text: str) -> Stamp | None:
    """A stamp from its cell; ``None`` for an empty cell and for anything that is none."""
    match = _STAMP.fullmatch(split(text)[0])
    return Stamp(*(part or "" for part in match.groups())) if match else None


def fingerprint(cells: Cells) -> str:
    """A fingerprint of the three draft cells; line ends, trailing blanks and the .csv escape do not count."""
    return digest(_essence(cells.to), _essence(cells.subject), _essence(cells.body))


def _essence(text: str) -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("'").split("\n")
    return "\n".join([line.rstrip() for line in lines]).rstrip()


def row_fingerprints(table: Table, positions: Iterable[int]) -> dict[int, str]:
    """A fingerprint of each row, by position: whose interview it is. Empty for a blank row."""
    return row_prints(table, positions, table.frame["row"].tolist())
