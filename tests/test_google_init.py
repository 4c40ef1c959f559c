"""``sheetflow init`` on a Google Sheet: all that makes it good to work in, once, and shown before it is done."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from google_support import NOW, Program, environment
from sheets_server import Book, Person, SheetsServer
from sheets_server.groups import groups

from sheetflow.backends.google.prepare import GooglePreparation
from sheetflow.columns import BY_KEY, FRESH

THEIRS = ["Company", "Role", "Interview", "Interviewers", "Notes"]


@pytest.fixture(scope="module")
def shared() -> Iterator[Program]:
    with SheetsServer() as server, environment(server.environment()):
        yield Program(server)


@pytest.fixture
def program(shared: Program) -> Iterator[Program]:
    shared.server.calm()
    shared.server.forget()
    shared.now = NOW
    yield shared
    assert not shared.server.errors


def init(program: Program, book: Book) -> list[str]:
    """Prepare a sheet; returns what was to be done."""
    preparation = GooglePreparation(program.backend(book), program.settings)
    steps = list(preparation.steps)
    if steps:
        preparation.apply()
    return steps


def titles(person: Person) -> list[Any]:
    return [person.sheet.entered((0, column)) for column in range(person.sheet.last_value_column())]


@pytest.mark.parametrize("rows", [[], [THEIRS, ["Alder", "Cook", "2026-11-19", "Ana <ana@alder.example>", "mine"]]])
def test_once_and_shown_before(program: Program, rows: list[list[str]]) -> None:
    book = program.server.add_spreadsheet(rows=rows, grid=(300, 5))
    steps = init(program, book)
    assert (program.server.reads, program.server.writes) == (1, 1)
    assert any(step.startswith("a hint at the cells of Highlight") or "Highlight" in step for step in steps)
    assert init(program, book) == [], "all is done"
    person = program.server.person(book)
    wanted = [column.header for column in FRESH]
    assert titles(person) == (wanted if not rows else THEIRS + [title for title in wanted if title not in THEIRS])
    if rows:
        assert [person.sheet.entered((1, c)) for c in range(5)] == ["Alder", "Cook", 46345, rows[1][3], "mine"]
    program.run(book)
    program.server.forget()
    program.run(book)
    assert (program.server.reads, program.server.writes) == (1, 0)


def test_what_it_makes(program: Program) -> None:
    book = program.server.add_spreadsheet(rows=[])
    init(program, book)
    person, sheet = program.server.person(book), book.first_visible
    assert (
        sheet.properties["gridProperties"] | {"frozenRowCount": 1, "frozenColumnCount": 1}
        == sheet.properties["gridProperties"]
    )
    (group,) = groups(sheet, rows=False)
    first, stamp = person.column("Draft to"), person.column("Draft stamp")
    assert (group["range"]["startIndex"], group["range"]["endIndex"], group["collapsed"]) == (first, stamp, True)
    hidden = [index for index, column in enumerate(sheet.columns) if column.get("hiddenByUser")]
    assert hidden == [*range(first, stamp + 1)]
    for key in ("highlight", "question", "interviewers", "contact", "outcome", "thanked", "decision_by", "interview"):
        rule = sheet[1, person.column(BY_KEY[key].header)]["dataValidation"]
        assert rule["inputMessage"] == BY_KEY[key].hint
        assert len(rule["inputMessage"]) <= 255
        assert not rule.get("strict"), "it never refuses"
    draft, why = (sheet[1, person.column(name)]["userEnteredFormat"] for name in ("Draft", "Why"))
    assert (draft["wrapStrategy"], why["wrapStrategy"]) == ("WRAP", "CLIP")
    assert sheet[1, person.column("Interview")]["userEnteredFormat"]["numberFormat"]["pattern"] == "ddd d mmm hh:mm"
    spans = {(r["ranges"][0]["startColumnIndex"], r["ranges"][0]["endColumnIndex"]) for r in sheet.rules}
    assert spans == {(person.column("Company"), person.column("Why") + 1)}
    assert all(sheet[0, column]["userEnteredFormat"]["textFormat"]["bold"] for column in range(len(FRESH)))
    named = [
        column["developerMetadata"][0]["metadataValue"] for column in sheet.columns if "developerMetadata" in column
    ]
    assert named == [column.key for column in FRESH if column.owner == "sheetflow"]
    assert all(rule["warningOnly"] for rule in sheet.protected)


def test_rows_with_a_draft_are_four_lines_tall_once(program: Program) -> None:
    row = ["Alder", "Cook", "2026-11-19", "Ana <ana@alder.example>", "mine"]
    book = program.server.add_spreadsheet(rows=[THEIRS, row, ["Birch"], row, row])
    person = program.server.person(book).resize_row(5, 40)
    program.run(book)
    sheet = book["Sheet1"]
    assert [sheet.rows[n].meta["pixelSize"] for n in range(6)] == [21, 66, 21, 66, 40, 21]
    person.on("Sheet1").resize_row(2, 21).type((2, "Role"), "Chef")
    program.run(book)
    assert sheet.rows[1].meta["pixelSize"] == 21, "the person's choice"


def test_no_group_where_the_person_has_some(program: Program) -> None:
    book = program.server.add_spreadsheet(rows=[THEIRS, ["Alder"]])
    book.first_visible.columns[3]["_depth"] = 1
    program.run(book)
    assert len(groups(book.first_visible, rows=False)) == 1


def test_added_input_headers_look_like_the_persons_own(program: Program) -> None:
    book = program.server.add_spreadsheet(rows=[THEIRS, ["Alder"]])
    person = program.server.person(book).paint("A1", 0.2, 0.8, 0.2)
    program.run(book)
    person = person.on("Sheet1")
    look = person.sheet["A1"]["userEnteredFormat"]
    assert person.sheet[0, person.column("Highlight")]["userEnteredFormat"] == look
    assert person.sheet[0, person.column("Flag")]["userEnteredFormat"] != look
