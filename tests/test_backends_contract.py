"""What every backend promises, in one class; and the same edits on a .csv, an .xlsx and a Google Sheet in step.

A tracker of a kind hands out its rows as opaque cells, so that any edit of a person (typing, sorting, inserting,
deleting) is a change of that list, and shows each cell as plain text, so that trackers can be compared.
"""

from __future__ import annotations

import csv
import io
import os
import re
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from google_support import SAMPLE, Program, environment
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sheets_server import SheetsServer
from support import MADRID, NOW, OURS, templates

from sheetflow import flow
from sheetflow.backends import open_backend
from sheetflow.backends.base import Backend, Options
from sheetflow.backends.csv.escape import unescape
from sheetflow.cells import to_number
from sheetflow.columns import COLUMNS
from sheetflow.plan import Plan
from sheetflow.settings import Settings

DAY_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 - as spreadsheets count
COMPUTED = [column.header for column in OURS]
PEOPLES = [column.header for column in COLUMNS if column.owner == "person"]
DATES = {column.header for column in COLUMNS if column.kind in ("moment", "day", "sent")}
EXAMPLES = int(os.environ.get("STEP_RUNS", "15"))
Row = list[Any]


class Tracker(ABC):
    """One tracker of one kind: what its person does, and a run."""

    now = NOW

    def __init__(self, rows: Sequence[Sequence[str]], folder: Path) -> None:
        self.folder = folder
        self.create(rows[0], [[self.typed(text) for text in row] for row in rows[1:]])

    def run(self, *, dry_run: bool = False) -> Plan:
        settings = Settings(name="Sam Lee")
        return flow.run(self.backend(), self.now, lambda _: settings, templates(), dry_run=dry_run)

    @abstractmethod
    def backend(self) -> Backend: ...

    @abstractmethod
    def create(self, headers: Sequence[str], rows: list[Row]) -> None: ...

    @abstractmethod
    def headers(self) -> list[str]: ...

    @abstractmethod
    def rows(self) -> list[Row]:
        """Every row below the header as cells that only this tracker understands, all as long as the header."""

    @abstractmethod
    def replace(self, rows: list[Row]) -> None:
        """Put other rows in the place of all rows."""

    @abstractmethod
    def typed(self, text: str) -> Any:
        """The cell that typing a text makes: a typed date for 2026-11-20, else text."""

    @abstractmethod
    def text(self, cell: Any) -> str:
        """A cell as plain text, dates like 2026-11-20 14:30, links as their addresses."""

    def set(self, row: int, header: str, text: str) -> None:
        """Type into a cell; row 0 is the first below the header."""
        rows = self.rows()
        rows[row][self.headers().index(header)] = self.typed(text)
        self.replace(rows)

    def table(self) -> list[dict[str, str]]:
        """Every row as header -> text."""
        headers = self.headers()
        return [
            {header: self.text(cell) for header, cell in zip(headers, row, strict=True)}
            for row in self.rows()
            if any(self.text(cell) for cell in row)
        ]

    def of(self, headers: Sequence[str]) -> list[list[str]]:
        """Some columns of every row."""
        return [[row.get(header, "") for header in headers] for row in self.table()]


def moment(text: str) -> datetime | None:
    """A date as these trackers type it."""
    match = re.fullmatch(r"\d{4}-\d\d-\d\d( \d\d:\d\d)?", text)
    return datetime.fromisoformat(text) if match else None


def words(value: datetime) -> str:
    return f"{value:%Y-%m-%d}" if value.time() == datetime.min.time() else f"{value:%Y-%m-%d %H:%M}"


