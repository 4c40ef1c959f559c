"""Talking to the Sheets API: the two requests with their retries.

gspread's plain ``HTTPClient`` carries the requests and google-auth signs them; the retrying is ours, because
a write must never be sent twice (spec, section 8).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Any

import requests
from google.auth.exceptions import GoogleAuthError, TransportError
from google.auth.transport.requests import AuthorizedSession, Request
from gspread.exceptions import APIError
from gspread.http_client import HTTPClient
from gspread.urls import SPREADSHEET_BATCH_UPDATE_URL, SPREADSHEET_URL

from sheetflow.backends.google.failures import Failure, NonsenseError, SignInRefused
from sheetflow.backends.google.identity import Identity
from sheetflow.backends.google.pace import Pace, Unhurried
from sheetflow.errors import SheetflowError

TRIES = 6
DEADLINE = 300.0
"""Seconds that a run may spend on requests and waiting, all told."""
CONNECT, ANSWER, LEAST = 10.0, 100.0, 10.0
"""Seconds to connect, and to wait for an answer: at most, and at least, however late it is."""

Json = dict[str, Any]


class Unclear(Exception):  # noqa: N818 - not an error of its own: it asks for another look at the sheet
    """A write whose fate is not known: it may have been applied. Read again, never resend."""

    def __init__(self, cause: SheetflowError) -> None:
        super().__init__(type(cause).__name__)
        self.cause = cause


class Rejected(Exception):  # noqa: N818 - likewise
    """A write that Google refused as a whole (400), perhaps because the sheet has changed since it was read."""

    def __init__(self, cause: SheetflowError) -> None:
        super().__init__(type(cause).__name__)
        self.cause = cause


class SheetsClient:
    """One spreadsheet's two requests: ``get`` and ``batchUpdate``.

    ``clock`` and ``sleep`` (seconds) are arguments so that tests need not wait; ``pace`` is asked before each try.
    ``reads`` and ``writes`` count what was sent.
    """

    def __init__(
        self,
        spreadsheet: str,
        identity: Identity,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        pace: Pace | None = None,
        deadline: float = DEADLINE,
    ) -> None:
        self._spreadsheet, self.identity = spreadsheet, identity
        session = AuthorizedSession(identity.credentials, refresh_status_codes=())  # type: ignore[no-untyped-call]
        self._http = HTTPClient(identity.credentials, session)  # which signs, and leaves signing in again to us
        self._clock, self._sleep, self._pace = clock, sleep, pace or Unhurried()
        self._deadline = clock() + deadline
        self.reads = self.writes = self._unclear = 0

    def get(self, fields: str) -> Json:
        """Read the spreadsheet under a field mask; tried again on 429, 5xx, timeouts and dropped connections."""

        def send() -> Json:
            self.reads += 1
            answer = self._request("get", SPREADSHEET_URL, fields)
            if "sheets" not in answer:
                raise NonsenseError
            return answer

        try:
            return self._persist(send, writing=False)
        except Failure as failure:
            raise failure.error from None

    def batch_update(self, body: Json, fields: str) -> Json:
        """Write; tried again only if Google cannot have applied it: on 429, and when it was never sent.

        Raises ``Unclear`` when the answer was lost, after the pause that is due before another write, and
        ``Rejected`` when Google refused the write as it is.
        """

        def send() -> Json:
            self.writes += 1
            return self._request("post", SPREADSHEET_BATCH_UPDATE_URL, fields, body)

        try:
            return self._persist(send, writing=True)
        except Failure as failure:
            if failure.status in (400, 409) and not failure.never_sent:
                raise Rejected(failure.error) from None
            if failure.never_sent or not failure.passing or failure.limited:
                raise failure.error from None
            self._unclear += 1
            wait = failure.wait(self._unclear)
            if self._unclear == TRIES or self._clock() + wait + LEAST > self._deadline:
                raise failure.error from None
            self._sleep(wait)
            raise Unclear(failure.error) from None

    def _request(self, method: str, url: str, fields: str, body: Json | None = None) -> Json:
        params: Json = {"fields": fields, "prettyPrint": "false"}
        response = self._http.request(method, url % self._spreadsheet, params=params, json=body)
        try:
            answer = response.json()
        except ValueError:
            raise NonsenseError from None
        if not isinstance(answer, dict):
            raise NonsenseError
        return answer

    def _persist(self, send: Callable[[], Json], *, writing: bool) -> Json:
        """Send until it works, is hopeless, or took too long; raises the last ``Failure``."""
        renewed = False
        for attempt in range(1, TRIES + 1):
            left = self._deadline - self._clock()
            self._http.set_timeout((CONNECT, max(LEAST, min(ANSWER, left))))
            try:
                self._sign_in()
                with self._pace.turn(writing=writing):
                    return send()
            except (APIError, OSError, GoogleAuthError, NonsenseError, SignInRefused) as error:  # OSError: requests'
                failure = Failure(error, self.identity, writing=writing)
            if failure.status == 401 and not failure.never_sent and not renewed:  # the token ran out on the way
                renewed, self.identity.credentials.token = True, None
                continue
            wait = failure.wait(attempt)
            if failure.limited and not failure.never_sent:
                self._pace.refused(wait, writing=writing)
            again = failure.limited or (failure.passing and (failure.never_sent or not writing))
            if not again or attempt == TRIES or self._clock() + wait + LEAST > self._deadline:
                break
            self._sleep(wait)
        raise failure

    def _sign_in(self) -> None:
        """Get a token unless there is one: apart from the request, since it fails in its own ways."""
        if self.identity.credentials.valid:
            return
        with self.identity.signing_in:  # several sheets of an account may be at work
            if not self.identity.credentials.valid:
                self._get_token()

    def _get_token(self) -> None:
        try:
            with requests.Session() as session:
                request = _asking_once(partial(Request(session), timeout=self._http.timeout))
                self.identity.credentials.refresh(request)  # type: ignore[no-untyped-call]
        except GoogleAuthError:
            raise
        except (TypeError, KeyError, ValueError):  # what google-auth makes of an answer that is not JSON
            raise TransportError("not an answer of Google's sign-in") from None  # type: ignore[no-untyped-call]


def _asking_once(request: Callable[..., Any]) -> Callable[..., Any]:
    """google-auth's transport, but a refusal ends it there: it would ask again by itself, and so do we."""

    def ask(*args: Any, **options: Any) -> Any:
        response = request(*args, **options)
        if response.status != 200:
            raise SignInRefused(response.status, response.headers, response.data)
        return response

    return ask
