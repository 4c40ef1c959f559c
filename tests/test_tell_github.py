"""Telling over HTTP: what is asked of GitHub, in which order, and what comes of refusals and lost answers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from github_server import BOT, GitHubServer
from support import MADRID

from sheetflow import actions
from sheetflow.cli import main
from sheetflow.errors import SheetflowError, UsageError
from sheetflow.tell import github
from sheetflow.tell.issue import MARKER
from sheetflow.tell.line import Letter, Line, encode

NOON = datetime(2026, 11, 24, 12, 17)
HERE = "/repos/sam/my-interviews"


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[GitHubServer]:
    monkeypatch.setattr(github.time, "sleep", lambda seconds: None)
    with GitHubServer() as one:
        yield one
        assert not one.errors


def due(*numbers: int, look: datetime = NOON) -> str:
    letters = tuple(Letter("follow_up", n, None, False, f"{n:012x}") for n in numbers)
    return encode(Line(look, look + timedelta(hours=6), letters=letters))


def told(hub: GitHubServer, line: str, **variables: str) -> str:
    hub.log.clear()
    return actions.tell({**hub.environment, "SHEETFLOW_DUE": line, **variables})


def test_the_first_telling(hub: GitHubServer) -> None:
    assert told(hub, due(2)) == "Told: a comment."
    assert hub.log == [
        f"GET {HERE}", f"GET {HERE}/issues", f"GET {HERE}/assignees/sam", f"POST {HERE}/issues",
        f"POST {HERE}/issues/1/comments", f"PATCH {HERE}/issues/1",
    ]  # fmt: skip
    (issue,) = hub.issues
    assert (issue.title, issue.state, issue.assignees) == ("What is due", "open", ["sam"])
    assert "| Follow-up | 2 |" in issue.body
    assert "row 2" in issue.said[0]


def test_later_runs(hub: GitHubServer) -> None:
    told(hub, due(2))
    mails = len(hub.mails)
    assert told(hub, due(2, look=NOON + timedelta(hours=6))).startswith("Told before")
    assert hub.log == [f"GET {HERE}", f"GET {HERE}/issues", f"GET {HERE}/issues/1/comments", f"PATCH {HERE}/issues/1"]
    assert len(hub.mails) == mails
    assert "18:17" in hub.issues[0].body
    told(hub, due(2, 3))
    assert len(hub.mails) == mails + 1
    told(hub, due())
    assert hub.issues[0].state == "closed"
    told(hub, due(4, look=NOON + timedelta(days=1)))
    assert hub.issues[0].state == "open"
    assert len(hub.issues) == 1


def test_nothing_to_tell_makes_nothing(hub: GitHubServer) -> None:
    assert told(hub, due()) == "Nothing to tell."
    assert told(hub, "") == "Nothing to tell."
    assert not hub.issues


@pytest.mark.parametrize("visibility", ["public", "internal"])
def test_never_where_others_read(hub: GitHubServer, visibility: str) -> None:
    hub.visibility = visibility
    assert told(hub, due(2)).startswith("Nobody is told")
    assert hub.log == [f"GET {HERE}"]
    assert not hub.mails


def test_issues_switched_off(hub: GitHubServer) -> None:
    hub.has_issues = False
    assert "Tick Issues" in told(hub, due(2))
    assert hub.log == [f"GET {HERE}"]


@pytest.mark.parametrize(
    ("assignable", "variable", "assigned"),
    [
        ({"sam", "kim"}, "kim", ["sam"]), ({"kim"}, " kim ", ["kim"]), ({"kim"}, "lee", []), ({"kim"}, "", []),
    ],
)  # fmt: skip
def test_who_is_assigned(hub: GitHubServer, assignable: set[str], variable: str, assigned: list[str]) -> None:
    hub.assignable = assignable
    told(hub, due(2), SHEETFLOW_TELL=variable)
    assert hub.issues[0].assignees == assigned


def test_it_is_found_among_others(hub: GitHubServer) -> None:
    for number in range(120):
        hub.add_issue(f"Build {number}", "x", login=BOT["login"], state="closed")
    hub.add_issue("Mine", f"<!-- {MARKER}  -->")
    hub.add_issue("Update", f"<!-- {MARKER}  -->", login=BOT["login"], pull_request=True)
    told(hub, due(2))
    assert [one.number for one in hub.issues if one.comments] == [123]
    told(hub, due(2, 3))
    assert len(hub.issues) == 123
    assert hub.log[1:4] == [f"GET {HERE}/issues", f"GET {HERE}/issues", f"GET {HERE}/issues/123/comments"]


def test_many_comments_and_those_of_others(hub: GitHubServer) -> None:
    """Only the bot's own count, and the last of more than a page."""
    told(hub, due(2))
    issue = hub.issues[0]
    forged = issue.said[0].replace(f"{2:012x}", f"{3:012x}")
    issue.comments += [({"login": "sam", "type": "User"}, "thanks!")] * 150 + [
        ({"login": "sam", "type": "User"}, forged)
    ]
    told(hub, due(2, 3))
    assert "row 3" in issue.said[-1]
    spoiled, issue.body = issue.body, f"<!-- {MARKER}  -->"
    told(hub, due(3))
    assert len([text for text in issue.said if "row 3" in text]) == 1, "the last comment remembers"
    assert spoiled


