"""How long one waits for an answer: ``--help``, and a plan for a short tracker, beside the imports that they need."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.measure import SHEETFLOW, Figure, cost, progress, ratio, rounds
from benchmarks.page import Part, verdict
from benchmarks.tracker import FIRST_RUN, as_csv

GOAL = 2.0
"""``--help`` may take so many times a bare ``import click``."""
ROWS = 24

_HELP, _PLAN, _CLICK = "sheetflow --help", f"sheetflow plan, a .csv of {ROWS} rows", "import click"
_PANDAS, _LIBRARIES = "import pandas", "import click, pandas, jinja2"


def measure(repeats: int) -> Part:
    """The table of start-up times."""
    progress("start-up")
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "tracker.csv").write_text(as_csv(ROWS), encoding="utf-8")
        commands = {
            "python -c pass": [sys.executable, "-c", "pass"],
            **{text: [sys.executable, "-c", text] for text in (_CLICK, _PANDAS, _LIBRARIES)},
            _HELP: [*SHEETFLOW, "--help"],
            _PLAN: [*SHEETFLOW, "plan", "tracker.csv", "--now", FIRST_RUN],
        }
        runs = rounds(repeats, {text: partial(cost, command, folder) for text, command in commands.items()})
    times = {_HELP: ratio(runs[_HELP], runs[_CLICK]), _PLAN: ratio(runs[_PLAN], runs[_LIBRARIES])}
    beside = {_HELP: f" × {_CLICK}", _PLAN: f" × {_LIBRARIES}"}
    rows = [
        [
            f"`{text}`",
            Figure.of(1000 * run.seconds for run in seen).text(0),
            Figure.of(run.peak for run in seen).text(0),
            times[text].text() + beside[text] if text in times else "",
        ]
        for text, seen in runs.items()
    ]
    reached = f"{times[_HELP].median:.2f} ×"
    goal = verdict(f"`--help` within {GOAL:g} × a bare `import click`", reached, times[_HELP].median <= GOAL)
    return Part("Start-up", _ABOUT.format(repeats=repeats), ("command", "ms", "peak MB", "ratio"), rows, [goal])


_ABOUT = """\
Whole processes, start of Python included. Medians of {repeats} rounds (lowest–highest), the ratios taken within each
round."""
