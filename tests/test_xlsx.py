"""Trackers in .xlsx: what is read, what is written, what stays, what is refused."""

from __future__ import annotations

import io
import itertools
import os
import random
import re
import time
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from pathlib import Path
from typing import Any

import ooxml
import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.table import Table
from support import OURS, templates

from sheetflow import flow
from sheetflow.backends.base import Backend, Options
from sheetflow.backends.csv.file import CsvFile
from sheetflow.backends.xlsx.book import Book, storable, unescape
from sheetflow.backends.xlsx.check import refuse_changes
from sheetflow.backends.xlsx.file import XlsxFile
from sheetflow.backends.xlsx.fresh import new_tracker
from sheetflow.backends.xlsx.package import Package
from sheetflow.backends.xlsx.write import Changes
from sheetflow.columns import FRESH
from sheetflow.errors import Refused, SheetflowError
from sheetflow.highlights import FLAGS, HIGHLIGHTS
from sheetflow.plan import Plan
from sheetflow.settings import Settings, from_tab
from sheetflow.sheet import CellError, Formula, Link, Links, Sheet, column_letters
from sheetflow.table.claims import find_header


def wall(*parts: int) -> datetime:
    """A time on the wall clock, as cells hold it."""
    return datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001 - cells know no zone


NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
TEMPLATES = templates()
SETTINGS = Settings(name="Sam Lee")
SHEET = "xl/worksheets/sheet1.xml"
HEADERS = ["Company", "Role", "Interview", "Interviewers", "Highlight", "Thank-you sent", "Outcome", "Notes"]
ROWS: list[list[Any]] = [
    ["Acme", "Analyst", wall(2026, 11, 20, 14, 30), "Ana Ruiz <ana@acme.example>", "the story", None, None, "=x"],
    ["Bolt", "Editor", date(2026, 9, 1), "Bo Chen <bo@bolt.example>", None, date(2026, 9, 2), None, "0004"],
    ["Cove", "Chef", date(2026, 11, 1), None, None, "x", "Rejected", None],
    ["Dell", "Clerk", "next week", None, None, None, None, 0.3],
]
Surgery = Mapping[str, Callable[[bytes], bytes]]


def workbook() -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Jobs"
    sheet.append(HEADERS)
    for row in ROWS:
        sheet.append(row)
    for cell in sheet["H"]:
        if isinstance(cell.value, str) or cell.data_type == "f":
            cell.data_type = "s"
    return book


def saved(book: openpyxl.Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def loaded(path: Path, **options: Any) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(path.read_bytes()), **options)


