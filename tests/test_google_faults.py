"""Every fault at every point of a run: nothing of the person's changes, nothing is half done, nothing hangs.

One table says what each fault comes to. Whatever it is, the next run brings the sheet to exactly where a run
without the fault would have brought it.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, NamedTuple

import pytest
import requests
import urllib3.util.connection
from google_support import Program, environment
from sheets_server import Book, Fault, SheetsServer
from sheets_server.model import utc_now

from sheetflow.backends.google import client as google_client
from sheetflow.backends.google.client import DEADLINE
from sheetflow.errors import SheetflowError

ROWS = [
    ["Company", "Interview", "Interviewers", "Thank-you sent"],
    ["Alder Secret", "2026-11-19", "Ana Ruiz <ana@alder.example>; Bo Chen <bo@alder.example>", ""],
    ["Birch Secret", "2026-11-01", "Cy Diaz <cy@birch.example>", "2026-11-02"],
    ["Cedar Secret", "2026-10-01", "Eva Fox <eva@cedar.example>", "x"],
]
POINTS = ("token", "read", "write", "snapshot", "repair")
"""Snapshot: the write is applied, its answer goes wrong. Repair: a second write, since an edit overtook the first."""

BUSY = "so many requests"
ODD = "sign-in refused to answer"
DOWN = "does not answer properly"
LOST = "cannot be reached"
KEY = "did not accept the key"
VIEWER = "not change it"
FALSE = "cannot be trusted"
PAGE = "not an answer of Google Sheets"
CLOCK = "clock is off"
DONE = ""
"""What the person reads; nothing when the run gets through."""


class Kind(NamedTuple):
    """One kind of fault: how it is made, and what comes of it at each point, once and always."""

    fault: Fault | OSError | str
    token: tuple[str, str]
    read: tuple[str, str]
    write: tuple[str, str]
    snapshot: tuple[str, str] | None
    """``None``: it cannot happen to a write that is applied."""


def same(word: str) -> tuple[str, str]:
    return word, word


def passing(word: str) -> tuple[str, str]:
    return DONE, word


def rate_limit_403() -> Fault:
    errors = [{"domain": "usageLimits", "reason": "rateLimitExceeded", "message": "Rate Limit Exceeded"}]
    return replace(Fault.status(403), body=json.dumps({"error": {"code": 403, "errors": errors}}).encode())


TOO_LATE = Fault(apply=True, headers={"X-Too-Late": "1"})
"""An answer that comes when nobody waits any more (see ``impatient``)."""
GONE = Fault.invalid_grant()
SKEWED = Fault.invalid_grant("Invalid JWT: Token must be a short-lived token and in a reasonable timeframe.")
KINDS = {
    "400": Kind(Fault.status(400), same(KEY), same("status 400"), passing("status 400"), None),
    "401": Kind(Fault.status(401), same(KEY), passing(KEY), passing(KEY), None),
    "403": Kind(Fault.status(403), same(ODD), same("not shared"), same(VIEWER), None),
    "403 rate limit": Kind(rate_limit_403(), passing(BUSY), passing(BUSY), passing(BUSY), None),
    "404": Kind(Fault.status(404), same(ODD), same("no such"), same("no such"), None),
    "408": Kind(Fault.status(408), passing(DOWN), passing(DOWN), passing(DOWN), same(DONE)),
    "409": Kind(Fault.status(409), passing(DOWN), same("status 409"), passing("status 409"), None),
    "429": Kind(Fault.status(429), passing(BUSY), passing(BUSY), passing(BUSY), None),
    "429, wait 7 s": Kind(Fault.status(429, retry_after="7"), passing(BUSY), passing(BUSY), passing(BUSY), None),
    "429, wait 1 h": Kind(Fault.status(429, retry_after="3600"), same(BUSY), same(BUSY), same(BUSY), None),
    "500": Kind(Fault.status(500), passing(DOWN), passing(DOWN), passing(DOWN), same(DONE)),
    "502 page": Kind(Fault.html(502), passing(DOWN), passing(DOWN), passing(DOWN), same(DONE)),
    "503": Kind(Fault.status(503), passing(DOWN), passing(DOWN), passing(DOWN), same(DONE)),
    "504": Kind(Fault.status(504), passing(DOWN), passing(DOWN), passing(DOWN), same(DONE)),
    "no such host": Kind(socket.gaierror(-2, "Name?"), passing(LOST), passing(LOST), passing(LOST), None),
    "refused": Kind(ConnectionRefusedError(111, "No"), passing(LOST), passing(LOST), passing(LOST), None),
    "TLS": Kind("certificate", same(FALSE), same(FALSE), same(FALSE), None),
    "reset": Kind(Fault.reset(), passing(LOST), passing(LOST), passing(LOST), same(DONE)),
    "reset, applied": Kind(Fault.reset_after(), passing(LOST), passing(LOST), same(DONE), same(DONE)),
    "timeout, applied": Kind(TOO_LATE, passing(LOST), passing(LOST), same(DONE), same(DONE)),
    "cut off": Kind(Fault.truncated(), passing(LOST), passing(PAGE), same(DONE), same(DONE)),
    "sign-in page": Kind(Fault.login_page(), passing(LOST), passing(PAGE), passing(PAGE), same(DONE)),
    "key revoked": Kind(GONE, same(KEY), same(KEY), same(KEY), None),
    "clock off": Kind(SKEWED, same(CLOCK), same(CLOCK), same(CLOCK), None),
}
CASES = [(name, point) for name, kind in KINDS.items() for point in POINTS if point != "snapshot" or kind.snapshot]
EVER = range(1, 100)
GRID = (12, 26)


@pytest.fixture(scope="module")
def program() -> Iterator[Program]:
    with SheetsServer() as server, environment(server.environment()):
        yield Program(server)


@pytest.fixture(autouse=True)
def impatient(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer marked as too late is one: its time passes."""
    send = requests.adapters.HTTPAdapter.send

    def limited(self: Any, request: Any, timeout: Any = None, **options: Any) -> requests.Response:
        response = send(self, request, timeout=timeout, **options)
        if "X-Too-Late" in response.headers:
            response.close()
            program.time.sleep(timeout[1])
            raise requests.ReadTimeout
        return response

    monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", limited)
    program.server.calm()
    program.server.forget()
    program.server.clock = utc_now


