"""A small calculator for formulas: enough for dates, links, and the custom formulas of conditional formats.

Numbers, text, TRUE/FALSE, cell references, ``+ - * / & = <> < > <= >=``, and a handful of functions. A
function it does not know is ``#NAME?``, text that does not parse is ``#ERROR!``, as in Google Sheets.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from . import a1
from .model import Book, Sheet

EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a cell has no zone
TOKEN = re.compile(
    r"""\s*(?:(?P<number>\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+)|(?P<text>"(?:[^"]|"")*")
    |(?P<ref>(?:(?:'(?:[^']|'')+'|[A-Za-z_]\w*)!)?\$?[A-Za-z]{1,3}\$?[1-9]\d*(?![\w(]))
    |(?P<name>[A-Za-z_][\w.]*)|(?P<op><>|<=|>=|[-+*/&=<>(),;^%]))""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class CellError(Exception):
    """An error value: type as in the API's ErrorValue, shown as ``#TYPE``."""

    type: str
    message: str

    @property
    def shown(self) -> str:
        """What the cell displays."""
        names = {"ERROR": "#ERROR!", "NAME": "#NAME?", "DIVIDE_BY_ZERO": "#DIV/0!", "N_A": "#N/A"}
        return names.get(self.type, f"#{self.type}!")


def serial(moment: datetime | date) -> int | float:
    """Days since 1899-12-30 (https://developers.google.com/sheets/reference/rest/v4/DateTimeRenderOption)."""
    if not isinstance(moment, datetime):
        moment = EPOCH.replace(moment.year, moment.month, moment.day)
    days = (moment.replace(tzinfo=None) - EPOCH) / timedelta(days=1)
    return int(days) if days == int(days) else days


def zone(book: Book) -> tzinfo:
    """Return the book's zone; a custom one such as ``GMT-07:00`` is parsed by hand."""
    custom = re.fullmatch(r"GMT([+-])(\d\d):(\d\d)", book.time_zone)
    if custom is None:
        return ZoneInfo(book.time_zone)
    offset = timedelta(hours=int(custom[2]), minutes=int(custom[3]))
    return timezone(offset if custom[1] == "+" else -offset)


def now(book: Book) -> datetime:
    """Return the wall clock in the book's zone, naive."""
    return book.clock().astimezone(zone(book)).replace(tzinfo=None)


@dataclass(frozen=True)
class Result:
    """A computed value: number, text, bool or None; whether it is a date; a link it carries."""

    value: Any
    date: str | None = None
    link: str | None = None


def evaluate(
    book: Book, sheet: Sheet, formula: str, offset: tuple[int, int] = (0, 0), depth: int = 0
) -> Result | CellError:
    """Return the result of a formula; *offset* shifts its relative references (rows, columns)."""
    try:
        return _Parser(book, sheet, formula, offset, depth).run()
    except CellError as error:
        return error


