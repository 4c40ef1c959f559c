"""Hostile text through every input column and every sink: it stays text, and it stays the person's.

Each of the strings stands once in each of the person's columns. The same rows go through a .csv, an .xlsx, a
Google Sheet and the copies between files; what came out is then read without any code of sheetflow's.
"""

from __future__ import annotations

import csv
import gc
import io
import itertools
import json
import re
import unicodedata
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from xml.etree import ElementTree

import openpyxl
import pytest
from click.testing import CliRunner
from google_support import Program, environment
from sheets_server import Book, SheetsServer
from sheets_server import server as server_module
from support import MADRID, NOW, OURS, grid_sheet, make_plan, make_sheet, templates

from sheetflow import flow
from sheetflow.backends import open_backend
from sheetflow.backends.base import Options
from sheetflow.cells import read_text
from sheetflow.cli import main
from sheetflow.columns import YOURS, plain
from sheetflow.doctor import Check
from sheetflow.errors import Refused, SettingError
from sheetflow.letters.links import mail_link
from sheetflow.plan import Plan
from sheetflow.report import Report, as_json, markdown
from sheetflow.settings import Settings, from_tab
from sheetflow.sheet import Links
from sheetflow.table.claims import find_header
from sheetflow.terminal import changes, lines

# --- the strings -------------------------------------------------------------------------------------------------

COMMANDS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "{=1}",
    "#REF!",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("https://evil.example")',
    '=IMPORTXML("https://evil.example","//a")',
    "=IMAGE(1)",
    "=TODAY()",
    "{{ 7*19157 }}",
    "{# #}",
    "{{ ''.__class__ }}",
    "${7*19157}",
    "<%= 7*19157 %>",
    "{0.__class__}",
    "{}",
    "x\r\nBcc: v@evil.example",
    "x\nTo: v@evil.example\n\nhi",
    "-----",
    "x\n-----\nTo: v@evil.example\n\ny",
    "&to=v@evil.example",
    "?bcc=v@evil.example",
    "%0ABcc:v@evil.example",
    "#@evil.example/",
    "https://evil.example/x",
    "javascript:alert(1)",
    "a@acme.example,v@evil.example",
    "ana@аcme.example",
    "::add-mask::x",
    "::set-output name=a::b",
    "##[command]x",
    "##[add-mask]x",
    "[a](https://evil.example)",
    "![a](https://evil.example/x.png)",
    "<script>x</script>",
    "| a | b |",
    "`rm`",
    "]]>",
    "None",
    "nan",
    "NA",
    "0004",
    "1e5",
    "",
    " ",
    "\ud800",
    "\udfff",
    "💩",
    "a\u0301" * 20,
    "١٢",
    "\x1b[31m",
    "\x1b]8;;https://evil.example\x07x",
]
DISGUISES = [
    "{}",
    "\t{}",
    "\n{}",
    "\r{}",
    "\u200b{}",
    "\u200d{}",
    "\ufeff{}",
    "\u202e{}",
    "'{}",
    '"{}"',
    "\x00{}",
    "{}\u2028x",
    "{}\U000e0041",
    "＝{}",
    "Ana <{}>",
    "{} <ana@acme.example>",
    "{}; {}",
    "{}\r\n{}",
    "\u3000{}",
    "\x85{}",
]
STRINGS = sorted({disguise.replace("{}", text) for disguise, text in itertools.product(DISGUISES, COMMANDS)})
EXECUTED = str(7 * 19157)
"""What a template or formula among the strings would come to."""

# --- the rows ----------------------------------------------------------------------------------------------------

ANA = "Ana Ruiz <ana@acme.example>"
PEOPLE = (ANA, *(f"Ana Ruiz <ana{n}@acme.example>" for n in range(4)))
"""No one address stands in most rows: that would be the person's own."""
NOTES = "Notes"
"""A column that sheetflow does not know."""
INPUTS = (*(column.header for column in YOURS), NOTES)
WORDS = tuple(column.header for column in YOURS if column.kind in ("text", "feeling"))
EMAILS = tuple(column.header for column in YOURS if column.kind == "emails")
DATES = tuple(column.header for column in YOURS if column.kind in ("moment", "day", "sent"))
STATES = (
    {"Interview": "2026-11-19"},
    {"Interview": "2026-10-30", "Thank-you sent": "x"},
    {"Interview": "2026-11-19", "Outcome": "Withdrawn"},
    {"Interview": "2026-11-19", "Outcome": "Rejected"},
)
"""Rows that want a thank-you, a follow-up, a withdrawal and a request for feedback."""
Row = Mapping[str, str]


