"""The service accounts of a roster: who they are, and a client for each of their sheets, at the account's pace."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from sheetflow.backends.base import Time
from sheetflow.backends.google.client import SheetsClient
from sheetflow.backends.google.identity import Identity
from sheetflow.backends.google.pace import ACCOUNT, PROJECT, AccountPace, Buckets
from sheetflow.errors import UsageError


@dataclass(frozen=True)
class Account:
    """One service account, signed in once for all its sheets."""

    identity: Identity

    @property
    def address(self) -> str:
        """What sheets are shared with."""
        return self.identity.address

    @property
    def project(self) -> str:
        """The project that it belongs to, as its address names it."""
        return self.address.rpartition("@")[2].casefold()


def _read_accounts(environment: Mapping[str, str], file: str = "") -> list[Account]:
    """The accounts that a file names, a line each: a key file, or an address to act as without a key.

    Without a file the one of the environment. Key files lie relative to the file that names them; what follows a ``#``
    is a remark. Raises ``SheetflowError``.
    """
    if not file:
        return [Account(Identity(environment))]
    path = Path(file)
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        raise UsageError(
            "--accounts names {file}, which cannot be read as text. Correct the path.", file=file
        ) from None
    named = [(number, line.partition("#")[0].strip()) for number, line in enumerate(lines, start=1)]
    accounts = [_account(environment, path, number, name) for number, name in named if name]
    if not accounts:
        raise UsageError(
            "{file} names no account. Write a line for each: its key file, or the address to act as without a key.",
            file=file,
        )
    return accounts


def _account(environment: Mapping[str, str], file: Path, number: int, name: str) -> Account:
    if name.lower().endswith(".json"):
        return Account(Identity({"GOOGLE_APPLICATION_CREDENTIALS": str(file.parent / name)}))
    if not re.fullmatch(r"[\w.-]+@[\w-]+(\.[\w-]+)+", name, re.ASCII):
        raise UsageError(
            f"Line {number} of {{file}} is neither a key file (ending in .json) nor the address of a service account.",
            file=file,
        )
    return Account(Identity(environment, acting_as=name))


@dataclass(frozen=True)
class Connection:
    """How an account reaches its sheets: a client for each, all at one pace."""

    identity: Identity
    pace: AccountPace
    time: Time

    def __call__(self, spreadsheet: str) -> SheetsClient:
        """The client for one run over a sheet."""
        return SheetsClient(spreadsheet, self.identity, self.time.clock, self.time.sleep, self.pace)

    def patiently(self, spreadsheet: str) -> SheetsClient:
        """The client for a sheet that is written to again and again, for as long as a roster takes."""
        return SheetsClient(spreadsheet, self.identity, self.time.clock, self.time.sleep, self.pace, math.inf)


class Accounts:
    """The accounts of a roster, of which one shard uses every ``of``-th from the ``number``-th on (from 1).

    Credentials are looked for when the first sheet needs them.
    """

    def __init__(self, environment: Mapping[str, str], file: str, time: Time, number: int, of: int) -> None:
        self._environment, self._file, self._time = environment, file, time
        self._number, self._of = number, of

    @cached_property
    def _all(self) -> list[Account]:
        return _read_accounts(self._environment, self._file)

    @cached_property
    def _connections(self) -> dict[str, Connection | None]:
        """Address -> how to reach its sheets; ``None``: another shard does."""
        projects: dict[str, Buckets] = {}
        found: dict[str, Connection | None] = {}
        for index, account in enumerate(self._all):
            if account.project not in projects:
                limit = PROJECT // len(self._shards_of(account.project))
                projects[account.project] = Buckets(self._time, limit)
            ours = index % self._of == self._number - 1
            pace = AccountPace(projects[account.project], ACCOUNT)
            found[account.address.casefold()] = Connection(account.identity, pace, self._time) if ours else None
        return found

    def _shards_of(self, project: str) -> set[int]:
        """The shards that use a project, among which its limit is divided."""
        return {index % self._of for index, account in enumerate(self._all) if account.project == project}

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self._all)

    @cached_property
    def own(self) -> Connection:
        """How this shard reaches the roster: as its own first account, or, if it has none, as the first of all."""
        ours = [connection for connection in self._connections.values() if connection is not None]
        if ours:
            return ours[0]
        return Connection(self._all[0].identity, AccountPace(Buckets(self._time), ACCOUNT), self._time)

    def of(self, address: str) -> tuple[str, Connection | None]:
        """An account by its address, the first where none is named, and how it reaches its sheets, if this shard does.

        Raises ``LookupError`` with a sentence for an account that is none of these.
        """
        name = address.casefold() or next(iter(self._connections))
        if name not in self._connections:
            raise LookupError(
                "Account names no account that this run has. Write the address with which the sheet is shared, or add "
                "the account to the file of --accounts."
            )
        return name, self._connections[name]