class CsvTracker(Tracker):
    @property
    def path(self) -> Path:
        return self.folder / "tracker.csv"

    def backend(self) -> Backend:
        return open_backend(str(self.path), Options(zone=MADRID))

    def create(self, headers: Sequence[str], rows: list[Row]) -> None:
        self._write([list(headers), *rows])

    def _write(self, rows: list[Row]) -> None:
        out = io.StringIO()
        csv.writer(out).writerows(rows)
        self.path.write_text(out.getvalue(), encoding="utf-8", newline="")

    def _read(self) -> list[Row]:
        return list(csv.reader(io.StringIO(self.path.read_text(encoding="utf-8"), newline="")))

    def headers(self) -> list[str]:
        return self._read()[0]

    def rows(self) -> list[Row]:
        header, *rows = self._read()
        return [row + [""] * (len(header) - len(row)) for row in rows]

    def replace(self, rows: list[Row]) -> None:
        self._write([self.headers(), *rows])

    def typed(self, text: str) -> Any:
        return text

    def text(self, cell: Any) -> str:
        return unescape(str(cell)).replace("\r\n", "\n")


class XlsxTracker(Tracker):
    """A cell is its value, its number format and the target of its link."""

    @property
    def path(self) -> Path:
        return self.folder / "tracker.xlsx"

    def backend(self) -> Backend:
        return open_backend(str(self.path), Options(zone=MADRID))

    def create(self, headers: Sequence[str], rows: list[Row]) -> None:
        book = openpyxl.Workbook()
        for column, header in enumerate(headers, start=1):
            book.active.cell(1, column, header)  # type: ignore[union-attr] # a new workbook has a sheet
        book.save(self.path)
        self.replace(rows)

    def headers(self) -> list[str]:
        sheet: Any = openpyxl.load_workbook(self.path).active
        return [cell.value for cell in sheet[1] if cell.value]

    def rows(self) -> list[Row]:
        sheet: Any = openpyxl.load_workbook(self.path).active
        width = len(self.headers())
        return [
            [(cell.value, cell.number_format, cell.hyperlink and cell.hyperlink.target) for cell in row[:width]]
            for row in sheet.iter_rows(min_row=2, max_col=width)
        ]

    def replace(self, rows: list[Row]) -> None:
        book = openpyxl.load_workbook(self.path)
        sheet: Any = book.active
        for number in range(max(len(rows), sheet.max_row - 1)):
            row = rows[number] if number < len(rows) else [(None, "General", None)] * sheet.max_column
            for column, (value, form, target) in enumerate(row, start=1):
                cell = sheet.cell(number + 2, column)
                cell.hyperlink = None
                cell.value, cell.number_format = value, form
                if isinstance(value, str):
                    cell.data_type = "s"
                if target:
                    cell.hyperlink = target
        book.save(self.path)

    def typed(self, text: str) -> Any:
        value = moment(text)
        form = "General" if value is None else "yyyy-mm-dd" if words(value) == text[:10] else "yyyy-mm-dd hh:mm"
        return (value or text or None, form, None)

    def text(self, cell: Any) -> str:
        value, _, target = cell
        if target:
            return str(target)
        return words(value) if isinstance(value, datetime) else str(value or "")


class GoogleTracker(Tracker):
    """A cell is its JSON as the server keeps it."""

    program: Program

    def create(self, headers: Sequence[str], rows: list[Row]) -> None:
        server = self.program.server
        self.book = server.add_spreadsheet(rows=[list(headers)], time_zone="Europe/Madrid", grid=(60, 26))
        self.sheet = self.book.first_visible
        self.replace(rows)

    def backend(self) -> Backend:
        return self.program.backend(self.book)

    def headers(self) -> list[str]:
        found = (self.sheet.entered((0, column)) for column in range(len(self.sheet.columns)))
        return [title for title in found if title]

    def rows(self) -> list[Row]:
        width = len(self.headers())
        return [[self.sheet[row, column] for column in range(width)] for row in range(1, self.sheet.last_value_row())]

    def replace(self, rows: list[Row]) -> None:
        for number in range(max(len(rows), self.sheet.last_value_row() - 1)):
            for column in range(len(self.sheet.columns)):
                filled = number < len(rows) and column < len(rows[number])
                self.sheet[number + 1, column] = rows[number][column] if filled else None

    def typed(self, text: str) -> Any:
        if value := moment(text):
            form = {"type": "DATE", "pattern": "yyyy-mm-dd"}
            number = to_number(value, DAY_ZERO.date())
            return {"userEnteredValue": {"numberValue": number}, "userEnteredFormat": {"numberFormat": form}}
        return {"userEnteredValue": {"stringValue": text}} if text else {}

    def text(self, cell: Any) -> str:
        runs = [run.get("format", {}) for run in cell.get("textFormatRuns", [])]
        runs.append(cell.get("userEnteredFormat", {}).get("textFormat", {}))
        if addresses := [run["link"]["uri"] for run in runs if "link" in run]:
            return "\n".join(addresses)
        value = next(iter(cell.get("userEnteredValue", {}).values()), "")
        if isinstance(value, (int, float)):
            return words(DAY_ZERO + timedelta(seconds=round(value * 86400)))
        return str(value)


