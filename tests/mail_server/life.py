"""Somebody with a mailbox and a tracker in a .csv, and the real command line that looks after both."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from support import templates

from mail_server.dovecot import PASSWORD, Dovecot
from mail_server.messages import message
from sheetflow import flow
from sheetflow.backends import open_backend
from sheetflow.backends.base import Options
from sheetflow.cli import main
from sheetflow.mailbox.box import Mailbox
from sheetflow.mailbox.providers import account
from sheetflow.settings import Settings

HEADER = [
    "Company", "Role", "Interview", "Interviewers", "Contact", "Highlight", "Thank-you sent", "Reply received",
    "Outcome",
]  # fmt: skip


@dataclass
class Life:
    """Somebody with a mailbox and a tracker in a .csv."""

    server: Dovecot
    name: str
    path: Path
    port: int = 0
    log: str = ""
    """Everything that the last run said."""
    public: bool = False
    more: dict[str, str] = field(default_factory=dict)

    @property
    def me(self) -> str:
        return f"{self.name}@mail.example"

    def type(self, *rows: dict[str, str]) -> None:
        """Type rows into a fresh tracker, or over what stands in the old one's."""
        old = self.rows() if self.path.exists() else []
        header = list(old[0]) if old else HEADER
        with self.path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, header, restval="")
            writer.writeheader()
            writer.writerows({**(old[i] if i < len(old) else {}), **row} for i, row in enumerate(rows))

    def rows(self) -> list[dict[str, str]]:
        with self.path.open(newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))

    def row(self, index: int = 0) -> dict[str, str]:
        return self.rows()[index]

    def send(self, moment: datetime, *to: str, subject: str = "canary-subject", **fields: Any) -> None:
        text = message(self.me, ", ".join(to), subject, 1, **fields)
        self.server.put(self.me, r"\Sent", [(text, moment)])

    def receive(self, moment: datetime, sender: str, subject: str = "Re: canary-subject", **fields: Any) -> None:
        self.server.put(self.me, r"\All", [(message(f"canary-name <{sender}>", self.me, subject, 2, **fields), moment)])

    def environment(self) -> dict[str, str]:
        variables = {
            "MAIL_USER": self.me, "MAIL_PASSWORD": PASSWORD, "MAIL_HOST": f"localhost:{self.port or self.server.port}",
        }  # fmt: skip
        return variables | ({"CI": "true"} if self.public else {}) | self.more

    def run(self, now: datetime, *options: str, command: str = "run", code: int = 0) -> dict[str, str]:
        """A run; returns the first row."""
        arguments = [command, str(self.path), "--now", now.isoformat(), *options]
        done = CliRunner().invoke(main, arguments, env=self.environment())
        self.log = done.output
        assert done.exit_code == code, done.output
        return self.row()

    def quick(self, now: datetime) -> None:
        """The same without the command line, whose templates take most of the time."""
        mailbox = Mailbox(account(self.environment()))
        backend = open_backend(str(self.path), Options(zone=UTC))
        flow.run(backend, now, lambda _: Settings(name="Sam Lee"), templates(), mailbox=mailbox)
