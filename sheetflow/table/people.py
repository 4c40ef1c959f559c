"""The people in a cell (spec, section 2, "Who is a person"): in doubt no name, never a wrong one.

What is a name is decided in ``names``. Here a cell is taken apart: a list by semicolons, lines, commas and *and*.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache
from typing import NamedTuple

from sheetflow.cells import clean
from sheetflow.table.names import ADDRESS, is_plain, name_in
from sheetflow.words import words

LONGEST = 1000
"""Characters of a name and address; a longer text is no person, and taking it apart would take long."""


class Person(NamedTuple):
    """Somebody to write to; either part may be empty."""

    name: str
    email: str

    @property
    def first_name(self) -> str:
        """What to call them (spec, section 6): the whole name where its first word would be a guess."""
        if len(self.name) > LONGEST:
            return self.name
        name = " ".join(re.sub(r"\([^()]*\)", " ", self.name).split())
        if family_first := re.fullmatch(r"([^\s,]+),\s*(\S.*)", name):
            name = family_first[2]
        words = name.split()
        if len(words) < 2 or not _latin(name) or words[0].rstrip(".").casefold() in _HONORIFICS:
            return name
        if re.search(r"[,&/+]|\b(?:and|und|et|y)\b", name):
            return name
        return words[0]

    def __str__(self) -> str:
        if not self.email or not self.name:
            return self.email or self.name
        name = self.name
        if not is_plain(name) and (re.search(r'[",;<>@]', name) or _joins().search(name) or name_in(name) != name):
            plain = re.sub(r"[<>@]", " ", name.replace('"', "'"))  # no second address may be read out of a name
            name = f'"{" ".join(plain.split())}"'
        return f"{name} <{self.email}>"


_TITLES = (
    "dr prof professor mr mrs ms mx miss sir dame lady lord rev fr herr frau hr mme mlle m monsieur madame "
    "mademoiselle sr sra srta señor señora don doña ing dipl-ing doctor doctora docteur dott"
)
_HONORIFICS = frozenset(_TITLES.split())


@cache
def _joins() -> re.Pattern[str]:
    """*and* between two names, in any of the languages; Chinese has it between names of two characters or more."""
    listed = words("people", "joins")
    spaced = "|".join(re.escape(word) for word in listed if word.isascii())
    close = "|".join(word for word in listed if not word.isascii())
    return re.compile(rf"\s+({spaced})\s+|(?<={_HAN}{_HAN})({close})(?={_HAN}{_HAN})", re.IGNORECASE)


_HAN = r"[\u3400-\u9fff·]"


def read_people(text: str) -> tuple[Person, ...]:
    """The people in a cell, each address once.

    Semicolons and line breaks separate; a comma only where each side has an address, or where no side has one and
    each has two or more words, or in a list of three or more, or of two joined by *and*. What stands in quotation
    marks is one name. A line with an address alone belongs to the name in the line above.
    """
    lines = [_line(line) for line in _split(_usual_marks(clean(text)), "\n")]
    people: dict[str, Person] = {}
    for person in _joined(lines):
        people.setdefault(person.email.lower() or person.name, person)
    people.pop("", None)
    return tuple(people.values())


_MARKS = str.maketrans(
    {"；": ";", "，": ",", "、": ",", "：": ":", "（": "(", "）": ")", "｜": "|", "【": "[", "】": "]"}
)
_USUAL = re.compile(r"\s*([A-Za-z -]+?)\s*(?:<([A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+)>\s*)?")
"""What nearly every piece is: ``Ana Ruiz <ana@acme.example>``, or a name alone."""
_BULLET = re.compile(r"\s*(?:[-–—•*·▪]|\d{1,2}[.)])\s+")


def _usual_marks(text: str) -> str:
    """Text with the marks of Chinese typography as they are elsewhere."""
    return text if text.isascii() else text.translate(_MARKS)


def _line(line: str) -> list[Person]:
    """The people in one line."""
    if bullet := _BULLET.match(line):
        line = line[bullet.end() :]
    return [person for piece in _split(line, ";") for person in _listed(piece)]


def _joined(lines: Iterable[list[Person]]) -> list[Person]:
    """The people of all lines; a line of an address alone is of the name above it, past the name of its company."""
    people: list[Person] = []
    for line in lines:
        if len(line) == 1 and line[0].email and not line[0].name:
            while people and not people[-1].email and _is_company(people[-1].name, line[0].email):
                people.pop()
            if people and not people[-1].email:
                people[-1] = people[-1]._replace(email=line[0].email)
                continue
        people += line
    return people


def _is_company(name: str, email: str) -> bool:
    """Whether a name is that of the domain: ``Acme`` and ``ana@acme.example``."""
    domain = email.rpartition("@")[2].lower().split(".")
    return "".join(c for c in name.lower() if c.isalnum()) in domain


def _listed(piece: str) -> list[Person]:
    """The people in a piece between semicolons."""
    if not piece.strip() or len(piece) > 20 * LONGEST:
        return []
    if (usual := _USUAL.fullmatch(piece)) and is_plain(usual[1]):
        return [Person(usual[1], usual[2] or "")]
    sides, joined = _split_joins(piece)
    parts = [_parts(side) for side in sides]
    if joined and all(len(side) == 2 and not any(map(_is_whole, side)) for side in parts):
        return [_in_doubt(side) for side in parts]  # Ruiz, Ana and Chen, Bo
    texts = [text for text in _split(piece, ",") if text.strip()]
    told_apart = len(texts) > 1 and all(map(_REMARK.search, texts))  # Ana (HR), Bo (CTO)
    return _people([part for side in parts for part in side], joined=joined or told_apart)


_REMARK = re.compile(r"[(\[]|\s[-–—|/]\s")


def _parts(side: str) -> list[Person]:
    """The names and addresses between commas, or of ``Ana ana@acme.example Bo bo@acme.example``."""
    listed = side.count("@") < 2 or "," in side or '"' in side or len(side) > LONGEST
    found = [] if listed else list(ADDRESS.finditer(side))
    if len(found) < 2:
        return [part for text in _split(side, ",") if (part := _part(text))]
    ends = [match.end() + (side[match.end() : match.end() + 1] in (">", ")")) for match in found]
    texts = [side[start:end].lstrip(" /|") for start, end in zip([0, *ends[:-1]], ends, strict=True)]
    named = not side[ends[-1] :].strip() and found[0].start() > 0
    return [part if named else part._replace(name="") for text in texts if (part := _part(text))]


def _is_whole(person: Person) -> bool:
    """Whether a name has two words, or is one that is written without a blank."""
    return len(person.name.split()) > 1 or (len(person.name) > 1 and not _latin(person.name))


def _split_joins(piece: str) -> tuple[list[str], bool]:
    """A piece split at *and*: ``Ana, Bo and Carla``. ``José Ortega y Gasset`` may be one person, and stays one."""
    if '"' in piece:
        return [piece], False
    sides, joins, place = [], [], 0
    for match in _joins().finditer(piece):
        sides.append(piece[place : match.start()])
        joins.append(match[1] or match[2])
        place = match.end()
    sides.append(piece[place:])
    one = joins == ["y"] and "," not in piece and len(sides[0].split()) > 1 == len(sides[1].split())
    return ([piece], False) if one else (sides, bool(joins))


def _part(text: str) -> Person | None:
    """A part of a list; nothing where there is neither a name nor an address in it."""
    text = " ".join(text.split())  # quotation marks may have kept a line break, even inside an address
    if not text or len(text) > LONGEST:
        return None
    if inside := re.fullmatch(r"(?P<name>[^<>]*)<(?P<email>[^<>]*)>", text):
        name, email = inside["name"], inside["email"].strip()
    elif "@" in text and (found := ADDRESS.search(text)):
        name, email = text[: found.start()].rstrip("<(") + " " + text[found.end() :].lstrip(">)"), found[0].lstrip("'")
    else:
        name, email = text, ""
    email = re.sub(r"^mailto:", "", email, flags=re.IGNORECASE)
    part = Person(name_in(re.sub(r"\bmailto:", "", name, flags=re.IGNORECASE)), email)
    return part if part.name or part.email else None


def _people(parts: Sequence[Person], *, joined: bool) -> list[Person]:
    """The people of the parts between commas: an address alone is of the name before it."""
    owned: list[Person] = []
    for part in parts:
        if not part.name and owned and not owned[-1].email:
            owned[-1] = owned[-1]._replace(email=part.email)
        else:
            owned.append(part)
    if joined or _separate(owned):
        return owned
    return [_in_doubt(owned[start:end]) for start, end in _pairs(owned)]


def _separate(parts: Sequence[Person]) -> bool:
    """Whether each part is a person: all have an address, or none has and each is a whole name, or it is a list."""
    if all(part.email for part in parts):
        return True
    if not any(part.email for part in parts):
        return len(parts) > 2 or all(map(_is_whole, parts))
    return len(parts) > 2 and not all(end - start == 2 for start, end in _pairs(parts))


def _pairs(parts: Sequence[Person]) -> list[tuple[int, int]]:
    """From where to where the parts go that end with an address, and the rest: ``Ruiz, Ana <ana@acme.example>``."""
    if not any(part.email for part in parts):
        return [(0, len(parts))] if parts else []
    ends = [index + 1 for index, part in enumerate(parts) if part.email]
    ends[-1] = len(parts)
    return list(zip([0, *ends[:-1]], ends, strict=True))


def _in_doubt(parts: Sequence[Person]) -> Person:
    """One person, or two that nobody can tell from one: ``Ruiz, Ana``, ``Ana, Bo``."""
    name = ", ".join(part.name for part in parts if part.name)
    return Person(name, next((part.email for part in parts if part.email), ""))


def _split(text: str, marks: str) -> list[str]:
    """Split at the marks that are not inside quotation marks."""
    if '"' not in text or text.count('"') % 2:
        return re.split(f"[{marks}]", text)
    parts, quoted = [""], False
    for c in text:
        if c == '"':
            quoted = not quoted
        if c in marks and not quoted:
            parts.append("")
        else:
            parts[-1] += c
    return parts


def without(people: tuple[Person, ...], addresses: frozenset[str]) -> tuple[Person, ...]:
    """The people but those with one of these addresses, in lower case."""
    if not addresses:
        return people
    return tuple(person for person in people if person.email.lower() not in addresses)


def join(people: tuple[Person, ...], addressed: tuple[Person, ...]) -> tuple[Person, ...]:
    """The people of a cell with the addresses that are kept in a column of their own: first to first.

    Addresses beyond the last name count as people of their own.
    """
    known = {person.email.lower() for person in people}
    left = [person for person in addressed if person.email and person.email.lower() not in known]
    joined = []
    for person in people:
        if left and not person.email:
            person = person._replace(email=left.pop(0).email)
        joined.append(person)
    return (*joined, *left)


def lend(people: tuple[Person, ...], others: tuple[Person, ...]) -> tuple[Person, ...]:
    """The people of one column with what only the other column knows of them: a name, or an address."""
    names = {person.email.lower(): person.name for person in others if person.email and person.name}
    addresses = {person.name.casefold(): person.email for person in others if person.email and person.name}
    return tuple(
        Person(
            person.name or names.get(person.email.lower(), ""),
            person.email or addresses.get(person.name.casefold(), ""),
        )
        for person in people
    )


def _latin(name: str) -> bool:
    return name.isascii() or all(unicodedata.name(c, "").startswith("LATIN") for c in name if c.isalpha())
