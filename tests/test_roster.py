"""A roster in a .csv, with trackers in files beside it: columns, entries, results, words; no network."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from support import grid_sheet

from sheetflow import cli
from sheetflow.errors import Refused, UsageError
from sheetflow.roster import results
from sheetflow.roster.columns import ROSTER, STATES, WRITTEN, find_header
from sheetflow.roster.entries import Entry, read_entries
from sheetflow.roster.run import Shard

ROOT = Path(__file__).parent.parent
NOW = "2026-11-20T10:00"
Run = Callable[..., Result]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a roster of two, and their trackers."""
    monkeypatch.chdir(tmp_path)
    for name in ("ana.csv", "bo.csv"):
        shutil.copy(ROOT / "sample_sheet.csv", tmp_path / name)
    (tmp_path / "roster.csv").write_text("Name,Sheet,Active\nAna,ana.csv,\nBo,bo.csv,\n", encoding="utf-8")
    return tmp_path


def call(*arguments: str, now: str = NOW) -> Result:
    return CliRunner().invoke(cli.main, ["roster", "roster.csv", "--now", now, "--time-zone", "Etc/GMT", *arguments])


def roster(folder: Path, text: str) -> None:
    (folder / "roster.csv").write_text(text, encoding="utf-8")


def rows(folder: Path) -> list[dict[str, str]]:
    import csv

    with (folder / "roster.csv").open(encoding="utf-8", newline="") as file:
        return [{key: value or "" for key, value in row.items() if key} for row in csv.DictReader(file)]


def test_every_sheet_is_brought_up_to_date_and_counted(folder: Path) -> None:
    done = call()
    assert done.exit_code == 0, done.output
    alone = folder / "alone"
    alone.mkdir()
    shutil.copy(ROOT / "sample_sheet.csv", alone / "ana.csv")
    single = CliRunner().invoke(
        cli.main, ["run", str(alone / "ana.csv"), "--now", NOW, "--time-zone", "Etc/GMT", "--name", "Ana"]
    )
    assert single.exit_code == 0
    assert (folder / "ana.csv").read_bytes() == (alone / "ana.csv").read_bytes()
    ana, bo = rows(folder)
    assert {**ana, "Name": "", "Sheet": ""} == {**bo, "Name": "", "Sheet": ""}
    assert ana["Last run"] == "2026-11-20 10:00"
    assert (ana["Rows"], ana["Overdue"], ana["Offers"], ana["Problem"]) == ("28", "6", "1", "")


def test_the_name_under_the_letters_is_the_students(folder: Path) -> None:
    (folder / "sheetflow.toml").write_text(
        'name = "The Coach"\nsignature = "The Coach"\nlanguage = "de"\nsend_from = "coach@school.example"\n',
        encoding="utf-8",
    )
    roster(folder, "Name,Sheet\nZora Quill,ana.csv\nYan Park,bo.csv\n")
    assert call().exit_code == 0
    text = (folder / "ana.csv").read_text(encoding="utf-8")
    assert "The Coach" not in text
    assert "coach@school" not in text
    assert "\nZora Quill" in text
    assert "Yan Park" not in text


def test_a_name_for_all_is_no_option(folder: Path) -> None:
    assert call("--name", "Coach").exit_code == 2


def test_the_language_is_the_rows(folder: Path) -> None:
    roster(folder, "Name,Sheet,Language\nAna,ana.csv,Deutsch\nBo,bo.csv,\n")
    assert call().exit_code == 0
    assert "Guten Tag" in (folder / "ana.csv").read_text(encoding="utf-8")
    assert "Guten Tag" not in (folder / "bo.csv").read_text(encoding="utf-8")


def test_templates_lie_beside_the_coachs(folder: Path) -> None:
    roster(folder, "Name,Sheet,Templates\nAna,ana.csv,design-1\nBo,bo.csv,\nCy,cy.csv,../x\nDi,di.csv,nope\n")
    (folder / "design-1").mkdir()
    (folder / "design-1" / "thank_you.txt").write_text(
        "Subject: Thanks\n\n{{ greeting }}\n\nThe design way.\n", encoding="utf-8"
    )
    done = call()
    assert done.exit_code == 3
    assert "The design way." in (folder / "ana.csv").read_text(encoding="utf-8")
    assert "The design way." not in (folder / "bo.csv").read_text(encoding="utf-8")
    assert [row["Problem"][:50] for row in rows(folder)] == [
        "", "",
        "Templates must be the name of a folder beside your",
        "Templates names a folder that is not there, beside",
    ]  # fmt: skip


