"""Whole runs that look into a mailbox: the real command line, a real Dovecot, a .csv and the Sheets server."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from google_support import Program, environment
from mail_server import dovecot, needs, proxy
from mail_server.dovecot import GMAIL, PASSWORD, Dovecot
from mail_server.life import HEADER, Life
from mail_server.messages import message
from mail_server.proxy import FAULTS, Proxy
from sheets_server import SheetsServer

from sheetflow.cli import main
from sheetflow.mailbox.box import Mailbox
from sheetflow.mailbox.facts import Facts
from sheetflow.mailbox.providers import Account

needs("imapclient")

ANA, BO, KIM = "ana@acme.example", "bo@acme.example", "kim@acme.example"
ACME = {"Company": "Acme", "Role": "Analyst", "Interview": "2026-11-20", "Interviewers": f"Ana Ruiz <{ANA}>"}
CANARIES = ("canary-body", "canary-header", "canary-subject", "canary-name", PASSWORD)


def at(day: int, hour: int = 12, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dovecot]:
    """A Dovecot that is trusted as a machine trusts any: its authority is the only root there is."""
    with dovecot.running(GMAIL) as one:
        bundle = tmp_path_factory.mktemp("roots") / "ca.pem"
        one.certificates.authority.cert_pem.write_to_path(bundle)
        with environment({"SSL_CERT_FILE": str(bundle), "SHEETFLOW_TIME_ZONE": "UTC"}):
            yield one


@pytest.fixture
def life(server: Dovecot, tmp_path: Path, request: pytest.FixtureRequest) -> Life:
    made = Life(server, re.sub(r"\W|_", "", request.node.name)[-60:].lower(), tmp_path / "tracker.csv")
    made.type(ACME)
    return made


# --- lives --------------------------------------------------------------------------------------------------------


def test_sent_and_answered(life: Life) -> None:
    assert life.run(at(21, 8))["Follow-up status"] == "Send thank-you"
    life.send(at(21, 10), ANA)
    row = life.run(at(21, 12))
    assert (row["Follow-up status"], row["Seen in mail"]) == ("Waiting", "Thank-you to Ana 2026-11-21 · at Acme")
    assert "your mail to Ana of 21 Nov 2026 is taken for the thank-you" in row["Why"]
    assert (row["Draft"], row["Thank-you sent"]) == ("", "")
    life.receive(at(24), ANA)
    row = life.run(at(25))
    assert row["Follow-up status"] == "In conversation"
    assert row["Seen in mail"] == "Thank-you to Ana 2026-11-21 · reply 2026-11-24 (Ana) · at Acme"
    assert "they wrote on 24 Nov 2026: what came of it?" in row["Why"]
    assert row["Reply received"] == ""
    before = life.path.read_bytes()
    life.run(at(25, 13))
    assert "Nothing to change" in life.log
    assert life.path.read_bytes() == before


def test_out_of_office_is_no_reply(life: Life) -> None:
    life.send(at(21), ANA)
    life.receive(at(21, 13), ANA, "Automatic reply: canary-subject", auto_submitted="auto-replied")
    row = life.run(at(25))
    assert row["Follow-up status"] == "Waiting"
    assert "an automatic reply came from Ana on 21 Nov 2026" in row["Why"]


def test_a_bounce_is_to_be_checked(life: Life) -> None:
    life.send(at(21), ANA)
    life.receive(at(21, 13), "mailer-daemon@mail.example", "Undelivered Mail", x_failed_recipients=ANA)
    row = life.run(at(22))
    assert (row["Follow-up status"], row["Flag"]) == ("Check row", "Check")
    life.type({"Interviewers": "Ana Ruiz <ana.ruiz@acme.example>"})
    assert life.run(at(22, 13))["Follow-up status"] == "Send thank-you"


def test_two_companies_at_one_address(life: Life) -> None:
    recruiter = "rita@agency.example"
    one = {**ACME, "Interviewers": f"Rita May <{recruiter}>"}
    other = {**one, "Company": "Birch", "Interview": "2026-11-19"}
    life.type(one, other)
    life.send(at(21), recruiter, subject="Hello")
    life.run(at(22))
    assert [row["Follow-up status"] for row in life.rows()] == ["Send thank-you", "Send thank-you"]
    assert all("may be about this row or another one" in row["Why"] for row in life.rows())
    life.send(at(22), recruiter, subject="Thank you for the talk at Birch")
    life.run(at(23))
    assert [row["Follow-up status"] for row in life.rows()] == ["Send thank-you", "Waiting"]


def test_not_sent_beats_what_was_seen(life: Life) -> None:
    life.send(at(21), ANA)
    assert life.run(at(21, 13))["Follow-up status"] == "Waiting"
    life.type({"Thank-you sent": "not sent"})
    row = life.run(at(21, 14))
    assert (row["Follow-up status"], row["Seen in mail"], row["Thank-you sent"]) == ("Send thank-you", "", "not sent")


def test_what_was_seen_stays_when_the_mailbox_is_down(life: Life) -> None:
    life.send(at(21), ANA)
    seen = life.run(at(22))
    life.port = dovecot.free_port()
    life.type({"Reply received": "2026-11-24"})  # the rest of the sheet is brought up to date all the same
    row = life.run(at(25))
    assert "Mailbox: The connection to the mail server broke. What was seen before stays." in life.log
    assert (row["Seen in mail"], row["Follow-up status"]) == (seen["Seen in mail"], "In conversation")
    life.more = {"MAIL_USER": "", "MAIL_PASSWORD": ""}  # and where it is not used any more
    assert life.run(at(25, 13))["Seen in mail"] == seen["Seen in mail"]


def test_a_wrong_password(life: Life) -> None:
    life.more = {"MAIL_PASSWORD": "wrong"}
    assert life.run(at(21))["Follow-up status"] == "Send thank-you"
    assert "Mailbox: The mail server refused the sign-in: check MAIL_USER and MAIL_PASSWORD." in " ".join(
        life.log.split()
    )


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"MAIL_USER": "sam@outlook.com", "MAIL_HOST": ""}, "Microsoft accepts no password from programs any more"),
        ({"MAIL_USER": "sam@mail.example", "MAIL_HOST": ""}, "set MAIL_HOST to it"),
        ({"MAIL_PASSWORD": ""}, "A mailbox needs both MAIL_USER"),
    ],
)
def test_a_mailbox_that_is_set_up_wrongly_stops_nothing(life: Life, variables: dict[str, str], said: str) -> None:
    life.more = variables
    assert life.run(at(21))["Follow-up status"] == "Send thank-you"
    assert said in " ".join(life.log.split())


def test_a_plan_looks_too_and_writes_nothing(life: Life) -> None:
    life.run(at(21))
    life.send(at(21), ANA)
    before = life.path.read_bytes()
    life.run(at(22), command="plan")
    assert "Seen in mail: Thank-you to Ana 2026-11-21" in life.log
    assert life.path.read_bytes() == before


def test_doctor_signs_in_and_says_what_it_sees(life: Life, server: Dovecot) -> None:
    life.send(at(21), ANA)
    life.receive(at(22), ANA)
    life.run(at(23), command="doctor")
    said = " ".join(life.log.split())
    assert (
        f"ok Mailbox: {life.me} can be read, headers only: all mail, sent mail, drafts. Addresses looked for: 1; mails "
        "found: 2" in said
    )
    life.public = True
    life.run(at(23), command="doctor")
    assert life.me not in life.log
    assert "Addresses looked for: 1; mails found: 2" in " ".join(life.log.split())
    life.type({"Outcome": "Closed"})
    life.run(at(23), command="doctor")
    assert "Addresses looked for: 0; mails found: 0" in " ".join(life.log.split())
    life.more = {"MAIL_PASSWORD": "wrong"}
    life.run(at(23), command="doctor", code=1)
    assert "WRONG Mailbox: The mail server refused the sign-in" in " ".join(life.log.split())
    life.more = {"MAIL_USER": "sam@outlook.com", "MAIL_HOST": ""}
    life.run(at(23), command="doctor", code=1)
    assert "use the links in Send" in " ".join(life.log.split())


def test_a_workbook_and_nothing_that_was_seen_in_the_persons_own_columns(life: Life, tmp_path: Path) -> None:
    from openpyxl import load_workbook

    life.type({"Reply received": "2026-11-21"})
    life.send(at(21), ANA)
    life.receive(at(22, 8), ANA)
    life.run(at(22), "-o", str(tmp_path / "made.xlsx"))
    sheet = load_workbook(tmp_path / "made.xlsx").worksheets[0]
    header = [cell.value for cell in sheet[1]]
    shown = {name: sheet.cell(2, header.index(name) + 1).value for name in header}
    assert shown["Seen in mail"] == "Thank-you to Ana 2026-11-21 · reply 2026-11-22 (Ana) · at Acme"
    assert shown["Thank-you sent"] is None
    assert shown["Reply received"] == datetime(2026, 11, 21)  # noqa: DTZ001 - a workbook's own
    life.path = tmp_path / "made.xlsx"
    done = CliRunner().invoke(main, ["plan", str(life.path), "--now", at(22).isoformat()], env=life.environment())
    assert "Nothing to change" in done.output


# --- what nobody may see ------------------------------------------------------------------------------------------


@pytest.fixture
def wire(server: Dovecot) -> Iterator[Proxy]:
    with proxy.in_front_of(server.plain_port, server.certificates.server()) as between:
        yield between


def test_headers_only_and_nothing_said_in_public(life: Life, server: Dovecot, wire: Proxy, tmp_path: Path) -> None:
    life.port, life.public = wire.port, True
    summary = tmp_path / "summary.md"
    life.more = {"GITHUB_STEP_SUMMARY": str(summary), "GITHUB_OUTPUT": str(tmp_path / "output")}
    life.type(ACME, {**ACME, "Company": "Birch", "Interviewers": f"Bo Chen <{BO}>"})
    life.send(at(21), ANA)
    life.receive(at(22), KIM)
    many = [(message(f"canary-name <k{n}@acme.example>", life.me, f"canary-subject {n}", n), at(22)) for n in range(50)]
    server.put(life.me, r"\All", many)  # 200 canaries: names, subjects, bodies, headers
    life.receive(at(22), "mailer-daemon@mail.example", "canary-subject", x_failed_recipients=BO)
    life.run(at(23))
    wanted = {"CAPABILITY", "LOGIN", "ID", "LIST", "EXAMINE", "UID SEARCH", "UID FETCH", "LOGOUT"}
    assert set(wire.names()) <= wanted
    fetches = [line for line in wire.commands if b"FETCH" in line]
    assert fetches
    assert all(re.search(rb"\(INTERNALDATE BODY\.PEEK\[HEADER\.FIELDS \([A-Z a-z-]+\)\]\)\r\n$", f) for f in fetches)
    said = life.log + summary.read_text(encoding="utf-8") + (tmp_path / "output").read_text(encoding="utf-8")
    for secret in (*CANARIES, life.me, "acme", "Acme", "Ana", "Birch", "mailer-daemon", "kim"):
        assert secret not in said
    for canary in CANARIES:
        assert canary not in life.path.read_text(encoding="utf-8")
    life.more |= {"MAIL_PASSWORD": "canary-wrong"}
    life.run(at(24))
    assert "Mailbox: The mail server refused the sign-in" in summary.read_text(encoding="utf-8")
    assert "canary-wrong" not in life.log + summary.read_text(encoding="utf-8")


@pytest.mark.parametrize("fault", ["cut within the answer", "NO [SERVERBUG]", "BYE", "garbage", "brackets"])
@pytest.mark.parametrize("command", [1, 2, 4, 5, 6])
def test_whatever_goes_wrong_the_sheet_is_brought_up_to_date(life: Life, wire: Proxy, fault: str, command: int) -> None:
    life.port = wire.port
    life.send(at(21), ANA)
    life.run(at(22))
    seen = life.row()["Seen in mail"]
    wire.fault = lambda talk, line: talk.number != command or FAULTS[fault](talk, line)
    life.type({"Outcome": "Rejected"})
    row = life.run(at(23))
    assert (row["Seen in mail"], row["Follow-up status"]) == (seen, "Ask for feedback")
    assert "Mailbox: " in life.log


# --- Google Sheets ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def google() -> Iterator[Program]:
    with SheetsServer() as sheets, environment(sheets.environment()):
        yield Program(sheets)


def sheet_run(program: Program, book: Any, life: Life, now: datetime) -> tuple[int, int]:
    """A run on a Google Sheet, as the session makes it; returns how many reads and writes it took."""
    from sheetflow import flow

    program.server.forget()
    account = Account(life.me, life.me, PASSWORD, "localhost", life.server.port)
    flow.run(program.backend(book), now, program.settings, program.templates, mailbox=Mailbox(account))
    return program.server.reads, program.server.writes


def test_two_reads_and_one_write(google: Program, life: Life) -> None:
    rows: list[Sequence[str]] = [HEADER, [ACME.get(name, "") for name in HEADER]]
    book = google.server.add_spreadsheet(rows=rows)
    person = google.server.person(book)
    life.send(at(21), ANA)
    assert sheet_run(google, book, life, at(22)) == (2, 1)
    place = (1, person.column("Seen in mail"))
    assert person.sheet.entered(place) == "Thank-you to Ana 2026-11-21 · at Acme"
    assert person.sheet.entered((1, person.column("Follow-up status"))) == "Waiting"
    assert sheet_run(google, book, life, at(22, 13)) == (2, 0)
    life.receive(at(22, 13), ANA)
    assert sheet_run(google, book, life, at(22, 14)) == (2, 1)
    assert person.sheet.entered(place) == "Thank-you to Ana 2026-11-21 · reply 2026-11-22 (Ana) · at Acme"
    assert not google.server.errors


def test_the_column_joins_a_sheet_that_had_none(google: Program, life: Life) -> None:
    rows: list[Sequence[str]] = [HEADER, [ACME.get(name, "") for name in HEADER]]
    book = google.server.add_spreadsheet(rows=rows)
    person = google.server.person(book)
    google.now = at(21)
    google.run(book)
    life.send(at(21), ANA)
    assert sheet_run(google, book, life, at(22)) == (2, 1)
    assert person.sheet.entered((1, person.column("Seen in mail"))) == "Thank-you to Ana 2026-11-21 · at Acme"
    assert sheet_run(google, book, life, at(22, 13)) == (2, 0)


def test_nobody_signs_in_where_there_is_nobody_to_look_for() -> None:
    shut = Mailbox(Account("sam@mail.example", "sam", "no", "localhost", 1))
    assert shut.look(None) == Facts(used=True, owner="sam@mail.example", received=True, sent=True)


def test_without_the_library_it_is_said_which(life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "imapclient", None)
    monkeypatch.delitem(sys.modules, "sheetflow.mailbox.imap", raising=False)
    monkeypatch.delattr("sheetflow.mailbox.imap", raising=False)
    assert life.run(at(21))["Follow-up status"] == "Send thank-you"
    assert 'pip install "sheetflow[mailbox]"' in " ".join(life.log.split())
