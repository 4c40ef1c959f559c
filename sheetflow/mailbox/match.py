"""Whose mail is it: the mail of a mailbox, given out to the rows of a tracker.

Pure. A mail belongs to one row: the one whose letter it is or answers; else, among the rows with that address, the
one that its subject names; else, if all are of one company, the latest that is not after it. What may be meant for
several rows is given to none of them, and each is told.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from functools import cached_property
from typing import NamedTuple

from sheetflow.mailbox import seen
from sheetflow.mailbox.facts import Facts, Mail
from sheetflow.mailbox.headers import essence, plain_address
from sheetflow.mailbox.providers import is_public
from sheetflow.table.people import Person


@dataclass(frozen=True)
class Row:
    """What matching takes of a row. ``Row()`` for one without an interview or an application: no mail is its."""

    company: str = ""
    role: str = ""
    since: datetime | None = None
    """From when on mail counts: the interview's moment, or the beginning of its day, or that of the application."""
    interview: bool = False
    panel: tuple[Person, ...] = ()
    """Who gets a thank-you."""
    people: tuple[Person, ...] = ()
    """Everybody whom the row names."""
    thanks_until: date | None = None
    """From this day on nobody is thanked any more."""
    typed: Mapping[str, date] = field(default_factory=dict)
    """Note (and ``reply``) -> the day typed for it."""
    ticked: Mapping[str, date] = field(default_factory=dict)
    """Note -> the day that its tick stands for."""
    denied: frozenset[str] = frozenset()
    """The notes whose cell says *not sent*."""
    note: str = ""
    """The note whose draft stands in the row, and …"""
    subject: str = field(default="", repr=False)
    """… its subject."""
    appended: tuple[tuple[str, datetime], ...] = ()
    """Of closing notes that lie in Drafts: the fingerprint of the subject there, and since when."""
    print: str = ""
    """The row's fingerprint, as ids hold it."""
    before: str = field(default="", repr=False)
    """What Seen in mail holds."""

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Address -> how Seen in mail calls the person: by first name where no other in the row has it."""
        firsts = [seen.label(person.first_name) for person in self.people]
        result = {}
        for person, first in zip(self.people, firsts, strict=True):
            if address := plain_address(person.email):
                alone = first and firsts.count(first) == 1
                result[address] = first if alone else seen.label(person.name) or address
        return result


class Hit(NamedTuple):
    """A mail of a row, its day there, and the address by which it is the row's."""

    mail: Mail
    day: date
    address: str


@dataclass
class Mine:
    """The mail that belongs to a row, in the order in which it came."""

    out: list[Hit] = field(default_factory=list)
    """What the person sent to people of the row."""
    into: list[Hit] = field(default_factory=list)
    """What people of the row sent, and what answers the row's letters."""
    elsewhere: list[Hit] = field(default_factory=list)
    """What came from another address of the same company."""
    unclear: list[Hit] = field(default_factory=list)
    """What may be meant for this row or for another."""
    bounces: list[tuple[Hit, Mail | None]] = field(default_factory=list)
    """What came back, and the mail that did, where that is known."""


_OWN_ID = re.compile(r"<sheetflow\.(?P<row>[0-9a-f]{12})\.(?P<note>[a-z_]+)\.[^<>\s]*@sheetflow\.invalid>")


def letter_id(message_id: str) -> tuple[str, str]:
    """The row's fingerprint and the note of a letter of ours, by its id; empty for any other mail."""
    own = _OWN_ID.fullmatch(message_id)
    return (own["row"], own["note"]) if own else ("", "")


