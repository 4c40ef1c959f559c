"""The notes: who gets one, what it says, the link that opens it, and whose words are in the cell now.

The templates' text comes in as an argument; cell text is only ever data. A draft that a person has edited is
theirs: it is recognised by its stamp and kept (spec, section 6).
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import quote

import numpy as np

from sheetflow.cadence import RULES
from sheetflow.cells import Person, address_trouble, clean, read_people, read_text
from sheetflow.notes import NOTES, Note, Templates
from sheetflow.settings import Settings
from sheetflow.sheet import Link, Links, Value
from sheetflow.table import Table

SEPARATOR = "-----"
LINK_LIMIT = 1900
"""Longer links are cut off by some mail programs and browsers (spec, section 6)."""
CELL_LIMIT = 32_000
"""An .xlsx cell holds 32,767 characters, a Google cell 50,000."""

REASONS = {8: "accepted_elsewhere", 16: "horrible", 11: "own_decision"}
"""Rule number -> why one withdraws."""
PLACEHOLDER_NOTES = ("thank_you", "follow_up")
"""The notes that show a placeholder while there is no Highlight."""


class Cells(NamedTuple):
    """What stands in a row's draft cells, or is to."""

    to: str = ""
    subject: str = ""
    body: str = ""
    send: Links = Links()
    stamp: str = ""


class Stamp(NamedTuple):
    """What the hidden stamp column remembers of a draft: its kind, and fingerprints of text and row."""

    note: str
    text: str
    row: str

    def __str__(self) -> str:
        return f"{self.note} {self.text} {self.row}"


EDITED = "edited"
"""Stands in a stamp for the fingerprint of a draft that sheetflow did not write."""
_STAMP = re.compile(rf"({'|'.join(NOTES)}) ([0-9a-f]{{12}}|{EDITED}) ([0-9a-f]{{12}})")


@dataclass
class _Row:
    """What one row's drafts are made from."""

    position: int
    cells: Cells
    stamp: Stamp | None
    identity: str
    edited: bool


def write(table: Table, templates: Templates, settings: Settings) -> Table:
    """Add the draft cells to an assessed table, and what is to be said about them to ``Why``.

    Adds to the frame ``draft_to``, ``draft_subject``, ``draft``, ``stamp`` (str), ``send`` (``Links``), and
    completes ``why``.
    """
    columns: dict[str, list[object]] = {name: [""] * len(table.frame) for name in _COLUMNS}
    recipients: dict[str, set[int]] = defaultdict(set)
    people = _People(table)
    for row in _rows_to_look_at(table):
        cells = _draft(table, row, people, templates, settings)
        for name, value in zip(_COLUMNS, cells, strict=True):
            columns[name][row.position] = value
        for link in cells.send:
            recipients[link.label.lower()].add(row.position)
    _name_double_recipients(table, recipients)
    for name, values in columns.items():
        table.frame[name] = np.fromiter(values, dtype=object, count=len(values))
    table.frame["why"] = _sentences(table)
    return table


_COLUMNS = ("draft_to", "draft_subject", "draft", "send", "stamp")


def _rows_to_look_at(table: Table) -> list[_Row]:
    """The rows that want a note or hold a draft, with their stamps put back beside them after a sort."""
    old = [[_as_text(v) for v in table.computed(key)] for key in ("draft_to", "draft_subject", "draft", "stamp")]
    stamps = [_read_stamp(text) if text else None for text in old[3]]
    written = {stamp.text for stamp in stamps if stamp}
    wants = table.frame["note"].to_numpy() != ""
    busy = [i for i, cells in enumerate(zip(*old, strict=True)) if wants[i] or any(cells)]
    identities = _identities(table, busy)
    owners = {identities[i] for i in busy}
    strays = {stamp.row: stamp for i, stamp in enumerate(stamps) if stamp and identities.get(i) != stamp.row}
    rows = []
    for i in busy:
        stamp, identity = stamps[i], identities[i]
        if stamp is None or stamp.row != identity:
            stamp = strays.get(identity, stamp)
        cells = Cells(old[0][i], old[1][i], old[2][i], Links(), old[3][i])
        edited = bool(cells.body.strip()) and _fingerprint(cells) not in written
        row = _Row(i, cells, stamp, identity, edited)
        rows.append(row)
        mine = stamps[i]
        if edited and mine and mine.row != identity and mine.row in owners:
            row.stamp = row.stamp if _fits(table, row) else None
            if row.stamp is None:
                table.remarks[i].append("the draft in this row was edited for another row; empty Draft for a fresh one")
    return rows


