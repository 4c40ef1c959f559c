"""Several visits at once: the limit is Google's, so an account's next sheet is asked for while others are answered.

Of an account one sheet is visited alone first; when that went well, several at a time. When Google refuses its
credentials for three sheets in a row, the rest of that account's sheets are left.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from queue import SimpleQueue

from sheetflow.errors import SheetflowError
from sheetflow.roster.entries import Entry
from sheetflow.roster.results import Result

AT_ONCE = 4
"""Sheets of an account under way at a time: a read and a write take seconds, and one a second may begin."""
REFUSALS = 3
"""So many sheets in a row for which an account's credentials are refused, and the account is left."""

Visit = Callable[[Entry], tuple[Result, SheetflowError | None]]


@dataclass
class Line:
    """The sheets of one account, in the order in which they are to be visited."""

    entries: deque[Entry]
    visit: Visit
    refused: int = 0
    error: SheetflowError | None = None
    """Why the account was left."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def next(self) -> Entry | None:
        """The next sheet; none when all are under way or done, or the account was left."""
        with self.lock:
            return self.entries.popleft() if self.entries and self.error is None else None

    def note(self, error: SheetflowError | None) -> None:
        """Count refusals of the credentials in a row."""
        with self.lock:
            self.refused = self.refused + 1 if error is not None and error.access == "refused" else 0
            if self.refused == REFUSALS:
                self.error = error


@dataclass
class Crew:
    """The threads at work on some lines; they are gone when all is visited."""

    lines: Iterable[Line]
    _done: SimpleQueue[tuple[Entry, Result] | BaseException | int] = field(default_factory=SimpleQueue)
    """What was visited, what broke a thread, and by how many the threads became more or fewer."""
    _stopped: threading.Event = field(default_factory=threading.Event)

    def results(self) -> Iterator[tuple[Entry, Result]]:
        """Each sheet with what came of it, as it comes. Closed early, no further sheet is begun."""
        try:
            for line in self.lines:
                self._start(line, first=True)
            running = 0
            while True:
                running, item = self._take(running)
                if item is None:
                    return
                yield item
        finally:
            self._stopped.set()

    def _take(self, running: int) -> tuple[int, tuple[Entry, Result] | None]:
        """The next result; ``None`` when no thread is left to bring one."""
        while not self._done.empty() or running:
            item = self._done.get()
            if isinstance(item, BaseException):
                raise item
            if isinstance(item, tuple):
                return running, item
            running += item
        return running, None

    def _start(self, line: Line, *, first: bool) -> None:
        self._done.put(+1)
        threading.Thread(target=self._work, args=(line, first), name="roster", daemon=True).start()

    def _work(self, line: Line, alone: bool) -> None:
        try:
            while not self._stopped.is_set() and (entry := line.next()) is not None:
                result, error = line.visit(entry)
                line.note(error)
                self._done.put((entry, result))
                if alone and (error is None or error.access != "refused"):
                    alone = False
                    for _ in range(min(AT_ONCE - 1, len(line.entries))):
                        self._start(line, first=False)
        except BaseException as error:  # noqa: BLE001 - it is the caller's, who waits for it
            self._done.put(error)
        finally:
            self._done.put(-1)