def spread(columns: Sequence[str], n: int) -> dict[str, str]:
    """The n-th row of a square in which each string stands once in each column."""
    return {column: STRINGS[(n + 97 * place) % len(STRINGS)] for place, column in enumerate(columns)}


@cache
def tracker() -> tuple[Row, ...]:
    """Each string in each column, in rows that want each of the notes."""
    return tuple(
        {"Company": f"Acme {place} {n}", "Interviewers": PEOPLE[n % 5], **STATES[n % 4], **hostile}
        for place, columns in enumerate(
            (WORDS, ("Interviewers", NOTES), ("Contact",), ("Outcome",), EMAILS, ("Language",), DATES)
        )
        for n in range(len(STRINGS))
        for hostile in [spread(columns, n)]
    )


@cache
def plan(links: str = "many", send_with: str = "gmail") -> Plan:
    return make_plan(make_sheet(tracker(), links=links), send_with=send_with, name="Sam Lee")


def test_each_of_a_thousand_strings_is_in_each_column() -> None:
    assert len(STRINGS) >= 1000
    for name in INPUTS:
        assert {row.get(name, "") for row in tracker()} >= set(STRINGS), name


# --- what is never to be -----------------------------------------------------------------------------------------

UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
JOINERS = "\u200c\u200d"


def unseen(text: str, but: str = "") -> set[str]:
    """Characters that steer a terminal or hide from the eye."""
    return {c for c in set(text) - set(JOINERS + but) if unicodedata.category(c) in UNSEEN}


def calculated(text: str) -> bool:
    """Whether a spreadsheet that opens a .csv may take a cell for a formula (OWASP, CSV Injection)."""
    seen = "".join(c for c in text if unicodedata.category(c) not in UNSEEN and not c.isspace())
    return text[:1] in ("\t", "\r", "\n", "\0") or seen.startswith(tuple("=+-@＝＋－＠"))


def check_link(url: str, row: Row) -> None:
    """A link opens one message in Gmail, to an address in the row or to nobody yet, and carries nothing else."""
    parts = urlsplit(url)
    fields = parse_qs(parts.query, keep_blank_values=True, strict_parsing=True)
    assert url.isascii()
    assert (parts.scheme, parts.netloc, parts.path, parts.fragment) == ("https", "mail.google.com", "/mail/", "")
    assert set(fields) <= {"view", "fs", "to", "su", "body"}
    assert all(len(texts) == 1 for texts in fields.values())
    if "to" in fields:
        check_recipient(fields["to"][0], row)
    check_subject(fields.get("su", [""])[0])


def check_recipient(address: str, row: Row) -> None:
    assert re.fullmatch(r"[^\s<>,;:()\"\\]+@[a-z.]+", address), address
    assert any(address in row.get(column, "") for column in ("Interviewers", "Contact", *EMAILS)), (address, row)


def check_subject(subject: str) -> None:
    assert len(subject.splitlines()) <= 1
    assert not unseen(subject)


# --- the sinks that keep rows ------------------------------------------------------------------------------------

Grid = list[list[str]]
Place = tuple[int, int]
HEADER = [*INPUTS]


@dataclass
class Done:
    """A tracker before and after a run, its cells as another program reads them."""

    before: Grid
    after: Grid
    formulas: list[Any]
    """Cells that are calculated."""
    links: list[tuple[Place, str]]
    """Each cell with a link, and where it leads."""
    again: bool
    """Whether a second run wants any change."""
    rows: Sequence[Row]

    def column(self, header: str) -> list[str]:
        """A column of ours, one cell per row."""
        index = self.after[0].index(header)
        return [cell(row, index) for row in self.after[1:]]


