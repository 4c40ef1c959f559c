"""Writing to a Google Sheet: one atomic request, only what differs, only what is ours."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from google_support import NOW, SAMPLE, Program, environment
from sheets_server import Book, Person, SheetsServer

from sheetflow.backends.google.requests import BODY_LIMIT
from sheetflow.columns import FRESH
from sheetflow.errors import Refused
from sheetflow.sheet import column_letters

HEADER = ["Company", "Role", "Interview", "Interviewers", "Notes", "Thank-you sent"]
ADDED = {column.header for column in FRESH if column.owner == "sheetflow" or column.marks}
KINDS = {
    "updateCells", "appendDimension", "updateDimensionProperties", "repeatCell", "addConditionalFormatRule",
}  # fmt: skip
FIELDS = re.compile(
    r"userEnteredValue|userEnteredFormat\.numberFormat|userEnteredFormat\.textFormat\.link|textFormatRuns"
)


@pytest.fixture(scope="module")
def shared() -> Iterator[Program]:
    with SheetsServer() as server, environment(server.environment()):
        yield Program(server)


@pytest.fixture
def program(shared: Program) -> Iterator[Program]:
    server = shared.server
    server.calm()
    server.forget()
    shared.now, shared.name, shared.force = NOW, "Sam Lee", False
    yield shared
    assert not server.errors
    assert not server.strangers
    for exchange in server.exchanges("write"):
        inspect(exchange.body, server.books[exchange.path.rpartition("/")[2].partition(":")[0]])


def inspect(body: dict[str, Any], book: Book) -> None:
    """Nothing but typed values, and nothing outside of the columns that are ours or that we added."""
    text = str(body)
    assert "formulaValue" not in text
    assert "USER_ENTERED" not in text
    for request in body["requests"]:
        ((kind, what),) = request.items()
        assert kind in KINDS
        sheet = book.sheet_by_id(sheet_of(what))
        row = next(r for r in range(20) if "Company" in [sheet.entered((r, c)) for c in range(80)])
        ours = {c for c in range(80) if sheet.entered((row, c)) in ADDED - set(HEADER)}
        if kind == "updateCells":
            left = what["start"]["columnIndex"]
            width = max(len(cells["values"]) for cells in what["rows"])
            assert set(range(left, left + width)) <= ours
            assert what["fields"] == "note" or all(FIELDS.fullmatch(name) for name in what["fields"].split(","))
        elif kind == "repeatCell":
            assert set(range(what["range"]["startColumnIndex"], what["range"]["endColumnIndex"])) <= ours
        elif kind == "updateDimensionProperties":
            assert set(range(what["range"]["startIndex"], what["range"]["endIndex"])) <= ours
            assert what["range"]["dimension"] == "COLUMNS"


def sheet_of(what: dict[str, Any]) -> int:
    place = what.get("start") or what.get("range") or (what.get("rule") or {}).get("ranges", [what])[0]
    found: int = place.get("sheetId", 0)
    return found


def tracker(program: Program, *rows: list[str], **options: Any) -> tuple[Book, Person]:
    rows = rows or (
        ["Alder", "Cook", "2026-11-19", "Ana Ruiz <ana@alder.example>", "mine", ""],
        ["Birch", "Clerk", "2026-11-01", "Cy Diaz <cy@birch.example>; Di Eck <di@birch.example>", "", "2026-11-02"],
        ["Cedar", "Baker", "2026-11-18", "Eva <eva@cedar.example>; Flo <flo@cedar.example>", "", ""],
    )
    book = program.server.add_spreadsheet(rows=[HEADER, *rows], **options)
    return book, program.server.person(book)


def again(program: Program, book: Book, days: int = 0) -> tuple[int, int]:
    """Run once more and return how many reads and writes it took."""
    program.server.forget()
    program.now += timedelta(days=days)
    program.run(book)
    return program.server.reads, program.server.writes


def last_body(program: Program) -> dict[str, Any]:
    body: dict[str, Any] = program.server.exchanges("write")[-1].body
    return body


def kinds(program: Program) -> Counter[str]:
    return Counter(kind for request in last_body(program)["requests"] for kind in request)


# --- how many requests -----------------------------------------------------------------------------------------


def test_a_first_run_is_one_read_and_one_write(program: Program) -> None:
    book, person = tracker(program)
    program.run(book)
    assert (program.server.reads, program.server.writes) == (1, 1)
    added = [column.header for column in FRESH if column.header in ADDED - set(HEADER)]
    assert [person.sheet.entered((0, column)) for column in range(6, 7 + len(added))] == [*added, None]
    status = person.column("Follow-up status")
    assert [person.sheet.entered((row, status)) for row in (1, 2, 3)] == [
        "Send thank-you", "Send follow-up", "Send thank-you"
    ]  # fmt: skip
    assert again(program, book) == (1, 0)


def test_the_write_asks_for_the_state_after_it_under_a_mask(program: Program) -> None:
    book, _ = tracker(program)
    program.run(book)
    (exchange,) = program.server.exchanges("write")
    assert exchange.body["includeSpreadsheetInResponse"] is True
    assert exchange.body["responseRanges"] == ["'Sheet1'"]
    assert exchange.query["fields"][0].startswith("updatedSpreadsheet(sheets(properties(")
    assert exchange.query["prettyPrint"] == ["false"]
    assert "responseIncludeGridData" not in exchange.body, "the mask decides"


@pytest.mark.parametrize("title", ["It's", "A!B", "'quoted'", "日本", "Q1 2026", "A1"])
def test_any_tab_title(program: Program, title: str) -> None:
    book, _ = tracker(program, tab=title)
    program.run(book)
    assert (program.server.reads, program.server.writes) == (1, 1)
    assert again(program, book) == (1, 0)


def test_ten_thousand_rows(program: Program) -> None:
    """The first write is split between rows; a later one with one due row is small."""
    rows = [
        [f"Firm {n}", "Cook", "2026-11-09", f"Ana <ana@firm{n}.example>", "", "2026-11-10" if n else ""]
        for n in range(10_000)
    ]
    book, person = tracker(program, *rows, grid=(10_001, 26))
    program.run(book)
    first = program.server.exchanges("write")
    assert program.server.reads == 1
    assert all(len(exchange.request) < 1.1 * BODY_LIMIT for exchange in first)
    assert len(first) <= 1 + sum(len(exchange.request) for exchange in first) / (0.8 * BODY_LIMIT), (
        "no more than need be"
    )
    status, why = person.column("Follow-up status"), person.column("Why")
    found = Counter(person.sheet.entered((row, status)) for row in range(1, 10_001))
    assert found == {"Waiting": 9_999, "Send thank-you": 1}
    assert all(person.sheet.entered((row, why)) for row in range(1, 10_001))
    person.type((5_000, "Thank-you sent"), "").type((5_000, "Interview"), "2026-11-19")
    assert again(program, book) == (1, 1)
    assert len(program.server.exchanges("write")[0].request) < 5_000


def test_a_body_above_the_limit_is_split_between_rows(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, _ = tracker(program)
    program.run(whole)
    program.server.forget()
    monkeypatch.setattr("sheetflow.backends.google.requests.BODY_LIMIT", 1_000)
    book, _ = tracker(program)
    program.run(book)
    bodies = [exchange.body for exchange in program.server.exchanges("write")]
    assert len(bodies) > 2
    assert ["includeSpreadsheetInResponse" in body for body in bodies] == [False] * (len(bodies) - 1) + [True]
    rows = [
        {row for r in body["requests"] if (u := r.get("updateCells"))
         for row in range(u["start"]["rowIndex"], u["start"]["rowIndex"] + len(u["rows"]))}
        for body in bodies
    ]  # fmt: skip
    assert all(earlier.isdisjoint(later) for i, earlier in enumerate(rows) for later in rows[i + 1 :])
    assert dict_of(book) == dict_of(whole)
    monkeypatch.undo()
    assert again(program, book) == (1, 0)


def dict_of(book: Book) -> dict[tuple[int, int], Any]:
    return {(row, column): cell for row, column, cell in book.first_visible}


# --- the mark --------------------------------------------------------------------------------------------------


def test_the_last_checked_mark_comes_once_a_day(program: Program) -> None:
    book, person = tracker(program, ["Alder", "Cook", "", "", "", ""])
    program.run(book)
    cell = person.sheet[0, person.column("Follow-up status")]
    assert cell["note"] == "Last checked by sheetflow on 2026-11-20."
    assert again(program, book) == (1, 0)
    assert again(program, book, days=1) == (1, 1)
    assert len(program.server.exchanges("write")[0].request) < 1_000
    assert person.sheet[0, person.column("Follow-up status")]["note"].endswith("2026-11-21.")
    assert again(program, book) == (1, 0)


def test_the_mark_never_replaces_a_persons_note(program: Program) -> None:
    book, person = tracker(program, ["Alder", "Cook", "", "", "", ""])
    program.run(book)
    person.note((1, "Follow-up status"), "Ask Kim about these")
    assert again(program, book, days=1) == (1, 0)
    assert person.sheet[0, person.column("Follow-up status")]["note"] == "Ask Kim about these"


# --- columns ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [6, 23, 26])
def test_columns_beyond_the_grid(program: Program, width: int) -> None:
    names = HEADER + [f"Mine {n}" for n in range(width - len(HEADER))]
    book = program.server.add_spreadsheet(rows=[names, ["Alder", "", "2026-11-19"]], grid=(20, width))
    program.run(book)
    assert len(book.first_visible.columns) == width + len(ADDED - set(HEADER))
    assert again(program, book) == (1, 0)


def test_room_that_is_there_is_used(program: Program) -> None:
    book, _ = tracker(program)
    program.run(book)
    assert "appendDimension" not in kinds(program)
    assert len(book.first_visible.columns) == 26


def test_the_stamp_is_hidden_once(program: Program) -> None:
    book, person = tracker(program)
    program.run(book)
    stamp = person.column("Draft stamp")
    assert [i for i, column in enumerate(person.sheet.columns) if column.get("hiddenByUser")] == [stamp]
    person.show_column("Draft stamp").type((2, "Role"), "Chef")
    assert again(program, book) == (1, 1)
    assert not person.sheet.columns[stamp].get("hiddenByUser"), "whoever wants to see it may"


def test_widths_that_the_person_dragged_stay(program: Program) -> None:
    book, person = tracker(program)
    program.run(book)
    person.widen_column("Draft", 99).type((2, "Role"), "Chef")
    again(program, book)
    assert person.sheet.columns[person.column("Draft")]["pixelSize"] == 99


def test_the_persons_date_format_on_our_columns_stays(program: Program) -> None:
    book, person = tracker(program)
    program.run(book)
    column = person.column("Follow-up due")
    mine = {"type": "DATE", "pattern": "ddd d mmm"}
    for row in (1, 2, 3):
        cell = person.sheet[row, column]
        person.sheet[row, column] = cell | {"userEnteredFormat": cell["userEnteredFormat"] | {"numberFormat": mine}}
    person.type((2, "Interview"), "2026-11-17")
    assert again(program, book) == (1, 1)
    assert person.sheet[1, column]["userEnteredValue"] == {"numberValue": 46358}
    assert person.sheet[1, column]["userEnteredFormat"]["numberFormat"] == mine


def test_dates_have_a_format_of_their_own(program: Program) -> None:
    book, person = tracker(program, ["Alder", "", "2026-11-19 14:30", "", "", ""])
    program.run(book)
    assert person.sees((2, "Thank-you due"))["formattedValue"] == "2026-11-20 14:30"
    assert person.sees((2, "Follow-up due"))["formattedValue"] == "2026-12-04"
    person.type((2, "Interview"), "2026-11-19")
    again(program, book)
    assert person.sees((2, "Thank-you due"))["formattedValue"] == "2026-11-20", "no time, no 00:00"


def test_text_that_looks_like_a_formula_stays_text(program: Program) -> None:
    book, person = tracker(program, ["Alder", "", "2026-11-19", "Ana <ana@alder.example>", "", ""])
    person.sheet["A2"] = {"userEnteredValue": {"stringValue": '=HYPERLINK("http://evil.example","Alder")'}}
    program.run(book)
    assert "=HYPERLINK" in person.sheet.entered((1, person.column("Draft")))
    assert not [cell for _, _, cell in person.sheet if "formulaValue" in cell.get("userEnteredValue", {})]


# --- highlights ------------------------------------------------------------------------------------------------


def formulas(person: Person) -> list[str]:
    return [rule["booleanRule"]["condition"]["values"][0]["userEnteredValue"] for rule in person.sheet.rules]


def test_highlights_are_added_once_below_the_persons_own(program: Program) -> None:
    book, person = tracker(program)
    person.add_rule("A2:F20", '=$A2="Birch"')
    program.run(book)
    assert formulas(person)[0] == '=$A2="Birch"'
    letters = column_letters(person.column("Flag"))
    assert sorted(formulas(person)[1:]) == [f'=${letters}2="{flag}"' for flag in ("Check", "Due", "Ghosted", "Overdue")]
    assert person.sees("A3")["effectiveFormat"]["backgroundColor"] != {"red": 1, "green": 1, "blue": 1}
    assert again(program, book) == (1, 0)


def test_highlights_are_found_again_where_the_flag_went(program: Program) -> None:
    book, person = tracker(program)
    program.run(book)
    person.move_column("Flag", "Company")
    assert sorted(formulas(person))[0] == '=$A2="Check"'
    assert again(program, book) == (1, 0)
    person.insert_column("Flag").insert_row_above(1)
    person.header_row = 2
    program.server.forget()
    assert again(program, book) == (1, 0)
    assert len(person.sheet.rules) == 4


def test_a_recoloured_highlight_stays_and_a_deleted_one_returns(program: Program) -> None:
    book, person = tracker(program)
    program.run(book)
    person.recolour_rule(0, 0.1, 0.9, 0.1)
    mine = person.sheet.rules[0]
    assert again(program, book) == (1, 0)
    person.delete_rule(2)
    assert again(program, book) == (1, 1)
    assert kinds(program) == {"addConditionalFormatRule": 1}
    assert person.sheet.rules[0] == mine
    assert len(set(formulas(person))) == 4


# --- Send ------------------------------------------------------------------------------------------------------


def links(person: Person, row: int) -> list[str]:
    """The addresses that a Send cell's links lead to."""
    cell = person.sees((row, "Send"))
    uris = [run["format"]["link"]["uri"] for run in cell.get("textFormatRuns", []) if "link" in run.get("format", {})]
    return [re.search(r"&to=([^&]*)", uri)[1] for uri in uris or [cell["hyperlink"]]]  # type: ignore[index]


