"""What a backend is: what it must do, what it may do, and what opening one may depend on.

A backend knows how its kind of sheet keeps things and nothing of the rules.
"""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo
from pathlib import Path
from typing import Any, Protocol

from sheetflow.checks import Check
from sheetflow.errors import Notice, Refused, UsageError
from sheetflow.plan import Plan
from sheetflow.settings import Settings
from sheetflow.sheet import Sheet, Value
from sheetflow.table.claims import headers_known


class Kept(Refused):
    """Another sheetflow keeps this tracker, so this one reads it and does not write."""


class Outdated(Kept):
    """That other sheetflow is a newer one."""


@dataclass(frozen=True)
class Time:
    """Seconds that pass, and letting them pass: arguments, so that tests need not wait."""

    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


class Accounts(Protocol):
    """The accounts as which the trackers of a roster are reached, at the pace that each may keep."""

    @property
    def count(self) -> int:
        """How many there are."""

    @property
    def own(self) -> Any:
        """How the roster itself is reached: by ``patiently``, for ``Options.connect``."""

    def of(self, address: str) -> tuple[str, Callable[[str], Any] | None]:
        """An account by its address (none: the first), and its ``Options.connect``; ``None``: another shard's.

        Raises ``LookupError`` with a sentence for one that is none of these.
        """


class Preparation(Protocol):
    """What ``init`` would do to a sheet that exists."""

    @property
    def steps(self) -> Sequence[str]:
        """Each step in words; none: it has all that it needs."""

    def apply(self) -> None:
        """Do all of it. Raises ``SheetflowError``."""


class Backend(ABC):
    """One tracker, wherever it is."""

    @abstractmethod
    def read(self) -> Sheet:
        """Read the tracker's tab, once. Raises ``SheetflowError`` when it cannot be read."""

    @abstractmethod
    def apply(self, plan: Plan) -> Sheet | None:
        """Write a plan, all of it or nothing. ``None``: it stands as planned.

        A sheet: somebody edited it meanwhile, and this is how it stands now; plan again from it.
        Raises ``SheetflowError`` when it cannot be written.
        """

    def undo(self, plan: Plan) -> None:  # noqa: B027 - a hook, and most have nothing to undo
        """Take back what overtaken writes of ``plan`` and those before it left, where no further plan can be made."""

    def requests(self) -> str:
        """What it took, for the report: ``1 read, 1 write``; empty where nothing is asked for over a network."""
        return ""

    def access(self) -> Iterator[Check]:
        """For ``doctor``, before anything is read: who asks, and with which key."""
        yield from ()

    def examine(self, plan: Plan) -> Iterator[Check]:
        """For ``doctor``: what else stands between a plan and the sheet, such as the right to write."""
        yield from ()

    def prepare(self, settings: Callable[[Sheet], Settings]) -> Preparation:
        """For ``init``, of a sheet that exists: look, in one read, what it lacks."""
        raise UsageError("init makes a new file; this one is there. To bring it up to date, use run.")

    def extras(self, plan: Plan) -> Iterator[Notice]:
        """For ``remove``: what becomes of the columns of ours, and what else of ours there is."""
        raise UsageError("From this kind of tracker remove takes nothing away.")

    def remove(self, plan: Plan) -> None:
        """Carry out a removal, with the columns and whatever else is ours. Raises ``SheetflowError``."""
        raise UsageError("From this kind of tracker remove takes nothing away.")


class Format(Protocol):
    """What a local format offers: the module in its folder."""

    def open_file(self, path: Path, options: Options) -> Backend:
        """The tracker in a file, not yet read."""

    def export(self, plan: Plan) -> bytes:
        """A file of this format that holds a whole sheet of any other, with the plan's changes."""

    def new_tracker(self, path: Path, settings: Settings) -> bytes:
        """A file with an empty tracker."""


@dataclass(frozen=True)
class Options:
    """What opening a tracker may depend on."""

    zone: tzinfo | None = None
    """The time zone of a local file; ``None``: the computer's."""
    worksheet: str = ""
    output: str = ""
    """Write a local file here instead of in place."""
    columns: Mapping[str, str] = field(default_factory=dict)
    force: bool = False
    environment: Mapping[str, str] = field(default_factory=dict)
    headers_known: Callable[[Sequence[Value], Mapping[str, str]], int] = headers_known
    """How many headers of a row are known, for telling the separator of a file of text."""
    connect: Callable[[str], Any] | None = None
    """Makes the client for a spreadsheet's id, where an account serves many; else by the environment's credentials."""
    say: Callable[[str], None] = lambda _: None
    """Tells the person, while they wait, what is being waited for."""
