"""How a tracker looks in .xlsx: colours, widths, heights, dropdowns, highlight rules, the printed page.

A person's own look always wins: only cells that have none get ours.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from openpyxl.cell import Cell
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.dimensions import ColumnDimension
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from sheetflow.cells import to_number
from sheetflow.columns import BY_KEY, Column
from sheetflow.highlights import HIGHLIGHTS
from sheetflow.sheet import column_letters
from sheetflow.table import FEELINGS
from sheetflow.table.outcomes import OUTCOMES

FONT, SIZE = "Arial", 10
"""Arial, because every program has it or a font of the same widths, so that nothing is cut off elsewhere."""
LINE, PADDING, TALLEST = 12.75, 5.0, 409.0
"""Height of a line and of the space around a cell's text, and the tallest row there is, in points."""
LAST_ROW = 1_048_576
NEAR = 3
"""A company column among the first so many stays in sight, on the screen and on paper."""
DATE, MOMENT = "yyyy-mm-dd", "yyyy-mm-dd hh:mm"

_INK, _PAPER = "1F2937", "FFFFFF"
_HEAD_YOURS, _HEAD_OURS, _LINE = "1E3A5F", "5B6776", "DDE2E8"
GREY = "F3F5F7"
_LINK = "0B57D0"
_NUMBERS = {"moment": MOMENT, "day": DATE, "sent": DATE}
_BOLD = frozenset({"company", "flag"})


@dataclass(frozen=True)
class Look:
    """How one cell looks, as far as we say; what is left empty stays the workbook's own."""

    number: str = ""
    wrap: bool = True
    link: bool = False
    bold: bool = False
    fill: str = ""
    ink: str = ""
    lined: bool = False
    middle: bool = False
    indent: bool = False

    def paint(self, cell: Cell, font: bool) -> None:
        """Give a cell this look; with ``font`` also the font of a fresh workbook."""
        cell.alignment = Alignment(
            "left", vertical="center" if self.middle else "top", wrap_text=self.wrap, indent=int(self.indent)
        )
        if self.number:
            cell.number_format = self.number
        if font or self.bold or self.link:
            base = Font(name=FONT, size=SIZE, color=_INK) if font else cell.font
            cell.font = Font(
                name=base.name, size=base.size, bold=self.bold or base.bold, italic=base.italic, strike=base.strike,
                color=_LINK if self.link else self.ink or base.color,
                underline="single" if self.link else base.underline,
            )  # fmt: skip
        if self.fill:
            cell.fill = PatternFill("solid", start_color=self.fill)
        if self.lined:
            cell.border = Border(bottom=Side("thin", color=_LINE))


def body(column: Column | None, timed: bool = True) -> Look:
    """The look of a cell below the header, as a run adds it to somebody's workbook."""
    if column is None:
        return Look()
    number = _NUMBERS.get(column.kind, "")
    if number == MOMENT and not timed:
        number = DATE
    return Look(number=number, link=column.kind == "links")


def fresh_body(column: Column | None, timed: bool = True) -> Look:
    """The look of a cell below the header in a workbook of our own: computed ones stand on grey."""
    grey = column is not None and column.owner == "sheetflow" and column.kind != "draft"
    return replace(
        body(column, timed),
        lined=True,
        indent=True,
        fill=GREY if grey else "",
        bold=column is not None and column.key in _BOLD,
    )


def header(column: Column | None) -> Look:
    """The look of a header cell: the person's columns on blue, the computed ones on slate."""
    ours = column is not None and column.owner == "sheetflow"
    return Look(bold=True, fill=_HEAD_OURS if ours else _HEAD_YOURS, ink=_PAPER, middle=True, indent=True)


def add_rules(sheet: Worksheet, flags: Iterable[str], flag_column: int, first: int, width: int) -> None:
    """Add the highlight rules of some flags, over whole rows of the table, behind the person's own.

    ``flag_column`` is 0-based, ``first`` the first row below the header (1-based), ``width`` the columns in use.
    """
    wanted = set(flags)
    place = f"A{first}:{get_column_letter(width)}{LAST_ROW}"
    for highlight in HIGHLIGHTS:
        if highlight.flag in wanted:
            style = DifferentialStyle(
                font=Font(bold=highlight.bold or None, strike=highlight.strikethrough or None, color=highlight.text),
                fill=PatternFill(bgColor=highlight.background),
            )
            formula = highlight.formula(column_letters(flag_column), first)
            rule = Rule(type="expression", dxf=style, formula=[formula])
            sheet.conditional_formatting.add(place, rule)


