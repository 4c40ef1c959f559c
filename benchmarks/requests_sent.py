"""How many requests and bytes a run takes, beside two other scripts that do the same work on the same server."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import gettempdir
from typing import Any, NamedTuple
from unittest.mock import patch

from sheets_server import ALWAYS, Book, SheetsServer

from benchmarks.measure import SHEETFLOW, cost, progress
from benchmarks.page import Part, size, span
from benchmarks.peers import careful, usual
from benchmarks.tracker import DAY_AFTER, FIRST_RUN, rows

LATENCY = 0.1
"""Seconds a request."""
QUOTA = 60
"""Reads a minute, and writes a minute: what Google allows one user."""
DRIVE = "https://www.googleapis.com/auth/drive"
"""What gspread asks for besides the spreadsheets."""
MOST = 1000
"""Updates that the usual script really sends; of more, every n-th is sent and the figures are multiplied by n."""
DAYS = (("first run", FIRST_RUN), ("1 % changed", DAY_AFTER), ("unchanged", DAY_AFTER))

Cells = dict[tuple[int, int], str]


class Clock:
    """A clock that moves with every request and every wait, and by nothing else."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """Seconds since the beginning."""
        return self.now

    def move(self, seconds: float = LATENCY) -> None:
        """Let time pass."""
        self.now += seconds


class Traffic(NamedTuple):
    """What one run sent and received, and how long Google kept it waiting."""

    reads: float
    writes: float
    up: float
    down: float
    packed: float
    """Bytes down as they travel, compressed."""
    waiting: float
    whole: bool = True

    def times(self, factor: float, base: Traffic) -> Traffic:
        """What the run would be with ``factor`` times what it does beyond ``base``, an empty run."""
        grown = [b + (a - b) * factor for a, b in zip(self[:6], base[:6], strict=True)]
        return Traffic(*grown, whole=factor == 1)


def measure(sizes: tuple[int, ...], repeats: int) -> Part:
    """The table of requests."""
    table = []
    for count in sizes:
        seen: dict[tuple[str, str], list[Traffic]] = {}
        for number in range(repeats):
            progress(f"requests: {count:,} rows, round {number + 1}")
            for who, day, traffic in _round(count):
                seen.setdefault((day, who), []).append(traffic)
        for (day, who), runs in sorted(seen.items(), key=lambda item: [d for d, _ in DAYS].index(item[0][0])):
            table.append([f"{count:,}", day, who, *_cells(runs), _times(runs, seen[day, "sheetflow"])])
    return Part("Requests", _ABOUT.format(most=MOST, repeats=repeats), _HEADER, table)


_HEADER = ("rows", "day", "script", "reads", "writes", "bytes up", "bytes down", "compressed", "waiting", "waiting ×")
_ABOUT = """\
What a run sends to Google and gets back, beside two scripts in `benchmarks/peers/` that were written for this
comparison: *usual* fetches the records, updates cell by cell and colours row by row; *careful* sends all values in one
request and all colours in another. Both are told which cells to write, so all three write the same ones. All use the
same server, which answers as Google does and keeps its quota of 60 reads and 60 writes a minute. *Waiting* is on a
**virtual clock** that moves 100 ms with every request (signing in is one) and by what a script waits when it is over
the quota; computing is not in it. Refused requests count. Both peers wait with gspread's own back-off, without which
*usual* would stop at the 61st write. Bytes are those of the bodies; *compressed* is the way down as it travels.
*Waiting ×* is how many times sheetflow's waiting a script waits. Medians of {repeats} round(s), with the spread where
the rounds differ; ≈: of more than {most:,} updates every n-th was sent, and the figures multiplied by n."""


def _cells(runs: list[Traffic]) -> Iterator[str]:
    for name, show in zip(Traffic._fields[:6], (_count, _count, size, size, size, span), strict=True):
        values = [getattr(run, name) for run in runs]
        text = ("" if runs[0].whole else "≈ ") + show(median(values))
        yield text if min(values) == max(values) else f"{text} ({show(min(values))}–{show(max(values))})"


def _count(number: float) -> str:
    return f"{number:,.0f}"


def _times(runs: list[Traffic], ours: list[Traffic]) -> str:
    return f"{median(a.waiting / b.waiting for a, b in zip(runs, ours, strict=True)):,.1f}"


def _round(count: int) -> Iterator[tuple[str, str, Traffic]]:
    """All three scripts on sheets of their own through all days; yields script, day and traffic."""
    work: list[tuple[Cells, dict[int, str]]] = []
    with _served(count) as (server, clock, book):
        before = _texts(book)
        for day, now in DAYS:
            traffic = _traffic(server, clock, lambda now=now: _sheetflow(server, book, now))
            yield "sheetflow", day, traffic
            after = _texts(book)
            work.append(_difference(before, after))
            before = after
    for who, update in (("usual", usual.update), ("careful", careful.update)):
        with _served(count) as (server, clock, book):
            for (day, _), (cells, flags) in zip(DAYS, work, strict=True):
                yield who, day, _peer(server, clock, book, who, update, cells, flags)


@contextmanager
def _served(count: int) -> Iterator[tuple[SheetsServer, Clock, Book]]:
    clock = Clock()
    with SheetsServer(quota=QUOTA, quota_clock=clock, scopes={DRIVE}) as server:
        book = server.add_spreadsheet(rows=rows(count), grid=(count + 1, 30), time_zone="Etc/GMT")
        for kind in ("token", "read", "write"):
            server.before(kind, ALWAYS, clock.move)
        yield server, clock, book
        assert not server.errors, server.errors
        assert not server.strangers, server.strangers


def _traffic(server: SheetsServer, clock: Clock, run: Callable[[], object]) -> Traffic:
    server.forget()
    clock.now = start = 60 * (clock.now // 60 + 2)  # a fresh minute of quota
    run()
    api = server.exchanges("read") + server.exchanges("write")
    up, down = (sum(len(getattr(one, part)) for one in api) for part in ("request", "response"))
    packed = sum(len(gzip.compress(one.response, 1)) for one in api)
    return Traffic(server.reads, server.writes, up, down, packed, clock.now - start)


def _sheetflow(server: SheetsServer, book: Book, now: str) -> None:
    cost([*SHEETFLOW, "run", "--now", now], Path(gettempdir()), server.environment(book))


def _peer(
    server: SheetsServer, clock: Clock, book: Book, who: str, update: Callable[..., None], cells: Cells,
    flags: Mapping[int, str],
) -> Traffic:  # fmt: skip
    """A peer's traffic; the usual script's is multiplied from a part when there is too much of it."""
    variables = server.environment(book)
    key: dict[str, Any] = json.loads(variables["GOOGLE_CREDENTIALS"])
    with patch.dict(os.environ, variables), patch("gspread.http_client.time.sleep", clock.move):

        def send(cells: Cells, flags: Mapping[int, str]) -> Traffic:
            return _traffic(server, clock, lambda: update(key, book.id, cells, flags))

        step = -(-(len(cells) + len(flags)) // MOST) if who == "usual" else 1
        if step <= 1:
            return send(cells, flags)
        empty = send({}, {})
        some = send(dict(list(cells.items())[::step]), dict(list(flags.items())[::step]))
        with patch("gspread.http_client.time.sleep", lambda _: clock.move(60)):
            careful.update(key, book.id, cells, flags)  # so that the next day starts from the same sheet
        factor = (len(cells) + len(flags)) / (len(range(0, len(cells), step)) + len(range(0, len(flags), step)))
        return some.times(factor, empty)


def _texts(book: Book) -> Cells:
    """What stands in the sheet, 1-based, as a person would type it."""
    return {(row + 1, column + 1): _text(cell) for row, column, cell in book["Sheet1"] if "userEnteredValue" in cell}


def _text(cell: dict[str, Any]) -> str:
    value = cell["userEnteredValue"]
    if "numberValue" in value:
        moment = datetime(1899, 12, 30) + timedelta(days=value["numberValue"])  # noqa: DTZ001 - wall clock
        return date.isoformat(moment) if moment.time() == datetime.min.time() else f"{moment:%Y-%m-%d %H:%M}"
    links = [run.get("format", {}).get("link", {}).get("uri", "") for run in cell.get("textFormatRuns", [])]
    return "\n".join(filter(None, links)) or str(next(iter(value.values())))


def _difference(before: Cells, after: Cells) -> tuple[Cells, dict[int, str]]:
    """The cells that differ, and of the Flag column the rows that a script would colour."""
    cells = {
        place: after.get(place, "") for place in sorted({*before, *after}) if before.get(place) != after.get(place)
    }
    flag = next(column for (row, column), text in after.items() if row == 1 and text == "Flag")
    return cells, {row: text for (row, column), text in cells.items() if column == flag and row > 1}
