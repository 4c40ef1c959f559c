"""The one module that speaks IMAP: looks into a mailbox, headers only, within half a minute.

Reading opens folders with EXAMINE, finds them by their special-use flags, searches by day and address, and fetches
``BODY.PEEK[HEADER.FIELDS (…)]``: no body, no flag changed. Whatever goes wrong is told in ``Facts.trouble`` in words
that anybody may see, with no word of the server's; nothing is raised, since mail never stops the sheet.
"""

from __future__ import annotations

import contextlib
import imaplib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

import imapclient
from imapclient.exceptions import LoginError

from sheetflow import __version__
from sheetflow.mailbox import headers
from sheetflow.mailbox.drafts import Outbox
from sheetflow.mailbox.facts import Draft, DraftsFolder, Facts, Mail, Wanted
from sheetflow.mailbox.providers import Account, at_host

DEADLINE = 30.0
"""Seconds that a whole exchange may take."""
LOOKING, PUTTING = 20.0, 10.0
"""How they are divided where drafts are made as well."""
ANSWER = 20.0
"""Seconds to wait for one answer."""
AT_ONCE = 40
"""Addresses in one SEARCH: servers limit the length of a command."""
FETCHED_AT_ONCE = 800
"""Messages in one FETCH, for the same reason; few mailboxes hold more from one's interviewers."""
TOO_LATE = "The mail server took too long."
DRAFT_HEADERS = ("To", "Message-ID", "Date")

Client = Any  # imapclient has no types
T = TypeVar("T")


class Line:
    """One connection, and the end of its time."""

    def __init__(self, account: Account, context: ssl.SSLContext | None) -> None:
        self._account = account
        self._context = context or ssl.create_default_context()  # the system's roots, and the host's name is checked
        self._socket: ssl.SSLSocket | None = None
        self._client: Client = None
        self._over = False

    def open(self) -> Client:
        """Connect and sign in."""
        account = self._account
        self._client = imapclient.IMAPClient(account.host, account.port, ssl_context=self, timeout=ANSWER)
        self._client.normalise_times = False
        self.check()
        self._client.login(account.login, account.password)
        if self._client.has_capability("ID"):  # 163.com opens no folder for a program that does not say who it is
            self._client.id_({"name": "sheetflow", "version": __version__})
        return self._client

    def wrap_socket(self, sock: socket.socket, server_hostname: str) -> ssl.SSLSocket:
        """What the library asks of an SSL context; so the connection can be cut from its first byte on."""
        self._socket = self._context.wrap_socket(sock, server_hostname=server_hostname, do_handshake_on_connect=False)
        try:
            self.check()
            self._socket.do_handshake()
        except BaseException:
            self._socket.close()
            raise
        return self._socket

    def check(self) -> None:
        """Raise ``TimeoutError`` when the time is over: nothing more may be sent."""
        if self._over:
            raise TimeoutError

    def end(self) -> None:
        """The time is over: break the connection; whoever waits for an answer gets an error."""
        self._over = True
        with contextlib.suppress(OSError):
            if self._socket is not None:
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)  # SSLSocket's own would spoil it for its thread

    def close(self) -> None:
        """Say goodbye, if that takes no time."""
        if self._client is None:
            return
        with contextlib.suppress(Exception):
            self.check()
            self._client.socket().settimeout(2)
            self._client.logout()
        with contextlib.suppress(Exception):
            self._client.shutdown()


def exchange(
    account: Account, work: Callable[[Client, Line], None], context: ssl.SSLContext | None, deadline: float
) -> str:
    """Do some work with a mailbox; what went wrong, empty for nothing.

    It runs in a thread of its own, since neither the look-up of a name nor a server that sends one byte at a time
    minds a timeout; when the time is over, the connection is cut and the thread left alone.
    """
    line = Line(account, context)
    trouble = [TOO_LATE]

    def run() -> None:
        try:
            work(line.open(), line)
            trouble[0] = ""
        except Exception as error:  # noqa: BLE001 - mail never stops the sheet
            trouble[0] = why(error, account)
        line.close()

    thread = threading.Thread(target=run, name="mailbox", daemon=True)
    thread.start()
    thread.join(deadline)
    line.end()
    return trouble[0]


def look(
    account: Account, wanted: Wanted, *, context: ssl.SSLContext | None = None, deadline: float = DEADLINE
) -> Facts:
    """Look into a mailbox. What could not be read to the end is left out, folder by folder."""
    found = _Look(account, wanted)
    trouble = exchange(account, found.go, context, deadline)
    return Facts(
        used=True,
        owner=headers.plain_address(account.address),
        mails=(*(found.received or ()), *(found.sent or ())),
        received=found.received is not None,
        sent=found.sent is not None,
        drafts=found.drafts,
        drafting=account.drafts,
        folders=found.folders,
        trouble=trouble or found.missing,
    )