def operate(data: bytes, parts: Surgery, added: Mapping[str, bytes] | None = None) -> bytes:
    """A workbook with some parts changed and others added: what no library here can write."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, parts.get(name, bytes)(source.read(name)))
        for name, content in (added or {}).items():
            target.writestr(name, content)
    return buffer.getvalue()


def insert(before: bytes, xml: bytes) -> Callable[[bytes], bytes]:
    def change(content: bytes) -> bytes:
        assert before in content
        return content.replace(before, xml + before, 1)

    return change


def cells(*rows: str) -> bytes:
    """A workbook whose first tab holds these rows of XML."""
    data = "<sheetData>" + "".join(rows) + "</sheetData>"
    return operate(saved(workbook()), {SHEET: lambda c: re.sub(rb"<sheetData>.*</sheetData>", data.encode(), c)})


def part(path: Path, name: str) -> str:
    with zipfile.ZipFile(path) as archive:
        return archive.read(name).decode()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "tracker.xlsx"


def read(path: Path, data: bytes | openpyxl.Workbook, **options: Any) -> Sheet:
    path.write_bytes(data if isinstance(data, bytes) else saved(data))
    return XlsxFile(path, Options(zone=UTC, **options)).read()


def run(path: Path, now: datetime = NOW, **options: Any) -> Plan:
    fit = ooxml.fits(path.read_bytes())
    backend = XlsxFile(path, Options(zone=UTC, **options))
    plan = flow.run(backend, now, lambda _: SETTINGS, TEMPLATES, copy=bool(options.get("output")))
    written = Path(options.get("output") or path)
    if fit and written.suffix == ".xlsx":
        ooxml.check(written.read_bytes())
    return plan


def at(path: Path, header: str, row: int) -> Any:
    """A cell of the written file, as openpyxl sees it: by header and 1-based row."""
    sheet = loaded(path).worksheets[0]
    column = next(c.column for c in sheet[1] if c.value == header)
    return sheet.cell(row, column)


# --- reading ----------------------------------------------------------------------------------------------


def test_reads_every_kind_of_value(path: Path) -> None:
    book = workbook()
    sheet = book.create_sheet("Kinds", 0)
    rich = CellRichText("plain ", TextBlock(InlineFont(b=True), "bold"))
    moment = wall(2026, 11, 20, 14, 30)
    sheet.append(["text", "0004", True, False, 7, 1.5, moment, clock(9, 5), timedelta(hours=30), rich, None, "end"])
    sheet["C2"] = "=1/0"
    sheet["D2"] = "#REF!"
    value = read(path, book).rows[0]
    assert value == [
        "text", "0004", True, False, 7, 1.5, moment, clock(9, 5), timedelta(hours=30), "plain bold", None, "end",
    ]  # fmt: skip
    assert [type(v) for v in value[2:6]] == [bool, bool, int, float]
    assert XlsxFile(path, Options()).read().rows[1][3] == CellError("#REF!")


def test_reads_formulas_with_their_values(path: Path) -> None:
    data = cells(
        '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1" t="str"><f>"a"</f><v>a</v></c>'
        '<c r="C1" t="str"><f>""</f><v></v></c><c r="D1" t="e"><f>1/0</f><v>#DIV/0!</v></c>'
        '<c r="E1" t="b"><f>TRUE</f><v>1</v></c><c r="F1"><f t="shared" ref="F1:F2" si="0">A1*2</f><v>4</v></c></row>'
        '<row r="2"><c r="F2"><f t="shared" si="0"/><v>6</v></c><c r="G2"><f>H2</f></c></row>'
    )
    first, second = read(path, data).rows
    assert first == [
        Formula("=1+1", 2), Formula('="a"', "a"), Formula('=""', ""), Formula("=1/0", CellError("#DIV/0!")),
        Formula("=TRUE", True), Formula("=A1*2", 4),
    ]  # fmt: skip
    assert second[5:] == [Formula("=A1*2", 6), Formula("=H2", None)]


def test_formulas_that_nobody_calculated_do_not_read_as_empty(path: Path) -> None:
    book = workbook()
    book.worksheets[0]["C2"], book.worksheets[0]["C3"] = "=TODAY()-3", "=DATE(2026,11,20)"
    rows = read(path, book).rows
    assert rows[1][2] == "=TODAY()-3"
    assert rows[2][2] == Formula("=DATE(2026,11,20)", CellError("not calculated"))


def test_trims_what_is_empty_and_counts_no_format_as_content(path: Path) -> None:
    data = cells(
        '<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c><c r="F1" s="0"/></row><row r="3" ht="20"/>'
        '<row r="4"><c r="B4"><v>1</v></c></row><row r="1048576"><c r="A1048576" s="0"/></row>'
    )
    assert read(path, data).rows == [["a"], [], [], [None, 1]]


def test_ignores_a_false_dimension_and_missing_references(path: Path) -> None:
    data = cells("<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>")
    data = operate(data, {SHEET: lambda c: re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1"', c)})
    assert read(path, data).rows == [[1, 2], [3]]


def test_dates_count_from_1904_where_the_workbook_says_so(path: Path) -> None:
    book = workbook()
    book.epoch = openpyxl.utils.datetime.MAC_EPOCH
    sheet = read(path, book)
    assert sheet.day_zero == date(1904, 1, 1)
    assert sheet.rows[1][2] == wall(2026, 11, 20, 14, 30)
    run(path)
    assert at(path, "Thank-you due", 2).value == wall(2026, 11, 21, 14, 30)
    assert not run(path)


def test_a_number_that_is_no_date_stays_a_number_in_a_date_format(path: Path) -> None:
    book = workbook()
    cell = book.worksheets[0]["C2"]
    cell.value, cell.number_format = 1e12, "yyyy-mm-dd"
    path.write_bytes(saved(book))
    run(path)
    assert XlsxFile(path, Options()).read().rows[1][2] == 1e12
    assert run(path).changes == ()


def test_escaped_characters_are_read_as_themselves() -> None:
    assert unescape("a_x000D_\nb") == "a\r\nb"
    for text in ("_x000D_ typed", "plain", "_x005F_x000D_", "a_xb"):
        assert unescape(storable(text)) == text
    assert storable("a\0b\ud800\r\nc") == "ab\nc"


def test_half_a_character_in_a_workbook() -> None:
    assert unescape("_xD83D__xDE00_") == "😀"
    assert unescape("a_xD800_b_xDC00_") == "a\ufffdb\ufffd"


# --- tabs, settings, links, rules -------------------------------------------------------------------------


def test_takes_the_first_visible_tab_that_is_not_settings(path: Path) -> None:
    book = workbook()
    book.create_sheet("Settings", 0).append(["Setting", "Value"])
    book.create_sheet("Old", 0).sheet_state = "hidden"
    book.create_chartsheet("Chart", 0)
    sheet = read(path, book)
    assert sheet.title == "Jobs"
    assert sheet.settings_tab == [["Setting", "Value"]]
    assert read(path, book, worksheet="old").title == "Old"
    with pytest.raises(Refused, match=r"no tab 'Job'\. Did you mean 'Jobs'\?"):
        read(path, book, worksheet="Job")


def test_without_a_settings_tab_there_are_no_settings(path: Path) -> None:
    assert read(path, workbook()).settings_tab is None


def test_only_linked_cells_under_send_are_links(path: Path) -> None:
    book = workbook()
    sheet = book.worksheets[0]
    sheet["I1"], sheet["I2"], sheet["H3"] = "Send", "ana@acme.example", "my page"
    sheet["I2"].hyperlink = "https://mail.example/?to=ana%40acme.example&su=a#x"
    sheet["H3"].hyperlink = "https://acme.example"
    rows = read(path, book).rows
    assert rows[1][8] == Links((Link("ana@acme.example", "https://mail.example/?to=ana%40acme.example&su=a#x"),))
    assert rows[2][7] == "my page"


@pytest.mark.parametrize("place", ["A2:Z1048576", "B5:K9"])
@pytest.mark.parametrize("formula", ['$F2="Ghosted"', '$AB12 = "ghosted"', 'Q$7="Ghosted"'])
def test_finds_a_rule_by_its_formula_wherever_flag_is(path: Path, place: str, formula: str) -> None:
    rule = f'<conditionalFormatting sqref="{place}"><cfRule type="expression" priority="1"><formula>{formula}</formula>'
    rule += "</cfRule></conditionalFormatting>"
    data = operate(saved(workbook()), {SHEET: insert(b"<pageMargins", rule.encode())})
    assert read(path, data).rules == {"Ghosted"}


# --- writing in place -------------------------------------------------------------------------------------


def test_a_second_run_changes_nothing(path: Path) -> None:
    path.write_bytes(saved(workbook()))
    assert run(path)
    before = path.read_bytes()
    assert not run(path)
    assert path.read_bytes() == before


def test_the_persons_cells_stay_as_they_are(path: Path) -> None:
    digits = {SHEET: lambda c: c.replace(b"<v>0.3</v>", b"<v>0.30000000000000004</v>")}
    before = read(path, operate(saved(workbook()), digits)).rows
    run(path)
    after = XlsxFile(path, Options()).read().rows
    assert [row[: len(HEADERS)] for row in after] == [row + [None] * (8 - len(row)) for row in before]
    assert after[4][7] == 0.1 + 0.2
    assert "0.30000000000000004" in part(path, SHEET)


def test_writes_real_dates_text_as_text_and_a_cell_link(path: Path) -> None:
    book = workbook()
    book.worksheets[0]["A2"], book.worksheets[0]["B2"] = "=cmd()", "#REF!"
    for cell in ("A2", "B2"):
        book.worksheets[0][cell].data_type = "s"
    path.write_bytes(saved(book))
    run(path)
    assert at(path, "Thank-you due", 2).number_format == "ddd d mmm hh:mm"
    assert at(path, "Follow-up due", 2).value == wall(2026, 12, 7)
    assert at(path, "Follow-up due", 2).number_format == "ddd d mmm"
    send = at(path, "Send", 2)
    assert (send.value, send.hyperlink.target[:36]) == ("Open mail to Ana", "https://mail.google.com/mail/?view=c")
    for row in loaded(path).worksheets[0].iter_rows():
        assert all(cell.data_type != "f" for cell in row)


def test_formula_looking_text_of_ours_stays_text(path: Path) -> None:
    book = workbook()
    path.write_bytes(saved(book))
    backend = XlsxFile(path, Options(zone=UTC))
    plan = flow.make_plan(backend.read(), NOW, SETTINGS, TEMPLATES)
    whys = [change for change in plan.changes if change.key == "why"][:3]
    texts = ["=1+1", "#REF!", "a\0b _x000D_ \x0bc"]
    changed = {c: c._replace(after=text) for c, text in zip(whys, texts, strict=True)}
    backend.apply(Plan(**{**plan.__dict__, "changes": tuple(changed.get(c, c) for c in plan.changes)}))
    rows = XlsxFile(path, Options()).read().rows
    assert [rows[c.row][c.column] for c in whys] == ["=1+1", "#REF!", "ab _x000D_ c"]


def test_an_emptied_send_cell_loses_its_link(path: Path) -> None:
    path.write_bytes(saved(workbook()))
    run(path)
    book = loaded(path)
    book.worksheets[0]["F2"] = date(2026, 11, 21)
    path.write_bytes(saved(book))
    run(path)
    send = at(path, "Send", 2)
    assert (send.value, send.hyperlink) == (None, None)


def test_rules_are_added_once_and_known_again_when_flag_moves(path: Path) -> None:
    path.write_bytes(saved(workbook()))
    run(path)
    book = loaded(path)
    rules = [r for place in book.worksheets[0].conditional_formatting for r in place.rules]
    letters = at(path, "Flag", 1).column_letter
    assert [rule.formula for rule in rules] == [[f'${letters}2="{h.flag}"'] for h in HIGHLIGHTS]
    sheet = XlsxFile(path, Options()).read()
    assert sheet.rules == FLAGS
    moved = operate(path.read_bytes(), {SHEET: lambda c: c.replace(f"${letters}2=".encode(), b"$AZ2=")})
    path.write_bytes(moved)
    assert not run(path).rules


def test_the_persons_look_stays(path: Path) -> None:
    book = workbook()
    sheet = book.worksheets[0]
    sheet["A1"].fill = PatternFill("solid", start_color="FF8800")
    sheet["A2"].font = Font(name="Georgia", size=14, italic=True)
    sheet["H1"], sheet["I1"] = "Notes", "Why"
    sheet["I2"].alignment = Alignment(horizontal="right")
    sheet.column_dimensions["I"].width = 99
    sheet.column_dimensions["C"].width = 31
    sheet.row_dimensions[3].height = 77
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = "A1:H5"
    path.write_bytes(saved(book))
    run(path)
    after = loaded(path).worksheets[0]
    assert after["A1"].fill.start_color.rgb == "00FF8800"
    assert (after["A2"].font.name, after["A2"].font.sz, after["A2"].font.i) == ("Georgia", 14, True)
    assert (after["I2"].alignment.horizontal, after["I2"].alignment.wrap_text) == ("right", None)
    assert [after.column_dimensions[c].width for c in "IC"] == [99, 31]
    assert after.row_dimensions[3].height == 77
    assert (after.freeze_panes, after.auto_filter.ref) == ("B2", "A1:H5")
    assert after.column_dimensions[at(path, "Draft stamp", 1).column_letter].hidden


def test_cells_of_ours_stand_at_the_top_of_a_row_with_a_draft(path: Path) -> None:
    path.write_bytes(saved(workbook()))
    run(path)
    headers = ("Flag", "Follow-up status", "Due", "Send", "Draft", "Why")
    assert {at(path, header, 2).alignment.vertical for header in headers} == {"top"}


@pytest.mark.parametrize("fresh", [False, True])
def test_the_height_of_rows_is_a_setting(tmp_path: Path, path: Path, fresh: bool) -> None:
    roomless = replace(SETTINGS, row_height=False)
    if fresh:
        source = tmp_path / "source.csv"
        source.write_text(CSV)
        backend: Backend = CsvFile(source, Options(zone=UTC, output=str(path), force=True))
    else:
        path.write_bytes(saved(workbook()))
        backend = XlsxFile(path, Options(zone=UTC))
    flow.run(backend, NOW, lambda _: roomless, TEMPLATES, copy=fresh)
    assert at(path, "Draft", 2).value
    assert loaded(path).worksheets[0].row_dimensions[2].height is None


def test_a_row_that_gets_its_draft_is_four_lines_tall_once(path: Path) -> None:
    heights = {"2": b'ht="15.75"', "3": b'ht="33" customHeight="1"', "5": b'ht="99"'}
    change = {SHEET: lambda c: re.sub(rb'<row r="(\d)"', lambda m: m[0] + b" " + heights.get(m[1].decode(), b""), c)}
    path.write_bytes(operate(saved(workbook()), change))
    run(path)
    rows = {row[0]: row for row in re.findall(r'<row r="(\d)"([^>]*)>', part(path, SHEET))}
    assert 'ht="60" customHeight="1"' in rows["2"][1]  # it has a draft, and its height was nobody's
    assert rows["3"][1].strip() == 'ht="33" customHeight="1"'  # set by hand
    assert rows["5"][1].strip() == 'ht="99"'  # no draft
    path.write_bytes(operate(path.read_bytes(), {SHEET: lambda c: c.replace(b'ht="60"', b'ht="20"')}))
    book = loaded(path)
    book.worksheets[0]["E2"] = "another story"
    path.write_bytes(saved(book))
    assert run(path).changes
    assert 'ht="20"' in part(path, SHEET)  # the person has made it smaller since


def test_a_column_range_is_cut_where_a_new_column_lies(path: Path) -> None:
    columns = b'<cols><col min="4" max="16384" width="20" customWidth="1"/></cols>'
    path.write_bytes(operate(saved(workbook()), {SHEET: insert(b"<sheetData>", columns)}))
    run(path)
    spans = [(int(a), int(b)) for a, b in re.findall(r'<col [^>]*min="(\d+)" max="(\d+)"', part(path, SHEET))]
    assert spans[0] == (4, 8)
    assert spans[-1][1] == 16384
    assert all(low == before + 1 for (_, before), (low, _) in itertools.pairwise(spans))


def test_other_tabs_tables_notes_and_rich_text_stay(path: Path) -> None:
    book = workbook()
    sheet = book.worksheets[0]
    sheet["H5"] = CellRichText("plain ", TextBlock(InlineFont(b=True), "bold"))
    sheet["A2"].comment = Comment("call Ana", "Sam", height=200, width=300)
    sheet.add_table(Table(displayName="Jobs", ref="A1:H5"))
    other = book.create_sheet("Other")
    other["A1"], other["A2"] = 1.5, "=A1*2"
    path.write_bytes(saved(book))
    run(path)
    after = loaded(path, rich_text=True)
    assert isinstance(after["Jobs"]["H5"].value, CellRichText)
    assert after["Jobs"].tables["Jobs"].ref == "A1:H5"
    assert after["Jobs"]["A2"].comment.text == "call Ana"
    assert "height:200px" in part(path, "xl/drawings/commentsDrawing1.vml")
    assert after["Other"]["A2"].value == "=A1*2"


def test_cached_values_of_formulas_survive(path: Path) -> None:
    book = workbook()
    book.worksheets[0]["H2"], book.worksheets[0]["H3"] = "=1+1", '="a&b"'
    book.worksheets[0]["H4"] = ArrayFormula("H4:H5", "=A2:A3")
    other = book.create_sheet("Other")
    other["A1"], other["B1"] = "=TRUE", "=1/0"

    def calculated(content: bytes) -> bytes:
        for formula, kind, value in (
            (b"1+1", b"", b"2.0000000000000004"), (b'"a&amp;b"', b' t="str"', b"a&amp;b"),
            (b"A2:A3", b' t="str"', b"x"),
            (b"TRUE", b' t="b"', b"1"), (b"1/0", b' t="e"', b"#DIV/0!"),
        ):  # fmt: skip
            pattern = rb"<c ([^>]*)>(<f[^>]*>" + re.escape(formula) + rb"</f>)<v(?: ?/>|></v>)"
            content = re.sub(pattern, rb"<c \1" + kind + rb">\2<v>" + value + b"</v>", content)
        return content

    path.write_bytes(operate(saved(book), {SHEET: calculated, "xl/worksheets/sheet2.xml": calculated}))
    before = XlsxFile(path, Options()).read().rows
    run(path)
    after = XlsxFile(path, Options()).read().rows
    assert [row[7] for row in after[1:4]] == [row[7] for row in before[1:4]]
    assert after[1][7] == Formula("=1+1", 2.0000000000000004)
    assert after[2][7] == Formula('="a&b"', "a&b")
    other_rows = XlsxFile(path, Options(worksheet="Other")).read().rows
    assert other_rows == [[Formula("=TRUE", True), Formula("=1/0", CellError("#DIV/0!"))]]
    assert 'fullCalcOnLoad="1"' in part(path, "xl/workbook.xml")


def test_the_same_plan_gives_the_same_bytes(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    original = saved(workbook())
    results = set()
    for zone in ("UTC", "Asia/Kathmandu"):
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        path.write_bytes(original)
        run(path)
        copy = tmp_path / f"{zone.replace('/', '-')}.xlsx"
        csv_run(tmp_path, copy)
        results.add((path.read_bytes(), copy.read_bytes(), new_tracker(SETTINGS)))
    monkeypatch.undo()
    time.tzset()
    assert len(results) == 1


# --- what is unusual, and what is refused ------------------------------------------------------------------

STYLES, BOOK, SECOND = "xl/styles.xml", "xl/workbook.xml", "xl/worksheets/sheet2.xml"


def replaced(name: str, old: bytes, new: bytes, book: openpyxl.Workbook | None = None) -> bytes:
    """A workbook with one thing in one part replaced, which must be there."""
    data = saved(book or workbook())
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert old in archive.read(name)
    return operate(data, {name: lambda content: content.replace(old, new, 1)})


def in_row_2(xml: str) -> bytes:
    """A workbook with a cell more in row 2."""
    return replaced(SHEET, b'</row><row r="3"', xml.encode() + b'</row><row r="3"')


def ready(change: Surgery | None = None, added: Mapping[str, bytes] | None = None) -> bytes:
    """A workbook with our columns, empty; changed."""
    book = workbook()
    for number, column in enumerate(OURS, start=len(HEADERS) + 1):
        book.worksheets[0].cell(1, number, column.header)
    return operate(saved(book), change or {}, added)


WHY = column_letters(len(HEADERS) + [column.key for column in OURS].index("why"))
TABLE = (
    b'<table xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" id="1" name="T" displayName="T" '
    b'ref="%s4:%s9"><tableColumns count="1"><tableColumn id="1" name="x"/></tableColumns></table>'
)
REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "merged cells": (
        lambda: ready({SHEET: insert(b"<pageMargins", f'<mergeCells><mergeCell ref="{WHY}3:{WHY}5"/></mergeCells>'
                                     .encode())}), f"Jobs!{WHY}4 is part of merged cells",
    ),
    "a formula that others share": (
        lambda: ready({SHEET: insert(b'</row><row r="3"', (
            f'<c r="{WHY}2"><f t="shared" ref="{WHY}2:{WHY}9" si="0">A2</f><v>1</v></c>').encode())}),
        f"Jobs!{WHY}2 holds a formula that other cells share",
    ),
    "a formula that fills others": (
        lambda: ready({SHEET: insert(b"</row></sheetData>", (
            f'<c r="SF5"><f t="array" ref="{WHY}3:SF5">A2:A3</f><v>1</v></c>').encode())}),
        f"Jobs!{WHY}3 is filled by a formula of another cell",
    ),
    "a what-if table": (
        lambda: ready({SHEET: insert(b"</row></sheetData>", (
            f'<c r="SF5"><f t="dataTable" ref="{WHY}3:SF5" r1="A1"/><v>1</v></c>').encode())}),
        f"Jobs!{WHY}3 is filled by a formula of another cell",
    ),
    "a header of a table": (
        lambda: ready({SHEET: insert(b"</worksheet>", b'<tableParts count="1"><tablePart r:id="rId1" xmlns:r="'
                                     + ooxml.RELS[1:-1].encode() + b'"/></tableParts>')}, {
            "xl/tables/table1.xml": TABLE.replace(b"%s", WHY.encode()),
            "xl/worksheets/_rels/sheet1.xml.rels": (
                b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship '
                b'Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/table" '
                b'Target="../tables/table1.xml"/></Relationships>'
            )}), f"Jobs!{WHY}4 is a header of a table",
    ),
    "rows out of order": (
        lambda: replaced(SHEET, b'<row r="5"', b'<row r="2"'), "damaged",
    ),
    "rows that go back": (lambda: backwards(), "Jobs!A3 comes behind a row below it"),
    "a row of another number": (lambda: replaced(SHEET, b'<row r="5"', b'<row r="9"'), "Jobs!A9 is out of its place"),
    "a cell in another row": (lambda: replaced(SHEET, b'r="H2"', b'r="H1"'), "Jobs!H2 is out of its place"),
    "a comment among the rows": (
        lambda: replaced(SHEET, b"</row>", b'</row><!-- <row r="2"> -->'), "Jobs holds comments"),
    "a style that is not there": (lambda: replaced(SHEET, b'r="A1"', b'r="A1" s="99"'), "damaged"),
    "a digital signature": (
        lambda: operate(saved(workbook()), {}, {"_xmlsignatures/sig1.xml": b"<a/>"}), "digital signature"),
}  # fmt: skip


def backwards() -> bytes:
    """A workbook with its fourth row before its third."""
    pattern = rb'(<row r="3".*?</row>)(<row r="4".*?</row>)'
    return operate(saved(workbook()), {SHEET: lambda c: re.sub(pattern, rb"\2\1", c, flags=re.DOTALL)})


@pytest.mark.parametrize("copy", ["", "copy.xlsx"])
@pytest.mark.parametrize("kind", REFUSED)
def test_refuses_what_would_spoil_a_cell_or_the_file(path: Path, tmp_path: Path, kind: str, copy: str) -> None:
    make, words = REFUSED[kind]
    path.write_bytes(make())
    before = path.read_bytes()
    with pytest.raises(Refused, match=words) as caught:
        run(path, output=copy and str(tmp_path / copy))
    assert caught.value.exit_code == 3
    assert "Jobs" not in caught.value.quiet
    assert "\n" not in caught.value.full
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


UNUSUAL: dict[str, Callable[[], bytes]] = {
    "a text in two pieces": lambda: replaced(SHEET, b"<t>Notes</t>", b"<t>No</t><t>tes</t>"),
    "cells out of order": lambda: operate(
        saved(workbook()), {SHEET: lambda c: re.sub(rb'(<c r="A2".*?</c>)(<c r="B2".*?</c>)', rb"\2\1", c)}
    ),
    "a cell in a cell": lambda: in_row_2('<c r="AZ2"><c r="AZ2"><v>7</v></c><v>8</v></c>'),
    "a date as text": lambda: in_row_2('<c r="I2" t="d" s="1"><v>2026-11-19T09:20:00</v></c>'),
    "a number without end": lambda: in_row_2('<c r="I2"><v>1e999</v></c>'),
    "numbers in many ways": lambda: in_row_2(
        '<c r="I2"><v>1.0</v></c><c r="J2" t="b"><v>1</v></c><c r="K2"><v>1E+3</v></c><c r="L2"><v>-0</v></c>'
    ),
    "formulas of all kinds": lambda: in_row_2(
        '<c r="I2"><f t="shared" ref="I2:J2" si="0">A2&amp;1</f><v>5</v></c>'
        '<c r="J2"><f t="shared" si="0"/><v>6</v></c>'
        '<c r="K2" t="str"><f>""</f></c><c r="L2"><f t="array" ref="L2:L3">A1:A2</f><v>1</v></c>'
    ),
    "text under merged cells": lambda: replaced(
        SHEET, b"<pageMargins", b'<mergeCells><mergeCell ref="A4:B4"/></mergeCells><pageMargins'
    ),
    "a link without text": lambda: replaced(
        SHEET, b"<pageMargins", b'<hyperlinks><hyperlink ref="E3" location="Jobs!A1"/></hyperlinks><pageMargins'
    ),
    "another prefix": lambda: operate(saved(workbook()), {SHEET: prefixed}),
    "single quotes and blanks": lambda: operate(
        saved(workbook()), {SHEET: lambda c: re.sub(rb'<c r="(\w+)"', rb"<c  foo='a>b' r = '\1'", c)}
    ),
    "no references": lambda: operate(
        saved(workbook()), {SHEET: lambda c: re.sub(rb'(<c|<row) r="\w+"', rb"\1", c)}
    ),
    "directories in the zip": lambda: operate(saved(workbook()), {}, {"xl/": b"", "xl/worksheets/": b""}),
    "no styles": lambda: styleless(),
    "phonetic guides": lambda: in_row_2(
        '<c r="I2" t="inlineStr"><is><t>x</t><rPh sb="0" eb="1"><t>y</t></rPh></is></c>'
    ),
    "an extension of a row": lambda: in_row_2('<extLst><ext uri="{0}"/></extLst>'),
}  # fmt: skip


def prefixed(content: bytes) -> bytes:
    """A part with a prefix before every element, as some programs write it."""
    content = re.sub(rb"<(/?)(\w)", rb"<\1x:\2", content)
    return content.replace(b"xmlns=", b"xmlns:x=", 1)


def styleless() -> bytes:
    """A workbook without styles."""
    book = openpyxl.Workbook()
    book.worksheets[0].title = "Jobs"
    book.worksheets[0].append(HEADERS)
    book.worksheets[0].append(["Acme", "Analyst", "2026-11-20 14:30", "Ana Ruiz <ana@acme.example>"])
    away = {
        "[Content_Types].xml": lambda c: re.sub(rb'<Override PartName="/xl/styles.xml"[^>]*/>', b"", c),
        "xl/_rels/workbook.xml.rels": lambda c: re.sub(rb'<Relationship [^>]*styles.xml"[^>]*/>', b"", c),
    }
    return without(STYLES, operate(saved(book), away))


@pytest.mark.parametrize("kind", UNUSUAL)
def test_what_is_unusual_stays_as_it_is(path: Path, kind: str) -> None:
    path.write_bytes(UNUSUAL[kind]())
    before = path.read_bytes()
    assert run(path).changes
    ooxml.kept(before, path.read_bytes())
    assert not run(path)


def test_refuses_to_cut_a_text_that_no_cell_has_room_for(path: Path) -> None:
    """It would be cut without a word, and every run would write it again; no draft is that long."""
    path.write_bytes(saved(workbook()))
    backend = XlsxFile(path, Options(zone=UTC))
    plan = flow.make_plan(backend.read(), NOW, SETTINGS, TEMPLATES)
    long = tuple(c._replace(after="x" * 32_768) if c.key == "draft" and c.row == 1 else c for c in plan.changes)
    with pytest.raises(Refused, match=r"Jobs![A-Z]+2 is to hold 32,768 characters"):
        backend.apply(replace(plan, changes=long))


def test_refuses_to_write_what_does_not_come_back(path: Path) -> None:
    """Whatever the patch did to a cell or a link, the file is not replaced."""
    path.write_bytes(saved(workbook()))
    backend = XlsxFile(path, Options(zone=UTC))
    plan = flow.make_plan(backend.read(), NOW, SETTINGS, TEMPLATES)
    backend.apply(plan)
    spoils = (
        (b"<t>Acme</t>", b"<t>Acmf</t>"), (b"<v>0.3</v>", b"<v>0.4</v>"), (b'<c r="B3"', b'<c r="ZZ3"'),
        (b'<row r="5"', b'<row r="6"'), (b"Send thank-you", b"Send"),
    )  # fmt: skip
    changes = Changes(plan, {})

    def read_back(data: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            book = Book(Package(archive), path)
            refuse_changes(plan, changes, book, book.tabs[0], path)

    read_back(path.read_bytes())
    for old, new in spoils:
        swap = {name: lambda c, old=old, new=new: c.replace(old, new) for name in (SHEET, "xl/sharedStrings.xml")}
        with pytest.raises(Refused, match=r"cannot be rewritten without spoiling Jobs!\w+\.|more than 200,000 rows"):
            read_back(operate(path.read_bytes(), swap))
    rels = {"xl/worksheets/_rels/sheet1.xml.rels": lambda c: c.replace(b"ana%40acme", b"bo%40acme")}
    with pytest.raises(Refused, match="cannot be rewritten without spoiling"):
        read_back(operate(path.read_bytes(), rels))


def test_a_formula_of_the_persons_under_a_column_of_ours_goes_with_its_place_in_the_chain(path: Path) -> None:
    def chained(formula: str) -> bytes:
        cell = f'<c r="{WHY}2"{formula}</c>'
        kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.calcChain+xml"
        link = b'<Relationship Id="rId99" Type="' + ooxml.RELS[1:-1].encode() + b'/calcChain" Target="calcChain.xml"/>'
        return ready({
            SHEET: insert(b'</row><row r="3"', cell.encode()),
            "xl/_rels/workbook.xml.rels": insert(b"</Relationships>", link),
            "[Content_Types].xml": insert(b"</Types>", b'<Override PartName="/xl/calcChain.xml" ContentType="' + kind
                                          + b'"/>'),
        }, {"xl/calcChain.xml": b"<calcChain/>"})  # fmt: skip

    for formula, stays in (("><f>1+1</f><v>2</v>", False), ("><v>2</v>", True)):
        path.write_bytes(chained(formula))
        run(path)
        with zipfile.ZipFile(path) as archive:
            assert ("xl/calcChain.xml" in archive.namelist()) is stays


# --- limits -----------------------------------------------------------------------------------------------


def oversized() -> bytes:
    """600 MB of nothing, in a few KB."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name in ("[Content_Types].xml", "_rels/.rels"):
            archive.writestr(name, "<a/>")
        with archive.open(SHEET, "w", force_zip64=True) as file:
            for _ in range(30):
                file.write(bytes(1_000_000))
    return buffer.getvalue()


