"""What went wrong with one request to Google: whether to try again, and what to tell the person.

Every message names its fix in words of our own, which are shown in public logs too; addresses, projects and
Google's own words are private parts, and neither keys nor cells are ever quoted.
"""

from __future__ import annotations

import json
import random
import ssl
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import requests
from google.auth.exceptions import GoogleAuthError, TransportError
from gspread.exceptions import APIError
from urllib3.exceptions import NewConnectionError

from sheetflow.errors import SheetflowError

if TYPE_CHECKING:
    from sheetflow.backends.google.identity import Identity

Json = dict[str, Any]

LONGEST_WAIT = 64.0
_LIMITS = frozenset({"RATE_LIMIT_EXCEEDED", "RESOURCE_EXHAUSTED", "rateLimitExceeded", "userRateLimitExceeded"})
_DISOWNED = frozenset({"SERVICE_DISABLED", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"})
_LATER = "Run again later; nothing is lost."
_NETWORK = "Check the network and run again; nothing is lost."


class NonsenseError(Exception):
    """An answer with status 200 that is not one of Google's: cut off, or a sign-in page."""


class SignInRefused(Exception):  # noqa: N818 - an answer, like gspread's APIError
    """Google's sign-in answered with something other than a token."""

    def __init__(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        super().__init__(status)
        self.status, self.headers = status, headers
        self.text = body.decode("utf-8", "replace")


class Failure(Exception):  # noqa: N818 - one try that failed; the error is what comes of all of them
    """One failed try of a request."""

    def __init__(self, cause: Exception, identity: Identity, *, writing: bool) -> None:
        super().__init__(type(cause).__name__)
        self.cause, self.identity, self.writing = cause, identity, writing
        self.status: int | None = None
        headers: Mapping[str, str] = {}
        text = ""
        if isinstance(cause, APIError):
            self.status, headers, text = cause.response.status_code, cause.response.headers, cause.response.text
        elif isinstance(cause, SignInRefused):
            self.status, headers, text = cause.status, cause.headers, cause.text
        self.retry_after = _seconds(headers.get("Retry-After"))
        self._details = list(_details(text))
        self._reasons = {str(detail.get("reason") or detail.get("status")) for detail in self._details}

    @property
    def never_sent(self) -> bool:
        """Whether the request cannot have reached the API: no token, no connection, or a false certificate.

        A ``ProxyError`` proves nothing: urllib3 also raises it when a connection breaks after the request.
        """
        if isinstance(self.cause, (GoogleAuthError, SignInRefused, requests.ConnectTimeout)):
            return True
        return _untrusted(self.cause) or any(isinstance(one, NewConnectionError) for one in _causes(self.cause))

    @property
    def limited(self) -> bool:
        """Refused for too many requests; older answers say so with a 403."""
        return self.status == 429 or (self.status == 403 and bool(_LIMITS & self._reasons))

    @property
    def passing(self) -> bool:
        """Whether it may go better next time."""
        if isinstance(self.cause, GoogleAuthError):
            return isinstance(self.cause, TransportError) and not _untrusted(self.cause)
        if isinstance(self.cause, SignInRefused) and (self.status == 409 or self.cause.text.lstrip().startswith("<")):
            return True
        if self.status is None:
            return not _untrusted(self.cause)
        return self.limited or self.overloaded

    @property
    def overloaded(self) -> bool:
        """Whether the trouble is Google's own: 5xx, or a request that took it too long."""
        return self.status is not None and (self.status >= 500 or self.status == 408)

    def wait(self, attempt: int) -> float:
        """Seconds before the next try: doubling, jittered, and at least what the server asks for."""
        return max(self.retry_after, min(2.0**attempt, LONGEST_WAIT) * random.uniform(0.5, 1.0))  # noqa: S311 - jitter

    @property
    def error(self) -> SheetflowError:
        """What the person is told."""
        error = self._error
        error.passing = self.passing
        if self._disowned:
            error.access = "refused"
        elif self.status == 403 and not self.limited and not self.writing:
            error.access = "unshared"
        return error

    @property
    def _disowned(self) -> bool:
        """Whether Google will have none of our credentials, whatever they are used for."""
        if isinstance(self.cause, (GoogleAuthError, SignInRefused)):
            return not self.passing
        return self.status == 401 or (self.status == 403 and bool(_DISOWNED & self._reasons))

    @property
    def _error(self) -> SheetflowError:
        if _untrusted(self.cause):
            return SheetflowError(
                "The connection to Google cannot be trusted: the certificate is somebody else's or out of date. Check "
                "this computer's clock, and whether a proxy stands in between."
            )
        if isinstance(self.cause, TransportError):
            return SheetflowError("Google's sign-in cannot be reached. " + _NETWORK)
        if isinstance(self.cause, (GoogleAuthError, SignInRefused)):
            return self._no_sign_in(self.status)
        if isinstance(self.cause, NonsenseError):
            return SheetflowError(
                "What came back is not an answer of Google Sheets: a proxy or a sign-in page may be in between. "
                + _NETWORK
            )
        if self.status is None:
            return SheetflowError("Google Sheets cannot be reached. " + _NETWORK)
        return self._refusal(self.status)

    def _no_sign_in(self, status: int | None) -> SheetflowError:
        if self.limited:
            return SheetflowError("Google's sign-in allows only so many requests a minute and refused more. " + _LATER)
        if self.passing:
            return SheetflowError(f"Google's sign-in does not answer properly right now (status {status}). {_LATER}")
        if isinstance(self.cause, SignInRefused) and "timeframe" in self.cause.text:
            return SheetflowError(
                "Google did not accept the key, since this computer's clock is off. Set it to the right time and run "
                "again."
            )
        if self.identity.keyless:
            return SheetflowError(
                "Google's sign-in without a key failed. Check that the identity provider admits this repository, and "
                "that it may act as the service account (role Workload Identity User); the docs have the steps."
            )
        if status in (None, 400, 401):
            return SheetflowError(_gone(self.identity))
        return SheetflowError(
            f"Google's sign-in refused to answer (status {status}). A proxy may be in between; otherwise make a new "
            f"key and put it into {self.identity.kind}."
        )

    def _refusal(self, status: int) -> SheetflowError:
        if self.limited:
            return SheetflowError("Google allows only so many requests a minute and refused more. " + _LATER)
        if self.overloaded:
            return SheetflowError(f"Google Sheets does not answer properly right now (status {status}). {_LATER}")
        if status == 401:
            return SheetflowError(_gone(self.identity))
        if status == 403:
            return self._forbidden()
        if status == 404:
            return self._with_address(
                "There is no such spreadsheet: the link or id is wrong, or the sheet was deleted. Copy the link from "
                "the browser again, and share the sheet with {whom} as Editor."
            )
        if status == 400 and "FAILED_PRECONDITION" in self._reasons:
            return SheetflowError(
                "The link leads to a file that is not a Google Sheet, perhaps an Excel file kept in Drive. Open it and "
                "choose File > Save as Google Sheets, then use the new link."
            )
        if "protected cell" in self._message:
            return self._with_address(
                "A protected range is in the way. Let {whom} edit it under Data > Protect sheets and ranges, or leave "
                "sheetflow's columns out of it; sheetflow doctor names it."
            )
        return SheetflowError(
            f"Google Sheets refused the request (status {status}). Run sheetflow doctor to see what may be the matter. "
            "What Google says: {message}",
            message=self._message,
        )

    def _forbidden(self) -> SheetflowError:
        if "SERVICE_DISABLED" in self._reasons:
            return SheetflowError(
                "The Google Sheets API is switched off in the key's project ({project}). Enable it here, wait a minute "
                "and run again: https://console.cloud.google.com/apis/library/sheets.googleapis.com",
                project=self._project,
            )
        if self.writing:
            return self._with_address(
                "sheetflow may look at the sheet but not change it. In the sheet choose Share, and share the sheet "
                "with {whom} as Editor rather than Viewer."
            )
        return self._with_address(
            "The sheet is not shared with sheetflow. In the sheet choose Share, and share the sheet with {whom} as "
            "Editor."
        )

    def _with_address(self, template: str) -> SheetflowError:
        whom = "the service account of the keyless access" if self.identity.keyless else "the client_email of your key"
        return SheetflowError(template.replace("{whom}", f"{whom} ({{address}})"), address=self.identity.address)

    @property
    def _message(self) -> str:
        return next((str(detail["message"]) for detail in self._details if detail.get("message")), "")

    @property
    def _project(self) -> str:
        found = (detail.get("metadata", {}).get("containerInfo") for detail in self._details)
        return next((str(project) for project in found if project), "its number is in the key")


def _details(text: str) -> Iterator[Json]:
    """The parts of an error's body, wherever Google puts its machine-readable reasons."""
    try:
        error = json.loads(text)["error"]
        parts = [error, *error.get("details", []), *error.get("errors", [])]
    except (ValueError, KeyError, TypeError, AttributeError):
        return
    yield from (part for part in parts if isinstance(part, dict))


def _seconds(header: str | None) -> float:
    """``Retry-After`` in seconds (RFC 9110, section 10.2.3; Google sends the number form)."""
    try:
        return max(0.0, float(header or 0))
    except ValueError:
        return 0.0


def _causes(error: BaseException) -> list[BaseException]:
    """An exception and what it wraps, in the ways that google-auth, requests and urllib3 do it."""
    found = [error]
    for one in found:
        inner = (*one.args, one.__cause__, getattr(one, "reason", None))
        found += [other for other in inner if isinstance(other, BaseException) and other not in found]
    return found


def _untrusted(error: BaseException) -> bool:
    return any(isinstance(one, ssl.SSLCertVerificationError) for one in _causes(error))


def _gone(identity: Identity) -> str:
    if identity.keyless:
        return "Google did not accept the keyless access. Set it up again; the docs have the steps."
    return (
        "Google did not accept the key: it was deleted or revoked, or its service account is gone. Make a new key and "
        f"put it into {identity.kind}."
    )