def test_a_broken_template_of_the_coachs_stops_the_run(folder: Path) -> None:
    (folder / "mine").mkdir()
    (folder / "mine" / "thank_you.txt").write_text("Subject: x\n\n{{ nonsense }}\n", encoding="utf-8")
    before = (folder / "ana.csv").read_bytes()
    assert call("--templates", "mine").exit_code == 1
    assert (folder / "ana.csv").read_bytes() == before


def test_a_broken_sheet_stops_nobody_else(folder: Path) -> None:
    roster(folder, "Name,Sheet\nCy,nope.csv\nAna,ana.csv\nDi,bad.csv\nEd,\nFay,ana.csv\nGil,/etc/passwd\nBo,bo.csv\n")
    (folder / "bad.csv").write_text("Firm of secrets,Day\nCanary,2026-11-20\n", encoding="utf-8")
    done = call()
    assert done.exit_code == 3
    found = {row["Name"]: row["Problem"] for row in rows(folder)}
    assert found.pop("Ana") == found.pop("Bo") == ""
    assert {name: text.split(".")[0][:45] for name, text in found.items()} == {
        "Cy": "There is no file …",
        "Di": "No header row in …: none of the first 20 rows",
        "Ed": "Sheet is empty",
        "Fay": "The same sheet stands in row 3",
        "Gil": "Sheet names neither a Google Sheet nor a ",
    }
    assert "Canary" not in done.output + (folder / "roster.csv").read_text(encoding="utf-8")
    assert "2 sheets brought up to date" in done.output
    assert "row 8" not in done.output


def test_who_is_not_active_is_not_read(folder: Path) -> None:
    before = (folder / "bo.csv").read_bytes()
    roster(
        folder,
        "Name,Sheet,Active,Rows,Last run\nAna,ana.csv,yes,,\nBo,bo.csv,no,12,2026-11-01 10:00\n",
    )
    assert call().exit_code == 0
    assert (folder / "bo.csv").read_bytes() == before
    bo = rows(folder)[1]
    assert (bo["State"], bo["Rows"], bo["Last run"]) == ("Not active", "", "2026-11-01 10:00")


@pytest.mark.parametrize("word", ["maybe", "from May on"])
def test_a_word_that_is_neither_yes_nor_no_reads_nothing(folder: Path, word: str) -> None:
    before = (folder / "ana.csv").read_bytes()
    roster(folder, f"Name,Sheet,Active\nAna,ana.csv,{word}\n")
    assert call().exit_code == 3
    assert (folder / "ana.csv").read_bytes() == before
    assert "Write one of the two" in rows(folder)[0]["Problem"]


def test_a_dry_run_changes_nothing(folder: Path) -> None:
    before = {path: path.read_bytes() for path in folder.glob("*.csv")}
    done = call("--dry-run")
    assert done.exit_code == 0
    assert "2 sheets looked at" in done.output
    assert {path: path.read_bytes() for path in folder.glob("*.csv")} == before


def test_what_was_just_read_is_left(folder: Path) -> None:
    """So that a run that was cut off is taken up where it was."""
    call()
    done = call(now="2026-11-20T10:29")
    assert "2 sheets read less than half an hour ago" in done.output
    assert "0 sheets brought" in done.output
    assert "2 sheets brought" in call("--all", now="2026-11-20T10:29").output
    assert "2 sheets brought" in call(now="2026-11-20T11:00").output


def test_what_failed_is_tried_again_at_once(folder: Path) -> None:
    (folder / "bo.csv").rename(folder / "gone.csv")
    assert call().exit_code == 3
    (folder / "gone.csv").rename(folder / "bo.csv")
    assert call(now="2026-11-20T10:01").exit_code == 0
    assert rows(folder)[1]["Problem"] == ""


def test_a_problem_leaves_the_numbers_of_the_last_good_run(folder: Path) -> None:
    call()
    good = rows(folder)[1]
    (folder / "bo.csv").unlink()
    call(now="2026-11-21T10:00")
    bad = rows(folder)[1]
    assert bad.pop("Problem")
    assert {**bad, "Problem": ""} == good