def plan_fault(program: Program, point: str, kind: Kind, *, always: bool, patch: pytest.MonkeyPatch) -> None:
    """Let a run go wrong at a point; ``always``: there and from then on."""
    server, fault = program.server, kind.fault
    number = 2 if point == "repair" else 1
    what: Any = {"snapshot": "write", "repair": "write"}.get(point, point)
    if isinstance(fault, Fault) and fault in (GONE, SKEWED) and point != "token":
        server.fault(what, number, Fault.status(401))  # the token ran out, and no other is to be had
        server.fault("token", range(2, 100), fault)
    elif isinstance(fault, Fault):
        if point == "snapshot":
            fault = replace(fault, apply=True)
        server.fault(what, range(number, 100) if always else number, fault)
    else:
        connections = {"token": 1, "read": 2, "write": 3, "repair": 4}[point]
        server.fault("read", EVER, Fault(apply=True, headers={"Connection": "close"}))
        server.fault("write", 1, Fault(apply=True, headers={"Connection": "close"}))
        numbers = range(connections, 100) if always else [connections]
        if isinstance(fault, str):
            server.fault("connect", numbers, Fault.bad_certificate())
        else:
            disconnect(patch, fault, numbers)


def disconnect(patch: pytest.MonkeyPatch, error: OSError, numbers: range | list[int]) -> None:
    """Let the connections of these numbers fail."""
    connect, count = urllib3.util.connection.create_connection, iter(EVER)

    def failing(*args: Any, **options: Any) -> Any:
        if next(count) in numbers:
            raise error
        return connect(*args, **options)

    patch.setattr(urllib3.util.connection, "create_connection", failing)


