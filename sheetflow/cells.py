"""One cell: its text or value to a date, a tick, a word or people, and back. Never a guess.

Every function here takes one cell and knows nothing of rows, files or clocks (``today`` is an argument).
What cannot be read comes back as a ``Problem``, a value that travels with its row.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from sheetflow.sheet import CellError, DateOrder, Formula, Links, Value

EMPTY_WORDS = frozenset({"tbd", "tba", "n/a", "none", "?", "-", "–", "pending"})
NOT_TICKED = frozenset({"false", "no", "☐"})
TICKS = frozenset({"true", "x", "yes", "y", "✓", "✔", "☑", "done", "sent", "oui", "ja", "sí", "是"})
ERRORS = frozenset({"#ref!", "#n/a", "#value!", "#name?", "#div/0!", "#num!", "#null!", "#error!", "#spill!", "#calc!"})
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


class Problem(NamedTuple):
    """What is wrong with a cell and how to fix it.

    ``text`` may quote the cell and is for the sheet and the person's own screen; ``quiet`` never does.
    """

    column: str
    text: str
    quiet: str

    def __str__(self) -> str:
        return f"{self.column}: {self.text}"


class Reading(NamedTuple):
    """A cell of a date or sent column as read: a moment, a tick, a problem, or (all unset) nothing."""

    moment: datetime | None = None
    timed: bool = False
    tick: bool = False
    trouble: tuple[str, str] | None = None
    """What is wrong, with and without quoting the cell (see ``Problem``)."""


NOTHING = Reading()
TICK = Reading(tick=True)


def _trouble(text: str, quiet: str) -> Reading:
    return Reading(trouble=(text, quiet))


_WRITE = "write it like 2026-11-20"
_WRITE_BOTH = "write it like 2026-11-20 14:30"


def show(text: str) -> str:
    """A cell's text as it may stand inside a sentence: one line, nothing invisible, not too long."""
    line = " ".join(clean(text).split())
    return line if len(line) <= 40 else line[:39] + "…"


_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


def _visible(text: str) -> str:
    """Text as it looks: also without the sign that makes ✔ colourful."""
    return text if text.isascii() else clean(text).replace("\ufe0f", "")


def clean(text: str) -> str:
    """Text without control, direction, tag and other invisible characters, and without lone surrogates.

    Line breaks, tabs and the joiners that names and emoji need stay.
    """
    if text.isascii() and text.isprintable():
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in text if c in "\n\t\u200c\u200d" or unicodedata.category(c) not in _INVISIBLE)


def day_words(day: date) -> str:
    """A date as a sentence says it: ``20 Nov 2026``."""
    return f"{day.day} {day:%b %Y}"


def moment_words(moment: datetime, timed: bool) -> str:
    """A date, with its time where it has one: ``20 Nov 2026, 14:30``."""
    return f"{day_words(moment)}, {moment:%H:%M}" if timed else day_words(moment)


def read_moment(value: Value, order: DateOrder, today: date, day_zero: date) -> Reading:
    """One cell of a date column (spec, section 3, "Cells are dates, never guesses").

    ``order`` says which of day and month comes first in ``03/04/2026``; empty when nothing says so.
    ``day_zero`` is the day that a typed date counts from. Midnight counts as a date without a time, since
    spreadsheets cannot tell the two apart.
    """
    value = _plain(value)
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
        return _trouble(f"{value} is a time without a date; {_WRITE_BOTH}", "a time without a date")
    return _read_text(str(value), order, today, day_zero)


