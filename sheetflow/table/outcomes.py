"""The Outcome column, read as people write it (spec, section 2), and the words of How it went.

A known word or phrase at the beginning decides; else known words of one kind anywhere. Where a text could mean that
somebody was turned down, no reading of it may let a "still interested" go out: in doubt it is ``unknown``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from sheetflow.columns import plain
from sheetflow.table.dates import empty_words
from sheetflow.words import words

OUTCOMES = ("Next round", "Offer", "Accepted", "Rejected", "Withdrawn", "Ghosted", "Closed")
GOOD = ("Next round", "Offer", "Accepted")
KINDS = ("not_applied", "waiting", "stage")
"""What the words say that stand for no outcome."""
FEELINGS = ("Great", "Fine", "Bad", "Horrible")
LONGEST = 300
"""Characters of a text that are looked at; what an outcome is stands at the beginning."""
LONGEST_PHRASE = 8
"""Words of a known phrase; a Chinese character is a word."""
BRIEF = 40
"""Characters of a text in which a word such as *interview* somewhere says how far things are."""
NEAR = 3
"""A *not* takes back what comes at most so many words after it in its clause."""


class Outcome(NamedTuple):
    """An Outcome cell as read."""

    outcome: str = ""
    """A word of ``OUTCOMES``; empty while there is none."""
    kind: str = ""
    """What the cell says where it is no outcome: ``waiting``, ``not_applied``, ``stage`` or ``unknown``."""
    by_whom: bool = False
    """It says that something was refused, and not who refused."""


UNKNOWN = Outcome(kind="unknown")


class Phrase(NamedTuple):
    """A known phrase in a text."""

    start: int
    end: int
    """The words from ``start`` to before ``end``."""
    meaning: Outcome
    denied: bool
    """There is a *not* before it."""


class Text(NamedTuple):
    """A text taken apart."""

    words: Sequence[str]
    phrases: Sequence[Phrase]

    @property
    def beginning(self) -> Outcome:
        """What its first words mean; nothing where they are unknown."""
        return self.phrases[0].meaning if self.phrases and self.phrases[0].start == 0 else Outcome()

    def said(self, *, after: int = 0) -> set[Outcome]:
        """The meanings of its phrases, or of those after the first few."""
        return {phrase.meaning for phrase in self.phrases[after:] if not phrase.denied}

    @property
    def others(self) -> set[str]:
        """The words that are in no known phrase."""
        return {self.words[i] for i in range(len(self.words)) if not any(p.start <= i < p.end for p in self.phrases)}


def means_nothing(text: str) -> bool:
    """Whether a word stands for an empty cell, in any column of words."""
    return " ".join(text.casefold().split()) in empty_words() | {"", "false"}


def read_outcome(text: str) -> Outcome:
    """What the text of an Outcome cell stands for."""
    if meaning := _meanings().get(plain(text[:LONGEST])):
        return meaning
    if means_nothing(text):
        return Outcome()
    taken = _take_apart(text[:LONGEST])
    if taken.beginning.outcome:
        return _decided_at_the_beginning(taken)
    outcomes = {meaning for meaning in taken.said() if meaning.outcome}
    if taken.beginning.kind:
        return _open_at_the_beginning(taken, outcomes)
    if outcomes:
        return _one_of(outcomes, taken)
    kinds = {meaning.kind for meaning in taken.said()}
    if len(text) > BRIEF or _ends_badly(taken) or not kinds or (len(kinds) > 1 and "not_applied" in kinds):
        return UNKNOWN
    return Outcome(kind="stage" if "stage" in kinds else kinds.pop())


def _decided_at_the_beginning(text: Text) -> Outcome:
    """An outcome, unless what follows takes it back: *Offer: none*, *Accepted elsewhere*, *Offer, then rejected*."""
    meaning = text.beginning
    first = text.phrases[0]
    if first.end < len(text.words) and text.others <= _listed("not") and len(text.phrases) == 1:
        return UNKNOWN
    if meaning.outcome not in GOOD:
        return meaning
    if any(later.outcome and later.outcome not in GOOD for later in text.said(after=1)):
        return UNKNOWN
    return _here(meaning, text)


def _open_at_the_beginning(text: Text, outcomes: set[Outcome]) -> Outcome:
    """*Applied* or *Interview*, unless what follows ends it: *Applied - no response*, *Interview, rejected*."""
    ended = {meaning for meaning in outcomes if meaning.outcome != "Next round"}
    if not ended:
        return UNKNOWN if _ends_badly(text) else text.beginning
    meaning = ended.pop()
    return UNKNOWN if ended or meaning.outcome in GOOD else meaning


def _one_of(outcomes: set[Outcome], text: Text) -> Outcome:
    """The outcome of a text that names one; a good one beside words of waiting is still hoped for."""
    meaning = outcomes.pop()
    hoped_for = meaning.outcome in GOOD and any(m.kind in ("waiting", "not_applied") for m in text.said())
    return UNKNOWN if outcomes or hoped_for else _here(meaning, text)


def _here(meaning: Outcome, text: Text) -> Outcome:
    """An offer or a yes to somebody else closes the row."""
    elsewhere = meaning.outcome in ("Offer", "Accepted") and text.others & _listed("elsewhere")
    return Outcome("Closed") if elsewhere else meaning


def _denies(said: Iterable[str]) -> bool:
    return not _listed("not").isdisjoint(said)


def _ends_badly(text: Text) -> bool:
    """Whether words in no known phrase sound like the end of it: *not*, *they chose an insider*, *unfortunately*."""
    return not (_listed("not") | _listed("doubt")).isdisjoint(text.others)


@cache
def _meanings() -> Mapping[str, Outcome]:
    """Every known word or phrase, as it is compared, with what it stands for."""
    read = {outcome.lower().replace(" ", "_"): Outcome(outcome) for outcome in OUTCOMES}
    read |= {kind: Outcome(kind=kind) for kind in KINDS}
    read["by_whom"] = Outcome("Closed", by_whom=True)
    return {plain(word): meaning for key, meaning in read.items() for word in words("outcomes", key)}


@cache
def _listed(key: str) -> frozenset[str]:
    """Words of a list of ``phrases``, as they are compared."""
    return frozenset(plain(word) for word in words("phrases", key))


_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\W_\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+|[^\w\s]")


def _take_apart(text: str) -> Text:
    """The words of a text and the known phrases among them, the longest first; without what is numbered before it."""
    letters = unicodedata.normalize("NFKD", text).casefold()
    letters = "".join(c for c in letters if c not in "'’`´" and not unicodedata.combining(c))
    clauses, said = 0, []
    for found in _WORD.findall(letters):
        if found[0].isalnum():
            said.append((found, clauses))
        else:
            clauses += 1
    while said and said[0][0].isdecimal() and not _phrase_at(said, 0):
        said.pop(0)
    return Text([word for word, _ in said], _phrases(said))


def _phrases(said: Sequence[tuple[str, int]]) -> list[Phrase]:
    phrases: list[Phrase] = []
    place = 0
    while place < len(said):
        length = _phrase_at(said, place)
        if length:
            before = {word for word, clause in said[max(0, place - NEAR) : place] if clause == said[place][1]}
            free = phrases[-1].end if phrases else 0  # a "not" that belongs to a phrase says nothing of the next
            denied = _denies(before & {word for word, _ in said[free:place]})
            phrases.append(Phrase(place, place + length, _meanings()[_joined(said, place, length)], denied))
        place += length or 1
    return phrases


def _phrase_at(said: Sequence[tuple[str, int]], place: int) -> int:
    """How many words the longest known phrase there has; some words are known at the beginning only."""
    for length in range(min(LONGEST_PHRASE, len(said) - place), 0, -1):
        joined = _joined(said, place, length)
        if joined in _meanings() and not (place and joined in _listed("only_first")):
            return length
    return 0


def _joined(said: Sequence[tuple[str, int]], place: int, length: int) -> str:
    return "".join(word for word, _ in said[place : place + length])


@cache
def _feelings() -> Mapping[str, str]:
    return {plain(word): feeling for feeling in FEELINGS for word in words("feelings", feeling.lower())}


def read_feeling(text: str) -> str:
    """A word of ``FEELINGS`` for the text of a cell of How it went; empty where it says none of them."""
    said = list(_take_apart(text[:LONGEST]).words)
    while said:
        if feeling := _feelings().get("".join(said)):
            return feeling
        length = next((n for n in range(min(4, len(said) - 1), 0, -1) if "".join(said[:n]) in _listed("very")), 0)
        if not length:
            break
        said = said[length:]
    return ""
