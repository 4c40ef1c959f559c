"""Writing to a Google Sheet: one atomic request, only what differs, only what is ours."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from google_support import NOW, SAMPLE, Program, environment
from sheets_server import Book, Person, Sheet, SheetsServer

from sheetflow import __version__
from sheetflow.backends.base import Kept
from sheetflow.backends.google.requests import BODY_LIMIT
from sheetflow.columns import FRESH
from sheetflow.errors import Refused
from sheetflow.rules.cadence import RULES
from sheetflow.sheet import column_letters

HEADER = ["Company", "Role", "Interview", "Interviewers", "Notes", "Thank-you sent"]
ADDED = {column.header for column in FRESH if column.owner == "sheetflow" or column.marks}
KINDS = {
    "updateCells", "appendDimension", "insertDimension", "updateDimensionProperties", "repeatCell",
    "addConditionalFormatRule", "createDeveloperMetadata", "deleteDeveloperMetadata", "copyPaste",
    "addDimensionGroup", "updateDimensionGroup",
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
    """Nothing but typed values, and nothing outside of what is ours: columns, and whole tabs."""
    text = str(body)
    assert "formulaValue" not in text
    assert "USER_ENTERED" not in text
    for request in body["requests"]:
        ((kind, what),) = request.items()
        location = what.get("developerMetadata", {}).get("location", {})
        if kind == "deleteDeveloperMetadata":
            continue
        if "spreadsheet" in location:
            value = what["developerMetadata"]["metadataValue"]
            assert re.fullmatch(r"[\d.]+ \d{4}-\d\d-\d\d [0-9a-f]{16}|to_send|overview", value)
            continue
        sheet = book.sheet_by_id(sheet_of(what))
        if any(one["metadataKey"] == "sheetflow" for one in sheet.metadata):
            inspect_tab(kind, what)
        else:
            inspect_tracker(kind, location.get("dimensionRange", what), sheet)


def inspect_tab(kind: str, what: dict[str, Any]) -> None:
    """A tab of ours: only the columns that our table has."""
    assert kind in {
        "addSheet", "updateCells", "updateDimensionProperties", "createDeveloperMetadata", "addProtectedRange",
        "addChart", "copyPaste", "appendDimension",
    }  # fmt: skip
    if kind == "updateCells":
        assert what["start"]["columnIndex"] + max(len(cells["values"]) for cells in what["rows"]) <= 8
    if kind == "addProtectedRange":
        assert what["protectedRange"]["warningOnly"] is True
    if kind == "copyPaste":
        assert what["destination"]["endColumnIndex"] <= 8


def inspect_tracker(kind: str, what: dict[str, Any], sheet: Sheet) -> None:
    """The tracker: only the columns that are ours or that we added, and the height of rows."""
    assert kind in KINDS
    row = next(r for r in range(20) if "Company" in [sheet.entered((r, c)) for c in range(80)])
    ours = {c for c in range(80) if sheet.entered((row, c)) in ADDED - set(HEADER)}
    if kind == "updateCells":
        left = what["start"]["columnIndex"]
        width = max(len(cells["values"]) for cells in what["rows"])
        assert set(range(left, left + width)) <= ours
        assert what["fields"] == "note" or all(FIELDS.fullmatch(name) for name in what["fields"].split(","))
        return
    area = what.get("destination") or what.get("range") or what.get("dimensionGroup", {}).get("range") or what
    if kind in ("repeatCell", "copyPaste"):
        assert set(range(area["startColumnIndex"], area["endColumnIndex"])) <= ours
        assert kind == "repeatCell" or (what["pasteType"], area["startRowIndex"]) == ("PASTE_FORMAT", row)
    elif area.get("dimension") == "ROWS":
        assert kind == "updateDimensionProperties"
        assert what["properties"] == {"pixelSize": 66}
    elif kind not in ("appendDimension", "addConditionalFormatRule", "deleteConditionalFormatRule"):
        assert set(range(area["startIndex"], area["endIndex"])) <= ours
        assert area["dimension"] == "COLUMNS"


def sheet_of(what: Any) -> int:
    """The tab that a request is about: all that it names is on one."""
    found = set(re.findall(r"'sheetId': (\d+)", str(what)))
    assert len(found) == 1
    return int(found.pop())


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
    book, person = tracker(program)
    program.run(book)
    (exchange,) = program.server.exchanges("write")
    assert exchange.body["includeSpreadsheetInResponse"] is True
    assert "responseRanges" not in exchange.body, "the tabs that it makes are wanted, too"
    assert exchange.query["fields"][0].startswith("updatedSpreadsheet(developerMetadata(")
    assert exchange.query["prettyPrint"] == ["false"]
    assert "responseIncludeGridData" not in exchange.body, "the mask decides"
    person.type((2, "Role"), "Chef")
    again(program, book)
    assert last_body(program)["responseRanges"] == ["'Sheet1'", "'To send'", "'Overview'"]


@pytest.mark.parametrize("title", ["It's", "A!B", "'quoted'", "日本", "Q1 2026", "A1"])
def test_any_tab_title(program: Program, title: str) -> None:
    book, _ = tracker(program, tab=title)
    program.run(book)
    assert (program.server.reads, program.server.writes) == (1, 1)
    assert again(program, book) == (1, 0)


@pytest.mark.parametrize(("waiting", "limit"), [(12, 12_000), (100, 40_000)])
def test_ten_thousand_rows(program: Program, waiting: int, limit: int) -> None:
    """The first write is split between rows; a later one with one due row is small, however many wait already."""
    rows = [
        [f"Firm {n}", "Cook", "2026-11-09", f"Ana <ana@firm{n}.example>", "", "2026-11-10" if n >= waiting else ""]
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
    assert found == {"Waiting": 10_000 - waiting, "Send thank-you": waiting}
    assert all(person.sheet.entered((row, why)) for row in range(1, 10_001))
    assert again(program, book) == (1, 0)
    for row, day in ((5_000, "2026-11-08"), (6_000, "2026-11-19")):  # its letter comes first, or last
        person.type((row, "Thank-you sent"), "").type((row, "Interview"), day)
        assert again(program, book) == (1, 1)
        assert len(program.server.exchanges("write")[0].request) < limit
    to_send = book["To send"]
    assert to_send.entered((4, 1)) == "Firm 4998, Cook"
    assert to_send.entered((5, 1)) == "Firm 0, Cook"
    assert waiting == 100 or to_send.entered((5 + waiting, 1)) == "Firm 5998, Cook"
    assert again(program, book) == (1, 0)


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
        {row for r in body["requests"] if (u := r.get("updateCells")) and not u["start"]["sheetId"]
         for row in range(u["start"]["rowIndex"], u["start"]["rowIndex"] + len(u["rows"]))}
        for body in bodies
    ]  # fmt: skip
    assert all(earlier.isdisjoint(later) for i, earlier in enumerate(rows) for later in rows[i + 1 :])
    assert dict_of(book) == dict_of(whole)
    monkeypatch.undo()
    assert again(program, book) == (1, 0)


def dict_of(book: Book) -> dict[tuple[int, int], Any]:
    return {(row, column): cell for row, column, cell in book.first_visible}


# --- metadata --------------------------------------------------------------------------------------------------


def metadata(book: Book, key: str = "sheetflow") -> dict[int, str]:
    """Column -> the value of its metadata; more than one item on a column would be a bug."""
    found: dict[int, str] = {}
    for index, column in enumerate(book.first_visible.columns):
        values = [one["metadataValue"] for one in column.get("developerMetadata", []) if one["metadataKey"] == key]
        assert len(values) < 2
        found |= dict.fromkeys([index] * len(values), "".join(values))
    return found


def ours(person: Person) -> dict[int, str]:
    """Column -> key of the columns of ours, by header."""
    return {person.column(column.header): column.key for column in FRESH if column.owner == "sheetflow"}


def test_columns_of_ours_carry_metadata_made_with_them(program: Program) -> None:
    book, person = tracker(program)
    program.run(book)
    assert (program.server.reads, program.server.writes) == (1, 1)
    assert metadata(book) == ours(person)
    (item,) = person.sheet.columns[person.column("Flag")]["developerMetadata"][:1]
    assert item["visibility"] == "DOCUMENT"
    assert again(program, book) == (1, 0)


def test_the_next_write_makes_no_metadata_anew_and_marks_what_it_addresses(program: Program) -> None:
    book, person = tracker(program)
    program.run(book)
    person.type((2, "Role"), "Chef")
    assert again(program, book) == (1, 1)
    assert "'sheetflow'" not in str(last_body(program))
    assert metadata(book) == ours(person)
    written = {
        column
        for request in last_body(program)["requests"]
        if "updateCells" in request and not request["updateCells"]["start"]["sheetId"]
        for start in [request["updateCells"]["start"]["columnIndex"]]
        for column in range(start, start + len(request["updateCells"]["rows"][0]["values"]))
    }
    marks = metadata(book, "sheetflow.landed")
    assert marks.keys() == written
    assert all(value.split(" ")[1] == str(column) for column, value in marks.items())


def test_a_run_works_without_metadata_and_the_next_write_brings_it_back(program: Program) -> None:
    book, person = tracker(program)
    program.run(book)
    for column in person.sheet.columns:
        column.pop("developerMetadata", None)
    assert again(program, book) == (1, 0), "no reason to write by itself"
    person.type((2, "Role"), "Chef")
    assert again(program, book) == (1, 1)
    assert metadata(book) == ours(person)


def test_a_renamed_column_of_ours_is_still_found(program: Program) -> None:
    book, person = tracker(program)
    program.run(book)
    person.rename_header("Flag", "Where it stands").rename_header("Due", "Next step").move_column(
        "Next step", "Company"
    )
    person.type((2, "Thank-you sent"), "2026-11-20")
    assert again(program, book) == (1, 1)
    assert person.sees((2, "Where it stands")).get("formattedValue") is None
    assert person.sheet.entered((1, person.column("Next step"))) == 46360
    titles = [person.sheet.entered((0, column)) for column in range(40)]
    assert "Flag" not in titles
    assert "Due" not in titles
    assert again(program, book) == (1, 0)


def test_an_emptied_header_of_ours_is_filled_in_again(program: Program) -> None:
    book, person = tracker(program)
    program.run(book)
    place = person.column("Flag")
    person.clear((1, "Flag"))
    assert again(program, book) == (1, 1)
    assert person.sheet.entered((0, place)) == "Flag"
    assert again(program, book) == (1, 0)


@pytest.mark.parametrize(("header", "cell"), [("Priority", "High"), ("", "High"), ("Outcome", None)])
def test_a_renamed_column_with_other_things_in_it_is_the_persons(
    program: Program, header: str, cell: str | None
) -> None:
    book, person = tracker(program)
    program.run(book)
    place = person.column("Flag")
    if header == "Outcome":
        person.rename_header("Outcome", "Outcome before")
    person.type((1, "Flag"), header)
    if cell:
        person.type(f"{chr(65 + place)}3", cell)
    kept = [person.sheet.entered((row, place)) for row in range(5)]
    assert again(program, book) == (1, 1)
    assert [person.sheet.entered((row, place)) for row in range(5)] == kept
    assert place not in metadata(book), "ours no more"
    assert person.column("Flag") != place
    assert metadata(book) == ours(person)


def test_a_header_of_ours_beats_what_is_remembered(program: Program) -> None:
    book, person = tracker(program)
    program.run(book)
    place = person.column("Flag")
    person.clear((1, "Flag")).insert_column("Company", "Flag")
    assert again(program, book) == (1, 1)
    assert person.column("Flag") == 0
    assert person.sheet.entered((1, 0)) == "Due"
    assert place + 1 not in metadata(book)
    assert metadata(book) == ours(person)
    assert again(program, book) == (1, 0)


def test_of_two_columns_of_one_key_the_left_one_counts(program: Program) -> None:
    book, person = tracker(program)
    program.run(book)
    person.rename_header("Flag", "Left")
    spare = person.sheet.last_value_column() + 1
    copied = [dict(one, metadataId=9) for one in person.sheet.columns[person.column("Left")]["developerMetadata"]]
    person.sheet.columns[spare]["developerMetadata"] = copied
    person.type((2, "Role"), "Chef")
    assert again(program, book) == (1, 1)
    assert spare not in metadata(book)
    assert metadata(book)[person.column("Left")] == "flag"


# --- version 1's sheets ----------------------------------------------------------------------------------------

MARK = "Last checked by sheetflow on 2026-11-19."


def forget_metadata(person: Person) -> None:
    """The sheet as version 1 left it."""
    person.book.metadata.clear()
    for column in person.sheet.columns:
        column.pop("developerMetadata", None)


def test_a_sheet_of_version_1_is_taken_over_in_one_write(program: Program) -> None:
    book, person = tracker(program)
    program.run(book)
    forget_metadata(person)
    person.note((1, "Follow-up status"), MARK).type((3, "Draft"), "in my own words").type((2, "Role"), "Chef")
    assert again(program, book) == (1, 1)
    assert metadata(book) == ours(person)
    assert len(book.metadata) == 1
    assert "note" not in person.sheet[0, person.column("Follow-up status")]
    assert person.sheet.entered((2, person.column("Draft"))) == "in my own words"
    assert again(program, book) == (1, 0)


@pytest.mark.parametrize("note", ["Ask Kim about these", f"{MARK} And ask Kim."])
def test_a_note_of_the_persons_stays(program: Program, note: str) -> None:
    book, person = tracker(program)
    program.run(book)
    forget_metadata(person)
    person.note((1, "Follow-up status"), note).note((1, "Company"), MARK).type((2, "Role"), "Chef")
    again(program, book)
    assert person.sheet[0, person.column("Follow-up status")]["note"] == note
    assert person.sheet["A1"]["note"] == MARK, "not where version 1 left it"


# --- the signature ---------------------------------------------------------------------------------------------


def signatures(book: Book) -> list[str]:
    return [one["metadataValue"] for one in book.metadata if one["metadataKey"] == "sheetflow"]


def sign(book: Book, value: str) -> None:
    book.metadata[:] = [
        {"metadataId": 4, "metadataKey": "sheetflow", "metadataValue": value, "visibility": "DOCUMENT", "project": "x"}
    ]


def test_a_write_is_signed_and_the_signature_alone_is_no_reason_to_write(program: Program) -> None:
    book, person = tracker(program, ["Alder", "Cook", "", "", "", ""])
    program.run(book)
    (first,) = signatures(book)
    assert re.fullmatch(rf"{re.escape(__version__)} 2026-11-20 [0-9a-f]{{16}}", first)
    assert program.server.account.email not in first
    assert again(program, book) == (1, 0)
    program.now += timedelta(days=1)
    person.type((2, "Interview"), "2026-11-20")
    assert again(program, book) == (1, 1)
    (second,) = signatures(book)
    assert second == first.replace("11-20", "11-21")
    person.type((2, "Role"), "Chef")
    assert again(program, book) == (1, 1)
    assert signatures(book) == [second]
    assert "spreadsheet" not in str([r.get("createDeveloperMetadata") for r in last_body(program)["requests"]])


@pytest.mark.parametrize(("days", "kept"), [(0, True), (3, True), (4, False)])
def test_a_sheet_that_another_account_keeps_is_read_and_not_written(program: Program, days: int, kept: bool) -> None:
    book, person = tracker(program)
    sign(book, f"{__version__} 2026-11-20 0123456789abcdef")
    program.now = NOW + timedelta(days=days)
    before = dict_of(book)
    error = program.try_run(book)
    if not kept:
        assert error is None
        assert signatures(book) != [f"{__version__} 2026-11-20 0123456789abcdef"]
        return
    assert isinstance(error, Kept)
    assert error.exit_code == 3
    assert "--force" in error.quiet
    assert "2026-11-20" in error.quiet
    assert (program.server.reads, program.server.writes) == (1, 0)
    assert dict_of(book) == before
    assert program.run(book, dry_run=True).changes, "it may be looked at"
    program.run(book, force=True)
    assert person.column("Flag")
    assert again(program, book) == (1, 0)


@pytest.mark.parametrize(
    ("version", "kept"), [("99.0.0", True), ("0.0.9", False), (__version__, False), ("0.1.1", True)]
)
def test_an_older_version_never_writes_where_a_newer_did(program: Program, version: str, kept: bool) -> None:
    book, _ = tracker(program)
    program.run(book)
    account = signatures(book)[0].split(" ")[2]
    sign(book, f"{version} 2026-11-20 {account}")
    program.server.person(book).type((2, "Role"), "Chef")
    program.server.forget()
    if not kept:
        assert again(program, book) == (1, 1)
        return
    with pytest.raises(Kept, match=re.escape(version)):
        program.run(book, force=True)
    assert program.server.writes == 0


def test_metadata_that_is_no_signature_is_nobodys(program: Program) -> None:
    book, _ = tracker(program)
    sign(book, "hello")
    program.run(book)
    assert len(signatures(book)) == 1


# --- columns ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [6, 23, 26])
def test_columns_beyond_the_grid(program: Program, width: int) -> None:
    names = HEADER + [f"Mine {n}" for n in range(width - len(HEADER))]
    book = program.server.add_spreadsheet(rows=[names, ["Alder", "", "2026-11-19"]], grid=(20, width))
    program.run(book)
    assert len(book.first_visible.columns) == width + len(ADDED - set(HEADER)) + 1, (
        "one stays free, so that none takes after the person's"
    )
    assert again(program, book) == (1, 0)


def test_new_columns_are_inserted_and_fill_none_that_is_there(program: Program) -> None:
    book, _ = tracker(program)
    program.run(book)
    assert "appendDimension" not in kinds(program)
    assert len(book.first_visible.columns) == 26 + len(ADDED - set(HEADER))


def test_new_columns_take_after_none_of_the_persons(program: Program) -> None:
    book = program.server.add_spreadsheet(rows=[[*HEADER], ["Alder", "", "2026-11-19"]], grid=(5, 6))
    person = program.server.person(book).tick((2, "Thank-you sent")).paint((2, "Thank-you sent"), 0.5, 0.5, 0.5)
    program.run(book)
    first = person.sheet[1, 6]
    assert "dataValidation" not in first
    assert first["userEnteredFormat"] == {"wrapStrategy": "CLIP", "verticalAlignment": "TOP"}


def test_the_stamp_is_hidden_once(program: Program) -> None:
    book, person = tracker(program)
    program.run(book)
    stamp, group = person.column("Draft stamp"), range(person.column("Draft to"), person.column("Draft stamp"))
    assert [i for i, column in enumerate(person.sheet.columns) if column.get("hiddenByUser")] == [*group, stamp]
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
    assert person.sees((2, "Thank-you due"))["formattedValue"] == "Fri 20 Nov 14:30"
    assert person.sees((2, "Follow-up due"))["formattedValue"] == "Fri 4 Dec"
    person.type((2, "Interview"), "2026-11-19")
    again(program, book)
    assert person.sees((2, "Thank-you due"))["formattedValue"] == "Fri 20 Nov", "no time, no 00:00"


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
    assert kinds(program) == {"addConditionalFormatRule": 1, "deleteDeveloperMetadata": 1}, "marks of the last write go"
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
    assert set(plan.statuses) == {rule.status for rule in RULES}
    assert (program.server.reads, program.server.writes) == (1, 1)
    assert again(program, book) == (1, 0)
    assert person.sheet.sheet_id != 0
