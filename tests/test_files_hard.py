"""Whole runs on local files under hard conditions: killed, overtaken, without room, without a right to write.

``test_files.py`` has the replacing of one file; here a .csv and an .xlsx go through everything.
"""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from openpyxl import Workbook
from support import MADRID, NOW, templates

from sheetflow import flow
from sheetflow.backends import open_backend
from sheetflow.backends import replace as files
from sheetflow.backends.base import Options
from sheetflow.errors import Refused, SheetflowError
from sheetflow.plan import Plan
from sheetflow.settings import Settings
from sheetflow.sheet import Sheet

ROWS = [["Company", "Interview", "Interviewers", "Notes"]] + [
    [f"Firm {n}", f"2026-{10 + n % 2}-{1 + n % 19:02d}", f"Pat {n} <pat{n}@firm{n}.example>", "mine"] for n in range(12)
]
LATER = NOW + timedelta(days=9)
SETTINGS = Settings(name="Sam Lee")


def make_csv(path: Path) -> None:
    path.write_text("".join(",".join(row) + "\r\n" for row in ROWS), encoding="utf-8", newline="")


def make_xlsx(path: Path) -> None:
    book = Workbook()
    book.properties.created = datetime(2026, 11, 1)  # noqa: DTZ001 - openpyxl wants it so
    for row in ROWS:
        book.worksheets[0].append(row)
    book.save(path)


