"""The steps of .github/workflows/roster.yml, taken from the file and executed against the local Sheets server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from roster_support import School, SharedTime, link, table
from runner import Done, Repository, Runner, stand_in_tools
from sheets_server import SheetsServer
from test_workflow_run import morning, reachable

STEPS = ("Count the sheets", "Visit the sheets", "Put it together")
SIZE = 12


@pytest.fixture
def place(tmp_path: Path) -> Iterator[School]:
    """Twelve students, four accounts, a broken sheet and one that was never shared."""
    with SheetsServer() as server:
        emails = [f"coach{number}@school.iam.example" for number in range(4)]
        for email in emails:
            server.add_account(email)
        found = School(server, tmp_path, emails, SharedTime())
        for number in range(SIZE):
            secret = f"kanari{number:03d}"
            rows = [["Company", "Role", "Interview", "Contact"], [f"{secret} Ltd", secret, "=TODAY()-1", secret]]
            if number == 5:
                rows[0][0] = secret
            found.student(rows, time_zone=morning())
        found.books[7].roles.clear()
        found.enrol(time_zone=morning())
        yield found
        assert not server.errors
        assert not server.strangers


@pytest.fixture
def runner(place: School, tmp_path: Path) -> Runner:
    """A runner that nobody waits for, signed in without a key."""
    tools = stand_in_tools(tmp_path / "tools")
    impatient = tmp_path / "impatient"
    impatient.mkdir()
    (impatient / "sitecustomize.py").write_text(
        "import time\nstart, slept = time.monotonic(), 0.0\nreal = time.monotonic\n"
        "def sleep(seconds):\n    global slept\n    slept += seconds\n"
        "time.sleep = sleep\ntime.monotonic = lambda: real() + slept\n",
        encoding="utf-8",
    )
    network = reachable(place.server)
    key_file = Path(place.server.environment(keyless=True)["GOOGLE_APPLICATION_CREDENTIALS"])
    ways = dict.fromkeys(STEPS, network)
    return Runner(tmp_path, tools, lambda step: ways.get(step, {}), key_file, {"PYTHONPATH": str(impatient)})


def copy(place: School, **variables: str) -> Repository:
    """The coach's copy of the project, as docs/coach.md sets it up."""
    assert place.roster
    secrets = {"SHEETFLOW_ROSTER": link(place.roster), "SHEETFLOW_ACCOUNTS": "\n".join(place.accounts)}
    known = {"SHEETFLOW_ROSTER_RUNS": "yes", "GOOGLE_WORKLOAD_IDENTITY_PROVIDER": "p", "GOOGLE_SERVICE_ACCOUNT": "a"}
    return Repository(secrets, {**known, **variables}, visibility="public")


def everything(done: Done) -> str:
    """All that anybody may read of a run in a public repository."""
    artifacts = [data.decode() for files in done.artifacts.values() for data in files.values()]
    return "\n".join([done.log, done.summary, str(done.outputs), *artifacts])


def test_four_shards_and_the_job_that_puts_them_together(place: School, runner: Runner) -> None:
    done = runner.run(copy(place, SHEETFLOW_SHARD_SIZE="3"), name="roster.yml")
    assert done.code == 0, done.log
    assert done.outputs["plan"] == {"shards": "[1,2,3,4]", "of": "4"}
    assert sorted(done.artifacts) == ["results-1", "results-2", "results-3", "results-4"]
    rows = place.cells()
    assert [row["Rows"] for row in rows] == [None if n in (5, 7) else 1 for n in range(SIZE)]
    assert [number for number, row in enumerate(rows) if row["Problem"]] == [5, 7]
    assert {
        one["Follow-up status"] for n, book in enumerate(place.books) if n not in (5, 7) for one in table(book)
    } == {"Send thank-you"}
    writes = [one for one in place.server.exchanges("write") if place.roster and place.roster.id in one.path]
    assert len(writes) == 1
    says_nothing_of_a_student(done, place)


def says_nothing_of_a_student(done: Done, place: School) -> None:
    """Whoever reads a public repository's logs and artifacts finds counts and row numbers."""
    text = everything(done)
    for secret in ("kanari", "Student", "1student", "coach0@", "spreadsheets/d/"):
        assert secret not in text, secret
    assert place.roster
    assert place.roster.id not in text
    entries = [json.loads(data) for files in done.artifacts.values() for data in files.values()]
    assert sorted(len(one) for one in entries) == [3, 3, 3, 3]
    assert all(len(name) == 32 for one in entries for name in one)


def test_a_small_roster_is_one_shard(place: School, runner: Runner) -> None:
    done = runner.run(copy(place), name="roster.yml")
    assert done.outputs["plan"] == {"shards": "[1]", "of": "1"}
    assert done.code == 0
    assert [row["Rows"] for row in place.cells()].count(1) == SIZE - 2


def test_a_shard_that_fails_costs_its_own_sheets(place: School, runner: Runner) -> None:
    del place.server.authority.accounts[place.accounts[2]]
    done = runner.run(copy(place, SHEETFLOW_SHARD_SIZE="6"), name="roster.yml")
    assert done.code != 0, "the owner is to hear of it"
    rows = place.cells()
    assert [row["Rows"] for row in rows] == [None if n in (5, 7) or n % 4 == 2 else 1 for n in range(SIZE)]


def test_nothing_runs_until_it_is_switched_on(place: School, runner: Runner) -> None:
    done = runner.run(copy(place, SHEETFLOW_ROSTER_RUNS=""), name="roster.yml")
    assert done.steps == []
    assert place.server.reads == 0
