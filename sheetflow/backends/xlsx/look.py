"""How a tracker looks in .xlsx: colours, widths, heights, dropdowns, highlight rules, the printed page.

A person's own look always wins: only cells that have none get ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from sheetflow.backends.xlsx.package import SHEET_PROPERTIES, WORKSHEET, child, place, tag
from sheetflow.backends.xlsx.patch import LAST_ROW, SheetPart
from sheetflow.backends.xlsx.read import read_rule
from sheetflow.backends.xlsx.styles import Look, tree
from sheetflow.cells import to_number
from sheetflow.columns import BY_KEY, Column
from sheetflow.highlights import HIGHLIGHTS
from sheetflow.sheet import a1, column_letters
from sheetflow.table.outcomes import FEELINGS, OUTCOMES

NEAR = 3
"""A company column among the first so many stays in sight, on the screen and on paper."""
INDENT, TIMED = 12, 140
"""Pixels that an indent takes, and that a date with its time does: a cell that is too narrow for it shows ###."""
DRAFT_LINES = 4
"""Lines that a row with a draft is tall."""

_INK, _PAPER = "1F2937", "FFFFFF"
_HEAD_YOURS, _HEAD_OURS, LINE = "1E3A5F", "5B6776", "DDE2E8"
GREY = "F3F5F7"
_DATES = ("moment", "day", "sent")
_BOLD = frozenset({"company", "flag"})


def body(column: Column | None) -> Look:
    """The look of a cell below the header, as a run adds it to somebody's workbook."""
    if column is None:
        return Look()
    return Look(wrap=column.wraps, link=column.kind == "links", top=column.owner == "sheetflow")


def fresh_body(column: Column | None) -> Look:
    """The look of a cell below the header in a workbook of our own: computed ones stand on grey."""
    grey = column is not None and column.owner == "sheetflow" and column.kind != "draft"
    return body(column)._replace(
        link=False,
        ink=_INK,
        line=LINE,
        indent=True,
        fill=GREY if grey else "",
        bold=column is not None and column.key in _BOLD,
    )


def header(column: Column | None) -> Look:
    """The look of a header cell: the person's columns on blue, the computed ones on slate."""
    ours = column is not None and column.owner == "sheetflow"
    return Look(bold=True, fill=_HEAD_OURS if ours else _HEAD_YOURS, ink=_PAPER, middle=True, indent=True, wrap=True)


def add_rules(sheet: SheetPart, flags: Iterable[str], at: Mapping[str, int], first: int) -> None:
    """Add the highlight rules of some flags, from Company to Why, from the row ``first`` on (0-based)."""
    wanted, columns = set(flags), (at["company"], at["why"])
    place = f"{a1(first, min(columns))}:{column_letters(max(columns))}{LAST_ROW}"
    letters = column_letters(at["flag"])
    rules = [(h.formula(letters, first + 1), sheet.styles.highlight(h)) for h in HIGHLIGHTS if h.flag in wanted]
    if rules:
        sheet.add_rules(place, rules)


def add_columns(sheet: SheetPart, columns: Mapping[int, Column]) -> None:
    """Give columns (by 0-based index) their widths, and fold up those that stand at the end in a group.

    The stamp is hidden beside the group. Where the person has groups of columns, there is none of ours.
    """
    foldable = sheet.root.find(f"{tag('cols')}/{tag('col')}[@outlineLevel]") is None
    for index, column in columns.items():
        pixels = max(column.width + INDENT, TIMED if column.kind == "moment" else 0)
        width = {"width": f"{(pixels - 5) / 7:.4g}", "customWidth": "1"}  # in digits, with their margins
        sheet.set_column(index, **width, **({"hidden": "1"} if column.key == "stamp" else {}))
    folded = [i for i, c in columns.items() if c.group and c.key != "stamp"]
    if not folded or not foldable or folded[-1] - folded[0] != len(folded) - 1 or folded[0] - 1 not in columns:
        return
    for index in folded:
        sheet.set_column(index, outlineLevel="1", hidden="1")
    sheet.set_column(folded[0] - 1, collapsed="1")  # the sign to unfold them stands there: the stamp's is hidden
    properties = child(sheet.root, "sheetPr", WORKSHEET)
    child(properties, "outlinePr", SHEET_PROPERTIES).set("summaryRight", "0")
    child(sheet.root, "sheetFormatPr", WORKSHEET).set("outlineLevelCol", "1")