def entities(prolog: bytes) -> bytes:
    return operate(saved(workbook()), {SHEET: lambda c: prolog + c})


BOMB = b'<!DOCTYPE a [<!ENTITY b "cccccccc"><!ENTITY d "&b;&b;&b;&b;">]>'
FAR = '<row r="1"><c r="A1" t="inlineStr"><is><t>Company</t></is></c></row>'
HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "a far-away cell": (lambda: cells(FAR + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'), "no tracker"),
    "a far-away row": (lambda: cells(FAR + '<row r="200001"><c r="A200001"><v>1</v></c></row>'), "no tracker"),
    "a long tab that says so": (
        lambda: claiming(FAR + '<row r="200001"><c r="A200001"><v>1</v></c></row>' + "<row/>" * 9), "no tracker",
    ),
    "a far-away column": (lambda: cells('<row r="1"><c r="SG1"><v>1</v></c></row>'), "no tracker"),
    "a row twice": (lambda: cells(FAR + FAR), "damaged"),
    "no such shared string": (lambda: cells('<row r="1"><c r="A1" t="s"><v>9</v></c></row>'), "damaged"),
    "no such type": (lambda: cells('<row r="1"><c r="A1" t="zz"><v>9</v></c></row>'), "damaged"),
    "a zip bomb": (oversized, "packed far more tightly"),
    "entities": (lambda: entities(BOMB), "document type"),
    "entities behind comments": (lambda: entities(b"<?xml version='1.0'?>" + b"<!--<a>-->" * 99 + BOMB), "type decl"),
    "entities behind a long comment": (lambda: entities(b"<!--" + b" " * 70_000 + b"-->" + BOMB), "document type"),
    "entities in UTF-16": (
        lambda: operate(saved(workbook()), {SHEET: lambda c: (BOMB + c).decode().encode("utf-16")}), "document type",
    ),
    "entities in another part": (
        lambda: operate(saved(workbook()), {}, {"docProps/custom.xml": BOMB + b"<a/>"}), "document type",
    ),
    "two parts of one name": (lambda: twice(), "two of one name"),
    "many parts": (lambda: operate(saved(workbook()), {}, {f"xl/x{i}": b"" for i in range(2001)}), "2,000 parts"),
    "an old .xls": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), r"old \.xls"),
    "a password": (
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "with a password",
    ),
    "a .csv": (lambda: b"Company,Role\n", r"no \.xlsx workbook"),
    "nothing": (lambda: b"", r"no \.xlsx workbook"),
    "another zip": (lambda: operate(b"PK\5\6" + bytes(18), {}, {"mimetype": b"x"}), r"no \.xlsx workbook"),
    "half a file": (lambda: saved(workbook())[:3000], r"no \.xlsx workbook|damaged"),
    "broken XML": (lambda: operate(saved(workbook()), {SHEET: lambda c: c[:-30]}), "damaged"),
    "a missing part": (lambda: without(SHEET), "damaged"),
    "strict OOXML": (
        lambda: operate(saved(workbook()), {"xl/workbook.xml": lambda c: c.replace(
            b"http://schemas.openxmlformats.org/spreadsheetml/2006/main", b"http://purl.oclc.org/ooxml/spreadsheetml/main"
        )}), "Strict Open XML",
    ),
}  # fmt: skip