def cell(row: Sequence[str], index: int) -> str:
    return row[index] if index < len(row) else ""


def grid(rows: Sequence[Row]) -> Grid:
    return [HEADER, *([row.get(name, "") for name in HEADER] for row in rows)]


def encodable() -> list[Row]:
    """The rows as UTF-8 can hold them; a lone surrogate cannot be in a .csv."""
    return [{name: text.encode("utf-8", "replace").decode() for name, text in row.items()} for row in tracker()]


def run(path: Path, output: str = "") -> Plan:
    backend = open_backend(str(path), Options(zone=MADRID, output=output))
    return flow.run(backend, NOW, lambda _: Settings(name="Sam Lee"), templates(), copy=bool(output))


def write_csv(path: Path, rows: Sequence[Row]) -> None:
    lines = io.StringIO()
    csv.writer(lines).writerows(grid(rows))
    path.write_text(lines.getvalue(), encoding="utf-8", newline="")


def read_csv(path: Path) -> Grid:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def csv_links(after: Grid) -> list[tuple[Place, str]]:
    send = after[0].index("Send")
    return [((n, send), url) for n, row in enumerate(after[1:], 1) for url in cell(row, send).split("\n") if url]


def written_formulas(after: Grid) -> list[str]:
    """The cells of ours in a .csv that a spreadsheet would calculate."""
    ours = [after[0].index(column.header) for column in OURS]
    return [text for row in after for index in ours if calculated(text := cell(row, index))]


def in_csv(folder: Path) -> Done:
    path = folder / "tracker.csv"
    rows = encodable()
    write_csv(path, rows)
    before = read_csv(path)
    run(path)
    after = read_csv(path)
    return Done(before, after, written_formulas(after), csv_links(after), bool(run(path)), rows)


FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")


def write_xlsx(path: Path, rows: Sequence[Row], title: str = "Jobs") -> None:
    """A workbook of text alone, with what XML cannot hold spelled as Excel does: ``_x000D_``."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = title
    for r, texts in enumerate(grid(rows), 1):
        for c, text in enumerate(texts, 1):
            if text:
                one = sheet.cell(r, c, FORBIDDEN.sub(lambda match: f"_x{ord(match[0]):04X}_", text))
                one.data_type = "s"
    book.save(path)


MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def part(path: Path, name: str) -> ElementTree.Element:
    with zipfile.ZipFile(path) as archive:
        return ElementTree.fromstring(archive.read(name))  # noqa: S314 - of our own making


def read_xlsx(path: Path) -> Grid:
    """A workbook's first tab, its text as Excel reads it."""
    with zipfile.ZipFile(path) as archive:
        shared = "xl/sharedStrings.xml" in archive.namelist()
    strings = [xlsx_text(item) for item in part(path, "xl/sharedStrings.xml")] if shared else []
    rows: Grid = []
    for row in part(path, "xl/worksheets/sheet1.xml").iter(MAIN + "row"):
        cells = {xlsx_column(one): xlsx_value(one, strings) for one in row}
        rows.append([cells.get(index, "") for index in range(max(cells, default=-1) + 1)])
    return rows


def xlsx_column(one: ElementTree.Element) -> int:
    column: int = openpyxl.utils.cell.coordinate_to_tuple(one.attrib["r"])[1]
    return column - 1


def xlsx_value(one: ElementTree.Element, strings: Sequence[str]) -> str:
    if one.get("t") == "inlineStr":
        return xlsx_text(one)
    value = one.findtext(MAIN + "v", "")
    assert one.get("t", "n") in ("n", "s"), "text and dates, and nothing else"
    return strings[int(value)] if one.get("t") == "s" else value


def xlsx_text(item: ElementTree.Element) -> str:
    text = "".join(one.text or "" for one in item.iter(MAIN + "t"))
    return re.sub("_x([0-9A-Fa-f]{4})_", lambda match: chr(int(match[1], 16)), text)


