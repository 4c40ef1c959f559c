"""Who wrote a mail, by its headers: a person, an automatic reply, a server that could not deliver, a list, a machine.

Nothing here raises, whatever a header holds: mail is written by anybody.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from email.header import decode_header
from email.message import Message
from email.parser import HeaderParser
from email.policy import compat32
from email.utils import getaddresses
from typing import NamedTuple

from sheetflow.mailbox.facts import Kind

WANTED = (
    "From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "Auto-Submitted", "Precedence",
    "X-Precedence", "X-Autoreply", "X-Autorespond", "X-Autoresponder", "Return-Path", "Content-Type",
    "X-Failed-Recipients", "List-Id",
)  # fmt: skip
"""The headers that are asked for, and all that is ever read of a mail."""

BOUNCERS = ("mailer-daemon", "postmaster", "MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e")
"""Who sends bounces, as a mailbox is searched for them; the last is Exchange's, the same everywhere."""

LONGEST = 4000
"""Characters of a header that are read; longer ones are cut."""
MOST_IDS = 50


class Headers(NamedTuple):
    """What the headers of a mail say."""

    kind: Kind
    sender: str
    to: tuple[str, ...]
    subject: str
    date: str
    id: str
    references: tuple[str, ...]
    failed: tuple[str, ...]


class Sign(NamedTuple):
    """One sign of who wrote a mail: it holds if the pattern is found in the field."""

    kind: Kind
    field: str
    """A header, or ``local``: the sender's address before the @."""
    pattern: str
    source: str


_WORDS_AUTOMATIC = (
    r"auto(?:matic|mated|matisch)?[ -]?(?:reply|response|responder|antwort|replied)",
    r"(?:i am |i'm )?out[ -]of[ -](?:the )?office", r"on (?:annual |parental |sick )?leave\b", r"ooo\b",
    r"vacation reply",
    r"automatische (?:antwort|abwesenheit|e-?mail)", r"abwesenheit", r"abwesend\b", r"nicht im b(?:ü|ue)ro",
    r"automatische (?:antwoord|reactie)", r"afwezig",
    r"r[ée]ponse automatique", r"message d'absence", r"absen(?:t|ce) du bureau", r"absence\b",
    r"respuesta autom[áa]tica", r"fuera de (?:la )?oficina", r"ausencia\b",
    r"risposta automatica", r"fuori (?:sede|ufficio)", r"resposta autom[áa]tica", r"fora do escrit[óo]rio",
    r"自动(?:回复|答复)", r"自動(?:回覆|回復|返信|応答)", r"外出通知", r"不在办公室",
)  # fmt: skip
_WORDS_ANSWERED = (
    "accepted", "declined", "tentative", "tentatively accepted", "canceled", "cancelled",
    "zugesagt", "abgesagt", "mit vorbehalt", "mit vorbehalt angenommen", "angenommen", "abgelehnt",
    "accepté", "accepté provisoirement", "refusé", "provisoire", "aceptado", "aceptada", "rechazado", "rechazada",
    "provisional", "accettato", "rifiutato", "已接受", "已谢绝", "已拒绝", "暂定", "已取消",
)  # fmt: skip
_WORDS_BOUNCE = (
    "undeliverable", "undelivered mail", "delivery status notification", "mail delivery (?:failed|failure|subsystem)",
    "failure notice", "returned mail", "message not delivered", "unzustellbar", "nicht zugestellt", "non remis",
    "message non distribu", "no se puede entregar", "no entregado", "impossibile recapitare", "无法(?:送达|投递|传递)",
    "退信", "系统退信",
)  # fmt: skip
_MACHINES = (
    "no[-_.]?reply", "do[-_.]?not[-_.]?reply", "dont[-_.]?reply", "ne[-_.]?pas[-_.]?repondre", "no[-_.]?responder",
    "keine[-_.]?antwort", "nicht[-_.]?antworten", "notifications?", "notify", "alerts?", "automated", "autoconfirm",
    "calendar[-_.]notification", "bounces?", "mailer",
)  # fmt: skip
ATS_DOMAINS = (
    "greenhouse.io", "greenhouse-mail.io", "lever.co", "ashbyhq.com", "myworkday.com", "workday.com", "icims.com",
    "smartrecruiters.com", "workablemail.com", "workable.com", "jobvite.com", "bamboohr.com", "recruitee.com",
    "teamtailor-mail.com", "teamtailor.com", "personio.de", "breezy-mail.com", "applytojob.com", "successfactors.com",
    "successfactors.eu", "taleo.net", "brassring.com", "avature.net", "linkedin.com", "indeed.com", "indeedemail.com",
    "xing.com", "stepstone.de", "glassdoor.com", "welcometothejungle.com", "infojobs.net", "zhipin.com", "51job.com",
)  # fmt: skip