def claiming(rows: str) -> bytes:
    return operate(
        cells(rows), {SHEET: lambda c: re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:B300000"', c)}
    )


def twice() -> bytes:
    buffer = io.BytesIO(saved(workbook()))
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr(SHEET, "<a/>")
    return buffer.getvalue()


def without(name: str, data: bytes = b"") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data or saved(workbook()))) as source, zipfile.ZipFile(buffer, "w") as target:
        for other in source.namelist():
            if other != name:
                target.writestr(other, source.read(other))
    return buffer.getvalue()


@pytest.mark.parametrize("attack", HOSTILE)
def test_refuses_hostile_and_broken_files_at_once(path: Path, attack: str) -> None:
    make, words = HOSTILE[attack]
    path.write_bytes(make())
    start = time.perf_counter()
    with pytest.raises(SheetflowError, match=words) as caught:
        XlsxFile(path, Options()).read()
    assert time.perf_counter() - start < 2
    assert "\n" not in str(caught.value)
    assert path.name not in caught.value.quiet


def test_a_whole_formatted_column_is_no_tracker_of_a_million_rows(path: Path) -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}" s="0"/></row>' for n in range(2, 300_000))
    assert read(path, claiming(FAR + rows)).rows == [["Company"]]


# --- fresh workbooks --------------------------------------------------------------------------------------

