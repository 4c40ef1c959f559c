"""Looking into a mailbox: a real Dovecot, headers only, within half a minute, whatever goes wrong."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from typing import Any

import pytest
from mail_server import dovecot, needs, proxy
from mail_server.dovecot import GMAIL, PASSWORD, PLAIN, UNMARKED, Dovecot
from mail_server.messages import message
from mail_server.proxy import FAULTS, Fault, Proxy, Talk

from sheetflow.mailbox import headers
from sheetflow.mailbox.facts import Facts, Wanted
from sheetflow.mailbox.providers import Account

needs("imapclient")
from sheetflow.mailbox import imap  # noqa: E402 - needs the library

ME, ANA, BO = "sam@mail.example", "ana@acme.example", "bo@acme.example"
DAY = datetime(2026, 11, 24, 12, tzinfo=UTC)
WANTED = Wanted(date(2026, 11, 18), ("@acme.example",), (ANA, BO))


@pytest.fixture(scope="module")
def gmail() -> Iterator[Dovecot]:
    with dovecot.running(GMAIL) as server:
        yield server


@pytest.fixture(scope="module")
def plain() -> Iterator[Dovecot]:
    with dovecot.running(PLAIN) as server:
        yield server


@pytest.fixture(scope="module")
def unmarked() -> Iterator[Dovecot]:
    with dovecot.running(UNMARKED) as server:
        yield server


@pytest.fixture
def wire(gmail: Dovecot) -> Iterator[Proxy]:
    with proxy.in_front_of(gmail.plain_port, gmail.certificates.server()) as between:
        yield between


def account(server: Dovecot, user: str, **fields: Any) -> Account:
    return Account(ME, user, **({"password": PASSWORD, "host": "localhost", "port": server.port} | fields))


def look(server: Dovecot, user: str, wanted: Wanted = WANTED, between: Proxy | None = None, **fields: Any) -> Facts:
    deadline = fields.pop("deadline", 10.0)
    mine = account(server, user, **({"port": between.port} if between else {}), **fields)
    return imap.look(mine, wanted, context=server.certificates.client(), deadline=deadline)


def fill(server: Dovecot, user: str) -> None:
    """Two mails from Ana and one of a stranger came in, one went to Ana, one to a stranger; one draft lies there."""
    received = [
        message(ANA, ME, "Re: Thank you", 1, message_id="<a1@acme.example>", in_reply_to="<s1@mail.example>"),
        message("Kim <kim@acme.example>", ME, "Scheduling", 2),
        message("stranger@elsewhere.example", ME, "Win", 3),
    ]
    sent = [message(ME, ANA, "Thank you", 4, message_id="<s1@mail.example>"), message(ME, "mum@home.example", "Hi", 5)]
    server.put(user, r"\All", [(text, DAY) for text in received])
    server.put(user, r"\Sent", [(text, DAY) for text in sent])
    server.put(user, r"\Drafts", [(message(ME, ANA, "Draft", 6, message_id="<d1@mail.example>"), DAY)], (r"\Draft",))


# --- what is read -----------------------------------------------------------------------------------------


def test_what_came_and_what_went(gmail: Dovecot) -> None:
    fill(gmail, "both")
    facts = look(gmail, "both")
    assert facts.trouble == ""
    assert (facts.used, facts.received, facts.sent, facts.owner) == (True, True, True, ME)
    assert [(m.sent, m.sender, m.to, m.subject) for m in facts.mails] == [
        (False, ANA, (ME,), "Re: Thank you"),
        (False, "kim@acme.example", (ME,), "Scheduling"),
        (True, ME, (ANA,), "Thank you"),
    ]
    answer = facts.mails[0]
    assert (answer.id, answer.references, answer.moment) == ("<a1@acme.example>", ("<s1@mail.example>",), DAY)
    assert facts.drafts is None


def test_folders_in_another_language(plain: Dovecot) -> None:
    fill(plain, "french")
    facts = look(plain, "french", drafts=True)
    assert [mail.sent for mail in facts.mails] == [False, False, True]
    assert facts.drafts is not None
    assert [(draft.to, draft.id) for draft in facts.drafts.drafts] == [((ANA,), "<d1@mail.example>")]


def test_without_marked_folders_only_the_inbox_is_read_and_it_is_said(unmarked: Dovecot) -> None:
    unmarked.put("bare", "INBOX", [(message(ANA, ME), DAY)])
    with unmarked.client("bare") as client:
        client.create_folder("Sent")
        client.append("Sent", message(ME, ANA), (), DAY)
    facts = look(unmarked, "bare")
    assert (facts.received, facts.sent, len(facts.mails)) == (True, False, 1)
    assert "which folder holds sent mail" in facts.trouble


def test_an_empty_mailbox(gmail: Dovecot) -> None:
    assert look(gmail, "empty") == Facts(
        used=True, owner=ME, received=True, sent=True, folders=frozenset({"all", "sent", "drafts"})
    )


def test_nobody_to_look_for_means_nothing_is_asked(gmail: Dovecot, wire: Proxy) -> None:
    facts = look(gmail, "nobody", Wanted(date(2026, 11, 18)), wire)
    assert (facts.received, facts.sent, facts.trouble) == (True, True, "")
    assert not {"EXAMINE", "UID SEARCH"} & set(wire.names())


def test_mail_from_before_is_left_alone(gmail: Dovecot) -> None:
    old = datetime(2026, 11, 17, 23, 59, tzinfo=UTC)
    gmail.put("old", r"\All", [(message(ANA, ME), old), (message(ANA, ME), DAY)])
    assert len(look(gmail, "old").mails) == 1


def test_a_bounce_is_found(gmail: Dovecot) -> None:
    bounce = message("MAILER-DAEMON@mail.example", ME, "Undelivered Mail", x_failed_recipients=ANA)
    gmail.put("bounced", r"\All", [(bounce, DAY)])
    (mail,) = look(gmail, "bounced").mails
    assert (mail.kind, mail.failed) == ("bounce", (ANA,))


def test_more_people_than_one_search_takes(gmail: Dovecot, wire: Proxy) -> None:
    people = tuple(f"p{n}@acme{n}.example" for n in range(95))
    gmail.put("many", r"\All", [(message(people[n], ME, n=n), DAY) for n in (0, 39, 40, 94)])
    facts = look(gmail, "many", Wanted(date(2026, 11, 18), people, people), wire)
    assert [mail.sender for mail in facts.mails] == [people[n] for n in (0, 39, 40, 94)]
    searches = [line for line in wire.commands if b"UID SEARCH" in line]
    assert len(searches) == 6
    assert max(line.count(b"FROM") + line.count(b" TO ") for line in searches) == 40
    assert wire.names().count("UID FETCH") == 1


def test_the_drafts_that_are_asked_after(gmail: Dovecot) -> None:
    fill(gmail, "drafts")
    wanted = Wanted(date(2026, 11, 18), ("@acme.example",), (ANA,), frozenset({1, 7}))
    folder = look(gmail, "drafts", wanted, drafts=True).drafts
    assert folder is not None
    assert (folder.uids, folder.removable) == ({1}, True)
    assert folder.validity > 0
    assert folder.drafts[0].uid == 1


def test_looking_changes_nothing(gmail: Dovecot) -> None:
    fill(gmail, "untouched")
    flags = (r"\All", r"\Sent", r"\Drafts")
    before = [gmail.all("untouched", flag) for flag in flags]
    look(gmail, "untouched", drafts=True)
    assert [gmail.all("untouched", flag) for flag in flags] == before
    assert all(rb"\Seen" not in m[b"FLAGS"] for m in before[0].values())


# --- what goes over the wire ------------------------------------------------------------------------------

ALLOWED = {"CAPABILITY", "LOGIN", "ID", "LIST", "EXAMINE", "UID SEARCH", "UID FETCH", "LOGOUT"}


def test_headers_only(gmail: Dovecot, wire: Proxy) -> None:
    """The recording of everything that was said: no body, no folder opened for writing, no other header."""
    fill(gmail, "recorded")
    wanted = Wanted(date(2026, 11, 18), ("@acme.example",), (ANA, BO), frozenset({1}))
    look(gmail, "recorded", wanted, wire, drafts=True)
    said = b"".join(wire.commands)
    assert set(wire.names()) <= ALLOWED
    assert said.count(b"BODY") == said.count(b"BODY.PEEK[HEADER.FIELDS (") == 3
    for word in (b"RFC822", b"TEXT", b"BODY[", b"ENVELOPE", b"SELECT", b"STORE", b"APPEND", b"COPY", b"BODYSTRUCTURE"):
        assert word not in said.replace(b"BODY.PEEK[", b""), word
    asked = {
        name.decode()
        for line in wire.commands
        if b"FIELDS" in line
        for name in line.split(b"(")[-1].split(b")")[0].split()
    }
    assert asked <= {name.upper() for name in headers.WANTED}


def test_nothing_but_the_people_of_the_sheet_is_searched_for(gmail: Dovecot, wire: Proxy) -> None:
    fill(gmail, "searched")
    look(gmail, "searched", between=wire)
    assert [line.split(b" ", 1)[1] for line in wire.commands if b"SEARCH" in line] == [
        b"UID SEARCH SINCE 18-Nov-2026 OR FROM @acme.example OR FROM mailer-daemon OR FROM postmaster "
        b"FROM MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e\r\n",
        b"UID SEARCH SINCE 18-Nov-2026 OR TO ana@acme.example TO bo@acme.example\r\n",
    ]


def test_no_body_and_no_other_header_comes_back(gmail: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(gmail, "canaries")
    heard = b""
    with proxy.in_front_of(gmail.plain_port, gmail.certificates.server()) as between:

        def listen(talk: Talk, line: bytes) -> bool:
            def keep(data: bytes) -> Iterator[bytes]:
                nonlocal heard
                heard += data
                yield data

            talk.shape = keep
            return True

        between.fault = listen
        look(gmail, "canaries", between=between, drafts=True)
    assert b"ana@acme.example" in heard
    assert b"canary" not in heard


@pytest.mark.parametrize(
    "address",
    ['a"@acme.example', "a\\@acme.example", "a@acme.example\r\nA1 LOGOUT", "a\0@acme.example", "ä@acme.example",
     "a b@acme.example", "", "@", "@a b.example", "a@b.example)", "(a@b.example", "a@{3}.example"],
)  # fmt: skip
def test_an_address_that_could_be_a_command_never_reaches_the_wire(gmail: Dovecot, wire: Proxy, address: str) -> None:
    facts = look(gmail, "hygiene", Wanted(date(2026, 11, 18), (address,), (address,)), wire)
    assert not facts.received
    assert facts.trouble
    assert "UID SEARCH" not in wire.names()


# --- signing in -------------------------------------------------------------------------------------------


def test_a_wrong_password(gmail: Dovecot) -> None:
    facts = look(gmail, "wrong", password="wrong")
    assert facts == Facts(used=True, owner=ME, trouble=facts.trouble)
    assert "refused the sign-in: check MAIL_USER and MAIL_PASSWORD" in facts.trouble


REFUSALS = [
    ("outlook.office365.com", b"NO Basic authentication is disabled.", "Microsoft needs another sign-in"),
    ("outlook.office365.com", b"NO LOGIN failed.", "Microsoft needs another sign-in"),
    ("imap.firma.example", b"NO [AUTHENTICATIONFAILED] Basic Authentication is disabled", "Microsoft needs another"),
    ("imap.gmail.com", b"NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)", "Gmail refused the sign-in"),
    (
        "imap.gmail.com",
        b"NO [ALERT] Application-specific password required: https://support.google.com/accounts/answer/185833",
        "https://myaccount.google.com/apppasswords",
    ),
    ("imap.mail.yahoo.com", b"NO [AUTHENTICATIONFAILED] LOGIN Invalid credentials", "Yahoo wants an app password"),
    ("imap.mail.me.com", b"NO [AUTHENTICATIONFAILED] Authentication failed", "iCloud wants an app-specific password"),
    ("imap.mail.me.com", b"NO [UNAVAILABLE] Temporary failure", "lets nobody in just now"),
    ("imap.gmail.com", b"NO [ALERT] Too many simultaneous connections. (Failure)", "lets nobody in just now"),
    ("imap.firma.example", b"NO [AUTHENTICATIONFAILED] Authentication failed.", "Many want an app password"),
]


@pytest.mark.parametrize(("host", "words", "said"), REFUSALS, ids=[f"{h} {w[:40]!r}" for h, w, _ in REFUSALS])
def test_what_a_refused_sign_in_means(
    gmail: Dovecot, wire: Proxy, monkeypatch: pytest.MonkeyPatch, host: str, words: bytes, said: str
) -> None:
    """The server's words come over the wire; that it stands under this name is all that is pretended."""

    def refuse(talk: Talk, line: bytes) -> bool:
        if proxy.name_of(line) != "LOGIN":
            return True
        talk.answer(proxy.tag_of(line) + b" " + words + b"\r\n")
        return False

    wire.fault = refuse
    connect = imap.imapclient.IMAPClient
    monkeypatch.setattr(imap.imapclient, "IMAPClient", lambda name, port, **rest: connect("localhost", port, **rest))
    trouble = look(gmail, "refused", between=wire, host=host).trouble
    assert said in trouble
    assert "wrong password" not in trouble.lower()
    assert PASSWORD not in trouble
    assert words[3:].decode() not in trouble


