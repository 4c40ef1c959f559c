"""The pace of requests: Google allows an account 60 reads and 60 writes in any 60 seconds, and a project 300 of each.

https://developers.google.com/workspace/sheets/api/limits. A request waits here for its turn, so that Google need
never refuse one. When it was counted there is not known, only that it was between its start and its answer; so
it counts here from the one until 60 seconds after the other.
"""

from __future__ import annotations

import contextlib
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Protocol

from sheetflow.backends.base import Time

WINDOW = 60.5
"""Seconds that Google counts requests over, and half a one for clocks that differ."""
ACCOUNT, PROJECT = 60, 300
"""Requests of a kind in a window: of one account, and of all the accounts of a project."""
BEHIND = 2
"""How many requests may catch up at once when nobody was ready at their time."""
RECOVERY = 600.0
"""Seconds without a refusal after which a slowed bucket is allowed one more request a window."""


class Pace(Protocol):
    """What a client asks before it sends anything."""

    def turn(self, *, writing: bool) -> AbstractContextManager[None]:
        """Wait until a request may be sent; what is inside is the request."""

    def refused(self, wait: float, *, writing: bool) -> None:
        """Google refused a request for too many of its kind; none before ``wait`` seconds are over."""


class Unhurried:
    """The pace of a run over one sheet, which is two requests."""

    def turn(self, *, writing: bool) -> AbstractContextManager[None]:
        """Now."""
        return contextlib.nullcontext()

    def refused(self, wait: float, *, writing: bool) -> None:
        """The client itself waits."""


class Bucket:
    """At most ``limit`` requests in any window, evenly spread; times are seconds of one clock."""

    def __init__(self, limit: int) -> None:
        self.limit = self._most = max(1, limit)
        self._ends: deque[float] = deque()
        """When the requests of the last window were answered."""
        self._under_way, self._used = 0, False
        self._next = self._changed = float("-inf")

    def free_at(self, now: float) -> float:
        """When the next request may start: ``now`` or before for at once."""
        while self._ends and self._ends[0] <= now - WINDOW:
            self._ends.popleft()
        if self.limit < self._most and now - self._changed >= RECOVERY:
            self.limit, self._changed = self.limit + 1, now
        full = self._under_way + len(self._ends) - self.limit
        if full < 0:
            return self._next
        room = self._ends[full] + WINDOW if full < len(self._ends) else now + WINDOW / self.limit
        return max(self._next, room)

    def start(self, now: float) -> None:
        """A request starts."""
        self._under_way += 1
        apart = WINDOW / self.limit
        behind = now - BEHIND * apart if self._used else now  # a run just before this one may have used all there was
        self._next, self._used = max(self._next, behind) + apart, True

    def end(self, now: float) -> None:
        """A request is answered, or given up."""
        self._under_way -= 1
        self._ends.append(now)

    def slow(self, now: float, wait: float) -> None:
        """Google refused one: somebody else uses the account too. A tenth less from now on, and none for ``wait``."""
        self.limit, self._changed = max(1, self.limit - max(1, self._most // 10)), now
        self._next = max(self._next, now + wait)


class Buckets:
    """A project's reads and writes, and the lock for the buckets of all its accounts."""

    def __init__(self, time: Time, limit: int = PROJECT) -> None:
        self.time, self.lock = time, threading.Lock()
        self.reads, self.writes = Bucket(limit), Bucket(limit)


class AccountPace:
    """The pace of one account: its own two buckets, and its project's."""

    def __init__(self, project: Buckets, limit: int = ACCOUNT) -> None:
        self._project = project
        self.reads, self.writes = Bucket(limit), Bucket(limit)

    def _buckets(self, writing: bool) -> tuple[Bucket, Bucket]:
        return (self.writes, self._project.writes) if writing else (self.reads, self._project.reads)

    @contextlib.contextmanager
    def turn(self, *, writing: bool) -> Iterator[None]:
        """Wait until both buckets have room; what is inside is the request."""
        time, lock, buckets = self._project.time, self._project.lock, self._buckets(writing)
        while (wait := self._start(buckets)) > 0:
            time.sleep(wait)
        try:
            yield
        finally:
            with lock:
                for bucket in buckets:
                    bucket.end(time.clock())

    def _start(self, buckets: tuple[Bucket, Bucket]) -> float:
        """Start a request if there is room (0), else say how many seconds to wait."""
        with self._project.lock:
            now = self._project.time.clock()
            free = max(bucket.free_at(now) for bucket in buckets)
            if free > now:
                return free - now
            for bucket in buckets:
                bucket.start(now)
            return 0.0

    def refused(self, wait: float, *, writing: bool) -> None:
        """Honour a refusal of Google's, for all who use the account here."""
        with self._project.lock:
            self._buckets(writing)[0].slow(self._project.time.clock(), wait)
