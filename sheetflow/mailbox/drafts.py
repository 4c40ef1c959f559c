"""The drafts in a mailbox: what the sheet remembers of each, what becomes of it, and what the next one looks like.

Theory of operation
===================

A draft lives in two places that cannot be written at once, so each step is first said in the sheet and then done in
the mailbox, and the next run looks what became of it:

    planned   the sheet says that it is to be made; after that write it is appended to Drafts
    held      the next run found it there, by its id and date, and notes down its UIDVALIDITY and UID
    yours     it was edited, sent or deleted: it is the person's, and is never touched or made again
    over      its time is over and it still lies there as it was made: after the write it is removed

A run that is killed before the write has done nothing; one that is killed after it is taken up by the next, which
appends what is planned only if neither Drafts nor Sent holds a mail to that address since. A mail is immutable: who
edits a draft gets another UID. So a draft is untouched as long as its UID is there, and only then is it removed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parsedate_to_datetime
from typing import NamedTuple

from sheetflow.cells import clean
from sheetflow.mailbox.facts import Draft, DraftsFolder, Facts, Mail
from sheetflow.mailbox.headers import essence, plain_address, without_prefixes
from sheetflow.table.prints import digest

SLACK = timedelta(minutes=10)
"""By how much the clock of a mail server may be behind."""
MOST_IN_CHAIN = 20
"""Ids in References, beside the oldest."""
_TIME = "%Y%m%dT%H%M%SZ"


class Token(NamedTuple):
    """What Draft stamp keeps of one letter; all of it fingerprints."""

    row: str
    note: str
    who: str
    letter: str
    """Of its words."""
    subject: str
    """Of its subject as appended."""
    planned: datetime
    """When it was planned, in UTC: its Date."""
    state: str
    """``planned``, ``yours``, ``held.<UIDVALIDITY>.<UID>`` or ``over.<UIDVALIDITY>.<UID>``."""

    def __str__(self) -> str:
        return ":".join(("draft", *self[:5], self.planned.strftime(_TIME), self.state))

    @property
    def place(self) -> tuple[int, int]:
        """UIDVALIDITY and UID; (0, 0) where none is known."""
        _, *numbers = self.state.split(".")
        return (int(numbers[0]), int(numbers[1])) if numbers else (0, 0)


_TOKEN = re.compile(
    r"draft:([0-9a-f]{12}):([a-z_]{1,30}):([0-9a-f]{12}):([0-9a-f]{12}):([0-9a-f]{12}):(\d{8}T\d{6}Z):"
    r"(planned|yours|(?:held|over)\.\d{1,10}\.\d{1,10})"
)


def split(stamp: str) -> tuple[str, tuple[Token, ...]]:
    """The stamp of a row without the tokens in it, and these."""
    words, tokens = [], []
    for word in stamp.split():
        token = _read(word) if word.startswith("draft:") else None
        if token:
            tokens.append(token)
        else:
            words.append(word)
    return " ".join(words), tuple(tokens)


def _read(word: str) -> Token | None:
    match = _TOKEN.fullmatch(word)
    if not match:
        return None
    row, note, who, letter, subject, planned, state = match.groups()
    try:
        moment = datetime.strptime(planned, _TIME).replace(tzinfo=UTC)
    except ValueError:
        return None
    return Token(row, note, who, letter, subject, moment, state)


class Letter(NamedTuple):
    """One letter that is to be sent now."""

    row: str
    """The fingerprint of its row."""
    note: str
    name: str
    address: str
    subject: str
    body: str

    @property
    def who(self) -> str:
        """Whom it is to, as a token says it."""
        return digest(self.address)

    @property
    def words(self) -> str:
        """What it says, as a token does."""
        return digest(*self)

    @property
    def id(self) -> str:
        """Its Message-ID: the same for the same letter, and never with the name of a machine."""
        return f"<sheetflow.{self.row}.{self.note}.{self.words}@sheetflow.invalid>"


@dataclass(frozen=True)
class Outbox:
    """What is to be done in the mailbox once the sheet says so."""

    validity: int = 0
    """The UIDVALIDITY under which the UIDs below mean what they do."""
    messages: tuple[bytes, ...] = field(default=(), repr=False)
    """Whole messages, to be appended to Drafts."""
    removals: tuple[int, ...] = ()
    """UIDs of drafts whose time is over."""
    stuck: int = 0
    """How many of these the server cannot remove one by one."""

    def __bool__(self) -> bool:
        return bool(self.messages or self.removals)


NOTHING_TO_DO = Outbox()


class Settling:
    """What becomes of the drafts, row by row; fills an outbox."""

    def __init__(self, facts: Facts, now: datetime, name: str) -> None:
        self.facts, self.name = facts, name
        self.now = now.astimezone(UTC).replace(microsecond=0)
        self._messages: list[bytes] = []
        self._removals: list[int] = []
        self._stuck = 0
        found = facts.drafts.drafts if facts.drafts else ()
        self._drafts = {draft.id: draft for draft in found if draft.id}
        self._latest = _latest_with(facts.mails)

    @property
    def outbox(self) -> Outbox:
        """What is to be done, after all rows."""
        validity = self.facts.drafts.validity if self.facts.drafts else 0
        return Outbox(validity, tuple(self._messages), tuple(self._removals), self._stuck)

    def row(self, tokens: Sequence[Token], letters: Sequence[Letter], *, judged: bool = True) -> Iterator[Token]:
        """What the stamp of a row is to keep; ``judged``: false for a row that cannot be judged and stays as it is."""
        folder = self.facts.drafts
        wanted = {(letter.note, letter.who) for letter in letters}
        if not judged:
            yield from tokens
        elif folder is None:
            # without drafts only what would keep a letter from being made twice, once they are back, is kept
            yield from (t for t in tokens if self.facts.drafting or (t.note, t.who) in wanted)
        else:
            for letter in letters:
                yield from self._letter(
                    letter, [t for t in tokens if (t.note, t.who) == (letter.note, letter.who)], folder
                )
            for token in tokens:
                if (token.note, token.who) not in wanted:
                    yield from self._over(self._known(token, "", folder), folder)

    def _letter(self, letter: Letter, tokens: Sequence[Token], folder: DraftsFolder) -> Iterator[Token]:
        """What becomes of a letter that is to be sent now, and of earlier versions of it."""
        known = [self._known(token, letter.address, folder) for token in tokens]
        for token in known:
            if token.state.startswith("over."):
                yield from self._over(token, folder)
        known = [token for token in known if not token.state.startswith("over.")]
        yours = [t for t in known if t.state == "yours" or (t.state.startswith("held.") and not _alive(t, folder))]
        same = [t for t in known if t.letter == letter.words]
        if yours:
            yield yours[0]._replace(state="yours")
            others = [token for token in known if token is not yours[0]]
        elif same and same[0].state.startswith("held."):
            yield same[0]
            others = [token for token in known if token is not same[0]]
        elif not known and letter.id in self._drafts:  # the sheet has forgotten it
            yield self._token(letter, "yours")
            others = []
        elif known and not self.facts.sent:  # whether it went out meanwhile is not known
            yield from known
            others = []
        else:
            planned = same[0].planned if same else self.now
            yield self._append(letter, planned)
            others = [token for token in known if token not in same]
        for token in others:
            yield from self._over(token, folder)

    def _known(self, token: Token, address: str, folder: DraftsFolder) -> Token:
        """A token with what the mailbox shows of a draft that was only planned."""
        if token.state != "planned":
            return token
        ident = f"<sheetflow.{token.row}.{token.note}.{token.letter}@sheetflow.invalid>"
        draft = self._drafts.get(ident)
        if draft:
            held = f"held.{folder.validity}.{draft.uid}"
            return token._replace(state=held if _date(draft) == token.planned else "yours")
        return token._replace(state="yours") if self._written(address, token.planned, folder) else token

    def _written(self, address: str, since: datetime, folder: DraftsFolder) -> bool:
        """Whether Drafts or Sent holds a mail to an address since a moment."""
        since -= SLACK
        drafts = any(
            address in draft.to and draft.moment >= since and not draft.id.startswith("<sheetflow.")
            for draft in folder.drafts
        )
        return drafts or any(mail.sent and address in mail.to and mail.moment >= since for mail in self.facts.mails)

    def _over(self, token: Token, folder: DraftsFolder) -> Iterator[Token]:
        """A letter that is not to be sent any more: removed if it is there as it was made, else forgotten."""
        if not _alive(token, folder):
            return
        if not folder.removable:
            self._stuck += 1
            return
        self._removals.append(token.place[1])
        yield token._replace(state="over.{}.{}".format(*token.place))

    def _append(self, letter: Letter, planned: datetime) -> Token:
        answered = self._latest.get(letter.address)
        token = self._token(letter, "planned", planned)
        self._messages.append(compose(letter, token.planned, self.facts.owner, self.name, answered))
        return token

    def _token(self, letter: Letter, state: str, planned: datetime | None = None) -> Token:
        subject = digest(essence(_subject(letter, self._latest.get(letter.address))))
        return Token(letter.row, letter.note, letter.who, letter.words, subject, planned or self.now, state)


def _alive(token: Token, folder: DraftsFolder) -> bool:
    """Whether a draft lies there as it was made: its UID exists under its UIDVALIDITY."""
    validity, uid = token.place
    found = uid in folder.uids or any(draft.uid == uid for draft in folder.drafts)
    return token.state[:4] in ("held", "over") and validity == folder.validity and found


def _date(draft: Draft) -> datetime | None:
    try:
        return parsedate_to_datetime(draft.date).astimezone(UTC)
    except ValueError:
        return None


def _latest_with(mails: Sequence[Mail]) -> dict[str, Mail]:
    """Address -> the last mail with that person, if it can be answered."""
    latest: dict[str, Mail] = {}
    for mail in sorted(mails, key=lambda mail: mail.moment):
        if mail.kind == "human" and mail.id:
            latest |= dict.fromkeys(mail.to if mail.sent else (mail.sender,), mail)
    return latest


def _subject(letter: Letter, answered: Mail | None) -> str:
    subject = " ".join(clean(without_prefixes(answered.subject)).split())[:200] if answered else ""
    return f"Re: {subject}" if subject else letter.subject


def compose(letter: Letter, date: datetime, owner: str, name: str, answered: Mail | None) -> bytes:
    """The draft as it is appended: in the thread of ``answered``, the last mail with that person."""
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(_header(name), addr_spec=owner)
    message["To"] = Address(_header(letter.name), addr_spec=letter.address)
    message["Subject"] = _header(_subject(letter, answered))
    message["Date"] = format_datetime(date)
    message["Message-ID"] = letter.id
    message.set_content(clean(letter.body) + "\n", charset="utf-8", cte="quoted-printable")
    return _thread(answered) + message.as_bytes()


def _thread(answered: Mail | None) -> bytes:
    """The two headers by which a mail is an answer; by hand, since Python makes long ids unreadable (CPython 79986)."""
    chain = [one for one in (*answered.references, answered.id) if _is_plain(one)] if answered else []
    if not answered or not _is_plain(answered.id):
        return b""
    chain = list(dict.fromkeys((*chain[:1], *chain[-MOST_IN_CHAIN:])))
    references = "\r\n ".join(chain)
    return f"In-Reply-To: {answered.id}\r\nReferences: {references}\r\n".encode("ascii")


def _is_plain(ident: str) -> bool:
    return ident.isascii() and ident.isprintable()


def _header(text: str) -> str:
    """Text as it may stand in a header: on one line, and nothing that reads as an encoded word, which may hold more."""
    return " ".join(clean(text).replace("=?", "= ?").split())[:300]


def letter_to(row: str, note: str, name: str, email: str, subject: str, body: str) -> Letter | None:
    """A letter, if its address is one that a mail can go to."""
    address = plain_address(email)
    return Letter(row, note, name, address, subject, body) if address else None