def put(account: Account, outbox: Outbox, *, context: ssl.SSLContext | None = None, deadline: float = DEADLINE) -> str:
    """Append drafts and remove those that are over; what went wrong, empty for nothing.

    Nothing is tried twice: what was not done is seen, and done, by the next run.
    """
    return exchange(account, lambda client, line: _put(client, line, outbox), context, deadline)


def _put(client: Client, line: Line, outbox: Outbox) -> None:
    folder = special_folders(client).get(rb"\Drafts")
    if folder is None:
        return
    for message in outbox.messages:
        line.check()
        client.append(folder, message, (rb"\Draft", rb"\Seen"))
    if not outbox.removals:
        return
    line.check()
    if int(client.select_folder(folder)[b"UIDVALIDITY"]) != outbox.validity:
        return
    for uid in outbox.removals:
        line.check()
        client.add_flags([uid], [rb"\Deleted"], silent=True)
        client.expunge([uid])  # UID EXPUNGE: what the person marked as deleted stays


class _Look:
    """One look; what it found so far can be taken at any time, each folder whole or not at all."""

    def __init__(self, account: Account, wanted: Wanted) -> None:
        self.account, self.wanted = account, wanted
        self.received: tuple[Mail, ...] | None = None
        self.sent: tuple[Mail, ...] | None = None
        self.drafts: DraftsFolder | None = None
        self.folders: frozenset[str] = frozenset()
        self.missing = ""

    def go(self, client: Client, line: Line) -> None:
        folders = special_folders(client)
        self.folders = frozenset(flag.decode()[1:].lower() for flag in folders)
        wanted = self.wanted
        if not wanted.senders and not wanted.people and not wanted.uids:
            self.received = self.sent = ()
            return
        senders = (*wanted.senders, *headers.BOUNCERS)
        self.received = self._mails(client, line, folders.get(rb"\All", "INBOX"), "FROM", senders, sent=False)
        if rb"\Sent" in folders:
            self.sent = self._mails(client, line, folders[rb"\Sent"], "TO", wanted.people, sent=True)
        else:
            self.missing = "The mail server does not say which folder holds sent mail, so that was not read."
        if self.account.drafts:
            if rb"\Drafts" in folders:
                self.drafts = self._drafts(client, line, folders[rb"\Drafts"])
            else:
                self.missing = "The mail server does not say which folder holds drafts, so none are made."

    def _mails(
        self, client: Client, line: Line, folder: str, key: str, addresses: Sequence[str], *, sent: bool
    ) -> tuple[Mail, ...]:
        line.check()
        client.select_folder(folder, readonly=True)
        uids = _search(client, line, self.wanted.since, key, addresses)
        return tuple(_mail(block, moment, sent) for _, block, moment in _fetch(client, line, uids, headers.WANTED))

    def _drafts(self, client: Client, line: Line, folder: str) -> DraftsFolder:
        line.check()
        state = client.select_folder(folder, readonly=True)
        uids = _search(client, line, self.wanted.since, "TO", self.wanted.people)
        asked = _numbers(self.wanted.uids)
        alive = client.search([b"UID", asked]) if asked else ()
        found = _fetch(client, line, uids, DRAFT_HEADERS)
        return DraftsFolder(
            validity=int(state[b"UIDVALIDITY"]),
            drafts=tuple(_draft(uid, block, moment) for uid, block, moment in found),
            uids=frozenset(alive) & self.wanted.uids,
            removable=client.has_capability("UIDPLUS"),
        )


def special_folders(client: Client) -> dict[bytes, str]:
    """Special-use flag -> the folder that bears it; names are in the person's language and say nothing."""
    listed = client.list_folders()
    flagged = _flagged(listed)
    if not flagged and client.has_capability("SPECIAL-USE"):  # Cyrus tells only who asks (RFC 6154, section 2)
        answer = client._raw_command_untagged(b"LIST", [b'""', b'"*"', b"RETURN", b"(SPECIAL-USE)"], uid=False)
        flagged = _flagged(client._proc_folder_list(answer))
    return flagged


def _flagged(listed: Sequence[tuple[Sequence[bytes], bytes, str]]) -> dict[bytes, str]:
    wanted = {flag.lower(): flag for flag in (rb"\All", rb"\Sent", rb"\Drafts")}
    found: dict[bytes, str] = {}
    for flags, _, name in listed:
        for flag in flags:
            if flag.lower() in wanted and rb"\noselect" not in {f.lower() for f in flags}:
                found.setdefault(wanted[flag.lower()], name)
    return found


