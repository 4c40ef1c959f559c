"""Cells between the Sheets API's JSON and values, and changes to batchUpdate requests.

Typed values only: nothing here is ever parsed by Google as if a person had typed it. Shapes and field names
are those of https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/cells.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from json import dumps
from typing import Any

from sheetflow.cells import to_number
from sheetflow.plan import CellChange
from sheetflow.sheet import CellError, Formula, Link, Links, Value

Json = dict[str, Any]
DAY_ZERO = date(1899, 12, 30)

CELL_FIELDS = (
    "userEnteredValue,effectiveValue,userEnteredFormat(numberFormat),effectiveFormat(numberFormat(type)),hyperlink,note,"
    "textFormatRuns,chipRuns"
)
"""What is read of every cell: its value, and whatever a write over it would destroy."""

VALUE = "userEnteredValue"
FORMAT = "userEnteredFormat.numberFormat"
RUNS = "textFormatRuns"
CHIPS = "chipRuns"
NOTE = "note"
LINK = "userEnteredFormat.textFormat.link"


def decode(cell: Json, *, links: bool = False) -> Value:
    """One cell's value; with ``links`` a text with links in it as ``Links``."""
    entered: Json | None = cell.get("userEnteredValue")
    if not entered:
        return None
    if "formulaValue" in entered:
        return Formula(entered["formulaValue"], _plain(cell.get("effectiveValue", {}), cell))
    if links and "stringValue" in entered and (found := _links(cell)):
        return found
    if "chipRuns" in cell and "stringValue" in entered:
        return _with_chips(entered["stringValue"], cell["chipRuns"])
    return _plain(entered, cell)


def _plain(value: Json, cell: Json) -> Value:
    if "stringValue" in value:
        return value["stringValue"]
    if "numberValue" in value:
        return _number(value["numberValue"], cell)
    if "boolValue" in value:
        return value["boolValue"]
    if "errorValue" in value:
        return CellError(_ERRORS.get(value["errorValue"].get("type", ""), "#ERROR!"))
    return None


_ERRORS = {
    "NULL_VALUE": "#NULL!", "DIVIDE_BY_ZERO": "#DIV/0!", "VALUE": "#VALUE!", "REF": "#REF!", "NAME": "#NAME?",
    "NUM": "#NUM!", "N_A": "#N/A", "ERROR": "#ERROR!",
}  # fmt: skip


def _number(number: float, cell: Json) -> Value:
    """A number, or a date where the cell is formatted as one (numbers in date columns are dates in any case)."""
    kind = cell.get("effectiveFormat", {}).get("numberFormat", {}).get("type")
    if kind in ("DATE", "DATE_TIME") and 0 < number < 100_000:
        return datetime.combine(DAY_ZERO, time()) + timedelta(seconds=round(number * 86400))
    return number


def _links(cell: Json) -> Links:
    text = cell["userEnteredValue"]["stringValue"]
    if cell.get("hyperlink"):
        return Links([Link(text, cell["hyperlink"])])
    units = text.encode("utf-16-le", "surrogatepass")
    runs = cell.get("textFormatRuns", [])
    found = []
    for index, run in enumerate(runs):
        url = run.get("format", {}).get("link", {}).get("uri")
        start = run.get("startIndex", 0)
        end = runs[index + 1].get("startIndex", 0) if index + 1 < len(runs) else len(units) // 2
        if url:
            found.append(Link(units[2 * start : 2 * end].decode("utf-16-le", "replace").strip(), url))
    return Links(found)


def _with_chips(text: str, runs: Sequence[Json]) -> str:
    """The text with each people chip's placeholder replaced by its address, which the text itself hides."""
    units = text.encode("utf-16-le", "surrogatepass")
    for run in reversed(runs):
        email = run.get("chip", {}).get("personProperties", {}).get("email")
        if email:
            at = 2 * run.get("startIndex", 0)
            units = units[:at] + email.encode("utf-16-le") + units[at + 2 :]
    return units.decode("utf-16-le", "replace")


def as_entered(cell: Json) -> object:
    """What somebody put into the cell, for telling whether it is still the same: formulas by their text."""
    entered = cell.get("userEnteredValue")
    if not entered:
        return None
    kind, value = next(iter(entered.items()))
    chips = cell.get("chipRuns")
    return (kind, value, str(chips)) if chips else (kind, value)


_CHECKED = re.compile(r"Last checked by sheetflow on \d{4}-\d\d-\d\d\.")


def has_old_mark(cell: Json) -> bool:
    """Whether a cell's note is the mark that version 1 left on the header of Follow-up status."""
    return bool(_CHECKED.fullmatch(cell.get(NOTE, "")))


def note_of(cell: Json) -> str:
    """A person's note on a cell."""
    return "" if has_old_mark(cell) else str(cell.get(NOTE, ""))


@dataclass(frozen=True)
class Written:
    """A cell ready to be sent: its JSON and the fields that it sets."""

    json: Json
    fields: tuple[str, ...]

    @property
    def size(self) -> int:
        """How many bytes it takes in a request; half of the frame of its row is a fair share."""
        return len(dumps(self.json)) + 10


