"""Where the time of a run goes, from samples of what it is doing."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from benchmarks.measure import cost
from benchmarks.page import Part

Samples = Mapping[tuple[str, str], float]
"""(What is going on, whose code does it) -> seconds of processor time."""


def sample(arguments: Sequence[str], folder: Path, variables: Mapping[str, str] | None = None) -> Samples:
    """Run sheetflow under the sampler."""
    target = folder / "samples.json"
    cost([sys.executable, "-m", "benchmarks.sampler", str(target), *arguments], folder, variables)
    return {(stage, owner): seconds for stage, owner, seconds in json.loads(target.read_text(encoding="utf-8"))}


def part(title: str, runs: Mapping[str, Samples], verdicts: Sequence[str] = (), more: str = "") -> Part:
    """A table: for each run the share of each stage, and of whose code it is; ``more`` to be known about it."""
    rows = [*_rows(runs, 0), ["", *("" for _ in runs)], *_rows(runs, 1)]
    rows.append(["**all, seconds**", *(f"{sum(samples.values()):.2f}" for samples in runs.values())])
    return Part(title, _ABOUT + more, ("share of the processor time", *runs), rows, verdicts)


def inside(samples: Samples, owners: Collection[str]) -> float:
    """The share of the time that is spent in some owners' code."""
    sums = _sums(samples, 1)
    return sum(sums[owner] for owner in owners)


_ABOUT = """\
From one run each under a sampler, which looks a thousand times a second of processor time: above by what is going on,
below by whose code is running (a regular expression or a string method that sheetflow calls counts as sheetflow)."""


def _rows(runs: Mapping[str, Samples], which: int) -> list[list[str]]:
    sums = {name: _sums(samples, which) for name, samples in runs.items()}
    names = sum(sums.values(), Counter())
    return [[name, *(f"{seen[name]:.0%}" for seen in sums.values())] for name, _ in names.most_common()]


def _sums(samples: Samples, which: int) -> Counter[str]:
    whole = sum(samples.values())
    sums: Counter[str] = Counter()
    for key, seconds in samples.items():
        sums[key[which]] += seconds / whole
    return sums
