"""The letters in the mailbox's Drafts: in the thread, never twice, never over one that was touched, gone when over."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from google_support import environment
from hypothesis import example, given
from hypothesis import strategies as st
from mail_server import dovecot, needs, proxy
from mail_server.dovecot import GMAIL, Dovecot
from mail_server.life import Life
from mail_server.messages import message
from mail_server.proxy import FAULTS, Fault, Proxy, Talk

from sheetflow.mailbox import drafts
from sheetflow.mailbox.drafts import Letter, Settling, Token, compose, split
from sheetflow.mailbox.facts import Draft, DraftsFolder, Facts, Mail
from sheetflow.mailbox.headers import essence, without_prefixes

needs("imapclient")

ANA, BO, ME = "ana@acme.example", "bo@acme.example", "sam@mail.example"
ACME = {"Company": "Acme", "Role": "Analyst", "Interview": "2026-11-20", "Interviewers": f"Ana Ruiz <{ANA}>"}
NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dovecot]:
    with dovecot.running(GMAIL) as one:
        bundle = tmp_path_factory.mktemp("roots") / "ca.pem"
        one.certificates.authority.cert_pem.write_to_path(bundle)
        with environment({"SSL_CERT_FILE": str(bundle), "SHEETFLOW_TIME_ZONE": "UTC", "SHEETFLOW_NAME": "Sam Lee"}):
            yield one


@pytest.fixture
def wire(server: Dovecot) -> Iterator[Proxy]:
    with proxy.in_front_of(server.plain_port, server.certificates.server()) as between:
        yield between


@pytest.fixture
def life(server: Dovecot, tmp_path: Path, request: pytest.FixtureRequest) -> Life:
    made = Life(server, re.sub(r"\W|_", "", request.node.name)[-60:].lower(), tmp_path / "tracker.csv")
    made.more = {"MAIL_DRAFTS": "yes"}
    made.type(ACME)
    return made


def lying(life: Life) -> list[tuple[int, set[bytes], Message]]:
    """UID, flags and text of what lies in Drafts."""
    found = life.server.all(life.me, r"\Drafts")
    texts = [(uid, set(parts[b"FLAGS"]), parts[b"BODY[]"]) for uid, parts in found.items()]
    return [(uid, flags, message_from_bytes(text, policy=default)) for uid, flags, text in sorted(texts)]  # type: ignore[arg-type]


def recipients(life: Life) -> list[str]:
    return sorted(str(text["To"]) for _, _, text in lying(life))


def edit(life: Life, uid: int) -> None:
    """Edit a draft as mail programs do: a new message in the old one's place."""
    with life.server.client(life.me) as client:
        client.select_folder(life.server.folder(r"\Drafts"))
        client.append(life.server.folder(r"\Drafts"), message(life.me, ANA, "Mine now"), (rb"\Draft",))
        client.delete_messages([uid])
        client.expunge([uid])


def forget(life: Life, uid: int) -> None:
    with life.server.client(life.me) as client:
        client.select_folder(life.server.folder(r"\Drafts"))
        client.delete_messages([uid])
        client.expunge([uid])


# --- lives --------------------------------------------------------------------------------------------------------


def test_a_letter_lies_in_drafts_and_is_confirmed_once(life: Life) -> None:
    assert ":planned" in life.run(NOW)["Draft stamp"]
    ((uid, flags, text),) = lying(life)
    assert {rb"\Draft", rb"\Seen"} <= flags
    assert (str(text["To"]), str(text["From"])) == (f"Ana Ruiz <{ANA}>", f"Sam Lee <{life.me}>")
    assert str(text["Subject"]) == life.row()["Draft subject"]
    assert isinstance(text, EmailMessage)
    assert text.get_content().strip().replace("\r\n", "\n") == life.row()["Draft"].strip()
    stamp = life.run(NOW)["Draft stamp"]
    assert re.search(rf":held\.\d+\.{uid}$", stamp)
    before = life.path.read_bytes()
    life.run(NOW)
    assert life.path.read_bytes() == before
    assert len(lying(life)) == 1


def test_each_of_a_panel_has_one(life: Life) -> None:
    life.type({"Interviewers": f"Ana Ruiz <{ANA}>; Bo Chen <{BO}>; Cy Diaz"})
    for _ in range(3):
        life.run(NOW)
    assert recipients(life) == [f"Ana Ruiz <{ANA}>", f"Bo Chen <{BO}>"]
    ids = {str(text["Message-ID"]) for _, _, text in lying(life)}
    assert len(ids) == 2


