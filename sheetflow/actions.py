"""A run inside GitHub Actions: what its form asks for, the line and the summary it leaves, the issue it keeps.

The form's fields are read from the event's file, so that no name and no tick ever passes through a shell, an
environment or a log. https://docs.github.com/en/actions/reference/workflows-and-actions/variables
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

from sheetflow.checks import Check
from sheetflow.errors import SheetflowError, UsageError

if TYPE_CHECKING:
    from sheetflow.plan import Plan
    from sheetflow.settings import Settings
    from sheetflow.tell.github import Repository
    from sheetflow.tell.line import Line
    from sheetflow.tell.schedule import Entry

Environment = Mapping[str, str]
LONGEST_NAME = 100


@dataclass(frozen=True)
class Form:
    """What started the run: what the person ticked and typed under *Run workflow*; nothing in a scheduled one."""

    dry_run: bool = False
    force: bool = False
    prepare: bool = False
    name: str = ""
    public: bool = False
    """Whether anybody can read the repository that the run is in."""


def form(environment: Environment) -> Form:
    """The form of the run that this is. Raises ``UsageError`` for an event that cannot be read."""
    path = environment.get("GITHUB_EVENT_PATH")
    if not path:
        return Form()
    try:
        event = json.loads(Path(path).read_text(encoding="utf-8"))
        given, repository = event.get("inputs") or {}, event.get("repository") or {}
        public = repository.get("visibility") == "public"
    except (OSError, ValueError, AttributeError):
        raise UsageError("GitHub's account of what started this run cannot be read.") from None
    ticks = {field: str(given.get(field, "")).lower() == "true" for field in ("dry_run", "force", "prepare")}
    return Form(**ticks, name=" ".join(str(given.get("name") or "").split())[:LONGEST_NAME], public=public)


def add_to_summary(text: str, environment: Environment) -> None:
    """Add to the run's page, where there is one."""
    _append("GITHUB_STEP_SUMMARY", text, environment)


def hand_over(line: Line, environment: Environment) -> None:
    """Leave the line for the job that tells."""
    from sheetflow.tell.line import encode

    _append("GITHUB_OUTPUT", f"due={encode(line)}\n", environment)


def _append(variable: str, text: str, environment: Environment) -> None:
    path = environment.get(variable)
    with contextlib.suppress(OSError):  # the tracker is what counts
        if path:
            with Path(path).open("a", encoding="utf-8") as file:
                file.write(text)


def line_of(plan: Plan, settings: Settings, now: datetime, source: str, environment: Environment) -> Line:
    """What there is to tell after a run that finished."""
    from sheetflow.tell import line

    looks = _looks(now, plan.sheet.zone, settings.quiet_hours, environment)
    return line.of_plan(plan, *looks, _key(source), _companies(environment))


def _key(source: str) -> str:
    """What keys the hashes: the sheet's id, however its link is written."""
    match = re.search(r"/d/([\w-]{20,})", source)
    return match[1] if match else source


def line_of_failure(error: SheetflowError, now: datetime, environment: Environment) -> Line:
    """What there is to tell after a run that stopped: that it needs the person. The sheet's zone is not known then."""
    from sheetflow.settings import Settings
    from sheetflow.tell.line import Line

    zone = next((entry.zone for entry in _schedule(environment)), UTC)
    look, upcoming, quiet = _looks(now, zone, Settings().quiet_hours, environment)
    return Line(look, upcoming, quiet, needs="refused" if error.exit_code == 3 else "stopped")


def _looks(
    now: datetime, zone: tzinfo, quiet_hours: str, environment: Environment
) -> tuple[datetime, datetime | None, bool]:
    from sheetflow.tell.schedule import is_quiet, next_told

    look = now.astimezone(zone).replace(tzinfo=None, second=0, microsecond=0)
    return look, next_told(_schedule(environment), now, zone, quiet_hours), is_quiet(look, quiet_hours)


def _schedule(environment: Environment) -> list[Entry]:
    """The cron lines of the workflow that this run is one of; none where its file is not checked out."""
    from sheetflow.tell.schedule import entries

    match = re.fullmatch(r"[^/]+/[^/]+/(\.github/workflows/[^/@]+)@.*", environment.get("GITHUB_WORKFLOW_REF", ""))
    workspace = environment.get("GITHUB_WORKSPACE")
    if not match or not workspace:
        return []
    try:
        return entries((Path(workspace) / match[1]).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return []


def schedule_checks(zone: tzinfo, quiet_hours: str, now: datetime, folder: Path) -> Iterator[Check]:
    """For ``doctor``, in a copy of the repository: whether the schedule's clock is the sheet's."""
    from sheetflow.tell.schedule import entries, is_quiet, looks

    file = folder / ".github" / "workflows" / "sheetflow.yml"
    try:
        schedule = entries(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return
    coming = [
        (look.astimezone(entry.zone), look.astimezone(zone)) for entry in schedule for look in looks([entry], now)
    ]
    if any(there.replace(tzinfo=None) != here.replace(tzinfo=None) for there, here in coming):
        told = sorted({f"{here:%H:%M}" for _, here in coming if not is_quiet(here, quiet_hours)})
        when = f"you are told at {', '.join(told)}" if told else "you are never told"
        yield Check(
            "Schedule", "look",
            f"runs by another clock than the sheet's; by the sheet's, with the quiet hours {quiet_hours}, {when}. Make "
            "the two alike: File > Settings in the sheet, or timezone in .github/workflows/sheetflow.yml",
        )  # fmt: skip
    elif coming:
        yield Check("Schedule", "ok", "runs by the sheet's clock")


def _companies(environment: Environment) -> bool:
    """Whether companies may be told: the person asked for it, and GitHub itself says that the repository is private."""
    if environment.get("SHEETFLOW_TELL_COMPANY", "").strip().lower() not in ("yes", "true"):
        return False
    from sheetflow.tell import is_private

    try:
        return is_private(repository(environment))
    except SheetflowError:
        return False


def repository(environment: Environment) -> Repository:
    """The repository that this run belongs to. Raises ``UsageError`` outside of GitHub Actions."""
    from sheetflow.tell.github import Repository

    name, token = environment.get("GITHUB_REPOSITORY", ""), environment.get("GITHUB_TOKEN", "")
    if not name or not token:
        raise UsageError("tell is a job of the scheduled run at GitHub; it needs GITHUB_REPOSITORY and GITHUB_TOKEN.")
    return Repository(name, token, environment.get("GITHUB_API_URL") or "https://api.github.com")


def tell(environment: Environment) -> str:
    """Tell the person what the run before has found; what came of it, in a sentence. No failure of it is the run's."""
    from sheetflow.tell import tell as keep_issue

    here = repository(environment)
    server, name = environment.get("GITHUB_SERVER_URL", "https://github.com"), environment["GITHUB_REPOSITORY"]
    run = f"{server}/{name}/actions/runs/{environment.get('GITHUB_RUN_ID', '')}"
    try:
        return keep_issue(
            environment.get("SHEETFLOW_DUE", ""), here, environment.get("SHEETFLOW_TELL", "").strip(), run
        )
    except SheetflowError as error:
        return error.quiet