@pytest.fixture(params=["csv", "xlsx"])
def tracker(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A tracker alone in a folder."""
    path = tmp_path / "home" / f"tracker.{request.param}"
    path.parent.mkdir()
    (make_csv if request.param == "csv" else make_xlsx)(path)
    return path


def run(path: Path, meanwhile: Callable[[], object] = lambda: None, now: datetime = NOW, **options: Any) -> Plan:
    """A run; ``meanwhile`` happens between its reading and its writing."""

    def settings(_: Sheet) -> Settings:
        meanwhile()
        return SETTINGS

    backend = open_backend(str(path), Options(zone=MADRID, **options))
    return flow.run(backend, now, settings, templates(), copy=bool(options.get("output")))


def alone(path: Path) -> bool:
    return [p.name for p in path.parent.iterdir()] == [path.name]


def command(path: Path, *arguments: str, before: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """The command line in a process of its own; ``before`` is run in it first."""
    program = f"{before}\nfrom sheetflow.cli import main\nmain()"
    return subprocess.run(  # noqa: S603
        [sys.executable, "-c", program, "run", str(path), "--now", "2026-11-20T15:00", "--name", "Sam Lee",
         "--time-zone", "Europe/Madrid", *arguments],
        capture_output=True, text=True, encoding="utf-8", check=False, timeout=120, cwd=path.parent,
        env={**os.environ, "CI": "", "GITHUB_ACTIONS": "", "GITHUB_STEP_SUMMARY": "", **environment},
    )  # fmt: skip


def one_line(done: subprocess.CompletedProcess[str]) -> str:
    """The one line that a failed command says."""
    (line,) = done.stderr.splitlines()
    assert line.startswith("Error: ")
    assert done.stdout == ""
    return line


# --- killed ------------------------------------------------------------------------------------------------------

KILLER = """
import os, random, signal, sys, time
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from test_files_hard import LATER, NOW, run
from sheetflow.backends import replace as files

path, kills = Path(sys.argv[1]), int(sys.argv[2])
temporary = Path(os.environ["TMPDIR"])
states = set()
began = time.monotonic()
for now in (NOW, LATER) * 3:
    run(path, now=now)
    states.add(path.read_bytes())
length = (time.monotonic() - began) / 6
chance = random.Random(os.environ["CHANCE"])
unnamed = files._write_unnamed
for kill in range(kills):
    # Every other time as where a file without a name cannot be had: what is half written has a name then.
    files._write_unnamed = unnamed if kill % 2 else lambda *_: False
    child = os.fork()
    if not child:
        while True:
            run(path, now=LATER)
            run(path, now=NOW)
    time.sleep(chance.uniform(0, 4 * length))
    os.kill(child, signal.SIGKILL)
    assert os.waitpid(child, 0)[1] == signal.SIGKILL
    assert path.read_bytes() in states, f"kill {kill}: neither the old file nor the new one"
    strange = {p.name for p in path.parent.iterdir()} - {path.name}
    assert all(name.endswith(".sheetflow") for name in strange), strange
    before = path.read_bytes()
    for now in (NOW, LATER):
        run(path, now=now)
        assert path.read_bytes() in states
    assert [p.name for p in path.parent.iterdir()] == [path.name], f"kill {kill}: left lying about"
    assert not list(temporary.iterdir()), f"kill {kill}: left in the temporary folder"
print(len(states), "states", kills, "kills")
"""
KILLS = int(os.environ.get("KILLS", "25"))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_killed_at_any_moment_of_a_run(tracker: Path, tmp_path: Path) -> None:
    """The file is an old or a new one; the next run leaves nothing but the file, also in the temporary folder."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    chance = {"TMPDIR": str(temporary), "CHANCE": os.environ.get("CHANCE", "1")}
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", KILLER, str(tracker), str(KILLS), str(Path(__file__).parent)],
        capture_output=True, text=True, check=False, env={**os.environ, **chance}, timeout=600,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    states, _, kills, _ = done.stdout.split()
    assert int(states) >= 2
    assert int(kills) == KILLS


# --- overtaken ---------------------------------------------------------------------------------------------------

OVERTAKING: dict[str, Callable[[Path], object]] = {
    "saved": lambda path: path.write_bytes(path.read_bytes() + b" "),
    "saved with the same content": lambda path: path.write_bytes(path.read_bytes()),
    "replaced": lambda path: shutil.copy(path, path.with_name("x")) and path.with_name("x").replace(path),
    "replaced, with its old time": lambda path: (
        shutil.copy2(path, path.with_name("x")) and path.with_name("x").replace(path)
    ),
    "emptied": lambda path: path.write_bytes(b""),
}


@pytest.mark.parametrize("how", OVERTAKING)
@pytest.mark.parametrize("when", ["read", "almost replaced"])
def test_a_file_that_changed_since_it_was_read(
    tracker: Path, how: str, when: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = [OVERTAKING[how]]

    def overtake() -> None:
        while left:
            os.utime(tracker, ns=(1, 1))  # clocks of file systems are coarse
            left.pop()(tracker)

    if when == "almost replaced":
        fill = files._fill
        monkeypatch.setattr(files, "_fill", lambda *args: (fill(*args), overtake()))
    os.utime(tracker, ns=(10**18, 10**18))
    theirs = b"" if how == "emptied" else tracker.read_bytes() + (b" " if how == "saved" else b"")
    with pytest.raises(Refused, match="was changed while"):
        run(tracker, overtake if when == "read" else lambda: None)
    assert tracker.read_bytes() == theirs
    assert alone(tracker)


def test_a_file_that_is_gone_is_not_made_anew(tracker: Path) -> None:
    with pytest.raises(SheetflowError, match="cannot be written: No such file"):
        run(tracker, tracker.unlink)
    assert list(tracker.parent.iterdir()) == []


def test_a_folder_that_is_gone(tracker: Path) -> None:
    with pytest.raises(SheetflowError, match="cannot be written: No such file"):
        run(tracker, lambda: shutil.rmtree(tracker.parent))
    assert not tracker.parent.exists()


# --- not to be written -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lock", ["~${}", ".~lock.{}#"])
def test_open_in_another_program(tracker: Path, lock: str) -> None:
    before = tracker.read_bytes()
    there = tracker.with_name(lock.format(tracker.name))
    there.write_bytes(b"")
    with pytest.raises(Refused, match="open in another program") as error:
        run(tracker)
    assert "\n" not in error.value.full
    assert tracker.read_bytes() == before
    assert run(tracker, there.unlink)
    assert alone(tracker)


@pytest.mark.parametrize("lock", ["~${}", ".~lock.{}#"])
def test_opened_in_another_program_meanwhile(tracker: Path, lock: str) -> None:
    before = tracker.read_bytes()
    with pytest.raises(Refused, match="open in another program"):
        run(tracker, tracker.with_name(lock.format(tracker.name)).touch)
    assert tracker.read_bytes() == before


def test_read_only(tracker: Path) -> None:
    before = tracker.read_bytes()
    tracker.chmod(0o444)
    done = command(tracker)
    assert (done.returncode, "is write-protected" in one_line(done)) == (3, True)
    assert (tracker.read_bytes(), tracker.stat().st_mode & 0o777) == (before, 0o444)
    assert alone(tracker)
    other = tracker.with_name(f"other{tracker.suffix}")
    assert command(tracker, "-o", str(other)).returncode == 0
    assert other.exists()
    assert tracker.read_bytes() == before


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_the_right_to_write(tracker: Path) -> None:
    before = tracker.read_bytes()
    tracker.parent.chmod(0o555)
    try:
        with pytest.raises(SheetflowError, match=r"cannot be written: .*as it was before"):
            run(tracker)
    finally:
        tracker.parent.chmod(0o755)
    assert tracker.read_bytes() == before
    assert alone(tracker)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_folder_that_is_not_there(tracker: Path, kind: str) -> None:
    before = tracker.read_bytes()
    with pytest.raises(SheetflowError, match="no folder"):
        run(tracker, output=str(tracker.parent / "nowhere" / f"other.{kind}"))
    with pytest.raises(SheetflowError, match="no file"):
        run(tracker.parent / "nowhere" / tracker.name)
    assert tracker.read_bytes() == before
    assert alone(tracker)


# --- links -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("relative", [True, False])
def test_a_link_to_a_link_to_the_tracker(tracker: Path, tmp_path: Path, relative: bool) -> None:
    middle, link = tmp_path / f"middle{tracker.suffix}", tmp_path / f"link{tracker.suffix}"
    middle.symlink_to(os.path.relpath(tracker, tmp_path) if relative else tracker)
    link.symlink_to(middle.name)
    before = tracker.read_bytes()
    assert run(link)
    assert link.is_symlink()
    assert middle.is_symlink()
    assert tracker.read_bytes() != before
    assert not tracker.is_symlink()
    assert alone(tracker)
    assert {p.name for p in tmp_path.iterdir()} == {"home", middle.name, link.name}
    assert not run(link)


def test_a_link_to_nowhere_and_one_to_itself(tmp_path: Path, tracker: Path) -> None:
    nowhere, circle = tmp_path / f"nowhere{tracker.suffix}", tmp_path / f"circle{tracker.suffix}"
    nowhere.symlink_to(tmp_path / "missing" / "x")
    circle.symlink_to(circle.name)
    with pytest.raises(SheetflowError, match="no file"):
        run(nowhere)
    with pytest.raises(SheetflowError, match="cannot be read"):
        run(circle)
    with pytest.raises(SheetflowError, match="cannot be written: No such file"):
        run(tracker, output=str(nowhere))
    assert nowhere.is_symlink()


# --- no room -----------------------------------------------------------------------------------------------------

SMALL = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))"


