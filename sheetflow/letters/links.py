"""The links of a Send cell: each opens one filled-in message to exactly one address, and to nobody else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sheetflow.addresses import address_trouble, no_reply_trouble
from sheetflow.cells import clean
from sheetflow.letters.greeting import first_name
from sheetflow.settings import Settings
from sheetflow.sheet import Link, Links
from sheetflow.table.people import Person

LINK_LIMIT = 1900
"""Longer links are cut off by some mail programs and browsers (spec, section 6)."""
CELL_LIMIT = 32_000
"""An .xlsx cell holds 32,767 characters, a Google cell 50,000."""

TOO_LONG = "the note is too long for a link: open it with Send, then paste the text of Draft into it"

_CODES = {chr(byte): f"%{byte:02X}" for byte in range(256)}
_UNRESERVED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
_LEFT_OUT = str.maketrans("", "", _UNRESERVED + "%")


class Letter(NamedTuple):
    """A letter's text, and whom it is to."""

    person: Person
    body: str


def send_links(
    letters: Sequence[Letter], subject: str, remarks: list[str], settings: Settings, where: str
) -> tuple[Links, tuple[str, ...]]:
    """One link for each letter, and the addresses that they go to; what is wrong goes to ``remarks``.

    A letter without an address has a link without a recipient; one with an unusable address has none. ``where`` is
    the header of the cell that the addresses come from.
    """
    usable = []
    for letter in letters:
        email = letter.person.email
        if trouble := address_trouble(email) or no_reply_trouble(email) if email else "":
            remarks.append(f"{_shown(email)} {trouble}: correct it in {where}")
        else:
            usable.append(letter)
    if nameless := [_shown(person.name) for person, _ in letters if person.name and not person.email]:
        remarks.append(f"add the {'address' if len(nameless) == 1 else 'addresses'} of {listed(nameless)} in {where}")
    urls = [mail_link(person.email, subject, body, settings) for person, body in usable]
    room = LINK_LIMIT if sum(map(len, urls)) <= CELL_LIMIT else 0
    if any(len(url) > room for url in urls):
        remarks.append(TOO_LONG)
        urls = [
            url if len(url) <= room else _short(person.email, subject, settings)
            for url, (person, _) in zip(urls, usable, strict=True)
        ]
    labels = _labels([person for person, _ in usable])
    links = Links(Link(label, url) for label, url in zip(labels, urls, strict=True))
    return links, tuple(person.email for person, _ in usable if person.email)


def _labels(people: Sequence[Person]) -> list[str]:
    """What each link says it does: ``Open mail to Ana``; by address where two are called the same."""
    called = [first_name(person.name) for person in people]
    labels = []
    for person, name in zip(people, called, strict=True):
        if person.email:
            whom = name if name and "@" not in name and called.count(name) == 1 else person.email
            labels.append(f"Open mail to {_shown(whom)}")
        else:
            labels.append(f"Open mail for {_shown(name)}" if name and len(people) > 1 else "Open mail")
    return labels


def _short(email: str, subject: str, settings: Settings) -> str:
    """The link without the body; without the subject, too, should that be endless."""
    url = mail_link(email, subject, "", settings)
    return url if len(url) <= LINK_LIMIT else mail_link(email, "", "", settings)


def listed(words: Sequence[str], count: int = 0) -> str:
    """``A, B and C``; of many the first three and how many more (``count``: of how many, if not all are given)."""
    more = max(count, len(words)) - 3
    if more > 0:
        return f"{', '.join(words[:3])} and {more} more"
    return " and ".join(part for part in (", ".join(words[:-1]), words[-1]) if part)


def _shown(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"


def mail_link(email: str, subject: str, body: str, settings: Settings) -> str:
    """The link that opens a filled-in message; nothing but recipient, subject and body can get into it.

    Gmail's compose parameters are those that its own site uses; ``mailto:`` is RFC 6068 (line breaks are
    ``%0D%0A``, every other reserved character is percent-encoded).
    """
    subject, body = one_line(subject), clean(body)
    if settings.send_with == "mailto":
        query = _query(subject=subject, body=body.replace("\n", "\r\n"))
        return f"mailto:{encode(email).replace('%40', '@')}" + (f"?{query}" if query else "")
    account = f"u/{encode(settings.send_from)}/" if settings.send_from else ""
    return f"https://mail.google.com/mail/{account}?{_query(view='cm', fs='1', to=email, su=subject, body=body)}"


def _query(**fields: str) -> str:
    return "&".join([f"{name}={encode(text)}" for name, text in fields.items() if text])


def encode(text: str) -> str:
    """Percent-encoding of everything that is not unreserved (RFC 3986, section 2.3)."""
    text = text.encode("utf-8").decode("latin-1").replace("%", "%25")
    for c in set(text.translate(_LEFT_OUT)):  # a few characters, many times each: this takes a third of urllib's time
        text = text.replace(c, _CODES[c])
    return text


def one_line(text: str) -> str:
    """Text without invisible characters, on one line, with single blanks."""
    return " ".join(clean(text).split())
