"""Reading a Google Sheet: every kind of cell as what it is, the right tab, and no byte more than needed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from google_support import NOW, Program, environment
from sheets_server import Book, Fault, SheetsServer

from sheetflow.backends.google.cells import CELL_FIELDS, decode
from sheetflow.backends.google.sheet import READ_FIELDS, GoogleSheet
from sheetflow.errors import Refused, SheetflowError, UsageError
from sheetflow.sheet import CellError, Formula, Link, Links, Sheet

HEADER = ["Company", "Role", "Interview", "Interviewers", "Contact", "Highlight", "Reply received", "Thank-you sent"]


@pytest.fixture(scope="module")
def program() -> Iterator[Program]:
    with SheetsServer() as server, environment(server.environment()):
        yield Program(server)


@pytest.fixture
def server(program: Program) -> Iterator[SheetsServer]:
    program.server.calm()
    program.server.forget()
    yield program.server
    assert not program.server.errors
    assert not program.server.strangers


def wall(*parts: int) -> datetime:
    """A moment on the clock on the wall, without a zone."""
    return datetime(*parts)  # type: ignore[arg-type,misc] # noqa: DTZ001


def read(program: Program, book: Book, source: str = "", **options: Any) -> Sheet:
    backend = program.backend(book, **options)
    return (GoogleSheet(source, backend._options, backend.client) if source else backend).read()


def shown(program: Program, book: Book, row: int, header: str) -> Any:
    """What a run wrote into a row (1-based) under a header."""
    person = program.server.person(book)
    return person.sheet.entered((row - 1, person.column(header)))


# --- one cell --------------------------------------------------------------------------------------------------


def dated(number: float, kind: str | None, **more: Any) -> dict[str, Any]:
    form = {"effectiveFormat": {"numberFormat": {"type": kind}}} if kind else {}
    return {"userEnteredValue": {"numberValue": number}, **form, **more}


ADDRESS = "https://mail.google.com/mail/?view=cm"


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ({}, None),
        ({"note": "a note", "effectiveFormat": {"numberFormat": {"type": "DATE"}}}, None),
        ({"userEnteredValue": {"stringValue": "=1+1"}}, "=1+1"),
        ({"userEnteredValue": {"stringValue": "0004"}}, "0004"),
        ({"userEnteredValue": {"stringValue": "NA"}}, "NA"),
        ({"userEnteredValue": {"boolValue": False}}, False),
        ({"userEnteredValue": {"boolValue": True}}, True),
        (dated(46346, "DATE"), wall(2026, 11, 20)),
        (dated(46346.6041666667, "DATE_TIME"), wall(2026, 11, 20, 14, 30)),
        (dated(46346.999999, "DATE"), wall(2026, 11, 21)),
        (dated(46346, "NUMBER"), 46346),
        (dated(46346, None), 46346),
        (dated(0.5, "TIME"), 0.5),
        (dated(0, "DATE"), 0),
        (dated(-3, "DATE"), -3),
        (dated(1e12, "DATE"), 1e12),
        (
            {
                "userEnteredValue": {"formulaValue": "=TODAY()"},
                "effectiveValue": {"numberValue": 46346},
                "effectiveFormat": {"numberFormat": {"type": "DATE"}},
            },
            Formula("=TODAY()", wall(2026, 11, 20)),
        ),
        (
            {"userEnteredValue": {"formulaValue": '="a"'}, "effectiveValue": {"stringValue": "a"}},
            Formula('="a"', "a"),
        ),
        ({"userEnteredValue": {"formulaValue": "=IF(TRUE,,)"}}, Formula("=IF(TRUE,,)", None)),
        (
            {"userEnteredValue": {"formulaValue": "=+34 600"}, "effectiveValue": {"errorValue": {"type": "ERROR"}}},
            Formula("=+34 600", CellError("#ERROR!")),
        ),
        *(
            (
                {"userEnteredValue": {"formulaValue": "=x"}, "effectiveValue": {"errorValue": {"type": kind}}},
                Formula("=x", CellError(text)),
            )
            for kind, text in {
                "NULL_VALUE": "#NULL!",
                "DIVIDE_BY_ZERO": "#DIV/0!",
                "VALUE": "#VALUE!",
                "REF": "#REF!",
                "NAME": "#NAME?",
                "NUM": "#NUM!",
                "N_A": "#N/A",
                "LOADING": "#ERROR!",
            }.items()
        ),
    ],
)
def test_a_cell(cell: dict[str, Any], value: Any) -> None:
    assert decode(cell) == value
    assert type(decode(cell)) is type(value)


def run_at(start: int, url: str | None) -> dict[str, Any]:
    form = {"format": {"link": {"uri": url}}} if url else {"format": {}}
    return {"startIndex": start, **form} if start else form


def test_links_are_found_by_utf16_positions() -> None:
    text = "🦊 ana@a.example\nbo@b.example"
    runs = [run_at(3, ADDRESS + "1"), run_at(16, None), run_at(17, ADDRESS + "2")]
    cell = {"userEnteredValue": {"stringValue": text}, "textFormatRuns": runs}
    assert decode(cell, links=True) == Links(
        [Link("ana@a.example", ADDRESS + "1"), Link("bo@b.example", ADDRESS + "2")]
    )
    assert decode(cell) == text, "only where links are looked for"


def test_a_link_over_the_whole_cell() -> None:
    cell = {"userEnteredValue": {"stringValue": "ana@a.example"}, "hyperlink": ADDRESS}
    assert decode(cell, links=True) == Links([Link("ana@a.example", ADDRESS)])
    bold = {"userEnteredValue": {"stringValue": "text"}, "textFormatRuns": [{"format": {"bold": True}}]}
    assert decode(bold, links=True) == "text"


def test_people_chips_show_their_address() -> None:
    runs = [
        {"startIndex": 3, "chip": {"personProperties": {"email": "ana@a.example"}}},
        {"startIndex": 4, "chip": {}},
        {"startIndex": 6, "chip": {"personProperties": {"email": "bo@b.example"}}},
        {"startIndex": 7},
    ]
    cell = {"userEnteredValue": {"stringValue": "🦊 @, @!"}, "chipRuns": runs}
    assert decode(cell) == "🦊 ana@a.example, bo@b.example!"


# --- a sheet ---------------------------------------------------------------------------------------------------


def test_what_a_person_types_in_a_us_sheet(program: Program, server: SheetsServer) -> None:
    rows = [
        HEADER,
        ["Acme", "+34 600", "11/20/2026 14:30", "", "a", "=1/0", "=TODAY()-1", ""],
        ["NA", "0004", "20.11.2026", "", "$5.00", "007", "45000", "TRUE"],
    ]
    book = server.add_spreadsheet(rows=rows, time_zone="Asia/Tokyo")
    server.person(book).chip("D2", "ana@a.example", "bo@b.example").tick("H2", False)
    sheet = read(program, book)
    today = datetime.now(ZoneInfo("Asia/Tokyo")).date() - timedelta(days=1)
    assert sheet.rows[1][:4] == [
        "Acme",
        Formula("=+34 600", CellError("#ERROR!")),
        wall(2026, 11, 20, 14, 30),
        "ana@a.example, bo@b.example",
    ]
    assert sheet.rows[1][5:] == [
        Formula("=1/0", CellError("#DIV/0!")),
        Formula("=TODAY()-1", wall(today.year, today.month, today.day)),
        False,
    ]
    assert (sheet.zone, sheet.date_order, sheet.links) == (ZoneInfo("Asia/Tokyo"), "mdy", "many")
    assert (server.reads, server.writes) == (1, 0)


def test_what_was_typed_with_a_plus_is_what_was_typed(program: Program, server: SheetsServer) -> None:
    """A telephone number, or a word with a plus before it, is an error to Google and none to whoever typed it."""
    rows = [HEADER, ["Acme", "+2 Cook", "2026-11-19", "Ana Ruiz <ana@a.example>", "", "+34 600 100 200"]]
    book = server.add_spreadsheet(rows=rows)
    program.run(book)
    draft = shown(program, book, 2, "Draft")
    assert "#ERROR!" not in draft
    assert "+2 Cook" in draft


@pytest.mark.parametrize(
    ("locale", "typed", "day"),
    [
        ("en_US", "11/12/2026", date(2026, 11, 12)),
        ("en_GB", "11/12/2026", date(2026, 12, 11)),
        ("de_DE", "11.12.2026", date(2026, 12, 11)),
        ("es_ES", "11/12/2026", date(2026, 12, 11)),
        ("fr_FR", "11/12/2026", date(2026, 12, 11)),
        ("pt_BR", "11/12/2026", date(2026, 12, 11)),
        ("ja_JP", "2026/12/11", date(2026, 12, 11)),
        ("zh_CN", "2026-12-11", date(2026, 12, 11)),
    ],
)
def test_dates_typed_in_any_locale(program: Program, server: SheetsServer, locale: str, typed: str, day: date) -> None:
    book = server.add_spreadsheet(rows=[HEADER, ["Acme", "", typed]], locale=locale)
    assert read(program, book).rows[1][2] == wall(day.year, day.month, day.day)


@pytest.mark.parametrize(
    ("locale", "due"), [("en_US", 46331), ("en_GB", 46360), ("de_DE", 46360), ("zh_CN", None), ("", None)]
)
def test_dates_kept_as_text_follow_the_locale(
    program: Program, server: SheetsServer, locale: str, due: int | None
) -> None:
    """A cell formatted as plain text keeps ``11/12/2026`` as typed: 4 or 12 November plus a day, or a question."""
    book = server.add_spreadsheet(rows=[HEADER, ["Acme"]], locale=locale)
    book["Sheet1"]["C2"] = {"userEnteredValue": {"stringValue": "11/04/2026" if due == 46331 else "03/12/2026"}}
    program.run(book)
    assert shown(program, book, 2, "Thank-you due") == due


def test_a_zone_that_is_an_offset_counts(program: Program, server: SheetsServer) -> None:
    rows = [HEADER, ["Acme", "", "2026-11-19 02:30", "Ana <ana@a.example>"]]
    book = server.add_spreadsheet(rows=rows, time_zone="GMT-07:00")
    sheet = read(program, book)
    assert sheet.zone == timezone(-timedelta(hours=7))
    program.run(book)  # 09:00 UTC is 02:00 there: half an hour is left
    assert shown(program, book, 2, "Flag") == "Due"
    assert NOW.hour == 9


def test_a_zone_that_is_not_known(program: Program, server: SheetsServer) -> None:
    book = server.add_spreadsheet(rows=[HEADER, ["Acme"]], time_zone="Mars/Olympus_Mons")
    error = program.try_run(book)
    assert error is not None
    assert "Mars/Olympus_Mons" in error.full
    assert "File > Settings" in error.quiet
    assert server.writes == 0


def test_rows_hidden_by_a_filter_are_rows(program: Program, server: SheetsServer) -> None:
    rows = [HEADER, *([name, "", "2026-11-19"] for name in ("Alder", "Birch", "Cedar"))]
    book = server.add_spreadsheet(rows=rows)
    server.person(book).hide_row(2, by_filter=True).hide_row(3)
    program.run(book)
    assert [shown(program, book, row, "Follow-up status") for row in (2, 3, 4)] == ["Send thank-you"] * 3


def test_a_header_further_down_with_empty_rows_around(program: Program, server: SheetsServer) -> None:
    rows = [["My interviews"], [], ["", "Company", "Interview"], [], ["", "Acme", "2026-11-19"]]
    book = server.add_spreadsheet(rows=rows)
    program.run(book)
    person = server.person(book)
    person.header_row = 3
    assert person.sheet.entered((4, person.column("Follow-up status"))) == "Send thank-you"
    assert person.sheet.entered((3, person.column("Follow-up status"))) is None


# --- which tab -------------------------------------------------------------------------------------------------


@pytest.fixture
def tabs(server: SheetsServer) -> Book:
    """A hidden tab, a chart, the Settings, Current, and Old."""
    book = server.add_spreadsheet(rows=[HEADER, ["Hidden"]], tab="Archive")
    person = server.person(book, "Archive")
    person.add_tab("Chart").add_tab("Settings", [["Setting", "Value"], ["Your name", "Kim Oak"]])
    person.add_tab("Current", [HEADER, ["Now", "", "2026-11-19", "Ana <ana@a.example>"]]).add_tab(
        "Old", [HEADER, ["Then"]]
    )
    person.hide_tab("Archive")
    book["Chart"].properties["sheetType"] = "OBJECT"
    return book


def test_the_first_visible_tab_that_is_not_settings(program: Program, tabs: Book) -> None:
    sheet = read(program, tabs)
    assert sheet.title == "Current"
    assert sheet.settings_tab == [["Setting", "Value"], ["Your name", "Kim Oak"]]


def test_the_settings_tab_counts(program: Program, tabs: Book) -> None:
    program.run(tabs)
    person = program.server.person(tabs, "Current")
    assert "Kim Oak" in person.sheet.entered((1, person.column("Draft")))


@pytest.mark.parametrize("title", ["Old", "old", "OLD", "Archive"])
def test_a_tab_by_its_name(program: Program, tabs: Book, title: str) -> None:
    assert read(program, tabs, worksheet=title).title.casefold() == title.casefold()


def test_a_tab_by_its_gid(program: Program, tabs: Book) -> None:
    gid = tabs["Old"].sheet_id
    for source in (
        f"https://docs.google.com/spreadsheets/d/{tabs.id}/edit#gid={gid}",
        f"https://docs.google.com/spreadsheets/d/{tabs.id}/edit?gid={gid}#gid={gid}",
        f"https://docs.google.com/spreadsheets/u/1/d/{tabs.id}/edit?usp=sharing&gid={gid}",
    ):
        assert read(program, tabs, source).title == "Old"
    archive = f"https://docs.google.com/spreadsheets/d/{tabs.id}/edit#gid={tabs['Archive'].sheet_id}"
    assert read(program, tabs, archive).title == "Archive", "asked for by its link, hidden or not"
    assert read(program, tabs, archive, worksheet="Old").title == "Old", "a setting is stronger"


def test_a_tab_without_a_header_row_names_the_one_that_has_it(program: Program, server: SheetsServer) -> None:
    book = server.add_spreadsheet(rows=[["Jobs"], ["see the other tab"]], tab="Notes")
    server.person(book, "Notes").add_tab("Late", [["x"]] * 20 + [HEADER]).add_tab("Jobs 2026", [["Mine"], HEADER])
    with pytest.raises(Refused) as refusal:
        program.run(book)
    assert " The tab Jobs 2026 has one: choose it with --worksheet" in refusal.value.full
    assert "2026 has" not in refusal.value.quiet
    assert len(server.exchanges("read")) == 1


@pytest.mark.parametrize(("options", "gid"), [({"worksheet": "Nowhere"}, ""), ({"worksheet": "Chart"}, ""), ({}, "77")])
def test_a_tab_that_is_not_there(program: Program, tabs: Book, options: dict[str, Any], gid: str) -> None:
    source = f"https://docs.google.com/spreadsheets/d/{tabs.id}/edit#gid={gid}" if gid else ""
    with pytest.raises(Refused) as caught:
        read(program, tabs, source, **options)
    assert "Current" in caught.value.full
    assert "Current" not in caught.value.quiet
    assert caught.value.exit_code == 3


def test_a_link_that_is_none() -> None:
    with pytest.raises(UsageError, match="looks like"):
        GoogleSheet("https://docs.google.com/document/d/1234567890123456789012345/edit", None)  # type: ignore[arg-type]


# --- no more than needed ---------------------------------------------------------------------------------------


def test_one_read_with_a_mask_and_no_blanks(program: Program, server: SheetsServer) -> None:
    book = server.add_spreadsheet(rows=[HEADER, ["Acme"]])
    read(program, book)
    (exchange,) = server.exchanges("read")
    assert exchange.query == {"fields": [READ_FIELDS], "prettyPrint": ["false"]}
    assert b"\n  " not in exchange.response.strip()
    assert b": " not in exchange.response
    items = "developerMetadata(metadataId,metadataKey,metadataValue)"
    wanted = (
        f"properties(locale,timeZone),{items},sheets(properties(sheetId,title,index,hidden,sheetType,"
        f"gridProperties(rowCount,columnCount)),{items},charts(chartId),columnGroups(depth),"
        "conditionalFormats(booleanRule(condition(type,values(userEnteredValue)))),"
        f"data(startRow,startColumn,columnMetadata({items}),rowMetadata(pixelSize,{items}),rowData(values({CELL_FIELDS}))))"
    )
    assert wanted == READ_FIELDS
    assert " " not in READ_FIELDS
    found = {name for sheet in exchange.answer["sheets"] for name in sheet}
    assert found <= {"properties", "conditionalFormats", "data"}


def test_an_answer_without_tabs_is_none(program: Program, server: SheetsServer) -> None:
    book = server.add_spreadsheet(rows=[HEADER, ["Acme"]])
    server.fault("read", range(1, 20), Fault(200, b"{}"))
    with pytest.raises(SheetflowError, match="not an answer of Google Sheets"):
        read(program, book)
