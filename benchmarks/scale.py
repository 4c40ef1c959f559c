"""How time and memory grow with the rows of a local file."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from openpyxl import Workbook

from benchmarks import shares
from benchmarks.measure import SHEETFLOW, Cost, Figure, cost, progress, rounds
from benchmarks.page import Part, verdict
from benchmarks.tracker import FIRST_RUN, as_csv, typed_rows

SECONDS, MEGABYTES, ROWS, EXPONENT = 8, 700, 100_000, 1.1
"""The goals: seconds and memory for so many rows of a .csv, and growth."""

FORMATS = ("csv", "lxml", "xml", "zip", "pandas and numpy", "Jinja2")
"""Whose code is to take most of what remains."""
MOST_SAMPLED = {"csv": 100_000, "xlsx": 10_000}
"""Rows of the files whose time is looked into: a workbook of more takes long and shows the same."""


class Case(NamedTuple):
    """One way to run on a local file; in place on a copy of ``source``."""

    title: str
    source: str
    again: bool = False
    """The tracker is up to date already."""


CASES = (
    Case(".csv, first run", "csv"),
    Case(".csv, unchanged", "csv", again=True),
    Case(".xlsx, first run", "xlsx"),
    Case(".xlsx, unchanged", "xlsx", again=True),
)


def measure(sizes: tuple[int, ...], repeats: int, most_xlsx: int) -> list[Part]:
    """The table of sizes and the table of where the time goes."""
    most, table, verdicts, samples = max(sizes), [], [], {}
    with TemporaryDirectory() as name:
        folder = Path(name)
        for case in CASES:
            counts = [count for count in sizes if case.source == "csv" or count <= most_xlsx]
            progress(f"files: {case.title}, up to {counts[-1]:,} rows")
            runs = rounds(repeats, {count: partial(_run, folder, case, count) for count in (1, *counts)})
            before = 0
            for count in counts:
                exponent = _exponent(runs, before, count) if before else None
                table.append(
                    [case.title, f"{count:,}", *_cells(count, runs[count]), exponent.text() if exponent else ""]
                )
                verdicts += _verdicts(case, count, runs[count], exponent)
                before = count
            looked_at = min(counts[-1], MOST_SAMPLED[case.source])
            sampled = shares.sample(_command(_copied(folder, case, looked_at)), folder)
            samples[f"{case.title}, {looked_at:,} rows"] = sampled
    return [
        Part(f"Local files, up to {most:,} rows", _ABOUT.format(repeats=repeats), _HEADER, table, verdicts),
        shares.part("Where a run on a file spends its time", samples, _inside(samples), _WHY),
    ]


_WHY = """

What a .csv's first run does is make the notes: half of the rows get one, each with its own greeting, links and
fingerprint. The csv module and Jinja2 are quick at their parts of that, so their share is small."""


def _inside(samples: Mapping[str, shares.Samples]) -> list[str]:
    """Whether the libraries take most of a first run."""
    found = {title: shares.inside(seen, FORMATS) for title, seen in samples.items() if "first run" in title}
    goal = "most of the time inside the csv module, lxml, xml and zip, pandas or Jinja2"
    return [verdict(f"{title}, {goal}", f"{share:.0%}", share > 0.5) for title, share in found.items()]


_HEADER = ("file", "rows", "seconds", "processor s", "peak MB", "rows a second", "exponent")
_ABOUT = """\
`sheetflow run` in place, as a whole process, start-up included: *first run* on a tracker with nothing but the person's
columns, *unchanged* on one that is up to date. Medians of {repeats} rounds (lowest–highest).
*Exponent* is that of the growth since the line above, in processor time without that of a tracker of one row:
1.00 is in proportion to the rows."""


def _run(folder: Path, case: Case, count: int) -> Cost:
    """Measure one run; the first result of a first run is kept, to be found unchanged later."""
    copy, done = _copied(folder, case, count), _done(folder, case, count)
    seen = cost([*SHEETFLOW, *_command(copy)], folder)
    if not done.exists():
        copy.rename(done)
    return seen


def _command(file: Path) -> list[str]:
    return ["run", str(file), "--now", FIRST_RUN]


def _done(folder: Path, case: Case, count: int) -> Path:
    return folder / f"done-{count}.{case.source}"


def _copied(folder: Path, case: Case, count: int) -> Path:
    """A fresh copy of a case's tracker."""
    source = _done(folder, case, count) if case.again else folder / f"made-{count}.{case.source}"
    if not source.exists():
        _make(source, count)
    copy = folder / f"tracker.{case.source}"
    copy.write_bytes(source.read_bytes())
    return copy


def _make(file: Path, count: int) -> None:
    if file.suffix == ".csv":
        file.write_text(as_csv(count), encoding="utf-8")
        return
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Interviews")
    for row in typed_rows(count):
        sheet.append(row)
    book.save(file)


def _cells(count: int, runs: list[Cost]) -> tuple[str, str, str, str]:
    return (
        Figure.of(run.seconds for run in runs).text(),
        Figure.of(run.cpu for run in runs).text(),
        Figure.of(run.peak for run in runs).text(0),
        Figure.of(count / run.seconds for run in runs).text(0),
    )


def _exponent(runs: Mapping[int, list[Cost]], fewer: int, more: int) -> Figure:
    """The exponent of growth between two sizes, each round by itself, without the time that one row takes."""
    return Figure.of(
        math.log(max(large.cpu - fixed.cpu, 0.01) / max(small.cpu - fixed.cpu, 0.01)) / math.log(more / fewer)
        for fixed, small, large in zip(runs[1], runs[fewer], runs[more], strict=True)
    )


def _verdicts(case: Case, count: int, runs: list[Cost], exponent: Figure | None) -> list[str]:
    """The goals that are about this line."""
    found = []
    if count == ROWS and case.source == "csv" and not case.again:
        seconds, peak = (Figure.of(getattr(run, of) for run in runs).median for of in ("seconds", "peak"))
        goal = f"{case.title}, {ROWS:,} rows in under {SECONDS} s and {MEGABYTES} MB"
        found.append(verdict(goal, f"{seconds:.1f} s and {peak:.0f} MB", seconds < SECONDS and peak < MEGABYTES))
    if count == ROWS and exponent:
        goal = f"{case.title}, growth with an exponent of at most {EXPONENT}"
        found.append(verdict(goal, f"{exponent.median:.2f}", exponent.median <= EXPONENT))
    return found
