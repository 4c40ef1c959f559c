"""One cell: its text, the words it is shown with, and back to how spreadsheets keep it.

Every function here takes one cell and knows nothing of rows, files or clocks. Dates are read in ``dates``,
people in ``people``.
"""

from __future__ import annotations

import unicodedata
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from sheetflow.sheet import CellError, Formula, Links, Value

ERRORS = frozenset({"#ref!", "#n/a", "#value!", "#name?", "#div/0!", "#num!", "#null!", "#error!", "#spill!", "#calc!"})


class Problem(NamedTuple):
    """What is wrong with a cell and how to fix it.

    ``text`` may quote the cell and is for the sheet and the person's own screen; ``quiet`` never does.
    """

    column: str
    text: str
    quiet: str

    def __str__(self) -> str:
        return f"{self.column}: {self.text}"


def show(text: str) -> str:
    """A cell's text as it may stand inside a sentence: one line, nothing invisible, not too long."""
    line = " ".join(clean(text).split())
    return line if len(line) <= 40 else line[:39] + "…"


_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


def visible(text: str) -> str:
    """Text as it looks: also without the sign that makes ✔ colourful."""
    return text if text.isascii() and text.isprintable() else clean(text).replace("\ufe0f", "")


def clean(text: str) -> str:
    """Text without control, direction, tag and other invisible characters, and without lone surrogates.

    Line breaks, tabs and the joiners that names and emoji need stay.
    """
    if text.replace("\n", "").isprintable():  # Python's word for: nothing of these kinds, no blank but the usual one
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in text if c in "\n\t\u200c\u200d" or unicodedata.category(c) not in _INVISIBLE)


MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
"""Not those of ``strftime``, which are in the language of the machine once anything has called ``setlocale``."""


def day_words(day: date) -> str:
    """A date as a sentence says it: ``20 Nov 2026``."""
    return f"{day.day} {MONTHS[day.month - 1][:3]} {day.year}"


def moment_words(moment: datetime, timed: bool) -> str:
    """A date, with its time where it has one: ``20 Nov 2026, 14:30``."""
    return f"{day_words(moment)}, {moment:%H:%M}" if timed else day_words(moment)


def shown_value(value: Value) -> Value:
    """What a cell shows: a formula's result, the text of links."""
    if isinstance(value, Formula):
        value = value.value
    return value.labels if isinstance(value, Links) else value


def read_text(value: Value) -> str:
    """A text cell exactly as it reads; numbers without a needless ``.0``, dates as ISO, an error as nothing.

    Text that a spreadsheet took for a formula (``+34 600``, ``- Ana``) and could not calculate is the text
    that was typed.
    """
    if isinstance(value, Formula) and value.value == CellError("#ERROR!"):
        value = value.source
    value = shown_value(value)
    if isinstance(value, str):
        text = value.strip()
        return "" if text[:1] == "#" and text.casefold() in ERRORS else text
    if value is None or value is False or isinstance(value, CellError):
        return ""
    if value is True:
        return "TRUE"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return moment_text(value) if isinstance(value, date) else str(value)


def moment_text(value: date | datetime) -> str:
    """A date as local files spell it: ``2026-11-20``, with a time ``2026-11-20 14:30``."""
    if not isinstance(value, datetime):
        return value.isoformat()
    if value.time() == time():
        return value.date().isoformat()
    return value.isoformat(sep=" ", timespec="minutes" if not value.second else "seconds")


def fills(value: Value) -> bool:
    """Whether a cell of the person's counts as filled: FALSE and empty formula results do not."""
    value = shown_value(value)
    if isinstance(value, str):
        return bool(value.strip()) and value.strip().casefold() != "false"
    return value is not None and value is not False


def to_number(moment: date | datetime, day_zero: date) -> float:
    """A date as the number that spreadsheets keep: days since ``day_zero``, a fraction for the time."""
    if not isinstance(moment, datetime):
        return (moment - day_zero).days
    days = (moment - datetime.combine(day_zero, time())) / timedelta(days=1)
    return int(days) if days.is_integer() else days