def test_yahoo_knows_no_search_by_header_and_is_not_asked_for_one(gmail: Dovecot, wire: Proxy) -> None:
    fill(gmail, "yahoo")

    def yahoo(talk: Talk, line: bytes) -> bool:
        if b" HEADER " not in line and line.count(b"BODY.PEEK[") < 2:
            return True
        talk.answer(proxy.tag_of(line) + b" NO [SERVERBUG] UID SEARCH Server error - Please try again later\r\n")
        return False

    wire.fault = yahoo
    assert len(look(gmail, "yahoo", between=wire).mails) == 3


def test_icloud_parses_no_quotes_in_a_search_and_gets_none(gmail: Dovecot, wire: Proxy) -> None:
    fill(gmail, "icloud")

    def icloud(talk: Talk, line: bytes) -> bool:
        if b"SEARCH" not in line or b'"' not in line:
            return True
        talk.answer(proxy.tag_of(line) + b" BAD Parse Error (103)\r\n")
        return False

    wire.fault = icloud
    assert len(look(gmail, "icloud", between=wire).mails) == 3


# --- TLS --------------------------------------------------------------------------------------------------


def test_a_certificate_of_nobody_known_is_refused(gmail: Dovecot) -> None:
    facts = imap.look(account(gmail, "tls"), WANTED, deadline=10)  # with the system's own roots
    assert "certificate is not valid for its name, so nothing was sent" in facts.trouble


