"""Whether the wheel alone is enough: installed into an empty environment, run in an empty folder, as uvx and pipx do.

python .ci/try_wheel.py dist/sheetflow-1.0.0-py3-none-any.whl
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

SAMPLE = Path(__file__).parent.parent / "sample_sheet.csv"
COMMANDS = (
    "--version",
    "--help",
    "run sample_sheet.csv -o tracker.xlsx",
    "run tracker.xlsx",
    "plan tracker.xlsx",
    "run sample_sheet.csv",
    "doctor tracker.xlsx --json",
    "init mine.xlsx",
    "run mine.xlsx",
)
"""What is called, one after the other; ``doctor`` finds the sample's bad date and says so with 1."""


def main() -> None:
    """Install the wheel and call every command; the first that fails ends it."""
    wheel = Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        venv.create(folder / "venv", with_pip=True)
        tools = folder / "venv" / ("Scripts" if os.name == "nt" else "bin")
        call([tools / "python", "-m", "pip", "install", "--quiet", wheel], folder)
        place = folder / "empty"
        place.mkdir()
        shutil.copy(SAMPLE, place)
        for command in COMMANDS:
            call([tools / "sheetflow", *command.split()], place, fine=(0, 1) if command.startswith("doctor") else (0,))
    print("The wheel is enough.")


def call(command: list[str | Path], folder: Path, fine: tuple[int, ...] = (0,)) -> None:
    """Call a command in a folder, without what this environment would lend it."""
    bare = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "SHEETFLOW", "VIRTUAL"))}
    words = [str(word) for word in command]
    print("$", *words, flush=True)
    done = subprocess.run(words, cwd=folder, env=bare, check=False)  # noqa: S603 - the words above
    if done.returncode not in fine:
        sys.exit(f"It came back with {done.returncode}.")


if __name__ == "__main__":
    main()
