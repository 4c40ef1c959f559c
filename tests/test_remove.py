"""``sheetflow remove``: nothing of ours is left, and nothing of the person's is lost."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ooxml
import openpyxl
import pytest
from click.testing import CliRunner, Result
from google_support import Program, environment
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import PatternFill
from sheets_server import SheetsServer

from sheetflow import flow
from sheetflow.backends.google.backend import GoogleBackend
from sheetflow.cli import main
from sheetflow.columns import OURS
from sheetflow.errors import SheetflowError

HEADERS = [
    "Company", "Role", "Interview", "Interviewers", "Highlight", "Thank-you sent", "Follow-up sent",
    "Second follow-up sent", "Closing note sent", "Reply received", "Outcome", "Notes",
]  # fmt: skip
ROWS = [
    ["Acme", "Analyst", "2026-11-20 14:30", "Ana Ruiz <ana@acme.example>", "the robot", *[""] * 6, "=SUM(A1)"],
    ["Birch; Co", "Cook", "2026-11-19", "Bo Chen <bo@birch.example>", "", *[""] * 6, 'say "hi"'],
    ["", "", "", "", "", *[""] * 6, "a line of its own"],
    ["Cedar", "Clerk", "2026-09-01", "", "", *[""] * 6, ""],
]
CSV = (
    "\ufeff" + ";".join(HEADERS) + "\r\n"
    "Acme;Analyst;2026-11-20 14:30;Ana Ruiz <ana@acme.example>;the robot;;;;;;;=SUM(A1)\r\n"
    '"Birch; Co";Cook;"2026-11-19";Bo Chen <bo@birch.example>;;;;;;;;"say ""hi"""\r\n'
    "\r\n"
    ";;;;;;;;;;;a line of its own\r\n"
    "Cedar;Clerk;2026-09-01;;;;;;;;;\r\n"
)
NOW = "2026-11-21T10:00"


def call(command: str, path: Path, *more: str, **environment: str) -> Result:
    arguments = [command, str(path), "--now", NOW, "--time-zone", "Europe/Madrid", *more]
    return CliRunner().invoke(main, arguments, env=environment, catch_exceptions=False)


@pytest.fixture
def csv_path(tmp_path: Path) -> Path:
    path = tmp_path / "tracker.csv"
    path.write_bytes(CSV.encode())
    return path


def workbook() -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.title = "Search"
    for cells in [HEADERS, *ROWS]:
        sheet.append(cells)
    sheet["A2"].fill = PatternFill("solid", start_color="FF8800")
    rule = FormulaRule(['$L2="Due"'], fill=PatternFill("solid", end_color="00FF00"))
    sheet.conditional_formatting.add("L2:L9", rule)
    book.create_sheet("Mine")["B2"] = "keep"
    return book


@pytest.fixture
def xlsx_path(tmp_path: Path) -> Path:
    path = tmp_path / "tracker.xlsx"
    workbook().save(path)
    return path


def table(path: Path) -> list[list[Any]]:
    sheet: Any = openpyxl.load_workbook(path).worksheets[0]
    return [[cell.value for cell in row] for row in sheet.iter_rows(max_col=len(HEADERS))]


# --- .csv ---------------------------------------------------------------------------------------------------


def test_a_csv_is_what_it_was_to_the_byte(csv_path: Path) -> None:
    before = csv_path.read_bytes()
    assert call("run", csv_path).exit_code == 0
    assert csv_path.read_bytes() != before
    done = call("remove", csv_path)
    assert done.exit_code == 0, done.output
    assert csv_path.read_bytes() == before


def test_a_fresh_csv_keeps_what_one_types(tmp_path: Path) -> None:
    path = tmp_path / "new.csv"
    call("init", path)
    call("remove", path)
    left = path.read_text(encoding="utf-8-sig").strip().split(",")
    assert "Company" in left
    assert "Highlight" in left
    assert not {column.header for column in OURS} & set(left)