def test_off_by_default(life: Life) -> None:
    life.more = {}
    life.run(NOW)
    assert lying(life) == []
    assert "draft:" not in life.row()["Draft stamp"]


def test_a_plan_and_a_copy_make_none(life: Life, tmp_path: Path) -> None:
    life.run(NOW, command="plan")
    life.run(NOW, "-o", str(tmp_path / "copy.csv"))
    assert lying(life) == []


def test_it_answers_the_last_mail_with_that_person(life: Life) -> None:
    life.receive(NOW - timedelta(hours=20), ANA, "AW: Interview on Friday", message_id="<a1@acme.example>",
                 references="<s1@mail.example>")  # fmt: skip
    life.run(NOW)
    ((_, _, text),) = lying(life)
    assert str(text["Subject"]) == "Re: Interview on Friday"
    assert str(text["In-Reply-To"]) == "<a1@acme.example>"
    assert str(text["References"]).split() == ["<s1@mail.example>", "<a1@acme.example>"]


def test_a_changed_letter_replaces_one_that_was_not_touched(life: Life) -> None:
    for _ in range(2):
        life.run(NOW)
    ((old, _, _),) = lying(life)
    life.type({"Highlight": "the onboarding flow"})
    life.run(NOW)
    ((new, flags, text),) = lying(life)
    assert new != old
    assert rb"\Deleted" not in flags
    assert "onboarding flow" in str(text)
    assert len(split(life.run(NOW)["Draft stamp"])[1]) == 1
    assert len(lying(life)) == 1


def test_one_that_was_edited_is_the_persons(life: Life) -> None:
    for _ in range(2):
        life.run(NOW)
    edit(life, lying(life)[0][0])
    life.type({"Highlight": "the onboarding flow"})
    for _ in range(2):
        life.run(NOW)
    assert [str(text["Subject"]) for _, _, text in lying(life)] == ["Mine now"]
    life.type({"Thank-you sent": "2026-11-21"})
    assert "draft:" not in life.run(NOW)["Draft stamp"]
    assert [str(text["Subject"]) for _, _, text in lying(life)] == ["Mine now"]


def test_one_that_was_edited_before_it_was_confirmed_is_the_persons(life: Life) -> None:
    life.run(NOW)
    ((uid, _, text),) = lying(life)
    with life.server.client(life.me) as client:  # a program that keeps the id
        again = message(life.me, ANA, "Mine now", message_id=str(text["Message-ID"]))
        client.append(life.server.folder(r"\Drafts"), again, (rb"\Draft",))
    forget(life, uid)
    life.type({"Thank-you sent": "2026-11-21"})
    for _ in range(2):
        life.run(NOW)
    assert [str(text["Subject"]) for _, _, text in lying(life)] == ["Mine now"]


def test_one_that_was_thrown_away_does_not_come_back(life: Life) -> None:
    for _ in range(2):
        life.run(NOW)
    forget(life, lying(life)[0][0])
    life.type({"Highlight": "the onboarding flow"})
    for _ in range(2):
        life.run(NOW)
    assert lying(life) == []


@pytest.mark.parametrize(
    "typed", [{"Thank-you sent": "2026-11-21"}, {"Outcome": "Closed"}, {"Interview": "2026-12-20"}]
)
def test_one_that_is_over_is_removed(life: Life, typed: dict[str, str]) -> None:
    for _ in range(2):
        life.run(NOW)
    life.type(typed)
    life.run(NOW)
    assert lying(life) == []
    assert "draft:" not in life.run(NOW)["Draft stamp"]


def test_sent_from_drafts(life: Life) -> None:
    for _ in range(2):
        life.run(NOW)
    ((uid, _, text),) = lying(life)
    forget(life, uid)
    life.server.put(life.me, r"\Sent", [(text.as_bytes(), NOW + timedelta(hours=1))])
    row = life.run(NOW + timedelta(hours=2))
    assert (row["Follow-up status"], row["Seen in mail"]) == ("Waiting", "Thank-you to Ana 2026-11-21 · at Acme")
    assert lying(life) == []
    assert "draft:" not in row["Draft stamp"]


def test_what_the_person_marked_as_deleted_stays(life: Life) -> None:
    own = message(life.me, "mum@home.example", "Mine")
    life.server.put(life.me, r"\Drafts", [(own, NOW)], (r"\Draft", r"\Deleted"))
    for _ in range(2):
        life.run(NOW)
    life.type({"Thank-you sent": "2026-11-21"})
    life.run(NOW)
    assert [str(text["Subject"]) for _, _, text in lying(life)] == ["Mine"]


