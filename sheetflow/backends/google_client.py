"""Talking to the Sheets API: credentials, retries, and what each failure means for the person.

gspread's plain ``HTTPClient`` carries the requests and google-auth signs them; the retrying is ours, because
a write must never be sent twice (spec, section 8). Errors name their fix and quote neither key nor sheet.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import google.auth
import requests
from google.auth.exceptions import DefaultCredentialsError, GoogleAuthError, RefreshError, TransportError
from gspread.exceptions import APIError
from gspread.http_client import HTTPClient
from gspread.urls import SPREADSHEET_BATCH_UPDATE_URL, SPREADSHEET_URL

from sheetflow.errors import SheetflowError

SCOPES = ("https://www.googleapis.com/auth/spreadsheets",)
TRIES = 6
DEADLINE = 300.0
"""Seconds that a run may spend on requests and waiting, all told."""
TIMEOUT = (10.0, 100.0)
"""Seconds to connect, and to wait for an answer."""
LONGEST_WAIT = 64.0

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


class Identity:
    """Who we are to Google: credentials, of which kind, and the address to share a sheet with."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        """Find credentials in the environment; raises ``SheetflowError`` when there are none or they are broken."""
        self.kind, info = _find_credentials(environment)
        try:
            if info is not None:
                self.credentials, _ = google.auth.load_credentials_from_dict(info, scopes=SCOPES)
            else:
                self.credentials, _ = google.auth.default(scopes=SCOPES)
        except (DefaultCredentialsError, ValueError, GoogleAuthError, KeyError):
            raise SheetflowError(_NO_CREDENTIALS if info is None else _BROKEN_KEY, key=self.kind) from None
        address = getattr(self.credentials, "service_account_email", None) or (info or {}).get("client_email")
        self.address = str(address or "unknown here")


_NO_CREDENTIALS = (
    "There are no Google credentials. Put the service account's JSON key into GOOGLE_CREDENTIALS, or name its file in "
    "GOOGLE_APPLICATION_CREDENTIALS; the README's section Connect your own sheet has the steps."
)
_BROKEN_KEY = (
    "The Google key ({key}) cannot be used: it must be the whole JSON file of a service account key, from the first "
    "brace to the last, unchanged. Paste it again, or make a new key."
)


def _find_credentials(environment: Mapping[str, str]) -> tuple[str, Json | None]:
    text = environment.get("GOOGLE_CREDENTIALS", "").strip()
    if text:
        return "GOOGLE_CREDENTIALS", _parse_key(text, "GOOGLE_CREDENTIALS")
    path = environment.get("GOOGLE_APPLICATION_CREDENTIALS", "").strip()
    if path:
        try:
            content = Path(path).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            raise SheetflowError(
                "GOOGLE_APPLICATION_CREDENTIALS names {file}, which cannot be read. Correct the path.", file=path
            ) from None
        return "GOOGLE_APPLICATION_CREDENTIALS", _parse_key(content, "GOOGLE_APPLICATION_CREDENTIALS")
    raise SheetflowError(_NO_CREDENTIALS)


def _parse_key(text: str, where: str) -> Json:
    try:
        info = json.loads(text)
    except ValueError:
        raise SheetflowError(_BROKEN_KEY, key=where) from None
    if not isinstance(info, dict) or "type" not in info:
        raise SheetflowError(_BROKEN_KEY, key=where)
    return info


class SheetsClient:
    """One spreadsheet's two requests: ``get`` and ``batchUpdate``.

    ``clock`` and ``sleep`` (seconds) are arguments so that tests need not wait. ``reads`` and ``writes`` count
    what was sent.
    """

    def __init__(
        self,
        spreadsheet: str,
        identity: Identity,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._spreadsheet, self._identity = spreadsheet, identity
        self._http = HTTPClient(identity.credentials)
        self._http.set_timeout(TIMEOUT)
        self._clock, self._sleep = clock, sleep
        self._deadline = clock() + DEADLINE
        self.reads = self.writes = 0

    def get(self, fields: str) -> Json:
        """Read the spreadsheet under a field mask; tried again on 429, 5xx, timeouts and dropped connections."""

        def send() -> Json:
            self.reads += 1
            params = {"fields": fields, "prettyPrint": "false"}
            return _answer(self._http.request("get", SPREADSHEET_URL % self._spreadsheet, params=params))

        return self._persist(send, _passing)

    def batch_update(self, body: Json, fields: str) -> Json:
        """Write; tried again only on 429, which is a refusal.

        Raises ``Unclear`` when the answer was lost, ``Rejected`` on a 400.
        """

        def send() -> Json:
            self.writes += 1
            params = {"fields": fields, "prettyPrint": "false"}
            url = SPREADSHEET_BATCH_UPDATE_URL % self._spreadsheet
            return _answer(self._http.request("post", url, params=params, json=body))

        try:
            return self._persist(send, _refused_for_now)
        except _Failed as failure:
            if failure.status == 400:
                raise Rejected(failure.error) from None
            if failure.status is None or failure.status >= 500 or failure.status == 408:
                raise Unclear(failure.error) from None
            raise failure.error from None

    def _persist(self, send: Callable[[], Json], worth_another: Callable[[_Failed], bool]) -> Json:
        for attempt in range(1, TRIES + 1):
            try:
                return send()
            except (APIError, requests.RequestException, GoogleAuthError, _Nonsense) as error:
                failure = _Failed(error, self._identity)
            wait = failure.wait(attempt)
            given_up = attempt == TRIES or self._clock() + wait > self._deadline
            if given_up or not worth_another(failure):
                if worth_another is _passing or failure.before_sending:
                    raise failure.error from None
                raise failure
            self._sleep(wait)
        raise AssertionError("the last try returns or raises")


class _Nonsense(Exception):  # noqa: N818
    """An answer with status 200 that is not one of Google's: cut off, or a sign-in page."""


