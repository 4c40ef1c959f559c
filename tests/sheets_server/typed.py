"""Text as a person types or imports it (and USER_ENTERED writes): numbers, dates, TRUE, percent, formulas.

"Parsed exactly as if they were entered into the Google Sheets UI":
https://developers.google.com/sheets/reference/rest/v4/ValueInputOption
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from math import isinf

from .errors import Json
from .formulas import serial

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH_NAMES = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
COMMA_DECIMALS = {"de", "fr", "es", "it", "nl", "pt", "pl", "ru", "sv", "da", "nb", "fi", "cs", "tr", "uk"}
BLANK_GROUPS = {"fr", "pl", "ru", "sv", "nb", "fi", "cs", "uk"}
YEAR_FIRST = {"zh", "ja", "ko", "sv", "hu", "lt"}
MONTH_FIRST = {"en_US", "en_PH", "es_US", "fil", "en"}
SEPARATOR = {
    "de": ".",
    "ru": ".",
    "fi": ".",
    "pl": ".",
    "tr": ".",
    "cs": ".",
    "nb": ".",
    "uk": ".",
    "nl": "-",
}


@dataclass(frozen=True)
class Typed:
    """What a text became: an ExtendedValue (None: empty) and the number format that came with it."""

    value: Json | None
    number_format: Json | None = None


def language(locale: str) -> str:
    """``de_DE`` -> ``de``."""
    return locale.partition("_")[0]


def date_order(locale: str) -> str:
    """``mdy``, ``dmy`` or ``ymd``."""
    if locale in MONTH_FIRST:
        return "mdy"
    return "ymd" if language(locale) in YEAR_FIRST or locale == "en_CA" else "dmy"


def date_pattern(locale: str) -> str:
    """Return the default date format of a locale, as the UI shows it."""
    separator = SEPARATOR.get(language(locale), "/")
    return {
        "mdy": "M/d/yyyy",
        "ymd": "yyyy-mm-dd" if language(locale) in ("sv", "lt") or locale == "en_CA" else "yyyy/mm/dd",
        "dmy": f"dd{separator}mm{separator}yyyy",
    }[date_order(locale)]


def parse(text: str, locale: str, today: date) -> Typed:
    """Return the value for a text. *today* gives the year where none was typed."""
    if text == "":
        return Typed(None)
    if text.startswith("'"):
        return Typed({"stringValue": text[1:]})
    bare = text.strip()
    if bare.upper() in ("TRUE", "FALSE"):
        return Typed({"boolValue": bare.upper() == "TRUE"})
    for reader in (_number, _moment):
        found = reader(bare, locale, today)
        if found is not None:
            return found
    if text.startswith("=") and len(text) > 1:
        return Typed({"formulaValue": text})
    # "+49 170 5550101" and "- Ana" are taken for formulas too, and shown as #ERROR!.
    if text[0] in "+-" and len(bare) > 1:
        return Typed({"formulaValue": "=" + text})
    return Typed({"stringValue": text})


def _number(text: str, locale: str, today: date) -> Typed | None:
    comma = language(locale) in COMMA_DECIMALS
    blanks = language(locale) in BLANK_GROUPS
    point, group = (",", r"[\u202f\u00a0 ]" if blanks else r"\.") if comma else (r"\.", ",")
    pattern = rf"([-+]?)(\d{{1,3}}(?:{group}\d{{3}})+|\d*)({point}\d*)?(?:[eE]([-+]?\d+))?(\s*%)?"
    match = re.fullmatch(pattern, text)
    if match is None or not re.search(r"\d", text):
        return None
    sign, whole, fraction, exponent, percent = match.groups()
    digits = re.sub(r"\D", "", whole or "0") or "0"
    value = float(f"{sign}{digits}.{(fraction or '.')[1:] or 0}e{exponent or 0}")
    if isinf(value):  # Google keeps 1E400 as text
        return None
    number_format: Json | None = None
    if percent:
        value = round(value / 100, 15)
        number_format = {"type": "PERCENT", "pattern": "0.00%" if fraction else "0%"}
    elif exponent:
        number_format = {"type": "SCIENTIFIC", "pattern": "0.00E+00"}
    elif whole and len(whole) > len(digits):
        number_format = {"type": "NUMBER", "pattern": "#,##0.00" if fraction else "#,##0"}
    return Typed({"numberValue": int(value) if value == int(value) else value}, number_format)


def _moment(text: str, locale: str, today: date) -> Typed | None:
    """Return a date, a time, or both; None when it is neither."""
    clock = re.search(r"(?:^|[ T])(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([AaPp]\.?[Mm]\.?)?$", text)
    fraction = 0.0
    if clock:
        hour, minute, second = int(clock[1]), int(clock[2]), int(clock[3] or 0)
        if minute > 59 or second > 59 or hour > (12 if clock[4] else 23):
            return None
        if clock[4]:
            hour = hour % 12 + (12 if clock[4][0] in "pP" else 0)
        fraction = (hour * 3600 + minute * 60 + second) / 86400
        text = text[: clock.start()].rstrip(" ,")
        if not text:
            return Typed({"numberValue": fraction}, {"type": "TIME", "pattern": "h:mm am/pm"})
    day = _day(text, locale, today)
    if day is None:
        return None
    pattern = "yyyy-mm-dd" if re.fullmatch(r"\d{4}-\d\d?-\d\d?", text) else date_pattern(locale)
    if clock:
        return Typed({"numberValue": serial(day) + fraction}, {"type": "DATE_TIME", "pattern": f"{pattern} H:mm"})
    return Typed({"numberValue": serial(day)}, {"type": "DATE", "pattern": pattern})


def _day(text: str, locale: str, today: date) -> date | None:
    parts = re.fullmatch(r"(\d{1,4})([-/.])(\d{1,2})(?:\2(\d{1,4}))?\.?", text)
    if parts:
        return _numeric_day(parts[1], parts[2], parts[3], parts[4], locale, today)
    words = re.fullmatch(r"(?:(\d{1,2})\.?[ -])?([A-Za-z]{3,9})\.?(?:[ -](\d{1,2}))?(?:,?[ -](\d{4}))?", text)
    if not words or (words[1] is None) == (words[3] is None):
        return None
    name = words[2].lower()
    if name not in MONTH_NAMES and name not in MONTHS and name != "sept":
        return None
    return _date(int(words[4] or today.year), MONTHS.index(name[:3]) + 1, int(words[1] or words[3]))


def _numeric_day(one: str, separator: str, two: str, three: str | None, locale: str, today: date) -> date | None:
    if len(one) == 4:
        return _date(int(one), int(two), int(three)) if three and len(three) < 3 else None
    if (separator == "." and language(locale) not in SEPARATOR) or len(one) > 2:
        return None
    order = date_order(locale)
    if three is None:
        year = today.year
    elif len(three) == 4:
        year = int(three)
    elif len(three) == 2:
        year = int(three) + (2000 if int(three) < 50 else 1900)
    else:
        return None
    first, second = int(one), int(two)
    if order == "ymd" and three is not None and len(three) == 2:
        return _date(2000 + first, second, int(three))
    month, day = (first, second) if order != "dmy" else (second, first)
    return _date(year, month, day)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