SIGNS: tuple[Sign, ...] = (
    Sign("bounce", "Content-Type", r"report-type\s*=\s*\"?\s*delivery-status", "RFC 3464, RFC 6522"),
    Sign("bounce", "Content-Type", r"^\s*message/delivery-status", "RFC 3464"),
    Sign("bounce", "X-Failed-Recipients", r"\S", "Exim and Gmail name in it whom they could not reach"),
    Sign("bounce", "local", r"^(?:mailer-daemon|postmaster|mail-daemon)$", "RFC 3464: older servers send plain text"),
    Sign("bounce", "local", r"^microsoftexchange329e71ec88ae4615bbc36ab6ce41109e$", "Exchange's own sender"),
    Sign("automatic", "Auto-Submitted", r"^\s*(?!no\b)\w", "RFC 3834, section 5: any value but no"),
    Sign("automatic", "X-Autoreply", r"^\s*(?!no\b)\S", "Gmail, and others since before RFC 3834"),
    Sign("automatic", "X-Autorespond", r"\S", "cPanel, and others before RFC 3834"),
    Sign("automatic", "X-Autoresponder", r"\S", "OpenSRS"),
    Sign("automatic", "Precedence", r"^\s*(?:auto[_-]?reply|bulk|junk)\b", "vacation(1); RFC 2076"),
    Sign("automatic", "X-Precedence", r"^\s*(?:auto[_-]?reply|bulk|junk|list)\b", "as Precedence"),
    Sign("automatic", "Content-Type", r"report-type\s*=\s*\"?\s*disposition-notification", "RFC 8098: a receipt"),
    Sign("automatic", "Content-Type", r"^\s*text/calendar\b.*\bmethod\s*=\s*\"?\s*(?:reply|cancel)", "RFC 5546"),
    Sign("list", "List-Id", r"\S", "RFC 2919"),
    Sign("list", "Precedence", r"^\s*list\b", "RFC 2076"),
    Sign("automatic", "Subject", rf"^\W*(?:{'|'.join(_WORDS_AUTOMATIC)})", "Exchange sends absences without a header"),
    Sign("automatic", "Subject", r"[\[(](?:auto(?:matic|mated)?[ -]?(?:reply|response)|ooo)[\])]", "as an addition"),
    Sign("automatic", "Subject", rf"^(?:{'|'.join(_WORDS_ANSWERED)})\s*[:：]", "calendars' answers to an invitation"),
    Sign("bounce", "Subject", rf"^\W*(?:{'|'.join(_WORDS_BOUNCE)})", "servers that send a bounce as plain text"),
    Sign("automatic", "Return-Path", r"^\s*<\s*>", "RFC 3834, section 3.3, and RFC 5321, 4.5.5: no person sends so"),
    Sign("machine", "local", rf"(?:^|[-_.+])(?:{'|'.join(_MACHINES)})(?:$|[-_.+\d])", "common use"),
    Sign(
        "machine",
        "domain",
        rf"(?:^|\.)(?:{'|'.join(map(re.escape, ATS_DOMAINS))})$",
        "application systems and job boards",
    ),
)
"""In their order: the first sign that holds decides. A null Return-Path stands late, since absences have one too."""

_SIGNS = tuple((sign, re.compile(sign.pattern, re.IGNORECASE | re.DOTALL)) for sign in SIGNS)
_PARSER = HeaderParser(policy=compat32)
_ID = re.compile(r"<[^<>\s]{1,990}>")


