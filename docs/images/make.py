"""The README's picture: the sample after one run, as LibreOffice shows it on a 1,440 x 900 screen.

``python docs/images/make.py`` writes ``tracker.png`` (the first screen of the tracker, and the tab To send below it)
and ``tracker.sha256``, the fingerprint of what the picture shows; ``tests/test_docs.py`` fails when that has changed
since. Needs LibreOffice Calc, Xvfb, xdotool and ImageMagick
(``apt-get install libreoffice-calc xvfb xdotool imagemagick fonts-liberation fonts-noto-cjk``).
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

from click.testing import CliRunner

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
NOW = "2026-11-24T12:17"
SIZE = "1440x900x24"
DISPLAY = ":97"
SHOWN = ("xl/worksheets/", "xl/styles.xml")
"""The parts of the workbook that the picture shows."""


def workbook(folder: Path) -> Path:
    """The sample after the README's command, at a fixed moment."""
    from sheetflow.cli import main

    path = folder / "tracker.xlsx"
    arguments = ["run", str(ROOT / "sample_sheet.csv"), "-o", str(path), "--now", NOW, "--time-zone", "Europe/London"]
    result = CliRunner().invoke(main, [*arguments, "--name", "Sam Lee"], env={"CI": "", "GITHUB_ACTIONS": ""})
    if result.exit_code:
        raise SystemExit(result.output)
    return path


def fingerprint(path: Path) -> str:
    """What tells whether two workbooks look alike: their cells and styles."""
    with zipfile.ZipFile(path) as archive:
        parts = sorted(name for name in archive.namelist() if name.startswith(SHOWN))
        return hashlib.sha256(b"\0".join(archive.read(name) for name in parts)).hexdigest()


def photograph(path: Path, folder: Path) -> None:
    """Two screens of LibreOffice, one below the other."""
    environment = {**os.environ, "DISPLAY": DISPLAY, "HOME": str(folder), "SAL_USE_VCLPLUGIN": "gen"}

    def run(*command: str) -> None:
        subprocess.run(command, check=True, env=environment)  # noqa: S603

    screen = subprocess.Popen(["Xvfb", DISPLAY, "-screen", "0", SIZE], stderr=subprocess.DEVNULL)  # noqa: S603, S607
    office = None
    try:
        time.sleep(1)
        command = ["soffice", "--nologo", "--norestore", "--calc", str(path)]
        office = subprocess.Popen(command, env=environment)  # noqa: S603
        time.sleep(25)
        run("xdotool", "key", "Escape")
        run("sh", "-c", "xdotool search --onlyvisible --name tracker windowsize 1440 900 windowmove 0 0 || true")
        time.sleep(3)
        run("import", "-window", "root", str(folder / "1.png"))
        run("xdotool", "key", "ctrl+Next")
        time.sleep(3)
        run("import", "-window", "root", str(folder / "2.png"))
    finally:
        if office:
            subprocess.run(["pkill", "-f", "soffice"], check=False)  # noqa: S607
            office.wait()
        screen.terminate()
        screen.wait()
    run_append = ["convert", str(folder / "1.png"), str(folder / "2.png"), "-append", "-colors", "64"]
    subprocess.run([*run_append, str(HERE / "tracker.png")], check=True)  # noqa: S603


def main() -> None:
    """Make the picture and write down what it shows."""
    with tempfile.TemporaryDirectory() as folder:
        path = workbook(Path(folder))
        if "--fingerprint" not in sys.argv:
            photograph(path, Path(folder))
        (HERE / "tracker.sha256").write_text(fingerprint(path) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
