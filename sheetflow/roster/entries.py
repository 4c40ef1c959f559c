"""A roster's rows as typed entries. A row that cannot be used has a problem, in words that anybody may read."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from sheetflow.cells import read_text
from sheetflow.columns import plain
from sheetflow.sheet import Sheet, is_empty
from sheetflow.table.claims import Header
from sheetflow.table.dates import read_moment
from sheetflow.words import keys, words

YES = {"active", "on", "1"}
NO = {"false", "☐", "n", "0", "off", "paused", "inactive"}
"""Beside the ticks and the words for no that every tracker knows."""
_FOLDER = re.compile(r"[A-Za-z0-9-]{1,60}")


@dataclass(frozen=True)
class Entry:
    """One row of a roster. ``row`` is 0-based in the sheet."""

    row: int
    name: str = ""
    source: str = ""
    """The tracker: a link, an id, or a file's name."""
    key: str = ""
    """What tells a tracker from every other, however it is linked."""
    active: bool = True
    language: str = ""
    """A code of the languages of letters, or empty."""
    templates: str = ""
    account: str = ""
    """The address of the account that the tracker is shared with; empty: the first."""
    last_run: datetime | None = None
    """When it was last read, by the clock of the roster's zone."""
    failed: bool = False
    """Whether the last run wrote a problem beside it."""
    problem: str = ""

    @property
    def to_visit(self) -> bool:
        """Whether its tracker is to be read."""
        return self.active and not self.problem


def read_entries(sheet: Sheet, header: Header, today: date, identify: Callable[[str], str]) -> list[Entry]:
    """The entries of a roster's rows, those that say nothing left out.

    ``identify`` gives what tells a tracker from every other; it raises ``ValueError`` with a sentence where a source
    cannot be one.
    """
    rows = range(header.row + 1, len(sheet.rows))
    entries = [_entry(sheet, header, row, today, identify) for row in rows if _says_something(sheet, header, row)]
    seen: dict[str, int] = {}
    for index, entry in enumerate(entries):
        first = seen.setdefault(entry.key, entry.row) if entry.key else entry.row
        if first != entry.row:
            text = f"The same sheet stands in row {first + 1}. Take one of the two rows out."
            entries[index] = replace(entry, problem=entry.problem or text)
    return entries


def _says_something(sheet: Sheet, header: Header, row: int) -> bool:
    return any(not is_empty(sheet.cell(row, header.at[key])) for key in ("name", "sheet"))


def _entry(sheet: Sheet, header: Header, row: int, today: date, identify: Callable[[str], str]) -> Entry:
    def text(key: str) -> str:
        return read_text(sheet.cell(row, header.at[key])).strip() if key in header.at else ""

    last_run = read_moment(sheet.cell(row, header.at.get("last_run", -1)), "", today, sheet.day_zero)
    entry = Entry(
        row,
        " ".join(text("name").split()),
        text("sheet"),
        active=_is_active(sheet, header, row) is not False,
        language=_language(text("language")),
        templates=text("templates"),
        account=text("account").casefold(),
        last_run=last_run.moment if "last_run" in header.at else None,
        failed=bool(text("problem")),
    )
    try:
        entry = replace(entry, key=identify(entry.source))
    except ValueError as error:
        return replace(entry, problem=str(error))
    return replace(entry, problem=_problem(entry, _is_active(sheet, header, row), text("language")))


def _is_active(sheet: Sheet, header: Header, row: int) -> bool | None:
    """What Active says; ``None`` for a word that is not known. Without the column, or with an empty cell: yes."""
    value = sheet.cell(row, header.at["active"]) if "active" in header.at else None
    if value is False:
        return False
    word = read_text(value).strip().casefold()
    if word in NO or word in words("cells", "no"):
        return False
    return True if not word or word in YES or word in words("cells", "ticks") else None


def _language(text: str) -> str:
    """The code of a language of letters; empty for none, and for a word that is none."""
    return next((code for code in keys("languages") if plain(text) in map(plain, words("languages", code))), "")


def _problem(entry: Entry, active: bool | None, language: str) -> str:
    if active is None:
        return "Active holds a word that is neither yes nor no. Write one of the two; until then the sheet is not read."
    if language and not entry.language:
        return "Language names a language without letters. Write English, German, French, Spanish or Chinese."
    if entry.templates and not _FOLDER.fullmatch(entry.templates):
        return "Templates must be the name of a folder beside your templates: letters, digits and hyphens only."
    return ""