def _plain(value: Value) -> Value:
    """What a cell shows: a formula's result, the text of links."""
    if isinstance(value, Formula):
        value = value.value
    return value.labels if isinstance(value, Links) else value


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
    text = " ".join(_visible(raw).split())
    word = text.casefold()
    if not text or word in EMPTY_WORDS or word == "false":
        return NOTHING
    if word in TICKS:
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
            "a formula; a .csv has no values for it",
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
        return _trouble(
            f"cannot tell {first.day} {first:%B} from {second.day} {second:%B} in {show(text)}; "
            f"write {first.isoformat()} or {second.isoformat()}",
            "a date with two readings; write it as year-month-day",
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
        return _trouble(f"cannot read the time in {show(text)}; {_WRITE_BOTH}", "an unclear time")
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


def read_sent(value: Value, order: DateOrder, today: date, day_zero: date) -> Reading:
    """One cell of a sent column: as a date column, with a few more words for "not sent"."""
    value = _plain(value)
    if isinstance(value, str) and _visible(value).strip().casefold() in NOT_TICKED:
        return NOTHING
    return read_moment(value, order, today, day_zero)


def read_text(value: Value) -> str:
    """A text cell exactly as it reads; numbers without a needless ``.0``, dates as ISO, an error as nothing.

    Text that a spreadsheet took for a formula (``+34 600``, ``- Ana``) and could not calculate is the text
    that was typed.
    """
    if isinstance(value, Formula) and value.value == CellError("#ERROR!"):
        value = value.source
    value = _plain(value)
    if value is None or value is False or isinstance(value, CellError):
        return ""
    if value is True:
        return "TRUE"
    if isinstance(value, str):
        return "" if value.strip().casefold() in ERRORS else value.strip()
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
    value = _plain(value)
    if isinstance(value, str):
        return bool(value.strip()) and value.strip().casefold() != "false"
    return value is not None and value is not False


# --- a computed cell in a .csv that a spreadsheet could take for a formula --------------------------------

_TRIGGERS = "=+-@\t\r\n\0＝＋－＠"


def _is_trigger(text: str) -> bool:
    """Whether a spreadsheet might calculate this text (OWASP, CSV Injection): also behind quotes and blanks."""
    bare = text.lstrip("'")
    if bare[:1] in ("\t", "\r", "\n", "\0"):
        return True
    seen = next((c for c in bare if not c.isspace() and unicodedata.category(c) not in ("Cf", "Cc")), "")
    return bool(seen) and seen in _TRIGGERS


def escape(text: str) -> str:
    """The text with a ``'`` in front if it would else be taken for a formula; ``unescape`` undoes it."""
    return "'" + text if text and _is_trigger(text) else text


def unescape(text: str) -> str:
    """The text without the escape; a person's own ``'tis`` is left alone."""
    return text[1:] if text.startswith("'") and _is_trigger(text[1:]) else text


# --- people -----------------------------------------------------------------------------------------------


class Person(NamedTuple):
    """Somebody to write to; either part may be empty."""

    name: str
    email: str

    @property
    def first_name(self) -> str:
        """What to call them (spec, section 6): the whole name where its first word would be a guess."""
        name = re.sub(r"\s*\(.*?\)", "", self.name).strip()
        if family_first := re.fullmatch(r"([^\s,]+),\s*(\S.*)", name):
            name = family_first[2]
        words = name.split()
        if len(words) < 2 or not _latin(name) or words[0].rstrip(".").casefold() in _HONORIFICS:
            return name
        if re.search(r"[,&/+]|\b(?:and|und|et|y)\b", name):
            return name
        return words[0]

    def __str__(self) -> str:
        if not self.email or not self.name:
            return self.email or self.name
        name = self.name
        if re.search(r'[",;<>@]', name):
            name = '"' + name.replace('"', "'") + '"'
        return f"{name} <{self.email}>"


_TITLES = (
    "dr prof professor mr mrs ms mx miss sir dame lady lord rev fr herr frau hr mme mlle m monsieur madame "
    "mademoiselle sr sra srta señor señora don doña ing dipl-ing doctor doctora docteur dott"
)
_HONORIFICS = frozenset(_TITLES.split())
_ADDRESS = re.compile(r"[^\s<>,;()\"']+@[^\s<>,;()\"']+")
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[^\W_](?:[\w-]*[^\W_])?")


def read_people(text: str) -> tuple[Person, ...]:
    """The people in a cell (spec, section 2, Interviewers), each address once.

    Semicolons and line breaks separate; a comma only where each side has an address, or where no side has
    one and each has two or more words. What stands in quotation marks is one name.
    """
    parts = (part for piece in _split(clean(text), ";\n") for part in _split_commas(piece))
    people: dict[str, Person] = {}
    for person in map(_person, parts):
        people.setdefault(person.email.lower() or person.name, person)
    people.pop("", None)
    return tuple(people.values())


def _split(text: str, marks: str) -> list[str]:
    """Split at the marks that are not inside quotation marks."""
    parts, quoted = [""], False
    even = text.count('"') % 2 == 0
    for c in text:
        if c == '"' and even:
            quoted = not quoted
        if c in marks and not quoted:
            parts.append("")
        else:
            parts[-1] += c
    return parts


def _split_commas(piece: str) -> list[str]:
    parts = _split(piece, ",")
    groups = [parts[0]]
    for index, part in enumerate(parts[1:], start=1):
        rest = ",".join(parts[index:])
        left, right = "@" in groups[-1], "@" in rest
        names = not left and not right and len(groups[-1].split()) > 1 and len(part.split()) > 1
        if (left and right) or names or not part.strip():
            groups.append(part)
        else:
            groups[-1] += "," + part
    return groups


def _person(part: str) -> Person:
    part = part.strip()
    inside = re.fullmatch(r"(?P<name>[^<>]*)<(?P<email>[^<>]*)>", part)
    if inside:
        name, email = inside["name"], inside["email"].strip()
    elif _ADDRESS.fullmatch(part):
        name, email = "", part
    elif len(found := _ADDRESS.findall(part)) == 1:
        name, email = re.sub(rf"\s*<?{re.escape(found[0])}>?", " ", part).replace(" ,", ","), found[0]
    else:
        name, email = part, ""
    email = re.sub(r"^mailto:", "", email, flags=re.IGNORECASE)
    name = " ".join(name.split()).strip("\"'<>()[]–- ,;:")
    return Person(name, email)


def _latin(name: str) -> bool:
    return all(unicodedata.name(c).startswith("LATIN") for c in name if c.isalpha())


def address_trouble(email: str) -> str:
    """Why no mail link may go to this address; empty when one may (RFC 5321 lengths, one plain addr-spec)."""
    local, _, domain = email.rpartition("@")
    labels = domain.split(".")
    well_formed = (
        len(email) <= 254
        and len(local) <= 64
        and _LOCAL.fullmatch(local)
        and len(labels) > 1
        and all(len(label) <= 63 and _LABEL.fullmatch(label) for label in labels)
        and not labels[-1].isdigit()
    )
    if not well_formed:
        return "is not a complete address"
    if len({_script(c) for c in domain if c.isalpha()}) > 1:
        return "mixes letters of several scripts, as forged addresses do"
    return ""


def _script(c: str) -> str:
    script = unicodedata.name(c).split()[0]
    return "CJK" if script in ("HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA") else script


# --- and back ---------------------------------------------------------------------------------------------


def to_number(moment: date | datetime, day_zero: date) -> float:
    """A date as the number that spreadsheets keep: days since ``day_zero``, a fraction for the time."""
    if not isinstance(moment, datetime):
        return (moment - day_zero).days
    days = (moment - datetime.combine(day_zero, time())) / timedelta(days=1)
    return int(days) if days.is_integer() else days