def xlsx_formulas(path: Path) -> list[str]:
    """The names of the parts with a formula, or with anything that fetches from elsewhere."""
    with zipfile.ZipFile(path) as archive:
        return [
            name
            for name in archive.namelist()
            if b"<f>" in (data := archive.read(name)) or b"<f " in data or b"ddeLink" in data or "externalLink" in name
        ]


def xlsx_links(path: Path) -> list[tuple[Place, str]]:
    with zipfile.ZipFile(path) as archive:
        rels = [name for name in archive.namelist() if name.endswith(".rels")]
    outside = [(name, one.attrib) for name in rels for one in part(path, name) if one.get("TargetMode") == "External"]
    assert {name for name, _ in outside} <= {f"xl/worksheets/_rels/sheet{n}.xml.rels" for n in (1, 2)}  # and To send
    targets = {relation["Id"]: relation["Target"] for name, relation in outside if "sheet1" in name}
    hosts = ("https://mail.google.com/mail/", "https://calendar.google.com/calendar/render?", "mailto:")
    assert all(relation["Target"].startswith(hosts) for name, relation in outside)
    found = []
    for link in part(path, "xl/worksheets/sheet1.xml").iter(MAIN + "hyperlink"):
        assert not link.get("location")
        row, column = openpyxl.utils.cell.coordinate_to_tuple(link.attrib["ref"])
        found.append(((row - 1, column - 1), targets.pop(link.attrib[RELATION])))
    assert not targets
    return found


def in_xlsx(folder: Path) -> Done:
    path = folder / "tracker.xlsx"
    write_xlsx(path, tracker())
    before = read_xlsx(path)
    run(path)
    after = read_xlsx(path)
    links = xlsx_links(path)
    return Done(before, after, xlsx_formulas(path), links, bool(run(path)), tracker())


def in_google(_: Path) -> Done:
    """Text in every cell. JSON can spell lone surrogates, though Google never does; they stay in and do no harm."""
    return google(lambda book, rows: fill(book, grid(rows)), tracker())


def in_google_typed(_: Path) -> Done:
    """A third of the rows as somebody types them: a trigger makes a formula or an error of theirs, and stays."""
    return google(lambda book, rows: server_module.fill(book, book.first_visible, grid(rows)), tracker()[::3])


def fill(book: Book, texts: Grid) -> None:
    """Text as text, whatever it looks like."""
    sheet = book.first_visible
    sheet.ensure(len(texts), len(HEADER))
    for r, row in enumerate(texts):
        for c, text in enumerate(row):
            sheet[r, c] = {"userEnteredValue": {"stringValue": text}} if text else {}


def google(enter: Callable[[Book, Sequence[Row]], None], rows: Sequence[Row], title: str = "Jobs") -> Done:
    with SheetsServer() as server, environment(server.environment()):
        book = server.add_spreadsheet(title, tab=title, time_zone="Europe/Madrid")
        enter(book, rows)
        before = read_google(book)
        program = Program(server, NOW)
        program.run(book)
        bodies = [exchange.body for exchange in server.exchanges("write")]
        after = read_google(book)
        program.run(book)
        again = server.writes > len(bodies)
        assert not server.errors
        assert not server.strangers
    assert bodies
    for body in bodies:
        check_request(body)
    cells = [(tab, place, cell) for body in bodies for tab, place, cell in sent(body)]
    opened = [(tab, place, url) for tab, place, cell in cells for url in uris(cell)]
    assert len(opened) == sum(len(list(uris(body))) for body in bodies), "no link but in a cell"
    links = [(place, url) for tab, place, url in opened if tab == 0]
    mails = {url for _, url in links}
    assert all(url in mails or url.startswith(INWARD) for tab, _, url in opened if tab), "To send opens the same mails"
    formulas = [body for body in bodies if "formulaValue" in json.dumps(body)]
    return Done(before, after, formulas, links, again, rows)


