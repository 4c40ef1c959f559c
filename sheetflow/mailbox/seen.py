"""What a mailbox showed of one row, and the fixed form in which that stands in the column Seen in mail.

``Thank-you to Ana, Bo 2026-11-21 · reply 2026-11-24 (Ana) · at Acme``: what is written so can be read again. The
company and the people are named because columns get sorted apart: what does not fit its row is left out.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from datetime import date
from typing import Literal, NamedTuple

from sheetflow.cells import clean

What = Literal[
    "thank_you", "follow_up", "second_follow_up", "check_in", "closing", "reply", "automatic", "undelivered",
    "elsewhere", "unclear",
]  # fmt: skip

WORDS: dict[What, str] = {
    "thank_you": "Thank-you to {who} {day}",
    "follow_up": "Follow-up to {who} {day}",
    "second_follow_up": "Second follow-up to {who} {day}",
    "check_in": "Check-in to {who} {day}",
    "closing": "Closing note to {who} {day}",
    "reply": "reply {day} ({who})",
    "automatic": "automatic reply {day} ({who})",
    "undelivered": "not delivered {day} ({who})",
    "elsewhere": "mail from another address {day} ({who})",
    "unclear": "mail of one of several rows {day} ({who})",
}
"""In the order in which a cell holds them."""
SENT: tuple[What, ...] = ("thank_you", "follow_up", "second_follow_up", "check_in", "closing")
"""What the person did; the rest came in."""

SEPARATOR = " · "
COMPANY = "at {company}"
LIMIT = 5000
"""Characters of a cell; what is longer is cut at an item."""

_PATTERNS = tuple(
    (what, re.compile(re.escape(words).replace(r"\{who\}", "(?P<who>.+)").replace(r"\{day\}", r"(?P<day>[\d-]{10})")))
    for what, words in WORDS.items()
)


class Item(NamedTuple):
    """One thing seen. ``who`` is the label of a person of the row, or an address."""

    what: What
    who: str
    day: date


def label(text: str) -> str:
    """A name as it may stand in an item: on one line, without the marks that take an item apart."""
    line = re.sub(r"[,·()]", " ", clean(text))
    return " ".join(line.split())[:60].strip()


def write(items: Iterable[Item], company: str) -> str:
    """The cell that says what was seen; empty for nothing."""
    groups: dict[tuple[What, date], list[str]] = {}
    for what in WORDS:
        for item in sorted((item for item in items if item.what == what), key=lambda item: item.day):
            groups.setdefault((what, item.day), []).append(item.who)
    parts = [WORDS[what].format(who=", ".join(who), day=day.isoformat()) for (what, day), who in groups.items()]
    if not parts:
        return ""
    tail = [COMPANY.format(company=label(company))] if label(company) else []
    while len(SEPARATOR.join(parts + tail)) > LIMIT:
        parts.pop()
    return SEPARATOR.join(parts + tail)


def read(text: str, company: str, known: Container[str]) -> tuple[Item, ...]:
    """The items of a cell, if it is about this company; those about people who are not ``known`` are left out.

    ``known`` are the labels and addresses of the row's people. An address of somebody else is kept where mail may
    have come from one.
    """
    *parts, tail = " ".join(text.split()).split(SEPARATOR)
    if tail != COMPANY.format(company=label(company)) or not label(company):
        return ()
    items = [item for part in parts for item in _items(part)]
    foreign = ("reply", "automatic", "elsewhere")
    return tuple(item for item in items if item.who in known or (item.what in foreign and "@" in item.who))


def _items(part: str) -> Iterable[Item]:
    for what, pattern in _PATTERNS:
        if match := pattern.fullmatch(part):
            try:
                day = date.fromisoformat(match["day"])
            except ValueError:
                return
            yield from (Item(what, who, day) for who in match["who"].split(", "))
            return
