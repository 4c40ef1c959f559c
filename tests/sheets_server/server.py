"""The server as tests see it: spreadsheets, sharing, what happens when, and the record of what happened."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from . import api, auth
from .errors import Json, insufficient_scopes, quota_exceeded, service_disabled, unimplemented
from .faults import Due, Exchange, Fault, Kind, Limits, Quota, Schedule, When
from .keys import PROJECT, ServiceAccount, certificates
from .model import Book, Sheet, utc_now
from .person import Person
from .proxy import Proxy
from .typed import parse


class SheetsServer:
    """Google Sheets on a loopback port, for ``with`` blocks; see the package docstring for an example."""

    def __init__(
        self,
        *,
        clock: Callable[[], datetime] = utc_now,
        quota: int | None = None,
        quota_clock: Callable[[], float] = time.monotonic,
        latency: float = 0.0,
        scopes: set[str] | None = None,
        limits: Limits | None = None,
    ) -> None:
        self.clock, self.latency = clock, latency
        self.account = ServiceAccount()
        self.authority = auth.Authority(lambda: self.clock(), {self.account.email: self.account})
        if scopes:
            self.authority.allowed_scopes |= scopes
        self.quota, self.limits = Quota(quota, quota_clock), limits
        self.books: dict[str, Book] = {}
        self.api_enabled = True
        self.log: list[Exchange] = []
        self.strangers: list[str] = []
        self.errors: list[BaseException] = []
        self.lock = threading.RLock()
        self.closing = threading.Event()
        self._schedule = Schedule()
        self._http = Proxy(self)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True)

    def __enter__(self) -> SheetsServer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self._http.shutdown()
        self._http.server_close()

    @property
    def port(self) -> int:
        """The proxy's port."""
        port: int = self._http.server_address[1]
        return port

    def add_account(self, email: str) -> ServiceAccount:
        """Add another service account; the keys of all are alike, which saves time."""
        account = ServiceAccount(email)
        self.authority.accounts[email] = account
        return account

    def add_spreadsheet(
        self,
        title: str = "Interviews",
        *,
        rows: list[list[str]] | None = None,
        locale: str = "en_US",
        time_zone: str = "Etc/GMT",
        shared_with: dict[str, str] | None = None,
        tab: str = "Sheet1",
        grid: tuple[int, int] = (1000, 26),
        book_id: str | None = None,
    ) -> Book:
        """Add a spreadsheet; *rows* are typed in as a person would type them.

        *shared_with* maps addresses to ``writer`` or ``reader``; by default the service account may write.
        """
        book = Book(
            book_id or f"1{len(self.books):03d}TestSpreadsheetIdOfFortyFourCharactersXX",
            title,
            locale,
            time_zone,
        )
        book.clock = lambda: self.clock()
        book.roles |= {self.account.email: "writer"} if shared_with is None else shared_with
        sheet = book.add_sheet(tab, *grid)
        fill(book, sheet, rows or [])
        self.books[book.id] = book
        return book

    def person(self, book: Book, tab: str | None = None) -> Person:
        """Somebody in the browser."""
        return Person(book, book[tab] if tab else None)

    def environment(self, book: Book | None = None, *, keyless: bool = False) -> dict[str, str]:
        """Environment variables that lead a program here, with the service account's key or without any."""
        proxy = f"http://127.0.0.1:{self.port}"
        bundle = certificates().ca_file
        variables = {
            "REQUESTS_CA_BUNDLE": str(bundle),
            "GOOGLE_CREDENTIALS": "" if keyless else self.account.credentials(),
            "GOOGLE_APPLICATION_CREDENTIALS": str(self._keyless_file(bundle.parent)) if keyless else "",
        }
        for name in ("HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY"):  # plain HTTP too: it shows up in ``strangers``
            variables[name] = variables[name.lower()] = "" if name == "NO_PROXY" else proxy
        return variables | ({"SHEETFLOW_SHEET": book.id} if book else {})

    def _keyless_file(self, folder: Path) -> Path:
        """Write a credentials file of type ``external_account``, as google-github-actions/auth writes it."""
        token = folder / "subject-token"
        token.write_text(auth.SUBJECT_TOKEN, encoding="utf-8")
        accounts = "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts"
        info = {
            "type": "external_account",
            "audience": auth.AUDIENCE,
            "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
            "token_url": "https://sts.googleapis.com/v1/token",
            "service_account_impersonation_url": f"{accounts}/{self.account.email}:generateAccessToken",
            "credential_source": {"file": str(token)},
        }
        target = folder / f"keyless-{self.port}.json"
        target.write_text(json.dumps(info), encoding="utf-8")
        return target

    # What happens when

    def before(self, kind: Kind, when: When, callback: Callable[[], Any]) -> None:
        """Call just before the n-th request of a kind, counted from now, is processed."""
        self._schedule.add("before", kind, when, callback)

    def after(self, kind: Kind, when: When, callback: Callable[[], Any]) -> None:
        """Call when it is applied, before ``updatedSpreadsheet`` is taken."""
        self._schedule.add("after", kind, when, callback)

    def after_snapshot(self, kind: Kind, when: When, callback: Callable[[], Any]) -> None:
        """Call when it is applied and ``updatedSpreadsheet`` is taken, before the answer is sent."""
        self._schedule.add("after_snapshot", kind, when, callback)

    def fault(self, kind: Kind, when: When, fault: Fault) -> None:
        """Let the n-th request of a kind, counted from now, go wrong."""
        self._schedule.add("fault", kind, when, fault)

    def calm(self) -> None:
        """Forget all hooks and faults still to come."""
        self._schedule.clear()

    # What has happened

    def count(self, kind: Kind) -> int:
        """Count the requests of a kind so far."""
        return sum(one.kind == kind for one in self.log)

    def exchanges(self, kind: Kind) -> list[Exchange]:
        """Return the record of one kind."""
        return [one for one in self.log if one.kind == kind]

    @property
    def reads(self) -> int:
        """GET requests to the Sheets API so far."""
        return self.count("read")

    @property
    def writes(self) -> int:
        """Mutating requests to the Sheets API so far."""
        return self.count("write")

    @property
    def scopes_asked(self) -> list[str]:
        """Every scope anybody asked a token for."""
        return self.authority.scopes_asked

    def forget(self) -> None:
        """Empty the record, for the next run of a test."""
        self.log.clear()
        self.strangers.clear()

    # The work

    def arrive(self, kind: Kind) -> Due:
        """Count a request that has arrived, and return what is planned for it."""
        return self._schedule.arrive(kind)

    def answer(self, exchange: Exchange, authorization: str | None, due: Due) -> Json:
        """Return the message for a request, running the callbacks due after it; errors pass through."""
        kind = exchange.kind
        if exchange.host != "sheets.googleapis.com":
            message = self._token_answer(exchange, authorization)
            due.call("after")
            return message
        token = self.authority.check(authorization)
        if not self.api_enabled:
            raise service_disabled(PROJECT)
        if auth.SPREADSHEETS not in token.scopes:
            raise insufficient_scopes()
        exchange.caller = token.email
        within = self.limits is None or self.limits.take(kind, token.email)
        if not within or not self.quota.take(kind):
            raise quota_exceeded(kind.capitalize(), PROJECT)
        request = api.Request(
            exchange.method,
            exchange.path,
            exchange.query,
            exchange.request,
            token.email,
            due.call,
        )
        message = api.answer(request, self.books)
        if kind == "read":
            due.call("after")
        return message

    def _token_answer(self, exchange: Exchange, authorization: str | None) -> Json:
        where = (exchange.method, exchange.host, exchange.path)
        accounts = "/v1/projects/-/serviceAccounts/"
        if where == ("POST", "oauth2.googleapis.com", "/token"):
            return self.authority.grant(exchange.request)
        if where == ("POST", "sts.googleapis.com", "/v1/token"):
            return self.authority.exchange(exchange.request)
        if exchange.host == "iamcredentials.googleapis.com":
            email = exchange.path.removeprefix(accounts)
            if exchange.method == "GET" and exchange.path.endswith("/allowedLocations"):
                return self.authority.locations(authorization)
            if exchange.method == "POST" and email.endswith(":generateAccessToken"):
                return self.authority.impersonate(authorization, email.rpartition(":")[0], exchange.body)
        if where[:2] == ("GET", "cloudresourcemanager.googleapis.com"):
            self.authority.check(authorization)  # google.auth.default() asks for the project; no scope for it
            raise insufficient_scopes()
        raise unimplemented(" ".join(where))


def fill(book: Book, sheet: Sheet, rows: list[list[str]]) -> None:
    """Type rows of text from A1 on; the grid grows as needed."""
    sheet.ensure(len(rows), max((len(row) for row in rows), default=0))
    today = book.clock().date()
    for index, row in enumerate(rows):
        for column, text in enumerate(row):
            typed = parse(text, book.locale, today)
            cell = {"userEnteredValue": typed.value} if typed.value else {}
            if typed.number_format:
                cell["userEnteredFormat"] = {"numberFormat": typed.number_format}
            sheet[index, column] = cell