class Post:
    """All mail, given out to the rows."""

    def __init__(self, rows: Sequence[Row], facts: Facts, zone: tzinfo) -> None:
        self.rows, self.zone = rows, zone
        self.received_read = facts.received
        self.mine = [Mine() for _ in rows]
        self.given: dict[tuple[bool, str, date], set[int]] = defaultdict(set)
        """(sent, address, day) -> the rows that got mail of then; none of them for mail that counts nowhere."""
        self._of_id: dict[str, int] = {}
        self._by_print = {row.print: index for index, row in enumerate(rows) if row.print}
        self._index_addresses(facts.owner.rpartition("@")[2])
        mails = sorted((m for m in facts.mails if m.sent or m.sender != facts.owner), key=lambda m: (m.moment, m.id))
        for mail in mails:
            if mail.sent and mail.kind == "human":
                self._sent(mail)
        for mail in mails:
            if not mail.sent and mail.kind != "bounce":
                self._received(mail)
        by_id = {mail.id: mail for mail in mails if mail.sent and mail.id}
        for mail in mails:
            if not mail.sent and mail.kind == "bounce":
                self._came_back(mail, by_id)

    def _index_addresses(self, own_domain: str) -> None:
        self._by_address: dict[str, list[int]] = defaultdict(list)
        self._by_domain: dict[str, list[int]] = defaultdict(list)
        for index, row in enumerate(self.rows):
            for address in row.names:
                self._by_address[address].append(index)
                domain = address.rpartition("@")[2]
                if domain != own_domain and not is_public(domain) and index not in self._by_domain[domain]:
                    self._by_domain[domain].append(index)

    def day(self, mail: Mail) -> date:
        """The day of a mail, where the sheet is kept."""
        return mail.moment.astimezone(self.zone).date()

    def _sent(self, mail: Mail) -> None:
        for address in mail.to:
            if places := self._by_address.get(address, []):
                own = self._by_print.get(letter_id(mail.id)[0])
                index = own if own in places else self._whose(mail, places)
                self._give(mail, address, index, places)
                if index is not None:
                    self.mine[index].out.append(Hit(mail, self.day(mail), address))
                    self._of_id.setdefault(mail.id, index)

    def _received(self, mail: Mail) -> None:
        known = self._by_address.get(mail.sender, [])
        index = self._answered(mail)
        if known or index is not None:
            index = self._whose(mail, known) if index is None else index
            self._give(mail, mail.sender, index, known)
            if index is not None:
                self.mine[index].into.append(Hit(mail, self.day(mail), mail.sender))
        elif mail.kind == "human":
            places = self._by_domain.get(mail.sender.rpartition("@")[2], [])
            index = self._whose(mail, places)
            for place in places if index is None else [index]:
                self.mine[place].elsewhere.append(Hit(mail, self.day(mail), mail.sender))

    def _came_back(self, bounce: Mail, by_id: Mapping[str, Mail]) -> None:
        """A bounce is told in every row with the address that it names, or to which the mail went that it answers."""
        origin = next((by_id[one] for one in reversed(bounce.references) if one in by_id), None)
        for address in bounce.failed or (origin.to if origin else ()):
            for place in self._by_address.get(address, []):
                self.mine[place].bounces.append((Hit(bounce, self.day(bounce), address), origin))

    def _give(self, mail: Mail, address: str, index: int | None, places: Sequence[int]) -> None:
        """Note down that there was this mail, and tell the rows where it may belong when that is not clear."""
        day = self.day(mail)
        self.given[mail.sent, address, day] |= set() if index is None else {index}
        if index is None and mail.kind == "human":
            for place in places:
                self.mine[place].unclear.append(Hit(mail, day, address))

    def _answered(self, mail: Mail) -> int | None:
        """The row whose letter a mail answers: of the letters that it names, the youngest."""
        for one in reversed(mail.references):
            index = self._by_print.get(letter_id(one)[0], self._of_id.get(one))
            if index is not None:
                return index
        return None

    def _whose(self, mail: Mail, places: Sequence[int]) -> int | None:
        """The one of the rows with an address that a mail belongs to; ``None`` when that is not clear."""
        if len(places) < 2:
            return next(iter(places), None)
        subject = essence(mail.subject)
        roles = [place for place in places if names(subject, self.rows[place].role)]
        named = [place for place in places if place in roles or names(subject, self.rows[place].company)]
        if len(named) > 1:  # they name the company of all of them, perhaps, and the role of one
            named = roles or named
        return named[0] if len(named) == 1 else self._latest(mail, named or places)

    def _latest(self, mail: Mail, places: Sequence[int]) -> int | None:
        """Of rows of one company, the latest that is not after a mail."""
        if len({plain(self.rows[place].company) for place in places}) > 1:
            return None
        begun = [(since, place) for place in places if (since := self.rows[place].since) and since <= mail.moment]
        last = [place for since, place in begun if since == max(begun)[0]]
        return last[0] if len(last) == 1 else None


def plain(text: str) -> str:
    """A company or a role, as they are compared."""
    return " ".join(text.split()).casefold()


def names(subject: str, text: str) -> bool:
    """Whether a subject, as ``essence`` gives it, names a company or a role: as words, and not inside of others."""
    words = plain(text)
    return len(words) > 1 and bool(re.search(rf"(?<![a-z0-9]){re.escape(words)}(?![a-z0-9])", subject))
