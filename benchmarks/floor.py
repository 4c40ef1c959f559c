"""How far a whole run is from the least that it could be: the same requests and answers, and nothing else."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from sheets_server import Book, Exchange, Fault, SheetsServer

from benchmarks import shares
from benchmarks.measure import SHEETFLOW, Cost, Figure, cost, progress, ratio, rounds
from benchmarks.page import Part, size, verdict
from benchmarks.tracker import DAY_AFTER, FIRST_RUN, rows

Result = TypeVar("Result")

DAYS = (("first run", FIRST_RUN, 2.0), ("1 % changed", DAY_AFTER, 1.5), ("unchanged", DAY_AFTER, None))
"""A name, the time of the run, and how many times the floor it may take."""


def measure(count: int, repeats: int) -> list[Part]:
    """The table of the floor, and where the time of each run goes."""
    table, verdicts, samples = [], [], {}
    with TemporaryDirectory() as name, SheetsServer() as server:
        folder = Path(name)
        book = server.add_spreadsheet(rows=rows(count), grid=(count + 1, 30))
        variables = server.environment(book)
        for day, now, goal in DAYS:
            progress(f"floor: {count:,} rows, {day}")
            command = [*SHEETFLOW, "run", "--now", now]
            server.calm()
            server.forget()
            cost(command, folder, variables)
            exchanges = server.exchanges("read") + server.exchanges("write")
            least = [sys.executable, "-m", "benchmarks.floor_client", _keep(exchanges, folder), book.id]
            again = _Again(server, book, exchanges)
            seen = rounds(
                repeats,
                {
                    "sheetflow": again.played(lambda command=command: cost(command, folder, variables)),
                    "floor": again.played(lambda least=least: cost(least, folder, variables)),
                },
            )
            times = {of: ratio(seen["sheetflow"], seen["floor"], of) for of in ("seconds", "cpu")}
            for who, runs in seen.items():
                table.append(
                    [day, who, *_cells(runs), *(times[of].text() if who == "sheetflow" else "" for of in times)]
                )
            if goal:
                reached = f"{times['seconds'].median:.2f} × on the clock, {times['cpu'].median:.2f} × in processor time"
                verdicts.append(
                    verdict(f"{day}, within {goal} × the floor", reached, max(t.median for t in times.values()) <= goal)
                )
            sampled = again.played(lambda now=now: shares.sample(["run", "--now", now], folder, variables))
            samples[day] = sampled()
    about = _ABOUT.format(count=count, repeats=repeats, read=size(len(exchanges[0].response)))
    return [
        Part(f"The floor: {count:,} rows in Google Sheets", about, _HEADER, table, verdicts),
        shares.part(f"Where a run on {count:,} rows of a Google Sheet spends its time", samples),
    ]


_HEADER = ("day", "program", "seconds", "processor s", "peak MB", "× floor, clock", "× floor, processor")
_ABOUT = """\
The *floor* is a script that imports the same libraries, sends the same read and the same writes byte for byte, parses
the answers and does nothing else. Both programs are whole processes; the server plays back recorded answers (the read
of the last day is {read}) so that its own computing is not in the times, and no latency is added, which would only
bring the two closer. Medians of {repeats} rounds (lowest–highest), the ratios taken within each round."""


def _cells(runs: list[Cost]) -> tuple[str, str, str]:
    return (
        Figure.of(run.seconds for run in runs).text(),
        Figure.of(run.cpu for run in runs).text(),
        Figure.of(run.peak for run in runs).text(0),
    )


def _keep(exchanges: list[Exchange], folder: Path) -> str:
    """Lay the bodies of requests ready for the floor; returns the folder."""
    sent = [("get" if one.kind == "read" else "post", one.query["fields"][0]) for one in exchanges]
    (folder / "sent.json").write_text(json.dumps(sent))
    for number, one in enumerate(exchanges):
        (folder / f"{number}.body").write_bytes(one.request)
    return str(folder)


class _Again:
    """The server with a run's answers played back instead of worked out."""

    def __init__(self, server: SheetsServer, book: Book, exchanges: list[Exchange]) -> None:
        self.server, self.book, self.exchanges = server, book, exchanges

    def played(self, run: Callable[[], Result]) -> Callable[[], Result]:
        """The same run, on the recorded answers; it must ask for neither more nor less than was recorded."""

        def again() -> Result:
            self.server.calm()
            self.server.forget()
            for kind in ("read", "write"):
                recorded = [one for one in self.exchanges if one.kind == kind]
                for number, one in enumerate(recorded, start=1):
                    self.server.fault(kind, number, Fault(200, one.response))
            result = run()
            now = self.server.exchanges("read") + self.server.exchanges("write")
            assert [one.request for one in now] == [one.request for one in self.exchanges], "not the same requests"
            return result

        return again
