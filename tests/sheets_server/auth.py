"""Google's token endpoints: a signed JWT for an access token, and keyless Workload Identity Federation.

https://developers.google.com/identity/protocols/oauth2/service-account and
https://cloud.google.com/iam/docs/reference/sts/rest/v1/TopLevel/token. The shapes asked for are those that
google-auth sends.
"""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from .errors import ApiError, Json, unauthenticated
from .keys import ServiceAccount, rsa_key

SPREADSHEETS = "https://www.googleapis.com/auth/spreadsheets"
TOKEN_URL = "https://oauth2.googleapis.com/token"
SUBJECT_TOKEN = "a.subject.token"
AUDIENCE = "//iam.googleapis.com/projects/902817465310/locations/global/workloadIdentityPools/ci/providers/github"
LIFETIME = 3599
SKEW = 300


class OAuthError(Exception):
    """An OAuth error body: ``{"error", "error_description"}``."""

    def __init__(self, code: int, error: str, description: str) -> None:
        super().__init__(description)
        self.code = code
        self.body = {"error": error, "error_description": description}


@dataclass
class Token:
    """An access token that was given out."""

    email: str
    scopes: frozenset[str]
    expires: datetime


@dataclass
class Authority:
    """Knows the service accounts, gives tokens out, and recognises them."""

    clock: Callable[[], datetime]
    accounts: dict[str, ServiceAccount] = field(default_factory=dict)
    allowed_scopes: set[str] = field(default_factory=lambda: {SPREADSHEETS})
    scopes_asked: list[str] = field(default_factory=list)
    tokens: dict[str, Token] = field(default_factory=dict)
    lifetime: int = LIFETIME

    def grant(self, form: bytes) -> Json:
        """``POST https://oauth2.googleapis.com/token``: the answer, or OAuthError."""
        fields = {key: values[0] for key, values in parse_qs(form.decode()).items()}
        if fields.get("grant_type") != "urn:ietf:params:oauth:grant-type:jwt-bearer":
            raise OAuthError(400, "unsupported_grant_type", f"Invalid grant_type: {fields.get('grant_type', '')}")
        claims = self._claims(fields.get("assertion", ""))
        scopes = claims.get("scope", "").split()
        self.scopes_asked += scopes
        if not scopes or not set(scopes) <= self.allowed_scopes:
            raise OAuthError(400, "invalid_scope", "Invalid OAuth scope or ID token audience provided.")
        return {
            "access_token": self.issue(claims["iss"], scopes),
            "expires_in": self.lifetime,
            "token_type": "Bearer",
        }

    def _claims(self, assertion: str) -> Json:
        """Return the verified claims of a JWT (RS256)."""
        try:
            header, payload, signature = (_decode(part) for part in assertion.split("."))
            head, claims = json.loads(header), json.loads(payload)
        except ValueError:
            raise OAuthError(400, "invalid_request", "Bad Request") from None
        if head.get("alg") != "RS256":
            raise OAuthError(400, "invalid_grant", "Invalid JWT: Failed audience check.")
        account = self.accounts.get(claims.get("iss", ""))
        if account is None:
            raise OAuthError(400, "invalid_grant", "Invalid grant: account not found")
        try:
            rsa_key(account.key_name).public_key().verify(
                signature, assertion.rpartition(".")[0].encode(), padding.PKCS1v15(), hashes.SHA256()
            )
        except InvalidSignature:
            raise OAuthError(400, "invalid_grant", "Invalid JWT Signature.") from None
        if claims.get("aud") != TOKEN_URL:
            raise OAuthError(
                400, "invalid_grant", "Invalid JWT: Failed audience check. The right audience is " + TOKEN_URL
            )
        now = self.clock().timestamp()
        issued, expires = claims.get("iat", 0), claims.get("exp", 0)
        if issued > now + SKEW or expires < now - SKEW or expires - issued > 3600:
            raise OAuthError(
                400,
                "invalid_grant",
                "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. "
                "Check your iat and exp values in the JWT claim.",
            )
        return dict(claims)

    def issue(self, email: str, scopes: list[str]) -> str:
        """Return a fresh access token."""
        text = "ya29.c." + secrets.token_urlsafe(48)
        self.tokens[text] = Token(email, frozenset(scopes), self.clock() + timedelta(seconds=self.lifetime))
        return text

    def exchange(self, form: bytes) -> Json:
        """``POST https://sts.googleapis.com/v1/token``: a GitHub token for a federated one."""
        fields = {key: values[0] for key, values in parse_qs(form.decode()).items()}
        if fields.get("subject_token") != SUBJECT_TOKEN or fields.get("audience") != AUDIENCE:
            raise OAuthError(400, "invalid_grant", "The given credential is rejected by the attribute condition.")
        return {
            "access_token": self.issue("principal://ci", fields.get("scope", "").split()),
            "issued_token_type": "urn:ietf:params:oauth:token-type:access_token",
            "token_type": "Bearer",
            "expires_in": self.lifetime,
        }

    def impersonate(self, bearer: str | None, email: str, body: Json) -> Json:
        """``POST .../serviceAccounts/EMAIL:generateAccessToken`` on iamcredentials.googleapis.com."""
        caller = self.check(bearer)
        if caller.email != "principal://ci" or email not in self.accounts:
            raise ApiError(
                403,
                "Permission 'iam.serviceAccounts.getAccessToken' denied on resource (or it may not exist).",
            )
        scopes = list(body.get("scope", []))
        self.scopes_asked += scopes
        if not scopes or not set(scopes) <= self.allowed_scopes:
            raise ApiError(400, "Request contains an invalid argument.")
        text = self.issue(email, scopes)
        expires = self.tokens[text].expires.astimezone(UTC)
        return {"accessToken": text, "expireTime": expires.strftime("%Y-%m-%dT%H:%M:%SZ")}

    def check(self, authorization: str | None) -> Token:
        """Whose token it is, or 401."""
        if not authorization:
            raise unauthenticated("CREDENTIALS_MISSING", missing=True)
        token = self.tokens.get(authorization.removeprefix("Bearer "))
        if token is None or not authorization.startswith("Bearer ") or token.expires <= self.clock():
            raise unauthenticated("ACCESS_TOKEN_EXPIRED" if token else "ACCESS_TOKEN_TYPE_UNSUPPORTED")
        return token

    def locations(self, bearer: str | None) -> Json:
        """Answer google-auth's background look-up of a Regional Access Boundary: none."""
        self.check(bearer)
        return {"locations": [], "encodedLocations": "0x0"}


def _decode(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
