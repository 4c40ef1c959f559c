"""Workbooks made from nothing: the copy of another tracker, and the empty tracker of ``init``.

They are a small workbook, written down here, into which cells are put as into any other.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sheetflow.backends.local import whole_rows
from sheetflow.backends.xlsx import look
from sheetflow.backends.xlsx.book import Book
from sheetflow.backends.xlsx.package import MAIN, RELS, WORKSHEET, Package, place
from sheetflow.backends.xlsx.patch import Cells, Put
from sheetflow.backends.xlsx.styles import EMPTY, STYLES_TYPE, Look, tree
from sheetflow.backends.xlsx.tabs import LINE, OFFICE, add_tab, define, draw
from sheetflow.columns import BY_KEY, FRESH, Column
from sheetflow.highlights import FLAGS
from sheetflow.plan import Plan
from sheetflow.settings import TAB_TITLE, Settings, tab_rows
from sheetflow.sheet import Cell, Links, a1, column_letters

TITLE = "Interviews"
PREPARED = 200
"""Rows of a fresh workbook that are looked at for the widths of the person's own columns."""
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_TYPES}"><Default Extension="rels" ContentType="application/vnd.'
    'openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{OFFICE}sheet.main+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{STYLES_TYPE}"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="rId1" Type="{RELS}/officeDocument" '
    'Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELS}"><workbookPr/><bookViews><workbookView/>'
    "</bookViews><sheets/></workbook>",
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="rId1" '
    f'Type="{RELS}/styles" Target="styles.xml"/></Relationships>',
}


@dataclass(frozen=True)
class Grid:
    """What a fresh tracker is to hold: typed cells, and where the known columns are (0-based)."""

    rows: Sequence[Sequence[Cell]]
    header: int
    at: Mapping[str, int]
    width: int

    def column(self, index: int) -> Column | None:
        """The known column at an index."""
        return next((BY_KEY[key] for key, place in self.at.items() if place == index), None)


def build_workbook(plan: Plan) -> bytes:
    """A fresh .xlsx of another tracker with a plan's changes: text as it is, dates that were read as dates, ours typed.

    Raises ``Refused`` for a cell that is too long for an .xlsx.
    """
    book = _empty()
    _tracker(book, Grid(whole_rows(plan), plan.table.header.row, plan.at, plan.width), roomy=plan.roomy)
    draw(book, plan, TITLE)
    return book.package.save()


def new_tracker(settings: Settings) -> bytes:
    """An empty .xlsx tracker with every column, dropdowns, highlight rules and a Settings tab."""
    book = _empty()
    headers = [[column.header for column in FRESH]]
    _tracker(book, Grid(headers, 0, {column.key: index for index, column in enumerate(FRESH)}, len(FRESH)))
    _settings(book, settings)
    return book.package.save()


def _empty() -> Book:
    """A workbook without a tab."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in _PARTS.items():
            archive.writestr(zipfile.ZipInfo(name), text)
        archive.writestr(zipfile.ZipInfo("xl/styles.xml"), EMPTY)
    return Book(Package(zipfile.ZipFile(buffer)), Path("new.xlsx"))


def _tracker(book: Book, grid: Grid, *, roomy: bool = True) -> None:
    """The tab of the tracker. ``roomy``: rows with a draft get four lines."""
    sheet = add_tab(book, TITLE)
    first, company = grid.header + 1, grid.at["company"]
    known = [grid.column(index) for index in range(grid.width)]
    for index, column in enumerate(known):
        style = str(sheet.styles.derived(0, look.fresh_body(column)))
        other = {"width": f"{_other_width(grid, index):g}", "customWidth": "1"} if column is None else {}
        sheet.set_column(index, style=style, **other)
    look.add_columns(sheet, {index: column for index, column in enumerate(known) if column is not None})
    look.set_view(sheet, first, company + 1 if company < look.NEAR else 0)
    area = f"A{first}:{a1(max(len(grid.rows), first + 1) - 1, grid.width - 1)}"
    place(sheet.root, tree("autoFilter", ref=area), WORKSHEET)
    look.add_rules(sheet, FLAGS, grid.at, first)
    look.add_validations(sheet, grid.at, first, book.day_zero)
    look.set_page(sheet)
    columns = f"{TITLE}!$A:${column_letters(company)}," if company < look.NEAR else ""
    define(book, "_xlnm.Print_Titles", f"{columns}{TITLE}!${first}:${first}", localSheetId="0")

    def puts(row: int) -> dict[int, Put]:
        if row == grid.header:
            return {i: Put(value, look.header(known[i]), 0) for i, value in enumerate(grid.rows[row]) if value != ""}
        above = 0 if row < grid.header else None
        return {i: put(value, above) for i, value in enumerate(grid.rows[row]) if value not in ("", ())}

    draft = grid.at["draft"]
    drafts = (r for r, cells in enumerate(grid.rows) if roomy and r >= first and cells[draft] != "")
    heights = dict.fromkeys(drafts, look.DRAFT_LINES * LINE)
    sheet.write(Cells(range(len(grid.rows)), (0, grid.width - 1), puts), {grid.header: 2 * LINE, **heights})


def put(value: Cell, base: int | None) -> Put:
    """A cell of any kind."""
    if isinstance(value, Links):
        return Put(value[0].label, Look(link=True, indent=True), base, value[0].url)
    return Put(value, Look(), base)


def _other_width(grid: Grid, index: int) -> float:
    """A width for a column of the person's own, from what is in it."""
    longest = max((len(str(row[index])) for row in grid.rows[:PREPARED] if index < len(row)), default=0)
    return float(min(max(longest + 2, 10), 36))


def _settings(book: Book, settings: Settings) -> None:
    sheet = add_tab(book, TAB_TITLE)
    rows = tab_rows(settings)
    for index, width in enumerate((34, 34)):
        sheet.set_column(index, width=str(width), customWidth="1")
    look.set_view(sheet, 1, 0)

    def puts(row: int) -> dict[int, Put]:
        looks = [look.header(None)] * 2 if row == 0 else [Look(fill=look.GREY, line=look.LINE), Look(line=look.LINE)]
        return {i: Put(value, looks[i], 0) for i, value in enumerate(rows[row])}

    sheet.write(Cells(range(len(rows)), (0, 1), puts), {})