CSV = (
    "Company,Role,Interview,Interviewers,Thank-you sent,Notes\n"
    'Acme,Analyst,2026-11-20 14:30,"Ana Ruiz <ana@acme.example>; Bo <bo@acme.example>",,=1+1\n'
    "Bolt,0004,2026-09-01,Cy <cy@bolt.example>,2026-09-02,\n"
    "Cove,Chef,=TODAY()-3,Di <di@cove.example>,x,'tis\n"
    "Dell,Clerk,03/04/2026,,,#REF!\n"
)


def csv_run(folder: Path, output: Path, text: str = CSV) -> Plan:
    source = folder / "source.csv"
    source.write_text(text)
    backend = CsvFile(source, Options(zone=UTC, output=str(output), force=True))
    return flow.run(backend, NOW, lambda _: SETTINGS, TEMPLATES, copy=True)


def test_from_csv_and_then_in_place_changes_nothing(tmp_path: Path, path: Path) -> None:
    csv_run(tmp_path, path)
    assert not run(path)


def test_from_a_csv_that_has_our_columns_already(tmp_path: Path, path: Path) -> None:
    done = tmp_path / "done.csv"
    csv_run(tmp_path, done)
    csv_run(tmp_path, path, done.read_text())
    assert at(path, "Thank-you due", 2).value == wall(2026, 11, 21, 14, 30)
    assert not run(path)


