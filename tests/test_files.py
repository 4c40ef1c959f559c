"""Local files are replaced whole or not at all, and never under somebody's hands."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sheetflow.backends import replace as files
from sheetflow.backends.replace import Version, read_file, replace_file
from sheetflow.errors import Refused, SheetflowError


@pytest.fixture
def tracker(tmp_path: Path) -> Path:
    path = tmp_path / "tracker.csv"
    path.write_bytes(b"old")
    return path


def version(path: Path) -> Version:
    return read_file(path, 1000)[1]


def alone(path: Path) -> bool:
    return [p.name for p in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("unnamed", [True, False])
def test_the_content_is_replaced_and_the_rest_stays(
    tracker: Path, monkeypatch: pytest.MonkeyPatch, unnamed: bool
) -> None:
    if not unnamed:
        monkeypatch.setattr(files, "_write_unnamed", lambda *_: False)
    tracker.chmod(0o640)
    replace_file(tracker, b"new", version(tracker))
    assert tracker.read_bytes() == b"new"
    assert tracker.stat().st_mode & 0o777 == 0o640
    assert alone(tracker)


def test_a_new_file(tmp_path: Path) -> None:
    replace_file(tmp_path / "new.csv", b"new", None)
    assert (tmp_path / "new.csv").read_bytes() == b"new"
    assert alone(tmp_path / "new.csv")


def test_a_link_stays_a_link(tracker: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.csv"
    link.symlink_to(tracker.name)
    replace_file(link, b"new", version(link))
    assert link.is_symlink()
    assert tracker.read_bytes() == b"new"


@pytest.mark.parametrize("change", ["content", "time", "replaced", "gone"])
def test_a_file_changed_meanwhile_is_left_alone(tracker: Path, change: str) -> None:
    before = version(tracker)
    if change == "content":
        tracker.write_bytes(b"theirs")
    elif change == "time":
        os.utime(tracker, ns=(1, 1))
    elif change == "replaced":
        other = tracker.with_name("other")
        other.write_bytes(b"old")
        os.utime(other, ns=(before.modified, before.modified))
        other.replace(tracker)
    else:
        tracker.unlink()
    left = tracker.read_bytes() if tracker.exists() else None
    with pytest.raises(SheetflowError, match=r"changed while|cannot be written"):
        replace_file(tracker, b"new", before)
    assert (tracker.read_bytes() if tracker.exists() else None) == left
    assert len(list(tracker.parent.iterdir())) == (left is not None)


@pytest.mark.parametrize("lock", ["~$tracker.csv", ".~lock.tracker.csv#"])
def test_a_file_open_elsewhere_is_refused(tracker: Path, lock: str) -> None:
    tracker.with_name(lock).write_bytes(b"")
    with pytest.raises(Refused, match="open in another program"):
        replace_file(tracker, b"new", version(tracker))
    assert tracker.read_bytes() == b"old"


def test_a_write_protected_file_is_refused(tracker: Path) -> None:
    tracker.chmod(0o444)
    with pytest.raises(Refused, match="write-protected"):
        replace_file(tracker, b"new", version(tracker))
    assert tracker.read_bytes() == b"old"


def test_no_space_left(tracker: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "write", full)
    with pytest.raises(SheetflowError, match=r"No space left on device\. It is as it was before"):
        replace_file(tracker, b"new", version(tracker))
    monkeypatch.undo()
    assert tracker.read_bytes() == b"old"
    assert alone(tracker)


def test_what_a_killed_run_left_is_swept(tmp_path: Path) -> None:
    tracker = tmp_path / "a[1]*.csv"
    tracker.write_bytes(b"old")
    (tmp_path / ".a[1]*.csv.99.sheetflow").write_bytes(b"half")
    (tmp_path / ".a1x.csv.99.sheetflow").write_bytes(b"not ours to sweep")
    replace_file(tracker, b"new", version(tracker))
    assert {p.name for p in tmp_path.iterdir()} == {"a[1]*.csv", ".a1x.csv.99.sheetflow"}


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no kill -9 here")
def test_killed_at_any_moment_the_file_is_the_old_one_or_the_new_one(tracker: Path) -> None:
    old, new = b"o" * 3_000_000, b"n" * 3_000_000
    program = (
        "import sys, pathlib\nfrom sheetflow.backends.replace import read_file, replace_file\n"
        "path = pathlib.Path(sys.argv[1])\nprint('go', flush=True)\n"
        "while True:\n  for c in (b'n', b'o'):\n    replace_file(path, c * 3_000_000, read_file(path, 10**9)[1])\n"
    )
    chance = random.Random(1)
    for _ in range(8):
        tracker.write_bytes(old)
        with subprocess.Popen([sys.executable, "-c", program, str(tracker)], stdout=subprocess.PIPE) as process:  # noqa: S603
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(chance.uniform(0, 0.05))
            process.kill()
        assert tracker.read_bytes() in (old, new)
    replace_file(tracker, b"end", version_of(tracker))
    assert alone(tracker)


def version_of(path: Path) -> Version:
    return read_file(path, 10**9)[1]


def test_reading(tracker: Path, tmp_path: Path) -> None:
    assert read_file(tracker, 3)[0] == b"old"
    with pytest.raises(Refused, match="no tracker"):
        read_file(tracker, 2)
    with pytest.raises(SheetflowError, match="no file"):
        read_file(tmp_path / "nowhere.csv", 9)
    with pytest.raises(SheetflowError, match="a folder"):
        read_file(tmp_path, 9)