def set_width(sheet: Worksheet, column: int, key: str) -> None:
    """Give one column (0-based) its width, cut out of a range of columns where it lies in one."""
    index = column + 1
    dimensions = sheet.column_dimensions
    for dimension in list(dimensions.values()):
        low, high = dimension.min, dimension.max
        if low is not None and high is not None and low <= index <= high and high > low:
            _split(sheet, dimension, index)
    own = dimensions[get_column_letter(index)]
    own.min = own.max = index
    own.width = (BY_KEY[key].width - 5) / 7  # in digits of the font, with its margins
    own.hidden = key == "stamp"


def _split(sheet: Worksheet, whole: ColumnDimension, index: int) -> None:
    """Cut a range of columns that share a look at one column, so that no two ranges overlap."""
    low, high = whole.min or index, whole.max or index
    del sheet.column_dimensions[whole.index]
    for start, end in ((low, index - 1), (index, index), (index + 1, high)):
        if start <= end:
            letters = get_column_letter(start)
            part = ColumnDimension(
                sheet, letters, whole.width, whole.bestFit, whole.hidden, whole.outlineLevel, min=start, max=end
            )
            part._style = copy(whole._style)  # type: ignore[attr-defined] # openpyxl keeps styles there; stubs do not say
            sheet.column_dimensions[letters] = part


def row_height(texts: Iterable[tuple[str, float]]) -> float | None:
    """The height at which texts fit into cells of these widths; ``None`` for a single line."""
    lines = max((line_count(text, width) for text, width in texts if text), default=1)
    return None if lines < 2 else min(TALLEST, lines * LINE + PADDING)


@lru_cache(maxsize=4096)
def line_count(text: str, width: float) -> int:
    """How many lines a text takes in a cell, counted rather too high than too low."""
    room = max(1.1 * width - 2, 4.0)  # widths count digits, and letters are narrower on the whole
    return sum(_paragraph_lines(paragraph, room) for paragraph in text.split("\n"))


def _paragraph_lines(paragraph: str, room: float) -> int:
    if paragraph.isascii() and len(paragraph) <= room:
        return 1
    lines, used = 1, 0.0
    for word in paragraph.split(" "):
        length = _length(word)
        if used and used + 1 + length > room:
            lines, used = lines + 1, 0.0
        lines += int(length // room) if length > room else 0
        used += length % room + (1 if used else 0) if length > room else length + (1 if used else 0)
    return lines


def _length(word: str) -> float:
    """A word's width, in digits; a Chinese character takes two."""
    if word.isascii():
        return len(word)
    return sum(2.0 if unicodedata.east_asian_width(c) in "WF" else 1.0 for c in word)


def add_validations(sheet: Worksheet, at: Mapping[str, int], first: int, day_zero: date) -> None:
    """Dropdowns for words and a check on dates, which warn and never forbid: a tick is an answer, too."""
    words = {"outcome": OUTCOMES, "feeling": tuple(FEELINGS.values())}
    for key, index in at.items():
        column = BY_KEY[key]
        place = f"{get_column_letter(index + 1)}{first}:{get_column_letter(index + 1)}{LAST_ROW}"
        if key in words:
            rule = DataValidation("list", formula1='"' + ",".join(words[key]) + '"', allow_blank=True)
            rule.error = f"sheetflow knows {', '.join(words[key])}. Keep what you typed all the same?"
        elif column.owner == "person" and column.kind in _NUMBERS:
            days = (to_number(day, day_zero) for day in (date(2000, 1, 1), date(2100, 12, 31)))
            low, high = (str(int(day)) for day in days)
            rule = DataValidation("date", operator="between", formula1=low, formula2=high, allow_blank=True)
            tick = " A tick (x) does, too." if column.kind == "sent" else ""
            rule.error = f"A date like 2026-11-20 is best.{tick} Keep what you typed all the same?"
        else:
            continue
        rule.errorStyle, rule.errorTitle, rule.showErrorMessage = "warning", column.header, True
        rule.add(place)
        sheet.add_data_validation(rule)


def set_page(sheet: Worksheet, header_row: int, company: int) -> None:
    """The printed page: A3 landscape, two pages wide, with the header row and the company on each."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A3
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 2, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = f"{header_row}:{header_row}"
    if company < NEAR:
        sheet.print_title_cols = f"A:{get_column_letter(company + 1)}"
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top = sheet.page_margins.bottom = 0.5
    if sheet.oddFooter is not None and (footer := sheet.oddFooter.center) is not None:
        footer.text = "&P / &N"