def _answer(response: requests.Response) -> Json:
    try:
        answer = response.json()
    except ValueError:
        raise _Nonsense from None
    if not isinstance(answer, dict):
        raise _Nonsense
    return answer


class _Failed(Exception):  # noqa: N818
    """One failed try: what it was, whether and when to try again, and what to tell the person."""

    def __init__(self, cause: Exception, identity: Identity) -> None:
        super().__init__(type(cause).__name__)
        self.cause = cause
        response = cause.response if isinstance(cause, APIError) else None
        self.status = response.status_code if response is not None else None
        self.reasons = _reasons(response)
        self.retry_after = _seconds(response.headers.get("Retry-After")) if response is not None else 0.0
        self.identity = identity

    @property
    def before_sending(self) -> bool:
        """Whether the request cannot have reached the API: no token, or no connection."""
        return isinstance(self.cause, (GoogleAuthError, requests.exceptions.ConnectTimeout, requests.exceptions.SSLError))

    def wait(self, attempt: int) -> float:
        """Seconds before the next try: doubling, jittered, and at least what the server asks for."""
        return max(self.retry_after, min(2.0**attempt, LONGEST_WAIT) * random.uniform(0.5, 1.0))  # noqa: S311 - jitter

    @property
    def error(self) -> SheetflowError:
        """What the person is told."""
        if isinstance(self.cause, GoogleAuthError):
            return _auth_error(self.cause)
        if isinstance(self.cause, _Nonsense):
            return SheetflowError(
                "What came back is not an answer of Google Sheets: a proxy or sign-in page may be in between. Check the "
                "network and run again; nothing is lost."
            )
        if self.status is None:
            return SheetflowError("Google Sheets cannot be reached. Check the network and run again; nothing is lost.")
        return self._status_error(self.status)

    def _status_error(self, status: int) -> SheetflowError:
        address = self.identity.address
        if status == 403 and "SERVICE_DISABLED" in self.reasons:
            return SheetflowError(
                "The Google Sheets API is switched off in the key's project. Enable it here, wait a minute and run "
                "again: https://console.cloud.google.com/apis/library/sheets.googleapis.com"
            )
        if status == 403 and not self.limited:
            return SheetflowError(
                "The sheet is not shared with sheetflow. In the sheet choose Share, and share the sheet with the "
                "client_email of your key ({address}) as Editor.",
                address=address,
            )
        if status == 404:
            return SheetflowError(
                "There is no such spreadsheet: the link or id is wrong, or the sheet was deleted. Copy the link from "
                "the browser again, and share the sheet with the client_email of your key ({address}) as Editor.",
                address=address,
            )
        if status == 401:
            return SheetflowError(
                "Google did not accept the key: it was revoked, or its service account is gone. Make a new key and put "
                "it into GOOGLE_CREDENTIALS."
            )
        if self.limited:
            return SheetflowError(
                "Google allows only so many requests a minute and refused more. Run again in a few minutes; nothing is "
                "lost."
            )
        if status == 400 and "FAILED_PRECONDITION" in self.reasons:
            return SheetflowError(
                "The link leads to a file that is not a Google Sheet, perhaps an Excel file kept in Drive. Open it and "
                "choose File > Save as Google Sheets, then use the new link."
            )
        if status >= 500 or status == 408:
            return SheetflowError(
                f"Google Sheets does not answer properly right now (status {status}). Run again later; nothing is lost."
            )
        return SheetflowError(
            f"Google Sheets refused the request (status {status}): {{message}} If the sheet has protected ranges, "
            "sheetflow doctor names those in the way.",
            message=_message(self.cause),
        )

    @property
    def limited(self) -> bool:
        """Refused for too many requests; older answers say so with a 403."""
        limits = {"RATE_LIMIT_EXCEEDED", "rateLimitExceeded", "userRateLimitExceeded", "RESOURCE_EXHAUSTED"}
        return self.status == 429 or (self.status == 403 and bool(limits & self.reasons))