def test_a_certificate_for_another_name_is_refused(gmail: Dovecot) -> None:
    other = gmail.certificates.authority.issue_cert("imap.elsewhere.example")
    with proxy.in_front_of(gmail.plain_port, gmail.certificates.server(other)) as between:
        trouble = look(gmail, "tls", between=between).trouble
    assert "certificate is not valid" in trouble
    assert between.commands == []


def test_an_expired_certificate_is_refused(gmail: Dovecot) -> None:
    old = gmail.certificates.authority.issue_cert("localhost", not_after=datetime(2020, 1, 1, tzinfo=UTC))
    with proxy.in_front_of(gmail.plain_port, gmail.certificates.server(old)) as between:
        assert "certificate is not valid" in look(gmail, "tls", between=between).trouble


def test_no_word_goes_out_in_plain_text(gmail: Dovecot) -> None:
    with proxy.in_front_of(gmail.plain_port, None) as between:
        trouble = look(gmail, "tls", between=between).trouble
    assert trouble
    assert PASSWORD.encode() not in b"".join(between.commands)


def test_nobody_listens(gmail: Dovecot) -> None:
    assert "connection to the mail server broke" in look(gmail, "none", port=dovecot.free_port()).trouble


def test_no_such_host(gmail: Dovecot) -> None:
    assert "leads nowhere" in look(gmail, "none", host="imap.nowhere.invalid").trouble


