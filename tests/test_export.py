"""Where a local file's result goes: in place, elsewhere, into another format, and never over what somebody typed."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from sheetflow.backends import OTHER_FORMATS, open_backend
from sheetflow.backends.base import Options
from sheetflow.cli import main
from sheetflow.errors import UsageError

ROWS = [
    ["Company", "Interview", "Interviewers", "Notes"],
    ["Acme", "2026-11-19", "Ana Ruiz <ana@acme.example>", "mine"],
    ["Birch", "2026-11-01", "Bo Chen <bo@birch.example>", ""],
]


@pytest.fixture
def tracker(tmp_path: Path) -> Path:
    path = tmp_path / "tracker.csv"
    write(path, ROWS)
    return path


def write(path: Path, rows: list[list[str]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def read(path: Path) -> list[list[str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


def run(*arguments: str | Path, now: str = "2026-11-20T15:00") -> Result:
    return CliRunner().invoke(main, ["run", *map(str, arguments), "--now", now, "--time-zone", "Europe/Madrid"])


@pytest.mark.parametrize("name", ["copy.csv", "copy.xlsx"])
def test_the_same_copy_twice(tracker: Path, tmp_path: Path, name: str) -> None:
    copy = tmp_path / name
    assert run(tracker, "-o", copy).exit_code == 0
    assert run(tracker, "-o", copy).exit_code == 0


@pytest.mark.parametrize("name", ["copy.csv", "copy.xlsx"])
def test_a_later_copy_replaces_an_earlier_one_whose_cells_of_the_persons_are_the_same(
    tracker: Path, tmp_path: Path, name: str
) -> None:
    copy = tmp_path / name
    assert run(tracker, "-o", copy).exit_code == 0
    before = copy.read_bytes()
    assert run(tracker, "-o", copy, now="2026-11-20T23:00").exit_code == 0
    assert run(tracker, "-o", copy, now="2026-11-21T15:00").exit_code == 0  # Acme is overdue by now
    assert copy.read_bytes() != before


@pytest.mark.parametrize("header", ["Thank-you sent", "Notes", "Draft"])
def test_a_copy_in_which_somebody_typed_is_left_alone(tracker: Path, tmp_path: Path, header: str) -> None:
    copy = tmp_path / "copy.csv"
    run(tracker, "-o", copy)
    rows = read(copy)
    rows[2][rows[0].index(header)] = "typed"
    write(copy, rows)
    before = copy.read_bytes()
    refused = run(tracker, "-o", copy, now="2026-11-21T15:00")
    assert refused.exit_code == 3
    assert "could lose what you typed" in refused.stderr
    assert copy.read_bytes() == before
    assert run(tracker, "-o", copy, "--force").exit_code == 0


@pytest.mark.parametrize("name", ["other.csv", "other.xlsx"])
def test_a_file_that_no_run_wrote_is_left_alone(tracker: Path, tmp_path: Path, name: str) -> None:
    other = tmp_path / name
    if name.endswith("csv"):
        write(other, ROWS)
    else:
        book = openpyxl.Workbook()
        for row in ROWS:
            book.worksheets[0].append(row)
        book.save(other)
    before = other.read_bytes()
    assert run(tracker, "-o", other).exit_code == 3
    assert other.read_bytes() == before


def test_a_row_added_to_the_copy_is_not_lost(tracker: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.csv"
    run(tracker, "-o", copy)
    write(copy, [*read(copy), ["Cedar", "2026-11-18"]])
    assert run(tracker, "-o", copy).exit_code == 3


def test_another_name_of_the_tracker_itself_is_another_file(tracker: Path, tmp_path: Path) -> None:
    hard = tmp_path / "hard.csv"
    os.link(tracker, hard)
    before = tracker.read_bytes()
    assert run(tracker, "-o", hard).exit_code == 3
    assert (tracker.read_bytes(), hard.read_bytes()) == (before, before)
    assert run(tracker, "-o", hard, "--force").exit_code == 0
    assert tracker.read_bytes() == before
    assert b"Draft stamp" in hard.read_bytes()


def test_a_link_to_the_tracker_is_the_tracker(tracker: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.csv"
    link.symlink_to(tracker)
    assert run(tracker, "-o", link).exit_code == 0
    assert link.is_symlink()
    assert b"Draft stamp" in tracker.read_bytes()


KINDS = {name: text.partition(":")[0] for name, text in OTHER_FORMATS.items()}


@pytest.mark.parametrize("ending", OTHER_FORMATS)
def test_other_kinds_of_files_are_told_apart(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"tracker{ending}"
    path.write_bytes(b"x")
    with pytest.raises(UsageError, match=r"tracker\.\w+ (is|holds) .*(use|used)"):
        open_backend(str(path), Options())
    result = CliRunner().invoke(main, ["init", str(path)])
    assert result.exit_code == 2
    assert OTHER_FORMATS[ending] in result.stderr


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("new", "call it new.xlsx"),
        (".", "is a folder"),
        ("https://example.com/x", "is no link of a Google Sheet"),
        ("tracker.odt", "save it as one of these first"),
    ],
)
def test_what_is_no_tracker_is_told_the_way_out(
    source: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError) as error:
        open_backend(source, Options())
    assert words in error.value.full


def test_init_in_a_folder_that_is_not_there(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["init", str(tmp_path / "sub" / "new.xlsx")])
    assert result.exit_code == 1
    assert "There is no folder" in result.stderr
