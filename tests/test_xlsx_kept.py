"""Workbooks with all that people put into them: a run changes nothing but cells of ours."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import ooxml
import pytest
import xlsxwriter
from lxml import etree
from support import templates

from sheetflow import flow
from sheetflow.backends.base import Options
from sheetflow.backends.xlsx.file import XlsxFile
from sheetflow.settings import Settings

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HEADERS = ["Company", "Role", "Interview", "Interviewers", "Highlight", "Thank-you sent", "Outcome", "Notes"]
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000 1f15c4890000000d49444154789c6360f8cf500f000381018"
    "0a6e5d9aa0000000049454e44ae426082".replace(" ", "")
)
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MICROSOFT = "http://schemas.microsoft.com/office"
OFFICE = "application/vnd.openxmlformats-officedocument.spreadsheetml."
Add = Callable[[Any, Any], None]


def workbook(add: Add, **options: Any) -> bytes:
    """A tracker with something added to it."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, **options})
    day = book.add_format({"num_format": "d/m/yyyy"})
    sheet = book.add_worksheet("Jobs")
    sheet.write_row(0, 0, HEADERS)
    rows = [
        ["Acme", "Analyst", datetime(2026, 11, 20, 14, 30), "Ana Ruiz <ana@acme.example>"],  # noqa: DTZ001 - wall clock
        ["Bolt", "Editor", datetime(2026, 9, 1), "Bo Chen <bo@bolt.example>"],  # noqa: DTZ001
        ["Cove", "Chef", datetime(2026, 11, 1), ""],  # noqa: DTZ001
    ]
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            sheet.write(number, column, value, day if isinstance(value, datetime) else None)
        sheet.write_number(number, 7, number / 3)
    add(book, sheet)
    book.close()
    return buffer.getvalue()


def chart(book: Any, sheet: Any) -> None:
    for kind in ("column", "pie", "scatter"):
        made = book.add_chart({"type": kind})
        made.add_series({"values": "=Jobs!$H$2:$H$4", "categories": "=Jobs!$A$2:$A$4"})
        sheet.insert_chart("AZ2", made)


def pictures(book: Any, sheet: Any) -> None:
    sheet.insert_image("AZ9", "p.png", {"image_data": io.BytesIO(PIXEL), "url": "https://acme.example"})
    sheet.set_header("&L&G", {"image_left": "p.png", "image_data_left": io.BytesIO(PIXEL)})
    sheet.set_background(io.BytesIO(PIXEL))


def formats(book: Any, sheet: Any) -> None:
    bold = book.add_format({"bold": True, "bg_color": "#FFC7CE"})
    for rule in (
        {"type": "cell", "criteria": ">", "value": 1, "format": bold},
        {"type": "3_color_scale"},
        {"type": "data_bar", "data_bar_2010": True, "bar_negative_color": "#FF0000"},
        {"type": "icon_set", "icon_style": "3_traffic_lights"},
        {"type": "formula", "criteria": '=$A2="Acme"', "format": bold, "stop_if_true": True},
    ):
        sheet.conditional_format("H2:H4", rule)


def sparklines(book: Any, sheet: Any) -> None:
    sheet.add_sparkline("AA2", {"range": "Jobs!H2:H4", "markers": True})
    sheet.conditional_format("H2:H4", {"type": "data_bar", "data_bar_2010": True})


def shapes(book: Any, sheet: Any) -> None:
    sheet.insert_textbox("AZ3", "call Ana", {"fill": {"color": "#FFE0B0"}})
    sheet.insert_button("AZ9", {"macro": "do_it", "caption": "Go"})


def notes(book: Any, sheet: Any) -> None:
    sheet.write_comment("A2", "call Ana", {"author": "Sam", "x_scale": 3, "color": "#CCFFCC", "visible": True})
    sheet.write_comment("B3", "second")


def table(book: Any, sheet: Any) -> None:
    columns = [{"header": header} for header in HEADERS]
    columns[7] |= {"total_function": "sum"}
    sheet.add_table("A1:H5", {"columns": columns, "name": "Jobs", "total_row": True, "style": "Table Style Medium 9"})


def filtered(book: Any, sheet: Any) -> None:
    sheet.autofilter("A1:H4")
    sheet.filter_column("A", "x == Acme")
    sheet.set_row(2, None, None, {"hidden": True})
    sheet.freeze_panes(1, 2)
    sheet.set_selection("B2:C3")