# --- faults -----------------------------------------------------------------------------------------------

QUICK = 0.6
"""Seconds in the place of thirty."""
COMMANDS = range(1, 11)
"""CAPABILITY, LOGIN, CAPABILITY or ID, LIST, and three times EXAMINE, SEARCH, FETCH, less what is saved."""


def at(number: int, fault: Fault) -> Fault:
    return lambda talk, line: fault(talk, line) if talk.number == number else True


@pytest.mark.parametrize("name", FAULTS)
def test_whatever_goes_wrong_at_any_command_it_is_told_and_over_in_time(gmail: Dovecot, wire: Proxy, name: str) -> None:
    user = f"fault-{list(FAULTS).index(name)}"
    fill(gmail, user)
    whole = look(gmail, user, between=wire, drafts=True)
    last = len(wire.names())
    assert last >= 10

    def break_at(number: int) -> None:
        with proxy.in_front_of(gmail.plain_port, gmail.certificates.server()) as between:
            between.fault = at(number, FAULTS[name])
            begun = time.monotonic()
            facts = look(gmail, user, between=between, drafts=True, deadline=QUICK)
            assert time.monotonic() - begun < QUICK + 2
        _check_partial(facts, whole, name in LIES)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(break_at, range(1, last + 1)))


def _check_partial(facts: Facts, whole: Facts, lies: bool) -> None:
    """Each folder whole or not at all, and a word for it."""
    assert set(facts.mails) <= set(whole.mails)
    complete = (facts.mails, facts.received, facts.sent, facts.drafts) == (whole.mails, True, True, whole.drafts)
    assert complete or facts.trouble or lies
    for sent in (False, True):
        mine = [mail for mail in facts.mails if mail.sent is sent]
        read = facts.sent if sent else facts.received
        if read and not lies:
            assert mine == [mail for mail in whole.mails if mail.sent is sent]
        assert read or not mine


