"""The workflow's own steps, taken from the file and executed against the local Sheets server.

By default nothing leaves this machine: ``pip`` and ``uv`` are stand-ins that note how they were called, and
``sheetflow`` is the checkout's code run by this Python (see runner.py). With INSTALL_FROM_PYPI=1, as ``.ci/run`` sets
it, one test lets the real ones install the locked packages from PyPI and runs what they installed.
"""

from __future__ import annotations

import base64
import csv
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from github_server import GitHubServer
from runner import ROOT, Done, Repository, Runner, condition, evaluate, key_fields, stand_in_tools
from sheets_server import ALWAYS, Book, Fault, SheetsServer
from sheets_server.keys import ServiceAccount
from support import OURS

from sheetflow.rules.cadence import RULES
from sheetflow.sheet import column_letters

SAMPLE = (ROOT / "sample_sheet.csv").read_text(encoding="utf-8")
COMPUTED = [column.header for column in OURS]


@pytest.fixture
def server() -> Iterator[SheetsServer]:
    with SheetsServer() as one:
        yield one
        assert not one.errors
        assert not one.strangers, "a step went elsewhere"


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return stand_in_tools(tmp_path_factory.mktemp("tools") / "bin")


@pytest.fixture(scope="module")
def impatient(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that makes Python sleep for no time at all, so that tests need not sit through retries."""
    folder = tmp_path_factory.mktemp("impatient")
    (folder / "sitecustomize.py").write_text("import time\ntime.sleep = lambda seconds: None\n", encoding="utf-8")
    return folder


@pytest.fixture
def hub() -> Iterator[GitHubServer]:
    with GitHubServer() as one:
        yield one
        assert not one.errors


@pytest.fixture
def runner(server: SheetsServer, hub: GitHubServer, tools: Path, impatient: Path, tmp_path: Path) -> Runner:
    """A runner whose only network is the two servers."""
    github = {"GITHUB_API_URL": hub.url, "NO_PROXY": "127.0.0.1"}
    way = {"Bring the sheet up to date": {**reachable(server), **github}, "Tell what is due": github}
    key_file = Path(server.environment(keyless=True)["GOOGLE_APPLICATION_CREDENTIALS"])
    return Runner(tmp_path, tools, lambda step: way.get(step, {}), key_file, {"PYTHONPATH": str(impatient)})


def reachable(server: SheetsServer) -> dict[str, str]:
    """The variables that lead a program to the server, without any credentials."""
    return {name: value for name, value in server.environment().items() if not name.startswith("GOOGLE_")}


def set_up(server: SheetsServer, book: Book, **more: Any) -> Repository:
    """A repository with both secrets."""
    return Repository({"SHEETFLOW_SHEET": link(book), "GOOGLE_CREDENTIALS": server.account.credentials()}, **more)


def link(book: Book) -> str:
    """A spreadsheet's link, as the browser shows it."""
    return f"https://docs.google.com/spreadsheets/d/{book.id}/edit"


def morning() -> str:
    """A time zone where it is about ten o'clock: no run here straddles midnight or an hour of the sample."""
    ahead = 10 - datetime.now(UTC).hour
    ahead = ahead if ahead >= -12 else ahead + 24
    return f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"


def imported(server: SheetsServer) -> Book:
    """A spreadsheet into which somebody has imported the sample."""
    book = server.add_spreadsheet("Interviews", time_zone=morning())
    server.person(book).import_csv(SAMPLE, "sample_sheet", replace=True)
    return book


def shown(book: Book) -> list[dict[str, Any]]:
    """The rows of the first tab, header -> what was entered."""
    sheet = book.first_visible
    width, height = sheet.last_value_column(), sheet.last_value_row()
    grid = [[sheet.entered((row, column)) for column in range(width + 1)] for row in range(height + 1)]
    rows = [dict(zip(grid[0], row, strict=True)) for row in grid[1:]]
    return [row for row in rows if row["Company"]]


# --- the little runner itself ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("secrets.A", "x"),
        ("secrets.B", ""),
        ("secrets.A != ''", True),
        ("secrets.B != ''", False),
        ("secrets.A == 'X'", True),
        ("inputs.dry_run", True),
        ("github.event.repository.visibility", ""),
        ("!github.event.repository.private", True),
        ("!inputs.dry_run", False),
        ("secrets.B == '' && secrets.A || ''", "x"),
        ("secrets.A == '' && secrets.A || ''", ""),
        ("secrets.B || secrets.A && 'y'", "y"),
        ("(secrets.B || secrets.A) && secrets.B", ""),
        ("secrets.B == '' || secrets.A == '' && false", True),
        ("!cancelled() && needs.update.outputs.configured == 'true'", True),
        ("'it''s'", "it's"),
    ],
)
def test_expressions(expression: str, value: Any) -> None:
    needs = {"update": {"outputs": {"configured": "true"}}}
    context = {"secrets": {"A": "x"}, "inputs": {"dry_run": True}, "github": {}, "needs": needs}
    assert evaluate(expression, context) == value


