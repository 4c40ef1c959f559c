"""Credentials and refusals: each failure names its fix, and neither key nor sheet is ever printed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from google_support import Program, environment
from sheets_server import SPREADSHEETS, Fault, SheetsServer
from sheets_server.keys import ServiceAccount
from sheets_server.model import utc_now

from sheetflow.backends.google.identity import Identity
from sheetflow.errors import SheetflowError

ROWS = [["Company", "Interview"], ["Alder Secret", "2026-11-19"]]


@pytest.fixture
def server() -> Iterator[SheetsServer]:
    with SheetsServer() as server, environment(server.environment()):
        yield server


def failure(variables: dict[str, str]) -> SheetflowError:
    with pytest.raises(SheetflowError) as caught:
        Identity(variables)
    return caught.value


def key(**changes: object) -> str:
    info = json.loads(ServiceAccount().credentials())
    return json.dumps({name: value for name, value in {**info, **changes}.items() if value is not None})


def test_no_credentials() -> None:
    error = failure({"GOOGLE_CREDENTIALS": " ", "GOOGLE_APPLICATION_CREDENTIALS": ""})
    assert "GOOGLE_CREDENTIALS" in error.quiet
    assert "GOOGLE_APPLICATION_CREDENTIALS" in error.quiet


@pytest.mark.parametrize(
    "text",
    [
        "not json",
        key()[:-40],
        key()[1:],
        "[]",
        '"text"',
        "null",
        "{}",
        '{"type": ["service_account"]}',
        '{"type": "authorized_user", "refresh_token": "hidden-secret"}',
        '{"type": "external_account", "audience": "hidden-secret"}',
        '{"type": "external_account", "credential_source": {"executable": {"command": "rm"}}, "audience": "a",'
        ' "subject_token_type": "t", "token_url": "https://sts.googleapis.com/v1/token"}',
        key(private_key=None),
        key(private_key="-----BEGIN PRIVATE KEY-----\nhidden-secret\n-----END PRIVATE KEY-----\n"),
        key(private_key=7),
        key(client_email=None),
    ],
)
@pytest.mark.parametrize("variable", ["GOOGLE_CREDENTIALS", "GOOGLE_APPLICATION_CREDENTIALS"])
def test_a_broken_key(text: str, variable: str, tmp_path: Path) -> None:
    file = tmp_path / "hidden-secret.json"
    file.write_text(text, encoding="utf-8")
    error = failure({variable: text if variable == "GOOGLE_CREDENTIALS" else str(file)})
    assert f"The Google key in {variable} cannot be used" in error.quiet
    assert error.quiet == error.full
    assert "hidden-secret" not in error.full
    assert error.exit_code == 1


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
def test_a_key_file_that_cannot_be_read(content: bytes | None, tmp_path: Path) -> None:
    file = tmp_path / "nowhere.json"
    if content:
        file.write_bytes(content)
    error = failure({"GOOGLE_APPLICATION_CREDENTIALS": str(file)})
    assert str(file) in error.full
    assert error.quiet.startswith("GOOGLE_APPLICATION_CREDENTIALS names [hidden], which cannot be read")


def test_a_key_file_with_a_byte_order_mark(tmp_path: Path) -> None:
    file = tmp_path / "key.json"
    file.write_text(key(), encoding="utf-8-sig")
    identity = Identity({"GOOGLE_APPLICATION_CREDENTIALS": str(file)})
    assert identity.address == "sheetflow@tracker-project.iam.example"
    assert not identity.keyless


def test_the_key_itself_is_stronger_than_a_file() -> None:
    assert (
        Identity({"GOOGLE_CREDENTIALS": key(), "GOOGLE_APPLICATION_CREDENTIALS": "/none"}).kind == "GOOGLE_CREDENTIALS"
    )


@pytest.mark.parametrize("keyless", [False, True])
def test_one_scope_and_no_thread_left_behind(server: SheetsServer, keyless: bool) -> None:
    before = set(threading.enumerate())
    with environment(server.environment(keyless=keyless)):
        program = Program(server)
        program.run(server.add_spreadsheet(rows=ROWS))
    assert (server.reads, server.writes, server.count("boundary"), server.count("other")) == (1, 1, 0, 0)
    assert set(server.scopes_asked) == {SPREADSHEETS}
    assert not server.strangers
    assert program.identity.address == server.account.email
    assert [
        thread for thread in set(threading.enumerate()) - before if "process_request_thread" not in thread.name
    ] == []


def outcome(server: SheetsServer, *, keyless: bool = False) -> SheetflowError:
    book = server.add_spreadsheet(rows=ROWS)
    with environment(server.environment(keyless=keyless)):
        error = Program(server).try_run(book)
    assert error is not None
    for text in (error.full, error.quiet):
        assert "Secret" not in text
        assert book.id not in text
        assert "\n" not in text
        assert "PRIVATE" not in text
    assert server.account.email not in error.quiet
    return error


def test_a_revoked_key(server: SheetsServer) -> None:
    server.authority.accounts.clear()
    assert "Make a new key and put it into GOOGLE_CREDENTIALS" in outcome(server).quiet


@pytest.mark.parametrize("hours", [-2, 2])
def test_a_clock_that_is_off(server: SheetsServer, hours: int) -> None:
    server.clock = lambda: utc_now() + timedelta(hours=hours)
    assert "this computer's clock is off" in outcome(server).quiet


def test_the_api_is_switched_off(server: SheetsServer) -> None:
    server.api_enabled = False
    error = outcome(server)
    assert "https://console.cloud.google.com/apis/library/sheets.googleapis.com" in error.quiet
    assert "(902817465310)" in error.full
    assert "([hidden])" in error.quiet


def test_not_shared(server: SheetsServer) -> None:
    book = server.add_spreadsheet(rows=ROWS, shared_with={})
    error = Program(server).try_run(book)
    assert error is not None
    assert f"share the sheet with the client_email of your key ({server.account.email}) as Editor" in error.full
    assert "share the sheet with the client_email of your key ([hidden]) as Editor" in error.quiet


def test_shared_to_view_only(server: SheetsServer) -> None:
    book = server.add_spreadsheet(rows=ROWS, shared_with={server.account.email: "reader"})
    error = Program(server).try_run(book)
    assert error is not None
    assert "as Editor rather than Viewer" in error.quiet
    assert server.account.email in error.full


def test_a_wrong_link(server: SheetsServer) -> None:
    book = server.add_spreadsheet(rows=ROWS)
    del server.books[book.id]
    error = Program(server).try_run(book)
    assert error is not None
    assert "the link or id is wrong" in error.quiet
    assert "client_email of your key" in error.quiet


def test_an_excel_file_kept_in_drive(server: SheetsServer) -> None:
    body = {"error": {"code": 400, "status": "FAILED_PRECONDITION", "message": "This operation is not supported"}}
    server.fault("read", 1, Fault(400, json.dumps(body).encode()))
    assert "File > Save as Google Sheets" in outcome(server).quiet


def test_a_protected_range_in_the_way(server: SheetsServer) -> None:
    book = server.add_spreadsheet(rows=ROWS)
    server.person(book).protect("A1:Z50")
    error = Program(server).try_run(book)
    assert error is not None
    assert "A protected range is in the way" in error.quiet
    assert "client_email of your key" in error.quiet
    assert book["Sheet1"].last_value_column() == 2


def test_keyless_access_that_is_not_admitted(server: SheetsServer) -> None:
    for fault in (
        Fault(400, json.dumps({"error": "invalid_grant", "error_description": "rejected by the condition"}).encode()),
        Fault.status(403, "Permission 'iam.serviceAccounts.getAccessToken' denied on resource."),
    ):
        server.calm()
        server.fault("token", (1, 2), fault)
        assert "role Workload Identity User" in outcome(server, keyless=True).quiet


def test_keyless_access_without_its_token(server: SheetsServer, tmp_path: Path) -> None:
    variables = server.environment(keyless=True)
    info = json.loads(Path(variables["GOOGLE_APPLICATION_CREDENTIALS"]).read_text(encoding="utf-8"))
    info["credential_source"] = {"file": str(tmp_path / "gone")}
    file = tmp_path / "keyless.json"
    file.write_text(json.dumps(info), encoding="utf-8")
    book = server.add_spreadsheet(rows=ROWS)
    with environment({**variables, "GOOGLE_APPLICATION_CREDENTIALS": str(file)}):
        program = Program(server)
        error = program.try_run(book)
    assert error is not None
    assert "sign-in without a key failed" in error.quiet
    assert program.time.now == 0, "nothing to wait for"


def test_the_address_for_keyless_access(server: SheetsServer) -> None:
    book = server.add_spreadsheet(rows=ROWS, shared_with={})
    with environment(server.environment(keyless=True)):
        error = Program(server).try_run(book)
    assert error is not None
    assert f"with the service account of the keyless access ({server.account.email}) as Editor" in error.full


def test_the_command_ends_and_says_nothing_private(server: SheetsServer, tmp_path: Path) -> None:
    """A process of its own, with every warning an error: no thread, no warning, no name on the screen."""
    book = server.add_spreadsheet(rows=ROWS)
    variables = {**os.environ, **server.environment(book), "CI": "1", "PYTHONPATH": str(Path(__file__).parents[1])}
    command = [sys.executable, "-W", "error", "-m", "sheetflow", "run"]
    done = subprocess.run(  # noqa: S603 - our own program
        command, env=variables, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    for private in ("Alder", book.id, server.account.email, "Warning", "Traceback"):
        assert private not in done.stdout + done.stderr
    assert (server.reads, server.writes) == (1, 1)
