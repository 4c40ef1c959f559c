"""The links of a Send cell: each opens one filled-in message to exactly one address, and to nobody else."""

from __future__ import annotations

from collections.abc import Sequence

from sheetflow.addresses import address_trouble
from sheetflow.cells import clean
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


def send_links(
    letters: Sequence[tuple[Person, str]], subject: str, remarks: list[str], settings: Settings, where: str
) -> Links:
    """One link for each letter (recipient, body) with a usable address; what is wrong with others goes to ``remarks``.

    ``where`` is the header of the cell that the addresses come from.
    """
    links = []
    for person, body in letters:
        trouble = address_trouble(person.email) if person.email else ""
        if trouble:
            remarks.append(f"{_shown(person.email)} {trouble}: correct it in {where}")
        elif person.email:
            links.append(Link(person.email, mail_link(person.email, subject, body, settings)))
    if nameless := [_shown(person.name) for person, _ in letters if person.name and not person.email]:
        remarks.append(f"add the {'address' if len(nameless) == 1 else 'addresses'} of {listed(nameless)} in {where}")
    room = LINK_LIMIT if sum(len(link.url) for link in links) <= CELL_LIMIT else 0
    if any(len(link.url) > room for link in links):
        remarks.append(TOO_LONG)
        links = [link if len(link.url) <= room else _short(link.label, subject, settings) for link in links]
    return Links(links)


def _short(email: str, subject: str, settings: Settings) -> Link:
    """The link without the body; without the subject, too, should that be endless."""
    url = mail_link(email, subject, "", settings)
    return Link(email, url if len(url) <= LINK_LIMIT else mail_link(email, "", "", settings))


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
    return f"https://mail.google.com/mail/{account}?view=cm&fs=1&{_query(to=email, su=subject, body=body)}"


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
