"""Many Google Sheets, Google's quota, and a clock that nobody waits for: pace, growth, faults, kills, shards, secrets.

The numbers are small here; ROSTER_TESTS=full runs them as large as section 12 of the rules speaks of (minutes).
"""

from __future__ import annotations

import gc
import json
import math
import os
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from google_support import environment
from roster_support import NOW, ROWS, School, SharedTime, counts, link, school, table
from sheets_server import ALWAYS, Book, Fault

from sheetflow import cli
from sheetflow.backends.google import accounts
from sheetflow.backends.google.sheet import GoogleSheet
from sheetflow.errors import SheetflowError
from sheetflow.plan import Plan
from sheetflow.roster.run import Roster

FULL = os.environ.get("ROSTER_TESTS") == "full"
LATER = "2026-11-20T15:00:00+00:00"


def filled(place: School, count: int) -> School:
    """A school with so many students, and their roster."""
    for _ in range(count):
        place.student()
    place.enrol()
    return place


def reads_of(place: School) -> Counter[str]:
    """Spreadsheet id -> how often it was read."""
    return Counter(one.path.split("/")[3].split(":")[0] for one in place.server.exchanges("read"))


def refusals(place: School) -> int:
    return sum(one.status == 429 for one in place.server.log)


# --- the roster as a sheet -------------------------------------------------------------------------------------------


def test_one_read_and_one_write_of_the_roster(tmp_path: Path) -> None:
    with school(tmp_path) as place:
        filled(place, 3)
        place.run()
        assert place.roster
        assert reads_of(place)[place.roster.id] == 1
        assert sum(place.roster.id in one.path for one in place.server.exchanges("write")) == 1
        assert [counts(row) for row in place.cells()] == 3 * [
            {
                "Last run": 46346.375, "Rows": 1, "Letters waiting": 1, "Overdue": 0, "Ghosted": 0,
                "Interviews this week": 1, "Offers": 0, "Quiet since": 46345,
            }
        ]  # fmt: skip
        assert {one["Follow-up status"] for book in place.books for one in table(book)} == {"Send thank-you"}


def test_a_quiet_run_writes_the_roster_alone(tmp_path: Path) -> None:
    with school(tmp_path) as place:
        filled(place, 3)
        place.run()
        place.server.forget()
        place.run("2026-11-20T11:00:00+00:00")
        assert place.server.reads == 4
        assert [one.path.split("/")[3].split(":")[0] for one in place.server.exchanges("write")] == [
            place.roster.id if place.roster else ""
        ]


def test_the_coach_sorts_the_roster_meanwhile(tmp_path: Path) -> None:
    with school(tmp_path) as place:
        filled(place, 4)
        place.books[2].roles.clear()
        roster = place.roster
        assert roster
        coach = place.server.person(roster)
        place.server.before("write", 4, lambda: coach.sort("Name", descending=True))
        place.run()
        rows = place.cells()
        assert [row["Name"] for row in rows] == ["Student 3", "Student 2", "Student 1", "Student 0"]
        assert [bool(row["Problem"]) for row in rows] == [False, True, False, False]
        assert [row["Rows"] for row in rows] == [1, None, 1, 1]


def test_un_shared_is_a_state_and_its_numbers_go(tmp_path: Path) -> None:
    with school(tmp_path) as place:
        filled(place, 2)
        place.run()
        place.books[1].roles.clear()
        outcome = place.run(LATER)
        assert not outcome.problems
        assert counts(place.cells()[1]) == {"Last run": 46346.375, "State": "Un-shared"}


def test_never_shared_is_a_problem_with_its_fix(tmp_path: Path) -> None:
    with school(tmp_path) as place:
        filled(place, 2)
        place.books[1].roles.clear()
        assert list(place.run().problems) == [2]
        assert "choose Share" in place.cells()[1]["Problem"]
        assert "coach0@" not in place.cells()[1]["Problem"]


def test_a_sheet_kept_by_its_owner_is_read_and_counted(tmp_path: Path) -> None:
    with school(tmp_path, 2) as place:
        mine = place.student(account=place.accounts[0])
        mine.roles[place.accounts[1]] = "writer"
        row = {"Name": "Sam", "Sheet": link(mine), "Account": place.accounts[1]}
        place.enrol([row])
        place.run("2026-11-18T09:00:00+00:00")  # the owner's own account writes
        assert place.roster
        place.server.person(place.roster).type("C2", place.accounts[0])
        before = table(mine)
        place.run()
        assert table(mine) == before
        assert counts(place.cells()[0])["State"] == "Kept by its owner"
        assert counts(place.cells()[0])["Letters waiting"] == 1
        place.run("2026-11-24T09:00:00+00:00")
        assert "State" not in counts(place.cells()[0])