@pytest.mark.parametrize(
    "expression", ["always()", "a && b", "secrets['A']", "hashFiles('x')", "('a'", "'a' 'b'", "&&"]
)
def test_expressions_it_does_not_know_are_no_silent_success(expression: str) -> None:
    with pytest.raises((NotImplementedError, KeyError)):
        evaluate(expression, {})


def test_a_condition_holds_only_while_all_goes_well() -> None:
    assert condition(None, {}, healthy=True)
    assert not condition(None, {}, healthy=False)
    assert not condition("'x' == 'x'", {}, healthy=False)
    assert condition("${{ !cancelled() && 'x' == 'x' }}", {}, healthy=False)


# --- what a run does -------------------------------------------------------------------------------------------


def test_a_fresh_import_reaches_its_finished_state(server: SheetsServer, runner: Runner) -> None:
    """One read and one write; the next run one read and none."""
    book = imported(server)
    before = shown(book)
    done = runner.run(set_up(server, book))
    assert done.code == 0, done.log
    assert (server.reads, server.writes) == (1, 1)

    rows = shown(book)
    theirs = [name for name in before[0] if name not in COMPUTED]
    for row, was in zip(rows, before, strict=True):
        assert {name: row[name] for name in theirs} == {name: was[name] for name in theirs}
    assert set(COMPUTED) <= set(rows[0])
    statuses = {rule.status for rule in RULES}
    assert {row["Follow-up status"] for row in rows} == statuses
    for row in rows:
        sends = row["Follow-up status"].startswith(("Send", "Ask"))
        assert bool(row["Draft"]) == bool(row["Draft subject"]) == bool(row["Draft stamp"]) == sends, row
        assert row["Why"]
    assert "Requests: 1 read, 1 write." in done.summary
    for status in statuses:
        count = sum(row["Follow-up status"] == status for row in rows)
        assert f"| {status} | {count} |" in done.summary
    assert len(done.summary.encode()) <= 4096

    server.forget()
    state = book.snapshot()
    again = runner.run(set_up(server, book))
    assert again.code == 0, again.log
    assert (server.reads, server.writes) == (1, 0)
    assert book.snapshot() == state
    assert "Nothing to change" in again.summary
    assert "Requests: 1 read, 0 writes." in again.summary


STEPS = [
    "actions/checkout",
    "Set up Python",
    "Install sheetflow",
    "Bring the sheet up to date",
]
TELLING = ["Set up Python", "Install sheetflow", "Tell what is due"]


@pytest.mark.parametrize("thin", [False, True], ids=["this repository", "thin copy"])
def test_the_steps_in_order(server: SheetsServer, runner: Runner, thin: bool) -> None:
    done = runner.run(set_up(server, imported(server), thin=thin))
    assert done.code == 0, done.log
    assert done.steps == [*STEPS, *([] if thin else ["actions/checkout"]), *TELLING]
    for folder in runner.folder.glob("machine-*"):
        place = ROOT if thin else folder / "work"
        assert (folder / "installed").read_text(encoding="utf-8").splitlines() == [
            f"-m pip install --quiet --require-hashes --only-binary :all: -r {place}/requirements-uv.lock",
            f"-m uv venv --quiet {folder}/sheetflow",
            f"-m uv pip install --quiet --python {folder}/sheetflow --require-hashes --only-binary :all: "
            f"-r {place}/requirements.lock",
            f"-m uv pip install --quiet --python {folder}/sheetflow --no-index --no-deps --no-build-isolation {place}",
        ]


def test_the_secrets_are_in_no_other_step(server: SheetsServer, runner: Runner) -> None:
    """Nor is the token: the run has it only where companies are to be told."""
    repository = set_up(server, imported(server))
    repository.secrets |= {"MAIL_USER": "sam-secret", "MAIL_PASSWORD": "abcd efgh"}
    done = runner.run(repository)
    install, bring, install_again, tell = done.environments
    for secret in repository.secrets.values():
        assert secret in bring.values()
        assert all(secret not in value for one in (install, install_again, tell) for value in one.values())
    assert [one.get("GITHUB_TOKEN") for one in done.environments] == [None, "", None, runner.token]


