"""Trackers that version 1 wrote, with one draft edited by hand: the first run takes them over and loses nothing.

The files in ``version1`` are version 1's own work, of 24 November 2026, 12:17 in Madrid; only the letter to Brill was
edited. ``sheet.json`` has what a person had typed into a Google Sheet, and the write that version 1 sent then.
docs/upgrade.md says what a person is promised.
"""

from __future__ import annotations

import csv
import json
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from click.testing import CliRunner
from google_support import Program, environment
from sheets_server import SheetsServer

from sheetflow.cli import main

OLD = Path(__file__).parent / "version1"
THEIRS = (
    "Company", "Role", "Interview", "Interviewers", "Contact", "Highlight", "Thank-you sent", "Reply received",
    "Outcome", "My notes",
)  # fmt: skip
EDITED = "Hello Kim,\n\nmine, all mine.\n\nSam"


def rows(path: Path) -> list[dict[str, Any]]:
    """The rows of a tracker, header -> cell as text."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
    header, *rest = openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True)
    return [dict(zip(map(str, header), ("" if v is None else str(v) for v in row), strict=True)) for row in rest]


def call(*words: str) -> Any:
    """A call three minutes after version 1's."""
    zone = ("--now", "2026-11-24T12:20", "--time-zone", "Europe/Madrid")
    done = CliRunner().invoke(main, [*words, *zone], env={"CI": "", "GITHUB_ACTIONS": ""})
    assert done.exit_code == 0, done.output
    return done


@pytest.mark.parametrize("name", ["tracker.csv", "tracker.xlsx"])
def test_a_tracker_of_version_1_is_taken_over(name: str, tmp_path: Path) -> None:
    mine = tmp_path / name
    shutil.copy(OLD / name, mine)
    before = rows(mine)
    call("run", str(mine))
    after = rows(mine)
    assert [{key: row[key] for key in THEIRS} for row in after] == [{key: row[key] for key in THEIRS} for row in before]
    assert list(after[0])[: len(before[0])] == list(before[0]), "no column moves"
    (brill,) = (row for row in after if row["Company"] == "Brill")
    assert brill["Draft"].replace("\r\n", "\n") == EDITED
    done = call("run", str(mine))
    assert "Nothing to change" in done.stderr
    assert rows(mine) == after


def test_a_letter_that_nobody_edited_is_written_anew(tmp_path: Path) -> None:
    """It is the one that a tracker without any of our columns gets."""
    mine, fresh = tmp_path / "mine.csv", tmp_path / "fresh.csv"
    shutil.copy(OLD / "tracker.csv", mine)
    with fresh.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, THEIRS, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows(mine))
    call("run", str(mine))
    call("run", str(fresh))
    ours, new = ([row["Draft"] for row in rows(path) if row["Company"] != "Brill"] for path in (mine, fresh))
    assert ours == new
    assert sum(bool(draft) for draft in new) >= 2


def test_a_google_sheet_of_version_1_is_taken_over_in_one_write() -> None:
    old = json.loads((OLD / "sheet.json").read_text(encoding="utf-8"))
    with SheetsServer() as server, environment(server.environment()):
        program = Program(server, datetime(2026, 11, 24, 12, 20, tzinfo=ZoneInfo("Europe/Madrid")))
        book = server.add_spreadsheet(rows=old["rows"], time_zone="Europe/Madrid")
        program.backend(book).client.batch_update(old["write"], "spreadsheetId")
        sheet = book.first_visible
        head = [str(sheet.entered((0, column)) or "") for column in range(len(sheet.columns))]
        status, draft = head.index("Follow-up status"), head.index("Draft")
        assert "checked" in sheet[0, status]["note"]
        brill = next(row for row in range(1, 9) if sheet.entered((row, 0)) == "Brill")
        server.person(book).type((brill + 1, "Draft"), EDITED)
        theirs = [[sheet[row, column] for column in range(len(THEIRS))] for row in range(8)]
        reads, writes = server.reads, server.writes

        program.run(book)
        assert (server.reads - reads, server.writes - writes) == (1, 1)
        assert [[sheet[row, column] for column in range(len(THEIRS))] for row in range(8)] == theirs
        assert [str(sheet.entered((0, column)) or "") for column in range(len(head))][: draft + 1] == head[: draft + 1]
        assert sheet.entered((brill, draft)) == EDITED
        assert "note" not in sheet[0, status]
        acme = next(row for row in range(1, 9) if sheet.entered((row, 0)) == "Acme")
        assert str(sheet.entered((acme, draft))).startswith("To: Ana Ruiz <ana@acme.example>\n\nHi Ana,")
        again = program.run(book)
        assert not again.changes
        assert server.writes - writes == 1
        assert not server.errors