def test_send_links_for_one_and_for_several(program: Program) -> None:
    book, person = tracker(program)
    program.run(book)
    assert links(person, 2) == ["ana%40alder.example"]
    assert links(person, 3) == ["cy%40birch.example"]
    assert links(person, 4) == ["eva%40cedar.example", "flo%40cedar.example"]
    assert person.sheet.entered((3, person.column("Send"))) == "Open mail to Eva\nOpen mail to Flo"
    assert again(program, book) == (1, 0)


def test_send_links_follow_from_one_to_several_and_back(program: Program) -> None:
    book, person = tracker(program)
    program.run(book)
    for people, found in (
        ("Ana <ana@alder.example>; Bo <bo@alder.example>", ["ana%40alder.example", "bo%40alder.example"]),
        ("Bo <bo@alder.example>", ["bo%40alder.example"]),
        ("Ana 🦊 <ana@alder.example>; Cy <cy@alder.example>", ["ana%40alder.example", "cy%40alder.example"]),
    ):
        person.type((2, "Interviewers"), people)
        assert again(program, book) == (1, 1)
        assert links(person, 2) == found
        assert again(program, book) == (1, 0)
    person.type((2, "Thank-you sent"), "2026-11-20")
    assert again(program, book) == (1, 1)
    cell = person.sees((2, "Send"))
    assert "hyperlink" not in cell
    assert "userEnteredValue" not in cell
    assert "link" not in cell.get("userEnteredFormat", {}).get("textFormat", {})


