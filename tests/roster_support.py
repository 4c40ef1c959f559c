"""A roster of Google Sheets on the test server: several accounts, Google's quota, a clock that nobody waits for."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from google_support import environment
from sheets_server import Book, Limits, SheetsServer

from sheetflow.backends.base import Time
from sheetflow.roster.columns import WRITTEN
from sheetflow.roster.run import Outcome, Roster
from sheetflow.session import Session

NOW = "2026-11-20T09:00:00+00:00"
"""A Friday."""
ROWS = [["Company", "Role", "Interview", "Contact", "Thank-you sent", "Outcome"],
        ["Acme", "Analyst", "2026-11-19 14:00", "Ana Ruiz <ana@acme.example>", "", ""]]  # fmt: skip
"""A tracker with a thank-you to send."""


class SharedTime:
    """A clock for several threads: it moves on when each of the roster's threads sleeps, to the first that wakes."""

    def __init__(self) -> None:
        self.now = 0.0
        self._asleep: dict[int, float] = {}
        self._changed = threading.Condition()

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        me = threading.get_ident()
        with self._changed:
            wake = self._asleep[me] = self.now + seconds
            while self.now < wake:
                if self._all_asleep():
                    self.now = min(self._asleep.values())
                    self._changed.notify_all()
                else:
                    self._changed.wait(0.002)
            del self._asleep[me]

    def _all_asleep(self) -> bool:
        threads = [thread for thread in threading.enumerate() if thread.name == "roster" and thread.is_alive()]
        return all(self._asleep.get(thread.ident or 0, 0.0) > self.now for thread in threads)

    @property
    def time(self) -> Time:
        return Time(self.clock, self.sleep)


@dataclass
class School:
    """Students' sheets on a server, and the coach's roster of them."""

    server: SheetsServer
    folder: Path
    accounts: Sequence[str]
    clock: SharedTime
    books: list[Book] = field(default_factory=list)
    roster: Book | None = None
    shared: dict[str, str] = field(default_factory=dict)
    """Id of a student's sheet -> the account that it is shared with."""

    def student(self, rows: list[list[str]] | None = None, account: str = "", **more: Any) -> Book:
        """One more student, with a tracker that is shared with an account (the first)."""
        number = len(self.books)
        account = account or self.accounts[number % len(self.accounts)]
        more = {
            "shared_with": {account: "writer"},
            "grid": (40, 40),
            "book_id": f"1student{number:05d}{'x' * 31}",
            **more,
        }
        book = self.server.add_spreadsheet(f"Tracker {number}", rows=rows or ROWS, **more)
        self.books.append(book)
        self.shared[book.id] = account
        return book

    def enrol(self, rows: Sequence[Mapping[str, str]] = (), **more: Any) -> Book:
        """The coach's roster: of all students by default, each with the account that may write."""
        rows = rows or [
            {"Name": f"Student {n}", "Sheet": link(book), "Account": self.shared[book.id]}
            for n, book in enumerate(self.books)
        ]
        headers = list(dict.fromkeys(name for row in rows for name in row))
        grid = [headers, *([row.get(name, "") for name in headers] for row in rows)]
        shared = dict.fromkeys(self.accounts, "writer")
        more = {"shared_with": shared, "grid": (len(grid) + 5, 20), **more}
        self.roster = self.server.add_spreadsheet("Roster", rows=grid, **more)
        return self.roster

    def accounts_file(self) -> str:
        """The file of --accounts: a key each."""
        for number, email in enumerate(self.accounts):
            key = self.server.authority.accounts[email].credentials()
            (self.folder / f"key{number}.json").write_text(key, encoding="utf-8")
        file = self.folder / "accounts.txt"
        names = "".join(f"key{number}.json  # {email}\n" for number, email in enumerate(self.accounts))
        file.write_text(f"# our accounts\n\n{names}", encoding="utf-8")
        return str(file)

    def session(self, now: str = NOW, **options: Any) -> Session:
        """One call of the command."""
        assert self.roster
        given = {"now": now, "accounts": self.accounts_file(), "config": str(empty(self.folder)), **options}
        return Session(link(self.roster), given, os.environ, quiet=False)

    def run(self, now: str = NOW, **options: Any) -> Outcome:
        """A run over the roster, on the shared clock."""
        return Roster(self.session(now, **options), self.clock.time).visit()

    def cells(self) -> list[dict[str, Any]]:
        """The roster's rows, header -> what was entered."""
        assert self.roster
        return table(self.roster)


def table(book: Book) -> list[dict[str, Any]]:
    """The rows of a book's first tab, header -> what was entered."""
    sheet = book.first_visible
    width, height = sheet.last_value_column(), sheet.last_value_row()
    grid = [[sheet.entered((row, column)) for column in range(width)] for row in range(height)]
    return [dict(zip(grid[0], row, strict=True)) for row in grid[1:]]


def counts(row: Mapping[str, Any]) -> dict[str, Any]:
    """What a run wrote beside a row, without what is empty."""
    return {column.header: row[column.header] for column in WRITTEN if row.get(column.header) is not None}


def link(book: Book) -> str:
    """A spreadsheet's link."""
    return f"https://docs.google.com/spreadsheets/d/{book.id}/edit"


def empty(folder: Path) -> Path:
    """A settings file with nothing in it."""
    file = folder / "sheetflow.toml"
    file.touch()
    return file


@contextmanager
def school(
    folder: Path, accounts: int = 1, *, limit: int = 60, project: int = 300, clock: SharedTime | None = None
) -> Iterator[School]:
    """A server with Google's quota, and accounts of one project on it."""
    clock = clock or SharedTime()
    limits = Limits(limit, project, clock.clock)
    with SheetsServer(limits=limits) as server:
        emails = [f"coach{number}@school.iam.example" for number in range(accounts)]
        for email in emails:
            server.add_account(email)
        with environment(server.environment()):
            yield School(server, folder, emails, clock)
        assert not server.errors
        assert not server.strangers
