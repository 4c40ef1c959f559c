"""One cell to a date or a tick. Never a guess: what can be read in two ways is a problem (spec, section 3).

``today`` is an argument; what cannot be read comes back as the words for a ``Problem``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import NamedTuple

from sheetflow.cells import ERRORS, MONTHS, show, shown_value, visible
from sheetflow.sheet import CellError, DateOrder, Value
from sheetflow.words import words

LONGEST = 80
"""Characters of a date, however it is spelled."""
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)

_MONTH_NAMES = (
    "january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
    "september sep sept", "october oct", "november nov", "december dec",
)  # fmt: skip
_MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, start=1) for name in names.split()}
_WEEKDAYS = re.compile(r"\b(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\b")


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.ASCII)  # digits are 0-9


_CLOCK = r"(?:,?\s+(?:at\s+)?(?P<hour>\d{1,2})(?::(?P<minute>\d\d)(?::(?P<second>\d\d))?)?\s*(?P<half>[ap]\.?m\.?)?)?"
_ISO = _pattern(r"(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)(?:[ T](?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d))?)?")
_DAY_MONTH = _pattern(r"(?P<d>\d{1,2})(?:st|nd|rd|th)?[\s.,/-]+(?P<name>[a-z]+)\.?[\s,/-]+(?P<y>\d{4})" + _CLOCK)
_MONTH_DAY = _pattern(
    r"(?P<name>[a-z]+)\.?[\s/-]+(?P<d>\d{1,2})(?:st|nd|rd|th)?(?:\s*,\s*|[\s/-]+)(?P<y>\d{4})" + _CLOCK
)
_SLASHED = _pattern(r"(?P<a>\d{1,2})(?P<mark>[/.])(?P<b>\d{1,2})(?P=mark)(?P<y>\d{4})" + _CLOCK)
_SHORT_YEAR = _pattern(r"(?P<a>\d{1,2})(?P<mark>[/.])(?P<b>\d{1,2})(?P=mark)(?P<y>\d\d)")
_NUMBER = _pattern(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_TODAY = _pattern(r"=today\(\)(?P<days>[+-]\d{1,5})?(?:\+(?P<part>\d{1,6})/(?P<whole>\d{1,6}))?")


@cache
def empty_words() -> frozenset[str]:
    """The words that stand for an empty cell."""
    return _folded("empty")


def tick_words() -> frozenset[str]:
    """The words that say yes, or no, and nothing else."""
    return _folded("ticks", "no", "not_sent") | {"false"}


@cache
def _folded(*lists: str) -> frozenset[str]:
    """Words for cells of every column, as they are compared here: signs count."""
    return frozenset(word.casefold() for key in lists for word in words("cells", key))


class Reading(NamedTuple):
    """A cell of a date or sent column as read: a moment, a tick, a problem, or (all unset) nothing."""

    moment: datetime | None = None
    timed: bool = False
    tick: bool = False
    trouble: tuple[str, str] | None = None
    """What is wrong, with and without quoting the cell (see ``Problem``)."""


NOTHING = Reading()
TICK = Reading(tick=True)


_WRITE = "write it like 2026-11-20"
_WRITE_BOTH = "write it like 2026-11-20 14:30"


def _trouble(text: str, quiet: str, fix: str = _WRITE) -> Reading:
    return Reading(trouble=(text, f"{quiet}; {fix}"))


def read_moment(value: Value, order: DateOrder, today: date, day_zero: date) -> Reading:
    """One cell of a date column (spec, section 3, "Cells are dates, never guesses").

    ``order`` says which of day and month comes first in ``03/04/2026``; empty when nothing says so.
    ``day_zero`` is the day that a typed date counts from. Midnight counts as a date without a time, since
    spreadsheets cannot tell the two apart.
    """
    value = shown_value(value)
    if value is None or value is False:
        return NOTHING
    if value is True:
        return TICK
    if isinstance(value, CellError):
        return _formula_error(value.text)
    if isinstance(value, (int, float)):
        return _read_number(value, day_zero, str(value))
    if isinstance(value, datetime):
        return _in_range(value, str(value))
    if isinstance(value, date):
        return _in_range(datetime.combine(value, time()), str(value))
    if isinstance(value, timedelta) and value.days > 365:  # a date, shown as a duration
        return _read_number(value / timedelta(days=1), day_zero, str(value))
    if isinstance(value, (time, timedelta)):
        return _trouble(f"{value} is a time without a date; {_WRITE_BOTH}", "a time without a date", _WRITE_BOTH)
    return _read_text(str(value), order, today, day_zero)


def _formula_error(text: str) -> Reading:
    return _trouble(f"the formula gives {text}; repair it, or {_WRITE}", "the formula gives an error")


def _read_number(value: float, day_zero: date, shown: str) -> Reading:
    try:
        moment = datetime.combine(day_zero, time()) + timedelta(seconds=round(value * 86400))
    except (OverflowError, ValueError):
        moment = datetime.min  # noqa: DTZ901 - wall-clock time, and out of range in any zone
    reading = _in_range(moment, shown)
    if reading.trouble:
        return _trouble(f"{show(shown)} is a number and not a date; {_WRITE}", "a number that is not a date")
    return reading


def _in_range(moment: datetime, shown: str) -> Reading:
    if not FIRST_DAY <= moment.date() <= LAST_DAY:
        return _trouble(
            f"{show(shown)} is not between the years 2000 and 2100; {_WRITE}", "a year outside 2000 to 2100"
        )
    moment = (moment + timedelta(microseconds=500_000)).replace(microsecond=0)
    return Reading(moment, moment.time() != time())


def _read_text(raw: str, order: DateOrder, today: date, day_zero: date) -> Reading:
    text = " ".join(visible(raw).split())
    if len(text) > LONGEST:
        return _unreadable(text)
    word = text.casefold()
    if not text or word in empty_words() or word == "false":
        return NOTHING
    if word in _folded("ticks"):
        return TICK
    if word in ERRORS:
        return _formula_error(text)
    if _NUMBER.fullmatch(text):
        return _read_number(float(text), day_zero, text)
    if text.startswith("="):
        return _read_formula(text, today)
    for pattern, reader in _READERS:
        if match := pattern.fullmatch(text if pattern is _ISO else word):
            return reader(match, text, order)
    return _unreadable(text)


def _unreadable(text: str) -> Reading:
    word = text.casefold()
    fix = _WRITE_BOTH if ":" in word else _WRITE
    return _trouble(f"cannot read {show(text)} as a date{_hint(word)}; {fix}", "text that is not a date")


def _hint(word: str) -> str:
    if ":" in word and re.search(r"(?:z|utc|gmt|[+-]\d\d:?\d\d)$", word):
        return " (it names a time zone; times here are in the sheet's own)"
    if re.search(r"\d", word) and _WEEKDAYS.search(word):
        return " (leave the weekday out)"
    if re.search(r"\d", word) and not re.search(r"\d{4}", word):
        return " (the year needs four digits)"
    return ""


def _read_formula(text: str, today: date) -> Reading:
    """``=TODAY()`` and its relatives, the one formula that is understood in a .csv (spec, section 9)."""
    match = _TODAY.fullmatch(text.replace(" ", "").lower())
    if not match or (match["whole"] and not 0 <= int(match["part"]) < int(match["whole"])):
        return _trouble(
            f"{show(text)} is a formula, and a .csv has no values for it; {_WRITE}",
            "a formula, for which a .csv has no values",
        )
    moment = datetime.combine(today, time()) + timedelta(days=int(match["days"] or 0))
    if match["whole"]:
        moment += timedelta(seconds=round(86400 * int(match["part"]) / int(match["whole"])))
    return _in_range(moment, text)


def _read_iso(match: re.Match[str], text: str, _order: DateOrder) -> Reading:
    return _build(int(match["y"]), int(match["m"]), int(match["d"]), match, text)


def _read_named_month(match: re.Match[str], text: str, _order: DateOrder) -> Reading:
    month = _MONTHS.get(match["name"])
    if month is None:
        return _unreadable(text)
    return _build(int(match["y"]), month, int(match["d"]), match, text)


def _read_slashed(match: re.Match[str], text: str, order: DateOrder) -> Reading:
    a, b, year = int(match["a"]), int(match["b"]), int(match["y"])
    readings = _day_and_month(a, b, year, match["mark"])
    if len(readings) == 2 and order:
        readings = readings[:1] if order == "dmy" else readings[1:]
    if len(readings) == 2:
        first, second = readings
        words = [f"{day.day} {MONTHS[day.month - 1]}" for day in readings]
        return _trouble(
            f"cannot tell {words[0]} from {words[1]} in {show(text)}; "
            f"write {first.isoformat()} or {second.isoformat()}",
            "a date with two readings",
        )
    if not readings:
        return _trouble(f"there is no such day as {show(text)}; {_WRITE}", "a day that does not exist")
    return _build(year, readings[0].month, readings[0].day, match, text)


def _read_short_year(match: re.Match[str], text: str, _order: DateOrder) -> Reading:
    readings = _day_and_month(int(match["a"]), int(match["b"]), 2000 + int(match["y"]), match["mark"])
    instead = " or ".join(day.isoformat() for day in readings) or "it like 2026-11-20"
    return _trouble(f"the year in {show(text)} has two digits; write {instead}", "a year with two digits")


def _day_and_month(a: int, b: int, year: int, mark: str) -> list[date]:
    """The days that ``a`` and ``b`` can mean: day first, then month first; with dots only day first."""
    orders = [(b, a)] if mark == "." else [(b, a), (a, b)]
    days = []
    for month, day in orders:
        try:
            days.append(date(year, month, day))
        except ValueError:
            continue
    return list(dict.fromkeys(days))


def _build(year: int, month: int, day: int, match: re.Match[str], text: str) -> Reading:
    clock = match.groupdict()
    hour, minute, second = (int(clock[part] or 0) for part in ("hour", "minute", "second"))
    half = clock.get("half")
    if clock["hour"] and not clock["minute"] and not half:
        return _trouble(f"cannot read the time in {show(text)}; {_WRITE_BOTH}", "an unclear time", _WRITE_BOTH)
    if half:
        hour = hour % 12 + (12 if half.startswith("p") else 0) if 1 <= hour <= 12 else _NO_HOUR
    try:
        moment = datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - wall clock in the sheet's zone
    except ValueError:
        return _trouble(f"there is no such day or time as {show(text)}; {_WRITE}", "a day that does not exist")
    return _in_range(moment, text)


_NO_HOUR = 99
_READERS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], str, DateOrder], Reading]], ...] = (
    (_ISO, _read_iso),
    (_SLASHED, _read_slashed),
    (_SHORT_YEAR, _read_short_year),
    (_DAY_MONTH, _read_named_month),
    (_MONTH_DAY, _read_named_month),
)


def _word(text: str) -> str:
    return " ".join(visible(text).casefold().split())


def says_not_sent(value: Value) -> bool:
    """Whether a sent cell says in words that nothing was sent, which beats what a mailbox shows."""
    value = shown_value(value)
    return isinstance(value, str) and _word(value) in _folded("not_sent")


def read_sent(value: Value, order: DateOrder, today: date, day_zero: date) -> Reading:
    """One cell of a sent column: as a date column, with a few more words for "not sent"."""
    value = shown_value(value)
    if isinstance(value, str) and _word(value) in _folded("no", "not_sent") | {"false"}:
        return NOTHING
    return read_moment(value, order, today, day_zero)