@pytest.mark.parametrize(
    ("method", "path", "status", "after"),
    [
        ("PATCH", "/issues/1", 0, False), ("PATCH", "/issues/1", 502, True), ("POST", "/comments", 0, True),
        ("POST", "/comments", 502, True), ("POST", "/issues", 0, True), ("GET", "/issues", 503, False),
        ("POST", "/comments", 0, False), ("GET", HERE, 0, False), ("POST", "/issues", 500, False),
    ],
)  # fmt: skip
def test_lost_answers_tell_nothing_twice_and_lose_nothing(
    hub: GitHubServer, method: str, path: str, status: int, after: bool
) -> None:
    hub.fault(method, path, status, after=after, times=3)
    told(hub, due(2))
    for hours in (6, 19, 24, 30):
        told(hub, due(2, look=NOON + timedelta(hours=hours)))
    (issue,) = hub.issues
    assert [("row 2" in text) for text in issue.said] == [True]
    assert "| Follow-up | 2 |" in issue.body


def test_passing_trouble_is_waited_out(hub: GitHubServer) -> None:
    hub.fault("GET", HERE, 503, times=2)
    hub.fault("PATCH", "/issues/1", 0, times=2)
    assert told(hub, due(2)) == "Told: a comment."


def test_refusals_are_sentences(hub: GitHubServer) -> None:
    hub.may_write_issues = False
    assert "issues: write" in told(hub, due(2))
    assert "token" in told(hub, due(2), GITHUB_TOKEN="ghs_other")
    assert "no such repository" in told(hub, due(2), GITHUB_REPOSITORY="sam/other")
    hub.fault("GET", HERE, 418)
    assert "status 418" in told(hub, due(2))


def test_nobody_there() -> None:
    environment = {"GITHUB_REPOSITORY": "a/b", "GITHUB_TOKEN": "x", "GITHUB_API_URL": "http://127.0.0.1:9"}
    assert "cannot be reached" in actions.tell(environment)


@pytest.mark.parametrize("missing", ["GITHUB_REPOSITORY", "GITHUB_TOKEN"])
def test_outside_of_github(hub: GitHubServer, missing: str) -> None:
    with pytest.raises(UsageError, match="job of the scheduled run"):
        actions.tell({**hub.environment, missing: ""})


# --- the command, and what a run leaves for it ---------------------------------------------------------------------


def test_the_command(hub: GitHubServer) -> None:
    done = CliRunner().invoke(main, ["tell"], env={**hub.environment, "SHEETFLOW_DUE": due(2)})
    assert (done.exit_code, done.stdout) == (0, "::notice title=sheetflow::Told: a comment.\n")


def test_a_failure_of_the_telling_fails_nothing(hub: GitHubServer) -> None:
    hub.may_write_issues = False
    done = CliRunner().invoke(main, ["tell"], env={**hub.environment, "SHEETFLOW_DUE": due(2)})
    assert done.exit_code == 0
    assert done.stdout.startswith("::notice title=sheetflow::The run may not write issues here")


def test_the_form(tmp_path: Path) -> None:
    event = tmp_path / "event.json"
    here = {"GITHUB_EVENT_PATH": str(event)}
    assert actions.form({}) == actions.Form()
    event.write_text('{"schedule": "17 7 * * *"}', encoding="utf-8")
    assert actions.form(here) == actions.Form()
    event.write_text('{"inputs": null}', encoding="utf-8")
    assert actions.form(here) == actions.Form()
    given = {"dry_run": "false", "force": "true", "prepare": True, "name": f"  Zoë\n  Lee {'x' * 200}", "other": "1"}
    event.write_text(json.dumps({"inputs": given}), encoding="utf-8")
    form = actions.form(here)
    assert (form.dry_run, form.force, form.prepare) == (False, True, True)
    assert form.name.startswith("Zoë Lee x")
    assert len(form.name) == actions.LONGEST_NAME


@pytest.mark.parametrize("text", ["", "{", "[]", '"x"'])
def test_a_form_that_cannot_be_read(tmp_path: Path, text: str) -> None:
    event = tmp_path / "event.json"
    event.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match="cannot be read"):
        actions.form({"GITHUB_EVENT_PATH": str(event)})