def test_the_longest_not_visited_come_first(folder: Path) -> None:
    from sheetflow.roster.run import Outcome, Roster
    from sheetflow.session import Session

    entries = [Entry(1, key="a", last_run=datetime(2026, 11, 19)), Entry(2, key="b"),  # noqa: DTZ001
               Entry(3, key="c", last_run=datetime(2026, 11, 1)), Entry(4, key="d")]  # noqa: DTZ001  # fmt: skip
    called = Roster(Session("roster.csv", {}, {}, quiet=False))
    found = called._due(Outcome(entries), datetime(2026, 11, 20, 10))  # noqa: DTZ001
    assert [entry.key for entry in found] == ["b", "d", "c", "a"]


def test_a_second_run_of_the_same_moment_changes_no_byte(folder: Path) -> None:
    call()
    before = {path: path.read_bytes() for path in folder.glob("*.csv")}
    call("--all")
    assert {path: path.read_bytes() for path in folder.glob("*.csv")} == before


def test_the_coachs_own_cells_stay_byte_for_byte(folder: Path) -> None:
    roster(folder, 'Kurs;Name;Notes;Sheet\r\n"A";Ana;"x; ""y""";ana.csv\r\n;;;\r\nB;Bo;;bo.csv\r\n')
    assert call().exit_code == 0
    lines = (folder / "roster.csv").read_bytes().split(b"\r\n")
    assert lines[1].startswith(b'"A";Ana;"x; ""y""";ana.csv;2026-11-20 10:00;28;')
    assert lines[2] == b";;;"


def test_json_has_rows_and_counts_only(folder: Path) -> None:
    roster(folder, "Name,Sheet\nAna Canary,ana.csv\nBo,nope.csv\n")
    done = call("--json")
    found = json.loads(done.stdout)
    assert done.exit_code == 3
    assert [sheet["row"] for sheet in found["sheets"]] == [2, 3]
    assert found["sheets"][0]["rows"] == 28
    assert "Canary" not in done.stdout
    assert "ana.csv" not in done.stdout


def test_shards_hand_results_on_and_the_last_job_puts_them_together(folder: Path) -> None:
    roster(folder, "Name,Sheet\nCanary,ana.csv\nBo,nope.csv\n")
    before = (folder / "roster.csv").read_bytes()
    (folder / "found").mkdir()
    assert call("--shard", "1/2", "--results", "found/1.json").exit_code == 3
    assert call("--shard", "2/2", "--results", "found/2.json").exit_code == 0
    assert (folder / "roster.csv").read_bytes() == before
    handed = (folder / "found" / "1.json").read_text(encoding="utf-8")
    assert "Canary" not in handed
    assert "csv" not in handed
    roster(folder, "Name,Sheet\nNew,new.csv\nBo,nope.csv\nCanary,ana.csv\n")  # sorted, and a row more, meanwhile
    assert call("--merge", "found").exit_code == 3
    assert [(row["Name"], row["Rows"], row["Problem"][:13]) for row in rows(folder)] == [
        ("New", "", ""), ("Bo", "", "There is no f"), ("Canary", "28", ""),
    ]  # fmt: skip


def test_results_come_back_as_they_were() -> None:
    seen = datetime(2026, 11, 20, 9, tzinfo=UTC)
    found = {
        "a": results.Result(seen, results.Counts(1, 2, 3, 4, 5, 6, date(2026, 11, 1))),
        "b": results.Result(seen, results.Counts(0, 0, 0, 0, 0, 0, None), "Kept by its owner"),
        "c": results.Result(state="Un-shared", forget=True),
        "d": results.Result(problem="Share it."),
    }
    assert results.from_texts([results.as_text(found)]) == found


@pytest.mark.parametrize("text", ["", "[]", "{}x", '{"a": {}}', '{"a": 3}', '{"a": {"seen": "x"}}'])
def test_a_file_that_is_no_result_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        results.from_texts([text])


@pytest.mark.parametrize("text", ["", "0/2", "3/2", "x", "1/", "1/1000", "1/2/3", "-1/2", "½/2"])
def test_shards_that_are_none(text: str) -> None:
    with pytest.raises(UsageError):
        Shard.read(text)


HEADS = ["Name", "Sheet"]


def header_of(*grid: list[Any]) -> Any:
    return find_header(grid_sheet(*grid, title="Roster"))