def test_keyless(server: SheetsServer, runner: Runner) -> None:
    """With the variables set, the key is neither needed nor looked at."""
    book = imported(server)
    variables = {"GOOGLE_WORKLOAD_IDENTITY_PROVIDER": "projects/1/x", "GOOGLE_SERVICE_ACCOUNT": "sheetflow@x.example"}
    done = runner.run(Repository({"SHEETFLOW_SHEET": book.id, "GOOGLE_CREDENTIALS": "not this"}, variables))
    assert done.code == 0, done.log
    assert "Sign in to Google without a key" in done.steps
    assert (server.reads, server.writes) == (1, 1)
    assert all("not this" not in one.values() for one in done.environments)
    assert set(server.scopes_asked) <= {
        "https://www.googleapis.com/auth/spreadsheets",
        "https://www.googleapis.com/auth/cloud-platform",
    }


def test_dry_run_writes_nothing(server: SheetsServer, runner: Runner) -> None:
    book = imported(server)
    state = book.snapshot()
    done = runner.run(set_up(server, book), {"dry_run": True, "force": False})
    assert done.code == 0, done.log
    assert (server.reads, server.writes) == (1, 0)
    assert book.snapshot() == state
    assert "would be filled" in done.summary


def emptied(server: SheetsServer, runner: Runner) -> Book:
    """A sheet up to date from which somebody then lost all companies and dates."""
    book = imported(server)
    assert runner.run(set_up(server, book)).code == 0
    anna = server.person(book)
    rows = list(csv.reader(io.StringIO(SAMPLE, newline="")))
    for column, header in enumerate(rows[0]):
        if header not in COMPUTED:
            for row in range(2, len(rows) + 1):
                anna.clear(f"{column_letters(column)}{row}")
    server.forget()
    return book


def test_refused_unless_forced(server: SheetsServer, runner: Runner) -> None:
    book = emptied(server, runner)
    refused = runner.run(set_up(server, book))
    assert refused.code == 3
    assert server.writes == 0
    assert "force" in refused.log.lower()
    forced = runner.run(set_up(server, book), {"dry_run": False, "force": True})
    assert forced.code == 0, forced.log
    assert server.writes == 1


@pytest.mark.parametrize("thin", [False, True], ids=["this repository", "thin copy"])
@pytest.mark.parametrize("keyless", [False, True])
def test_a_fresh_copy_is_green_and_silent(
    server: SheetsServer, hub: GitHubServer, runner: Runner, keyless: bool, thin: bool
) -> None:
    """One notice that says what to set and where; no request, nothing installed, no failure mail."""
    variables = {"GOOGLE_WORKLOAD_IDENTITY_PROVIDER": "projects/1/x"} if keyless else {}
    done = runner.run(Repository(variables=variables, thin=thin))
    assert done.code == 0
    assert done.steps == ["actions/checkout", "Not set up yet"]
    assert done.log.splitlines() == done.notices
    (notice,) = done.notices
    assert "https://github.com/sam/my-interviews/settings/secrets/actions" in notice
    assert "SHEETFLOW_SHEET" in notice
    assert "GOOGLE_CREDENTIALS" in notice
    assert not done.summary
    assert not server.log
    assert not hub.log
    assert set(done.outputs) == {"update"}


def test_a_public_repository_is_told_so(server: SheetsServer, runner: Runner) -> None:
    book = imported(server)
    warning = "This repository is public"
    assert warning in runner.run(set_up(server, book, visibility="public")).summary
    assert warning not in runner.run(set_up(server, book)).summary


@pytest.mark.parametrize("thin", [False, True], ids=["this repository", "thin copy"])
def test_edited_notes_and_settings_count(server: SheetsServer, runner: Runner, thin: bool) -> None:
    """The wording in the repository is the one that is used; what was not changed comes with the program."""
    book = imported(server)
    edited = {
        "templates/follow_up.txt": "Subject: About {{ role }}\n\nIs there news?\n",
        "sheetflow.toml": 'name = "Zoë Lee"\n',
    }
    done = runner.run(set_up(server, book, files=edited, thin=thin))
    assert done.code == 0, done.log
    drafts = {row["Company"]: row["Draft"] for row in shown(book)}
    assert drafts["Dunmore Press"].strip() == "Is there news?"
    assert any("Zoë Lee" in (draft or "") for draft in drafts.values())