def read_google(book: Book) -> Grid:
    """What was entered: text as it is, every other cell with all that it has."""
    rows: Grid = []
    for row, column, cell in sorted(book.first_visible, key=lambda item: item[:2]):
        rows += [[] for _ in range(row + 1 - len(rows))]
        rows[row] += [""] * (column + 1 - len(rows[row]))
        text = cell.get("userEnteredValue", {}).get("stringValue")
        plain_text = text is not None and (len(cell) == 1 or column >= len(HEADER))
        rows[row][column] = text if plain_text else json.dumps(cell, sort_keys=True)
    return rows


def sent(body: Any) -> Iterator[tuple[int, Place, Any]]:
    """The cells of a request, with their tab (the tracker's is 0) and place."""
    for request in body["requests"]:
        update = request.get("updateCells", {"rows": ()})
        for r, row in enumerate(update["rows"]):
            for c, cell in enumerate(row.get("values", ())):
                place = (update["start"].get("rowIndex", 0) + r, update["start"].get("columnIndex", 0) + c)
                yield update["start"].get("sheetId", 0), place, cell


def uris(part: Any) -> Iterator[str]:
    """Every address anywhere in a request."""
    if isinstance(part, dict):
        yield from (value for key, value in part.items() if key in ("uri", "hyperlink"))
    for child in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from uris(child)


INWARD = ("#gid=0&range=", "https://calendar.google.com/calendar/render?action=TEMPLATE&text=")
"""Where links of To send lead besides the mails."""
TABS = ("addSheet", "addChart", "addProtectedRange")
"""What makes the tabs of ours."""


def tab_of(what: Any) -> Any:
    """The tab that a request is about; ``None`` for one that is about none."""
    return next(
        (part["sheetId"] for part in (what.get("range"), what.get("start")) if part and "sheetId" in part), None
    )


MARKS = ("createDeveloperMetadata", "deleteDeveloperMetadata")
"""The invisible marks on columns of ours."""


def check_request(body: Any) -> None:
    """Only columns to the right of the person's and tabs of ours are touched, in the few ways that a run needs."""
    for tab, (_, column), cell in sent(body):
        assert tab or column >= len(HEADER)
        assert set(cell.get("userEnteredValue", {})) <= {"stringValue", "numberValue"}
    made = [r["addSheet"]["properties"]["sheetId"] for r in body["requests"] if "addSheet" in r]
    for request in body["requests"]:
        ((kind, what),) = request.items()
        if kind in TABS or tab_of(what) in made:
            continue
        if kind == "repeatCell":
            assert what["range"]["startColumnIndex"] >= len(HEADER)
        elif kind == "copyPaste":  # a new header looks like the one of Company
            assert what["pasteType"] == "PASTE_FORMAT"
            assert what["destination"]["startColumnIndex"] >= len(HEADER)
        elif kind in ("addDimensionGroup", "updateDimensionGroup"):
            assert (what.get("range") or what["dimensionGroup"]["range"])["startIndex"] >= len(HEADER)
        elif kind == "updateDimensionProperties" and what["range"]["dimension"] == "ROWS":
            assert what["fields"] == "pixelSize"
        elif kind in ("updateDimensionProperties", "insertDimension"):
            assert what["range"]["startIndex"] >= len(HEADER)
        elif kind == "addConditionalFormatRule":
            ((value,),) = (what["rule"]["booleanRule"]["condition"]["values"],)
            assert re.fullmatch(r'=\$[A-Z]+2="(Check|Due|Overdue|Ghosted)"', value["userEnteredValue"])
        else:
            assert kind in ("updateCells", "appendDimension", *MARKS)


def csv_to_xlsx(folder: Path) -> Done:
    path, output = folder / "tracker.csv", folder / "copy.xlsx"
    rows = encodable()
    write_csv(path, rows)
    before = [[in_workbook(text) for text in row] for row in read_csv(path)]
    again = copied_twice(path, output)
    after = read_xlsx(output)
    links = xlsx_links(output)
    return Done(before, with_dates_as(after, before), xlsx_formulas(output), links, again, rows)


def xlsx_to_csv(folder: Path) -> Done:
    path, output = folder / "tracker.xlsx", folder / "copy.csv"
    write_xlsx(path, tracker())
    before = [[whole(text) for text in row] for row in read_xlsx(path)]
    again = copied_twice(path, output)
    after = read_csv(output)
    return Done(before, with_dates_as(after, before), written_formulas(after), csv_links(after), again, tracker())