def take_away(sheet: SheetPart, columns: Iterable[int], flag: int) -> None:
    """Take the highlight rules on the column ``flag`` away, and the looks that columns (0-based) have as a whole."""
    for formats in list(sheet.root.iter(tag("conditionalFormatting"))):
        for rule in list(formats):
            read = read_rule(rule.findtext(tag("formula")) or "")
            if read and read[0] == column_letters(flag):
                formats.remove(rule)
        if formats.find(tag("cfRule")) is None:
            sheet.root.remove(formats)
    for index in columns:
        sheet.drop_column(index)


def add_validations(sheet: SheetPart, at: Mapping[str, int], first: int, day_zero: date) -> None:
    """Hints where people type, dropdowns for words, and a check on dates; all warn and never forbid."""
    words = {"outcome": OUTCOMES, "feeling": FEELINGS}
    days = [f"{to_number(day, day_zero):g}" for day in (date(2000, 1, 1), date(2100, 12, 31))]
    parent = tree("dataValidations")
    for key, index in at.items():
        column, hint = BY_KEY[key], {"showInputMessage": "1"}
        kind: dict[str, str] = {}
        formulas: list[str] = []
        if column.hint:
            hint |= {"promptTitle": column.header, "prompt": column.hint}
        if key in words:
            kind, formulas = {"type": "list"}, ['"' + ",".join(words[key]) + '"']
            error = f"sheetflow knows {', '.join(words[key])}. Keep what you typed all the same?"
        elif column.owner == "person" and column.kind in _DATES:
            kind, formulas = {"type": "date", "operator": "between"}, days
            tick = " A tick (x) does, too." if column.kind == "sent" else ""
            error = f"A date like 2026-11-20 is best.{tick} Keep what you typed all the same?"
        elif not column.hint:
            continue
        if formulas:
            kind |= {"errorStyle": "warning", "showErrorMessage": "1", "errorTitle": column.header, "error": error}
        area = f"{a1(first, index)}:{column_letters(index)}{LAST_ROW}"
        rule = tree("dataValidation", **kind, allowBlank="1", **hint, sqref=area)
        for name, text in zip(("formula1", "formula2"), formulas, strict=False):
            rule.append(tree(name))
            rule[-1].text = text
        parent.append(rule)
    parent.set("count", str(len(parent)))
    place(sheet.root, parent, WORKSHEET)


def set_view(sheet: SheetPart, rows: int, columns: int) -> None:
    """Freeze the first rows and columns; no lines between cells, which have their own."""
    view = tree("sheetView", showGridLines="0", workbookViewId="0")
    pane = "bottomRight" if rows and columns else "bottomLeft" if rows else "topRight"
    frozen = {"xSplit": columns, "ySplit": rows}
    if rows or columns:
        view.append(tree("pane", **{k: str(v) for k, v in frozen.items() if v}, topLeftCell=a1(rows, columns),
                         activePane=pane, state="frozen"))  # fmt: skip
        view.append(tree("selection", pane=pane))
    child(sheet.root, "sheetViews", WORKSHEET).append(view)


def set_page(sheet: SheetPart) -> None:
    """The printed page: A3 landscape, two pages wide."""
    child(child(sheet.root, "sheetPr", WORKSHEET), "pageSetUpPr", SHEET_PROPERTIES).set("fitToPage", "1")
    margins = {"left": "0.4", "right": "0.4", "top": "0.5", "bottom": "0.5", "header": "0.3", "footer": "0.3"}
    place(sheet.root, tree("pageMargins", **margins), WORKSHEET)
    setup = {"paperSize": "8", "orientation": "landscape", "fitToWidth": "2", "fitToHeight": "0"}
    place(sheet.root, tree("pageSetup", **setup), WORKSHEET)
    footer = place(sheet.root, tree("headerFooter", tree("oddFooter")), WORKSHEET)
    footer[0].text = "&C&P / &N"