def test_columns_are_found_by_name_in_any_order_below_a_title() -> None:
    header = header_of(["Spring course"], [], ["Notes", "Tracker link", "OVERDUE", "Student"])
    assert (header.row, dict(header.at)) == (2, {"sheet": 1, "overdue": 2, "name": 3})
    assert [column.header for _, column in header.added][:2] == ["Last run", "Rows"]
    assert header.width == 4


@pytest.mark.parametrize(
    "grid",
    [
        [["Name", "Link to nothing"], ["Ana", "x"]],
        [["Name", "Sheet", "Sheet"]],
        [["Name", "Sheet", "Rows"], ["Ana", "x", "twelve"]],
        [["Name", "Sheet", "Problem"], ["Ana", "x", "shy"]],
        [["Name", "Sheet", "Last run", "State"], ["Ana", "x", "", "Spain"]],
    ],
)
def test_what_is_not_clear_is_refused(grid: list[list[Any]]) -> None:
    with pytest.raises(Refused):
        header_of(*grid)


def test_a_column_of_ours_is_known_though_renamed() -> None:
    grid = [["Name", "Sheet", "Zuletzt", "Meins"], ["Ana", "x", datetime(2026, 11, 20), "text"]]  # noqa: DTZ001
    sheet = replace(grid_sheet(*grid), remembers={2: "last_run", 3: "rows"})
    assert find_header(sheet).at["last_run"] == 2
    assert "rows" not in find_header(sheet).at


def read(*grid: list[Any]) -> list[Entry]:
    sheet = grid_sheet(*grid)
    return read_entries(sheet, find_header(sheet), date(2026, 11, 20), lambda source: source.upper())


def test_entries() -> None:
    found = read(
        [*HEADS, "Active", "Language", "Templates", "Account"],
        ["Ana  Ruiz ", " x1 ", True, "español", "web", "A@b.example"],
        ["", "", "", "", "", ""],
        ["Bo", "x2", False],
        ["Cy", "x3", "", "Klingon"],
        ["Di", "x4", "", "", "a/b"],
    )
    assert found[0] == Entry(1, "Ana Ruiz", "x1", "X1", language="es", templates="web", account="a@b.example")
    assert [entry.row for entry in found] == [1, 3, 4, 5]
    assert not found[1].to_visit
    assert not found[1].problem
    assert found[2].problem.startswith("Language")
    assert found[3].problem.startswith("Templates")


def test_the_week_is_monday_to_sunday(folder: Path) -> None:
    """20 November 2026 is a Friday: 16 to 22 November."""
    days = [date(2026, 11, 15) + timedelta(days=n) for n in range(9)]
    lines = "".join(f"Firm {n},{day}\n" for n, day in enumerate(days))
    (folder / "ana.csv").write_text(f"Company,Interview\n{lines}", encoding="utf-8")
    roster(folder, "Name,Sheet\nAna,ana.csv\n")
    call()
    assert (rows(folder)[0]["Interviews this week"], rows(folder)[0]["Quiet since"]) == ("7", "2026-11-20")


def test_quiet_since_the_last_day_that_is_known(folder: Path) -> None:
    (folder / "ana.csv").write_text(
        "Company,Applied,Reply received,Snooze until,Interview\nA,2026-10-01,2026-10-08,2026-12-01,\nB,,,,2026-12-05\n",
        encoding="utf-8",
    )
    (folder / "bo.csv").write_text("Company,Interview\n", encoding="utf-8")
    call()
    assert [row["Quiet since"] for row in rows(folder)] == ["2026-10-08", ""]


def test_a_roster_is_a_google_sheet_or_a_csv(folder: Path) -> None:
    done = CliRunner().invoke(cli.main, ["roster", "roster.xlsx"])
    assert done.exit_code == 2
    assert "Google Sheet" in done.output


def test_every_column_of_ours_is_filled_from_a_result() -> None:
    names = set(results.Counts.__dataclass_fields__)
    assert {column.key for column in WRITTEN} == names | {"last_run", "state", "problem"}


def test_the_docs_name_every_column_and_what_is_set_up() -> None:
    text = (ROOT / "docs" / "coach.md").read_text(encoding="utf-8")
    for column in ROSTER:
        assert f"\n| {column.header} | " in text, column.header
    for state in STATES:
        assert f"*{state}*" in text
    workflow = (ROOT / ".github" / "workflows" / "roster.yml").read_text(encoding="utf-8")
    for name in set(re.findall(r"(?:secrets|vars)\.(SHEETFLOW_\w+)", workflow)):
        assert f"`{name}`" in text, name
