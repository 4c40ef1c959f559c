"""The tabs of ours in a workbook: found by the names that they have there, made once, and written anew in their place.

A name of the workbook leads to the cells that are ours; another says that the tab was made, so that one which the
person took away is not made again.
"""

from __future__ import annotations

from xml.sax.saxutils import escape

from sheetflow.backends.xlsx import look
from sheetflow.backends.xlsx.book import Book, Tab
from sheetflow.backends.xlsx.package import MAIN, RELS, WORKBOOK, WORKSHEET, Node, Package, child, place, tag
from sheetflow.backends.xlsx.patch import Area, Cells, Put, SheetPart
from sheetflow.backends.xlsx.styles import Look, styles_of, tree
from sheetflow.plan import Plan
from sheetflow.sheet import a1, column_letters, is_empty
from sheetflow.tabs import CellRef, TabCell
from sheetflow.tabs import Tab as Wanted

OFFICE = "application/vnd.openxmlformats-officedocument.spreadsheetml."
LINE = 15
"""The height of a line of a new tab, in points."""
BLANK = (
    f'<worksheet xmlns="{MAIN}" xmlns:r="{RELS}"><dimension ref="A1"/><sheetFormatPr defaultRowHeight="{LINE}" '
    'customHeight="1"/><sheetData/></worksheet>'
).encode()
"""The part of an empty tab."""
KEYS = ("to_send", "overview")
_LOOKS = {
    "": Look(ink="1F2937"), "title": Look(bold=True, size=14), "note": Look(ink="5B6776"), "quiet": Look(ink="5B6776"),
    "head": look.header(None)._replace(wrap=False), "section": Look(bold=True, size=12),
    "late": Look(bold=True, ink="6B1A08", fill="FADCD2"), "due": Look(ink="4A3800", fill="FFF6DA"),
    "check": Look(ink="1D3A7A", fill="E1EAFB"),
}  # fmt: skip
_CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/"


def names(book: Book) -> dict[str, str]:
    """The names of the workbook, and what they stand for."""
    found = child(book.root, "definedNames", WORKBOOK)
    return {str(name.get("name")): name.text or "" for name in found}


def find(book: Book) -> tuple[dict[str, tuple[Tab, Area]], frozenset[str]]:
    """The tabs of ours that are there, with the cells that are ours; and those that were made and are gone."""
    known, tabs = names(book), {}
    for key in KEYS:
        title, _, area = known.get(f"sheetflow_{key}", "").rpartition("!")
        title = title.removeprefix("'").removesuffix("'").replace("''", "'")
        for tab in book.tabs:
            if tab.title == title and "#" not in area:
                tabs[key] = (tab, Area.of(area))
    return tabs, frozenset(key for key in KEYS if f"sheetflow_{key}_made" in known and key not in tabs)


def draw(book: Book, plan: Plan, tracker: str) -> None:
    """Write the tabs of a plan, those that are missing behind the person's."""
    there, _ = find(book)
    for wanted in plan.tabs:
        seen = (plan.sheet.tabs or {}).get(wanted.key)
        if wanted.key in there:
            tab, old = there[wanted.key]
            part, title = SheetPart(book.package, tab.part, tab.title, styles_of(book), book.day_zero), tab.title
        else:
            taken = {other.title.casefold() for other in book.tabs}
            title = wanted.title if wanted.title.casefold() not in taken else f"{wanted.title} (sheetflow)"
            part, old = _made(book, wanted, title), Area(0, 0, -1, 0)
        rows = list(wanted.rows)
        for row in range(old.bottom + 1, len(seen.rows) if seen else 0):  # cells below ours are the person's
            if seen and not all(map(is_empty, seen.rows[row][: len(wanted.widths)])):
                del rows[row:]
                break
        width, height = len(wanted.widths), max(len(rows), old.bottom + 1)

        def puts(row: int, rows: list[tuple[TabCell, ...]] = rows, width: int = width) -> dict[int, Put]:
            cells = rows[row] if row < len(rows) else ()
            return {c: _put(cells[c], plan, tracker) if c < len(cells) else Put("", base=0) for c in range(width)}

        tall = {"title": 24.0, "section": 20.0}
        heights = {row: tall[cells[0].look] for row, cells in enumerate(rows) if cells and cells[0].look in tall}
        part.write(Cells(range(height), (0, width - 1), puts), heights)
        _name(book, f"sheetflow_{wanted.key}", f"{quoted(title)}!$A$1:${column_letters(width - 1)}${len(rows)}")
        _name(book, f"sheetflow_{wanted.key}_made", "1")