def test_a_send_cell_that_somebody_typed_over_is_renewed(program: Program) -> None:
    book, person = tracker(program)
    program.run(book)
    person.type((2, "Send"), "call instead")
    assert again(program, book) == (1, 1)
    assert links(person, 2) == ["ana%40alder.example"]
    assert again(program, book) == (1, 0)


def test_an_edited_draft_gets_a_link_of_its_own(program: Program) -> None:
    book, person = tracker(program)
    program.run(book)
    person.type((2, "Draft"), "Hello Ana,\n\nin my own words.\n\nSam")
    assert again(program, book) == (1, 1)
    cell = person.sees((2, "Send"))
    assert "in%20my%20own%20words" in str(cell)
    assert person.sheet.entered((1, person.column("Draft"))).startswith("Hello Ana,\n\nin my own")
    assert again(program, book) == (1, 0)


# --- guards ----------------------------------------------------------------------------------------------------


def many(program: Program, count: int) -> tuple[Book, Person]:
    rows = [[f"Firm {n}", "Cook", "2026-11-09", f"Ana <ana@firm{n}.example>", "", ""] for n in range(count)]
    book, person = tracker(program, *rows)
    program.run(book)
    return book, person


def empty(person: Person, rows: range) -> None:
    for row in rows:
        for header in HEADER:
            person.clear((row, header))


