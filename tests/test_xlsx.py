"""Trackers in .xlsx: what is read, what is written, what stays, what is refused."""

from __future__ import annotations

import io
import itertools
import re
import time
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.table import Table
from support import OURS

from sheetflow import flow
from sheetflow.backends.base import Options
from sheetflow.backends.csv.file import CsvFile
from sheetflow.backends.xlsx.book import storable, unescape
from sheetflow.backends.xlsx.check import refuse_changes
from sheetflow.backends.xlsx.file import XlsxFile
from sheetflow.backends.xlsx.fresh import new_tracker
from sheetflow.backends.xlsx.keep import Kept, kept_in
from sheetflow.backends.xlsx.look import line_count, row_height
from sheetflow.columns import FRESH, find_header
from sheetflow.errors import Refused, SheetflowError
from sheetflow.highlights import FLAGS, HIGHLIGHTS
from sheetflow.letters.load import load_templates
from sheetflow.plan import Plan
from sheetflow.settings import Settings, from_tab
from sheetflow.sheet import CellError, Formula, Link, Links, Sheet


def wall(*parts: int) -> datetime:
    """A time on the wall clock, as cells hold it."""
    return datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001 - cells know no zone


NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
TEMPLATES = load_templates("")
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
    return lambda content: content.replace(before, xml + before, 1)


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
    backend = XlsxFile(path, Options(zone=UTC, **options))
    return flow.run(backend, now, lambda _: SETTINGS, TEMPLATES, copy=bool(options.get("output")))


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
    assert at(path, "Thank-you due", 2).number_format == "yyyy-mm-dd hh:mm"
    assert at(path, "Follow-up due", 2).value == wall(2026, 12, 7)
    assert at(path, "Follow-up due", 2).number_format == "yyyy-mm-dd"
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


def test_a_height_that_nobody_set_stays_automatic(path: Path) -> None:
    data = operate(saved(workbook()), {SHEET: lambda c: c.replace(b'<row r="5"', b'<row r="5" ht="15.75"')})
    path.write_bytes(data)
    run(path)
    rows = re.findall(r"<row [^>]*>", part(path, SHEET))
    assert all("customHeight" not in row for row in rows)
    assert 'ht="' in rows[1]  # made as tall as its draft


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
            pattern = rb"<c ([^>]*)>(<f[^>]*>" + re.escape(formula) + rb"</f>)<v ?/>"
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


def test_kept_values_go_back_only_where_they_were() -> None:
    written = b'<c r="A1" s="3" t="n"><v>0.3</v></c><c r="B1"><f>1</f><v /></c><c r="C1"><f>2</f><v></v></c>'
    kept = Kept({"A1": ("n", "0.30000000000000004"), "B1": ("str", "a<b"), "A11": ("n", "5")})
    assert b"".join(kept_in(kept)(written)) == (
        b'<c r="A1" s="3"><v>0.30000000000000004</v></c><c r="B1" t="str"><f>1</f><v>a&lt;b</v></c>'
        b'<c r="C1"><f>2</f><v></v></c>'
    )


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
    assert len(results) == 1
    assert "2026-11-23T00:00:00Z" in part(path, "docProps/core.xml")


def test_refuses_to_write_into_merged_cells(path: Path) -> None:
    path.write_bytes(saved(workbook()))
    run(path)
    book = loaded(path)
    why = at(path, "Why", 1).column_letter
    book.worksheets[0].merge_cells(f"{why}3:{why}5")
    path.write_bytes(saved(book))
    with pytest.raises(Refused, match="merged cells"):
        run(path, NOW + timedelta(days=20))


# --- what would be lost -----------------------------------------------------------------------------------

