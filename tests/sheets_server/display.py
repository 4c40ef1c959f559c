"""``formattedValue``: a value as the cell shows it.

Patterns: https://developers.google.com/sheets/api/guides/formats
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

from .errors import Json
from .formulas import EPOCH
from .typed import COMMA_DECIMALS, MONTH_NAMES, date_pattern, language

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
PART = re.compile(r'"[^"]*"|\\.|am/pm|AM/PM|a/p|y+|Y+|m+|M+|d+|D+|h+|H+|s+|S+|.')
DATE_KINDS = ("DATE", "TIME", "DATE_TIME")


def formatted(value: Any, number_format: Json, locale: str) -> str:
    """Return the display of a number, text or bool under a NumberFormat."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, str):
        return value
    kind, pattern = number_format.get("type"), number_format.get("pattern", "")
    if kind in DATE_KINDS:
        default = date_pattern(locale)
        defaults = {"DATE": default, "TIME": "h:mm:ss am/pm", "DATE_TIME": f"{default} H:mm:ss"}
        return _moment(value, pattern or defaults[kind])
    if kind == "TEXT":
        return _general(value, locale)
    if kind == "PERCENT" or "%" in pattern:
        return _fixed(value * 100, len((pattern or "0.00%").partition(".")[2].rstrip("%")), False, locale) + "%"
    if kind == "SCIENTIFIC":
        return f"{value:.2E}"
    if kind in ("NUMBER", "CURRENCY") and (pattern or kind):
        decimals = len(re.sub(r"[^0#]", "", (pattern or "#,##0.00").partition(".")[2]))
        return _fixed(value, decimals, "," in (pattern or ","), locale)
    return _general(value, locale)


def _general(value: float, locale: str) -> str:
    text = f"{value:.10g}"
    if "e" in text:
        mantissa, _, exponent = text.partition("e")
        text = (
            f"{float(mantissa):.2f}E{int(exponent):+03d}" if abs(value) >= 1e15 or abs(value) < 1e-4 else f"{value:.0f}"
        )
    return text.replace(".", ",") if language(locale) in COMMA_DECIMALS else text


def _fixed(value: float, decimals: int, grouped: bool, locale: str) -> str:
    text = f"{value:,.{decimals}f}" if grouped else f"{value:.{decimals}f}"
    return text.translate(str.maketrans(",.", ".,")) if language(locale) in COMMA_DECIMALS else text


def _moment(value: float, pattern: str) -> str:
    try:
        moment = EPOCH + timedelta(seconds=round(value * 86400))
    except OverflowError:
        return f"{value:.10g}"
    parts = PART.findall(pattern)
    twelve = any(part.lower() in ("am/pm", "a/p") for part in parts)
    shown: list[str] = []
    for index, part in enumerate(parts):
        shown.append(_part(part, moment, twelve, _is_minute(parts, index)))
    return "".join(shown)


def _is_minute(parts: list[str], index: int) -> bool:
    """``m`` means minutes next to hours or seconds."""
    if parts[index][0] not in "mM":
        return False
    letters = [part[0].lower() for part in parts[:index] if part[0] in "yYmMdDhHsS"]
    after = [part[0].lower() for part in parts[index + 1 :] if part[0] in "yYmMdDhHsS"]
    return letters[-1:] == ["h"] or after[:1] == ["s"]


def _part(part: str, moment: datetime, twelve: bool, minute: bool) -> str:
    letter, size = part[0].lower(), len(part)
    if part.lower() in ("am/pm", "a/p"):
        return ("AM", "PM")[moment.hour > 11][: 2 if size > 3 else 1]
    if part[0] in '"\\':
        return part.strip('"') if part[0] == '"' else part[1]
    if letter == "y":
        return f"{moment.year:04d}" if size > 2 else f"{moment.year % 100:02d}"
    if letter == "m" and not minute:
        name = MONTH_NAMES[moment.month - 1].capitalize()
        return name if size > 3 else name[:3] if size == 3 else f"{moment.month:0{size}d}"
    if letter == "d":
        name = DAYS[moment.weekday()]
        return name if size > 3 else name[:3] if size == 3 else f"{moment.day:0{size}d}"
    if letter == "h":
        return f"{(moment.hour + 11) % 12 + 1 if twelve else moment.hour:0{min(size, 2)}d}"
    if letter in "ms":
        return f"{moment.minute if letter == 'm' else moment.second:0{min(size, 2)}d}"
    return part