def _fits(table: Table, row: _Row) -> bool:
    """Whether a kept draft is addressed to people of this row."""
    frame = table.frame
    people = frame["interviewers"].iat[row.position] + "\n" + frame["contact"].iat[row.position]
    known = {str(person).casefold() for person in read_people(people)}
    return {str(person).casefold() for person in read_people(row.cells.to)} <= known


def _draft(table: Table, row: _Row, people: _People, templates: Templates, settings: Settings) -> Cells:
    frame = table.frame
    status, note = frame["status"].iat[row.position], frame["note"].iat[row.position]
    remarks = table.remarks[row.position]
    if status == "Check row":
        return row.cells
    if row.edited and not _is_over(frame, row, status, note):
        return _kept(row, note, remarks, settings)
    if not note:
        return Cells()
    return _fresh(table, row, note, people, templates, settings)


def _is_over(frame: object, row: _Row, status: str, note: str) -> bool:
    """Whether a draft that the person edited has had its day."""
    at = {name: frame[name].iat[row.position] for name in (*_SENT_BY.values(), "rule")}  # type: ignore[index]
    if status == "Closed":
        return True
    if row.stamp is None:
        return False
    by_rule_8 = at["rule"] >= 0 and RULES[at["rule"]].number == 8
    other_note = bool(note) and note != row.stamp.note and not by_rule_8
    return bool(at[_SENT_BY[row.stamp.note]]) or other_note


_SENT_BY = {
    "thank_you": "thank_you_done", "follow_up": "follow_up_counts", "second_follow_up": "second_counts",
    "withdrawal": "closing_sent", "feedback_request": "closing_sent",
}  # fmt: skip
"""Note -> the frame column that says it is sent."""


def _kept(row: _Row, note: str, remarks: list[str], settings: Settings) -> Cells:
    """The person's own words, with a link made from them while their note is the one to send."""
    stamp = row.stamp or (Stamp(note, EDITED, row.identity) if note and not remarks else None)
    cells = row.cells._replace(stamp=str(stamp) if stamp else "")
    if stamp is None or not note:
        return cells
    if note != stamp.note:
        remarks.append("it waits for the draft that you edited: empty Draft, or mark that note as sent")
        return cells
    letters = read_letters(cells)
    if letters is None:
        remarks.append(
            f"no link, since Draft no longer reads as sections (a line To: name <address>, a blank line, the note; "
            f"sections apart by a line {SEPARATOR})"
        )
        return cells
    return cells._replace(send=_links([(p, cells.subject, body) for p, body in letters], remarks, settings))


def _fresh(table: Table, row: _Row, note: str, people: _People, templates: Templates, settings: Settings) -> Cells:
    remarks = table.remarks[row.position]
    persons = people.to(note, row.position, remarks)
    letters = [(p, *templates.render(note, _context(table, row.position, p, settings))) for p in persons]
    cells = Cells("\n".join(str(p) for p, _, _ in letters), letters[0][1], _join(letters))
    if len(cells.body) > CELL_LIMIT or any(len(body) > templates.limit for _, _, body in letters):
        remarks.append("the note would be too long for a cell; shorten Highlight or Question")
        return Cells()
    if note in PLACEHOLDER_NOTES and not table.frame["highlight"].iat[row.position]:
        remarks.append("write something special from the conversation into Highlight, and the draft takes it up")
    links = _links([(p, cells.subject, body) for p, _, body in letters], remarks, settings)
    stamp = Stamp(note, _fingerprint(cells), row.identity)
    return cells._replace(send=links, stamp=str(stamp))