@pytest.fixture(scope="module", autouse=True)
def program() -> Iterator[Program]:
    with SheetsServer() as server, environment(server.environment()):
        GoogleTracker.program = Program(server)
        yield GoogleTracker.program
        assert not server.errors


def sample() -> list[list[str]]:
    """The person's columns of the sample, with the dates that its formulas come to at ``NOW``, and a few rows more."""

    def day(match: re.Match[str]) -> str:
        offset, part = int(match[1] or 0), match[2]
        value = datetime(NOW.year, NOW.month, NOW.day) + timedelta(days=offset)  # noqa: DTZ001 - wall clock
        return words(value + timedelta(days=eval_part(part)) if part else value)

    text = SAMPLE.read_text(encoding="utf-8")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    theirs = [index for index, header in enumerate(rows[0]) if header not in COMPUTED]
    rows = [[row[index] for index in theirs] for row in rows]
    pattern = r"=TODAY\(\)([+-]\d+)?(?:\+(\d+/\d+))?"
    rows = [[re.sub(pattern, day, cell) for cell in row] for row in rows]

    def row_of(**cells: str) -> list[str]:
        return [cells.get(header, "") for header in rows[0]]

    rows.append(
        row_of(
            Company="=1+1",
            Role="0004",
            Interview="2026-11-19",
            Interviewers="Ana <ana@formula.example>",
            Highlight="'tis =HYPERLINK(1)",
        )
    )
    rows.append(
        row_of(
            Company="Emoji 🦊",
            Role="NA",
            Interview="2026-11-01",
            Interviewers="Bo 🦊 <bo@emoji.example>; Cy <cy@emoji.example>",
        )
    )
    return rows


def eval_part(part: str) -> float:
    above, below = part.split("/")
    return int(above) / int(below)


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> list[list[str]]:
    """What the sample gets in a .csv, which is plain to read."""
    reference = CsvTracker(sample(), tmp_path_factory.mktemp("reference"))
    reference.run()
    return reference.of(COMPUTED)


