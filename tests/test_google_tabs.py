"""The tabs of ours in a Google Sheet: made once, found again, written in the run's one write, and nobody else's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from google_support import NOW, Program, environment
from sheets_server import Book, Person, SheetsServer, structure

from sheetflow.errors import Refused

HEADER = ["Company", "Role", "Interview", "Interviewers", "Notes", "Thank-you sent"]
ROWS = [
    ["Alder", "Cook", "2026-11-19", "Ana Ruiz <ana@alder.example>", "mine", ""],
    ["Birch", "Clerk", "2026-11-01", "Cy Diaz <cy@birch.example>; Di Eck <di@birch.example>", "", "2026-11-02"],
    ["Cedar", "Baker", "2026-11-18", "Eva <eva@cedar.example>; Flo <flo@cedar.example>", "", ""],
    ["Dogwood", "Baker", "2026-11-25", "Gus <gus@dogwood.example>", "", ""],
]
WIDTH = {"To send": 8, "Overview": 4}


@pytest.fixture(scope="module")
def shared() -> Iterator[Program]:
    with SheetsServer() as server, environment(server.environment()):
        yield Program(server)


@pytest.fixture
def program(shared: Program) -> Iterator[Program]:
    shared.server.calm()
    shared.server.forget()
    shared.now, shared.tabs, shared.force = NOW, True, False
    yield shared
    assert not shared.server.errors


@pytest.fixture
def book(program: Program) -> Book:
    return program.server.add_spreadsheet(rows=[HEADER, *ROWS])


@pytest.fixture
def person(program: Program, book: Book) -> Person:
    """Somebody at the tracker."""
    return program.server.person(book).on("Sheet1")


def run(program: Program, book: Book, **later: int) -> tuple[int, int]:
    """A run, and how many reads and writes it took."""
    program.server.forget()
    program.now += timedelta(**later)
    program.run(book)
    return program.server.reads, program.server.writes


def table(book: Book, title: str = "To send") -> list[list[Any]]:
    """What a tab holds, without what is empty at the ends."""
    sheet = book[title]
    rows = [[sheet.entered((r, c)) for c in range(WIDTH.get(title, 12))] for r in range(sheet.last_value_row())]
    return [row[: max((c + 1 for c, value in enumerate(row) if value is not None), default=0)] for row in rows]


def link(program: Program, book: Book, at: str, title: str = "To send") -> str:
    found: str = program.server.person(book).on(title).sees(at).get("hyperlink", "")
    return found


def drawn(program: Program, book: Book) -> Book:
    """A tracker with the same rows whose tabs are made at once."""
    sheet = book["Sheet1"]
    fresh = program.server.add_spreadsheet(rows=[])
    other = fresh.first_visible
    other.ensure(len(sheet.rows), len(sheet.columns))
    for row, column, cell in sheet:
        other[row, column] = cell
    program.run(fresh)
    return fresh


def test_both_tabs_are_made_in_the_one_write(program: Program, book: Book) -> None:
    assert run(program, book) == (1, 1)
    assert [sheet.title for sheet in book.sheets] == ["Sheet1", "To send", "Overview"]
    rows = table(book)
    assert rows[0] == ["Fri 20 Nov: 4 letters wait"]
    assert rows[1][0] == "Checked Fri 20 Nov, 09:00"
    assert rows[3] == ["Do", "Company", "To", "Due", "Open", "The letter", "Then mark", "Calendar"]
    assert [row[1:4] for row in rows[4:8]] == [
        ["Cedar, Baker", "Eva", "Thu 19 Nov, late"],
        ["Cedar, Baker", "Flo", "Thu 19 Nov, late"],
        ["Alder, Cook", "Ana Ruiz", "Fri 20 Nov"],
        ["Birch, Clerk", "Cy Diaz", "Mon 16 Nov, late"],
    ]
    assert table(book, "Overview")[0] == ["4 applications (each company and role once)"]
    assert run(program, book) == (1, 0)


def test_links_lead_to_mails_and_to_cells(program: Program, book: Book, person: Person) -> None:
    run(program, book)
    gid = book["Sheet1"].sheet_id
    rows = table(book)
    line = next(i for i, row in enumerate(rows, 1) if row and row[1:2] == ["Alder, Cook"])
    assert link(program, book, f"E{line}").startswith("https://mail.google.com/mail/?view=cm&fs=1&to=ana%40alder")
    assert link(program, book, f"B{line}") == f"#gid={gid}&range=A2"
    draft = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[person.column("Draft")]
    assert link(program, book, f"F{line}") == f"#gid={gid}&range={draft}2"
    assert link(program, book, f"G{line}") == f"#gid={gid}&range=F2"
    assert rows[line - 1][6] == "Thank-you sent, Alder, F2"
    assert not [c for s in book.sheets for _, _, c in s if "formulaValue" in c.get("userEnteredValue", {})]


def test_a_tab_looks_like_one(program: Program, book: Book) -> None:
    run(program, book)
    sheet = book["To send"]
    assert [column["pixelSize"] for column in sheet.columns[:8]] == [170, 190, 140, 140, 150, 330, 230, 80]
    assert sheet.properties["gridProperties"]["frozenRowCount"] == 4
    assert sheet.properties["gridProperties"]["hideGridlines"] is True
    assert sheet["A1"]["userEnteredFormat"]["textFormat"]["bold"] is True
    assert sheet["A4"]["userEnteredFormat"]["backgroundColor"]
    assert all(rule["warningOnly"] for rule in sheet.protected)
    guarded = [(r["range"]["startColumnIndex"], r["range"]["endColumnIndex"]) for r in sheet.protected]
    assert guarded == [(0, 6), (7, 8)], "Then mark is for typing"
    assert book["Overview"]["A1"]["userEnteredFormat"]["textFormat"]["fontSize"] == 14


def test_a_quiet_day_is_one_write_for_the_tabs_at_its_first_run(program: Program, book: Book) -> None:
    run(program, book)
    assert run(program, book, hours=2) == (1, 0)
    program.now = NOW.replace(hour=11)
    before = {title: table(book, title) for title in WIDTH}
    assert run(program, book, days=1) == (1, 1)
    assert {title: table(book, title) for title in WIDTH} != before
    assert run(program, book, hours=1) == (1, 0)
    assert table(book)[1][0] == "Checked Sat 21 Nov, 11:00"


def test_only_what_differs_is_sent(program: Program, book: Book, person: Person) -> None:
    run(program, book)
    person.type((3, "Notes"), "nothing of interest")
    assert run(program, book) == (1, 0)
    person.type((5, "Interview"), "2026-11-26")
    assert run(program, book) == (1, 1)
    ours = book["To send"].sheet_id
    sent = [
        cell["userEnteredValue"]["stringValue"]
        for request in program.server.exchanges("write")[-1].body["requests"]
        if request.get("updateCells", {}).get("start", {}).get("sheetId") == ours
        for row in request["updateCells"]["rows"]
        for cell in row["values"]
        if "userEnteredValue" in cell
    ]
    why = "The interview is on 26 Nov 2026; a thank-you will be due by 27 Nov 2026."
    assert sent == ["Thu 26 Nov", why, "Add"]


def test_after_every_change_the_tabs_are_as_if_made_anew(program: Program, book: Book) -> None:
    """Whatever is copied, moved or cleared on the way."""
    person = program.server.person(book).on("Sheet1")
    run(program, book)
    steps = [
        lambda: person.type((2, "Thank-you sent"), "2026-11-20"),
        lambda: person.add_row(Company="Elm", Interview="2026-11-17", Interviewers="Hal <hal@elm.example>"),
        lambda: person.add_row(Company="Fir", Interview="2026-11-19", Interviewers="Ida <ida@fir.example>"),
        lambda: person.type((4, "Thank-you sent"), "2026-11-20"),
        lambda: person.type((2, "Thank-you sent"), ""),
        lambda: person.type((3, "Follow-up sent"), "2026-11-20"),
        lambda: person.type((7, "Interviewers"), "Ida <ida@fir.example>; Jo <jo@fir.example>; Kim <kim@fir.example>"),
        lambda: person.type((6, "Interview"), "soon"),
        lambda: None,
        lambda: person.sort("Company", descending=True),
    ]
    for number, step in enumerate(steps):
        step()
        program.now += timedelta(days=number % 2)
        run(program, book)
        fresh = drawn(program, book)
        for title in WIDTH:
            assert table(book, title) == table(fresh, title), (number, title)
            assert looks(book, title) == looks(fresh, title), (number, title)


def looks(book: Book, title: str) -> list[list[Any]]:
    """How the cells of a tab look, where they hold anything."""
    sheet, size = book[title], len(table(book, title))
    formats = [[sheet[r, c].get("userEnteredFormat", {}) for c in range(WIDTH[title])] for r in range(size)]
    return [[(one.get("backgroundColor"), one.get("textFormat")) for one in row] for row in formats]


# --- the person's doing ----------------------------------------------------------------------------------------


def test_renamed_and_moved_it_is_found(program: Program, book: Book, person: Person) -> None:
    run(program, book)
    person.on("To send").rename_tab("Post")
    person.move_tab("Post", 0).move_tab("Overview", 0)
    person.type((2, "Thank-you sent"), "2026-11-20")
    assert run(program, book) == (1, 1)
    assert [sheet.title for sheet in book.sheets] == ["Overview", "Post", "Sheet1"]
    assert table(book, "Post")[0] == ["Fri 20 Nov: 3 letters wait"]
    assert run(program, book, days=1) == (1, 1)


@pytest.mark.parametrize("title", ["To send", "Overview"])
def test_deleted_it_is_not_made_again(program: Program, book: Book, person: Person, title: str) -> None:
    run(program, book)
    person.delete_tab(title)
    person.type((2, "Thank-you sent"), "2026-11-20")
    assert run(program, book) == (1, 1)
    assert run(program, book, days=2) == (1, 1)
    assert title not in [sheet.title for sheet in book.sheets]
    assert len(book.sheets) == 2


def test_a_persons_own_tab_of_the_name_is_left_alone(program: Program, book: Book, person: Person) -> None:
    person.add_tab("To send", [["milk", "eggs"], ["to Ana", "the parcel"]])
    before = dict(enumerate(book["To send"]))
    assert run(program, book) == (1, 1)
    assert dict(enumerate(book["To send"])) == before
    assert table(book, "To send (sheetflow)")[0] == ["Fri 20 Nov: 4 letters wait"]
    assert run(program, book) == (1, 0)


def test_switched_off_there_are_none(program: Program, book: Book) -> None:
    program.tabs = False
    assert run(program, book) == (1, 1)
    assert len(book.sheets) == 1
    assert run(program, book, days=1) == (1, 0) or program.server.writes == 1


def test_a_tick_in_then_mark_stays_with_its_line(program: Program, book: Book, person: Person) -> None:
    run(program, book)
    line = next(i for i, row in enumerate(table(book), 1) if row[2:3] == ["Flo"])
    person.on("To send").type(f"G{line}", "2026-11-20")
    other = next(i for i, row in enumerate(table(book), 1) if row[2:3] == ["Cy Diaz"])
    person.on("To send").type(f"G{other}", "x")
    person.add_row(Company="Elm", Interview="2026-11-10", Interviewers="Hal <hal@elm.example>")
    person.type((2, "Interviewers"), "Ana Ruiz <ana@alder.example>; Bo <bo@alder.example>; Li <li@alder.example>")
    assert run(program, book) == (1, 1)
    marks = {row[2]: row[6] for row in table(book)[4:] if len(row) > 6 and row[2]}
    assert marks.pop("Flo") == 46346
    assert marks.pop("Cy Diaz") == "x"
    assert all(", " in str(mark) for mark in marks.values()), marks
    do = {row[2]: row[0] for row in table(book)[4:] if len(row) > 6 and row[2]}
    assert do["Flo"] == "Mark it in the tracker: F4"
    at = next(i for i, row in enumerate(table(book), 1) if row[2:3] == ["Flo"])
    assert book["To send"][f"G{at}"]["userEnteredFormat"]["numberFormat"]["type"] == "DATE"
    assert not link(program, book, f"G{at}")
    person.type((4, "Thank-you sent"), "2026-11-20")
    run(program, book)
    assert "Flo" not in str(table(book))
    assert run(program, book) == (1, 0)


def test_marks_find_their_lines_again_where_every_attempt_was_overtaken(
    program: Program, book: Book, person: Person
) -> None:
    run(program, book)
    for number, row in enumerate(table(book), 1):
        if row[2:3] in (["Eva"], ["Ana Ruiz"], ["Cy Diaz"]):
            person.on("To send").type(f"G{number}", f"mark of {row[2]}")
    person.add_row(Company="Elm", Interview="2026-11-10", Interviewers="Hal <hal@elm.example>")
    sort = Person(book, book["To send"], 4)
    for number in (1, 2, 3):
        program.server.before("write", number, lambda: person.insert_row_above(2).type((2, "Company"), "New"))
        program.server.before("write", number, lambda: sort.sort("To", only=("Do", "Calendar")))
    assert program.try_run(book) is not None
    program.server.calm()
    run(program, book)
    marks = {row[2]: row[6] for row in table(book)[4:] if len(row) > 6 and row[2]}
    assert {whom: mark for whom, mark in marks.items() if str(mark).startswith("mark of")} == {
        whom: f"mark of {whom}" for whom in ("Eva", "Ana Ruiz", "Cy Diaz")
    }
    assert run(program, book) == (1, 0)


def test_cells_beside_and_below_are_the_persons(program: Program, book: Book, person: Person) -> None:
    run(program, book)
    end = len(table(book))
    mine = {"I1": "a title", "J6": "ask Kim", f"A{end + 4}": "do not forget", f"B{end + 5}": "the other thing"}
    for at, text in mine.items():
        person.on("To send").type(at, text)
    for number in range(4):
        person.add_row(Company=f"Elm {number}", Interview="2026-11-19", Interviewers="Hal <hal@elm.example>")
        assert run(program, book) == (1, 1)
    assert {at: book["To send"].entered(at) for at in mine} == mine
    for row in (2, 3, 4, 5, 6, 7):
        person.type((row, "Thank-you sent"), "2026-11-20")
    run(program, book, days=1)
    assert {at: book["To send"].entered(at) for at in mine} == mine


def test_columns_and_rows_of_the_persons_in_it_stay_theirs(program: Program, book: Book, person: Person) -> None:
    run(program, book)
    sheet = book["To send"]
    person.on("To send").type("I5", "beside")
    structure.delete(book, sheet, False, 7, 8)  # Calendar
    structure.insert(book, sheet, False, 2, 1)
    structure.insert(book, sheet, True, 0, 1)
    person.on("To send").type("C6", "in between").type("A1", "on top")
    person.add_row(Company="Elm", Interview="2026-11-10", Interviewers="Hal <hal@elm.example>")
    assert run(program, book) == (1, 1)
    assert (sheet.entered("C6"), sheet.entered("A1"), sheet.entered("I6")) == ("in between", "on top", "beside")
    assert [sheet.entered((4, c)) for c in range(9)] == [
        "Do", "Company", None, "To", "Due", "Open", "The letter", "Then mark", None
    ]  # fmt: skip
    assert "Hal" in str([sheet.entered((r, 3)) for r in range(30)])
    assert run(program, book) == (1, 0)


def test_a_duplicate_is_never_written_nor_taken_for_a_tracker(program: Program, book: Book, person: Person) -> None:
    run(program, book)
    person.duplicate_tab("To send")
    person.move_tab("Copy of To send", 0)
    before = list(book["Copy of To send"])
    person.type((2, "Thank-you sent"), "2026-11-20")
    assert run(program, book) == (1, 1)
    assert list(book["Copy of To send"]) == before
    assert table(book)[0] == ["Fri 20 Nov: 3 letters wait"]


def test_a_link_to_one_of_ours_leads_to_the_tracker(program: Program, book: Book, person: Person) -> None:
    run(program, book)
    person.move_tab("To send", 0)
    backend = program.backend(book)
    backend._gid = book["To send"].sheet_id
    assert backend.read().title == "Sheet1"
    with pytest.raises(Refused):
        program.backend(book, worksheet="To send").read()


# --- the chart -------------------------------------------------------------------------------------------------


def test_the_chart_is_made_once_and_is_the_persons(program: Program, book: Book, person: Person) -> None:
    run(program, book)
    (chart,) = book["Overview"].charts
    assert chart["spec"]["basicChart"]["chartType"] == "BAR"
    (source,) = chart["spec"]["basicChart"]["series"][0]["series"]["sourceRange"]["sources"]
    rows = table(book, "Overview")[source["startRowIndex"] : source["endRowIndex"]]
    assert [row[0] for row in rows] == ["Applied", "Interviewed", "Answered", "Next round", "Offer", "Accepted"]
    person.on("Overview").move_chart(0, "B30", 300)
    moved = dict(book["Overview"].charts[0])
    run(program, book, days=1)
    assert book["Overview"].charts == [moved]
    person.on("Overview").delete_chart()
    run(program, book, days=1)
    assert book["Overview"].charts == []


def test_ids_are_the_same_everywhere_unless_they_are_taken(program: Program, book: Book) -> None:
    run(program, book)
    ids = [sheet.sheet_id for sheet in book.sheets[1:]]
    other = program.server.add_spreadsheet(rows=[HEADER, *ROWS])
    taken = other.add_sheet("Mine", sheet_id=ids[0])
    taken.charts = [dict(book["Overview"].charts[0], position={"overlayPosition": {"anchorCell": {"sheetId": ids[0]}}})]
    taken.charts[0]["spec"] = {"title": "x", "basicChart": {}}
    assert run(program, other) == (1, 1)
    assert [sheet.sheet_id for sheet in other.sheets if sheet.title == "To send"] == [ids[0] + 1]
    assert len(other["Overview"].charts) == 1


# --- no tab ever fails a run -----------------------------------------------------------------------------------


@pytest.mark.parametrize("when", ["first", "later"])
def test_a_tab_that_is_refused_does_not_fail_the_run(program: Program, book: Book, person: Person, when: str) -> None:
    if when == "later":
        run(program, book)
        person.on("To send").protect("A1:H300")  # against us
        person.type((2, "Thank-you sent"), "2026-11-20")
    else:
        program.server.before("write", 1, lambda: person.add_tab("To send") if not book.find("To send") else None)
        program.server.before("write", 2, lambda: person.add_tab("To send (sheetflow)"))
    program.server.forget()
    program.run(book)
    assert program.server.writes <= 3
    assert person.sheet.entered((1, person.column("Follow-up status"))) in ("Waiting", "Send thank-you")
    program.server.calm()


def test_version_1s_note_goes(program: Program, book: Book, person: Person) -> None:
    run(program, book)
    person.note((1, "Follow-up status"), "Last checked by sheetflow on 2026-11-19.")
    assert run(program, book, days=1) == (1, 1)
    assert "note" not in person.sheet[0, person.column("Follow-up status")]
    assert re.match("Checked", str(book["To send"].entered("A2")))