def test_drafts_in_ones_own_words_stay_and_others_go(csv_path: Path) -> None:
    call("run", csv_path)
    text = csv_path.read_text(encoding="utf-8-sig")
    assert "Hi Bo," in text
    csv_path.write_text("\ufeff" + text.replace("Hi Bo,", "Dear Bo, my own words,"), encoding="utf-8")
    done = call("remove", csv_path)
    assert "Draft to, Draft subject, Draft stay" in done.output
    left = csv_path.read_text(encoding="utf-8-sig")
    assert left.splitlines()[0] == ";".join([*HEADERS, "Draft", "Draft to", "Draft subject"])
    assert "my own words" in left
    assert "Hi Ana," not in left


def test_nothing_to_remove(csv_path: Path) -> None:
    before = csv_path.read_bytes()
    assert "Nothing to remove" in call("remove", csv_path).output
    assert csv_path.read_bytes() == before


# --- .xlsx --------------------------------------------------------------------------------------------------


def test_a_workbook_holds_nothing_of_ours_any_more(xlsx_path: Path) -> None:
    before = table(xlsx_path)
    call("run", xlsx_path)
    done = call("remove", xlsx_path)
    assert done.exit_code == 0, done.output
    assert "The tab To send goes." in done.output
    ooxml.check(xlsx_path.read_bytes())
    book = openpyxl.load_workbook(xlsx_path)
    sheet: Any = book.worksheets[0]
    assert book.sheetnames == ["Search", "Mine"]
    assert table(xlsx_path) == before
    assert all(cell.value is None for row in sheet.iter_rows(min_col=len(HEADERS) + 1) for cell in row)
    assert not any(cell.hyperlink for row in sheet.iter_rows() for cell in row)
    assert not any(name.startswith("sheetflow") for name in book.defined_names)
    assert sheet["A2"].fill.start_color.rgb == "00FF8800"
    assert [rule.formula for rules in sheet.conditional_formatting for rule in rules.rules] == [['$L2="Due"']]
    with zipfile.ZipFile(io.BytesIO(xlsx_path.read_bytes())) as archive:
        assert not [name for name in archive.namelist() if "chart" in name or "drawing" in name]
    assert "Nothing to remove" in call("remove", xlsx_path).output


def test_after_it_a_run_does_what_the_first_did(xlsx_path: Path) -> None:
    call("run", xlsx_path)
    first: Any = openpyxl.load_workbook(xlsx_path)
    call("remove", xlsx_path)
    assert call("run", xlsx_path).exit_code == 0
    again: Any = openpyxl.load_workbook(xlsx_path)
    assert again.sheetnames == first.sheetnames
    for title in first.sheetnames:
        cells = ([[cell.value for cell in row] for row in book[title].iter_rows()] for book in (first, again))
        assert next(cells) == next(cells)


def test_a_tab_behind_ours_and_what_counts_tabs(xlsx_path: Path) -> None:
    call("run", xlsx_path)
    book = openpyxl.load_workbook(xlsx_path)
    last = book.create_sheet("Last")
    last["A1"] = "print me"
    last.print_title_rows = "1:1"
    book.active = book.sheetnames.index("Last")
    book.save(xlsx_path)
    assert call("remove", xlsx_path).exit_code == 0
    after = openpyxl.load_workbook(xlsx_path)
    assert after.sheetnames == ["Search", "Mine", "Last"]
    assert after.active is after["Last"]
    assert after["Last"].print_title_rows == "$1:$1"


def test_a_public_log_names_no_tab(xlsx_path: Path) -> None:
    call("run", xlsx_path)
    book = openpyxl.load_workbook(xlsx_path)
    book["To send"].title = "Canary"
    book.save(xlsx_path)
    done = call("remove", xlsx_path, CI="true")
    assert done.exit_code == 0
    assert "Canary" not in done.output


# --- Google Sheets ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def program() -> Iterator[Program]:
    with SheetsServer() as server, environment(server.environment()):
        yield Program(server)


