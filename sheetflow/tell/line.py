"""The one line that a run hands to the job that tells the person: its format, and what a plan puts into it.

GitHub drops an output that holds a line of a secret, and a key pasted as one has lines such as ``{``. So the line
is made of letters, digits and dots alone. Nothing private is in it: kinds of note, row numbers, due times and
keyed hashes; a company only where the person has asked for that and the repository is private.

    v1.look202611241217.next202611241817.thankyou14D202611221430LH0f1e2d3c4b5a.check31

After the version, in any order: ``look`` and ``next``, this look and the next one outside of the quiet hours, in the
sheet's zone; ``quiet``, this look is in them; ``more``, ``check``, ``unchecked``: letters that found no room, rows with
a problem, how many more of these; ``refused``, ``stopped``: the run needs the person; and a letter: its note, its row,
``D`` and when it is due (8 digits a day, 12 a minute), ``L`` if that is over, ``H`` and its hash, ``C`` and its company
in base32.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from base64 import b32decode, b32encode
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

import pandas as pd

from sheetflow.cells import clean
from sheetflow.plan import Plan

VERSION = "v1"
KINDS = ("thank_you", "follow_up", "second_follow_up", "withdrawal", "feedback_request", "check_in")
"""The notes that can be told, in the order of haste."""
NEEDS = ("refused", "stopped")
MOST_LETTERS = 200
"""Letters that a line names one by one; a person with more of them looks into the sheet."""
MOST_CHECKS = 50
LONGEST_COMPANY = 60
"""Bytes of a company's name."""
HASH_DIGITS = 12

Due = date | datetime | None

_DAY, _MINUTE = "%Y%m%d", "%Y%m%d%H%M"
_BY_TOKEN = {kind.replace("_", ""): kind for kind in KINDS}
_LETTER = re.compile(
    rf"({'|'.join(_BY_TOKEN)})([1-9]\d{{0,6}})D(\d{{8}}|\d{{12}}|)(L?)H([0-9a-f]{{{HASH_DIGITS}}})(?:C([A-Z2-7]{{1,96}}))?"
)
_NUMBER = re.compile(r"(more|check|unchecked)([1-9]\d{0,6})")
_TIME = re.compile(r"(look|next)(\d{12})")


class Letter(NamedTuple):
    """One letter that is due. ``row`` is the spreadsheet's own number, ``due`` a moment or a whole day in its zone."""

    kind: str
    row: int
    due: Due
    late: bool
    hash: str
    """What it is recognised by, wherever its row moves; keyed, so that it says nothing to anybody else."""
    company: str = ""


@dataclass(frozen=True)
class Line:
    """What the telling knows of a run. Times are those of the sheet's zone, without an offset."""

    look: datetime
    next: datetime | None = None
    quiet: bool = False
    letters: tuple[Letter, ...] = ()
    more: int = 0
    check: tuple[int, ...] = ()
    unchecked: int = 0
    needs: str = ""
    """Empty, or why the run needs the person: one of ``NEEDS``. Such a line knows of no letters."""


class Unreadable(ValueError):  # noqa: N818 - what it is about is the line
    """A text that is not such a line."""


def encode(line: Line) -> str:
    """The line as text of letters, digits and dots."""
    parts = [VERSION, f"look{line.look:{_MINUTE}}"]
    if line.next is not None:
        parts.append(f"next{line.next:{_MINUTE}}")
    parts += ["quiet"] * line.quiet
    parts += [_letter(letter) for letter in line.letters]
    parts += [f"more{line.more}"] * bool(line.more)
    parts += [f"check{row}" for row in line.check]
    parts += [f"unchecked{line.unchecked}"] * bool(line.unchecked)
    parts += [line.needs] * bool(line.needs)
    return ".".join(parts)


def _letter(letter: Letter) -> str:
    due = "" if letter.due is None else f"{letter.due:{_MINUTE if isinstance(letter.due, datetime) else _DAY}}"
    company = "C" + b32encode(letter.company.encode()).decode().rstrip("=") if letter.company else ""
    return f"{letter.kind.replace('_', '')}{letter.row}D{due}{'L' * letter.late}H{letter.hash}{company}"