def _passing(failure: _Failed) -> bool:
    """Whether a read may go better next time."""
    if isinstance(failure.cause, GoogleAuthError):
        return isinstance(failure.cause, TransportError) or bool(getattr(failure.cause, "retryable", False))
    if isinstance(failure.cause, requests.exceptions.SSLError):
        return False
    return failure.status is None or failure.limited or failure.status >= 500 or failure.status == 408


def _refused_for_now(failure: _Failed) -> bool:
    """Whether a write was refused before anything was applied, and may be sent again."""
    return failure.limited or (failure.before_sending and _passing(failure))


def _auth_error(cause: GoogleAuthError) -> SheetflowError:
    text = str(cause)
    if isinstance(cause, RefreshError) and "invalid_grant" in text:
        if "iat" in text or "exp" in text or "timeframe" in text:
            return SheetflowError(
                "Google did not accept the key because this computer's clock is off. Set it to the right time and run "
                "again."
            )
        return SheetflowError(
            "Google did not accept the key: it was deleted or revoked, or its service account is gone. Make a new key "
            "and put it into GOOGLE_CREDENTIALS."
        )
    if isinstance(cause, TransportError):
        return SheetflowError("Google's sign-in cannot be reached. Check the network and run again; nothing is lost.")
    return SheetflowError(
        "Google's sign-in failed ({kind}). Check the key in GOOGLE_CREDENTIALS or the keyless set-up, and run again.",
        kind=type(cause).__name__,
    )


def _reasons(response: requests.Response | None) -> frozenset[str]:
    """The machine-readable reasons in an error's body, wherever Google puts them."""
    try:
        error = response.json()["error"] if response is not None else {}
        details = [*error.get("details", []), *error.get("errors", [])]
        return frozenset({str(error.get("status")), *(str(d.get("reason")) for d in details)})
    except (ValueError, KeyError, TypeError, AttributeError):
        return frozenset()


def _message(cause: Exception) -> str:
    error = getattr(cause, "error", None)
    return str(error.get("message", "")) if isinstance(error, dict) else ""


def _seconds(header: str | None) -> float:
    """``Retry-After`` in seconds (RFC 9110, section 10.2.3; Google sends the number form)."""
    try:
        return max(0.0, float(header or 0))
    except ValueError:
        return 0.0
