"""``python -m benchmarks.sampler FILE ARGUMENT…``: run sheetflow and note what it is doing.

It looks a thousand times in a second of processor time. Every sample counts for the time since the last one, so a long
call into a library counts in full. The garbage collector's time is counted apart, wherever it struck.
"""

from __future__ import annotations

import gc
import json
import signal
import sys
import time
from collections import Counter
from pathlib import Path
from types import FrameType

STAGES = {
    ("backends", "read"): "reading",
    ("backends", "apply"): "writing",
    ("sheetflow", "load_templates"): "compiling the templates",
    ("sheetflow", "find_header"): "typing the cells",
    ("sheetflow", "parse"): "typing the cells",
    ("sheetflow", "assess"): "the rules and Why",
    ("sheetflow", "write"): "the notes",
    ("sheetflow", "diff"): "comparing",
    ("sheetflow", "refuse_if_unsafe"): "comparing",
    ("sheetflow", "terminal"): "reporting",
    ("sheetflow", "_summarise"): "reporting",
}
"""The folder of a file and a function in it -> what is going on inside."""
LIBRARIES = {
    "pandas": "pandas and numpy", "numpy": "pandas and numpy", "jinja2": "Jinja2", "lxml": "lxml",
    "requests": "the network", "urllib3": "the network", "gspread": "the network",
    "google": "the network", "click": "click",
}  # fmt: skip
STANDARD = {"json": "json", "http": "the network", "ssl.py": "the network", "socket.py": "the network",
            "gzip.py": "zip", "zipfile.py": "zip", "zipfile": "zip", "xml": "xml", "csv.py": "csv"}  # fmt: skip
C_CODE = {("file.py", "_records"): "csv"}
"""Functions of ours in which a library in C does the work: the loop over a csv.reader."""


class Sampler:
    """Counts processor time by (stage, whose code)."""

    def __init__(self) -> None:
        self.seconds: Counter[tuple[str, str]] = Counter()
        self.last = time.process_time()
        self.collecting = self.before = 0.0

    def start(self) -> None:
        """Begin to take samples."""
        signal.signal(signal.SIGPROF, self.take)
        signal.setitimer(signal.ITIMER_PROF, 0.001, 0.001)
        gc.callbacks.append(self.collect)

    def take(self, _: int, frame: FrameType | None) -> None:
        """Note what goes on now."""
        if self.collecting:
            return
        now = time.process_time()
        self.seconds[where(frame)] += now - self.last
        self.last = now

    def collect(self, phase: str, _: dict[str, int]) -> None:
        """Note the garbage collector's time as its own."""
        now = time.process_time()
        if phase == "start":
            self.collecting, self.before = now, now - self.last
        else:
            self.seconds["collecting garbage", "Python's garbage collector"] += now - self.collecting
            self.collecting, self.last = 0.0, now - self.before


def where(frame: FrameType | None) -> tuple[str, str]:
    """What is going on, and whose code is doing it."""
    owner, stage = "", "starting and ending"
    while frame is not None:
        path, name = Path(frame.f_code.co_filename), frame.f_code.co_name
        if "importlib" in str(path):
            return "importing", "imports"
        if path.name != "sampler.py":  # a sample may fall due just as the collector calls
            owner = owner or _owner(path, name)
        stage = STAGES.get((path.parent.name, name), stage)
        frame = frame.f_back
    return stage, owner


def _owner(path: Path, name: str) -> str:
    if path.parts[-2:-1] == ("sheetflow",) or path.parts[-3:-1] == ("sheetflow", "backends"):
        return C_CODE.get((path.name, name), "sheetflow")
    if str(path).startswith("<template"):
        return "Jinja2"
    if "site-packages" in path.parts:
        return LIBRARIES.get(path.parts[path.parts.index("site-packages") + 1], "other libraries")
    return next((STANDARD[part] for part in path.parts[-3:] if part in STANDARD), "Python's own library")


if __name__ == "__main__":
    target = Path(sys.argv[1])
    sampler = Sampler()
    sampler.start()
    from sheetflow.cli import main

    main(sys.argv[2:], standalone_mode=False)
    signal.setitimer(signal.ITIMER_PROF, 0)
    target.write_text(json.dumps([[*key, seconds] for key, seconds in sampler.seconds.items()]), encoding="utf-8")