def test_the_form_prepares_the_sheet_and_writes_the_name(server: SheetsServer, runner: Runner) -> None:
    """The name is in no variable and no argument of any step, and in the Settings tab afterwards."""
    book = imported(server)
    done = runner.run(set_up(server, book), {"prepare": True, "name": "Zoë Quux", "dry_run": False, "force": False})
    assert done.code == 0, done.log
    assert all("Quux" not in value for one in done.environments for value in one.values())
    assert "Quux" not in done.log + done.summary
    settings = next(sheet for sheet in book.sheets if sheet.title == "Settings")
    cells = {settings.entered((row, 0)): settings.entered((row, 1)) for row in range(4)}
    assert cells["Your name"] == "Zoë Quux"
    assert any("Zoë Quux" in (row["Draft"] or "") for row in shown(book))
    again = runner.run(set_up(server, book), {"prepare": False, "name": "Ann Quux", "dry_run": False, "force": False})
    assert again.code == 0, again.log
    assert settings.entered((1, 1)) == "Ann Quux"
    assert any("Ann Quux" in (row["Draft"] or "") for row in shown(book))


# --- telling ----------------------------------------------------------------------------------------------------


def tell_tale(server: SheetsServer) -> Book:
    """A tracker with one letter that is due, and one that will be soon."""
    rows = [["Company", "Role", "Interview", "Thank-you sent"], ["Acme", "Analyst", "=TODAY()-1", ""]]
    rows += [["Brill", "Buyer", "=TODAY()+3", ""]]
    return server.add_spreadsheet("Interviews", rows=rows, time_zone=morning())


@pytest.mark.parametrize("thin", [False, True], ids=["this repository", "thin copy"])
def test_a_due_letter_is_told_once(server: SheetsServer, hub: GitHubServer, runner: Runner, thin: bool) -> None:
    """One comment; none in the next three runs; one more when another letter has become due."""
    book = tell_tale(server)
    repository = set_up(server, book, thin=thin)
    first = runner.run(repository)
    assert first.code == 0, first.log
    (issue,) = hub.issues
    assert (issue.title, issue.state, issue.assignees) == ("What is due", "open", ["sam"])
    (said,) = issue.said
    assert "thank-you, row 2" in said
    for _ in range(3):
        done = runner.run(repository)
        assert done.code == 0, done.log
    assert len(issue.said) == 1
    server.person(book).type("C3", "=TODAY()-1")
    runner.run(repository)
    assert len(issue.said) == 2
    assert "row 3" in issue.said[1]
    assert "row 2" not in issue.said[1]
    for row in (2, 3):
        server.person(book).type(f"D{row}", "=TODAY()")
    runner.run(repository)
    assert issue.state == "closed"
    assert len(issue.said) == 2


def test_the_sample_is_one_comment(server: SheetsServer, hub: GitHubServer, runner: Runner) -> None:
    repository = set_up(server, imported(server))
    for _ in range(2):
        runner.run(repository)
    (issue,) = hub.issues
    (said,) = issue.said
    assert said.count("\n- ") > 5


def test_a_line_is_safe_as_an_output(server: SheetsServer, runner: Runner) -> None:
    """GitHub drops one in which it finds a line of a secret, and a key has lines such as ``{``."""
    done = runner.run(set_up(server, imported(server)))
    line = done.outputs["update"]["due"]
    assert re.fullmatch(r"[A-Za-z0-9.]+", line)
    lines = {text.strip() for text in server.account.credentials().splitlines()} | {"{", "}"}
    assert not [text for text in lines if text and text in line]


def test_in_the_quiet_hours_nobody_is_told(server: SheetsServer, hub: GitHubServer, runner: Runner) -> None:
    repository = set_up(server, tell_tale(server), files={"sheetflow.toml": 'quiet_hours = "0-24"\n'})
    assert runner.run(repository).code == 0
    assert not hub.mails
    repository.files = {}
    runner.run(repository)
    assert len(hub.issues[0].said) == 1


def test_in_a_public_repository_nobody_is_told(server: SheetsServer, hub: GitHubServer, runner: Runner) -> None:
    """GitHub is asked; what the event says is not enough."""
    hub.visibility = "public"
    done = runner.run(set_up(server, tell_tale(server)))
    assert done.code == 0
    assert not hub.issues
    assert "Nobody is told" in done.log