def copied_twice(path: Path, output: Path) -> bool:
    """Whether the second of two copies is any different; sheetflow would refuse to put it in place of the first."""
    run(path, str(output))
    first = output.read_bytes()
    run(path, str(output))
    return output.read_bytes() != first


def in_workbook(text: str) -> str:
    """What is left of a text in a workbook that sheetflow makes: what XML can hold, with one kind of line end."""
    return re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f]", "", text.replace("\r\n", "\n").replace("\r", "\n"))


def whole(text: str) -> str:
    """Text without lone surrogates, which no .csv can hold."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def with_dates_as(after: Grid, before: Grid) -> Grid:
    """A copy with its date cells spelled as the original had them: a copy keeps what they mean (spec, section 9)."""
    days = {"2026-11-19": "46345", "2026-10-30": "46325"}
    today = ("2026-11-20", "46346")
    result = [list(row) for row in after]
    for row, original in zip(result, before, strict=True):
        for index in map(HEADER.index, DATES):
            old, new = cell(original, index), cell(row, index)
            if new == days.get(old) or ("=TODAY()" in old and new in today):
                row[index] = old
    return result


KINDS = (in_csv, in_xlsx, in_google, in_google_typed, csv_to_xlsx, xlsx_to_csv)


@pytest.fixture(scope="module", params=KINDS, ids=lambda kind: kind.__name__)
def done(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Done:
    gc.disable()  # as the command line does
    try:
        made: Done = request.param(tmp_path_factory.mktemp("hostile"))
    finally:
        gc.enable()
    return made


def test_the_persons_cells_are_what_they_were(done: Done) -> None:
    width = len(HEADER)
    assert len(done.after) == len(done.before) == len(done.rows) + 1
    for before, after in zip(done.before, done.after, strict=True):
        assert [cell(after, n) for n in range(width)] == [cell(before, n) for n in range(width)]


def test_no_row_is_lost(done: Done) -> None:
    assert all(done.column("Follow-up status"))
    assert all(done.column("Why"))
    assert sum(map(bool, done.column("Draft"))) > len(done.rows) / 2


def test_there_is_no_formula(done: Done) -> None:
    assert done.formulas == []


def test_links_go_to_the_intended_host_and_recipient(done: Done) -> None:
    assert len(done.links) > len(done.rows) / 3
    send = done.after[0].index("Send")
    for (row, column), url in done.links:
        assert column == send
        check_link(url, done.rows[row - 1])


def test_subjects_are_one_line_and_nothing_invisible_is_written(done: Done) -> None:
    for subject in done.column("Draft subject"):
        check_subject(subject)
    for column in OURS:
        for text in done.column(column.header):
            assert not unseen(text, but="\n"), column.header


def test_no_template_is_executed(done: Done) -> None:
    for column in OURS:
        if column.kind in ("text", "draft"):
            assert EXECUTED not in "".join(done.column(column.header))


def test_a_second_run_changes_nothing(done: Done) -> None:
    assert not done.again


def test_text_that_looks_like_an_escape_in_a_workbook(tmp_path: Path) -> None:
    path = tmp_path / "tracker.xlsx"
    texts = [
        "_x000D_",
        "_x005F_",
        "_x005F_x000D_",
        "x005F_",
        "x005Fx005F__",
        "_x000d_",
        "__x000D_",
        "_x000D",
        "_x0041_B",
    ]
    write_xlsx(path, [{"Company": text, "Interview": "2026-11-19"} for text in texts])
    assert run(path)
    assert [row[0] for row in read_xlsx(path)[1:]] == texts
    assert not run(path)


# --- the sinks that tell of a run --------------------------------------------------------------------------------


def words(quiet: bool) -> list[str]:
    told = Report(plan(), quiet, applied=True)
    return [*lines(told, 100), *changes(told, 100)]


def test_a_terminal_gets_nothing_that_steers_it() -> None:
    lines = words(quiet=False)
    assert len(lines) > 1000
    for line in lines:
        assert not unseen(line), line


def test_json_is_plain() -> None:
    text = as_json(Report(plan(), quiet=False, applied=True), NOW)
    assert text.isascii()
    assert not unseen(text, but="\n")
    assert len(json.loads(text)["cells"]) == len(plan().changes)


PUBLIC = re.compile(r"[A-Za-z0-9 \n.,:;!?…|*#>~+()'\"_-]*")
"""The characters of sheetflow's own words, and none that make a link, an element, a template or a command."""