def state(book: Any) -> Any:
    """All that a spreadsheet holds, but for formats and sizes."""
    sheets = []
    for sheet in book.sheets:
        rows = [[sheet[r, c] for c in range(len(sheet.columns))] for r in range(sheet.last_value_row())]
        cells = [[(cell.get("userEnteredValue"), cell.get("note")) for cell in row] for row in rows]
        marks = [column.get("developerMetadata", []) for column in sheet.columns]
        sheets.append((sheet.title, cells, marks, sheet.rules, sheet.protected, len(sheet.columns)))
    return sheets, book.metadata


def test_a_google_sheet_is_what_it_was(program: Program) -> None:
    book = program.server.add_spreadsheet(rows=[HEADERS, *ROWS], grid=(60, 20))
    before = state(book)
    program.run(book)
    assert state(book) != before
    link = f"https://docs.google.com/spreadsheets/d/{book.id}/edit"
    done = CliRunner().invoke(main, ["remove", link], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    assert "The tab To send goes." in done.output
    assert state(book) == before
    assert not program.server.errors
    assert "Nothing to remove" in CliRunner().invoke(main, ["remove", link]).output
    assert program.run(book).changes


def test_what_init_made_goes_and_the_persons_rules_stay(program: Program) -> None:
    book = program.server.add_spreadsheet(rows=[HEADERS, *ROWS], grid=(60, 20))
    link = f"https://docs.google.com/spreadsheets/d/{book.id}/edit"
    CliRunner().invoke(main, ["init", link, "--yes"], catch_exceptions=False)
    program.run(book)
    assert book.first_visible.protected
    CliRunner().invoke(main, ["remove", link], catch_exceptions=False)
    assert not book.first_visible.protected
    titles = {book.first_visible.entered((0, column)) for column in range(40)}
    assert not {column.header for column in OURS} & titles
    assert {*HEADERS, "Decision by"} <= titles


def test_an_edit_in_between_stops_it(program: Program) -> None:
    book = program.server.add_spreadsheet(rows=[HEADERS, *ROWS], grid=(60, 20))
    program.run(book)
    backend = program.backend(book)
    sheet = backend.read()
    plan = flow.make_removal(sheet, program.now, program.settings(sheet))
    program.server.person(book).insert_column("Follow-up status", "Mine")
    before, writes = state(book), program.server.writes
    with pytest.raises(SheetflowError, match="Somebody edited the sheet meanwhile"):
        GoogleBackend.remove(backend, plan)  # type: ignore[arg-type] # it asks for no more than this one has
    assert (state(book), program.server.writes) == (before, writes)


def test_a_column_of_the_persons_that_went_is_named(program: Program) -> None:
    book = program.server.add_spreadsheet(rows=[HEADERS, *ROWS], grid=(60, 20))
    program.run(book)
    backend = program.backend(book)
    sheet = backend.read()
    plan = flow.make_removal(sheet, program.now, program.settings(sheet))
    person = program.server.person(book)
    program.server.before("write", 1, lambda: person.move_column("Notes"))
    with pytest.raises(SheetflowError, match="Notes of yours went: bring it back with File > Version history"):
        GoogleBackend.remove(backend, plan)  # type: ignore[arg-type]


def test_edited_drafts_stay_in_a_google_sheet(program: Program) -> None:
    book = program.server.add_spreadsheet(rows=[HEADERS, *ROWS], grid=(60, 20))
    program.run(book)
    person = program.server.person(book)
    person.type((person.row_of("Birch; Co"), "Draft"), "my own words")
    link = f"https://docs.google.com/spreadsheets/d/{book.id}/edit"
    done = CliRunner().invoke(main, ["remove", link], catch_exceptions=False)
    assert "Draft to, Draft subject, Draft stay" in done.output
    sheet = book.first_visible
    titles = [sheet.entered((0, column)) for column in range(len(HEADERS) + 3)]
    assert titles == [*HEADERS, "Draft", "Draft to", "Draft subject"]
    drafts = [sheet.entered((row, len(HEADERS))) for row in range(1, 5)]
    assert [draft or "" for draft in drafts] == ["", "my own words", "", ""]