EXTENSION = '<extLst><ext uri="{%s}"/></extLst>'
CHART = b'<xdr:wsDr xmlns:xdr="x"><xdr:graphicFrame/></xdr:wsDr>'
FEATURES: dict[str, tuple[dict[str, tuple[bytes, bytes]], dict[str, bytes]]] = {
    "charts": ({}, {"xl/drawings/drawing1.xml": CHART}),
    "pictures": ({}, {"xl/drawings/drawing1.xml": b'<a xmlns:x="x"><x:pic/></a>', "xl/media/image1.png": b"\x89PNG"}),
    "shapes and text boxes": ({}, {"xl/drawings/drawing1.xml": b'<a xmlns:xdr="x"><xdr:sp macro=""/></a>'}),
    "sparklines": ({SHEET: (b"</worksheet>", (EXTENSION % "05C60535-1F16-4fd2-B633-F4F36F0B64E0").encode())}, {}),
    "newer conditional formats": (
        {SHEET: (b"</worksheet>", (EXTENSION % "78C0D931-6437-407d-A8EE-F0AAD7539E65").encode())}, {},
    ),
    "dropdowns with lists from other tabs": (
        {SHEET: (b"</worksheet>", (EXTENSION % "CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF").encode())}, {},
    ),
    "features of newer versions": ({SHEET: (b"</worksheet>", (EXTENSION % "00000000-new").encode())}, {}),
    "data types or checkboxes": ({}, {"xl/featurePropertyBag/featurePropertyBag.xml": b"<a/>"}),
    "dynamic arrays": ({SHEET: (b"</row>", b'<c r="Z1" cm="1"><v>1</v></c>')}, {}),
    "what-if tables": ({SHEET: (b"</row>", b'<c r="Z1"><f t="dataTable" ref="Z1:Z2"/><v>1</v></c>')}, {}),
    "threaded comments": ({}, {"xl/threadedComments/threadedComment1.xml": b"<a/>"}),
    "slicers": ({}, {"xl/slicers/slicer1.xml": b"<a/>"}),
    "pivot tables": ({}, {"xl/pivotTables/pivotTable1.xml": b"<a/>"}),
    "macros": ({}, {"xl/vbaProject.bin": b"\0"}),
    "form controls": ({}, {"xl/drawings/vmlDrawing1.vml": b'<xml><x:ClientData ObjectType="Checkbox"/></xml>'}),
    "custom views": ({SHEET: (b"</worksheet>", b"<customSheetViews/>")}, {}),
    "ranges with a protection of their own": ({SHEET: (b"</worksheet>", b"<protectedRanges/>")}, {}),
    "phonetic guides": (
        {SHEET: (b"</row>", b'<c r="Z1" t="inlineStr"><is><t>x</t><rPh sb="0" eb="1"><t>y</t></rPh></is></c>')}, {},
    ),
    "embedded company data": ({}, {"customXml/item1.xml": b"<a/>"}),
    "parts that sheetflow does not know": ({}, {"xl/future/thing.xml": b"<a/>"}),
}  # fmt: skip


@pytest.mark.parametrize("feature", FEATURES)
def test_in_place_refuses_what_would_be_lost(path: Path, tmp_path: Path, feature: str) -> None:
    changed, added = FEATURES[feature]
    path.write_bytes(operate(saved(workbook()), {name: insert(*xml) for name, xml in changed.items()}, added))
    before = path.read_bytes()
    with pytest.raises(Refused, match=re.escape(feature)) as caught:
        run(path)
    assert caught.value.exit_code == 3
    assert "-o" in caught.value.quiet
    assert path.read_bytes() == before
    run(path, output=str(tmp_path / "copy.xlsx"))
    assert not run(tmp_path / "copy.xlsx")


def test_a_plain_workbook_loses_nothing(path: Path) -> None:
    harmless = {
        "xl/calcChain.xml": b"<calcChain/>", "xl/printerSettings/printerSettings1.bin": b"\0", "xl/metadata": b"\0",
        "xl/persons/person.xml": b"<personList/>", "xl/drawings/drawing1.xml": b'<xdr:wsDr xmlns:xdr="x"/>',
    }  # fmt: skip
    ignored = '<ignoredErrors><ignoredError sqref="A1" numberStoredAsText="1"/></ignoredErrors>'
    path.write_bytes(operate(saved(workbook()), {SHEET: insert(b"</worksheet>", ignored.encode())}, harmless))
    assert run(path)
    assert not run(path)


# --- read otherwise by openpyxl ---------------------------------------------------------------------------

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


def with_settings() -> openpyxl.Workbook:
    book = workbook()
    tab = book.create_sheet("Settings")
    tab.append(["Setting", "Value"])
    tab.append(["Your name", "Sam Lee"])
    return book