class BackendTests:
    """What each backend keeps to."""

    kind: type[Tracker]

    def shown(self, text: str) -> str:
        """What a cell of ours shows where a .csv holds this text."""
        return text

    @pytest.fixture
    def tracker(self, tmp_path: Path) -> Tracker:
        return self.kind(sample(), tmp_path)

    def test_every_status_date_flag_draft_link_and_reason(self, tracker: Tracker, expected: list[list[str]]) -> None:
        tracker.run()
        for ours, wanted in zip(tracker.of(COMPUTED), expected, strict=True):
            assert dict(zip(COMPUTED, ours, strict=True)) == dict(zip(COMPUTED, map(self.shown, wanted), strict=True))
        assert len({row["Follow-up status"] for row in tracker.table()}) >= 14

    def test_apply_then_plan_is_empty(self, tracker: Tracker) -> None:
        assert tracker.run()
        assert not tracker.run(dry_run=True)
        assert not tracker.run().changes

    def test_a_plan_alone_changes_nothing(self, tracker: Tracker) -> None:
        before = tracker.rows()
        assert tracker.run(dry_run=True)
        assert tracker.rows() == before

    def test_the_persons_cells_never_change(self, tracker: Tracker) -> None:
        headers = tracker.headers()
        before = [row[: len(headers)] for row in tracker.rows()]
        for days in (0, 1, 9, 40):
            tracker.now = NOW + timedelta(days=days)
            tracker.run()
            assert [row[: len(headers)] for row in tracker.rows()] == before
            assert tracker.headers()[: len(headers)] == headers

    def test_an_edited_draft_is_kept_until_it_is_sent(self, tracker: Tracker) -> None:
        tracker.run()
        at = next(n for n, row in enumerate(tracker.table()) if row["Follow-up status"] == "Send follow-up")
        tracker.set(at, "Draft", "Hello,\n\nmy own words.\n\nSam")
        tracker.run()
        tracker.now = NOW + timedelta(days=2)
        tracker.run()
        row = tracker.table()[at]
        assert row["Draft"] == "Hello,\n\nmy own words.\n\nSam"
        assert "my%20own%20words" in row["Send"]
        tracker.set(at, "Follow-up sent", "2026-11-22")
        tracker.run()
        assert tracker.table()[at]["Draft"] == ""
        assert not tracker.run(dry_run=True)

    def test_an_emptied_draft_comes_back_fresh(self, tracker: Tracker) -> None:
        tracker.run()
        at, before = next((n, row) for n, row in enumerate(tracker.table()) if row["Draft"])
        tracker.set(at, "Draft", "my own")
        tracker.run()
        tracker.set(at, "Draft", "")
        tracker.run()
        assert tracker.table()[at] == before

    def test_sorted_rows_take_their_drafts_along(self, tracker: Tracker) -> None:
        tracker.run()
        tracker.set(0, "Draft", f"To {tracker.table()[0]['Company']}, by hand")
        tracker.run()
        rows = tracker.rows()
        tracker.replace(rows[::-1])
        before = tracker.table()
        tracker.run()
        assert tracker.table() == before

    def test_a_cleared_row_is_cleared(self, tracker: Tracker) -> None:
        tracker.run()
        for header in PEOPLES:
            if header in tracker.headers():
                tracker.set(2, header, "")
        tracker.run()
        assert all(not any(row) or row[0] for row in tracker.of(["Company", *COMPUTED]))


class TestCsv(BackendTests):
    kind = CsvTracker


def first_link(text: str) -> str:
    """What a cell of an .xlsx shows where a .csv holds this text: a cell has one link, the first recipient's."""
    return text.partition("\n")[0] if text.startswith("https://") else text


class TestXlsx(BackendTests):
    def shown(self, text: str) -> str:
        return first_link(text)

    kind = XlsxTracker


class TestGoogle(BackendTests):
    kind = GoogleTracker


# --- in step ---------------------------------------------------------------------------------------------------

DAYS = st.integers(-45, 3).map(lambda n: f"{NOW + timedelta(days=n):%Y-%m-%d}")
CELLS = {
    "Company": st.sampled_from(["Alder", "Birch", "Cedar", "alder ", ""]),
    "Role": st.sampled_from(["Cook", "Clerk", "=1+1", "NA"]),
    "Interview": st.one_of(DAYS, DAYS.map(lambda day: f"{day} 14:30"), st.sampled_from(["", "TBD", "03/04/26"])),
    "Interviewers": st.sampled_from(
        ["Ana Ruiz <ana@a.example>", "Bo <bo@b.example>; Cy <cy@b.example>", "Somebody", "", "@cmd <x@x.example>"]
    ),
    "Highlight": st.sampled_from(["", "the robot", "-5 degrees 🦊"]),
    "How it went": st.sampled_from(["", "Great", "Horrible"]),
    "Thank-you sent": st.one_of(DAYS, st.sampled_from(["", "x"])),
    "Follow-up sent": st.one_of(DAYS, st.sampled_from(["", "x"])),
    "Reply received": st.one_of(DAYS, st.just("")),
    "Outcome": st.sampled_from(["", "", "", "Offer", "Rejected", "Next round", "Accepted", "Withdrawn", "maybe"]),
    "Snooze until": st.one_of(DAYS, st.just("")),
    "Notes": st.sampled_from(["", "mine", "=SUM(", "  "]),
}
MARK = "Rewritten by hand"


