"""The drafts: who gets a letter and what it says.

The templates' text comes in as an argument; cell text is only ever data. A draft that a person has edited is
theirs and stays until its time is over (the rules, section 6).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from itertools import combinations
from typing import Any

import numpy as np

from sheetflow.cells import clean, read_text
from sheetflow.columns import BY_KEY, OURS
from sheetflow.letters.detail import opening
from sheetflow.letters.facts import Facts
from sheetflow.letters.greeting import first_name
from sheetflow.letters.languages import LANGUAGES, Language
from sheetflow.letters.links import CELL_LIMIT, Letter, listed, one_line, send_links
from sheetflow.letters.stamps import TYPED, Cells, Found, Stamp, find_drafts, fingerprint, row_fingerprints
from sheetflow.letters.templates import Templates
from sheetflow.letters.told import Line, Teller, lines_for, read_lines
from sheetflow.notes import NOTES, Note
from sheetflow.rules.cadence import CHECK, RULES
from sheetflow.settings import Settings
from sheetflow.sheet import Links
from sheetflow.table import Outgoing, Table
from sheetflow.table.people import Person, read_people

SEPARATOR = "-----"
ALIKE = 0.6
"""Two letters of a panel that share more of their words are too much alike (the rules, section 6)."""
VARIANTS = 4
ASKED = {"highlight": "something special from the conversation", "apart": "what you would find nowhere else"}
"""Column -> what is asked for where it is empty and a letter is poorer for it."""
FINISH = {"highlight": "I especially enjoyed hearing about", "apart": "What sets them apart is"}
"""Column -> the sentence to finish, where what is typed could not be made one."""

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
    for position in sorted(fingerprints):
        draft = found.get(position) or Found(row=fingerprints[position])
        for name, value in zip(_COLUMNS, rows.draft(position, draft), strict=True):
            columns[name][position] = value
    _name_double_recipients(rows.company, rows.recipients, table.remarks)
    for name, values in columns.items():
        table.frame[name] = np.fromiter(values, dtype=object, count=len(values))
    table.frame["why"] = _sentences(table)
    return table


class _Rows:
    """What the letters are made from, as plain lists with one entry per row, and the letters made from it."""

    def __init__(self, table: Table, templates: Templates, settings: Settings) -> None:
        frame = table.frame
        self.table, self.remarks, self.templates, self.settings = table, table.remarks, templates, settings
        self.company, self.role, self.feeling, self.outcome, self.language, self.note, self.flag, self.reason = (
            frame[name].tolist()
            for name in ("company", "role", "feeling", "outcome", "language", "note", "flag", "reason")
        )
        self.typed = {name: frame[name].tolist() for name in ("highlight", "question", "apart")}
        self.met: list[tuple[Person, ...]]
        self.contact: list[tuple[Person, ...]]
        self.met, self.contact = (frame[name].tolist() for name in ("interviewers", "contact"))
        self.day = {name: _days(frame[name]) for name in ("interview", "applied", "followed", "reply", "decision_by")}
        self.replied, self.to_come, self.thanked, self.closed = (
            frame[name].tolist() for name in ("replied", "to_come", "thank_you_done", "closed")
        )
        self.waits = [index >= 0 and RULES[index].waits_for_edit for index in frame["rule"].tolist()]
        self.sent = {note.name: frame[note.sent_when].tolist() for note in NOTES.values()}
        self.recipients: dict[str, set[int]] = defaultdict(set)
        """Address -> the rows that have a link to it."""

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
            return bool(self.closed[position])
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
        return cells._replace(send=self._links(position, letters, cells.subject, where))

    def _fresh(self, position: int, row: str) -> Cells:
        """The note as the templates have it."""
        note, remarks = NOTES[self.note[position]], self.remarks[position]
        people, where = self._recipients(position, note)
        made = [self.templates.render(note.name, facts) for facts in self._facts(position, note, people)]
        letters = [Letter(person, body) for person, (_, body) in zip(people, made, strict=True)]
        cells = Cells("\n".join(str(person) for person in people).strip(), made[0][0], _join(letters))
        if any(_units(text) > CELL_LIMIT for text in cells[:3]) or any(
            len(letter.body) > self.templates.limit for letter in letters
        ):
            remarks.append("the note would be too long for a cell; shorten what you wrote into the row")
            return Cells()
        if alike := _alike(letters):
            names = [first_name(letter.person.name) or letter.person.email for letter in alike]
            remarks.append(
                f"the letters to {listed(names)} are much alike: give each a line of their own in "
                f"{self._header('highlight')}, like {names[0]}: the onboarding flow"
            )
        links = self._links(position, letters, cells.subject, where)
        return cells._replace(send=links, stamp=str(Stamp(note.name, fingerprint(cells), row)))

    # --- who ---------------------------------------------------------------------------------------------------

    def _recipients(self, position: int, note: Note) -> tuple[Sequence[Person], str]:
        """Each person met for a thank-you, else the contact or, without one, the first interviewer; and from where."""
        met, contact = self.met[position], self.contact[position]
        if note.to == "each":
            people, key = (contact, "contact") if contact and not met else (met, "interviewers")
        else:
            people, key = (met[:1], "interviewers") if met and not contact else (contact[:1], "contact")
        where, remarks = self._header(key), self.remarks[position]
        if not people:
            remarks.append(f"write who gets this note into {where}, like Ana Ruiz <ana@acme.example>")
        for person in people:
            if "," in person.name and (not person.email or first_name(person.name) == person.name):
                remarks.append(f"if {person.name} is more than one person, put a semicolon between them in {where}")
        return people or (Person("", ""),), where

    def _links(self, position: int, letters: Sequence[Letter], subject: str, where: str) -> Links:
        """The links of a row's letters; none while one of them holds a gap that is still to be filled in."""
        remarks = self.remarks[position]
        if gap := _gap([subject, *(letter.body for letter in letters)], partial(self._own_words, position)):
            remarks.append(f"Send is empty as long as the draft says {gap}: fill it in, or take it out")
            return Links()
        links, addresses = send_links(letters, subject, remarks, self.settings, where)
        linked = [(letter.person, letter.body) for letter in letters if letter.person.email in addresses]
        self.table.letters[position] = [
            Outgoing(self.note[position], person.name, person.email, one_line(subject), body) for person, body in linked
        ]
        for address in addresses:
            self.recipients[address.lower()].add(position)
        return links

    def _own_words(self, position: int) -> str:
        """The person's own cells of a row, and what they set as theirs: brackets in these are theirs."""
        header = self.table.header
        ours = {header.at[column.key] for column in OURS if column.key in header.at}
        row = self.table.first_row + position
        cells = self.table.sheet.rows[row] if row < len(self.table.sheet.rows) else ()
        own = [read_text(cell) for index, cell in enumerate(cells) if index not in ours]
        return "\n".join(map(one_line, [*own, self.settings.name, self.settings.signature]))

    # --- what --------------------------------------------------------------------------------------------------

    def _facts(self, position: int, note: Note, people: Sequence[Person]) -> list[Facts]:
        """What a template may use, for each recipient; nothing in it changes from day to day for the same state."""
        language = self._language(position, note)
        row = self._row_facts(position, language)
        met = self.met[position] or self.contact[position]
        everybody = tuple(dict.fromkeys((*people, *self.met[position], *self.contact[position])))
        lines = {
            name: read_lines(cells[position], everybody) if cells[position] else ()
            for name, cells in self.typed.items()
        }
        asked = next((line.person for line in lines["question"] if line.person in people), people[0])
        start = opening(self.typed["highlight"][position] + self.typed["apart"][position])
        facts, poor, unclear, unsaid = [], [], False, ""
        for number, person in enumerate(people):
            teller = Teller(language, person, met, start)
            told = {name: lines_for(cell, person) for name, cell in lines.items()}
            facts.append(
                row._replace(
                    person=person,
                    variant=number % VARIANTS,
                    highlight="; ".join(line.text for line in told["highlight"]),
                    detail=self._detail(teller, note, told, number + number // VARIANTS, row.company),
                    apart=teller.apart(told["apart"], row.company) or teller.later(told["highlight"], row.company),
                    question=teller.question(told["question"]) if person == asked else "",
                )
            )
            unclear |= any(teller.unclear(told[name]) for name in note.wants[:1])
            if not any(told[name] for name in note.wants):
                poor.append(person)
            unsaid = unsaid or next((name for name in note.wants if teller.unsaid(told[name])), "")
        self._ask(position, note, poor, len(people), unclear, unsaid)
        return facts

    @staticmethod
    def _detail(teller: Teller, note: Note, told: Mapping[str, Sequence[Line]], number: int, company: str) -> str:
        """The Highlight as the note has it: with what it means, without it what sets them apart; parting, as it was."""
        if note.to == "one":
            return teller.kept(told["highlight"])
        return teller.detail(told["highlight"], number) or teller.apart(told["apart"], company)

    def _language(self, position: int, note: Note) -> Language:
        """The row's language, else the setting; English, and said so, where there is no such template."""
        wanted = self.language[position] or self.settings.language
        language = LANGUAGES[self.templates.language(note.name, wanted)]
        if language is not LANGUAGES[wanted]:
            self.remarks[position].append(
                f"among the templates is no {note.title} in {LANGUAGES[wanted].name}: this one is in {language.name}"
            )
        return language

    def _row_facts(self, position: int, language: Language) -> Facts:
        """What is the same for everybody that a row writes to."""
        interview, applied, followed, reply, decision = (
            self.day[name][position] for name in ("interview", "applied", "followed", "reply", "decision_by")
        )
        reply = reply if self.replied[position] else None
        begun = interview or applied
        offered = self.outcome[position] == "Offer"
        if decision and (offered or (begun and decision < begun) or (reply and decision <= reply)):
            decision = None  # the writer's own day, or one that was named for something else
        you = one_line(self.settings.name)
        return Facts(
            language=language.code,
            company=_unbracketed(self.company[position]),
            role=_unbracketed(self.role[position]),
            interview=language.spoken(interview),
            weekday=language.weekday(interview),
            interviewed=interview is not None and not self.to_come[position],
            feeling=self.feeling[position],
            thanked=self.thanked[position],
            followed_up=language.spoken(followed),
            reply=language.spoken(reply),
            decision_by=language.spoken(decision),
            applied=language.spoken(applied),
            reason=self.reason[position],
            offered=offered,
            you=you,
            signature=clean(self.settings.signature).strip() or you,
        )

    def _ask(self, position: int, note: Note, poor: Sequence[Person], people: int, unclear: bool, unsaid: str) -> None:
        """Ask for what a letter lacks, in the column where it belongs."""
        remarks = self.remarks[position]
        if note.to == "each" and self.feeling[position] in ("Bad", "Horrible"):
            return  # no letter tells what was special about that
        if unclear:
            remarks.append("a line says she or he, and nobody can tell who is meant: begin it with the name (Ana: …)")
        elif unsaid:
            remarks.append(
                f"a line of {self._header(unsaid)} is not in the draft: finish the sentence “{FINISH[unsaid]} …”"
            )
        elif poor and note.wants:
            key = next((key for key in note.wants if self._has(key)), note.wants[0])
            into = f"into {self._header(key)}" if self._has(key) else f"into a new column, {BY_KEY[key].header}"
            names = [first_name(person.name) for person in poor if person.name] if 1 < people != len(poor) else []
            of = f" for {listed(names)}, in a line that begins with the name" if names else ""
            remarks.append(f"write {ASKED[key]} {into}{of}, and the draft takes it up")

    def _has(self, key: str) -> bool:
        """Whether the tracker has a column, or is about to be given it."""
        header = self.table.header
        return key in header.at or any(column.key == key for column in header.missing)

    def _header(self, key: str) -> str:
        """What a column is called in this tracker."""
        at = self.table.header.at.get(key)
        return (
            one_line(read_text(self.table.sheet.cell(self.table.header.row, at)))
            if at is not None
            else BY_KEY[key].header
        )


# --- rows, people, words --------------------------------------------------------------------------------------


def _days(column: Any) -> list[date | None]:
    days: list[date | None] = column.to_numpy().astype("datetime64[D]").tolist()
    return days


_BRACKETS = re.compile(
    r"\s*(?:\[[^\[\]]*\]|\((?:all genders?|(?:[a-z]{1,2}\*?\s?[/|,]\s?)+(?:[a-z]{1,2}|gn|div)\*?)\))", re.IGNORECASE
)


def _unbracketed(text: str) -> str:
    """Company or Role without what stands in brackets for the form's sake: ``Engineer [m/w/d]``, ``Clerk (f/m/d)``."""
    return " ".join(_BRACKETS.sub(" ", one_line(text)).split())


_GAP = re.compile(r"\[[^\[\]\n]{0,200}\]|\{\{[^{}\n]{0,200}\}{0,2}|[\[\]]")


def _gap(texts: Sequence[str], own: Callable[[], str]) -> str:
    """The first square brackets or ``{{`` of a draft that do not stand in the row's own cells; empty for none."""
    found = [match[0] for text in texts for match in _GAP.finditer(text)]
    words = own() if found else ""
    return next((_shown(gap) for gap in found if one_line(gap) not in words), "")


def _shown(text: str) -> str:
    text = one_line(text)
    return text if len(text) <= 60 else text[:59] + "…"


def shared_words(one: str, other: str) -> float:
    """The share of the words of the shorter of two letters that stand in the other, too; a Chinese character is one."""
    words = [Counter(re.findall(r"[\u3400-\u9fff]|[^\W_]+(?:['’-][^\W_]+)*", text.casefold())) for text in (one, other)]
    shortest = min(words[0].total(), words[1].total())
    return (words[0] & words[1]).total() / shortest if shortest else 0.0


def _alike(letters: Sequence[Letter]) -> list[Letter]:
    """The letters that are much like another."""
    alike = set()
    for (i, one), (j, other) in combinations(enumerate(letters), 2):
        if shared_words(one.body, other.body) > ALIKE:
            alike |= {i, j}
    return [letters[i] for i in sorted(alike)]


def _units(text: str) -> int:
    """Characters as spreadsheets count them: those beyond the basic plane are two."""
    return len(text) if len(text) <= CELL_LIMIT // 2 else len(text.encode("utf-16-le", "surrogatepass")) // 2


def _join(letters: Sequence[Letter]) -> str:
    if len(letters) == 1:
        return letters[0].body
    return f"\n{SEPARATOR}\n".join(f"To: {letter.person}\n\n{letter.body}" for letter in letters)


_SECTION_END = re.compile(rf"^{SEPARATOR}[ \t]*$\n?", re.MULTILINE)


def read_letters(cells: Cells) -> list[Letter] | None:
    """The letters in draft cells, however edited; ``None`` when it is not clear who gets what."""
    body = cells.body.replace("\r\n", "\n").replace("\r", "\n")
    sections = _SECTION_END.split(body) if SEPARATOR in body else [body]
    if len(sections) == 1 and not body.lstrip().startswith("To:"):
        people = read_people(cells.to) if cells.to.strip() else (Person("", ""),)
        return [Letter(people[0], body.strip())] if len(people) == 1 else None
    letters = []
    for section in sections:
        match = re.fullmatch(r"\s*To:(?P<to>[^\n]*)\n[ \t]*\n(?P<body>.*)", section, flags=re.DOTALL)
        people = read_people(match["to"]) if match else ()
        if not match or len(people) != 1:
            return None
        letters.append(Letter(people[0], match["body"].strip()))
    return letters


def _name_double_recipients(
    company: Sequence[str], recipients: Mapping[str, set[int]], remarks: Mapping[int, list[str]]
) -> None:
    """Point out the rows that would write to one address on the same day; by company, since rows move."""
    for address, positions in recipients.items():
        if len(rows := sorted(positions)) < 2:
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