# --- the pace --------------------------------------------------------------------------------------------------------


def rates(place: School) -> dict[tuple[str, str, str], float]:
    """Of each account and kind the share of its quota that was used over the whole run."""
    limits = place.server.limits
    assert limits
    return {
        key: used / place.clock.now * 60 / limits.limits["account"]
        for key, used in limits.all.items()
        if key[0] == "account"
    }


@pytest.mark.parametrize("count", [1, 5])
def test_never_more_than_the_quota_and_hardly_less(tmp_path: Path, count: int) -> None:
    with school(tmp_path, count) as place:
        filled(place, 500 if FULL else 75 * count if count == 1 else 150)
        outcome = place.run()
        assert not outcome.problems
        assert refusals(place) == 0
        limits = place.server.limits
        assert limits
        assert max(used for key, used in limits.most.items() if key[0] == "account") <= 60
        assert min(rates(place).values()) >= 0.95


def test_six_accounts_share_the_projects_quota(tmp_path: Path) -> None:
    with school(tmp_path, 3, limit=10, project=20) as place:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(accounts, "ACCOUNT", 10)
            patch.setattr(accounts, "PROJECT", 20)
            filled(place, 60)
            place.run()
        assert refusals(place) == 0
        limits = place.server.limits
        assert limits
        assert limits.most["project", "school.iam.example", "read"] in (19, 20)


def test_the_time_grows_as_the_number_does(tmp_path: Path) -> None:
    """From the first student's sheet to the last one's; the roster's own read and write come on top, once."""
    took = {}
    for size in (50, 500, 5000) if FULL else (20, 80):
        folder = tmp_path / str(size)
        folder.mkdir()
        with school(folder) as place:
            filled(place, size)
            times: list[float] = []
            place.server.before("read", ALWAYS, lambda times=times, clock=place.clock: times.append(clock.now))  # type: ignore[misc]
            place.run()
            took[size] = times[-1] - times[1]
            assert refusals(place) == 0
    small, large = min(took), max(took)
    assert 1.0 <= math.log(took[large] / took[small]) / math.log(large / small) <= 1.05


def test_no_tracker_is_kept_once_it_was_visited(tmp_path: Path) -> None:
    """Memory is flat: what is alive at any moment does not grow with the roster."""
    alive: list[tuple[int, int]] = []

    def look(*_: Any) -> None:
        gc.collect()
        kinds = [type(thing) for thing in gc.get_objects()]
        alive.append((kinds.count(GoogleSheet), kinds.count(Plan)))

    look()
    others = alive.pop()  # of other tests in this process

    with school(tmp_path) as place:
        filled(place, 25)
        Roster(place.session(), place.clock.time).visit(look)
    assert len(alive) == 25
    sheets, plans = zip(*alive, strict=True)
    assert max(sheets) <= 8 + others[0]
    assert max(plans) <= 8 + others[1]


def test_a_refusal_all_the_same_is_honoured(tmp_path: Path) -> None:
    with school(tmp_path) as place:
        filled(place, 12)
        place.server.fault("read", 4, Fault.status(429, retry_after="40"))
        refused_at: list[float] = []
        place.server.before("read", 4, lambda: refused_at.append(place.clock.now))
        asked: list[float] = []
        place.server.before("read", range(5, 20), lambda: asked.append(place.clock.now))
        outcome = place.run()
        assert not outcome.problems
        assert min(at for at in asked if at > refused_at[0]) >= refused_at[0] + 40
        assert set(reads_of(place).values()) == {1, 2}


# --- what goes wrong -------------------------------------------------------------------------------------------------