def test_a_row_to_check_keeps_its_draft(life: Life) -> None:
    for _ in range(2):
        life.run(NOW)
    stamp = life.row()["Draft stamp"]
    life.type({"Interview": "soon"})
    assert life.run(NOW)["Draft stamp"] == stamp
    assert len(lying(life)) == 1


def test_a_sorted_sheet_finds_its_drafts(life: Life) -> None:
    birch = {**ACME, "Company": "Birch", "Interviewers": "Bo <bo@birch.example>"}
    life.type(ACME, birch)
    for _ in range(2):
        life.run(NOW)
    uids = [uid for uid, _, _ in lying(life)]
    first, second = life.rows()
    mine = ("Company", "Interviewers", "Interview", "Role")
    life.type({name: second[name] for name in mine}, {name: first[name] for name in mine})  # without our columns
    for _ in range(2):
        life.run(NOW)
    assert [uid for uid, _, _ in lying(life)] == uids


def test_a_closing_note_is_known_by_the_subject_it_has_in_drafts(life: Life) -> None:
    life.type({"Thank-you sent": "2026-11-20", "Outcome": "Withdrawn"})
    life.receive(NOW - timedelta(hours=3), ANA, "Interview", message_id="<a1@acme.example>")
    life.send(NOW - timedelta(hours=2), ANA, subject="Re: Interview")  # of the same thread, and no closing note
    for _ in range(2):
        assert life.run(NOW)["Follow-up status"] == "Send withdrawal"
    ((uid, _, text),) = lying(life)
    assert str(text["Subject"]) == "Re: Interview"
    forget(life, uid)
    life.send(NOW + timedelta(hours=1), ANA, subject="Re: Interview")  # the program gave it another id
    row = life.run(NOW + timedelta(hours=2))
    assert (row["Follow-up status"], "Closing note to Ana 2026-11-21" in row["Seen in mail"]) == ("Closed", True)


# --- killed -------------------------------------------------------------------------------------------------------


def at_command(number: int, fault: Fault) -> Fault:
    """A fault at the command of a number, counted over all connections; from then on nothing goes on."""
    count = [0]

    def choose(talk: Talk, line: bytes) -> bool:
        count[0] += 1
        if count[0] < number:
            return True
        if count[0] == number:
            return fault(talk, line)
        talk.cut()
        return False

    return choose


def ready(life: Life) -> None:
    """Two letters to be made, one to be replaced, one to be removed."""
    birch = {**ACME, "Company": "Birch", "Interviewers": "Bo <bo@birch.example>"}
    cedar = {**ACME, "Company": "Cedar", "Interviewers": "Cy <cy@cedar.example>"}
    panel = {**ACME, "Interviewers": "Ana <ana@acme.example>; Di <di@acme.example>"}
    life.type({**panel, "Interview": "2026-12-20"}, birch, cedar)
    for _ in range(2):
        life.quick(NOW)
    life.type(panel, {"Highlight": "the onboarding flow"}, {"Thank-you sent": "2026-11-21"})


KILLS = {name: FAULTS[name] for name in ("cut before", "cut after")}


@pytest.mark.parametrize("kill", KILLS)
def test_killed_at_any_command_nothing_is_doubled_or_lost(life: Life, wire: Proxy, kill: str) -> None:
    name, number, reached = life.name, 0, True
    while reached:
        number += 3 if number < 10 else 1  # the first commands only read
        life.name, life.port = f"{name}{number}", 0
        life.path.unlink(missing_ok=True)
        ready(life)
        wire.commands.clear()
        wire.fault, life.port = at_command(number, KILLS[kill]), wire.port
        life.quick(NOW)
        reached, life.port = len(wire.names()) >= number, 0
        for _ in range(2):
            life.quick(NOW)
        texts = lying(life)
        assert [str(t["To"]) for _, _, t in sorted(texts, key=lambda one: str(one[2]["To"]))] == [
            "Ana <ana@acme.example>", "Bo <bo@birch.example>", "Di <di@acme.example>",
        ], f"{kill} at command {number}"  # fmt: skip
        assert not any(rb"\Deleted" in flags for _, flags, _ in texts)
        tokens = [token for row in life.rows() for token in split(row["Draft stamp"])[1]]
        assert sorted(token.place[1] for token in tokens) == sorted(uid for uid, _, _ in texts)
    assert number > 25