def encode(change: CellChange, before: Json) -> Written:
    """A change as a cell; ``before`` is the cell as read, for what need not be sent again."""
    after = change.after
    if isinstance(after, Links) and after:
        return Written(
            {"userEnteredValue": {"stringValue": after.labels}, "textFormatRuns": _runs(after)}, (VALUE, RUNS)
        )
    if isinstance(after, (date, datetime)):
        return _moment(after, before)
    if isinstance(after, int):
        return Written({"userEnteredValue": {"numberValue": after}}, (VALUE,))
    fields: tuple[str, ...] = (VALUE, RUNS, LINK) if change.key == "send" and before.get("hyperlink") else (VALUE,)
    return Written({"userEnteredValue": {"stringValue": str(after)}} if after else {}, fields)


def put_back(cell: Json, actual: Json) -> Written:
    """A cell of the person's that a misplaced write covered, as it was read: value, links, chips, number format, note.

    ``actual`` is what stands there; what is the same is not written.
    """
    fields: tuple[str, ...] = () if as_entered(cell) == as_entered(actual) else (VALUE, RUNS, CHIPS, FORMAT)
    fields += () if note_of(cell) == note_of(actual) else (NOTE,)
    json = {name: cell[name] for name in (*fields, "userEnteredFormat") if name in cell and fields != (NOTE,)}
    if fields[-1:] == (NOTE,) and note_of(cell):
        json[NOTE] = cell[NOTE]
    if "hyperlink" in cell and RUNS not in json and "stringValue" in json.get(VALUE, {}):
        json[RUNS] = [{"startIndex": 0, "format": {"link": {"uri": cell["hyperlink"]}}}]
    return Written(json, fields)


def _moment(moment: date | datetime, before: Json) -> Written:
    """A date, with its format unless the cell shows dates already: the person's choice of format stays."""
    json = moment_json(moment)
    kind = json["userEnteredFormat"]["numberFormat"]["type"]
    if before.get("effectiveFormat", {}).get("numberFormat", {}).get("type") == kind:
        return Written({"userEnteredValue": json["userEnteredValue"]}, (VALUE,))
    return Written(json, (VALUE, FORMAT))


def moment_json(moment: date | datetime) -> Json:
    """A date as a cell that shows it as ``Mon 23 Nov``."""
    timed = isinstance(moment, datetime)
    value = {"numberValue": to_number(moment, DAY_ZERO)}
    return {"userEnteredValue": value, "userEnteredFormat": {"numberFormat": number_format(timed=timed)}}


def number_format(*, timed: bool) -> Json:
    """How dates are shown, with a time or without."""
    return {"type": "DATE_TIME", "pattern": "ddd d mmm hh:mm"} if timed else {"type": "DATE", "pattern": "ddd d mmm"}


def _runs(links: Links) -> list[Json]:
    """Text runs, one per link; they start at UTF-16 code units, and the line break between two has none."""
    runs: list[Json] = []
    start = 0
    for index, link in enumerate(links):
        runs.append({"startIndex": start, "format": {"link": {"uri": link.url}}})
        start += len(link.label.encode("utf-16-le")) // 2
        if index + 1 < len(links):
            runs.append({"startIndex": start, "format": {}})
            start += 1
    return runs


@dataclass
class _Block:
    """A rectangle of cells in adjoining rows and columns that set the same fields."""

    row: int
    column: int
    fields: tuple[str, ...]
    rows: list[list[Json]]


def update_requests(cells: Mapping[tuple[int, int], Written], sheet_id: int) -> Iterator[tuple[int, Json]]:
    """``updateCells`` requests for cells by 0-based place, adjoining ones together, each with its first row."""
    for block in _blocks(cells):
        yield (
            block.row,
            {
                "updateCells": {
                    "start": {"sheetId": sheet_id, "rowIndex": block.row, "columnIndex": block.column},
                    "rows": [{"values": row} for row in block.rows],
                    "fields": ",".join(block.fields),
                }
            },
        )


def _blocks(cells: Mapping[tuple[int, int], Written]) -> Iterable[_Block]:
    """Runs of cells along each row, then stacked while place, width and fields agree."""
    done: list[_Block] = []
    above: dict[tuple[int, int, tuple[str, ...]], _Block] = {}
    here: dict[tuple[int, int, tuple[str, ...]], _Block] = {}
    row_now = -1
    for row, column, fields, run in _row_runs(cells):
        if row != row_now:
            above = here if row == row_now + 1 else {}
            row_now, here = row, {}
        shape = (column, len(run), fields)
        block = above.get(shape)
        if block is None:
            block = _Block(row, column, fields, [])
            done.append(block)
        block.rows.append(run)
        here[shape] = block
    return done


def _row_runs(cells: Mapping[tuple[int, int], Written]) -> Iterator[tuple[int, int, tuple[str, ...], list[Json]]]:
    run: list[Json] = []
    start, last = (0, 0), (-1, -1)
    fields: tuple[str, ...] = ()
    for place in sorted(cells):
        written = cells[place]
        if run and place == (last[0], last[1] + 1) and written.fields == fields:
            run.append(written.json)
        else:
            if run:
                yield start[0], start[1], fields, run
            start, fields, run = place, written.fields, [written.json]
        last = place
    if run:
        yield start[0], start[1], fields, run