class _Parser:
    """Recursive descent, evaluating as it goes."""

    def __init__(self, book: Book, sheet: Sheet, formula: str, offset: tuple[int, int], depth: int) -> None:
        self.book, self.sheet, self.offset, self.depth = book, sheet, offset, depth
        self.tokens: list[tuple[str, str]] = []
        self.is_date: str | None = None
        self.link: str | None = None
        at, text = 1, formula.rstrip()
        while at < len(text):
            match = TOKEN.match(text, at)
            if match is None:
                raise CellError("ERROR", "Formula parse error.")
            self.tokens.append((str(match.lastgroup), match[str(match.lastgroup)]))
            at = match.end()
        if depth > 60:
            raise CellError("REF", "Circular dependency detected.")

    def run(self) -> Result:
        value = self.comparison()
        if self.tokens:
            raise CellError("ERROR", "Formula parse error.")
        if isinstance(value, float) and value == int(value):
            value = int(value)
        return Result(value, self.is_date if isinstance(value, (int, float)) else None, self.link)

    def peek(self) -> str:
        return self.tokens[0][1] if self.tokens and self.tokens[0][0] == "op" else ""

    def take(self, expected: str) -> None:
        if self.peek() != expected:
            raise CellError("ERROR", "Formula parse error.")
        self.tokens.pop(0)

    def comparison(self) -> Any:
        left = self.joined()
        while self.peek() in ("=", "<>", "<", ">", "<=", ">="):
            operator = self.tokens.pop(0)[1]
            left = _compare(operator, left, self.joined())
        return left

    def joined(self) -> Any:
        left = self.sum()
        while self.peek() == "&":
            self.tokens.pop(0)
            left = _text(left) + _text(self.sum())
        return left

    def sum(self) -> Any:
        left = self.product()
        while self.peek() in ("+", "-"):
            operator = self.tokens.pop(0)[1]
            right = _number(self.product())
            left = _number(left) + right if operator == "+" else _number(left) - right
        return left

    def product(self) -> Any:
        left = self.unary()
        while self.peek() in ("*", "/"):
            operator = self.tokens.pop(0)[1]
            right = _number(self.unary())
            if operator == "/" and right == 0:
                raise CellError("DIVIDE_BY_ZERO", "Function DIVIDE parameter 2 cannot be zero.")
            left = _number(left) * right if operator == "*" else _number(left) / right
        return left

    def unary(self) -> Any:
        if self.peek() in ("+", "-"):
            operator = self.tokens.pop(0)[1]
            value = self.unary()
            return -_number(value) if operator == "-" else value
        value = self.atom()
        while self.peek() == "%":
            self.tokens.pop(0)
            value = _number(value) / 100
        return value

    def atom(self) -> Any:
        if not self.tokens:
            raise CellError("ERROR", "Formula parse error.")
        kind, text = self.tokens.pop(0)
        if kind == "number":
            return float(text)
        if kind == "text":
            return text[1:-1].replace('""', '"')
        if kind == "ref":
            return self.reference(text)
        if kind == "name":
            return self.function(text)
        if text == "(":
            value = self.comparison()
            self.take(")")
            return value
        raise CellError("ERROR", "Formula parse error.")

    def reference(self, text: str) -> Any:
        title, _, ref = text.rpartition("!")
        sheet = self.book.find(title.strip("'")) if title else self.sheet
        match = re.fullmatch(r"(\$?)([A-Za-z]+)(\$?)(\d+)", ref)
        assert match is not None
        row = int(match[4]) - 1 + (0 if match[3] else self.offset[0])
        column = a1.number(match[2]) + (0 if match[1] else self.offset[1])
        if sheet is None or not (0 <= row < len(sheet.rows) and 0 <= column < len(sheet.columns)):
            raise CellError("REF", "Reference does not exist.")
        entered = sheet[row, column].get("userEnteredValue", {})
        if "formulaValue" not in entered:
            return next(iter(entered.values()), None)
        found = evaluate(self.book, sheet, entered["formulaValue"], depth=self.depth + 1)
        if isinstance(found, CellError):
            raise found
        self.is_date = self.is_date or found.date
        return found.value

    def function(self, name: str) -> Any:
        if name.upper() in ("TRUE", "FALSE") and self.peek() != "(":
            return name.upper() == "TRUE"
        if self.peek() != "(":
            raise CellError("NAME", f"Unknown range name: '{name.upper()}'.")
        self.take("(")
        arguments: list[Any] = []
        while self.peek() != ")":
            arguments.append(self.comparison())
            if self.peek() in (",", ";"):
                self.tokens.pop(0)
            elif self.peek() != ")":
                raise CellError("ERROR", "Formula parse error.")
        self.take(")")
        function = FUNCTIONS.get(name.upper())
        if function is None:
            raise CellError("NAME", f"Unknown function: '{name}'.")
        try:
            return function(self, *arguments)
        except TypeError:
            raise CellError("N_A", f"Wrong number of arguments to {name.upper()}.") from None

    def today(self) -> int | float:
        self.is_date = "DATE"
        return serial(now(self.book).date())

    def now(self) -> int | float:
        self.is_date = "DATE_TIME"
        return serial(now(self.book))

    def date(self, year: float, month: float, day: float) -> int | float:
        self.is_date = "DATE"
        months = int(year) * 12 + int(month) - 1
        return serial(date(months // 12, months % 12 + 1, 1)) + int(day) - 1

    def hyperlink(self, url: str, label: Any = None) -> Any:
        self.link = url
        return url if label is None else label


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "TODAY": _Parser.today,
    "NOW": _Parser.now,
    "DATE": _Parser.date,
    "HYPERLINK": _Parser.hyperlink,
    "TRUE": lambda _: True,
    "FALSE": lambda _: False,
    "IF": lambda _, test, yes, no=False: yes if _truth(test) else no,
    "AND": lambda _, *tests: all(_truth(test) for test in tests),
    "OR": lambda _, *tests: any(_truth(test) for test in tests),
    "NOT": lambda _, test: not _truth(test),
    "ISBLANK": lambda _, value: value is None,
    "LEN": lambda _, value: len(_text(value)),
    "LOWER": lambda _, value: _text(value).lower(),
    "UPPER": lambda _, value: _text(value).upper(),
    "TRIM": lambda _, value: " ".join(_text(value).split()),
    "EXACT": lambda _, one, other: _text(one) == _text(other),
    "INT": lambda _, value: math.floor(_number(value)),
    "CONCATENATE": lambda _, *parts: "".join(map(_text, parts)),
}


def _number(value: Any) -> float:
    if value is None:
        return 0
    if isinstance(value, (bool, int, float)):
        return float(value)
    try:
        return float(value)
    except ValueError:
        raise CellError("VALUE", f"'{value}' is a text and cannot be coerced to a number.") from None


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    return f"{value:.15g}" if isinstance(value, (int, float)) else str(value)


def _truth(value: Any) -> bool:
    if isinstance(value, str):
        raise CellError("VALUE", f"'{value}' is a text and cannot be coerced to a boolean.")
    return bool(value)


def _compare(operator: str, left: Any, right: Any) -> bool:
    """Google compares text without case; an empty cell equals "" and 0; number < text < boolean."""
    left, right = _fill(left, right), _fill(right, left)
    keys = [
        (2, value) if isinstance(value, bool) else (1, value.casefold()) if isinstance(value, str) else (0, value)
        for value in (left, right)
    ]
    same, less = keys[0] == keys[1], keys[0] < keys[1]
    return {
        "=": same,
        "<>": not same,
        "<": less,
        ">": not less and not same,
        "<=": less or same,
        ">=": not less,
    }[operator]


def _fill(value: Any, other: Any) -> Any:
    if value is not None:
        return value
    return "" if isinstance(other, str) or other is None else type(other)()