def test_from_csv_text_stays_text_and_dates_become_dates(tmp_path: Path, path: Path) -> None:
    csv_run(tmp_path, path)
    assert [at(path, "Notes", row).value for row in (2, 4, 5)] == ["=1+1", "'tis", "#REF!"]
    assert at(path, "Notes", 2).data_type == "s"
    assert at(path, "Role", 3).value == "0004"
    assert [at(path, "Interview", row).value for row in (2, 4, 5)] == [
        wall(2026, 11, 20, 14, 30), wall(2026, 11, 20), "03/04/2026",
    ]  # fmt: skip
    assert at(path, "Interview", 4).number_format == "ddd d mmm"
    assert at(path, "Send", 2).value == "Open mail to Ana"
    assert at(path, "Send", 2).hyperlink.target.startswith("https://mail.google.com")
    assert at(path, "Send", 3).hyperlink is None


def test_a_fresh_workbook_is_laid_out_for_reading(tmp_path: Path, path: Path) -> None:
    csv_run(tmp_path, path)
    sheet = loaded(path).worksheets[0]
    assert (sheet.title, sheet.freeze_panes) == ("Interviews", "B2")
    assert sheet.calculate_dimension() == f"A1:{at(path, 'Draft stamp', 1).column_letter}5"
    assert sheet.column_dimensions[at(path, "Draft stamp", 1).column_letter].hidden
    draft = at(path, "Draft", 2)
    assert draft.alignment.wrap_text
    assert sheet.row_dimensions[2].height == 60
    assert sheet.row_dimensions[5].height is None  # no draft
    assert at(path, "Company", 1).fill.start_color.rgb != at(path, "Flag", 1).fill.start_color.rgb
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.print_title_rows == "$1:$1"
    assert len(sheet.conditional_formatting) == 1


