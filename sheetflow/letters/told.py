"""What a Highlight, a Question and What sets them apart tell one person, in the language of the letter.

In English the detail becomes part of a sentence (``detail``); in other languages it stands in a form that needs no
inflection of what was typed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from sheetflow.cells import clean
from sheetflow.letters import detail as english
from sheetflow.letters.detail import is_unclear, says_something
from sheetflow.letters.english import Reader, unmarked
from sheetflow.letters.greeting import first_name, read_name
from sheetflow.letters.languages import ENGLISH, Language
from sheetflow.table.people import Person


class Line(NamedTuple):
    """A line of a cell, for the person whose name it begins with, or for all."""

    text: str
    person: Person | None = None


def read_lines(text: str, everybody: Sequence[Person]) -> tuple[Line, ...]:
    """The lines of a cell; a semicolon begins a new one where a name of the row and a colon follow it."""
    lines = []
    for piece in _pieces(text, everybody):
        name, _, rest = piece.partition(":")
        person = next((person for person in everybody if rest.strip() and _calls(name, person)), None)
        lines.append(Line(rest.strip(), person) if person else Line(piece))
    return tuple(line for line in lines if says_something(line.text))


def lines_for(lines: Sequence[Line], person: Person) -> tuple[Line, ...]:
    """The lines that a person may read, their own first."""
    own = [line for line in lines if line.person == person]
    return (*own, *(line for line in lines if line.person is None))


def _pieces(text: str, everybody: Sequence[Person]) -> list[str]:
    pieces = []
    for line in clean(text).split("\n"):
        start = 0
        for match in re.finditer(r";\s*(?=([^;:]{1,60}):)", line):
            if any(_calls(match[1], person) for person in everybody):
                pieces.append(line[start : match.start()])
                start = match.end()
        pieces.append(line[start:])
    return [" ".join(piece.split()) for piece in pieces]


def _calls(text: str, person: Person) -> bool:
    """Whether a text is what somebody is called: the name, its first or last word, with or without a title."""
    name = read_name(person.name)
    ways = (person.name, name.text, name.first, name.family, " ".join([*name.titles[-1:], name.family]), person.email)
    called = " ".join(text.casefold().split()).strip("-*• ")
    return bool(called) and called in {way.casefold() for way in ways}


def reader(person: Person, met: Sequence[Person], *, own: bool = False) -> Reader:
    """Who reads a line: a she in it is the one person met, or whose own line it is; among several nobody can tell."""
    if own or not met or (len(met) == 1 and person in met):
        return Reader(person.name, "you", not met or person in met)
    return Reader(person.name, first_name(met[0].name) if len(met) == 1 else "", person in met)


class Teller(NamedTuple):
    """The sentences of a letter to one person that rest on what was typed about the conversation."""

    language: Language
    person: Person
    met: Sequence[Person]
    """Who was at the interview."""
    start: int = 0
    """The opening of the first of the recipients; the others have the next ones."""

    def detail(self, lines: Sequence[Line], variant: int, *, tied: bool = True) -> str:
        """The Highlight; ``tied``: with what it means to the writer."""

        def say(text: str, to: Reader, number: int) -> str:
            if self.language is ENGLISH:
                return english.detail(text, to, variant + number, tied=tied and not number, start=self.start)
            return self._framed(text, to, lambda words: self.language.detail_frame(words, variant + number))

        return self._said(lines, say)

    def kept(self, lines: Sequence[Line]) -> str:
        """The Highlight in a letter that parts; in other languages there is no place for it."""
        if self.language is not ENGLISH:
            return ""
        return self._said(lines[:1], lambda text, to, _number: english.kept(text, to, self.start))

    def later(self, lines: Sequence[Line], company: str) -> str:
        """The Highlight, weeks later."""

        def say(text: str, to: Reader, _number: int) -> str:
            return (
                english.later(text, company, to, self.start)
                if self.language is ENGLISH
                else self._framed(text, to, lambda _words: self.language.later)
            )

        return self._said(lines, say)

    def apart(self, lines: Sequence[Line], company: str) -> str:
        """What sets them apart."""

        def say(text: str, to: Reader, _number: int) -> str:
            if self.language is ENGLISH:
                return english.apart(text, company, to, self.start)
            return self._framed(text, to, lambda words: self.language.apart_frame(words, company))

        return self._said(lines, say)

    def question(self, lines: Sequence[Line]) -> str:
        """The Question, with its marks."""
        if not lines:
            return ""
        text = lines[0].text
        if self.language is ENGLISH:
            return english.asked(text)
        before, after = self.language.question
        text = self._theirs(text.rstrip(" ?？.。")) if self.language.end == "。" else text.rstrip(" ?？.。")
        bare = self.language.asked_politely(text.removeprefix(before))  # a sentence of its own, so with a capital
        return f"{before}{bare[:1].upper()}{bare[1:]}{after}"

    def unclear(self, lines: Sequence[Line]) -> bool:
        """Whether a line had to be left out, since nobody can tell whom a she in it means."""
        return self.language is ENGLISH and any(is_unclear(line.text, self._reader(line)) for line in lines)

    def unsaid(self, lines: Sequence[Line]) -> bool:
        """Whether a line had to be left out, since no sentence can be made of it."""
        return self.language is ENGLISH and any(
            not english.classify(line.text, self._reader(line))[0] for line in lines
        )

    def _reader(self, line: Line) -> Reader:
        return reader(self.person, self.met, own=line.person is not None)

    def _said(self, lines: Sequence[Line], say: Callable[[str, Reader, int], str]) -> str:
        sentences = [say(line.text, self._reader(line), number) for number, line in enumerate(lines)]
        between = "" if self.language.end == "。" else " "
        return between.join(dict.fromkeys(filter(None, sentences)))

    def _framed(self, text: str, to: Reader, frame_of: Callable[[str], str]) -> str:
        words = unmarked(text).strip(" ,;-–!").rstrip(" .…!。")
        words = re.sub(rf"^(?:{self.language.told})", "", words, count=1, flags=re.I).strip()
        if re.match(self.language.small, words):
            words = words[0].lower() + words[1:]
        if to.she == "you":
            words = self.language.to_one(words, read_name(self.person.name, self.language.code))
        words = self._theirs(words)
        frame = frame_of(words)
        if frame.endswith(": {}"):
            words = self.language.after_colon(words)
        return frame.replace("{}", words) + ("" if words.endswith(("?", "？", "!", "！", "…")) else self.language.end)

    def _theirs(self, words: str) -> str:
        """What is said of them, as it is said to them."""
        for pattern, theirs in self.language.theirs:
            words = re.sub(pattern, theirs, words, count=1, flags=re.I)
        return words
