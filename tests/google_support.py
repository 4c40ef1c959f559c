"""The real program against the Sheets server: one place that starts both."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sheets_server import Book, SheetsServer

from sheetflow import flow, settings
from sheetflow.backends.base import Options
from sheetflow.backends.google.client import SheetsClient
from sheetflow.backends.google.identity import Identity
from sheetflow.backends.google.sheet import GoogleSheet
from sheetflow.errors import SheetflowError
from sheetflow.letters.load import load_templates
from sheetflow.letters.templates import Templates
from sheetflow.plan import Plan
from sheetflow.sheet import Sheet

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
SAMPLE = Path(__file__).parent.parent / "sample_sheet.csv"


class VirtualTime:
    """A clock that only moves when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


class Program:
    """sheetflow, run in this process against a server, with its waiting on a virtual clock."""

    def __init__(self, server: SheetsServer, now: datetime = NOW) -> None:
        self.server, self.now = server, now
        self.time = VirtualTime()
        self.templates: Templates = load_templates("")
        self.identity = Identity(os.environ)
        self.force = False
        self.name = "Sam Lee"
        self.tabs = True
        """Whether the tabs of ours are wanted (a setting)."""

    def backend(self, book: Book, **options: object) -> GoogleSheet:
        self.time = VirtualTime()
        client = SheetsClient(book.id, self.identity, clock=self.time, sleep=self.time.sleep)
        return GoogleSheet(book.id, Options(**options), client)  # type: ignore[arg-type]

    def settings(self, sheet: Sheet) -> settings.Settings:
        tabs = {"to_send_tab": self.tabs, "overview_tab": self.tabs}
        return settings.Layers(file={"name": self.name, **tabs}).merged(sheet)

    def run(self, book: Book, *, dry_run: bool = False, **options: object) -> Plan:
        return flow.run(
            self.backend(book, **options), self.now, self.settings, self.templates, dry_run=dry_run, force=self.force
        )

    def try_run(self, book: Book) -> SheetflowError | None:
        try:
            self.run(book)
        except SheetflowError as error:
            return error
        return None


@contextmanager
def environment(variables: dict[str, str]) -> Iterator[None]:
    """Environment variables for a while."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