def test_issues_switched_off_is_a_notice(server: SheetsServer, hub: GitHubServer, runner: Runner) -> None:
    hub.has_issues = False
    done = runner.run(set_up(server, tell_tale(server)))
    assert done.code == 0
    assert [notice for notice in done.notices if "issues are switched off" in notice]


@pytest.mark.parametrize(
    ("method", "path", "after"),
    [("POST", "/comments", False), ("POST", "/comments", True), ("PATCH", "/issues/1", False)],
)
def test_a_telling_that_breaks_off_fails_nothing_and_doubles_nothing(
    server: SheetsServer, hub: GitHubServer, runner: Runner, method: str, path: str, after: bool
) -> None:
    hub.fault(method, path, 0, after=after, times=1 if method == "POST" else 3)
    repository = set_up(server, tell_tale(server))
    for _ in range(3):
        assert runner.run(repository).code == 0
    assert len(hub.issues[0].said) == 1


def test_a_run_that_stops_is_told_and_one_that_breaks_off_is_said(
    server: SheetsServer, hub: GitHubServer, runner: Runner
) -> None:
    """The telling comes all the same; trouble that passes by itself asks nobody to do anything.

    What the hour is, a run that stopped knows from its schedule alone.
    """
    book = tell_tale(server)
    name = ".github/workflows/sheetflow.yml"
    workflow = (ROOT / name).read_text(encoding="utf-8").replace("Europe/London", morning())
    repository = set_up(server, book, files={name: workflow})
    runner.run(repository)
    (issue,) = hub.issues
    server.fault("read", ALWAYS, Fault.status(503, "x"))
    failed = runner.run(repository)
    assert failed.code == 1
    assert "Tell what is due" in failed.steps
    assert "The last run did not finish" in issue.body
    assert len(issue.said) == 1
    assert issue.state == "open"
    server.calm()
    book.roles.pop(server.account.email)
    for _ in range(2):
        assert runner.run(repository).code == 1
    assert "The last run stopped and needs you" in issue.body
    assert [("needs you" in text) for text in issue.said] == [False, True]
    assert "https://github.com/sam/my-interviews/actions/runs/4711" in issue.said[1]


def test_an_output_that_github_drops(server: SheetsServer, hub: GitHubServer, runner: Runner) -> None:
    repository = set_up(server, tell_tale(server))
    runner.run(repository)
    runner.lost_outputs = True
    assert runner.run(repository).code == 0
    assert "The last run did not finish" in hub.issues[0].body
    assert hub.issues[0].state == "open"
    assert len(hub.issues[0].said) == 1


def test_companies_are_told_only_when_the_person_says_so(
    server: SheetsServer, hub: GitHubServer, runner: Runner
) -> None:
    hub.token = runner.token
    repository = set_up(server, tell_tale(server), variables={"SHEETFLOW_TELL_COMPANY": "yes"})
    done = runner.run(repository)
    assert "`Acme`" in hub.issues[0].said[0]
    assert "Acme" not in done.log + done.summary


def test_somebody_else_is_told_where_the_owner_is_an_organisation(
    server: SheetsServer, hub: GitHubServer, runner: Runner
) -> None:
    hub.assignable = {"kim"}
    runner.run(set_up(server, tell_tale(server), variables={"SHEETFLOW_TELL": "kim"}))
    assert hub.issues[0].assignees == ["kim"]


# --- nobody's words in a log -----------------------------------------------------------------------------------


class Canaries:
    """Distinctive strings, and every form of them that a log could show."""

    def __init__(self) -> None:
        self.all: list[str] = []

    def __call__(self) -> str:
        """A new one: letters and digits, so that it survives anywhere, even in an address."""
        number = len(self.all)
        text = f"Zq{number:03d}{'KvXjWq'[number % 6]}w{(number * 7919) % 997:03d}yZ"
        self.all.append(text)
        return text

    def strange(self) -> str:
        """One inside a text that JSON, URLs and shells would all have to escape."""
        return f'Ünï "{self()}" <b>&\t漢'

    def found(self, text: str) -> list[str]:
        """Those that appear in a text in any form."""
        flat = re.sub(r"\s+", "", text)
        folded = flat.lower()
        return [
            form
            for canary in self.all
            for form in self.forms(canary)
            if (form.lower() in folded if form.isascii() and form.lower() == canary.lower() else form in flat)
        ]

    @staticmethod
    def forms(canary: str) -> list[str]:
        """Itself (in JSON and URLs it looks the same), base64 wherever it starts, hexadecimal, each way round."""
        data = canary.encode()
        shifted = [base64.b64encode(b"?" * shift + data).decode() for shift in range(3)]
        inner = [code[(4 if shift else 0) : len(code) - 4] for shift, code in enumerate(shifted)]
        return [canary, *inner, data.hex(), canary[::-1]]