@pytest.mark.parametrize(("count", "gone"), [(1, 1), (9, 9), (20, 20), (20, 7), (10, 4)])
def test_inputs_that_are_gone_are_refused(program: Program, count: int, gone: int) -> None:
    book, person = many(program, count)
    empty(person, range(2, 2 + gone))
    before = dict_of(book)
    program.server.forget()
    error = program.try_run(book)
    assert isinstance(error, Refused)
    assert "--force" in error.quiet
    assert f"{gone} of the {count}" in error.quiet
    assert (program.server.reads, program.server.writes) == (1, 0)
    assert dict_of(book) == before
    program.force = True
    assert again(program, book) == (1, 1)
    status = person.column("Follow-up status")
    assert [person.sheet.entered((row, status)) for row in range(1, 1 + gone)] == [None] * gone


@pytest.mark.parametrize(("count", "gone"), [(9, 8), (20, 6), (10, 3)])
def test_a_few_inputs_may_go(program: Program, count: int, gone: int) -> None:
    book, person = many(program, count)
    empty(person, range(2, 2 + gone))
    assert again(program, book) == (1, 1)


def test_deleted_rows_are_no_loss(program: Program) -> None:
    book, person = many(program, 20)
    person.delete_row(2, 19)
    assert again(program, book) == (1, 0)


