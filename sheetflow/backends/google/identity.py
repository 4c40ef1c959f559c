"""Who we are to Google: the credentials, where they came from, and the address to share a sheet with."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from google.auth import identity_pool
from google.auth.credentials import Credentials
from google.auth.exceptions import GoogleAuthError
from google.oauth2 import service_account

from sheetflow.errors import SheetflowError

SCOPES = ("https://www.googleapis.com/auth/spreadsheets",)


class _NoLookUp:
    """Credentials without the look-up of "regional access boundaries" that google-auth starts in a thread.

    It is for organisations that keep their data in chosen regions, Google works without it, and a run of a
    few seconds should not leave a thread behind. A google-auth without the look-up never asks.
    """

    def _after_refresh(self, *_: object) -> None:
        pass


class _Key(_NoLookUp, service_account.Credentials):
    """A service account's key."""


class _Keyless(_NoLookUp, identity_pool.Credentials):
    """Workload Identity Federation, as google-github-actions/auth sets it up."""


class Identity:
    """Who we are to Google: credentials, the variable that they came from, and the address to share a sheet with."""

    def __init__(self, environment: Mapping[str, str], acting_as: str = "") -> None:
        """Find credentials in the environment; raises ``SheetflowError`` when there are none or they are broken.

        ``acting_as`` is the address of a service account that keyless credentials are to act as, instead of theirs.
        """
        self.kind, text = _find_credentials(environment)
        try:
            info = json.loads(text)
            self.keyless = info["type"] == "external_account"
            if acting_as:
                info = _acting_as(info, acting_as)
            self.credentials = _LOADERS[info["type"]](info, scopes=SCOPES)
        except (KeyError, ValueError, TypeError, AttributeError, GoogleAuthError):
            raise SheetflowError(
                f"The Google key in {self.kind} cannot be used: it must be the whole JSON file of a service account's "
                "key (or of keyless access), from the first brace to the last, unchanged. Paste it again, or make a "
                "new key."
            ) from None
        self.signing_in = threading.Lock()
        self.address = str(getattr(self.credentials, "service_account_email", None) or "not named in the credentials")


def _acting_as(info: dict[str, Any], address: str) -> dict[str, Any]:
    """Keyless credentials with another service account to act as."""
    if info["type"] != "external_account":
        raise SheetflowError(
            "Only keyless access can act as {address}, and these credentials are a key. Name the key files of the "
            "accounts instead, or set up keyless access; docs/keyless.md has the steps.",
            address=address,
        )
    where = "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/"
    return {**info, "service_account_impersonation_url": f"{where}{address}:generateAccessToken"}


_LOADERS: dict[str, Callable[..., Credentials]] = {
    "service_account": _Key.from_service_account_info,
    "external_account": _Keyless.from_info,
}


def _find_credentials(environment: Mapping[str, str]) -> tuple[str, str]:
    """The name of the variable that leads to credentials, and their text."""
    if text := environment.get("GOOGLE_CREDENTIALS", "").strip():
        return "GOOGLE_CREDENTIALS", text
    if path := environment.get("GOOGLE_APPLICATION_CREDENTIALS", "").strip():
        try:
            return "GOOGLE_APPLICATION_CREDENTIALS", Path(path).read_text(encoding="utf-8-sig")
        except (OSError, ValueError):
            raise SheetflowError(
                "GOOGLE_APPLICATION_CREDENTIALS names {file}, which cannot be read. Correct the path.", file=path
            ) from None
    raise SheetflowError(
        "There are no Google credentials. Put the service account's JSON key into GOOGLE_CREDENTIALS, or name its file "
        "in GOOGLE_APPLICATION_CREDENTIALS; the README's section Connect your own sheet has the steps."
    )