@dataclass
class Planted:
    """A spreadsheet and a repository full of canaries."""

    server: SheetsServer
    hub: GitHubServer
    runner: Runner
    canaries: Canaries
    book: Book
    repository: Repository

    def run(self, debug: bool, **inputs: bool) -> Done:
        """One run, checked for canaries and for pieces of the key."""
        done = self.runner.run(self.repository, inputs or None, debug)
        told = [text for issue in self.hub.issues for text in (issue.title, issue.body, *issue.said)]
        for place in (done.log, done.summary, str(done.outputs), *told):
            assert not self.canaries.found(place)
            assert "Ünï" not in place
            assert "\\u00dc" not in place.lower()
            assert "%c3%9c" not in place.lower()
            assert "PRIVATE KEY" not in place
            assert "Traceback" not in place
            assert "ya29" not in place, "an access token"
            assert not re.search(r"[\w.]@[\w.]", place), "an address"
            assert "https://docs.google" not in place
        return done


@pytest.fixture
def planted(server: SheetsServer, hub: GitHubServer, runner: Runner) -> Planted:
    canary = Canaries()
    server.account = ServiceAccount(f"{canary()}@{canary()}.iam.example".lower())
    server.authority.accounts[server.account.email] = server.account
    header = ["Company", "Role", "Interview", "Interviewers", "Contact", "Highlight", "Question", "How it went"]
    header += ["Thank-you sent", "Reply received", "Outcome", canary(), canary.strange()]
    rows = [header]
    for number in range(22):
        date = canary() if number % 7 == 3 else f"=TODAY()-{number * 3}"
        person = f"{canary()} <{canary()}@{canary()}.example>"
        outcome = canary() if number % 5 == 2 else ""
        went = canary() if number % 6 == 1 else "Fine"
        sent = canary() if number % 11 == 4 else ""
        rows.append(
            [
                canary(),
                canary.strange(),
                date,
                person,
                canary(),
                canary(),
                canary(),
                went,
                sent,
                "",
                outcome,
                canary(),
                "",
            ]
        )
    book = server.add_spreadsheet(
        canary(),
        rows=rows,
        tab=canary(),
        book_id=f"1{canary()}_{canary()}-{canary()}",
        time_zone=morning(),
    )
    server.person(book).add_tab(canary(), [[canary(), canary()], [canary(), canary()]])
    server.person(book).add_tab("Settings", [["Setting", "Value"], ["Your name", canary()]])
    key = key_fields(server.account.credentials())
    for name in ("project_id", "private_key_id", "client_id", "client_x509_cert_url"):
        key[name] = canary()
    assert len(canary.all) >= 200
    assert len(set(canary.all)) == len(canary.all)
    repository = Repository({"SHEETFLOW_SHEET": link(book) + "#gid=0", "GOOGLE_CREDENTIALS": json.dumps(key)})
    return Planted(server, hub, runner, canary, book, repository)


def test_canaries_are_seen_in_every_form() -> None:
    """The detector itself: a canary hidden in each of these ways is found."""
    canary = Canaries()
    one = canary()
    address = f"{one}@x.example"
    ways = [
        one, one.lower(), one.upper(),
        json.dumps(f"ü{one}"), f"%20{one}%20", repr(one.encode()), f"{one[:6]}\n{one[6:]}",
        *(base64.b64encode(f"{'a' * shift}{address}".encode()).decode() for shift in range(3)),
        base64.urlsafe_b64encode(json.dumps({"a": address}).encode()).decode(), address.encode().hex(), one[::-1],
    ]  # fmt: skip
    for way in ways:
        assert canary.found(f"before {way} after"), way
    assert not canary.found("before after")


@pytest.mark.parametrize("debug", [False, True])
def test_success_says_nothing_of_the_sheet(planted: Planted, debug: bool) -> None:
    """A dry run, a first run with cells it cannot read, a second run."""
    dry = planted.run(debug, dry_run=True, force=False)
    assert dry.code == 0, dry.log
    first = planted.run(debug)
    assert first.code == 0, first.log
    assert planted.server.writes == 1
    assert "To check:" in first.summary
    cells = str(shown(planted.book))
    assert sum(canary in cells for canary in planted.canaries.all) > 150, "they were in the sheet"
    second = planted.run(debug)
    assert second.code == 0, second.log
    assert "Nothing to change" in second.summary
    assert "| Thank-you |" in planted.hub.issues[0].body, "and it was told"