def read(block: bytes) -> Headers:
    """What a block of headers says."""
    message = _PARSER.parsestr(_unpacked(block))
    senders = addresses(_raw(message, "From"))
    sender = senders[0] if senders else ""
    answered = _ids(_raw(message, "In-Reply-To"))
    chain = _ids(_raw(message, "References"))
    return Headers(
        kind=_kind(message, sender),
        sender=sender,
        to=addresses(_raw(message, "To")),
        subject=text(message, "Subject"),
        date=text(message, "Date"),
        id=next(iter(_ids(_raw(message, "Message-ID"))), ""),
        references=tuple(dict.fromkeys((*chain, *(one for one in answered if one not in chain)))),
        failed=addresses(_raw(message, "X-Failed-Recipients")),
    )


def _unpacked(block: bytes) -> str:
    """Headers as text: those that are not ASCII are UTF-8 (RFC 6532), or what old programs send."""
    try:
        return block.decode("utf-8")
    except UnicodeDecodeError:
        return block.decode("latin-1")


def _kind(message: Message, sender: str) -> Kind:
    local, _, domain = sender.rpartition("@")
    parts = {"local": local, "domain": domain}
    for sign, pattern in _SIGNS:
        if pattern.search(parts[sign.field] if sign.field in parts else text(message, sign.field)):
            return sign.kind
    return "human"


def _raw(message: Message, name: str) -> list[str]:
    """The values of a header as they stand, on one line each."""
    return [" ".join(str(value)[:LONGEST].split()) for value in message.get_all(name, ())]


def text(message: Message, name: str) -> str:
    """A header's first value, decoded, on one line."""
    for raw in _raw(message, name):
        try:
            parts = decode_header(raw)
        except Exception:  # noqa: BLE001 - the library raises many kinds on what is no encoded word
            return raw
        return " ".join("".join(map(_decoded, parts)).split())
    return ""


def _decoded(part: tuple[bytes | str, str | None]) -> str:
    words, charset = part
    if isinstance(words, str):
        return words
    try:
        return words.decode(charset or "ascii", "replace")
    except (LookupError, ValueError):
        return words.decode("ascii", "replace")


def addresses(values: Iterable[str]) -> tuple[str, ...]:
    """The addresses in address headers, each once, in the form in which they are compared."""
    try:
        pairs = getaddresses(list(values))
    except Exception:  # noqa: BLE001 - as above
        return ()
    return tuple(dict.fromkeys(filter(None, (plain_address(address) for _, address in pairs))))


def plain_address(address: str) -> str:
    """An address as it is compared and searched for: in lower case, its domain in ASCII; empty when it is none."""
    local, _, domain = address.strip().rpartition("@")
    if not domain.isascii():
        try:
            domain = domain.encode("idna").decode("ascii")
        except UnicodeError:
            return ""
    plain = f"{local}@{domain}".lower()
    return plain if _PLAIN.fullmatch(plain) and len(plain) <= 254 else ""


_PLAIN = re.compile(r"[a-z0-9!#$&'+/=?^_`|~.-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+")
"""What may go into a command to a mail server: no quote, backslash, blank, bracket or control character at all."""


def _ids(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_ID.findall(" ".join(values))))[-MOST_IDS:]


def essence(subject: str) -> str:
    """A subject as subjects are compared: without Re:, AW:, Fwd: and the like, case and spacing.

    >>> essence("RE: Aw:  Data  Analyst")
    'data analyst'
    """
    line = " ".join(subject.split()).casefold()
    while match := _PREFIX.match(line):
        line = line[match.end() :]
    return line


def without_prefixes(subject: str) -> str:
    """A subject without Re:, AW:, Fwd: and the like, otherwise as it stands."""
    while match := _PREFIX.match(subject.lstrip().casefold()):
        rest = subject.lstrip()
        subject = rest[match.end() :] if len(rest.casefold()) == len(rest) else ""
    return subject.strip()


_PREFIX = re.compile(r"(?:re|aw|antw|sv|fw|fwd|wg|tr|rv|rif|i|vs|回复|答复|转发|回覆|轉寄)(?:\[\d+\])?\s*[:：]\s*")