SPOILED: dict[str, tuple[Callable[[], bytes], str]] = {
    "a text in two pieces": (lambda: replaced(SHEET, b"<t>Notes</t>", b"<t>No</t><t>tes</t>"), "Jobs!H1"),
    "a text in two pieces in another tab": (
        lambda: replaced(SECOND, b"<t>Your name</t>", b"<t>Your</t><t> name</t>", with_settings()), "Settings!A2",
    ),
    "a cell in another row": (lambda: replaced(SHEET, b'r="H2"', b'r="H1"'), "Jobs!H1"),
    "a row of another number": (lambda: replaced(SHEET, b'<row r="5"', b'<row r="9"'), "Jobs!A5"),
    "a cell in a cell": (
        lambda: in_row_2('<c r="AZ2"><c r="AZ2"><v>7</v></c><v>8</v></c>'), "Jobs!AZ2",
    ),
    "years that count from somewhere else": (
        lambda: replaced(BOOK, b"<workbookPr", b'<workbookPr date1904="array"'), "Jobs!C2",
    ),
    "styles in no namespace": (
        lambda: replaced(STYLES, b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"', b'xmlns="x"'),
        "Jobs!C2",
    ),
    "a format where none belongs": (
        lambda: replaced(STYLES, b"</cellStyles>", b'<numFmt numFmtId="165" formatCode="[h]:mm"/></cellStyles>'),
        "Jobs!C3",
    ),
    "a date as text that shows as a duration": (
        lambda: operate(in_row_2('<c r="I2" t="d" s="2"><v>2026-11-18</v></c>'), {
            STYLES: lambda c: c.replace(b'"yyyy-mm-dd"', b'"[h]:mm"')}), "Jobs!I2",
    ),
    "a text that is said to be a number": (
        lambda: in_row_2('<c r="I2" t=" 1 "><is><t>x</t></is></c>'), "Jobs!I2",
    ),
    "a number without end": (lambda: in_row_2('<c r="I2"><v>1e999</v></c>'), "Jobs!I2"),
    "true or false, or something else": (lambda: in_row_2('<c r="I2" t="b"><v>2</v></c>'), "Jobs!I2"),
    "two formulas that share one number": (
        lambda: in_row_2('<c r="I2"><f t="shared" ref="I2" si="0">A2+1</f><v>1</v></c>'
                         '<c r="J2"><f t="shared" ref="J2" si="0">A2+2</f><v>2</v></c>'), "Jobs!J2",
    ),
    "text under merged cells": (
        lambda: replaced(SHEET, b"<pageMargins", b'<mergeCells><mergeCell ref="A4:B4"/></mergeCells><pageMargins'),
        "Jobs!B4",
    ),
    "a link without text": (
        lambda: replaced(SHEET, b"<pageMargins", b'<hyperlinks><hyperlink ref="E3" location="Jobs!A1"/></hyperlinks>'
                         b"<pageMargins"), "Jobs!E3",
    ),
}  # fmt: skip


@pytest.mark.parametrize("copy", ["", "copy.xlsx"])
@pytest.mark.parametrize("kind", SPOILED)
def test_refuses_a_rewrite_that_would_spoil_a_cell(path: Path, tmp_path: Path, kind: str, copy: str) -> None:
    make, place = SPOILED[kind]
    path.write_bytes(make())
    before = path.read_bytes()
    with pytest.raises(Refused, match=f"cannot be rewritten without spoiling {place}") as caught:
        run(path, output=copy and str(tmp_path / copy))
    assert caught.value.exit_code == 3
    assert place.partition("!")[0] not in caught.value.quiet
    assert "\n" not in caught.value.full
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]
    assert run(path, output=str(tmp_path / "copy.csv"))


def test_refuses_to_cut_a_text_that_no_cell_has_room_for(path: Path) -> None:
    """It would be cut without a word, and every run would write it again; no draft is that long."""
    path.write_bytes(saved(workbook()))
    backend = XlsxFile(path, Options(zone=UTC))
    plan = flow.make_plan(backend.read(), NOW, SETTINGS, TEMPLATES)
    long = tuple(c._replace(after="x" * 32_768) if c.key == "draft" and c.row == 1 else c for c in plan.changes)
    with pytest.raises(Refused, match=r"spoiling Jobs![A-Z]+2\."):
        backend.apply(replace(plan, changes=long))


def test_refuses_to_write_what_does_not_come_back(path: Path) -> None:
    path.write_bytes(saved(workbook()))
    before = XlsxFile(path, Options(zone=UTC)).read()
    day, link = date(2026, 11, 21), Links((Link("a@b.example", "https://mail.example"),))
    pairs = [("text", "texts"), (day, wall(2026, 11, 22)), (link, "a@b.example"), ("", "left"), ("x", None)]
    for wanted, found in pairs:
        after = replace(before, rows=[*before.rows, [None, found]])
        with pytest.raises(Refused, match=r"spoiling Jobs!B6\."):
            refuse_changes(before, after, {(5, 1): wanted}, path)
    after = replace(before, rows=[*before.rows, ["a b", wall(2026, 11, 21), link, None]])
    refuse_changes(before, after, {(5, 0): "a\0 b", (5, 1): day, (5, 2): link, (5, 3): ""}, path)
    with pytest.raises(Refused, match=r"spoiling Jobs!A6\."):
        refuse_changes(before, after, {}, path)


