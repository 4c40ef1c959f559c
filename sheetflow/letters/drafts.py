"""The notes: who gets one and what it says.

The templates' text comes in as an argument; cell text is only ever data. A draft that a person has edited is
theirs and stays until its time is over (spec, section 6).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from sheetflow.cells import MONTHS, clean
from sheetflow.letters.links import CELL_LIMIT, listed, one_line, send_links
from sheetflow.letters.stamps import TYPED, Cells, Found, Stamp, find_drafts, fingerprint, row_fingerprints
from sheetflow.letters.templates import NOTES, Note, Templates
from sheetflow.rules.cadence import CHECK, RULES
from sheetflow.settings import Settings
from sheetflow.table import Table
from sheetflow.table.people import Person, read_people

SEPARATOR = "-----"
PLACEHOLDER_NOTES = ("thank_you", "follow_up")
"""The notes that show a placeholder while there is no Highlight."""
SENT_BY = {
    "thank_you": "thank_you_done", "follow_up": "follow_up_counts", "second_follow_up": "second_counts",
    "withdrawal": "closing_filled", "feedback_request": "closing_filled",
}  # fmt: skip
"""Note -> the frame column that says it is sent."""

_COLUMNS = ("draft_to", "draft_subject", "draft", "send", "stamp")


def write(table: Table, templates: Templates, settings: Settings) -> Table:
    """Add the draft cells to an assessed table, and what is to be said about them to ``Why``.

    Adds to the frame ``draft_to``, ``draft_subject``, ``draft``, ``stamp`` (str), ``send`` (``Links``), and
    completes ``why``.
    """
    rows = _Rows(table, templates, settings)
    found = find_drafts(table)
    wants = np.flatnonzero(table.frame["note"].to_numpy() != "").tolist()
    fingerprints = {**row_fingerprints(table, wants), **{i: draft.row for i, draft in found.items()}}
    columns: dict[str, list[Any]] = {name: [""] * len(table.frame) for name in _COLUMNS}
    recipients: dict[str, list[int]] = defaultdict(list)
    for position in sorted(fingerprints):
        draft = found.get(position) or Found(row=fingerprints[position])
        cells = rows.draft(position, draft)
        for name, value in zip(_COLUMNS, cells, strict=True):
            columns[name][position] = value
        for link in cells.send:
            recipients[link.label.lower()].append(position)
    _name_double_recipients(rows.company, recipients, table.remarks)
    for name, values in columns.items():
        table.frame[name] = np.fromiter(values, dtype=object, count=len(values))
    table.frame["why"] = _sentences(table)
    return table


class _Rows:
    """What the notes are made from, as plain lists with one entry per row, and the notes made from it."""

    def __init__(self, table: Table, templates: Templates, settings: Settings) -> None:
        frame = table.frame
        self.remarks, self.templates, self.settings = table.remarks, templates, settings
        self.you = one_line(settings.name)
        self.company, self.role, self.highlight, self.question, self.interviewers, self.contact = (
            frame[name].tolist() for name in ("company", "role", "highlight", "question", "interviewers", "contact")
        )
        self.note = [note if note in NOTES else "" for note in frame["note"].tolist()]
        self.flag, self.reason = frame["flag"].tolist(), frame["reason"].tolist()
        self.closed: list[bool] = frame["closed"].tolist()
        self.waits = [index >= 0 and RULES[index].waits_for_edit for index in frame["rule"].tolist()]
        self.interview, self.followed = spoken(frame["interview"]), spoken(frame["followed"])
        self.reply = spoken(frame["reply"].where(frame["replied"]))
        self.interviewed = (frame["interview"].notna() & ~frame["to_come"]).tolist()
        self.sent: dict[str, list[bool]] = {note: frame[name].tolist() for note, name in SENT_BY.items()}

    def draft(self, position: int, found: Found) -> Cells:
        """What is to stand in a row's draft cells."""
        if self.flag[position] == CHECK:
            return found.cells._replace(stamp=str(found.stamp) if found.stamp else "")
        if found.edited and (found.astray or not self._is_over(position, found.stamp)):
            return self._kept(position, found)
        if self.note[position]:
            return self._fresh(position, found.row)
        return Cells()

    def _is_over(self, position: int, stamp: Stamp | None) -> bool:
        """Whether a draft that the person edited has had its day."""
        if self.closed[position] or stamp is None:
            return self.closed[position]
        another = self.note[position] not in ("", stamp.note) and not self.waits[position]
        return another or self.sent[stamp.note][position]

    def _kept(self, position: int, found: Found) -> Cells:
        """The person's own words, with a link made from them while their note is the one to send."""
        note, remarks = self.note[position], self.remarks[position]
        stamp = found.stamp
        if found.astray and stamp:
            remarks.append("the draft in this row was edited for another row; empty Draft for a fresh one")
            return found.cells._replace(stamp=str(stamp._replace(edited=found.edited)))
        if stamp is None and note:
            stamp = Stamp(note, TYPED, found.row)
        if stamp is None:
            return found.cells._replace(stamp="")
        cells = found.cells._replace(stamp=str(stamp._replace(row=found.row or stamp.row, edited=found.edited)))
        if not note:
            return cells
        if note != stamp.note:
            remarks.append("it waits for the draft that you edited: empty Draft, or mark that note as sent")
            return cells
        letters = read_letters(cells)
        if letters is None:
            remarks.append(
                f"no link, since Draft no longer reads as sections (a line To: name <address>, a blank line, the "
                f"note; sections apart by a line {SEPARATOR})"
            )
            return cells
        where = "Draft to" if len(letters) == 1 else "Draft"
        return cells._replace(send=send_links(letters, cells.subject, remarks, self.settings, where))

    def _fresh(self, position: int, row: str) -> Cells:
        """The note as the templates have it."""
        note, remarks = self.note[position], self.remarks[position]
        people, where = self._recipients(position)
        context = self._context(position)
        made = [self.templates.render(note, context._replace(person=person)) for person in people]
        letters = [(person, body) for person, (_, body) in zip(people, made, strict=True)]
        cells = Cells("\n".join(map(str, people)).strip(), made[0][0], _join(letters))
        if any(_units(text) > CELL_LIMIT for text in cells[:3]) or any(
            len(body) > self.templates.limit for _, body in letters
        ):
            remarks.append("the note would be too long for a cell; shorten what you wrote into the row")
            return Cells()
        if note in PLACEHOLDER_NOTES and not context.highlight:
            remarks.append("write something special from the conversation into Highlight, and the draft takes it up")
        links = send_links(letters, cells.subject, remarks, self.settings, where)
        return cells._replace(send=links, stamp=str(Stamp(note, fingerprint(cells), row)))

    def _recipients(self, position: int) -> tuple[Sequence[Person], str]:
        """Each person met for a thank-you, else the contact or, without one, the first interviewer; and from where."""
        contact = self.contact[position] if self.note[position] != "thank_you" else ()
        people = contact or self.interviewers[position]
        where = "Contact" if contact else "Interviewers"
        if self.note[position] != "thank_you":
            people = people[:1]
            where = where if people else "Contact"
        remarks = self.remarks[position]
        if not people:
            remarks.append(f"write who gets this note into {where}, like Ana Ruiz <ana@acme.example>")
        for person in people:
            if "," in person.name and (not person.email or person.first_name == person.name):
                remarks.append(f"if {person.name} is more than one person, put a semicolon between them in {where}")
        return people or (Person("", ""),), where

    def _context(self, position: int) -> Note:
        """What a template may use; nothing in it changes from day to day for the same state."""
        return Note(
            company=one_line(self.company[position]),
            role=one_line(self.role[position]),
            interview=self.interview[position],
            interviewed=self.interviewed[position],
            person=Person("", ""),
            highlight=one_line(self.highlight[position]),
            question=one_line(self.question[position]),
            reply=self.reply[position],
            followed_up=self.followed[position],
            reason=self.reason[position],
            you=self.you,
        )