# --- to whom ----------------------------------------------------------------------------------------------


class _People:
    """Who is to get a row's note; each distinct cell is read once."""

    def __init__(self, table: Table) -> None:
        self._cells = {key: table.frame[key].to_numpy() for key in ("interviewers", "contact")}
        self._memo: dict[str, tuple[Person, ...]] = {}

    def to(self, note: str, row: int, remarks: list[str]) -> tuple[Person, ...]:
        """Each person met for a thank-you, else the contact or, without one, the first interviewer."""
        interviewers, contact = self._read("interviewers", row), self._read("contact", row)
        if note == "thank_you":
            persons, where = interviewers, "Interviewers"
        else:
            persons, where = (contact or interviewers)[:1], "Contact" if contact or not interviewers else "Interviewers"
        if not persons:
            remarks.append(f"write who gets this note into {where}, like Ana Ruiz <ana@acme.example>")
        for person in persons:
            if not person.email:
                remarks.append(f"add the address of {person.name} in {where}")
            elif trouble := address_trouble(person.email):
                remarks.append(f"{clean(person.email)} {trouble}: correct it in {where}")
            if "," in person.name and person.first_name == person.name:
                remarks.append(f"if {person.name} is more than one person, put a semicolon between them in {where}")
        return persons or (Person("", ""),)

    def _read(self, key: str, row: int) -> tuple[Person, ...]:
        text = self._cells[key][row]
        if text not in self._memo:
            self._memo[text] = read_people(text)
        return self._memo[text]


def _context(table: Table, row: int, person: Person, settings: Settings) -> Note:
    """What a template may use; all of it text but ``interviewed`` and ``person``."""
    frame = table.frame
    at = {name: frame[name].iat[row] for name in _WANTED}
    reason = REASONS.get(RULES[at["rule"]].number, "")
    line = {name: " ".join(clean(at[name]).split()) for name in ("company", "role", "highlight", "question")}
    return Note(
        **line,
        interview=_spoken(at["interview"]),
        interviewed=not at["to_come"],
        reply=_spoken(at["reply"]) if at["replied"] else "",
        followed_up=_spoken(at["followed"]),
        reason=reason,
        you=" ".join(clean(settings.name).split()),
        person=person,
    )


_WANTED = (
    "rule", "company", "role", "highlight", "question", "interview", "to_come", "reply", "replied", "followed",
)  # fmt: skip


def _spoken(moment: object) -> str:
    """A date as a letter says it: ``20 November``; empty for none."""
    return "" if moment != moment else f"{moment.day} {moment:%B}"  # type: ignore[attr-defined]


def _join(letters: Sequence[tuple[Person, str, str]]) -> str:
    if len(letters) == 1:
        return letters[0][2]
    return f"\n{SEPARATOR}\n".join(f"To: {p}\n\n{body}" for p, _, body in letters)


def read_letters(cells: Cells) -> list[tuple[Person, str]] | None:
    """The letters in draft cells, however edited; ``None`` when it is not clear who gets what."""
    body = cells.body.replace("\r\n", "\n").replace("\r", "\n")
    sections = re.split(rf"^{SEPARATOR}[ \t]*$\n?", body, flags=re.MULTILINE)
    if len(sections) == 1 and not body.lstrip().startswith("To:"):
        people = read_people(cells.to)
        return [(people[0], body.strip())] if len(people) == 1 else None
    letters = []
    for section in sections:
        match = re.fullmatch(r"\s*To:[ \t]*(?P<to>[^\n]*)\n[ \t]*\n(?P<body>.*)", section, flags=re.DOTALL)
        people = read_people(match["to"]) if match else ()
        if not match or len(people) != 1:
            return None
        letters.append((people[0], match["body"].strip()))
    return letters


