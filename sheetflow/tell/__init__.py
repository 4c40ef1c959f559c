"""Telling the person what is due: one issue in their private copy of the repository. Never in a public one.

``line`` is what a run hands over, ``issue`` decides, ``github`` sends, ``schedule`` knows when the next look is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sheetflow.tell import issue

if TYPE_CHECKING:
    from sheetflow.tell.github import Json, Repository


def is_private(repository: Repository) -> bool:
    """Whether GitHub says that only invited people can read the repository."""
    return repository.about().get("visibility") == "private"


def tell(line: str, repository: Repository, deputy: str, run: str) -> str:
    """Bring the issue up to date after a run; what was done, in a sentence without a word of the sheet.

    ``line`` is the run's own, or empty; ``deputy`` is who is assigned where the repository's owner cannot be; ``run``
    is the address of the run's page. Raises ``SheetflowError`` when GitHub does not answer.
    """
    about = repository.about()
    if about.get("visibility") != "private":
        return "Nobody is told: what is due is nobody else's business, and only a private repository keeps it so."
    if not about.get("has_issues"):
        return "Nobody is told: issues are switched off here. Tick Issues under Settings, General, to be told."
    found = next((one for one in repository.issues() if issue.MARKER in (one.get("body") or "")), None)
    body = str(found["body"]) if found else ""
    action = issue.decide(line, body, repository.latest_comments(found) if found else (), run)
    if action is None:
        return "Nothing to tell."
    if found is None:
        found = repository.create(issue.TITLE, issue.EMPTY, _assignee(repository, deputy))
    if action.comment:
        repository.comment(found["number"], action.comment)
    repository.edit(found["number"], _changes(found, action))
    return "Told: a comment." if action.comment else "Told before, or nothing to tell: the list is up to date."


def _changes(found: Json, action: issue.Action) -> Mapping[str, str]:
    """What differs; a state only where it is another, since GitHub writes each change into the issue's history."""
    changes = {"body": action.body}
    if action.state and action.state != found.get("state"):
        changes["state"] = action.state
    return changes


def _assignee(repository: Repository, deputy: str) -> str:
    return next((login for login in (repository.owner, deputy) if login and repository.can_assign(login)), "")