def not_shared(one: Planted) -> None:
    one.book.roles.pop(one.server.account.email)


def read_only(one: Planted) -> None:
    one.book.roles[one.server.account.email] = "reader"


def switched_off(one: Planted) -> None:
    one.server.api_enabled = False


def wrong_link(one: Planted) -> None:
    one.repository.secrets["SHEETFLOW_SHEET"] = f"https://docs.google.com/spreadsheets/d/{one.canaries() * 3}/edit"


def no_link(one: Planted) -> None:
    one.repository.secrets["SHEETFLOW_SHEET"] = f"the tracker of {one.canaries.strange()}"


def other_file(one: Planted) -> None:
    one.repository.secrets["SHEETFLOW_SHEET"] = f"/home/{one.canaries()}/{one.canaries()}.csv"


def wrong_tab(one: Planted) -> None:
    one.repository.secrets["SHEETFLOW_SHEET"] = link(one.book) + "#gid=123456789"


def broken_key(one: Planted) -> None:
    one.repository.secrets["GOOGLE_CREDENTIALS"] = one.repository.secrets["GOOGLE_CREDENTIALS"][:-9]


def halved_private_key(one: Planted) -> None:
    key = key_fields(one.repository.secrets["GOOGLE_CREDENTIALS"])
    key["private_key"] = key["private_key"][:400] + one.canaries() + key["private_key"][800:]
    one.repository.secrets["GOOGLE_CREDENTIALS"] = json.dumps(key)


def other_json(one: Planted) -> None:
    one.repository.secrets["GOOGLE_CREDENTIALS"] = json.dumps({one.canaries(): one.canaries(), "type": one.canaries()})


def no_key(one: Planted) -> None:
    one.repository.secrets["GOOGLE_CREDENTIALS"] = ""


def revoked_key(one: Planted) -> None:
    one.server.fault("token", ALWAYS, Fault.invalid_grant(f"Account {one.canaries()} deleted."))


def fails(kind: Any, fault: Callable[[str], Fault]) -> Callable[[Planted], None]:
    """A fault whose text has a canary, at every request of a kind."""

    def plan(one: Planted) -> None:
        one.server.fault(kind, ALWAYS, fault(f"Cell {one.canaries.strange()} of {one.canaries()}."))

    return plan


def bad_template(one: Planted) -> None:
    text = f"Subject: {one.canaries()}\n\n{one.canaries()} {{{{ compnay }}}} {one.canaries()}\n"
    one.repository.files["templates/follow_up.txt"] = text


def bad_syntax(one: Planted) -> None:
    one.repository.files["templates/thank_you.txt"] = f"Subject: x\n\n{one.canaries()} {{% if %}} {one.canaries()}\n"


def bad_setting(one: Planted) -> None:
    one.server.person(one.book, "Settings").type("A3", one.canaries()).type("B3", one.canaries())


def bad_value(one: Planted) -> None:
    one.server.person(one.book, "Settings").type("A3", "Send from").type("B3", one.canaries.strange())


def bad_file(one: Planted) -> None:
    one.repository.files["sheetflow.toml"] = f'nmae = "{one.canaries()}"\n'


def broken_file(one: Planted) -> None:
    one.repository.files["sheetflow.toml"] = f"name = {one.canaries()} {one.canaries()}\n"


def doubled_header(one: Planted) -> None:
    one.server.person(one.book).type("N1", "Employer").type("N2", one.canaries()).type("O1", "Company")


def no_header(one: Planted) -> None:
    one.server.person(one.book).type("A1", one.canaries())


def somebodys_status(one: Planted) -> None:
    one.server.person(one.book).type("N1", "Draft").type("N2", one.canaries())


def wiped(one: Planted) -> None:
    assert one.run(False).code == 0
    anna = one.server.person(one.book)
    for row in range(2, 24):
        for column in "ABCDEFGHIJK":
            anna.clear(f"{column}{row}")
    one.server.forget()