def check_public(text: str) -> None:
    """Anybody may read it, and a machine that takes commands does: nothing in it is from a cell."""
    assert PUBLIC.fullmatch(text), next(line for line in text.split("\n") if not PUBLIC.fullmatch(line))
    assert "::" not in text
    for word in ("evil", "acme", "Ana", EXECUTED):
        assert word not in text


def test_what_is_public_holds_nothing_from_a_cell() -> None:
    told = Report(plan(), quiet=True, applied=True)
    check_public("\n".join(words(quiet=True)))
    check_public(markdown(told))
    check_public(re.sub(r"[{}\[\]]", "", as_json(told, NOW)))


@pytest.mark.parametrize("command", ["plan", "run", "doctor"])
def test_a_workflow_prints_nothing_from_a_cell(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, summary = tmp_path / "tracker.csv", tmp_path / "summary.md"
    write_csv(path, encodable()[::9])
    summary.touch()
    for name, value in {"CI": "true", "GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(summary)}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, [command, str(path), "--now", "2026-11-20T15:00", "--time-zone", "Europe/Madrid"])
    assert len(result.output) > 1000
    check_public(re.sub(r"\[hidden\]|03/04/2026|Europe/Madrid|<address>", "", result.output))
    check_public(summary.read_text(encoding="utf-8"))
    assert bool(summary.read_text(encoding="utf-8")) == (command != "doctor")


# --- links -------------------------------------------------------------------------------------------------------


def links(made: Plan) -> Iterator[tuple[Row, str, str]]:
    """Each link with its row and its label."""
    for row, found in zip(tracker(), made.table.frame["send"], strict=True):
        yield from ((row, link.label, link.url) for link in (found if isinstance(found, Links) else ()))


def test_a_link_says_where_it_leads() -> None:
    found = list(links(plan()))
    assert len(found) > len(tracker()) / 3
    for row, label, url in found:
        check_link(url, row)
        addressed = "to" in parse_qs(urlsplit(url).query)
        assert label.startswith("Open mail to " if addressed else "Open mail")


def test_mailto_links_have_one_recipient_a_subject_and_a_body() -> None:
    for row, label, url in links(plan("many", "mailto")):
        assert url.isascii()
        recipient, _, query = url.removeprefix("mailto:").partition("?")
        assert label.startswith("Open mail")
        if recipient:
            check_recipient(unquote(recipient), row)
        fields = parse_qs(query, keep_blank_values=True)
        assert set(fields) <= {"subject", "body"}
        assert all(len(texts) == 1 for texts in fields.values())
        check_subject(fields.get("subject", [""])[0])


def test_a_draft_quotes_what_looks_like_a_template() -> None:
    """In a Company or Role it is quoted; a Highlight that is no sentence is left out, and nothing is worked out."""
    frame = plan().table.frame
    quoted = 0
    for row, draft in zip(tracker(), frame["draft"], strict=True):
        assert str(7 * 19157) not in draft
        if draft and any("{{ 7*19157 }}" in row.get(header, "") for header in ("Company", "Role")):
            quoted += "{{ 7*19157 }}" in draft
    assert quoted > 1


# --- other inputs ------------------------------------------------------------------------------------------------


def test_a_title_is_told_in_private_on_one_line_and_in_public_not_at_all() -> None:
    for text in STRINGS:
        with pytest.raises(Refused) as refused:
            find_header(grid_sheet(["Nothing", text], [text], title=text), {})
        assert not unseen(refused.value.full)
        check_public(refused.value.quiet.replace("[columns]: Company = [hidden]", "").replace("[hidden]", ""))
        assert not unseen(Check("Tracker", "ok", "{title} can be read", {"title": text}).say(quiet=False))


TITLES = ["=1+1", "{{ 7*19157 }}", "'x'!A1", "::add-mask::x", "\u202ex", "&amp;<b>", "x\u2028y", "💩"]


@pytest.mark.parametrize("title", TITLES)
def test_a_tab_and_a_file_of_any_name(title: str, tmp_path: Path) -> None:
    rows = [{"Company": "Acme", "Interview": "2026-11-19", "Interviewers": ANA}]
    comma, workbook = tmp_path / f"{title}.csv", tmp_path / f"{title}.xlsx"
    write_csv(comma, rows)
    write_xlsx(workbook, rows, re.sub(r"[!:*]", "", title).strip("'"))
    for path, read in ((comma, read_csv), (workbook, read_xlsx)):
        run(path)
        assert cell(read(path)[1], read(path)[0].index("Follow-up status")) == "Send thank-you"
        assert not run(path)
    done = google(lambda book, some: fill(book, grid(some)), rows, title)
    assert done.column("Follow-up status")[0] == "Send thank-you"
    assert not done.again


def test_headers_of_any_kind_stay_and_are_found() -> None:
    """As names of unknown columns, and as the person's own names for the known ones."""
    names = [text for text in STRINGS if plain(read_text(text))]
    for start in range(0, len(names), 300):
        some = names[start : start + 300]
        made = make_plan(grid_sheet([*HEADER, *some], ["Acme"], [""]))
        assert made.table.header.at["company"] == 0
        assert all(change.column >= len(HEADER) + len(some) for change in made.changes)
    for name in names:
        assert find_header(grid_sheet([name, "Role"], ["Acme"]), {"company": name}).at["company"] == 0


def test_our_columns_under_hostile_names(tmp_path: Path) -> None:
    own = {plain(text): text for text in STRINGS if calculated(text) and plain(text) and "\ud800" not in text}
    mapping = dict(zip([column.key for column in OURS], own.values(), strict=False))
    assert len(mapping) == len(OURS)
    path = tmp_path / "tracker.csv"
    write_csv(path, [{"Company": "Acme", "Interview": "2026-11-19", "Interviewers": ANA}])
    settings = Settings(columns=mapping)
    for changed in (True, False):
        backend = open_backend(str(path), Options(zone=MADRID, columns=mapping))
        assert bool(flow.run(backend, NOW, lambda _: settings, templates())) is changed
    assert not [text for text in read_csv(path)[0] if calculated(text) and not text.startswith("'")]


def test_a_settings_tab_sets_a_name_and_one_account() -> None:
    accounts = 0
    for text in STRINGS:
        name, account = (from_tab_of(setting, text) for setting in ("Your name", "Send from"))
        assert name is not None
        assert len(name.name.splitlines()) <= 1
        if account is not None and account.send_from:
            accounts += 1
            path = urlsplit(mail_link("ana@acme.example", "s", "b", account)).path
            assert re.fullmatch(r"/mail/u/[A-Za-z0-9%._~-]+/", path), path
            assert unquote(path) == f"/mail/u/{account.send_from}/"
    assert accounts


def from_tab_of(setting: str, text: str) -> Settings | None:
    """What a Settings tab sets; ``None`` when it is refused, which names the text in private alone."""
    try:
        return Settings(**from_tab(grid_sheet(settings_tab=[["Setting", "Value"], [setting, text]])))
    except SettingError as error:
        refusal = error
    assert not unseen(refusal.full)
    check_public(refusal.quiet.replace("[hidden]", ""))
    return None


def test_a_hostile_name_under_every_note() -> None:
    rows = [{"Company": f"Acme {n}", "Interviewers": ANA, **state} for n, state in enumerate(STATES)]
    for text in STRINGS[::20]:
        frame = make_plan(make_sheet(rows, links="many"), name=text).table.frame
        assert EXECUTED not in "".join(frame["draft"])
        assert not unseen("".join(frame["draft"]), but="\n")
        for found in frame["send"]:
            check_link(found[0].url, rows[0])