def test_a_cell_that_has_no_room_is_refused_and_named(tmp_path: Path, path: Path) -> None:
    with pytest.raises(Refused, match="F2 is to hold 40,000 characters"):
        csv_run(tmp_path, path, CSV.replace("=1+1", "x" * 40_000))


def test_an_empty_tracker_has_everything_and_needs_nothing(path: Path) -> None:
    path.write_bytes(new_tracker(Settings(name="=Sam", follow_up_days=9)))
    sheet = XlsxFile(path, Options()).read()
    assert sheet.rows == [[column.header for column in FRESH]]
    assert len(find_header(sheet, {}).at) == len(FRESH)
    assert from_tab(sheet)["follow_up_days"] == 9
    assert from_tab(sheet)["name"] == "=Sam"
    assert not run(path).changes
    tab = loaded(path).worksheets[0]
    hints = {rule.promptTitle: rule.prompt for rule in tab.data_validations.dataValidation}
    assert "Finish the sentence" in hints["Highlight"]
    rules = {rule.errorTitle: rule for rule in tab.data_validations.dataValidation if rule.type}
    assert rules["Outcome"].formula1 == '"Next round,Offer,Accepted,Rejected,Withdrawn,Ghosted,Closed"'
    assert rules["How it went"].formula1 == '"Great,Fine,Bad,Horrible"'
    assert {rule.errorStyle for rule in rules.values()} == {"warning"}
    assert rules["Thank-you sent"].type == "date"
    assert not any(column.header in rules for column in OURS)


def test_a_row_typed_into_an_empty_tracker_is_worked_out(path: Path) -> None:
    path.write_bytes(new_tracker(SETTINGS))
    book = loaded(path)
    cells = {"Company": "Acme", "Interview": wall(2026, 11, 22), "Interviewers": "Ana <ana@acme.example>"}
    for index, column in enumerate(FRESH, start=1):
        if column.header in cells:
            book.worksheets[0].cell(2, index).value = cells[column.header]
    path.write_bytes(saved(book))
    run(path)
    assert at(path, "Follow-up status", 2).value == "Send thank-you"
    assert at(path, "Send", 2).hyperlink.target.startswith("https://mail.google.com")
    assert not run(path)


# --- the tabs of ours -------------------------------------------------------------------------------------


def titles(path: Path) -> list[str]:
    return loaded(path).sheetnames


def test_the_tabs_stand_behind_the_persons_and_are_made_once(path: Path) -> None:
    path.write_bytes(saved(workbook()))
    run(path)
    assert titles(path) == ["Jobs", "To send", "Overview"]
    assert set(XlsxFile(path, Options()).read().tabs or {}) == {"to_send", "overview"}
    assert not run(path)
    with zipfile.ZipFile(path) as archive:
        charts = [name for name in archive.namelist() if name.startswith("xl/charts/")]
        assert 'c:delete val="0"' in archive.read(charts[0]).decode()
    run(path, NOW + timedelta(days=1))
    assert titles(path) == ["Jobs", "To send", "Overview"]
    with zipfile.ZipFile(path) as archive:
        assert [name for name in archive.namelist() if name.startswith("xl/charts/")] == charts