FAILURES: list[tuple[Callable[[Planted], None], int, str]] = [
    (fails("read", lambda text: Fault.status(401, text)), 1, "key"),
    (fails("read", lambda text: Fault.status(403, text)), 1, "share the sheet with the client_email of your key"),
    (not_shared, 1, "share the sheet with the client_email of your key"),
    (read_only, 1, "Editor"),
    (switched_off, 1, "https://console.cloud.google.com/apis/library/sheets.googleapis.com"),
    (wrong_link, 1, "link"),
    (no_link, 2, "link"),
    (other_file, 1, ""),
    (wrong_tab, 3, "tab"),
    (fails("read", lambda text: Fault.status(400, text)), 1, ""),
    (fails("read", lambda text: Fault.status(429, text)), 1, "requests a minute"),
    (fails("read", lambda text: Fault.status(500, text)), 1, "500"),
    (fails("read", lambda text: Fault.html(502, text)), 1, "502"),
    (fails("read", lambda text: Fault.html(200, text)), 1, "not an answer of Google Sheets"),
    (fails("read", lambda text: Fault.reset()), 1, "cannot be reached"),
    (fails("read", lambda text: Fault.truncated()), 1, "not an answer of Google Sheets"),
    (fails("write", lambda text: Fault.status(400, text)), 1, ""),
    (fails("write", lambda text: Fault.status(403, text)), 1, "Editor"),
    (fails("write", lambda text: Fault.status(429, text)), 1, "requests a minute"),
    (fails("write", lambda text: Fault.status(503, text)), 1, ""),
    (fails("connect", lambda text: Fault.bad_certificate()), 1, "certificate"),
    (broken_key, 1, "GOOGLE_CREDENTIALS"),
    (halved_private_key, 1, "key"),
    (other_json, 1, "key"),
    (no_key, 1, "GOOGLE_CREDENTIALS"),
    (revoked_key, 1, "Make a new key"),
    (bad_template, 1, "follow_up.txt"),
    (bad_syntax, 1, "thank_you.txt"),
    (bad_setting, 1, "setting"),
    (bad_value, 1, "Send from"),
    (bad_file, 1, "setting"),
    (broken_file, 1, "sheetflow.toml"),
    (doubled_header, 3, "Company"),
    (no_header, 3, "Company"),
    (somebodys_status, 3, "Draft"),
    (wiped, 3, "force"),
]


@pytest.mark.parametrize(
    ("plan", "code", "words"), FAILURES, ids=[f"{number}-{plan.__name__}" for number, (plan, *_) in enumerate(FAILURES)]
)
def test_failures_are_loud_and_say_nothing_of_the_sheet(
    planted: Planted, plan: Callable[[Planted], None], code: int, words: str
) -> None:
    """Each fails with its exit code and its fix; nobody's words, and no cell changed."""
    plan(planted)
    state = planted.book.snapshot()
    with ThreadPoolExecutor(2) as both:
        runs = list(both.map(planted.run, (False, True)))
    for done in runs:
        assert done.code == code, done.log
        assert words.lower() in done.log.lower()
        assert "Error: " in done.log
        assert "was not made for" not in done.log, "an error nobody thought of"
    assert planted.book.snapshot() == state


# --- the real thing --------------------------------------------------------------------------------------------


OUTSIDE = dict(os.environ)
"""The environment before any test began."""
LOOKUPS = ("PIP_", "SSL_", "HTTP", "http", "NO_PROXY", "no_proxy", "REQUESTS_CA_BUNDLE")
"""What leads to PyPI, by the beginning of its name."""


@pytest.mark.skipif(not os.environ.get("INSTALL_FROM_PYPI"), reason="installs from PyPI; .ci/run does it")
def test_the_locked_packages_install_and_run(server: SheetsServer, hub: GitHubServer, tmp_path: Path) -> None:
    """The install lines as they stand, with an empty Python, and then the sample as before; it is told as well."""
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "python"], check=True)  # noqa: S603
    outside = {name: value for name, value in OUTSIDE.items() if name.startswith(LOOKUPS)}
    inside = {**reachable(server), "GITHUB_API_URL": hub.url, "NO_PROXY": "127.0.0.1"}
    runner = Runner(
        tmp_path / "runner", tmp_path / "python" / "bin", lambda step: outside if step.startswith("Install") else inside
    )
    runner.folder.mkdir()
    book = imported(server)
    done = runner.run(set_up(server, book))
    assert done.code == 0, done.log
    assert (server.reads, server.writes) == (1, 1)
    assert {row["Follow-up status"] for row in shown(book)} == {rule.status for rule in RULES}
    assert "::notice title=sheetflow::Told: a comment." in done.log
    assert hub.issues[0].said