@pytest.mark.parametrize("header", ["Company", "Status of it", ""])
def test_a_needed_header_that_is_gone_cannot_be_forced(program: Program, header: str) -> None:
    book, person = many(program, 3)
    person.rename_header("Company", "Company" if header == "Company" else header or "x")
    if header == "Company":
        person.rename_header("Notes", "Company")
    program.force = True
    program.server.forget()
    assert isinstance(program.try_run(book), Refused)
    assert program.server.writes == 0


# --- the sample ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("locale", ["en_US", "en_GB", "de_DE", "es_ES"])
def test_the_imported_sample_shows_every_status(program: Program, locale: str) -> None:
    book = program.server.add_spreadsheet(locale=locale, time_zone="Europe/Madrid")
    person = program.server.person(book).import_csv(SAMPLE.read_text(encoding="utf-8"), replace=True)
    program.now = program.server.clock()  # the sample counts from today
    plan = program.run(book)
    assert set(plan.statuses) == {
        "Check row", "Snoozed", "Send thank-you", "Closed", "Ghosted", "Offer", "Ask for feedback", "Send withdrawal",
        "No interview", "Upcoming", "Send follow-up", "Send second follow-up", "In conversation", "Waiting",
    }  # fmt: skip
    assert (program.server.reads, program.server.writes) == (1, 1)
    assert again(program, book) == (1, 0)
    assert person.sheet.sheet_id != 0