def test_what_a_failure_leaves(tmp_path: Path) -> None:
    """The zone is that of the schedule, since the sheet's is not known."""
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    schedule = '- cron: "17 7,12,18 * * *"\n  timezone: "Asia/Tokyo"\n'
    (folder / "sheetflow.yml").write_text(schedule, encoding="utf-8")
    here = {
        "GITHUB_WORKSPACE": str(tmp_path),
        "GITHUB_WORKFLOW_REF": "sam/my-interviews/.github/workflows/sheetflow.yml@refs/heads/main",
    }
    now = datetime.fromisoformat("2026-11-24T22:18:09+00:00")
    line = actions.line_of_failure(SheetflowError("x"), now, here)
    assert line == Line(datetime(2026, 11, 25, 7, 18), datetime(2026, 11, 25, 12, 17), False, needs="stopped")
    assert actions.line_of_failure(SheetflowError("x"), now, {}).look == datetime(2026, 11, 24, 22, 18)
    for broken in ({**here, "GITHUB_WORKFLOW_REF": "a/b/../../x@y"}, {**here, "GITHUB_WORKSPACE": "/nowhere"}):
        assert actions.line_of_failure(SheetflowError("x"), now, broken).next is None


@pytest.mark.parametrize(
    ("visibility", "variable", "shown"),
    [("private", "yes", True), ("private", "no", False), ("private", "", False), ("public", "yes", False)],
)
def test_companies(hub: GitHubServer, tmp_path: Path, visibility: str, variable: str, shown: bool) -> None:
    """Only where the person asks for it, and only after GitHub itself has said private."""
    hub.visibility = visibility
    output = tmp_path / "output"
    tracker = tmp_path / "tracker.csv"
    tracker.write_text("Company,Interview\nAcme,2026-11-23\n", encoding="utf-8")
    environment = {**hub.environment, "CI": "true", "GITHUB_OUTPUT": str(output), "SHEETFLOW_TELL_COMPANY": variable}
    done = CliRunner().invoke(main, ["run", str(tracker), "--now", "2026-11-24T12:17"], env=environment)
    assert done.exit_code == 0, done.output
    (line,) = output.read_text(encoding="utf-8").splitlines()
    hub.visibility = "private"
    told(hub, line.removeprefix("due="))
    assert ("`Acme`" in hub.issues[0].body) == shown
    assert ("Acme" in hub.issues[0].said[0]) == shown
    assert "Acme" not in done.output


def test_companies_when_github_does_not_answer(hub: GitHubServer, tmp_path: Path) -> None:
    tracker = tmp_path / "tracker.csv"
    tracker.write_text("Company,Interview\nAcme,2026-11-23\n", encoding="utf-8")
    hub.fault("GET", HERE, 503, times=9)
    output = tmp_path / "output"
    environment = {**hub.environment, "GITHUB_OUTPUT": str(output), "SHEETFLOW_TELL_COMPANY": "yes"}
    done = CliRunner().invoke(main, ["run", str(tracker), "--now", "2026-11-24T12:17"], env=environment)
    assert done.exit_code == 0
    assert "C" not in output.read_text(encoding="utf-8").partition("H")[2]


# --- doctor ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "hours", "state", "words"),
    [
        ("Europe/Madrid", "22-7", "ok", "the sheet's clock"),
        ("Europe/Paris", "22-7", "ok", "the sheet's clock"),
        ("America/New_York", "22-7", "look", "you are told at 13:17, 18:17."),
        ("America/New_York", "12-24", "look", "you are told at 00:17."),
        ("America/New_York", "0-24", "look", "you are never told."),
    ],
)
def test_doctor_sees_a_schedule_of_another_clock(tmp_path: Path, zone: str, hours: str, state: str, words: str) -> None:
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    text = f'    - cron: "17 7,12,18 * * *"\n      timezone: "{zone}"\n'
    (folder / "sheetflow.yml").write_text(text, encoding="utf-8")
    now = datetime(2026, 11, 24, 12, 17, tzinfo=MADRID)
    (check,) = actions.schedule_checks(MADRID, hours, now, tmp_path)
    assert check.state == state
    assert words in check.text


def test_doctor_says_nothing_of_a_schedule_that_is_not_there(tmp_path: Path) -> None:
    assert list(actions.schedule_checks(MADRID, "22-7", datetime(2026, 11, 24, tzinfo=MADRID), tmp_path)) == []


def test_doctor_looks_at_the_schedule(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    (folder / "sheetflow.yml").write_text('- cron: "17 7 * * *"\n  timezone: "Asia/Tokyo"\n', encoding="utf-8")
    (tmp_path / "tracker.csv").write_text("Company,Interview\nAcme,2026-11-23\n", encoding="utf-8")
    done = CliRunner().invoke(main, ["doctor", "tracker.csv", "--time-zone", "Europe/Madrid"])
    assert "Schedule: runs by another clock" in done.stderr