def broken_ways(place: School) -> list[tuple[str, Callable[[int], dict[str, str]], str]]:
    """Ways in which a student's row or sheet is broken: what it is, how to make it, words of the fix."""

    def of(rows: list[list[str]] | None = None, **more: Any) -> Book:
        return place.student(rows, place.accounts[0], **more)

    def row(book: Book, **more: str) -> dict[str, str]:
        return {"Sheet": link(book), "Account": place.accounts[0], **more}

    def protected(_: int) -> dict[str, str]:
        book = of()
        place.server.person(book).protect("A1:Z40")
        return row(book)

    def with_setting(_: int) -> dict[str, str]:
        book = of()
        place.server.person(book).add_tab("Settings", [["Setting", "Value"], ["Language", "Canary"]])
        return row(book)

    foreign = [[*ROWS[0], "Why"], [*ROWS[1], "Canary"]]
    return [
        ("never shared", lambda _: row(of(shared_with={})), "choose Share"),
        ("to look at only", lambda _: row(of(shared_with={place.accounts[0]: "reader"})), "as Editor rather than"),
        ("deleted", lambda n: {"Sheet": f"https://docs.google.com/spreadsheets/d/1gone{n:05d}{'y' * 34}/edit"},
         "Copy the link from"),
        ("no link", lambda n: {"Sheet": f"I send it later ({n})"}, "Copy it from the browser"),
        ("empty", lambda _: {"Sheet": ""}, "Paste the link"),
        ("no header", lambda _: row(of([["Canary"], ["x"]])), "or write in sheetflow.toml"),
        ("two headers", lambda _: row(of([["Company", "Company", "Role"], ["A", "B", "C"]])), "Company: A1 and B1."),
        ("a setting", with_setting, "English, German"),
        ("protected", protected, "Let the client_email"),
        ("templates", lambda _: row(of(), Templates="nowhere"), "Make it, or empty"),
        ("language", lambda _: row(of(), Language="Klingon"), "Write English"),
        ("account", lambda _: {**row(of()), "Account": "somebody@else.example"}, "Write the address"),
        ("foreign text", lambda _: row(of(foreign)), "Rename your column"),
    ]  # fmt: skip


