"""Six edits that once made trouble when they fell into a write, each by itself; the storms mix them with all others.

A spreadsheet and its twin: sheetflow meets the edit in the middle of a write on one, and after it on the other. Both
must end alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from google_support import Program, environment
from sheets_server import Book, Fault, Person, SheetsServer

from sheetflow.columns import OURS

ROWS = [
    ["Company", "Role", "Interview", "Interviewers", "Notes", "Highlight"],
    ["Alder", "Cook", "2026-11-19", "Ana Ruiz <ana@alder.example>", "mine", "the robot"],
    ["Birch", "Clerk", "2026-11-03", "Bo Chen <bo@birch.example>", "also mine", ""],
    ["Cedar", "Nurse", "2026-11-19", "Cy Diaz <cy@cedar.example>", "", "the garden"],
    ["Dogwood", "Tutor", "2026-09-01", "Di Evans <di@dogwood.example>", "", ""],
]
Edit = Callable[[Person], object]


@pytest.fixture(scope="module")
def program() -> Iterator[Program]:
    with SheetsServer() as server, environment(server.environment()):
        yield Program(server)


def shown(book: Book) -> list[dict[str, Any]]:
    """Each row as header -> what was entered; what stands under no header by the column's distance from Notes."""
    sheet = book.first_visible
    header = next(row for row in range(9) if any(sheet.entered((row, column)) == "Company" for column in range(60)))
    width = sheet.last_value_column()
    titles = [sheet.entered((header, column)) for column in range(width)]
    notes = titles.index("Notes")
    names = [str(title or f"{column - notes} beside Notes") for column, title in enumerate(titles)]
    rows = range(header + 1, sheet.last_value_row())
    found = [{names[column]: sheet.entered((row, column)) for column in range(width)} for row in rows]
    ours = {column.header for column in OURS}
    return [{name: "" if value is None and name in ours else value for name, value in row.items()} for row in found]


def same_as_a_calm_twin(
    program: Program, before: Edit, during: dict[tuple[str, int], Edit], *, fault: tuple[int, Fault] | None = None
) -> Book:
    """Play the edits in the middle of a run, and beside a run; returns the sheet, which ends as its twin.

    ``during`` is by the moment and the number of the write.
    """
    server = program.server
    book, twin = (server.add_spreadsheet(rows=ROWS, grid=(60, 40)) for _ in range(2))
    for each in (book, twin):
        program.run(each)
        before(server.person(each))
    for (moment, number), edit in during.items():
        getattr(server, moment)("write", number, lambda edit=edit: edit(server.person(book)))
    if fault:
        server.fault("write", *fault)
    program.run(book)
    server.calm()
    program.run(twin)
    for edit in during.values():
        edit(server.person(twin))
    program.run(twin)
    assert not program.run(book), "the next calm run writes nothing"
    assert shown(book) == shown(twin)
    assert not server.errors
    return book


def correct_birch(person: Person) -> None:
    person.type((person.row_of("Birch"), "Interview"), "2026-10-27")


def touch_cedar(person: Person) -> None:
    """Something to write: another draft, and a row that becomes Due."""
    person.type((person.row_of("Cedar"), "Highlight"), "the roof garden")
    person.type((person.row_of("Dogwood"), "Interview"), "2026-11-19")


def shift_and_correct(person: Person) -> None:
    person.insert_column("Follow-up status", "Extra")
    correct_birch(person)


@pytest.mark.parametrize("moment", ["before", "after", "after_snapshot"])
def test_a_column_inserted_left_of_ours_and_a_date_corrected(program: Program, moment: str) -> None:
    """A: what was sent moves with the shift. A letter to the wrong people, with links, was what came of it."""
    if moment == "after_snapshot":  # which no answer shows: the next run sees it
        book = program.server.add_spreadsheet(rows=ROWS, grid=(60, 40))
        program.run(book)
        touch_cedar(program.server.person(book))
        program.server.after_snapshot("write", 1, lambda: shift_and_correct(program.server.person(book)))
        program.run(book)
        program.server.calm()
        program.run(book)
        assert not program.run(book)
    else:
        book = same_as_a_calm_twin(program, touch_cedar, {(moment, 1): shift_and_correct})
    for row in shown(book):
        assert not row["Draft"] or row["Draft to"].split("@")[1].startswith(row["Company"].lower())