def test_what_is_written_otherwise_is_no_change(path: Path) -> None:
    """Dates as text, formulas filled down, formulas without a value, and tabs wider and longer than any tracker."""
    book = workbook()
    wide = book.create_sheet("Wide")
    wide.cell(3, 730, 1)
    wide.cell(300_000, 2, "end")
    more = (
        '<c r="I2" t="d"><v>2026-11-19T12:00:00.0001Z</v></c><c r="J2" t="d" s="1"><v>2026-11-19T09:20:00</v></c>'
        '<c r="K2"><f t="shared" ref="K2:L2" si="0">A2&amp;1</f><v>5</v></c>'
        '<c r="L2"><f t="shared" si="0"/><v>6</v></c><c r="M2" t="str"><f>""</f></c>'
        '<c r="N2"><v>1.0</v></c><c r="O2" t="b"><v>1</v></c><c r="P2"><v>1E+3</v></c>'
    )
    path.write_bytes(operate(saved(book), {SHEET: insert(b'</row><row r="3"', more.encode())}))
    run(path)
    written = XlsxFile(path, Options(zone=UTC)).read().rows[1][8:16]
    assert written == [
        pytest.approx(46345.5), wall(2026, 11, 19, 9, 20), Formula("=A2&1", 5), Formula("=B2&1", 6),
        Formula('=""', None), 1, True, 1000,
    ]  # fmt: skip
    assert not run(path)


DAMAGED: dict[str, Callable[[], bytes]] = {
    "two tabs of one name": lambda: replaced(
        BOOK, b"</sheets>", b'<sheet name="Jobs" sheetId="9" r:id="rId1" xmlns:r="http://schemas.openxmlformats.org/'
        b'officeDocument/2006/relationships"/></sheets>'
    ),
    "no workbook among the types of the parts": lambda: replaced(
        "[Content_Types].xml", b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml", b"x"
    ),
    "half a formula, filled down": lambda: in_row_2(
        '<c r="I2"><f t="shared" ref="I2:J2" si="0">"</f><v>1</v></c><c r="J2"><f t="shared" si="0"/><v>1</v></c>'
    ),
    "a date that is nothing": lambda: in_row_2('<c r="AZ2" t="d" s="1"></c>'),
    "a style that is not there": lambda: replaced(STYLES, b'xfId="0" builtinId="0"', b'xfId="9" builtinId="0"'),
    "a tab of another kind": lambda: replaced(
        "xl/_rels/workbook.xml.rels", b'relationships/worksheet" Target="/xl/worksheets/sheet2.xml"',
        b'relationships/x" Target="/xl/worksheets/sheet2.xml"', with_settings(),
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", DAMAGED)
def test_damage_that_only_shows_in_writing_is_damage(path: Path, kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    path.write_bytes(DAMAGED[kind]())
    before = path.read_bytes()
    assert XlsxFile(path, Options()).read().title == "Jobs"
    with pytest.raises(Refused, match="is damaged or incomplete"):
        run(path)
    assert path.read_bytes() == before
    assert capsys.readouterr() == ("", "")


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


def without(name: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(saved(workbook()))) as source, zipfile.ZipFile(buffer, "w") as target:
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
    assert at(path, "Interview", 4).number_format == "yyyy-mm-dd"
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
    assert sheet.row_dimensions[2].height == pytest.approx(12.75 * draft.value.count("\n"), rel=0.6)
    assert at(path, "Company", 1).fill.start_color.rgb != at(path, "Flag", 1).fill.start_color.rgb
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.print_title_rows == "$1:$1"
    assert len(sheet.conditional_formatting) == 1
    assert "customHeight" not in part(path, SHEET)


def test_a_cell_that_has_no_room_is_refused_and_named(tmp_path: Path, path: Path) -> None:
    with pytest.raises(Refused, match="F2 holds 40,000 characters"):
        csv_run(tmp_path, path, CSV.replace("=1+1", "x" * 40_000))


def test_an_empty_tracker_has_everything_and_needs_nothing(path: Path) -> None:
    path.write_bytes(new_tracker(Settings(name="=Sam", follow_up_days=9)))
    sheet = XlsxFile(path, Options()).read()
    assert sheet.rows == [[column.header for column in FRESH]]
    assert len(find_header(sheet, {}).at) == len(FRESH)
    assert from_tab(sheet)["follow_up_days"] == 9
    assert from_tab(sheet)["name"] == "=Sam"
    assert not run(path)
    tab = loaded(path).worksheets[0]
    rules = {rule.errorTitle: rule for rule in tab.data_validations.dataValidation}
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


@pytest.mark.parametrize(
    ("text", "lines"), [("", 1), ("one", 1), ("a\n\nb", 3), ("word " * 40, 4), ("字" * 60, 2), ("x" * 200, 4)]
)
def test_counts_lines_rather_too_high(text: str, lines: int) -> None:
    assert lines <= line_count(text, 60) <= lines + 2


def test_no_row_is_taller_than_excel_allows() -> None:
    assert row_height([("a\n" * 500, 20.0)]) == 409
    assert row_height([("a", 20.0)]) is None