def _search(client: Client, line: Line, since: date, key: str, addresses: Sequence[str]) -> list[int]:
    """The UIDs of mail since a day from (or to) any of these, at most 40 a SEARCH."""
    found: set[int] = set()
    for start in range(0, len(addresses), AT_ONCE):
        line.check()
        found.update(client.search([b"SINCE", since, *_any_of(key, addresses[start : start + AT_ONCE])]))
    return sorted(found)


def _any_of(key: str, addresses: Sequence[str]) -> list[bytes]:
    """``OR FROM a OR FROM b FROM c``: the form that every server understands, Yahoo and iCloud included."""
    terms = [[key.encode(), _safe(address)] for address in addresses]
    chain = [word for term in terms[:-1] for word in (b"OR", *term)]
    return [*chain, *terms[-1]]


def _safe(address: str) -> bytes:
    """An address as it may stand in a command. Raises ``ValueError`` for any other text: it came from a cell."""
    known = headers.plain_address(f"a{address}" if address.startswith("@") else address) or address in headers.BOUNCERS
    if not known or not address.isascii():
        raise ValueError("not an address")
    return address.encode("ascii")


def _numbers(uids: frozenset[int]) -> bytes:
    return b",".join(str(uid).encode() for uid in sorted(uids))


def _fetch(
    client: Client, line: Line, uids: Sequence[int], wanted: Sequence[str]
) -> Iterator[tuple[int, bytes, datetime]]:
    """UID, headers and arrival of each message; one FETCH, unless there are very many."""
    fields = f"BODY.PEEK[HEADER.FIELDS ({' '.join(wanted)})]"
    for start in range(0, len(uids), FETCHED_AT_ONCE):
        line.check()
        asked = uids[start : start + FETCHED_AT_ONCE]
        answer = client.fetch(asked, ["INTERNALDATE", fields])
        if not answer:  # one may be gone meanwhile, not all
            raise imaplib.IMAP4.abort("no messages")
        for uid, parts in sorted(answer.items()):
            block = next((v for k, v in parts.items() if k.upper().startswith(b"BODY[HEADER")), None)
            moment = parts.get(b"INTERNALDATE")
            if isinstance(block, bytes) and isinstance(moment, datetime) and 1970 < moment.year < 2200:
                yield uid, block, moment


def _mail(block: bytes, moment: datetime, sent: bool) -> Mail:
    read = headers.read(block)
    return Mail(moment, sent, read.kind, read.sender, read.to, read.subject, read.id, read.references, read.failed)


def _draft(uid: int, block: bytes, moment: datetime) -> Draft:
    read = headers.read(block)
    return Draft(uid, read.to, read.id, read.date, moment)


def why(error: Exception, account: Account) -> str:
    """What went wrong, in words of our own."""
    provider = at_host(account.host)
    if isinstance(error, LoginError):
        return _refused(str(error).casefold(), account)
    if isinstance(error, ssl.SSLCertVerificationError):
        return "The mail server's certificate is not valid for its name, so nothing was sent to it."
    if isinstance(error, socket.gaierror):
        return "The name of the mail server leads nowhere: check MAIL_HOST, and the network."
    if isinstance(error, TimeoutError):
        return TOO_LATE
    if isinstance(error, (OSError, imaplib.IMAP4.abort)):
        return "The connection to the mail server broke."
    if isinstance(error, imaplib.IMAP4.error):
        todo = f" It wants {provider.todo}." if provider and provider.todo else ""
        return f"The mail server refused what every mail program asks for.{todo}"
    return f"The mail server's answer could not be understood ({type(error).__name__})."


def _refused(words: str, account: Account) -> str:
    """Why a sign-in was refused. Microsoft says of every password that it failed: it takes none."""
    provider = at_host(account.host)
    if account.microsoft or "basic auth" in words:
        return (
            "Microsoft needs another sign-in than a password, from every program like this one: use the links in "
            "Send, and mark by hand what you sent. Without MAIL_USER and MAIL_PASSWORD this message goes away."
        )
    if any(word in words for word in ("unavailable", "too many", "limit", "try again", "temporar", "inuse")):
        return "The mail server lets nobody in just now."
    if provider and provider.name == "Gmail":
        return (
            "Gmail refused the sign-in: the app password is wrong, or revoked (a new Google password revokes it). Make "
            "a new one at https://myaccount.google.com/apppasswords; 2-Step Verification must be on, and in a school's "
            "or company's account its administrator must allow it."
        )
    wants = f" {provider.name} wants {provider.todo}." if provider else " Many want an app password."
    return f"The mail server refused the sign-in: check MAIL_USER and MAIL_PASSWORD.{wants}"