def contents(book: Book) -> dict[tuple[int, int], Any]:
    sheet = book.first_visible
    found: dict[tuple[int, int], Any] = {(row, column): cell for row, column, cell in sheet if cell}
    found[-1, 0] = sheet.rules
    found[-1, 1] = [
        {**column, "developerMetadata": [
            one["metadataValue"] for one in column.get("developerMetadata", []) if one["metadataKey"] == "sheetflow"
        ]} for column in sheet.columns
    ]  # fmt: skip
    found[-1, 2] = [one["metadataValue"] for one in book.metadata]
    return found


def own(book: Book) -> list[list[Any]]:
    sheet = book.first_visible
    return [[sheet.entered((row, column)) for column in range(4)] for row in range(8)]


def overtake(server: SheetsServer, book: Book) -> Callable[[], Any]:
    return lambda: server.person(book).insert_row_above(2).type((2, "Company"), "New Secret")


@pytest.fixture(scope="module")
def clean(program: Program) -> dict[bool, dict[tuple[int, int], Any]]:
    """The sheet after a run without faults, and after one that was overtaken by an edit."""
    result = {}
    for overtaken in (False, True):
        book = program.server.add_spreadsheet(rows=ROWS, grid=GRID)
        if overtaken:
            program.server.before("write", 1, overtake(program.server, book))
        program.run(book)
        program.run(book)
        program.server.calm()
        result[overtaken] = contents(book)
    return result


@pytest.mark.parametrize(("name", "point"), CASES)
def test_fault(
    program: Program, clean: dict[bool, Any], name: str, point: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind, server = KINDS[name], program.server
    expected = kind.write if point == "repair" else getattr(kind, point)
    for always, wanted in zip((False, True), expected, strict=True):
        server.calm()
        program.identity.credentials.token = None
        book = server.add_spreadsheet(rows=ROWS, grid=GRID)
        before = own(book)
        if point == "repair":
            server.before("write", 1, overtake(server, book))
        with monkeypatch.context() as patch:
            plan_fault(program, point, kind, always=always, patch=patch)
            error = program.try_run(book)
        check(error, wanted, f"{name} at {point}, {'always' if always else 'once'}")
        assert program.time.now <= DEADLINE
        assert not server.errors
        after = own(book)
        if point == "repair":
            assert after.pop(1) == ["New Secret", None, None, None]
        assert after[:4] == before[:4]
        filled = book.first_visible.last_value_column() > 4
        assert filled or point not in ("snapshot", "repair")
        if filled and point != "repair":
            whole = dict(clean[False])
            if (name, point) in (("400", "write"), ("409", "write")):  # the tabs may be what was refused
                whole[-1, 2] = whole[-1, 2][:1]
            assert contents(book) == whole, "half of a plan"
        server.calm()
        assert program.try_run(book) is None
        assert contents(book) == clean[point == "repair"]


def check(error: SheetflowError | None, wanted: str, case: str) -> None:
    if not wanted:
        assert error is None, f"{case}: {error}"
        return
    assert error is not None, case
    assert wanted in error.full, f"{case}: {error}"
    assert wanted in error.quiet, case
    assert error.exit_code == 1
    assert "\n" not in error.full
    assert "Secret" not in error.full
    assert "[hidden]" not in error.quiet.partition("What Google says")[0].replace("([hidden])", "")


def test_an_answer_that_never_comes(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same with a real socket and real waiting."""
    monkeypatch.setattr(google_client, "ANSWER", 1.0)
    monkeypatch.setattr(google_client, "LEAST", 1.0)
    book = program.server.add_spreadsheet(rows=ROWS, grid=GRID)
    program.server.fault("write", 1, Fault.hang(3.0, apply=True))
    assert program.try_run(book) is None
    assert (program.server.reads, program.server.writes) == (2, 1)
    assert contents(book)[0, 9]["userEnteredValue"] == {"stringValue": "Why"}
