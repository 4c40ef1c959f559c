"""What can go wrong on the way, what happens in between, and the record of it all."""

from __future__ import annotations

import json
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from .errors import STATUS, Json

Kind = Literal["connect", "token", "boundary", "read", "write", "other"]
ALWAYS: Final = "always"
When = int | Collection[int] | Literal["always"]

BAD_GATEWAY = (
    "<!DOCTYPE html>\n<html lang=en>\n<title>Error {code} (Server Error)!!1</title>\n"
    "<p><b>{code}.</b> <ins>That’s an error.</ins>\n"
    "<p>The server encountered a temporary error and could not complete your request.<p>Please try again in "
    "30 seconds. <ins>That’s all we know.</ins>\n"
)
LOGIN_PAGE = (
    "<!DOCTYPE html><html><head><title>Sign in - Google Accounts</title></head><body><h1>Sign in</h1>"
    "<p>to continue to Sheets</p></body></html>"
)


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong with a request. Make them with the class methods."""

    code: int | None = None
    body: bytes = b""
    content_type: str = "application/json; charset=UTF-8"
    headers: dict[str, str] = field(default_factory=dict)
    apply: bool = False
    ending: Literal["answer", "reset", "hang", "truncate"] = "answer"
    seconds: float = 0.0

    @classmethod
    def status(cls, code: int, message: str = "", retry_after: str | None = None, **more: Any) -> Fault:
        """Answer with an error in Google's JSON form; nothing is applied unless ``apply=True``."""
        text = message or STATUS.get(code, "Error").replace("_", " ").capitalize() + "."
        error: Json = {"code": code, "message": text, "status": STATUS.get(code, "UNKNOWN")}
        headers = {"Retry-After": retry_after} if retry_after is not None else {}
        return cls(code, json.dumps({"error": error}, indent=2).encode(), headers=headers, **more)

    @classmethod
    def html(cls, code: int = 502, text: str = "", retry_after: str | None = None, **more: Any) -> Fault:
        """Answer with an error page in HTML, as Google's front end sends for 502 and 503."""
        headers = {"Retry-After": retry_after} if retry_after is not None else {}
        page = (text or BAD_GATEWAY.format(code=code)).encode()
        return cls(code, page, "text/html; charset=UTF-8", headers, **more)

    @classmethod
    def login_page(cls) -> Fault:
        """Answer with a proxy's or Google's sign-in page and status 200."""
        return cls(200, LOGIN_PAGE.encode(), "text/html; charset=UTF-8")

    @classmethod
    def reset(cls) -> Fault:
        """Reset the connection before the request is processed."""
        return cls(ending="reset")

    @classmethod
    def reset_after(cls) -> Fault:
        """Apply the request, then reset the connection: the ambiguous case."""
        return cls(apply=True, ending="reset")

    @classmethod
    def hang(cls, seconds: float = 5.0, apply: bool = False) -> Fault:
        """No answer; the connection stays open until the client gives up, at most *seconds*."""
        return cls(apply=apply, ending="hang", seconds=seconds)

    @classmethod
    def truncated(cls) -> Fault:
        """Apply the request; let half of its JSON answer arrive."""
        return cls(apply=True, ending="truncate")

    @classmethod
    def slow(cls, seconds: float) -> Fault:
        """Apply and answer the request, but late."""
        return cls(apply=True, seconds=seconds)

    @classmethod
    def invalid_grant(cls, description: str = "Invalid JWT Signature.") -> Fault:
        """Let the token endpoint refuse the key."""
        return cls(400, json.dumps({"error": "invalid_grant", "error_description": description}).encode())

    @classmethod
    def bad_certificate(cls) -> Fault:
        """For kind ``connect``: TLS with a certificate of somebody else."""
        return cls(code=0)

    @classmethod
    def refuse_connect(cls, code: int = 502) -> Fault:
        """For kind ``connect``: the proxy refuses."""
        return cls(code=code)


