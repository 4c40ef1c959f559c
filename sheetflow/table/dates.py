"""One cell to a date or a tick. Never a guess: what can be read in two ways is a problem (spec, section 3).

``today`` is an argument; what cannot be read comes back as the words for a ``Problem``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import cache
from typing import NamedTuple

from sheetflow.cells import ERRORS, MONTHS, show, shown_value, visible
from sheetflow.columns import plain
from sheetflow.sheet import CellError, DateOrder, Value
from sheetflow.words import LANGUAGES, months, words

TWO_READINGS = "a date with two readings"
LONGEST = 80
"""Characters of a date, however it is spelled."""
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)

_WEEKDAYS = re.compile(r"\b(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\b")


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.ASCII)  # digits are 0-9


def _clock(close: str = "") -> str:
    """The pattern of a time of day behind a date; ``close`` may stand between the two instead of a blank.

    ``rest`` is what follows the time: an offset, or the end of a range.
    """
    between = rf"(?:{close}|,?\s+(?:(?:at|um|à|a las|@)\s+)?)" if close else r",?\s+(?:(?:at|um|à|a las|@)\s+)?"
    return (
        rf"(?:{between}(?P<hour>\d{{1,2}})(?::(?P<minute>\d\d)(?::(?P<second>\d\d)(?P<part>\.\d{{1,9}})?)?)?"
        r"\s*(?P<half>[ap]\.?m\.?)?\s*(?P<rest>\S.*)?)?"
    )


_DAY = r"(?P<d>\d{1,2})(?:st|nd|rd|th|er|º)?"
_NAME = r"(?P<name>[a-zß-ž]+)\.?"
_ISO = _pattern(r"(?P<y>\d{4})(?P<mark>[-/])(?P<m>\d{1,2})(?P=mark)(?P<d>\d{1,2})" + _clock("t"))
_CHINESE = _pattern(r"(?P<y>\d{4})\s?年\s?(?P<m>\d{1,2})\s?月\s?(?P<d>\d{1,2})\s?[日号號]" + _clock(r"(?=\d)"))
_DAY_MONTH = _pattern(
    rf"(?:(?P<weekday>[a-z]{{3}}),\s+)?{_DAY}(?:[\s.,/-]+|\s+de\s+){_NAME}(?:[\s,/-]+|\s+del?\s+)(?P<y>\d{{4}})"
    + _clock()
)
_MONTH_DAY = _pattern(rf"{_NAME}[\s/-]+{_DAY}(?:\s*,\s*|[\s/-]+)(?P<y>\d{{4}})" + _clock())
_SLASHED = _pattern(r"(?P<a>\d{1,2})(?P<mark>[/.])(?P<b>\d{1,2})(?P=mark)(?P<y>\d{4})" + _clock())
_SHORT_YEAR = _pattern(r"(?P<a>\d{1,2})(?P<mark>[/.])(?P<b>\d{1,2})(?P=mark)(?P<y>\d\d)")
_NUMBER = _pattern(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_RANGE = _pattern(
    r"(?:[-–—~→]|(?:to|until|till|bis|a|à)\s)\s*(?P<hour>\d{1,2})(?::(?P<minute>\d\d)(?::\d\d)?)?\s*(?P<half>[ap]\.?m\.?)?"
)
_OFFSET = _pattern(r"z|utc?|gmt|(?P<sign>[+-])(?P<hours>\d\d):?(?P<minutes>\d\d)?(?:\s\([a-z ]{1,40}\))?")
"""The zone's name in brackets is a comment of RFC 2822 (3.2.3)."""
_O_CLOCK = _pattern(r"\b(\d{1,2})(?:[:.](\d\d)\s?(?:uhr|h)\b|\s?h\s?(\d\d)\b|\s?(?:uhr|h)\b)")
_TODAY = _pattern(r"=today\(\)(?P<days>[+-]\d{1,5})?(?:\+(?P<part>\d{1,6})/(?P<whole>\d{1,6}))?")


@cache
def empty_words() -> frozenset[str]:
    """The words that stand for an empty cell."""
    return _folded("empty")


