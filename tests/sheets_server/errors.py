"""Errors in the form Google's APIs answer them: ``{"error": {"code", "message", "status", "details"}}``.

Form and texts: https://cloud.google.com/apis/design/errors and public bug reports of Sheets clients.
"""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

STATUS = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    408: "DEADLINE_EXCEEDED",
    409: "ABORTED",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    501: "UNIMPLEMENTED",
    502: "UNAVAILABLE",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}


class ApiError(Exception):
    """An answer other than 200."""

    def __init__(self, code: int, message: str, details: list[Json] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.details = details

    def body(self) -> Json:
        """Return the JSON body of the answer."""
        error: Json = {"code": self.code, "message": self.message, "status": STATUS.get(self.code, "UNKNOWN")}
        if self.details:
            error["details"] = self.details
        return {"error": error}


class InvalidRequestError(Exception):
    """A request inside a batchUpdate cannot be done; the batch prefixes ``Invalid requests[i].kind: ``."""


def bad_request(message: str) -> ApiError:
    """400 INVALID_ARGUMENT."""
    return ApiError(400, message)


def bad_field(path: str, description: str, message: str | None = None) -> ApiError:
    """400 with the offending field named in ``google.rpc.BadRequest`` details."""
    violation = {"field": path, "description": description} if path else {"description": description}
    detail = {"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": [violation]}
    return ApiError(400, message or description, [detail])


def not_found() -> ApiError:
    """404 for an id that does not exist."""
    return ApiError(404, "Requested entity was not found.")


def permission_denied() -> ApiError:
    """403 for a spreadsheet that is not shared with the caller."""
    return ApiError(403, "The caller does not have permission")


def unimplemented(what: str) -> ApiError:
    """501: this server does not know it, and never pretends that it does."""
    return ApiError(501, f"The local Sheets server does not implement {what}.")


def unauthenticated(reason: str, missing: bool = False) -> ApiError:
    """401 as Google's front end words it."""
    first = (
        "Request is missing required authentication credential."
        if missing
        else ("Request had invalid authentication credentials.")
    )
    message = (
        f"{first} Expected OAuth 2 access token, login cookie or other valid authentication credential. "
        "See https://developers.google.com/identity/sign-in/web/devconsole-project."
    )
    return ApiError(401, message, [error_info(reason, {"service": "sheets.googleapis.com"})])


def error_info(reason: str, metadata: Json) -> Json:
    """Return a ``google.rpc.ErrorInfo`` detail."""
    return {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": reason,
        "domain": "googleapis.com",
        "metadata": metadata,
    }


def insufficient_scopes() -> ApiError:
    """403 for a token that was not minted for the spreadsheets scope."""
    metadata = {
        "service": "sheets.googleapis.com",
        "method": "google.apps.sheets.v4.SpreadsheetsService.GetSpreadsheet",
    }
    return ApiError(
        403,
        "Request had insufficient authentication scopes.",
        [error_info("ACCESS_TOKEN_SCOPE_INSUFFICIENT", metadata)],
    )


def service_disabled(project: str) -> ApiError:
    """403 for a project whose Sheets API was never switched on."""
    url = f"https://console.developers.google.com/apis/api/sheets.googleapis.com/overview?project={project}"
    message = (
        f"Google Sheets API has not been used in project {project} before or it is disabled. Enable it by "
        f"visiting {url} then retry. If you enabled this API recently, wait a few minutes for the action to "
        "propagate to our systems and retry."
    )
    metadata = {
        "service": "sheets.googleapis.com",
        "serviceTitle": "Google Sheets API",
        "consumer": f"projects/{project}",
        "containerInfo": project,
        "activationUrl": url,
    }
    links = [{"description": "Google developers console API activation", "url": url}]
    return ApiError(
        403,
        message,
        [
            error_info("SERVICE_DISABLED", metadata),
            {
                "@type": "type.googleapis.com/google.rpc.LocalizedMessage",
                "locale": "en-US",
                "message": message,
            },
            {"@type": "type.googleapis.com/google.rpc.Help", "links": links},
        ],
    )


def quota_exceeded(kind: str, project: str) -> ApiError:
    """429; *kind* is ``Read`` or ``Write`` (https://developers.google.com/sheets/api/limits)."""
    message = (
        f"Quota exceeded for quota metric '{kind} requests' and limit '{kind} requests per minute per user' "
        f"of service 'sheets.googleapis.com' for consumer 'project_number:{project}'."
    )
    metadata = {
        "service": "sheets.googleapis.com",
        "consumer": f"projects/{project}",
        "quota_limit": f"{kind}RequestsPerMinutePerUser",
        "quota_limit_value": "60",
        "quota_location": "global",
        "quota_metric": f"sheets.googleapis.com/{kind.lower()}_requests",
    }
    link = {
        "description": "Request a higher quota limit.",
        "url": "https://cloud.google.com/docs/quotas/help/request_increase",
    }
    help_ = {"@type": "type.googleapis.com/google.rpc.Help", "links": [link]}
    return ApiError(429, message, [error_info("RATE_LIMIT_EXCEEDED", metadata), help_])