LIES = ("OK and nothing else", "brackets", "numbers that are none")
"""A server that says a folder is empty is believed."""


@pytest.mark.parametrize("name", ["cut before", "silent", "garbage", "BYE", "endless", "no line end"])
def test_the_greeting_itself(gmail: Dovecot, wire: Proxy, name: str) -> None:
    wire.greeting = FAULTS[name]
    begun = time.monotonic()
    facts = look(gmail, "greeting", between=wire, deadline=QUICK)
    assert facts.trouble
    assert not facts.mails
    assert time.monotonic() - begun < QUICK + 1


def test_nothing_more_is_sent_when_the_time_is_over(gmail: Dovecot, wire: Proxy) -> None:
    fill(gmail, "late")
    wire.fault = at(5, FAULTS["a byte at a time"])
    look(gmail, "late", between=wire, deadline=QUICK)
    said = len(wire.commands)
    time.sleep(1)
    assert len(wire.commands) == said


def test_no_word_of_the_server_and_no_secret_is_in_what_is_told(gmail: Dovecot, wire: Proxy) -> None:
    canary = b"canary-7f3a"
    for text in (b"TAG NO " + canary, b"TAG BAD " + canary, b"* BYE " + canary, canary, b"* SEARCH " + canary):
        for number in COMMANDS:
            wire.fault = at(number, proxy._says(text + b"\r\n"))
            trouble = look(gmail, "words", between=wire, deadline=QUICK).trouble
            assert canary.decode() not in trouble
            assert PASSWORD not in trouble
            assert ME not in trouble