class InStep(RuleBasedStateMachine):
    """The same life of three trackers: after each run they show the same, and the person's cells are theirs."""

    @initialize(rows=st.lists(st.fixed_dictionaries(CELLS), min_size=1, max_size=4))
    def begin(self, rows: list[dict[str, str]]) -> None:
        self.folder = tempfile.TemporaryDirectory()
        grid = [list(CELLS), *([row[header] for header in CELLS] for row in rows)]
        kinds = (CsvTracker, XlsxTracker, GoogleTracker)
        self.trackers = [kind(grid, Path(self.folder.name)) for kind in kinds]
        self.settled = False

    def edit(self, change: Any) -> None:
        """The same change of the list of rows in every tracker."""
        for tracker in self.trackers:
            rows = tracker.rows()
            while rows and not any(tracker.text(cell) for cell in rows[-1]):
                rows.pop()
            if rows:
                change(tracker, rows)
            tracker.replace(rows)
        self.settled = False

    @rule(row=st.integers(0, 9), cell=st.sampled_from(list(CELLS)).flatmap(lambda h: st.tuples(st.just(h), CELLS[h])))
    def type(self, row: int, cell: tuple[str, str]) -> None:
        header, text = cell
        self.edit(lambda t, rows: rows[row % len(rows)].__setitem__(t.headers().index(header), t.typed(text)))

    @precondition(lambda self: len(self.trackers[0].rows()) < 7)
    @rule(row=st.integers(0, 9), cells=st.fixed_dictionaries(CELLS))
    def insert(self, row: int, cells: dict[str, str]) -> None:
        self.edit(
            lambda t, rows: rows.insert(
                row % (len(rows) + 1), [t.typed(cells.get(header, "")) for header in t.headers()]
            )
        )

    @precondition(lambda self: len(self.trackers[0].rows()) > 1)
    @rule(row=st.integers(0, 9))
    def delete(self, row: int) -> None:
        self.edit(lambda t, rows: rows.pop(row % len(rows)))

    @rule(order=st.randoms(use_true_random=False))
    def sort(self, order: Any) -> None:
        places = list(range(40))
        order.shuffle(places)
        self.edit(lambda t, rows: rows.__setitem__(slice(None), [rows[n] for n in places if n < len(rows)]))

    @rule(row=st.integers(0, 9), text=st.sampled_from([MARK, "", f"To: Bo <bo@b.example>\n\n{MARK}"]))
    def rewrite(self, row: int, text: str) -> None:
        if "Draft" in self.trackers[0].headers():
            self.edit(lambda t, rows: rows[row % len(rows)].__setitem__(t.headers().index("Draft"), t.typed(text)))

    @rule(hours=st.sampled_from([1, 24, 24 * 7, 24 * 15]))
    def wait(self, hours: int) -> None:
        for tracker in self.trackers:
            tracker.now += timedelta(hours=hours)
        self.settled = False

    @rule()
    def run(self) -> None:
        before = [tracker.of(list(CELLS)) for tracker in self.trackers]
        for tracker in self.trackers:
            tracker.run()
        assert [tracker.of(list(CELLS)) for tracker in self.trackers] == before, "the person's cells"
        self.settled = True

    @invariant()
    def agree(self) -> None:
        if not getattr(self, "settled", False):
            return
        plain, workbook, google = (tracker.of(COMPUTED) for tracker in self.trackers)
        assert google == plain
        assert workbook == [list(map(first_link, row)) for row in plain]
        for tracker in self.trackers:
            plan = tracker.run(dry_run=True)
            assert not plan, f"apply, then plan, is empty: {type(tracker).__name__} {plan.changes}"
        for row in plain:
            shown = dict(zip(COMPUTED, row, strict=True))
            assert bool(shown["Draft"]) or not shown["Send"]
        self.settled = False

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            self.folder.cleanup()


InStep.TestCase.settings = settings(
    max_examples=EXAMPLES,
    stateful_step_count=12,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking would take minutes
)
TestInStep = InStep.TestCase