@pytest.mark.skipif(sys.platform == "win32", reason="no such limits there")
@pytest.mark.parametrize("copy", [False, True])
def test_a_file_that_may_not_grow_as_large_as_it_must(tracker: Path, tmp_path: Path, copy: bool) -> None:
    """The write breaks off in the middle, as on a disk that is full or over a quota."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    before = tracker.read_bytes()
    output = tracker.with_name(f"other{tracker.suffix}")
    done = command(
        tracker,
        *(["-o", str(output)] if copy else []),
        before=SMALL,
        TMPDIR=str(temporary),
        PYTHONDONTWRITEBYTECODE="1",
    )
    assert done.returncode == 1
    assert "cannot be written: File too large. It is as it was before." in one_line(done)
    assert tracker.read_bytes() == before
    assert alone(tracker)
    assert list(temporary.iterdir()) == []


def failing(step: str, fail: Callable[..., Any]) -> SimpleNamespace:
    """The module ``os``, but one of its functions is another."""
    return SimpleNamespace(**{**vars(os), step: fail})


@pytest.mark.parametrize("step", ["open", "write", "fsync", "fchmod", "link"])
@pytest.mark.parametrize("unnamed", [True, False])
def test_no_room_at_any_step(tracker: Path, monkeypatch: pytest.MonkeyPatch, step: str, unnamed: bool) -> None:
    """Whichever system call fails, the file is the old one or the new one, and what is said is true."""
    if not unnamed:
        monkeypatch.setattr(files, "_write_unnamed", lambda *_: False)
    before, said = tracker.read_bytes(), ""

    def fail(*_: object, **__: object) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(files, "os", failing(step, fail))
        try:
            run(tracker)
        except SheetflowError as error:
            said = error.full
    if said:
        assert said.endswith("cannot be written: No space left on device. It is as it was before.")
        assert tracker.read_bytes() == before
    else:
        assert tracker.read_bytes() != before
    assert alone(tracker)
    assert bool(run(tracker)) == bool(said)


def test_a_file_system_that_cannot_sync_folders(tracker: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some network file systems cannot; by then the new file is there, so nothing has failed."""

    def fsync(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(22, "Invalid argument")
        os.fsync(descriptor)

    monkeypatch.setattr(files, "os", failing("fsync", fsync))
    assert run(tracker)
    assert not run(tracker)