def decode(text: str) -> Line:
    """The line back from its text. Raises ``Unreadable`` for anything that ``encode`` cannot have written."""
    version, *parts = text.strip().split(".")
    if version != VERSION:
        raise Unreadable("of another version, or no line at all")
    times: dict[str, datetime] = {}
    numbers: dict[str, list[int]] = {"more": [], "check": [], "unchecked": []}
    letters, flags = [], []
    for part in parts:
        if match := _LETTER.fullmatch(part):
            letters.append(_decoded(match))
        elif match := _NUMBER.fullmatch(part):
            numbers[match[1]].append(int(match[2]))
        elif match := _TIME.fullmatch(part):
            times[match[1]] = _time(match[2])
        elif part == "quiet" or part in NEEDS:
            flags.append(part)
        else:
            raise Unreadable("with a part that is not known")
    if "look" not in times:
        raise Unreadable("without its time")
    return Line(
        times["look"], times.get("next"), "quiet" in flags, tuple(letters), sum(numbers["more"]),
        tuple(numbers["check"]), sum(numbers["unchecked"]), next((flag for flag in flags if flag in NEEDS), ""),
    )  # fmt: skip


def _decoded(match: re.Match[str]) -> Letter:
    kind, row, due, late, print_, company = match.groups()
    try:
        padded = (company or "") + "=" * (-len(company or "") % 8)
        name = clean(b32decode(padded).decode())
    except ValueError:
        raise Unreadable("with a name that is none") from None
    moment: Due = None
    if due:
        moment = _time(due) if len(due) == 12 else _time(f"{due}0000").date()
    return Letter(_BY_TOKEN[kind], int(row), moment, bool(late), print_, name)


def _time(digits: str) -> datetime:
    try:
        return datetime.strptime(digits, _MINUTE)  # noqa: DTZ007 - of the sheet's zone, as everything here
    except ValueError:
        raise Unreadable("with a time that is none") from None


def of_plan(plan: Plan, look: datetime, upcoming: datetime | None, quiet: bool, key: str, companies: bool) -> Line:
    """What there is to tell of a plan. ``key`` keys the hashes: the sheet's id, which only its people know.

    ``look`` and ``upcoming``, the next look outside of the quiet hours, are times in the sheet's zone, without offset.
    """
    letters = sorted(_letters(plan, key, companies), key=lambda letter: (KINDS.index(letter.kind) > 0, _rank(letter)))
    check = [plan.table.first_row + row + 1 for row in sorted(plan.table.problems)]
    return Line(
        look, upcoming, quiet,
        tuple(letters[:MOST_LETTERS]), max(0, len(letters) - MOST_LETTERS),
        tuple(check[:MOST_CHECKS]), max(0, len(check) - MOST_CHECKS),
    )  # fmt: skip


def _rank(letter: Letter) -> tuple[str, int]:
    return ("9" if letter.due is None else f"{letter.due:{_MINUTE}}", letter.row)


def _letters(plan: Plan, key: str, companies: bool) -> Iterator[Letter]:
    frame = plan.table.frame
    due = frame[(frame["note"] != "") & frame["flag"].isin(("Due", "Overdue"))]
    seen: Counter[str] = Counter()
    names = ("note", "company", "role", "interview", "applied", "due", "due_timed", "flag")
    columns: Iterable[Iterable[object]] = [due[n].tolist() if n in due else [None] * len(due) for n in names]
    for row, note, company, role, interview, applied, moment, timed, flag in zip(
        due.index.tolist(), *columns, strict=True
    ):
        who = "\0".join(str(part) for part in (company, role, interview, applied, note))
        seen[who] += 1
        print_ = hmac.new(key.encode(), f"{who}\0{seen[who]}".encode(), hashlib.sha256).hexdigest()[:HASH_DIGITS]
        name = clean(str(company)).encode()[:LONGEST_COMPANY].decode(errors="ignore") if companies else ""
        yield Letter(
            str(note),
            plan.table.first_row + int(row) + 1,
            _moment(moment, bool(timed)),
            flag == "Overdue",
            print_,
            name,
        )


def _moment(value: object, timed: bool) -> Due:
    if not isinstance(value, datetime) or pd.isna(value):
        return None
    moment = datetime(value.year, value.month, value.day, value.hour, value.minute)  # noqa: DTZ001 - the sheet's zone
    return moment if timed else moment.date()