def spoken(moments: pd.Series) -> list[str]:
    """Dates as a letter says them, ``20 November``; empty for none."""
    codes, distinct = pd.factorize(moments)
    words = [f"{day.day} {MONTHS[day.month - 1]}" for day in distinct]
    return [words[code] if code >= 0 else "" for code in codes.tolist()]


def _units(text: str) -> int:
    """Characters as spreadsheets count them: those beyond the basic plane are two."""
    return len(text) if len(text) <= CELL_LIMIT // 2 else len(text.encode("utf-16-le", "surrogatepass")) // 2


def _join(letters: Sequence[tuple[Person, str]]) -> str:
    if len(letters) == 1:
        return letters[0][1]
    return f"\n{SEPARATOR}\n".join(f"To: {person}\n\n{body}" for person, body in letters)


def read_letters(cells: Cells) -> list[tuple[Person, str]] | None:
    """The letters in draft cells, however edited; ``None`` when it is not clear who gets what."""
    body = cells.body.replace("\r\n", "\n").replace("\r", "\n")
    sections = re.split(rf"^{SEPARATOR}[ \t]*$\n?", body, flags=re.MULTILINE)
    if len(sections) == 1 and not body.lstrip().startswith("To:"):
        people = read_people(cells.to)
        return [(people[0], body.strip())] if len(people) == 1 else None
    letters = []
    for section in sections:
        match = re.fullmatch(r"\s*To:(?P<to>[^\n]*)\n[ \t]*\n(?P<body>.*)", section, flags=re.DOTALL)
        people = read_people(match["to"]) if match else ()
        if not match or len(people) != 1:
            return None
        letters.append((people[0], match["body"].strip()))
    return letters


def _name_double_recipients(
    company: Sequence[str], recipients: Mapping[str, list[int]], remarks: Mapping[int, list[str]]
) -> None:
    """Point out the rows that would write to one address on the same day; by company, since rows move."""
    for address, rows in recipients.items():
        if len(rows := sorted(set(rows))) < 2:
            continue
        names = {row: one_line(company[row]) or "a row without a company" for row in rows}
        counts = Counter(names.values())
        first = sorted(counts)[:4]  # the same, whatever the order of the rows
        for row, name in names.items():
            alone = counts[name] == 1
            others = [other for other in first if not (alone and other == name)]
            named = listed(others, len(counts) - alone)
            remarks[row].append(f"{address} is also to get the note of {named}: perhaps write once")


# --- Why --------------------------------------------------------------------------------------------------


def _sentences(table: Table) -> np.ndarray:
    """``why`` and the remarks as one sentence each."""
    whys = table.frame["why"].tolist()
    shown = table.frame["row"].tolist()
    for row, remarks in table.remarks.items():
        if shown[row] and remarks:
            whys[row] = "; ".join(dict.fromkeys((whys[row], *remarks)))
    return np.array([_sentence(why) if why else "" for why in whys], dtype=object)


def _sentence(text: str) -> str:
    text = clean(text)
    if len(text) > 5000:
        text = text[:4999] + "…"
    return text if text.endswith((".", "?", "!", "…")) else text + "."