def take_away(book: Book) -> None:
    """Take the tabs of ours out of a workbook, and the names that they are known by."""
    workbook = book.package.tree(book.part)
    sheets = child(workbook, "sheets", WORKBOOK)
    for tab, _ in find(book)[0].values():
        index, element = next((n, sheet) for n, sheet in enumerate(sheets) if sheet.get("name") == tab.title)
        sheets.remove(element)
        _count_down(workbook, index)
        _drop(book.package, tab.part, book.part)
    names = child(workbook, "definedNames", WORKBOOK)
    for name in [name for name in names if str(name.get("name")).startswith("sheetflow_")]:
        names.remove(name)
    if not len(names):
        workbook.remove(names)


def _count_down(workbook: Node, index: int) -> None:
    """What counts the tabs of a workbook, once the one at ``index`` is gone."""
    for name in list(child(workbook, "definedNames", WORKBOOK)):
        place = int(name.get("localSheetId") or -1)
        if place == index:
            name.getparent().remove(name)  # type: ignore[union-attr] # it has one: it was found there
        elif place > index:
            name.set("localSheetId", str(place - 1))
    for view in workbook.iterfind(f"{tag('bookViews')}/{tag('workbookView')}"):
        for attribute in ("activeTab", "firstSheet"):
            place = int(view.get(attribute) or 0)
            if place and place >= index:
                view.set(attribute, str(place - 1))


def _drop(package: Package, part: str, owner: str) -> None:
    """Take a tab's part out, with the drawing and the chart that belong to it alone."""
    for relation in package.relations(part).values():
        if not relation.external and relation.kind.rpartition("/")[2] in ("drawing", "chart"):
            _drop(package, relation.target, part)
    package.drop(part, owner)


def add_tab(book: Book, title: str) -> SheetPart:
    """A tab more in a workbook, behind the others."""
    package = book.package
    part = package.free("xl/worksheets/sheet{}.xml")
    package.put(part, [BLANK], OFFICE + "worksheet+xml")
    sheets = child(package.tree(book.part), "sheets", WORKBOOK)
    number = max((int(sheet.get("sheetId") or 0) for sheet in sheets), default=0) + 1
    (identifier,) = package.relate(book.part, "worksheet", [part])
    sheets.append(tree("sheet", **{"name": title, "sheetId": str(number), tag("id", RELS): identifier}))
    return SheetPart(package, part, title, styles_of(book), book.day_zero)


def define(book: Book, name: str, text: str, **attributes: str) -> None:
    """Give a formula a name in the workbook."""
    names = child(book.package.tree(book.part), "definedNames", WORKBOOK)
    names.append(tree("definedName", name=name, **attributes))
    names[-1].text = text


def quoted(title: str) -> str:
    """A tab's title as it stands in a formula."""
    return "'" + title.replace("'", "''") + "'"


def _put(cell: TabCell, plan: Plan, tracker: str) -> Put:
    link = cell.link or ""
    if isinstance(link, CellRef):
        link = f"#{quoted(tracker)}!{a1(link.row, plan.at[link.key])}"
    style = _LOOKS[cell.look]
    return Put(cell.value, style._replace(link=True) if link and not cell.look else style, 0, link)


def _made(book: Book, wanted: Wanted, title: str) -> SheetPart:
    """A new tab, with its widths, its frozen rows and its chart."""
    part = add_tab(book, title)
    for index, width in enumerate(wanted.widths):
        part.set_column(index, width=f"{(width - 5) / 7:.4g}", customWidth="1")
    look.set_view(part, wanted.frozen_rows, 0)
    if wanted.chart:
        package, name = book.package, book.package.free("xl/charts/chart{}.xml")
        drawing = package.free("xl/drawings/drawing{}.xml")
        office = "application/vnd.openxmlformats-officedocument.drawing"
        package.put(name, [_chart(wanted, title)], office + "ml.chart+xml")
        package.put(drawing, [_anchor(len(wanted.widths))], office + "+xml")
        package.relate(drawing, "chart", [name])
        (identifier,) = package.relate(part.name, "drawing", [drawing])
        place(part.root, tree("drawing", **{tag("id", RELS): identifier}), WORKSHEET)
    return part