def validated(book: Any, sheet: Any) -> None:
    sheet.data_validation("G2:G99", {"validate": "list", "source": ["a", "b"], "input_message": "which?"})
    lists = book.add_worksheet("Lists")
    lists.write_column("A1", ["x", "y"])
    sheet.data_validation("F2:F99", {"validate": "list", "source": "=Lists!$A$1:$A$2"})


def formulas(book: Any, sheet: Any) -> None:
    sheet.write_formula("AA2", "=A2&B2", None, "AcmeAnalyst")
    sheet.write_array_formula("AB2:AB4", "{=H2:H4*2}", None, 0.6)
    sheet.write_dynamic_array_formula("AC2", "=UNIQUE(A2:A4)", None, "Acme")
    other = book.add_worksheet("Sums")
    other.write_formula("A1", '=COUNTIF(Jobs!I:I,"Send thank-you")', None, 0)
    book.define_name("Rate", "=Sums!$A$1")


def rich(book: Any, sheet: Any) -> None:
    bold = book.add_format({"bold": True, "font_name": "Georgia", "font_size": 14})
    sheet.write_rich_string("E2", "the ", bold, "story", " of it")
    sheet.write_url("E3", "https://acme.example/a?b=c#d", None, "their page", "a tip")
    sheet.write_url("E4", "internal:'Jobs'!A1", None, "top")
    sheet.write_string("B4", " blanks \n and _x000D_ lines ")


def outlined(book: Any, sheet: Any) -> None:
    sheet.set_column("B:D", 12, None, {"level": 1, "collapsed": True})
    sheet.set_column("E:XFD", 9.5, book.add_format({"italic": True}))
    sheet.set_row(1, 40, book.add_format({"bg_color": "#EEEEEE"}))
    sheet.set_row(3, None, None, {"level": 1})


def protected(book: Any, sheet: Any) -> None:
    sheet.protect("secret", {"format_cells": True})
    sheet.unprotect_range("A2:H99", "open")
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD99"})


def printed(book: Any, sheet: Any) -> None:
    sheet.set_landscape()
    sheet.repeat_rows(0)
    sheet.print_area("A1:H4")
    sheet.set_footer("&C&P")
    sheet.set_h_pagebreaks([2])
    sheet.set_v_pagebreaks([3])
    book.set_properties({"title": "Hunt", "author": "Sam"})
    book.set_custom_property("stage", "two")


def boxes(book: Any, sheet: Any) -> None:
    sheet.insert_checkbox("AD2", True)
    sheet.write_string("B2", "x", book.add_format({"checkbox": True}))


def chart_sheet(book: Any, sheet: Any) -> None:
    made = book.add_chart({"type": "line"})
    made.add_series({"values": "=Jobs!$H$2:$H$4"})
    book.add_chartsheet("Picture").set_chart(made)


def hand_made(**parts: str) -> Callable[[], bytes]:
    """A workbook with parts that no library here makes: each with its kind and type, reached from the tracker."""

    def make() -> bytes:
        buffer = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(workbook(lambda *_: None))) as source, zipfile.ZipFile(buffer, "w") as target:
            target.writestr("xl/", b"")
            target.writestr("xl/worksheets/", b"")
            for name in source.namelist():
                content = source.read(name)
                if name == "[Content_Types].xml":
                    more = "".join(f'<Override PartName="/{HAND[k][0]}" ContentType="{HAND[k][2]}"/>' for k in parts)
                    content = content.replace(b"</Types>", more.encode() + b"</Types>")
                if name == "xl/worksheets/sheet1.xml":
                    content = content.replace(b"</worksheet>", SLICERS if "slicer" in parts else b"</worksheet>")
                target.writestr(name, content)
            links = "".join(
                f'<Relationship Id="rId{n}" Type="{HAND[k][1]}" Target="/{HAND[k][0]}"/>'
                for n, k in enumerate(parts, 1)
            )
            space = "http://schemas.openxmlformats.org/package/2006/relationships"
            target.writestr(
                "xl/worksheets/_rels/sheet1.xml.rels", f'<Relationships xmlns="{space}">{links}</Relationships>'
            )
            for key, content in parts.items():
                target.writestr(HAND[key][0], content)
        return buffer.getvalue()

    return make


