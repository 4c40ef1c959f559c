"""Running programs and counting what they cost. Nothing here knows what is being measured."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, TypeVar

ROOT = Path(__file__).parent.parent
SHEETFLOW = (sys.executable, "-m", "sheetflow")

_PRIVATE = ("CI", "GITHUB_", "SHEETFLOW_", "GOOGLE_", "PYTHON", "COVERAGE", "NO_COLOR")
"""The beginnings of variables that would change what is measured."""


class Cost(NamedTuple):
    """What one run of a program took."""

    seconds: float
    cpu: float
    """Seconds of processor time, of all its threads."""
    peak: float
    """Megabytes of memory at most."""


class Figure(NamedTuple):
    """A median and its spread over several runs."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Iterable[float]) -> Figure:
        """The figure of some values, one per run."""
        values = list(values)
        return cls(statistics.median(values), min(values), max(values))

    def text(self, digits: int = 2) -> str:
        """``1.23 (1.20–1.31)``."""
        return f"{self.median:,.{digits}f} ({self.low:,.{digits}f}–{self.high:,.{digits}f})"


def variables(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment for a measured program: this checkout, UTC, nothing of ours, no output for CI."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_PRIVATE)}
    return {**kept, "PYTHONPATH": str(ROOT), "TZ": "UTC", **(more or {})}


def cost(command: Sequence[str], folder: Path, more: Mapping[str, str] | None = None) -> Cost:
    """Run a program; raises ``RuntimeError`` with its last words when it fails."""
    launcher = [sys.executable, "-S", str(ROOT / "benchmarks" / "launch.py"), *command]
    done = subprocess.run(  # noqa: S603 - our own command
        launcher, cwd=folder, env=variables(more), capture_output=True, text=True, check=False
    )
    seen = json.loads(done.stdout)
    if seen["code"]:
        raise RuntimeError(f"{' '.join(command)} ended with {seen['code']}: {done.stderr[-2000:]}")
    return Cost(seen["seconds"], seen["cpu"], seen["peak"])


Name = TypeVar("Name")


def rounds(count: int, contestants: Mapping[Name, Callable[[], Cost]]) -> dict[Name, list[Cost]]:
    """Each contestant once per round, one after the other, so that all meet the same machine."""
    seen: dict[Name, list[Cost]] = {name: [] for name in contestants}
    for _ in range(count):
        for name, run in contestants.items():
            seen[name].append(run())
    return seen


def ratio(ours: Sequence[Cost], theirs: Sequence[Cost], of: str = "seconds") -> Figure:
    """How many times theirs ours is, taken within each round."""
    return Figure.of(getattr(a, of) / getattr(b, of) for a, b in zip(ours, theirs, strict=True))


def progress(text: str) -> None:
    """Say what is being done, apart from the results."""
    print(f"  {text}", file=sys.stderr, flush=True)
