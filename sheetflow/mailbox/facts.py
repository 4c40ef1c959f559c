"""What a mailbox showed, as plain data. The rest of the program knows this much of mail, and nothing of IMAP."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

Kind = Literal["human", "automatic", "bounce", "list", "machine"]
"""Who wrote a mail: a person; an automatic reply; a mail server that could not deliver; a list; a machine."""


@dataclass(frozen=True)
class Mail:
    """One mail, by its headers alone. Addresses are as ``headers.plain_address`` makes them."""

    moment: datetime
    """When it came into the mailbox (INTERNALDATE), with its offset."""
    sent: bool
    """It lies in the folder of sent mail."""
    kind: Kind = "human"
    sender: str = ""
    to: tuple[str, ...] = ()
    subject: str = field(default="", repr=False)
    id: str = ""
    """Its Message-ID, with the angle brackets."""
    references: tuple[str, ...] = ()
    """The ids that it answers, oldest first."""
    failed: tuple[str, ...] = ()
    """Of a bounce: the addresses that it names as not reached."""


@dataclass(frozen=True)
class Draft:
    """A message in the folder of drafts."""

    uid: int
    to: tuple[str, ...]
    id: str
    date: str
    """Its Date header, as it stands."""
    moment: datetime


@dataclass(frozen=True)
class DraftsFolder:
    """What the folder of drafts showed."""

    validity: int
    """Its UIDVALIDITY: the UIDs below mean what they meant for as long as this stays the same."""
    drafts: tuple[Draft, ...] = ()
    """Those to somebody in the sheet."""
    uids: frozenset[int] = frozenset()
    """Which of the UIDs that were asked after still exist."""
    removable: bool = True
    """The server can remove a single message (UIDPLUS)."""


@dataclass(frozen=True)
class Facts:
    """What a mailbox showed in one look; ``NO_MAIL`` where none was looked into."""

    used: bool = False
    """A mailbox is used, whether or not it could be reached."""
    owner: str = ""
    """The address that the mail is sent from."""
    mails: tuple[Mail, ...] = ()
    received: bool = False
    """The mail that came in was read to the end."""
    sent: bool = False
    """The mail that went out was read to the end."""
    drafts: DraftsFolder | None = None
    """``None``: drafts are off, or were not read."""
    drafting: bool = False
    """Letters are put into the folder of drafts."""
    folders: frozenset[str] = frozenset()
    """Which of the folders ``all``, ``sent`` and ``drafts`` the server says it has."""
    trouble: str = ""
    """Why not all of it was read, in words that anybody may see; empty when all went well."""


NO_MAIL = Facts()
"""No mailbox was looked into."""


@dataclass(frozen=True)
class Wanted:
    """What to look for in a mailbox: nothing but mail from and to the people of a sheet is ever asked for."""

    since: date
    senders: tuple[str, ...] = ()
    """Whose mail is wanted: addresses, and ``@domain`` for a company's own."""
    people: tuple[str, ...] = ()
    """Mail to whom is wanted: addresses."""
    uids: frozenset[int] = frozenset()
    """The drafts that are asked after."""