def test_the_commands_on_the_wire(life: Life, wire: Proxy) -> None:
    life.port = wire.port
    ready(life)
    wire.commands.clear()
    life.run(NOW)
    names = wire.names()
    assert set(names) <= {
        "CAPABILITY", "LOGIN", "ID", "LIST", "EXAMINE", "UID SEARCH", "UID FETCH", "LOGOUT", "APPEND", "SELECT",
        "UID STORE", "UID EXPUNGE",
    }  # fmt: skip
    assert (names.count("APPEND"), names.count("UID STORE"), names.count("UID EXPUNGE")) == (3, 2, 2)
    assert names.index("APPEND") > names.index("LOGOUT"), "the sheet is written between the two"


def test_quiet_in_public(life: Life, tmp_path: Path) -> None:
    life.public = True
    life.more |= {"GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md")}
    for _ in range(2):
        life.run(NOW)
        said = life.log + (tmp_path / "summary.md").read_text(encoding="utf-8")
        assert not [
            word for word in ("ana", "acme", "mail.example", "draft:", "sheetflow.invalid") if word in said.lower()
        ]


# --- what becomes of a draft --------------------------------------------------------------------------------------

LETTER = Letter("0123456789ab", "thank_you", "Ana Ruiz", ANA, "Thank you", "Hi Ana,")


def folder(*found: Draft, uids: tuple[int, ...] = (), removable: bool = True) -> DraftsFolder:
    return DraftsFolder(7, found, frozenset(uids), removable)


def settled(
    tokens: list[Token], letters: list[Letter], there: DraftsFolder | None, **fields: Any
) -> tuple[list[str], Settling]:
    facts = Facts(
        **({"used": True, "owner": ME, "sent": True, "received": True, "drafting": True} | fields), drafts=there
    )
    settling = Settling(facts, NOW, "")
    return [token.state for token in settling.row(tokens, letters)], settling


def token(state: str, letter: Letter = LETTER, planned: datetime = NOW) -> Token:
    return Token(letter.row, letter.note, letter.who, letter.words, "0" * 12, planned, state)


OTHER = LETTER._replace(body="Hi,")
OWN = Draft(3, (ANA,), LETTER.id, "Sat, 21 Nov 2026 08:00:00 +0000", NOW)
THEIRS = Draft(4, (ANA,), "<x@y.example>", "", NOW)
SENT = Mail(NOW, True, to=(ANA,))


@pytest.mark.parametrize(
    ("tokens", "letters", "there", "fields", "states", "appended", "removed"),
    [
        ([], [LETTER], folder(), {}, ["planned"], 1, 0),
        ([], [LETTER], folder(OWN), {}, ["yours"], 0, 0),
        ([token("planned")], [LETTER], folder(), {}, ["planned"], 1, 0),
        ([token("planned")], [LETTER], folder(OWN), {}, ["held.7.3"], 0, 0),
        ([token("planned")], [LETTER], folder(THEIRS), {}, ["yours"], 0, 0),
        ([token("planned")], [LETTER], folder(replace(OWN, date="x")), {}, ["yours"], 0, 0),
        ([token("planned")], [LETTER], folder(), {"mails": (SENT,)}, ["yours"], 0, 0),
        ([token("planned")], [LETTER], folder(), {"sent": False}, ["planned"], 0, 0),
        ([token("planned")], [LETTER], None, {}, ["planned"], 0, 0),
        ([token("planned")], [], folder(OWN), {}, ["over.7.3"], 0, 1),
        ([token("planned")], [], folder(), {}, [], 0, 0),
        ([token("held.7.3")], [LETTER], folder(uids=(3,)), {}, ["held.7.3"], 0, 0),
        ([token("held.7.3")], [LETTER], folder(), {}, ["yours"], 0, 0),
        ([token("held.8.3")], [LETTER], folder(uids=(3,)), {}, ["yours"], 0, 0),
        ([token("held.8.3")], [], folder(uids=(3,)), {}, [], 0, 0),
        ([token("held.7.3")], [OTHER], folder(uids=(3,)), {}, ["planned", "over.7.3"], 1, 1),
        ([token("held.7.3")], [OTHER], folder(), {}, ["yours"], 0, 0),
        ([token("held.7.3")], [], folder(uids=(3,)), {}, ["over.7.3"], 0, 1),
        ([token("held.7.3")], [], folder(), {}, [], 0, 0),
        ([token("held.7.3")], [], None, {}, ["held.7.3"], 0, 0),
        ([token("held.7.3")], [], None, {"drafting": False}, [], 0, 0),
        ([token("held.7.3")], [LETTER], None, {"drafting": False}, ["held.7.3"], 0, 0),
        ([token("held.7.3")], [], folder(uids=(3,), removable=False), {}, [], 0, 0),
        ([token("over.7.3")], [], folder(uids=(3,)), {}, ["over.7.3"], 0, 1),
        ([token("over.7.3"), token("planned", OTHER)], [OTHER], folder(), {}, ["planned"], 1, 0),
        ([token("yours")], [LETTER], folder(), {}, ["yours"], 0, 0),
        ([token("yours")], [OTHER], folder(), {}, ["yours"], 0, 0),
        ([token("yours")], [], folder(), {}, [], 0, 0),
    ],
)  # fmt: skip
def test_what_becomes_of_a_draft(
    tokens: list[Token], letters: list[Letter], there: DraftsFolder | None, fields: dict[str, Any], states: list[str],
    appended: int, removed: int,
) -> None:  # fmt: skip
    found, settling = settled(tokens, letters, there, **fields)
    outbox = settling.outbox
    assert (found, len(outbox.messages), len(outbox.removals)) == (states, appended, removed)