@dataclass
class Exchange:
    """One request and its answer, as recorded."""

    kind: Kind
    method: str
    host: str
    path: str
    query: dict[str, list[str]]
    request: bytes
    status: int = 0
    response: bytes = b""
    fault: Fault | None = None
    headers: dict[str, str] = field(default_factory=dict)
    caller: str = ""
    """The account that asked."""

    @property
    def body(self) -> Any:
        """The parsed request body."""
        return json.loads(self.request) if self.request else None

    @property
    def answer(self) -> Any:
        """The parsed answer."""
        return json.loads(self.response)


@dataclass
class Planned:
    """Something to happen at the n-th request of a kind, counted from when it was planned."""

    moment: str
    kind: Kind
    numbers: frozenset[int] | None
    what: Any
    seen: int = 0


@dataclass
class Due:
    """What is planned for one request."""

    plans: list[Planned]

    @property
    def fault(self) -> Fault | None:
        """The first fault planned for it."""
        return next((plan.what for plan in self.plans if plan.moment == "fault"), None)

    def call(self, moment: str) -> None:
        """Run the callbacks of a moment, in the order planned."""
        for plan in self.plans:
            if plan.moment == moment:
                plan.what()


class Schedule:
    """Callbacks and faults to come."""

    def __init__(self) -> None:
        self.plans: list[Planned] = []

    def add(self, moment: str, kind: Kind, when: When, what: Any) -> None:
        """Plan *what* for the n-th request of *kind* from now (1 is the next), several, or always."""
        several = [when] if isinstance(when, int) else when
        numbers = None if isinstance(several, str) else frozenset(several)
        self.plans.append(Planned(moment, kind, numbers, what))

    def arrive(self, kind: Kind) -> Due:
        """Count a request, whatever becomes of it, and return what is planned for it."""
        due: list[Planned] = []
        for plan in self.plans:
            if plan.kind == kind:
                plan.seen += 1
                if plan.numbers is None or plan.seen in plan.numbers:
                    due.append(plan)
        return Due(due)

    def clear(self) -> None:
        """Forget all plans."""
        self.plans.clear()


class Limits:
    """Google's quota of an account and of a project: reads, and writes, in any 60 seconds, on a clock of the test's.

    A project is what an account's address has after the ``@``. ``most`` remembers the fullest 60 seconds there were.
    """

    def __init__(self, account: int, project: int, clock: Callable[[], float]) -> None:
        self.limits, self.clock = {"account": account, "project": project}, clock
        self.times: dict[tuple[str, str, str], deque[float]] = defaultdict(deque)
        self.most: Counter[tuple[str, str, str]] = Counter()
        self.all: Counter[tuple[str, str, str]] = Counter()

    def take(self, kind: Kind, email: str) -> bool:
        """Use one request; False when the account, or its project, has none left."""
        if kind not in ("read", "write"):
            return True
        now = self.clock()
        keys = [("account", email, str(kind)), ("project", email.rpartition("@")[2], str(kind))]
        for key in keys:
            while self.times[key] and self.times[key][0] <= now - 60:
                self.times[key].popleft()
        if any(len(self.times[key]) >= self.limits[key[0]] for key in keys):
            return False
        for key in keys:
            self.times[key].append(now)
            self.all[key] += 1
            self.most[key] = max(self.most[key], len(self.times[key]))
        return True


class Quota:
    """N reads and N writes a minute, refilled each minute (https://developers.google.com/sheets/api/limits)."""

    def __init__(self, per_minute: int | None, clock: Callable[[], float]) -> None:
        self.per_minute, self.clock = per_minute, clock
        self.used: dict[tuple[str, int], int] = {}

    def take(self, kind: Kind) -> bool:
        """Use one request; False when there is none left."""
        if self.per_minute is None or kind not in ("read", "write"):
            return True
        minute = (kind, int(self.clock() // 60))
        self.used[minute] = self.used.get(minute, 0) + 1
        return self.used[minute] <= self.per_minute
