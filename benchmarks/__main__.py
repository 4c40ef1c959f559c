"""``python -m benchmarks``: measure everything, print it, and write ``docs/performance.md``."""

from __future__ import annotations

import argparse
import importlib.metadata
import os
import platform
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks import floor, mail, requests_sent, scale, start
from benchmarks.measure import ROOT, progress
from benchmarks.page import Part

PAGE = ROOT / "docs" / "performance.md"
LIBRARIES = ("pandas", "numpy", "Jinja2", "lxml", "gspread", "google-auth", "click")


def parts(quick: bool) -> dict[str, Callable[[], list[Part]]]:
    """The questions, each by the name that ``--only`` takes."""
    if quick:
        return {
            "requests": lambda: [requests_sent.measure((100,), 1)],
            "floor": lambda: floor.measure(1000, 2),
            "files": lambda: scale.measure((300, 1000), 2, 1000),
            "start": lambda: [start.measure(3)],
            "mail": lambda: [mail.measure(1000, 40, 1)],
        }
    return {
        "requests": lambda: [requests_sent.measure((100, 1000, 10_000), 2)],
        "floor": lambda: floor.measure(10_000, 5),
        "files": lambda: scale.measure((1000, 10_000, 100_000), 3, 100_000),
        "start": lambda: [start.measure(15)],
        "mail": lambda: [mail.measure(20_000, 40, 3)],
    }


def main() -> None:
    """Measure, print, write."""
    options = _options()
    begun, wanted = time.monotonic(), parts(options.quick)
    measured: list[Part] = []
    for name in options.only or wanted:
        for part in wanted[name]():
            measured.append(part)
            print(part.markdown(), flush=True)
    minutes = (time.monotonic() - begun) / 60
    progress(f"done in {minutes:.1f} minutes")
    target = options.output or (None if options.quick or options.only else PAGE)
    if target:
        target.write_text(_page(measured, minutes), encoding="utf-8")
        progress(f"written to {target}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sheets and few rounds; writes no page")
    parser.add_argument("--only", action="append", choices=list(parts(quick=True)), help="one question; writes no page")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="write the page elsewhere")
    return parser.parse_args()


def _page(measured: list[Part], minutes: float) -> str:
    goals = [verdict for part in measured for verdict in part.verdicts]
    return "\n".join(
        [_TOP.format(machine=_machine(), minutes=minutes), *_summary(goals), *(p.markdown() for p in measured)]
    )


def _summary(goals: list[str]) -> Iterator[str]:
    missed = [goal for goal in goals if goal.endswith("**Missed.**")]
    yield f"{len(goals) - len(missed)} of {len(goals)} goals are met." + (" Missed:\n" if missed else "\n")
    if missed:
        yield "\n".join(f"- {goal}" for goal in missed) + "\n"


def _machine() -> str:
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in LIBRARIES)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    processor = next(
        (line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")),
        platform.machine(),
    )
    return f"{processor}, {cores} cores, {platform.system()}, Python {platform.python_version()}; {versions}"


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text(encoding="utf-8").splitlines()
    except OSError:
        return []


_TOP = """\
# Performance

Made by one command, which measures everything anew and writes this page:

```sh
.venv/bin/python -m benchmarks   # --quick tries it on small sheets and writes nothing
```

Measured on: {machine}.

It took {minutes:.0f} minutes. Seconds are that machine's; the ratios travel better, since both
sides of each were taken in the same round, one right after the other. The trackers are made up
(`benchmarks/tracker.py`): every situation of the sample in turn, so that half of the rows carry a draft. Nobody's real
tracker has a thousand drafts; it is the hard case.
"""

if __name__ == "__main__":
    sys.exit(main())