def test_what_is_broken_is_named_with_its_fix_and_the_rest_is_right(tmp_path: Path) -> None:
    with school(tmp_path) as place:
        ways = broken_ways(place)
        assert len(ways) >= 12
        good = 450 if FULL else 13
        bad = 50 if FULL else len(ways)
        rows, fixes = [], {}
        for number in range(good + bad):
            broken = number % ((good + bad) // bad) == 0 and len(fixes) < bad
            if broken:
                _, make, fix = ways[len(fixes) % len(ways)]
                fixes[number] = fix
                rows.append({"Name": f"Student {number}", **make(number)})
            else:
                book = place.student()
                rows.append({"Name": f"Student {number}", "Sheet": link(book), "Account": place.accounts[0]})
        headers = ("Name", "Sheet", "Account", "Templates", "Language")
        place.enrol([{name: row.get(name, "") for name in headers} for row in rows])
        outcome = place.run()
        assert len(outcome.problems) == bad
        for number, row in enumerate(place.cells()):
            if number in fixes:
                assert fixes[number] in row["Problem"], (number, row["Problem"])
                assert row["Rows"] is None
            else:
                assert counts(row)["Letters waiting"] == 1
                assert not row["Problem"]
            assert "Canary" not in str(row)
        assert place.roster
        twice = {book for book, times in reads_of(place).items() if times > 1 and book != place.roster.id}
        assert len(twice) <= sum(fix == "Let the client_email" for fix in fixes.values()), "one is looked at again"


def test_three_refusals_of_the_credentials_in_a_row_stop_the_run(tmp_path: Path) -> None:
    with school(tmp_path) as place:
        filled(place, 12)
        place.server.fault("read", range(2, 100), Fault.status(401))
        outcome = place.run()
        assert outcome.stopped is not None
        assert len(outcome.results) == 3
        assert outcome.skipped == 9
        assert place.server.reads <= 1 + 2 * 3, "each is asked once more with a new token, and then no more"
        assert [bool(row["Problem"]) for row in place.cells()] == 3 * [True] + 9 * [False]


def test_students_who_un_shared_stop_nobody(tmp_path: Path) -> None:
    with school(tmp_path) as place:
        filled(place, 8)
        for book in place.books[:5]:
            book.roles.clear()
        outcome = place.run()
        assert outcome.stopped is None
        assert len(outcome.problems) == 5


def test_a_revoked_key_stops_its_own_sheets_only(tmp_path: Path) -> None:
    with school(tmp_path, 2) as place:
        filled(place, 16)
        session = place.session()
        del place.server.authority.accounts[place.accounts[1]]
        outcome = Roster(session, place.clock.time).visit()
        assert outcome.stopped is not None
        assert sum(bool(result.counts) for result in outcome.results.values()) == 8
        assert outcome.skipped == 5


def test_google_does_not_answer_for_a_while(tmp_path: Path) -> None:
    with school(tmp_path) as place:
        filled(place, 10)
        place.server.fault("read", range(3, 9), Fault.status(503))
        outcome = place.run()
        assert not outcome.problems
        assert all(row["Rows"] == 1 for row in place.cells())


def test_the_roster_cannot_be_read(tmp_path: Path) -> None:
    with school(tmp_path) as place:
        filled(place, 2)
        assert place.roster
        place.roster.roles.clear()
        with pytest.raises(SheetflowError):
            place.run()
        assert place.server.reads == 1


# --- killed, and started again ---------------------------------------------------------------------------------------


class Killed(BaseException):
    """The end of a process."""


class MortalTime(SharedTime):
    """A clock on which all threads die at a moment."""

    def __init__(self, at: float) -> None:
        super().__init__()
        self.at = at

    def sleep(self, seconds: float) -> None:
        if self.now >= self.at:
            raise Killed
        super().sleep(seconds)
        if self.now >= self.at:
            raise Killed


def bury() -> None:
    """Wait until the threads of a killed run are gone, as those of a killed process are."""
    for thread in threading.enumerate():
        if thread.name == "roster":
            thread.join(10)


def after(seconds: float) -> str:
    return (datetime.fromisoformat(NOW) + timedelta(seconds=seconds)).isoformat()


def end(place: School) -> list[Any]:
    """How everything stands, but for the moments of the visits."""
    rows = [{**row, "Last run": bool(row["Last run"])} for row in place.cells()]
    return [rows, *(table(book) for book in place.books)]


POINTS = 50 if FULL else 4


def test_killed_and_started_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """At 6 requests a minute three minutes are 18 sheets, and the roster's 30 take five."""
    monkeypatch.setattr(accounts, "ACCOUNT", 6)
    size, length = 30, 30 * 60.5 / 6
    with school(tmp_path, limit=1000) as place:
        filled(place, size).run()
        wanted = end(place)
    for point in range(POINTS):
        folder = tmp_path / f"point{point}"
        folder.mkdir()
        at = length * (point + 0.5) / POINTS
        with school(folder, limit=1000, clock=MortalTime(at)) as place:
            filled(place, size)
            with pytest.raises(Killed):
                place.run()
            bury()
            place.clock.at = math.inf  # type: ignore[attr-defined]
            Roster(place.session(after(at + 5)), place.clock.time).visit()
            assert end(place) == wanted, f"killed after {at:.0f} s"
            assert place.roster
            twice = [book for book, times in reads_of(place).items() if times > 1 and book != place.roster.id]
            assert len(twice) <= 18 + 4, f"killed after {at:.0f} s"


# --- shards ----------------------------------------------------------------------------------------------------------


def test_five_shards_are_five_times_as_fast(tmp_path: Path) -> None:
    size = 500 if FULL else 60
    found = tmp_path / "found"
    found.mkdir()
    with school(tmp_path, 5) as place:
        filled(place, size)
        took = []
        assert place.server.limits
        for shard in range(1, 6):
            place.clock = SharedTime()  # five machines at the same time
            place.server.limits.clock = place.clock.clock
            place.server.limits.times.clear()
            place.run(shard=f"{shard}/5", results=str(found / f"{shard}.json"))
            took.append(place.clock.now)
        assert refusals(place) == 0
        assert set(reads_of(place).values()) == {1, 5}, "no sheet is anybody else's"
        assert all("Rows" not in row for row in place.cells())
        Roster(place.session(), place.clock.time).merge(found)
        many = end(place)
    alone = tmp_path / "alone"
    alone.mkdir()
    with school(alone, 1) as place:
        filled(place, size).run()
        assert place.clock.now / max(took) == pytest.approx(5, rel=0.05)
        for row in many[0]:
            row["Account"] = place.accounts[0]
        assert end(place) == many


def test_shards_write_the_roster_where_no_job_puts_them_together(tmp_path: Path) -> None:
    with school(tmp_path, 2) as place:
        filled(place, 4)
        with pytest.raises(SheetflowError, match="twice"):
            place.run(shard="1/2")
        nothing = tmp_path / "nothing"
        nothing.mkdir()
        Roster(place.session(), place.clock.time).merge(nothing)  # makes the columns
        place.run(shard="1/2")
        place.run(shard="2/2")
        assert [row["Rows"] for row in place.cells()] == [1, 1, 1, 1]


def test_how_many_shards(tmp_path: Path) -> None:
    with school(tmp_path, 3) as place:
        filled(place, 7)
        assert [Roster(place.session(), place.clock.time).shards(size) for size in (1, 3, 4, 7, 1000)] == [
            3,
            3,
            2,
            1,
            1,
        ]


# --- whose data is where ---------------------------------------------------------------------------------------------


def test_no_students_data_is_anywhere_but_in_their_sheet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    size = 200 if FULL else 12
    monkeypatch.setattr(time, "sleep", lambda _: None)
    with school(tmp_path, 2) as place:
        secrets = {}
        for number in range(size):
            secret = f"kanari{number:04d}"
            rows = [
                ["Company", "Role", "Interview", "Contact", "Highlight", "Outcome", f"{secret} column"],
                [f"{secret} Ltd", secret, "2026-11-19", f"{secret} Ruiz <{secret}@acme.example>", secret, "", secret],
                [f"{secret} Inc", secret, "yesterday " + secret, f"{secret}", "", secret, ""],
            ]
            if number % 6 in (4, 5):
                rows[0][0] = secret  # no Company: an error that would like to quote
            secrets[place.student(rows, tab=f"{secret} tab").id] = secret
        place.enrol()
        found = tmp_path / "found"
        found.mkdir()
        monkeypatch.setenv("CI", "true")
        monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
        monkeypatch.setattr(accounts, "ACCOUNT", 10**6)
        monkeypatch.setattr(accounts, "PROJECT", 10**6)
        place.server.limits = None
        options = ["--accounts", place.accounts_file(), "--now", NOW]
        assert place.roster
        said = ""
        for more in (["--shard", "1/2", "--results", str(found / "1.json")], ["--json", "--all", "--debug"], ["--all"]):
            done = CliRunner().invoke(cli.main, ["roster", link(place.roster), *options, *more])
            assert done.exit_code == 3, done.output
            said += done.output
        assert json.loads((found / "1.json").read_text(encoding="utf-8"))
        texts = [said, *capfd.readouterr(), (tmp_path / "summary.md").read_text(encoding="utf-8")]
        texts += [path.read_text(encoding="utf-8") for path in found.iterdir()]
        texts.append(str([[cell for *_, cell in sheet] for sheet in place.roster.sheets]))
        assert "kanari" not in "".join(texts)
        assert "Student" not in "".join(texts[:-1])
        assert "1student" not in "".join(texts[:-1])
        for one in place.server.log:
            if one.host == "sheets.googleapis.com":
                book = one.path.split("/")[3].split(":")[0]
                others = one.request.decode().replace(secrets.get(book, "-"), "")
                assert "kanari" not in others, "of one student in the sheet of another"


def test_the_program_itself_with_a_key_and_without_accounts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with school(tmp_path) as place:
        place.server.limits = None
        address = place.server.account.email
        monkeypatch.setattr(accounts, "ACCOUNT", 10**6)
        for _ in range(2):
            place.student(account=address)
        roster = place.enrol(
            [{"Name": "Ana", "Sheet": link(book)} for book in place.books], shared_with={address: "writer"}
        )
        done = CliRunner().invoke(cli.main, ["roster", link(roster), "--now", NOW, "--json"])
        assert done.exit_code == 0, done.output
        assert [sheet["letters_waiting"] for sheet in json.loads(done.stdout)["sheets"]] == [1, 1]
        assert place.server.count("token") == 1


def test_keyless_access_acts_as_each_account(tmp_path: Path) -> None:
    with school(tmp_path, 2) as place, environment(place.server.environment(keyless=True)):
        filled(place, 4)
        file = tmp_path / "addresses"
        file.write_text("".join(f"{address}\n" for address in place.accounts), encoding="utf-8")
        outcome = place.run(accounts=str(file))
        assert not outcome.problems
        callers = {one.path.split("/")[3].split(":")[0]: one.caller for one in place.server.exchanges("read")}
        assert all(callers[book.id] == place.shared[book.id] for book in place.books)


def test_a_key_cannot_act_as_another_account(tmp_path: Path) -> None:
    with school(tmp_path) as place:
        filled(place, 1)
        file = tmp_path / "addresses"
        file.write_text("someone@school.iam.example\n", encoding="utf-8")
        with pytest.raises(SheetflowError, match="Only keyless"):
            place.run(accounts=str(file))


@pytest.mark.parametrize("text", ["", "# nothing\n", "not an account\n", "nowhere.json\n"])
def test_accounts_that_are_none(tmp_path: Path, text: str) -> None:
    with school(tmp_path) as place:
        filled(place, 1)
        file = tmp_path / "addresses"
        file.write_text(text, encoding="utf-8")
        with pytest.raises(SheetflowError):
            place.run(accounts=str(file))