def _name(book: Book, name: str, text: str) -> None:
    for element in child(book.package.tree(book.part), "definedNames", WORKBOOK):
        if element.get("name") == name:
            element.text = text
            return
    define(book, name, text, hidden="1")


def _chart(wanted: Wanted, title: str) -> bytes:
    """A bar chart: one series, its numbers as they are now beside where they stand."""
    chart = wanted.chart
    assert chart is not None  # noqa: S101 - asked for by whoever has one
    rows = wanted.rows[chart.first : chart.end]
    columns = {"str": chart.labels, "num": chart.values}

    def reference(kind: str) -> str:
        at = columns[kind]
        letters = column_letters(at)
        formula = f"{quoted(title)}!${letters}${chart.first + 1}:${letters}${chart.end}"
        points = "".join(
            f'<c:pt idx="{n}"><c:v>{escape(str(row[at].value))}</c:v></c:pt>' for n, row in enumerate(rows)
        )
        return (
            f'<c:{kind}Ref><c:f>{escape(formula)}</c:f><c:{kind}Cache><c:ptCount val="{len(rows)}"/>{points}'
            f"</c:{kind}Cache></c:{kind}Ref>"
        )

    axis = '<c:axId val="{0}"/><c:scaling><c:orientation val="{1}"/></c:scaling><c:delete val="0"/><c:axPos val="{2}"/>'
    return (
        f'<c:chartSpace xmlns:c="{_CHART}" xmlns:a="{_DRAWING}main"><c:chart><c:title><c:tx><c:rich><a:bodyPr/><a:p>'
        f'<a:r><a:t>{escape(chart.title)}</a:t></a:r></a:p></c:rich></c:tx><c:overlay val="0"/></c:title>'
        '<c:autoTitleDeleted val="0"/><c:plotArea><c:layout/><c:barChart><c:barDir val="bar"/><c:grouping '
        'val="clustered"/><c:varyColors val="0"/><c:ser><c:idx val="0"/><c:order val="0"/><c:spPr><a:solidFill>'
        '<a:srgbClr val="1E3A5F"/></a:solidFill></c:spPr><c:invertIfNegative val="0"/>'
        f'<c:dLbls><c:showLegendKey val="0"/><c:showVal val="1"/><c:showCatName val="0"/><c:showSerName val="0"/>'
        f'<c:showPercent val="0"/><c:showBubbleSize val="0"/></c:dLbls><c:cat>{reference("str")}</c:cat>'
        f'<c:val>{reference("num")}</c:val></c:ser><c:gapWidth val="60"/><c:axId val="1"/>'
        '<c:axId val="2"/></c:barChart>'
        f'<c:catAx>{axis.format(1, "maxMin", "l")}<c:crossAx val="2"/></c:catAx>'
        f'<c:valAx>{axis.format(2, "minMax", "t")}<c:crossAx val="1"/></c:valAx></c:plotArea>'
        '<c:plotVisOnly val="1"/></c:chart></c:chartSpace>'
    ).encode()


def _anchor(column: int) -> bytes:
    """Where the chart stands: to the right of the cells."""
    return (
        f'<xdr:wsDr xmlns:xdr="{_DRAWING}spreadsheetDrawing" xmlns:a="{_DRAWING}main"><xdr:twoCellAnchor><xdr:from>'
        f"<xdr:col>{column}</xdr:col><xdr:colOff>200000</xdr:colOff><xdr:row>1</xdr:row><xdr:rowOff>0</xdr:rowOff>"
        "</xdr:from>"
        f"<xdr:to><xdr:col>{column + 8}</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>18</xdr:row>"
        "<xdr:rowOff>0</xdr:rowOff>"
        '</xdr:to><xdr:graphicFrame macro=""><xdr:nvGraphicFramePr><xdr:cNvPr id="2" name="Chart 1"/>'
        '<xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr><xdr:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/></xdr:xfrm>'
        f'<a:graphic><a:graphicData uri="{_CHART}"><c:chart xmlns:c="{_CHART}" xmlns:r="{RELS}" r:id="rId1"/>'
        "</a:graphicData></a:graphic></xdr:graphicFrame><xdr:clientData/></xdr:twoCellAnchor></xdr:wsDr>"
    ).encode()