@pytest.mark.parametrize("column", ["Follow-up status", "Flag", "Notes"])
def test_no_header_of_the_persons_gets_a_note_of_ours(program: Program, column: str) -> None:
    """B: their own note was gone, for ever."""

    def insert(person: Person) -> None:
        person.insert_column(column, "Extra")
        person.note((1, "Extra"), "call them")

    book = same_as_a_calm_twin(program, touch_cedar, {("after", 1): insert})
    sheet = book.first_visible
    notes = {sheet.entered((0, c)): sheet[0, c]["note"] for c in range(40) if "note" in sheet[0, c]}
    assert notes == {"Extra": "call them"}


@pytest.mark.parametrize("column", ["Follow-up status", "Flag", "Due"])
@pytest.mark.parametrize("title", ["", "Extra"])
@pytest.mark.parametrize("moment", ["before", "after"])
def test_an_empty_column_inserted_beside_ours_stays_the_persons(
    program: Program, column: str, title: str, moment: str
) -> None:
    """C: it became ours, since its header cell was taken for one that had been sent."""
    book = same_as_a_calm_twin(program, touch_cedar, {(moment, 1): lambda person: person.insert_column(column, title)})
    sheet = book.first_visible
    found = next(c for c in range(40) if sheet.entered((0, c)) == column) - 1
    assert [sheet.entered((row, found)) or "" for row in range(5)] == [title, "", "", "", ""]


def test_two_edits_that_overlap_leave_a_sheet_that_the_next_run_reads(program: Program) -> None:
    """D: a header landed on another's column, and every later run was refused."""
    same_as_a_calm_twin(
        program,
        touch_cedar,
        {
            ("before", 1): lambda person: person.delete_column("Flag"),
            ("before", 2): lambda person: person.insert_column("Why"),
        },
    )


def test_a_lost_answer_and_a_row_deleted_is_no_failure(program: Program) -> None:
    """E: the third write was right, and the run said that it was overtaken every time."""
    same_as_a_calm_twin(
        program,
        touch_cedar,
        {("before", 2): lambda person: person.delete_row(person.row_of("Birch"))},
        fault=(1, Fault.html(502)),
    )


@pytest.mark.parametrize("applied", [False, True])
def test_a_lost_answer_and_a_shift_heal(program: Program, applied: bool) -> None:
    """F: stale drafts were kept for ever as if somebody had edited them."""
    same_as_a_calm_twin(
        program, touch_cedar, {("after" if applied else "before", 1 if applied else 2): shift_and_correct},
        fault=(1, Fault.html(502, apply=applied)),
    )  # fmt: skip


def test_of_two_rows_alike_the_one_with_words_of_the_persons_is_told(program: Program) -> None:
    """The row of a draft in somebody's own words was corrected, and its copy was taken for it: Draft to was emptied."""

    def rewrite_and_copy(person: Person) -> None:
        row = person.row_of("Birch")
        person.type((row, "Draft"), "Dear Bo, this is in my own words.")
        person.insert_row_above(row + 1)
        for column, text in zip(ROWS[0], ROWS[2], strict=True):
            person.type((row + 1, column), text)

    def correct(person: Person) -> None:
        person.type((person.row_of("Birch"), "Interview"), "2026-11-10")

    book = program.server.add_spreadsheet(rows=ROWS, grid=(60, 40))
    program.run(book)
    rewrite_and_copy(program.server.person(book))
    program.server.after("write", 1, lambda: correct(program.server.person(book)))
    program.run(book)
    program.server.calm()
    program.run(book)
    first = shown(book)[1]
    assert (first["Draft"], first["Draft to"]) == ("Dear Bo, this is in my own words.", ROWS[2][3])


def test_a_run_that_gave_up_puts_back_what_it_covered_even_if_that_is_overtaken(program: Program) -> None:
    """It tried twice, and cells of the person's were left empty."""
    server = program.server
    book = server.add_spreadsheet(rows=ROWS, grid=(60, 60))
    program.run(book)
    touch_cedar(server.person(book))
    before = [{title: row[title] for title in ROWS[0]} for row in shown(book)]
    for number in range(1, 6):
        server.before("write", number, lambda n=number: server.person(book).insert_column("Highlight", f"Mine {n}"))
    error = program.try_run(book)
    server.calm()
    assert error is not None
    assert error.exit_code == 1
    assert "could not put back" not in str(error)
    rows = shown(book)
    assert [{title: row[title] for title in ROWS[0]} for row in rows] == before
    assert not any(row[f"Mine {number}"] for row in rows for number in range(1, 6))