@cache
def _months() -> dict[str, int]:
    """The name of a month, as it is compared -> its number."""
    return {
        plain(name): number
        for code in LANGUAGES
        for number, names in enumerate(months(code), start=1)
        for name in names
    }


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


def read_moment(value: Value, order: DateOrder, today: date, day_zero: date, zone: tzinfo = UTC) -> Reading:
    """One cell of a date column (spec, section 3, "Cells are dates, never guesses").

    ``order`` says which of day and month comes first in ``03/04/2026``; empty when nothing says so. ``zone`` is the
    sheet's: a time with an offset is shown in it.
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
    return _read_text(str(value), Context(order, zone), today, day_zero)


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


class Context(NamedTuple):
    """What a text alone does not say."""

    order: DateOrder
    zone: tzinfo


def _words_of(raw: str) -> str:
    """A text as it is shown in a remark: on one line."""
    return unicodedata.normalize("NFC", " ".join(visible(raw).split()))


def _read_text(raw: str, context: Context, today: date, day_zero: date) -> Reading:
    text = _words_of(raw)
    if len(text) > LONGEST:
        return _unreadable(text)
    word = text.casefold()
    if not text or word in _folded("empty", "no") or word == "false":
        return NOTHING
    if word in _folded("ticks"):
        return TICK
    if word in ERRORS:
        return _formula_error(text)
    if _NUMBER.fullmatch(text):
        return _read_number(float(text), day_zero, text)
    if text.startswith("="):
        return _read_formula(text, today)
    plainly = _O_CLOCK.sub(lambda clock: f"{clock[1]}:{clock[2] or clock[3] or '00'}", word)
    for pattern, reader in _READERS:
        if match := pattern.fullmatch(plainly):
            return reader(match, text, context)
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


def _read_iso(match: re.Match[str], text: str, context: Context) -> Reading:
    return _build(int(match["y"]), int(match["m"]), int(match["d"]), match, text, context)


def _read_named_month(match: re.Match[str], text: str, context: Context) -> Reading:
    month = _months().get(plain(match["name"]))
    if month is None:
        return _unreadable(text)
    return _build(int(match["y"]), month, int(match["d"]), match, text, context)


def _read_slashed(match: re.Match[str], text: str, context: Context) -> Reading:
    a, b, year = int(match["a"]), int(match["b"]), int(match["y"])
    readings = _day_and_month(a, b, year, match["mark"])
    if len(readings) == 2 and context.order:
        readings = readings[:1] if context.order == "dmy" else readings[1:]
    if len(readings) == 2:
        first, second = readings
        words = [f"{day.day} {MONTHS[day.month - 1]}" for day in readings]
        return _trouble(
            f"cannot tell {words[0]} from {words[1]} in {show(text)}; "
            f"write {first.isoformat()} or {second.isoformat()}",
            TWO_READINGS,
        )
    if not readings:
        return _trouble(f"there is no such day as {show(text)}; {_WRITE}", "a day that does not exist")
    return _build(year, readings[0].month, readings[0].day, match, text, context)


def _read_short_year(match: re.Match[str], text: str, _context: Context) -> Reading:
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


def _build(year: int, month: int, day: int, match: re.Match[str], text: str, context: Context) -> Reading:
    clock = match.groupdict()
    hour, minute, second = (int(clock[part] or 0) for part in ("hour", "minute", "second"))
    half, offset, end = clock["half"], None, None
    if clock["rest"]:
        offset, end = _offset(clock["rest"], match), _RANGE.fullmatch(clock["rest"])
        if not offset and not end:
            return _unreadable(text)
    if (clock.get("weekday") or "") != "" and not offset:
        return _unreadable(text)
    if clock["hour"] and not clock["minute"] and not half and not (end and (end["minute"] or end["half"])):
        return _trouble(f"cannot read the time in {show(text)}; {_WRITE_BOTH}", "an unclear time", _WRITE_BOTH)
    if half:
        hour = _hour(hour, half)
    elif end and end["half"]:
        hour = _start(hour, minute, end)
    part = round(float(clock["part"] or 0) * 1_000_000)
    try:
        moment = datetime(year, month, day, hour, minute, second, tzinfo=offset) + timedelta(microseconds=part)
    except (ValueError, OverflowError):
        return _trouble(f"there is no such day or time as {show(text)}; {_WRITE}", "a day that does not exist")
    if offset and FIRST_DAY.year <= year <= LAST_DAY.year:
        if clock.get("weekday") and not _weekday(moment).startswith(clock["weekday"]):
            return _unreadable(text)
        moment = moment.astimezone(context.zone)
    return _in_range(moment.replace(tzinfo=None), text)


def _offset(rest: str, match: re.Match[str]) -> timezone | None:
    """The offset behind a time. ``09:00-10:00`` after a blank is a range; after a ``T`` or seconds it is none."""
    found = _OFFSET.fullmatch(rest)
    if not found or (found["sign"] and int(found["hours"]) > 14) or int(found["minutes"] or 0) > 59:
        return None
    end = _RANGE.fullmatch(rest)
    exact = match["second"] or match.string[match.start("hour") - 1] == "t"
    if end and not exact and (int(match["hour"]), match["minute"]) < (int(end["hour"]), end["minute"] or "00"):
        return None
    if not found["sign"]:
        return UTC
    minutes = int(found["hours"]) * 60 + int(found["minutes"] or 0)
    return timezone(timedelta(minutes=-minutes if found["sign"] == "-" else minutes))


def _hour(hour: int, half: str) -> int:
    """An hour of the half of the day, from midnight."""
    return hour % 12 + (12 if half.startswith("p") else 0) if 1 <= hour <= 12 else _NO_HOUR


def _start(hour: int, minute: int, end: re.Match[str]) -> int:
    """The hour at which a range begins whose end alone says am or pm: ``2-3 pm``, ``11:30-12:30 pm``."""
    last = _hour(int(end["hour"]), end["half"]), int(end["minute"] or 0)
    same, other = _hour(hour, end["half"]), _hour(hour, "a" if end["half"].startswith("p") else "p")
    return same if (same, minute) < last else other


def _weekday(moment: datetime) -> str:
    return ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")[moment.weekday()]


_NO_HOUR = 99
_READERS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], str, Context], Reading]], ...] = (
    (_ISO, _read_iso),
    (_CHINESE, _read_iso),
    (_SLASHED, _read_slashed),
    (_SHORT_YEAR, _read_short_year),
    (_DAY_MONTH, _read_named_month),
    (_MONTH_DAY, _read_named_month),
)


def _word(text: str) -> str:
    return " ".join(visible(text).casefold().split())


class Order(NamedTuple):
    """The order that the dates of a column show, if they do."""

    order: DateOrder = ""
    shown_by: str = ""
    """The first cell that can only be read so."""
    decides: str = ""
    """The first that could be read in two ways; empty if there is none."""


def order_in(values: Iterable[Value]) -> Order:
    """The order of day and month in a column: some of its dates can only be read so, and none only the other way."""
    only: dict[DateOrder, str] = {}
    in_doubt = ""
    for value in values:
        text = shown_value(value)
        text = _words_of(text) if isinstance(text, str) and len(text) <= LONGEST else ""
        match = _SLASHED.fullmatch(text.casefold())
        if not match or match["mark"] == ".":
            continue
        a, b, year = int(match["a"]), int(match["b"]), int(match["y"])
        days = _day_and_month(a, b, year, "/")
        if len(days) == 2:
            in_doubt = in_doubt or text
        elif days and a != b:
            only.setdefault("dmy" if (days[0].day, days[0].month) == (a, b) else "mdy", text)
    if len(only) != 1:
        return Order()
    ((order, shown_by),) = only.items()
    return Order(order, shown_by, in_doubt)


def says_not_sent(value: Value) -> bool:
    """Whether a sent cell says in words that nothing was sent, which beats what a mailbox shows."""
    value = shown_value(value)
    return isinstance(value, str) and _word(value) in _folded("not_sent")


def read_sent(value: Value, order: DateOrder, today: date, day_zero: date, zone: tzinfo = UTC) -> Reading:
    """One cell of a sent column: as a date column, with a few more words for "not sent"."""
    value = shown_value(value)
    if isinstance(value, str) and _word(value) in _folded("not_sent"):
        return NOTHING
    return read_moment(value, order, today, day_zero, zone)
