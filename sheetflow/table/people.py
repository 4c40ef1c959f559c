"""The people in a cell, what to call them, and whether a mail link may go to an address."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from sheetflow.cells import clean

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
        if re.search(r'[",;<>@]', name):
            plain = re.sub(r"[<>@]", " ", name.replace('"', "'"))  # no second address may be read out of a name
            name = f'"{" ".join(plain.split())}"'
        return f"{name} <{self.email}>"


_TITLES = (
    "dr prof professor mr mrs ms mx miss sir dame lady lord rev fr herr frau hr mme mlle m monsieur madame "
    "mademoiselle sr sra srta señor señora don doña ing dipl-ing doctor doctora docteur dott"
)
_HONORIFICS = frozenset(_TITLES.split())
_ADDRESS = re.compile(r"[^\s<>,;()\"]+@[^\s<>,;()\"']+")


def read_people(text: str) -> tuple[Person, ...]:
    """The people in a cell (spec, section 2, Interviewers), each address once.

    Semicolons and line breaks separate; a comma only where each side has an address, or where no side has
    one and each has two or more words. What stands in quotation marks is one name.
    """
    parts = (part for piece in _split(clean(text), ";\n") for part in _split_commas(piece))
    people: dict[str, Person] = {}
    for person in map(_person, parts):
        people.setdefault(person.email.lower() or person.name, person)
    people.pop("", None)
    return tuple(people.values())


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


def _split_commas(piece: str) -> list[str]:
    if "," not in piece or len(piece) > 20 * LONGEST:
        return [piece]
    parts = _split(piece, ",")
    last_address = max((index for index, part in enumerate(parts) if "@" in part), default=0)
    groups = [parts[0]]
    for index, part in enumerate(parts[1:], start=1):
        left, right = "@" in groups[-1], index <= last_address
        names = not left and not right and len(groups[-1].split()) > 1 and len(part.split()) > 1
        if (left and right) or names or not part.strip():
            groups.append(part)
        else:
            groups[-1] += "," + part
    return groups


def _person(part: str) -> Person:
    part = part.strip()
    if len(part) > LONGEST:
        return Person(" ".join(part.split()), "")
    part = " ".join(part.split())  # quotation marks may have kept a line break, even inside an address
    inside = re.fullmatch(r"(?P<name>[^<>]*)<(?P<email>[^<>]*)>", part)
    if inside:
        name, email = inside["name"], inside["email"].strip()
    elif _ADDRESS.fullmatch(part):
        name, email = "", part
    elif len(found := _ADDRESS.findall(part)) == 1:
        name = re.sub(rf"\s*[<(]?{re.escape(found[0])}[>)]?", " ", part).replace(" ,", ",")
        email = found[0].lstrip("'")
    else:
        name, email = part, ""
    email = re.sub(r"^mailto:", "", email, flags=re.IGNORECASE)
    name = " ".join(name.split()).strip("\"'<>[]–- ,;:")
    return Person(name, email)


def _latin(name: str) -> bool:
    return name.isascii() or all(unicodedata.name(c, "").startswith("LATIN") for c in name if c.isalpha())
