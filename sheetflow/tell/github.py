"""GitHub's REST API, as far as one issue needs it. No error's message quotes anything of an answer.

https://docs.github.com/en/rest/issues. Reads and edits are tried three times, since an edit can be made twice; a new
issue and a comment once: whether a comment whose answer was lost is there, the next run sees.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Any

import requests

from sheetflow.errors import SheetflowError

BOT = "github-actions[bot]"
TRIES = 3
TIMEOUT = (10, 30)
"""Seconds to connect, and to wait for an answer."""
PAGE = 100

Json = dict[str, Any]


class Unanswered(SheetflowError):  # noqa: N818 - it is GitHub that did not
    """GitHub did not do what was asked."""


class Repository:
    """One repository, as a run's own token sees it."""

    def __init__(self, name: str, token: str, api: str = "https://api.github.com") -> None:
        self._name, self._base = name, f"{api}/repos/{name}"
        self._session = requests.Session()
        self._session.headers.update(
            {
                "Accept": "application/vnd.github+json",
                "Authorization": f"Bearer {token}",
                "X-GitHub-Api-Version": "2022-11-28",
                "User-Agent": "sheetflow",
            }
        )

    @property
    def owner(self) -> str:
        """The account that the repository belongs to."""
        return self._name.partition("/")[0]

    def about(self) -> Json:
        """What GitHub says of the repository itself: ``visibility``, ``has_issues`` and more."""
        about: Json = self._send("GET", "").json()
        return about

    def issues(self) -> Iterator[Json]:
        """The issues that runs like this one have made, oldest first, closed ones too."""
        query = {"creator": BOT, "state": "all", "sort": "created", "direction": "asc", "per_page": str(PAGE)}
        for page in range(1, 11):
            found = self._send("GET", "/issues", query={**query, "page": str(page)}).json()
            yield from (issue for issue in found if "pull_request" not in issue)
            if len(found) < PAGE:
                return

    def latest_comments(self, issue: Json) -> list[str]:
        """The texts of an issue's last comments, at least the last one if there is any."""
        count = int(issue.get("comments", 0))
        if not count:
            return []
        query = {"per_page": str(PAGE), "page": str((count - 1) // PAGE + 1)}
        found = self._send("GET", f"/issues/{issue['number']}/comments", query=query).json()
        return [str(comment.get("body") or "") for comment in found if comment["user"]["login"] == BOT]

    def can_assign(self, login: str) -> bool:
        """Whether an issue can be given to somebody."""
        return self._send("GET", f"/assignees/{login}", fine=(204, 404)).status_code == 204

    def create(self, title: str, body: str, assignee: str) -> Json:
        """A new issue."""
        given = {"assignees": [assignee]} if assignee else {}
        made: Json = self._send("POST", "/issues", {"title": title, "body": body, **given}).json()
        return made

    def edit(self, number: int, changes: Mapping[str, str]) -> None:
        """Change an issue's ``body``, ``state`` or both; nobody is told."""
        self._send("PATCH", f"/issues/{number}", changes)

    def comment(self, number: int, body: str) -> None:
        """Add a comment, which GitHub tells everybody who watches."""
        self._send("POST", f"/issues/{number}/comments", {"body": body})

    def _send(
        self, method: str, path: str, body: Mapping[str, object] | None = None, *,
        query: Mapping[str, str] | None = None, fine: tuple[int, ...] = (200, 201),
    ) -> requests.Response:  # fmt: skip
        tries = 1 if method == "POST" else TRIES
        for attempt in range(1, tries + 1):
            try:
                answer = self._session.request(method, self._base + path, params=query, json=body, timeout=TIMEOUT)
            except requests.RequestException:
                answer = None
            if answer is not None and answer.status_code in fine:
                return answer
            if answer is not None and answer.status_code < 500:
                break
            if attempt < tries:
                time.sleep(2.0**attempt)
        if answer is None:
            raise Unanswered("GitHub cannot be reached. Nothing is lost: the next run tells it.")
        raise Unanswered(_REFUSED.get(answer.status_code, f"GitHub answered with status {answer.status_code}."))


_REFUSED = {
    401: "GitHub did not accept the run's token.",
    403: "The run may not write issues here: the job that tells needs the permission issues: write.",
    404: "GitHub shows the run no such repository or issue.",
    410: "Issues are switched off in this repository.",
}