def test_links_of_to_send_open_the_mail_and_lead_to_the_cell_to_mark(path: Path) -> None:
    path.write_bytes(saved(workbook()))
    run(path)
    sheet = loaded(path)["To send"]
    row = next(row for row in sheet.iter_rows(min_row=5) if row[1].value == "Acme, Analyst")
    assert str(row[4].hyperlink.target).startswith("https://mail.google.com/mail/?view=cm")
    assert row[6].hyperlink.location == f"'Jobs'!{at(path, 'Thank-you sent', 2).coordinate}"


def test_a_tab_that_the_person_took_away_is_not_made_again(path: Path) -> None:
    path.write_bytes(saved(workbook()))
    run(path)
    book = loaded(path)
    del book["Overview"]
    path.write_bytes(saved(book))
    assert XlsxFile(path, Options()).read().declined == {"overview"}
    run(path, NOW + timedelta(days=3))
    assert titles(path) == ["Jobs", "To send"]


def test_a_tab_of_the_persons_with_our_title_is_left_alone(path: Path) -> None:
    book = workbook()
    book.create_sheet("to send")["A1"] = "my own"
    path.write_bytes(saved(book))
    before = part(path, SECOND)
    run(path)
    assert titles(path) == ["Jobs", "to send", "To send (sheetflow)", "Overview"]
    assert part(path, SECOND) == before
    assert not run(path)


def test_what_the_person_writes_beside_and_below_our_cells_stays(path: Path) -> None:
    path.write_bytes(saved(workbook()))
    run(path)
    book = loaded(path)
    sheet = book["To send"]
    below = sheet.max_row + 2
    sheet.cell(below, 1, "bring the folder")
    sheet.cell(5, 12, "call first")
    path.write_bytes(saved(book))
    for days in (1, 20):
        run(path, NOW + timedelta(days=days))
        sheet = loaded(path)["To send"]
        assert (sheet.cell(below, 1).value, sheet.cell(5, 12).value) == ("bring the folder", "call first")


def test_our_tabs_are_no_trackers(path: Path) -> None:
    path.write_bytes(saved(workbook()))
    run(path)
    book = loaded(path)
    book.move_sheet("To send", -1)
    path.write_bytes(saved(book))
    assert XlsxFile(path, Options()).read().title == "Jobs"
    with pytest.raises(Refused, match="no tab 'To send'"):
        XlsxFile(path, Options(worksheet="To send")).read()


@pytest.mark.parametrize("key", ["to_send", "overview"])
def test_a_tab_that_cannot_be_written_fails_no_run(path: Path, key: str) -> None:
    """An XML comment in its part: the tracker is brought up to date all the same, and the tab stays as it is."""
    path.write_bytes(saved(workbook()))
    run(path)
    name = {"to_send": "xl/worksheets/sheet2.xml", "overview": "xl/worksheets/sheet3.xml"}[key]
    spoilt = operate(path.read_bytes(), {name: insert(b"<sheetData>", b"<!-- mine -->")})
    path.write_bytes(spoilt)
    before = part(path, name)
    plan = run(path, NOW + timedelta(days=30))
    assert plan.changes
    assert at(path, "Follow-up status", 2).value != "Send thank-you"
    assert part(path, name) == before


def test_a_tab_of_ours_that_cannot_be_read_fails_no_run(path: Path) -> None:
    path.write_bytes(saved(workbook()))
    run(path)
    far = b'<row r="1048576"><c r="A1048576" t="inlineStr"><is><t>far</t></is></c></row></sheetData>'
    name = "xl/worksheets/sheet2.xml"
    path.write_bytes(operate(path.read_bytes(), {name: lambda c: c.replace(b"</sheetData>", far)}))
    before = part(path, name)
    assert run(path, NOW + timedelta(days=30)).changes
    assert part(path, name) == before


def test_random_edits_of_the_tabs_and_the_tracker(path: Path) -> None:
    """Between runs somebody edits anything: nothing of theirs is lost, and the tabs are right after the next run."""
    path.write_bytes(saved(workbook()))
    run(path)
    chance, now = random.Random(7), NOW
    notes: dict[tuple[str, str], str] = {}
    for step in range(int(os.environ.get("EDIT_RUNS", "25"))):
        book = loaded(path)
        tracker: Any = book.worksheets[0]
        tab: Any = book[chance.choice(book.sheetnames[1:])] if len(book.sheetnames) > 1 else tracker
        match chance.randrange(7):
            case 0 if tab is not tracker:  # beside our cells
                place = f"{chance.choice('PQR')}{chance.randrange(1, 20)}"
                tab[place] = notes[tab.title, place] = f"note {step}"
            case 1 if tab is not tracker:  # far below them
                place = f"A{60 + chance.randrange(9)}"
                tab[place] = notes[tab.title, place] = f"below {step}"
            case 2 if tab is not tracker:
                old, tab.title = tab.title, f"{tab.title[:20]} {step}"
                notes = {((tab.title if t == old else t), p): text for (t, p), text in notes.items()}
                book.defined_names = {n: rename(d, old, tab.title) for n, d in book.defined_names.items()}
            case 3 if tab is not tracker and step > 20:
                notes = {(t, p): text for (t, p), text in notes.items() if t != tab.title}
                del book[tab.title]
            case 4:
                tracker[f"A{chance.randrange(2, 6)}"] = f"Company {step}"
            case 5:
                tracker.insert_rows(3)
                day = now.replace(tzinfo=None) - timedelta(days=chance.randrange(20))
                tracker["A3"], tracker["C3"] = f"Inserted {step}", day
            case _:
                now += timedelta(hours=chance.choice([1, 24, 100]))
        path.write_bytes(saved(book))
        mine = [[cell.value for cell in row] for row in loaded(path).worksheets[0].iter_rows(max_col=8)]
        plan = run(path, now)
        after = loaded(path)
        assert [[c.value for c in row] for row in after.worksheets[0].iter_rows(max_col=8)] == mine
        assert {(t, p): after[t][p].value for t, p in notes} == notes
        seen = XlsxFile(path, Options(zone=UTC)).read().tabs or {}
        for wanted in plan.tabs if plan else ():
            for row, drawn in enumerate(wanted.rows):
                shown = seen[wanted.key].rows[row] if row < len(seen[wanted.key].rows) else []
                values = [*shown, *[None] * len(drawn)]
                assert all(plain_value(v) == plain_value(c.value) for v, c in zip(values, drawn, strict=False))
        assert not run(path, now)


def rename(name: DefinedName, old: str, new: str) -> DefinedName:
    name.attr_text = str(name.attr_text).replace(f"'{old}'", f"'{new}'")
    return name


def plain_value(value: object) -> object:
    return None if value == "" else f"{value:%Y-%m-%d %H:%M}" if isinstance(value, date) else value