# --- the links --------------------------------------------------------------------------------------------


def _links(letters: Sequence[tuple[Person, str, str]], remarks: list[str], settings: Settings) -> Links:
    """One link for each letter with exactly one usable address."""
    links = []
    for person, subject, body in letters:
        if not person.email or address_trouble(person.email):
            continue
        url = mail_link(person.email, subject, body, settings)
        if len(url) > LINK_LIMIT:
            url = mail_link(person.email, subject, "", settings)
            remarks.append("the note is too long for a link: open it with Send, then paste the text of Draft into it")
        if len(url) > LINK_LIMIT:
            url = mail_link(person.email, "", "", settings)
        links.append(Link(person.email, url))
    return Links(links)


def mail_link(email: str, subject: str, body: str, settings: Settings) -> str:
    """The link that opens a filled-in message; nothing but recipient, subject and body can get into it.

    Gmail's compose parameters are those that its own site uses; ``mailto:`` is RFC 6068 (line breaks are
    ``%0D%0A``, every other reserved character is percent-encoded).
    """
    subject = " ".join(clean(subject).split())
    body = clean(body)
    if settings.send_with == "mailto":
        fields = {"subject": subject, "body": body.replace("\n", "\r\n")}
        query = "&".join(f"{name}={_encode(text)}" for name, text in fields.items() if text)
        return f"mailto:{_encode(email).replace('%40', '@')}" + (f"?{query}" if query else "")
    account = f"u/{_encode(settings.send_from)}/" if settings.send_from else ""
    fields = {"view": "cm", "fs": "1", "to": email, "su": subject, "body": body}
    query = "&".join(f"{name}={_encode(text)}" for name, text in fields.items() if text)
    return f"https://mail.google.com/mail/{account}?{query}"


def _encode(text: str) -> str:
    return quote(text, safe="")


def _name_double_recipients(table: Table, recipients: Mapping[str, set[int]]) -> None:
    """Point out the rows that would write to one address on the same day; by company, since rows move."""
    companies = table.frame["company"].to_numpy()
    for address, rows in recipients.items():
        for row in rows if len(rows) > 1 else ():
            others = sorted({str(companies[other]) or "a row without a company" for other in rows - {row}})
            table.remarks[row].append(
                f"{address} is also to get the note of {' and '.join(others)}: perhaps write once"
            )


# --- whose words ------------------------------------------------------------------------------------------


def _as_text(value: Value) -> str:
    return value if isinstance(value, str) else read_text(value)


def _read_stamp(text: str) -> Stamp | None:
    match = _STAMP.fullmatch(text.strip())
    return Stamp(*match.groups()) if match else None


def _fingerprint(cells: Cells) -> str:
    """A fingerprint of the three draft cells; line ends, trailing blanks and the .csv escape do not count."""
    return _digest("\x1f".join(_essence(text) for text in cells[:3]))


def _essence(text: str) -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("'").split("\n")
    return "\n".join(line.rstrip() for line in lines).rstrip()


def _identities(table: Table, rows: Sequence[int]) -> dict[int, str]:
    """A fingerprint of each row: whose interview it is."""
    frame = table.frame
    company, role, interview = (frame[name].to_numpy() for name in ("company", "role", "interview"))
    return {i: _digest("\x1f".join((company[i].casefold(), role[i].casefold(), str(interview[i])))) for i in rows}


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()


# --- Why --------------------------------------------------------------------------------------------------


def _sentences(table: Table) -> np.ndarray:
    """``why`` and the remarks as one sentence each."""
    whys = table.frame["why"].to_numpy(copy=True)
    shown = table.frame["row"].to_numpy()
    for row, remarks in table.remarks.items():
        if shown[row] and remarks:
            whys[row] = "; ".join(dict.fromkeys((whys[row], *remarks)))
    return np.array([_sentence(why) if why else "" for why in whys], dtype=object)


def _sentence(text: str) -> str:
    return clean(text) if text.endswith((".", "?", "!")) else clean(text) + "."