def test_without_uidplus_it_is_said_that_they_stay() -> None:
    _, settling = settled([token("held.7.3")], [], folder(uids=(3,), removable=False))
    assert settling.outbox.stuck == 1


def test_a_token_is_read_as_it_was_written() -> None:
    one, other = token("held.7.3"), token("planned")
    words = "thank_you 0123456789ab 0123456789ab"
    assert split(f"{words} {one} {other}") == (words, (one, other))
    assert split(f"{words} draft:nonsense") == (f"{words} draft:nonsense", ())
    assert split("") == ("", ())


@pytest.mark.parametrize(
    ("subject", "bare"),
    [
        ("Re: Hello", "Hello"),
        ("AW: WG: Hello", "Hello"),
        ("Hello", "Hello"),
        ("回复：您好", "您好"),
        ("", ""),
        ("re:", ""),
    ],
)
def test_a_subject_without_its_prefixes(subject: str, bare: str) -> None:
    assert without_prefixes(subject) == bare
    assert essence(bare) == essence(subject)


def test_long_ids_of_a_thread_stay_readable() -> None:
    ids = tuple(f"<{'x' * 100}{n}@prod.outlook.example>" for n in range(60))
    answered = Mail(NOW, False, sender=ANA, subject="Grüße 🎉 " * 20, id=ids[-1], references=ids[:-1])
    text = compose(LETTER._replace(name='Ana "A" Ruiz, Dr.\r\nBcc: x@y.example'), NOW, ME, "Zoë Müller", answered)
    assert b"=?utf-8?q?=3C" not in text
    assert all(len(line) < 998 for line in text.split(b"\r\n"))
    read = message_from_bytes(text, policy=default)
    assert read["In-Reply-To"] == ids[-1]
    assert str(read["References"]).split() == [ids[0], *ids[-drafts.MOST_IN_CHAIN :]]
    assert read["Bcc"] is None
    assert [a.addr_spec for a in read["To"].addresses] == [ANA]
    assert str(read["Subject"]).startswith("Re: Grüße 🎉 Grüße")
    assert read["From"].addresses[0].display_name == "Zoë Müller"


@given(st.text(), st.text(), st.text())
@example("=?utf-8?q?=0ABcc:?=", "=?utf-8?q?=0D=0ABcc:_x?=", "a")
@example("a\r\nBcc: x@y.example", "a\nb", "\ud800")
@example('"', "a" * 5000, "\x00\x1b[31m")
def test_no_words_make_a_header_or_another_recipient(name: str, subject: str, body: str) -> None:
    answered = Mail(NOW, False, sender=ANA, subject=subject, id="<a@b.example>")
    letter = LETTER._replace(name=name, subject=subject, body=body)
    for thread in (None, answered):
        read = message_from_bytes(compose(letter, NOW, ME, name, thread), policy=default)
        assert {key.lower() for key in read} <= {
            "from", "to", "subject", "date", "message-id", "in-reply-to", "references", "content-type",
            "content-transfer-encoding", "mime-version",
        }  # fmt: skip
        assert [a.addr_spec for a in read["To"].addresses] == [ANA]
        assert [a.addr_spec for a in read["From"].addresses] == [ME]