HAND = {
    "threads": (
        "xl/threadedComments/threadedComment1.xml", f"{MICROSOFT}/2017/10/relationships/threadedComment",
        "application/vnd.ms-excel.threadedcomments+xml",
    ),
    "persons": (
        "xl/persons/person.xml", f"{MICROSOFT}/2017/10/relationships/person", "application/vnd.ms-excel.person+xml",
    ),
    "pivot": ("xl/pivotTables/pivotTable1.xml", f"{RELATION}/pivotTable", OFFICE + "pivotTable+xml"),
    "cache": (
        "xl/pivotCache/pivotCacheDefinition1.xml", f"{RELATION}/pivotCacheDefinition",
        OFFICE + "pivotCacheDefinition+xml",
    ),
    "slicer": (
        "xl/slicers/slicer1.xml", f"{MICROSOFT}/2007/relationships/slicer", "application/vnd.ms-excel.slicer+xml",
    ),
    "future": ("xl/future/thing.xml", "https://future.example/relationships/thing", "application/xml"),
    "query": ("xl/queryTables/queryTable1.xml", f"{RELATION}/queryTable", OFFICE + "queryTable+xml"),
    "custom": ("customXml/item1.xml", f"{RELATION}/customXml", "application/xml"),
}  # fmt: skip
SLICERS = (
    '<extLst><ext xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main" '
    'uri="{A8765BA9-456A-4dab-B4F3-ACF838C121DE}"><x14:slicerList><x14:slicer xmlns:r="' + RELATION + '" r:id="rId1"/>'
    "</x14:slicerList></ext></extLst></worksheet>"
).encode()

BOOKS: dict[str, Callable[[], bytes]] = {
    add.__name__: lambda add=add: workbook(add)  # type: ignore[misc]
    for add in (
        chart, pictures, formats, sparklines, shapes, notes, table, filtered, validated, formulas, rich, outlined,
        protected, printed, boxes, chart_sheet,
    )
} | {
    "1904": lambda: workbook(lambda *_: None, date_1904=True),
    "threaded comments": hand_made(threads="<ThreadedComments/>", persons="<personList/>"),
    "pivot tables": hand_made(pivot="<pivotTableDefinition/>", cache="<pivotCacheDefinition/>"),
    "slicers": hand_made(slicer="<slicers/>"),
    "what is yet to come": hand_made(future="<thing/>", query="<queryTable/>", custom="<a/>"),
    "everything at once": lambda: workbook(lambda b, s: [add(b, s) for add in (
        chart, formats, sparklines, shapes, notes, validated, formulas, rich, outlined, printed, boxes, chart_sheet,
    )] and None),
}  # fmt: skip


def run(path: Path, now: datetime = NOW) -> bool:
    backend = XlsxFile(path, Options(zone=UTC))
    return bool(flow.run(backend, now, lambda _: Settings(name="Sam Lee"), templates()))


@pytest.mark.parametrize("kind", BOOKS)
def test_nothing_but_our_cells_changes(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "tracker.xlsx"
    before = BOOKS[kind]()
    path.write_bytes(before)
    ooxml.check(before)
    assert run(path)
    after = path.read_bytes()
    ooxml.check(after)
    ooxml.kept(before, after)
    assert not run(path)
    assert path.read_bytes() == after
    assert run(path, datetime(2026, 12, 20, 12, tzinfo=UTC))
    ooxml.check(path.read_bytes())
    ooxml.kept(before, path.read_bytes())


def test_highlight_rules_come_behind_the_persons(tmp_path: Path) -> None:
    path = tmp_path / "tracker.xlsx"
    path.write_bytes(workbook(formats))
    run(path)
    with zipfile.ZipFile(path) as archive:
        sheet = etree.fromstring(archive.read("xl/worksheets/sheet1.xml"))
    rules = sheet.findall(f"{ooxml.MAIN}conditionalFormatting/{ooxml.MAIN}cfRule")
    formulas = [rule.findtext(f"{ooxml.MAIN}formula") for rule in rules]
    assert formulas[4] == '$A2="Acme"'
    assert [str(formula)[-10:].partition("=")[2] for formula in formulas[5:]] == [
        '"Ghosted"',
        '"Overdue"',
        '"Due"',
        '"Check"',
    ]
    others = [int(rule.get("priority") or 0) for rule in sheet.iter("{*}cfRule") if rule not in rules[5:]]
    assert [int(rule.get("priority") or 0) for rule in rules[5:]] == [max(others) + n for n in (1, 2, 3, 4)]
